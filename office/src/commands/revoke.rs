//! `sequra-office revoke`

use super::{Done, told, with_state};
use crate::settings::Settings;
use crate::taking_in::enrolment;
use clap::Args;

#[derive(Args)]
pub struct Options {
    /// The journal's id, 32 hexadecimal digits
    journal_id: String,
}

pub fn run(settings: Settings, options: Options) -> Done {
    with_state(settings, async move |state| {
        let revoked = enrolment::revoke(&state.database, &options.journal_id).await;
        match revoked.map_err(told)? {
            true => Ok("The token is revoked. What the journal has sent stays.\n".into()),
            false => {
                Err("the office knows no such journal, or its token was revoked before".into())
            }
        }
    })
}

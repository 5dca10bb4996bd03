//! `sequra-office migrate`

use super::{Done, told, with_state};
use crate::database::migrate;
use crate::settings::Settings;

pub fn run(settings: Settings) -> Done {
    with_state(settings, async |state| {
        let (from, to) = migrate(&state.database).await.map_err(told)?;
        Ok(match from == to {
            true => format!("The database is of version {to} already.\n"),
            false => format!("The database is of version {to} now; it was of version {from}.\n"),
        })
    })
}

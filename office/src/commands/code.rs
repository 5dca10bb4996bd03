//! `sequra-office code`

use super::{Done, told, with_state};
use crate::settings::Settings;
use crate::taking_in::enrolment;
use clap::Args;

const HOUR: i64 = 60 * 60 * 1000;

#[derive(Args)]
pub struct Options {
    /// The shop's name
    #[arg(long)]
    shop: String,
    /// The till's name in it
    #[arg(long)]
    till: String,
    /// For how many hours the code is good
    #[arg(long, default_value_t = 72, value_parser = clap::value_parser!(i64).range(1..=8760))]
    hours: i64,
}

pub fn run(settings: Settings, options: Options) -> Done {
    with_state(settings, async move |state| {
        let valid = options.hours * HOUR;
        let code = enrolment::new_code(
            &state.database,
            &options.shop,
            &options.till,
            "shell",
            valid,
        );
        Ok(format!("{}\n", code.await.map_err(told)?))
    })
}

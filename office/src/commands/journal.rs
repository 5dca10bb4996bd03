//! `sequra-office journal`

use super::{Done, told, with_state};
use crate::rebuilding::{Wanted, rebuild};
use crate::settings::Settings;
use clap::Args;
use sequra_pos::outbox::Part;
use std::fmt::Write;
use std::path::PathBuf;

#[derive(Args)]
pub struct Options {
    /// The journal's id, 32 hexadecimal digits
    journal_id: String,
    /// Which life of it, where there are several; the one that was heard of last if none is said
    #[arg(long)]
    incarnation: Option<String>,
    /// The folder with the private keys, where the settings do not say it
    #[arg(long, value_name = "FOLDER")]
    keys: Option<PathBuf>,
    /// Where the journal is written; nothing may be there
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub fn run(settings: Settings, options: Options) -> Done {
    let folder = options.keys.clone().or(settings.keys.clone());
    let folder = folder.ok_or("--keys is missing: the folder with the private keys")?;
    with_state(settings, async move |state| {
        let wanted = Wanted {
            journal_id: &options.journal_id,
            incarnation: options.incarnation.as_deref(),
            keys: &folder,
        };
        let (life, rebuilt) = rebuild(&state.database, wanted, &options.out).await?;
        let mut text = format!(
            "{}: {} orders and {} entries of the life {life}, {} bytes.\n",
            rebuilt.to.display(),
            rebuilt.orders,
            rebuilt.entries,
            rebuilt.size,
        );
        for one in &rebuilt.left_out {
            let what = match one.part {
                Part::Order => "order",
                Part::Entry => "entry",
                Part::Row => "row",
            };
            let _ = writeln!(text, "left out: {what} {}: {}", one.id, one.why);
        }
        text += "It is a copy, with which no till sells: `sequra restore` makes it a journal on the new machine.\n";
        Ok(text)
    })
    .map_err(told)
}

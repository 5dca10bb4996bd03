//! `sequra-office keys`

use super::{Done, told, with_state};
use crate::keys;
use crate::settings::Settings;
use clap::Subcommand;
use std::fmt::Write;
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum Keys {
    /// Makes one, to which tills seal from now on
    New,
    /// Shows them all
    List,
    /// Seals what is not finished to the newest, and destroys this one: what else was sealed to it nobody reads any more
    Destroy {
        /// Its name, as `list` shows it
        key: String,
    },
}

pub fn run(settings: Settings, what: Keys) -> Done {
    let folder = settings.keys.clone();
    with_state(settings, async move |state| {
        let database = &state.database;
        match what {
            Keys::New => {
                let id = keys::new(database, &needed(folder)?).await.map_err(told)?;
                Ok(format!("{id}\n"))
            }
            Keys::List => {
                let keys = keys::list(database, folder.as_deref())
                    .await
                    .map_err(told)?;
                Ok(table(&keys))
            }
            Keys::Destroy { key } => {
                let done = keys::destroy(database, &needed(folder)?, &key)
                    .await
                    .map_err(told)?;
                let mut text = format!(
                    "{key} is destroyed; {} sealed to the newest key.\n",
                    done.resealed
                );
                if done.unreadable > 0 {
                    let _ = writeln!(
                        text,
                        "{} could not be opened with it, and stay closed.",
                        done.unreadable
                    );
                }
                Ok(text)
            }
        }
    })
}

fn needed(folder: Option<PathBuf>) -> Result<PathBuf, String> {
    folder.ok_or_else(|| "`keys` is missing in the settings: the folder for private keys".into())
}

fn table(keys: &[keys::Key]) -> String {
    let newest = keys.iter().rfind(|key| key.closed_at.is_none());
    let newest = newest.map(|key| key.id.clone());
    let mut text = String::new();
    for key in keys {
        let state = match (key.destroyed_at, key.closed_at) {
            (Some(_), _) => "destroyed",
            (None, Some(_)) => "closed",
            (None, None) if newest.as_ref() == Some(&key.id) => "in use",
            (None, None) => "open",
        };
        let place = if key.is_here { "here" } else { "not here" };
        let (id, unfinished) = (&key.id, key.unfinished);
        let _ = writeln!(
            text,
            "{id}  {state:9}  {place:8}  {unfinished} unfinished orders"
        );
    }
    text
}

//! `sequra-office serve`

use super::{Done, say, told, with_state};
use crate::database::migrate;
use crate::settings::Settings;
use crate::state::State;
use crate::{keys, serving};
use clap::Args;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[derive(Args)]
pub struct Options {
    /// Once it listens, its URL is written to this file, in one piece
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
}

/// So often is looked whether the week is over.
const LOOK: Duration = Duration::from_secs(60 * 60);

pub fn run(settings: Settings, options: Options) -> Done {
    with_state(settings, async move |state| {
        migrate(&state.database).await.map_err(told)?;
        renew_keys(&state).await?;
        let server = serving::listen(&state).map_err(told)?;
        let url = server.url();
        say(&format!("{url}\n"));
        if let Some(file) = &options.ready_file {
            write_ready(file, &format!("{url}\n"))?;
        }
        let keys = tokio::spawn(keep_keys_new(state));
        let served = server.serve().await.map_err(told);
        keys.abort();
        served.map(|()| String::new())
    })
}

/// In one piece.
pub fn write_ready(file: &Path, text: &str) -> Result<(), String> {
    let draft = file.with_extension("new");
    let written = std::fs::write(&draft, text).and_then(|()| std::fs::rename(&draft, file));
    written.map_err(|e| format!("{}: {e}", file.display()))
}

/// Where this office has the private keys, it makes a new one each week.
async fn renew_keys(state: &State) -> Result<(), String> {
    let days = state.settings.key_days;
    match &state.settings.keys {
        Some(folder) => {
            keys::renew(&state.database, folder, days)
                .await
                .map_err(told)?;
        }
        None => {
            let newest = keys::newest(&state.database).await.map_err(told)?;
            newest.ok_or("there is no key for tills to seal to: make one with `keys new`, where the private keys are kept")?;
        }
    }
    Ok(())
}

async fn keep_keys_new(state: State) {
    loop {
        tokio::time::sleep(LOOK).await;
        if let Err(error) = renew_keys(&state).await {
            eprintln!("sequra-office: no new key was made: {error}");
        }
    }
}

//! `sequra-office serve`

use super::{Done, say, told, with_state};
use crate::database::migrate;
use crate::serving;
use crate::settings::Settings;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub struct Options {
    /// Once it listens, its URL is written to this file, in one piece
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
}

pub fn run(settings: Settings, options: Options) -> Done {
    with_state(settings, async move |state| {
        migrate(&state.database).await.map_err(told)?;
        let server = serving::listen(&state).map_err(told)?;
        let url = server.url();
        say(&format!("{url}\n"));
        if let Some(file) = &options.ready_file {
            let draft = file.with_extension("new");
            let written = std::fs::write(&draft, format!("{url}\n"));
            let written = written.and_then(|()| std::fs::rename(&draft, file));
            written.map_err(|e| format!("{}: {e}", file.display()))?;
        }
        server.serve().await.map_err(told)?;
        Ok(String::new())
    })
}

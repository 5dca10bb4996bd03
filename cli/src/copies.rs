//! A copy of the journal, and a journal made of a copy.

use crate::arguments::{Common, JournalFile};
use crate::console::Console;
use crate::exit::{Ended, Stop};
use crate::language;
use crate::look::journal;
use crate::output::Output;
use crate::progress::Progress;
use crate::scratch::{self, Scratch};
use sequra_pos::{Look, Outcome};
use std::path::Path;

/// `sequra backup`
pub fn backup(common: &Common, console: &Console, to: &Path, file: &JournalFile) -> Ended {
    let from = journal(common, file)?;
    let scratch = Scratch::new()?;
    let language = language::of(common);
    let output = Output::new(common, console, language, None)?;
    let bar = Progress::of(console, 1, "backup");
    let copied = Look::back_up((&from, to), scratch.path(), language, &mut |done, of| {
        bar.at(done, of);
        !scratch::is_ending()
    });
    drop(bar);
    output.end(copied.map_err(Stop::from), Some(&told))
}

/// `sequra restore`
pub fn restore(common: &Common, console: &Console, copy: &Path, to: &JournalFile) -> Ended {
    let to = journal(common, to)?;
    let scratch = Scratch::new()?;
    let language = language::of(common);
    let output = Output::new(common, console, language, None)?;
    let bar = Progress::of(console, 1, "restore");
    let made = Look::restore((copy, &to), scratch.path(), language, &mut |done, of| {
        bar.at(done, of);
        !scratch::is_ending()
    });
    drop(bar);
    output.end(made.map_err(Stop::from), Some(&told))
}

fn told(outcome: &Outcome) -> String {
    let Some(data) = &outcome.data else {
        return String::new();
    };
    let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
    format!(
        "{} -> {} ({} bytes)\n",
        text("from"),
        text("to"),
        data["bytes"]
    )
}

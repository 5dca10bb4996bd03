//! A copy of the journal, and a journal made of a copy.

use crate::arguments::{Common, JournalFile};
use crate::console::Console;
use crate::exit::Ended;
use crate::language;
use crate::look::journal;
use crate::output::Output;
use crate::progress::Progress;
use crate::scratch::{self, Scratch};
use crate::unread;
use crate::words::Word;
use sequra_pos::words::Language;
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
    let table = |outcome: &Outcome| told(language, outcome);
    let told = |error| unread::told(language, &from, Some(to), error);
    output.end(copied.map_err(told), Some(&table))
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
    let table = |outcome: &Outcome| told(language, outcome);
    let told = |error| unread::told(language, copy, Some(&to), error);
    output.end(made.map_err(told), Some(&table))
}

fn told(language: Language, outcome: &Outcome) -> String {
    let Some(data) = &outcome.data else {
        return String::new();
    };
    let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
    let caution = match data["as_of"] == "last_checkpoint" {
        true => Word::LastCheckpoint.in_language(language),
        false => "",
    };
    format!(
        "{} -> {} ({} bytes)\n{caution}{}",
        text("from"),
        text("to"),
        data["bytes"],
        if caution.is_empty() { "" } else { "\n" },
    )
}

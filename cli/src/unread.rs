//! Why a file could not be looked at, for people. The reason in full is the library's, in English.

use crate::exit::Stop;
use crate::words::Word;
use sequra_pos::words::{ErrorCode, Language};
use sequra_pos::{Error, Status};
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;

/// As it is told: `from` is what was to be read; `to`, what was to be made.
pub fn told(language: Language, from: &Path, to: Option<&Path>, mut error: Error) -> Stop {
    let outcome = &mut error.0;
    let code = outcome.errors.first().map(|error| error.code);
    let said = match (outcome.status, code) {
        (Status::Journal, Some(ErrorCode::JournalCorrupt)) => match is_journal(from) {
            true => (Word::Damaged, from),
            false => (Word::NoJournal, from),
        },
        (Status::Journal, Some(ErrorCode::JournalFailed | ErrorCode::JournalReadOnly)) => {
            match to.filter(|to| fs::symlink_metadata(to).is_ok()) {
                _ if unreadable(from).is_some() => {
                    (unreadable(from).unwrap_or(Word::CouldNot), from)
                }
                Some(to) => (Word::AlreadyThere, to),
                None => (Word::CouldNot, from),
            }
        }
        _ => return error.into(),
    };
    let (word, path) = said;
    outcome.operator_message = word.with(language, &[&path.display().to_string()]);
    error.into()
}

/// What keeps a file from being read.
fn unreadable(path: &Path) -> Option<Word> {
    let there = match fs::metadata(path) {
        Ok(there) => there,
        Err(error) if error.kind() == ErrorKind::NotFound => return Some(Word::NotThere),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => return Some(Word::MayNotRead),
        Err(_) => return None,
    };
    match there.is_file() {
        // Not opened before: whoever opens a pipe waits.
        false => Some(Word::NotAFile),
        true => {
            let denied = |error: std::io::Error| error.kind() == ErrorKind::PermissionDenied;
            File::open(path)
                .is_err_and(denied)
                .then_some(Word::MayNotRead)
        }
    }
}

/// Whether a file begins as a journal.
fn is_journal(path: &Path) -> bool {
    const MARK: &[u8] = b"sqPJ";
    let mut begins = Vec::new();
    let read = File::open(path).and_then(|file| file.take(72).read_to_end(&mut begins));
    read.is_ok() && begins.get(68..72) == Some(MARK)
}

//! What keeps a journal from being opened, read or written.

use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use rusqlite::ErrorCode as Sqlite;
use std::fmt::Display;
use std::path::Path;

/// The journal could not be opened, read or written.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct JournalError {
    /// Which kind.
    pub code: ErrorCode,
    /// What happened and what to do.
    pub message: String,
    /// SQLite found the file itself damaged.
    pub(super) damage: bool,
    /// The disk failed to do something: of what was written just now it may have anything, or nothing.
    pub(super) is_disks: bool,
}

impl JournalError {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> JournalError {
        JournalError {
            code,
            message: message.into(),
            damage: false,
            is_disks: false,
        }
    }

    /// Why this file cannot be had, or made.
    pub(super) fn at(path: &Path, why: impl Display) -> JournalError {
        let message = format!("{}: {why}.", path.display());
        JournalError::new(ErrorCode::JournalFailed, message)
    }

    /// The same, told to whoever only looks at the file: nothing will be put aside.
    pub fn of_what_is_looked_at(self, path: &Path) -> JournalError {
        match self.damage {
            false => self,
            true => JournalError::new(ErrorCode::JournalCorrupt, left_as_it_is(path)),
        }
    }

    /// As an entry of `errors`.
    pub fn problem(&self) -> Problem {
        Problem::new(self.code, &self.message)
    }

    /// What a caller is told of damage.
    pub(super) fn damaged(what: &str) -> JournalError {
        JournalError {
            damage: true,
            ..JournalError::new(
                ErrorCode::JournalCorrupt,
                format!(
                    "The journal file is damaged, or is not a journal ({what}). Open the client again: the file is then set aside under a dated name, and a new one begun."
                ),
            )
        }
    }
}

/// What is said of damage to whoever only looks.
pub fn left_as_it_is(path: &Path) -> String {
    format!(
        "{}: it is damaged, or no journal. It was left as it is. Keep it: what can be read of it may still be needed.",
        path.display()
    )
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> JournalError {
        let (code, what) = match error.sqlite_error_code() {
            Some(Sqlite::DiskFull) => (
                ErrorCode::JournalFull,
                "The disk with the journal is full; make room",
            ),
            Some(Sqlite::ReadOnly) => (
                ErrorCode::JournalReadOnly,
                "The journal or its folder is read-only; let this program write there",
            ),
            Some(Sqlite::DatabaseCorrupt | Sqlite::NotADatabase) => {
                return JournalError::damaged(&error.to_string());
            }
            Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => (
                ErrorCode::JournalLocked,
                "Another program holds the journal",
            ),
            Some(Sqlite::CannotOpen) => (
                ErrorCode::JournalFailed,
                "The journal cannot be opened; its folder must exist and be writable",
            ),
            Some(Sqlite::OperationInterrupted) => (
                ErrorCode::JournalStrange,
                "A query took longer than any of this library's; the journal was changed by another program",
            ),
            Some(Sqlite::PermissionDenied) => (
                ErrorCode::JournalReadOnly,
                "This program may not open the journal",
            ),
            _ => (
                ErrorCode::JournalFailed,
                "The journal cannot be read or written",
            ),
        };
        JournalError {
            is_disks: error.sqlite_error_code() == Some(Sqlite::SystemIoFailure),
            ..JournalError::new(code, format!("{what} ({error})."))
        }
    }
}

pub(super) type Result<T> = std::result::Result<T, JournalError>;

pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked)
    )
}

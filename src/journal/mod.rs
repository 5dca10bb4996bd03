//! The journal: what this till has begun with seQura, on a disk that a power cut cannot make forget.
//!
//! SQLite, write-ahead log, `synchronous=FULL`: a write that returned is on the disk. One sale costs
//! two such writes for each step, its intent before the request and its outcome after the answer.
//! Several processes may share one journal; an order is worked on by one of them at a time, which
//! claims it in the same write that records its intent.

mod log;
mod orders;
mod owner;
#[cfg(test)]
mod tests;

pub use log::{Chain, Entry, Logged, Query};
pub use orders::{Claim, Held, Record, Recorded, StepRow};

use crate::config::JournalPlace;
use crate::crash_point::{self, Point};
use crate::outcome::Problem;
use crate::vocabulary::ErrorCode;
use rusqlite::{Connection, ErrorCode as Sqlite, OpenFlags, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// "sqPJ": tells a journal from any other SQLite file.
const APPLICATION_ID: i32 = 0x7371_504a;
/// The version of `schema.sql`.
const SCHEMA_VERSION: i32 = 1;
/// How long opening waits for another program that holds the file.
const OPEN_PATIENCE: Duration = Duration::from_secs(5);

/// The journal could not be opened, read or written.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct JournalError {
    /// Which kind.
    pub code: ErrorCode,
    /// What happened and what to do.
    pub message: String,
}

impl JournalError {
    fn new(code: ErrorCode, message: impl Into<String>) -> JournalError {
        JournalError {
            code,
            message: message.into(),
        }
    }

    /// As an entry of `errors`.
    pub fn problem(&self) -> Problem {
        Problem::new(self.code, &self.message)
    }
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
            Some(Sqlite::DatabaseCorrupt | Sqlite::NotADatabase) => (
                ErrorCode::JournalCorrupt,
                "The journal file is damaged, or is not a journal",
            ),
            Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => (
                ErrorCode::JournalLocked,
                "Another program holds the journal",
            ),
            Some(Sqlite::CannotOpen) => (
                ErrorCode::JournalFailed,
                "The journal cannot be opened; its folder must exist and be writable",
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
        JournalError::new(code, format!("{what} ({error})."))
    }
}

type Result<T> = std::result::Result<T, JournalError>;

/// An open journal.
pub struct Journal {
    connection: Mutex<Connection>,
    path: Option<PathBuf>,
    owner: owner::Owner,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Journal at {:?}", self.path)
    }
}

impl Journal {
    /// Opens the journal, and makes it where there is none. Its folder must exist.
    pub fn open(place: &JournalPlace) -> Result<Journal> {
        let (connection, path) = match place {
            JournalPlace::Memory => (Connection::open_in_memory()?, None),
            JournalPlace::File(path) => (open_file(path)?, Some(path.clone())),
        };
        connection.busy_timeout(OPEN_PATIENCE)?;
        let mut connection = connection;
        prepare(&mut connection, path.as_deref())?;
        Ok(Journal {
            connection: Mutex::new(connection),
            owner: owner::Owner::new(path.as_deref())?,
            path,
        })
    }

    /// The journal's file; none for one in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The connection. A panic while it was held cannot have left a transaction open: dropping one
    /// rolls it back.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Runs one durable write: all of it, or nothing. Waits for other threads and processes until
    /// this time at the latest.
    fn write<T>(&self, until: Instant, body: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        let mut connection = self.connection();
        // What other threads have taken of the time is gone.
        connection.busy_timeout(until.saturating_duration_since(Instant::now()))?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = body(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }
}

fn open_file(path: &Path) -> Result<Connection> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(JournalError::new(
            ErrorCode::JournalFailed,
            format!(
                "The journal's folder {} does not exist. Make it, or name another in `journal`.",
                folder.display()
            ),
        ));
    }
    keep_private(path);
    // No URI names: a path with `?` or `#` in it is a path.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags)?)
}

/// Makes a new journal readable by its owner only: it holds names and addresses. SQLite gives its
/// companions the same permissions.
fn keep_private(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Whatever keeps the file from being made keeps SQLite too, which then says so.
        let _ = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path);
    }
    #[cfg(not(unix))]
    let _ = path;
}

fn prepare(connection: &mut Connection, path: Option<&Path>) -> Result<()> {
    let pragma = |connection: &Connection, name: &str| {
        connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0))
    };
    // Read as of one moment: another till may be making the journal right now.
    let (version, application, empty) = {
        let transaction = connection.transaction()?;
        let version = pragma(&transaction, "user_version")?;
        let application = pragma(&transaction, "application_id")?;
        let tables: i64 =
            transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        let empty = version == 0 && application == 0 && tables == 0;
        (version, application, empty)
    };
    if !empty && application != APPLICATION_ID {
        return Err(JournalError::new(
            ErrorCode::JournalCorrupt,
            "The file named in `journal` is a database of another program. Name a file of the till's own; it is made when it is not there.",
        ));
    }
    if version > SCHEMA_VERSION {
        return Err(JournalError::new(
            ErrorCode::JournalTooNew,
            format!(
                "The journal was written by a newer version of this library (schema {version}, this one knows {SCHEMA_VERSION}). Install that version; the file was not touched."
            ),
        ));
    }
    if path.is_some() {
        // Durable on return; deleted content is overwritten, not just unlinked.
        let mode: String =
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        if mode != "wal" {
            return Err(JournalError::new(
                ErrorCode::JournalReadOnly,
                format!(
                    "The journal cannot be kept safely here (SQLite offers journal_mode {mode}, not WAL). Put it on a writable local disk."
                ),
            ));
        }
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // Sorting a few rows must not write a temporary file with personal data in it.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    if empty {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have been first.
        if pragma(&transaction, "user_version")? == 0 {
            transaction.execute_batch(include_str!("schema.sql"))?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
            crash_point::reached(Point::JournalMade);
        }
        transaction.commit()?;
    }
    Ok(())
}

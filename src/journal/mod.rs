//! The journal: what this till has begun with seQura, on a disk that a power cut cannot make forget.
//!
//! SQLite, write-ahead log, `synchronous=FULL`: a write that returned is on the disk. One sale costs
//! two such writes for each step, its intent before the request and its outcome after the answer.
//! Several processes may share one journal; an order is worked on by one of them at a time, which
//! claims it in the same write that records its intent.

mod damage;
mod kept;
mod log;
mod orders;
mod owner;
mod payouts;
mod reports;
mod schema;
mod steps;
#[cfg(test)]
mod tests;

pub use damage::SetAside;
pub use log::{Chain, Entry, Logged, Query};
pub use orders::{Record, StepRow};
pub use payouts::{Compared, Disbursement, Payout, Total, Unknown, Verdict};
pub use reports::{Answered, Begun, NewReport, Report, Shipped};
pub(crate) use schema::random_id;
pub use steps::{Claim, Closing, Held, Recorded};

use crate::api::address::percent_encoded;
use crate::config::JournalPlace;
use crate::outcome::Problem;
use crate::vocabulary::ErrorCode;
use rusqlite::{Connection, ErrorCode as Sqlite, OpenFlags, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// How long opening waits for another program that holds the file.
const OPEN_PATIENCE: Duration = Duration::from_secs(5);
/// How long removing personal data from the files waits for others who are reading; what it cannot
/// finish, the next time does.
const SCRUB_PATIENCE: Duration = Duration::from_millis(250);

/// How long a question waits, which hardly anybody can be in the way of.
const READ_PATIENCE: Duration = Duration::from_millis(500);
/// Between two looks whether another process has finished writing.
const WRITE_PAUSE: Duration = Duration::from_millis(5);

/// The journal could not be opened, read or written.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct JournalError {
    /// Which kind.
    pub code: ErrorCode,
    /// What happened and what to do.
    pub message: String,
    /// SQLite found the file itself damaged.
    damage: bool,
}

impl JournalError {
    fn new(code: ErrorCode, message: impl Into<String>) -> JournalError {
        JournalError {
            code,
            message: message.into(),
            damage: false,
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
            Some(Sqlite::DatabaseCorrupt | Sqlite::NotADatabase) => {
                return damage::error(&error.to_string());
            }
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
    id: String,
    path: Option<PathBuf>,
    owner: owner::Owner,
    set_aside: Option<SetAside>,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Journal at {:?}", self.path)
    }
}

impl Journal {
    /// Opens the journal, and makes it where there is none. Its folder must exist. A journal that is
    /// damaged is set aside first; see [`Journal::set_aside`].
    pub fn open(place: &JournalPlace) -> Result<Journal> {
        let (connection, path, set_aside) = match place {
            JournalPlace::Memory => {
                let mut connection = Connection::open_in_memory()?;
                schema::prepare(&mut connection, false)?;
                (connection, None, None)
            }
            JournalPlace::File(path) => {
                let (connection, set_aside) = match open_file(path) {
                    Ok(connection) if !damage::is_suspected(path) => (connection, None),
                    Err(error) if !error.damage => return Err(error),
                    // Closed before it is looked at: Windows renames no file that is open.
                    opened => {
                        drop(opened);
                        damage::mend(path)?
                    }
                };
                (connection, Some(path.clone()), set_aside)
            }
        };
        let journal = Journal {
            id: schema::journal_id(&connection)?,
            connection: Mutex::new(connection),
            owner: owner::Owner::new(path.as_deref())?,
            path,
            set_aside,
        };
        // A till that died may have left personal data of settled orders in the write-ahead log.
        journal.clear_write_ahead_log();
        Ok(journal)
    }

    /// Opens a journal to look at it only: nothing of it is changed, and nothing put beside it.
    pub fn open_read_only(path: &Path) -> Result<Journal> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match beside(path, "-wal").exists() {
            true => Connection::open_with_flags(path, flags)?,
            // Nobody has it open: SQLite is told so, or it would make files for sharing it.
            false => Connection::open_with_flags(
                immutable_uri(path),
                flags | OpenFlags::SQLITE_OPEN_URI,
            )?,
        };
        connection.busy_timeout(OPEN_PATIENCE)?;
        schema::recognise(&connection)?;
        Ok(Journal {
            // A journal of before version 3 has none.
            id: schema::journal_id(&connection).unwrap_or_default(),
            connection: Mutex::new(connection),
            owner: owner::Owner::new(Some(path))?,
            path: Some(path.to_owned()),
            set_aside: None,
        })
    }

    /// The journal's file; none for one in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The damaged journal that this one stands in for, when it was set aside by this opening.
    pub fn set_aside(&self) -> Option<&SetAside> {
        self.set_aside.as_ref()
    }

    /// The connection. A panic while it was held cannot have left a transaction open: dropping one
    /// rolls it back.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Asks the journal.
    fn read<T>(&self, body: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let asked = || {
            let connection = self.connection();
            connection.busy_timeout(READ_PATIENCE)?;
            body(&connection)
        };
        self.noticed(asked())
    }

    /// Runs one durable write: all of it, or nothing. Waits for other threads and processes until
    /// this time at the latest.
    fn write<T>(&self, until: Instant, body: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        let in_transaction = || {
            loop {
                let mut connection = self.connection();
                connection.busy_timeout(Duration::ZERO)?;
                match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
                    Ok(transaction) => {
                        transaction
                            .busy_timeout(until.saturating_duration_since(Instant::now()))?;
                        let value = body(&transaction)?;
                        transaction.commit()?;
                        return Ok(value);
                    }
                    Err(error) if !is_busy(&error) || Instant::now() >= until => {
                        return Err(error.into());
                    }
                    Err(_) => {}
                }
                // Whoever waits for another process does not keep other threads waiting.
                drop(connection);
                std::thread::sleep(WRITE_PAUSE);
            }
        };
        self.noticed(in_transaction())
    }

    /// Writes something that changes nothing, and that is on the disk when this returns.
    pub fn try_writing(&self, until: Instant) -> Result<()> {
        self.write(until, |transaction| {
            transaction.pragma_update(None, "user_version", schema::VERSION)?;
            Ok(())
        })
    }

    /// Damage that shows in the middle of things is remembered for the next opening.
    fn noticed<T>(&self, result: Result<T>) -> Result<T> {
        if let (Err(error), Some(path)) = (&result, &self.path)
            && error.damage
        {
            damage::suspect(path);
        }
        result
    }

    /// Moves what the write-ahead log holds into the journal proper, and empties it: older contents
    /// of an order would otherwise stay there until they happen to be overwritten.
    fn clear_write_ahead_log(&self) {
        let until = Instant::now() + SCRUB_PATIENCE;
        let is_kept = || {
            let connection = self.connection();
            let _ = connection.busy_timeout(Duration::ZERO);
            let kept =
                connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
            kept.is_ok_and(|kept: bool| kept)
        };
        // Another till that is reading keeps it from being emptied; in the end a later time does it.
        while is_kept() && Instant::now() < until {
            std::thread::sleep(WRITE_PAUSE);
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked)
    )
}

/// Opens the file as it is, or a new one where there is none.
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
    damage::check_companions(path)?;
    keep_private(path);
    // No URI names: a path with `?` or `#` in it is a path.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(OPEN_PATIENCE)?;
    schema::prepare(&mut connection, true)?;
    Ok(connection)
}

fn immutable_uri(path: &Path) -> String {
    let path = path.to_string_lossy();
    match cfg!(windows) && path.contains(':') {
        true => format!(
            "file:///{}?immutable=1",
            percent_encoded(&path.replace('\\', "/"))
        ),
        false => format!("file:{}?immutable=1", percent_encoded(&path)),
    }
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

/// The journal's path with something behind it: SQLite's companions, and ours.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

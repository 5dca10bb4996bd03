//! The journal: what this till has begun with seQura, on a disk that a power cut cannot make forget.
//!
//! SQLite, write-ahead log, `synchronous=FULL`: a write that returned is on the disk. One sale costs
//! two such writes for each step, its intent before the request and its outcome after the answer.
//! Several processes may share one journal; an order is worked on by one of them at a time, which
//! claims it in the same write that records its intent.

mod attempts;
mod beside;
mod claims;
mod damage;
mod days;
mod door;
mod drive;
mod holding;
mod kept;
mod log;
mod mark;
mod orders;
mod owner;
mod payouts;
mod place;
mod refusals;
mod reports;
mod schema;
mod steps;
#[cfg(test)]
mod tests;
mod trust;
mod watch;
mod word;
mod words;

pub use damage::SetAside;
pub use log::{Chain, Entry, Logged, Query, Said};
pub use orders::{Record, StepRow};
pub use payouts::{Compared, Disbursement, Payout, Unknown, Verdict};
pub use refusals::{Refusal, without_words};
pub use reports::{Answered, NewReport, Opened, Report, Shipped};
pub use steps::{Claim, Closing, Intended, NewIntent};
pub use word::Word;

use crate::address::percent_encoded;
use crate::clock::{SequrasClock, now_ms};
use crate::config::JournalPlace;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use beside::{WRITE_AHEAD_LOG, beside};
use door::Door;
use holding::Holding;
use rusqlite::{Connection, ErrorCode as Sqlite, OpenFlags, Transaction, TransactionBehavior};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard};
use std::time::{Duration, Instant};
use watch::Names;

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
        JournalError::new(code, format!("{what} ({error})."))
    }
}

type Result<T> = std::result::Result<T, JournalError>;

/// An open journal.
pub struct Journal {
    held: Arc<Holding>,
    query_limit: trust::QueryLimit,
    id: String,
    path: Option<PathBuf>,
    owner: owner::Owner,
    claims: claims::Claims,
    sequras_clock: Arc<SequrasClock>,
    opening: Opening,
}

/// What there is to say of a journal's opening.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// The journal was made by it.
    pub created: bool,
    /// The damaged journal that this one stands in for.
    pub set_aside: Option<SetAside>,
    /// Where it lies, and who can read it.
    pub warnings: Vec<Problem>,
}

/// A journal's file, opened.
struct Connected {
    connection: Connection,
    /// Which version it was of; 0: it was made.
    version_before: i32,
    /// The files that it was opened from.
    names: Names,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Journal at {:?}", self.path)
    }
}

impl Journal {
    /// Opens the journal, and makes it where there is none. Its folder must exist. A journal that is
    /// damaged is set aside first; see [`Opening`].
    pub fn open(place: &JournalPlace) -> Result<Journal> {
        match place {
            JournalPlace::Memory => {
                let mut connection = Connection::open_in_memory()?;
                door::keep_statements(&connection)?;
                schema::prepare(&mut connection, false)?;
                Ok(Journal {
                    query_limit: trust::distrust(&mut connection)?,
                    id: schema::journal_id(&connection)?,
                    held: Holding::unwatched(connection),
                    path: None,
                    owner: owner::Owner::new(None)?,
                    claims: Default::default(),
                    sequras_clock: Default::default(),
                    opening: Opening {
                        created: true,
                        ..Opening::default()
                    },
                })
            }
            JournalPlace::File(path) => Journal::open_file(path),
        }
    }

    fn open_file(given: &Path) -> Result<Journal> {
        let path = place::find(given)?;
        // A client of this process that has lost the file puts it back where it can.
        holding::look_around(&path);
        owner::check_held(&path)?;
        let (opened, set_aside) = match open_file(&path) {
            Ok(opened) if !mark::is_suspected(&path, &opened) => (opened, None),
            Err(error) if !error.damage => return Err(error),
            // Closed before it is looked at: Windows renames no file that is open.
            opened => {
                drop(opened);
                // What only looks damaged, since a part of it was taken away in this moment.
                owner::check_held(&path)?;
                damage::mend(&path)?
            }
        };
        let Connected {
            mut connection,
            version_before,
            names,
        } = opened;
        let id = schema::journal_id(&connection)?;
        let owner = owner::Owner::new(Some((path.clone(), id.clone())))?;
        owner.show_alive()?;
        let journal = Journal {
            query_limit: trust::distrust(&mut connection)?,
            held: Holding::file(connection, (&path, names), &id, &owner)?,
            id,
            owner,
            claims: Default::default(),
            sequras_clock: Default::default(),
            opening: Opening {
                created: version_before == 0,
                set_aside,
                warnings: drive::warnings(&path),
            },
            path: Some(path),
        };
        journal.note_today();
        // A till that died may have left personal data of settled orders in the write-ahead log.
        journal.clear_write_ahead_log();
        Ok(journal)
    }

    /// Opens a journal to look at it only: nothing of it is changed, and nothing put beside it.
    pub fn open_read_only(given: &Path) -> Result<Journal> {
        let (path, _) = place::resolve(given)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = match beside(&path, WRITE_AHEAD_LOG).exists() {
            true => Connection::open_with_flags(&path, flags)?,
            // Nobody has it open: SQLite is told so, or it would make files for sharing it.
            false => Connection::open_with_flags(
                immutable_uri(&path),
                flags | OpenFlags::SQLITE_OPEN_URI,
            )?,
        };
        connection.busy_timeout(OPEN_PATIENCE)?;
        let query_limit = trust::distrust(&mut connection)?;
        let version = schema::recognise(&connection)?;
        if version > 0 {
            trust::check(&connection, version)?;
        }
        if (1..3).contains(&version) {
            // The older tables lack it, and the log is read the same way everywhere.
            connection.execute_batch(
                "CREATE TEMP TABLE log_words (entry_id INTEGER PRIMARY KEY, words TEXT, salt BLOB)",
            )?;
        }
        Ok(Journal {
            query_limit,
            // A journal of before version 3 has none.
            id: schema::journal_id(&connection).unwrap_or_default(),
            held: Holding::unwatched(connection),
            owner: owner::Owner::new(None)?,
            claims: Default::default(),
            sequras_clock: Default::default(),
            path: Some(path),
            opening: Opening::default(),
        })
    }

    /// The journal's file; none for one in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What there is to say of its opening.
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// The damaged journal that this one stands in for, when it was set aside by this opening.
    pub fn set_aside(&self) -> Option<&SetAside> {
        self.opening.set_aside.as_ref()
    }

    /// The connection.
    #[cfg(test)]
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.held.connection()
    }

    /// Asks the journal.
    fn read<T>(&self, body: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = self.held.to_read()?;
        connection.busy_timeout(READ_PATIENCE)?;
        self.query_limit.begin();
        let result = body(&connection);
        drop(connection);
        self.noticed(result)
    }

    /// Goes through the whole log, however long it takes.
    fn read_all<T>(&self, body: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = self.held.to_read()?;
        self.query_limit.begin_long();
        body(&connection)
    }

    /// Runs one durable write: all of it, or nothing. Waits for other threads and processes until
    /// this time at the latest.
    fn write<T>(&self, until: Instant, body: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        self.write_with(|| self.held.to_write(|| self.owner.is_alone()), until, body)
    }

    /// Writes what came of something that was sent: also into a file that is not the journal's any
    /// more, since that is still held, and put back where it can be. Says whether it is in the
    /// journal's place.
    fn write_answer<T>(
        &self,
        until: Instant,
        body: impl FnOnce(&Transaction, i64) -> Result<T>,
    ) -> Result<T> {
        let written = self.write_with(
            || self.held.to_record(),
            until,
            |transaction| {
                let now = now_ms();
                days::note(transaction, now)?;
                body(transaction, now)
            },
        )?;
        match self.held.lost() {
            Some(lost) if !lost.is_kept() => Err(lost.error()),
            _ => Ok(written),
        }
    }

    fn write_with<'a, T>(
        &'a self,
        acquire: impl Fn() -> Result<MutexGuard<'a, Connection>>,
        until: Instant,
        body: impl FnOnce(&Transaction) -> Result<T>,
    ) -> Result<T> {
        let in_transaction = || {
            loop {
                // Whoever waits for another process does not keep other threads waiting.
                let busy = {
                    let connection = acquire()?;
                    self.query_limit.begin();
                    connection.busy_timeout(Duration::ZERO)?;
                    let begun =
                        Transaction::new_unchecked(&connection, TransactionBehavior::Immediate);
                    match begun {
                        Ok(transaction) => {
                            let left = until.saturating_duration_since(Instant::now());
                            transaction.busy_timeout(left)?;
                            let value = body(&transaction)?;
                            transaction.commit()?;
                            self.held.note(&connection);
                            return Ok(value);
                        }
                        Err(error) => error,
                    }
                };
                if !is_busy(&busy) || Instant::now() >= until {
                    return Err(busy.into());
                }
                std::thread::sleep(WRITE_PAUSE);
            }
        };
        self.noticed(in_transaction())
    }

    /// The same, of something that happens now, at the moment that `body` is given: every moment by
    /// which something is ever given up or removed is written so, and its date counted with it.
    fn write_now<T>(
        &self,
        until: Instant,
        body: impl FnOnce(&Transaction, i64) -> Result<T>,
    ) -> Result<T> {
        self.write(until, |transaction| {
            let now = now_ms();
            days::note(transaction, now)?;
            body(transaction, now)
        })
    }

    /// Shows other tills that this one lives, before it claims something.
    fn show_alive(&self) -> Result<()> {
        // The folder may be gone, too.
        match self.held.lost() {
            Some(lost) => Err(lost.error()),
            None => self.owner.show_alive(),
        }
    }

    /// Whether what stands in the journal may be sent: only while its file is the file. The last thing
    /// that is asked before anything is sent.
    pub fn before_sending(&self) -> Result<()> {
        self.held.before_sending(|| self.owner.is_alone())
    }

    /// What every result has to say, once the file is not the file any more.
    pub fn lost(&self) -> Option<Problem> {
        self.held.lost().map(holding::Lost::problem)
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
            mark::suspect(path, &self.id);
        }
        result
    }

    /// Moves what the write-ahead log holds into the journal proper, and empties it: older contents
    /// of an order would otherwise stay there until they happen to be overwritten.
    fn clear_write_ahead_log(&self) {
        let until = Instant::now() + SCRUB_PATIENCE;
        let is_kept = || {
            let connection = self.held.to_write(|| self.owner.is_alone()).ok()?;
            let _ = connection.busy_timeout(Duration::ZERO);
            let kept = connection.one("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get(0)?));
            self.held.note(&connection);
            Some(kept.is_ok_and(|kept: bool| kept))
        };
        // Another till that is reading keeps it from being emptied; in the end a later time does it.
        while is_kept() == Some(true) && Instant::now() < until {
            std::thread::sleep(WRITE_PAUSE);
        }
    }
}

/// A journal that was lost is put back now at the latest. And where another till has it open, SQLite is
/// told not to tidy up as the last one would: it goes by locks that this process, or that one, may have
/// lost by closing a file.
impl Drop for Journal {
    fn drop(&mut self) {
        if self.held.lost().is_some() {
            return;
        }
        self.owner.leave();
        if let Some(path) = &self.path
            && owner::is_anyone_alive(path)
        {
            holding::spare(&self.held.connection(), true);
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
fn open_file(path: &Path) -> Result<Connected> {
    // In this order: a till shows that it lives when its journal has been made.
    let is_alone = !owner::is_anyone_alive(path);
    let is_there = fs::symlink_metadata(path).is_ok();
    if !is_alone && place::is_empty(path) {
        return Err(JournalError::new(
            ErrorCode::JournalLost,
            format!(
                "The journal {} is gone, and a till that has it open still runs. Close that till: it puts the journal back. Then open this one again.",
                path.display()
            ),
        ));
    }
    damage::check_companions(path)?;
    damage::check_file(path)?;
    // Nothing is made in the place of what was there a moment ago: a till may be about to put it back.
    if is_alone && !is_there {
        place::make(path)?;
    }
    let has_log = fs::metadata(beside(path, WRITE_AHEAD_LOG)).is_ok_and(|log| log.len() > 0);
    let (mut connection, names) = connect(path, has_log)?;
    let version_before = match schema::prepare(&mut connection, true) {
        // What only looks damaged, since a part of it was taken away in this moment.
        Err(_) if Names::of(path).has_lost_one_since(names) => {
            return Err(holding::lost_while_opening(path));
        }
        prepared => prepared?,
    };
    holding::spare(&connection, false);
    #[cfg(windows)]
    drive::share_rights(path);
    Ok(Connected {
        connection,
        version_before,
        names,
    })
}

/// Connects, and finds out which files to: those that had the names before and have them now.
fn connect(path: &Path, has_log: bool) -> Result<(Connection, Names)> {
    const MOST_TRIES: u32 = 20;
    // No URI names: a path with `?` or `#` in it is a path.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    for _ in 0..MOST_TRIES {
        let before = Names::of(path);
        let mut connection = Connection::open_with_flags(path, flags)?;
        door::keep_statements(&connection)?;
        connection.busy_timeout(OPEN_PATIENCE)?;
        trust::distrust(&mut connection)?;
        // Until it is known to be a journal what lies beside it stays, which SQLite would remove when it
        // closes the file; but not what SQLite makes there now.
        holding::spare(&connection, has_log);
        // SQLite opens the companions with the first question. What is wrong shows with the next one.
        let _ = connection.query_row("PRAGMA schema_version", [], |row| row.get::<_, i64>(0));
        let names = Names::of(path);
        // The last till that had it open may just have tidied up.
        if !names.has_lost_one_since(before) {
            return Ok((connection, names));
        }
        holding::spare(&connection, true);
    }
    Err(holding::lost_while_opening(path))
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

/// 16 bytes that nobody can guess.
pub(crate) fn random() -> Result<[u8; 16]> {
    let mut bytes = [0; 16];
    let source = ring::rand::SystemRandom::new();
    ring::rand::SecureRandom::fill(&source, &mut bytes).map_err(|_| {
        JournalError::new(
            ErrorCode::JournalFailed,
            "The system gives no random numbers.",
        )
    })?;
    Ok(bytes)
}

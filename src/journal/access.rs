//! An open journal, and the ways to it: to ask, and to write.

use super::beside::{self, beside};
use super::claims::Claims;
use super::door::{self, Door, WRITE_PAUSE};
use super::error::{JournalError, Result, is_busy};
use super::holding::Holding;
use super::keeping::Lost;
use super::owner::{self, Owner};
use super::{connection, mark, schema, trust};
use crate::clock::SequrasClock;
use crate::problem::Problem;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard};
use std::time::{Duration, Instant};

/// How long removing personal data from the files waits for others who are reading; what it cannot
/// finish, the next time does.
const SCRUB_PATIENCE: Duration = Duration::from_millis(250);

/// How long a question waits, which hardly anybody can be in the way of.
const READ_PATIENCE: Duration = Duration::from_millis(500);

/// An open journal.
pub struct Journal {
    pub(super) held: Arc<Holding>,
    pub(super) query_limit: trust::QueryLimit,
    pub(super) id: String,
    /// The newest order and the newest step of the copy that it was made of.
    pub(super) copy: Option<(i64, i64)>,
    pub(super) path: Option<PathBuf>,
    pub(super) owner: Owner,
    pub(super) claims: Claims,
    pub(super) sequras_clock: Arc<SequrasClock>,
    pub(super) opening: Opening,
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

/// A damaged journal, put out of the way.
#[derive(Clone, Debug)]
pub struct SetAside {
    /// Where it is now.
    pub path: PathBuf,
    /// How many unfinished orders could be read, and go on in the new journal.
    pub taken_over: usize,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Journal at {:?}", self.path)
    }
}

impl Journal {
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
    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.held.connection()
    }

    /// Asks the journal.
    pub(super) fn read<T>(&self, body: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = self.to_read()?;
        let result = body(&connection);
        drop(connection);
        self.noticed(result)
    }

    fn to_read(&self) -> Result<MutexGuard<'_, Connection>> {
        let connection = self.held.to_read()?;
        connection.busy_timeout(READ_PATIENCE)?;
        self.query_limit.begin();
        Ok(connection)
    }

    /// Goes through the whole log, however long it takes.
    pub(super) fn read_all<T>(&self, body: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = self.held.to_read()?;
        self.query_limit.begin_long();
        body(&connection)
    }

    /// Runs one durable write: all of it, or nothing. Waits for other threads and processes until
    /// this time at the latest.
    pub(super) fn write<T>(
        &self,
        until: Instant,
        body: impl FnOnce(&Transaction) -> Result<T>,
    ) -> Result<T> {
        let acquire = || self.held.to_write(|| self.owner.is_alone());
        self.write_with(acquire, until, Sync::Full, body)
    }

    /// Runs one write that a power cut may undo: all of it, or nothing. Nothing waits for the disk.
    pub(super) fn write_unsynced<T>(
        &self,
        until: Instant,
        body: impl FnOnce(&Transaction) -> Result<T>,
    ) -> Result<T> {
        let acquire = || self.held.to_write(|| self.owner.is_alone());
        self.write_with(acquire, until, Sync::Later, body)
    }

    pub(super) fn write_with<'a, T>(
        &'a self,
        acquire: impl Fn() -> Result<MutexGuard<'a, Connection>>,
        until: Instant,
        sync: Sync,
        body: impl FnOnce(&Transaction) -> Result<T>,
    ) -> Result<T> {
        let mut body = Some(body);
        let mut written = None;
        let done = self.in_transaction(&acquire, until, sync, &mut |transaction| {
            let body = body.take().expect("a transaction is begun once");
            written = Some(body(transaction)?);
            Ok(())
        });
        if done.as_ref().is_err_and(|error| error.is_disks) {
            self.save_the_log();
        }
        self.noticed(done)?;
        Ok(written.expect("it was committed"))
    }

    /// Compiled once, and not once for each thing that is written.
    #[inline(never)]
    fn in_transaction<'a>(
        &'a self,
        acquire: &dyn Fn() -> Result<MutexGuard<'a, Connection>>,
        until: Instant,
        sync: Sync,
        body: &mut dyn FnMut(&Transaction) -> Result<()>,
    ) -> Result<()> {
        loop {
            // Whoever waits for another process does not keep other threads waiting.
            let busy = {
                let connection = acquire()?;
                self.query_limit.begin();
                connection.busy_timeout(Duration::ZERO)?;
                let _synced_again = match sync {
                    Sync::Full => None,
                    Sync::Later => Some(Unsynced::begin(&connection)?),
                };
                let begun = Transaction::new_unchecked(&connection, TransactionBehavior::Immediate);
                match begun {
                    Ok(transaction) => {
                        let left = until.saturating_duration_since(Instant::now());
                        transaction.busy_timeout(left)?;
                        body(&transaction)?;
                        transaction.commit()?;
                        self.held.note(&connection);
                        return Ok(());
                    }
                    Err(error) => error,
                }
            };
            if !is_busy(&busy) || Instant::now() >= until {
                return Err(busy.into());
            }
            std::thread::sleep(WRITE_PAUSE);
        }
    }

    /// Shows other tills that this one lives, before it claims something.
    pub(super) fn show_alive(&self) -> Result<()> {
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
        self.held.lost().map(Lost::problem)
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
        result.inspect_err(|error| self.notice(error))
    }

    fn notice(&self, error: &JournalError) {
        if let Some(path) = &self.path
            && error.damage
        {
            mark::suspect(path, &self.id);
        }
    }

    /// Moves what the write-ahead log holds into the journal proper, and empties it: older contents
    /// of an order would otherwise stay there until they happen to be overwritten. Another till that is
    /// reading may keep it from that; in the end a later time does it.
    pub(super) fn clear_write_ahead_log(&self) {
        let _ = self.is_log_cleared();
    }

    /// The same, after something was written that is to be on the disk when this returns.
    pub(super) fn clear_and_sync(&self, until: Instant) -> Result<()> {
        match self.is_log_cleared() {
            Ok(true) => Ok(()),
            // What is kept elsewhere then is there with what was written.
            Err(_) if self.held.lost().is_some() => Ok(()),
            Err(error) if error.is_disks => match self.save_the_log() {
                true => Ok(()),
                false => Err(error),
            },
            // Another till reads, or the journal has no room to grow.
            Ok(false) | Err(_) => self.try_writing(until),
        }
    }

    /// After a failure of the disk, on which the log may have been written and not be there: the disk may say afterwards that
    /// it has it (fsync(2)), and whatever is written behind it would be lost with it. So what it holds is brought into the
    /// journal proper, and the emptied log is on the disk by itself. Or nothing is written any more, and the log stays.
    fn save_the_log(&self) -> bool {
        let Some(path) = self.path.as_ref().filter(|_| !self.held.is_spoilt()) else {
            return false;
        };
        let synced = || {
            let log = beside::open(&beside(path, beside::WRITE_AHEAD_LOG), true)?;
            log.sync_all()
        };
        let is_saved = matches!(self.is_log_cleared(), Ok(true)) && synced().is_ok();
        if !is_saved && self.held.lost().is_none() {
            self.held.spoil();
        }
        is_saved
    }

    /// Whether all that the log held is in the journal proper, which is on the disk then.
    fn is_log_cleared(&self) -> Result<bool> {
        let until = Instant::now() + SCRUB_PATIENCE;
        let is_busy = || {
            let connection = self.held.to_write(|| self.owner.is_alone())?;
            connection.busy_timeout(Duration::ZERO)?;
            let busy = connection.one("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get(0)?));
            self.held.note(&connection);
            busy
        };
        while is_busy()? {
            if Instant::now() >= until {
                return Ok(false);
            }
            std::thread::sleep(WRITE_PAUSE);
        }
        Ok(true)
    }
}

/// When what is written is on the disk.
#[derive(Clone, Copy)]
pub(super) enum Sync {
    /// When the write returns.
    Full,
    /// With the next write that waits for it. The log has its frames in order, so that a power cut takes
    /// this one away whole, and none that came before.
    Later,
}

/// A connection that does not wait for the disk, for as long as this lives.
struct Unsynced<'a>(&'a Connection);

impl Unsynced<'_> {
    fn begin(connection: &Connection) -> Result<Unsynced<'_>> {
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        Ok(Unsynced(connection))
    }
}

impl Drop for Unsynced<'_> {
    fn drop(&mut self) {
        // It fails where not even the tables can be read any more, and then nothing can be written either.
        let _ = self.0.pragma_update(None, "synchronous", "FULL");
    }
}

/// A journal that was lost is put back now at the latest. And where another till has it open, SQLite is
/// told not to tidy up as the last one would: it goes by locks that this process, or that one, may have
/// lost by closing a file. Who is the last one leaves the journal marked as closed.
impl Drop for Journal {
    fn drop(&mut self) {
        if self.held.lost().is_some() {
            return;
        }
        self.owner.leave();
        let Some(path) = &self.path else {
            return;
        };
        let connection = self.held.connection();
        match self.held.is_spoilt() || owner::is_anyone_alive(path) {
            true => door::spare(&connection, true),
            false => connection::mark_closed(&connection),
        }
    }
}

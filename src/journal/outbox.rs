//! A journal as its forwarder sees it, which carries the changes of a till to the office: see [`crate::outbox`].

use super::beside::is_empty;
use super::connection::{in_write_ahead_mode, mark_closed};
use super::door::{self, Door, OPEN_PATIENCE};
use super::error::{JournalError, Result};
use super::fences::Fence;
use super::noting::{self, is_noting};
use super::trust::QueryLimit;
use super::watch::Names;
use super::{owner, place, schema, trust};
use crate::vocabulary::ErrorCode;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, params};
use std::path::{Path, PathBuf};

/// So many notes before the office's position stay: an office that was restored from a backup goes back by them.
pub const KEPT_NOTES: i64 = 50_000;
/// As many orders are noted when a journal is enrolled, the newest of them.
const MOST_ORDERS: i64 = noting::MOST_NOTES / 2;
/// As many notes are removed in one write.
const MOST_REMOVED: i64 = 5_000;

/// One whose triggers somebody has removed is not enrolled: what has changed since nobody has noted.
const IDENTITY: &str = concat!(
    "SELECT journal_id, incarnation, epoch FROM forwarding WHERE ",
    is_noting!()
);
const IS_NOTING: &str = concat!("SELECT ", is_noting!());
const ENROL: &str = "INSERT INTO forwarding (id, journal_id, incarnation, epoch) VALUES (1, ?1, ?2, ?3) \
     ON CONFLICT (id) DO UPDATE SET incarnation = excluded.incarnation, epoch = excluded.epoch";
/// First what is to be finished, then everything.
const NOTE_UNFINISHED: &str = "INSERT INTO changes (order_id, nonce) SELECT id, random() FROM orders WHERE finished = 0 ORDER BY id";
const NOTE_ENTRIES: &str =
    "INSERT INTO changes (order_id, nonce) SELECT -id, random() FROM log ORDER BY id";
const NOTE_ORDERS: &str = "INSERT INTO changes (order_id, nonce) SELECT id, random() FROM orders \
     WHERE id > (SELECT max(id) FROM orders) - ?1 ORDER BY id";
const HOLDS: &str = "SELECT EXISTS (SELECT 1 FROM changes WHERE seq = ?1 AND nonce = ?2)";
const NEWEST: &str = "SELECT seq, nonce FROM changes ORDER BY seq DESC LIMIT 1";
/// Notes of the log's entries keep these from being removed by their age: they become notes of nothing in particular, as the
/// office may still go back to one.
const FORGET_ENTRIES: &str = "UPDATE changes SET order_id = 0 WHERE seq IN \
     (SELECT seq FROM changes WHERE seq < ?1 AND order_id < 0 ORDER BY seq LIMIT ?2)";
const FORGET_NOTES: &str = "DELETE FROM changes WHERE seq IN \
     (SELECT seq FROM changes WHERE seq < ?1 ORDER BY seq LIMIT ?2)";
const FENCE: &str = "INSERT INTO taken_over (endpoint, uuid, epoch, taken_by, order_ref_1, at) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (uuid, endpoint) DO UPDATE SET epoch = excluded.epoch, \
     taken_by = excluded.taken_by, order_ref_1 = coalesce(excluded.order_ref_1, order_ref_1) \
     WHERE excluded.epoch > epoch OR (excluded.epoch = epoch AND \
         (excluded.taken_by, coalesce(excluded.order_ref_1, order_ref_1)) IS NOT (taken_by, order_ref_1))";

/// Who a journal is at the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// What the office knows it by: its own id, when it was enrolled. A journal that goes on from a damaged one keeps it.
    pub journal_id: String,
    /// Which life of it this is. The office gives another one when a disk was put back or copied.
    pub incarnation: String,
    /// The office's.
    pub epoch: i64,
}

/// A place in the stream of changes; the nonce tells two disks apart that count alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Grows with each change.
    pub seq: i64,
    /// Random.
    pub nonce: i64,
}

/// A journal, opened to be forwarded.
pub struct Outbox {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    limit: QueryLimit,
    /// The files that it was opened from.
    names: Names,
}

/// Who is the last one leaves the journal marked as closed.
impl Drop for Outbox {
    fn drop(&mut self) {
        match self.is_alone() && self.is_in_place() {
            true => mark_closed(&self.connection),
            false => door::spare(&self.connection, true),
        }
    }
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Outbox of {:?}", self.path)
    }
}

impl Outbox {
    /// Opens the journal of a till, which is there and of this version: nothing is made, migrated or set aside here, and
    /// no till is told that another one is open.
    pub fn open(given: &Path) -> Result<Outbox> {
        let path = place::find(given)?;
        let refused = |why: &str| {
            let message = format!("The journal {} cannot be forwarded: {why}.", path.display());
            Err(JournalError::new(ErrorCode::JournalFailed, message))
        };
        if is_empty(&path) {
            return refused("there is none yet; open the till once");
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&path, flags)?;
        door::keep_statements(&connection)?;
        connection.busy_timeout(OPEN_PATIENCE)?;
        let limit = trust::distrust(&mut connection)?;
        let version = schema::recognise(&connection)?;
        if version < schema::VERSION {
            return refused("an older version made it; open the till once with this one");
        }
        trust::check(&connection, version)?;
        // One that every till has closed has no log before it is written to.
        if in_write_ahead_mode(&connection, true)? != "wal" {
            return refused("SQLite cannot keep a log beside it; put it on a writable local disk");
        }
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "secure_delete", "ON")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        // SQLite opens the log with the first question.
        schema::identity(&connection)?;
        Ok(Outbox {
            names: Names::of(&path),
            connection,
            path,
            limit,
        })
    }

    /// Where the journal is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the files that it was opened from are those that are there; where not, it is to be opened anew.
    pub fn is_in_place(&self) -> bool {
        !Names::of(&self.path).has_lost_one_since(self.names)
    }

    /// Whether no till has it open: who keeps it open then keeps it from being marked as closed.
    pub fn is_alone(&self) -> bool {
        !owner::is_anyone_alive(&self.path)
    }

    /// The journal's own id, by which it is enrolled.
    pub fn journal_id(&self) -> Result<String> {
        Ok(schema::identity(&self.connection)?.0)
    }

    /// Who the journal is at the office; none: it is not enrolled.
    pub fn identity(&self) -> Result<Option<Identity>> {
        self.connection.first(IDENTITY, [], |row| {
            Ok(Identity {
                journal_id: row.get(0)?,
                incarnation: row.get(1)?,
                epoch: row.get(2)?,
            })
        })
    }

    /// Enrols the journal, or gives an enrolled one another incarnation. From now on every change is noted, and everything
    /// that is there is noted as changed. One durable write.
    pub fn enrol(&self, incarnation: &str, epoch: i64) -> Result<()> {
        self.limit.begin_long();
        let journal_id = self.journal_id()?;
        self.write(|transaction| {
            transaction.run(ENROL, params![journal_id, incarnation, epoch])?;
            if !transaction.one(IS_NOTING, [], |row| Ok(row.get(0)?))? {
                noting::begin(transaction)?;
            }
            transaction.run(NOTE_UNFINISHED, [])?;
            transaction.run(NOTE_ENTRIES, [])?;
            transaction.run(NOTE_ORDERS, [MOST_ORDERS])?;
            noting::note_the_rest(transaction)
        })
    }

    /// The journal is no more the office's: nothing is noted from now on, and what was noted goes. Fences stay.
    pub fn withdraw(&self) -> Result<()> {
        self.limit.begin_long();
        self.write(noting::end)
    }

    /// Whether the stream has been at this position: otherwise the disk was put back or copied, or notes as old as this
    /// are no longer kept.
    pub fn holds(&self, position: Position) -> Result<bool> {
        self.limit.begin();
        let values = [position.seq, position.nonce];
        self.connection.one(HOLDS, values, |row| Ok(row.get(0)?))
    }

    /// The last position of the stream; none before the journal was enrolled.
    pub fn newest(&self) -> Result<Option<Position>> {
        self.limit.begin();
        newest(&self.connection)
    }

    /// Changes whenever another connection has written to the journal.
    pub fn data_version(&self) -> Result<i64> {
        let version = "PRAGMA data_version";
        self.connection.one(version, [], |row| Ok(row.get(0)?))
    }

    /// The office has everything up to this position: notes before it go, but for some, and the log's entries are free to
    /// be removed by their age. The position itself stays. In short writes, which wait for no disk: a power cut leaves more
    /// notes than there need be.
    pub fn acknowledge(&self, position: Position) -> Result<()> {
        if !self.holds(position)? {
            return Ok(());
        }
        self.connection
            .pragma_update(None, "synchronous", "NORMAL")?;
        let removed = self.remove(FORGET_ENTRIES, position.seq);
        let removed = removed.and_then(|()| self.remove(FORGET_NOTES, position.seq - KEPT_NOTES));
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        removed
    }

    fn remove(&self, notes: &str, before: i64) -> Result<()> {
        loop {
            self.limit.begin();
            let mut removed = 0;
            self.write(|transaction| {
                removed = transaction.run(notes, [before, MOST_REMOVED])?;
                Ok(())
            })?;
            if removed < MOST_REMOVED as usize {
                return Ok(());
            }
        }
    }

    /// The office has taken these orders over, each with the API's base URL and seQura's reference: nothing is begun for
    /// them here from now on. One durable write. What an older epoch of the office says changes nothing.
    pub fn fence(&self, orders: &[(String, String, Fence)]) -> Result<()> {
        self.limit.begin();
        self.write(|transaction| {
            for (endpoint, uuid, fence) in orders {
                let values = params![
                    endpoint,
                    uuid,
                    fence.epoch,
                    fence.taken_by,
                    fence.order_ref_1,
                    fence.at
                ];
                transaction.run(FENCE, values)?;
            }
            Ok(())
        })
    }

    /// Waits for tills that are writing.
    fn write(&self, body: impl FnOnce(&Transaction) -> Result<()>) -> Result<()> {
        let transaction =
            Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        body(&transaction)?;
        Ok(transaction.commit()?)
    }

    /// Everything that is read here is as of one moment, and the moment is over when this returns.
    pub(super) fn read<T>(&self, body: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.limit.begin();
        let transaction = self.connection.unchecked_transaction()?;
        body(&transaction)
    }
}

pub(super) fn newest(connection: &Connection) -> Result<Option<Position>> {
    connection.first(NEWEST, [], |row| {
        Ok(Position {
            seq: row.get(0)?,
            nonce: row.get(1)?,
        })
    })
}

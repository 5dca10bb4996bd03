//! Copies of a journal, made while tills run, and a journal made of a copy when the old one is gone.
//!
//! A copy is marked as one (`user_version`), and no till sells with it: what was sold since is not in it. What is made of
//! it again is a clone of the journal that is gone, which may have gone on for a while: what it had asked seQura after
//! the sale may have been done, and more after that. So of what the clone has without an answer, only confirmations and
//! references are asked again; changes after the sale are for a person who has looked.

use super::access::Journal;
use super::beside::{self, beside, sync_folder};
use super::copying::{Progress, copy_into};
use super::door::Door;
use super::error::{JournalError, Result};
use super::looking::Source;
use super::orders::Record;
use super::room::Room;
use super::schema::{self, Kind};
use super::{owner, place};
use crate::canonical::hex;
use crate::clock::now_ms;
use crate::journal::random;
use crate::system;
use crate::vocabulary::ErrorCode;
use rusqlite::{Connection, Transaction, params};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Every file that one may consist of.
const PARTS: [&str; 4] = [
    "",
    beside::WRITE_AHEAD_LOG,
    beside::INDEX_OF_IT,
    beside::ROLLBACK,
];

/// A change of an order that has said both its carts since the copy was made.
macro_rules! told {
    ($order:literal, $newest:literal) => {
        concat!(
            "SELECT 1 FROM steps WHERE order_id = ",
            $order,
            " AND step = 'update_order' AND status = 0 AND answered_at IS NOT NULL AND id > ",
            $newest
        )
    };
}

impl Journal {
    /// Whether this order may have gone on elsewhere: this journal is a clone of the one that it was begun in, which had
    /// more of it by the time that it was lost. By its number, since a clock may have been wrong.
    pub fn is_from_a_copy(&self, record: &Record) -> bool {
        self.copy.is_some_and(|(newest, _)| record.id <= newest)
    }

    /// Whether the carts of an order are right: it is none that the copy had, which this journal was made of; or a change
    /// since then has said both.
    pub fn is_seen_since_the_copy(&self, record: &Record) -> Result<bool> {
        const TOLD: &str = concat!("SELECT EXISTS (", told!("?1", "?2"), ")");
        match self.copy.filter(|_| self.is_from_a_copy(record)) {
            None => Ok(true),
            Some((_, newest)) => self.read(|connection| {
                connection.one(TOLD, [record.id, newest], |row| Ok(row.get(0)?))
            }),
        }
    }

    /// Whether the open step of an order was open in that copy.
    pub fn was_open_in_the_copy(&self, record: &Record) -> bool {
        match (self.copy, &record.open) {
            (Some((_, newest)), Some(open)) => open.id <= newest,
            _ => false,
        }
    }

    /// The orders that no delivery report tells of before somebody has told both their carts: what they are called by.
    pub fn held_back(&self, endpoint: &str, until: Instant) -> Result<Vec<String>> {
        const LET_GO: &str = concat!(
            "UPDATE orders SET to_report = 0 WHERE to_report = -1 AND endpoint = ?1 AND EXISTS (",
            told!("orders.id", "?2"),
            ")"
        );
        const HELD: &str = "SELECT coalesce(order_ref_1, uuid) FROM orders \
             WHERE to_report = -1 AND endpoint = ?1 ORDER BY id";
        let Some((_, newest)) = self.copy else {
            return Ok(Vec::new());
        };
        self.write(until, |transaction| {
            transaction.run(LET_GO, params![endpoint, newest])?;
            transaction.all(HELD, [endpoint], |row| Ok(row.get(0)?))
        })
    }
}

/// What was copied.
#[derive(Clone, Debug)]
pub struct Copied {
    /// From where; absolute.
    pub from: PathBuf,
    /// To where; absolute.
    pub to: PathBuf,
    /// Bytes.
    pub size: u64,
    /// See [`super::Seen::is_whole`].
    pub is_whole: bool,
    /// As of when the copy is, ms.
    pub copied_at: Option<i64>,
}

/// Copies a journal as it is at this moment, tills or not. There must be nothing at `to`.
pub fn back_up(from: &Path, to: &Path, scratch: &Path, progress: Progress) -> Result<Copied> {
    let copied = copied(from, to, scratch, progress);
    copied.map_err(|error| error.of_what_is_looked_at(from))
}

fn copied(from: &Path, to: &Path, scratch: &Path, progress: Progress) -> Result<Copied> {
    let source = Source::open(from, scratch)?;
    let (to, there) = place::resolve(to)?;
    if there.is_some() || beside::is_there(&to) {
        return Err(exists(&to));
    }
    let draft = Draft::beside(&to)?;
    let mut copy = copy_into(&source.connection, &draft.file, progress)?;
    let transaction = copy.transaction()?;
    let kind = Kind {
        is_copy: true,
        ..source.kind
    };
    schema::mark(&transaction, kind)?;
    let mut copied_at = None;
    if source.kind.version == schema::VERSION {
        // A copy of a copy is as old as that.
        if !source.kind.is_copy {
            copied_now(&transaction)?;
        }
        if !source.is_whole {
            transaction.run("UPDATE journal SET is_partial = 1", [])?;
        }
        (copied_at, _) = schema::copied_at(&transaction);
    }
    transaction.commit()?;
    let size = finished(copy, &draft.file)?;
    draft.name(&to, false)?;
    Ok(Copied {
        from: source.path,
        to,
        size,
        is_whole: source.is_whole,
        copied_at,
    })
}

/// Makes a journal of a copy. Nothing may be at `to` but that copy itself.
pub fn restore(copy: &Path, to: &Path, scratch: &Path, progress: Progress) -> Result<Copied> {
    let restored = restored(copy, to, scratch, progress);
    restored.map_err(|error| error.of_what_is_looked_at(copy))
}

fn restored(copy: &Path, to: &Path, scratch: &Path, progress: Progress) -> Result<Copied> {
    let source = Source::open(copy, scratch)?;
    let to = place::find(to)?;
    let is_in_place = to == source.path && source.kind.is_copy;
    if !source.kind.is_copy && owner::is_anyone_alive(&source.path) {
        let why = "it is no copy but a journal, and a till has it open: that one is not gone";
        return Err(JournalError::at(&source.path, why));
    }
    check_free(&to, is_in_place)?;
    let draft = Draft::beside(&to)?;
    let mut journal = copy_into(&source.connection, &draft.file, progress)?;
    let transaction = journal.transaction()?;
    schema::bring_to(&transaction, source.kind.version, schema::VERSION)?;
    if !source.kind.is_copy {
        copied_now(&transaction)?;
    }
    let copied_at = made_a_clone(&transaction)?;
    transaction.commit()?;
    let size = finished(journal, &draft.file)?;
    // Once more: a till may have begun there meanwhile.
    check_free(&to, is_in_place)?;
    drop(source.connection);
    draft.name(&to, is_in_place)?;
    Ok(Copied {
        from: source.path,
        to,
        size,
        is_whole: source.is_whole,
        copied_at: Some(copied_at),
    })
}

/// A copy is as of now. What was lost before an earlier restore stays lost: all figures are noted since the first after it.
fn copied_now(transaction: &Transaction) -> Result<()> {
    const COPIED: &str = "UPDATE journal SET copied_at = ?1, figures_since = CASE WHEN copied_at IS NULL \
         THEN figures_since ELSE coalesce((SELECT min(at) FROM figures WHERE at > copied_at), ?1) END";
    transaction.run(COPIED, [now_ms()])?;
    Ok(())
}

/// What tills see of a journal that was a copy.
fn made_a_clone(transaction: &Transaction) -> Result<i64> {
    const CLONE: &str = "UPDATE journal SET copied_at = coalesce(copied_at, ?1), journal_id = ?2, \
         copied_order = (SELECT coalesce(max(id), 0) FROM orders), \
         copied_step = (SELECT coalesce(max(id), 0) FROM steps)";
    // Changes after the sale wait for a person, and so does what a report is to tell of.
    // Whatever was open then may have been done since.
    const STEPS: &str = "\
        UPDATE steps SET doubtful = 1 WHERE answered_at IS NULL; \
        INSERT OR REPLACE INTO refusals (order_id, step, status, errors) \
            SELECT order_id, step, 3002, '[{\"code\":\"journal_restored\"}]' FROM steps \
            WHERE answered_at IS NULL AND step IN ('update_order', 'ship', 'refund', 'cancel'); \
        UPDATE orders SET to_report = -1 WHERE to_report IS NOT NULL; \
        DELETE FROM reports;";
    // It is another one than that which is gone.
    let id = hex(&random()?);
    transaction.run(CLONE, params![now_ms(), id])?;
    transaction.execute_batch(STEPS)?;
    transaction.one("SELECT copied_at FROM journal", [], |row| Ok(row.get(0)?))
}

/// Refuses to make a journal where one is, or a part of one, or a till that has lost it.
fn check_free(to: &Path, is_in_place: bool) -> Result<()> {
    if owner::is_anyone_alive(to) {
        let why = "a till that has this journal open still runs. Close every till first";
        return Err(JournalError::at(to, why));
    }
    let mut there = PARTS.into_iter();
    let found = there.find(|suffix| {
        let in_place = is_in_place && suffix.is_empty();
        !in_place && fs::symlink_metadata(beside(to, suffix)).is_ok()
    });
    match found {
        None => Ok(()),
        Some(suffix) => Err(JournalError::at(
            &beside(to, suffix),
            "it is there, and newer than any copy. Nothing was restored. Look at it with `sequra pending` first; if it is lost, move it away with what lies beside it",
        )),
    }
}

/// The file is one file, and on the disk; says how large it is.
pub(super) fn finished(copy: Connection, path: &Path) -> Result<u64> {
    copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    copy.close().map_err(|(_, error)| error)?;
    let file = beside::open(path, true).map_err(|error| JournalError::at(path, error))?;
    file.sync_all()
        .map_err(|error| JournalError::at(path, error))?;
    Ok(file.metadata().map_or(0, |file| file.len()))
}

pub(super) fn exists(to: &Path) -> JournalError {
    JournalError::at(to, "it exists, and nothing is ever written over")
}

/// A file that has not its name yet, in a room beside that; it goes where it never gets it.
pub(super) struct Draft {
    file: PathBuf,
    /// Goes last.
    _room: Room,
}

impl Draft {
    pub(super) fn beside(to: &Path) -> Result<Draft> {
        let (folder, name) = (to.parent(), to.file_name());
        let begin = format!(
            "{}{}",
            name.unwrap_or_default().to_string_lossy(),
            place::DRAFT
        );
        let room = Room::within(folder.unwrap_or(to), &begin);
        let room = room.map_err(|error| place::not_made(to, &error))?;
        let file = room.path().join("copy");
        beside::make(&file, None).map_err(|error| place::not_made(&file, &error))?;
        Ok(Draft { file, _room: room })
    }

    pub(super) fn path(&self) -> &Path {
        &self.file
    }

    /// Gives it its name; `over`: what has it now is a copy, and goes.
    pub(super) fn name(self, to: &Path, over: bool) -> Result<()> {
        let named = match over {
            true => fs::rename(&self.file, to),
            false => system::rename_new(&self.file, to),
        };
        match named.and_then(|()| sync_folder(to)) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(exists(to)),
            Err(error) => Err(JournalError::new(
                ErrorCode::JournalFailed,
                format!("{}: {error}.", to.display()),
            )),
            Ok(()) => Ok(()),
        }
    }
}

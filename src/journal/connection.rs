//! A journal's file, opened as it is or made, as a database of the present version.

use super::beside::{WRITE_AHEAD_LOG, beside, is_empty};
use super::door::{self, OPEN_PATIENCE, WRITE_PAUSE};
use super::error::{JournalError, Result, is_busy};
use super::watch::Names;
use super::{damage, owner, place, schema, trust};
use crate::crash_point::{self, Point};
use crate::vocabulary::ErrorCode;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// A journal's file, opened.
pub(super) struct Connected {
    pub(super) connection: Connection,
    /// Which version it was of; 0: it was made.
    pub(super) version_before: i32,
    /// The files that it was opened from.
    pub(super) names: Names,
    /// No till had it open before anything was read.
    pub(super) was_alone: bool,
}

/// Opens the file as it is, or a new one where there is none.
pub(super) fn open_file(path: &Path) -> Result<Connected> {
    // In this order: a till shows that it lives when its journal has been made.
    let is_alone = !owner::is_anyone_alive(path);
    let is_there = fs::symlink_metadata(path).is_ok();
    crash_point::wait_at(Point::Opening);
    if !is_alone && is_empty(path) {
        return Err(still_held(path));
    }
    damage::check_companions(path)?;
    damage::check_file(path)?;
    // Nothing is made in the place of what was there a moment ago: a till may be about to put it back.
    if is_alone && !is_there {
        place::make(path)?;
    }
    // A till that had it open until just now showed that before its name was free: it is seen now, however long
    // this till has been kept from going on since it looked. The empty file stays; that till puts the journal over it.
    // Looked at again after that: a till that has just made the journal shows that it lives when it is not empty.
    if is_empty(path) {
        crash_point::wait_at(Point::Opening);
        if owner::is_anyone_alive(path) && is_empty(path) {
            return Err(still_held(path));
        }
    }
    let has_log = fs::metadata(beside(path, WRITE_AHEAD_LOG)).is_ok_and(|log| log.len() > 0);
    let (mut connection, names) = connect(path, has_log)?;
    crash_point::wait_at(Point::Opening);
    let version_before = match prepare(&mut connection, true) {
        // What only looks damaged, since a part of it was taken away in this moment.
        Err(_) if Names::of(path).has_lost_one_since(names) => {
            return Err(lost_while_opening(path));
        }
        prepared => prepared?,
    };
    door::spare(&connection, false);
    #[cfg(windows)]
    {
        // One that was closed gets its log with the first question.
        let _ = schema::number(&connection, "schema_version");
        super::drive::share_rights(path);
    }
    Ok(Connected {
        connection,
        version_before,
        names,
        was_alone: is_alone,
    })
}

fn still_held(path: &Path) -> JournalError {
    JournalError::new(
        ErrorCode::JournalLost,
        format!(
            "The journal {} is gone, and a till that has it open still runs. Close that till: it puts the journal back. Then open this one again.",
            path.display()
        ),
    )
}

/// Connects, and finds out which files to: those that had the names before and have them now.
fn connect(path: &Path, has_log: bool) -> Result<(Connection, Names)> {
    const MOST_TRIES: u32 = 20;
    // No URI names: a path with `?` or `#` in it is a path.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    for _ in 0..MOST_TRIES {
        let before = Names::of(path);
        crash_point::wait_at(Point::Opening);
        let mut connection = Connection::open_with_flags(path, flags)?;
        door::keep_statements(&connection)?;
        connection.busy_timeout(OPEN_PATIENCE)?;
        trust::distrust(&mut connection)?;
        // Until it is known to be a journal what lies beside it stays, which SQLite would remove when it
        // closes the file; but not what SQLite makes there now.
        door::spare(&connection, has_log);
        // SQLite opens the companions with the first question. What is wrong shows with the next one.
        let _ = connection.query_row("PRAGMA schema_version", [], |row| row.get::<_, i64>(0));
        let names = Names::of(path);
        // The last till that had it open may just have tidied up.
        if !names.has_lost_one_since(before) {
            return Ok((connection, names));
        }
        door::spare(&connection, true);
    }
    Err(lost_while_opening(path))
}

/// Makes an opened file a journal of the present version, whatever it was: nothing yet, or an older
/// one. In one transaction: whoever is interrupted at it leaves the file as it was.
/// Says of which version it was.
pub(super) fn prepare(connection: &mut Connection, in_file: bool) -> Result<i32> {
    let version = schema::recognise(connection)?;
    // Before anything is written to it: what another program has changed stays as it is.
    if version > 0 {
        trust::check(connection, version)?;
    }
    if in_file {
        if version == 0 {
            connection.pragma_update(None, "page_size", schema::PAGE_BYTES as i64)?;
        }
        // Durable on return; deleted content is overwritten, not just unlinked.
        let mode = in_write_ahead_mode(connection, version > 0)?;
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
    if version == schema::VERSION {
        return Ok(version);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been first.
    let version = schema::number(&transaction, "user_version")?;
    schema::bring_to(&transaction, version, schema::VERSION)?;
    crash_point::reached(match version {
        0 => Point::JournalMade,
        _ => Point::JournalMigrated,
    });
    transaction.commit()?;
    Ok(version)
}

/// Where several tills make one journal at the same moment, SQLite tells all but one that it is busy, and
/// waits for nobody: it might wait for ever.
pub(super) fn in_write_ahead_mode(connection: &Connection, is_made: bool) -> Result<String> {
    let until = Instant::now() + OPEN_PATIENCE;
    loop {
        let closed = connection.pragma_query_value(None, "journal_mode", |row| row.get(0));
        let mode = match closed {
            Ok(mode) if is_made && mode != "wal" => set_mode(connection, HEADER_ONLY),
            mode => mode,
        };
        match mode.and_then(|_: String| set_mode(connection, "WAL")) {
            Err(error) if is_busy(&error) && Instant::now() < until => {
                std::thread::sleep(WRITE_PAUSE);
            }
            mode => return Ok(mode?),
        }
    }
}

/// Whoever closes a journal as the last one brings its log into it, and takes it out of the mode that has one: the file's
/// own header says then that all of it is there. Opening it says the opposite there, on the disk, before anything is
/// written to a log. Where somebody else has it open after all, SQLite refuses, and closing goes on as ever.
pub(super) fn mark_closed(connection: &Connection) {
    let _ = connection.busy_timeout(Duration::ZERO);
    let _ = set_mode(connection, HEADER_ONLY);
}

/// With what a rollback needs in memory: as the header alone changes, in one sector, half of which does no harm either, a
/// file for that would only wait for the disk three times more.
const HEADER_ONLY: &str = "MEMORY";

/// Says in which mode it is then.
fn set_mode(connection: &Connection, mode: &str) -> rusqlite::Result<String> {
    connection.pragma_update_and_check(None, "journal_mode", mode, |row| row.get(0))
}

/// What was being opened is not what is there now.
pub(super) fn lost_while_opening(path: &Path) -> JournalError {
    JournalError::new(
        ErrorCode::JournalLost,
        format!(
            "The journal {} was removed, replaced or written over while it was being opened. Open the client again.",
            path.display()
        ),
    )
}

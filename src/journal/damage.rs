//! What is no journal, or none any more: found out before SQLite is given it.

use super::beside::{self, ROLLBACK, beside, is_empty};
use super::error::{JournalError, Result};
use super::mark::Mark;
use super::{owner, schema};
use crate::vocabulary::ErrorCode;
use rusqlite::Connection;
use std::fs;
use std::io::Read;
use std::path::Path;

/// So much of a file is searched for what only a journal has.
const SEARCHED: u64 = 1 << 20;

/// What stands in the tables of every journal, and in no other file that consists of whole pages.
const TRACE: &[u8] = b"CREATE UNIQUE INDEX orders_by_held_ref ON orders";

/// A write-ahead log without its journal: the journal was deleted, or emptied. SQLite would throw
/// the log away, and with it what the till was told last.
pub(super) fn check_companions(path: &Path) -> Result<()> {
    beside::check(path)?;
    // In this order: the log of a journal that is just being made comes after its first page.
    match beside::has_log(path) && is_empty(path) {
        true => Err(JournalError::damaged(
            "it is empty, and its write-ahead log is not",
        )),
        false => Ok(()),
    }
}

/// What is no database is not given to SQLite, which would take it for an empty one or remove what lies
/// beside it. One with a write-ahead log may still be one: that can hold its first page; and one with a
/// rollback journal may be one that a power cut has left half made, which SQLite makes empty again. Looked
/// at only while no till has it open: to close it would drop this process's locks on it.
pub(super) fn check_file(path: &Path) -> Result<()> {
    const HEADER: &[u8] = b"SQLite format 3\0";
    let is_half_made = fs::metadata(beside(path, ROLLBACK)).is_ok_and(|file| file.len() > 0);
    if is_half_made || is_empty(path) || owner::is_anyone_alive(path) || beside::has_log(path) {
        return Ok(());
    }
    let begins = beside::open(path, false).and_then(|file| beside::beginning(&file));
    match begins {
        Ok(bytes) if !bytes.starts_with(HEADER) => {
            check_trace(path)?;
            Err(JournalError::damaged("it is no database"))
        }
        // Whatever keeps it from being read keeps SQLite too, which then says so.
        _ => Ok(()),
    }
}

/// Refuses to move what may be anybody's file. Only while no till has it open: to close it would drop
/// this process's locks on it.
pub(super) fn check_trace(path: &Path) -> Result<()> {
    let is_noted = Mark::read(path) != Mark::None;
    if is_noted
        || beside::has_log(path)
        || owner::are_there_locks(path)
        || looks_like_a_journal(path)
    {
        return Ok(());
    }
    Err(JournalError::new(
        ErrorCode::JournalCorrupt,
        format!(
            "The file {} is not a journal, and nothing beside it says that it ever was one. It was left as it is. Name another file in `journal`, or move this one away; a journal is made where there is no file.",
            path.display()
        ),
    ))
}

/// Whether a file has what only a journal has: its mark in the header of the database, or its tables.
fn looks_like_a_journal(path: &Path) -> bool {
    let Ok(file) = beside::open(path, false) else {
        return false;
    };
    let whole_pages = file
        .metadata()
        .is_ok_and(|file| file.len() > 0 && file.len().is_multiple_of(schema::PAGE_BYTES));
    let mut bytes = Vec::new();
    if file.take(SEARCHED).read_to_end(&mut bytes).is_err() {
        return false;
    }
    schema::is_marked(&bytes)
        || whole_pages && bytes.windows(TRACE.len()).any(|window| window == TRACE)
}

/// Looks through the whole file.
pub(super) fn is_whole(connection: &Connection) -> bool {
    let found = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    found.is_ok_and(|found| found == "ok")
}

//! A journal that is damaged is set aside under a dated name and reported, never silently replaced;
//! what is still legible of the unfinished orders goes on in the new one.
//!
//! Damage shows when the file is opened, or later, when SQLite comes upon it: then a small file
//! beside the journal says so to the next opening, which looks through the whole journal before it
//! believes it. (To look through it at every opening would take longer with every sale.)

use super::{JournalError, OPEN_PATIENCE, Result, beside, open_file, orders, owner};
use crate::clock::{now_ms, to_text};
use crate::vocabulary::ErrorCode;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Says that the journal was found damaged; locked by whoever is looking into it.
const MARK: &str = "-damaged";
/// SQLite's companions of a database.
const WRITE_AHEAD_LOG: &str = "-wal";
const INDEX_OF_IT: &str = "-shm";

/// A damaged journal, put out of the way.
#[derive(Clone, Debug)]
pub struct SetAside {
    /// Where it is now.
    pub path: PathBuf,
    /// How many unfinished orders could be read, and go on in the new journal.
    pub taken_over: usize,
}

/// What a caller is told of damage.
pub(super) fn error(what: &str) -> JournalError {
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

/// A write-ahead log without its journal: the journal was deleted, or emptied. SQLite would throw
/// the log away, and with it what the till was told last.
pub(super) fn check_companions(path: &Path) -> Result<()> {
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    match size(&beside(path, WRITE_AHEAD_LOG)) > 0 && size(path) == 0 {
        true => Err(error("it is empty, and its write-ahead log is not")),
        false => Ok(()),
    }
}

/// Notes for the next opening that the journal is damaged.
pub(super) fn suspect(path: &Path) {
    // On a disk that cannot be written the damage shows again.
    let _ = File::create(beside(path, MARK));
}

/// Whether somebody has noted that.
pub(super) fn is_suspected(path: &Path) -> bool {
    beside(path, MARK).exists()
}

/// Opens a journal that seems damaged: as it is, if it is whole after all; otherwise a new one in its
/// place, and the old one beside it.
pub(super) fn mend(path: &Path) -> Result<(Connection, Option<SetAside>)> {
    // A device or a folder is no journal, and must stay where it is.
    if path.exists() && !path.is_file() {
        return open_file(path).map(|connection| (connection, None));
    }
    let unwritable = |error: std::io::Error| {
        JournalError::new(
            ErrorCode::JournalCorrupt,
            format!(
                "The journal file {} is damaged, and cannot be set aside ({error}). Move it away; the till makes a new one.",
                path.display()
            ),
        )
    };
    let mark = beside(path, MARK);
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&mark)
        .map_err(unwritable)?;
    // One till at a time: the second finds the new journal of the first.
    wait_for(&lock);
    let found = match open_file(path) {
        Ok(connection) if is_whole(&connection) => Ok((connection, None)),
        Err(error) if !error.damage => Err(error),
        damaged => {
            drop(damaged);
            if owner::is_anyone_alive(path) {
                return Err(JournalError::new(
                    ErrorCode::JournalCorrupt,
                    "The journal is damaged, and another till is at work with it. Close every till of this journal, then open one again: the file is then set aside under a dated name.",
                ));
            }
            let aside = rename(path).map_err(unwritable)?;
            let mut connection = open_file(path)?;
            let taken_over = take_over(&mut connection, &aside).unwrap_or(0);
            Ok((
                connection,
                Some(SetAside {
                    path: aside,
                    taken_over,
                }),
            ))
        }
    };
    let _ = fs::remove_file(&mark);
    found
}

/// Waits for a lock, not for ever: a file system may have none.
fn wait_for(lock: &File) {
    let until = Instant::now() + OPEN_PATIENCE;
    while let (Err(TryLockError::WouldBlock), true) = (lock.try_lock(), Instant::now() < until) {
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Looks through the whole file.
fn is_whole(connection: &Connection) -> bool {
    let found = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    found.is_ok_and(|found| found == "ok")
}

/// Gives the journal and its companions a dated name that nothing has yet.
fn rename(path: &Path) -> std::io::Result<PathBuf> {
    // Without the colons, which Windows does not allow, and without fractions of a second.
    let date: String = to_text(now_ms())
        .chars()
        .take(19)
        .filter(|c| *c != ':')
        .collect();
    let mut aside = beside(path, &format!(".damaged-{date}"));
    let mut number = 2;
    while aside.exists() || beside(&aside, WRITE_AHEAD_LOG).exists() {
        aside = beside(path, &format!(".damaged-{date}-{number}"));
        number += 1;
    }
    // The journal first: a log that is left without it is noticed by the next opening.
    for companion in ["", WRITE_AHEAD_LOG, INDEX_OF_IT] {
        match fs::rename(beside(path, companion), beside(&aside, companion)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(aside)
}

/// Copies the unfinished orders that can still be read, with their open steps.
fn take_over(new: &mut Connection, aside: &Path) -> Result<usize> {
    if fs::metadata(aside).map_or(0, |file| file.len()) == 0 {
        // There is nothing to read, and SQLite would delete the write-ahead log of an empty file.
        return Ok(0);
    }
    let old = Connection::open_with_flags(aside, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut taken_over = 0;
    let mut ids = old.prepare("SELECT id FROM orders WHERE finished = 0")?;
    let mut rows = ids.query([])?;
    // The first row that cannot be read ends it: SQLite does not find the way beyond it.
    while let Ok(Some(row)) = rows.next() {
        let Ok(id) = row.get::<_, i64>(0) else {
            continue;
        };
        let copied = (|| {
            orders::legible(&old, id)?;
            let transaction = new.transaction()?;
            copy(&old, &transaction, "orders", "id", id)?;
            copy(
                &old,
                &transaction,
                "steps",
                "answered_at IS NULL AND order_id",
                id,
            )?;
            Ok::<(), JournalError>(transaction.commit()?)
        })();
        taken_over += usize::from(copied.is_ok());
    }
    Ok(taken_over)
}

/// Copies the rows of one table that belong to an order, column by column: an older journal has fewer.
fn copy(old: &Connection, new: &Connection, table: &str, condition: &str, id: i64) -> Result<()> {
    let mut select = old.prepare(&format!("SELECT * FROM {table} WHERE {condition} = ?1"))?;
    let names = select.column_names().collect::<Vec<_>>().join(", ");
    let places = vec!["?"; select.column_count()].join(", ");
    let mut insert = new.prepare(&format!("INSERT INTO {table} ({names}) VALUES ({places})"))?;
    let mut rows = select.query([id])?;
    while let Some(row) = rows.next()? {
        let values: Vec<Value> = (0..row.as_ref().column_count())
            .map(|at| row.get(at))
            .collect::<rusqlite::Result<_>>()?;
        insert.execute(params_from_iter(values))?;
    }
    Ok(())
}

//! A journal that is damaged is set aside under a dated name and reported, never silently replaced;
//! what is still legible of the unfinished orders goes on in the new one.
//!
//! Damage shows when the file is opened, or later, when SQLite comes upon it: then a small file
//! beside the journal says so to the next opening, which looks through the whole journal before it
//! believes it. (To look through it at every opening would take longer with every sale.)
//!
//! The same small file carries a till that dies in the middle of it: before anything is moved, it
//! says where to, and it goes only when all that is legible is safe in the new journal. Whoever opens
//! the journal in between takes it up from there.

use super::beside::{self, INDEX_OF_IT, ROLLBACK, WRITE_AHEAD_LOG, beside};
use super::mark::{self, Mark};
use super::{Connected, JournalError, Result, open_file, orders, owner, place, schema};
use crate::clock::{now_ms, to_text};
use crate::vocabulary::ErrorCode;
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode as Sqlite, OpenFlags, params_from_iter};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// So much of a file is searched for what only a journal has.
const SEARCHED: u64 = 1 << 20;
/// What stands in the tables of every journal, and in no other file that consists of whole pages.
const TRACE: &[u8] = b"CREATE UNIQUE INDEX orders_by_held_ref ON orders";

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
    beside::check(path)?;
    // In this order: the log of a journal that is just being made comes after its first page.
    match beside::has_log(path) && place::is_empty(path) {
        true => Err(error("it is empty, and its write-ahead log is not")),
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
    if is_half_made
        || place::is_empty(path)
        || owner::is_anyone_alive(path)
        || beside::has_log(path)
    {
        return Ok(());
    }
    let begins = beside::open(path, false).and_then(|file| beside::beginning(&file));
    match begins {
        Ok(bytes) if !bytes.starts_with(HEADER) => {
            check_trace(path)?;
            Err(error("it is no database"))
        }
        // Whatever keeps it from being read keeps SQLite too, which then says so.
        _ => Ok(()),
    }
}

/// Opens a journal that seems damaged: as it is, if it is whole after all; otherwise a new one in its
/// place, and the old one beside it. What shows no trace of a journal stays where it is.
pub(super) fn mend(path: &Path) -> Result<(Connected, Option<SetAside>)> {
    let unwritable = |error: io::Error| {
        JournalError::new(
            ErrorCode::JournalCorrupt,
            format!(
                "The journal file {} is damaged, and cannot be set aside ({error}). Move it away; the till makes a new one.",
                path.display()
            ),
        )
    };
    check_trace(path)?;
    let mark = mark::hold(path).map_err(unwritable)?;
    let begun = match Mark::of(path, &mark) {
        Mark::Begun(suffix) => Some(beside(path, &suffix)),
        _ => None,
    };
    let found = match begun.is_none().then(|| open_file(path)) {
        Some(Ok(opened)) if is_whole(&opened.connection) => Ok((opened, None)),
        // Nothing is known yet: the suspicion stays.
        Some(Err(error)) if !error.damage => return Err(error),
        damaged => {
            drop(damaged);
            let aside = match begun {
                Some(aside) => aside,
                None => {
                    check_idle(path)?;
                    let suffix = dated(path, mark::ASIDE);
                    mark::begin(path, &mark, &suffix).map_err(unwritable)?;
                    beside(path, &suffix)
                }
            };
            rename(path, &aside).map_err(unwritable)?;
            let mut opened = open_file(path)?;
            let taken_over = take_over(&mut opened.connection, &aside)?;
            Ok((
                opened,
                Some(SetAside {
                    path: aside,
                    taken_over,
                }),
            ))
        }
    };
    mark::remove(path);
    // Were it there again after a power cut, old orders would be taken over into a later day.
    sync_folder(path).map_err(unwritable)?;
    found
}

/// Nothing is moved away from under a till.
fn check_idle(path: &Path) -> Result<()> {
    match owner::is_anyone_alive(path) {
        false => Ok(()),
        true => Err(JournalError::new(
            ErrorCode::JournalCorrupt,
            "The journal is damaged, and another till is at work with it. Close every till of this journal, then open one again: the file is then set aside under a dated name.",
        )),
    }
}

/// Refuses to move what may be anybody's file. Only while no till has it open: to close it would drop
/// this process's locks on it.
fn check_trace(path: &Path) -> Result<()> {
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

/// How a journal's name can go on with a date, where nothing has such a name.
pub(super) fn dated(path: &Path, begin: &str) -> String {
    // Without the colons, which Windows does not allow, and without fractions of a second.
    let date: String = to_text(now_ms())
        .chars()
        .take(19)
        .filter(|c| *c != ':')
        .collect();
    let mut suffix = format!("{begin}{date}");
    let mut number = 2;
    while is_there(&beside(path, &suffix)) {
        suffix = format!("{begin}{date}-{number}");
        number += 1;
    }
    suffix
}

/// Whether a journal, or a companion of one, has this name.
pub(super) fn is_there(path: &Path) -> bool {
    ["", WRITE_AHEAD_LOG, INDEX_OF_IT]
        .iter()
        .any(|suffix| fs::symlink_metadata(beside(path, suffix)).is_ok())
}

/// Makes the names of the journal's folder durable.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
    // Windows has no such call, and keeps the order of names by itself.
    #[cfg(not(unix))]
    {
        let _ = path;
        Ok(())
    }
}

/// Looks through the whole file.
pub(super) fn is_whole(connection: &Connection) -> bool {
    let found = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    found.is_ok_and(|found| found == "ok")
}

/// Moves the journal and its companions out of the way, or what of them is not moved yet.
fn rename(path: &Path, aside: &Path) -> io::Result<()> {
    if aside.exists() && path.exists() {
        // The new journal is there already: it comes after the rest.
        return Ok(());
    }
    // The journal first: a log that is left without it is noticed by the next opening.
    for companion in ["", WRITE_AHEAD_LOG, INDEX_OF_IT] {
        match fs::rename(beside(path, companion), beside(aside, companion)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    sync_folder(path)
}

/// Copies the unfinished orders that can still be read, with their open steps; those that are there
/// already stay as they are. What cannot be read is passed over, what cannot be written is an error.
fn take_over(new: &mut Connection, aside: &Path) -> Result<usize> {
    if fs::metadata(aside).map_or(0, |file| file.len()) == 0 {
        // There is nothing to read, and SQLite would delete the write-ahead log of an empty file.
        return Ok(0);
    }
    let mut taken_over = 0;
    let Legible { days, orders } = match legible(aside) {
        Ok(legible) => legible,
        // This says nothing of the old journal: another try may well read it.
        Err(error) if is_passing(&error) => return Err(error.into()),
        Err(_) => Legible::default(),
    };
    for day in days {
        match day.insert(new) {
            Err(error) if error.sqlite_error_code() != Some(Sqlite::ConstraintViolation) => {
                return Err(error.into());
            }
            _ => {}
        }
    }
    for (id, order) in orders {
        let transaction = new.transaction()?;
        let written = order.iter().try_for_each(|row| row.insert(&transaction));
        // Whatever version wrote it: it goes on if this one can read it, and is passed over if not.
        if written.is_ok() && orders::by_id(&transaction, id).is_err() {
            continue;
        }
        // The delivery report that was to tell of it is not here.
        transaction.execute("UPDATE orders SET to_report = 0 WHERE to_report > 0", [])?;
        match written {
            Ok(()) => {
                transaction.commit()?;
                taken_over += 1;
            }
            // Damaged beyond what a journal holds.
            Err(error) if error.sqlite_error_code() == Some(Sqlite::ConstraintViolation) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(taken_over)
}

/// A full disk, or another program that looks at the file.
fn is_passing(error: &rusqlite::Error) -> bool {
    use Sqlite::{CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull};
    let code = error.sqlite_error_code();
    matches!(
        code,
        Some(CannotOpen | DatabaseBusy | DatabaseLocked | DiskFull)
    )
}

/// What of a damaged journal can be read.
#[derive(Default)]
struct Legible {
    /// The dates on which it was used: the orders are no younger for the damage.
    days: Vec<Copied>,
    /// The rows of each unfinished order, with its number.
    orders: Vec<(i64, Vec<Copied>)>,
}

fn legible(aside: &Path) -> rusqlite::Result<Legible> {
    let old = Connection::open_with_flags(aside, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut orders = Vec::new();
    // Every one; a journal of before version 3 has none.
    let days = copied(&old, "days", "1", 1).unwrap_or_default();
    let has_contents = old.prepare("SELECT order_id FROM contents").is_ok();
    let mut ids = old.prepare("SELECT id FROM orders WHERE finished = 0")?;
    let mut rows = ids.query([])?;
    // The first row that cannot be read ends it: SQLite does not find the way beyond it.
    while let Ok(Some(row)) = rows.next() {
        let Ok(id) = row.get::<_, i64>(0) else {
            continue;
        };
        let order = (|| {
            let mut order = copied(&old, "orders", "id", id)?;
            let open = "answered_at IS NULL AND order_id";
            order.extend(copied(&old, "steps", open, id)?);
            // A journal of before version 3 has it in `orders`.
            if has_contents {
                order.extend(copied(&old, "contents", "order_id", id)?);
                order.extend(copied(&old, "refusals", "order_id", id)?);
            }
            Ok::<_, JournalError>((id, order))
        })();
        orders.extend(order.ok());
    }
    Ok(Legible { days, orders })
}

/// A row of one table, column by column: an older journal has fewer.
struct Copied {
    table: &'static str,
    names: String,
    values: Vec<Value>,
}

impl Copied {
    fn insert(&self, new: &Connection) -> rusqlite::Result<()> {
        let Copied {
            table,
            names,
            values,
        } = self;
        let places = vec!["?"; values.len()].join(", ");
        let insert = format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({places})");
        new.prepare(&insert)?
            .execute(params_from_iter(values))
            .map(drop)
    }
}

/// The rows of one table that belong to an order.
fn copied(old: &Connection, table: &'static str, condition: &str, id: i64) -> Result<Vec<Copied>> {
    let mut select = old.prepare(&format!("SELECT * FROM {table} WHERE {condition} = ?1"))?;
    let names = select.column_names().collect::<Vec<_>>().join(", ");
    let mut rows = select.query([id])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let values = (0..row.as_ref().column_count()).map(|at| row.get(at));
        found.push(Copied {
            table,
            names: names.clone(),
            values: values.collect::<rusqlite::Result<_>>()?,
        });
    }
    Ok(found)
}

//! A journal that is damaged is set aside under a dated name and reported, never silently replaced;
//! what is still legible of the unfinished orders, and of those that are still to be shipped, goes on in the new one.
//!
//! Damage shows when the file is opened, or later, when SQLite comes upon it: then a small file
//! beside the journal says so to the next opening, which looks through the whole journal before it
//! believes it. (To look through it at every opening would take longer with every sale.)
//!
//! The same small file carries a till that dies in the middle of it: before anything is moved, it
//! says where to, and it goes only when all that is legible is safe in the new journal. Whoever opens
//! the journal in between takes it up from there.

use super::access::SetAside;
use super::beside::{INDEX_OF_IT, ROLLBACK, WRITE_AHEAD_LOG, beside, dated, sync_folder};
use super::connection::{Connected, open_file};
use super::error::{JournalError, Result};
use super::mark::{self, Mark};
use super::{damage, noting, orders, owner};
use crate::vocabulary::ErrorCode;
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode as Sqlite, OpenFlags, params_from_iter};
use std::fs;
use std::io;
use std::path::Path;

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
    damage::check_trace(path)?;
    let mark = mark::hold(path).map_err(unwritable)?;
    let begun = match Mark::of(path, &mark) {
        Mark::Begun(suffix) => Some(beside(path, &suffix)),
        _ => None,
    };
    let found = match begun.is_none().then(|| open_file(path)) {
        Some(Ok(opened)) if damage::is_whole(&opened.connection) => Ok((opened, None)),
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

/// Moves the journal and its companions out of the way, or what of them is not moved yet.
fn rename(path: &Path, aside: &Path) -> io::Result<()> {
    if aside.exists() && path.exists() {
        // The new journal is there already: it comes after the rest.
        return Ok(());
    }
    // The journal first: a log that is left without it is noticed by the next opening.
    for companion in ["", WRITE_AHEAD_LOG, INDEX_OF_IT, ROLLBACK] {
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
    let Legible {
        apart,
        enrolment,
        orders,
    } = match legible(aside) {
        Ok(legible) => legible,
        // This says nothing of the old journal: another try may well read it.
        Err(error) if is_passing(&error) => return Err(error.into()),
        Err(_) => Legible::default(),
    };
    for row in apart {
        match row.insert(new) {
            Err(error) if error.sqlite_error_code() != Some(Sqlite::ConstraintViolation) => {
                return Err(error.into());
            }
            _ => {}
        }
    }
    enrol(new, &enrolment)?;
    for (id, order) in orders {
        let transaction = new.transaction()?;
        let written = order.iter().try_for_each(|row| row.insert(&transaction));
        // Whatever version wrote it: it goes on if this one can read it, and is passed over if not.
        let read = orders::by_id(&transaction, id);
        if written.is_ok() && read.is_err() {
            continue;
        }
        // The delivery report that was to tell of it is not here.
        transaction.execute("UPDATE orders SET to_report = 0 WHERE to_report > 0", [])?;
        match written {
            Ok(()) => {
                transaction.commit()?;
                let is_unfinished = read.is_ok_and(|order| !order.life.is_finished());
                taken_over += usize::from(is_unfinished);
            }
            // Damaged beyond what a journal holds.
            Err(error) if error.sqlite_error_code() == Some(Sqlite::ConstraintViolation) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(taken_over)
}

/// The office knows the till as before. None of what was noted is here: the office sees by that what has happened, and
/// what goes on is noted as it is taken over.
fn enrol(new: &mut Connection, enrolment: &[Copied]) -> Result<()> {
    let transaction = new.transaction()?;
    let is_enrolled = "SELECT EXISTS (SELECT 1 FROM forwarding)";
    let is_enrolled = transaction.query_row(is_enrolled, [], |row| row.get(0))?;
    if let ([row], false) = (enrolment, is_enrolled)
        && row.insert(&transaction).is_ok()
    {
        noting::begin(&transaction)?;
        noting::note_the_rest(&transaction)?;
        transaction.commit()?;
    }
    Ok(())
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
    /// The dates on which it was used: the orders are no younger for the damage. And what the office has taken over.
    apart: Vec<Copied>,
    /// With the office, where it was enrolled.
    enrolment: Vec<Copied>,
    /// The rows of each order that goes on, with its number.
    orders: Vec<(i64, Vec<Copied>)>,
}

fn legible(aside: &Path) -> rusqlite::Result<Legible> {
    let old = Connection::open_with_flags(aside, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut orders = Vec::new();
    // Every one; a journal of before version 3 has none.
    let all = |table| copied(&old, table, "1", 1).unwrap_or_default();
    let apart = [all("days"), all("taken_over")].concat();
    let enrolment = all("forwarding");
    let has_contents = old.prepare("SELECT order_id FROM contents").is_ok();
    let mut ids = numbers(&old, "SELECT id FROM orders WHERE finished = 0")?;
    // What is sold and still to be shipped is not done either.
    let to_ship = numbers(&old, "SELECT order_id FROM unshipped").unwrap_or_default();
    ids.extend(to_ship);
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let order = (|| {
            let mut order = copied(&old, "orders", "id", id)?;
            let open = "answered_at IS NULL AND order_id";
            order.extend(copied(&old, "steps", open, id)?);
            // A journal of before version 3 has it in `orders`.
            if has_contents {
                order.extend(copied(&old, "contents", "order_id", id)?);
                order.extend(copied(&old, "refusals", "order_id", id)?);
                order.extend(copied(&old, "names", "order_id", id)?);
                order.extend(copied(&old, "unshipped", "order_id", id)?);
            }
            Ok::<_, JournalError>((id, order))
        })();
        orders.extend(order.ok());
    }
    Ok(Legible {
        apart,
        enrolment,
        orders,
    })
}

/// The numbers that a query finds. The first row that cannot be read ends it: SQLite does not find the way beyond it.
fn numbers(old: &Connection, query: &str) -> rusqlite::Result<Vec<i64>> {
    let mut ids = old.prepare(query)?;
    let mut rows = ids.query([])?;
    let mut found = Vec::new();
    while let Ok(Some(row)) = rows.next() {
        found.extend(row.get::<_, i64>(0).ok());
    }
    Ok(found)
}

/// A row of one table, column by column: an older journal has fewer.
#[derive(Clone)]
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

//! A journal made again of what the office has of it, where its disk is gone. Marked as a copy ([`super::copies`]): a person
//! says where it becomes a journal, and what was sold since is not in it.

use super::chain::BEGINNING;
use super::collected::{Cell, Row};
use super::copies::{Draft, exists, finished};
use super::door::Door;
use super::error::{JournalError, Result};
use super::outbox::Identity;
use super::schema::{self, Kind};
use super::{beside, names, noting, orders, place};
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, OpenFlags, params, params_from_iter};
use std::path::{Path, PathBuf};

/// The tables of an order, each behind those that it refers to, and the column with the order's number.
const TABLES: [(&str, Option<&str>); 6] = [
    ("orders", Some("id")),
    ("contents", Some("order_id")),
    ("steps", Some("order_id")),
    ("refusals", Some("order_id")),
    ("unshipped", Some("order_id")),
    ("taken_over", None),
];
/// Of what is no order's.
const OTHER_TABLES: [(&str, Option<&str>); 2] = [("reports", None), ("taken_over", None)];
/// Figures are noted from now on: those of before are not here.
const AS_OF: &str = "UPDATE journal SET made_at = coalesce((SELECT min(created_at) FROM orders), ?1), \
     copied_at = ?1, figures_since = ?1, journal_id = (SELECT journal_id FROM forwarding)";
const ENROLLED: &str =
    "INSERT INTO forwarding (id, journal_id, incarnation, epoch) VALUES (1, ?1, ?2, ?3)";
const ANCHOR: &str = "INSERT INTO log_anchor (id, entry_id, hash) VALUES (1, ?1, ?2)";
/// The hashes up to here cover words that are no more in the entries.
const REANCHORED: &str = "INSERT INTO log_reanchored (id, entry_id, hash, at) SELECT 1, ?1, \
     coalesce((SELECT hash FROM log WHERE id = ?1), (SELECT hash FROM log_anchor), x''), ?2";

/// What is left out of a journal that is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// An order, with everything of it.
    Order,
    /// An entry of the log.
    Entry,
    /// A row of what is no order's.
    Row,
}

/// Something that is not in it, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What it is.
    pub part: Part,
    /// The order's number, or the entry's.
    pub id: i64,
    /// A sentence, with nothing of any shopper.
    pub why: String,
}

/// What was made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// Where; absolute.
    pub to: PathBuf,
    /// Bytes.
    pub size: u64,
    /// Orders in it.
    pub orders: u64,
    /// Entries of the log in it.
    pub entries: u64,
    /// What is not in it.
    pub left_out: Vec<LeftOut>,
}

/// A journal that is being made again.
pub struct Rebuilding {
    connection: Connection,
    draft: Draft,
    to: PathBuf,
    as_of: i64,
    orders: u64,
    entries: u64,
    last_entry: Option<i64>,
    left_out: Vec<LeftOut>,
}

impl std::fmt::Debug for Rebuilding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rebuilding of {:?}", self.to)
    }
}

impl Rebuilding {
    /// Begins one. There must be nothing at `to`. `identity`: the life of the journal that it is made of; what becomes of it
    /// goes on as another life of the same journal. `as_of`: when the office last heard of it, ms.
    pub fn begin(to: &Path, identity: &Identity, as_of: i64) -> Result<Rebuilding> {
        let (to, there) = place::resolve(to)?;
        if there.is_some() || beside::is_there(&to) {
            return Err(exists(&to));
        }
        let draft = Draft::beside(&to)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(draft.path(), flags)?;
        connection.pragma_update(None, "page_size", schema::PAGE_BYTES as i64)?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        // Nobody reads it before it has its name, and then it is on the disk.
        connection.pragma_update(None, "synchronous", "OFF")?;
        let transaction = connection.transaction()?;
        schema::bring_to(&transaction, 0, schema::VERSION)?;
        let values = params![identity.journal_id, identity.incarnation, identity.epoch];
        transaction.run(ENROLLED, values)?;
        transaction.commit()?;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        Ok(Rebuilding {
            connection,
            draft,
            to,
            as_of,
            orders: 0,
            entries: 0,
            last_entry: None,
            left_out: Vec::new(),
        })
    }

    /// An order with its rows, each with its table; number 0: what is no order's. `version`: of the schema that the rows are
    /// of. What cannot be in a journal is left out.
    pub fn order(&mut self, id: i64, version: i32, rows: &[(String, Row)]) -> Result<()> {
        if version != schema::VERSION {
            let why = format!("its rows are of version {version} of the journal");
            self.leave_out(Part::Order, id, why);
            return Ok(());
        }
        if id == 0 {
            return self.of_no_order(rows);
        }
        self.connection.execute_batch("SAVEPOINT one")?;
        match self.whole_order(id, rows) {
            Ok(()) => {
                self.connection.execute_batch("RELEASE one")?;
                self.orders += 1;
                Ok(())
            }
            Err(strange) => {
                self.connection
                    .execute_batch("ROLLBACK TO one; RELEASE one")?;
                strange
                    .or_fail()
                    .map(|why| self.leave_out(Part::Order, id, why))
            }
        }
    }

    fn whole_order(&self, id: i64, rows: &[(String, Row)]) -> std::result::Result<(), Strange> {
        let is_known = |name: &str| TABLES.iter().any(|(table, _)| *table == name);
        if let Some((table, _)) = rows.iter().find(|(table, _)| !is_known(table)) {
            let why = match table.as_str() {
                "left_out" => "a part of it was too large to be sent to the office".to_owned(),
                _ => format!("it has a row of another kind ({})", legible(table)),
            };
            return Err(Strange::Left(why));
        }
        for (table, key) in TABLES {
            let of_table = rows.iter().filter(|(name, _)| name == table);
            for (_, row) in of_table {
                let is_its_own = |key| cell(row, key) == Some(&Cell::Integer(id));
                if key.is_some_and(|key| !is_its_own(key)) {
                    return Err(Strange::Left(format!(
                        "a row of {table} is another order's"
                    )));
                }
                self.insert(table, row)?;
            }
        }
        let record = orders::by_id(&self.connection, id)
            .map_err(|_| Strange::Left("it cannot be read as an order".to_owned()))?;
        // It is found by its names as before.
        names::keep_cart_ref(&self.connection, id, record.cart_ref().as_deref())?;
        if record.life.is_finished() && !record.life.state.holds_ref() {
            names::keep_given_up(&self.connection, id)?;
        }
        Ok(())
    }

    fn of_no_order(&mut self, rows: &[(String, Row)]) -> Result<()> {
        for (name, row) in rows {
            let found = OTHER_TABLES.iter().find(|(table, _)| table == name);
            let written = match found {
                Some((table, _)) => self.insert(table, row),
                None => Err(Strange::Left(format!(
                    "a row of another kind ({})",
                    legible(name)
                ))),
            };
            if let Err(strange) = written {
                let why = strange.or_fail()?;
                self.leave_out(Part::Row, 0, why);
            }
        }
        Ok(())
    }

    /// An entry of the log; the oldest first.
    pub fn entry(&mut self, row: &Row) -> Result<()> {
        let id = match cell(row, "id") {
            Some(Cell::Integer(id)) => *id,
            _ => 0,
        };
        if let (None, Some(Cell::Blob(hash))) = (self.last_entry, cell(row, "previous_hash"))
            && *hash != BEGINNING
        {
            // Older ones were removed by their age.
            self.connection.run(ANCHOR, params![id - 1, hash])?;
        }
        match self.insert("log", row) {
            Ok(()) => {
                self.last_entry = Some(id);
                self.entries += 1;
            }
            Err(strange) => {
                let why = strange.or_fail()?;
                self.leave_out(Part::Entry, id, why);
            }
        }
        Ok(())
    }

    /// Gives it its name, as a copy. `reanchored_until`: as the journal's frames say it.
    pub fn finish(self, reanchored_until: Option<i64>) -> Result<Rebuilt> {
        if let Some(until) = reanchored_until {
            self.connection.run(REANCHORED, [until, self.as_of])?;
        }
        self.connection.run(AS_OF, [self.as_of])?;
        self.connection.execute_batch("COMMIT")?;
        let transaction = self.connection.unchecked_transaction()?;
        // What goes on in it is noted, for the office that it was made by.
        noting::begin(&transaction)?;
        noting::note_the_rest(&transaction)?;
        schema::mark(
            &transaction,
            Kind {
                version: schema::VERSION,
                is_copy: true,
            },
        )?;
        transaction.commit()?;
        let size = finished(self.connection, self.draft.path())?;
        self.draft.name(&self.to, false)?;
        Ok(Rebuilt {
            to: self.to,
            size,
            orders: self.orders,
            entries: self.entries,
            left_out: self.left_out,
        })
    }

    fn leave_out(&mut self, part: Part, id: i64, why: String) {
        self.left_out.push(LeftOut { part, id, why });
    }

    fn insert(&self, table: &str, row: &Row) -> std::result::Result<(), Strange> {
        let is_name = |name: &str| {
            let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
            !name.is_empty() && name.chars().all(is_letter)
        };
        if let Some((name, _)) = row.iter().find(|(name, _)| !is_name(name)) {
            let why = format!("{table} has no column {}", legible(name));
            return Err(Strange::Left(why));
        }
        let names: Vec<&str> = row.iter().map(|(name, _)| name.as_str()).collect();
        let places = vec!["?"; row.len()].join(", ");
        let insert = format!(
            "INSERT INTO {table} ({}) VALUES ({places})",
            names.join(", ")
        );
        let mut statement = match self.connection.prepare_cached(&insert) {
            Ok(statement) => statement,
            Err(_) => return Err(Strange::Left(format!("{table} has other columns"))),
        };
        statement.execute(params_from_iter(row.iter().map(|(_, cell)| value(cell))))?;
        Ok(())
    }
}

/// Why something is not written.
enum Strange {
    /// It is no journal's: it is left out.
    Left(String),
    /// The file cannot be written.
    Failed(JournalError),
}

impl Strange {
    fn or_fail(self) -> Result<String> {
        match self {
            Strange::Left(why) => Ok(why),
            Strange::Failed(error) => Err(error),
        }
    }
}

impl From<JournalError> for Strange {
    fn from(error: JournalError) -> Strange {
        Strange::Failed(error)
    }
}

impl From<rusqlite::Error> for Strange {
    fn from(error: rusqlite::Error) -> Strange {
        match error.sqlite_error_code() {
            // SQLite names the table and the column, and no value.
            Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig) => {
                Strange::Left(format!("a journal cannot have it ({error})"))
            }
            _ => Strange::Failed(error.into()),
        }
    }
}

fn cell<'a>(row: &'a Row, column: &str) -> Option<&'a Cell> {
    let found = row.iter().find(|(name, _)| name == column);
    found.map(|(_, cell)| cell)
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Integer(number) => Value::Integer(*number),
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Blob(bytes) => Value::Blob(bytes.clone()),
    }
}

/// A name that somebody else has written, as far as it may be repeated.
fn legible(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_graphic)
        .take(40)
        .collect()
}

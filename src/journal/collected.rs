//! What the forwarder carries to the office: the states of what has changed, whatever lies between.

use super::door::Door;
use super::error::Result;
use super::outbox::{Outbox, Position, newest};
use super::schema;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};
use std::collections::HashSet;
use std::ops::ControlFlow::{Break, Continue};

/// As many notes are gone through at once: what they are about is mostly the same few orders.
const MOST_NOTES: i64 = 50_000;

const NOTES: &str = "SELECT seq, nonce, order_id FROM changes WHERE seq > ?1 ORDER BY seq LIMIT ?2";
const OLDEST: &str = "SELECT seq FROM changes ORDER BY seq LIMIT 1";
const NONCE: &str = "SELECT nonce FROM changes WHERE seq = ?1";
const HEAD: &str = "SELECT id, hash FROM log ORDER BY id DESC LIMIT 1";
const REANCHORED: &str = "SELECT entry_id FROM log_reanchored";
const ENTRIES: &str = "SELECT * FROM log WHERE id > ?1 ORDER BY id LIMIT ?2";
/// Of one order, the parts in which it is kept. Its names follow from them: its `order_ref_1`, and the `cart_ref` of its
/// content or its carts.
const PARTS: [(&str, &str); 6] = [
    ("orders", "SELECT * FROM orders WHERE id = ?1"),
    ("contents", "SELECT * FROM contents WHERE order_id = ?1"),
    (
        "steps",
        "SELECT * FROM steps WHERE order_id = ?1 ORDER BY id",
    ),
    ("refusals", "SELECT * FROM refusals WHERE order_id = ?1"),
    ("unshipped", "SELECT * FROM unshipped WHERE order_id = ?1"),
    (
        "taken_over",
        "SELECT taken_over.* FROM orders CROSS JOIN taken_over USING (uuid, endpoint) WHERE id = ?1",
    ),
];
/// Of what is no order's: every delivery report without an answer, and the fences of orders that are not here.
const OTHER_PARTS: [(&str, &str); 2] = [
    ("reports", "SELECT * FROM reports ORDER BY id"),
    (
        "taken_over",
        "SELECT * FROM taken_over WHERE NOT EXISTS \
         (SELECT 1 FROM orders WHERE orders.uuid = taken_over.uuid AND orders.endpoint = taken_over.endpoint)",
    ),
];

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A number, a moment (ms), cents, or a yes or no.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// A row, column by column with its name.
pub type Row = Vec<(String, Cell)>;

/// What the journal has of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderRows {
    /// The journal's number of it; 0: what is no order's.
    pub order_id: i64,
    /// Every row of it, with its table. A table that has none is not named.
    pub rows: Vec<(&'static str, Row)>,
}

/// The states of what has changed from one position to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// Where the stream stands after it.
    pub to: Position,
    /// Where it stands here.
    pub newest: Position,
    /// Of which version the rows are.
    pub schema: i32,
    /// Each once, as it is now, which may be later than `to`.
    pub orders: Vec<OrderRows>,
    /// The log's entries, the oldest first.
    pub entries: Vec<Row>,
    /// The newest entry of the log: its number and its hash.
    pub head: Option<(i64, Vec<u8>)>,
    /// Up to this entry the log's hashes cover what is no more in it; none: they are whole.
    pub reanchored_until: Option<i64>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// From where on; none: from the beginning.
    pub from: Option<Position>,
    /// The last entry of the log that the office has.
    pub entries_after: i64,
    /// At most so many orders, and entries.
    pub most: usize,
    /// Not more than the one that goes beyond so many bytes.
    pub most_bytes: usize,
}

/// What there is from a position on.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Something to carry.
    Changes(Box<Changes>),
    /// The office has everything.
    Nothing,
    /// Notes as old as this are no longer kept: everything has to be said anew.
    TooOld,
    /// This disk has never been at that position: it was put back, or it is a copy.
    Elsewhere,
}

impl Outbox {
    /// What has changed since a position. A moment's read: it keeps nobody's write-ahead log.
    pub fn changes(&self, wanted: Wanted) -> Result<Reading> {
        self.read(|connection| {
            let Some(newest) = newest(connection)? else {
                return Ok(Reading::Nothing);
            };
            if let Some(from) = wanted.from {
                let nonce: Option<i64> =
                    connection.first(NONCE, [from.seq], |row| Ok(row.get(0)?))?;
                let oldest: i64 = connection.one(OLDEST, [], |row| Ok(row.get(0)?))?;
                match nonce {
                    Some(nonce) if nonce == from.nonce => {}
                    None if from.seq < oldest => return Ok(Reading::TooOld),
                    _ => return Ok(Reading::Elsewhere),
                }
            }
            collect(connection, wanted, newest)
        })
    }
}

fn collect(connection: &Connection, wanted: Wanted, newest: Position) -> Result<Reading> {
    let since = wanted.from.map_or(0, |from| from.seq);
    let limit = wanted.most as i64;
    let entries = rows(connection, ENTRIES, params![wanted.entries_after, limit])?;
    // An entry that does not go along is not gone past.
    let last_entry = match entries.last() {
        Some(row) if entries.len() >= wanted.most => number_of(row),
        _ => i64::MAX,
    };
    let mut orders = Vec::new();
    let mut seen = HashSet::new();
    let mut bytes = 0;
    let mut to = None;
    connection.each(NOTES, [since, MOST_NOTES], |row| {
        let order_id: i64 = row.get(2)?;
        if -order_id > last_entry && to.is_some() {
            return Ok(Break(()));
        }
        if order_id >= 0 && !seen.contains(&order_id) {
            if orders.len() >= wanted.most || bytes > wanted.most_bytes {
                return Ok(Break(()));
            }
            seen.insert(order_id);
            let state = state(connection, order_id)?;
            bytes += state
                .rows
                .iter()
                .map(|(_, row)| bytes_of(row))
                .sum::<usize>();
            orders.push(state);
        }
        to = Some(Position {
            seq: row.get(0)?,
            nonce: row.get(1)?,
        });
        Ok(Continue(()))
    })?;
    let Some(to) = to else {
        return Ok(Reading::Nothing);
    };
    Ok(Reading::Changes(Box::new(Changes {
        to,
        newest,
        schema: schema::VERSION,
        orders,
        entries,
        head: connection.first(HEAD, [], |row| Ok((row.get(0)?, row.get(1)?)))?,
        reanchored_until: connection.first(REANCHORED, [], |row| Ok(row.get(0)?))?,
    })))
}

/// An entry's number.
fn number_of(row: &Row) -> i64 {
    match row.iter().find(|(name, _)| name == "id") {
        Some((_, Cell::Integer(number))) => *number,
        _ => i64::MAX,
    }
}

fn state(connection: &Connection, order_id: i64) -> Result<OrderRows> {
    let mut all = Vec::new();
    let mut add = |table, found: Vec<Row>| all.extend(found.into_iter().map(|row| (table, row)));
    match order_id {
        0 => {
            for (table, query) in OTHER_PARTS {
                add(table, rows(connection, query, &[])?);
            }
        }
        _ => {
            for (table, query) in PARTS {
                add(table, rows(connection, query, params![order_id])?);
            }
        }
    }
    Ok(OrderRows {
        order_id,
        rows: all,
    })
}

fn rows(connection: &Connection, query: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(query)?;
    let names = statement.column_names();
    let names: Vec<String> = names.map(str::to_owned).collect();
    let mut found = statement.query(values)?;
    let mut all = Vec::new();
    while let Some(row) = found.next()? {
        let cells = names.iter().enumerate().map(|(at, name)| {
            let cell = match row.get_ref(at)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(number) => Cell::Integer(number),
                ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(bytes) => Cell::Blob(bytes.to_vec()),
                // No table of a journal has one.
                ValueRef::Real(number) => Cell::Text(number.to_string()),
            };
            Ok((name.clone(), cell))
        });
        all.push(cells.collect::<Result<Row>>()?);
    }
    Ok(all)
}

fn bytes_of(row: &Row) -> usize {
    let cell = |(name, cell): &(String, Cell)| {
        name.len()
            + match cell {
                Cell::Null | Cell::Integer(_) => 8,
                Cell::Text(text) => text.len(),
                Cell::Blob(bytes) => bytes.len(),
            }
    };
    row.iter().map(cell).sum()
}

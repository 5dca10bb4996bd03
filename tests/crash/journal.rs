//! The journal as it lies on the disk, read without the library.

use crate::oracle::is_step;
use ring::digest::{Context, SHA256};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value, json};
use std::path::Path;

/// A row, by column. Blobs are written in hexadecimal.
pub type Row = Map<String, Value>;

/// Every row of the tables that matter, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dump {
    pub orders: Vec<Row>,
    pub steps: Vec<Row>,
    pub log: Vec<Row>,
    /// What SQLite itself finds wrong with the file; "ok" for nothing.
    pub integrity: String,
}

impl Dump {
    /// A journal that was never made is an empty one.
    pub fn read(path: &Path) -> Dump {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let empty = Dump {
            integrity: "ok".to_owned(),
            ..Dump::default()
        };
        if !path.metadata().is_ok_and(|file| file.len() > 0) {
            return empty;
        }
        let connection = Connection::open_with_flags(path, flags).expect("the journal opens");
        let made: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .expect("the journal can be read");
        if made == 0 {
            return empty;
        }
        Dump {
            orders: orders(&connection),
            steps: table(&connection, "steps"),
            log: table(&connection, "log"),
            integrity: connection
                .query_row("PRAGMA integrity_check", [], |row| row.get(0))
                .expect("the journal can be read"),
        }
    }

    pub fn order(&self, uuid: &str) -> Option<&Row> {
        self.orders.iter().find(|row| row["uuid"] == uuid)
    }

    /// The steps of one kind of an order.
    pub fn steps_of<'a>(&'a self, order: &'a Row, step: &'a str) -> impl Iterator<Item = &'a Row> {
        let of_order = move |row: &&Row| row["order_id"] == order["id"] && is_step(row, step);
        self.steps.iter().filter(of_order)
    }

    /// Where the log's hash chain is broken, computed anew from the columns.
    pub fn broken_link(&self) -> Option<String> {
        let mut previous = hex(&[0; 32]);
        for (at, row) in self.log.iter().enumerate() {
            let columns = [
                "id",
                "at",
                "order_id",
                "uuid",
                "merchant_id",
                "order_ref_1",
                "amount",
                "currency",
                "step",
                "state",
                "status",
                "http_status",
                "request_id",
                "elapsed_ms",
                "description",
            ];
            let covered: Vec<&Value> = columns.iter().map(|name| &row[*name]).collect();
            let mut context = Context::new(&SHA256);
            context.update(&bytes(&previous));
            context.update(json!(covered).to_string().as_bytes());
            let hash = hex(context.finish().as_ref());
            let fits =
                row["id"] == at + 1 && row["previous_hash"] == previous && row["hash"] == hash;
            if !fits {
                return Some(format!("entry {}", row["id"]));
            }
            previous = hash;
        }
        None
    }
}

/// The orders, each with its content and its carts, wherever these stand.
fn orders(connection: &Connection) -> Vec<Row> {
    let mut orders = table(connection, "orders");
    if connection.prepare("SELECT order_id FROM contents").is_err() {
        // A version of before had no such table.
        return orders;
    }
    for order in &mut orders {
        for column in ["content", "carts"] {
            let query = format!("SELECT {column} FROM contents WHERE order_id = ?1");
            let kept = connection.query_row(&query, [order["id"].as_i64()], |row| {
                row.get::<_, Option<String>>(0)
            });
            if let Ok(Some(kept)) = kept {
                order.insert(column.to_owned(), kept.into());
            }
        }
        // Until the content goes, its carts are in it.
        if order["carts"].is_null() {
            order.insert("carts".to_owned(), order["content"].clone());
        }
    }
    orders
}

fn table(connection: &Connection, name: &str) -> Vec<Row> {
    let mut statement = connection
        .prepare(&format!("SELECT * FROM {name} ORDER BY id"))
        .expect("the journal has its tables");
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let rows = statement.query_map([], |row| {
        let mut read = Row::new();
        for (at, name) in names.iter().enumerate() {
            let value = match row.get_ref(at)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => number.into(),
                ValueRef::Real(number) => number.into(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
                ValueRef::Blob(blob) => hex(blob).into(),
            };
            read.insert(name.clone(), value);
        }
        Ok(read)
    });
    rows.expect("the journal can be read")
        .map(|row| row.expect("the journal can be read"))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.map(pair).collect()
}

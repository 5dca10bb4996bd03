//! A shop's past: a journal with many settled orders, beside one with none. Made once, and kept.

use crate::contest::{self, Contestant};
use crate::orders;
use crate::peer::{self, PAID, Peer};
use crate::support::c;
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};

/// Two journals that differ in nothing but their past, and who plays seQura's part for them.
pub struct History {
    pub peer: Peer,
    pub without: PathBuf,
    pub with: PathBuf,
}

impl History {
    /// Those of this folder; made where there are none, or where they are of another version's making.
    pub fn of(folder: &Path, settled: u64) -> History {
        let (without, with) = (
            folder.join("without.journal"),
            folder.join(format!("{settled}.journal")),
        );
        if let Some(port) = kept(&without, &with) {
            let peer = Peer::start_at(folder, port);
            return History {
                peer,
                without,
                with,
            };
        }
        println!(
            "making a history of {settled} settled orders, to be kept as {}",
            with.display()
        );
        // There may be none.
        let _ = fs::remove_dir_all(folder);
        let peer = Peer::start(folder);
        begin(&peer, &without);
        let unfinished = folder.join("unfinished");
        fs::copy(&without, &unfinished).expect("there is room");
        multiply(&unfinished, settled)
            .unwrap_or_else(|error| panic!("{}: {error}", unfinished.display()));
        fs::rename(&unfinished, &with).expect("it is ours");
        History {
            peer,
            without,
            with,
        }
    }
}

/// The port that both journals' seQura was at, if they are as this version would make them and it is free.
fn kept(without: &Path, with: &Path) -> Option<u16> {
    let folder = c::scratch("fresh");
    let fresh = folder.join("fresh.journal");
    begin(&Peer::start(&folder), &fresh);
    let (made, _) = made_as(&fresh)?;
    fs::remove_dir_all(folder).expect("it is ours");
    let (kept, endpoint) = made_as(with)?;
    let port = endpoint
        .trim_end_matches('/')
        .rsplit(':')
        .next()?
        .parse()
        .ok()?;
    (kept == made && without.exists()).then_some(())?;
    peer::free_port(port)
}

/// What a journal is made of, and where its seQura is.
fn made_as(journal: &Path) -> Option<(String, String)> {
    if !journal.exists() {
        return None;
    }
    let connection = Connection::open(journal).ok()?;
    let schema =
        "SELECT group_concat(sql) || (SELECT page_size FROM pragma_page_size) FROM sqlite_schema";
    let schema = connection.query_row(schema, [], |row| row.get(0)).ok()?;
    let endpoint = "SELECT endpoint FROM orders WHERE id = 1";
    Some((
        schema,
        connection.query_row(endpoint, [], |row| row.get(0)).ok()?,
    ))
}

/// One order that has all behind it, down to seQura's payment; some that are on their way; and as many more sales as
/// fill a page of the transaction log.
fn begin(peer: &Peer, journal: &Path) {
    let till = peer.till(journal);
    let order = orders::of_lines(peer.folder(), 1);
    let paid = PAID.0.trim_start_matches('R').parse().expect("a number");
    for (first, sales, calls) in [
        (
            paid,
            1,
            "start,form,confirm,reference,ship,report,reconcile",
        ),
        (paid + 1, 10, "start,form"),
        (paid + 11, 25, "start,form,confirm,reference"),
    ] {
        contest::sell(
            peer,
            first,
            sales,
            Contestant::library(calls, &till, &order),
        );
    }
}

/// Copies the finished order with all that belongs to it, until there are so many.
fn multiply(journal: &Path, settled: u64) -> rusqlite::Result<()> {
    let connection = Connection::open(journal)?;
    connection.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA foreign_keys = OFF; BEGIN;",
    )?;
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
    let tables: Vec<String> = connection
        .prepare(tables)?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for table in tables {
        let of_order = match table.as_str() {
            "orders" => "id",
            _ => "order_id",
        };
        let columns = columns(&connection, &table)?;
        if !columns.iter().any(|column| column == of_order) {
            continue;
        }
        let copies: Vec<String> = columns.iter().map(|column| copy_of(column)).collect();
        connection.execute_batch(&format!(
            "CREATE TEMP TABLE one AS SELECT * FROM {table} WHERE {of_order} = 1; \
             WITH RECURSIVE copies (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM copies WHERE number < {}) \
             INSERT INTO {table} ({}) SELECT {} FROM copies CROSS JOIN one; \
             DROP TABLE one;",
            settled - 1,
            columns.join(", "),
            copies.join(", "),
        ))?;
    }
    connection.execute_batch("COMMIT")
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let statement = connection.prepare(&format!("SELECT * FROM {table}"))?;
    Ok(statement.column_names().map(str::to_owned).collect())
}

/// What a column holds in a copy: its own where no two may have the same, and scattered where seQura scatters it.
fn copy_of(column: &str) -> String {
    match column {
        // No table begins with more rows than that.
        "id" | "order_id" | "entry_id" => format!("{column} + number * 1000"),
        "uuid" => "printf('%08x', (number * 2654435761) & 4294967295) || substr(uuid, 9)".into(),
        "order_ref_1" | "cart_ref" => {
            format!("iif({column} IS NULL, NULL, printf('H%013d', number))")
        }
        _ => column.to_owned(),
    }
}

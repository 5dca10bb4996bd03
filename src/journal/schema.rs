//! The journal's tables, version by version, and how a file becomes one of the present version.

use super::beside::{self, beside};
use super::door::Door;
use super::error::{JournalError, Result};
use super::random::random;
use crate::canonical::hex;
use crate::clock::now_ms;
use crate::order::{Order, TwoCarts, unshipped};
use crate::vocabulary::ErrorCode;
use rusqlite::{Connection, Transaction, params};
use std::path::Path;

/// Of a new journal: a step changes a few short rows, and writes the page of each. One that is there keeps its own.
pub(super) const PAGE_BYTES: u64 = 2048;
/// "sqPJ": tells a journal from any other SQLite file.
const APPLICATION_ID: i32 = 0x7371_504a;
/// The number of a copy is that of its version and this: every library, an older one too, takes it for a version that it
/// does not know, and leaves it as it is.
const COPY: i32 = 1_000_000;
/// What each version adds to the one before.
const VERSIONS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
];
/// The present one.
pub(super) const VERSION: i32 = VERSIONS.len() as i32;

pub(super) fn number(connection: &Connection, pragma: &str) -> Result<i32> {
    Ok(connection.pragma_query_value(None, pragma, |row| row.get(0))?)
}

/// What a file is by its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// 0: it is still empty.
    pub(super) version: i32,
    /// Made by [`super::copies`]; no till sells with it.
    pub(super) is_copy: bool,
}

/// The version of a journal, 0 for a file that is still empty; refuses what is no journal, a copy of one, and one
/// that is newer than this library.
pub(super) fn recognise(connection: &Connection) -> Result<i32> {
    let kind = kind(connection)?;
    match kind.is_copy {
        false => Ok(kind.version),
        true => Err(JournalError::new(
            ErrorCode::JournalIsACopy,
            "The file named in `journal` is a copy that `sequra backup` made, and what was sold since is not in it. Name the till's own journal. Where that is gone for good, `sequra restore` makes the copy the journal; the file was not touched.",
        )),
    }
}

/// The same of a file that is only looked at, which a copy may be.
pub(super) fn kind(connection: &Connection) -> Result<Kind> {
    // Read as of one moment: another till may be making the journal right now.
    let transaction = connection.unchecked_transaction()?;
    let version = number(&transaction, "user_version")?;
    let application = number(&transaction, "application_id")?;
    let is_empty = || {
        let tables = "SELECT count(*) FROM sqlite_schema";
        let tables: i64 = transaction.one(tables, [], |row| Ok(row.get(0)?))?;
        Ok::<_, JournalError>(version == 0 && application == 0 && tables == 0)
    };
    if application != APPLICATION_ID && !is_empty()? {
        return Err(JournalError::new(
            ErrorCode::JournalCorrupt,
            "The file named in `journal` is a database of another program. Name a file of the till's own; it is made when it is not there.",
        ));
    }
    let is_copy = version > COPY;
    let version = if is_copy { version - COPY } else { version };
    if version > VERSION {
        return Err(JournalError::new(
            ErrorCode::JournalTooNew,
            format!(
                "The journal was written by a newer version of this library (schema {version}, this one knows {VERSION}). Install that version; the file was not touched."
            ),
        ));
    }
    Ok(Kind { version, is_copy })
}

/// Makes a file a copy of this version, or what it was a copy of.
pub(super) fn mark(connection: &Connection, kind: Kind) -> Result<()> {
    let mark = if kind.is_copy { COPY } else { 0 };
    connection.pragma_update(None, "user_version", kind.version + mark)?;
    Ok(())
}

/// Whether a file begins as a database with the mark of a journal.
pub(super) fn is_marked(bytes: &[u8]) -> bool {
    /// Where SQLite keeps it.
    const AT: usize = 68;
    bytes.get(AT..AT + 4) == Some(&APPLICATION_ID.to_be_bytes())
}

/// Whether a file's header says that all of it is in it, as [`super::connection::mark_closed`] leaves it, and nothing beside
/// it says more.
pub(super) fn is_closed(path: &Path) -> bool {
    /// Where SQLite keeps how the file is read and written: 1 without a log, 2 with one.
    const AT: usize = 18;
    let begins = beside::open(path, false).and_then(|file| beside::beginning(&file));
    let is_bare = [beside::WRITE_AHEAD_LOG, beside::ROLLBACK]
        .iter()
        .all(|suffix| !beside(path, suffix).exists());
    is_bare && begins.is_ok_and(|bytes| bytes.get(AT..AT + 2) == Some(&[1, 1]))
}

/// A journal of this version in memory, to hold a file against.
pub(super) fn model(version: i32) -> Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    let transaction = connection.transaction()?;
    bring_to(&transaction, 0, version)?;
    transaction.commit()?;
    Ok(connection)
}

/// What makes the tables and indexes of the present version, as SQLite keeps it, in the order in which they
/// are made; without those that a later version has dropped.
pub(super) fn definitions() -> Vec<String> {
    let mut made: Vec<String> = Vec::new();
    for step in VERSIONS.iter().flat_map(|version| version.split(";\n")) {
        let statement = without_comments(step);
        if statement.starts_with("CREATE ") {
            made.push(statement.to_owned());
        } else if let Some(index) = statement.strip_prefix("DROP INDEX ") {
            made.retain(|sql| !sql.contains(&format!(" INDEX {index} ON ")));
        } else if let Some((table, column)) = statement
            .strip_prefix("ALTER TABLE ")
            .and_then(|altered| altered.split_once(" ADD COLUMN "))
        {
            let begin = format!("CREATE TABLE {table} (");
            let altered = made.iter_mut().find(|sql| sql.starts_with(&begin));
            // SQLite puts it behind the other columns, before what is said of all of them.
            let place = |sql: &String| sql.find(",\n    UNIQUE").or(sql.rfind(')'));
            if let Some(sql) = altered
                && let Some(place) = place(sql)
            {
                sql.insert_str(place, &format!(", {column}"));
            }
        }
    }
    made
}

/// A statement without what is said before it.
fn without_comments(mut statement: &str) -> &str {
    loop {
        statement = statement.trim_start();
        match statement.strip_prefix("--") {
            Some(comment) => statement = comment.split_once('\n').map_or("", |(_, rest)| rest),
            None => return statement,
        }
    }
}

pub(super) fn bring_to(transaction: &Transaction, from: i32, to: i32) -> Result<()> {
    let steps = &VERSIONS[from.min(to) as usize..to as usize];
    for step in steps {
        transaction.execute_batch(step)?;
    }
    if from < 3 && to >= 3 {
        reanchor(transaction)?;
        note_unshipped(transaction)?;
        transaction.run(
            "INSERT INTO journal (id, journal_id, made_at, figures_since) VALUES (1, ?1, ?2, CASE WHEN ?3 THEN ?2 END)",
            params![hex(&random()?), now_ms(), from > 0],
        )?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", to)?;
    Ok(())
}

/// What this journal is called in all that is made beside it; and up to which order and step it is what a copy had, where
/// it was made of one ([`super::copies`]).
pub(super) fn identity(connection: &Connection) -> Result<(String, Option<(i64, i64)>)> {
    let query = "SELECT journal_id, copied_order, copied_step FROM journal";
    connection.one(query, [], |row| {
        let order: Option<i64> = row.get(1)?;
        Ok((row.get(0)?, order.zip(row.get(2)?)))
    })
}

/// When a copy was made, and whether of a part; older versions have no place for it.
pub(super) fn copied_at(connection: &Connection) -> (Option<i64>, bool) {
    let query = "SELECT copied_at, is_partial IS NOT NULL FROM journal";
    let said = connection.one(query, [], |row| Ok((row.get(0)?, row.get(1)?)));
    said.unwrap_or_default()
}

/// The hashes of older entries cover seQura's words, which must be able to go: these are moved apart,
/// and of the entries only their links count from now on.
fn reanchor(transaction: &Transaction) -> Result<()> {
    transaction.run(
        "INSERT INTO log_words (entry_id, order_id, at, salt, words) \
         SELECT id, order_id, at, x'', description FROM log WHERE status <> 0 AND description IS NOT NULL",
        [],
    )?;
    transaction.run(
        "UPDATE log SET description = NULL WHERE status <> 0 AND description IS NOT NULL",
        [],
    )?;
    transaction.run(
        "INSERT INTO log_reanchored (id, entry_id, hash, at) \
         SELECT 1, id, hash, ?1 FROM log ORDER BY id DESC LIMIT 1",
        [now_ms()],
    )?;
    Ok(())
}

/// What was sold lately and is still to be shipped. An older version did not note it; how far back it is looked for does not
/// grow with the history.
fn note_unshipped(transaction: &Transaction) -> Result<()> {
    const LATELY: &str = "SELECT id, endpoint, coalesce(carts, content) FROM orders \
         WHERE id > (SELECT max(id) FROM orders) - 200 AND state = 'settled' AND paid IS NOT amount";
    let found = transaction.all(LATELY, [], |row| {
        let text: Option<String> = row.get(2)?;
        let carts = text.and_then(|text| TwoCarts::of_order(Order::kept(&text)?.document()));
        let left = carts.and_then(|carts| unshipped(&carts.unshipped));
        let (id, endpoint): (i64, String) = (row.get(0)?, row.get(1)?);
        Ok(left.map(|left| (id, endpoint, i64::from(left))))
    })?;
    for (id, endpoint, amount) in found.into_iter().flatten() {
        let note = "INSERT INTO unshipped (order_id, endpoint, amount) VALUES (?1, ?2, ?3)";
        transaction.run(note, params![id, endpoint, amount])?;
    }
    Ok(())
}

//! A journal is a file, and somebody may have written into it: a trigger, a view or another table in
//! the place of ours would run with every sale. So the file is only used when it holds what this
//! library made, and nothing that acts; and no query may run for ever, whatever is in it.

use super::schema::{self, VERSION};
use super::{JournalError, Result};
use crate::canonical::hex;
use crate::vocabulary::ErrorCode;
use ring::digest::{Context, SHA256};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Of the tables of a journal of this version: what makes the usual opening quick. A test says what it
/// must be.
const DIGEST: &str = "a291a35851748ba4c28b557e798122420be8ac4e09d3c0db12eaced34f71d837";
/// A query of a call ends after this at the latest.
const QUERY: Duration = Duration::from_secs(30);
/// Going through the whole log, for who asks for just that.
const WHOLE_LOG: Duration = Duration::from_secs(3600);
/// A value of a row, and a row; nothing that this library writes is as large.
const ROW_BYTES: i32 = 2 * crate::limits::STEP_BYTES as i32;
/// Between two looks at the time, in steps of SQLite's machine; a few ms.
const STEPS: i32 = 1_000_000;

/// When the query that is running must have ended.
#[derive(Clone, Debug)]
pub(super) struct QueryLimit {
    since: Instant,
    until_ms: Arc<AtomicU64>,
}

impl QueryLimit {
    /// A query of a call begins.
    pub(super) fn begin(&self) {
        self.set(QUERY);
    }

    /// The whole log is gone through.
    pub(super) fn begin_long(&self) {
        self.set(WHOLE_LOG);
    }

    fn set(&self, patience: Duration) {
        let until = self.since.elapsed() + patience;
        self.until_ms
            .store(until.as_millis() as u64, Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        self.since.elapsed().as_millis() as u64 > self.until_ms.load(Ordering::Relaxed)
    }
}

/// What an enemy's tables could do is switched off, before anything of them is read.
pub(super) fn distrust(connection: &mut Connection) -> Result<QueryLimit> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, ROW_BYTES)?;
    let limit = QueryLimit {
        since: Instant::now(),
        until_ms: Arc::default(),
    };
    limit.begin();
    let seen = limit.clone();
    connection.progress_handler(STEPS, Some(move || seen.is_over()))?;
    Ok(limit)
}

/// Refuses a file whose tables are not those of its version, or that holds what acts by itself.
/// Further indexes of columns, and statistics, do no harm.
pub(super) fn check(connection: &Connection, version: i32) -> Result<()> {
    let found = objects(connection)?;
    if version == VERSION && digest(&found) == DIGEST {
        return Ok(());
    }
    let own = objects(&schema::model(version)?)?;
    for (name, object) in &found {
        let (kind, sql) = object;
        let is_harmless =
            name.starts_with("sqlite_stat") || sql.as_deref().is_some_and(is_plain_index);
        match own.get(name) {
            Some(same) if same == object => {}
            Some(_) => return Err(strange(kind, name, "is not as this library makes it")),
            None if is_harmless => {}
            None => return Err(strange(kind, name, "is none of this library's")),
        }
    }
    match own.iter().find(|(name, _)| !found.contains_key(*name)) {
        Some((name, (kind, _))) => Err(strange(kind, name, "is missing")),
        None => Ok(()),
    }
}

/// Whether an index only finds rows. One that is unique refuses rows of ours, and one of expressions works for as
/// long and takes as much memory as they say, with every row.
fn is_plain_index(sql: &str) -> bool {
    // SQLite writes the beginning in this way, however it was given.
    sql.strip_prefix("CREATE INDEX ")
        .is_some_and(|rest| rest.trim_end().ends_with(')') && rest.matches('(').count() == 1)
}

/// What a file's tables are made of: kind and definition by name.
type Objects = BTreeMap<String, (String, Option<String>)>;

fn objects(connection: &Connection) -> Result<Objects> {
    let mut statement = connection.prepare("SELECT name, type, sql FROM sqlite_schema")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    rows.map(|row| Ok(row?)).collect()
}

fn digest(objects: &Objects) -> String {
    let mut context = Context::new(&SHA256);
    for (name, (kind, sql)) in objects {
        for text in [name, kind, sql.as_deref().unwrap_or_default()] {
            context.update(text.as_bytes());
            context.update(&[0]);
        }
    }
    hex(context.finish().as_ref())
}

fn strange(kind: &str, name: &str, what: &str) -> JournalError {
    JournalError::new(
        ErrorCode::JournalStrange,
        format!(
            "The journal was changed by another program: its {kind} {name} {what}. Nothing was moved or changed. Undo that change, or name another file in `journal` and have the orders of this one settled from a copy."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_query_runs_for_ever() {
        let mut connection = Connection::open_in_memory().unwrap();
        let limit = distrust(&mut connection).unwrap();
        let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i % 2) FROM n";
        limit.set(Duration::from_millis(20));
        let ended = connection.query_row(endless, [], |row| row.get::<_, i64>(0));
        let code = ended.unwrap_err().sqlite_error_code();
        assert_eq!(code, Some(rusqlite::ErrorCode::OperationInterrupted));
        limit.begin();
        let one = connection.query_row("SELECT 1", [], |row| row.get::<_, i64>(0));
        assert_eq!(one, Ok(1), "the next one has its own time");
    }

    #[test]
    fn the_tables_of_today_are_known_at_a_glance() {
        let own = objects(&schema::model(VERSION).unwrap()).unwrap();
        assert_eq!(digest(&own), DIGEST);
    }
}

//! A journal is a file, and somebody may have written into it: a trigger, a view or another table in
//! the place of ours would run with every sale. So the file is only used when it holds what this
//! library made, and nothing that acts; and no query may run for ever, whatever is in it.

use super::door::Door;
use super::error::{JournalError, Result};
use super::noting;
use super::schema::{self, VERSION};
use crate::vocabulary::ErrorCode;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, Row};
use std::collections::BTreeMap;
use std::ops::ControlFlow::{Break, Continue};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

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

/// Refuses a file whose tables are not those of its version, or that holds what acts by itself: but for the triggers of a
/// journal that is enrolled with an office, all of them, as this library makes them. Further indexes of columns, and
/// statistics, do no harm.
pub(super) fn check(connection: &Connection, version: i32) -> Result<()> {
    if version == VERSION && is_as_made(connection)? {
        return Ok(());
    }
    let found = objects(connection)?;
    let mut own = objects(&schema::model(version)?)?;
    let notes = noting::definitions();
    let is_noting = |made: &String| found.contains_key(noting::name(made));
    if version == VERSION && notes.iter().any(is_noting) {
        own.extend(notes.into_iter().map(|made| {
            let trigger = ("trigger".to_owned(), Some(made.clone()));
            (noting::name(&made).to_owned(), trigger)
        }));
    }
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

/// Whether a file's tables are those of this version, with the triggers of an enrolled one or without, and nothing else:
/// what makes the usual opening quick.
fn is_as_made(connection: &Connection) -> Result<bool> {
    let mut expected = schema::definitions().into_iter();
    let mut is_noting = false;
    let mut is_as_made = true;
    connection.each(OBJECTS, [], |row| {
        let name = row.get_ref(0)?.as_str().unwrap_or_default();
        let sql = row.get_ref(2)?.as_str_or_null().unwrap_or_default();
        is_as_made = match sql {
            Some(AUTOINCREMENTS) => true,
            Some(sql) => {
                // They come last: nothing else is made when a journal is enrolled.
                if !is_noting && expected.len() == 0 {
                    is_noting = true;
                    expected = noting::definitions().into_iter();
                }
                expected.next().as_deref() == Some(sql)
            }
            None => name.starts_with("sqlite_autoindex_"),
        };
        Ok(if is_as_made { Continue(()) } else { Break(()) })
    })?;
    Ok(is_as_made && expected.len() == 0)
}

/// Whether an index only finds rows. One that is unique refuses rows of ours, and one of expressions works for as
/// long and takes as much memory as they say, with every row.
fn is_plain_index(sql: &str) -> bool {
    // SQLite writes the beginning in this way, however it was given.
    sql.strip_prefix("CREATE INDEX ")
        .is_some_and(|rest| rest.trim_end().ends_with(')') && rest.matches('(').count() == 1)
}

const OBJECTS: &str = "SELECT name, type, sql FROM sqlite_schema";
/// SQLite's own, for numbers that are given once only.
const AUTOINCREMENTS: &str = "CREATE TABLE sqlite_sequence(name,seq)";

/// What a file's tables are made of: kind and definition by name.
type Objects = BTreeMap<String, (String, Option<String>)>;

fn objects(connection: &Connection) -> Result<Objects> {
    let object = |row: &Row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)));
    Ok(connection.all(OBJECTS, [], object)?.into_iter().collect())
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

    fn enrolled() -> Connection {
        let mut model = schema::model(VERSION).unwrap();
        let transaction = model.transaction().unwrap();
        noting::begin(&transaction).unwrap();
        transaction.commit().unwrap();
        model
    }

    /// Of the triggers that note changes for the office exactly ours are known, and all of them or none.
    #[test]
    fn an_enrolled_journal_has_our_triggers_and_no_other() {
        check(&enrolled(), VERSION).unwrap();
        let harmless = enrolled();
        harmless
            .execute_batch("CREATE INDEX mine ON orders (state)")
            .unwrap();
        check(&harmless, VERSION).unwrap();
        for change in [
            "DROP TRIGGER noted_orders_UPDATE",
            "DROP TRIGGER changes_newest",
            "DROP TRIGGER noted_log_INSERT; CREATE TRIGGER noted_log_INSERT AFTER INSERT ON log BEGIN SELECT 1; END",
            "CREATE TRIGGER noted_days_INSERT AFTER INSERT ON days BEGIN SELECT 1; END",
        ] {
            let changed = enrolled();
            changed.execute_batch(change).unwrap();
            let refused = check(&changed, VERSION).unwrap_err();
            assert_eq!(refused.code, ErrorCode::JournalStrange, "{change}");
        }
        let mut older = schema::model(VERSION - 1).unwrap();
        let transaction = older.transaction().unwrap();
        transaction
            .execute_batch(
                "CREATE TRIGGER noted_orders_UPDATE AFTER UPDATE ON orders BEGIN SELECT 1; END",
            )
            .unwrap();
        assert!(check(&transaction, VERSION - 1).is_err());
    }

    #[test]
    fn the_tables_of_today_are_known_at_a_glance() {
        let own = schema::model(VERSION).unwrap();
        assert!(is_as_made(&own).unwrap());
        let older = schema::model(VERSION - 1).unwrap();
        assert!(!is_as_made(&older).unwrap(), "something is missing");
        assert!(is_as_made(&enrolled()).unwrap());
        for change in [
            "CREATE INDEX mine ON orders (state)",
            "DROP INDEX steps_by_order",
            "CREATE VIEW mine AS SELECT 1",
            "CREATE TRIGGER mine AFTER UPDATE ON orders BEGIN DELETE FROM steps; END",
            "ALTER TABLE steps ADD COLUMN mine INTEGER",
            "DROP TABLE days; CREATE TABLE days (date INTEGER PRIMARY KEY, number INTEGER, confirmed_at INTEGER)",
        ] {
            let changed = schema::model(VERSION).unwrap();
            changed.execute_batch(change).unwrap();
            assert!(!is_as_made(&changed).unwrap(), "{change}");
        }
    }
}

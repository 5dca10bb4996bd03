//! The one door to SQL. A statement is compiled once for each connection, however often it is run.

use super::error::Result;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, Row, ToSql};
use std::ops::ControlFlow::{self, Break, Continue};
use std::time::Duration;

/// More statements than there are.
const STATEMENTS: usize = 128;

/// How long opening waits for another program that holds the file.
pub(super) const OPEN_PATIENCE: Duration = Duration::from_secs(5);
/// Between two looks whether another process has finished writing.
pub(super) const WRITE_PAUSE: Duration = Duration::from_millis(5);

/// Lets the connection keep what it has compiled.
pub(super) fn keep_statements(connection: &Connection) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Otherwise SQLite compiles a statement anew for other values, in search of a better plan: there is none, as
    // the plans of a sale's queries are known whatever the values (`journal/tests.rs`).
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Whether closing leaves everything as it is: SQLite otherwise copies the log into the file that is
/// there then, and removes it.
pub(super) fn spare(connection: &Connection, spare: bool) {
    let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, spare);
}

/// What stands for the question marks of a statement.
pub(super) trait Values {
    /// Hands all of them over, in order.
    fn listed<T>(&self, body: impl FnOnce(&[&dyn ToSql]) -> T) -> T;
}

impl Values for &[&dyn ToSql] {
    fn listed<T>(&self, body: impl FnOnce(&[&dyn ToSql]) -> T) -> T {
        body(self)
    }
}

impl Values for [&dyn ToSql; 0] {
    fn listed<T>(&self, body: impl FnOnce(&[&dyn ToSql]) -> T) -> T {
        body(self)
    }
}

/// Of one kind, so many.
macro_rules! of_one_kind {
    ($($count:literal: $($at:literal)*;)*) => {$(
        impl<V: ToSql> Values for [V; $count] {
            fn listed<T>(&self, body: impl FnOnce(&[&dyn ToSql]) -> T) -> T {
                body(&[$(&self[$at]),*])
            }
        }
    )*};
}
of_one_kind! {
    1: 0;
    2: 0 1;
    3: 0 1 2;
}

/// What is asked of a connection, or of a transaction on it.
pub(super) trait Door {
    /// Changes rows; says how many.
    fn run(&self, sql: &str, values: impl Values) -> Result<usize>;

    /// Every row, one after the other, until one says that it was the last that is needed.
    fn each(
        &self,
        sql: &str,
        values: impl Values,
        visit: impl FnMut(&Row) -> Result<ControlFlow<()>>,
    ) -> Result<()>;

    /// The row that must be there.
    fn one<T>(
        &self,
        sql: &str,
        values: impl Values,
        read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<T> {
        let row = self.first(sql, values, read)?;
        Ok(row.ok_or(rusqlite::Error::QueryReturnedNoRows)?)
    }

    /// The first row, where there is one.
    fn first<T>(
        &self,
        sql: &str,
        values: impl Values,
        mut read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut first = None;
        self.each(sql, values, |row| {
            first = Some(read(row)?);
            Ok(Break(()))
        })?;
        Ok(first)
    }

    /// Every row.
    fn all<T>(
        &self,
        sql: &str,
        values: impl Values,
        mut read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        self.each(sql, values, |row| {
            all.push(read(row)?);
            Ok(Continue(()))
        })?;
        Ok(all)
    }
}

impl Door for Connection {
    fn run(&self, sql: &str, values: impl Values) -> Result<usize> {
        values.listed(|values| run(self, sql, values))
    }

    fn each(
        &self,
        sql: &str,
        values: impl Values,
        mut visit: impl FnMut(&Row) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        values.listed(|values| each(self, sql, values, &mut visit))
    }
}

// Both are compiled once, and not once for each statement: the library is the smaller for it.

#[inline(never)]
fn run(connection: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<usize> {
    Ok(connection.prepare_cached(sql)?.execute(values)?)
}

#[inline(never)]
fn each(
    connection: &Connection,
    sql: &str,
    values: &[&dyn ToSql],
    visit: &mut dyn FnMut(&Row) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    while let Some(row) = rows.next()? {
        if visit(row)?.is_break() {
            break;
        }
    }
    Ok(())
}

//! The tables, made and changed by numbered files. Whoever comes first does it; the others wait for the row.

use super::connecting::Database;
use super::error::Error;
use super::retries::Retries;
use super::transaction::Transaction;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;

/// One after the other; what was released is never changed.
const MIGRATIONS: &[&str] = &[include_str!("../../migrations/1.sql")];
/// The version that this office works with.
pub const NEWEST: i64 = MIGRATIONS.len() as i64;

const OFFICE: &str = "CREATE TABLE IF NOT EXISTS office \
     (one boolean PRIMARY KEY, epoch bigint NOT NULL, migrated bigint NOT NULL)";
const ROW: &str =
    "INSERT INTO office (one, epoch, migrated) VALUES (true, 1, 0) ON CONFLICT (one) DO NOTHING";
const LOCK: &str = "SELECT migrated FROM office WHERE one FOR UPDATE";
const MIGRATED: &str = "SELECT migrated FROM office WHERE one";
const NOTE: &str = "UPDATE office SET migrated = $1 WHERE one";

/// Makes the tables, or brings them up to date. Says from which version to which.
pub async fn migrate(database: &Database) -> Result<(i64, i64), Error> {
    prepare(database).await?;
    let mut first = None;
    let mut retries = Retries::default();
    loop {
        match step(database).await {
            Ok((from, to)) if to > NEWEST => {
                return Err(Error::Setup(format!(
                    "The database is of version {to}, and this office knows {from} at most: a newer one is needed."
                )));
            }
            Ok((from, to)) => {
                let first = *first.get_or_insert(from);
                if to == NEWEST {
                    return Ok((first, to));
                }
            }
            Err(error) if retries.again(&error).await => {}
            Err(error) => return Err(error),
        }
    }
}

/// Of which version the database is; 0: of none.
pub async fn migrated(database: &Database) -> Result<i64, Error> {
    let transaction = database.read().await?;
    let rows = transaction.rows(MIGRATED, &[]).await;
    match rows {
        Ok(rows) => Ok(rows.first().map_or(0, |row| row.get(0))),
        Err(error) if error.state() == Some(&SqlState::UNDEFINED_TABLE) => Ok(0),
        Err(error) => Err(error),
    }
}

/// The one row that everything else is locked by. Two that make the table at once are in each other's way, which
/// PostgreSQL says in one of three ways.
async fn prepare(database: &Database) -> Result<(), Error> {
    for statement in [OFFICE, ROW] {
        let mut left = 20;
        loop {
            let transaction = database.begin().await?;
            let done = database.within(transaction.batch_execute(statement)).await;
            let error = match done {
                Ok(()) => match transaction.commit().await {
                    Ok(()) => break,
                    Err(error) => error,
                },
                Err(error) => error,
            };
            let clash = [SqlState::UNIQUE_VIOLATION, SqlState::DUPLICATE_TABLE];
            let clashed = error.state().is_some_and(|state| clash.contains(state));
            left -= 1;
            if left == 0 || !(clashed || Retries::default().again(&error).await) {
                return Err(error);
            }
        }
    }
    Ok(())
}

/// The next version, if there is one.
async fn step(database: &Database) -> Result<(i64, i64), Error> {
    let transaction = database.begin().await?;
    let rows = transaction.rows(LOCK, &[]).await?;
    let from: i64 = rows.first().map_or(0, |row| row.get(0));
    if from > NEWEST {
        return Ok((NEWEST, from));
    }
    let Some(migration) = MIGRATIONS.get(from as usize) else {
        return Ok((from, from));
    };
    apply(database, transaction, migration, from + 1).await?;
    Ok((from, from + 1))
}

async fn apply(
    database: &Database,
    transaction: Transaction,
    migration: &str,
    to: i64,
) -> Result<(), Error> {
    // As long as it takes: a table may be large by then.
    let told = format!("SET LOCAL statement_timeout = 0; {migration}");
    let applied = transaction.batch_execute(&told).await;
    applied.map_err(|e| database.noted(e.into()))?;
    transaction.run(NOTE, &[(&to, Type::INT8)]).await?;
    transaction.commit().await
}

//! How often a login may fail: for a name, and for an address. Counted before the password is looked at, in the database,
//! so that neither many at once nor several offices make more of it.

use super::change::Change;
use crate::database::{Database, Error, Retries};
use tokio_postgres::types::Type;

/// So long failures count, ms.
pub const WINDOW: i64 = 15 * 60_000;
/// So many may be for one name, and for one address, before every further one waits.
pub const FOR_A_NAME: i64 = 10;
pub const FOR_AN_ADDRESS: i64 = 40;

/// What is left of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Admitted,
    /// Too many; not before so many ms. `is_first` says that the one before was still admitted.
    Wait {
        ms: i64,
        is_first: bool,
    },
}

/// Counts an attempt. Every one counts, however many come at once.
pub async fn count(database: &Database, who: &str, most: i64, now: i64) -> Result<Verdict, Error> {
    let mut retries = Retries::default();
    loop {
        match counted(database, who, most, now).await {
            Err(error) if retries.again(&error).await => {}
            done => return done,
        }
    }
}

async fn counted(database: &Database, who: &str, most: i64, now: i64) -> Result<Verdict, Error> {
    const COUNT: &str = "INSERT INTO attempts (who, failed, since) VALUES ($1, 1, $2) ON CONFLICT (who) DO UPDATE SET \
         failed = CASE WHEN attempts.since <= $3 OR attempts.since > $2 THEN 1 ELSE attempts.failed + 1 END, \
         since = CASE WHEN attempts.since <= $3 OR attempts.since > $2 THEN $2 ELSE attempts.since END \
         RETURNING failed, since";
    let old = now - WINDOW;
    let given = [
        (&who as _, Type::TEXT),
        (&now as _, Type::INT8),
        (&old as _, Type::INT8),
    ];
    let transaction = database.begin_local().await?;
    let rows = transaction.rows(COUNT, &given).await?;
    let read = rows.first().map(|row| (row.get(0), row.get(1)));
    transaction.commit().await?;
    let (failed, since): (i64, i64) = read.unwrap_or((1, now));
    Ok(match failed > most {
        false => Verdict::Admitted,
        true => Verdict::Wait {
            ms: since + WINDOW - now,
            is_first: failed == most + 1,
        },
    })
}

/// A login succeeded: the name's count begins anew, and what has become old goes on the way.
pub fn forget(name: &str, now: i64) -> Change {
    Change::new("DELETE FROM attempts WHERE who = $1 OR since <= $2")
        .text(name)
        .number(now - WINDOW)
}

/// And it was no failure of its address.
pub fn take_back(address: &str) -> Change {
    Change::new("UPDATE attempts SET failed = failed - 1 WHERE who = $1 AND failed > 0")
        .text(address)
}

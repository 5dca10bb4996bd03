//! What the pages read of the database. Each question is bounded: by an index that holds only what is not as it should be,
//! or by a page's length. None costs more because there is more history.
//!
//! Statements are unnamed and their parameters typed, so that pgbouncer may stand between.

pub mod now;
pub mod order;
pub mod risk;
pub mod till;
pub mod tills;
pub mod trail;

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, Row};

/// A parameter with its type.
pub(crate) type Given<'a> = (&'a (dyn ToSql + Sync), Type);

/// What to look at, and since when what has not happened should have.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The office's clock, ms since 1970 UTC.
    pub now: i64,
    /// A till is silent when nothing was heard of it since.
    pub silent: i64,
    /// A till lags when it has had something to say since, and the office has not got it.
    pub lagging: i64,
}

/// More than this is not counted on a page.
pub const COUNTED: i64 = 1000;

/// Lines on one page of a list.
pub const PAGE: usize = 50;

/// A clock that is further off than this is an alarm, ms; the index `tills_skewed` says it, too.
pub const SKEW: i64 = 300_000;

/// Of two lives of a journal that go on side by side, one is not counted any more when so long nothing was heard of it, ms.
pub const FORK_FADES: i64 = 7 * 86_400_000;

/// The schema of the journal that this office is made for; a till with an older one is outdated.
pub const SCHEMA: i64 = 3;

/// Of the stream `s`: no other life of its journal began after it was last heard of.
macro_rules! living {
    () => {
        "NOT EXISTS (SELECT 1 FROM streams y WHERE y.journal_id = s.journal_id AND y.begun_at > coalesce(greatest(s.heard_at, s.moved_at), s.begun_at))"
    };
}
pub(crate) use living;

/// Of the order `o`, which is at risk in its own stream: no other life of its journal knows it settled, and none that counts
/// before it has it at risk, too.
macro_rules! counts {
    () => {
        "NOT EXISTS (SELECT 1 FROM orders e WHERE e.journal_id = o.journal_id AND e.uuid = o.uuid \
         AND e.endpoint = o.endpoint AND e.incarnation <> o.incarnation AND (e.state IN ('settled', 'cancelled') \
         OR (e.at_risk IS NOT NULL AND e.incarnation < o.incarnation)))"
    };
}
pub(crate) use counts;

/// Cents, as many as a bigint can say: no till makes a sum fail.
macro_rules! cents {
    () => {
        "least(greatest(sum(o.at_risk), -9223372036854775807), 9223372036854775807)::bigint"
    };
}
pub(crate) use cents;

pub(crate) async fn all<T>(
    db: &Client,
    statement: &str,
    given: &[Given<'_>],
    read: impl Fn(&Row) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let rows = db.query_typed(statement, given).await?;
    rows.iter().map(read).collect()
}

pub(crate) async fn first<T>(
    db: &Client,
    statement: &str,
    given: &[Given<'_>],
    read: impl Fn(&Row) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    let rows = db.query_typed(statement, given).await?;
    rows.first().map(read).transpose()
}

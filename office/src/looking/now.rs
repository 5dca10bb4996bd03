//! What is wrong now, of all tills together.

use super::{Bounds, COUNTED, FORK_FADES, SCHEMA, all, cents, counts, first, living};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error};

/// How many tills are not as they should be; [`COUNTED`] + 1: more than are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub silent: i64,
    /// Silent, with money at risk.
    pub red: i64,
    pub lagging: i64,
    pub forked: i64,
    pub skewed: i64,
    pub outdated: i64,
    pub broken: i64,
    pub set_aside: i64,
    /// Since when the office has been without the oldest change that it knows to be missing.
    pub behind_since: Option<i64>,
}

/// Neither revoked nor retired.
macro_rules! watched {
    () => {
        "t.revoked_at IS NULL AND t.retired_at IS NULL"
    };
}
pub(crate) use watched;

const COUNTS: &str = concat!(
    "SELECT (SELECT count(*) FROM (SELECT 1 FROM tills t WHERE t.heard_at < $1 AND ",
    watched!(),
    " LIMIT $3) one), \
     (SELECT count(*) FROM (SELECT DISTINCT o.journal_id FROM orders o JOIN tills t ON t.journal_id = o.journal_id \
     WHERE o.at_risk IS NOT NULL AND (t.heard_at < $1 OR t.revoked_at IS NOT NULL) AND ",
    counts!(),
    " LIMIT $3) one), \
     (SELECT count(*) FROM (SELECT DISTINCT s.journal_id FROM streams s JOIN tills t ON t.journal_id = s.journal_id \
     WHERE s.newest_seq > s.seq AND s.moved_at < $2 AND ",
    watched!(),
    " AND ",
    living!(),
    " LIMIT $3) one), \
     (SELECT min(s.moved_at) FROM streams s JOIN tills t ON t.journal_id = s.journal_id \
     WHERE s.newest_seq > s.seq AND ",
    watched!(),
    " AND ",
    living!(),
    "), \
     (SELECT count(*) FROM (SELECT n.journal_id FROM (SELECT DISTINCT p.journal_id FROM streams p WHERE p.parent IS NOT NULL) n \
     JOIN tills t ON t.journal_id = n.journal_id WHERE ",
    watched!(),
    " AND (SELECT count(*) FROM streams s WHERE s.journal_id = n.journal_id AND greatest(s.heard_at, s.moved_at) > $4 AND ",
    living!(),
    ") > 1 LIMIT $3) one), \
     (SELECT count(*) FROM (SELECT 1 FROM tills t WHERE abs(t.skew_ms) > 300000 AND ",
    watched!(),
    " LIMIT $3) one), \
     (SELECT count(*) FROM (SELECT 1 FROM tills t WHERE t.schema < $5 AND ",
    watched!(),
    " LIMIT $3) one), \
     (SELECT count(*) FROM (SELECT DISTINCT s.journal_id FROM streams s WHERE s.chain_broken_at_entry IS NOT NULL LIMIT $3) one), \
     (SELECT count(*) FROM (SELECT DISTINCT a.journal_id FROM set_aside a LIMIT $3) one)"
);

/// How many tills are silent, lag, and so on.
pub async fn counts(db: &Client, bounds: &Bounds) -> Result<Counts, Error> {
    let (most, fades) = (COUNTED + 1, bounds.now - FORK_FADES);
    let given = [
        (&bounds.silent as _, Type::INT8),
        (&bounds.lagging as _, Type::INT8),
        (&most as _, Type::INT8),
        (&fades as _, Type::INT8),
        (&SCHEMA as _, Type::INT8),
    ];
    let counts = first(db, COUNTS, &given, |row| {
        Ok(Counts {
            silent: row.try_get(0)?,
            red: row.try_get(1)?,
            lagging: row.try_get(2)?,
            behind_since: row.try_get(3)?,
            forked: row.try_get(4)?,
            skewed: row.try_get(5)?,
            outdated: row.try_get(6)?,
            broken: row.try_get(7)?,
            set_aside: row.try_get(8)?,
        })
    });
    Ok(counts.await?.unwrap_or_default())
}

/// A till with money at risk, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owing {
    pub journal_id: String,
    pub shop: String,
    pub till: String,
    pub heard_at: Option<i64>,
    pub is_silent: bool,
    pub currency: String,
    pub cents: i64,
    pub orders: i64,
    /// Since when the oldest is at risk.
    pub since: i64,
}

const OWING: &str = concat!(
    "SELECT t.journal_id, t.shop, t.till, t.heard_at, coalesce(t.heard_at < $1, true) OR t.revoked_at IS NOT NULL, \
     coalesce(o.currency, ''), ",
    cents!(),
    ", count(*), coalesce(min(o.at_risk_since), 0) FROM orders o JOIN tills t ON t.journal_id = o.journal_id \
     WHERE o.at_risk IS NOT NULL AND ",
    counts!(),
    " GROUP BY t.journal_id, t.shop, t.till, t.heard_at, t.revoked_at, o.currency ORDER BY 5 DESC, 9, 1, 6 LIMIT $2"
);

/// The tills with money at risk: the silent first, then those with the oldest.
pub async fn owing(db: &Client, bounds: &Bounds, most: i64) -> Result<Vec<Owing>, Error> {
    let given = [(&bounds.silent as _, Type::INT8), (&most as _, Type::INT8)];
    all(db, OWING, &given, |row| {
        Ok(Owing {
            journal_id: row.try_get(0)?,
            shop: row.try_get(1)?,
            till: row.try_get(2)?,
            heard_at: row.try_get(3)?,
            is_silent: row.try_get(4)?,
            currency: row.try_get(5)?,
            cents: row.try_get(6)?,
            orders: row.try_get(7)?,
            since: row.try_get(8)?,
        })
    })
    .await
}

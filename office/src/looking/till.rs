//! One till: its lives, what it owes, its history.

use super::{PAGE, all, counts, living};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Row};

/// A life of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    pub incarnation: String,
    pub parent: Option<String>,
    /// The protocol's word.
    pub why: String,
    pub begun_at: i64,
    pub heard_at: Option<i64>,
    pub moved_at: Option<i64>,
    pub seq: Option<i64>,
    pub newest_seq: Option<i64>,
    /// The last entry of the log that the office has.
    pub entries: i64,
    /// The newest that the journal has.
    pub head_id: Option<i64>,
    /// The first that does not fit the one before it.
    pub broken_at: Option<i64>,
    pub is_living: bool,
}

const LIVES: &str = concat!(
    "SELECT s.incarnation, s.parent, s.why, s.begun_at, s.heard_at, s.moved_at, s.seq, s.newest_seq, s.entries, s.head_id, \
     s.chain_broken_at_entry, ",
    living!(),
    " FROM streams s WHERE s.journal_id = $1 ORDER BY s.begun_at DESC, s.incarnation LIMIT $2"
);

/// The lives of a journal, the youngest first.
pub async fn lives(db: &Client, journal_id: &str) -> Result<Vec<Life>, Error> {
    let given = [
        (&journal_id as _, Type::TEXT),
        (&(PAGE as i64) as _, Type::INT8),
    ];
    all(db, LIVES, &given, |row| {
        Ok(Life {
            incarnation: row.try_get(0)?,
            parent: row.try_get(1)?,
            why: row.try_get(2)?,
            begun_at: row.try_get(3)?,
            heard_at: row.try_get(4)?,
            moved_at: row.try_get(5)?,
            seq: row.try_get(6)?,
            newest_seq: row.try_get(7)?,
            entries: row.try_get(8)?,
            head_id: row.try_get(9)?,
            broken_at: row.try_get(10)?,
            is_living: row.try_get(11)?,
        })
    })
    .await
}

/// An order of which money is at risk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    pub incarnation: String,
    pub order_id: i64,
    pub uuid: Option<String>,
    pub order_ref_1: Option<String>,
    pub state: String,
    pub currency: String,
    pub cents: i64,
    pub since: i64,
}

const OWED: &str = concat!(
    "SELECT o.incarnation, o.order_id, o.uuid, o.order_ref_1, o.state, coalesce(o.currency, ''), o.at_risk, \
     coalesce(o.at_risk_since, 0) FROM orders o WHERE o.journal_id = $1 AND o.at_risk IS NOT NULL AND ",
    counts!(),
    " ORDER BY o.at_risk_since, o.order_id LIMIT $2"
);

/// What of this journal is at risk, the oldest first; one more than a page: there is more.
pub async fn owed(db: &Client, journal_id: &str) -> Result<Vec<Owed>, Error> {
    let given = [
        (&journal_id as _, Type::TEXT),
        (&(PAGE as i64 + 1) as _, Type::INT8),
    ];
    all(db, OWED, &given, |row| {
        Ok(Owed {
            incarnation: row.try_get(0)?,
            order_id: row.try_get(1)?,
            uuid: row.try_get(2)?,
            order_ref_1: row.try_get(3)?,
            state: row.try_get(4)?,
            currency: row.try_get(5)?,
            cents: row.try_get(6)?,
            since: row.try_get(7)?,
        })
    })
    .await
}

/// An entry of a journal's log, without anything of a shopper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub entry_id: i64,
    pub at: i64,
    pub order_id: i64,
    pub uuid: Option<String>,
    pub order_ref_1: Option<String>,
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub step: String,
    pub state: String,
    pub status: i64,
}

macro_rules! entry {
    () => {
        "SELECT entry_id, at, order_id, uuid, order_ref_1, amount, currency, step, state, status FROM entries \
         WHERE journal_id = $1 AND incarnation = $2"
    };
}

pub(super) fn read_entry(row: &Row) -> Result<Entry, Error> {
    Ok(Entry {
        entry_id: row.try_get(0)?,
        at: row.try_get(1)?,
        order_id: row.try_get(2)?,
        uuid: row.try_get(3)?,
        order_ref_1: row.try_get(4)?,
        amount: row.try_get(5)?,
        currency: row.try_get(6)?,
        step: row.try_get(7)?,
        state: row.try_get(8)?,
        status: row.try_get(9)?,
    })
}

/// The newest entries of one life before this one; one more than a page: there are older ones.
pub async fn history(
    db: &Client,
    journal_id: &str,
    incarnation: &str,
    before: i64,
) -> Result<Vec<Entry>, Error> {
    const HISTORY: &str = concat!(
        entry!(),
        " AND entry_id < $3 ORDER BY entry_id DESC LIMIT $4"
    );
    let given = [
        (&journal_id as _, Type::TEXT),
        (&incarnation as _, Type::TEXT),
        (&before as _, Type::INT8),
        (&(PAGE as i64 + 1) as _, Type::INT8),
    ];
    all(db, HISTORY, &given, read_entry).await
}

/// The newest entries of one order; one more than a page: there are older ones.
pub async fn of_order(
    db: &Client,
    journal_id: &str,
    incarnation: &str,
    order_id: i64,
    before: i64,
) -> Result<Vec<Entry>, Error> {
    const OF_ORDER: &str = concat!(
        entry!(),
        " AND order_id = $3 AND entry_id < $4 ORDER BY entry_id DESC LIMIT $5"
    );
    let given = [
        (&journal_id as _, Type::TEXT),
        (&incarnation as _, Type::TEXT),
        (&order_id as _, Type::INT8),
        (&before as _, Type::INT8),
        (&(PAGE as i64 + 1) as _, Type::INT8),
    ];
    all(db, OF_ORDER, &given, read_entry).await
}

/// A row that could not be taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    pub incarnation: String,
    pub what: String,
    pub id: i64,
    pub at: i64,
    pub reason: String,
}

/// The newest rows of this journal that were set aside.
pub async fn set_aside(db: &Client, journal_id: &str) -> Result<Vec<Aside>, Error> {
    const ASIDE: &str = "SELECT incarnation, what, id, at, reason FROM set_aside WHERE journal_id = $1 \
         ORDER BY at DESC, id LIMIT $2";
    let given = [
        (&journal_id as _, Type::TEXT),
        (&(PAGE as i64) as _, Type::INT8),
    ];
    all(db, ASIDE, &given, |row| {
        Ok(Aside {
            incarnation: row.try_get(0)?,
            what: row.try_get(1)?,
            id: row.try_get(2)?,
            at: row.try_get(3)?,
            reason: row.try_get(4)?,
        })
    })
    .await
}

//! The transaction log: one entry for each attempt to change something at seQura, chained by hashes
//! so that damage and edits by hand show.
//!
//! An entry's hash is SHA-256 over the hash before it and the entry's columns as a JSON array
//! ([`Logged::covered`]). Somebody who may write the file can compute the hashes anew, or cut off an
//! end: whoever wants to prove that nothing is missing notes the last hash where this machine cannot
//! change it.

use super::door::Door;
use super::words::{self, Kept};
use super::{Journal, Refusal, Result, attempts, orders};
use crate::ages::{Age, Ages};
use crate::canonical;
use crate::clock::now_ms;
use crate::lifecycle::Life;
use crate::limits;
use crate::outcome::HttpView;
use crate::redact::shortened;
use crate::status::Status;
use ring::digest::{Context, SHA256};
use rusqlite::{Connection, Row, Transaction, params};
use serde_json::Value;
use std::ops::ControlFlow::{Break, Continue};
use std::time::Instant;

/// What the first entry of all goes on from.
const BEGINNING: [u8; 32] = [0; 32];
/// The oldest entries, so many.
const OLDEST: &str = "SELECT id, at FROM log ORDER BY id LIMIT ?1";
/// The chain will go on from this entry.
const ANCHOR: &str = "INSERT INTO log_anchor (id, entry_id, hash) \
     SELECT 1, log.id, log.hash FROM log WHERE log.id = ?1 \
     ON CONFLICT (id) DO UPDATE SET entry_id = excluded.entry_id, hash = excluded.hash";

/// What came of an attempt: recorded with the order, and told by the log for ever after.
pub struct Entry {
    /// Where the answer led.
    pub life: Life,
    /// seQura's reference, new or known.
    pub uuid: Option<String>,
    /// How the attempt ended.
    pub status: Status,
    /// What went over the wire.
    pub http: HttpView,
    /// What was said of a failure.
    pub said: Option<Said>,
    /// Why a person has ended the step: stays in the log.
    pub reason: Option<String>,
    /// Which step, as a word.
    pub step: &'static str,
    /// By it seQura has taken that goods were shipped: the next delivery report tells so.
    pub ships: bool,
    /// What stays with the order of a no.
    pub refusal: Option<Refusal>,
}

/// What was said of a failure: what stays, and what goes when nobody needs it any more.
pub struct Said {
    /// Codes and fields of `errors`, without a word of seQura's: stays in the log.
    pub errors: Value,
    /// seQura's words, redacted as well as can be.
    pub words: String,
}

/// What an attempt was about.
#[derive(Clone, Copy)]
pub(super) enum About<'a> {
    /// The order with this number.
    Order(i64),
    /// No order, but this merchant: entry and life say nothing of an order then.
    Merchant(&'a str),
}

/// Stands for the number of an order in an entry that is about none.
const NO_ORDER: i64 = 0;

/// An entry as it is kept.
#[derive(Clone, Debug)]
pub struct Logged {
    /// Grows by one with each entry; below 0: an attempt that no entry is written of.
    pub id: i64,
    /// ms since 1970 UTC.
    pub at: i64,
    /// The journal's number of the order; 0: it is about no order.
    pub order_id: i64,
    /// seQura's reference.
    pub uuid: Option<String>,
    /// Who sells.
    pub merchant_id: String,
    /// The shop's reference.
    pub order_ref_1: Option<String>,
    /// Cents.
    pub amount: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// What was attempted.
    pub step: String,
    /// The order's state after it.
    pub state: String,
    /// `SQ_…` of the attempt.
    pub status: i32,
    /// HTTP status of the answer.
    pub http_status: Option<u16>,
    /// seQura's request id.
    pub request_id: Option<String>,
    /// How long it took.
    pub elapsed_ms: i64,
    /// Of a failure: codes and fields, and the digest of the words, as JSON. In an entry of before
    /// version 3 nothing.
    pub description: Option<String>,
    /// seQura's words on a refusal, while they are needed.
    pub words: Option<String>,
    /// What the digest of the words begins with.
    pub salt: Option<Vec<u8>>,
    /// The hash of the entry before.
    pub previous_hash: Vec<u8>,
    /// Of this entry.
    pub hash: Vec<u8>,
    /// It failed, is the last word on its order, and nobody has dismissed it.
    pub needs_attention: bool,
    /// The operator has dismissed it.
    pub dismissed: bool,
}

/// Which entries are wanted; those that need attention come first, then the newest.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// A uuid or an `order_ref_1`.
    pub order: Option<String>,
    /// The order's state after the attempt.
    pub state: Option<String>,
    /// Not before, ms.
    pub since: Option<i64>,
    /// Not after, ms.
    pub until: Option<i64>,
    /// Only those that need attention.
    pub attention: bool,
    /// At most so many.
    pub limit: usize,
    /// The last entry of the page before.
    pub after: Option<i64>,
}

/// What checking the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Entries checked.
    pub entries: u64,
    /// The oldest entry that is kept: its number, and when (ms).
    pub first: Option<(i64, i64)>,
    /// The newest that was checked.
    pub last: Option<(i64, i64)>,
    /// The last entry that was removed because of its age; the chain goes on from it.
    pub removed_until: Option<i64>,
    /// Up to here the entries are of a version whose hashes covered words that have been moved since:
    /// of these only the order and the links were checked.
    pub reanchored_until: Option<i64>,
    /// The first entry that does not fit: it, or one before it, was edited or removed.
    pub broken_at: Option<i64>,
    /// The last hash, to be noted down.
    pub last_hash: Vec<u8>,
}

/// Of the finished order whose last entry this is.
const FORGET_REFUSAL: &str = "DELETE FROM refusals WHERE order_id = \
     (SELECT orders.id FROM log JOIN orders ON orders.id = order_id WHERE log.id = ?1 AND finished = 1 \
      AND NOT EXISTS (SELECT 1 FROM log later WHERE later.order_id = log.order_id AND later.id > log.id))";
const NEEDS_ATTENTION: &str = "(log.status <> 0 \
     AND NOT EXISTS (SELECT 1 FROM log later WHERE later.order_id = log.order_id AND later.id > log.id \
         AND later.merchant_id = log.merchant_id) \
     AND NOT EXISTS (SELECT 1 FROM log_dismissed WHERE entry_id = log.id))";

macro_rules! columns {
    () => {
        "log.id, log.at, log.order_id, uuid, merchant_id, order_ref_1, amount, currency, step, state, status, http_status, \
         request_id, elapsed_ms, description, previous_hash, hash, words, salt"
    };
}

const WHOLE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM log LEFT JOIN log_words ON entry_id = id ORDER BY id"
);

impl Journal {
    /// The entries that are asked for, and whether there are more.
    pub fn log(&self, query: &Query) -> Result<(Vec<Logged>, bool)> {
        self.read(|connection| {
            let mut found = attempts::of(self, connection, query)?;
            let more = found.len() > query.limit;
            found.truncate(query.limit);
            let rest = Query {
                limit: query.limit - found.len(),
                after: query.after.filter(|id| *id > 0),
                ..query.clone()
            };
            let (entries, more_entries) = page(connection, &rest)?;
            found.extend(entries);
            Ok((found, more || more_entries))
        })
    }

    /// What was attempted with one order, oldest first.
    pub fn log_of(&self, order_id: i64) -> Result<Vec<Logged>> {
        self.read(|connection| {
            connection.all(concat!(
                "SELECT ",
                columns!(),
                " FROM log LEFT JOIN log_words ON entry_id = id WHERE log.order_id = ?1 ORDER BY id"
            ), [order_id], read)
        })
    }

    /// Marks an entry as seen to; says whether there is such an entry. What was refused of a finished order is
    /// past with it.
    pub fn dismiss(&self, entry_id: i64, until: Instant) -> Result<bool> {
        self.write(until, |transaction| {
            words::forget_of_entry(transaction, entry_id)?;
            let marked = transaction.run(
                "INSERT INTO log_dismissed (entry_id, at) SELECT id, ?2 FROM log WHERE id = ?1 \
                 ON CONFLICT (entry_id) DO UPDATE SET at = at",
                params![entry_id, now_ms()],
            )?;
            transaction.run(FORGET_REFUSAL, [entry_id])?;
            Ok(marked > 0)
        })
    }

    /// Removes entries that are so old, so many at most, and with them those before: the log was written
    /// in this order, whatever the clock said. The chain goes on from the last one removed. Says whether
    /// some stay because the clock is in doubt.
    pub fn forget_log(
        &self,
        ages: &Ages,
        limit_days: u32,
        most: usize,
        until: Instant,
    ) -> Result<bool> {
        let mut last: Option<i64> = None;
        let mut waits = false;
        self.read(|connection| {
            connection.each(OLDEST, [most as i64], |row| {
                match ages.of(row.get(1)?, limit_days) {
                    Age::Due => (last, waits) = (row.get(0)?, false),
                    Age::Doubtful => waits = true,
                    Age::Young => return Ok(Break(())),
                }
                Ok(Continue(()))
            })
        })?;
        let Some(last) = last else {
            return Ok(waits);
        };
        self.write(until, |transaction| {
            // Nothing where another till was first.
            transaction.run(ANCHOR, [last])?;
            transaction.run("DELETE FROM log WHERE id <= ?1", [last])?;
            Ok(())
        })?;
        Ok(waits)
    }

    /// Checks the chain from the oldest entry that is kept to the newest.
    pub fn check_log(&self) -> Result<Chain> {
        self.read_all(check)
    }

    /// Every entry that is kept, oldest first.
    pub fn whole_log(&self) -> Result<Vec<Logged>> {
        self.read_all(|connection| connection.all(WHOLE, [], read))
    }
}

impl Logged {
    /// Whether it is written down; otherwise it is an attempt at which a till died.
    pub fn is_written(&self) -> bool {
        self.id > 0
    }

    /// Whether it is about an order.
    pub fn is_of_an_order(&self) -> bool {
        self.order_id != NO_ORDER
    }

    /// seQura's words while they are kept, or a person's reason.
    pub fn said(&self) -> Option<String> {
        let covered = || {
            let text = self.description.as_deref()?;
            match serde_json::from_str(text) {
                Ok(Value::Object(kept)) => kept.get("reason")?.as_str().map(str::to_owned),
                // An entry of before version 3 has the words themselves.
                _ => Some(text.to_owned()),
            }
        };
        // An earlier version, or somebody else, may have written more than is told.
        let said = self.words.clone().or_else(covered);
        said.map(|said| shortened(said, limits::LOG_TEXT))
    }

    /// Codes and fields of a failure, as a list of `errors`.
    pub fn errors(&self) -> Value {
        let said = self.description.as_deref().unwrap_or_default();
        let said: Value = serde_json::from_str(said).unwrap_or_default();
        said.get("errors")
            .cloned()
            .unwrap_or_else(|| Value::Array(Vec::new()))
    }

    /// What the hash covers beside the hash before it: unambiguous, and easy to compute elsewhere.
    pub fn covered(&self) -> String {
        canonical::text(&serde_json::json!([
            self.id,
            self.at,
            self.order_id,
            self.uuid,
            self.merchant_id,
            self.order_ref_1,
            self.amount,
            self.currency,
            self.step,
            self.state,
            self.status,
            self.http_status,
            self.request_id,
            self.elapsed_ms,
            self.description,
        ]))
    }

    /// Whether the words, while they are kept, are those that the entry was made with.
    fn words_fit(&self) -> bool {
        match (&self.words, &self.salt) {
            (Some(words), Some(salt)) => {
                let description = self.description.as_deref().unwrap_or_default();
                description.contains(&words::digest_of(salt, words))
            }
            _ => true,
        }
    }

    fn compute_hash(&self) -> Vec<u8> {
        let mut context = Context::new(&SHA256);
        context.update(&self.previous_hash);
        context.update(self.covered().as_bytes());
        context.finish().as_ref().to_vec()
    }
}

fn page(connection: &Connection, query: &Query) -> Result<(Vec<Logged>, bool)> {
    let mut found = Vec::new();
    let mut after = query.after;
    let mut phases = vec![true, false];
    if let Some(id) = after {
        let attention = connection.first(
            &format!("SELECT {NEEDS_ATTENTION} FROM log WHERE id = ?1"),
            [id],
            |row| Ok(row.get(0)?),
        )?;
        if attention != Some(true) {
            phases.remove(0);
        }
    }
    phases.retain(|attention| *attention || !query.attention);
    for attention in phases {
        let wanted = query.limit + 1 - found.len();
        let sql = format!(
            concat!(
                "SELECT ",
                columns!(),
                ", {NEEDS_ATTENTION}, EXISTS (SELECT 1 FROM log_dismissed WHERE entry_id = log.id) \
                 FROM log LEFT JOIN log_words ON entry_id = log.id WHERE {failed} {NEEDS_ATTENTION} = ?1 AND log.id < ?2 \
                 AND (?3 IS NULL OR uuid = ?3 OR order_ref_1 = ?3) AND (?4 IS NULL OR state = ?4) \
                 AND (?5 IS NULL OR log.at >= ?5) AND (?6 IS NULL OR log.at <= ?6) ORDER BY log.id DESC LIMIT ?7"
            ),
            NEEDS_ATTENTION = NEEDS_ATTENTION,
            // Lets SQLite look through the failures only.
            failed = if attention { "log.status <> 0 AND" } else { "" },
        );
        found.extend(connection.all(
            &sql,
            params![
                attention,
                after.take().unwrap_or(i64::MAX),
                query.order,
                query.state,
                query.since,
                query.until,
                wanted as i64
            ],
            |row| {
                Ok(Logged {
                    needs_attention: row.get(19)?,
                    dismissed: row.get(20)?,
                    ..read(row)?
                })
            },
        )?);
        if found.len() > query.limit {
            found.pop();
            return Ok((found, true));
        }
    }
    Ok((found, false))
}

fn check(connection: &Connection) -> Result<Chain> {
    let anchor: Option<(i64, Vec<u8>)> =
        connection.first("SELECT entry_id, hash FROM log_anchor", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let removed_until = anchor.as_ref().map(|(id, _)| *id);
    let reanchored_until: Option<i64> = connection
        .first("SELECT entry_id FROM log_reanchored", [], |row| {
            Ok(row.get(0)?)
        })
        // A file of an older version is looked at as it is.
        .unwrap_or(None);
    let (mut id, mut last_hash) = anchor.unwrap_or((0, BEGINNING.to_vec()));
    let mut chain = Chain {
        entries: 0,
        first: None,
        last: None,
        removed_until,
        reanchored_until,
        broken_at: None,
        last_hash: Vec::new(),
    };
    connection.each(WHOLE, [], |row| {
        let entry = read(row)?;
        chain.entries += 1;
        chain.last = Some((entry.id, entry.at));
        chain.first = chain.first.or(chain.last);
        let says_so = reanchored_until.is_some_and(|until| entry.id <= until)
            || (entry.hash == entry.compute_hash() && entry.words_fit());
        let fits = entry.id == id + 1 && entry.previous_hash == last_hash && says_so;
        if !fits {
            chain.broken_at = Some(entry.id);
            return Ok(Break(()));
        }
        (id, last_hash) = (entry.id, entry.hash);
        Ok(Continue(()))
    })?;
    chain.last_hash = last_hash;
    Ok(chain)
}

fn read(row: &Row) -> Result<Logged> {
    Ok(Logged {
        id: row.get(0)?,
        at: row.get(1)?,
        order_id: row.get(2)?,
        uuid: row.get(3)?,
        merchant_id: row.get(4)?,
        order_ref_1: row.get(5)?,
        amount: row.get(6)?,
        currency: row.get(7)?,
        step: row.get(8)?,
        state: row.get(9)?,
        status: row.get(10)?,
        http_status: row.get(11)?,
        request_id: row.get(12)?,
        elapsed_ms: row.get(13)?,
        description: row.get(14)?,
        previous_hash: row.get(15)?,
        hash: row.get(16)?,
        words: row.get(17)?,
        salt: row.get(18)?,
        needs_attention: false,
        dismissed: false,
    })
}

/// Adds an entry, in the transaction that records the outcome itself.
pub(super) fn append(
    transaction: &Transaction,
    about: About,
    now: i64,
    entry: &Entry,
) -> Result<()> {
    let newest = |query| transaction.first(query, [], |row| Ok((row.get(0)?, row.get(1)?)));
    let last: Option<(i64, Vec<u8>)> =
        match newest("SELECT id, hash FROM log ORDER BY id DESC LIMIT 1")? {
            None => newest("SELECT entry_id, hash FROM log_anchor")?,
            last => last,
        };
    let (last_id, previous_hash) = last.unwrap_or((0, BEGINNING.to_vec()));
    let kept = entry.said.as_ref().map(Kept::of).transpose()?;
    let id = last_id
        .checked_add(1)
        .ok_or_else(|| orders::unreadable("the log's last number"))?;
    let mut logged = Logged {
        id,
        at: now,
        order_id: NO_ORDER,
        uuid: entry.uuid.clone(),
        merchant_id: String::new(),
        order_ref_1: None,
        amount: None,
        currency: None,
        step: entry.step.to_owned(),
        state: String::new(),
        status: entry.status.code(),
        http_status: entry.http.status,
        request_id: entry.http.request_id.clone(),
        elapsed_ms: entry.http.elapsed_ms as i64,
        description: match (&kept, &entry.reason) {
            (Some(kept), _) => Some(kept.description.clone()),
            (None, Some(reason)) => Some(canonical::text(&serde_json::json!({"reason": reason}))),
            (None, None) => None,
        },
        words: None,
        salt: None,
        previous_hash,
        hash: Vec::new(),
        needs_attention: false,
        dismissed: false,
    };
    match about {
        About::Merchant(merchant_id) => logged.merchant_id = merchant_id.to_owned(),
        About::Order(order_id) => {
            logged.order_id = order_id;
            logged.state = entry.life.state.as_str().to_owned();
            transaction.one(
                "SELECT merchant_id, order_ref_1, amount, currency FROM orders WHERE id = ?1",
                [order_id],
                |row| {
                    logged.merchant_id = row.get(0)?;
                    logged.order_ref_1 = row.get(1)?;
                    logged.amount = row.get(2)?;
                    logged.currency = row.get(3)?;
                    Ok(())
                },
            )?;
        }
    }
    logged.hash = logged.compute_hash();
    transaction.run(
        "INSERT INTO log (id, at, order_id, uuid, merchant_id, order_ref_1, amount, currency, step, state, status, \
             http_status, request_id, elapsed_ms, description, previous_hash, hash) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        params![
            logged.id,
            logged.at,
            logged.order_id,
            logged.uuid,
            logged.merchant_id,
            logged.order_ref_1,
            logged.amount,
            logged.currency,
            logged.step,
            logged.state,
            logged.status,
            logged.http_status,
            logged.request_id,
            logged.elapsed_ms,
            logged.description,
            logged.previous_hash,
            logged.hash,
        ],
    )?;
    if let Some(kept) = &kept {
        kept.write(transaction, &logged)?;
    }
    Ok(())
}

//! The transaction log: one entry for each attempt to change something at seQura, chained by hashes
//! so that damage and edits by hand show.
//!
//! An entry's hash is SHA-256 over the hash before it and the entry's columns as a JSON array
//! ([`LogRow::covered`]). Somebody who may write the file can compute the hashes anew, or cut off an
//! end: whoever wants to prove that nothing is missing notes the last hash where this machine cannot
//! change it.

use super::access::Journal;
use super::door::Door;
use super::entry::{About, Entry, LogRow, NO_ORDER, columns, read};
use super::error::Result;
use super::orders;
use super::words::{self, Kept};
use crate::ages::{Age, Ages};
use crate::canonical;
use rusqlite::{Connection, Transaction, params};
use std::ops::ControlFlow::{Break, Continue};
use std::time::Instant;

/// What the first entry of all goes on from.
pub(super) const BEGINNING: [u8; 32] = [0; 32];

/// The oldest entries, so many.
const OLDEST: &str = "SELECT id, at FROM log ORDER BY id LIMIT ?1";

/// The oldest entry that the office has not acknowledged, where the journal is enrolled ([`super::noting`]).
const UNACKNOWLEDGED: &str =
    "SELECT -order_id FROM changes WHERE order_id < 0 ORDER BY seq LIMIT 1";

/// The chain will go on from this entry.
const ANCHOR: &str = "INSERT INTO log_anchor (id, entry_id, hash) \
     SELECT 1, log.id, log.hash FROM log WHERE log.id = ?1 \
     ON CONFLICT (id) DO UPDATE SET entry_id = excluded.entry_id, hash = excluded.hash";

const WHOLE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM log LEFT JOIN log_words ON entry_id = id ORDER BY id"
);

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

impl Journal {
    /// Removes entries that are so old, so many at most, and with them those before: the log was written
    /// in this order, whatever the clock said. What the office has not acknowledged stays, as long as it is noted. The chain goes on from the last one removed. Says whether
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
        let Some(due) = last else {
            return Ok(waits);
        };
        let unacknowledged: Option<i64> =
            self.read(|connection| connection.first(UNACKNOWLEDGED, [], |row| Ok(row.get(0)?)))?;
        let last = unacknowledged.map_or(due, |entry| due.min(entry - 1));
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
    pub fn whole_log(&self) -> Result<Vec<LogRow>> {
        self.read_all(|connection| connection.all(WHOLE, [], read))
    }
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
            || (entry.hash == entry.compute_hash() && words_fit(&entry));
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

/// Whether the words, while they are kept, are those that the entry was made with.
fn words_fit(entry: &LogRow) -> bool {
    match (&entry.words, &entry.salt) {
        (Some(words), Some(salt)) => {
            let description = entry.description.as_deref().unwrap_or_default();
            description.contains(&words::digest_of(salt, words))
        }
        _ => true,
    }
}

/// Adds an entry, in the transaction that records the outcome itself.
pub(super) fn append(
    transaction: &Transaction,
    about: About,
    now: i64,
    entry: &Entry,
) -> Result<()> {
    let (id, previous_hash) = next(transaction)?;
    let kept = entry.said.as_ref().map(Kept::of).transpose()?;
    let mut logged = LogRow {
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
            name_order(transaction, &mut logged)?;
        }
    }
    logged.hash = logged.compute_hash();
    insert(transaction, &logged)?;
    match &kept {
        Some(kept) => kept.write(transaction, &logged),
        None => Ok(()),
    }
}

/// The number of the next entry, and the hash that it goes on from.
fn next(transaction: &Transaction) -> Result<(i64, Vec<u8>)> {
    let newest = |query| transaction.first(query, [], |row| Ok((row.get(0)?, row.get(1)?)));
    let last: Option<(i64, Vec<u8>)> =
        match newest("SELECT id, hash FROM log ORDER BY id DESC LIMIT 1")? {
            None => newest("SELECT entry_id, hash FROM log_anchor")?,
            last => last,
        };
    let (last_id, hash) = last.unwrap_or((0, BEGINNING.to_vec()));
    let id = last_id.checked_add(1);
    Ok((
        id.ok_or_else(|| orders::unreadable("the log's last number"))?,
        hash,
    ))
}

/// What an entry says of its order, as that is now.
fn name_order(transaction: &Transaction, logged: &mut LogRow) -> Result<()> {
    transaction.one(
        "SELECT merchant_id, order_ref_1, amount, currency FROM orders WHERE id = ?1",
        [logged.order_id],
        |row| {
            logged.merchant_id = row.get(0)?;
            logged.order_ref_1 = row.get(1)?;
            logged.amount = row.get(2)?;
            logged.currency = row.get(3)?;
            Ok(())
        },
    )
}

fn insert(transaction: &Transaction, logged: &LogRow) -> Result<()> {
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
    Ok(())
}

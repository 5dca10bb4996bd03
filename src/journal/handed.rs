//! Orders that move from one till's journal to another's: handed over here, or taken over from there.
//!
//! Each is a step of the order that is answered as soon as it is written; what it keeps says how the order has come
//! here, or where it went from here, hand-over by hand-over.

use super::access::Journal;
use super::chain;
use super::door::Door;
use super::entry::{About, Entry};
use super::error::Result;
use super::names;
use super::orders::{self, Record, TAKEN_OVER};
use super::outcomes::{KEEP_CARTS, finish_content};
use super::{refusals, unshipped};
use crate::crash_point::{self, Point};
use crate::order::{Facts, cart_ref_of};
use rusqlite::{Transaction, params};
use serde_json::Value;
use std::time::Instant;

const LAST_HAND: &str = "SELECT step = 'hand_over', request FROM steps \
     WHERE order_id = ?1 AND step IN ('hand_over', 'take_over') ORDER BY id DESC LIMIT 1";
const TO_TELL: &str = "SELECT to_report, shipped_at FROM orders WHERE id = ?1";
const CLOSE: &str = "UPDATE orders SET state = ?2, to_report = NULL, updated_at = ?3, version = version + 1 \
     WHERE id = ?1 AND version = ?4";
const CONTINUE: &str = "UPDATE orders SET state = 'settled', finished = 1, holds_ref = 1, uuid = coalesce(uuid, ?3), \
     order_ref_1 = ?4, order_ref_2 = ?5, amount = ?6, currency = ?7, updated_at = ?8, shipped_at = ?9, \
     to_report = iif(?9 IS NULL, NULL, 0), claimed_by = NULL, claimed_until = NULL, version = version + 1 \
     WHERE id = ?1 AND version = ?2";
const INSERT: &str = "INSERT INTO orders (endpoint, merchant_id, uuid, state, created_at, updated_at, version) \
     VALUES (?1, ?2, ?3, 'settled', ?4, ?5, 0)";
const HAND: &str = "INSERT INTO steps (order_id, step, request, state_before, doubtful, intended_at, answered_at, status) \
     VALUES (?1, ?2, ?3, 'settled', 0, ?4, ?4, 0)";
/// Every query of this file.
#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[LAST_HAND, TO_TELL];

/// One hand-over of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Of its document; nobody can guess it.
    pub id: String,
    /// The journal that handed the order over.
    pub journal: String,
    /// When, ms.
    pub at: i64,
}

/// The last that an order has been through.
pub struct Hand {
    /// It was handed over; otherwise it was taken over.
    pub is_out: bool,
    /// Every hand-over of the order until then, oldest first.
    pub chain: Vec<Link>,
    /// What was kept of it: the document, where it was handed over.
    pub kept: String,
}

/// What the next delivery report tells of an order: the number of the open one that does, and since when.
pub type ToTell = (Option<i64>, Option<i64>);

/// An order that is taken over.
pub struct Taken<'a> {
    /// The order as it was read; `None`: the journal does not know it yet.
    pub record: Option<&'a Record>,
    /// The API's base URL.
    pub endpoint: &'a str,
    /// seQura's reference, where the other journal knew it.
    pub uuid: Option<&'a str>,
    /// What there is to say of it.
    pub facts: &'a Facts,
    /// Both carts, JSON, as the journal keeps them.
    pub carts: &'a str,
    /// When the sale began, ms.
    pub created_at: i64,
    /// Since when a delivery report is to tell that goods of it were shipped, ms.
    pub to_tell_since: Option<i64>,
    /// Every hand-over of the order, JSON.
    pub chain: &'a str,
    /// Whether personal data that is here of it goes.
    pub scrub: bool,
}

/// How it ended.
pub enum Moved {
    /// Written; the order as it is.
    Done(Box<Record>),
    /// Another call changed the order since it was read.
    Changed,
    /// Another process is working on it.
    Busy,
}

impl Journal {
    /// What this journal is called in what is made beside it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The last hand-over, or taking over, of an order.
    pub fn last_hand(&self, order_id: i64) -> Result<Option<Hand>> {
        let found: Option<(bool, String)> = self.read(|connection| {
            connection.first(LAST_HAND, [order_id], |row| Ok((row.get(0)?, row.get(1)?)))
        })?;
        let Some((is_out, kept)) = found else {
            return Ok(None);
        };
        let said: Value = serde_json::from_str(&kept).unwrap_or_default();
        let chain = chain_of(&said).ok_or_else(|| orders::unreadable("a hand-over"))?;
        Ok(Some(Hand {
            is_out,
            chain,
            kept,
        }))
    }

    /// What the next delivery report tells of an order.
    pub fn to_tell(&self, order_id: i64) -> Result<ToTell> {
        self.read(|connection| {
            connection.one(TO_TELL, [order_id], |row| Ok((row.get(0)?, row.get(1)?)))
        })
    }

    /// Closes an order here, for another journal to go on with, where it still is as it was read. One durable write,
    /// document, log and all.
    pub fn hand_over(
        &self,
        record: &Record,
        to_tell: ToTell,
        document: &str,
        entry: &Entry,
        until: Instant,
    ) -> Result<Moved> {
        self.write_final(until, |transaction, now| {
            if self.standing(transaction, record.id)?.is_held() {
                return Ok(Moved::Busy);
            }
            let told: ToTell =
                transaction.one(TO_TELL, [record.id], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let values = params![record.id, TAKEN_OVER, now, record.version];
            if told != to_tell || transaction.run(CLOSE, values)? == 0 {
                return Ok(Moved::Changed);
            }
            unshipped::note(transaction, record.id, None)?;
            transaction.run(HAND, params![record.id, entry.step, document, now])?;
            chain::append(transaction, About::Order(record.id), now, entry)?;
            crash_point::reached(Point::HandedOver);
            moved(transaction, record.id)
        })
    }

    /// Goes on with an order that another journal has handed over. One durable write, log and all.
    pub fn take_over(&self, taken: &Taken, entry: &Entry, until: Instant) -> Result<Moved> {
        let written = self.write_final(until, |transaction, now| {
            let order_id = match taken.record {
                Some(record) if self.standing(transaction, record.id)?.is_held() => {
                    return Ok(Moved::Busy);
                }
                Some(record) => record.id,
                None => match insert(transaction, taken, now)? {
                    Some(order_id) => order_id,
                    None => return Ok(Moved::Changed),
                },
            };
            if !go_on(transaction, order_id, taken, now)? {
                return Ok(Moved::Changed);
            }
            unshipped::note(transaction, order_id, entry.unshipped)?;
            transaction.run(HAND, params![order_id, entry.step, taken.chain, now])?;
            chain::append(transaction, About::Order(order_id), now, entry)?;
            crash_point::reached(Point::TakenOver);
            moved(transaction, order_id)
        })?;
        if taken.record.is_some() && taken.scrub {
            self.clear_write_ahead_log();
        }
        Ok(written)
    }
}

/// A new row for an order; none where another process has taken it in meanwhile.
fn insert(transaction: &Transaction, taken: &Taken, now: i64) -> Result<Option<i64>> {
    let facts = taken.facts;
    let (merchant_id, order_ref_1) = (&facts.merchant_id, &facts.order_ref_1);
    let (merchant_id, order_ref_1) = (merchant_id.as_deref(), order_ref_1.as_deref());
    let is_here = match taken.uuid {
        Some(uuid) => names::is_known(transaction, uuid, taken.endpoint)?,
        None => false,
    };
    let (merchant_id, order_ref_1) = (
        merchant_id.unwrap_or_default(),
        order_ref_1.unwrap_or_default(),
    );
    if is_here || orders::is_ref_held(transaction, order_ref_1, merchant_id, taken.endpoint, None)?
    {
        return Ok(None);
    }
    let values = params![
        taken.endpoint,
        merchant_id,
        taken.uuid,
        taken.created_at,
        now
    ];
    transaction.run(INSERT, values)?;
    Ok(Some(transaction.last_insert_rowid()))
}

/// The order is from now on what was taken over; `false`: it is no longer as it was read.
fn go_on(transaction: &Transaction, order_id: i64, taken: &Taken, now: i64) -> Result<bool> {
    let facts = taken.facts;
    let version = taken.record.map_or(0, |record| record.version);
    let values = params![
        order_id,
        version,
        taken.uuid,
        facts.order_ref_1,
        facts.order_ref_2,
        facts.amount,
        facts.currency,
        now,
        taken.to_tell_since
    ];
    if transaction.run(CONTINUE, values)? == 0 {
        return Ok(false);
    }
    finish_content(transaction, order_id, taken.scrub, now)?;
    transaction.run(KEEP_CARTS, params![order_id, taken.carts])?;
    names::keep_cart_ref(transaction, order_id, cart_ref_of(taken.carts).as_deref())?;
    refusals::forget(transaction, order_id)?;
    Ok(true)
}

fn moved(transaction: &Transaction, order_id: i64) -> Result<Moved> {
    orders::by_id(transaction, order_id).map(|record| Moved::Done(Box::new(record)))
}

/// The hand-overs that a document, or what was kept of one, names.
pub fn chain_of(said: &Value) -> Option<Vec<Link>> {
    let link = |link: &Value| {
        let text = |name: &str| Some(link.get(name)?.as_str()?.to_owned());
        Some(Link {
            id: text("id")?,
            journal: text("journal")?,
            at: link.get("at")?.as_i64()?,
        })
    };
    said.get("chain")?.as_array()?.iter().map(link).collect()
}

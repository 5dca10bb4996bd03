//! What is about to be sent: recorded, and claimed, before anything is sent.

use super::access::Journal;
use super::claims::{Claimed, Standing};
use super::door::Door;
use super::error::{JournalError, Result};
use super::names;
use super::orders::{self, Record, open_step};
use crate::crash_point::{self, Point};
use crate::lifecycle::{Intent, Life, State, Step};
use crate::order::Written;
use crate::vocabulary::ErrorCode;
use rusqlite::{Transaction, params};
use std::time::{Duration, Instant};

/// The order as it is sent, and its carts where they are not those of the content; nothing is written that is
/// there already.
const KEEP_CONTENT: &str = "INSERT INTO contents (order_id, content, carts) VALUES (?1, ?2, ?3) \
     ON CONFLICT (order_id) DO UPDATE SET content = excluded.content, carts = excluded.carts \
     WHERE content IS NOT excluded.content OR carts IS NOT excluded.carts";

/// A step begins, and other processes keep away from the order.
const CLAIM: &str = "UPDATE orders SET updated_at = ?2, claimed_by = ?3, claimed_until = ?4, version = version + 1 \
     WHERE id = ?1";

/// The same, and the order is from now on what is sent.
const CLAIM_AS: &str = "UPDATE orders SET state = ?2, holds_ref = ?3, order_ref_1 = ?4, order_ref_2 = ?5, \
     amount = ?6, currency = ?7, fingerprint = ?8, content = NULL, carts = NULL, updated_at = ?9, \
     claimed_by = ?10, claimed_until = ?11, version = version + 1 WHERE id = ?1";

/// A change of a finished order: something of it is open again.
const REOPEN: &str = "UPDATE orders SET finished = 0 WHERE id = ?1";

const STANDING: &str = "SELECT claimed_by, claimed_until, claimed_until - updated_at, version, epoch IS NOT NULL FROM orders \
     LEFT JOIN taken_over ON taken_over.uuid = orders.uuid AND taken_over.endpoint = orders.endpoint WHERE id = ?1";

/// The open step is asked again, or a change that includes it.
const GO_ON: &str = concat!(
    "UPDATE steps SET doubtful = 1, step = ?2, request = ?3, fingerprint = ?4, status = NULL WHERE ",
    open_step!("?1"),
    "AND (step = ?2 OR ?5) RETURNING id"
);

/// Another one takes its place.
const REPLACE: &str = concat!("UPDATE steps SET answered_at = ?2 WHERE ", open_step!("?1"));

/// Every query of this file that looks for something.
#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[STANDING, GO_ON, REPLACE];

/// An order as it stands in the transaction that is to change it.
pub(super) struct Found {
    /// Another client that lives is working on it.
    pub is_claimed: bool,
    /// The office has taken it over.
    pub is_fenced: bool,
    pub version: i64,
}

impl Found {
    /// Nobody here goes on with it now.
    pub fn is_held(&self) -> bool {
        self.is_claimed || self.is_fenced
    }
}

/// What an intent writes.
pub struct NewIntent<'a> {
    /// The order as it was read; `None`: the journal does not know it yet.
    pub record: Option<&'a Record>,
    /// The API's base URL.
    pub endpoint: &'a str,
    /// seQura's reference, where it is known.
    pub uuid: Option<&'a str>,
    /// State and intent that [`Life::begin`] gave.
    pub life: Life,
    /// What the step carries beside the content.
    pub request: &'a str,
    /// The order as it will be sent.
    pub content: &'a Written,
    /// Of that content.
    pub fingerprint: &'a [u8],
    /// How long other processes keep away from the order, at most.
    pub claim_for: Duration,
}

/// The right to send what was recorded, and to record what comes of it.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The journal's number of the order.
    pub order_id: i64,
    /// The journal's number of the step.
    pub step_id: i64,
    /// The order's version that the intent made.
    pub version: i64,
    /// The state that it has since.
    pub state: State,
    /// No one else takes the order over before.
    pub until: Instant,
}

/// How an attempt to record an intent ended.
#[derive(Debug)]
pub enum Intended {
    /// NewIntent, and claimed by this client.
    Ours(Claim),
    /// Another call changed the order since it was read.
    Changed,
    /// Another process is working on it.
    Busy,
    /// Another order of this merchant holds this `order_ref_1`.
    RefTaken,
}

impl NewIntent<'_> {
    /// The reference that is this order's alone from now on.
    fn held_ref(&self) -> Option<&str> {
        let order_ref_1 = self.content.facts().order_ref_1.as_deref();
        order_ref_1.filter(|_| self.life.state.holds_ref())
    }

    fn merchant_id(&self) -> &str {
        let merchant_id = &self.content.facts().merchant_id;
        merchant_id.as_deref().unwrap_or_default()
    }
}

impl Claim {
    /// The order as the intent left it: number, version and state.
    pub(super) fn order(&self) -> (i64, i64, State) {
        (self.order_id, self.version, self.state)
    }
}

impl Journal {
    /// Step 2 of the pipeline: records what is about to be sent, and claims the order. One durable
    /// write; after it, and only after it, may anything be sent.
    pub fn record_intent(&self, new: &NewIntent, until: Instant) -> Result<Intended> {
        let claimed_until = Instant::now() + new.claim_for;
        let intent = new
            .life
            .intent
            .ok_or_else(|| bug("an intent without a step"))?;
        self.show_alive()?;
        self.write_now(until, |transaction, now| {
            if let Some(obstacle) = self.obstacle(transaction, new)? {
                return Ok(obstacle);
            }
            let (order_id, version) = match new.record {
                None => (insert_order(transaction, new, now)?, 0),
                Some(record) => (record.id, record.version),
            };
            let claimed_until_ms = now.saturating_add(new.claim_for.as_millis() as i64);
            let claim = (now, self.owner.name(), claimed_until_ms);
            match new.record.filter(|_| intent.step.is_change()) {
                Some(record) => claim_as_it_is(transaction, record, claim)?,
                None => claim_as_sent(transaction, order_id, new, intent, claim)?,
            }
            let step_id = open_step(transaction, order_id, new, intent, now)?;
            crash_point::reached(Point::IntentWritten);
            Ok(Intended::Ours(Claim {
                order_id,
                step_id,
                version: version + 1,
                state: new.life.state,
                until: claimed_until,
            }))
        })
    }

    /// What keeps an intent from being recorded, as it stands in the transaction that records it.
    fn obstacle(&self, transaction: &Transaction, new: &NewIntent) -> Result<Option<Intended>> {
        if let Some(record) = new.record {
            let found = self.standing(transaction, record.id)?;
            if found.is_claimed {
                return Ok(Some(Intended::Busy));
            }
            // A fence that was written before the claim is obeyed: read again, the order is the office's.
            if found.is_fenced || found.version != record.version {
                return Ok(Some(Intended::Changed));
            }
        } else if let Some(uuid) = new.uuid
            && names::is_known(transaction, uuid, new.endpoint)?
        {
            // Another process has adopted it meanwhile, or the office has taken it over: read it again.
            return Ok(Some(Intended::Changed));
        }
        let is_held_already = |record: &Record| {
            record.life.state.holds_ref() && record.order_ref_1 == new.content.facts().order_ref_1
        };
        let Some(order_ref_1) = new
            .held_ref()
            .filter(|_| !new.record.is_some_and(is_held_already))
        else {
            return Ok(None);
        };
        let merchant_id = match new.record {
            Some(record) => &record.merchant_id,
            None => new.merchant_id(),
        };
        let but = new.record.map(|record| record.id);
        let is_taken =
            orders::is_ref_held(transaction, order_ref_1, merchant_id, new.endpoint, but)?;
        Ok(is_taken.then_some(Intended::RefTaken))
    }

    /// Whether an order is free to be worked on; within this client [`crate::one_at_a_time`] keeps calls apart.
    pub(super) fn standing(&self, transaction: &Transaction, order_id: i64) -> Result<Found> {
        let (standing, version, is_fenced) = transaction.one(STANDING, [order_id], |row| {
            let standing = Standing {
                by: row.get(0)?,
                until: row.get(1)?,
                lasts: row.get(2)?,
            };
            Ok((standing, row.get(3)?, row.get(4)?))
        })?;
        let what = Claimed::Order(order_id);
        Ok(Found {
            is_claimed: self.claims.is_anothers(&self.owner, what, standing),
            is_fenced,
            version,
        })
    }
}

/// A change is asked for: the order itself stays as seQura has it, until seQura has taken the change.
fn claim_as_it_is(
    transaction: &Transaction,
    record: &Record,
    (now, by, until_ms): (i64, &str, i64),
) -> Result<()> {
    transaction.run(CLAIM, params![record.id, now, by, until_ms])?;
    if record.life.is_finished() {
        transaction.run(REOPEN, [record.id])?;
    }
    Ok(())
}

/// The order is from now on what is sent.
fn claim_as_sent(
    transaction: &Transaction,
    order_id: i64,
    new: &NewIntent,
    intent: Intent,
    (now, by, until_ms): (i64, &str, i64),
) -> Result<()> {
    let facts = new.content.facts();
    transaction.run(
        CLAIM_AS,
        params![
            order_id,
            new.life.state.as_str(),
            new.held_ref().is_some(),
            facts.order_ref_1,
            facts.order_ref_2,
            facts.amount,
            facts.currency,
            new.fingerprint,
            now,
            by,
            until_ms,
        ],
    )?;
    // A change is kept whole with its step.
    let content = (!intent.step.is_change()).then(|| new.content.text());
    let is_kept = |record: &Record| match intent.step {
        // Its references are read with it, from the order's row.
        Step::SetOrderRef => record.is_kept_apart(),
        _ => record.has_content(content),
    };
    if !new.record.is_some_and(is_kept) {
        let carts = content.is_none().then(|| new.content.carts());
        transaction.run(KEEP_CONTENT, params![order_id, content, carts])?;
        names::keep_cart_ref(transaction, order_id, facts.cart_ref.as_deref())?;
    }
    Ok(())
}

fn insert_order(transaction: &Transaction, new: &NewIntent, now: i64) -> Result<i64> {
    transaction.run(
        "INSERT INTO orders (endpoint, merchant_id, uuid, state, created_at, updated_at, version) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, 0)",
        params![
            new.endpoint,
            new.merchant_id(),
            new.uuid,
            new.life.state.as_str(),
            now
        ],
    )?;
    Ok(transaction.last_insert_rowid())
}

/// The order's open step from now on. The same step asked again goes on with its row, and so does a change
/// that includes the one before it; another one replaces it unanswered.
fn open_step(
    transaction: &Transaction,
    order_id: i64,
    new: &NewIntent,
    intent: Intent,
    now: i64,
) -> Result<i64> {
    if new.record.is_some_and(|record| record.open.is_some()) {
        let reused = transaction.first(
            GO_ON,
            params![
                order_id,
                intent.step.as_str(),
                new.request,
                new.fingerprint,
                intent.step.is_change()
            ],
            |row| Ok(row.get(0)?),
        )?;
        if let Some(step_id) = reused {
            return Ok(step_id);
        }
        transaction.run(REPLACE, params![order_id, now])?;
    }
    transaction.run(
        "INSERT INTO steps (order_id, step, request, fingerprint, state_before, doubtful, intended_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)",
        params![
            order_id,
            intent.step.as_str(),
            new.request,
            new.fingerprint,
            intent.before.as_str(),
            now
        ],
    )?;
    Ok(transaction.last_insert_rowid())
}

fn bug(what: &str) -> JournalError {
    JournalError::new(
        ErrorCode::JournalFailed,
        format!("A bug in the library: {what}."),
    )
}

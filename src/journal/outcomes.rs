//! What came of what was sent.

use super::access::{Journal, Sync};
use super::door::Door;
use super::entry::{About, Entry};
use super::error::Result;
use super::intents::Claim;
use super::orders::{self, Record, by_id};
use super::refusals::{self, Refusal};
use super::{chain, figures, names, unshipped, words};
use crate::crash_point::{self, Point};
use crate::lifecycle::{Life, State, Step};
use crate::order::{Facts, cart_ref_of};
use crate::status::Status;
use rusqlite::{Transaction, params};
use std::time::Instant;

const UNFINISHED_CONTENT: &str = "SELECT contents.content, order_ref_1, order_ref_2 FROM contents JOIN orders ON orders.id = order_id \
     WHERE order_id = ?1 AND contents.content IS NOT NULL AND finished_at IS NULL";

const FINISH_CONTENT: &str = "UPDATE contents SET content = CASE WHEN ?2 THEN NULL ELSE content END, \
     carts = coalesce(?4, carts), finished_at = ?3 WHERE order_id = ?1 AND content IS NOT NULL";

pub(super) const KEEP_CARTS: &str = "INSERT INTO contents (order_id, carts) VALUES (?1, ?2) \
     ON CONFLICT (order_id) DO UPDATE SET carts = excluded.carts";

// What came of it. A column that stays as it is is not named: naming it writes a page of each index that has it.
const MOVE_ON: &str = "UPDATE orders SET state = ?2, updated_at = ?3, claimed_by = NULL, claimed_until = NULL, \
     version = version + 1 WHERE id = ?1 AND version = ?4";

const NAME: &str = "UPDATE orders SET uuid = ?2 WHERE id = ?1 AND uuid IS NULL";

const HOLD_REF: &str =
    "UPDATE orders SET holds_ref = (?2 AND order_ref_1 IS NOT NULL) WHERE id = ?1";

const FINISH: &str = "UPDATE orders SET finished = 1 WHERE id = ?1";

const SHIPPED: &str = "UPDATE orders SET shipped_at = ?2, to_report = 0 WHERE id = ?1";

const FORGET_OLDER: &str = "UPDATE orders SET content = NULL WHERE id = ?1 AND content IS NOT NULL";

/// What seQura's answer to a change of a settled order leaves in the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Closing {
    /// The step that the row is from now on.
    pub step: Step,
    /// What the row keeps: nothing of the shopper, once it is answered.
    pub request: String,
    /// What seQura has taken.
    pub accepted: Option<Accepted>,
}

/// A sold order as seQura has taken it.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// Its carts, JSON.
    pub carts: String,
    /// What they come to, cents.
    pub amount: i64,
    /// What is still to be shipped of it, cents; none: nothing is.
    pub unshipped: Option<i64>,
    /// What was shipped by it, cents.
    pub shipped: i64,
    /// By how much the order comes to less, cents.
    pub refunded: i64,
    /// The shop's second reference, where it has one.
    pub order_ref_2: Option<String>,
}

/// How a step ended that was recorded.
#[derive(Debug)]
pub enum Ended {
    /// Of a sale: the order is what was sent, and where the outcome leads.
    Step,
    /// Of a settled order, which is this now.
    Change(Box<Record>),
    /// The claim had run out and another till has gone on with the order: only the log is written, and the
    /// order is as that till left it.
    Overtaken(Box<Record>),
}

impl Journal {
    /// Step 4 of the pipeline: what came of it, the log entry for it, and the claim given back. One
    /// durable write. `shipment`: the last step of the sale, which is intended by it.
    pub fn record_outcome(
        &self,
        claim: &Claim,
        outcome: &Entry,
        closing: Option<&Closing>,
        shipment: Option<&str>,
        scrub: bool,
        until: Instant,
    ) -> Result<Ended> {
        let life = outcome.life;
        // The step itself is done where another one follows.
        let open = life.intent.filter(|_| shipment.is_none());
        let scrub = scrub && life.state.is_finished();
        // Emptying the log waits for the disk, once for both.
        let sync = if scrub { Sync::Later } else { Sync::Full };
        let written = self.write_answer(sync, until, |transaction, now| {
            let ours = move_on(transaction, claim.order(), outcome, scrub, now)?;
            if ours {
                transaction.run(
                    "UPDATE steps SET doubtful = ?2, answered_at = ?3, status = ?4, http_status = ?5, request_id = ?6 \
                     WHERE id = ?1",
                    params![
                        claim.step_id,
                        open.is_some_and(|intent| intent.doubtful),
                        open.is_none().then_some(now),
                        outcome.status.code(),
                        outcome.http.status,
                        outcome.http.request_id,
                    ],
                )?;
            }
            if ours && outcome.status == Status::Ok {
                forget_words(transaction, claim.order_id, outcome.step, life)?;
            }
            if let (true, Some(closing)) = (ours, closing) {
                close_change(transaction, (claim.order_id, now), claim.step_id, closing)?;
            }
            if let (true, Some(request)) = (ours, shipment) {
                unshipped::intend(transaction, claim.order_id, request, now)?;
            }
            chain::append(transaction, About::Order(claim.order_id), now, outcome)?;
            self.note_verdict(transaction, now)?;
            crash_point::reached(Point::OutcomeWritten);
            Ok(match (ours, closing) {
                (true, None) => Ended::Step,
                (true, Some(_)) => Ended::Change(Box::new(by_id(transaction, claim.order_id)?)),
                (false, _) => Ended::Overtaken(Box::new(by_id(transaction, claim.order_id)?)),
            })
        })?;
        if scrub {
            self.clear_and_sync(until)?;
            crash_point::reached(Point::Scrubbed);
        }
        Ok(written)
    }

    /// Records that a confirmed order is stuck because its reference is taken here; `None` when the
    /// order is no longer as it was read.
    pub fn record_refused_ref(
        &self,
        record: &Record,
        life: Life,
        order_ref_1: &str,
        refusal: &Refusal,
        until: Instant,
    ) -> Result<Option<Record>> {
        self.write_final(until, |transaction, now| {
            let changed = transaction.run(
                "UPDATE orders SET state = ?3, order_ref_1 = ?4, holds_ref = 0, updated_at = ?5, version = version + 1 \
                 WHERE id = ?1 AND version = ?2",
                params![record.id, record.version, life.state.as_str(), order_ref_1, now],
            )?;
            crash_point::reached(Point::RefRefused);
            match changed {
                0 => Ok(None),
                _ => {
                    refusal.keep(transaction, record.id)?;
                    by_id(transaction, record.id).map(Some)
                }
            }
        })
    }

    /// Keeps a no of the journal's own, where the order still is as it was read.
    pub fn record_refusal(&self, record: &Record, refusal: &Refusal, until: Instant) -> Result<()> {
        self.write(until, |transaction| {
            let version: i64 = transaction.one(
                "SELECT version FROM orders WHERE id = ?1",
                [record.id],
                |row| Ok(row.get(0)?),
            )?;
            match version == record.version {
                true => refusal.keep(transaction, record.id),
                false => Ok(()),
            }
        })
    }

    /// What was refused of an order is past: somebody goes on with it.
    pub fn forget_refusal(&self, order_id: i64, until: Instant) -> Result<()> {
        self.write(until, |transaction| refusals::forget(transaction, order_id))
    }
}

/// Moves an order on to where the outcome leads, unless it is no longer as it was read; gives its claim
/// back.
pub(super) fn move_on(
    transaction: &Transaction,
    (order_id, version, before): (i64, i64, State),
    outcome: &Entry,
    scrub: bool,
    now: i64,
) -> Result<bool> {
    let life = outcome.life;
    let moved = params![order_id, life.state.as_str(), now, version];
    if transaction.run(MOVE_ON, moved)? == 0 {
        return Ok(false);
    }
    if outcome.step == Step::Start.as_str() {
        transaction.run(NAME, params![order_id, outcome.uuid])?;
    }
    if life.state.holds_ref() != before.holds_ref() {
        transaction.run(HOLD_REF, params![order_id, life.state.holds_ref()])?;
    }
    if life.is_finished() {
        transaction.run(FINISH, [order_id])?;
    }
    if outcome.ships {
        transaction.run(SHIPPED, [order_id, now])?;
    }
    if scrub {
        transaction.run(FORGET_OLDER, [order_id])?;
    }
    if life.state.is_finished() {
        finish_content(transaction, order_id, scrub, now)?;
    }
    if life.state == State::Settled && before != State::Settled {
        unshipped::note(transaction, order_id, outcome.unshipped)?;
    }
    figures::note_progress(
        transaction,
        (order_id, now),
        life.state.is_confirmed() && !before.is_confirmed(),
        life.state == State::Settled && before != State::Settled,
        outcome.ships.then(|| outcome.unshipped.unwrap_or_default()),
    )?;
    match &outcome.refusal {
        Some(refusal) => refusal.keep(transaction, order_id)?,
        None if outcome.status == Status::Ok => refusals::forget(transaction, order_id)?,
        None => {}
    }
    Ok(true)
}

/// The step is done, and so seQura's words on it are past; on the whole order, where it has ended it.
pub(super) fn forget_words(
    transaction: &Transaction,
    order_id: i64,
    step: &str,
    life: Life,
) -> Result<()> {
    let is_change = Step::from_word(step).is_some_and(Step::is_change);
    match life.state.is_finished() && !is_change {
        true => words::forget_of_order(transaction, order_id),
        false => words::forget_of_step(transaction, order_id, step),
    }
}

/// What is left in the journal of a change of a settled order.
pub(super) fn close_change(
    transaction: &Transaction,
    (order_id, now): (i64, i64),
    step_id: i64,
    closing: &Closing,
) -> Result<()> {
    transaction.run(
        "UPDATE steps SET step = ?2, request = ?3 WHERE id = ?1",
        params![step_id, closing.step.as_str(), closing.request],
    )?;
    if let Some(accepted) = &closing.accepted {
        transaction.run(KEEP_CARTS, params![order_id, accepted.carts])?;
        names::keep_cart_ref(
            transaction,
            order_id,
            cart_ref_of(&accepted.carts).as_deref(),
        )?;
        transaction.run(
            "UPDATE orders SET carts = NULL, amount = ?2, order_ref_2 = coalesce(?3, order_ref_2) WHERE id = ?1",
            params![order_id, accepted.amount, accepted.order_ref_2],
        )?;
        unshipped::note(transaction, order_id, accepted.unshipped)?;
        let Accepted {
            shipped, refunded, ..
        } = accepted;
        figures::note_change(transaction, (order_id, now), *shipped, *refunded)?;
    }
    Ok(())
}

/// A finished order's personal data goes now, or its time begins. What shipping and refunds need of it stays.
pub(super) fn finish_content(
    transaction: &Transaction,
    order_id: i64,
    scrub: bool,
    now: i64,
) -> Result<()> {
    let unfinished = transaction.first(UNFINISHED_CONTENT, [order_id], |row| {
        let named = Facts {
            order_ref_1: row.get(1)?,
            order_ref_2: row.get(2)?,
            ..Facts::default()
        };
        Ok((row.get(0)?, named))
    })?;
    let carts = unfinished.and_then(|(content, named)| orders::carts_of(content, named));
    transaction.run(FINISH_CONTENT, params![order_id, scrub, now, carts])?;
    Ok(())
}

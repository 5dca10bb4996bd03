//! The writes of a sale: what is about to be sent, what came of it, what was given up.

use super::claims::{Claimed, Standing};
use super::days::Beyond;
use super::door::Door;
use super::log::{self, About, Entry};
use super::orders::{self, Record, by_id};
use super::refusals::{self, Refusal};
use super::{Journal, JournalError, Result, words};
use crate::ages::Ages;
use crate::crash_point::{self, Point};
use crate::lifecycle::{Intent, Life, State, Step};
use crate::order::{Facts, Written};
use crate::outcome::HttpView;
use crate::status::Status;
use crate::vocabulary::ErrorCode;
use rusqlite::{Transaction, params};
use std::time::{Duration, Instant};

/// What the log calls an order that was given up.
const ABANDON: &str = "abandon";

/// Finished orders with personal data, and since when: as this version writes them, and as older ones
/// did.
const SCRUBBABLE: &str = "SELECT order_id, finished_at FROM contents \
         WHERE content IS NOT NULL AND finished_at IS NOT NULL AND finished_at < ?1 \
     UNION ALL SELECT order_id, finished_at FROM contents \
         WHERE content IS NOT NULL AND finished_at IS NOT NULL AND finished_at > ?2 \
     UNION ALL SELECT id, updated_at FROM orders \
         WHERE finished = 1 AND content IS NOT NULL AND updated_at < ?1 \
     UNION ALL SELECT id, updated_at FROM orders \
         WHERE finished = 1 AND content IS NOT NULL AND updated_at > ?2";
const SCRUB: &str = "UPDATE contents SET content = NULL \
     WHERE order_id = ?1 AND content IS NOT NULL AND finished_at IS NOT NULL";
const SCRUB_OLDER: &str =
    "UPDATE orders SET content = NULL WHERE id = ?1 AND finished = 1 AND content IS NOT NULL";
/// The order as it is sent, and its carts where they are not those of the content; nothing is written that is
/// there already.
const KEEP_CONTENT: &str = "INSERT INTO contents (order_id, content, carts) VALUES (?1, ?2, ?3) \
     ON CONFLICT (order_id) DO UPDATE SET content = excluded.content, carts = excluded.carts \
     WHERE content IS NOT excluded.content OR carts IS NOT excluded.carts";
const UNFINISHED_CONTENT: &str = "SELECT contents.content, order_ref_1, order_ref_2 FROM contents JOIN orders ON orders.id = order_id \
     WHERE order_id = ?1 AND contents.content IS NOT NULL AND finished_at IS NULL";
const FINISH_CONTENT: &str = "UPDATE contents SET content = CASE WHEN ?2 THEN NULL ELSE content END, \
     carts = coalesce(?4, carts), finished_at = ?3 WHERE order_id = ?1 AND content IS NOT NULL";
const KEEP_CARTS: &str = "INSERT INTO contents (order_id, carts) VALUES (?1, ?2) \
     ON CONFLICT (order_id) DO UPDATE SET carts = excluded.carts";

/// A step begins, and other processes keep away from the order.
const CLAIM: &str = "UPDATE orders SET updated_at = ?2, claimed_by = ?3, claimed_until = ?4, version = version + 1 \
     WHERE id = ?1";
/// The same, and the order is from now on what is sent.
const CLAIM_AS: &str = "UPDATE orders SET state = ?2, holds_ref = ?3, order_ref_1 = ?4, order_ref_2 = ?5, \
     amount = ?6, currency = ?7, fingerprint = ?8, content = NULL, carts = NULL, updated_at = ?9, \
     claimed_by = ?10, claimed_until = ?11, version = version + 1 WHERE id = ?1";
/// Whatever it was refused, it has to be finished now.
const REOPEN: &str = "UPDATE orders SET finished = 0 WHERE id = ?1";

// What came of it. A column that stays as it is is not named: naming it writes a page of each index that has it.
const MOVE_ON: &str = "UPDATE orders SET state = ?2, updated_at = ?3, claimed_by = NULL, claimed_until = NULL, \
     version = version + 1 WHERE id = ?1 AND version = ?4";
const NAME: &str = "UPDATE orders SET uuid = ?2 WHERE id = ?1 AND uuid IS NULL";
const HOLD_REF: &str =
    "UPDATE orders SET holds_ref = (?2 AND order_ref_1 IS NOT NULL) WHERE id = ?1";
const FINISH: &str = "UPDATE orders SET finished = 1 WHERE id = ?1";
const SHIPPED: &str = "UPDATE orders SET shipped_at = ?2, to_report = 0 WHERE id = ?1";
const FORGET_OLDER: &str = "UPDATE orders SET content = NULL WHERE id = ?1 AND content IS NOT NULL";

/// Every query of this file that is asked when a client is opened.
#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[SCRUBBABLE, SCRUB, SCRUB_OLDER];

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

/// What seQura's answer to a change of a settled order leaves in the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Closing {
    /// The step that the row is from now on.
    pub step: Step,
    /// What the row keeps: nothing of the shopper, once it is answered.
    pub request: String,
    /// The carts that seQura has taken, JSON, and what they come to in cents.
    pub accepted: Option<(String, i64)>,
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

impl Claim {
    /// The order as the intent left it: number, version and state.
    fn order(&self) -> (i64, i64, State) {
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
        let result = self.write_now(until, |transaction, now| {
            let (order_id, version) = match new.record {
                None => (insert_order(transaction, new, now)?, 0),
                Some(record) => {
                    let (is_claimed, version) = self.standing(transaction, record.id)?;
                    if is_claimed {
                        return Ok(Intended::Busy);
                    }
                    if version != record.version {
                        return Ok(Intended::Changed);
                    }
                    (record.id, version)
                }
            };
            let claimed_until_ms = now.saturating_add(new.claim_for.as_millis() as i64);
            if intent.step.is_change() && new.record.is_some() {
                // The order itself stays as seQura has it, until seQura has taken the change.
                let claim = params![order_id, now, self.owner.name(), claimed_until_ms];
                transaction.run(CLAIM, claim)?;
                if new.record.is_some_and(|record| record.life.is_finished()) {
                    transaction.run(REOPEN, [order_id])?;
                }
            } else {
                let facts = new.content.facts();
                transaction.run(
                    CLAIM_AS,
                    params![
                        order_id,
                        new.life.state.as_str(),
                        new.life.state.holds_ref() && facts.order_ref_1.is_some(),
                        facts.order_ref_1,
                        facts.order_ref_2,
                        facts.amount,
                        facts.currency,
                        new.fingerprint,
                        now,
                        self.owner.name(),
                        claimed_until_ms,
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
                    let kept = params![order_id, content, carts];
                    transaction.run(KEEP_CONTENT, kept)?;
                }
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
        });
        match result {
            // The index over held references is the last word where two processes race.
            Err(error) if error.message.contains("orders.order_ref_1") => Ok(Intended::RefTaken),
            // Two processes adopted the same order at once: read it again.
            Err(error) if error.message.contains("orders.uuid") => Ok(Intended::Changed),
            other => other,
        }
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
        self.write_now(until, |transaction, now| {
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

    /// Step 4 of the pipeline: what came of it, the log entry for it, and the claim given back. One
    /// durable write. `false`: the claim had run out and another till has gone on with the order; then
    /// only the log is written, and the order is as that till left it.
    pub fn record_outcome(
        &self,
        claim: &Claim,
        outcome: &Entry,
        closing: Option<&Closing>,
        scrub: bool,
        until: Instant,
    ) -> Result<(Record, bool)> {
        let life = outcome.life;
        let scrub = scrub && life.state.is_finished();
        let written = self.write_answer(until, |transaction, now| {
            let ours = move_on(transaction, claim.order(), outcome, scrub, now)?;
            if ours {
                transaction.run(
                    "UPDATE steps SET doubtful = ?2, answered_at = ?3, status = ?4, http_status = ?5, request_id = ?6 \
                     WHERE id = ?1",
                    params![
                        claim.step_id,
                        life.intent.is_some_and(|intent| intent.doubtful),
                        life.intent.is_none().then_some(now),
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
                close_change(transaction, claim.order_id, claim.step_id, closing)?;
            }
            log::append(transaction, About::Order(claim.order_id), now, outcome)?;
            self.note_verdict(transaction, now)?;
            crash_point::reached(Point::OutcomeWritten);
            Ok((by_id(transaction, claim.order_id)?, ours))
        })?;
        if scrub {
            self.clear_write_ahead_log();
            crash_point::reached(Point::Scrubbed);
        }
        Ok(written)
    }

    /// Closes an order's open step unanswered, as if it had not been asked, where the order still is
    /// as it was read and nobody is working on it; says whether it was so.
    pub fn withdraw_step(&self, record: &Record, until: Instant) -> Result<bool> {
        let life = record.life.withdrawn();
        self.write_now(until, |transaction, now| {
            let done = self.close_step(transaction, record, life, false, now)?;
            crash_point::reached(Point::GivenUp);
            Ok(done)
        })
        .inspect(|_| self.clear_write_ahead_log())
    }

    /// Gives up orders that seQura surely has not confirmed, those of them that still are as they were
    /// read and that nobody is working on; says how many it were.
    pub fn abandon(&self, records: &[Record], scrub: bool, until: Instant) -> Result<usize> {
        let abandoned = self.write_now(until, |transaction, now| {
            let mut abandoned = 0;
            for record in records {
                if !self.close_step(transaction, record, Life::ABANDONED, scrub, now)? {
                    continue;
                }
                let entry = Entry {
                    life: Life::ABANDONED,
                    uuid: record.uuid.clone(),
                    status: Status::Ok,
                    http: HttpView::default(),
                    said: None,
                    reason: None,
                    step: ABANDON,
                    ships: false,
                    refusal: None,
                };
                log::append(transaction, About::Order(record.id), now, &entry)?;
                abandoned += 1;
            }
            crash_point::reached(Point::GivenUp);
            Ok(abandoned)
        })?;
        if scrub {
            self.clear_write_ahead_log();
            crash_point::reached(Point::Scrubbed);
        }
        Ok(abandoned)
    }

    fn close_step(
        &self,
        transaction: &Transaction,
        record: &Record,
        life: Life,
        scrub: bool,
        now: i64,
    ) -> Result<bool> {
        if self.standing(transaction, record.id)?.0 {
            return Ok(false);
        }
        let finished = life.is_finished();
        let changed = transaction.run(
            "UPDATE orders SET state = ?3, holds_ref = (?4 AND order_ref_1 IS NOT NULL), finished = ?5, \
             content = CASE WHEN ?6 THEN NULL ELSE content END, updated_at = ?7, \
             claimed_by = NULL, claimed_until = NULL, version = version + 1 WHERE id = ?1 AND version = ?2",
            params![
                record.id,
                record.version,
                life.state.as_str(),
                life.state.holds_ref(),
                finished,
                scrub && finished,
                now
            ],
        )?;
        if changed == 0 {
            return Ok(false);
        }
        if finished {
            finish_content(transaction, record.id, scrub, now)?;
            refusals::forget(transaction, record.id)?;
            words::forget_of_order(transaction, record.id)?;
        }
        transaction.run(
            // What it carried may say something of the shopper, and nobody will send it any more.
            "UPDATE steps SET answered_at = ?2, request = '{}' WHERE order_id = ?1 AND answered_at IS NULL",
            params![record.id, now],
        )?;
        Ok(true)
    }

    /// Removes the personal data of orders that were finished so long ago, of so many at most; says
    /// whether some stays because the clock is in doubt.
    pub fn scrub_finished(
        &self,
        ages: &Ages,
        limit_days: u32,
        most: usize,
        until: Instant,
    ) -> Result<bool> {
        let Beyond { mut due, doubtful } = self.beyond(ages, limit_days, SCRUBBABLE)?;
        due.truncate(most);
        if due.is_empty() {
            return Ok(!doubtful.is_empty());
        }
        self.write(until, |transaction| {
            for order_id in due {
                transaction.run(SCRUB, [order_id])?;
                transaction.run(SCRUB_OLDER, [order_id])?;
            }
            Ok(())
        })?;
        self.clear_write_ahead_log();
        Ok(!doubtful.is_empty())
    }

    /// Whether another client that lives is working on the order; within this client [`crate::turns`]
    /// keeps calls apart. And the order's version.
    pub(super) fn standing(&self, transaction: &Transaction, order_id: i64) -> Result<(bool, i64)> {
        let (standing, version) = transaction.one(
            "SELECT claimed_by, claimed_until, claimed_until - updated_at, version FROM orders WHERE id = ?1",
            [order_id],
            |row| {
                let standing = Standing {
                    by: row.get(0)?,
                    until: row.get(1)?,
                    lasts: row.get(2)?,
                };
                Ok((standing, row.get(3)?))
            },
        )?;
        let what = Claimed::Order(order_id);
        Ok((
            self.claims.is_anothers(&self.owner, what, standing),
            version,
        ))
    }
}

fn insert_order(transaction: &Transaction, new: &NewIntent, now: i64) -> Result<i64> {
    let facts = new.content.facts();
    transaction.run(
        "INSERT INTO orders (endpoint, merchant_id, uuid, state, created_at, updated_at, version) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, 0)",
        params![
            new.endpoint,
            facts.merchant_id.as_deref().unwrap_or_default(),
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
            "UPDATE steps SET doubtful = 1, step = ?2, request = ?3, fingerprint = ?4, status = NULL \
             WHERE order_id = ?1 AND answered_at IS NULL AND (step = ?2 OR ?5) RETURNING id",
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
        transaction.run(
            "UPDATE steps SET answered_at = ?2 WHERE order_id = ?1 AND answered_at IS NULL",
            params![order_id, now],
        )?;
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
    match life.is_finished() && !is_change {
        true => words::forget_of_order(transaction, order_id),
        false => words::forget_of_step(transaction, order_id, step),
    }
}

/// What is left in the journal of a change of a settled order.
pub(super) fn close_change(
    transaction: &Transaction,
    order_id: i64,
    step_id: i64,
    closing: &Closing,
) -> Result<()> {
    transaction.run(
        "UPDATE steps SET step = ?2, request = ?3 WHERE id = ?1",
        params![step_id, closing.step.as_str(), closing.request],
    )?;
    if let Some((carts, amount)) = &closing.accepted {
        transaction.run(KEEP_CARTS, params![order_id, carts])?;
        transaction.run(
            "UPDATE orders SET carts = NULL, amount = ?2 WHERE id = ?1",
            params![order_id, amount],
        )?;
    }
    Ok(())
}

/// A finished order's personal data goes now, or its time begins. What shipping and refunds need of it stays.
fn finish_content(transaction: &Transaction, order_id: i64, scrub: bool, now: i64) -> Result<()> {
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

fn bug(what: &str) -> JournalError {
    JournalError::new(
        ErrorCode::JournalFailed,
        format!("A bug in the library: {what}."),
    )
}

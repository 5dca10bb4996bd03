//! Orders and their steps: one typed function for each query.

use super::log::{self, Entry};
use super::{Journal, JournalError, Result};
use crate::clock::now_ms;
use crate::crash_point::{self, Point};
use crate::lifecycle::{Intent, Life, State, Step};
use crate::order::Order;
use crate::vocabulary::ErrorCode;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use std::time::{Duration, Instant};

/// An order as the journal has it.
#[derive(Clone, Debug)]
pub struct Record {
    /// The journal's own number of the order.
    pub id: i64,
    /// Grows with every change of the row.
    pub version: i64,
    /// seQura's reference; none while its start has no answer.
    pub uuid: Option<String>,
    /// Who sells.
    pub merchant_id: String,
    /// Its place in its life.
    pub life: Life,
    /// The shop's reference: asked for, or registered, as the state says.
    pub order_ref_1: Option<String>,
    /// The shop's second reference.
    pub order_ref_2: Option<String>,
    /// Total in cents.
    pub amount: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// The order as last sent; none once its personal data was removed.
    pub content: Option<Order>,
    /// Of that content.
    pub fingerprint: Option<Vec<u8>>,
    /// When the till began with it.
    pub created_at: i64,
    /// The step without a final answer.
    pub open: Option<StepRow>,
}

/// A step as the journal has it.
#[derive(Clone, Debug)]
pub struct StepRow {
    /// The journal's own number of the step.
    pub id: i64,
    /// Which.
    pub step: Step,
    /// What it carried beside the order's content, JSON.
    pub request: String,
    /// HTTP status of its last answer.
    pub http_status: Option<u16>,
    /// Request id of its last answer.
    pub request_id: Option<String>,
}

/// What an intent writes.
pub struct Recorded<'a> {
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
    pub content: &'a Order,
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
    /// When others may take the order over, ms.
    pub until: i64,
}

/// How an attempt to record an intent ended.
#[derive(Debug)]
pub enum Held {
    /// Recorded, and claimed by this client.
    Ours(Claim),
    /// Another call changed the order since it was read.
    Changed,
    /// Another process is working on it.
    Busy,
    /// Another order of this merchant holds this `order_ref_1`.
    RefTaken,
}

macro_rules! select_orders {
    ($condition:literal) => {
        concat!(
            "SELECT orders.id, version, uuid, merchant_id, state, order_ref_1, order_ref_2, amount, currency, \
             content, orders.fingerprint, created_at, steps.id, step, request, state_before, doubtful, \
             http_status, request_id \
             FROM orders LEFT JOIN steps ON steps.order_id = orders.id AND answered_at IS NULL ",
            $condition
        )
    };
}

const BY_UUID: &str = select_orders!("WHERE uuid = ?1 AND endpoint = ?2");
const BY_ID: &str = select_orders!("WHERE orders.id = ?1");
const UNANSWERED_START: &str = select_orders!(
    "WHERE finished = 0 AND endpoint = ?1 AND state = 'soliciting' AND orders.fingerprint = ?2 LIMIT 1"
);
const UNFINISHED: &str = select_orders!("WHERE finished = 0 AND endpoint = ?1 ORDER BY orders.id");
const TO_RECOVER: &str = select_orders!(
    "WHERE finished = 0 AND endpoint = ?1 \
     AND (steps.id IS NOT NULL OR state IN ('confirmed', 'ref_conflicted')) ORDER BY orders.id"
);
const BY_REF: &str = select_orders!(
    "WHERE orders.id IN (SELECT id FROM orders WHERE finished = 0 AND endpoint = ?1 AND order_ref_1 = ?2 \
     UNION SELECT id FROM orders WHERE holds_ref = 1 AND endpoint = ?1 AND order_ref_1 = ?2)"
);
const COUNT_UNFINISHED: &str = "SELECT count(*) FILTER (WHERE endpoint = ?1), \
     count(*) FILTER (WHERE endpoint <> ?1) FROM orders WHERE finished = 0";
const REF_HELD: &str = "SELECT EXISTS (SELECT 1 FROM orders WHERE holds_ref = 1 AND order_ref_1 = ?1 \
     AND merchant_id = ?2 AND endpoint = ?3 AND id IS NOT ?4)";
const ANSWERED_STEP: &str = "SELECT id, step, request, http_status, request_id FROM steps \
     WHERE order_id = ?1 AND step = ?2 AND status = 0 ORDER BY id DESC LIMIT 1";
const SCRUB_DUE: &str = "SELECT EXISTS (SELECT 1 FROM orders \
     WHERE finished = 1 AND content IS NOT NULL AND updated_at < ?1)";
const SCRUB: &str = "UPDATE orders SET content = NULL, version = version + 1 \
     WHERE finished = 1 AND content IS NOT NULL AND updated_at < ?1";

/// Every query of this file that is asked on the way of a sale or when a client is opened.
#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[
    BY_UUID,
    BY_ID,
    UNANSWERED_START,
    UNFINISHED,
    TO_RECOVER,
    BY_REF,
    COUNT_UNFINISHED,
    REF_HELD,
    ANSWERED_STEP,
    SCRUB_DUE,
    SCRUB,
];

impl Journal {
    /// The order with this uuid at this endpoint.
    pub fn order(&self, endpoint: &str, uuid: &str) -> Result<Option<Record>> {
        self.find(BY_UUID, params![uuid, endpoint])
    }

    /// An order whose start with this very content has no answer yet.
    pub fn unanswered_start(&self, endpoint: &str, fingerprint: &[u8]) -> Result<Option<Record>> {
        self.find(UNANSWERED_START, params![endpoint, fingerprint])
    }

    /// The order with this number.
    pub fn order_by_id(&self, id: i64) -> Result<Option<Record>> {
        self.find(BY_ID, params![id])
    }

    fn find(&self, query: &str, values: impl rusqlite::Params) -> Result<Option<Record>> {
        let connection = self.connection();
        let mut statement = connection.prepare(query)?;
        let record = statement
            .query_row(values, |row| Ok(read(row)))
            .optional()?;
        record.transpose()
    }

    /// Every unfinished order of this endpoint, oldest first.
    pub fn unfinished(&self, endpoint: &str) -> Result<Vec<Record>> {
        self.list(UNFINISHED, [endpoint])
    }

    /// Those of them with a step without an answer, and those confirmed without a reference.
    pub fn to_recover(&self, endpoint: &str) -> Result<Vec<Record>> {
        self.list(TO_RECOVER, [endpoint])
    }

    fn list(&self, query: &str, values: impl rusqlite::Params) -> Result<Vec<Record>> {
        let connection = self.connection();
        let mut statement = connection.prepare(query)?;
        let rows = statement.query_map(values, |row| Ok(read(row)))?;
        rows.map(|row| row?).collect()
    }

    /// The orders of this endpoint with this reference: unfinished ones, and the one that holds it.
    pub fn orders_by_ref(&self, endpoint: &str, order_ref_1: &str) -> Result<Vec<Record>> {
        self.list(BY_REF, [endpoint, order_ref_1])
    }

    /// Closes an order's open step unanswered, where the order still is as it was read and nobody is
    /// working on it; says whether it was so.
    pub fn give_up_step(&self, record: &Record) -> Result<bool> {
        let now = now_ms();
        self.write(Instant::now() + super::OPEN_PATIENCE, |transaction| {
            if self.is_claimed(transaction, record.id, now)? {
                return Ok(false);
            }
            let changed = transaction.execute(
                "UPDATE orders SET version = version + 1, claimed_by = NULL, claimed_until = NULL WHERE id = ?1 AND version = ?2",
                params![record.id, record.version],
            )?;
            if changed == 0 {
                return Ok(false);
            }
            transaction.execute(
                "UPDATE steps SET answered_at = ?2 WHERE order_id = ?1 AND answered_at IS NULL",
                params![record.id, now],
            )?;
            crash_point::reached(Point::GivenUp);
            Ok(true)
        })
    }

    /// Whether another client that lives is working on the order. Within this client
    /// [`crate::turns`] keeps calls apart.
    fn is_claimed(&self, transaction: &Transaction, order_id: i64, now: i64) -> Result<bool> {
        let owner: Option<String> = transaction.query_row(
            "SELECT CASE WHEN claimed_by <> ?2 AND claimed_until > ?3 THEN claimed_by END FROM orders WHERE id = ?1",
            params![order_id, self.owner.name(), now],
            |row| row.get(0),
        )?;
        Ok(owner.is_some_and(|owner| !self.owner.is_dead(&owner)))
    }

    /// How many orders of this endpoint are unfinished, and how many of others.
    pub fn count_unfinished(&self, endpoint: &str) -> Result<(i64, i64)> {
        Ok(self
            .connection()
            .query_row(COUNT_UNFINISHED, [endpoint], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?)
    }

    /// Whether another order of this merchant may hold this reference at seQura.
    pub fn is_ref_held(
        &self,
        endpoint: &str,
        merchant_id: &str,
        order_ref_1: &str,
        but: Option<i64>,
    ) -> Result<bool> {
        Ok(self.connection().query_row(
            REF_HELD,
            params![order_ref_1, merchant_id, endpoint, but],
            |row| row.get(0),
        )?)
    }

    /// The last answered step of this kind: what a repeated call is answered from.
    pub fn answered_step(&self, order_id: i64, step: Step) -> Result<Option<StepRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare(ANSWERED_STEP)?;
        let row = statement
            .query_row(params![order_id, step.as_str()], |row| {
                Ok(read_step(row, 0))
            })
            .optional()?;
        row.transpose()
    }

    /// Removes the personal data of orders that were finished before this time.
    pub fn scrub_finished_before(&self, time_ms: i64) -> Result<()> {
        let due: bool = self
            .connection()
            .query_row(SCRUB_DUE, [time_ms], |row| row.get(0))?;
        if !due {
            return Ok(());
        }
        self.write(Instant::now() + super::OPEN_PATIENCE, |transaction| {
            transaction.execute(SCRUB, [time_ms])?;
            Ok(())
        })
    }

    /// Step 2 of the pipeline: records what is about to be sent, and claims the order. One durable
    /// write; after it, and only after it, may anything be sent.
    pub fn record_intent(&self, new: &Recorded, until: Instant) -> Result<Held> {
        let now = now_ms();
        let claimed_until = now.saturating_add(new.claim_for.as_millis() as i64);
        let intent = new
            .life
            .intent
            .ok_or_else(|| bug("an intent without a step"))?;
        let content = serde_json::Value::Object(new.content.document().clone()).to_string();
        let carts = serde_json::Value::Object(new.content.without_personal_data()).to_string();
        self.owner.show_alive()?;
        let result = self.write(until, |transaction| {
            let order_id = match new.record {
                None => {
                    transaction.prepare(
                        "INSERT INTO orders (endpoint, merchant_id, uuid, state, created_at, updated_at, version) \
                         VALUES (?1, ?2, ?3, ?4, ?5, ?5, 0)",
                    )?.execute(params![
                        new.endpoint,
                        new.content.merchant_id().unwrap_or_default(),
                        new.uuid,
                        new.life.state.as_str(),
                        now
                    ])?;
                    transaction.last_insert_rowid()
                }
                Some(record) => {
                    if self.is_claimed(transaction, record.id, now)? {
                        return Ok(Held::Busy);
                    }
                    let version: i64 = transaction.query_row(
                        "SELECT version FROM orders WHERE id = ?1",
                        [record.id],
                        |row| row.get(0),
                    )?;
                    if version != record.version {
                        return Ok(Held::Changed);
                    }
                    record.id
                }
            };
            transaction.prepare(
                "UPDATE orders SET state = ?2, holds_ref = ?3, order_ref_1 = ?4, order_ref_2 = ?5, amount = ?6, \
                 currency = ?7, content = ?8, fingerprint = ?9, carts = ?10, updated_at = ?11, \
                 claimed_by = ?12, claimed_until = ?13, version = version + 1 WHERE id = ?1",
            )?.execute(params![
                order_id,
                new.life.state.as_str(),
                new.life.state.holds_ref() && new.content.order_ref_1().is_some(),
                new.content.order_ref_1(),
                new.content.order_ref_2(),
                new.content.amount().map(i64::from),
                new.content.currency(),
                content,
                new.fingerprint,
                carts,
                now,
                self.owner.name(),
                claimed_until,
            ])?;
            // The same step asked again goes on with its row; another one replaces it unanswered.
            let reused = transaction.prepare(
                "UPDATE steps SET doubtful = 1, request = ?3, fingerprint = ?4 \
                 WHERE order_id = ?1 AND answered_at IS NULL AND step = ?2 RETURNING id",
            )?.query_row(
                params![order_id, intent.step.as_str(), new.request, new.fingerprint],
                |row| row.get::<_, i64>(0),
            ).optional()?;
            let step_id = match reused {
                Some(id) => id,
                None => {
                    transaction.prepare("UPDATE steps SET answered_at = ?2 WHERE order_id = ?1 AND answered_at IS NULL")?
                        .execute(params![order_id, now])?;
                    transaction.prepare(
                        "INSERT INTO steps (order_id, step, request, fingerprint, state_before, doubtful, intended_at) \
                         VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)",
                    )?.execute(params![
                        order_id,
                        intent.step.as_str(),
                        new.request,
                        new.fingerprint,
                        intent.before.as_str(),
                        now
                    ])?;
                    transaction.last_insert_rowid()
                }
            };
            let version = transaction.query_row(
                "SELECT version FROM orders WHERE id = ?1",
                [order_id],
                |row| row.get(0),
            )?;
            crash_point::reached(Point::IntentWritten);
            Ok(Held::Ours(Claim {
                order_id,
                step_id,
                version,
                until: claimed_until,
            }))
        });
        match result {
            // The index over held references is the last word where two processes race.
            Err(error) if error.message.contains("orders.order_ref_1") => Ok(Held::RefTaken),
            // Two processes adopted the same order at once: read it again.
            Err(error) if error.message.contains("orders.uuid") => Ok(Held::Changed),
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
        until: Instant,
    ) -> Result<Option<Record>> {
        self.write(until, |transaction| {
            let changed = transaction.execute(
                "UPDATE orders SET state = ?3, order_ref_1 = ?4, holds_ref = 0, updated_at = ?5, version = version + 1 \
                 WHERE id = ?1 AND version = ?2",
                params![record.id, record.version, life.state.as_str(), order_ref_1, now_ms()],
            )?;
            crash_point::reached(Point::RefRefused);
            match changed {
                0 => Ok(None),
                _ => by_id(transaction, record.id).map(Some),
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
        scrub: bool,
        until: Instant,
    ) -> Result<(Record, bool)> {
        let now = now_ms();
        let life = outcome.life;
        self.write(until, |transaction| {
            let ours = transaction.execute(
                "UPDATE orders SET state = ?2, holds_ref = (?3 AND order_ref_1 IS NOT NULL), finished = ?4, \
                 uuid = coalesce(uuid, ?5), content = CASE WHEN ?6 THEN NULL ELSE content END, \
                 updated_at = ?7, claimed_by = NULL, claimed_until = NULL, version = version + 1 \
                 WHERE id = ?1 AND version = ?8",
                params![
                    claim.order_id,
                    life.state.as_str(),
                    life.state.holds_ref(),
                    life.state.is_finished(),
                    outcome.uuid,
                    scrub && life.state.is_finished(),
                    now,
                    claim.version,
                ],
            )? > 0;
            if ours {
                transaction.execute(
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
            log::append(transaction, claim.order_id, now, outcome)?;
            crash_point::reached(Point::OutcomeWritten);
            Ok((by_id(transaction, claim.order_id)?, ours))
        })
    }
}

fn by_id(transaction: &Transaction, id: i64) -> Result<Record> {
    transaction
        .prepare(BY_ID)?
        .query_row([id], |row| Ok(read(row)))?
}

fn read(row: &Row) -> Result<Record> {
    let open = match row.get::<_, Option<i64>>(12)? {
        None => None,
        Some(_) => Some(read_open(row)?),
    };
    let intent = open.as_ref().map(|(_, intent)| *intent);
    let content = row
        .get::<_, Option<String>>(9)?
        .map(|json| Order::from_json(&json).map_err(|_| unreadable("an order's content")))
        .transpose()?;
    Ok(Record {
        id: row.get(0)?,
        version: row.get(1)?,
        uuid: row.get(2)?,
        merchant_id: row.get(3)?,
        life: Life {
            state: word(row.get(4)?, State::from_word)?,
            intent,
        },
        order_ref_1: row.get(5)?,
        order_ref_2: row.get(6)?,
        amount: row.get(7)?,
        currency: row.get(8)?,
        content,
        fingerprint: row.get(10)?,
        created_at: row.get(11)?,
        open: open.map(|(step, _)| step),
    })
}

fn read_open(row: &Row) -> Result<(StepRow, Intent)> {
    let step = StepRow {
        id: row.get(12)?,
        step: word(row.get(13)?, Step::from_word)?,
        request: row.get(14)?,
        http_status: row.get(17)?,
        request_id: row.get(18)?,
    };
    let intent = Intent {
        step: step.step,
        before: word(row.get(15)?, State::from_word)?,
        doubtful: row.get(16)?,
    };
    Ok((step, intent))
}

fn read_step(row: &Row, at: usize) -> Result<StepRow> {
    Ok(StepRow {
        id: row.get(at)?,
        step: word(row.get(at + 1)?, Step::from_word)?,
        request: row.get(at + 2)?,
        http_status: row.get(at + 3)?,
        request_id: row.get(at + 4)?,
    })
}

fn word<T>(text: String, from: impl Fn(&str) -> Option<T>) -> Result<T> {
    from(&text).ok_or_else(|| unreadable(&text))
}

fn unreadable(what: &str) -> JournalError {
    JournalError::new(
        ErrorCode::JournalCorrupt,
        format!("The journal holds something this version cannot read ({what})."),
    )
}

fn bug(what: &str) -> JournalError {
    JournalError::new(
        ErrorCode::JournalFailed,
        format!("A bug in the library: {what}."),
    )
}

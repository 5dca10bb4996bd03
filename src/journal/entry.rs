//! An entry of the transaction log: as an attempt gives it, as it is kept, and what its hash covers.

use super::error::Result;
use super::refusals::Refusal;
use crate::canonical;
use crate::lifecycle::Life;
use crate::limits;
use crate::outcome::HttpView;
use crate::redact::shortened;
use crate::status::Status;
use ring::digest::{Context, SHA256};
use rusqlite::Row;
use serde_json::Value;

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
    /// What is still to be shipped of an order that is settled by it, cents; none: nothing is.
    pub unshipped: Option<i64>,
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
pub(super) const NO_ORDER: i64 = 0;

/// An entry as it is kept.
#[derive(Clone, Debug)]
pub struct LogRow {
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
    /// A uuid, an `order_ref_1` or a `cart_ref`.
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

macro_rules! columns {
    () => {
        "log.id, log.at, log.order_id, uuid, merchant_id, order_ref_1, amount, currency, step, state, status, http_status, \
         request_id, elapsed_ms, description, previous_hash, hash, words, salt"
    };
}
pub(super) use columns;

impl LogRow {
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

    pub(super) fn compute_hash(&self) -> Vec<u8> {
        let mut context = Context::new(&SHA256);
        context.update(&self.previous_hash);
        context.update(self.covered().as_bytes());
        context.finish().as_ref().to_vec()
    }
}

pub(super) fn read(row: &Row) -> Result<LogRow> {
    Ok(LogRow {
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

//! Orders and their steps as the journal has them: one typed function for each question.

use super::access::Journal;
use super::door::{Door, Values};
use super::error::{JournalError, Result};
use super::fences::Fence;
use super::refusals::Refusal;
use crate::lifecycle::{Intent, Life, State, Step};
use crate::order::{Facts, Written, cart_ref_of};
use crate::status::Status;
use crate::vocabulary::ErrorCode;
use rusqlite::{Connection, Row, params};

/// What stands for the state of a settled order that another journal goes on with.
pub(super) const TAKEN_OVER: &str = "taken_over";

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
    /// The order as last sent, as it was kept; none once its personal data was removed. See
    /// [`Record::content`].
    pub(super) content: Option<String>,
    /// It is kept apart from the order's row, as older versions did not.
    is_kept_apart: bool,
    /// Of that content.
    pub fingerprint: Option<Vec<u8>>,
    /// What seQura's disbursements have paid for it, cents.
    pub paid: i64,
    /// See [`Record::carts`]; none where they are those of the content.
    pub(super) carts: Option<String>,
    /// When the till began with it, ms.
    pub created_at: i64,
    /// When something was last asked of it or answered, ms.
    pub updated_at: i64,
    /// The step without a final answer.
    pub open: Option<StepRow>,
    /// What seQura last said no to.
    pub refusal: Option<Refusal>,
    /// Another journal goes on with it.
    pub is_taken_over: bool,
    /// The office has taken it over.
    pub fence: Option<Fence>,
}

impl Record {
    /// The fingerprint of an order that may be this one.
    pub(crate) fn fingerprint_of<'a>(&'a self, order: &'a Written) -> &'a [u8] {
        match &self.fingerprint {
            Some(known) if self.content.as_deref() == Some(order.text()) => known,
            _ => order.fingerprint(),
        }
    }

    /// Whether the order is kept where this version keeps it.
    pub(super) fn is_kept_apart(&self) -> bool {
        self.is_kept_apart
    }

    /// Whether this text of the order is kept where this version keeps it.
    pub(super) fn has_content(&self, text: Option<&str>) -> bool {
        self.is_kept_apart && self.content.as_deref() == text
    }

    /// What shipping and refunds need, JSON.
    pub fn carts(&self) -> Option<String> {
        let of_content = || carts_of(self.content.clone()?, self.facts());
        self.carts.clone().or_else(of_content)
    }

    /// `cart.cart_ref`: the till's own key of it.
    pub(crate) fn cart_ref(&self) -> Option<String> {
        let kept = self.content.as_deref().or(self.carts.as_deref());
        kept.and_then(cart_ref_of)
    }

    /// As it is when what was refused of it is past.
    pub(crate) fn without_refusal(mut self) -> Record {
        self.refusal = None;
        self
    }

    /// The order as last sent; none once its personal data was removed.
    pub fn content(&self) -> Result<Option<Written>> {
        let Some(text) = &self.content else {
            return Ok(None);
        };
        let written = Written::kept(text.clone(), self.facts());
        Ok(Some(
            written.ok_or_else(|| unreadable("an order's content"))?,
        ))
    }

    fn facts(&self) -> Facts {
        Facts {
            merchant_id: Some(self.merchant_id.clone()),
            order_ref_1: self.order_ref_1.clone(),
            order_ref_2: self.order_ref_2.clone(),
            cart_ref: self.cart_ref(),
            amount: self.amount,
            currency: self.currency.clone(),
        }
    }
}

/// The carts of an order as it is kept; none where it is none.
pub(super) fn carts_of(content: String, facts: Facts) -> Option<String> {
    let written = Written::kept(content, facts);
    written.map(|written| written.carts())
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
    /// What its last attempt came to; none: a till died at it, or is at it.
    pub status: Option<Status>,
    /// HTTP status of its last answer.
    pub http_status: Option<u16>,
    /// Request id of its last answer.
    pub request_id: Option<String>,
}

/// The open step of an order: its last one, as none is begun before that is done.
macro_rules! open_step {
    ($order:literal) => {
        concat!(
            "steps.id = (SELECT max(last.id) FROM steps last WHERE last.order_id = ",
            $order,
            ") AND answered_at IS NULL "
        )
    };
}
pub(super) use open_step;

macro_rules! select_orders {
    ($condition:literal) => {
        concat!(
            "SELECT orders.id, version, orders.uuid, merchant_id, state, orders.order_ref_1, order_ref_2, amount, currency, \
             coalesce(contents.content, orders.content), orders.fingerprint, created_at, steps.id, steps.step, request, \
             steps.status, http_status, request_id, state_before, doubtful, orders.updated_at, \
             coalesce(contents.carts, orders.carts), paid, refusals.step, refusals.status, errors, \
             contents.content IS NOT NULL, epoch, taken_by, taken_over.order_ref_1, taken_over.at \
             FROM orders LEFT JOIN steps ON ",
            $crate::journal::orders::open_step!("orders.id"),
            "LEFT JOIN contents ON contents.order_id = orders.id \
             LEFT JOIN refusals ON refusals.order_id = orders.id \
             LEFT JOIN taken_over ON taken_over.uuid = orders.uuid AND taken_over.endpoint = orders.endpoint ",
            $condition
        )
    };
}
pub(super) use select_orders;

const BY_UUID: &str = select_orders!("WHERE orders.uuid = ?1 AND orders.endpoint = ?2");
const BY_ID: &str = select_orders!("WHERE orders.id = ?1");
const UNANSWERED_START: &str = select_orders!(
    "WHERE finished = 0 AND orders.endpoint = ?1 AND state = 'soliciting' AND orders.fingerprint = ?2 LIMIT 1"
);
const STARTS_IN_VAIN: &str = "SELECT count(*) FROM orders JOIN log ON log.order_id = orders.id \
     WHERE orders.endpoint = ?1 AND orders.fingerprint = ?2 AND log.at > ?3 AND log.status = ?4 \
     AND log.step = 'start_solicitation' AND log.http_status IN (201, 204)";
/// Without those that the office has taken over: it finishes them.
const UNFINISHED: &str = select_orders!(
    "WHERE finished = 0 AND orders.endpoint = ?1 AND epoch IS NULL ORDER BY orders.id"
);
pub(super) const TO_RECOVER: &str = select_orders!(
    "WHERE finished = 0 AND orders.endpoint = ?1 AND epoch IS NULL \
     AND (steps.id IS NOT NULL OR state IN ('confirmed', 'ref_conflicted')) ORDER BY orders.id"
);
const HAS_TO_RECOVER: &str = concat!(
    "SELECT EXISTS (SELECT 1 FROM orders LEFT JOIN steps ON ",
    open_step!("orders.id"),
    "WHERE finished = 0 AND endpoint = ?1 \
     AND (steps.id IS NOT NULL OR state IN ('confirmed', 'ref_conflicted')))"
);
/// With how many the office has taken over.
const COUNT_UNFINISHED: &str = "SELECT count(*) FILTER (WHERE orders.endpoint = ?1 AND epoch IS NULL), \
     count(*) FILTER (WHERE orders.endpoint <> ?1 AND epoch IS NULL), count(epoch) FROM orders \
     LEFT JOIN taken_over ON taken_over.uuid = orders.uuid AND taken_over.endpoint = orders.endpoint WHERE finished = 0";
const REF_HELD: &str = "SELECT EXISTS (SELECT 1 FROM orders WHERE holds_ref = 1 AND order_ref_1 = ?1 \
     AND merchant_id = ?2 AND endpoint = ?3 AND id IS NOT ?4)";
const ANSWERED_STEP: &str = "SELECT id, step, request, status, http_status, request_id FROM steps \
     WHERE order_id = ?1 AND step = ?2 AND status = 0 ORDER BY id DESC LIMIT 1";
/// Every query of this file that is asked on the way of a sale or when a client is opened.
#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[
    BY_UUID,
    BY_ID,
    UNANSWERED_START,
    UNFINISHED,
    TO_RECOVER,
    HAS_TO_RECOVER,
    COUNT_UNFINISHED,
    REF_HELD,
    ANSWERED_STEP,
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

    /// How often since then seQura has taken a start with this content and not said where the order is.
    pub fn starts_in_vain(&self, endpoint: &str, fingerprint: &[u8], since: i64) -> Result<u32> {
        let status = Status::BadResponse.code();
        let found = self.read(|connection| {
            connection.first(
                STARTS_IN_VAIN,
                params![endpoint, fingerprint, since, status],
                |row| Ok(row.get(0)?),
            )
        })?;
        Ok(found.unwrap_or(0))
    }

    /// The order with this number.
    pub fn order_by_id(&self, id: i64) -> Result<Option<Record>> {
        self.find(BY_ID, params![id])
    }

    fn find(&self, query: &str, values: impl Values) -> Result<Option<Record>> {
        self.read(|connection| connection.first(query, values, read))
    }

    /// Every unfinished order of this endpoint, oldest first.
    pub fn unfinished(&self, endpoint: &str) -> Result<Vec<Record>> {
        self.list(UNFINISHED, [endpoint])
    }

    /// The unfinished orders of this endpoint with a step without an answer, and those confirmed
    /// without a reference.
    pub fn to_recover(&self, endpoint: &str) -> Result<Vec<Record>> {
        self.list(TO_RECOVER, [endpoint])
    }

    pub(super) fn list(&self, query: &str, values: impl Values) -> Result<Vec<Record>> {
        self.read(|connection| connection.all(query, values, read))
    }

    /// Whether an order of this endpoint has a step without an answer, or money at risk, or a delivery
    /// report is without an answer.
    pub fn has_to_recover(&self, endpoint: &str) -> Result<bool> {
        let has_orders: bool = self
            .read(|connection| connection.one(HAS_TO_RECOVER, [endpoint], |row| Ok(row.get(0)?)))?;
        Ok(has_orders || !self.open_reports(endpoint)?.is_empty())
    }

    /// How many orders of this endpoint are unfinished, how many of others, and how many of any the office finishes.
    pub fn count_unfinished(&self, endpoint: &str) -> Result<(i64, i64, i64)> {
        self.read(|connection| {
            connection.one(COUNT_UNFINISHED, [endpoint], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
        })
    }

    /// Whether another order of this merchant may hold this reference at seQura.
    pub fn is_ref_held(
        &self,
        endpoint: &str,
        merchant_id: &str,
        order_ref_1: &str,
        but: Option<i64>,
    ) -> Result<bool> {
        self.read(|connection| is_ref_held(connection, order_ref_1, merchant_id, endpoint, but))
    }

    /// The last answered step of this kind: what a repeated call is answered from.
    pub fn answered_step(&self, order_id: i64, step: Step) -> Result<Option<StepRow>> {
        self.read(|connection| {
            connection.first(ANSWERED_STEP, params![order_id, step.as_str()], |row| {
                read_step(row, 0)
            })
        })
    }
}

/// Whether an order of this merchant, but for this one, holds the reference.
pub(super) fn is_ref_held(
    connection: &Connection,
    order_ref_1: &str,
    merchant_id: &str,
    endpoint: &str,
    but: Option<i64>,
) -> Result<bool> {
    let values = params![order_ref_1, merchant_id, endpoint, but];
    connection.one(REF_HELD, values, |row| Ok(row.get(0)?))
}

/// An order that must be there.
pub(super) fn by_id(connection: &Connection, id: i64) -> Result<Record> {
    connection.one(BY_ID, [id], read)
}

pub(super) fn read(row: &Row) -> Result<Record> {
    let open = match row.get::<_, Option<i64>>(12)? {
        None => None,
        Some(_) => Some(read_open(row)?),
    };
    let intent = open.as_ref().map(|(_, intent)| *intent);
    let state: String = row.get(4)?;
    let is_taken_over = state == TAKEN_OVER;
    Ok(Record {
        id: row.get(0)?,
        version: row.get(1)?,
        uuid: row.get(2)?,
        merchant_id: row.get(3)?,
        life: Life {
            state: match is_taken_over {
                true => State::Settled,
                false => word(state, State::from_word)?,
            },
            intent,
        },
        order_ref_1: row.get(5)?,
        order_ref_2: row.get(6)?,
        amount: row.get(7)?,
        currency: row.get(8)?,
        content: row.get(9)?,
        fingerprint: row.get(10)?,
        created_at: row.get(11)?,
        updated_at: row.get(20)?,
        carts: row.get(21)?,
        paid: row.get(22)?,
        open: open.map(|(step, _)| step),
        refusal: read_refusal(row)?,
        is_kept_apart: row.get(26)?,
        is_taken_over,
        fence: Fence::read(row, 27)?,
    })
}

fn read_refusal(row: &Row) -> Result<Option<Refusal>> {
    let Some(step) = row.get::<_, Option<String>>(23)? else {
        return Ok(None);
    };
    let errors: String = row.get(25)?;
    Ok(Refusal::read(&step, row.get(24)?, &errors))
}

fn read_open(row: &Row) -> Result<(StepRow, Intent)> {
    let step = read_step(row, 12)?;
    let intent = Intent {
        step: step.step,
        before: word(row.get(18)?, State::from_word)?,
        doubtful: row.get(19)?,
    };
    Ok((step, intent))
}

fn read_step(row: &Row, at: usize) -> Result<StepRow> {
    Ok(StepRow {
        id: row.get(at)?,
        step: word(row.get(at + 1)?, Step::from_word)?,
        request: row.get(at + 2)?,
        status: row
            .get::<_, Option<i32>>(at + 3)?
            .and_then(Status::from_code),
        http_status: row.get(at + 4)?,
        request_id: row.get(at + 5)?,
    })
}

fn word<T>(text: String, from: impl Fn(&str) -> Option<T>) -> Result<T> {
    from(&text).ok_or_else(|| unreadable(&text))
}

pub fn unreadable(what: &str) -> JournalError {
    JournalError::new(
        ErrorCode::JournalCorrupt,
        format!("The journal holds something this version cannot read ({what})."),
    )
}

//! The transaction log as an operator sees it: what was attempted, what seQura said, what to do.

use crate::advice::{self, To};
use crate::canonical::hex;
use crate::clock;
use crate::journal::{JournalError, LogRow, Query};
use crate::json::Reader;
use crate::lifecycle::State;
use crate::outcome::Outcome;
use crate::pipeline;
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};

const KEYS: &[&str] = &[
    "order",
    "state",
    "since",
    "until",
    "attention",
    "limit",
    "after",
];
/// Entries on a page, when the query does not say; and at most.
const PAGE: usize = 100;
const LARGEST_PAGE: i64 = 1000;
/// How long marking an entry waits for another process that is writing.
const PATIENCE: Duration = Duration::from_secs(5);

/// Reads a query; on failure every problem of it.
pub fn parse(query: &Map<String, Value>) -> Result<Query, Vec<Problem>> {
    const WRONG: ErrorCode = ErrorCode::InvalidValue;
    let mut reader = Reader::of("A log query");
    reader.only(query, KEYS);
    let what = "a uuid, an order URL, an order_ref_1 or a cart_ref";
    let order = reader.field(query, "order", (WRONG, what), |order| {
        order.as_str().filter(|order| !order.is_empty())
    });
    let what = "one of the order's states";
    let state = reader.field(query, "state", (WRONG, what), |state| {
        let state = state.as_str()?;
        State::from_word(state).map(|_| state)
    });
    let mut moment = |name| {
        let what = "a date or a date and time such as 2026-11-21T09:00:00+01:00";
        reader.field(query, name, (WRONG, what), |moment| {
            clock::from_text(moment.as_str()?)
        })
    };
    let (since, until) = (moment("since"), moment("until"));
    let limit = reader.whole(query, "limit", 1..=LARGEST_PAGE, [WRONG; 2]);
    let what = "/data/after of the page before";
    let after = reader.field(query, "after", (WRONG, what), |after| {
        after.as_i64().filter(|id| *id != 0)
    });
    let what = "true or false";
    let attention = reader.field(query, "attention", (WRONG, what), Value::as_bool);
    reader.done(Query {
        order: order.map(str::to_owned),
        state: state.map(str::to_owned),
        since,
        until,
        attention: attention.unwrap_or_default(),
        limit: limit.map_or(PAGE, |limit| limit as usize),
        after,
    })
}

/// `data` of `sq_log`.
pub(crate) fn log(shop: &Shop, query: &Query) -> Outcome {
    const NAME: &str = "log";
    let mut query = query.clone();
    // An order URL is as good as its uuid; what only looks like a uuid is a reference.
    let at_sequra = |order: &str| {
        let uuid = shop.endpoint().order_uuid(order).ok()?;
        let known = shop.journal().knows(shop.endpoint().as_str(), &uuid);
        known.is_ok_and(|known| known).then_some(uuid)
    };
    if let Some(uuid) = query.order.as_deref().and_then(at_sequra) {
        query.order = Some(uuid);
    }
    match shop.journal().log(&query) {
        Ok((entries, has_more)) => {
            let after = entries.last().filter(|_| has_more).map(|entry| entry.id);
            let entries: Vec<Value> = entries.iter().map(|entry| view(shop, entry)).collect();
            Outcome::ok(NAME)
                .with_data(json!({"entries": entries, "has_more": has_more, "after": after}))
        }
        Err(error) => pipeline::journal_failed(NAME, &error),
    }
}

/// What was attempted with one order, oldest first.
pub(crate) fn history(shop: &Shop, order_id: i64) -> Result<Vec<Value>, JournalError> {
    let entries = shop.journal().log_of(order_id)?;
    Ok(entries.iter().map(|entry| view(shop, entry)).collect())
}

/// `sq_log_dismiss`.
pub(crate) fn dismiss(shop: &Shop, entry_id: i64) -> Outcome {
    const NAME: &str = "log_dismiss";
    match shop.journal().dismiss(entry_id, Instant::now() + PATIENCE) {
        Ok(true) => Outcome::ok(NAME),
        Ok(false) => Outcome::failed(
            NAME,
            Status::InvalidArgument,
            Next::None,
            Problem::new(
                ErrorCode::ArgumentOutOfRange,
                format!("The log has no entry {entry_id}."),
            ),
        ),
        Err(error) => pipeline::journal_failed(NAME, &error),
    }
}

fn view(shop: &Shop, entry: &LogRow) -> Value {
    // What the order needs now, which need not be what it needed then.
    let order = shop.journal().order_by_id(entry.order_id).ok().flatten();
    let next = match &order {
        // Of an order that needs nothing more the entry itself says what was refused.
        Some(order) if order.life.is_finished() && order.life.next() == Next::None => Next::None,
        Some(order) => advice::next(order),
        None if entry.is_of_an_order() || !entry.needs_attention => Next::None,
        // A report without an answer is sent by recovery; one that was refused is made anew.
        None => match Status::from_code(entry.status) {
            Some(status) if status.class() == 3 => {
                advice::after(status, &[], To::Report { is_given: false })
            }
            _ => Next::CallAgain,
        },
    };
    let mut actions: Vec<&str> = Vec::new();
    if next != Next::None {
        actions.push(next.as_str());
    }
    if entry.needs_attention && entry.is_written() {
        actions.push("dismiss");
    }
    json!({
        "id": entry.id,
        "at": clock::to_text(entry.at),
        "operation": entry.step,
        "order": entry.is_of_an_order().then(|| order_of(shop, entry)),
        "merchant_id": entry.merchant_id,
        "status": Status::from_code(entry.status).map(Status::name),
        "http": {
            "status": entry.http_status,
            "request_id": entry.request_id,
            "elapsed_ms": entry.is_written().then_some(entry.elapsed_ms),
        },
        "description": entry.said(),
        "errors": entry.errors(),
        "needs_attention": entry.needs_attention,
        "dismissed": entry.dismissed,
        "actions": actions,
        "hash": entry.is_written().then(|| hex(&entry.hash)),
    })
}

fn order_of(shop: &Shop, entry: &LogRow) -> Value {
    json!({
        "uuid": entry.uuid,
        "url": entry.uuid.as_deref().map(|uuid| shop.endpoint().order_url(uuid).to_string()),
        "order_ref_1": entry.order_ref_1,
        "merchant_id": entry.merchant_id,
        "amount": entry.amount,
        "currency": entry.currency,
        "state": entry.state,
        "portal_url": entry.uuid.as_deref().and_then(|uuid| shop.endpoint().portal_url(uuid)),
        "shop_url": shop.shop_url(entry.order_ref_1.as_deref()),
    })
}

/// As times are written.
pub fn moment(ms: i64) -> String {
    clock::to_text(ms)
}

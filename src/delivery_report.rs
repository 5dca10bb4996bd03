//! The delivery report: once a day seQura is told what was shipped, even if it is nothing [D].
//!
//! What is to be told is in the journal from the moment seQura has taken that goods were shipped, and
//! stays there until a report that names it was taken. An order is told of as it is then: what was
//! delivered and kept, and what remains; so a report that arrives twice says the same twice.
//!
//! A report that is sent is recorded before, whole. One without an answer is sent again, with the same
//! content, before any other of that merchant.

pub mod input;

use crate::account;
use crate::api::transport::Exchange;
use crate::client::Client;
use crate::clock;
use crate::crash_point::{self, Point};
use crate::journal::{Answered, Begun, Entry, JournalError, NewReport, Record, Report, Shipped};
use crate::lifecycle::{Answer, Life};
use crate::management::Present;
use crate::operation;
use crate::order::TwoCarts;
use crate::outcome::{Outcome, Problem};
use crate::reading;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::time::{Duration, Instant};

const NAME: &str = "send_delivery_report";
/// A claim outlives its call by this, and no longer.
const CLAIM_MARGIN: Duration = Duration::from_secs(2);

/// What was sent for one merchant: an entry of `data.reports[]`.
struct Sent {
    merchant_id: String,
    orders: usize,
    outcome: Outcome,
}

/// Sends a report for each merchant; `given`: what the till says instead of the journal, or beside it.
pub(crate) fn send(client: &Client, given: Option<&Map<String, Value>>) -> Outcome {
    let deadline = client.deadline();
    let merchants = match merchants(client, given) {
        Ok(merchants) => merchants,
        Err(outcome) => return *outcome,
    };
    if let Some(given) = given {
        let problems = input::check(given, &merchants[0]);
        if !problems.is_empty() {
            return Outcome {
                status: Status::InvalidOrder,
                errors: problems,
                next: Next::FixOrder,
                ..Outcome::ok(NAME)
            };
        }
    }
    let mut sent = Vec::new();
    for merchant_id in merchants {
        send_all_of(client, &merchant_id, given, deadline, &mut sent);
    }
    told(sent)
}

/// Sends again what has no answer; recovery's. What is left of them, and what was sent.
pub(crate) fn recover(client: &Client, deadline: Instant) -> Result<Outcome, JournalError> {
    let open = client.journal().open_reports(client.endpoint().as_str())?;
    let sent = open.into_iter().filter_map(|merchant_id| {
        let (sent, _) = send_one(client, &merchant_id, None, deadline)?;
        Some(sent)
    });
    Ok(told(sent.collect()))
}

/// The result of all that was sent: the first failure, or success.
fn told(sent: Vec<Sent>) -> Outcome {
    let reports: Vec<Value> = sent
        .iter()
        .map(|one| {
            json!({
                "merchant_id": one.merchant_id,
                "orders": one.orders,
                "status": one.outcome.status.name(),
                "errors": one.outcome.errors,
            })
        })
        .collect();
    let mut outcomes = sent.into_iter().map(|one| one.outcome);
    let first = outcomes.next().unwrap_or_else(|| Outcome::ok(NAME));
    let outcome = outcomes.fold(first, |first, next| {
        let mut outcome = match first.status {
            Status::Ok => Outcome {
                warnings: first.warnings,
                ..next
            },
            _ => first,
        };
        outcome.operation = NAME;
        outcome
    });
    outcome.with_data(json!({"reports": reports}))
}

/// Of whose deliveries.
fn merchants(
    client: &Client,
    given: Option<&Map<String, Value>>,
) -> Result<Vec<String>, Box<Outcome>> {
    let configured = client.config().merchants.ids();
    let named = given.and_then(input::merchant_id);
    let missing = |status, next, message: &str| {
        let problem = Problem {
            expected: Some(json!(configured)),
            ..Problem::at(ErrorCode::MissingField, "/merchant/id", message)
        };
        Box::new(Outcome::failed(NAME, status, next, problem))
    };
    match (given, named) {
        (_, Some(named)) => Ok(vec![named]),
        (Some(_), None) if configured.len() != 1 => Err(missing(
            Status::InvalidOrder,
            Next::FixOrder,
            "merchant.id is required: the configuration does not say whose deliveries these are.",
        )),
        (Some(_), None) => Ok(configured),
        (None, None) => {
            let journal = client.journal();
            let endpoint = client.endpoint().as_str();
            let mut all = configured.clone();
            for known in [
                journal.open_reports(endpoint),
                journal.who_has_to_report(endpoint),
            ] {
                let known =
                    known.map_err(|error| Box::new(operation::journal_failed(NAME, &error)))?;
                all.extend(known);
            }
            let mut seen = HashSet::new();
            all.retain(|one| seen.insert(one.clone()));
            match all.is_empty() {
                true => Err(missing(
                    Status::InvalidConfig,
                    Next::FixConfiguration,
                    "The configuration names no merchant; give merchant_id or merchants.",
                )),
                false => Ok(all),
            }
        }
    }
}

/// Sends what is open of a merchant, and then what is to be told now.
fn send_all_of(
    client: &Client,
    merchant_id: &str,
    given: Option<&Map<String, Value>>,
    deadline: Instant,
    sent: &mut Vec<Sent>,
) {
    let asked = given.map(|given| {
        let text = Value::Object(given.clone()).to_string();
        digest(&SHA256, text.as_bytes()).as_ref().to_vec()
    });
    let tells = given.is_none_or(|given| !given.contains_key("orders"));
    let content = |orders: &[Shipped]| content(client, merchant_id, given, orders);
    let new = NewReport {
        asked: asked.as_deref(),
        tells,
        content: &content,
    };
    let endpoint = client.endpoint().as_str();
    loop {
        let Some((one, report)) = send_one(client, merchant_id, Some(&new), deadline) else {
            return;
        };
        let done = one.outcome.status == Status::Ok;
        sent.push(one);
        let Some(report) = report.filter(|_| done) else {
            return;
        };
        // An open report went first; the one that is asked for now is another, unless it is the same.
        let more = match report.asked == asked {
            true => {
                tells
                    && client
                        .journal()
                        .has_to_report(endpoint, merchant_id)
                        .unwrap_or(false)
            }
            false => true,
        };
        if !more {
            return;
        }
    }
}

/// Sends the open report of a merchant, or a new one. `None`: there is nothing to send.
fn send_one(
    client: &Client,
    merchant_id: &str,
    new: Option<&NewReport>,
    deadline: Instant,
) -> Option<(Sent, Option<Report>)> {
    let of = |orders, outcome| Sent {
        merchant_id: merchant_id.to_owned(),
        orders,
        outcome,
    };
    let busy = |message| Some((of(0, operation::busy(NAME, message)), None));
    const ANOTHERS: &str = "Another till is sending this merchant's report.";
    if deadline <= Instant::now() {
        return busy("The deadline passed before this merchant's turn.");
    }
    let Some(_turn) = client
        .turns()
        .wait_for(&format!("{NAME}/{merchant_id}"), deadline)
    else {
        return busy(ANOTHERS);
    };
    crash_point::reached(Point::BeforeIntent);
    let left = deadline.saturating_duration_since(Instant::now());
    let begun = client.journal().begin_report(
        client.endpoint().as_str(),
        merchant_id,
        new,
        left + CLAIM_MARGIN,
        operation::patience(deadline),
    );
    let report = match begun {
        Ok(Begun::Ours(report)) => report,
        Ok(Begun::Busy) => return busy(ANOTHERS),
        Ok(Begun::Nothing) => return None,
        Err(error) => {
            return Some((of(0, operation::not_recorded(NAME, &error)), None));
        }
    };
    crash_point::reached(Point::AfterIntent);
    let (orders, outcome) = exchange_and_record(client, &report, deadline);
    Some((of(orders, outcome), Some(report)))
}

/// Sends a report that is recorded, and records what came of it.
fn exchange_and_record(client: &Client, report: &Report, deadline: Instant) -> (usize, Outcome) {
    let content: Value = serde_json::from_str(&report.content).unwrap_or_default();
    let orders = content["orders"].as_array().map_or(&[][..], Vec::as_slice);
    crash_point::reached(Point::BeforeSend);
    let exchange = post(client, &report.merchant_id, &content, deadline);
    crash_point::reached(Point::AfterAnswer);
    let mut outcome = understood(&exchange);
    let answered = match reading::meaning(outcome.status) {
        Answer::Done => Answered::Taken,
        Answer::NotSent | Answer::Unknown => Answered::Not,
        _ => Answered::Refused,
    };
    if answered == Answered::Refused
        && report.asked.is_some()
        && outcome.next == Next::ContactSequra
    {
        outcome.next = Next::FixOrder;
    }
    let entry = Entry {
        life: Life::NEW,
        uuid: None,
        status: outcome.status,
        http: reading::http_view(&exchange),
        description: reading::description_without(
            &outcome.errors,
            orders.iter().filter_map(Value::as_object),
        ),
        step: NAME,
        ships: false,
    };
    let until = operation::patience(deadline);
    let recorded = client
        .journal()
        .finish_report(report, answered, &entry, until);
    crash_point::reached(Point::AfterOutcome);
    let warning = match recorded {
        Ok(true) => None,
        Ok(false) => {
            Some("This took so long that another till went on with the report.".to_owned())
        }
        Err(error) => Some(format!(
            "seQura answered, and the journal could not record it; the report will be sent again. {error}"
        )),
    };
    if let Some(warning) = warning {
        let problem = Problem::new(ErrorCode::OutcomeNotRecorded, warning);
        outcome.warnings.push(problem);
    }
    (orders.len(), outcome)
}

/// Clients and documentation disagree about the path: what the one does not have, the other may.
fn post(client: &Client, merchant_id: &str, content: &Value, deadline: Instant) -> Exchange {
    let to = |documented| {
        let request = client
            .endpoint()
            .delivery_report(merchant_id, content, documented);
        client.wire().exchange(&request, deadline)
    };
    let exchange = to(false);
    match &exchange.result {
        Ok(answer) if answer.status == 404 => to(true),
        _ => exchange,
    }
}

fn understood(exchange: &Exchange) -> Outcome {
    match &exchange.result {
        Ok(answer) if (200..300).contains(&answer.status) => Outcome {
            http: Some(reading::http_view(exchange)),
            ..Outcome::ok(NAME)
        },
        _ => account::understand(NAME, exchange, &|_| None),
    }
}

/// A new report, complete: what the till gave, and for the rest what the journal and the configuration
/// have.
fn content(
    client: &Client,
    merchant_id: &str,
    given: Option<&Map<String, Value>>,
    orders: &[Shipped],
) -> String {
    let mut report = Map::new();
    report.insert("merchant".to_owned(), json!({"id": merchant_id}));
    let delivered = orders
        .iter()
        .filter_map(|(record, shipped_at)| delivered(record, *shipped_at));
    report.insert("orders".to_owned(), delivered.collect());
    if let Some(platform) = client.config().order_defaults.get("platform") {
        report.insert("platform".to_owned(), platform.clone());
    }
    for (name, value) in given.into_iter().flatten() {
        if name != "merchant" {
            report.insert(name.clone(), value.clone());
        }
    }
    Value::Object(report).to_string()
}

/// An order as a report tells of it. `None`: nothing of it is delivered and kept any more.
fn delivered(record: &Record, shipped_at: i64) -> Option<Value> {
    let present = Present::of(record)?;
    if present.carts.shipped.items().is_empty() {
        return None;
    }
    let mut order = json!({
        "state": "shipped",
        "sent_at": clock::to_text(shipped_at),
        "merchant_reference": {"order_ref_1": record.order_ref_1},
        "cart": TwoCarts::for_sequra(&present.carts.shipped),
        "remaining_cart": TwoCarts::for_sequra(&present.carts.unshipped),
    });
    if let Some(order_ref_2) = &record.order_ref_2 {
        order["merchant_reference"]["order_ref_2"] = order_ref_2.as_str().into();
    }
    if let Some(method) = present.base.get("delivery_method") {
        order["delivery_method"] = method.clone();
    }
    Some(order)
}

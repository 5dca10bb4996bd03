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
use crate::advice;
use crate::api::provenance::Purpose;
use crate::api::transport::Exchange;
use crate::canonical;
use crate::changes::Present;
use crate::clock;
use crate::crash_point::{self, Point};
use crate::journal::{
    Answered, Begun, Entry, JournalError, NewReport, Record, Report, Said, Shipped,
};
use crate::lifecycle::{Answer, Life};
use crate::order::{Order, TwoCarts};
use crate::outcome::Outcome;
use crate::pipeline;
use crate::problem::Problem;
use crate::reading;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::time::Instant;

const NAME: &str = "send_delivery_report";

/// What was sent for one merchant: an entry of `data.reports[]`.
struct Sent {
    merchant_id: String,
    orders: usize,
    outcome: Outcome,
}

/// Sends a report for each merchant; `given`: what the till says instead of the journal, or beside it.
pub(crate) fn send(shop: &Shop, given: Option<&Map<String, Value>>) -> Outcome {
    let deadline = shop.deadline();
    let merchants = match merchants(shop, given) {
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
        send_all_of(shop, &merchant_id, given, deadline, &mut sent);
    }
    told(sent)
}

/// Sends again what has no answer; recovery's. What is left of them, and what was sent.
pub(crate) fn recover(shop: &Shop, deadline: Instant) -> Result<Outcome, JournalError> {
    let open = shop.journal().open_reports(shop.endpoint().as_str())?;
    let sent = open.into_iter().filter_map(|merchant_id| {
        let (sent, _) = send_one(shop, &merchant_id, None, deadline)?;
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
fn merchants(shop: &Shop, given: Option<&Map<String, Value>>) -> Result<Vec<String>, Box<Outcome>> {
    let configured = shop.config().merchants.ids();
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
            let journal = shop.journal();
            let endpoint = shop.endpoint().as_str();
            let mut all = configured.clone();
            for known in [
                journal.open_reports(endpoint),
                journal.who_has_to_report(endpoint),
            ] {
                let known =
                    known.map_err(|error| Box::new(pipeline::journal_failed(NAME, &error)))?;
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
    shop: &Shop,
    merchant_id: &str,
    given: Option<&Map<String, Value>>,
    deadline: Instant,
    sent: &mut Vec<Sent>,
) {
    let asked = given.map(|given| canonical::sha256(&Value::Object(given.clone())));
    let tells = given.is_none_or(|given| !given.contains_key("orders"));
    let content = |orders: &[Shipped]| content(shop, merchant_id, given, orders);
    let new = NewReport {
        asked: asked.as_deref(),
        tells,
        content: &content,
    };
    let endpoint = shop.endpoint().as_str();
    loop {
        let Some((one, report)) = send_one(shop, merchant_id, Some(&new), deadline) else {
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
                    && shop
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
    shop: &Shop,
    merchant_id: &str,
    new: Option<&NewReport>,
    deadline: Instant,
) -> Option<(Sent, Option<Report>)> {
    let of = |orders, outcome| Sent {
        merchant_id: merchant_id.to_owned(),
        orders,
        outcome,
    };
    let busy = |message| Some((of(0, pipeline::busy(NAME, message)), None));
    const ANOTHERS: &str =
        "Another till is sending this merchant's report, and did not finish in time.";
    if deadline <= Instant::now() {
        return busy("The deadline passed before this merchant's turn.");
    }
    let Some(_turn) = shop
        .turns()
        .wait_for(&format!("{NAME}/{merchant_id}"), deadline)
    else {
        return busy(ANOTHERS);
    };
    let report = loop {
        crash_point::reached(Point::BeforeIntent);
        let begun = shop.journal().begin_report(
            shop.endpoint().as_str(),
            merchant_id,
            new,
            pipeline::claim_for(deadline),
            pipeline::patience(deadline),
        );
        match begun {
            Ok(Begun::Ours(report)) => break report,
            Ok(Begun::Busy) if pipeline::pause(deadline) => {}
            Ok(Begun::Busy) => return busy(ANOTHERS),
            Ok(Begun::Nothing) => return None,
            Err(error) => {
                return Some((of(0, pipeline::not_recorded(NAME, &error)), None));
            }
        }
    };
    crash_point::reached(Point::AfterIntent);
    let (orders, outcome) = exchange_and_record(shop, &report, deadline);
    Some((of(orders, outcome), Some(report)))
}

/// Sends a report that is recorded, and records what came of it.
fn exchange_and_record(shop: &Shop, report: &Report, deadline: Instant) -> (usize, Outcome) {
    let content: Value = serde_json::from_str(&report.content).unwrap_or_default();
    let orders = content["orders"].as_array().map_or(&[][..], Vec::as_slice);
    if let Some(late) = pipeline::too_late(NAME, report.claimed_until) {
        return (orders.len(), late);
    }
    crash_point::reached(Point::BeforeSend);
    let exchange = post(shop, &report.merchant_id, &content, deadline);
    crash_point::reached(Point::AfterAnswer);
    let mut outcome = understood(&exchange);
    let answered = match reading::meaning(outcome.status, &outcome.errors) {
        Answer::Done => Answered::Taken,
        Answer::NotSent | Answer::Unknown => Answered::Not,
        _ => Answered::Refused,
    };
    match answered {
        Answered::Not => outcome.next = advice::without_an_answer(outcome.status),
        Answered::Refused if report.asked.is_some() && outcome.next == Next::ContactSequra => {
            outcome.next = Next::FixOrder;
        }
        _ => {}
    }
    let entry = Entry {
        life: Life::NEW,
        uuid: None,
        status: outcome.status,
        http: reading::http_view(&exchange),
        said: said(&outcome.errors, orders),
        reason: None,
        step: NAME,
        ships: false,
        refusal: None,
    };
    let until = pipeline::patience(deadline);
    let recorded = shop
        .journal()
        .finish_report(report, answered, &entry, until);
    crash_point::reached(Point::AfterOutcome);
    let warning = match recorded {
        Ok(true) => None,
        Ok(false) => {
            Some("This took so long that another till went on with the report.".to_owned())
        }
        Err(error) => (exchange.attempts > 0).then(|| format!(
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
fn post(shop: &Shop, merchant_id: &str, content: &Value, deadline: Instant) -> Exchange {
    let to = |documented| {
        let request = shop
            .endpoint()
            .delivery_report(merchant_id, content, documented);
        pipeline::exchange(shop, &request, deadline)
    };
    let exchange = to(false);
    match &exchange.result {
        Ok(answer) if answer.status == 404 => to(true),
        _ => exchange,
    }
}

/// A no that is not seQura's refuses nothing: the report stays as it is, and is sent again.
fn understood(exchange: &Exchange) -> Outcome {
    let http = Some(reading::http_view(exchange));
    match &exchange.result {
        Ok(said) => match reading::not_sequras(Purpose::Report, true, said) {
            Some(problem) => Outcome {
                http,
                ..Outcome::failed(NAME, Status::OutcomeUnknown, Next::Recover, problem)
            },
            None if (200..300).contains(&said.status) => Outcome {
                http,
                ..Outcome::ok(NAME)
            },
            None => account::understand(NAME, exchange, &|_| None),
        },
        Err(failure) if exchange.attempts == 0 => Outcome::failed(
            NAME,
            failure.status,
            Next::FixConfiguration,
            failure.problem.clone(),
        ),
        Err(_) => account::understand(NAME, exchange, &|_| None),
    }
}

/// What the log keeps of a failure.
fn said(errors: &[Problem], orders: &[Value]) -> Option<Said> {
    let orders = orders.iter().filter_map(Value::as_object);
    let orders: Vec<Order> = orders.cloned().map(Order::from_document).collect();
    reading::said(errors, &orders)
}

/// A new report, complete: what the till gave, and for the rest what the journal and the configuration
/// have.
fn content(
    shop: &Shop,
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
    if let Some(platform) = shop.config().order_defaults.get("platform") {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use std::net::TcpListener;
    use std::time::Duration;

    /// A report that is recorded, and claimed for so long; and who would hear it.
    fn claimed_for(claim_for: Duration) -> (Shop, Report, TcpListener) {
        let sequra = TcpListener::bind("127.0.0.1:0").expect("a port");
        sequra.set_nonblocking(true).expect("not to wait");
        let config = json!({
            "base_url": format!("http://{}", sequra.local_addr().expect("an address")),
            "account_key": "key", "account_secret": "secret", "merchant_id": "shop_es", "journal": ":memory:",
            "timeouts": {"connect_ms": 1000, "total_ms": 1000}, "proxy": "none",
        });
        let shop = Shop::open(Config::from_value(config).expect("a configuration"));
        let shop = shop.expect("it opens");
        let new = NewReport {
            asked: None,
            tells: true,
            content: &|_| "{}".to_owned(),
        };
        let begun = shop.journal().begin_report(
            shop.endpoint().as_str(),
            "shop_es",
            Some(&new),
            claim_for,
            shop.deadline(),
        );
        match begun.expect("it can be recorded") {
            Begun::Ours(report) => (shop, report, sequra),
            other => panic!("{other:?}"),
        }
    }

    /// This machine slept between the intent and the request: another till may be sending it by now.
    #[test]
    fn a_report_is_not_sent_when_its_claim_is_over() {
        let (shop, report, sequra) = claimed_for(Duration::ZERO);
        let (_, outcome) = exchange_and_record(&shop, &report, shop.deadline());
        assert_eq!(
            (outcome.status, outcome.next),
            (Status::Busy, Next::CallAgain)
        );
        assert!(sequra.accept().is_err(), "nobody was called");
        let open = shop.journal().open_reports(shop.endpoint().as_str());
        assert_eq!(
            open.expect("the journal"),
            ["shop_es"],
            "it is still to be sent"
        );
    }

    #[test]
    fn it_is_sent_while_its_claim_holds() {
        let (shop, report, sequra) = claimed_for(Duration::from_secs(60));
        let (_, outcome) = exchange_and_record(&shop, &report, shop.deadline());
        assert_ne!(outcome.status, Status::Busy);
        assert!(sequra.accept().is_ok(), "seQura was called");
    }
}

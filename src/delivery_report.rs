//! The delivery report: once a day seQura is told what was shipped, even if it is nothing [D].
//!
//! What is to be told is in the journal from the moment seQura has taken that goods were shipped, and
//! stays there until a report that names it was taken. An order is told of as it is then: what was
//! delivered and kept, and what remains; so a report that arrives twice says the same twice.
//!
//! A report that is sent is recorded before, whole. One without an answer is sent again, with the same
//! content, before any other of that merchant.

mod content;
pub mod input;
mod report;

use crate::canonical;
use crate::journal::{JournalError, NewReport, Report, Shipped};
use crate::outcome::Outcome;
use crate::pipeline;
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use content::content;
pub(crate) use report::of_a_merchant;
use report::{NAME, orders_of};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::time::Instant;

/// What was sent for one merchant.
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
    let mut doubtful = Vec::new();
    if let Some(given) = given {
        let (problems, warnings) = input::check(given, &merchants[0]);
        if !problems.is_empty() {
            return Outcome {
                status: Status::InvalidOrder,
                errors: problems,
                warnings,
                next: Next::FixOrder,
                ..Outcome::ok(NAME)
            };
        }
        doubtful = warnings;
    }
    let held_back = match given.is_none_or(|given| !given.contains_key("orders")) {
        true => held_back(shop, deadline),
        false => Ok(None),
    };
    match held_back {
        Ok(told) => doubtful.extend(told),
        Err(error) => return pipeline::journal_failed(NAME, &error),
    }
    let mut sent = Vec::new();
    for merchant_id in merchants {
        send_all_of(shop, &merchant_id, given, deadline, &mut sent);
    }
    let AllSent {
        reports,
        mut outcome,
    } = AllSent::of(sent);
    outcome.warnings.append(&mut doubtful);
    outcome.with_data(json!({"reports": reports}))
}

/// What is to be said of orders that no report tells of: how they are now is not in a journal that was made of a copy.
fn held_back(shop: &Shop, deadline: Instant) -> Result<Option<Problem>, JournalError> {
    let endpoint = shop.endpoint().as_str();
    let orders = shop.journal().held_back(endpoint, deadline)?;
    let message = "These orders are not in the report: the journal was restored from a copy, and what was shipped or given back since is not in it. Look in seQura's portal how they are now, and tell both their carts (sq_update_order with unshipped_cart and shipped_cart, whole): the next report has them.";
    let problem = Problem {
        actual: Some(json!(orders)),
        ..Problem::new(ErrorCode::JournalRestored, message)
    };
    Ok((!orders.is_empty()).then_some(problem))
}

/// Sends again what has no answer; recovery's.
pub(crate) fn recover(shop: &Shop, deadline: Instant) -> Result<AllSent, JournalError> {
    let open = shop.journal().open_reports(shop.endpoint().as_str())?;
    let sent = open.into_iter().filter_map(|merchant_id| {
        let (sent, _) = send_one(shop, &merchant_id, None, deadline)?;
        Some(sent)
    });
    Ok(AllSent::of(sent.collect()))
}

/// All that was sent, and the result of it: the first failure, or success.
pub(crate) struct AllSent {
    pub(crate) reports: Vec<ReportView>,
    pub(crate) outcome: Outcome,
}

/// An entry of `data.reports[]`.
#[derive(Serialize)]
pub(crate) struct ReportView {
    merchant_id: String,
    orders: usize,
    status: &'static str,
    errors: Vec<Problem>,
}

impl AllSent {
    fn of(sent: Vec<Sent>) -> AllSent {
        let reports = sent.iter().map(|one| ReportView {
            merchant_id: one.merchant_id.clone(),
            orders: one.orders,
            status: one.outcome.status.name(),
            errors: one.outcome.errors.clone(),
        });
        let reports = reports.collect();
        let outcomes = sent.into_iter().map(|one| one.outcome);
        let together = outcomes.reduce(|mut first, mut next| {
            let mut warnings = std::mem::take(&mut first.warnings);
            warnings.append(&mut next.warnings);
            let told = match first.status {
                Status::Ok => next,
                _ => first,
            };
            Outcome { warnings, ..told }
        });
        AllSent {
            reports,
            outcome: together.unwrap_or_else(|| Outcome::ok(NAME)),
        }
    }
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
    let (outcome, report) = match deadline <= Instant::now() {
        true => {
            let message = "The deadline passed before this merchant's turn.";
            (pipeline::busy(NAME, message), None)
        }
        false => {
            let mut report = of_a_merchant(shop, merchant_id, new);
            pipeline::run(shop, &mut report, deadline)
        }
    };
    // Well without having sent anything: there was nothing to send.
    if report.is_none() && outcome.status == Status::Ok {
        return None;
    }
    let orders = report.as_ref().map_or(0, |report| orders_of(report).len());
    let sent = Sent {
        merchant_id: merchant_id.to_owned(),
        orders,
        outcome,
    };
    Some((sent, report))
}

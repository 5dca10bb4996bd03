//! Recovery: what a crash, a lost answer or a broken line left open is sent again, with the same
//! content, through the same pipeline. A repeated PUT is harmless at seQura; a start that is sent
//! twice is a solicitation that nobody will use.
//!
//! One thing is not repeated unasked: the SMS with the form. The shopper may be gone for hours; the
//! order goes back to where `sq_send_form` is due, and the operator decides.

use crate::advice;
use crate::ages::Age;
use crate::clock::{Verdict, now_ms};
use crate::delivery_report::{self, AllSent, ReportView};
use crate::journal::{Record, Refusal};
use crate::lifecycle::{State, Step};
use crate::operation::Operation;
use crate::outcome::Outcome;
use crate::pipeline::{self, Target};
use crate::problem::Problem;
use crate::question::ask;
use crate::shop::Shop;
use crate::status::Status;
use crate::view::Unfinished;
use crate::vocabulary::{ErrorCode, Next};
use serde::Serialize;
use serde_json::json;
use std::time::{Duration, Instant};

const NAME: &str = "recover";
/// So many days after a request that never left this machine it is still sent.
const UNSENT_LIVES_DAYS: u32 = 1;
/// One order may take this long even when many wait, so that a slow line settles at least the first.
const LEAST_SHARE: Duration = Duration::from_secs(3);

/// Settles one order, or all that can be settled within the deadline.
pub(crate) fn recover(shop: &Shop, order: Option<&str>) -> Outcome {
    let deadline = shop.deadline();
    let records = match meant(shop, order) {
        Ok(records) => records,
        Err(ended) => return *ended,
    };
    let fenced = records.iter().find(|record| record.fence.is_some());
    if let Some(record) = fenced {
        return pipeline::taken_over(shop, NAME, record);
    }
    let mut recovery = Recovery {
        shop,
        deadline,
        waiting: records.iter().filter(|one| one.open.is_some()).count() as u32,
        remaining: 0,
        first_failure: None,
    };
    let mut orders = Vec::new();
    let mut all = Vec::new();
    for record in &records {
        let now = match order {
            Some(_) => going_on(shop, record, deadline),
            None => record.clone(),
        };
        let (recovered, now) = recovery.order(record, now);
        orders.push(recovered);
        all.push(now);
    }
    // After the orders: what has no answer yet of the delivery reports.
    let (reports, open_reports) = match order {
        None => recovery.reports(),
        Some(_) => Default::default(),
    };

    // What is said of the call as a whole is said of the one order, where one was named.
    let one = all.last().filter(|_| order.is_some());
    let outcome = match recovery.first_failure {
        Some(failure) => Outcome {
            operation: NAME,
            http: None,
            ..failure
        },
        None => Outcome {
            next: match one {
                Some(record) => advice::next(record),
                None => advice::next_of_all(&all, open_reports),
            },
            ..Outcome::ok(NAME)
        },
    };
    let remaining = recovery.remaining;
    let handed_on = one.and_then(pipeline::handed_on);
    let of_a_copy = asked_again_after_a_copy(shop, &records);
    Outcome {
        order: one.map(|record| shop.view(record)),
        warnings: outcome
            .warnings
            .iter()
            .cloned()
            .chain(handed_on)
            .chain(of_a_copy)
            .collect(),
        ..outcome.with_data(json!({"orders": orders, "reports": reports, "remaining": remaining}))
    }
}

/// The orders that are meant: the one named, or every one that can be recovered.
fn meant(shop: &Shop, order: Option<&str>) -> Result<Vec<Record>, Box<Outcome>> {
    let Some(order) = order else {
        let found = shop.journal().to_recover(shop.endpoint().as_str());
        return found.map_err(|error| Box::new(pipeline::journal_failed(NAME, &error)));
    };
    let named = (order, Next::RestartCheckout);
    Ok(vec![pipeline::known(
        shop,
        NAME,
        named,
        pipeline::holds_ref,
    )?])
}

/// An entry of `data.orders[]`.
#[derive(Serialize)]
struct Recovered {
    #[serde(flatten)]
    order: Unfinished,
    /// The state it was in.
    was: &'static str,
    /// The state it is in.
    now: &'static str,
    /// What came of what was sent for it; none: nothing was.
    status: Option<&'static str>,
    errors: Vec<Problem>,
}

/// One call of it.
struct Recovery<'a> {
    shop: &'a Shop,
    deadline: Instant,
    /// Orders that have not had their turn.
    waiting: u32,
    /// Orders and reports that still have no answer.
    remaining: usize,
    first_failure: Option<Outcome>,
}

impl Recovery<'_> {
    /// Settles an order, where it waits for an answer; with what the journal has of it then.
    fn order(&mut self, record: &Record, mut now: Record) -> (Recovered, Record) {
        let mut status = None;
        let mut errors = Vec::new();
        if record.open.is_some() {
            let outcome = self.settled(&mut now);
            // Nothing is said of what was not sent: somebody else finished it, or it waits for the till.
            let sent = outcome.http.is_some() || outcome.status != Status::Ok;
            status = sent.then_some(outcome.status.name());
            errors = outcome.errors.clone();
            // One that the office has taken over meanwhile is no more this till's.
            if now.open.is_some() && now.fence.is_none() {
                self.remaining += 1;
                self.first_failure.get_or_insert(outcome);
            }
        }
        let recovered = Recovered {
            order: self.shop.unfinished(&now),
            was: record.life.state.as_str(),
            now: now.life.state.as_str(),
            status,
            errors,
        };
        (recovered, now)
    }

    /// Settles an order within its share of the time, as often as something else of it is open then.
    fn settled(&mut self, now: &mut Record) -> Outcome {
        let left = self.deadline.saturating_duration_since(Instant::now());
        let share = (left / self.waiting).max(LEAST_SHARE).min(left);
        self.waiting -= 1;
        let until = Instant::now() + share;
        loop {
            let is_late = || pipeline::busy(NAME, "The deadline passed before this order's turn.");
            if share.is_zero() {
                // Nor is the journal asked: there may be thousands of them.
                return is_late();
            }
            let before = now.clone();
            let outcome = match until <= Instant::now() {
                true => is_late(),
                false => send_again(self.shop, &before, until),
            };
            // Read again: another till may have gone on with it meanwhile.
            if let Ok(Some(read)) = self.shop.journal().order_by_id(before.id) {
                *now = read;
            }
            // Of two changes that were refused together the earlier one is open on its own now.
            let asked = |one: &Record| one.open.as_ref().map(|open| open.request.clone());
            if now.open.is_none() || asked(now) == asked(&before) {
                return outcome;
            }
        }
    }

    /// Sends the delivery reports that have no answer; with how many have none then.
    fn reports(&mut self) -> (Vec<ReportView>, usize) {
        let AllSent { reports, outcome } = match delivery_report::recover(self.shop, self.deadline)
        {
            Ok(sent) => sent,
            Err(error) => {
                let failed = || pipeline::journal_failed(NAME, &error);
                self.first_failure.get_or_insert_with(failed);
                return (Vec::new(), 0);
            }
        };
        let open = self
            .shop
            .journal()
            .open_reports(self.shop.endpoint().as_str());
        let open = open.map_or(1, |open| open.len());
        self.remaining += open;
        if outcome.status != Status::Ok {
            self.first_failure.get_or_insert(outcome);
        }
        (reports, open)
    }
}

/// An order that is asked for by name, and waits for nothing: somebody goes on with it. That it was refused for
/// a reason that is not its own (the keys, too often, a form that could not be sent) is past then; that it
/// stands in conflict is not.
fn going_on(shop: &Shop, record: &Record, deadline: Instant) -> Record {
    let of_the_order = |refusal: &Refusal| {
        record.life.state == State::Conflicted
            && matches!(refusal.status, Status::Conflict | Status::DuplicateOrderRef)
    };
    if record.open.is_some() || record.refusal.as_ref().is_none_or(of_the_order) {
        return record.clone();
    }
    // A journal that cannot be written is told of by whoever needs it.
    let until = pipeline::patience(deadline);
    match shop.journal().forget_refusal(record.id, until) {
        Ok(()) => record.clone().without_refusal(),
        Err(_) => record.clone(),
    }
}

/// The open step of the order was written by another version, or is damaged.
pub(crate) fn unreadable(operation: &'static str) -> Outcome {
    let message = "The journal holds a step of this order that this version cannot read.";
    let problem = Problem::new(ErrorCode::JournalCorrupt, message);
    Outcome::failed(operation, Status::Journal, Next::ContactSequra, problem)
}

/// What surely never left and is a day old: the shopper has long gone or paid otherwise. To send it
/// now would be a new decision, and not recovery's. Where the clock is in doubt, seQura is asked what
/// time it is; an order of which it stays in doubt stays as it is, and `Err` says so.
fn is_out_of_date(shop: &Shop, record: &Record, deadline: Instant) -> Result<bool, Box<Outcome>> {
    if !record.life.can_be_abandoned() {
        return Ok(false);
    }
    let age = || match shop.journal().ages() {
        Ok(ages) => Ok(ages.of(record.updated_at, UNSENT_LIVES_DAYS)),
        Err(error) => Err(Box::new(pipeline::journal_failed(NAME, &error))),
    };
    let verdict = || shop.wire().sequras_clock().verdict(now_ms());
    let mut known = age()?;
    let mut asked = Outcome::ok(NAME);
    if known == Age::Doubtful && verdict() == Verdict::Unknown {
        let request = shop.endpoint().credentials();
        asked = ask(shop, NAME, &request, deadline, |_| Some(())).outcome;
        known = age()?;
    }
    match known {
        Age::Due => Ok(true),
        Age::Young => Ok(false),
        Age::Doubtful if asked.status != Status::Ok && verdict() == Verdict::Unknown => {
            Err(Box::new(asked))
        }
        Age::Doubtful => {
            let message = "Not sent: it never left this machine, and whether that was today cannot be told while this machine's clock is in doubt. Set the clock, and call again.";
            let problem = Problem::new(ErrorCode::ClockDoubtful, message);
            Err(Box::new(Outcome::failed(
                NAME,
                Status::Unreachable,
                Next::CallAgain,
                problem,
            )))
        }
    }
}

/// The answer that its last start had.
fn not_started_again(record: &Record) -> Outcome {
    let code = record
        .refusal
        .as_ref()
        .and_then(|refusal| refusal.errors.first());
    let code = code.map_or(ErrorCode::MissingLocation, |error| error.code);
    let message = "seQura has taken this order several times within the hour and not said where it is. It is not started once more for now; ask seQura, or start it again by hand.";
    let problem = Problem::new(code, message);
    Outcome::failed(NAME, Status::BadResponse, Next::ContactSequra, problem)
}

/// The journal was made of a copy: the change may have been done, and others after it, which it would undo.
fn not_after_a_copy() -> Outcome {
    let message = "Not sent again: the journal was restored from a copy, and since that was made this change may have been done, and others after it. Look in seQura's portal how the order is now, and tell both its carts (sq_update_order with unshipped_cart and shipped_cart, whole), or say with sq_resolve whether this change is done.";
    let problem = Problem::new(ErrorCode::JournalRestored, message);
    Outcome::failed(NAME, Status::OutcomeUnknown, Next::ContactSequra, problem)
}

/// What was open in the copy is asked again as it was then; the till that is gone may have gone on otherwise, with what
/// was only confirmed, too.
fn asked_again_after_a_copy(shop: &Shop, records: &[Record]) -> Option<Problem> {
    let is_of_a_copy = |one: &Record| {
        let open = one.open.as_ref().is_some_and(|open| !open.step.is_change());
        (open || one.life.is_at_risk()) && shop.journal().is_from_a_copy(one)
    };
    let told = pipeline::may_be_done_since;
    records.iter().any(is_of_a_copy).then(told)
}

/// Takes the open step of one order through the pipeline again.
fn send_again(shop: &Shop, record: &Record, deadline: Instant) -> Outcome {
    let Some(open) = &record.open else {
        return Outcome::ok(NAME);
    };
    let Some(operation) = Operation::from_json(&open.request) else {
        return unreadable(NAME);
    };
    if pipeline::is_waiting(record) {
        return not_started_again(record);
    }
    let target = Target::of(record);
    let is_of_a_copy = shop.journal().was_open_in_the_copy(record);
    let is_withdrawn = match operation.step() {
        Step::SendForm => true,
        Step::Start | Step::Hold if is_of_a_copy => true,
        step if step.is_change() && is_of_a_copy => return not_after_a_copy(),
        _ => match is_out_of_date(shop, record, deadline) {
            Ok(is_withdrawn) => is_withdrawn,
            Err(outcome) => return *outcome,
        },
    };
    if is_withdrawn {
        let turn = shop.turns().wait_for(&target.turn(None), deadline);
        return match turn.map(|_turn| {
            let until = pipeline::patience(deadline);
            shop.journal().withdraw_step(record, until)
        }) {
            Some(Ok(true)) => Outcome::ok(NAME),
            Some(Ok(false)) | None => {
                pipeline::busy(NAME, "Another call about this order is still going on.")
            }
            Some(Err(error)) => pipeline::journal_failed(NAME, &error),
        };
    }
    pipeline::run_step(shop, &operation, &target, None, Some(open), deadline)
}

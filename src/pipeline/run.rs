//! The five steps, in their order: for steps of orders and for delivery reports alike.

use super::ends::{NOTHING_SENT, busy, claim_for, not_recorded, patience, pause, too_late};
use super::submission::{Begun, Claim, Concluded, Left, Submission};
use crate::api::endpoints::Request;
use crate::api::transport::{Exchange, Failure};
use crate::crash_point::{self, Point};
use crate::lifecycle::Meaning;
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::ErrorCode;
use std::time::Instant;

/// Takes what is to be sent through the five steps, until `deadline` at the latest. With its claim, where it got as
/// far as that.
pub(crate) fn run<S: Submission>(
    shop: &Shop,
    submission: &mut S,
    deadline: Instant,
) -> (Outcome, Option<S::Claim>) {
    let name = submission.name();
    let Some(_turn) = shop.turns().wait_for(&submission.turn(), deadline) else {
        return (busy(name, S::WORDS.busy_here), None);
    };
    let ended = loop {
        let ready = match submission.validate() {
            Ok(ready) => ready,
            Err(ended) => break *ended,
        };
        crash_point::reached(Point::BeforeIntent);
        let began = shop.trace().now();
        match submission.record_intent(&ready, claim_for(deadline), patience(deadline)) {
            Ok(Begun::Ours(claim)) => {
                crash_point::reached(Point::AfterIntent);
                shop.trace().intended(name, submission.uuid(), began);
                let outcome = send_and_record(shop, submission, &ready, &claim, deadline);
                return (outcome, Some(claim));
            }
            Ok(Begun::Ended(outcome)) => break *outcome,
            Ok(Begun::Changed) => {}
            Ok(Begun::Busy) if pause(deadline) => {}
            Ok(Begun::Busy) => break busy(name, S::WORDS.busy_elsewhere),
            Err(error) => break not_recorded(name, &error),
        }
    };
    (ended, None)
}

/// Steps 3 to 5: what stands in the journal is sent, and what came of it recorded.
pub(super) fn send_and_record<S: Submission>(
    shop: &Shop,
    submission: &S,
    ready: &S::Ready,
    claim: &S::Claim,
    deadline: Instant,
) -> Outcome {
    let exchange = match send(shop, submission, ready, claim, deadline) {
        Ok(exchange) => exchange,
        Err(late) => return *late,
    };
    let mut heard = submission.hear(ready, &exchange, deadline);
    // What was left to recovery is left to the next one: nobody has said no to it.
    if heard.status == Status::Journal && claim.is_taken_up() {
        heard.answer = Meaning::NotSent;
    }
    let Concluded {
        entry,
        closing,
        mut outcome,
    } = submission.conclude(ready, claim, heard, &exchange);
    // An answer that is known is worth waiting for the journal.
    let began = shop.trace().now();
    let recorded = submission.record_outcome(ready, claim, &entry, &closing, patience(deadline));
    crash_point::reached(Point::AfterOutcome);
    let uuid = entry.uuid.as_deref();
    shop.trace().recorded(uuid, recorded.is_ok(), began);
    let was_sent = exchange.attempts > 0;
    let warning = match recorded {
        Ok(Left { order, overtaken }) => {
            outcome.order = order;
            overtaken.map(|next| {
                outcome.next = next;
                S::WORDS.overtaken.to_owned()
            })
        }
        Err(error) => {
            outcome.order = submission.as_sent(ready, &entry);
            was_sent.then(|| format!("{} {error}", S::WORDS.unrecorded))
        }
    };
    let warning = warning.map(|warning| Problem::new(ErrorCode::OutcomeNotRecorded, warning));
    outcome.warnings.extend(warning);
    outcome
}

/// Step 3, while the claim holds.
fn send<S: Submission>(
    shop: &Shop,
    submission: &S,
    ready: &S::Ready,
    claim: &S::Claim,
    deadline: Instant,
) -> Result<Exchange, Box<Outcome>> {
    let in_time = || match too_late(submission.name(), claim.until()) {
        Some(late) => Err(Box::new(late)),
        None => Ok(()),
    };
    in_time()?;
    let request = submission.request(ready, claim);
    crash_point::reached(Point::BeforeSend);
    let mut exchange = exchanged(shop, &request, deadline);
    if let Some(other) = submission.other_request(claim, &exchange) {
        in_time()?;
        exchange = exchanged(shop, &other, deadline);
    }
    crash_point::reached(Point::AfterAnswer);
    Ok(exchange)
}

/// Sends a request while the journal's file is still the file. Otherwise nothing is sent, and what was intended is
/// closed like what seQura refused.
fn exchanged(shop: &Shop, request: &Request, deadline: Instant) -> Exchange {
    match shop.journal().before_sending() {
        Ok(()) => shop.wire().exchange(request, deadline),
        Err(error) => {
            let mut problem = error.problem();
            problem.message.push_str(NOTHING_SENT);
            Exchange::not_begun(Failure {
                status: Status::Journal,
                problem,
                http_status: None,
            })
        }
    }
}

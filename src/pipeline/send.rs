//! Steps 3 to 5: what stands in the journal is sent, and what came of it recorded.

use super::ends::{NOTHING_SENT, patience, too_late};
use crate::advice;
use crate::api::endpoints::Request;
use crate::api::transport::{Exchange, Failure};
use crate::changes::Change;
use crate::crash_point::{self, Point};
use crate::journal::{Claim, Entry, Refusal};
use crate::lifecycle::{Answer, Life, State};
use crate::operation::Operation;
use crate::order::Written;
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::reading;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::ErrorCode;
use std::time::Instant;

/// An intent that stands in the journal, to be sent.
pub(super) struct Sending<'a> {
    pub(super) claim: Claim,
    pub(super) uuid: Option<&'a str>,
    pub(super) life: Life,
    pub(super) content: &'a Written,
    /// Recovery has taken it up.
    pub(super) is_resumed: bool,
}

/// Steps 3 to 5.
pub(super) fn send_and_record(
    shop: &Shop,
    operation: &Operation,
    sending: &Sending,
    deadline: Instant,
) -> Outcome {
    let name = operation.step().as_str();
    if let Some(late) = too_late(name, sending.claim.until) {
        return late;
    }
    let request = operation.request(shop.endpoint(), sending.uuid, sending.content);
    crash_point::reached(Point::BeforeSend);
    let exchange = exchange(shop, &request, deadline);
    crash_point::reached(Point::AfterAnswer);

    let reading::Heard {
        mut status,
        mut errors,
        mut answer,
        mut life,
        uuid,
    } = reading::read(
        shop.endpoint(),
        operation,
        &exchange,
        sending.life,
        sending.content,
    );
    // What was left to recovery is left to the next one: nobody has said no to it.
    if status == Status::Journal && sending.is_resumed {
        answer = Answer::NotSent;
        life = sending.life.answered(answer, false);
    }
    let mut found_done = Vec::new();
    if life.state == State::Cancelled && answer == Answer::Missing {
        (status, answer) = (Status::Ok, Answer::Done);
        found_done = std::mem::take(&mut errors);
    }
    let (life, closing) = match operation.change() {
        None => (life, None),
        Some(change) => {
            let (life, closing) = change.closing(life, answer);
            (life, Some(closing))
        }
    };
    let scrub = shop.scrubs_at_once() && operation.change().is_none_or(Change::is_personal);
    let http = reading::http_view(&exchange);
    let was_sent = exchange.attempts > 0;
    let ships = match operation.change() {
        Some(change) => change.ships,
        None => life.state == State::Settled && sending.content.has_shipped_goods(),
    };
    let entry = Entry {
        ships: ships && status == Status::Ok,
        life,
        uuid: uuid.or_else(|| sending.uuid.map(str::to_owned)),
        status,
        http: http.clone(),
        said: reading::said(
            &errors,
            (!errors.is_empty()).then(|| sending.content.order()),
        ),
        reason: None,
        step: name,
        refusal: Refusal::of(operation.step(), status, &errors),
    };
    let mut outcome = Outcome {
        status,
        next: advice::after(status, &errors, life, operation.step()),
        errors,
        http: was_sent.then_some(http),
        warnings: found_done,
        ..Outcome::ok(name)
    };
    // An answer that is known is worth waiting for the journal.
    let until = patience(deadline);
    let recorded =
        shop.journal()
            .record_outcome(&sending.claim, &entry, closing.as_ref(), scrub, until);
    crash_point::reached(Point::AfterOutcome);
    let warning = match recorded {
        Ok((record, ours)) => {
            outcome.order = Some(shop.view(&record));
            (!ours).then(|| {
                outcome.next = advice::next(&record);
                "This took so long that another till went on with the order; it stands as that till left it.".to_owned()
            })
        }
        Err(error) => {
            outcome.order = Some(shop.view_unrecorded(&entry, sending.content));
            was_sent.then(|| format!(
                "seQura answered, and the journal could not record it; sq_recover will ask again. {error}"
            ))
        }
    };
    if let Some(warning) = warning {
        outcome
            .warnings
            .push(Problem::new(ErrorCode::OutcomeNotRecorded, warning));
    }
    outcome
}

/// Step 3, of orders and of reports: sends what stands in the journal, while the journal's file is still
/// the file. Otherwise nothing is sent, and what was intended is closed like what seQura refused.
pub(crate) fn exchange(shop: &Shop, request: &Request, deadline: Instant) -> Exchange {
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

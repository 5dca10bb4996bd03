//! What the till should do now, decided in one place: for a call's own answer, and for whoever asks later.
//!
//! What seQura said no to stays with the order ([`crate::journal::Refusal`]), so that the advice after a till
//! was closed and opened again is the advice that the call gave.

use crate::journal::Record;
use crate::lifecycle::{Intent, Life, Step};
use crate::problem::Problem;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

/// What the till should do about an order as the journal has it. What has no final answer yet is for recovery,
/// whatever the call was told when it gave up: tills look for that word.
pub(crate) fn next(record: &Record) -> Next {
    match (&record.open, &record.refusal) {
        (None, Some(refusal)) => after(refusal.status, &refusal.errors, record.life, refusal.step),
        _ => record.life.next(),
    }
}

/// The same about several orders at once, and about delivery reports without an answer: recovery, where
/// something has no answer or money is at risk; otherwise each order says its own.
pub(crate) fn next_of_all(records: &[Record], open_reports: usize) -> Next {
    let waits = |record: &Record| record.open.is_some() || record.life.is_at_risk();
    match open_reports > 0 || records.iter().any(waits) {
        true => Next::Recover,
        false => Next::None,
    }
}

/// What the till should do after this answer, which has left the order here.
pub(crate) fn after(status: Status, errors: &[Problem], life: Life, step: Step) -> Next {
    let any = |code| errors.iter().any(|error| error.code == code);
    let confirmed = life.state.is_confirmed();
    let doubtful = |intent: Intent| intent.doubtful && intent.step.is_change();
    match status {
        Status::Ok => life.next(),
        // A change of a sold order that an earlier attempt may have made is asked for until that is known.
        status if status.class() == 2 && life.intent.is_some_and(doubtful) => Next::Recover,
        Status::DuplicateOrderRef => Next::ChooseAnotherRef,
        Status::Conflict | Status::Refused if step == Step::SetOrderRef || confirmed => {
            Next::ContactSequra
        }
        Status::Conflict if any(ErrorCode::NotApproved) => Next::Confirm,
        // The credit was granted for that cart: another one needs another approval [D].
        Status::Conflict if any(ErrorCode::CartChanged) || any(ErrorCode::AmountAboveApproved) => {
            Next::RestartCheckout
        }
        Status::Conflict | Status::Refused => Next::FixOrder,
        Status::Unauthorized | Status::Forbidden | Status::Journal => Next::FixConfiguration,
        // What is sold is not to be sold again.
        Status::NotFound | Status::Gone if life.is_at_risk() || confirmed => Next::ContactSequra,
        Status::NotFound | Status::Gone => Next::RestartCheckout,
        Status::RateLimited => Next::CallAgain,
        // seQura has said what it says: to be asked once more tells nothing new.
        Status::OutcomeUnknown
            if any(ErrorCode::DuplicateOrderRef) || any(ErrorCode::Unrecognised) =>
        {
            Next::ContactSequra
        }
        status => without_an_answer(status),
    }
}

/// What the till should do where no final answer came.
pub(crate) fn without_an_answer(status: Status) -> Next {
    match status {
        Status::Tls => Next::FixConfiguration,
        Status::Unreachable | Status::ServerError => Next::CallAgain,
        _ => Next::Recover,
    }
}

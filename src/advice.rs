//! What the till should do now, decided in one place: for a call's own answer, and for whoever asks later.
//!
//! What seQura said no to stays with the order ([`crate::journal::Refusal`]), so that the advice after a till
//! was closed and opened again is the advice that the call gave.

use crate::journal::{JournalError, Record, StepRow};
use crate::lifecycle::{Intent, Life, Step};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

/// What the till should do about an order as the journal has it. What has no final answer yet is for recovery,
/// whatever the call was told when it gave up: tills look for that word.
pub(crate) fn next(record: &Record) -> Next {
    match (&record.open, &record.refusal) {
        // The office finishes it.
        _ if record.fence.is_some() => Next::None,
        (Some(open), Some(refusal))
            if refusal.is_of_a_start() || refusal.is_of_a_copy() && refusal.step == open.step =>
        {
            Next::ContactSequra
        }
        (Some(open), _) if ends_sale(open) => Next::Ship,
        (None, Some(refusal)) => {
            let to = To::Step(refusal.step, record.life);
            after(refusal.status, &refusal.errors, to)
        }
        _ => record.life.next(),
    }
}

/// Whether this open step is the last one of a sale whose goods leave after it.
pub(crate) fn ends_sale(open: &StepRow) -> bool {
    let ends = |operation: Operation| operation.change().is_some_and(|change| change.ends_sale);
    open.step == Step::Ship && Operation::from_json(&open.request).is_some_and(ends)
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

/// What seQura was asked.
#[derive(Clone, Copy)]
pub(crate) enum To {
    /// A step, which has left the order here.
    Step(Step, Life),
    /// A delivery report; whether the till gave it, or a part of it.
    Report { is_given: bool },
    /// A question, which changes nothing.
    Question,
    /// A question about an order of the journal, which is here.
    QuestionOf(Life),
    /// Whether everything that a sale needs works on this machine.
    SelfTest,
}

/// What the till should do after this answer, or without one: the one table of it.
pub(crate) fn after(status: Status, errors: &[Problem], to: To) -> Next {
    let any = |code| errors.iter().any(|error| error.code == code);
    let doubtful = |intent: Intent| intent.doubtful && intent.step.is_change();
    match (status, to) {
        (Status::Ok, To::Step(_, life)) => life.next(),
        (Status::Ok, _) => Next::None,
        // seQura no longer has an order that it had [C]. Of another account it may be still, and then the
        // merchant is not this one's either.
        (Status::Forbidden, To::Step(_, life) | To::QuestionOf(life))
            if any(ErrorCode::BadOrderId) && !any(ErrorCode::BadMerchantId) =>
        {
            no_longer_there(life)
        }
        // A change of a sold order that an earlier attempt may have made is asked for until that is known.
        (_, To::Step(_, life)) if status.class() == 2 && life.intent.is_some_and(doubtful) => {
            Next::Recover
        }
        (Status::DuplicateOrderRef, To::Step(..)) => Next::ChooseAnotherRef,
        (Status::Conflict | Status::Refused, To::Step(step, life))
            if step == Step::SetOrderRef || life.state.is_confirmed() =>
        {
            Next::ContactSequra
        }
        (Status::Conflict, To::Step(..)) if any(ErrorCode::NotApproved) => Next::Confirm,
        // The credit was granted for that cart: another one needs another approval [D].
        (Status::Conflict, To::Step(..))
            if any(ErrorCode::CartChanged)
                || any(ErrorCode::AmountAboveApproved)
                || any(ErrorCode::Gone) =>
        {
            Next::RestartCheckout
        }
        (Status::Conflict | Status::Refused, To::Step(..)) => Next::FixOrder,
        // What takes orders is not there: to begin again would end like this.
        (Status::NotFound, To::Step(Step::Start, _) | To::Question) => Next::FixConfiguration,
        (Status::NotFound | Status::Gone, To::Step(_, life)) => no_longer_there(life),
        (Status::Unreachable | Status::ServerError, _) | (Status::OutcomeUnknown, To::SelfTest) => {
            Next::CallAgain
        }
        (Status::Unauthorized | Status::Forbidden | Status::Journal | Status::Tls, _)
        | (_, To::SelfTest) => Next::FixConfiguration,
        (Status::RateLimited, _)
        | (Status::OutcomeUnknown | Status::BadResponse, To::Question | To::QuestionOf(_)) => {
            Next::CallAgain
        }
        (_, To::Report { is_given: true }) if status.class() == 2 => Next::FixOrder,
        (_, To::Report { .. }) if status.class() == 2 => Next::ContactSequra,
        (_, To::Question | To::QuestionOf(_)) => Next::ContactSequra,
        // seQura has said what it says: to be asked once more tells nothing new.
        (Status::OutcomeUnknown, To::Step(..))
            if any(ErrorCode::DuplicateOrderRef)
                || any(ErrorCode::Unrecognised)
                || any(ErrorCode::Gone) =>
        {
            Next::ContactSequra
        }
        _ => Next::Recover,
    }
}

/// What the till should do about an order that seQura does not have any more: what is sold, or may be, is not to be
/// sold again.
fn no_longer_there(life: Life) -> Next {
    match life.is_at_risk() || life.state.is_confirmed() {
        true => Next::ContactSequra,
        false => Next::RestartCheckout,
    }
}

/// What the till should do where the journal failed and nothing was sent.
pub(crate) fn without_journal(error: &JournalError) -> Next {
    match error.code {
        ErrorCode::JournalLocked | ErrorCode::JournalFull => Next::CallAgain,
        _ => Next::FixConfiguration,
    }
}

//! The first sentence of a message: what happened.

use super::phrases::{Done, Function, Phrases, Texts};
use super::situation::Situation;
use super::template::{self, Values};
use super::values;
use crate::lifecycle::State;
use crate::problem::Problem;
use crate::status::Status;
use crate::vocabulary::ErrorCode;

/// The most specific text that is true.
pub(super) fn what_happened(
    phrases: &dyn Phrases,
    function: Option<Function>,
    situation: &Situation,
) -> String {
    let values = values::of(phrases, situation);
    let texts = match (situation.status, situation.state) {
        // What cannot be read is the configuration.
        (Status::InvalidJson | Status::InvalidText, _)
            if function == Some(Function::ClientOpen) =>
        {
            phrases.status(Status::InvalidConfig)
        }
        (Status::Ok, _) => done(phrases, function, situation),
        (Status::OutcomeUnknown, _) if situation.is_unsaid() => phrases.unsaid(),
        (Status::OutcomeUnknown, _) if situation.is_a_strangers() => {
            phrases.error(ErrorCode::NotSequrasAnswer, false)
        }
        // Where nobody knows what became of the request, that matters more than how the line broke.
        (
            Status::OutcomeUnknown,
            Some(state @ (State::Soliciting | State::Confirming | State::Referencing)),
        ) => phrases.standing(state),
        (Status::OutcomeUnknown, _) => phrases.status(Status::OutcomeUnknown),
        // "Not now" helps nobody without "because the sale is already …".
        (Status::WrongState, Some(state)) => {
            let standing = template::fill(standing(phrases, state, situation), &values);
            return format!("{}{}", phrases.impossible(), uncapitalised(&standing));
        }
        (status, _) => match situation.error {
            Some(_) if situation.is_rejected() => phrases.rejected(),
            Some(problem) if says_more(status, problem.code) => {
                let said = problem_in_words(phrases, problem, situation.is_confirmed(), &values);
                return with_count(phrases, said, situation);
            }
            _ => phrases.status(status),
        },
    };
    with_count(phrases, template::fill(texts, &values), situation)
}

/// One thing that is wrong; of what is missing, what.
pub(super) fn problem_in_words(
    phrases: &dyn Phrases,
    problem: &Problem,
    confirmed: bool,
    values: &Values,
) -> String {
    let is_missing = matches!(problem.code, ErrorCode::MissingField | ErrorCode::EmptyText);
    let missing =
        is_missing.then(|| values::missing_in_words(phrases, problem.pointer.as_deref()?));
    // All of it is of another kind: no field is to blame, but the till's program.
    let is_whole = problem.code == ErrorCode::WrongType
        && problem.pointer.as_deref().unwrap_or_default().is_empty();
    match missing.flatten() {
        Some(missing) => missing,
        None if is_whole => template::fill(phrases.status(Status::InvalidJson), values),
        None => template::fill(phrases.error(problem.code, confirmed), values),
    }
}

fn done(phrases: &dyn Phrases, function: Option<Function>, situation: &Situation) -> Texts {
    match situation.goes_on_elsewhere() {
        Some(ErrorCode::TakenByOffice) => return phrases.done(Done::AtOffice),
        Some(_) => return phrases.done(Done::HandedOver),
        None => {}
    }
    match function.map(|function| Done::of(function, situation.state)) {
        Some(Done::Standing(state)) => standing(phrases, state, situation),
        Some(Done::FormSent) if situation.is_by_email => phrases.done(Done::FormMailed),
        Some(Done::Refunded) if situation.is_preview => phrases.done(Done::RefundPreviewed),
        Some(done) => phrases.done(done),
        None => phrases.status(Status::Ok),
    }
}

/// Where a sale stands; of one that seQura refused, why, where that is known.
fn standing(phrases: &dyn Phrases, state: State, situation: &Situation) -> Texts {
    match (state, situation.error.map(|problem| problem.code)) {
        (State::Conflicted | State::Abandoned, _) if situation.is_rejected() => phrases.rejected(),
        (
            State::Conflicted,
            Some(
                code @ (ErrorCode::NotApproved
                | ErrorCode::CartChanged
                | ErrorCode::AddressChanged
                | ErrorCode::CustomerChanged
                | ErrorCode::AmountAboveApproved
                | ErrorCode::CartTotalMismatch
                | ErrorCode::DuplicateOrderRef),
            ),
        ) => phrases.error(code, false),
        _ => phrases.standing(state),
    }
}

/// Whether the error's code tells the person at the till more than the status does. In a
/// configuration "a field is missing" would be read as a field of the sale.
fn says_more(status: Status, code: ErrorCode) -> bool {
    status != Status::InvalidConfig
        || matches!(
            code,
            ErrorCode::UnknownKey
                | ErrorCode::FileUnreadable
                | ErrorCode::AmbiguousPath
                | ErrorCode::InsecureUrl
                | ErrorCode::JournalFull
                | ErrorCode::JournalReadOnly
                | ErrorCode::JournalCorrupt
                | ErrorCode::JournalSetAside
                | ErrorCode::JournalStrange
                | ErrorCode::JournalIsACopy
                | ErrorCode::JournalTooNew
                | ErrorCode::JournalLocked
                | ErrorCode::JournalLost
                | ErrorCode::JournalRemote
                | ErrorCode::JournalFailed
        )
}

/// "(and 2 more errors)" where the first is not the only one: whoever corrects one problem at a
/// time would otherwise think that the correction did not help.
fn with_count(phrases: &dyn Phrases, sentence: String, situation: &Situation) -> String {
    let listed = matches!(
        situation.status,
        Status::InvalidOrder | Status::InvalidConfig | Status::Conflict
    );
    match situation.error_count.saturating_sub(1) {
        more if more > 0 && listed && situation.error.is_some() => {
            let text = if more == 1 {
                phrases.one_more()
            } else {
                phrases.many_more()
            };
            let text = template::fill_one(
                text,
                &Values::default().with("count", Some(more.to_string())),
            );
            format!(
                "{}{}.",
                sentence.trim_end_matches('.'),
                text.unwrap_or_default()
            )
        }
        _ => sentence,
    }
}

/// The sentence as it goes on after a colon.
pub(super) fn uncapitalised(sentence: &str) -> String {
    let mut rest = sentence.chars();
    match rest.next() {
        Some(first) => first.to_lowercase().chain(rest).collect(),
        None => String::new(),
    }
}

//! What came of a request, read: the status the till sees, and what it means to the order's life.

use crate::api::answer::Answer as Said;
use crate::api::endpoints::Endpoint;
use crate::api::location::Located;
use crate::api::provenance::{self, Purpose};
use crate::api::transport::Exchange;
use crate::api::{conflict, refusal};
use crate::journal::{Said as Kept, without_words};
use crate::lifecycle::Meaning;
use crate::limits;
use crate::operation::Operation;
use crate::order::{Order, Written};
use crate::outcome::HttpView;
use crate::problem::Problem;
use crate::redact::redact;
use crate::status::Status;
use crate::vocabulary::ErrorCode;

/// As much of a stranger's answer is repeated, in characters.
const LONGEST_QUOTE: usize = 200;

/// What an exchange says.
pub(crate) struct Heard {
    /// What the till sees.
    pub(crate) status: Status,
    /// Why it is no yes.
    pub(crate) errors: Vec<Problem>,
    /// What it means to what was sent.
    pub(crate) answer: Meaning,
    /// Where an order is that was started.
    pub(crate) located: Option<Located>,
}

/// Reads what came of a step; `order`: what was sent.
pub(crate) fn of_a_step(
    endpoint: &Endpoint,
    operation: &Operation,
    exchange: &Exchange,
    order: &Written,
) -> Heard {
    let (status, errors, answer, located) = match &exchange.result {
        Ok(said) => understand(endpoint, operation, said, order),
        Err(failure) => {
            let (status, problem) = (failure.status, failure.problem.clone());
            (status, vec![problem], meaning(status, &[]), None)
        }
    };
    Heard {
        status,
        errors,
        answer,
        located,
    }
}

/// Reads what came of a delivery report. A no that is not seQura's refuses nothing.
pub(crate) fn of_a_report(exchange: &Exchange) -> Heard {
    let (status, errors) = match &exchange.result {
        Ok(said) => match not_sequras(Purpose::Report, true, said) {
            Some(problem) => (Status::OutcomeUnknown, vec![problem]),
            None if (200..300).contains(&said.status) => (Status::Ok, Vec::new()),
            None => no_without_reference(said),
        },
        Err(failure) => (failure.status, vec![failure.problem.clone()]),
    };
    Heard {
        answer: meaning(status, &errors),
        status,
        errors,
        located: None,
    }
}

fn understand(
    endpoint: &Endpoint,
    operation: &Operation,
    said: &Said,
    order: &Written,
) -> (Status, Vec<Problem>, Meaning, Option<Located>) {
    let step = operation.step();
    if let Some(problem) = not_sequras(step.into(), step.moves_money(), said) {
        return (
            Status::OutcomeUnknown,
            vec![problem],
            Meaning::Unknown,
            None,
        );
    }
    if (200..300).contains(&said.status) {
        return match operation.read_success(endpoint, said) {
            Ok(located) => (Status::Ok, Vec::new(), Meaning::Done, located),
            Err((status, problem)) => (status, vec![problem], meaning(status, &[]), None),
        };
    }
    let (status, errors) = refusal::read(said, Some(order.order()));
    let answer = match meaning(status, &errors) {
        open @ Meaning::Unknown => open,
        // Somebody in between said it, and so nothing of the order itself.
        _ if !provenance::is_no(said.request_id.as_deref(), &said.body) => Meaning::Refused,
        Meaning::PossibleEcho | Meaning::DuplicateRef if !operation.can_echo() => Meaning::Conflict,
        answer => answer,
    };
    (status, errors, answer, None)
}

/// A start was answered with an order that the journal has already: somebody in between repeats what seQura said to
/// another, and whether it has this one is not known.
pub(crate) fn of_another_order(there: &Located) -> Heard {
    let message = format!(
        "The start was answered with order {}, which is another sale's. Whether seQura has this one is not known.",
        there.uuid
    );
    let problem = Problem {
        actual: Some(there.uuid.as_str().into()),
        ..Problem::new(ErrorCode::ForeignLocation, message)
    };
    Heard {
        status: Status::BadResponse,
        errors: vec![problem],
        answer: meaning(Status::BadResponse, &[]),
        located: None,
    }
}

/// A no to what carries no reference, whatever its text says.
pub(crate) fn no_without_reference(said: &Said) -> (Status, Vec<Problem>) {
    match refusal::read(said, None) {
        (Status::DuplicateOrderRef, errors) => (Status::Conflict, errors),
        other => other,
    }
}

/// Why it is not known what seQura says, where somebody in between has answered: a 2xx that is not
/// seQura's yes, and where it is `at_stake`, a 4xx that is not seQura's no.
pub(crate) fn not_sequras(purpose: Purpose, at_stake: bool, said: &Said) -> Option<Problem> {
    let request_id = said.request_id.as_deref();
    let why = match said.status {
        200..300 => provenance::is_yes(purpose, said.status, request_id, &said.body).err()?,
        400..500 if at_stake && !provenance::is_no(request_id, &said.body) => {
            "it has neither seQura's X-Request-Id nor its words".to_owned()
        }
        _ => return None,
    };
    let quoted = said.body.text().filter(|text| !text.is_empty());
    let quote: String = quoted.map_or_else(String::new, |text| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let start: String = words.join(" ").chars().take(LONGEST_QUOTE).collect();
        format!(" It begins: {start}")
    });
    Some(Problem::new(
        ErrorCode::NotSequrasAnswer,
        format!(
            "HTTP {} is not seQura's answer: {why}. Whether seQura has the request is not known.{quote}",
            said.status
        ),
    ))
}

/// What a status means to the order's life, where seQura has said it with these errors.
fn meaning(status: Status, errors: &[Problem]) -> Meaning {
    match status {
        Status::Ok => Meaning::Done,
        // Of several causes one that may be an echo is enough to doubt the others.
        Status::Conflict if errors.iter().all(|error| conflict::is_no_echo(error.code)) => {
            Meaning::Conflict
        }
        Status::Conflict => Meaning::PossibleEcho,
        Status::DuplicateOrderRef => Meaning::DuplicateRef,
        Status::Gone => Meaning::Gone,
        Status::NotFound => Meaning::Missing,
        Status::Unauthorized
        | Status::Forbidden
        | Status::RateLimited
        | Status::Refused
        // This machine's own no: nothing was sent, and nothing will be.
        | Status::Journal => Meaning::Refused,
        Status::Unreachable | Status::Tls => Meaning::NotSent,
        _ => Meaning::Unknown,
    }
}

/// `/http` of the buffer.
pub(crate) fn http_view(exchange: &Exchange) -> HttpView {
    let answer = exchange.result.as_ref().ok();
    HttpView {
        status: match &exchange.result {
            Ok(answer) => Some(answer.status),
            Err(failure) => failure.http_status,
        },
        request_id: answer.and_then(|answer| answer.request_id.clone()),
        attempts: exchange.attempts,
        elapsed_ms: exchange.elapsed.as_millis() as u64,
    }
}

/// What the log keeps of a failure. `orders`: those whose shoppers it may name.
pub(crate) fn said<'a>(
    errors: &[Problem],
    orders: impl IntoIterator<Item = &'a Order>,
) -> Option<Kept> {
    // Whoever reads the journal with other tools may take a NUL for the end of a text.
    let words = texts(errors)?.replace('\0', "\u{fffd}");
    Some(Kept {
        errors: without_words(errors),
        words: redact(&words, orders, limits::LOG_TEXT),
    })
}

/// All that was said, as one text.
pub(crate) fn texts(errors: &[Problem]) -> Option<String> {
    let texts: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    (!texts.is_empty()).then(|| texts.join(" | "))
}

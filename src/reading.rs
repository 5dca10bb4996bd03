//! What came of a request, read: the status the till sees, and what it means to the order's life.

use crate::api::refusal;
use crate::api::transport::Exchange;
use crate::checkout::Operation;
use crate::client::Client;
use crate::journal::{Said, without_words};
use crate::lifecycle::Answer;
use crate::order::Order;
use crate::outcome::{HttpView, Problem};
use crate::redact::redact;
use crate::status::Status;

/// What the exchange means: status, errors, and the uuid of an order that was started.
pub(crate) fn read(
    client: &Client,
    operation: &Operation,
    exchange: &Exchange,
    order: &Order,
) -> (Status, Vec<Problem>, Option<String>) {
    match &exchange.result {
        Err(failure) => (failure.status, vec![failure.problem.clone()], None),
        Ok(answer) if (200..300).contains(&answer.status) => {
            match operation.read_success(client.endpoint(), answer) {
                Ok(uuid) => (Status::Ok, Vec::new(), uuid),
                Err((status, problem)) => (status, vec![problem], None),
            }
        }
        Ok(answer) => {
            let (status, problems) = refusal::read(answer, Some(order));
            (status, problems, None)
        }
    }
}

/// What a status means to the order's life.
pub(crate) fn meaning(status: Status) -> Answer {
    match status {
        Status::Ok => Answer::Done,
        Status::Conflict => Answer::Conflict,
        Status::DuplicateOrderRef => Answer::DuplicateRef,
        Status::Gone => Answer::Gone,
        Status::NotFound => Answer::Missing,
        Status::Unauthorized
        | Status::Forbidden
        | Status::RateLimited
        | Status::Refused
        // This machine's own no: nothing was sent, and nothing will be.
        | Status::Journal => Answer::Refused,
        Status::Unreachable | Status::Tls => Answer::NotSent,
        _ => Answer::Unknown,
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
pub(crate) fn said(errors: &[Problem], orders: &[&Order]) -> Option<Said> {
    texts(errors).map(|words| Said {
        errors: without_words(errors),
        words: orders
            .iter()
            .fold(words, |words, order| redact(&words, order)),
    })
}

/// All that was said, as one text.
pub(crate) fn texts(errors: &[Problem]) -> Option<String> {
    let texts: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    (!texts.is_empty()).then(|| texts.join(" | "))
}

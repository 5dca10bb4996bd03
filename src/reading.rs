//! What came of a request, read: the status the till sees, what it means to the order's life, and
//! what the till should do now.

use crate::api::refusal;
use crate::api::transport::Exchange;
use crate::checkout::Operation;
use crate::client::Client;
use crate::lifecycle::{Answer, Life, Step};
use crate::limits;
use crate::order::Order;
use crate::outcome::{HttpView, Problem};
use crate::redact::redact;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::{Map, Value};

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
        Status::Unauthorized | Status::Forbidden | Status::RateLimited | Status::Refused => {
            Answer::Refused
        }
        Status::Unreachable | Status::Tls => Answer::NotSent,
        _ => Answer::Unknown,
    }
}

/// What the till should do after this answer.
pub(crate) fn next_after(status: Status, errors: &[Problem], life: Life, step: Step) -> Next {
    let any = |code| errors.iter().any(|error| error.code == code);
    let confirmed = life.state.is_confirmed();
    match status {
        Status::Ok => life.next(),
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
        Status::Unauthorized | Status::Forbidden | Status::Tls => Next::FixConfiguration,
        // What is sold is not to be sold again.
        Status::NotFound | Status::Gone if life.is_at_risk() || confirmed => Next::ContactSequra,
        Status::NotFound | Status::Gone => Next::RestartCheckout,
        Status::RateLimited | Status::Unreachable | Status::ServerError => Next::CallAgain,
        _ => Next::Recover,
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

/// What the log keeps of a refusal.
pub(crate) fn description(errors: &[Problem], order: &Order) -> Option<String> {
    description_without(errors, [order.document()])
}

/// The same, where it may speak of any of these orders.
pub(crate) fn description_without<'a>(
    errors: &[Problem],
    orders: impl IntoIterator<Item = &'a Map<String, Value>>,
) -> Option<String> {
    let texts: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    // A text ends with a NUL for whoever reads the journal with other tools.
    let said = texts.join(" | ").replace('\0', "\u{fffd}");
    (!texts.is_empty()).then(|| shortened(redact(&said, orders)))
}

/// As much of a text as the log keeps.
fn shortened(text: String) -> String {
    let Some((end, _)) = text.char_indices().nth(limits::LOG_TEXT) else {
        return text;
    };
    let more = text[end..].chars().count();
    format!("{}… ({more} more characters)", &text[..end])
}

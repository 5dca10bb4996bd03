//! Questions to seQura. They change nothing there, and so need no journal; not to know is as good as not to have asked.

use crate::advice::{self, To};
use crate::api::endpoints::Request;
use crate::api::transport::Exchange;
use crate::heard;
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Instant;

/// What came of a question.
pub(crate) struct Told<T> {
    /// The result, but for its data.
    pub(crate) outcome: Outcome,
    /// What seQura has said; none: the question failed.
    pub(crate) found: Option<T>,
}

impl<T> Told<T> {
    /// The same, where more is to be said of what was found.
    pub(crate) fn map<U>(self, say: impl FnOnce(T) -> U) -> Told<U> {
        Told {
            outcome: self.outcome,
            found: self.found.map(say),
        }
    }

    /// The same, unless something is wrong with what was found: then it is no answer to the question.
    pub(crate) fn unless(self, wrong: impl FnOnce(&T) -> Option<Problem>) -> Told<T> {
        let Some(problem) = self.found.as_ref().and_then(wrong) else {
            return self;
        };
        let (status, errors) = (Status::BadResponse, vec![problem]);
        Told {
            outcome: Outcome {
                status,
                next: advice::after(status, &errors, To::Question),
                errors,
                ..self.outcome
            },
            found: None,
        }
    }
}

impl<T: Serialize> Told<T> {
    /// The result, with what was found.
    pub(crate) fn into_outcome(self) -> Outcome {
        match self.found {
            Some(found) => self.outcome.with_data(json!(found)),
            None => self.outcome,
        }
    }
}

/// Asks, and reads the answer's JSON with `read`.
pub(crate) fn ask<T>(
    shop: &Shop,
    name: &'static str,
    request: &Request,
    deadline: Instant,
    read: impl FnOnce(Value) -> Option<T>,
) -> Told<T> {
    understand(name, &shop.wire().exchange(request, deadline), read)
}

/// Reads the answer to a question.
pub(crate) fn understand<T>(
    name: &'static str,
    exchange: &Exchange,
    read: impl FnOnce(Value) -> Option<T>,
) -> Told<T> {
    let (found, status, errors) = match answer(exchange) {
        Err((status, errors)) => (None, status, errors),
        Ok((http, said)) => match said.and_then(read) {
            Some(found) => (Some(found), Status::Ok, Vec::new()),
            None => (None, Status::BadResponse, vec![undocumented(http)]),
        },
    };
    Told {
        outcome: Outcome {
            status,
            next: advice::after(status, &errors, To::Question),
            errors,
            http: Some(heard::http_view(exchange)),
            ..Outcome::ok(name)
        },
        found,
    }
}

/// A yes: its HTTP status, and its JSON where it is any.
fn answer(exchange: &Exchange) -> Result<(u16, Option<Value>), (Status, Vec<Problem>)> {
    match &exchange.result {
        Err(failure) => Err((failure.status, vec![failure.problem.clone()])),
        Ok(answer) if (200..300).contains(&answer.status) => {
            Ok((answer.status, answer.body.reply()))
        }
        Ok(answer) => Err(heard::no_without_reference(answer)),
    }
}

/// What is wrong where seQura does not have an order that it had: the merchant who sells it is no merchant of this
/// account's. Asked only then; where seQura does not say, nothing is known to be wrong.
pub(crate) fn merchant_lacking(
    shop: &Shop,
    merchant_id: &str,
    errors: &[Problem],
    deadline: Instant,
) -> Option<Problem> {
    let is_unknown = |error: &Problem| error.code == ErrorCode::BadOrderId;
    if !errors.iter().any(is_unknown) {
        return None;
    }
    let request = shop.endpoint().credentials();
    let exchange = shop.wire().exchange(&request, deadline);
    let (_, said) = answer(&exchange).ok()?;
    let merchants: Option<Vec<String>> = said?.as_array()?.iter().map(merchant_of).collect();
    let is_lacking = !merchants?.iter().any(|one| one == merchant_id);
    is_lacking.then(|| no_merchant_of_the_account(merchant_id))
}

/// Whom an entry of the account's merchants is about.
pub(crate) fn merchant_of(entry: &Value) -> Option<String> {
    match entry.get("ref")? {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

fn no_merchant_of_the_account(merchant_id: &str) -> Problem {
    let message = format!(
        "The order was started by merchant {merchant_id}, whom this account does not have. Check account_key in the configuration."
    );
    Problem {
        actual: Some(merchant_id.into()),
        ..Problem::new(ErrorCode::BadMerchantId, message)
    }
}

fn undocumented(http: u16) -> Problem {
    let message =
        format!("seQura answered HTTP {http} with something that is not the documented JSON.");
    Problem::new(ErrorCode::UnreadableAnswer, message)
}

/// Asks for each configured merchant in turn, and puts what is found together. The first failure is what is told, with
/// what was found all the same; one that concerns every merchant ends it.
pub(crate) fn of_every_merchant<T>(
    shop: &Shop,
    name: &'static str,
    of_merchant: impl Fn(&str) -> Told<T>,
    together: impl Fn(T, T) -> T,
) -> Told<T> {
    let ids = shop.config().merchants.ids();
    of_each(&ids, |merchant_id| of_merchant(merchant_id), together).unwrap_or_else(|| Told {
        outcome: no_merchant(name),
        found: None,
    })
}

/// The same for each of these; none: there is nothing to ask for.
pub(crate) fn of_each<K, T>(
    each: &[K],
    ask_for: impl Fn(&K) -> Told<T>,
    together: impl Fn(T, T) -> T,
) -> Option<Told<T>> {
    let mut all: Option<Told<T>> = None;
    for one in each {
        let Told { outcome, found } = ask_for(one);
        let ends = concerns_all(outcome.status);
        all = Some(match all {
            None => Told { outcome, found },
            Some(earlier) => Told {
                outcome: both(earlier.outcome, outcome),
                found: match (earlier.found, found) {
                    (Some(earlier), Some(found)) => Some(together(earlier, found)),
                    (earlier, found) => earlier.or(found),
                },
            },
        });
        if ends {
            break;
        }
    }
    all
}

/// What was kept, where seQura is out of reach; why it was needed is said in the warnings.
pub(crate) fn or_kept<T>(
    name: &'static str,
    told: Told<T>,
    kept: impl FnOnce() -> Option<T>,
) -> Told<T> {
    let is_out_of_reach = matches!(
        told.outcome.status,
        Status::Unreachable | Status::OutcomeUnknown | Status::ServerError
    );
    let Some(kept) = is_out_of_reach.then(kept).flatten() else {
        return told;
    };
    Told {
        outcome: Outcome {
            http: told.outcome.http,
            warnings: told.outcome.errors,
            ..Outcome::ok(name)
        },
        found: Some(kept),
    }
}

/// The first failure of the two, with the warnings of both.
fn both(mut earlier: Outcome, mut later: Outcome) -> Outcome {
    let mut warnings = std::mem::take(&mut earlier.warnings);
    warnings.append(&mut later.warnings);
    let told = match earlier.status {
        Status::Ok => later,
        _ => earlier,
    };
    Outcome { warnings, ..told }
}

pub(crate) fn no_merchant(name: &'static str) -> Outcome {
    let message = "The configuration names no merchant; give merchant_id or merchants.";
    Outcome::failed(
        name,
        Status::InvalidConfig,
        Next::FixConfiguration,
        Problem::at(ErrorCode::MissingField, "/merchant_id", message),
    )
}

/// Whether a question that failed so would fail for another merchant, or about another thing, too: the line,
/// the keys, the journal.
pub(crate) fn concerns_all(status: Status) -> bool {
    matches!(
        status,
        Status::Unreachable
            | Status::OutcomeUnknown
            | Status::Tls
            | Status::ServerError
            | Status::Unauthorized
            | Status::RateLimited
            | Status::Journal
    )
}

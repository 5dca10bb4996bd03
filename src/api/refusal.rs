//! seQura's refusals, read: a status code, and structured errors beside seQura's own words.
//!
//! seQura publishes few of its texts, so only what is documented [D] is taken apart word by word;
//! the others [I] are recognised by what any wording of them must name. A text that fits none is
//! passed on whole as `unrecognised`: nothing that seQura says is dropped.

use super::answer::Answer;
use super::body::Body;
use crate::limits;
use crate::order::Order;
use crate::problem::{Found, Problem};
use crate::status::Status;
use crate::vocabulary::ErrorCode;
use serde_json::Value;

/// Reads an answer that is not a 2xx. `order` is what was sent, for the numbers and places in it.
pub fn read(answer: &Answer, order: Option<&Order>) -> (Status, Vec<Problem>) {
    let (texts, more) = texts(answer);
    let listed = |read: &dyn Fn(String) -> Problem| {
        let mut found = Found::default();
        for text in &texts {
            found.note(|| read(text.clone()));
        }
        found.count(more);
        if found.is_empty() {
            found.note(|| read(format!("HTTP {}, without a word.", answer.status)));
        }
        found.into_list()
    };
    let one = |code: ErrorCode| listed(&|text| Problem::new(code, text));
    match answer.status {
        409 => {
            let problems = match texts.is_empty() {
                true => one(ErrorCode::Unrecognised),
                false => listed(&|text| conflict(text, order)),
            };
            // The duplicate reference is its own status only when it is the whole story: a cart
            // that is refused as well must be corrected first.
            let duplicate = problems
                .iter()
                .all(|p| p.code == ErrorCode::DuplicateOrderRef);
            let status = match duplicate {
                true => Status::DuplicateOrderRef,
                false => Status::Conflict,
            };
            (status, problems)
        }
        401 => (Status::Unauthorized, one(ErrorCode::AccessDenied)),
        403 => {
            let problems = listed(&|text| forbidden(Problem::new(ErrorCode::Unrecognised, text)));
            (Status::Forbidden, problems)
        }
        404 => (Status::NotFound, one(ErrorCode::NotFound)),
        410 => (Status::Gone, one(ErrorCode::Gone)),
        429 => (Status::RateLimited, one(ErrorCode::RateLimited)),
        400..=499 => (Status::Refused, one(ErrorCode::Unrecognised)),
        500..=599 => (Status::ServerError, one(ErrorCode::ServerError)),
        300..=399 => {
            let to = answer.location.as_deref().unwrap_or("nowhere");
            let message = format!(
                "HTTP {}: a redirect to {to}. None is followed: credentials go to the configured endpoint only.",
                answer.status
            );
            (
                Status::BadResponse,
                vec![Problem::new(ErrorCode::Redirected, message)],
            )
        }
        status => {
            let message = format!("HTTP {status} is no answer to this request.");
            (
                Status::BadResponse,
                vec![Problem::new(ErrorCode::UnexpectedStatus, message)],
            )
        }
    }
}

/// A cause that an earlier attempt with the same content cannot have brought about itself: what seQura
/// refuses for it now it would have refused then. Of every other cause of a 409 ("already confirmed", a
/// reference that is not unique, words nobody knows) that may be the very reason.
pub fn is_no_echo(cause: ErrorCode) -> bool {
    matches!(
        cause,
        ErrorCode::CartTotalMismatch
            | ErrorCode::AmountAboveApproved
            | ErrorCode::CartChanged
            | ErrorCode::AddressChanged
            | ErrorCode::CustomerChanged
            | ErrorCode::NotApproved
    )
}

/// The refusal's texts: `{"errors":["…"]}` [D], `{"errors":[{"title":"…"}]}` [C], or the body whole; as
/// many as a result lists, and how many more there are.
fn texts(answer: &Answer) -> (Vec<String>, usize) {
    let whole = match &answer.body {
        Body::Text(text) => text.as_str(),
        Body::Unreadable(why) => {
            let said = format!("HTTP {}; its body {why}.", answer.status);
            return (vec![said], 0);
        }
    };
    let one = |text: &str| match text {
        "" => (Vec::new(), 0),
        text => (vec![text.to_owned()], 0),
    };
    match answer.body.json().as_ref().map(|said| &said["errors"]) {
        Some(Value::Array(errors)) if !errors.is_empty() => {
            let texts = errors.iter().take(limits::ERRORS).map(entry);
            (texts.collect(), errors.len().saturating_sub(limits::ERRORS))
        }
        Some(Value::String(text)) if !text.trim().is_empty() => one(text),
        _ => one(whole),
    }
}

fn entry(error: &Value) -> String {
    match error {
        Value::String(text) => text.clone(),
        Value::Object(entry) if entry.len() == 1 => match entry.get("title") {
            Some(Value::String(title)) => title.clone(),
            _ => error.to_string(),
        },
        other => other.to_string(),
    }
}

fn forbidden(problem: Problem) -> Problem {
    // Documented in clients' fixtures [C].
    let code = match problem.message.as_str() {
        text if text.starts_with("Bad merchant id") => ErrorCode::BadMerchantId,
        text if text.starts_with("Bad order id") => ErrorCode::BadOrderId,
        text if text.contains("do not have access to this URL") => ErrorCode::NoAccessToUrl,
        _ => ErrorCode::Unrecognised,
    };
    Problem { code, ..problem }
}

fn conflict(text: String, order: Option<&Order>) -> Problem {
    let lower = text.to_lowercase();
    // What has been done already explains everything else that is named.
    let read = match says_done(&lower) {
        true => reference_taken(&lower),
        false => cause(&text, &lower, order),
    };
    let read = read.unwrap_or(Read::new(ErrorCode::Unrecognised));
    Problem {
        code: read.code,
        message: text,
        pointer: read.pointer,
        expected: read.expected.map(Value::from),
        actual: read.actual.map(Value::from),
    }
}

/// Why an order is refused that is not confirmed.
fn cause(text: &str, lower: &str, order: Option<&Order>) -> Option<Read> {
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let changed = || {
        says(&[
            "changed",
            "differ",
            "modified",
            "does not match",
            "not match",
            "altered",
        ])
    };
    cart_total(text, lower, order)
        .or_else(|| reference_taken(lower))
        .or_else(|| above_approved(lower, order))
        .or_else(|| {
            says(&[
                "not been approved",
                "not approved",
                "not yet approved",
                "before approval",
                "isn't approved",
            ])
            .then(|| Read::new(ErrorCode::NotApproved))
        })
        .or_else(|| {
            (says(&["address"]) && changed()).then(|| {
                Read::at(
                    ErrorCode::AddressChanged,
                    match says(&["invoice_address", "invoice address", "billing"]) {
                        true => "/invoice_address",
                        false => "/delivery_address",
                    },
                )
            })
        })
        .or_else(|| {
            (says(&["customer", "shopper"]) && changed())
                .then(|| Read::at(ErrorCode::CustomerChanged, "/customer"))
        })
        .or_else(|| {
            // The same complaint as the documented one, in words without its numbers.
            (says(&["total"]) && says(&["sum", "add up"])).then(|| {
                Read::at(
                    ErrorCode::CartTotalMismatch,
                    format!("{}/order_total_with_tax", cart_pointer(lower, order)),
                )
            })
        })
        .or_else(|| {
            (says(&["cart", "items"]) && changed())
                .then(|| Read::at(ErrorCode::CartChanged, cart_pointer(lower, order)))
        })
}

/// Whether a text says that the order is confirmed: "already confirmed", "was confirmed at …", "in state
/// confirmed"; but neither "cannot be confirmed" nor "not confirmed", nor its "confirmed amount".
fn says_done(lower: &str) -> bool {
    let names = |word: &str| lower.contains(word);
    let already = names("already")
        && ["confirm", "complet", "placed", "process"]
            .iter()
            .any(|word| names(word));
    already
        || ["confirmed", "completed"].iter().any(|done| {
            lower.match_indices(done).any(|(at, word)| {
                let (before, after) = (lower[..at].trim_end(), &lower[at + word.len()..]);
                let is_denied = [" be", "not", "not been", "n't", "n't been", "yet", "un"]
                    .iter()
                    .any(|no| before.ends_with(no));
                !is_denied && !after.trim_start().starts_with("amount")
            })
        })
}

fn reference_taken(lower: &str) -> Option<Read> {
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let is_it = says(&["order_ref_1", "order reference", "merchant_reference"])
        && says(&[
            "unique",
            "already",
            "duplicate",
            "taken",
            "in use",
            "repeated",
        ]);
    let place = "/merchant_reference/order_ref_1";
    is_it.then(|| Read::at(ErrorCode::DuplicateOrderRef, place))
}

struct Read {
    code: ErrorCode,
    pointer: Option<String>,
    expected: Option<i64>,
    actual: Option<i64>,
}

impl Read {
    fn new(code: ErrorCode) -> Read {
        Read {
            code,
            pointer: None,
            expected: None,
            actual: None,
        }
    }

    fn at(code: ErrorCode, pointer: impl Into<String>) -> Read {
        Read {
            pointer: Some(pointer.into()),
            ..Read::new(code)
        }
    }
}

/// [D] `Invalid data: items' total_with_tax add up to 5055 (1000+4055) but order_total_with_tax is
/// 5097. The diff is 42.`, with `In shipped_cart, ` before it where an update has two carts.
fn cart_total(text: &str, lower: &str, order: Option<&Order>) -> Option<Read> {
    let expected = number_after(text, "add up to ")?;
    let actual = number_after(text, "order_total_with_tax is ")?;
    Some(Read {
        expected: Some(expected),
        actual: Some(actual),
        ..Read::at(
            ErrorCode::CartTotalMismatch,
            format!("{}/order_total_with_tax", cart_pointer(lower, order)),
        )
    })
}

/// [I] Names the approved amount (after the sale: the confirmed one) and that it was passed.
fn above_approved(lower: &str, order: Option<&Order>) -> Option<Read> {
    let above = [
        "above",
        "exceed",
        "greater",
        "higher",
        "more than",
        "larger",
        "over the",
    ];
    let names = |word: &str| lower.contains(word);
    let amount = ["approved", "confirmed amount"]
        .iter()
        .any(|word| names(word));
    if !amount || !above.iter().any(|word| names(word)) {
        return None;
    }
    Some(Read {
        expected: ["approved amount", "confirmed amount"]
            .iter()
            .flat_map(|amount| ["", "of ", "is "].map(|word| format!("{amount} {word}")))
            .find_map(|words| number_after(lower, &words)),
        actual: number_after(lower, "order_total_with_tax ")
            .or_else(|| number_after(lower, "order_total_with_tax is "))
            .or_else(|| order.and_then(Order::amount).map(i64::from)),
        ..Read::at(
            ErrorCode::AmountAboveApproved,
            format!("{}/order_total_with_tax", cart_pointer(lower, order)),
        )
    })
}

/// Which cart a text speaks of: the one it names, or the only one the order has.
fn cart_pointer(lower: &str, order: Option<&Order>) -> &'static str {
    if lower.contains("unshipped_cart") {
        "/unshipped_cart"
    } else if lower.contains("shipped_cart") {
        "/shipped_cart"
    } else if order.is_some_and(|order| !order.document().contains_key("cart")) {
        "/unshipped_cart"
    } else {
        "/cart"
    }
}

fn number_after(text: &str, words: &str) -> Option<i64> {
    let rest = &text[text.find(words)? + words.len()..];
    let end = rest
        .char_indices()
        .find(|&(at, c)| !(c.is_ascii_digit() || (at == 0 && c == '-')))
        .map_or(rest.len(), |(at, _)| at);
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            request_id: None,
            location: None,
            date: None,
            body: Body::read(body.as_bytes(), None),
        }
    }

    fn conflict_of(text: &str) -> Problem {
        let body = serde_json::json!({"errors": [text]}).to_string();
        let (status, mut problems) = read(&answer(409, &body), None);
        assert_eq!(problems.len(), 1);
        let problem = problems.remove(0);
        assert_eq!(problem.message, text, "seQura's words stay verbatim");
        assert_eq!(
            status == Status::DuplicateOrderRef,
            problem.code == ErrorCode::DuplicateOrderRef
        );
        problem
    }

    #[test]
    fn totals_that_do_not_add_up_give_their_numbers_and_their_cart() {
        let problem = conflict_of(
            "Invalid data: items' total_with_tax add up to 5055 (6555+-1500) but order_total_with_tax is 5097. The diff is 42.",
        );
        assert_eq!(problem.code, ErrorCode::CartTotalMismatch);
        assert_eq!(problem.expected, Some(5055.into()));
        assert_eq!(problem.actual, Some(5097.into()));
        assert_eq!(
            problem.pointer.as_deref(),
            Some("/cart/order_total_with_tax")
        );

        let problem = conflict_of(
            "Invalid data: In shipped_cart, items' total_with_tax add up to -5 (-5) but order_total_with_tax is 0. The diff is 5.",
        );
        assert_eq!(problem.expected, Some((-5).into()));
        assert_eq!(
            problem.pointer.as_deref(),
            Some("/shipped_cart/order_total_with_tax")
        );
    }

    #[test]
    fn what_changed_is_told_apart() {
        for (text, code, pointer) in [
            (
                "Invalid data: the cart has changed since it was approved",
                ErrorCode::CartChanged,
                Some("/cart"),
            ),
            (
                "Invalid data: the delivery_address has changed since the order was approved",
                ErrorCode::AddressChanged,
                Some("/delivery_address"),
            ),
            (
                "The billing address does not match the approved order",
                ErrorCode::AddressChanged,
                Some("/invoice_address"),
            ),
            (
                "Invalid data: the customer has changed since the order was approved",
                ErrorCode::CustomerChanged,
                Some("/customer"),
            ),
            (
                "Invalid data: order_total_with_tax 6000 is above the approved amount 5097",
                ErrorCode::AmountAboveApproved,
                Some("/cart/order_total_with_tax"),
            ),
            (
                "order_ref_1 'R-100' is already in use for merchant 'shop_es'",
                ErrorCode::DuplicateOrderRef,
                Some("/merchant_reference/order_ref_1"),
            ),
            (
                "merchant_reference.order_ref_1 must be unique",
                ErrorCode::DuplicateOrderRef,
                Some("/merchant_reference/order_ref_1"),
            ),
            (
                "Invalid data: the order has not been approved yet",
                ErrorCode::NotApproved,
                None,
            ),
            (
                "cart.order_total_with_tax 5097 does not match the sum of its items",
                ErrorCode::CartTotalMismatch,
                Some("/cart/order_total_with_tax"),
            ),
            (
                "Invalid data: order_total_with_tax 6000 is above the confirmed amount 5097",
                ErrorCode::AmountAboveApproved,
                Some("/cart/order_total_with_tax"),
            ),
            (
                "Invalid data: the order has already been confirmed",
                ErrorCode::Unrecognised,
                None,
            ),
            (
                "The cart cannot be changed: the order was already confirmed",
                ErrorCode::Unrecognised,
                None,
            ),
            (
                "The order is not approved any more, it has already been processed",
                ErrorCode::Unrecognised,
                None,
            ),
            ("Computer says no", ErrorCode::Unrecognised, None),
            (
                "Your merchant account was changed to manual review",
                ErrorCode::Unrecognised,
                None,
            ),
        ] {
            let problem = conflict_of(text);
            assert_eq!(
                (problem.code, problem.pointer.as_deref()),
                (code, pointer),
                "{text}"
            );
        }
        let above = conflict_of(
            "Invalid data: order_total_with_tax 6000 is above the approved amount 5097",
        );
        assert_eq!(
            (above.expected, above.actual),
            (Some(5097.into()), Some(6000.into()))
        );
    }

    #[test]
    fn nothing_that_sequra_says_is_dropped() {
        let (status, problems) = read(
            &answer(
                409,
                r#"{"errors":["order_ref_1 is already taken",{"title":"the cart was modified"},{"a":1}]}"#,
            ),
            None,
        );
        assert_eq!(status, Status::Conflict);
        let codes: Vec<_> = problems.iter().map(|p| p.code).collect();
        assert_eq!(
            codes,
            [
                ErrorCode::DuplicateOrderRef,
                ErrorCode::CartChanged,
                ErrorCode::Unrecognised
            ]
        );
        assert_eq!(problems[2].message, r#"{"a":1}"#);

        for body in [
            "<html>no</html>",
            r#"{"errors":[]}"#,
            r#"{"message":"no"}"#,
            "[1]",
        ] {
            let (status, problems) = read(&answer(409, body), None);
            assert_eq!(
                (status, problems[0].message.as_str()),
                (Status::Conflict, body)
            );
        }
        assert_eq!(
            read(&answer(409, " "), None).1[0].message,
            "HTTP 409, without a word."
        );
        let one_text = read(&answer(409, r#"{"errors":"the cart has changed"}"#), None).1;
        assert_eq!(one_text[0].message, "the cart has changed");
        assert_eq!(one_text[0].code, ErrorCode::CartChanged);
        let compressed = Answer {
            body: Body::read(b"\x1F\x8B\x08\0", Some("gzip")),
            ..answer(409, "")
        };
        assert_eq!(
            read(&compressed, None).1[0].message,
            "HTTP 409; its body is encoded (gzip), which nobody asked for, and cannot be read."
        );
    }

    #[test]
    fn each_status_has_its_code() {
        for (http, body, status, code) in [
            (
                401,
                "HTTP Basic: Access denied.",
                Status::Unauthorized,
                ErrorCode::AccessDenied,
            ),
            (
                403,
                r#"{"errors":["Bad merchant id 'x' for a"]}"#,
                Status::Forbidden,
                ErrorCode::BadMerchantId,
            ),
            (
                403,
                r#"{"errors":["Bad order id 'x' for a"]}"#,
                Status::Forbidden,
                ErrorCode::BadOrderId,
            ),
            (
                403,
                r#"{"errors":["You do not have access to this URL"]}"#,
                Status::Forbidden,
                ErrorCode::NoAccessToUrl,
            ),
            (404, "<html>", Status::NotFound, ErrorCode::NotFound),
            (410, "", Status::Gone, ErrorCode::Gone),
            (429, "", Status::RateLimited, ErrorCode::RateLimited),
            (422, "", Status::Refused, ErrorCode::Unrecognised),
            (503, "", Status::ServerError, ErrorCode::ServerError),
            (302, "", Status::BadResponse, ErrorCode::Redirected),
            (101, "", Status::BadResponse, ErrorCode::UnexpectedStatus),
        ] {
            let (got, problems) = read(&answer(http, body), None);
            assert_eq!((got, problems[0].code), (status, code), "{http}");
        }
    }
}

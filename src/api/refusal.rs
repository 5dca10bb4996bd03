//! seQura's refusals, read: a status code, and structured errors beside seQura's own words. Nothing that it says is
//! dropped; what a 409 says is read in `conflict.rs`.

use super::answer::Answer;
use super::body::Body;
use super::conflict;
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
                false => listed(&|text| conflict::read(text, order)),
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

/// The refusal's texts: `{"errors":["…"]}` [D], `{"errors":[{"title":"…","detail":…}]}` [C], or the body whole; as
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
        // The title is what is said, as clients have it [C]; the detail says the same at length.
        other => ["title", "detail"]
            .iter()
            .find_map(|name| {
                other
                    .get(name)?
                    .as_str()
                    .filter(|text| !text.trim().is_empty())
            })
            .map_or_else(|| other.to_string(), str::to_owned),
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

        let objects = r#"{"errors":[{"title":"order_ref_1 is already taken","detail":"it is","code":"x"},
            {"title":" ","detail":"the cart has changed"},{"title":7}]}"#;
        let texts: Vec<_> = read(&answer(409, objects), None).1;
        let texts: Vec<&str> = texts.iter().map(|p| p.message.as_str()).collect();
        assert_eq!(
            texts,
            [
                "order_ref_1 is already taken",
                "the cart has changed",
                r#"{"title":7}"#
            ]
        );

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
            (
                409,
                r#"{"errors":["order_ref_1 is already taken"]}"#,
                Status::DuplicateOrderRef,
                ErrorCode::DuplicateOrderRef,
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

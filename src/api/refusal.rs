//! seQura's refusals, read: a status code, and structured errors beside seQura's own words. Nothing that it says is
//! dropped; what a 409 says is read in `conflict.rs`.

use super::answer::Answer;
use super::body::Body;
use super::{conflict, page};
use crate::limits;
use crate::order::Order;
use crate::problem::{ENDS, Found, Problem};
use crate::status::Status;
use crate::vocabulary::ErrorCode;
use serde_json::Value;

/// Reads an answer that is not a 2xx. `order` is what was sent, for the numbers and places in it.
pub fn read(answer: &Answer, order: Option<&Order>) -> (Status, Vec<Problem>) {
    let (texts, more) = texts(answer);
    let listed = |read: &dyn Fn(String) -> Problem| {
        let mut found = Found::default();
        for said in &texts {
            found.note(|| said.read(read));
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
                false => listed(&|text| with_end(conflict::read(text, order))),
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
        410 => {
            let gone = |text| with_end(Problem::new(ErrorCode::Gone, text));
            (Status::Gone, listed(&gone))
        }
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
fn texts(answer: &Answer) -> (Vec<Said>, usize) {
    let whole = match &answer.body {
        Body::Text(text) => text.as_str(),
        Body::Unreadable(why) => {
            let said = format!("HTTP {}; its body {why}.", answer.status);
            return (vec![Said::of(&said)], 0);
        }
    };
    let one = |text: &str| match text {
        "" => (Vec::new(), 0),
        text => (vec![Said::of(text)], 0),
    };
    match answer.body.json().as_ref().map(|said| &said["errors"]) {
        Some(Value::Array(errors)) if !errors.is_empty() => {
            let texts = errors.iter().take(limits::ERRORS).map(Said::entry);
            (texts.collect(), errors.len().saturating_sub(limits::ERRORS))
        }
        Some(Value::String(text)) if !text.trim().is_empty() => one(text),
        _ => match page::text_of(whole) {
            Some(words) => (vec![Said::page(answer.status, &words, whole)], 0),
            None => one(whole),
        },
    }
}

/// One entry of `errors`.
struct Said {
    /// What is shown of it.
    text: String,
    /// What says the same at length.
    detail: Option<String>,
    /// The entry, where it has more than its text.
    whole: Option<Value>,
}

impl Said {
    fn of(text: &str) -> Said {
        Said {
            text: text.to_owned(),
            detail: None,
            whole: None,
        }
    }

    /// Nobody reads a page's markup; it is all there in `actual`.
    fn page(status: u16, words: &str, whole: &str) -> Said {
        let text = format!("HTTP {status}, with a web page instead of an answer: {words}");
        Said {
            text,
            detail: None,
            whole: Some(whole.into()),
        }
    }

    fn entry(error: &Value) -> Said {
        let text = |name| {
            let text = error.get(name)?.as_str()?;
            (!text.trim().is_empty()).then_some(text)
        };
        // The title is what is said, as clients have it [C].
        match (error.as_str(), text("title"), text("detail")) {
            (Some(text), ..) => Said::of(text),
            (None, Some(title), detail) => Said {
                text: title.to_owned(),
                detail: detail.map(str::to_owned),
                whole: error
                    .as_object()
                    .filter(|all| all.len() > 1)
                    .map(|_| error.clone()),
            },
            (None, None, Some(detail)) => Said::of(detail),
            (None, None, None) => Said::of(&error.to_string()),
        }
    }

    /// A title that is not understood may have a detail that is; where neither is, nothing of it is dropped.
    fn read(&self, read: &dyn Fn(String) -> Problem) -> Problem {
        let by_title = read(self.text.clone());
        if by_title.code != ErrorCode::Unrecognised {
            let is_page = self.whole.as_ref().filter(|whole| whole.is_string());
            return Problem {
                actual: by_title.actual.or_else(|| is_page.cloned()),
                ..by_title
            };
        }
        let by_detail = self.detail.clone().map(read);
        match by_detail.filter(|problem| problem.code != ErrorCode::Unrecognised) {
            Some(problem) => Problem {
                message: self.text.clone(),
                ..problem
            },
            None => Problem {
                actual: by_title.actual.or_else(|| self.whole.clone()),
                ..by_title
            },
        }
    }
}

/// What has become of an order that can no longer be used, where the text says it [I]: `actual`.
fn with_end(problem: Problem) -> Problem {
    let lower = problem.message.to_lowercase();
    let is_said = |end: &&&str| {
        ["been", "was", "is", "has"]
            .iter()
            .any(|verb| lower.contains(&format!("{verb} {end}")))
    };
    let end = ENDS.iter().find(is_said).map(|end| Problem {
        code: ErrorCode::Gone,
        actual: Some((*end).into()),
        ..problem.clone()
    });
    // In a 409 the other two may be the echo of what the till itself has asked for.
    let may_say = |said: &Problem| match problem.code {
        ErrorCode::Gone => true,
        ErrorCode::Unrecognised => said.is_rejection(),
        _ => false,
    };
    end.filter(may_say).unwrap_or(problem)
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

//! Whose answer it is: seQura's, or somebody's in between. Pure, and decided here alone.
//!
//! A shop's network answers in seQura's place: a filter with its block page, a portal that wants a
//! login, a gateway that has lost patience. Such an answer says nothing of what was asked. So only
//! seQura's own yes is a yes, and only seQura's own no is a no; the rest is not known, and asked again.
//!
//! seQura's answers carry an `X-Request-Id` that is a uuid [D]. Somebody in between who puts one of the
//! same form into its own answers cannot be told from it; what it says in a 2xx is read all the same.

use super::body::Body;
use crate::address::is_uuid;
use crate::json;
use crate::lifecycle::Step;
use serde_json::Value;

/// What a request asks for, as far as it decides which codes say yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// POST of an order.
    Start,
    /// The form, by SMS.
    Form,
    /// PUT of an order: held, confirmed, or its reference.
    Acknowledge,
    /// PUT of what a sold order has become.
    Update,
    /// POST of a delivery report.
    Report,
}

impl From<Step> for Purpose {
    fn from(step: Step) -> Purpose {
        match step {
            Step::Start => Purpose::Start,
            Step::SendForm => Purpose::Form,
            Step::Hold | Step::Confirm | Step::SetOrderRef => Purpose::Acknowledge,
            Step::Update | Step::Ship | Step::Refund | Step::Cancel => Purpose::Update,
        }
    }
}

impl Purpose {
    /// The documented yes [D]; of reports clients take any [C].
    fn is_granted_by(self, status: u16) -> bool {
        match self {
            Purpose::Start => matches!(status, 201 | 204),
            Purpose::Form => status == 204,
            Purpose::Acknowledge => matches!(status, 200 | 204),
            Purpose::Update => matches!(status, 200 | 202 | 204),
            Purpose::Report => (200..300).contains(&status),
        }
    }
}

/// An `X-Request-Id` as seQura gives it.
pub fn is_sequras_id(request_id: &str) -> bool {
    is_uuid(request_id)
}

/// Whether an answer of class 2 is seQura's yes; where it is none, why: a clause that says what it is.
pub fn is_yes(
    purpose: Purpose,
    status: u16,
    request_id: Option<&str>,
    body: &Body,
) -> Result<(), String> {
    if !purpose.is_granted_by(status) {
        return Err("seQura does not say yes with this code".to_owned());
    }
    let is_signed = request_id.is_some_and(is_sequras_id);
    let text = match body {
        Body::Text(text) => text.as_str(),
        Body::Unreadable(why) => return Err(format!("its body {why}")),
    };
    match json::read(text.as_bytes()) {
        _ if text.is_empty() => Ok(()),
        Some(said) if names_errors(&said) => Err("it names errors".to_owned()),
        Some(_) => Ok(()),
        // Where nobody gave its length, a body that was cut short ends like a whole one.
        None if text.starts_with(['{', '[']) => Err("its JSON is broken".to_owned()),
        None if is_signed => Ok(()),
        None if text.starts_with('<') => Err("it is a page, without seQura's X-Request-Id".into()),
        None => Err("it is a text, without seQura's X-Request-Id".to_owned()),
    }
}

/// `errors`, wherever in the answer it stands.
fn names_errors(said: &Value) -> bool {
    match said {
        Value::Object(fields) => fields.contains_key("errors") || fields.values().any(names_errors),
        Value::Array(entries) => entries.iter().any(names_errors),
        _ => false,
    }
}

/// Whether an answer of class 4 is seQura's no: under its `X-Request-Id`, or in its own words.
pub fn is_no(request_id: Option<&str>, body: &Body) -> bool {
    let is_signed = request_id.is_some_and(is_sequras_id);
    let in_own_words = || {
        let text = body.text().unwrap_or_default();
        // Documented in clients' fixtures [C].
        text == "HTTP Basic: Access denied."
            || body.json().is_some_and(|said| says(said.get("errors")))
    };
    is_signed || in_own_words()
}

/// `errors` that are none are nobody's words.
fn says(errors: Option<&Value>) -> bool {
    match errors {
        None | Some(Value::Null | Value::Bool(_) | Value::Number(_)) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(entries)) => !entries.is_empty(),
        Some(Value::Object(fields)) => !fields.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2";

    fn text(text: &str) -> Body {
        Body::read(text.as_bytes(), None)
    }

    #[test]
    fn only_the_codes_of_the_documentation_say_yes() {
        for (purpose, codes) in [
            (Purpose::Start, &[201, 204][..]),
            (Purpose::Form, &[204]),
            (Purpose::Acknowledge, &[200, 204]),
            (Purpose::Update, &[200, 202, 204]),
        ] {
            for status in 200..300 {
                let yes = is_yes(purpose, status, Some(ID), &text(""));
                assert_eq!(yes.is_ok(), codes.contains(&status), "{purpose:?} {status}");
            }
        }
        for status in 200..300 {
            assert_eq!(is_yes(Purpose::Report, status, None, &text("")), Ok(()));
        }
    }

    #[test]
    fn a_yes_is_blank_or_json_or_signed() {
        let unreadable = Body::read(b"\x1F\x8B\x08\0", None);
        // Body; is it a yes alone; is it one under seQura's X-Request-Id?
        for (body, alone, signed) in [
            (text(""), true, true),
            (text(" \r\n"), true, true),
            (text("\u{feff}"), true, true),
            (text("{}"), true, true),
            (text("null"), true, true),
            (text(r#"{"undefined":true}"#), true, true),
            (text("\u{feff}{\"order\":{}}"), true, true),
            (text("[]"), true, true),
            (text("OK"), false, true),
            (text("<html>All well</html>"), false, true),
            (text("\u{feff} \n<!DOCTYPE html>"), false, true),
            (text(r#"{"errors":["Invalid data: no"]}"#), false, false),
            (text(r#"{"errors":[]}"#), false, false),
            (text(r#"{"order":{"errors":"no"}}"#), false, false),
            (text(r#"[{"errors":null}]"#), false, false),
            (text(r#"{"errors":["Invalid data: "#), false, false),
            (text("["), false, false),
            (unreadable, false, false),
        ] {
            for purpose in [Purpose::Acknowledge, Purpose::Update, Purpose::Report] {
                let is = |id| is_yes(purpose, 200, id, &body).is_ok();
                assert_eq!(is(None), alone, "{purpose:?} {body:?}");
                assert_eq!(is(Some(ID)), signed, "{purpose:?} {body:?}, signed");
            }
        }
    }

    #[test]
    fn a_no_is_in_sequras_words_or_signed() {
        for (body, alone) in [
            (r#"{"errors":["Invalid data: the cart has changed"]}"#, true),
            (r#"{"errors":[{"title":"no"}]}"#, true),
            (r#"{"errors":{"cart":["no"]}}"#, true),
            (r#"{"errors":"no"}"#, true),
            ("\u{feff}{\"errors\":[\"no\"]}", true),
            ("HTTP Basic: Access denied.", true),
            ("HTTP Basic: Access denied.\n", true),
            ("HTTP Basic: Access denied. Ask your administrator.", false),
            (r#"{"errors":[]}"#, false),
            (r#"{"errors":{}}"#, false),
            (r#"{"errors":""}"#, false),
            (r#"{"errors":null}"#, false),
            (r#"{"errors":403}"#, false),
            (r#"{"error":"no"}"#, false),
            (r#"{"message":"Forbidden"}"#, false),
            (r#"[{"errors":["no"]}]"#, false),
            (r#"{"errors":["Invalid data: "#, false),
            ("<html><h1>403 Forbidden</h1></html>", false),
            ("Request Timeout", false),
            ("", false),
        ] {
            assert_eq!(is_no(None, &text(body)), alone, "{body}");
            assert!(is_no(Some(ID), &text(body)), "{body}");
        }
    }

    #[test]
    fn sequras_request_ids_are_uuids() {
        for (id, is) in [
            (ID, true),
            ("0EBEEDA9-B7EC-4F06-87E8-0CB4BCC051A2", true),
            ("0ebeeda9b7ec4f0687e80cb4bcc051a2", false),
            ("0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a", false),
            ("0ebeeda9-b7ec-4f06-87e8-0cb4bcc051g2", false),
            ("{0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2}", false),
            ("", false),
            ("1", false),
        ] {
            assert_eq!(is_sequras_id(id), is, "{id}");
            assert_eq!(is_no(Some(id), &text("")), is, "{id}");
        }
    }
}

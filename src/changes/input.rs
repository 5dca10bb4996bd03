//! Reads what a till gives to ship, refund and update: JSON, with every problem of it at once.

use super::asked::Asked;
use crate::json::{Reader, Segment, is_left_out, present, said, type_name};
use crate::order::Pick;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value};

const PICK: &[&str] = &["reference", "quantity", "line", "amount"];
const REFUND: &[&str] = &["items", "amount", "reason", "preview"];
/// A quantity or an amount beyond it is a mistake.
const MOST: i64 = 1_000_000_000_000;

/// `[{"reference": "CAM-01", "quantity": 1}, …]`
pub fn ship(value: &Value) -> Result<Asked, Vec<Problem>> {
    let mut reader = Reader::of("What is shipped");
    let picks = picks(&mut reader, value);
    reader.done(Asked::Ship(Some(picks)))
}

/// What is paid back, and whether it is only looked at.
#[derive(Debug)]
pub struct Refund {
    /// What is asked for.
    pub asked: Asked,
    /// Nothing is done yet.
    pub is_preview: bool,
}

/// `{"items": [{"reference": "CAM-01", "quantity": 1}]}`, `{"amount": 500, "reason": "…"}`, or both; with
/// `"preview": true` nothing is done.
pub fn refund(value: &Value) -> Result<Refund, Vec<Problem>> {
    let mut reader = Reader::of("A refund");
    let mut is_preview = false;
    let asked = match value.as_object() {
        None => {
            let what = format!(
                "is {} but must be an object: {{\"items\": [{{\"reference\": \"CAM-01\", \"quantity\": 1}}]}} for goods that come back, {{\"amount\": 500, \"reason\": \"…\"}} for cents, or both; NULL, for the whole, refunds everything that was shipped.",
                type_name(value)
            );
            reader.problem(ErrorCode::WrongType, &what);
            Asked::Refund(None)
        }
        Some(given) => {
            reader.only(given, REFUND);
            // Who writes it wants nothing done: what is neither yes nor no is not taken for no.
            match given.get("preview") {
                Some(Value::Bool(flag)) => is_preview = *flag,
                Some(_) => {
                    reader.wrong("preview", ErrorCode::WrongType, "must be true or false.");
                }
                None => {}
            }
            refunded(&mut reader, given, is_preview)
        }
    };
    reader.done(Refund { asked, is_preview })
}

fn refunded<'a>(reader: &mut Reader<'a>, given: &'a Map<String, Value>, is_preview: bool) -> Asked {
    let (items, amount) = (said(given, "items"), said(given, "amount"));
    let least = if items.is_some() { 0 } else { 1 };
    let cents = amount.and_then(|_| cents_or_pieces(reader, given, "amount", least));
    let cents = cents.unwrap_or_default();
    let reason = |reader: &mut Reader<'a>| {
        let wrong = (ErrorCode::WrongType, "a text");
        let reason = reader.field(given, "reason", wrong, Value::as_str);
        let reason = reason.filter(|reason| !reason.trim().is_empty());
        reason.map(str::to_owned)
    };
    let Some(items) = items else {
        if amount.is_none() && !is_preview {
            let what =
                "or amount is required (NULL, for the whole, refunds everything that was shipped).";
            reader.wrong("items", ErrorCode::MissingField, what);
        }
        return match amount {
            Some(_) => Asked::RefundAmount(cents, reason(reader)),
            None => Asked::Refund(None),
        };
    };
    let picks = reader.inside(Segment::Name("items"), |reader| picks(reader, items));
    match amount {
        Some(_) => Asked::RefundFor(picks, cents, reason(reader)),
        None => {
            if said(given, "reason").is_some() {
                let what = "goes with amount; goods that come back need none.";
                reader.wrong("reason", ErrorCode::ForbiddenField, what);
            }
            Asked::Refund(Some(picks))
        }
    }
}

/// Any of an order's blocks, with or without the outer `{"order": …}`.
pub fn update(value: Value) -> Result<Asked, Vec<Problem>> {
    let mut reader = Reader::of("An update");
    let Value::Object(mut given) = value else {
        let what = format!(
            "is {} but must be an object such as {{\"delivery_address\": {{…}}}}.",
            type_name(&value)
        );
        reader.problem(ErrorCode::WrongType, &what);
        return reader.done(Asked::Update(Map::new()));
    };
    if given.len() == 1
        && let Some(Value::Object(inner)) = given.get_mut("order")
    {
        given = std::mem::take(inner);
    }
    // The library's, as in every order.
    given.remove("state");
    given.retain(|_, value| !is_left_out(value));
    if given.contains_key("cart") {
        let what =
            "is not of a sold order, which has an unshipped_cart and a shipped_cart; say which.";
        reader.wrong("cart", ErrorCode::ForbiddenField, what);
    }
    if given.is_empty() {
        let what = "must say something; give unshipped_cart, shipped_cart, delivery_address, invoice_address, customer or trackings.";
        reader.problem(ErrorCode::MissingField, what);
    }
    reader.done(Asked::Update(given))
}

fn picks<'a>(reader: &mut Reader<'a>, value: &'a Value) -> Vec<Pick> {
    let Some(list) = value.as_array().filter(|list| !list.is_empty()) else {
        let is = match value.as_array() {
            Some(_) => "an empty list",
            None => type_name(value),
        };
        let what = format!(
            "is {is} but must be a list such as [{{\"reference\": \"CAM-01\", \"quantity\": 1}}]; NULL, for the whole, means everything."
        );
        reader.problem(ErrorCode::WrongType, &what);
        return Vec::new();
    };
    let one = |(at, value)| reader.inside(Segment::Index(at), |reader| pick(reader, value));
    list.iter().enumerate().filter_map(one).collect()
}

fn pick<'a>(reader: &mut Reader<'a>, value: &'a Value) -> Option<Pick> {
    let given = reader.object(value, PICK)?;
    let reference = match present(given, "reference") {
        Some(Value::String(reference)) if !reference.is_empty() => reference.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => {
            let what = "is required: the shop's code of the item, as it was sold.";
            reader.wrong("reference", ErrorCode::MissingField, what);
            return None;
        }
    };
    Some(Pick {
        reference,
        line: cents_or_pieces(reader, given, "line", 0),
        quantity: cents_or_pieces(reader, given, "quantity", 0),
        amount: cents_or_pieces(reader, given, "amount", -MOST),
        pointer: reader.pointer(),
    })
}

fn cents_or_pieces<'a>(
    reader: &mut Reader<'a>,
    given: &'a Map<String, Value>,
    name: &'static str,
    least: i64,
) -> Option<i64> {
    let codes = [ErrorCode::OutOfRange, ErrorCode::NotAnInteger];
    reader.whole(given, name, least..=MOST, codes)
}

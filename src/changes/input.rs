//! Reads what a till gives to ship, refund and update: JSON, with every problem of it at once.

use super::asked::Asked;
use crate::json::{Reader, Segment, is_left_out, present, said};
use crate::order::Pick;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value};

const PICK: &[&str] = &["reference", "quantity", "line", "amount"];
const REFUND: &[&str] = &["items", "amount", "reason"];
/// A quantity or an amount beyond it is a mistake.
const MOST: i64 = 1_000_000_000_000;

/// `[{"reference": "CAM-01", "quantity": 1}, …]`
pub fn ship(value: &Value) -> Result<Asked, Vec<Problem>> {
    let mut reader = Reader::of("What is shipped");
    let picks = picks(&mut reader, value);
    reader.done(Asked::Ship(Some(picks)))
}

/// `{"items": [{"reference": "CAM-01", "quantity": 1}]}` or `{"amount": 500, "reason": "…"}`
pub fn refund(value: &Value) -> Result<Asked, Vec<Problem>> {
    let mut reader = Reader::of("A refund");
    let asked = match reader.object(value, REFUND) {
        None => Asked::Refund(None),
        Some(given) => refunded(&mut reader, given),
    };
    reader.done(asked)
}

fn refunded<'a>(reader: &mut Reader<'a>, given: &'a Map<String, Value>) -> Asked {
    match (said(given, "items"), said(given, "amount")) {
        (Some(items), None) => {
            if said(given, "reason").is_some() {
                let what = "goes with amount; goods that come back need none.";
                reader.wrong("reason", ErrorCode::ForbiddenField, what);
            }
            let picks = reader.inside(Segment::Name("items"), |reader| picks(reader, items));
            Asked::Refund(Some(picks))
        }
        (None, Some(_)) => {
            let amount = cents_or_pieces(reader, given, "amount", 1);
            let wrong = (ErrorCode::WrongType, "a text");
            let reason = reader.field(given, "reason", wrong, Value::as_str);
            let reason = reason.filter(|reason| !reason.trim().is_empty());
            Asked::RefundAmount(amount.unwrap_or_default(), reason.map(str::to_owned))
        }
        (Some(_), Some(_)) => {
            let what = "cannot be given with items: a refund is of one of the two.";
            reader.wrong("amount", ErrorCode::MutuallyExclusive, what);
            Asked::Refund(None)
        }
        (None, None) => {
            let what =
                "or amount is required (NULL, for the whole, refunds everything that was shipped).";
            reader.wrong("items", ErrorCode::MissingField, what);
            Asked::Refund(None)
        }
    }
}

/// Any of an order's blocks, with or without the outer `{"order": …}`.
pub fn update(value: Value) -> Result<Asked, Vec<Problem>> {
    let mut reader = Reader::of("An update");
    let Value::Object(mut given) = value else {
        let what = "must be a JSON object such as {\"delivery_address\": {…}}.";
        reader.problem(ErrorCode::WrongType, what);
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
        let what = "must be a list such as [{\"reference\": \"CAM-01\", \"quantity\": 1}]; NULL, for the whole, means everything.";
        reader.problem(ErrorCode::WrongType, what);
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

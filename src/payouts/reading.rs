//! A disbursement as seQura answers it, read: every line of it, or nothing.
//!
//! The documentation names the fields of a line and not where in a disbursement lines stand. So a line is
//! whatever names an order; what looks like one and cannot be read makes the whole unreadable: what was left
//! out of a sum of money would not be missed.

use crate::canonical;
use crate::journal::Payout;
use crate::order::Cents;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What every line has [D].
const LINE: [&str; 3] = ["order_ref_1", "amount_with_tax", "maximum_amount_with_tax"];
/// What is held back or added beside the orders; an entry of it may name one [I].
const ADJUSTMENTS: &str = "adjustments";

/// What a disbursement pays, in which currency.
#[derive(Debug, PartialEq)]
pub(super) struct Paid {
    pub(super) currency: String,
    pub(super) payouts: Vec<Payout>,
}

/// Reads a disbursement; `head`: its entry in the list. On failure: everything of it that cannot be read, and
/// where.
pub(super) fn read(head: &Map<String, Value>, answer: &Value) -> Result<Paid, Vec<Problem>> {
    let mut problems = Vec::new();
    let body = unwrapped(answer);
    let currency = currency(head, &body).map_err(|problem| problems.push(problem));
    let lines = lines(answer);
    let mut payouts = Vec::new();
    let mut seen = BTreeSet::new();
    for (pointer, line) in &lines {
        if !seen.insert(canonical::text(&Value::Object((*line).clone()))) {
            problems.push(unreadable(
                pointer,
                "the same line stands in it twice",
                None,
            ));
            continue;
        }
        match payout(line, pointer, currency.as_deref().unwrap_or_default()) {
            Ok(payout) => payouts.push(payout),
            Err(problem) => problems.push(problem),
        }
    }
    let pays = |said: &Map<String, Value>| said.get("disbursed_amount").map(Value::as_i64);
    let pays_nothing = pays(&body) == Some(Some(0)) && pays(head).is_none_or(|sum| sum == Some(0));
    if lines.is_empty() && !pays_nothing {
        problems.push(unreadable("", "it names no order", None));
    }
    match (currency, problems.is_empty()) {
        (Ok(currency), true) => Ok(Paid { currency, payouts }),
        _ => Err(problems),
    }
}

/// What is in `{"disbursement": …}`, or what stands without it.
pub(super) fn unwrapped(value: &Value) -> Map<String, Value> {
    let inner = value.get("disbursement").unwrap_or(value);
    inner.as_object().cloned().unwrap_or_default()
}

/// The lines of a disbursement as seQura wrote them, each with its place.
pub(super) fn lines(answer: &Value) -> Vec<(String, &Map<String, Value>)> {
    let mut found = Vec::new();
    find(answer, String::new(), false, &mut found);
    found
}

fn find<'a>(
    value: &'a Value,
    pointer: String,
    adjusts: bool,
    found: &mut Vec<(String, &'a Map<String, Value>)>,
) {
    match value {
        Value::Array(entries) => {
            for (at, entry) in entries.iter().enumerate() {
                find(entry, format!("{pointer}/{at}"), adjusts, found);
            }
        }
        Value::Object(fields) if is_line(fields, adjusts) => found.push((pointer, fields)),
        Value::Object(fields) => {
            for (name, field) in fields {
                let escaped = name.replace('~', "~0").replace('/', "~1");
                let adjusts = adjusts || name == ADJUSTMENTS;
                find(field, format!("{pointer}/{escaped}"), adjusts, found);
            }
        }
        _ => {}
    }
}

/// A line names an order; or else has an amount, and nothing in which lines could stand.
fn is_line(fields: &Map<String, Value>, adjusts: bool) -> bool {
    let order = fields.get(LINE[0]);
    let holds = |value: &Value| value.is_object() || value.is_array();
    match adjusts {
        true => order.is_some_and(|order| !order.is_null()) && fields.contains_key(LINE[1]),
        false if order.is_some() => true,
        false => LINE.iter().any(|name| fields.contains_key(*name)) && !fields.values().any(holds),
    }
}

fn payout(line: &Map<String, Value>, pointer: &str, currency: &str) -> Result<Payout, Problem> {
    let field = |name: &str, what: &str| {
        unreadable(&format!("{pointer}/{name}"), what, line.get(name).cloned())
    };
    let order_ref_1 = line.get(LINE[0]).and_then(reference);
    let order_ref_1 = order_ref_1.ok_or_else(|| field(LINE[0], "a line names no order"))?;
    let amount = line.get(LINE[1]).and_then(Cents::from_value);
    let amount = amount
        .filter(|amount| amount.is_sane())
        .ok_or_else(|| field(LINE[1], "a line has no amount in whole cents"))?;
    match line.get("currency") {
        None | Some(Value::Null) => {}
        Some(Value::String(own)) if own.eq_ignore_ascii_case(currency) => {}
        Some(_) => return Err(field("currency", "a line is in another currency")),
    }
    Ok(Payout {
        order_ref_1,
        amount: amount.0,
    })
}

/// The currency of a disbursement: what the list and its own answer say, where both do the same.
fn currency(head: &Map<String, Value>, body: &Map<String, Value>) -> Result<String, Problem> {
    let said = [body, head].map(|fields| fields.get("currency").filter(|value| !value.is_null()));
    let mut read = None;
    for value in said.into_iter().flatten() {
        let text = value.as_str().map(str::to_ascii_uppercase);
        let plain = |text: &String| text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
        match (text.filter(plain), &read) {
            (Some(text), None) => read = Some(text),
            (Some(text), Some(other)) if text == *other => {}
            _ => {
                let what = "its currency is not one, or not the one in the list";
                return Err(unreadable("/currency", what, Some(value.clone())));
            }
        }
    }
    read.ok_or_else(|| unreadable("/currency", "it says no currency", None))
}

/// What is wrong, and where in seQura's answer.
fn unreadable(pointer: &str, what: &str, actual: Option<Value>) -> Problem {
    Problem {
        actual: actual.filter(|actual| !actual.is_object() && !actual.is_array()),
        ..Problem::at(ErrorCode::UnreadableAnswer, pointer, what)
    }
}

/// References are texts or whole numbers.
pub(super) fn reference(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read_of(answer: Value) -> Result<Paid, Vec<Problem>> {
        read(&unwrapped(&json!({"currency": "EUR"})), &answer)
    }

    /// The places of what is wrong with it.
    fn wrong(answer: Value) -> Vec<String> {
        let problems = read_of(answer).expect_err("it cannot be read");
        problems
            .into_iter()
            .filter_map(|problem| problem.pointer)
            .collect()
    }

    fn line(order_ref_1: &str, amount: impl Into<Value>) -> Value {
        json!({"order_ref_1": order_ref_1, "amount_with_tax": amount.into(), "maximum_amount_with_tax": 900})
    }

    #[test]
    fn lines_are_found_wherever_they_stand() {
        let paid = |answer| {
            let paid = read_of(answer).expect("it can be read");
            let payouts = paid.payouts.into_iter();
            payouts
                .map(|one| (one.order_ref_1, one.amount))
                .collect::<Vec<_>>()
        };
        let wanted = vec![("R-1".to_owned(), 5), ("7".to_owned(), -3)];
        let two = json!([line("R-1", 5), {"order_ref_1": 7, "amount_with_tax": -3}]);
        for answer in [
            two.clone(),
            json!({"lines": two}),
            json!({"disbursement": {"currency": "eur", "disbursed_amount": 2, "orders": two}}),
            json!({"total": {"amount_with_tax": 2, "of": {"de/ep~": two}}}),
            json!({"orders": two, "adjustments": [{"amount_with_tax": 4, "name": "Fee"}, {"order_ref_1": null}, {"order_ref_1": "R-9", "fee": 1}]}),
        ] {
            assert_eq!(paid(answer), wanted);
        }
        let nothing = json!({"disbursed_amount": 0, "orders": []});
        assert_eq!(paid(nothing), Vec::new());
        let adjusted = json!({"orders": [line("R-1", 5)], "adjustments": [line("R-1", -1)]});
        assert_eq!(paid(adjusted).len(), 2);
    }

    #[test]
    fn what_cannot_be_read_is_named_and_nothing_else_of_it_is_taken() {
        for (answer, places) in [
            (json!({}), vec![""]),
            (json!([]), vec![""]),
            (json!({"orders": []}), vec![""]),
            (json!("R-1"), vec![""]),
            (json!([line("R-1", "8595")]), vec!["/0/amount_with_tax"]),
            (json!([line("R-1", 85.95)]), vec!["/0/amount_with_tax"]),
            (json!([line("R-1", 85.0)]), vec!["/0/amount_with_tax"]),
            (json!([line("R-1", i64::MAX)]), vec!["/0/amount_with_tax"]),
            (json!([line("R-1", u64::MAX)]), vec!["/0/amount_with_tax"]),
            (
                json!([line("R-1", Value::Null)]),
                vec!["/0/amount_with_tax"],
            ),
            (json!([line(" ", 5)]), vec!["/0/order_ref_1"]),
            (
                json!([{"order_ref_1": 1.5, "amount_with_tax": 5}]),
                vec!["/0/order_ref_1"],
            ),
            (json!([{"amount_with_tax": 5}]), vec!["/0/order_ref_1"]),
            (
                json!([line("R-1", 5), line("R-2", true), line("", 5)]),
                vec!["/1/amount_with_tax", "/2/order_ref_1"],
            ),
            (
                json!([line("R-1", 5), line("R-2", 5), line("R-1", 5)]),
                vec!["/2"],
            ),
            (
                json!({"orders": [line("R-1", 5)], "again": [line("R-1", 5)]}),
                vec!["/orders/0"],
            ),
            (
                json!({"currency": "COP", "orders": [line("R-1", 5)]}),
                vec!["/currency"],
            ),
            (
                json!({"currency": 978, "orders": [line("R-1", 5)]}),
                vec!["/currency"],
            ),
            (
                json!([{"order_ref_1": "R-1", "amount_with_tax": 5, "currency": "COP"}]),
                vec!["/0/currency"],
            ),
        ] {
            assert_eq!(wrong(answer.clone()), places, "{answer}");
        }
        let none = read(&Map::new(), &json!([line("R-1", 5)])).unwrap_err();
        assert_eq!(none[0].pointer.as_deref(), Some("/currency"));
    }
}

//! Reads what a till gives for a delivery report: JSON, with every problem of it at once.

use crate::clock;
use crate::json;
use crate::json::nearest;
use crate::order::{MERCHANT_ID, Order, is_merchant_id};
use crate::problem::{Found, Problem};
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value, json};

/// What a report may have; `broken_orders` is where some clients put the orders whose carts do not add
/// up [C].
const KEYS: &[&str] = &[
    "merchant",
    "orders",
    "statistics",
    "broken_orders",
    "platform",
];
/// What happened to the goods [D].
const STATES: [&str; 2] = ["shipped", "delivered"];

/// A report, with or without the outer `{"delivery_report": …}`.
pub fn read(value: Value) -> Result<Map<String, Value>, Vec<Problem>> {
    let mut report = match value {
        Value::Object(report) => report,
        _ => {
            let message = "A delivery report is a JSON object such as {\"orders\": []}; NULL reports what the journal knows.";
            return Err(vec![Problem::at(ErrorCode::WrongType, "", message)]);
        }
    };
    if report.len() == 1
        && let Some(Value::Object(inner)) = report.get("delivery_report")
    {
        report = inner.clone();
    }
    report.retain(|_, value| !value.is_null());
    Ok(report)
}

/// Whose deliveries the report says it is about.
pub fn merchant_id(report: &Map<String, Value>) -> Option<String> {
    let id = report.get("merchant")?.get("id")?;
    id.as_str().filter(|id| !id.is_empty()).map(str::to_owned)
}

/// Everything that is wrong with a report.
pub fn check(report: &Map<String, Value>, merchant_id: &str) -> Vec<Problem> {
    let mut found = Found::default();
    for name in report.keys().filter(|name| !KEYS.contains(&name.as_str())) {
        let meant = match nearest(name, KEYS) {
            Some(near) => format!("Did you mean {near}?"),
            None => format!("There are {}.", KEYS.join(", ")),
        };
        found.note(|| {
            Problem::at(
                ErrorCode::UnknownKey,
                json::segment(name),
                format!("A delivery report has no {name}. {meant}"),
            )
        });
    }
    if !is_merchant_id(merchant_id) {
        let message = format!("merchant.id {MERCHANT_ID}");
        found.note(|| Problem::at(ErrorCode::InvalidValue, "/merchant/id", message));
    }
    let statistics = report.get("statistics");
    let lists = [
        ("/orders", report.get("orders"), false),
        ("/broken_orders", report.get("broken_orders"), false),
        (
            "/statistics/orders",
            statistics.map(|statistics| &statistics["orders"]),
            true,
        ),
    ];
    for (pointer, list, statistics) in lists {
        match list {
            None => {}
            Some(Value::Array(orders)) => {
                for (at, order) in orders.iter().enumerate() {
                    let pointer = format!("{pointer}/{at}");
                    let problems = match (order, statistics) {
                        (Value::Object(order), true) => wrong_statistic(order, &pointer),
                        (Value::Object(order), false) => {
                            wrong_delivery(order, merchant_id, &pointer)
                        }
                        _ => vec![Problem::at(
                            ErrorCode::WrongType,
                            pointer,
                            "Here stands an order: a JSON object.",
                        )],
                    };
                    for problem in problems {
                        found.note(|| problem);
                    }
                }
            }
            Some(_) => found.note(|| {
                let message = "Here stands a list of orders; it may be empty.";
                Problem::at(ErrorCode::WrongType, pointer, message)
            }),
        }
    }
    found.into_list()
}

/// A sale of the shop's, whoever paid for it: when, and in which currency [D].
fn wrong_statistic(order: &Map<String, Value>, pointer: &str) -> Vec<Problem> {
    let mut problems = moment(order, pointer, "completed_at", true);
    if !order.get("currency").is_some_and(Value::is_string) {
        problems.push(missing(pointer, "currency", "an ISO 4217 code such as EUR"));
    }
    problems
}

/// An order of which something was delivered: its blocks are checked as those of an order are.
fn wrong_delivery(order: &Map<String, Value>, merchant_id: &str, pointer: &str) -> Vec<Problem> {
    let mut problems = moment(order, pointer, "sent_at", false);
    let state = order.get("state").and_then(Value::as_str);
    if !state.is_some_and(|state| STATES.contains(&state)) {
        problems.push(missing(pointer, "state", &STATES.join(" or ")));
    }
    let reference = order
        .get("merchant_reference")
        .and_then(|references| references.get("order_ref_1"));
    if !reference.is_some_and(|reference| reference.is_string() || reference.is_number()) {
        let name = "merchant_reference/order_ref_1";
        problems.push(missing(pointer, name, "the shop's reference of the order"));
    }
    let Some(Value::Object(cart)) = order.get("cart") else {
        let what = "the cart of what was delivered";
        problems.push(missing(pointer, "cart", what));
        return problems;
    };
    let empty = json!({"currency": cart.get("currency"), "order_total_with_tax": 0, "items": []});
    let mut document = order.clone();
    for name in ["state", "sent_at", "cart", "remaining_cart"] {
        document.remove(name);
    }
    let remaining = order.get("remaining_cart").cloned().unwrap_or(empty);
    document.insert("shipped_cart".to_owned(), Value::Object(cart.clone()));
    document.insert("unshipped_cart".to_owned(), remaining);
    document.insert(
        "merchant".to_owned(),
        json!({"id": merchant_id, "options": {"uses_shipped_cart": true, "addresses_may_be_missing": true}}),
    );
    let found = Order::from_document(document).check();
    problems.extend(found.problems.into_iter().filter_map(|problem| {
        if problem.code == ErrorCode::MoreErrors {
            return Some(problem);
        }
        let place = problem.pointer.as_deref()?.trim_start_matches('/');
        let (block, rest) = match place.split_once('/') {
            Some((block, rest)) => (block, format!("/{rest}")),
            None => (place, String::new()),
        };
        let own = match block {
            "shipped_cart" => "cart",
            "unshipped_cart" => "remaining_cart",
            block => block,
        };
        // A report needs them not [D].
        let spared = ["customer/ip_number", "customer/user_agent"].contains(&place)
            && problem.code == ErrorCode::MissingField;
        let given = order.contains_key(own) && block != "merchant" && !spared;
        let message = match problem.message.strip_prefix(block) {
            Some(rest) => format!("{own}{rest}"),
            None => problem.message.clone(),
        };
        given.then(|| Problem {
            pointer: Some(format!("{pointer}/{own}{rest}")),
            message,
            ..problem
        })
    }));
    problems
}

fn moment(order: &Map<String, Value>, pointer: &str, name: &str, required: bool) -> Vec<Problem> {
    let is_moment = |text: &str| clock::from_text(text).is_some();
    match order.get(name).filter(|value| !value.is_null()) {
        None if required => vec![missing(pointer, name, "a date and time")],
        Some(value) if !value.as_str().is_some_and(is_moment) => vec![Problem::at(
            ErrorCode::InvalidDate,
            format!("{pointer}/{name}"),
            format!("{name} must be a date and time such as 2026-11-21T09:00:00+01:00."),
        )],
        _ => Vec::new(),
    }
}

fn missing(pointer: &str, name: &str, what: &str) -> Problem {
    let field = name.replace('/', ".");
    Problem::at(
        ErrorCode::MissingField,
        format!("{pointer}/{name}"),
        format!("{field} is required: {what}."),
    )
}

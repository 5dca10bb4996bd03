//! Reads what a till gives for a delivery report: JSON, with every problem of it at once.

use crate::dates;
use crate::json::{Reader, Segment, is_left_out, said};
use crate::order::{MERCHANT_ID, Order, is_merchant_id};
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value, json};

const WHOLE: &str = "A delivery report";
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
    let Value::Object(mut report) = value else {
        let mut reader = Reader::of(WHOLE);
        let what =
            "must be a JSON object such as {\"orders\": []}; NULL reports what the journal knows.";
        reader.problem(ErrorCode::WrongType, what);
        return reader.done(Map::new());
    };
    if report.len() == 1
        && let Some(Value::Object(inner)) = report.get_mut("delivery_report")
    {
        report = std::mem::take(inner);
    }
    report.retain(|_, value| !is_left_out(value));
    Ok(report)
}

/// Whose deliveries the report says it is about.
pub fn merchant_id(report: &Map<String, Value>) -> Option<String> {
    let id = report.get("merchant")?.get("id")?;
    let id = id.as_str().filter(|id| !id.trim().is_empty())?;
    Some(id.to_owned())
}

/// Everything that is wrong with a report, and everything of its own that deserves a look.
pub fn check(report: &Map<String, Value>, merchant_id: &str) -> (Vec<Problem>, Vec<Problem>) {
    let mut reader = Reader::of(WHOLE);
    reader.only(report, KEYS);
    if !is_merchant_id(merchant_id) {
        reader.inside(Segment::Name("merchant"), |reader| {
            reader.wrong("id", ErrorCode::InvalidValue, MERCHANT_ID)
        });
    }
    let mut delivered = |name| {
        orders(&mut reader, report, name, &|reader, order| {
            wrong_delivery(reader, order, merchant_id)
        })
    };
    delivered("orders");
    delivered("broken_orders");
    let wrong = (ErrorCode::WrongType, "an object with the orders");
    if let Some(statistics) = reader.field(report, "statistics", wrong, Value::as_object) {
        reader.inside(Segment::Name("statistics"), |reader| {
            if reader.is_given(statistics, "orders", ": a list, which may be empty") {
                orders(reader, statistics, "orders", &wrong_statistic);
            }
        });
    }
    reader.found()
}

/// A list of orders, where there is one.
fn orders<'a>(
    reader: &mut Reader<'a>,
    of: &'a Map<String, Value>,
    name: &'static str,
    look: &dyn Fn(&mut Reader<'a>, &'a Map<String, Value>),
) {
    let wrong = (ErrorCode::WrongType, "a list of orders; it may be empty");
    let list = reader.field(of, name, wrong, Value::as_array);
    reader.enter(Segment::Name(name));
    for (at, order) in list.into_iter().flatten().enumerate() {
        reader.inside(Segment::Index(at), |reader| match order.as_object() {
            Some(order) => look(reader, order),
            None => reader.problem(ErrorCode::WrongType, "must be an order, a JSON object."),
        });
    }
    reader.leave();
}

/// A sale of the shop's, whoever paid for it: when, and in which currency [D].
fn wrong_statistic<'a>(reader: &mut Reader<'a>, order: &'a Map<String, Value>) {
    match said(order, "completed_at") {
        Some(completed_at) => moment(reader, completed_at, "completed_at", false),
        None => {
            let what = "is required: a date and time.";
            reader.wrong("completed_at", ErrorCode::MissingField, what);
        }
    }
    if !order.get("currency").is_some_and(Value::is_string) {
        let what = "is required: an ISO 4217 code such as EUR.";
        reader.wrong("currency", ErrorCode::MissingField, what);
    }
}

/// An order of which something was delivered: its blocks are checked as those of an order are.
fn wrong_delivery<'a>(reader: &mut Reader<'a>, order: &'a Map<String, Value>, merchant_id: &str) {
    if let Some(sent_at) = said(order, "sent_at") {
        moment(reader, sent_at, "sent_at", true);
    }
    let state = order.get("state").and_then(Value::as_str);
    if !state.is_some_and(|state| STATES.contains(&state)) {
        let what = format!("is required: {}.", STATES.join(" or "));
        reader.wrong("state", ErrorCode::MissingField, &what);
    }
    let reference = order
        .get("merchant_reference")
        .and_then(|references| references.get("order_ref_1"));
    // An order may come without its reference, and get it later; a report has nothing else to name it by.
    let lacks = match reference {
        None | Some(Value::Null) => Some(ErrorCode::MissingField),
        Some(Value::String(text)) if text.trim().is_empty() => Some(ErrorCode::EmptyText),
        _ => None,
    };
    if let Some(code) = lacks {
        reader.inside(Segment::Name("merchant_reference"), |reader| {
            let what = "is required: the shop's reference of the order.";
            reader.wrong("order_ref_1", code, what);
        });
    }
    let Some(Value::Object(cart)) = order.get("cart") else {
        let what = "is required: the cart of what was delivered.";
        return reader.wrong("cart", ErrorCode::MissingField, what);
    };
    let found = Order::from_document(as_an_order(order, cart, merchant_id)).check();
    for problem in found.problems {
        let problem = match problem.code {
            ErrorCode::MoreErrors => Some(problem),
            _ => as_of_a_report(reader, order, problem),
        };
        if let Some(problem) = problem {
            reader.add(problem);
        }
    }
}

/// What was delivered, and what remains, as an order says it.
fn as_an_order(
    order: &Map<String, Value>,
    cart: &Map<String, Value>,
    merchant_id: &str,
) -> Map<String, Value> {
    let empty = json!({"currency": cart.get("currency"), "order_total_with_tax": 0, "items": []});
    let mut document = order.clone();
    for name in ["state", "sent_at", "cart", "remaining_cart"] {
        document.remove(name);
    }
    let remaining = said(order, "remaining_cart").cloned().unwrap_or(empty);
    document.insert("shipped_cart".to_owned(), Value::Object(cart.clone()));
    document.insert("unshipped_cart".to_owned(), remaining);
    document.insert(
        "merchant".to_owned(),
        json!({"id": merchant_id, "options": {"uses_shipped_cart": true, "addresses_may_be_missing": true}}),
    );
    document
}

/// A problem of that order, at its place in the report; `None`: it is none of a report's.
fn as_of_a_report(
    reader: &Reader,
    order: &Map<String, Value>,
    problem: Problem,
) -> Option<Problem> {
    let place = problem.pointer.as_deref()?.strip_prefix('/')?;
    let (block, rest) = match place.split_once('/') {
        Some((block, rest)) => (block, format!("/{rest}")),
        None => (place, String::new()),
    };
    let own = match block {
        "shipped_cart" => "cart",
        "unshipped_cart" => "remaining_cart",
        block => block,
    };
    // Two that a report needs not [D], and one that is missed anyway.
    const SPARED: [&str; 3] = [
        "customer/ip_number",
        "customer/user_agent",
        "merchant_reference/order_ref_1",
    ];
    // Nor does nothing: clients say of an empty rest only that it is one [C].
    let is_of_nothing = place == "unshipped_cart/gift" && remains_nothing(order);
    let is_spared =
        (SPARED.contains(&place) || is_of_nothing) && problem.code == ErrorCode::MissingField;
    if said(order, own).is_none() || block == "merchant" || is_spared {
        return None;
    }
    let message = match problem.message.strip_prefix(block) {
        Some(rest) => format!("{own}{rest}"),
        None => problem.message.clone(),
    };
    Some(Problem {
        pointer: Some(format!("{}/{own}{rest}", reader.pointer())),
        message,
        ..problem
    })
}

fn remains_nothing(order: &Map<String, Value>) -> bool {
    let items = order
        .get("remaining_cart")
        .and_then(|cart| cart.get("items"));
    items
        .and_then(Value::as_array)
        .is_some_and(|items| items.is_empty())
}

/// A date and time; as databases write it, it is taken as it is in an order. `may_be_none`: there need not be one.
fn moment<'a>(reader: &mut Reader<'a>, value: &'a Value, name: &'static str, may_be_none: bool) {
    const WHAT: &str = "a date and time such as 2026-11-21T09:00:00+01:00";
    let text = value.as_str().unwrap_or_default();
    if dates::is_moment(text) {
        return;
    }
    let is_meant = dates::is_moment_with_a_blank(text);
    if is_meant || (may_be_none && dates::is_no_date(text)) {
        let what = format!("is not {WHAT}; it is sent as it is.");
        return reader.inside(Segment::Name(name), |reader| {
            reader.warning(ErrorCode::InvalidDate, &what, None, None)
        });
    }
    reader.wrong(name, ErrorCode::InvalidDate, &format!("must be {WHAT}."));
}

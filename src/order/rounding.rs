//! The line that makes up for a few cents between a cart's total and its lines, where the configuration asks for it.
//!
//! Carts are never repaired unasked. A till that computes without tax comes to a total that its rounded lines miss by a cent
//! or three; what its programmer would add by hand is added here, and told every time.

use super::cart::{self, Item, ItemType};
use super::cents::Cents;
use super::implied::Added;
use super::lines::{LINE, joined, total_of};
use super::lookup::{CARTS, reference_of, text_of};
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value, json};

/// No rounding comes to more.
pub(crate) const MOST_CENTS: i64 = 100;

/// What the configuration says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RoundingLine {
    /// A larger difference is a mistake of the till's.
    pub max_cents: i64,
    /// The line's reference.
    pub reference: String,
    /// What the shopper reads.
    pub name: String,
}

/// Adds the line to every cart that misses its total by no more than the configuration allows.
pub(super) fn round(order: &mut Map<String, Value>, line: &RoundingLine, added: &mut Added) {
    for name in CARTS {
        let Some(missing) = missing(order.get(name), line.max_cents) else {
            continue;
        };
        let has_one = |item: &Value| {
            let reference = item
                .as_object()
                .and_then(|item| reference_of(item, "reference"));
            reference.as_deref() == Some(line.reference.as_str())
        };
        if items_of(order, name).iter().any(has_one) {
            continue;
        }
        let kind = match missing < 0 {
            true => ItemType::Discount,
            false => ItemType::Handling,
        };
        let item = json!({
            "type": kind.as_str(),
            "reference": line.reference,
            "name": line.name,
            "total_with_tax": missing,
        });
        add(order, name, item, added);
    }
}

/// What an order as the journal has it is to the one that is given.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Before {
    /// What was approved: no other lines will do.
    Begun,
    /// What seQura has refused.
    Refused,
    /// What shipments and refunds have made of it; nothing of it is sent again.
    Sold,
}

/// Adds the line that an earlier step of the same order had, whatever the configuration said then: what was approved is
/// what is confirmed.
pub(super) fn round_as(
    order: &mut Map<String, Value>,
    before: &Map<String, Value>,
    is: Before,
    added: &mut Added,
) {
    for name in CARTS {
        let Some(missing) = missing(order.get(name), MOST_CENTS) else {
            continue;
        };
        let line = match is {
            Before::Sold => line_of_sold(before, missing),
            _ => last_line(order, before, name),
        };
        let line = line.filter(|line| is_rounding(line) && line["total_with_tax"] == missing);
        if let Some(line) = line {
            add(order, name, line, added);
        }
    }
}

/// The line that the order had beside those that are given, where all else of the cart is the same.
fn last_line(
    order: &Map<String, Value>,
    before: &Map<String, Value>,
    name: &'static str,
) -> Option<Value> {
    // Goods that left with the order were sent as shipped.
    let then = match before.contains_key(name) {
        true => name,
        false => CARTS[2],
    };
    let total = |order: &Map<String, Value>, cart: &str| {
        Some(order.get(cart)?.get("order_total_with_tax")?.clone())
    };
    let (line, rest) = items_of(before, then).split_last()?;
    let is_same = rest == items_of(order, name) && total(order, name) == total(before, then);
    is_same.then(|| line.clone())
}

/// A line of so many cents of an order that was sold, in one piece again; the order's fingerprint tells whether it is the
/// one.
fn line_of_sold(before: &Map<String, Value>, cents: i64) -> Option<Value> {
    let lines = |carts: &[&str]| -> Vec<Item> {
        let all = carts.iter().flat_map(|cart| items_of(before, cart));
        let lines = all.filter(|line| is_rounding(line));
        let documents = lines.filter_map(Value::as_object).cloned();
        documents.map(Item::from_document).collect()
    };
    let whole = joined(lines(&CARTS[..2]), lines(&CARTS[2..]));
    let line = whole.into_iter().find(|line| total_of(line) == cents)?;
    let mut document = line.into_document();
    document.remove(LINE);
    Some(Value::Object(document))
}

fn is_rounding(line: &Value) -> bool {
    let kind = line.get("type").and_then(Value::as_str);
    matches!(
        kind.and_then(ItemType::from_word),
        Some(ItemType::Discount | ItemType::Handling)
    )
}

/// Whether a cart misses its total by so little that it may be rounding.
pub(super) fn is_unrounded(order: &Map<String, Value>) -> bool {
    let is = |name: &&str| missing(order.get(*name), MOST_CENTS).is_some();
    CARTS.iter().any(is)
}

/// The lines of an order that the configuration has added to it, or to an order like it.
pub(super) fn told(order: &Map<String, Value>, line: &RoundingLine) -> Vec<Problem> {
    let of_cart = |name: &'static str| {
        let lines = items_of(order, name).iter().enumerate();
        lines.filter_map(move |(at, item)| {
            let item = item.as_object()?;
            let cents = item.get("total_with_tax").and_then(Value::as_i64)?;
            let is_it = text_of(item, "reference") == Some(line.reference.as_str())
                && text_of(item, "name") == Some(line.name.as_str())
                && item.get("quantity").is_none()
                && (1..=line.max_cents).contains(&cents.abs());
            is_it.then(|| warning(name, at, &line.reference, cents))
        })
    };
    CARTS.into_iter().flat_map(of_cart).collect()
}

/// How many cents a cart's lines lack; they may be too many. `None`: none, more than `most`, or it cannot be said.
fn missing(cart: Option<&Value>, most: i64) -> Option<i64> {
    let cart = cart?.as_object()?;
    let declared = cart
        .get("order_total_with_tax")
        .and_then(Cents::from_value)?;
    let totals = cart::totals(cart.get("items")?).filter(|totals| !totals.is_empty())?;
    let missing = declared.checked_sub(Cents::sum(totals)?)?.0;
    (missing != 0 && missing.unsigned_abs() <= most.unsigned_abs()).then_some(missing)
}

fn items_of<'a>(order: &'a Map<String, Value>, cart: &str) -> &'a [Value] {
    let items = order.get(cart).and_then(|cart| cart.get("items"));
    items.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn add(order: &mut Map<String, Value>, cart: &str, item: Value, added: &mut Added) {
    let mut items = items_of(order, cart).to_vec();
    let reference = item["reference"].as_str().unwrap_or_default();
    let cents = item["total_with_tax"].as_i64().unwrap_or_default();
    added
        .warnings
        .push(warning(cart, items.len(), reference, cents));
    items.push(item);
    added.put(order, &format!("/{cart}/items"), Value::Array(items));
}

fn warning(cart: &str, at: usize, reference: &str, cents: i64) -> Problem {
    Problem {
        actual: Some(cents.into()),
        ..Problem::at(
            ErrorCode::RoundingLine,
            format!("/{cart}/items/{at}"),
            format!(
                "The lines of {cart} miss its total by {cents} cents: {cart}.items[{at}], {reference}, makes up for it, as rounding_line of the configuration asks."
            ),
        )
    }
}

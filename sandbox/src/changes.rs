//! Is this still the order the shopper was approved for?
//!
//! "If the cart, delivery address, or other details changed unacceptably, seQura
//! responds with 409" [D]. What is unacceptable is not said. Here: another cart, another
//! delivery address, another person; each is a rule, and each sentence is ours [I].

use crate::carts::{amount, cart_names};
use crate::rules::Rules;
use serde_json::{Map, Value};

/// Sentences on everything that changed unacceptably between two valid orders.
pub fn conflicts(approved: &Value, now: &Value, rules: &Rules) -> Vec<String> {
    let mut conflicts = Vec::new();
    if approved["merchant"]["id"] != now["merchant"]["id"] {
        conflicts
            .push("Invalid data: the merchant has changed since the order was solicited".into());
    }
    let before = amount(approved).unwrap_or_default();
    let after = amount(now).unwrap_or_default();
    if after > before && rules.approved_amount_is_ceiling {
        // A higher total always comes with another cart; the total says it better.
        conflicts.push(format!(
            "Invalid data: order_total_with_tax {after} is above the approved amount {before}"
        ));
    } else if carts(approved, rules) != carts(now, rules)
        && rules.changed_cart_refused
        && !(after < before && rules.smaller_total_accepted)
    {
        conflicts.push("Invalid data: the cart has changed since it was approved".into());
    }
    if rules.changed_address_refused
        && essence(&approved["delivery_address"]) != essence(&now["delivery_address"])
    {
        conflicts.push(
            "Invalid data: the delivery_address has changed since the order was approved".into(),
        );
    }
    if rules.changed_customer_refused && person(approved) != person(now) {
        conflicts
            .push("Invalid data: the customer has changed since the order was approved".into());
    }
    conflicts
}

fn carts(order: &Value, rules: &Rules) -> Vec<Value> {
    let names = cart_names(order).iter();
    let carts: Vec<Value> = names.map(|name| cart_essence(&order[name])).collect();
    match rules.divided_cart_is_another {
        true => carts,
        false => vec![together(&carts)],
    }
}

/// One cart with the lines of all of them.
fn together(carts: &[Value]) -> Value {
    let items = carts.iter().flat_map(|cart| cart["items"].as_array());
    let total = carts
        .iter()
        .map(|cart| cart["order_total_with_tax"].as_i64());
    cart_essence(&serde_json::json!({
        "currency": carts.first().map(|cart| &cart["currency"]),
        "order_total_with_tax": total.map(Option::unwrap_or_default).sum::<i64>(),
        "items": items.flatten().collect::<Vec<_>>(),
    }))
}

/// A cart as far as it matters: currency, total and items, in whatever order. When it was
/// made and what the shop calls it may differ.
pub fn cart_essence(cart: &Value) -> Value {
    let items = cart["items"].as_array().into_iter().flatten();
    let mut items: Vec<Value> = items
        .map(|item| {
            let mut item = essence(item);
            if let Value::Object(fields) = &mut item {
                fields.entry("type").or_insert_with(|| "product".into());
            }
            item
        })
        .collect();
    items.sort_by_cached_key(Value::to_string);
    serde_json::json!({
        "currency": cart["currency"],
        "order_total_with_tax": cart["order_total_with_tax"],
        "items": items,
    })
}

/// Who the customer is. The rest (IP number, language, rating …) may change in between.
fn person(order: &Value) -> Value {
    let customer = &order["customer"];
    ["given_names", "surnames", "email", "nin", "date_of_birth"]
        .into_iter()
        .map(|field| (field.to_owned(), customer[field].clone()))
        .filter(|(_, value)| !blank(value))
        .collect::<Map<_, _>>()
        .into()
}

/// An object without the fields that say nothing: some clients leave nulls out, others
/// send them.
pub fn essence(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !blank(value))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

fn blank(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

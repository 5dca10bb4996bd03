//! What is asked of the parts of an order's document.

use serde_json::{Map, Value};

/// The carts an order may have, in the order in which they are read.
pub(super) const CARTS: [&str; 3] = ["cart", "unshipped_cart", "shipped_cart"];

/// The addresses it may have, the one that counts first.
pub(super) const ADDRESSES: [&str; 2] = ["delivery_address", "invoice_address"];

/// A text that says something.
pub(super) fn text_of<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    map.get(name)?
        .as_str()
        .filter(|text| !text.trim().is_empty())
}

/// A reference, which is text or an integer; an empty one is none.
pub(super) fn reference_of(map: &Map<String, Value>, name: &str) -> Option<String> {
    match map.get(name)? {
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => text_of(map, name).map(str::to_owned),
    }
}

/// A flag of `merchant.options`, false where it is not given.
pub(super) fn has_option(order: &Map<String, Value>, name: &str) -> bool {
    let flag =
        |order: &Map<String, Value>| order.get("merchant")?.get("options")?.get(name)?.as_bool();
    flag(order).unwrap_or(false)
}

/// The selling country, as the order writes it: where the goods go, or else where the invoice goes.
pub(super) fn country_of(order: &Map<String, Value>) -> Option<&str> {
    let country = |address| text_of(order.get(address)?.as_object()?, "country_code");
    ADDRESSES.into_iter().find_map(country)
}

//! `cart.cart_ref`, the till's own key of an order, found in the order's text without reading the rest of it.

use super::lookup::CARTS;
use serde::de::IgnoredAny;
use serde_json::{Deserializer, Value, from_str};

/// That of an order as the journal has it: the order as sent, or its carts.
pub(crate) fn cart_ref_of(text: &str) -> Option<String> {
    if !text.contains("\"cart_ref\":") {
        return None;
    }
    // As the first version may have kept it.
    let order = value_of(text, "order").unwrap_or(text);
    let in_cart = |name: &&str| read(value_of(value_of(order, name)?, "cart_ref")?);
    CARTS.iter().find_map(in_cart)
}

/// A reference, which is text or an integer; a blank one is none.
fn read(reference: &str) -> Option<String> {
    match from_str(reference).ok()? {
        Value::String(text) => Some(text).filter(|text| !text.trim().is_empty()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

/// The text of a field of an object that is written without blanks; nothing behind it is read.
fn value_of<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = object;
    let mut before = '{';
    loop {
        rest = rest.strip_prefix(before)?;
        let mut names = Deserializer::from_str(rest).into_iter::<String>();
        let found = names.next()?.ok()?;
        rest = rest[names.byte_offset()..].strip_prefix(':')?;
        let mut values = Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        values.next()?.ok()?;
        let (value, after) = rest.split_at(values.byte_offset());
        if found == name {
            return Some(value);
        }
        (rest, before) = (after, ',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_the_cart_and_of_nothing_else() {
        for (text, expected) in [
            ("", None),
            ("{}", None),
            (r#"{"cart":{"cart_ref":"C-1"}}"#, Some("C-1")),
            (r#"{"cart":{"cart_ref":12}}"#, Some("12")),
            (r#"{"cart":{"cart_ref":1.5}}"#, None),
            (r#"{"cart":{"cart_ref":" "}}"#, None),
            (r#"{"cart":{"cart_ref":null}}"#, None),
            (r#"{"cart":{"cart_ref":"C \"\u00f1\""}}"#, Some("C \"ñ\"")),
            (r#"{"order":{"cart":{"cart_ref":"C-1"}}}"#, Some("C-1")),
            (r#"{"cart":{"items":[{"cart_ref":"I"}]}}"#, None),
            (r#"{"cart_ref":"T","customer":{"cart_ref":"P"}}"#, None),
            (r#"{"cart":{"name":"\"cart_ref\":"},"x":1}"#, None),
            (
                r#"{"shipped_cart":{"cart_ref":"S"},"unshipped_cart":{"cart_ref":"U"}}"#,
                Some("U"),
            ),
            (r#"{"cart":{},"shipped_cart":{"cart_ref":"S"}}"#, Some("S")),
            (r#"{"cart":{"cart_ref":"C"#, None),
            (r#"{"cart":[],"cart_ref":"C"}"#, None),
        ] {
            assert_eq!(cart_ref_of(text).as_deref(), expected, "{text}");
        }
    }
}

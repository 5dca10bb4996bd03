//! Keeps personal data out of what outlives the sale: seQura's texts may quote the order.

use crate::order::Order;
use serde_json::Value;

/// Blocks of an order that speak of a person.
const PERSONAL: [&str; 3] = ["customer", "delivery_address", "invoice_address"];
/// Fields of those blocks that say nothing of anybody, and whose values are ordinary words.
const IMPERSONAL: [&str; 4] = ["logged_in", "language_code", "user_agent", "country_code"];
/// Shorter values (a country code, "mr") say nothing of anybody and would tear words apart.
const SHORTEST: usize = 3;

/// `text` with every personal value of the order replaced by `…`.
pub fn redact(text: &str, order: &Order) -> String {
    let mut values = Vec::new();
    for block in PERSONAL {
        if let Some(value) = order.document().get(block) {
            collect(value, &mut values);
        }
    }
    // A refusal that is no list of texts is kept as JSON, where "ñ" may stand as "\u00f1".
    let escaped: Vec<String> = values
        .iter()
        .filter(|value| !value.is_ascii())
        .map(|value| escape(value))
        .collect();
    values.extend(escaped);
    // The longest first, so that no half of a name stays behind.
    values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    values.iter().fold(text.to_owned(), |text, value| {
        text.replace(value.as_str(), "…")
    })
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("\\u{unit:04x}")),
        }
    }
    escaped
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.chars().count() >= SHORTEST => found.push(text.clone()),
        Value::Number(number) if number.to_string().len() > SHORTEST => {
            found.push(number.to_string())
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !IMPERSONAL.contains(&name.as_str()))
            .for_each(|(_, value)| collect(value, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_quotes_of_a_person_is_taken_out() {
        let order = Order::from_json(
            r#"{"customer":{"given_names":"Íñigo","surnames":"Muñoz","nin":"23232323T","title":"mr","logged_in":"unknown"},
                "delivery_address":{"mobile_phone":"666666666","city":"Muñozal"},
                "cart":{"items":[{"name":"Camisa"}]}}"#,
        )
        .unwrap();
        assert_eq!(
            redact(
                "Camisa for Íñigo Muñoz (Muñozal), 23232323T, mr 666666666, unknown",
                &order
            ),
            "Camisa for … … (…), …, mr …, unknown"
        );
        assert_eq!(
            redact(r#"{"who":"\u00cd\u00f1igo Mu\u00f1oz"}"#, &order),
            r#"{"who":"… …"}"#
        );
    }
}

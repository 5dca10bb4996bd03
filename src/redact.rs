//! Keeps personal data out of what outlives the sale: seQura's texts may quote the order.

use serde_json::{Map, Value};

/// Blocks of an order that speak of a person.
const PERSONAL: [&str; 3] = ["customer", "delivery_address", "invoice_address"];
/// Fields of those blocks that say nothing of anybody, and whose values are ordinary words.
const IMPERSONAL: [&str; 4] = ["logged_in", "language_code", "user_agent", "country_code"];
/// Shorter values (a country code, "mr") say nothing of anybody and would tear words apart.
const SHORTEST: usize = 3;

/// `text` with every personal value of these orders replaced by `…`.
pub fn redact<'a>(text: &str, orders: impl IntoIterator<Item = &'a Map<String, Value>>) -> String {
    let personal = Personal::of(orders);
    let mut redacted = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let length = personal.begins(rest);
        match length {
            0 => redacted.push(next),
            _ => redacted.push('…'),
        }
        rest = &rest[length.max(next.len_utf8())..];
    }
    redacted
}

/// What orders say of persons, to be found in one walk over a text however much that is.
struct Personal {
    /// In order, each once.
    values: Vec<String>,
    /// Of each value, the longest of the others that it begins with.
    inner: Vec<Option<usize>>,
    /// Which bytes any of them begins with.
    first: [bool; 256],
}

impl Personal {
    fn of<'a>(orders: impl IntoIterator<Item = &'a Map<String, Value>>) -> Personal {
        let mut values = Vec::new();
        for order in orders {
            for value in PERSONAL.iter().filter_map(|block| order.get(*block)) {
                collect(value, &mut values);
            }
        }
        // A refusal that is no list of texts is kept as JSON, where "ñ" may stand as "\u00f1".
        let beyond_ascii = values.iter().filter(|value| !value.is_ascii());
        let escaped: Vec<String> = beyond_ascii.map(|value| escape(value)).collect();
        values.extend(escaped);
        values.sort_unstable();
        values.dedup();
        let mut first = [false; 256];
        let mut inner = Vec::with_capacity(values.len());
        let mut open: Vec<usize> = Vec::new();
        for (at, value) in values.iter().enumerate() {
            first[usize::from(value.as_bytes()[0])] = true;
            while open
                .last()
                .is_some_and(|&shorter| !value.starts_with(&values[shorter]))
            {
                open.pop();
            }
            inner.push(open.last().copied());
            open.push(at);
        }
        Personal {
            values,
            inner,
            first,
        }
    }

    /// How many bytes the longest value has that the text begins with; 0: with none.
    fn begins(&self, text: &str) -> usize {
        if !self.first[usize::from(text.as_bytes()[0])] {
            return 0;
        }
        // Whatever the text begins with is the last value that comes before it, or in that one.
        let after = self.values.partition_point(|value| value.as_str() <= text);
        let mut candidate = after.checked_sub(1);
        while let Some(at) = candidate {
            if text.starts_with(&self.values[at]) {
                return self.values[at].len();
            }
            candidate = self.inner[at];
        }
        0
    }
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
    use crate::order::Order;

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
                [order.document()]
            ),
            "Camisa for … … (…), …, mr …, unknown"
        );
        assert_eq!(
            redact(
                r#"{"who":"\u00cd\u00f1igo Mu\u00f1oz"}"#,
                [order.document()]
            ),
            r#"{"who":"… …"}"#
        );
    }

    #[test]
    fn the_longest_of_several_is_taken_out_whole() {
        let order = Order::from_json(
            r#"{"customer":{"given_names":"Ana","surnames":"Ana María","company":"Ana María de Todos",
                "nin":"María", "previous_orders":[{"raw_status":"a","postal_code":"08013"}]}}"#,
        )
        .unwrap();
        for (text, redacted) in [
            ("Ana", "…"),
            ("Ana Marí", "… Marí"),
            ("Ana María de Todo", "… de Todo"),
            ("Ana María de Todos los Santos", "… los Santos"),
            ("Mariana María08013", "Mariana ……"),
            ("a", "a"),
            ("", ""),
        ] {
            assert_eq!(redact(text, [order.document()]), redacted, "{text}");
        }
    }

    #[test]
    fn redaction_grows_with_the_text_and_hardly_with_what_is_personal() {
        use crate::limits::growth::is_linear;
        let order = |many: usize| {
            let orders: Vec<Value> = (0..many)
                .map(
                    |at| serde_json::json!({"created_at": format!("2024-01-31T12:25:20.{at:06}Z")}),
                )
                .collect();
            let order =
                serde_json::json!({"customer": {"given_names": "Ana", "previous_orders": orders}});
            order.as_object().unwrap().clone()
        };
        // A text that begins as all of them do, at every place.
        let text = |many: usize| "2024-01-31T12:25:20.00".repeat(many * 10);
        for (what, personal) in [("many personal texts", 10), ("few", 1)] {
            is_linear(what, |size| {
                redact(&text(size), [&order(size * personal / 10)])
            });
        }
    }
}

//! What a till asks for after the sale, and how the same thing is recognised when it is asked again.

use crate::canonical;
use crate::canonical::hex;
use crate::lifecycle::Step;
use crate::order::Pick;
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};

/// Why an order is cancelled, when the till does not say [C].
pub(crate) const UNSPECIFIED: &str = "unspecified";

/// What a till asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// Carts, addresses, the customer, trackings: what is given takes the place of what was.
    Update(Map<String, Value>),
    /// These were handed over or sent; `None`: all that is left.
    Ship(Option<Vec<Pick>>),
    /// These came back; `None`: all that was shipped.
    Refund(Option<Vec<Pick>>),
    /// These came back, and so many cents are paid back for them; the reason names what else makes up the amount.
    RefundFor(Vec<Pick>, i64, Option<String>),
    /// So many cents are paid back, for this reason.
    RefundAmount(i64, Option<String>),
    /// Nothing of it takes place, for this reason.
    Cancel(String),
}

impl Asked {
    /// Which step it is.
    pub fn step(&self) -> Step {
        match self {
            Asked::Update(_) => Step::Update,
            Asked::Ship(_) => Step::Ship,
            Asked::Refund(_) | Asked::RefundFor(..) | Asked::RefundAmount(..) => Step::Refund,
            Asked::Cancel(_) => Step::Cancel,
        }
    }

    /// Tells whether the same is asked again, and nothing else: it outlives what was asked. Its version
    /// stands before it.
    pub(super) fn fingerprint(&self) -> String {
        let text = canonical::text(&self.to_value());
        format!("2:{}", first_half_of_sha256(&text))
    }

    /// Whether this is what a change was asked for with, by the fingerprint that the journal has of it.
    pub(super) fn is(&self, fingerprint: &str) -> bool {
        fingerprint == self.fingerprint()
            || fingerprint == first_half_of_sha256(&self.as_version_1())
    }

    /// Whether it says how much more, or what: asked once more while the order has no answer yet, it is the
    /// same goods or cents, whatever was asked in between. "Everything", and an update, say how it is now.
    pub(super) fn names_what(&self) -> bool {
        matches!(
            self,
            Asked::Ship(Some(_))
                | Asked::Refund(Some(_))
                | Asked::RefundFor(..)
                | Asked::RefundAmount(..)
        )
    }

    /// What the fingerprint covers. In which order a call names the lines is all one.
    fn to_value(&self) -> Value {
        let picks = |picks: &[Pick]| {
            let mut picks: Vec<Value> = picks.iter().map(pick).collect();
            picks.sort_by_cached_key(canonical::text);
            Value::from(picks)
        };
        match self {
            Asked::Update(update) => json!({"update": update}),
            Asked::Ship(None) => json!({"ship": null}),
            Asked::Ship(Some(these)) => json!({"ship": {"items": picks(these)}}),
            Asked::Refund(None) => json!({"refund": null}),
            Asked::Refund(Some(these)) => json!({"refund": {"items": picks(these)}}),
            Asked::RefundFor(these, amount, reason) => {
                json!({"refund": {"items": picks(these), "amount": amount, "reason": reason}})
            }
            Asked::RefundAmount(amount, reason) => {
                json!({"refund": {"amount": amount, "reason": reason}})
            }
            Asked::Cancel(reason) => json!({"cancel": {"reason": reason}}),
        }
    }

    /// The same as version 0.1.0 wrote it, whose journals may hold a change without an answer.
    fn as_version_1(&self) -> String {
        let picks = |picks: &[Pick]| {
            let picks: Vec<String> = picks.iter().map(pick_as_version_1).collect();
            format!("Some([{}])", picks.join(", "))
        };
        match self {
            Asked::Update(update) => format!("Update({})", fields_as_version_1(update)),
            Asked::Ship(None) => "Ship(None)".to_owned(),
            Asked::Ship(Some(these)) => format!("Ship({})", picks(these)),
            Asked::Refund(None) => "Refund(None)".to_owned(),
            Asked::Refund(Some(these)) => format!("Refund({})", picks(these)),
            // It had none of these.
            Asked::RefundFor(..) => String::new(),
            Asked::RefundAmount(amount, None) => format!("RefundAmount({amount}, None)"),
            Asked::RefundAmount(amount, Some(reason)) => {
                format!("RefundAmount({amount}, Some({reason:?}))")
            }
            Asked::Cancel(reason) => format!("Cancel({reason:?})"),
        }
    }
}

/// 128 bits are plenty to tell the changes of one order apart.
fn first_half_of_sha256(text: &str) -> String {
    hex(&digest(&SHA256, text.as_bytes()).as_ref()[..16])
}

fn pick(pick: &Pick) -> Value {
    json!({
        "reference": pick.reference,
        "line": pick.line,
        "quantity": pick.quantity,
        "amount": pick.amount,
    })
}

fn pick_as_version_1(pick: &Pick) -> String {
    let number = |number: Option<i64>| match number {
        Some(number) => format!("Some({number})"),
        None => "None".to_owned(),
    };
    format!(
        "Pick {{ reference: {:?}, line: {}, quantity: {}, amount: {}, pointer: {:?} }}",
        pick.reference,
        number(pick.line),
        number(pick.quantity),
        number(pick.amount),
        pick.pointer
    )
}

fn fields_as_version_1(fields: &Map<String, Value>) -> String {
    let fields: Vec<String> = canonical::in_order(fields)
        .into_iter()
        .map(|(name, value)| format!("{name:?}: {}", value_as_version_1(value)))
        .collect();
    format!("{{{}}}", fields.join(", "))
}

fn value_as_version_1(value: &Value) -> String {
    match value {
        Value::Null => "Null".to_owned(),
        Value::Bool(flag) => format!("Bool({flag})"),
        Value::Number(number) => format!("Number({})", canonical::number(number)),
        // How a text is quoted depends on the compiler only for letters that Unicode has added lately.
        Value::String(text) => format!("String({text:?})"),
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(value_as_version_1).collect();
            format!("Array [{}]", values.join(", "))
        }
        Value::Object(fields) => format!("Object {}", fields_as_version_1(fields)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::input;

    // What the fingerprints are is in `fingerprints.rs`.

    #[test]
    fn the_order_in_which_lines_are_named_does_not_matter() {
        let ship = |text: &str| {
            let given = serde_json::from_str(text).expect("JSON");
            input::ship(&given).expect("a shipment")
        };
        let one = ship(r#"[{"reference": "A", "quantity": 1}, {"reference": "B"}]"#);
        let other = ship(r#"[{"reference": "B"}, {"quantity": 1, "reference": "A"}]"#);
        assert_eq!(one.fingerprint(), other.fingerprint());
        let more = ship(r#"[{"reference": "A", "quantity": 2}, {"reference": "B"}]"#);
        assert_ne!(one.fingerprint(), more.fingerprint());
    }
}

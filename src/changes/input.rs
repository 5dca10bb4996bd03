//! Reads what a till gives to ship and refund: JSON, with every problem of it at once.

use super::asked::Asked;
use crate::json;
use crate::json::nearest;
use crate::order::Pick;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value};

const PICK: &[&str] = &["reference", "quantity", "line", "amount"];
const REFUND: &[&str] = &["items", "amount", "reason"];
/// A quantity or an amount beyond it is a mistake.
const MOST: i64 = 1_000_000_000_000;

/// `[{"reference": "CAM-01", "quantity": 1}, …]`
pub fn ship(value: &Value) -> Result<Asked, Vec<Problem>> {
    let mut reader = Reader::default();
    let picks = reader.picks(value, "");
    reader.done(Asked::Ship(Some(picks)))
}

/// `{"items": [{"reference": "CAM-01", "quantity": 1}]}` or `{"amount": 500, "reason": "…"}`
pub fn refund(value: &Value) -> Result<Asked, Vec<Problem>> {
    let mut reader = Reader::default();
    let Some(given) = reader.object(value, "", REFUND) else {
        return Err(reader.problems);
    };
    let asked = match (present(given, "items"), present(given, "amount")) {
        (Some(items), None) => {
            if present(given, "reason").is_some() {
                let message = "reason goes with amount; goods that come back need none.";
                reader.note(ErrorCode::ForbiddenField, "/reason", message);
            }
            Asked::Refund(Some(reader.picks(items, "/items")))
        }
        (None, Some(_)) => {
            let amount = reader.number(given, "", "amount", 1).unwrap_or_default();
            let reason = match present(given, "reason") {
                None => None,
                Some(Value::String(reason)) if !reason.trim().is_empty() => Some(reason.clone()),
                Some(_) => {
                    let message = "reason must be a text that is not empty.";
                    reader.note(ErrorCode::WrongType, "/reason", message);
                    None
                }
            };
            Asked::RefundAmount(amount, reason)
        }
        (Some(_), Some(_)) => {
            let message = "A refund is of items or of an amount; give one of the two.";
            reader.note(ErrorCode::MutuallyExclusive, "/amount", message);
            Asked::Refund(None)
        }
        (None, None) => {
            let message =
                "A refund needs items or an amount (NULL refunds everything that was shipped).";
            reader.note(ErrorCode::MissingField, "/items", message);
            Asked::Refund(None)
        }
    };
    reader.done(asked)
}

/// Any of an order's blocks, with or without the outer `{"order": …}`.
pub fn update(value: Value) -> Result<Asked, Vec<Problem>> {
    let mut reader = Reader::default();
    let Value::Object(mut given) = value else {
        let message = "An update is a JSON object such as {\"delivery_address\": {…}}.";
        reader.note(ErrorCode::WrongType, "", message);
        return Err(reader.problems);
    };
    if given.len() == 1
        && let Some(Value::Object(inner)) = given.get("order")
    {
        given = inner.clone();
    }
    // The library's, as in every order.
    given.remove("state");
    given.retain(|_, value| !value.is_null());
    if given.contains_key("cart") {
        let message = "A sold order has an unshipped_cart and a shipped_cart; say which.";
        reader.note(ErrorCode::ForbiddenField, "/cart", message);
    }
    if given.is_empty() {
        let message = "The update says nothing; give unshipped_cart, shipped_cart, delivery_address, invoice_address, customer or trackings.";
        reader.note(ErrorCode::MissingField, "", message);
    }
    reader.done(Asked::Update(given))
}

fn present<'a>(given: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    given.get(name).filter(|value| !value.is_null())
}

#[derive(Default)]
struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn done(self, asked: Asked) -> Result<Asked, Vec<Problem>> {
        match self.problems.is_empty() {
            true => Ok(asked),
            false => Err(self.problems),
        }
    }

    fn note(&mut self, code: ErrorCode, pointer: &str, message: &str) {
        self.problems.push(Problem::at(code, pointer, message));
    }

    fn object<'a>(
        &mut self,
        value: &'a Value,
        pointer: &str,
        names: &[&str],
    ) -> Option<&'a Map<String, Value>> {
        let Some(given) = value.as_object() else {
            let message = format!("Here stands an object with {}.", names.join(", "));
            self.note(ErrorCode::WrongType, pointer, &message);
            return None;
        };
        for name in given.keys().filter(|name| !names.contains(&name.as_str())) {
            let meant = match nearest(name, names) {
                Some(near) => format!("Did you mean {near}?"),
                None => format!("There are {}.", names.join(", ")),
            };
            let message = format!("There is no {name} here. {meant}");
            self.note(
                ErrorCode::UnknownKey,
                &format!("{pointer}{}", json::segment(name)),
                &message,
            );
        }
        Some(given)
    }

    fn picks(&mut self, value: &Value, pointer: &str) -> Vec<Pick> {
        let Some(list) = value.as_array().filter(|list| !list.is_empty()) else {
            let message = "Here stands a list such as [{\"reference\": \"CAM-01\", \"quantity\": 1}]; NULL means everything.";
            self.note(ErrorCode::WrongType, pointer, message);
            return Vec::new();
        };
        let picks = list.iter().enumerate();
        picks
            .filter_map(|(at, value)| self.pick(value, format!("{pointer}/{at}")))
            .collect()
    }

    fn pick(&mut self, value: &Value, pointer: String) -> Option<Pick> {
        let given = self.object(value, &pointer, PICK)?;
        let reference = match present(given, "reference") {
            Some(Value::String(reference)) if !reference.is_empty() => reference.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => {
                let message = "reference is required: the shop's code of the item, as it was sold.";
                self.note(
                    ErrorCode::MissingField,
                    &format!("{pointer}/reference"),
                    message,
                );
                return None;
            }
        };
        Some(Pick {
            reference,
            line: self.number(given, &pointer, "line", 0),
            quantity: self.number(given, &pointer, "quantity", 0),
            amount: self.number(given, &pointer, "amount", -MOST),
            pointer,
        })
    }

    fn number(
        &mut self,
        given: &Map<String, Value>,
        pointer: &str,
        name: &str,
        least: i64,
    ) -> Option<i64> {
        let value = present(given, name)?;
        let pointer = format!("{pointer}/{name}");
        match value.as_i64() {
            Some(number) if (least..=MOST).contains(&number) => Some(number),
            Some(number) => {
                self.problems.push(Problem {
                    actual: Some(number.into()),
                    ..Problem::at(
                        ErrorCode::OutOfRange,
                        pointer,
                        format!("{name} must be from {least} to {MOST}."),
                    )
                });
                None
            }
            None => {
                let message = format!("{name} must be a whole number; amounts are in cents.");
                self.note(ErrorCode::NotAnInteger, &pointer, &message);
                None
            }
        }
    }
}

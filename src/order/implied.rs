//! What an order does not say because it says it already: one person, one address, written once.
//!
//! Nothing that is given is changed, but for a country that is written as its name or with three letters: it becomes
//! its code, with a warning. What is added can be taken out again: an order that was started without it is confirmed
//! without it.

use super::codes;
use super::lookup::{ADDRESSES, has_option, text_of};
use crate::json::{is_left_out, present, said};
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value};

const NAMES: [&str; 2] = ["given_names", "surnames"];
/// What is documented as required and may be empty.
const MAY_BE_EMPTY: [&str; 2] = ["company", "address_line_2"];

/// What was added to an order, and what stood there before.
#[derive(Debug, Default)]
pub(crate) struct Added {
    places: Vec<(String, Option<Value>)>,
    pub(crate) warnings: Vec<Problem>,
}

impl Added {
    /// Whether nothing was.
    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Puts a value at a place of the document.
    pub(super) fn put(&mut self, document: &mut Map<String, Value>, place: &str, value: Value) {
        let before = set(document, place, Some(value));
        self.places.push((place.to_owned(), before));
    }

    /// Puts everything back as it was.
    pub(super) fn take_out(&self, document: &mut Map<String, Value>) {
        for (place, before) in self.places.iter().rev() {
            set(document, place, before.clone());
        }
    }
}

/// Sets or removes what stands at a JSON pointer; gives what stood there.
fn set(document: &mut Map<String, Value>, place: &str, value: Option<Value>) -> Option<Value> {
    let (block, rest) = place[1..].split_once('/').unwrap_or((&place[1..], ""));
    let (object, name) = match rest.rsplit_once('/') {
        None if rest.is_empty() => (Some(document), block),
        None => (document.get_mut(block)?.as_object_mut(), rest),
        Some((way, name)) => {
            let parent = document.get_mut(block)?.pointer_mut(&format!("/{way}"))?;
            (parent.as_object_mut(), name)
        }
    };
    match value {
        Some(value) => object?.insert(name.to_owned(), value),
        None => object?.remove(name),
    }
}

/// Adds what an order implies.
pub(super) fn complete(order: &mut Map<String, Value>) -> Added {
    let mut added = of_blocks(order);
    if !has_option(order, "addresses_may_be_missing") {
        let [delivery, invoice] = ADDRESSES;
        for (target, source) in [(invoice, delivery), (delivery, invoice)] {
            if let Some(address) = implied_address(order, target, source) {
                added.put(order, &format!("/{target}"), address);
            }
        }
    }
    names(order, &mut added);
    added
}

/// Adds what each block implies by itself.
pub(super) fn of_blocks(order: &mut Map<String, Value>) -> Added {
    let mut added = Added::default();
    for block in [
        "delivery_address",
        "invoice_address",
        "customer",
        "trackings",
    ] {
        let mut written = Vec::new();
        if let Some(value) = order.get(block) {
            countries(value, &mut format!("/{block}"), &mut written);
        }
        for (place, code) in written {
            added.warnings.push(understood(&place, code));
            added.put(order, &place, code.into());
        }
    }
    if has_option(order, "addresses_may_be_missing") {
        return added;
    }
    for block in ADDRESSES {
        for name in MAY_BE_EMPTY {
            let address = order.get(block).and_then(Value::as_object);
            let address = address.filter(|address| !says_nothing(address));
            if address.is_some_and(|address| present(address, name).is_none()) {
                added.put(order, &format!("/{block}/{name}"), "".into());
            }
        }
    }
    added
}

/// The countries that are not written as their code of two letters, with that code.
fn countries(value: &Value, place: &mut String, found: &mut Vec<(String, &'static str)>) {
    let length = place.len();
    let mut inside = |name: &str, value: &Value| {
        place.push('/');
        place.push_str(name);
        match value {
            Value::String(text) if name == "country_code" => {
                if let Some(code) = codes::country_meant(text) {
                    found.push((place.clone(), code));
                }
            }
            Value::Object(_) | Value::Array(_) => countries(value, place, found),
            _ => {}
        }
        place.truncate(length);
    };
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, value)| *name == "country_code" || !value.is_string())
            .for_each(|(name, value)| inside(name, value)),
        Value::Array(entries) => entries
            .iter()
            .enumerate()
            .for_each(|(at, entry)| inside(&at.to_string(), entry)),
        _ => {}
    }
}

fn understood(place: &str, code: &str) -> Problem {
    let name = place[1..].replace('/', ".");
    Problem {
        expected: Some(code.into()),
        ..Problem::at(
            ErrorCode::CountryUnderstood,
            place,
            format!(
                "{name} is not a country's code of two letters; it is taken for {code}, and sent so."
            ),
        )
    }
}

fn says_nothing(address: &Map<String, Value>) -> bool {
    address.values().all(is_left_out)
}

/// The address that goes where there is none: the other one. One that says its country and has no other field, as
/// `order_defaults` may have it, is none where the country is the same.
fn implied_address(order: &Map<String, Value>, target: &str, source: &str) -> Option<Value> {
    let source = order.get(source)?.as_object()?;
    let is_none = match order.get(target) {
        None => true,
        Some(Value::Object(there)) => {
            let only_country = there
                .keys()
                .all(|name| name == "country_code" || MAY_BE_EMPTY.contains(&name.as_str()))
                && MAY_BE_EMPTY.iter().all(|name| said(there, name).is_none());
            says_nothing(there)
                || only_country && text_of(there, "country_code") == text_of(source, "country_code")
        }
        Some(there) => is_left_out(there),
    };
    (is_none && !says_nothing(source)).then(|| Value::Object(source.clone()))
}

/// Who it is, where that is said elsewhere: the rest of a name goes with the same rest only.
fn names(order: &mut Map<String, Value>, added: &mut Added) {
    let may_be_missing = has_option(order, "addresses_may_be_missing");
    let people = ["customer", ADDRESSES[0], ADDRESSES[1]];
    for target in people {
        let is_address = target != "customer";
        if is_address && may_be_missing {
            continue;
        }
        for (name, other) in [(NAMES[0], NAMES[1]), (NAMES[1], NAMES[0])] {
            let person = |block: &str| order.get(block).and_then(Value::as_object);
            let Some(there) = person(target).filter(|there| said(there, name).is_none()) else {
                continue;
            };
            let rest = text_of(there, other);
            let sources = people.into_iter().filter(|source| *source != target);
            let found = sources.filter_map(person).find_map(|source| {
                let is_same = rest.is_none() || rest == text_of(source, other);
                text_of(source, name).filter(|_| is_same)
            });
            if let Some(found) = found.map(Value::from) {
                added.put(order, &format!("/{target}/{name}"), found);
            }
        }
    }
}

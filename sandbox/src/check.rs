//! The parts of a check that every payload needs: is the field there, and of its kind?
//!
//! A [`Check`] collects sentences, so that all that is wrong can be listed at once. Which
//! fields there must be is known elsewhere: `carts.rs`, `payload.rs` and those of the
//! after-sale calls.

use crate::rules::Rules;
use serde_json::Value;

/// Nothing is said by it: null, or a text of blanks, which is what clients send whose language has no null [C].
pub fn left_out(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().is_empty(),
        other => other.is_null(),
    }
}

/// What a database writes that has no date [C].
pub fn is_no_date(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.starts_with("0000-00-00")
}

/// A reference is a string or a whole number; both are compared as text.
pub fn reference(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub struct Check<'r> {
    pub rules: &'r Rules,
    pub problems: Vec<String>,
}

impl<'r> Check<'r> {
    pub fn new(rules: &'r Rules) -> Self {
        Check {
            rules,
            problems: Vec::new(),
        }
    }

    pub fn report(&mut self, text: impl std::fmt::Display) {
        self.problems.push(format!("Invalid data: {text}"));
    }

    pub fn object<'v>(&mut self, parent: &'v Value, place: &str, field: &str) -> Option<&'v Value> {
        let value = &parent[field];
        if value.is_object() {
            return Some(value);
        }
        self.wrong(value, place, field, "must be an object");
        None
    }

    pub fn text(&mut self, parent: &Value, place: &str, field: &str) {
        let value = &parent[field];
        match value.as_str() {
            Some(text) if text.trim().is_empty() => self.wrong(&Value::Null, place, field, ""),
            Some(_) => {}
            None => self.wrong(value, place, field, "must be a text"),
        }
    }

    pub fn text_or_empty(&mut self, parent: &Value, place: &str, field: &str) {
        let value = &parent[field];
        if !value.is_string() {
            self.wrong(value, place, field, "must be a text");
        }
    }

    /// A text that must be there; that it must say something is a guess, and a rule.
    pub fn text_by_rule(&mut self, says_more: bool, parent: &Value, place: &str, field: &str) {
        match says_more {
            true => self.text(parent, place, field),
            false => self.text_or_empty(parent, place, field),
        }
    }

    pub fn reference(&mut self, parent: &Value, place: &str, field: &str) {
        let value = &parent[field];
        if reference(value).is_none() {
            let value = if left_out(value) { &Value::Null } else { value };
            self.wrong(value, place, field, "must be a text or a number");
        }
    }

    pub fn integer(&mut self, parent: &Value, place: &str, field: &str) {
        let value = &parent[field];
        if !value.is_i64() {
            self.wrong(value, place, field, "must be an integer (cents)");
        }
    }

    /// A list that may be missing; what is none is taken for an empty one.
    pub fn list<'v>(&mut self, parent: &'v Value, place: &str, field: &str) -> &'v [Value] {
        match &parent[field] {
            Value::Array(list) => list,
            none if left_out(none) => &[],
            other => {
                self.wrong(other, place, field, "must be a list");
                &[]
            }
        }
    }

    pub fn required_list<'v>(
        &mut self,
        parent: &'v Value,
        place: &str,
        field: &str,
    ) -> &'v [Value] {
        if parent[field].is_null() {
            self.wrong(&Value::Null, place, field, "");
        }
        self.list(parent, place, field)
    }

    /// An entry of a list.
    pub fn is_object(&mut self, entry: &Value, place: &str) -> bool {
        if !entry.is_object() {
            self.report(format_args!("{place} must be an object"));
        }
        entry.is_object()
    }

    pub fn optional_text(&mut self, parent: &Value, place: &str, field: &str) {
        if !parent[field].is_null() {
            self.text_or_empty(parent, place, field);
        }
    }

    /// If there is a text, it is one of these words.
    pub fn one_of(&mut self, parent: &Value, place: &str, field: &str, words: &[&str]) {
        if let Some(word) = parent[field].as_str()
            && !word.trim().is_empty()
            && !words.contains(&word)
        {
            self.report(format_args!(
                "{} '{word}' is not one of {}",
                within(place, field),
                words.join(", ")
            ));
        }
    }

    /// If there is a text, it is a time of ISO 8601 [D].
    pub fn time(&mut self, parent: &Value, place: &str, field: &str) {
        if let Some(text) = parent[field].as_str()
            && !text.trim().is_empty()
            && text.parse::<jiff::Timestamp>().is_err()
            && text.parse::<jiff::civil::DateTime>().is_err()
        {
            self.report(format_args!(
                "{} '{text}' is not a time like 2014-02-05T19:21:22+01:00",
                within(place, field)
            ));
        }
    }

    /// If there is a text, it has the T of ISO 8601 between date and time; whether it must is a rule.
    pub fn time_by_rule(&mut self, parent: &Value, place: &str, field: &str) {
        if self.rules.times_need_their_t
            && let Some(text) = parent[field].as_str()
            && text.trim().contains(' ')
        {
            self.report(format_args!(
                "{} '{text}' is not a time like 2014-02-05T19:21:22+01:00",
                within(place, field)
            ));
        }
    }

    /// If there is a text, it names a day; whether it must is a rule.
    pub fn day_by_rule(&mut self, parent: &Value, place: &str, field: &str) {
        if self.rules.no_date_is_refused && is_no_date(&parent[field]) {
            self.report(format_args!("{} is not a date", within(place, field)));
        }
    }

    pub fn boolean(&mut self, parent: &Value, place: &str, field: &str) {
        let value = &parent[field];
        if !value.is_boolean() {
            self.wrong(value, place, field, "must be true or false");
        }
    }

    fn wrong(&mut self, value: &Value, place: &str, field: &str, expected: &str) {
        let complaint = if value.is_null() {
            "is required"
        } else {
            expected
        };
        self.report(format_args!("{} {complaint}", within(place, field)));
    }
}

/// The name of a field of something that stands at `place`.
pub fn within(place: &str, field: &str) -> String {
    if place.is_empty() {
        field.to_owned()
    } else {
        format!("{place}.{field}")
    }
}

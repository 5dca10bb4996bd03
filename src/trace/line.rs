//! A line of the trace: a JSON object, whose fields are always in the same order.

use crate::clock::{now_ms, to_text};
use std::fmt::Write;
use std::time::Instant;

/// How every line begins.
pub(super) const BEGINNING: &str = "{\"at\":\"";

/// A line on its way.
pub(super) struct Line(String);

impl Line {
    pub(super) fn of(call: u64, step: &str) -> Line {
        let mut text = String::with_capacity(256);
        let (at, process) = (to_text(now_ms()), std::process::id());
        let _ = write!(
            text,
            "{BEGINNING}{at}\",\"process\":{process},\"call\":{call},\"step\":\"{step}\""
        );
        Line(text)
    }

    /// So long until now.
    pub(super) fn time(&mut self, name: &str, began: Option<Instant>) {
        let ms = began.map(|began| began.elapsed().as_millis() as u64);
        self.number(name, ms);
    }

    pub(super) fn number(&mut self, name: &str, number: Option<u64>) {
        match number {
            Some(number) => self.field(name, &number.to_string()),
            None => self.field(name, "null"),
        }
    }

    pub(super) fn flag(&mut self, name: &str, flag: bool) {
        self.field(name, if flag { "true" } else { "false" });
    }

    pub(super) fn text(&mut self, name: &str, text: Option<&str>) {
        self.field(name, &json(text));
    }

    pub(super) fn words<'a>(&mut self, name: &str, words: impl Iterator<Item = &'a str>) {
        let words: Vec<String> = words.map(|word| json(Some(word))).collect();
        self.field(name, &format!("[{}]", words.join(",")));
    }

    pub(super) fn end(mut self) -> String {
        self.0.push_str("}\n");
        self.0
    }

    fn field(&mut self, name: &str, json: &str) {
        let _ = write!(self.0, ",\"{name}\":{json}");
    }
}

/// In ASCII, so that whatever shows it shows it right.
fn json(text: Option<&str>) -> String {
    match text {
        Some(text) => serde_json::Value::from(text).to_string(),
        None => "null".to_owned(),
    }
}

//! A configuration's object, read strictly, key by key, every problem noted on the way.

use super::folders::{Folders, Lead};
use crate::json::{Reader, Segment, present};
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value};
use std::path::PathBuf;

/// Walks the object once; each getter notes what is wrong and goes on.
pub(super) struct Keys<'a> {
    pub(super) object: &'a Map<String, Value>,
    pub(super) reader: Reader<'a>,
    folders: &'a Folders,
}

/// The most days that anything can be kept.
const MOST_DAYS: i64 = 36_500;

impl<'a> Keys<'a> {
    pub(super) fn of(object: &'a Map<String, Value>, folders: &'a Folders) -> Keys<'a> {
        Keys {
            object,
            reader: Reader::of("The configuration"),
            folders,
        }
    }

    /// Problems and warnings.
    pub(super) fn found(self) -> (Vec<Problem>, Vec<Problem>) {
        self.reader.found()
    }

    /// Notes a problem of a key.
    pub(super) fn wrong(&mut self, key: &'a str, code: ErrorCode, what: &str) {
        self.reader.wrong(key, code, what);
    }

    /// What is allowed, and most likely not meant.
    pub(super) fn warn(&mut self, key: &'a str, what: &str) {
        self.reader
            .inside(Segment::Name(key), |reader| doubtful(reader, what));
    }

    /// A key's value; null counts as absent.
    pub(super) fn value(&self, key: &str) -> Option<&'a Value> {
        present(self.object, key)
    }

    pub(super) fn text(&mut self, key: &'a str) -> Option<&'a str> {
        self.reader.text(self.object, key)
    }

    pub(super) fn required_text(&mut self, key: &'a str) -> Option<&'a str> {
        self.reader.is_given(self.object, key, "");
        self.text(key)
    }

    pub(super) fn choice(
        &mut self,
        key: &'a str,
        allowed: &[&'static str],
    ) -> Option<&'static str> {
        let text = self.text(key)?;
        let found = allowed.iter().copied().find(|value| *value == text);
        if found.is_none() {
            let what = format!("must be one of {}; it is {text:?}.", allowed.join(", "));
            self.wrong(key, ErrorCode::InvalidValue, &what);
        }
        found
    }

    /// A number of days.
    pub(super) fn days(&mut self, key: &'a str, least: i64, default: u32) -> u32 {
        let days = whole(&mut self.reader, self.object, key, least, MOST_DAYS);
        days.map_or(default, |days| days as u32)
    }

    /// A list of texts and numbers; none where the key is not there.
    pub(super) fn texts(&mut self, key: &'a str) -> Vec<String> {
        let wrong = (
            ErrorCode::WrongType,
            "a list of texts, such as [\"A-1\", \"A-2\"]",
        );
        let read = |value: &Value| {
            let text = |entry: &Value| match entry {
                Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            };
            value.as_array()?.iter().map(text).collect()
        };
        self.reader
            .field(self.object, key, wrong, read)
            .unwrap_or_default()
    }

    pub(super) fn object(&mut self, key: &'a str) -> Option<&'a Map<String, Value>> {
        let wrong = (ErrorCode::WrongType, "an object");
        self.reader.field(self.object, key, wrong, Value::as_object)
    }

    /// The file that a path leads to that stands at this place, which may be one of several steps.
    pub(super) fn file(&mut self, place: &[&'a str], path: &str) -> Option<PathBuf> {
        for name in place {
            self.reader.enter(Segment::Name(name));
        }
        if path.chars().any(char::is_control) {
            doubtful(
                &mut self.reader,
                "has control characters in it, such as a TAB or the end of a line. In JSON every backslash of a path is written twice: C:\\\\till\\\\new.journal.",
            );
        }
        let lead = self.folders.lead(&self.reader.pointer(), path);
        for _ in place {
            self.reader.leave();
        }
        match lead {
            Lead::To(path, warning) => {
                if let Some(warning) = warning {
                    self.reader.add_warning(warning);
                }
                Some(path)
            }
            Lead::Unclear(problem) => {
                self.reader.add(problem);
                None
            }
        }
    }
}

/// A whole number of an object of the configuration's.
pub(super) fn whole<'a>(
    reader: &mut Reader<'a>,
    object: &'a Map<String, Value>,
    key: &'a str,
    least: i64,
    most: i64,
) -> Option<i64> {
    reader.whole(object, key, least..=most, [ErrorCode::OutOfRange; 2])
}

/// Notes that what stands here is allowed, and most likely not meant.
pub(super) fn doubtful(reader: &mut Reader, what: &str) {
    reader.warning(ErrorCode::DoubtfulSetting, what, None, None);
}

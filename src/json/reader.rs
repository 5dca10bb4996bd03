//! The one strict reader of what the host gives, once it is JSON: whatever an order, a list of picks, a refund, a report, a
//! query or a configuration says is read by it. It never stops at a problem: whoever corrects one thing at a time would
//! otherwise call once for each.

use super::nearest::nearest;
use super::place::{Segment, place, pointer};
use crate::problem::{Found, Problem};
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value};
use std::ops::RangeInclusive;

/// Where the reading is, and what it has found on the way.
pub struct Reader<'a> {
    whole: &'static str,
    path: Vec<Segment<&'a str>>,
    problems: Found,
    warnings: Found,
}

impl<'a> Reader<'a> {
    /// Begins to read; `whole` is what it all is, at the beginning of a sentence: "The order".
    pub fn of(whole: &'static str) -> Reader<'a> {
        Reader {
            whole,
            path: Vec::new(),
            problems: Found::default(),
            warnings: Found::default(),
        }
    }

    /// Goes one step further down, until [`Reader::leave`].
    pub fn enter(&mut self, step: Segment<&'a str>) {
        self.path.push(step);
    }

    /// Goes back to where it was.
    pub fn leave(&mut self) {
        self.path.pop();
    }

    /// Does something one step further down.
    pub fn inside<T>(
        &mut self,
        step: Segment<&'a str>,
        look: impl FnOnce(&mut Reader<'a>) -> T,
    ) -> T {
        self.enter(step);
        let seen = look(self);
        self.leave();
        seen
    }

    /// The steps to the present place.
    pub fn path(&self) -> &[Segment<&'a str>] {
        &self.path
    }

    /// The RFC 6901 pointer to the present place.
    pub fn pointer(&self) -> String {
        pointer(&self.path)
    }

    /// Notes a problem of the present place; `what` goes on from the place's name.
    pub fn problem(&mut self, code: ErrorCode, what: &str) {
        self.problem_with(code, what, None, None);
    }

    /// The same, with what it should have been and what it is.
    pub fn problem_with(
        &mut self,
        code: ErrorCode,
        what: &str,
        expected: Option<Value>,
        actual: Option<Value>,
    ) {
        let place = (self.whole, self.path.as_slice());
        self.problems
            .note(|| told(place, code, what, expected, actual));
    }

    /// Notes a warning of the present place.
    pub fn warning(
        &mut self,
        code: ErrorCode,
        what: &str,
        expected: Option<Value>,
        actual: Option<Value>,
    ) {
        let place = (self.whole, self.path.as_slice());
        self.warnings
            .note(|| told(place, code, what, expected, actual));
    }

    /// Notes a problem that somebody else has found.
    pub fn add(&mut self, problem: Problem) {
        self.problems.note(|| problem);
    }

    /// Notes a warning that somebody else has found.
    pub fn add_warning(&mut self, warning: Problem) {
        self.warnings.note(|| warning);
    }

    /// Problems and warnings.
    pub fn found(self) -> (Vec<Problem>, Vec<Problem>) {
        (self.problems.into_list(), self.warnings.into_list())
    }

    /// What was made of it all, where nothing was wrong.
    pub fn done<T>(self, made: T) -> Result<T, Vec<Problem>> {
        match self.problems.is_empty() {
            true => Ok(made),
            false => Err(self.problems.into_list()),
        }
    }
}

/// The fields of an object. Null is as good as absent.
impl<'a> Reader<'a> {
    /// Notes a problem of a field of the object at hand.
    pub fn wrong(&mut self, name: &'a str, code: ErrorCode, what: &str) {
        self.inside(Segment::Name(name), |reader| reader.problem(code, what));
    }

    /// The object that stands here, with no other names than these.
    pub fn object(
        &mut self,
        value: &'a Value,
        names: &[&'static str],
    ) -> Option<&'a Map<String, Value>> {
        let Some(object) = value.as_object() else {
            let (is, with) = (type_name(value), names.join(", "));
            let what = format!("is {is} but must be an object with {with}.");
            self.problem(ErrorCode::WrongType, &what);
            return None;
        };
        self.only(object, names);
        Some(object)
    }

    /// Notes every name of an object that is not one of these.
    pub fn only(&mut self, object: &'a Map<String, Value>, names: &[&'static str]) {
        for name in object.keys().filter(|name| !names.contains(&name.as_str())) {
            let meant = match nearest(name, names) {
                Some(near) => format!("Did you mean {near}?"),
                None => format!("Known here: {}.", names.join(", ")),
            };
            let what = format!("is nothing that can stand here. {meant}");
            self.wrong(name, ErrorCode::UnknownKey, &what);
        }
    }

    /// What a field says, where it is there and `fits` takes it; where it does not, the field "must be `what`".
    pub fn field<T>(
        &mut self,
        object: &'a Map<String, Value>,
        name: &'a str,
        (code, what): (ErrorCode, &str),
        fits: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let found = fits(present(object, name)?);
        if found.is_none() {
            self.wrong(name, code, &format!("must be {what}."));
        }
        found
    }

    /// A text that is not empty.
    pub fn text(&mut self, object: &'a Map<String, Value>, name: &'a str) -> Option<&'a str> {
        match present(object, name)? {
            Value::String(text) if text.trim().is_empty() => {
                self.wrong(name, ErrorCode::EmptyText, "must not be empty.");
                None
            }
            Value::String(text) => Some(text),
            _ => {
                self.wrong(name, ErrorCode::WrongType, "must be a text.");
                None
            }
        }
    }

    /// A whole number within a range; one that is outside of it has the code `outside`, anything else `other`.
    pub fn whole(
        &mut self,
        object: &'a Map<String, Value>,
        name: &'a str,
        range: RangeInclusive<i64>,
        [outside, other]: [ErrorCode; 2],
    ) -> Option<i64> {
        let value = present(object, name)?;
        let number = value.as_i64();
        if let Some(number) = number.filter(|number| range.contains(number)) {
            return Some(number);
        }
        let what = format!(
            "must be a whole number from {} to {}.",
            range.start(),
            range.end()
        );
        let code = if number.is_some() { outside } else { other };
        let actual = value.is_number().then(|| value.clone());
        self.inside(Segment::Name(name), |reader| {
            reader.problem_with(code, &what, None, actual)
        });
        None
    }

    /// Whether a field is there that must be.
    pub fn is_given(&mut self, object: &Map<String, Value>, name: &'a str, what: &str) -> bool {
        let is_given = present(object, name).is_some();
        if !is_given {
            self.wrong(
                name,
                ErrorCode::MissingField,
                &format!("is required{what}."),
            );
        }
        is_given
    }
}

fn told(
    (whole, path): (&str, &[Segment<&str>]),
    code: ErrorCode,
    what: &str,
    expected: Option<Value>,
    actual: Option<Value>,
) -> Problem {
    let place = match path {
        [] => whole.to_owned(),
        path => place(path),
    };
    Problem {
        code,
        message: format!("{place} {what}"),
        pointer: Some(pointer(path)),
        expected,
        actual,
        operator_message: None,
    }
}

/// A field that is there; null is as good as absent, everywhere.
pub fn present<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| !value.is_null())
}

/// Whether a value says nothing: null, or a text of nothing but blanks. A till whose language has no null writes an
/// empty text, and one whose texts have a fixed length pads it; blank is whatever Unicode calls white space.
pub fn is_left_out(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().is_empty(),
        other => other.is_null(),
    }
}

/// A field of an order that is there and says something.
pub fn said<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| !is_left_out(value))
}

/// What a value is, as a message says it.
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

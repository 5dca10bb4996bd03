//! JSON that the host gives, read strictly.
//!
//! What serde_json passes over in silence is refused, with its place: a key given twice (the last one would count), a
//! number that would not be passed on as it stands, a NUL (which ends a text for every C program). Nothing is read that
//! is too large, or nested so deeply that whoever walks over it would need much stack.

use super::glance::Glance;
use super::look::{Look, too_large};
use super::strictly::{Noted, strictly};
use crate::limits;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use serde_json::Value;
use zeroize::Zeroize;

/// Reads what the host gives, at most `most` bytes of it. `what` it is begins the messages: "The order".
/// On failure everything that is wrong; a syntax error is [`ErrorCode::InvalidJson`], and alone.
pub fn given(what: &str, text: &str, most: usize) -> Result<Value, Vec<Problem>> {
    if text.len() > most {
        return Err(vec![too_many_bytes(what, text.len(), most)]);
    }
    // A byte order mark before it does no harm.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let glance = Glance::of(text.as_bytes());
    let depth = glance.depth;
    if depth > limits::DEPTH {
        let message = format!(
            "{what} has objects and lists nested {depth} deep; at most {} levels are read.",
            limits::DEPTH
        );
        return Err(vec![too_large(
            String::new(),
            message,
            limits::DEPTH,
            depth,
        )]);
    }
    let noted = Noted::default();
    let value = strictly(text, &noted).map_err(|error| {
        let message = format!("{what} is not JSON: {error}. Correct the text at that place.");
        vec![Problem::new(ErrorCode::InvalidJson, message)]
    })?;
    if !glance.doubtful && !noted.twice.get() && !noted.long.get() {
        return Ok(value);
    }
    let found = Look::at(text);
    match found.is_empty() {
        true => Ok(value),
        false => Err(found.into_list()),
    }
}

/// Problems of what may or may not stand within an outer key, with their places within it: whoever gets
/// them takes both for the same.
pub fn within(outer: &str, problems: Vec<Problem>) -> Vec<Problem> {
    let inside = |problem: Problem| {
        let inner = problem.pointer.as_deref().and_then(|pointer| {
            let rest = pointer.strip_prefix('/')?.strip_prefix(outer)?;
            rest.starts_with('/').then(|| rest.to_owned())
        });
        match inner {
            None => problem,
            Some(pointer) => Problem {
                message: match problem.message.split_once('.') {
                    Some((first, rest)) if first == outer => rest.to_owned(),
                    _ => problem.message,
                },
                pointer: Some(pointer),
                ..problem
            },
        }
    };
    problems.into_iter().map(inside).collect()
}

/// Overwrites every text in a value.
pub fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        _ => {}
    }
}

/// Of a text as a whole.
pub fn too_many_bytes(what: &str, is: usize, most: usize) -> Problem {
    let message = format!("{what} has {is} bytes; at most {most} are taken.");
    too_large(String::new(), message, most, is)
}

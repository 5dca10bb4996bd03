//! What seQura last said no to, of each order: until something of it is done after all, or the order is
//! finished otherwise. Codes and fields, nothing of seQura's words, nothing of the shopper.

use super::door::Door;
use super::error::Result;
use crate::lifecycle::Step;
use crate::limits;
use crate::problem::{ENDS, Problem, listed};
use crate::status::Status;
use crate::vocabulary::ErrorCode;
use rusqlite::{Transaction, params};
use serde_json::{Value, json};

/// A no of seQura's, or of the journal in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// To which step.
    pub step: Step,
    /// Which status the till was told.
    pub status: Status,
    /// Its errors, without their messages.
    pub errors: Vec<Problem>,
}

impl Refusal {
    /// What is kept of what a call came to; `None`: nobody said no.
    pub fn of(step: Step, status: Status, errors: &[Problem]) -> Option<Refusal> {
        (status.class() == 2).then(|| Refusal {
            step,
            status,
            errors: kept(errors),
        })
    }

    /// What is kept of a start that seQura has taken so often without saying where the order is that only seQura can
    /// help: to ask once more would be one more order that nobody will use.
    pub fn of_a_start(errors: &[Problem]) -> Refusal {
        Refusal {
            step: Step::Start,
            status: Status::BadResponse,
            errors: kept(errors),
        }
    }

    /// Whether it is one of those.
    pub fn is_of_a_start(&self) -> bool {
        (self.step, self.status) == (Step::Start, Status::BadResponse)
    }

    /// Whether it stands for what nobody has answered, and was open in a copy that the journal was made of.
    pub fn is_of_a_copy(&self) -> bool {
        self.errors
            .iter()
            .any(|error| error.code == ErrorCode::JournalRestored)
    }

    /// Its errors as callers see them later.
    pub fn errors_to_json(&self) -> Value {
        without_words(&self.errors)
    }

    /// As the journal kept it; none: by a version that knows other words.
    pub(super) fn read(step: &str, status: i32, errors: &str) -> Option<Refusal> {
        let errors: Vec<Value> = serde_json::from_str(errors).ok()?;
        let problem = |kept: &Value| {
            let present = |name: &str| kept.get(name).filter(|value| !value.is_null()).cloned();
            let code = kept.get("code").and_then(Value::as_str).unwrap_or_default();
            Problem {
                code: ErrorCode::from_word(code).unwrap_or(ErrorCode::Unrecognised),
                message: String::new(),
                pointer: present("pointer").and_then(|value| value.as_str().map(str::to_owned)),
                expected: present("expected"),
                actual: present("actual"),
                operator_message: None,
            }
        };
        Some(Refusal {
            step: Step::from_word(step)?,
            status: Status::from_code(status)?,
            errors: errors.iter().map(problem).collect(),
        })
    }

    pub(super) fn keep(&self, transaction: &Transaction, order_id: i64) -> Result<()> {
        transaction
            .run(
                "INSERT OR REPLACE INTO refusals (order_id, step, status, errors) VALUES (?1, ?2, ?3, ?4)", params![
                order_id,
                self.step.as_str(),
                self.status.code(),
                self.errors_to_json().to_string()
            ])?;
        Ok(())
    }
}

/// Something was done after all, or nothing is asked for the order any more: what was refused before is past.
pub(super) fn forget(transaction: &Transaction, order_id: i64) -> Result<()> {
    transaction.run("DELETE FROM refusals WHERE order_id = ?1", [order_id])?;
    Ok(())
}

/// An amount says nothing of the shopper, nor does a word of ours; another text might.
fn bare_value(value: &Option<Value>) -> Option<Value> {
    let is_word = |value: &Value| value.as_str().is_some_and(|text| ENDS.contains(&text));
    value
        .clone()
        .filter(|value| value.is_i64() || is_word(value))
}

/// Codes and figures of errors, and nothing of what was said.
pub fn without_words(errors: &[Problem]) -> Value {
    let shown = |problem: &Problem| {
        json!({
            "code": problem.code.as_str(),
            "pointer": problem.pointer,
            "expected": problem.expected,
            "actual": problem.actual,
        })
    };
    kept(errors).iter().map(shown).collect()
}

fn kept(errors: &[Problem]) -> Vec<Problem> {
    let bare = |problem: &Problem| Problem {
        code: problem.code,
        message: String::new(),
        pointer: problem.pointer.clone(),
        expected: bare_value(&problem.expected),
        actual: bare_value(&problem.actual),
        operator_message: None,
    };
    listed(errors.iter().map(bare).collect(), limits::LOG_ERRORS)
}

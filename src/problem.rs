//! What is wrong with something: one entry of `errors` or of `warnings`, and lists of them.

use crate::limits;
use crate::vocabulary::ErrorCode;
use serde::Serialize;
use serde_json::Value;

/// One entry of `errors` or `warnings`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// Which kind, from the closed list.
    pub code: ErrorCode,
    /// What and where and what to do, in English; for a refusal of seQura's its own words, verbatim.
    pub message: String,
    /// JSON pointer into the order (or configuration) that the problem is about.
    pub pointer: Option<String>,
    /// What it should have been, where that can be said; an amount is in cents.
    pub expected: Option<Value>,
    /// What it is; an amount is in cents.
    pub actual: Option<Value>,
    /// For the person at the till, in a sentence: of an order that is wrong, or looked at before it is sent.
    pub operator_message: Option<String>,
}

impl Problem {
    /// A problem of the call as a whole.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Problem {
        Problem {
            code,
            message: message.into(),
            pointer: None,
            expected: None,
            actual: None,
            operator_message: None,
        }
    }

    /// A problem at a place.
    pub fn at(code: ErrorCode, pointer: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem {
            pointer: Some(pointer.into()),
            ..Problem::new(code, message)
        }
    }

    /// seQura does not finance this purchase.
    pub(crate) fn is_rejection(&self) -> bool {
        let end = self.actual.as_ref().and_then(Value::as_str);
        self.code == ErrorCode::Gone && end == Some(REJECTED)
    }

    /// How many others it stands for, where that is all it says.
    fn not_listed(&self) -> Option<usize> {
        let more = self.actual.as_ref().and_then(Value::as_u64);
        more.filter(|_| self.code == ErrorCode::MoreErrors)
            .map(|more| more as usize)
    }
}

/// Problems as they are found: as many as a result lists, and how many more there are.
#[derive(Clone, Debug, Default)]
pub struct Found {
    listed: Vec<Problem>,
    more: usize,
}

impl Found {
    /// Notes one; it is made only where it will be listed.
    pub fn note(&mut self, problem: impl FnOnce() -> Problem) {
        match self.has_room() {
            true => self.listed.push(problem()),
            false => self.more += 1,
        }
    }

    /// So many more, which are not even made.
    pub fn count(&mut self, more: usize) {
        self.more += more;
    }

    /// Whether the next one will be listed.
    fn has_room(&self) -> bool {
        self.listed.len() < limits::ERRORS
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// All that are listed; the last entry says how many are not.
    pub fn into_list(self) -> Vec<Problem> {
        let mut list = self.listed;
        if self.more > 0 {
            list.push(not_listed(self.more));
        }
        listed(list, limits::ERRORS)
    }
}

/// So many problems at most: of more, the last entry says how many.
pub fn listed(mut problems: Vec<Problem>, most: usize) -> Vec<Problem> {
    let total = count(&problems);
    problems.retain(|problem| problem.not_listed().is_none());
    if total > most {
        problems.truncate(most - 1);
    }
    match total - problems.len() {
        0 => {}
        more => problems.push(not_listed(more)),
    }
    problems
}

fn not_listed(more: usize) -> Problem {
    Problem {
        actual: Some(more.into()),
        ..Problem::new(
            ErrorCode::MoreErrors,
            format!("There are {more} more, which are not listed."),
        )
    }
}

/// What seQura says has become of an order that can no longer be used, as `actual` has it.
pub const ENDS: [&str; 3] = [REJECTED, "cancelled", "expired"];
/// It does not finance the purchase.
const REJECTED: &str = "rejected";

/// How many there are, those that are not listed too.
pub(crate) fn count(problems: &[Problem]) -> usize {
    problems
        .iter()
        .map(|one| one.not_listed().unwrap_or(1))
        .sum()
}

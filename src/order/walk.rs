//! Where a check is in an order, and what it has found there.

use crate::json;
use crate::problem::{Found, Problem};
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value};

pub(super) type Step<'a> = json::Step<&'a str>;

/// Where the walk is, and what it has found so far.
pub(super) struct Walk<'a> {
    pub order: &'a Map<String, Value>,
    path: Vec<Step<'a>>,
    /// Whether this is the shopper's own: then no value goes into a message.
    pub personal: bool,
    problems: Found,
    warnings: Found,
}

impl<'a> Walk<'a> {
    pub fn of(order: &'a Map<String, Value>) -> Walk<'a> {
        Walk {
            order,
            path: Vec::new(),
            personal: false,
            problems: Found::default(),
            warnings: Found::default(),
        }
    }

    /// Problems and warnings.
    pub fn found(self) -> (Vec<Problem>, Vec<Problem>) {
        (self.problems.into_list(), self.warnings.into_list())
    }

    /// Does something one step further down.
    pub fn inside(&mut self, step: Step<'a>, look: impl FnOnce(&mut Walk<'a>)) {
        self.path.push(step);
        look(self);
        self.path.pop();
    }

    /// Notes a problem of the present place; `what` goes on from the place's name.
    pub fn problem(&mut self, code: ErrorCode, what: &str) {
        self.problem_with(code, what, None, None);
    }

    pub fn problem_with(
        &mut self,
        code: ErrorCode,
        what: &str,
        expected: Option<Value>,
        actual: Option<Value>,
    ) {
        let path = &self.path;
        self.problems
            .note(|| note(path, code, what, expected, actual));
    }

    pub fn warning(
        &mut self,
        code: ErrorCode,
        what: &str,
        expected: Option<Value>,
        actual: Option<Value>,
    ) {
        let path = &self.path;
        self.warnings
            .note(|| note(path, code, what, expected, actual));
    }

    /// Whether the walk is at this block of the order.
    pub fn is_at(&self, block: &str) -> bool {
        matches!(self.path.as_slice(), [Step::Name(name)] if *name == block)
    }
}

fn note(
    path: &[Step],
    code: ErrorCode,
    what: &str,
    expected: Option<Value>,
    actual: Option<Value>,
) -> Problem {
    Problem {
        code,
        message: format!("{} {what}", json::place(path)),
        pointer: Some(json::pointer(path)),
        expected,
        actual,
    }
}

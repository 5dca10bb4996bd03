//! Where a check is in an order, and what it has found there.

use crate::json::{self, Reader};
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value};

pub(super) type Segment<'a> = json::Segment<&'a str>;

/// How much of an address that need not be there is left out.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Blank {
    Whole,
    Part,
}

/// A reading of an order.
pub(super) struct Walk<'a> {
    pub order: &'a Map<String, Value>,
    /// Whether this is the shopper's own: then no value goes into a message.
    pub personal: bool,
    /// Set in an address that need not be there.
    pub address: Option<Blank>,
    reader: Reader<'a>,
}

impl<'a> Walk<'a> {
    pub fn of(order: &'a Map<String, Value>) -> Walk<'a> {
        Walk {
            order,
            personal: false,
            address: None,
            reader: Reader::of("The order"),
        }
    }

    /// Problems and warnings.
    pub fn found(self) -> (Vec<Problem>, Vec<Problem>) {
        self.reader.found()
    }

    /// Does something one step further down.
    pub fn inside(&mut self, step: Segment<'a>, look: impl FnOnce(&mut Walk<'a>)) {
        self.reader.enter(step);
        look(self);
        self.reader.leave();
    }

    /// Notes a problem of the present place; `what` goes on from the place's name.
    pub fn problem(&mut self, code: ErrorCode, what: &str) {
        self.reader.problem(code, what);
    }

    pub fn problem_with(
        &mut self,
        code: ErrorCode,
        what: &str,
        expected: Option<Value>,
        actual: Option<Value>,
    ) {
        self.reader.problem_with(code, what, expected, actual);
    }

    pub fn warning(
        &mut self,
        code: ErrorCode,
        what: &str,
        expected: Option<Value>,
        actual: Option<Value>,
    ) {
        self.reader.warning(code, what, expected, actual);
    }

    /// Whether the walk is at this block of the order.
    pub fn is_at(&self, block: &str) -> bool {
        matches!(self.reader.path(), [Segment::Name(name)] if *name == block)
    }
}

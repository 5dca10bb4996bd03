//! The order that a call is given, and what it leaves out that the journal knows.

use crate::journal::Record;
use crate::order::{Order, Written};

/// The order that the call was given.
// A call has one.
#[allow(clippy::large_enum_variant)]
pub(super) enum Given {
    /// None: the journal has it.
    Nothing,
    Order(Order),
    /// Completed, checked, and as it is sent.
    Prepared(Written),
}

/// A till that rebuilds its order leaves out a reference that it gave before: seQura has it from then, and so
/// the order keeps it. Another one that is given takes its place.
pub(super) fn with_known_references(record: Option<&Record>, given: Order) -> Order {
    let Some(record) = record else {
        return given;
    };
    let is_left_out =
        |given: Option<String>, known: &Option<String>| given.is_none() && known.is_some();
    if is_left_out(given.order_ref_1(), &record.order_ref_1)
        || is_left_out(given.order_ref_2(), &record.order_ref_2)
    {
        let known = record.content().ok().flatten();
        return match known {
            Some(known) => given.with_references_of(known.order()),
            None => given,
        };
    }
    given
}

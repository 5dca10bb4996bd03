//! The order that a call gives, as it was begun: what the library adds to an order today it may not have added when the
//! order was started, by an earlier version or with another configuration. What was approved is what is confirmed.

use super::target::Target;
use crate::journal::Record;
use crate::order::{Order, Written};
use crate::preparation::Prepared;
use crate::shop::Shop;

/// The order as it is sent; `record`: what the journal has of it.
pub(super) fn as_begun(
    shop: &Shop,
    target: &Target,
    record: Option<&Record>,
    prepared: Prepared,
) -> Written {
    let written = Written::new(prepared.order);
    if prepared.added.is_empty() {
        return written;
    }
    let given = || Written::new(written.order().clone().without(&prepared.added));
    let is = |record: &Record, one: &Written| {
        record.fingerprint.as_deref() == Some(record.fingerprint_of(one))
    };
    let begun = match (record, target) {
        (Some(record), _) if is(record, &written) => None,
        (Some(record), _) => Some(given()).filter(|given| is(record, given)),
        (None, Target::New) => Some(given()).filter(|given| {
            let endpoint = shop.endpoint().as_str();
            let begun = shop
                .journal()
                .unanswered_start(endpoint, given.fingerprint());
            begun.is_ok_and(|begun| begun.is_some())
        }),
        (None, _) => None,
    };
    begun.unwrap_or(written)
}

/// The lines that the order had before, where those that are given now miss their total by so little that a line for
/// rounding may be what they lack.
pub(super) fn kept_lines(record: &Record, given: &Order) -> Option<Order> {
    match given.is_unrounded() {
        true => Order::kept(&record.carts()?),
        false => None,
    }
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

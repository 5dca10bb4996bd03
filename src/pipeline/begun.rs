//! The order that a call gives, as it was begun: what the library adds to an order today it may not have added when the
//! order was started, by an earlier version or with another configuration. What was approved is what is confirmed.

use super::target::Target;
use crate::journal::Record;
use crate::order::Written;
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

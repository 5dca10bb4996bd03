//! The order that a call is given, and what the journal makes of it: how it was begun is how it goes on.

use crate::config::GoodsLeave;
use crate::journal::Record;
use crate::lifecycle::Step;
use crate::order::{Order, Written};
use crate::problem::Problem;
use crate::shop::Shop;
use crate::vocabulary::ErrorCode;

/// The order that the call was given.
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

/// The order as it is sent. Where its goods leave with it, that is said by its carts; an order that was begun goes on as
/// it was begun, whatever the configuration says by now.
pub(super) fn with_delivery(shop: &Shop, record: Option<&Record>, order: Order) -> Written {
    if !order.leaves_delivery_open() {
        return Written::new(order);
    }
    let Some(record) = record else {
        return match shop.config().goods_leave {
            GoodsLeave::WithTheOrder => Written::new(order.with_everything_shipped()),
            GoodsLeave::Later | GoodsLeave::AfterTheSale => Written::new(order),
        };
    };
    let shipped = |order: Order| Written::new(order.with_everything_shipped());
    match record.is_begun_shipped() {
        // What was refused is said the other way.
        Some(is_shipped) if is_shipped == may_be_begun_otherwise(shop, record) => {
            Written::new(order)
        }
        Some(_) => shipped(order),
        // What it was begun as went with the shopper's data: it is known by its fingerprint.
        None => {
            let other = shipped(order.clone());
            match record.fingerprint.as_deref() == Some(other.fingerprint()) {
                true => other,
                false => Written::new(order),
            }
        }
    }
}

/// Whether seQura has refused as a changed cart what another journal began: nobody here knows whether as one cart or as
/// shipped.
pub(crate) fn may_be_begun_otherwise(shop: &Shop, record: &Record) -> bool {
    let is_changed = |error: &Problem| error.code == ErrorCode::CartChanged;
    let refusal = record.refusal.as_ref();
    let begun_here = || shop.journal().answered_step(record.id, Step::Start);
    shop.config().goods_leave == GoodsLeave::WithTheOrder
        && refusal.is_some_and(|refusal| refusal.errors.iter().any(is_changed))
        && begun_here().is_ok_and(|begun| begun.is_none())
}

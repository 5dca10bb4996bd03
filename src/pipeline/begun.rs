//! The order that a call gives, as it was begun: what the library adds to an order today, and whether its goods leave with
//! it, may have been otherwise when the order was started, by an earlier version or with another configuration. What was
//! approved is what is confirmed.

use super::target::Target;
use crate::config::GoodsLeave;
use crate::journal::Record;
use crate::lifecycle::{State, Step};
use crate::order::{Before, Kept, Order, Written};
use crate::preparation::Prepared;
use crate::problem::Problem;
use crate::shop::Shop;
use crate::vocabulary::ErrorCode;

/// The order as it is sent; `record`: what the journal has of it.
pub(super) fn as_begun(
    shop: &Shop,
    target: &Target,
    record: Option<&Record>,
    prepared: Prepared,
) -> Written {
    let Prepared { order, added, .. } = prepared;
    let shapes = shapes(shop, record, &order);
    if let [leaves] = shapes
        && added.is_empty()
    {
        return written(order, *leaves);
    }
    let first = written(order.clone(), shapes[0]);
    let is_begun = |one: &Written| match (record, target) {
        (Some(record), _) => record.fingerprint.as_deref() == Some(record.fingerprint_of(one)),
        (None, Target::New) => {
            let endpoint = shop.endpoint().as_str();
            let begun = shop.journal().unanswered_start(endpoint, one.fingerprint());
            begun.is_ok_and(|begun| begun.is_some())
        }
        (None, _) => false,
    };
    if is_begun(&first) {
        return first;
    }
    let as_given = match added.is_empty() {
        true => None,
        false => Some(order.clone().without(&added)),
    };
    let others = shapes[1..]
        .iter()
        .map(|leaves| written(order.clone(), *leaves));
    let given = shapes
        .iter()
        .filter_map(|leaves| Some(written(as_given.clone()?, *leaves)));
    others.chain(given).find(is_begun).unwrap_or(first)
}

/// Whether the order's goods leave with it, as far as that is known; of two, the first is the likelier.
fn shapes(shop: &Shop, record: Option<&Record>, order: &Order) -> &'static [bool] {
    if !order.leaves_delivery_open() {
        return &[false];
    }
    let leaves = match record {
        None => Some(shop.config().goods_leave == GoodsLeave::WithTheOrder),
        // What it was begun as goes with the shopper's data: it is known by its fingerprint then.
        Some(record) => record
            .is_begun_shipped()
            .map(|is_shipped| is_shipped != may_be_otherwise(shop, record)),
    };
    match leaves {
        Some(true) => &[true],
        Some(false) => &[false],
        None => &[false, true],
    }
}

fn written(order: Order, goods_leave: bool) -> Written {
    Written::new(match goods_leave {
        true => order.with_everything_shipped(),
        false => order,
    })
}

/// Whether seQura has refused as a changed cart what another journal began: nobody here knows whether its goods left with
/// it, and so it is said the other way. What has no answer stays as it was sent.
pub(crate) fn may_be_otherwise(shop: &Shop, record: &Record) -> bool {
    let is_changed = |error: &Problem| error.code == ErrorCode::CartChanged;
    let refusal = record.refusal.as_ref();
    let begun_here = || shop.journal().answered_step(record.id, Step::Start);
    record.life.state == State::Conflicted
        && record.open.is_none()
        && refusal.is_some_and(|refusal| refusal.errors.iter().any(is_changed))
        && begun_here().is_ok_and(|begun| begun.is_none())
}

/// The order as it was before, where the lines that are given now miss their total by so little that a line for rounding
/// may be what they lack.
pub(super) fn kept_lines(record: &Record, given: &Order) -> Option<Kept> {
    if !given.is_unrounded() {
        return None;
    }
    let is = match record.life.state {
        State::Conflicted => Before::Refused,
        state if state.is_confirmed() => Before::Sold,
        _ => Before::Begun,
    };
    let order = Order::kept(&record.carts()?)?;
    Some(Kept { order, is })
}

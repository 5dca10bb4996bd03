//! The last step of a sale whose goods leave after it: seQura is told that everything was shipped.

use super::asked::Asked;
use super::change::Change;
use super::resolve::add_platform;
use super::sold_order::SoldOrder;
use crate::address::leads_elsewhere;
use crate::config::GoodsLeave;
use crate::journal::Record;
use crate::lifecycle::Life;
use crate::limits;
use crate::order::Written;
use crate::shop::Shop;
use serde_json::Map;

/// Where a step leaves an order, and what stands beside it in the journal, where that is the sale's last step. `sold`: the
/// order, where the step has settled it. `record`: it as the journal had it before; what a copy of the journal had of it
/// (`journal/copies.rs`) may have been settled, shipped and paid back since then, and is shipped by a person who has looked.
pub(crate) fn with_last_step(
    shop: &Shop,
    life: Life,
    (sold, record): (Option<&Written>, Option<&Record>),
) -> (Life, Option<String>) {
    let is_of_a_copy = |record| shop.journal().is_from_a_copy(record);
    let sold = sold.filter(|_| !record.is_some_and(is_of_a_copy));
    match sold.and_then(|sold| last_step(shop, sold)) {
        Some(change) => (life.still_to_ship(), Some(change)),
        None => (life, None),
    }
}

/// The shipment of an order that has just been sold, as the journal keeps it; `None`: it is not the sale's to tell. An
/// order that was begun before the configuration had its goods leave with it was confirmed as it was begun: its shipment is
/// told after it.
fn last_step(shop: &Shop, sold: &Written) -> Option<String> {
    let leaves_later = shop.config().goods_leave == GoodsLeave::Later;
    if leaves_later || !sold.order().leaves_delivery_open() {
        return None;
    }
    // What no address can have is told in seQura's portal.
    let order_ref_1 = sold.facts().order_ref_1.as_deref()?;
    if leads_elsewhere(order_ref_1) {
        return None;
    }
    let mut present = SoldOrder::kept(&sold.carts())?;
    add_platform(shop, &mut present.base);
    let asked = Asked::Ship(None);
    let change = Change {
        step: asked.step(),
        asked: asked.fingerprint(),
        approved: present.approved,
        carts: present.carts.ship(None).ok()?,
        base: present.base,
        more: Map::new(),
        ships: true,
        adopts: false,
        ends_sale: true,
        earlier: None,
    };
    Some(change.to_json()).filter(|kept| kept.len() <= limits::STEP_BYTES)
}

//! What a report tells of: what the till gave, and what the journal has of the orders.

use crate::changes::SoldOrder;
use crate::clock;
use crate::journal::{Record, Shipped};
use crate::order::TwoCarts;
use crate::shop::Shop;
use serde_json::{Map, Value, json};

/// A new report, complete: what the till gave, and for the rest what the journal and the configuration
/// have.
pub(super) fn content(
    shop: &Shop,
    merchant_id: &str,
    given: Option<&Map<String, Value>>,
    orders: &[Shipped],
) -> String {
    let mut report = Map::new();
    report.insert("merchant".to_owned(), json!({"id": merchant_id}));
    let mut platform = shop.config().order_defaults.get("platform").cloned();
    let delivered = orders.iter().filter_map(|(record, shipped_at)| {
        let (order, sold_with) = delivered(record, *shipped_at)?;
        platform = sold_with.or(platform.take());
        Some(order)
    });
    report.insert("orders".to_owned(), delivered.collect());
    if let Some(platform) = platform {
        report.insert("platform".to_owned(), platform);
    }
    for (name, value) in given.into_iter().flatten() {
        if name != "merchant" {
            report.insert(name.clone(), value.clone());
        }
    }
    Value::Object(report).to_string()
}

/// An order as a report tells of it, and the platform that it was sold with. `None`: nothing of it is delivered and
/// kept any more. Of the shopper a journal has nothing.
fn delivered(record: &Record, shipped_at: i64) -> Option<(Value, Option<Value>)> {
    let mut present = SoldOrder::of(record)?;
    if present.carts.shipped.is_empty() {
        return None;
    }
    let mut order = json!({
        "state": "shipped",
        "sent_at": clock::to_text(shipped_at),
        "merchant_reference": {"order_ref_1": record.order_ref_1},
        "cart": TwoCarts::for_sequra(&present.carts.shipped),
        "remaining_cart": TwoCarts::for_sequra(&present.carts.unshipped),
    });
    if let Some(order_ref_2) = &record.order_ref_2 {
        order["merchant_reference"]["order_ref_2"] = order_ref_2.as_str().into();
    }
    if let Some(method) = present.base.get("delivery_method") {
        order["delivery_method"] = method.clone();
    }
    Some((order, present.base.remove("platform")))
}

//! A settled order as the journal has it: its carts, its figures.

use crate::journal::Record;
use crate::order::{Cart, Cents, TwoCarts};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What is kept of an order besides its carts; nothing of the shopper.
pub(super) const BASE: [&str; 4] = [
    "merchant",
    "merchant_reference",
    "platform",
    "delivery_method",
];

/// A settled order as it is, or as it will be when seQura has taken what is open.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SoldOrder {
    pub(crate) approved: i64,
    pub(crate) base: Map<String, Value>,
    pub(crate) carts: TwoCarts,
}

impl SoldOrder {
    /// What the journal has of an order that was confirmed.
    pub(crate) fn of(record: &Record) -> Option<SoldOrder> {
        SoldOrder::kept(&record.carts()?)
    }

    /// The same from what is kept of it.
    pub(super) fn kept(text: &str) -> Option<SoldOrder> {
        SoldOrder::from_kept(serde_json::from_str(text).ok()?)
    }

    /// The same, already read. With an amount that no sale comes to it is none that this library has kept.
    pub(crate) fn from_kept(mut kept: Map<String, Value>) -> Option<SoldOrder> {
        let carts = TwoCarts::taken_from(&mut kept).filter(TwoCarts::is_sane)?;
        let approved = kept.get("approved").and_then(Value::as_i64);
        let approved = approved.filter(|cents| Cents(*cents).is_sane());
        kept.retain(|name, _| BASE.contains(&name.as_str()));
        if let Some(Value::Object(merchant)) = kept.get_mut("merchant") {
            merchant.retain(|name, _| name == "id" || name == "store_ref");
        }
        Some(SoldOrder {
            approved: approved.unwrap_or_else(|| carts.total().0),
            base: kept,
            carts,
        })
    }

    /// As the journal keeps it.
    pub(crate) fn to_kept(&self) -> String {
        to_json(self.approved, &self.base, &self.carts)
    }

    /// What was shipped, in a word.
    pub(crate) fn delivery(&self) -> &'static str {
        delivery(&self.carts)
    }

    /// The order's figures, cents.
    pub(crate) fn figures(&self) -> Value {
        let total = |cart: &Cart| cart.total().unwrap_or_default().0;
        let owed = self.carts.total().0;
        json!({
            "delivery": self.delivery(),
            "approved": self.approved,
            "unshipped": total(&self.carts.unshipped),
            "shipped": total(&self.carts.shipped),
            "refunded": (self.approved - owed).max(0),
            "owed": owed,
        })
    }
}

/// As the journal keeps it.
pub(super) fn to_json(approved: i64, base: &Map<String, Value>, carts: &TwoCarts) -> String {
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Field<'a> {
        Said(&'a Value),
        Cents(i64),
        Cart(&'a Map<String, Value>),
    }
    let mut kept: BTreeMap<&str, Field> = base
        .iter()
        .map(|(name, value)| (name.as_str(), Field::Said(value)))
        .collect();
    kept.insert("approved", Field::Cents(approved));
    kept.insert("unshipped_cart", Field::Cart(carts.unshipped.document()));
    kept.insert("shipped_cart", Field::Cart(carts.shipped.document()));
    serde_json::to_string(&kept).expect("a kept order has a JSON form")
}

/// What of these carts was shipped, in a word.
pub(crate) fn delivery(carts: &TwoCarts) -> &'static str {
    let none = |cart: &Cart| cart.is_empty();
    match (none(&carts.unshipped), none(&carts.shipped)) {
        (true, true) => "refunded",
        (true, false) => "shipped",
        (false, true) => "unshipped",
        (false, false) => "partly_shipped",
    }
}

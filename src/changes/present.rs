//! A settled order as the journal has it: its carts, its figures.

use crate::journal::Record;
use crate::order::{Cart, TwoCarts};
use serde_json::{Map, Value, json};

/// What is kept of an order besides its carts; nothing of the shopper.
pub(super) const BASE: [&str; 4] = [
    "merchant",
    "merchant_reference",
    "platform",
    "delivery_method",
];

/// A settled order as it is, or as it will be when seQura has taken what is open.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Present {
    pub(crate) approved: i64,
    pub(crate) base: Map<String, Value>,
    pub(crate) carts: TwoCarts,
}

impl Present {
    /// What the journal has of an order that was confirmed.
    pub(crate) fn of(record: &Record) -> Option<Present> {
        let kept: Value = serde_json::from_str(&record.carts()?).ok()?;
        let kept = kept.as_object()?;
        let carts = TwoCarts::of_order(kept)?;
        let mut base = kept.clone();
        base.retain(|name, _| BASE.contains(&name.as_str()));
        if let Some(Value::Object(merchant)) = base.get_mut("merchant") {
            merchant.retain(|name, _| name == "id" || name == "store_ref");
        }
        Some(Present {
            approved: kept
                .get("approved")
                .and_then(Value::as_i64)
                .unwrap_or_else(|| carts.total().0),
            base,
            carts,
        })
    }

    pub(super) fn to_json(&self) -> String {
        let mut kept = self.base.clone();
        kept.insert("approved".to_owned(), self.approved.into());
        let cart = |cart: &Cart| Value::Object(cart.document().clone());
        kept.insert("unshipped_cart".to_owned(), cart(&self.carts.unshipped));
        kept.insert("shipped_cart".to_owned(), cart(&self.carts.shipped));
        Value::Object(kept).to_string()
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

/// What of these carts was shipped, in a word.
pub(crate) fn delivery(carts: &TwoCarts) -> &'static str {
    let none = |cart: &Cart| cart.items().is_empty();
    match (none(&carts.unshipped), none(&carts.shipped)) {
        (true, true) => "refunded",
        (true, false) => "shipped",
        (false, true) => "unshipped",
        (false, false) => "partly_shipped",
    }
}

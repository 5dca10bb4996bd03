//! What became of an order after its confirmation.
//!
//! Two carts hold it: what is still to be shipped, and what was shipped and kept by the
//! shopper. Each update states both anew, whole [D]; goods that are in neither have come
//! back or were never sent, and are not owed.

use crate::carts::{cart_names, empty_cart};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A confirmed order, from the confirmation on.
pub struct Sale {
    /// The total when the order was confirmed; no update may raise it [I].
    pub confirmed_amount: i64,
    pub unshipped_cart: Value,
    pub shipped_cart: Value,
    /// Stays true when everything comes back.
    pub was_shipped: bool,
    /// An update emptied both carts before anything was shipped.
    pub cancelled: bool,
    pub cancellation_reason: Option<String>,
    /// The updates that changed something.
    pub updates: Vec<OrderUpdate>,
    /// What the updates said beside their carts: addresses, trackings and so on.
    pub details: Map<String, Value>,
}

impl Sale {
    /// The order as confirmed. Goods taken away at once are shipped already [D].
    pub fn new(order: &Value, amount: i64) -> Sale {
        let (unshipped_cart, shipped_cart) = match *cart_names(order) {
            [cart] => (order[cart].clone(), empty_cart(&order[cart]["currency"])),
            _ => (
                order["unshipped_cart"].clone(),
                order["shipped_cart"].clone(),
            ),
        };
        Sale {
            confirmed_amount: amount,
            was_shipped: !is_empty(&shipped_cart),
            unshipped_cart,
            shipped_cart,
            cancelled: false,
            cancellation_reason: None,
            updates: Vec::new(),
            details: Map::new(),
        }
    }

    pub fn totals(&self) -> (i64, i64) {
        (total(&self.unshipped_cart), total(&self.shipped_cart))
    }

    /// Nothing is left of it, neither to be shipped nor with the shopper.
    pub fn is_empty(&self) -> bool {
        is_empty(&self.unshipped_cart) && is_empty(&self.shipped_cart)
    }

    fn shipment(&self) -> Shipment {
        match (is_empty(&self.unshipped_cart), is_empty(&self.shipped_cart)) {
            (false, true) => Shipment::NotShipped,
            (false, false) => Shipment::PartlyShipped,
            (true, false) => Shipment::Shipped,
            (true, true) => Shipment::NothingLeft,
        }
    }

    pub fn view(&self) -> SaleView {
        let (unshipped, shipped) = self.totals();
        SaleView {
            confirmed_amount: self.confirmed_amount,
            reduced_by: self
                .confirmed_amount
                .saturating_sub(unshipped.saturating_add(shipped)),
            shipment: self.shipment(),
            unshipped_cart: CartView::of(&self.unshipped_cart),
            shipped_cart: CartView::of(&self.shipped_cart),
            cancellation_reason: self.cancellation_reason.clone(),
            updates: self.updates.clone(),
        }
    }
}

/// Carts without items; one whose items cancel each other out is not empty.
pub fn is_empty(cart: &Value) -> bool {
    cart["items"].as_array().is_none_or(Vec::is_empty)
}

fn total(cart: &Value) -> i64 {
    cart["order_total_with_tax"].as_i64().unwrap_or_default()
}

/// How far an order has been shipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shipment {
    NotShipped,
    PartlyShipped,
    Shipped,
    /// Both carts are empty: cancelled, or all of it came back.
    NothingLeft,
}

/// A confirmed order as the control interface shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleView {
    pub confirmed_amount: i64,
    /// How much less is owed than was confirmed: returns, refunds, cancelled goods.
    pub reduced_by: i64,
    pub shipment: Shipment,
    pub unshipped_cart: CartView,
    pub shipped_cart: CartView,
    pub cancellation_reason: Option<String>,
    /// The accepted updates, without those that only repeated what was known.
    pub updates: Vec<OrderUpdate>,
}

/// A cart as the control interface shows it; the items are as they were sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartView {
    pub currency: String,
    pub order_total_with_tax: i64,
    pub items: Vec<Value>,
}

impl CartView {
    pub fn of(cart: &Value) -> CartView {
        CartView {
            currency: cart["currency"].as_str().unwrap_or_default().to_owned(),
            order_total_with_tax: total(cart),
            items: cart["items"].as_array().cloned().unwrap_or_default(),
        }
    }
}

/// One accepted update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderUpdate {
    pub at: String,
    pub request_id: String,
    pub unshipped_cart: CartView,
    pub shipped_cart: CartView,
    pub cancellation_reason: Option<String>,
    /// The names of what else came along: `delivery_address`, `trackings` and so on. The
    /// list of orders holds no personal data; one order's content does.
    pub details: Vec<String>,
}

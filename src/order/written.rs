//! An order as it is kept and sent: read once, written once. Its text is made when the order is complete, with
//! what is asked of it later; from then on the text is bound to the journal and put into the request as it is.

use super::document::{NEEDED_AFTERWARDS, OF_MERCHANT, Order, only};
use crate::canonical;
use crate::json::present;
use once_cell::unsync::OnceCell;
use ring::digest::{Context, SHA256};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};
use std::ops::Range;

/// The fields that the steps of a sale change: what tells two orders apart is everything else.
const CHANGED_BY_STEPS: [&str; 2] = ["state", "merchant_reference"];
/// An order with its text.
#[derive(Clone)]
pub struct Written {
    text: String,
    /// Where its fields stand in the text, where that was noted when it was written.
    fields: Option<Vec<(String, Range<usize>)>>,
    order: OnceCell<Order>,
    fingerprint: OnceCell<Vec<u8>>,
    facts: Facts,
}

/// What is asked of an order again and again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// `merchant.id`
    pub merchant_id: Option<String>,
    /// `merchant_reference.order_ref_1`
    pub order_ref_1: Option<String>,
    /// `merchant_reference.order_ref_2`
    pub order_ref_2: Option<String>,
    /// See [`Order::amount`]; cents.
    pub amount: Option<i64>,
    /// Of its first cart.
    pub currency: Option<String>,
}

impl Written {
    /// Writes an order.
    pub fn new(order: Order) -> Written {
        let mut text = String::with_capacity(1024);
        let fields = canonical::write_fields(order.document(), &mut text);
        Written {
            text,
            fields: Some(fields),
            facts: Facts {
                merchant_id: order.merchant_id(),
                order_ref_1: order.order_ref_1(),
                order_ref_2: order.order_ref_2(),
                amount: order.amount().map(i64::from),
                currency: order.currency().map(str::to_owned),
            },
            order: OnceCell::with_value(order),
            fingerprint: OnceCell::new(),
        }
    }

    /// An order that the journal has kept, with what it knows of it. `None`: it is none.
    pub(crate) fn kept(text: String, facts: Facts) -> Option<Written> {
        let is_bare = text.starts_with('{') && !text.starts_with("{\"order\":");
        if is_bare {
            // A damaged file is found out, and nothing made of what it says.
            let IgnoredAny = serde_json::from_str(&text).ok()?;
            return Some(Written {
                text,
                fields: None,
                order: OnceCell::new(),
                fingerprint: OnceCell::new(),
                facts,
            });
        }
        // As the first version may have kept it.
        Order::kept(&text).map(Written::new)
    }

    /// The same with the references that are given; see [`Order::with_references`].
    pub(crate) fn with_references(&self, order_ref_1: &str, order_ref_2: Option<&str>) -> Written {
        let order = self.order().clone();
        Written::new(order.with_references(order_ref_1, order_ref_2))
    }

    /// What is asked of it again and again.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Its text, canonical JSON.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The order itself, read again only where it has to be.
    pub fn order(&self) -> &Order {
        // That the text is JSON has been seen, and it begins as an object: at worst a number in it is beyond all
        // measure, which is read from no host.
        let read = || Order::kept(&self.text).unwrap_or_else(|| Order::from_document(Map::new()));
        self.order.get_or_init(read)
    }

    /// SHA-256 of the order without its state and references, which the steps of a sale change: what
    /// tells two orders apart, also after their personal data is gone.
    pub fn fingerprint(&self) -> &[u8] {
        self.fingerprint.get_or_init(|| self.digest())
    }

    fn digest(&self) -> Vec<u8> {
        let Some(fields) = &self.fields else {
            return Written::new(self.order().clone()).digest();
        };
        let mut context = Context::new(&SHA256);
        let mut before: &[u8] = b"{";
        for (name, place) in fields {
            if !CHANGED_BY_STEPS.contains(&name.as_str()) {
                context.update(before);
                context.update(self.text[place.clone()].as_bytes());
                before = b",";
            }
        }
        if before == b"{" {
            context.update(before);
        }
        context.update(b"}");
        context.finish().as_ref().to_vec()
    }

    /// See [`Order::has_shipped_goods`].
    pub fn has_shipped_goods(&self) -> bool {
        self.text.contains("\"shipped_cart\"") && self.order().has_shipped_goods()
    }

    /// The text of [`Order::without_personal_data`].
    pub fn carts(&self) -> String {
        let Some(fields) = &self.fields else {
            let carts = self.order().without_personal_data();
            return canonical::text(&Value::Object(carts));
        };
        let mut carts = String::with_capacity(self.text.len());
        let document = self.order().document();
        for (name, place) in fields {
            let before = if carts.is_empty() { '{' } else { ',' };
            if name == "merchant"
                && let Some(merchant) = document.get(name).and_then(Value::as_object)
            {
                carts.extend([before, '"']);
                carts.push_str("merchant\":");
                let merchant = only(merchant, &OF_MERCHANT);
                carts.push_str(&canonical::text(&Value::Object(merchant)));
            } else if NEEDED_AFTERWARDS.contains(&name.as_str())
                && present(document, name).is_some()
            {
                carts.push(before);
                carts.push_str(&self.text[place.clone()]);
            }
        }
        if carts.is_empty() {
            carts.push('{');
        }
        carts.push('}');
        carts
    }

    /// The body of a request: the order, with this state.
    pub(crate) fn body(&self, state: &str) -> String {
        let has_state = match &self.fields {
            Some(fields) => fields.iter().any(|(name, _)| name == "state"),
            // Perhaps that of something within it.
            None => self.text.contains("\"state\":"),
        };
        if has_state {
            let order = self.order().clone().with_state(state);
            return wrapped(&canonical::text(&Value::Object(order.into_document())));
        }
        let inner = self.text.strip_suffix('}').unwrap_or_default();
        let comma = if inner.len() > 1 { "," } else { "" };
        wrapped(&format!("{inner}{comma}\"state\":\"{state}\"}}"))
    }

    /// The same without a state.
    pub(crate) fn body_as_it_is(&self) -> String {
        wrapped(&self.text)
    }
}

fn wrapped(order: &str) -> String {
    format!("{{\"order\":{order}}}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn both_ways(document: Value) -> [Written; 2] {
        let order = Order::from_value(document).unwrap();
        let written = Written::new(order);
        let again = Written::kept(written.text().to_owned(), written.facts().clone()).unwrap();
        [written, again]
    }

    #[test]
    fn what_was_made_on_the_way_is_what_the_order_says() {
        for document in [
            json!({}),
            json!({"state": "x"}),
            json!({"merchant_reference": {"order_ref_1": "A"}}),
            json!({"merchant": {"id": "m", "notify_url": "x", "options": null, "store_ref": "7"},
                   "merchant_reference": {"order_ref_1": "R\"1", "order_ref_2": 2}, "zz": [1.5, 1e20],
                   "cart": {"currency": "EUR", "order_total_with_tax": 100, "items": [{"name": "ñ\n"}]},
                   "shipped_cart": {"items": []}, "unshipped_cart": null, "platform": {}, "delivery_method": {"name": "x"},
                   "customer": {"state": "confirmed"}, "\"": 1}),
            json!({"merchant": [], "state": null, "cart": 1, "shipped_cart": {"items": [{}]}}),
        ] {
            let order = Order::from_value(document).unwrap();
            let text = canonical::text(&Value::Object(order.document().clone()));
            for written in both_ways(Value::Object(order.document().clone())) {
                assert_eq!(written.text(), text);
                assert_eq!(written.order(), &order);
                assert_eq!(
                    written.fingerprint(),
                    Written::new(order.clone()).fingerprint()
                );
                let carts: Value = serde_json::from_str(&written.carts()).unwrap();
                assert_eq!(carts, Value::Object(order.without_personal_data()));
                assert_eq!(written.carts(), canonical::text(&carts));
                assert_eq!(written.has_shipped_goods(), order.has_shipped_goods());
                for state in ["", "confirmed"] {
                    let body: Value = serde_json::from_str(&written.body(state)).unwrap();
                    let sent = order.clone().with_state(state).into_document();
                    assert_eq!(body, json!({"order": sent}));
                }
                let body: Value = serde_json::from_str(&written.body_as_it_is()).unwrap();
                assert_eq!(body, json!({"order": order.document()}));
            }
        }
    }
}

//! What an order says of its delivery: whether its goods leave with it, and what of them is still to be shipped.

use super::cart::Cart;
use super::cents::Cents;
use super::document::Order;
use super::lookup::CARTS;
use super::written::Written;
use crate::json::said;
use serde_json::{Map, Value, json};

const OPTION: &str = "uses_shipped_cart";
/// What an empty cart has of the one that it stands beside.
const OF_AN_EMPTY_CART: [&str; 3] = ["cart_ref", "currency", "gift"];

impl Order {
    /// Whether it leaves to the configuration when its goods leave: it has one cart, and says nothing of two.
    pub(crate) fn leaves_delivery_open(&self) -> bool {
        let document = self.document();
        let merchant = document.get("merchant").and_then(Value::as_object);
        let options = merchant.and_then(|merchant| merchant.get("options")?.as_object());
        let [one, unshipped, shipped] = CARTS.map(|name| said(document, name));
        one.is_some_and(Value::is_object)
            && unshipped.or(shipped).is_none()
            && options.is_none_or(|options| said(options, OPTION).is_none())
    }

    /// The order of which everything was shipped: its one cart as `shipped_cart`, beside an `unshipped_cart` with nothing
    /// in it; seQura demands both [D].
    pub(crate) fn with_everything_shipped(self) -> Order {
        let mut document = self.into_document();
        let [one, unshipped, shipped] = CARTS;
        let Some(Value::Object(sold)) = document.remove(one) else {
            return Order::from_document(document);
        };
        let mut empty: Map<String, Value> = OF_AN_EMPTY_CART
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), sold.get(name)?.clone())))
            .collect();
        empty.insert("items".to_owned(), json!([]));
        empty.insert("order_total_with_tax".to_owned(), 0.into());
        document.insert(unshipped.to_owned(), Value::Object(empty));
        document.insert(shipped.to_owned(), Value::Object(sold));
        if let Some(Value::Object(merchant)) = document.get_mut("merchant") {
            match merchant.get_mut("options") {
                Some(Value::Object(options)) => _ = options.insert(OPTION.to_owned(), true.into()),
                _ => _ = merchant.insert("options".to_owned(), json!({OPTION: true})),
            }
        }
        Order::from_document(document)
    }

    /// What of it is still to be shipped; none: nothing is.
    pub(crate) fn unshipped(&self) -> Option<Cents> {
        let name = CARTS[usize::from(self.uses_shipped_cart())];
        let cart = self.document().get(name)?.as_object()?;
        unshipped(&Cart::from_document(cart.clone()))
    }
}

/// What this cart comes to, if there is anything in it.
pub(crate) fn unshipped(cart: &Cart) -> Option<Cents> {
    (!cart.is_empty()).then(|| cart.total().unwrap_or_default())
}

impl Written {
    /// Whether its text may have two carts: one without them is not read again for that.
    fn may_have_two_carts(&self) -> bool {
        self.text().contains("\"shipped_cart\":")
    }

    /// See [`Order::has_shipped_goods`].
    pub fn has_shipped_goods(&self) -> bool {
        self.may_have_two_carts() && self.order().has_shipped_goods()
    }

    /// See [`Order::unshipped`]; cents.
    pub(crate) fn unshipped(&self) -> Option<i64> {
        match self.may_have_two_carts() {
            false => self.facts().amount,
            true => self.order().unshipped().map(i64::from),
        }
    }

    /// Whether it says that everything was shipped before it was sold.
    pub(crate) fn is_shipped(&self) -> bool {
        self.has_shipped_goods() && self.unshipped().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(document: Value) -> Order {
        Order::from_value(document).expect("an object")
    }

    fn cart() -> Value {
        json!({"currency": "EUR", "gift": false, "cart_ref": "T-1", "created_at": "2024-01-31", "order_total_with_tax": 5,
               "items": [{"reference": "A", "total_with_tax": 5}]})
    }

    #[test]
    fn an_order_of_one_cart_leaves_its_delivery_open() {
        for (open, document) in [
            (true, json!({"cart": cart()})),
            (
                true,
                json!({"cart": cart(), "shipped_cart": null, "unshipped_cart": " ", "merchant": null}),
            ),
            (
                true,
                json!({"cart": cart(), "merchant": {"options": {"has_jquery": true, "uses_shipped_cart": null}}}),
            ),
            (
                false,
                json!({"cart": cart(), "merchant": {"options": {"uses_shipped_cart": false}}}),
            ),
            (
                false,
                json!({"cart": cart(), "merchant": {"options": {"uses_shipped_cart": true}}}),
            ),
            (false, json!({"cart": cart(), "shipped_cart": cart()})),
            (false, json!({"cart": cart(), "unshipped_cart": cart()})),
            (
                false,
                json!({"unshipped_cart": cart(), "shipped_cart": cart()}),
            ),
            (false, json!({"cart": 1})),
            (false, json!({})),
        ] {
            assert_eq!(
                order(document.clone()).leaves_delivery_open(),
                open,
                "{document}"
            );
        }
    }

    #[test]
    fn what_is_sent_of_one_cart_is_shipped_whole() {
        let given = order(
            json!({"merchant": {"id": "m", "options": {"has_jquery": true}}, "cart": cart(), "gui": {}}),
        );
        let empty = json!({"currency": "EUR", "gift": false, "cart_ref": "T-1", "order_total_with_tax": 0, "items": []});
        let options = json!({"has_jquery": true, "uses_shipped_cart": true});
        let expected = json!({"merchant": {"id": "m", "options": options}, "gui": {}, "unshipped_cart": empty,
                              "shipped_cart": cart()});
        let shipped = given.clone().with_everything_shipped();
        assert_eq!(Value::Object(shipped.document().clone()), expected);
        assert_eq!(shipped.amount(), given.amount());
        assert_eq!(shipped.currency(), given.currency());
        assert!(!shipped.leaves_delivery_open());
        let bare =
            order(json!({"merchant": {"options": null}, "cart": cart()})).with_everything_shipped();
        assert!(bare.uses_shipped_cart());
    }

    #[test]
    fn what_is_still_to_be_shipped() {
        let both = |unshipped: Value, shipped: Value| {
            order(
                json!({"merchant": {"options": {"uses_shipped_cart": true}}, "unshipped_cart": unshipped,
                         "shipped_cart": shipped}),
            )
        };
        let nothing = || json!({"order_total_with_tax": 0, "items": []});
        for (document, left, is_shipped) in [
            (order(json!({"cart": cart()})), Some(5), false),
            (both(cart(), nothing()), Some(5), false),
            (both(cart(), cart()), Some(5), false),
            (both(nothing(), cart()), None, true),
        ] {
            let written = Written::new(document);
            assert_eq!(written.unshipped(), left, "{}", written.text());
            assert_eq!(written.is_shipped(), is_shipped, "{}", written.text());
        }
    }
}

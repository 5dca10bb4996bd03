//! Carts and their lines, seen as arithmetic.
//!
//! Both keep the document they were made from, so that whatever a line says besides its amounts
//! (category, supplier, a field nobody here has heard of) goes with it into every later cart.

use serde_json::{Map, Value};

use super::cents::Cents;
use super::lookup::{reference_of, text_of};
use crate::json::said;
use crate::vocabulary::words;

words! {
    /// What a line of a cart is: `type`.
    ItemType {
        /// Goods; what a line is when it does not say. [D]
        Product = "product",
        /// Something done for the shopper, ending on a date or after a while. [D]
        Service = "service",
        /// Shipping and other fees. [D]
        Handling = "handling",
        /// A discount; its total is negative. [D]
        Discount = "discount",
        /// The fee for paying by invoice; only with product `i1`. [D]
        InvoiceFee = "invoice_fee",
        /// Money already paid by other means; its total is negative. [D]
        OtherPayment = "other_payment",
        /// The part of a service that is paid up front. [C]
        Registration = "registration",
        /// The fee of a subscription. [C]
        SubscriberFee = "subscriber_fee",
    }
}

/// A cart: `cart`, `unshipped_cart`, `shipped_cart`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cart(Map<String, Value>);

impl Cart {
    /// The cart that this object says.
    pub fn from_document(document: Map<String, Value>) -> Cart {
        Cart(document)
    }

    /// All that it says.
    pub fn document(&self) -> &Map<String, Value> {
        &self.0
    }

    /// All that it says.
    pub fn into_document(self) -> Map<String, Value> {
        self.0
    }

    /// What all its amounts are in.
    pub fn currency(&self) -> Option<&str> {
        text_of(&self.0, "currency")
    }

    /// `order_total_with_tax`: what the cart says that it comes to.
    pub fn total(&self) -> Option<Cents> {
        Cents::from_value(self.0.get("order_total_with_tax")?)
    }

    /// Whether every amount is one that a till may mean.
    pub(super) fn is_sane(&self) -> bool {
        let lines = self.0.get("items").and_then(Value::as_array);
        let of_lines = lines.into_iter().flatten();
        let amounts = of_lines.filter_map(|line| line.get("total_with_tax"));
        let mut amounts = amounts.chain(self.0.get("order_total_with_tax"));
        amounts.all(|amount| Cents::from_value(amount).is_none_or(Cents::is_sane))
    }

    /// The lines; none where `items` is not a list of objects.
    pub fn items(&self) -> Vec<Item> {
        let lines = self
            .0
            .get("items")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        lines
            .iter()
            .filter_map(Value::as_object)
            .cloned()
            .map(Item)
            .collect()
    }

    /// Whether it has no lines.
    pub fn is_empty(&self) -> bool {
        let lines = self.0.get("items").and_then(Value::as_array);
        !lines.is_some_and(|lines| lines.iter().any(Value::is_object))
    }

    /// Takes the lines out of it.
    pub(super) fn take_items(&mut self) -> Vec<Item> {
        let Some(Value::Array(lines)) = self.0.get_mut("items").map(Value::take) else {
            return Vec::new();
        };
        let item = |line| match line {
            Value::Object(document) => Some(Item(document)),
            _ => None,
        };
        lines.into_iter().filter_map(item).collect()
    }

    /// All that it says but its lines.
    pub(super) fn without_items(&self) -> Cart {
        let fields = self.0.iter().filter(|(name, _)| *name != "items");
        Cart(
            fields
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        )
    }

    /// What the lines add up to; `None` where one of them has no total, or the sum would not fit.
    pub fn sum(&self) -> Option<Cents> {
        totals(self.0.get("items")?).and_then(Cents::sum)
    }

    /// This cart with other lines, and the total that they add up to. `None` where that would not
    /// fit, or a line has no total.
    pub fn with_items(mut self, items: Vec<Item>) -> Option<Cart> {
        let items = Value::from_iter(items.into_iter().map(|item| Value::Object(item.0)));
        let sum = totals(&items).and_then(Cents::sum)?;
        self.0.insert("items".to_owned(), items);
        self.0.insert("order_total_with_tax".to_owned(), sum.into());
        Some(self)
    }
}

/// Every line's `total_with_tax`, or `None` where one of them has none that is an integer.
pub(super) fn totals(items: &Value) -> Option<Vec<Cents>> {
    items
        .as_array()?
        .iter()
        .map(|item| Cents::from_value(item.get("total_with_tax")?))
        .collect()
}

/// One line of a cart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item(Map<String, Value>);

impl Item {
    /// The line that this object says.
    pub fn from_document(document: Map<String, Value>) -> Item {
        Item(document)
    }

    /// All that it says.
    pub fn document(&self) -> &Map<String, Value> {
        &self.0
    }

    /// All that it says.
    pub fn into_document(self) -> Map<String, Value> {
        self.0
    }

    /// What the line is; `None` for a type that seQura does not document.
    pub fn item_type(&self) -> Option<ItemType> {
        match said(&self.0, "type") {
            None => Some(ItemType::Product),
            Some(word) => ItemType::from_word(word.as_str()?),
        }
    }

    /// The shop's own code for what is sold.
    pub fn reference(&self) -> Option<String> {
        reference_of(&self.0, "reference")
    }

    /// What the shopper reads.
    pub fn name(&self) -> Option<&str> {
        text_of(&self.0, "name")
    }

    /// How many there are; only products and services have it.
    pub fn quantity(&self) -> Option<i64> {
        self.0.get("quantity")?.as_i64()
    }

    /// `price_with_tax`: what one of them costs.
    pub fn price(&self) -> Option<Cents> {
        Cents::from_value(self.0.get("price_with_tax")?)
    }

    /// `total_with_tax`: what the whole line comes to.
    pub fn total(&self) -> Option<Cents> {
        Cents::from_value(self.0.get("total_with_tax")?)
    }

    /// This line with another total.
    pub fn with_total(mut self, total: Cents) -> Item {
        self.0.insert("total_with_tax".to_owned(), total.into());
        self
    }

    /// This line with another quantity. Its total stays: who divides a line says where the cents
    /// go.
    pub fn with_quantity(mut self, quantity: i64) -> Item {
        self.0.insert("quantity".to_owned(), quantity.into());
        self
    }
}

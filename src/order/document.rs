//! An order, which is its JSON document, and what is asked of it.

use super::cart::Cart;
use super::cents::Cents;
use super::check::{Checked, check};
use super::defaults;
use super::implied::{self, Added};
use super::lookup::{ADDRESSES, CARTS, country_of, has_option, reference_of, text_of};
use super::phone::{self, Number};
use super::rounding::{self, Before, RoundingLine};
use crate::json::{self, is_left_out, present, said};
use crate::limits;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value};
use std::fmt;

/// What shipping and refunding need of an order, beside who sells it.
pub(super) const NEEDED_AFTERWARDS: [&str; 6] = [
    CARTS[0],
    "delivery_method",
    "merchant_reference",
    "platform",
    CARTS[2],
    CARTS[1],
];
/// What they need of `merchant`.
pub(super) const OF_MERCHANT: [&str; 3] = ["id", "options", "store_ref"];

/// An order: one JSON object, with whatever the till put into it.
#[derive(Clone, PartialEq)]
pub struct Order(Map<String, Value>);

impl Order {
    /// The order in a JSON value, with or without the outer `{"order": …}`.
    pub fn from_value(value: Value) -> Result<Order, Problem> {
        let mut document = object(value, "")?;
        let Some(order) = document.remove("order") else {
            return Ok(Order(document));
        };
        match document.keys().next() {
            None => object(order, "/order").map(Order),
            Some(other) => Err(Problem {
                code: ErrorCode::ForbiddenField,
                message: format!(
                    "{other} stands beside order, where nothing else may stand. Move it \
                        into order, or leave it out."
                ),
                pointer: Some(json::escaped(other)),
                expected: None,
                actual: None,
                operator_message: None,
            }),
        }
    }

    /// The order in a JSON text that the host gives; see [`json::given`] for what is refused in it.
    pub fn from_json(text: &str) -> Result<Order, Vec<Problem>> {
        let value = json::given("The order", text, limits::ORDER_BYTES);
        let value = value.map_err(|problems| json::within("order", problems))?;
        Order::from_value(value).map_err(|problem| vec![problem])
    }

    /// The order that the journal has kept as JSON, whatever an older version took for one.
    pub(crate) fn kept(text: &str) -> Option<Order> {
        let value = serde_json::from_str(text).ok()?;
        Order::from_value(value).ok()
    }

    /// The order that this object says.
    pub(crate) fn from_document(document: Map<String, Value>) -> Order {
        Order(document)
    }

    /// The order, as it goes to seQura.
    pub fn document(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The order, as it goes to seQura.
    pub fn into_document(self) -> Map<String, Value> {
        self.0
    }

    /// Everything that is wrong with the order, and everything that deserves a look.
    pub fn check(&self) -> Checked {
        check(&self.0)
    }

    /// `merchant.id`
    pub fn merchant_id(&self) -> Option<String> {
        reference_of(self.block("merchant")?, "id")
    }

    /// `merchant_reference.order_ref_1`: the shop's own number of this order.
    pub fn order_ref_1(&self) -> Option<String> {
        reference_of(self.block("merchant_reference")?, "order_ref_1")
    }

    /// `merchant_reference.order_ref_2`
    pub fn order_ref_2(&self) -> Option<String> {
        reference_of(self.block("merchant_reference")?, "order_ref_2")
    }

    /// `cart.cart_ref`: the till's own key of this order.
    pub fn cart_ref(&self) -> Option<String> {
        let in_cart = |cart: &&str| reference_of(self.block(cart)?, "cart_ref");
        CARTS.iter().find_map(in_cart)
    }

    /// The selling country, as the order writes it: where the goods go, or else where the invoice goes.
    pub fn country(&self) -> Option<&str> {
        country_of(&self.0)
    }

    /// What the numbers of the order are to whoever sends a message, each with its place.
    pub(crate) fn mobile_numbers(&self) -> Vec<(String, Number)> {
        let country = self.country();
        let number = |address: &&str| {
            let number = text_of(self.block(address)?, "mobile_phone")?;
            let place = format!("/{address}/mobile_phone");
            Some((place, phone::kind(number, country)))
        };
        ADDRESSES.iter().filter_map(number).collect()
    }

    /// The number that the form goes to by SMS: the delivery address's, or else the invoice's.
    pub fn mobile_phone(&self) -> Option<&str> {
        ADDRESSES
            .iter()
            .find_map(|address| text_of(self.block(address)?, "mobile_phone"))
    }

    /// Where a mail reaches the customer.
    pub(crate) fn email(&self) -> Option<&str> {
        text_of(self.block("customer")?, "email")
    }

    /// What the order comes to: its cart's total, or those of its two carts with
    /// `uses_shipped_cart`.
    pub fn amount(&self) -> Option<Cents> {
        let total = |cart| Cents::from_value(self.block(cart)?.get("order_total_with_tax")?);
        match self.uses_shipped_cart() {
            true => total("unshipped_cart")?.checked_add(total("shipped_cart")?),
            false => total("cart"),
        }
    }

    /// The currency of its first cart.
    pub fn currency(&self) -> Option<&str> {
        CARTS
            .iter()
            .find_map(|cart| text_of(self.block(cart)?, "currency"))
    }

    /// `merchant.options.uses_shipped_cart`: the order says which of its goods are already handed
    /// over.
    pub fn uses_shipped_cart(&self) -> bool {
        has_option(&self.0, "uses_shipped_cart")
    }

    /// Whether some of it was handed over or sent before it was sold.
    pub fn has_shipped_goods(&self) -> bool {
        let items = self
            .block("shipped_cart")
            .and_then(|cart| cart.get("items"));
        let items = items.and_then(Value::as_array);
        items.is_some_and(|items| items.iter().any(Value::is_object))
    }

    /// The carts that the order has, by their names.
    pub fn carts(&self) -> Vec<(&'static str, Cart)> {
        let cart = |name| Some((name, Cart::from_document(self.block(name)?.clone())));
        CARTS.into_iter().filter_map(cart).collect()
    }

    /// The order with the configuration's defaults put under it: objects are merged, everything
    /// else that the order has stays; a null or a blank text in the order is nothing, and stays where no default
    /// says more. A blank default is nothing either.
    pub fn with_defaults(mut self, defaults: &Map<String, Value>) -> Order {
        defaults::put_under(&mut self.0, defaults);
        self
    }

    /// The order with what it implies: addresses and names that it says elsewhere, countries as their codes.
    pub(crate) fn completed(mut self) -> (Order, Added) {
        let added = implied::complete(&mut self.0);
        (self, added)
    }

    /// The order with the lines that make up for the rounding of its carts; `kept`: it has been sent before.
    pub(crate) fn rounded(
        mut self,
        line: Option<&RoundingLine>,
        kept: Option<&Kept>,
        added: &mut Added,
    ) -> Order {
        if let Some(kept) = kept {
            rounding::round_as(&mut self.0, &kept.order.0, kept.is, added);
        }
        if let Some(line) = line.filter(|_| kept.is_none_or(|kept| kept.is != Before::Begun)) {
            rounding::round(&mut self.0, line, added);
        }
        self
    }

    /// Whether a cart misses its total by so little that it may be rounding.
    pub(crate) fn is_unrounded(&self) -> bool {
        rounding::is_unrounded(&self.0)
    }

    /// What is to be told of the lines that such a configuration has added.
    pub(crate) fn rounding_told(&self, line: &RoundingLine) -> Vec<Problem> {
        rounding::told(&self.0, line)
    }

    /// The same of blocks that stand alone, as in an update.
    pub(crate) fn with_completed_blocks(mut self) -> Order {
        implied::of_blocks(&mut self.0);
        self
    }

    /// The order without what was added to it.
    pub(crate) fn without(mut self, added: &Added) -> Order {
        added.take_out(&mut self.0);
        self
    }

    /// The order with this `state`, whatever it had.
    pub fn with_state(mut self, state: &str) -> Order {
        self.0.insert("state".to_owned(), state.into());
        self
    }

    /// The order with the references of an earlier one, as they were written there, where it has none itself.
    pub(crate) fn with_references_of(mut self, earlier: &Order) -> Order {
        const BLOCK: &str = "merchant_reference";
        for name in ["order_ref_1", "order_ref_2"] {
            if let Some(known) = earlier.block(BLOCK)
                && reference_of(known, name).is_some()
                && let Some(references) = self.block_mut(BLOCK)
                && said(references, name).is_none()
            {
                references.insert(name.to_owned(), known[name].clone());
            }
        }
        self
    }

    /// The order with this `merchant.id`, where it has none.
    pub fn with_merchant_id(self, id: &str) -> Order {
        self.with_merchant_field("id", id)
    }

    /// The order with this `merchant.store_ref`, where it has none.
    pub fn with_store_ref(self, store_ref: &str) -> Order {
        self.with_merchant_field("store_ref", store_ref)
    }

    /// What shipping and refunding need of the order once it is settled: which merchant, which
    /// references, which goods. Nothing of the shopper.
    pub fn without_personal_data(&self) -> Map<String, Value> {
        let mut kept = Map::new();
        if let Some(merchant) = self.block("merchant") {
            let merchant = only(merchant, &OF_MERCHANT);
            kept.insert("merchant".to_owned(), Value::Object(merchant));
        }
        kept.extend(only(&self.0, &NEEDED_AFTERWARDS));
        kept
    }

    fn block(&self, name: &str) -> Option<&Map<String, Value>> {
        self.0.get(name)?.as_object()
    }

    /// A block to write into, made where there is none. What is there and is no object stays, for
    /// [`Order::check`] to report.
    fn block_mut(&mut self, name: &str) -> Option<&mut Map<String, Value>> {
        let block = self.0.entry(name).or_insert(Value::Null);
        if is_left_out(block) {
            *block = Value::Object(Map::new());
        }
        block.as_object_mut()
    }

    fn with_merchant_field(mut self, name: &str, value: &str) -> Order {
        if let Some(merchant) = self.block_mut("merchant")
            && said(merchant, name).is_none()
        {
            merchant.insert(name.to_owned(), value.into());
        }
        self
    }
}

/// An order as the journal has it, and what that is to the one that is given.
pub(crate) struct Kept {
    pub(crate) order: Order,
    pub(crate) is: Before,
}

/// Only what names the order: a debug print must not carry a shopper into a log.
impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("merchant_id", &self.merchant_id())
            .field("amount", &self.amount())
            .field("currency", &self.currency())
            .field("order_ref_1", &self.order_ref_1())
            .field("order_ref_2", &self.order_ref_2())
            .finish_non_exhaustive()
    }
}

fn object(value: Value, pointer: &str) -> Result<Map<String, Value>, Problem> {
    match value {
        Value::Object(document) => Ok(document),
        other => Err(Problem {
            code: ErrorCode::WrongType,
            message: format!(
                "The order is {} but must be a JSON object, with or without an outer \
                    {{\"order\": …}}.",
                json::type_name(&other)
            ),
            pointer: Some(pointer.to_owned()),
            expected: Some("an object".into()),
            actual: Some(json::type_name(&other).into()),
            operator_message: None,
        }),
    }
}

pub(super) fn only(map: &Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    let field = |name: &&str| Some(((*name).to_owned(), present(map, name)?.clone()));
    names.iter().filter_map(field).collect()
}

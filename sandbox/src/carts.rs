//! Carts and their items, wherever they stand: in a solicitation, in an order update, in
//! a delivery report.

use crate::accounts::Merchant;
use crate::check::{Check, is_no_date, left_out, within};
use serde_json::Value;

/// With `merchant.options.uses_shipped_cart` the two carts of an order update stand
/// in place of `cart` [D].
pub fn cart_names(order: &Value) -> &'static [&'static str] {
    match order["merchant"]["options"]["uses_shipped_cart"].as_bool() {
        Some(true) => &["unshipped_cart", "shipped_cart"],
        _ => &["cart"],
    }
}

/// What the shopper owes: the total of the order's carts. None if that cannot be said.
pub fn amount(order: &Value) -> Option<i64> {
    cart_names(order).iter().try_fold(0_i64, |sum, name| {
        sum.checked_add(order[name]["order_total_with_tax"].as_i64()?)
    })
}

/// seQura's sentence about a cart whose items do not add up to its total [D]. Where an
/// order has several carts the cart is named [D for order updates].
pub fn sum_problem(cart: &Value, cart_name: Option<&str>) -> Option<String> {
    let total = cart["order_total_with_tax"].as_i64()?;
    let items = cart["items"].as_array()?;
    let terms: Vec<i64> = items
        .iter()
        .map(|item| item["total_with_tax"].as_i64())
        .collect::<Option<_>>()?;
    // Sixty-four bits of cents can be overflowed by a hostile cart; the sum cannot.
    let sum: i128 = terms.iter().copied().map(i128::from).sum();
    let difference = i128::from(total) - sum;
    if difference == 0 {
        return None;
    }
    let place = cart_name.map_or_else(String::new, |name| format!("In {name}, "));
    let terms: Vec<String> = terms.iter().map(i64::to_string).collect();
    Some(format!(
        "Invalid data: {place}items' total_with_tax add up to {sum} ({}) \
         but order_total_with_tax is {total}. The diff is {difference}.",
        terms.join("+")
    ))
}

/// Where a cart stands decides what it may lack.
#[derive(Clone, Copy)]
pub struct Stand {
    /// There are other carts beside it, so that complaints must say which one is meant.
    named: bool,
    may_be_empty: bool,
    /// The documentation of order updates alone does not know `gift` [D].
    needs_gift: bool,
}

impl Stand {
    /// The one cart of a sale: a sale of nothing is none.
    pub const ALONE: Stand = Stand {
        named: false,
        may_be_empty: false,
        needs_gift: true,
    };
    /// One of two carts may well be empty.
    pub const ONE_OF_TWO: Stand = Stand {
        named: true,
        may_be_empty: true,
        needs_gift: true,
    };
    /// What was delivered of an order.
    pub const DELIVERED: Stand = Stand {
        named: true,
        may_be_empty: false,
        needs_gift: true,
    };
    /// One of the two carts of an order update, or what a delivery has left.
    pub const UPDATE: Stand = Stand {
        named: true,
        may_be_empty: true,
        needs_gift: false,
    };
}

/// A cart with nothing in it.
pub fn empty_cart(currency: &Value) -> Value {
    serde_json::json!({ "currency": currency, "order_total_with_tax": 0, "items": [] })
}

impl Check<'_> {
    /// The cart `name` of `parent`, which stands at `place`.
    pub fn cart(
        &mut self,
        parent: &Value,
        place: &str,
        name: &str,
        stand: Stand,
        merchant: &Merchant,
    ) {
        let Some(cart) = self.object(parent, place, name) else {
            return;
        };
        let place = &within(place, name);
        self.text(cart, place, "currency");
        if let Some(currency) = cart["currency"].as_str()
            && self.rules.currency_must_match
            && !currency.trim().is_empty()
            && currency != merchant.currency
        {
            self.report(format_args!(
                "currency '{currency}' is not the currency of merchant '{}'",
                merchant.id
            ));
        }
        if (stand.needs_gift && self.rules.gift_required) || !left_out(&cart["gift"]) {
            self.boolean(cart, place, "gift");
        }
        self.integer(cart, place, "order_total_with_tax");
        for field in ["created_at", "updated_at"] {
            self.time_by_rule(cart, place, field);
            self.day_by_rule(cart, place, field);
        }
        match cart["items"].as_array() {
            None if cart["items"].is_null() => {
                self.report(format_args!("{place}.items is required"));
            }
            None => self.report(format_args!("{place}.items must be a list")),
            Some(items) if items.is_empty() && !stand.may_be_empty => {
                self.report(format_args!("{place}.items is empty"));
            }
            Some(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.item(item, &format!("{place}.items[{i}]"));
                }
            }
        }
        self.problems
            .extend(sum_problem(cart, stand.named.then_some(place)));
    }

    fn item(&mut self, item: &Value, place: &str) {
        if !self.is_object(item, place) {
            return;
        }
        let kind = match &item["type"] {
            none if left_out(none) => "product",
            Value::String(kind) => kind,
            _ => {
                self.report(format_args!("{place}.type must be a text"));
                return;
            }
        };
        match kind {
            "product" | "service" => {
                // Goods without an article number have none [C].
                let may_be_empty = !self.rules.goods_reference_required;
                self.reference_or_empty(may_be_empty, item, place);
                self.text(item, place, "name");
                self.integer(item, place, "price_with_tax");
                self.quantity(item, place);
                self.integer(item, place, "total_with_tax");
                self.boolean(item, place, "downloadable");
                if kind == "service" {
                    self.end_of_service(item, place);
                }
                self.url(item, place);
                if self.rules.line_totals_must_multiply {
                    self.line_total(item, place);
                }
            }
            "handling" | "discount" | "other_payment" | "registration" => {
                // Corrections of a total come without one [C].
                let may_be_empty = matches!(kind, "handling" | "discount")
                    && !self.rules.adjustment_reference_required;
                self.reference_or_empty(may_be_empty, item, place);
                // Nor need a shop's own voucher have a name [C].
                let says_more = kind != "discount" || self.rules.discount_name_required;
                self.text_by_rule(says_more, item, place, "name");
                self.integer(item, place, "total_with_tax");
                if kind == "discount" && item["total_with_tax"].as_i64().is_some_and(|t| t > 0) {
                    self.report(format_args!(
                        "{place}.total_with_tax of a discount must be negative"
                    ));
                }
            }
            "invoice_fee" => self.integer(item, place, "total_with_tax"),
            "subscriber_fee" => {
                self.text(item, place, "name");
                self.integer(item, place, "total_with_tax");
            }
            unknown => {
                if self.rules.unknown_item_types_refused {
                    self.report(format_args!("{place}.type '{unknown}' is not known"));
                }
                self.integer(item, place, "total_with_tax");
            }
        }
    }

    fn reference_or_empty(&mut self, may_be_empty: bool, item: &Value, place: &str) {
        if !(may_be_empty && item["reference"].is_string()) {
            self.reference(item, place, "reference");
        }
    }

    fn end_of_service(&mut self, item: &Value, place: &str) {
        self.day_by_rule(item, place, "ends_on");
        let has_day = !left_out(&item["ends_on"]) && !is_no_date(&item["ends_on"]);
        let has_duration = !left_out(&item["ends_in"]);
        if has_day == has_duration {
            self.report(format_args!(
                "{place} needs exactly one of ends_on and ends_in"
            ));
        }
    }

    fn url(&mut self, item: &Value, place: &str) {
        if self.rules.item_url_needs_its_scheme
            && let Some(url) = item["url"].as_str()
            && !url.trim().is_empty()
            && !url.starts_with("http://")
            && !url.starts_with("https://")
        {
            self.report(format_args!("{place}.url '{url}' is not a URL"));
        }
    }

    fn quantity(&mut self, item: &Value, place: &str) {
        match &item["quantity"] {
            Value::Null => self.report(format_args!("{place}.quantity is required")),
            value if value.as_i64().is_some_and(|n| n > 0) => {}
            _ => self.report(format_args!("{place}.quantity must be a positive integer")),
        }
    }

    fn line_total(&mut self, item: &Value, place: &str) {
        let number = |field: &str| item[field].as_i64().map(i128::from);
        if let (Some(price), Some(quantity), Some(total)) = (
            number("price_with_tax"),
            number("quantity"),
            number("total_with_tax"),
        ) && price * quantity != total
        {
            self.report(format_args!(
                "{place}.total_with_tax is {total} but quantity x price_with_tax is {}",
                price * quantity
            ));
        }
    }
}

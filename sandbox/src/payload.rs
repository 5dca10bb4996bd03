//! Is this an order? seQura's own check of what it is sent.
//!
//! A refused payload is answered with 409 and a list of sentences [D]; all that is
//! wrong is listed at once. The sentence about totals that do not add up is seQura's
//! own; the others follow its style [I].

use crate::accounts::Merchant;
use crate::carts::{Stand, amount, cart_names};
use crate::check::{Check, left_out};
use crate::rules::Rules;
use serde_json::Value;

/// Everything that is wrong with `order`, in reading order. Empty: nothing is.
pub fn problems(order: &Value, merchant: &Merchant, rules: &Rules) -> Vec<String> {
    let mut check = Check::new(rules);
    check.merchant(order);
    check.carts(order, merchant);
    check.addresses(order, merchant);
    check.customer(order);
    check.how_it_is_delivered(order);
    check.day_by_rule(order, "", "first_charge_date");
    check.gui(order);
    check.platform(order);
    check.problems
}

impl Check<'_> {
    fn merchant(&mut self, order: &Value) {
        if let Some(merchant) = self.object(order, "", "merchant") {
            self.reference(merchant, "merchant", "id");
            if self.rules.store_ref_required {
                self.reference(merchant, "merchant", "store_ref");
            }
        }
        // An empty one is none [C].
        if !left_out(&order["merchant_reference"])
            && let Some(references) = self.object(order, "", "merchant_reference")
            && !references["order_ref_1"].is_string()
            && !says_nothing(references)
        {
            self.reference(references, "merchant_reference", "order_ref_1");
        }
    }

    fn carts(&mut self, order: &Value, merchant: &Merchant) {
        let names = cart_names(order);
        if names.len() > 1 && !left_out(&order["cart"]) {
            self.report("cart is forbidden with merchant.options.uses_shipped_cart");
        }
        if names.len() > 1 && !self.rules.shipped_cart_allowed {
            self.report(format_args!(
                "merchant '{}' may not use uses_shipped_cart",
                merchant.id
            ));
        }
        let stand = if names.len() > 1 {
            Stand::ONE_OF_TWO
        } else {
            Stand::ALONE
        };
        for &name in names {
            self.cart(order, "", name, stand, merchant);
        }
        if self.rules.positive_total_required && amount(order).is_some_and(|total| total <= 0) {
            self.report("order_total_with_tax must be positive");
        }
    }

    fn addresses(&mut self, order: &Value, merchant: &Merchant) {
        let may_be_missing =
            order["merchant"]["options"]["addresses_may_be_missing"].as_bool() == Some(true);
        for name in ["delivery_address", "invoice_address"] {
            let blank = self.rules.blank_addresses_count_as_missing && is_blank(&order[name]);
            if !(may_be_missing && (blank || left_out(&order[name]))) {
                let may_be_blank = may_be_missing && self.rules.blank_addresses_count_as_missing;
                self.address(order, "", name, may_be_blank);
            }
        }
        self.delivery_country(order, merchant);
    }

    fn customer(&mut self, order: &Value) {
        self.person(order, "");
        let customer = &order["customer"];
        if !customer.is_object() {
            return;
        }
        let says_more = self.rules.ip_number_required;
        self.text_by_rule(says_more, customer, "customer", "ip_number");
        if self.rules.ip_number_is_one_address
            && let Some(number) = customer["ip_number"].as_str()
            && number.contains(',')
        {
            self.report(format_args!(
                "customer.ip_number '{number}' is not one address"
            ));
        }
        // user_agent is required but nullable [D], and clients strip nulls before
        // sending [C]: there is nothing left to check.
        if self.rules.nin_control_required {
            self.text(customer, "customer", "nin_control");
        }
    }

    /// Older clients say it in the cart only [C].
    fn how_it_is_delivered(&mut self, order: &Value) {
        let of_cart = cart_names(order)
            .iter()
            .any(|name| order[*name]["delivery_method"].is_object());
        if !(self.rules.delivery_method_in_cart_accepted
            && of_cart
            && left_out(&order["delivery_method"]))
        {
            self.delivery_method(order, "");
        }
    }

    fn gui(&mut self, order: &Value) {
        let Some(gui) = self.object(order, "", "gui") else {
            return;
        };
        self.text(gui, "gui", "layout");
        // The sources disagree on the name of the small one; both are taken.
        if let Some(layout) = gui["layout"].as_str()
            && !["", "desktop", "smartphone", "mobile"].contains(&layout)
        {
            self.report(format_args!(
                "gui.layout '{layout}' is not one of desktop, smartphone, mobile"
            ));
        }
    }
}

/// An address that says at most in which country it is.
fn is_blank(address: &Value) -> bool {
    address.as_object().is_some_and(|fields| {
        fields
            .iter()
            .all(|(name, value)| name == "country_code" || left_out(value))
    })
}

/// A block of texts that are all blank is none [C].
fn says_nothing(block: &Value) -> bool {
    let mut fields = block
        .as_object()
        .into_iter()
        .flat_map(|fields| fields.values());
    fields.clone().any(Value::is_string) && fields.all(left_out)
}

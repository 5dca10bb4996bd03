//! Who, where and how: the parts of an order that are not carts.
//!
//! The solicitation must have them; an order update and a delivery report may. Wherever
//! they are, they are asked the same.

use crate::accounts::Merchant;
use crate::check::{Check, left_out, within};
use serde_json::Value;

impl Check<'_> {
    /// `may_be_blank`: nothing of it has to be said.
    pub fn address(&mut self, parent: &Value, place: &str, name: &str, may_be_blank: bool) {
        let Some(address) = self.object(parent, place, name) else {
            return;
        };
        let place = &within(place, name);
        if self.rules.names_required {
            self.text(address, place, "given_names");
            self.text(address, place, "surnames");
        }
        for field in ["company", "address_line_2"] {
            self.text_or_empty(address, place, field);
        }
        let says_more = !may_be_blank
            && (name != "invoice_address" || self.rules.invoice_address_must_say_more);
        for field in ["address_line_1", "postal_code", "city"] {
            self.text_by_rule(says_more, address, place, field);
        }
        self.text_by_rule(!may_be_blank, address, place, "country_code");
    }

    pub fn delivery_country(&mut self, parent: &Value, merchant: &Merchant) {
        if let Some(country) = parent["delivery_address"]["country_code"].as_str()
            && self.rules.country_must_be_allowed
            && !country.trim().is_empty()
            && !merchant.allowed_countries.iter().any(|c| c == country)
        {
            self.report(format_args!(
                "country '{country}' is not allowed for merchant '{}'",
                merchant.id
            ));
        }
    }

    /// The customer, as far as he matters after the sale as well: his browser does not [D].
    pub fn person(&mut self, parent: &Value, place: &str) {
        let Some(customer) = self.object(parent, place, "customer") else {
            return;
        };
        let place = &within(place, "customer");
        if self.rules.names_required {
            self.text(customer, place, "given_names");
            self.text(customer, place, "surnames");
        }
        self.text(customer, place, "email");
        match &customer["logged_in"] {
            Value::Bool(_) => {}
            Value::String(text) if text == "unknown" => {}
            Value::Null => self.report(format_args!("{place}.logged_in is required")),
            _ => self.report(format_args!(
                "{place}.logged_in must be true, false or 'unknown'"
            )),
        }
        self.text(customer, place, "language_code");
        if self.rules.language_must_be_a_code
            && let Some(code) = customer["language_code"].as_str()
            && code.split(['-', '_']).next().unwrap_or_default().len() > 3
        {
            self.report(format_args!(
                "{place}.language_code '{code}' is not a language like es-ES"
            ));
        }
        for field in ["created_at", "updated_at", "date_of_birth"] {
            self.day_by_rule(customer, place, field);
        }
        if self.rules.language_needs_its_hyphen
            && let Some(code) = customer["language_code"].as_str()
            && code.contains('_')
        {
            self.report(format_args!(
                "{place}.language_code '{code}' is not a language like es-ES"
            ));
        }
        self.previous_orders(customer, place);
    }

    /// What the shopper bought before, in seQura's words or in the shop's own [C].
    fn previous_orders(&mut self, customer: &Value, place: &str) {
        if !self.rules.previous_orders_in_sequras_words {
            return;
        }
        let orders = self.list(customer, place, "previous_orders");
        for (i, order) in orders.iter().enumerate() {
            let place = within(place, &format!("previous_orders[{i}]"));
            self.one_of(
                order,
                &place,
                "status",
                &["processing", "shipped", "cancelled"],
            );
            let method = order["payment_method"].as_str().unwrap_or_default();
            if !method.starts_with("O/") {
                self.one_of(
                    order,
                    &place,
                    "payment_method",
                    &["CC", "PP", "TR", "COD", "SQ"],
                );
            }
        }
    }

    pub fn delivery_method(&mut self, parent: &Value, place: &str) {
        if let Some(method) = self.object(parent, place, "delivery_method") {
            let says_more = self.rules.delivery_method_name_required;
            self.text_by_rule(says_more, method, &within(place, "delivery_method"), "name");
        }
    }

    /// Whatever there is of all these, where none of them must be.
    pub fn details(&mut self, parent: &Value, place: &str, merchant: &Merchant) {
        for name in ["delivery_address", "invoice_address"] {
            if !left_out(&parent[name]) {
                self.address(parent, place, name, false);
            }
        }
        self.delivery_country(parent, merchant);
        if !left_out(&parent["customer"]) {
            self.person(parent, place);
        }
        if !left_out(&parent["delivery_method"]) {
            self.delivery_method(parent, place);
        }
        self.trackings(parent, place);
    }

    fn trackings(&mut self, parent: &Value, place: &str) {
        for (i, tracking) in self.list(parent, place, "trackings").iter().enumerate() {
            let place = within(place, &format!("trackings[{i}]"));
            if !self.is_object(tracking, &place) {
                continue;
            }
            self.text(tracking, &place, "type");
            self.reference(tracking, &place, "reference");
            if tracking["type"] == "postal" {
                self.text(tracking, &place, "carrier");
            }
        }
    }

    pub fn platform(&mut self, parent: &Value) {
        if let Some(platform) = self.object(parent, "", "platform") {
            for field in ["name", "version", "uname", "db_name", "db_version"] {
                self.text(platform, "platform", field);
            }
        }
    }
}

//! Is this an order? seQura's own check of what it is sent.
//!
//! A refused payload is answered with 409 and a list of sentences [D]; all that is
//! wrong is listed at once. The sentence about totals that do not add up is seQura's
//! own; the others follow its style [I].

use crate::accounts::Merchant;
use crate::rules::Rules;
use serde_json::Value;

/// Everything that is wrong with `order`, in reading order. Empty: nothing is.
pub fn problems(order: &Value, merchant: &Merchant, rules: &Rules) -> Vec<String> {
    let mut check = Check {
        rules,
        problems: Vec::new(),
    };
    check.merchant(order);
    check.carts(order, merchant);
    check.addresses(order, merchant);
    check.customer(order);
    if let Some(method) = check.object(order, "", "delivery_method") {
        check.text(method, "delivery_method", "name");
    }
    check.gui(order);
    if let Some(platform) = check.object(order, "", "platform") {
        for field in ["name", "version", "uname", "db_name", "db_version"] {
            check.text(platform, "platform", field);
        }
    }
    check.problems
}

/// A reference is a string or a whole number; both are compared as text.
pub fn reference(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

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

struct Check<'r> {
    rules: &'r Rules,
    problems: Vec<String>,
}

impl Check<'_> {
    fn report(&mut self, text: impl std::fmt::Display) {
        self.problems.push(format!("Invalid data: {text}"));
    }

    fn merchant(&mut self, order: &Value) {
        if let Some(merchant) = self.object(order, "", "merchant") {
            self.reference(merchant, "merchant", "id");
            if self.rules.store_ref_required {
                self.reference(merchant, "merchant", "store_ref");
            }
        }
        if !order["merchant_reference"].is_null()
            && let Some(references) = self.object(order, "", "merchant_reference")
        {
            self.reference(references, "merchant_reference", "order_ref_1");
        }
    }

    fn carts(&mut self, order: &Value, merchant: &Merchant) {
        let names = cart_names(order);
        if names.len() > 1 && !order["cart"].is_null() {
            self.report("cart is forbidden with merchant.options.uses_shipped_cart");
        }
        for &name in names {
            if let Some(cart) = self.object(order, "", name) {
                self.cart(cart, name, (names.len() > 1).then_some(name), merchant);
            }
        }
        if self.rules.positive_total_required && amount(order).is_some_and(|total| total <= 0) {
            self.report("order_total_with_tax must be positive");
        }
    }

    fn cart(&mut self, cart: &Value, name: &str, named: Option<&str>, merchant: &Merchant) {
        self.text(cart, name, "currency");
        if let Some(currency) = cart["currency"].as_str()
            && self.rules.currency_must_match
            && !currency.is_empty()
            && currency != merchant.currency
        {
            self.report(format_args!(
                "currency '{currency}' is not the currency of merchant '{}'",
                merchant.id
            ));
        }
        if self.rules.gift_required || !cart["gift"].is_null() {
            self.boolean(cart, name, "gift");
        }
        self.integer(cart, name, "order_total_with_tax");
        match cart["items"].as_array() {
            None if cart["items"].is_null() => {
                self.report(format_args!("{name}.items is required"))
            }
            None => self.report(format_args!("{name}.items must be a list")),
            // One of two carts may well be empty; a sale of nothing may not.
            Some(items) if items.is_empty() && named.is_none() => {
                self.report(format_args!("{name}.items is empty"));
            }
            Some(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.item(item, &format!("{name}.items[{i}]"));
                }
            }
        }
        self.problems.extend(sum_problem(cart, named));
    }

    fn item(&mut self, item: &Value, place: &str) {
        if !item.is_object() {
            self.report(format_args!("{place} must be an object"));
            return;
        }
        let kind = match &item["type"] {
            Value::Null => "product",
            Value::String(kind) => kind,
            _ => {
                self.report(format_args!("{place}.type must be a text"));
                return;
            }
        };
        match kind {
            "product" | "service" => {
                self.reference(item, place, "reference");
                self.text(item, place, "name");
                self.integer(item, place, "price_with_tax");
                self.quantity(item, place);
                self.integer(item, place, "total_with_tax");
                self.boolean(item, place, "downloadable");
                if kind == "service" && item["ends_on"].is_null() == item["ends_in"].is_null() {
                    self.report(format_args!(
                        "{place} needs exactly one of ends_on and ends_in"
                    ));
                }
                if self.rules.line_totals_must_multiply {
                    self.line_total(item, place);
                }
            }
            "handling" | "discount" | "other_payment" | "registration" => {
                self.reference(item, place, "reference");
                self.text(item, place, "name");
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

    fn addresses(&mut self, order: &Value, merchant: &Merchant) {
        let may_be_missing =
            order["merchant"]["options"]["addresses_may_be_missing"].as_bool() == Some(true);
        for name in ["delivery_address", "invoice_address"] {
            if may_be_missing && order[name].is_null() {
                continue;
            }
            let Some(address) = self.object(order, "", name) else {
                continue;
            };
            if self.rules.names_required {
                self.text(address, name, "given_names");
                self.text(address, name, "surnames");
            }
            for field in ["company", "address_line_2"] {
                self.text_or_empty(address, name, field);
            }
            for field in ["address_line_1", "postal_code", "city", "country_code"] {
                self.text(address, name, field);
            }
        }
        if let Some(country) = order["delivery_address"]["country_code"].as_str()
            && self.rules.country_must_be_allowed
            && !country.is_empty()
            && !merchant.allowed_countries.iter().any(|c| c == country)
        {
            self.report(format_args!(
                "country '{country}' is not allowed for merchant '{}'",
                merchant.id
            ));
        }
    }

    fn customer(&mut self, order: &Value) {
        let Some(customer) = self.object(order, "", "customer") else {
            return;
        };
        if self.rules.names_required {
            self.text(customer, "customer", "given_names");
            self.text(customer, "customer", "surnames");
        }
        self.text(customer, "customer", "email");
        match &customer["logged_in"] {
            Value::Bool(_) => {}
            Value::String(text) if text == "unknown" => {}
            Value::Null => self.report("customer.logged_in is required"),
            _ => self.report("customer.logged_in must be true, false or 'unknown'"),
        }
        self.text(customer, "customer", "language_code");
        self.text(customer, "customer", "ip_number");
        // user_agent is required but nullable [D], and clients strip nulls before
        // sending [C]: there is nothing left to check.
        if self.rules.nin_control_required {
            self.text(customer, "customer", "nin_control");
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

    fn object<'v>(&mut self, parent: &'v Value, place: &str, field: &str) -> Option<&'v Value> {
        let value = &parent[field];
        if value.is_object() {
            return Some(value);
        }
        self.wrong(value, place, field, "must be an object");
        None
    }

    fn text(&mut self, parent: &Value, place: &str, field: &str) {
        let value = &parent[field];
        match value.as_str() {
            Some("") => self.wrong(&Value::Null, place, field, ""),
            Some(_) => {}
            None => self.wrong(value, place, field, "must be a text"),
        }
    }

    fn text_or_empty(&mut self, parent: &Value, place: &str, field: &str) {
        let value = &parent[field];
        if !value.is_string() {
            self.wrong(value, place, field, "must be a text");
        }
    }

    fn reference(&mut self, parent: &Value, place: &str, field: &str) {
        let value = &parent[field];
        if reference(value).is_none() {
            let missing = value.as_str() == Some("");
            let value = if missing { &Value::Null } else { value };
            self.wrong(value, place, field, "must be a text or a number");
        }
    }

    fn integer(&mut self, parent: &Value, place: &str, field: &str) {
        let value = &parent[field];
        if !value.is_i64() {
            self.wrong(value, place, field, "must be an integer (cents)");
        }
    }

    fn boolean(&mut self, parent: &Value, place: &str, field: &str) {
        let value = &parent[field];
        if !value.is_boolean() {
            self.wrong(value, place, field, "must be true or false");
        }
    }

    fn wrong(&mut self, value: &Value, place: &str, field: &str, expected: &str) {
        let dot = if place.is_empty() { "" } else { "." };
        let complaint = if value.is_null() {
            "is required"
        } else {
            expected
        };
        self.report(format_args!("{place}{dot}{field} {complaint}"));
    }
}

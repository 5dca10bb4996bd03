//! POST /delivery_reports: what was delivered since the last report, and statistics on all
//! sales of the last seven days.
//!
//! The documentation and the clients have different paths for it; both are served. Reports
//! are sent daily, even if there is nothing to report [D]. Here they are kept and shown; what
//! is shipped of an order is for its updates to say.

use crate::accounts::{Account, Merchant};
use crate::answers::Refusal;
use crate::carts::Stand;
use crate::check::{Check, is_no_date, left_out, within};
use crate::ledger::now;
use crate::rules::Rules;
use crate::world::World;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A report that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryReport {
    pub at: String,
    pub request_id: String,
    pub account: String,
    pub merchant_id: String,
    /// Where it was sent to: one of the two paths.
    pub path: String,
    /// All of it, as sent, without its wrapping.
    pub report: Value,
}

impl World {
    pub fn take_report(
        &mut self,
        account: &Account,
        path: &str,
        report: Value,
        request_id: &str,
    ) -> Result<(), Refusal> {
        let merchant = Self::merchant_of(account, &report)?;
        let problems = problems(&report, merchant, &self.rules);
        if !problems.is_empty() {
            return Err(Refusal::Conflict(problems));
        }
        self.delivery_reports.push(DeliveryReport {
            at: now(),
            request_id: request_id.to_owned(),
            account: account.key.clone(),
            merchant_id: merchant.id.clone(),
            path: path.to_owned(),
            report,
        });
        Ok(())
    }
}

/// Is it a report? Required is what the documentation marks so [D].
fn problems(report: &Value, merchant: &Merchant, rules: &Rules) -> Vec<String> {
    let mut check = Check::new(rules);
    if let Some(merchant) = check.object(report, "", "merchant") {
        check.reference(merchant, "merchant", "id");
    }
    // Deliveries and statistics are documented apart, each as if it came alone.
    if left_out(&report["statistics"]) || !left_out(&report["orders"]) {
        let orders = check.required_list(report, "", "orders");
        for (i, order) in orders.iter().enumerate() {
            check.delivery(order, &format!("orders[{i}]"), merchant);
        }
    }
    if !left_out(&report["statistics"])
        && let Some(statistics) = check.object(report, "", "statistics")
    {
        let orders = check.required_list(statistics, "statistics", "orders");
        for (i, order) in orders.iter().enumerate() {
            check.statistic(order, &format!("statistics.orders[{i}]"));
        }
    }
    // Where some clients put the orders whose carts do not add up [C].
    check.list(report, "", "broken_orders");
    if !left_out(&report["platform"]) {
        check.platform(report);
    }
    check.problems
}

impl Check<'_> {
    /// An order of which something was delivered: that is `cart`, the rest `remaining_cart`.
    fn delivery(&mut self, order: &Value, place: &str, merchant: &Merchant) {
        if !self.is_object(order, place) {
            return;
        }
        self.text(order, place, "state");
        self.one_of(order, place, "state", &["shipped", "delivered"]);
        self.optional_text(order, place, "sent_at");
        self.day_by_rule(order, place, "sent_at");
        if !is_no_date(&order["sent_at"]) {
            self.time(order, place, "sent_at");
            self.time_by_rule(order, place, "sent_at");
        }
        if let Some(references) = self.object(order, place, "merchant_reference") {
            let place = &within(place, "merchant_reference");
            self.reference(references, place, "order_ref_1");
        }
        self.cart(order, place, "cart", Stand::DELIVERED, merchant);
        if !left_out(&order["remaining_cart"]) {
            self.cart(order, place, "remaining_cart", Stand::UPDATE, merchant);
        }
        self.details(order, place, merchant);
    }

    /// A sale of the shop's, whoever paid for it.
    fn statistic(&mut self, order: &Value, place: &str) {
        if !self.is_object(order, place) {
            return;
        }
        self.text(order, place, "completed_at");
        self.time(order, place, "completed_at");
        self.time_by_rule(order, place, "completed_at");
        self.text(order, place, "currency");
        if !order["amount"].is_null() {
            self.integer(order, place, "amount");
        }
        if !order["merchant_reference"].is_null()
            && let Some(references) = self.object(order, place, "merchant_reference")
        {
            let place = &within(place, "merchant_reference");
            self.reference(references, place, "order_ref_1");
        }
        for field in [
            "payment_method",
            "country",
            "device",
            "status",
            "raw_status",
        ] {
            self.optional_text(order, place, field);
        }
        let other = |method: &str| {
            method
                .strip_prefix("O/")
                .is_some_and(|name| !name.is_empty())
        };
        if !order["payment_method"].as_str().is_some_and(other) {
            let methods = ["CC", "COD", "PP", "TR", "SQ", "O/…"];
            self.one_of(order, place, "payment_method", &methods);
        }
        self.one_of(
            order,
            place,
            "status",
            &["processing", "shipped", "cancelled"],
        );
        // What follows a slash is the shop's own affair.
        let device = order["device"].as_str().unwrap_or_default();
        let kind = device.split('/').next().unwrap_or_default();
        if !["", "computer", "tablet", "phone", "other"].contains(&kind) {
            self.report(format_args!(
                "{place}.device '{device}' is not one of computer, tablet, phone, other"
            ));
        }
    }
}

//! PUT /merchants/{merchant_ref}/orders/{order_ref_1}: the order update.
//!
//! The shop says what is now unshipped and what is now shipped; whether goods were sent,
//! came back or were cancelled follows from that [D]. Repeating an update is harmless [I].

use crate::accounts::{Account, Merchant};
use crate::answers::Refusal;
use crate::carts::Stand;
use crate::changes::{cart_essence, essence};
use crate::check::{Check, reference};
use crate::ledger::{Event, now};
use crate::orders::{Order, State};
use crate::rules::Rules;
use crate::sale::{CartView, OrderUpdate, Sale, is_empty};
use crate::world::World;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The order an update is for, as its path names it.
pub struct Target<'p> {
    pub merchant_id: &'p str,
    pub order_ref_1: &'p str,
}

impl World {
    /// The order that was confirmed under this reference, unless it has ended since: for
    /// one that is on hold or was cancelled there is no such path [C].
    pub fn updatable(&self, account: &Account, target: &Target<'_>) -> Result<&Order, Refusal> {
        self.orders_of(account, target.merchant_id)
            .find(|order| {
                order.order_ref_1.as_deref() == Some(target.order_ref_1)
                    && order.sale.as_ref().is_some_and(|sale| {
                        order.state == State::Confirmed
                            || (order.state == State::Cancelled && sale.cancelled)
                    })
            })
            .ok_or(Refusal::NotFound)
    }

    pub fn update_order(
        &mut self,
        account: &Account,
        target: &Target<'_>,
        payload: &Value,
        request_id: &str,
    ) -> Result<(), Refusal> {
        let order = self.updatable(account, target)?;
        let uuid = order.uuid.clone();
        let sale = order.sale.as_ref().ok_or(Refusal::NotFound)?;
        let changes = changes(order, sale, payload);
        if is_closed(sale, &self.rules) && (changes || !self.rules.repeated_cancel_accepted) {
            return Err(Refusal::NotFound);
        }
        let merchant = account.merchant(target.merchant_id);
        let merchant = merchant.ok_or(Refusal::NoAccess)?;
        let problems = problems(payload, target, merchant, &self.rules);
        if !problems.is_empty() {
            return Err(Refusal::Conflict(problems));
        }
        let owed = owed(payload);
        let conflicts = conflicts(order, sale, payload, owed, &self.rules);
        if !conflicts.is_empty() {
            return Err(Refusal::Conflict(conflicts));
        }
        let amount = i64::try_from(owed)
            .map_err(|_| Refusal::conflict("Invalid data: order_total_with_tax is too large"))?;

        let Some(order) = self.order_mut(&uuid) else {
            return Err(Refusal::NotFound);
        };
        let event = order.update(payload, amount, request_id, changes);
        if let Some(event) = event {
            self.record(&uuid, event, Some(request_id));
        }
        Ok(())
    }
}

impl Order {
    /// Takes over an update that may be taken over.
    fn update(
        &mut self,
        payload: &Value,
        amount: i64,
        request_id: &str,
        changes: bool,
    ) -> Option<Event> {
        let sale = self.sale.as_mut()?;
        let details = details(payload);
        let came_along = details.keys().cloned().collect();
        sale.details.extend(details);
        if !changes {
            return None;
        }
        self.amount = amount;
        let references = &payload["merchant_reference"];
        if let Some(sent) = reference(&references["order_ref_2"]) {
            self.order_ref_2 = Some(sent);
        }
        let reason = payload["cancellation_reason"].as_str();
        if let Some(reason) = reason {
            sale.cancellation_reason = Some(reason.to_owned());
        }
        sale.unshipped_cart = payload["unshipped_cart"].clone();
        sale.shipped_cart = payload["shipped_cart"].clone();
        sale.was_shipped |= !is_empty(&sale.shipped_cart);
        let was_cancelled = sale.cancelled;
        sale.cancelled = sale.is_empty() && !sale.was_shipped;
        sale.updates.push(OrderUpdate {
            at: now(),
            request_id: request_id.to_owned(),
            unshipped_cart: CartView::of(&sale.unshipped_cart),
            shipped_cart: CartView::of(&sale.shipped_cart),
            cancellation_reason: reason.map(str::to_owned),
            details: came_along,
        });
        let (state, event) = match (was_cancelled, sale.cancelled) {
            (false, true) => (State::Cancelled, Event::Cancelled),
            (true, true) => (State::Cancelled, Event::Updated),
            (_, false) => (State::Confirmed, Event::Updated),
        };
        self.enter(state, event);
        Some(event)
    }
}

/// Nothing is left of the order, and the rules call that its end.
fn is_closed(sale: &Sale, rules: &Rules) -> bool {
    sale.is_empty()
        && if sale.was_shipped {
            !rules.refunded_orders_can_be_updated
        } else {
            !rules.cancelled_orders_can_be_updated
        }
}

/// Is the payload an order update for this path?
fn problems(order: &Value, target: &Target<'_>, merchant: &Merchant, rules: &Rules) -> Vec<String> {
    let mut check = Check::new(rules);
    if let Some(sent) = check.object(order, "", "merchant") {
        check.reference(sent, "merchant", "id");
        if let Some(id) = reference(&sent["id"])
            && id != target.merchant_id
        {
            check.report(format_args!(
                "merchant.id '{id}' is not the merchant of the URL"
            ));
        }
    }
    if let Some(sent) = check.object(order, "", "merchant_reference") {
        check.reference(sent, "merchant_reference", "order_ref_1");
        if let Some(sent) = reference(&sent["order_ref_1"])
            && sent != target.order_ref_1
        {
            check.report(format_args!(
                "order_ref_1 '{sent}' is not the reference of the URL"
            ));
        }
    }
    for name in ["unshipped_cart", "shipped_cart"] {
        check.cart(order, "", name, Stand::UPDATE, merchant);
    }
    if !order["cancellation_reason"].is_null() {
        check.text(order, "", "cancellation_reason");
    }
    // Which of the rest an update must have is not known [I]: none of it.
    if rules.update_details_checked {
        check.details(order, "", merchant);
        if !order["platform"].is_null() {
            check.platform(order);
        }
    }
    check.problems
}

/// What the shopper would owe: both carts together [I].
fn owed(order: &Value) -> i128 {
    ["unshipped_cart", "shipped_cart"]
        .iter()
        .filter_map(|name| order[name]["order_total_with_tax"].as_i64())
        .map(i128::from)
        .sum()
}

/// Why a well-made update does not fit the order. Each of these is a guess [I].
fn conflicts(order: &Order, sale: &Sale, now: &Value, owed: i128, rules: &Rules) -> Vec<String> {
    let mut conflicts = Vec::new();
    let confirmed = sale.confirmed_amount;
    if rules.confirmed_amount_is_ceiling && owed > i128::from(confirmed) {
        conflicts.push(format!(
            "Invalid data: order_total_with_tax {owed} is above the confirmed amount {confirmed}"
        ));
    }
    for name in ["unshipped_cart", "shipped_cart"] {
        let cart = &now[name];
        let currency = cart["currency"].as_str().unwrap_or_default();
        if rules.changed_currency_refused && currency != order.currency {
            conflicts.push(format!(
                "Invalid data: In {name}, currency '{currency}' is not the order's"
            ));
        }
        let total = cart["order_total_with_tax"].as_i64().unwrap_or_default();
        if rules.negative_carts_refused && total < 0 {
            conflicts.push(format!(
                "Invalid data: In {name}, order_total_with_tax {total} is below zero"
            ));
        }
    }
    if rules.unshipping_refused {
        conflicts.extend(unshipped_again(sale, now).iter().map(|item| {
            format!("Invalid data: In unshipped_cart, item '{item}' has already been shipped")
        }));
    }
    conflicts
}

/// References of goods of which less is shipped than before, and more is unshipped.
fn unshipped_again(sale: &Sale, now: &Value) -> Vec<String> {
    let unshipped_before = quantities(&sale.unshipped_cart);
    let shipped_before = quantities(&sale.shipped_cart);
    let unshipped = quantities(&now["unshipped_cart"]);
    let shipped = quantities(&now["shipped_cart"]);
    let of = |cart: &HashMap<String, i128>, item: &str| cart.get(item).copied().unwrap_or(0);
    let mut back: Vec<String> = shipped_before
        .iter()
        .filter(|(item, before)| {
            of(&shipped, item) < **before && of(&unshipped, item) > of(&unshipped_before, item)
        })
        .map(|(item, _)| item.clone())
        .collect();
    back.sort();
    back
}

/// How many there are of each product and service.
fn quantities(cart: &Value) -> HashMap<String, i128> {
    let mut quantities = HashMap::new();
    for item in cart["items"].as_array().into_iter().flatten() {
        if let (Some(item), Some(quantity)) =
            (reference(&item["reference"]), item["quantity"].as_i64())
        {
            *quantities.entry(item).or_default() += i128::from(quantity);
        }
    }
    quantities
}

/// Does the payload say anything that is not known? What the shop's software is called is
/// no part of the order.
fn changes(order: &Order, sale: &Sale, payload: &Value) -> bool {
    let sent_reference = reference(&payload["merchant_reference"]["order_ref_2"]);
    let reason = payload["cancellation_reason"].as_str();
    cart_essence(&payload["unshipped_cart"]) != cart_essence(&sale.unshipped_cart)
        || cart_essence(&payload["shipped_cart"]) != cart_essence(&sale.shipped_cart)
        || (sent_reference.is_some() && sent_reference != order.order_ref_2)
        || (reason.is_some() && reason != sale.cancellation_reason.as_deref())
        || details(payload).iter().any(|(name, value)| {
            let known = sale.details.get(name).unwrap_or(&order.latest[name]);
            name != "platform" && essence(value) != essence(known)
        })
}

/// What an update says beside its carts.
fn details(payload: &Value) -> Map<String, Value> {
    const NO_DETAILS: [&str; 6] = [
        "state",
        "merchant",
        "merchant_reference",
        "unshipped_cart",
        "shipped_cart",
        "cancellation_reason",
    ];
    payload
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, value)| !value.is_null() && !NO_DETAILS.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

//! An order as callers see it: `/order` of the buffer, and the lists of unfinished orders.

use crate::address::percent_encoded;
use crate::advice;
use crate::changes::{SoldOrder, delivery};
use crate::clock::now_ms;
use crate::journal::{Entry, Record, Refusal};
use crate::lifecycle::State;
use crate::order::{Cents, TwoCarts, Written};
use crate::outcome::OrderView;
use crate::shop::Shop;
use crate::vocabulary::Next;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An unfinished order as lists show it.
#[derive(Serialize)]
pub(crate) struct Unfinished {
    #[serde(flatten)]
    order: OrderView,
    age_s: i64,
    missing: &'static str,
    next: Next,
}

impl Shop {
    /// `/order` of the buffer, from the journal.
    pub(crate) fn view(&self, record: &Record) -> OrderView {
        let state = record.life.state;
        let carts = || SoldOrder::of(record).map(|sold| sold.carts);
        let shop_status = self.shop_status_of(state, carts);
        OrderView {
            shop_status,
            merchant_id: Some(record.merchant_id.clone()),
            order_ref_1: record.known_ref(),
            order_ref_2: record.order_ref_2.clone(),
            cart_ref: record.cart_ref(),
            amount: record.amount,
            currency: record.currency.clone(),
            refused: record
                .refusal
                .as_ref()
                .and_then(|refusal| refusal.errors.first().cloned()),
            ..self.located(record.uuid.as_deref(), state)
        }
    }

    /// The same, from what came of a step of the sale and what was sent.
    pub(crate) fn view_of(&self, entry: &Entry, content: &Written) -> OrderView {
        let facts = content.facts().clone();
        let state = entry.life.state;
        let carts = || TwoCarts::of_order(content.order().document());
        OrderView {
            shop_status: self.shop_status_of(state, carts),
            merchant_id: facts.merchant_id,
            order_ref_1: facts.order_ref_1,
            order_ref_2: facts.order_ref_2,
            cart_ref: facts.cart_ref,
            amount: facts.amount,
            currency: facts.currency,
            ..self.located(entry.uuid.as_deref(), state)
        }
    }

    /// The shop's own status; what was shipped is looked at only where that is another one.
    fn shop_status_of(
        &self,
        state: State,
        carts: impl FnOnce() -> Option<TwoCarts>,
    ) -> Option<String> {
        let status = self.shop_status(state);
        let shipped = self.mapped("shipped");
        let is_shipped = || carts().is_some_and(|carts| delivery(&carts) == "shipped");
        match state == State::Settled && shipped != status && is_shipped() {
            true => shipped,
            false => status,
        }
    }

    fn located(&self, uuid: Option<&str>, state: State) -> OrderView {
        OrderView {
            url: uuid.map(|uuid| self.endpoint().order_url(uuid).to_string()),
            uuid: uuid.map(str::to_owned),
            state,
            shop_status: self.shop_status(state),
            order_ref_1: None,
            order_ref_2: None,
            cart_ref: None,
            merchant_id: None,
            amount: None,
            currency: None,
            portal_url: uuid.and_then(|uuid| self.endpoint().portal_url(uuid)),
            refused: None,
        }
    }

    fn shop_status(&self, state: State) -> Option<String> {
        let sequra = match state {
            State::Solicited | State::FormSent => "solicited",
            State::Held => "needs_review",
            state if state.is_confirmed() => "approved",
            State::Cancelled => "cancelled",
            _ => return None,
        };
        self.mapped(sequra)
    }

    fn mapped(&self, sequra: &str) -> Option<String> {
        let mut mapping = self.config().status_mapping.iter();
        mapping.find(|(state, _)| state == sequra)?.1.clone()
    }

    /// The order in the shop's own system, through `shop_order_url`.
    pub(crate) fn shop_url(&self, order_ref_1: Option<&str>) -> Option<String> {
        let template = self.config().shop_order_url.as_ref()?;
        Some(template.replace("{order_ref_1}", &percent_encoded(order_ref_1?)))
    }

    /// An unfinished order as lists show it.
    pub(crate) fn unfinished(&self, record: &Record) -> Unfinished {
        Unfinished {
            order: self.view(record),
            age_s: age_s(record),
            missing: missing(record),
            next: advice::next(record),
        }
    }

    /// What seQura last said no to, as [`crate::Client::order_info`] shows it.
    pub(crate) fn refusal_view(refusal: &Refusal) -> Value {
        json!({
            "operation": refusal.step.as_str(),
            "status": refusal.status.name(),
            "errors": refusal.errors_to_json(),
        })
    }
}

/// How long ago the till began with it.
pub(crate) fn age_s(record: &Record) -> i64 {
    now_ms().saturating_sub(record.created_at).max(0) / 1000
}

/// What an unfinished order waits for.
fn missing(record: &Record) -> &'static str {
    if record.open.as_ref().is_some_and(advice::ends_sale) {
        return "shipment";
    }
    if record.life.intent.is_some() {
        return "answer";
    }
    match record.life.state {
        State::Soliciting | State::Confirming | State::Referencing => "answer",
        State::Solicited => "form",
        State::FormSent | State::Held | State::Conflicted => "confirmation",
        State::Confirmed | State::RefConflicted => "order_ref_1",
        State::Settled | State::Cancelled | State::Abandoned => "nothing",
    }
}

/// The money of orders that are confirmed, or may be, without being settled: cents by currency and merchant.
pub(crate) fn at_risk(records: &[Record]) -> Value {
    let at_risk = records.iter().filter(|record| record.life.is_at_risk());
    let parts = at_risk.map(|record| {
        let currency = record.currency.as_deref();
        (currency, &record.merchant_id, record.amount)
    });
    sums(parts.collect())
}

/// Cents by currency and merchant. What is more than can be counted, or not known, is null.
pub(crate) fn sums(parts: Vec<(Option<&str>, &String, Option<i64>)>) -> Value {
    let mut sums: BTreeMap<(&str, &str), Option<Cents>> = BTreeMap::new();
    for (currency, merchant_id, amount) in parts {
        if let Some(currency) = currency {
            let sum = sums.entry((currency, merchant_id));
            let sum = sum.or_insert(Some(Cents::ZERO));
            *sum = sum.and_then(|sum| sum.checked_add(Cents(amount?)));
        }
    }
    let mut by_currency = json!({});
    for ((currency, merchant_id), sum) in sums {
        by_currency[currency][merchant_id] = sum.map(Value::from).into();
    }
    by_currency
}

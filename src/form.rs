//! The form on its way to the shopper: by which channel, and what must be so before it is sent.
//!
//! What seQura would refuse is refused here where it is certain: there is nowhere to send the form to, or seQura itself
//! has said, a moment ago, that the order cannot have the product. Of what is not certain there are warnings.

use crate::clock::now_ms;
use crate::operation::{Channel, Operation};
use crate::order::{Number, Written};
use crate::problem::Problem;
use crate::shop::Shop;
use crate::vocabulary::ErrorCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::time::Instant;

/// What was found before a form is sent.
#[derive(Default)]
pub(crate) struct Checked {
    pub(crate) problems: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
}

/// What is asked for.
struct Form<'a> {
    product_code: &'a str,
    campaign: Option<&'a str>,
}

/// What must be so before an operation on this order: of the form everything that depends on the channel, and what
/// holds for every channel.
pub(crate) fn check(
    shop: &Shop,
    operation: &Operation,
    uuid: Option<&str>,
    order: &Written,
) -> Checked {
    let Operation::SendForm {
        channel,
        product_code,
        campaign,
    } = operation
    else {
        return Checked {
            problems: operation.check(),
            ..Checked::default()
        };
    };
    let form = Form {
        product_code,
        campaign: campaign.as_deref(),
    };
    let mut checked = Checked::default();
    checked.channel(*channel, order);
    checked.product(shop, &form, uuid, order);
    checked
}

impl Checked {
    /// Whether there is somewhere to send it to.
    fn channel(&mut self, channel: Channel, order: &Written) {
        match channel {
            Channel::Sms => self.phone(order),
            Channel::Email => self.email(order),
        }
    }

    /// seQura takes the number from the order: the call has no field for it [I]. One of several is enough.
    fn phone(&mut self, order: &Written) {
        let numbers = order.order().mobile_numbers();
        let Some((place, _)) = numbers.first() else {
            return self.problems.push(Problem::at(
                ErrorCode::MobilePhoneRequired,
                "/delivery_address/mobile_phone",
                "The form goes by SMS, and the order has no mobile_phone in delivery_address or \
                 invoice_address. Start again with the shopper's number.",
            ));
        };
        let is = |kind| move |(_, number): &(String, Number)| *number == kind;
        if numbers.iter().all(is(Number::Landline)) {
            self.problems.push(Problem::at(
                ErrorCode::NotAMobile,
                place,
                "The form goes by SMS, and the order's mobile_phone is a landline's number. Start again with a mobile number.",
            ));
        } else if !numbers.iter().any(is(Number::Mobile))
            && let Some((place, _)) = numbers.iter().find(|one| is(Number::Foreign)(one))
        {
            self.warnings.push(Problem::at(
                ErrorCode::ForeignMobile,
                place,
                "The mobile number is not of the country that the order is sold in; the SMS with the form may not arrive.",
            ));
        }
    }

    fn email(&mut self, order: &Written) {
        if order.order().email().is_none() {
            self.problems.push(Problem::at(
                ErrorCode::MissingField,
                "/customer/email",
                "The form goes by e-mail, and the order has no customer.email. Start again with the shopper's address.",
            ));
        }
    }

    /// Whether the order can have the product, by the list that seQura gave for it; none is asked for.
    fn product(&mut self, shop: &Shop, form: &Form, uuid: Option<&str>, order: &Written) {
        let product = form.product_code;
        if product == "pp5" && form.campaign.is_none() {
            self.problems.push(Problem::new(
                ErrorCode::NullArgument,
                "Product pp5 needs a campaign; give the one sq_payment_methods names.",
            ));
        }
        let Some(list) = uuid.and_then(|uuid| kept(shop).remove(uuid)) else {
            return self.warnings.push(Problem::new(
                ErrorCode::ProductUnchecked,
                format!("Whether the order can have product {product} is not known: seQura gave no list for it within ten minutes. Call sq_payment_methods with the order first."),
            ));
        };
        let mut offers = list.methods.iter().filter(|one| one.is_of(form)).peekable();
        if offers.peek().is_none() {
            return self.problems.push(Problem::new(
                ErrorCode::ProductNotOffered,
                format!("seQura does not offer product {product} (with this campaign) for the order. Give one that sq_payment_methods names."),
            ));
        }
        let Some(amount) = order.order().amount() else {
            return;
        };
        let passed: Option<Vec<i64>> = offers.map(|one| one.passed_by(amount.0)).collect();
        if let Some(limit) = passed.as_deref().and_then(<[i64]>::first) {
            self.problems.push(Problem {
                expected: Some((*limit).into()),
                actual: Some(amount.into()),
                ..Problem::new(
                    ErrorCode::ProductNotOffered,
                    format!("The order's amount is not within what product {product} is for."),
                )
            });
        }
    }
}

/// A list counts for so long, ms.
const FRESH_MS: i64 = 600_000;
/// So many of them are kept.
const MOST_LISTS: usize = 50;
const LISTS: &str = "form_products";

/// What an order may be paid with, and when seQura said so.
#[derive(Deserialize, Serialize)]
struct List {
    at: i64,
    methods: Vec<Offer>,
}

/// A method of a list.
#[derive(Deserialize, Serialize)]
struct Offer {
    product: String,
    campaign: Option<String>,
    min_amount: Option<i64>,
    max_amount: Option<i64>,
}

impl Offer {
    /// Without a campaign seQura takes the first one [D].
    fn is_of(&self, form: &Form) -> bool {
        self.product == form.product_code
            && form
                .campaign
                .is_none_or(|campaign| self.campaign.as_deref() == Some(campaign))
    }

    /// The limit that an amount passes.
    fn passed_by(&self, amount: i64) -> Option<i64> {
        let least = self.min_amount.filter(|least| amount < *least);
        least.or(self.max_amount.filter(|most| amount > *most))
    }
}

/// The lists that count, by order.
fn kept(shop: &Shop) -> BTreeMap<String, List> {
    let answer = shop.journal().kept_answer(shop.endpoint().as_str(), LISTS);
    let kept = answer.ok().flatten();
    let mut lists: BTreeMap<String, List> = kept
        .and_then(|(_, lists)| serde_json::from_str(&lists).ok())
        .unwrap_or_default();
    let now = now_ms();
    lists.retain(|_, list| (0..FRESH_MS).contains(&(now - list.at)));
    lists
}

/// Keeps what seQura offers for an order.
pub(crate) fn keep(shop: &Shop, uuid: &str, methods: &[Map<String, Value>], deadline: Instant) {
    let offer = |method: &Map<String, Value>| {
        let text = |name: &str| method.get(name).and_then(Value::as_str).map(str::to_owned);
        let number = |name: &str| method.get(name).and_then(Value::as_i64);
        Some(Offer {
            product: text("product")?,
            campaign: text("campaign"),
            min_amount: number("min_amount"),
            max_amount: number("max_amount"),
        })
    };
    let mut lists = kept(shop);
    let oldest = lists.iter().min_by_key(|(_, list)| list.at);
    let oldest = oldest.map(|(uuid, _)| uuid.clone());
    if let (Some(oldest), true) = (oldest, lists.len() >= MOST_LISTS) {
        lists.remove(&oldest);
    }
    let list = List {
        at: now_ms(),
        methods: methods.iter().filter_map(offer).collect(),
    };
    lists.insert(uuid.to_owned(), list);
    // A journal that cannot be written is told of by whoever needs it.
    if let Ok(lists) = serde_json::to_string(&lists) {
        let endpoint = shop.endpoint().as_str();
        let _ = shop
            .journal()
            .keep_answer(endpoint, LISTS, &lists, deadline);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::Order;

    #[test]
    fn what_is_asked_of_an_order_depends_on_the_channel() {
        let by_email = Some((ErrorCode::MissingField, "/customer/email"));
        let by_sms = Some((
            ErrorCode::MobilePhoneRequired,
            "/delivery_address/mobile_phone",
        ));
        for (order, channel, expected) in [
            (r#"{"customer":{}}"#, Channel::Email, by_email),
            (r#"{"customer":{"email":null}}"#, Channel::Email, by_email),
            (r#"{"customer":{"email":""}}"#, Channel::Email, by_email),
            (r#"{"customer":{"email":"  "}}"#, Channel::Email, by_email),
            (r#"{"cart":{}}"#, Channel::Email, by_email),
            (
                r#"{"customer":{"email":"a@example.es"}}"#,
                Channel::Email,
                None,
            ),
            (
                r#"{"customer":{"email":"a@example.es"}}"#,
                Channel::Sms,
                by_sms,
            ),
        ] {
            let written = Written::new(Order::from_json(order).expect("an order"));
            let mut checked = Checked::default();
            checked.channel(channel, &written);
            let found = checked.problems.first();
            let found = found.map(|one| (one.code, one.pointer.as_deref().unwrap_or_default()));
            assert_eq!(found, expected, "{order} {channel:?}");
        }
    }
}

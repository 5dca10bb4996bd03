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
use serde_json::{Map, Value};

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
            warnings: rounding_told(shop, order),
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

/// The lines for rounding in an order that is sent as the journal has it.
fn rounding_told(shop: &Shop, order: &Written) -> Vec<Problem> {
    let line = shop.config().rounding_line.as_ref();
    let line = line.filter(|line| order.text().contains(&line.reference));
    line.map_or(Vec::new(), |line| order.order().rounding_told(line))
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
        if product == SHOPPER_CHOOSES {
            return;
        }
        let Some(methods) = uuid.and_then(|uuid| offered(shop, uuid)) else {
            return self.warnings.push(Problem::new(
                ErrorCode::ProductUnchecked,
                format!("Whether the order can have product {product} is not known: seQura gave no list for it within ten minutes. Call sq_payment_methods with the order first."),
            ));
        };
        let mut offers = methods.iter().filter(|one| is_of(one, form)).peekable();
        if offers.peek().is_none() {
            return self.problems.push(Problem::new(
                ErrorCode::ProductNotOffered,
                format!(
                    "seQura does not offer product {product}{} for the order. Give one that sq_payment_methods names.",
                    form.campaign.map_or_else(String::new, |name| format!(" with campaign {name}")),
                ),
            ));
        }
        let Some(amount) = order.order().amount() else {
            return;
        };
        let passed: Option<Vec<i64>> = offers.map(|one| passed_by(one, amount.0)).collect();
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

/// By this one the shopper chooses in the form [C]; no list names it.
const SHOPPER_CHOOSES: &str = "tbs";
/// A list counts for so long, ms.
const FRESH_MS: i64 = 600_000;
/// So all names begin under which lists are kept.
const GROUP: &str = "form_products/";

/// What is kept of a method.
const OF_A_METHOD: [&str; 4] = ["product", "campaign", "min_amount", "max_amount"];

/// Whether a method is the one asked for. Without a campaign seQura takes the first one [D].
fn is_of(method: &Value, form: &Form) -> bool {
    method["product"] == form.product_code
        && form
            .campaign
            .is_none_or(|campaign| method["campaign"] == campaign)
}

/// The limit of a method that an amount passes.
fn passed_by(method: &Value, amount: i64) -> Option<i64> {
    let limit = |name: &str| method[name].as_i64();
    let least = limit("min_amount").filter(|least| amount < *least);
    least.or(limit("max_amount").filter(|most| amount > *most))
}

fn name_of(uuid: &str) -> String {
    format!("{GROUP}{uuid}")
}

/// The methods that seQura offered for the order a moment ago.
fn offered(shop: &Shop, uuid: &str) -> Option<Vec<Value>> {
    let endpoint = shop.endpoint().as_str();
    let (at, methods) = shop.journal().kept_for_a_while(endpoint, &name_of(uuid))?;
    let is_fresh = now_ms().saturating_sub(at) < FRESH_MS;
    is_fresh.then(|| serde_json::from_str(&methods).ok())?
}

/// Keeps what seQura offers for an order.
pub(crate) fn keep(shop: &Shop, uuid: &str, methods: &[Map<String, Value>]) {
    let offer = |method: &Map<String, Value>| -> Value {
        let known = OF_A_METHOD
            .iter()
            .filter_map(|name| Some((*name, method.get(*name)?)));
        known
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect()
    };
    let offers: Value = methods.iter().map(offer).collect();
    let (journal, endpoint) = (shop.journal(), shop.endpoint().as_str());
    // A journal that cannot be written is told of by whoever needs it.
    let _ = journal.keep_for_a_while(endpoint, (GROUP, &name_of(uuid)), &offers.to_string());
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

//! What an order must fulfil that no single field shows.

use serde_json::{Map, Value};

use super::identifiers::{REFERENCE, is_order_ref, is_reference};
use super::lookup::{ADDRESSES, country_of, has_option, text_of};
use super::phone::{self, Number};
use super::walk::{Segment, Walk};
use super::{cart as carts, cents::Cents, codes};
use crate::dates;
use crate::json::said;
use crate::vocabulary::ErrorCode;

const TOTAL: &str = "order_total_with_tax";

pub(super) fn order(walk: &mut Walk<'_>, order: &Map<String, Value>) {
    if has_option(order, "uses_shipped_cart") {
        two_carts(walk, order);
    }
    references(walk, order);
    mobile_phone(walk, order);
}

fn references(walk: &mut Walk<'_>, order: &Map<String, Value>) {
    let Some(given) = order.get("merchant_reference").and_then(Value::as_object) else {
        return;
    };
    for name in ["order_ref_1", "order_ref_2"] {
        let is_good = match name {
            "order_ref_1" => is_order_ref,
            _ => is_reference,
        };
        // One that is empty is none.
        if text_of(given, name).is_some_and(|text| !is_good(text)) {
            at(walk, "merchant_reference", name, |walk| {
                walk.problem(ErrorCode::InvalidValue, REFERENCE)
            });
        }
    }
}

/// The two carts are one sale: in one currency, and with something to pay for.
fn two_carts(walk: &mut Walk<'_>, order: &Map<String, Value>) {
    let block = |name| order.get(name).and_then(Value::as_object);
    let (Some(unshipped), Some(shipped)) = (block("unshipped_cart"), block("shipped_cart")) else {
        return;
    };
    if let (Some(one), Some(other)) = (text_of(unshipped, "currency"), text_of(shipped, "currency"))
        && one != other
        && codes::is_currency(one)
        && codes::is_currency(other)
    {
        at(walk, "shipped_cart", "currency", |walk| {
            walk.problem_with(
                ErrorCode::CurrencyMismatch,
                &format!(
                    "is {other} but unshipped_cart.currency is {one}: an order has one currency."
                ),
                Some(one.into()),
                Some(other.into()),
            );
        });
    }
    let total = |cart: &Map<String, Value>| cart.get(TOTAL).and_then(Cents::from_value);
    if total(unshipped) == Some(Cents::ZERO) && total(shipped) == Some(Cents::ZERO) {
        at(walk, "unshipped_cart", TOTAL, |walk| {
            walk.problem_with(
                ErrorCode::OutOfRange,
                "is 0 and shipped_cart's is 0 too: together they must be more than 0.",
                None,
                Some(0.into()),
            );
        });
    }
}

/// The form goes out by SMS, and SMS goes to Spanish mobiles only [D]. A number that will not do is
/// a warning, because the form may yet reach the shopper in another way; whether there is a number at
/// all, whoever sends the form asks.
fn mobile_phone(walk: &mut Walk<'_>, order: &Map<String, Value>) {
    const NUMBER: &str = "mobile_phone";
    let block = |name: &str| order.get(name).and_then(Value::as_object);
    let given = |name| text_of(block(name)?, NUMBER);

    if let Some(first) = ADDRESSES.into_iter().find(|name| given(name).is_some()) {
        let reachable = ADDRESSES
            .into_iter()
            .filter_map(given)
            .any(|number| phone::kind(number, Some("ES")) == Number::Mobile);
        let sold_in_spain = matches!(country_of(order), Some("ES" | "ESP"));
        if !reachable && sold_in_spain {
            let what = "is not a Spanish mobile number (nine digits that begin with 6 or 7): the \
                        form cannot be sent to it by SMS.";
            at(walk, first, NUMBER, |walk| {
                walk.warning(ErrorCode::InvalidPhone, what, None, None)
            });
        }
    }
}

/// A cart's total is what its items add up to, or seQura refuses the order.
pub(super) fn cart(walk: &mut Walk<'_>, cart: &Map<String, Value>) {
    let Some(declared) = cart.get(TOTAL).and_then(Cents::from_value) else {
        return;
    };
    // Where a line has no proper total, that has been noted, and there is no sum to speak of.
    let Some(totals) = cart.get("items").and_then(carts::totals) else {
        return;
    };
    if totals.is_empty() && walk.is_at("cart") {
        return;
    }
    let Some(sum) = Cents::sum(totals.iter().copied()) else {
        return walk.inside(Segment::Name(TOTAL), |walk| {
            walk.problem(
                ErrorCode::OutOfRange,
                "cannot be checked: the items add up to more than any shop can mean.",
            );
        });
    };
    if sum == declared {
        return;
    }
    let Some(difference) = declared.checked_sub(sum) else {
        return;
    };
    let what = format!(
        "is {declared} but the items add up to {sum}{}; the difference is {difference}. \
            Correct whichever is wrong: the library never repairs a cart.",
        terms(&totals)
    );
    walk.inside(Segment::Name(TOTAL), |walk| {
        walk.problem_with(
            ErrorCode::CartTotalMismatch,
            &what,
            Some(sum.into()),
            Some(declared.into()),
        );
    });
}

/// ` (1000+4055+-1500)`, as seQura writes it too; of a long cart the beginning.
fn terms(totals: &[Cents]) -> String {
    const ROOM: usize = 30;
    if totals.len() < 2 {
        return String::new();
    }
    let terms: Vec<String> = totals.iter().take(ROOM).map(Cents::to_string).collect();
    let more = if totals.len() > ROOM { "+…" } else { "" };
    format!(" ({}{more})", terms.join("+"))
}

/// A line is quantity times price, give or take the rounding that seQura allows.
pub(super) fn line(walk: &mut Walk<'_>, item: &Map<String, Value>) {
    let amount = |name| item.get(name).and_then(Cents::from_value);
    let (Some(price), Some(total)) = (amount("price_with_tax"), amount("total_with_tax")) else {
        return;
    };
    let Some(quantity) = item
        .get("quantity")
        .and_then(Value::as_i64)
        .filter(|quantity| *quantity > 0)
    else {
        return;
    };
    let Some(product) = price
        .checked_mul(quantity)
        .filter(|product| *product != total)
    else {
        return;
    };
    walk.inside(Segment::Name("total_with_tax"), |walk| {
        walk.warning(
            ErrorCode::LineTotalDiffers,
            &format!(
                "is {total} but {quantity} × {price} is {product}. seQura allows it for \
                rounding; look whether it is meant."
            ),
            Some(product.into()),
            Some(total.into()),
        );
    });
}

/// A service ends on a date or after a while, one of the two.
pub(super) fn service(walk: &mut Walk<'_>, item: &Map<String, Value>) {
    let is_date = |ends_on: &&Value| !ends_on.as_str().is_some_and(dates::is_no_date);
    let ends_on = said(item, "ends_on").filter(is_date);
    let what = match (ends_on, said(item, "ends_in")) {
        (Some(_), Some(_)) => "has both ends_on and ends_in: leave one of them out.",
        (None, None) => {
            "has neither ends_on nor ends_in: give the date by which the service ends \
                (2024-01-31), or how long after its start (P3M15D)."
        }
        _ => return line(walk, item),
    };
    walk.problem(ErrorCode::MutuallyExclusive, what);
    line(walk, item);
}

fn at<'a>(
    walk: &mut Walk<'a>,
    block: &'static str,
    field: &'static str,
    note: impl FnOnce(&mut Walk<'a>),
) {
    walk.inside(Segment::Name(block), |walk| {
        walk.inside(Segment::Name(field), note)
    });
}

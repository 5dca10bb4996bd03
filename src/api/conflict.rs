//! What seQura says with a 409, read: why it is refused, where, and with which numbers.
//!
//! seQura publishes few of its texts, so only what is documented [D] is taken apart word by word; the others [I] are
//! recognised by what any wording of them must name. A text that fits none is passed on whole as `unrecognised`.

use crate::order::Order;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use serde_json::Value;

/// Reads one text of a 409; `order` is what was sent, for the numbers and places in it.
pub(super) fn read(text: String, order: Option<&Order>) -> Problem {
    let lower = text.to_lowercase();
    // What has been done already explains everything else that is named.
    let said = match says_done(&lower) {
        true => reference_taken(&lower),
        false => cause(&text, &lower, order),
    };
    let said = said.unwrap_or(Said::new(ErrorCode::Unrecognised));
    Problem {
        code: said.code,
        message: text,
        pointer: said.pointer,
        expected: said.expected.map(Value::from),
        actual: said.actual.map(Value::from),
        operator_message: None,
    }
}

/// Why an order is refused that is not confirmed.
fn cause(text: &str, lower: &str, order: Option<&Order>) -> Option<Said> {
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let changed = || {
        says(&[
            "changed",
            "differ",
            "modified",
            "does not match",
            "not match",
            "altered",
        ])
    };
    cart_total(text, lower, order)
        .or_else(|| reference_taken(lower))
        .or_else(|| above_approved(lower, order))
        .or_else(|| {
            says(&[
                "not been approved",
                "not approved",
                "not yet approved",
                "before approval",
                "isn't approved",
            ])
            .then(|| Said::new(ErrorCode::NotApproved))
        })
        .or_else(|| {
            (says(&["address"]) && changed()).then(|| {
                Said::at(
                    ErrorCode::AddressChanged,
                    match says(&["invoice_address", "invoice address", "billing"]) {
                        true => "/invoice_address",
                        false => "/delivery_address",
                    },
                )
            })
        })
        .or_else(|| {
            (says(&["customer", "shopper"]) && changed())
                .then(|| Said::at(ErrorCode::CustomerChanged, "/customer"))
        })
        .or_else(|| {
            // [I] Why a form cannot go by SMS.
            let is_it = says(&["mobile"]) && says(&["spanish", "country", "not a", "invalid"]);
            is_it.then(|| Said::at(ErrorCode::ForeignMobile, "/delivery_address/mobile_phone"))
        })
        .or_else(|| {
            // The same complaint as the documented one, in words without its numbers.
            (says(&["total"]) && says(&["sum", "add up"])).then(|| {
                Said::at(
                    ErrorCode::CartTotalMismatch,
                    format!("{}/order_total_with_tax", cart_pointer(lower, order)),
                )
            })
        })
        .or_else(|| {
            (says(&["cart", "items"]) && changed())
                .then(|| Said::at(ErrorCode::CartChanged, cart_pointer(lower, order)))
        })
}

/// Whether a text says that the order is confirmed: "already confirmed", "was confirmed at …", "in state
/// confirmed"; but neither "cannot be confirmed" nor "not confirmed", nor its "confirmed amount".
fn says_done(lower: &str) -> bool {
    let names = |word: &str| lower.contains(word);
    let already = names("already")
        && ["confirm", "complet", "placed", "process"]
            .iter()
            .any(|word| names(word));
    already
        || ["confirmed", "completed"].iter().any(|done| {
            lower.match_indices(done).any(|(at, word)| {
                let (before, after) = (lower[..at].trim_end(), &lower[at + word.len()..]);
                let is_denied = [" be", "not", "not been", "n't", "n't been", "yet", "un"]
                    .iter()
                    .any(|no| before.ends_with(no));
                !is_denied && !after.trim_start().starts_with("amount")
            })
        })
}

fn reference_taken(lower: &str) -> Option<Said> {
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let is_it = says(&["order_ref_1", "order reference", "merchant_reference"])
        && says(&[
            "unique",
            "already",
            "duplicate",
            "taken",
            "in use",
            "repeated",
        ]);
    let place = "/merchant_reference/order_ref_1";
    is_it.then(|| Said::at(ErrorCode::DuplicateOrderRef, place))
}

struct Said {
    code: ErrorCode,
    pointer: Option<String>,
    expected: Option<i64>,
    actual: Option<i64>,
}

impl Said {
    fn new(code: ErrorCode) -> Said {
        Said {
            code,
            pointer: None,
            expected: None,
            actual: None,
        }
    }

    fn at(code: ErrorCode, pointer: impl Into<String>) -> Said {
        Said {
            pointer: Some(pointer.into()),
            ..Said::new(code)
        }
    }
}

/// [D] `Invalid data: items' total_with_tax add up to 5055 (1000+4055) but order_total_with_tax is
/// 5097. The diff is 42.`, with `In shipped_cart, ` before it where an update has two carts.
fn cart_total(text: &str, lower: &str, order: Option<&Order>) -> Option<Said> {
    let expected = number_after(text, "add up to ")?;
    let actual = number_after(text, "order_total_with_tax is ")?;
    Some(Said {
        expected: Some(expected),
        actual: Some(actual),
        ..Said::at(
            ErrorCode::CartTotalMismatch,
            format!("{}/order_total_with_tax", cart_pointer(lower, order)),
        )
    })
}

/// [I] Names the approved amount (after the sale: the confirmed one) and that it was passed.
fn above_approved(lower: &str, order: Option<&Order>) -> Option<Said> {
    let above = [
        "above",
        "exceed",
        "greater",
        "higher",
        "more than",
        "larger",
        "over the",
    ];
    let names = |word: &str| lower.contains(word);
    let amount = ["approved", "confirmed amount"]
        .iter()
        .any(|word| names(word));
    if !amount || !above.iter().any(|word| names(word)) {
        return None;
    }
    Some(Said {
        expected: ["approved amount", "confirmed amount"]
            .iter()
            .flat_map(|amount| ["", "of ", "is "].map(|word| format!("{amount} {word}")))
            .find_map(|words| number_after(lower, &words)),
        actual: number_after(lower, "order_total_with_tax ")
            .or_else(|| number_after(lower, "order_total_with_tax is "))
            .or_else(|| order.and_then(Order::amount).map(i64::from)),
        ..Said::at(
            ErrorCode::AmountAboveApproved,
            format!("{}/order_total_with_tax", cart_pointer(lower, order)),
        )
    })
}

/// Which cart a text speaks of: the one it names, or the only one the order has.
fn cart_pointer(lower: &str, order: Option<&Order>) -> &'static str {
    if lower.contains("unshipped_cart") {
        "/unshipped_cart"
    } else if lower.contains("shipped_cart") {
        "/shipped_cart"
    } else if order.is_some_and(|order| !order.document().contains_key("cart")) {
        "/unshipped_cart"
    } else {
        "/cart"
    }
}

fn number_after(text: &str, words: &str) -> Option<i64> {
    let rest = &text[text.find(words)? + words.len()..];
    let end = rest
        .char_indices()
        .find(|&(at, c)| !(c.is_ascii_digit() || (at == 0 && c == '-')))
        .map_or(rest.len(), |(at, _)| at);
    rest[..end].parse().ok()
}

/// A cause that an earlier attempt with the same content cannot have brought about itself: what seQura
/// refuses for it now it would have refused then. Of every other cause of a 409 ("already confirmed", a
/// reference that is not unique, words nobody knows) that may be the very reason.
pub fn is_no_echo(cause: ErrorCode) -> bool {
    matches!(
        cause,
        ErrorCode::CartTotalMismatch
            | ErrorCode::AmountAboveApproved
            | ErrorCode::CartChanged
            | ErrorCode::AddressChanged
            | ErrorCode::CustomerChanged
            | ErrorCode::NotApproved
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conflict_of(text: &str) -> Problem {
        let problem = read(text.to_owned(), None);
        assert_eq!(problem.message, text, "seQura's words stay verbatim");
        problem
    }

    #[test]
    fn totals_that_do_not_add_up_give_their_numbers_and_their_cart() {
        let problem = conflict_of(
            "Invalid data: items' total_with_tax add up to 5055 (6555+-1500) but order_total_with_tax is 5097. The diff is 42.",
        );
        assert_eq!(problem.code, ErrorCode::CartTotalMismatch);
        assert_eq!(problem.expected, Some(5055.into()));
        assert_eq!(problem.actual, Some(5097.into()));
        assert_eq!(
            problem.pointer.as_deref(),
            Some("/cart/order_total_with_tax")
        );

        let problem = conflict_of(
            "Invalid data: In shipped_cart, items' total_with_tax add up to -5 (-5) but order_total_with_tax is 0. The diff is 5.",
        );
        assert_eq!(problem.expected, Some((-5).into()));
        assert_eq!(
            problem.pointer.as_deref(),
            Some("/shipped_cart/order_total_with_tax")
        );
    }

    #[test]
    fn what_changed_is_told_apart() {
        for (text, code, pointer) in [
            (
                "Invalid data: the cart has changed since it was approved",
                ErrorCode::CartChanged,
                Some("/cart"),
            ),
            (
                "Invalid data: the delivery_address has changed since the order was approved",
                ErrorCode::AddressChanged,
                Some("/delivery_address"),
            ),
            (
                "The billing address does not match the approved order",
                ErrorCode::AddressChanged,
                Some("/invoice_address"),
            ),
            (
                "Invalid data: the customer has changed since the order was approved",
                ErrorCode::CustomerChanged,
                Some("/customer"),
            ),
            (
                "Invalid data: order_total_with_tax 6000 is above the approved amount 5097",
                ErrorCode::AmountAboveApproved,
                Some("/cart/order_total_with_tax"),
            ),
            (
                "order_ref_1 'R-100' is already in use for merchant 'shop_es'",
                ErrorCode::DuplicateOrderRef,
                Some("/merchant_reference/order_ref_1"),
            ),
            (
                "merchant_reference.order_ref_1 must be unique",
                ErrorCode::DuplicateOrderRef,
                Some("/merchant_reference/order_ref_1"),
            ),
            (
                "Invalid data: the order has not been approved yet",
                ErrorCode::NotApproved,
                None,
            ),
            (
                "cart.order_total_with_tax 5097 does not match the sum of its items",
                ErrorCode::CartTotalMismatch,
                Some("/cart/order_total_with_tax"),
            ),
            (
                "Invalid data: order_total_with_tax 6000 is above the confirmed amount 5097",
                ErrorCode::AmountAboveApproved,
                Some("/cart/order_total_with_tax"),
            ),
            (
                "Invalid data: the order has already been confirmed",
                ErrorCode::Unrecognised,
                None,
            ),
            (
                "The cart cannot be changed: the order was already confirmed",
                ErrorCode::Unrecognised,
                None,
            ),
            (
                "The order is not approved any more, it has already been processed",
                ErrorCode::Unrecognised,
                None,
            ),
            ("Computer says no", ErrorCode::Unrecognised, None),
            (
                "Your merchant account was changed to manual review",
                ErrorCode::Unrecognised,
                None,
            ),
        ] {
            let problem = conflict_of(text);
            assert_eq!(
                (problem.code, problem.pointer.as_deref()),
                (code, pointer),
                "{text}"
            );
        }
        let above = conflict_of(
            "Invalid data: order_total_with_tax 6000 is above the approved amount 5097",
        );
        assert_eq!(
            (above.expected, above.actual),
            (Some(5097.into()), Some(6000.into()))
        );
    }
}

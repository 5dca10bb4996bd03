//! What may name an order or a merchant.

use crate::address::leads_elsewhere;

/// A reference that is unique with its blanks and is not without them would never be told apart by
/// anybody who reads it.
pub(crate) const REFERENCE: &str = "must be 1 to 255 characters without blanks around them or control characters in them, and order_ref_1 not . or .. (nor have one of these between slashes).";

/// Whether a text will do as the shop's reference of an order.
pub(crate) fn is_reference(text: &str) -> bool {
    text.trim() == text
        && (1..=255).contains(&text.chars().count())
        && !text.chars().any(char::is_control)
}

/// Whether a text will do as an order's first reference, which is a part of its address too.
pub(crate) fn is_order_ref(text: &str) -> bool {
    is_reference(text) && !leads_elsewhere(text)
}

/// It is sent in a header, and is a part of addresses.
pub(crate) const MERCHANT_ID: &str = "must be a merchant id as seQura gave it, such as shop_es: up to \
    255 ASCII characters, no blanks, quotes or control characters, and no . or .. between slashes.";

/// Whether a text can be a merchant's id.
pub(crate) fn is_merchant_id(text: &str) -> bool {
    (1..=255).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'"')
        && !leads_elsewhere(text)
}

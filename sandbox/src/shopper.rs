//! The shopper: where the message with the form goes, and who acts by himself.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A message that would have gone to the shopper's phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sms {
    pub at: String,
    pub uuid: String,
    pub phone: String,
    pub link: String,
    pub product_code: String,
    pub campaign: Option<String>,
}

/// A mail with the form that would have gone to the shopper's address [C].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Email {
    pub at: String,
    pub uuid: String,
    pub email: String,
    pub link: String,
    pub product_code: String,
    pub campaign: Option<String>,
}

/// Shoppers known to seQura's sandbox by their names [C].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestShopper {
    /// Goes to review and is approved in the end.
    ReviewApprove,
    /// Goes to review and is refused in the end.
    ReviewCancel,
}

/// The sources put the whole name into given_names and again into surnames; a till's
/// operator may as well spread it over both.
pub fn test_shopper(order: &Value) -> Option<TestShopper> {
    let customer = &order["customer"];
    let given = customer["given_names"].as_str().unwrap_or_default().trim();
    let surnames = customer["surnames"].as_str().unwrap_or_default().trim();
    let whole = format!("{given} {surnames}");
    let is = |name: &str| given == name || whole == name;
    if is("Review Test Approve") {
        Some(TestShopper::ReviewApprove)
    } else if is("Review Test Cancel") {
        Some(TestShopper::ReviewCancel)
    } else {
        None
    }
}

/// What the shopper is called, as far as the order says so.
pub fn name(order: &Value) -> String {
    let part = |place: &str, field: &str| order[place][field].as_str().unwrap_or_default().trim();
    let names = ["customer", "delivery_address", "invoice_address"]
        .into_iter()
        .map(|place| {
            let name = format!("{} {}", part(place, "given_names"), part(place, "surnames"));
            name.trim().to_owned()
        });
    names
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "–".to_owned())
}

/// The form delivery has no phone number of its own, so it must be the order's [I].
pub fn mobile_phone(order: &Value) -> Option<&str> {
    ["delivery_address", "invoice_address", "customer"]
        .into_iter()
        .filter_map(|place| order[place]["mobile_phone"].as_str())
        .map(str::trim)
        .find(|phone| !phone.is_empty())
}

/// Where a mail with the form goes [I].
pub fn email(order: &Value) -> Option<&str> {
    let email = order["customer"]["email"].as_str()?.trim();
    (!email.is_empty()).then_some(email)
}

/// Nine digits beginning with 6 or 7, with or without the country's prefix. Messages
/// reach no other phones [D].
pub fn is_spanish_mobile(phone: &str) -> bool {
    let plain: String = phone
        .chars()
        .filter(|c| !(c.is_whitespace() || matches!(c, '-' | '.' | '(' | ')' | '/')))
        .collect();
    let prefixed = ["+34", "0034", "34"]
        .iter()
        .find_map(|prefix| plain.strip_prefix(prefix));
    let national = match prefixed {
        Some(rest) if plain.len() != 9 => rest.strip_prefix('0').unwrap_or(rest),
        _ => &plain,
    };
    national.len() == 9
        && national.starts_with(['6', '7'])
        && national.bytes().all(|b| b.is_ascii_digit())
}

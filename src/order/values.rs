//! Whether a single value is what its field must hold, and how to say so when it is not.

use serde_json::Value;

use super::cents::Cents;
use super::codes;
use super::identifiers::is_merchant_id;
use super::schema::{Field, Kind, Need, Sign};
use super::walk::Walk;
use crate::dates;
use crate::json::type_name;
use crate::vocabulary::ErrorCode;

/// What is wrong with a value is noted, at the place where the walk is.
impl Walk<'_> {
    pub fn text(&mut self, text: &str, field: &Field) {
        let (code, good) = match field.kind {
            Kind::MerchantId => (ErrorCode::InvalidValue, is_merchant_id(text)),
            Kind::FlagOrUnknown => (ErrorCode::InvalidValue, text == "unknown"),
            Kind::Date => (ErrorCode::InvalidDate, dates::is_date(text)),
            Kind::Moment => (ErrorCode::InvalidDate, dates::is_moment(text)),
            Kind::Duration => (ErrorCode::InvalidDuration, dates::is_duration(text)),
            Kind::Country => (ErrorCode::InvalidCountry, codes::is_country(text)),
            Kind::Currency => (ErrorCode::InvalidCurrency, codes::is_currency(text)),
            Kind::Language => (ErrorCode::InvalidLanguage, codes::is_language(text)),
            Kind::Email => (ErrorCode::InvalidEmail, codes::is_email(text)),
            Kind::IpAddress => (ErrorCode::InvalidIpAddress, codes::is_ip_address(text)),
            Kind::Url => (ErrorCode::InvalidUrl, codes::is_url(text)),
            Kind::OneOf(words) => (ErrorCode::InvalidValue, words.contains(&text)),
            Kind::Usually(words) => (ErrorCode::InvalidValue, words.contains(&text)),
            Kind::PaymentMethod => (ErrorCode::InvalidValue, is_payment_method(text)),
            _ => return,
        };
        if good {
            return;
        }
        if let Some(what) = meant_all_the_same(text, field) {
            let what = format!("is not {}; {what}", field.kind);
            return self.warning(code, &what, None, None);
        }
        if self.personal || matches!(field.kind, Kind::Url) {
            return self.problem(code, &format!("is not {}.", field.kind));
        }
        let text = short(text);
        self.problem_with(
            code,
            &format!("is \"{text}\", which is not {}.", field.kind),
            None,
            Some(text.into()),
        );
    }

    pub fn empty(&mut self) {
        self.problem(ErrorCode::EmptyText, "must not be empty.");
    }

    pub fn cents(&mut self, value: &Value, field: &Field, sign: Sign) {
        let Some(cents) = self
            .integer(
                value,
                field,
                "Amounts are whole cents: write 1250 for 12.50 €.",
            )
            .map(Cents)
        else {
            return;
        };
        let wrong = match sign {
            _ if !cents.is_sane() => {
                "is larger than any amount of a shop. Amounts are cents, as an integer."
            }
            Sign::Positive if cents <= Cents::ZERO => {
                "must be more than 0: there is nothing here to pay for."
            }
            Sign::NotNegative if cents < Cents::ZERO => "must not be negative.",
            Sign::NotPositive if cents > Cents::ZERO => {
                "must not be positive: it makes the total smaller, so write it with a minus."
            }
            _ => return,
        };
        self.out_of_range(value, wrong);
    }

    pub fn whole(&mut self, value: &Value, field: &Field, least: i64, most: i64) {
        let hint = match field.name {
            "quantity" => {
                "Write it without quotes and without a fraction. Goods that are weighed or measured are one piece: quantity 1, what they come to as price_with_tax and total_with_tax, and the measure in the name (\"Queso 0,345 kg\"), as sq_order_add_measured writes it."
            }
            _ => "Write it without quotes and without a fraction.",
        };
        let Some(number) = self.integer(value, field, hint) else {
            return;
        };
        if !(least..=most).contains(&number) {
            self.out_of_range(
                value,
                &format!("must be an integer from {least} to {most}."),
            );
        }
    }

    /// An integer of the JSON document; anything else is noted.
    fn integer(&mut self, value: &Value, field: &Field, hint: &str) -> Option<i64> {
        match value {
            Value::Number(number) => {
                if let Some(number) = number.as_i64() {
                    return Some(number);
                }
                if number
                    .as_f64()
                    .is_some_and(|number| number.abs() >= i64::MAX as f64)
                {
                    self.out_of_range(value, "is larger than any number that an order can need.");
                    return None;
                }
            }
            Value::String(text) if looks_numeric(text) => {}
            _ => {
                self.wrong_type(value, field);
                return None;
            }
        }
        let actual = self.shown(value);
        let is = actual
            .as_ref()
            .map(|actual| format!("is {actual}, but "))
            .unwrap_or_default();
        self.problem_with(
            ErrorCode::NotAnInteger,
            &format!("{is}must be {}. {hint}", field.kind),
            None,
            actual,
        );
        None
    }

    fn out_of_range(&mut self, value: &Value, what: &str) {
        let actual = self.shown(value);
        let what = match &actual {
            Some(actual) => format!("is {actual}: it {what}"),
            None => what.to_owned(),
        };
        self.problem_with(ErrorCode::OutOfRange, &what, None, actual);
    }

    pub fn wrong_type(&mut self, value: &Value, field: &Field) {
        self.not(value, &field.kind.to_string());
    }

    pub fn not(&mut self, value: &Value, expected: &str) {
        let actual = type_name(value);
        let what = format!("is {actual} but must be {expected}.");
        self.problem_with(
            ErrorCode::WrongType,
            &what,
            Some(expected.into()),
            Some(actual.into()),
        );
    }

    /// A number or a short text, where it is nobody's own.
    fn shown(&self, value: &Value) -> Option<Value> {
        match value {
            _ if self.personal => None,
            Value::String(text) => Some(short(text).into()),
            other => Some(other.clone()),
        }
    }
}

/// What seQura's own clients send, and what is said of it, where that is not what is documented [C].
fn meant_all_the_same(text: &str, field: &Field) -> Option<&'static str> {
    match field.kind {
        Kind::Date | Kind::Moment if field.need == Need::May && dates::is_no_date(text) => {
            Some("it is sent as it is, and says that there is no date.")
        }
        Kind::Date if text.strip_suffix(" 00:00:00").is_some_and(dates::is_date) => {
            Some("it is sent as it is, with the time.")
        }
        Kind::IpAddress if codes::is_chain_of_proxies(text) => {
            Some("it is sent as it is, with the addresses of the proxies on the way.")
        }
        Kind::Url if codes::is_url_without_scheme(text) => {
            Some("it is sent as it is, without its https://.")
        }
        Kind::Language if codes::is_language_name(text) => {
            Some("it is sent as it is, as the name of a language.")
        }
        Kind::Language if codes::is_language(&text.replace('_', "-")) => {
            Some("it is sent as it is, with the underscore.")
        }
        Kind::Moment if dates::is_moment_with_a_blank(text) => {
            Some("it is sent as it is, with the blank in the place of the T.")
        }
        Kind::Usually(_) | Kind::PaymentMethod => Some("it is sent as it is."),
        _ => None,
    }
}

/// As much of a text as a message has room for.
pub(super) fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn looks_numeric(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '+' | '-' | ' ' | '€'))
}

fn is_payment_method(text: &str) -> bool {
    ["CC", "PP", "TR", "COD", "SQ"].contains(&text)
        || text.strip_prefix("O/").is_some_and(|name| !name.is_empty())
}

//! Money as seQura counts it: whole cents of the cart's currency.
//!
//! A till that computes in floating point sooner or later sends a total which is one cent off, and
//! seQura refuses the order for it. So amounts are integers here from the first byte to the last,
//! and every sum is checked.

use std::fmt;

use serde_json::Value;

/// An amount in cents; negative for discounts and for what was paid by other means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cents(pub i64);

impl Cents {
    /// Nothing.
    pub const ZERO: Cents = Cents(0);
    /// No sale of a shop comes near it (ten thousand million euros): beyond it an amount is a
    /// mistake.
    pub const LIMIT: Cents = Cents(1_000_000_000_000);

    /// The amount a JSON value states; `None` for anything but an integer.
    pub fn from_value(value: &Value) -> Option<Cents> {
        value.as_i64().map(Cents)
    }

    /// The sum, or `None` where it would not fit.
    pub fn checked_add(self, other: Cents) -> Option<Cents> {
        self.0.checked_add(other.0).map(Cents)
    }

    /// The difference, or `None` where it would not fit.
    pub fn checked_sub(self, other: Cents) -> Option<Cents> {
        self.0.checked_sub(other.0).map(Cents)
    }

    /// A price taken `quantity` times, or `None` where that would not fit.
    pub fn checked_mul(self, quantity: i64) -> Option<Cents> {
        self.0.checked_mul(quantity).map(Cents)
    }

    /// The sum, or `None` where it would not fit.
    pub fn sum(amounts: impl IntoIterator<Item = Cents>) -> Option<Cents> {
        amounts
            .into_iter()
            .try_fold(Cents::ZERO, Cents::checked_add)
    }

    /// Whether the amount is one a till may mean.
    pub fn is_sane(self) -> bool {
        self.0.unsigned_abs() <= Cents::LIMIT.0.unsigned_abs()
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Cents> for Value {
    fn from(cents: Cents) -> Value {
        cents.0.into()
    }
}

impl From<Cents> for i64 {
    fn from(cents: Cents) -> i64 {
        cents.0
    }
}

//! What seQura accepted, in the order in which it accepted it.
//!
//! The crash tests of a till end with one question: does what the till believes agree
//! with what seQura believes? This is seQura's side. It is append-only, has one line
//! for each change of an order (a repeated confirm changes nothing and adds nothing),
//! and holds no personal data, so that it can be printed when a test fails.

use serde::{Deserialize, Serialize};

/// What can happen to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Solicited,
    FormDelivered,
    Approved,
    NeedsReview,
    Rejected,
    Held,
    Confirmed,
    ReferenceRegistered,
    /// An order update changed something.
    Updated,
    Cancelled,
    Expired,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    pub seq: u64,
    pub at: String,
    pub event: Event,
    pub uuid: String,
    pub merchant_id: String,
    /// The reference as known after the event.
    pub order_ref_1: Option<String>,
    /// What is owed after the event.
    pub amount: i64,
    /// The totals of the two carts after the event; none before the confirmation.
    pub unshipped_total: Option<i64>,
    pub shipped_total: Option<i64>,
    pub currency: String,
    /// `X-Request-Id` of the request behind it; none when shopper or seQura acted.
    pub request_id: Option<String>,
}

/// Now, as all timestamps of the simulator are written.
pub(crate) fn now() -> String {
    format!("{:.3}", jiff::Timestamp::now())
}

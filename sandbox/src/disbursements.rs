//! Disbursements: what seQura pays out to the shop.
//!
//! seQura pays in intervals; here it pays when a test says so. Each payout has a line for
//! every order of which more, or less, is owed than earlier payouts have paid [D]: a
//! return after the payout comes back as a negative amount. A test can make a payout
//! wrong, for a till that compares it with its own books.

use crate::answers;
use crate::rules::Rules;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How to pay out: as owed, unless something is said here.
///
/// ```
/// use sequra_sandbox::Disburse;
///
/// let short = Disburse::default().merchant("shop_es").adjust("R-100", -50);
/// # let _ = short;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Disburse {
    /// To this merchant alone; to all if none.
    pub merchant: Option<String>,
    /// `2026-01-31`; today, in UTC, if none.
    pub issue_date: Option<String>,
    /// The last day that counts; the issue date if none. Which orders are paid does not
    /// depend on it.
    pub to_date: Option<String>,
    /// Cents that an order is paid too much, or with a minus too little. The next payout
    /// makes up for it.
    pub adjust: BTreeMap<String, i64>,
    /// Lines for orders that nobody here has sold. They need a `merchant`.
    pub unknown: Vec<DisbursementLine>,
    /// References that have to wait for the next payout.
    pub leave_out: BTreeSet<String>,
}

impl Disburse {
    pub fn merchant(mut self, merchant: &str) -> Self {
        self.merchant = Some(merchant.into());
        self
    }

    pub fn issue_date(mut self, date: &str) -> Self {
        self.issue_date = Some(date.into());
        self
    }

    pub fn to_date(mut self, date: &str) -> Self {
        self.to_date = Some(date.into());
        self
    }

    pub fn adjust(mut self, order_ref_1: &str, cents: i64) -> Self {
        self.adjust.insert(order_ref_1.into(), cents);
        self
    }

    pub fn unknown(mut self, order_ref_1: &str, cents: i64) -> Self {
        self.unknown.push(DisbursementLine {
            order_ref_1: order_ref_1.into(),
            amount_with_tax: cents,
            maximum_amount_with_tax: cents,
        });
        self
    }

    pub fn leave_out(mut self, order_ref_1: &str) -> Self {
        self.leave_out.insert(order_ref_1.into());
        self
    }
}

/// What a payout has for one order [D].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisbursementLine {
    pub order_ref_1: String,
    /// What is paid for it this time.
    pub amount_with_tax: i64,
    /// What the order was confirmed with.
    pub maximum_amount_with_tax: i64,
}

/// One payout to one merchant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disbursement {
    pub account: String,
    pub merchant_id: String,
    pub issue_date: String,
    pub to_date: String,
    pub currency: String,
    /// The sum of the lines.
    pub disbursed_amount: i64,
    pub reference: String,
    pub path: String,
    pub lines: Vec<DisbursementLine>,
}

/// A payout as the API shows it, fields in its order [D].
#[derive(Serialize)]
struct Shown<'d> {
    issue_date: &'d str,
    to_date: &'d str,
    currency: &'d str,
    disbursed_amount: i64,
    /// What is held back or added beside the orders; never anything here.
    adjustments_with_tax: i64,
    adjustments: [Value; 0],
    reference: &'d str,
    path: &'d str,
    #[serde(flatten)]
    lines: BTreeMap<&'d str, &'d [DisbursementLine]>,
}

#[derive(Serialize)]
struct Wrapped<'d> {
    disbursement: Shown<'d>,
}

impl Disbursement {
    fn shown(&self) -> Shown<'_> {
        Shown {
            issue_date: &self.issue_date,
            to_date: &self.to_date,
            currency: &self.currency,
            disbursed_amount: self.disbursed_amount,
            adjustments_with_tax: 0,
            adjustments: [],
            reference: &self.reference,
            path: &self.path,
            lines: BTreeMap::new(),
        }
    }
}

/// The list: without lines [D].
pub fn list(disbursements: &[Disbursement]) -> Response {
    let list: Vec<_> = disbursements
        .iter()
        .map(|disbursement| Wrapped {
            disbursement: disbursement.shown(),
        })
        .collect();
    answers::json(StatusCode::OK, &list)
}

/// One of them, with its lines [D]; under which name they stand is not known [I].
pub fn detail(disbursement: &Disbursement, rules: &Rules) -> Response {
    let mut shown = disbursement.shown();
    let name = rules.disbursement_lines_field.as_str();
    shown.lines.insert(name, &disbursement.lines);
    let wrapped = Wrapped {
        disbursement: shown,
    };
    answers::json(StatusCode::OK, &wrapped)
}

/// Is it the name of a field that every payout has?
pub fn is_taken(name: &str) -> bool {
    [
        "issue_date",
        "to_date",
        "currency",
        "disbursed_amount",
        "adjustments_with_tax",
        "adjustments",
        "reference",
        "path",
    ]
    .contains(&name)
}

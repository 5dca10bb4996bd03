//! What was sold, next to what seQura has paid for it: `data` of `sq_reconcile`.

use crate::clock;
use crate::journal::{Compared, Disbursement, JournalError, Unknown, Verdict};
use crate::pipeline;
use crate::resolution;
use crate::shop::Shop;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Instant;

/// At most so many entries of each kind are listed; the totals cover all.
const LONGEST_LIST: usize = 1000;

#[derive(Serialize)]
pub(super) struct Report {
    paid: Vec<Sold>,
    not_yet_paid: Vec<Sold>,
    differing: Vec<Sold>,
    unknown_here: Vec<UnknownHere>,
    /// By currency, merchant, and what it is the sum of.
    totals: BTreeMap<String, BTreeMap<String, BTreeMap<String, Sum>>>,
    /// How many disbursements were new; null: seQura could not be asked.
    read: Option<usize>,
}

/// A settled order.
#[derive(Serialize)]
struct Sold {
    merchant_id: String,
    order_ref_1: Option<String>,
    uuid: Option<String>,
    portal_url: Option<String>,
    shop_url: Option<String>,
    currency: Option<String>,
    amount: Option<i64>,
    paid: i64,
    settled_at: String,
    payouts: Vec<PaidBy>,
}

/// What one disbursement paid for it.
#[derive(Serialize)]
struct PaidBy {
    reference: Option<String>,
    issue_date: Option<String>,
    path: String,
    amount: i64,
}

/// What was paid for a reference that no order here has.
#[derive(Serialize)]
struct UnknownHere {
    merchant_id: String,
    order_ref_1: String,
    currency: Option<String>,
    paid: i64,
    disbursement: Option<String>,
}

#[derive(Serialize)]
struct Sum {
    count: i64,
    amount: Option<i64>,
}

/// Compares all that the journal knows of.
pub(super) fn of(
    shop: &Shop,
    read: Option<usize>,
    deadline: Instant,
) -> Result<Report, JournalError> {
    let journal = shop.journal();
    let endpoint = shop.endpoint().as_str();
    journal.mend_payouts(endpoint, pipeline::patience(deadline))?;
    resolution::confirm_what_is_paid(shop, "reconcile", pipeline::patience(deadline))?;
    journal.match_payouts(endpoint, pipeline::patience(deadline))?;
    let sold = |verdict| {
        let orders = journal.compared(endpoint, verdict, LONGEST_LIST)?;
        let orders = orders.into_iter().map(|order| Sold::of(shop, order));
        orders.collect::<Result<Vec<_>, JournalError>>()
    };
    let unknown = journal.unknown_payouts(endpoint, LONGEST_LIST)?;
    let mut report = Report {
        paid: sold(Verdict::Paid)?,
        not_yet_paid: sold(Verdict::NotYetPaid)?,
        differing: sold(Verdict::Differing)?,
        unknown_here: unknown.into_iter().map(UnknownHere::from).collect(),
        totals: BTreeMap::new(),
        read,
    };
    for total in journal.payout_totals(endpoint)? {
        let of_currency = report.totals.entry(total.currency.unwrap_or_default());
        let of_merchant = of_currency.or_default().entry(total.merchant_id);
        let sum = Sum {
            count: total.count,
            amount: total.amount,
        };
        of_merchant.or_default().insert(total.what, sum);
    }
    Ok(report)
}

impl Sold {
    fn of(shop: &Shop, order: Compared) -> Result<Sold, JournalError> {
        let payouts = shop.journal().payouts_of(order.id)?;
        let uuid = order.uuid.as_deref();
        Ok(Sold {
            portal_url: uuid.and_then(|uuid| shop.endpoint().portal_url(uuid)),
            shop_url: shop.shop_url(order.order_ref_1.as_deref()),
            merchant_id: order.merchant_id,
            order_ref_1: order.order_ref_1,
            uuid: order.uuid,
            currency: order.currency,
            amount: order.amount,
            paid: order.paid,
            settled_at: clock::to_text(order.updated_at),
            payouts: payouts.into_iter().map(PaidBy::from).collect(),
        })
    }
}

impl From<(Disbursement, i64)> for PaidBy {
    fn from((disbursement, amount): (Disbursement, i64)) -> PaidBy {
        PaidBy {
            reference: disbursement.reference,
            issue_date: disbursement.issue_date,
            path: disbursement.path,
            amount,
        }
    }
}

impl From<Unknown> for UnknownHere {
    fn from(unknown: Unknown) -> UnknownHere {
        UnknownHere {
            merchant_id: unknown.merchant_id,
            order_ref_1: unknown.order_ref_1,
            currency: unknown.currency,
            paid: unknown.paid,
            disbursement: unknown.reference,
        }
    }
}

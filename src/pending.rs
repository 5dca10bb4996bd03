//! What is not done: unfinished orders, the money at risk, what is still to be shipped, reports without an answer. Asks
//! only the journal.

use crate::advice;
use crate::forwarding;
use crate::journal::{JournalError, Record, Unshipped};
use crate::outcome::{OrderView, Outcome};
use crate::pipeline;
use crate::problem::Problem;
use crate::shop::Shop;
use crate::view::{Unfinished, age_s, at_risk, sums};
use crate::vocabulary::Next;
use serde::Serialize;
use serde_json::{Value, json};

const NAME: &str = "pending";
/// At most so many orders that are to be shipped are listed; the totals cover all.
const LONGEST_LIST: usize = 1000;

/// Lists all of it.
pub(crate) fn pending(shop: &Shop) -> Outcome {
    listed(shop).unwrap_or_else(|error| pipeline::journal_failed(NAME, &error))
}

fn listed(shop: &Shop) -> Result<Outcome, JournalError> {
    let endpoint = shop.endpoint().as_str();
    let records = shop.journal().unfinished(endpoint)?;
    let open_reports = shop.journal().open_reports(endpoint)?;
    let unshipped = shop.journal().unshipped(endpoint, LONGEST_LIST)?;
    let orders: Vec<Unfinished> = records
        .iter()
        .map(|record| shop.unfinished(record))
        .collect();
    let to_ship: Vec<ToShip> = unshipped.iter().map(|one| ToShip::of(shop, one)).collect();
    let mut data = json!({
        "orders": orders,
        "at_risk": at_risk(&records),
        "unshipped": to_ship,
        "unshipped_total": unshipped_total(shop, &unshipped)?,
        "open_reports": open_reports,
    });
    let is_of_a_copy = |one: &Record| one.life.is_at_risk() && shop.journal().is_from_a_copy(one);
    let told = pipeline::may_be_done_since;
    let of_a_copy = records.iter().any(is_of_a_copy).then(told);
    let mut warnings: Vec<Problem> = of_a_copy.into_iter().collect();
    if let Some((standing, lagging)) = forwarding::standing(shop)? {
        data["forwarding"] = standing;
        warnings.extend(lagging);
    }
    Ok(Outcome {
        next: advice::next_of_all(&records, open_reports.len()),
        warnings,
        ..Outcome::ok(NAME).with_data(data)
    })
}

/// An entry of `data.unshipped[]`.
#[derive(Serialize)]
struct ToShip {
    #[serde(flatten)]
    order: OrderView,
    age_s: i64,
    /// What these goods come to, cents.
    unshipped: i64,
    next: Next,
}

impl ToShip {
    fn of(shop: &Shop, Unshipped { record, amount }: &Unshipped) -> ToShip {
        ToShip {
            order: shop.view(record),
            age_s: age_s(record),
            unshipped: *amount,
            next: match advice::next(record) {
                Next::None => Next::Ship,
                other => other,
            },
        }
    }
}

/// Cents by currency and merchant; counted by the journal where not all are listed.
fn unshipped_total(shop: &Shop, listed: &[Unshipped]) -> Result<Value, JournalError> {
    let of_one = |one: &Unshipped| {
        let record = &one.record;
        (
            record.currency.clone(),
            record.merchant_id.clone(),
            Some(one.amount),
        )
    };
    let counted = match listed.len() {
        LONGEST_LIST => shop.journal().unshipped_totals(shop.endpoint().as_str())?,
        _ => listed.iter().map(of_one).collect(),
    };
    let amounts = counted.iter();
    let amounts =
        amounts.map(|(currency, merchant, cents)| (currency.as_deref(), merchant, *cents));
    Ok(sums(amounts.collect()))
}

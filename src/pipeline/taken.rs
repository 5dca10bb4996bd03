//! A reference that another order of the journal has: nothing is sent, and that is known later, too.

use super::ends::patience;
use crate::journal::{JournalError, Record, Refusal};
use crate::lifecycle::{Begin, Content, Meaning, Step};
use crate::order::{Facts, Written};
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use std::time::Instant;

/// The journal knows that another order has the reference: nothing is sent. A confirmed order whose
/// reference is taken is stuck whoever says so.
pub(super) fn duplicate_here(
    shop: &Shop,
    step: Step,
    record: Option<&Record>,
    order: &Written,
) -> Outcome {
    let facts = order.facts();
    let order_ref_1 = facts.order_ref_1.clone().unwrap_or_default();
    let problem = reference_taken(facts);
    let mut outcome = Outcome::failed(
        step.as_str(),
        Status::DuplicateOrderRef,
        Next::ChooseAnotherRef,
        problem,
    );
    outcome.order = record.map(|record| shop.view(record));
    if let Some(record) = record.filter(|record| record.life.intent.is_none())
        && let Some(refusal) = Refusal::of(step, outcome.status, &outcome.errors)
    {
        match keep_refused(shop, record, &refusal, &order_ref_1) {
            Ok(Some(record)) => outcome.order = Some(shop.view(&record)),
            // Another call has moved the order on: what it says counts.
            Ok(None) => {}
            Err(error) => outcome.warnings.push(error.problem()),
        }
    }
    outcome
}

/// Another order of the journal has the reference.
pub(crate) fn reference_taken(facts: &Facts) -> Problem {
    let order_ref_1 = facts.order_ref_1.as_deref().unwrap_or_default();
    Problem {
        actual: Some(order_ref_1.into()),
        ..Problem::at(
            ErrorCode::DuplicateOrderRef,
            "/merchant_reference/order_ref_1",
            format!(
                "Another order of merchant {} in this journal has order_ref_1 {order_ref_1}. Nothing was sent; give another reference.",
                facts.merchant_id.as_deref().unwrap_or_default(),
            ),
        )
    }
}

/// That the journal refused a reference in seQura's place is known later, too.
fn keep_refused(
    shop: &Shop,
    record: &Record,
    refusal: &Refusal,
    order_ref_1: &str,
) -> Result<Option<Record>, JournalError> {
    let until = patience(Instant::now());
    let journal = shop.journal();
    match (
        refusal.step,
        record.life.begin(refusal.step, Content::Other),
    ) {
        (Step::SetOrderRef, Begin::Send(begun)) => {
            let stuck = begun.answered(Meaning::DuplicateRef, true);
            journal.record_refused_ref(record, stuck, order_ref_1, refusal, until)
        }
        (Step::Hold | Step::Confirm, _) => {
            journal.record_refusal(record, refusal, until)?;
            journal.order_by_id(record.id)
        }
        _ => Ok(None),
    }
}

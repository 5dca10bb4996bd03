//! Everything that is wrong with an order or missing in it, before anything is recorded or sent.

use crate::journal::JournalError;
use crate::limits;
use crate::order::{Order, Written};
use crate::outcome::Outcome;
use crate::pipeline;
use crate::preparation::{can_be_configured, prepare};
use crate::problem::{Problem, listed};
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

const NAME: &str = "check_order";

/// What `sq_start_solicitation` would say of it: the shopper's own first, which only the shopper can give.
pub(crate) fn check_order(shop: &Shop, order: Order) -> Outcome {
    let currency = order.currency().map(str::to_owned);
    let (mut errors, mut warnings) = match prepare(shop.config(), order, None) {
        Err(checked) => (checked.problems, checked.warnings),
        Ok(prepared) => match taken(shop, &Written::new(prepared.order)) {
            Ok(taken) => (taken.into_iter().collect(), prepared.warnings),
            Err(error) => return pipeline::journal_failed(NAME, &error),
        },
    };
    for found in [&mut errors, &mut warnings] {
        *found = listed(std::mem::take(found), limits::ERRORS);
        found.sort_by_key(|problem| match problem.pointer.as_deref() {
            // Without goods there is no sale.
            Some("/cart") if problem.code == ErrorCode::MissingField => 0,
            _ if is_the_shoppers(problem) && !can_be_configured(problem) => 1,
            _ => 2,
        });
    }
    let (status, next) = match errors.first().map(|error| error.code) {
        None => (Status::Ok, Next::None),
        Some(ErrorCode::DuplicateOrderRef) => (Status::DuplicateOrderRef, Next::ChooseAnotherRef),
        Some(_) => (Status::InvalidOrder, Next::FixOrder),
    };
    Outcome {
        status,
        next,
        errors,
        warnings,
        currency,
        ..Outcome::ok(NAME)
    }
}

/// Whether another order of the journal has its reference.
fn taken(shop: &Shop, order: &Written) -> Result<Option<Problem>, JournalError> {
    let facts = order.facts();
    let Some(order_ref_1) = &facts.order_ref_1 else {
        return Ok(None);
    };
    let (journal, endpoint) = (shop.journal(), shop.endpoint().as_str());
    let begun = journal.unanswered_start(endpoint, order.fingerprint())?;
    let merchant_id = facts.merchant_id.as_deref().unwrap_or_default();
    let held = journal.is_ref_held(endpoint, merchant_id, order_ref_1, begun.map(|one| one.id))?;
    Ok(held.then(|| pipeline::reference_taken(facts)))
}

fn is_the_shoppers(problem: &Problem) -> bool {
    let pointer = problem.pointer.as_deref().unwrap_or_default();
    let block = pointer.split('/').nth(1).unwrap_or_default();
    matches!(block, "customer" | "delivery_address" | "invoice_address")
}

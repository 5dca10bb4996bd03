//! An order of a journal that was restored from a copy: what was shipped or given back since the copy was made is not in
//! it. Every change says both carts whole [D], so one that goes on from yesterday's would undo today's. The first change
//! says both carts itself, by somebody who has seen them in seQura's portal; from then on the journal's are right.

use super::ends::journal_failed;
use crate::changes::Asked;
use crate::journal::{JournalError, Record};
use crate::lifecycle::Step;
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

/// What is to be said of an order whose carts may be old; none: they are right.
pub(crate) fn unseen(shop: &Shop, record: &Record) -> Result<Option<Problem>, JournalError> {
    if shop.journal().is_seen_since_the_copy(record)? {
        return Ok(None);
    }
    let message = "The journal was restored from a copy, and this order is older than that: what was shipped or given back since is not in it. Nothing was sent, as it would be undone. Look in seQura's portal how the order is now, and tell both its carts first: sq_update_order with unshipped_cart and shipped_cart, whole.";
    Ok(Some(Problem::new(ErrorCode::JournalRestored, message)))
}

/// Refuses a change that goes on from such carts.
pub(super) fn check(shop: &Shop, record: &Record, asked: &Asked) -> Result<(), Box<Outcome>> {
    let name = asked.step().as_str();
    let says_both = match asked {
        Asked::Update(given) => ["unshipped_cart", "shipped_cart"]
            .iter()
            .all(|cart| given.contains_key(*cart)),
        _ => false,
    };
    match unseen(shop, record) {
        Ok(Some(problem)) if !says_both => Err(Box::new(refused(shop, name, record, problem))),
        Ok(_) => Ok(()),
        Err(error) => Err(Box::new(journal_failed(name, &error))),
    }
}

/// What is to be said of a sale that is unfinished in the copy: it may have been finished since.
pub(crate) fn may_be_done_since() -> Problem {
    let message = "The journal was restored from a copy: a sale that was unfinished in it may have been finished since, with another amount or reference, and its goods may have left. Compare it with seQura's portal, amount and reference, before anything is handed over.";
    Problem::new(ErrorCode::JournalRestored, message)
}

/// The same, where a step of such a sale has just been sent.
pub(super) fn told(shop: &Shop, step: Step, record: Option<&Record>) -> Option<Problem> {
    let ends_it = matches!(step, Step::Confirm | Step::SetOrderRef);
    let is_of_a_copy = record.is_some_and(|record| shop.journal().is_from_a_copy(record));
    (ends_it && is_of_a_copy).then(may_be_done_since)
}

/// What is asked of such an order is not done.
pub(crate) fn refused(
    shop: &Shop,
    name: &'static str,
    record: &Record,
    problem: Problem,
) -> Outcome {
    Outcome {
        order: Some(shop.view(record)),
        ..Outcome::failed(name, Status::WrongState, Next::ContactSequra, problem)
    }
}

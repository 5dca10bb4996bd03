//! Starts that seQura takes without saying where the order is. Each is one more order that nobody will use, so after
//! some of them it is seQura who must be asked.

use crate::advice::{self, To};
use crate::clock::now_ms;
use crate::journal::{Record, Refusal};
use crate::lifecycle::{Life, Step};
use crate::order::Written;
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

/// So many starts of one content are enough.
const ENOUGH: u32 = 3;
/// Within so long, ms.
const WITHIN: i64 = 3_600_000;

/// What the till should do after the answer to a step, and what stays with the order of a no.
pub(super) fn after(
    shop: &Shop,
    status: Status,
    errors: &[Problem],
    step: Step,
    life: Life,
    order: &Written,
) -> (Next, Option<Refusal>) {
    match step == Step::Start && is_enough(shop, errors, order) {
        true => (Next::ContactSequra, Some(Refusal::of_a_start(errors))),
        false => (
            advice::after(status, errors, To::Step(step, life)),
            Refusal::of(step, status, errors),
        ),
    }
}

/// Whether this was one more of these starts, and enough of them by now.
fn is_enough(shop: &Shop, errors: &[Problem], order: &Written) -> bool {
    let is_lost = |error: &Problem| {
        matches!(
            error.code,
            ErrorCode::MissingLocation | ErrorCode::ForeignLocation
        )
    };
    if !errors.iter().any(is_lost) {
        return false;
    }
    let (endpoint, since) = (shop.endpoint().as_str(), now_ms() - WITHIN);
    let earlier = shop
        .journal()
        .starts_in_vain(endpoint, order.fingerprint(), since);
    earlier.is_ok_and(|earlier| earlier + 1 >= ENOUGH)
}

/// Whether recovery does not start this order once more for now.
pub(crate) fn is_waiting(record: &Record) -> bool {
    let age = now_ms().saturating_sub(record.updated_at);
    let was_enough = record
        .refusal
        .as_ref()
        .is_some_and(|one| one.is_of_a_start());
    was_enough && (0..WITHIN).contains(&age)
}

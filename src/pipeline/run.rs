//! The five steps, in their order.

use super::ends::{busy, claim_for, not_recorded, patience, pause, too_large};
use super::send::{Sending, send_and_record};
use super::target::{Target, known_order, recorded};
use super::validate::{duplicate_here, validate};
use crate::crash_point::{self, Point};
use crate::journal::{Held, Recorded, StepRow};
use crate::limits;
use crate::operation::Operation;
use crate::order::{Order, Written};
use crate::outcome::Outcome;
use crate::preparation::prepare;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::Next;
use std::time::Instant;

/// Takes an operation through the five steps, until `deadline` at the latest. `resumed`: recovery
/// takes this open step up again, and only while it is still open and still the same.
pub(crate) fn run(
    shop: &Shop,
    operation: &Operation,
    target: &Target,
    given: Option<Order>,
    resumed: Option<&StepRow>,
    deadline: Instant,
) -> Outcome {
    let name = operation.step().as_str();

    let currency = given
        .as_ref()
        .and_then(|order| order.currency().map(str::to_owned));
    let (given, warnings) = match given
        .map(|order| with_known_references(shop, operation, target, order))
        .map(|order| prepare(shop.config(), order))
        .transpose()
    {
        Ok(None) => (None, Vec::new()),
        Ok(Some((order, warnings))) => (Some(Written::new(order)), warnings),
        Err(checked) => {
            return Outcome {
                status: Status::InvalidOrder,
                order: known_order(shop, target),
                errors: checked.problems,
                warnings: checked.warnings,
                next: Next::FixOrder,
                currency,
                ..Outcome::ok(name)
            };
        }
    };
    let with_warnings = |mut outcome: Outcome| {
        outcome.warnings.splice(0..0, warnings.iter().cloned());
        outcome
    };

    let turns = shop.turns();
    let Some(turn) = turns.wait_for(&target.turn(given.as_ref()), deadline) else {
        return with_warnings(Outcome {
            order: known_order(shop, target),
            ..busy(name, "Another call about this order is still going on.")
        });
    };
    let outcome = loop {
        let ready = match validate(shop, operation, target, given.as_ref(), resumed) {
            Ok(ready) => ready,
            Err(outcome) => break *outcome,
        };
        let uuid = target.uuid();
        let request = ready.operation.to_json();
        if request.len() > limits::STEP_BYTES {
            break too_large(name, request.len());
        }
        let intent = Recorded {
            record: ready.record.as_ref(),
            endpoint: shop.endpoint().as_str(),
            uuid,
            life: ready.life,
            request: &request,
            content: &ready.content,
            fingerprint: &ready.fingerprint,
            claim_for: claim_for(deadline),
        };
        crash_point::reached(Point::BeforeIntent);
        match shop.journal().record_intent(&intent, patience(deadline)) {
            Ok(Held::Ours(claim)) => {
                crash_point::reached(Point::AfterIntent);
                let sending = Sending {
                    claim,
                    uuid,
                    life: ready.life,
                    content: &ready.content,
                    is_resumed: resumed.is_some(),
                };
                break send_and_record(shop, &ready.operation, &sending, deadline);
            }
            Ok(Held::RefTaken) => {
                break duplicate_here(
                    shop,
                    operation.step(),
                    ready.record.as_ref(),
                    &ready.content,
                );
            }
            Ok(Held::Changed) => {}
            Ok(Held::Busy) if pause(deadline) => {}
            Ok(Held::Busy) => {
                break busy(
                    name,
                    "Another till is working on this order and did not finish in time.",
                );
            }
            Err(error) => break not_recorded(name, &error),
        }
    };
    drop(turn);
    with_warnings(Outcome {
        order: outcome.order.or_else(|| known_order(shop, target)),
        ..outcome
    })
}

/// A till that rebuilds its order leaves out a reference that it gave before: seQura has it from then, and so
/// the order keeps it. Another one that is given takes its place.
fn with_known_references(
    shop: &Shop,
    operation: &Operation,
    target: &Target,
    given: Order,
) -> Order {
    if !matches!(operation, Operation::Hold | Operation::Confirm) {
        return given;
    }
    // A journal that cannot be read is told of by the steps.
    let Some(record) = recorded(shop, target).ok().flatten() else {
        return given;
    };
    let is_left_out =
        |given: Option<String>, known: &Option<String>| given.is_none() && known.is_some();
    if is_left_out(given.order_ref_1(), &record.order_ref_1)
        || is_left_out(given.order_ref_2(), &record.order_ref_2)
    {
        let known = record.content().ok().flatten();
        return match known {
            Some(known) => given.with_references_of(known.order()),
            None => given,
        };
    }
    given
}

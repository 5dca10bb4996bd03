//! The last step of a sale whose goods leave after it.
//!
//! The shipment stands in the journal from the moment that the order is settled, in one write with it. It is sent at
//! once, in the same call; where that does not come to an end, the sale stands, and `next` is to ship it, until seQura
//! has it: by the till, or by recovery.

use crate::advice;
use crate::begun_elsewhere;
use crate::crash_point::{self, Point};
use crate::journal::Record;
use crate::lifecycle::State;
use crate::operation::Operation;
use crate::order::Order;
use crate::outcome::Outcome;
use crate::pipeline::{self, Target};
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::ErrorCode;
use std::time::Instant;

/// Takes a step of a sale through the pipeline, and the sale's last one with it.
pub(crate) fn run(
    shop: &Shop,
    operation: &Operation,
    target: &Target,
    order: Option<Order>,
) -> Outcome {
    let deadline = shop.deadline();
    let outcome = begun_elsewhere::run_step(shop, operation, target, order, deadline);
    let state = outcome.order.as_ref().map(|order| order.state);
    match (outcome.status, state) {
        (Status::Ok, Some(State::Settled)) => ended(shop, target, outcome, deadline),
        _ => outcome,
    }
}

/// What a call comes to that has settled an order, with the shipment that ends the sale.
fn ended(shop: &Shop, target: &Target, settled: Outcome, deadline: Instant) -> Outcome {
    let to_ship = |record: &Record| record.open.clone().filter(advice::ends_sale);
    let record = pipeline::recorded(shop, target).ok().flatten();
    let Some(open) = record.as_ref().and_then(to_ship) else {
        return settled;
    };
    let Some(operation) = Operation::from_json(&open.request) else {
        return settled;
    };
    crash_point::reached(Point::BeforeShipment);
    let shipped = pipeline::run_step(shop, &operation, target, None, Some(&open), deadline);
    let now = pipeline::recorded(shop, target).ok().flatten().or(record);
    let Some(now) = now else {
        return settled;
    };
    let mut warnings = settled.warnings;
    warnings.extend(shipped.warnings);
    if shipped.status != Status::Ok {
        let why = shipped.errors.first().map_or("", |error| &error.message);
        let status = shipped.status;
        let who = match status {
            Status::TakenOver => "",
            _ => " sq_ship or sq_recover tells it.",
        };
        let message = format!(
            "The sale is settled; that its goods were shipped is not known to seQura yet ({status}: {why}){who}"
        );
        warnings.push(Problem::new(ErrorCode::NotShipped, message));
    }
    Outcome {
        order: Some(shop.view(&now)),
        next: advice::next(&now),
        warnings,
        ..settled
    }
}

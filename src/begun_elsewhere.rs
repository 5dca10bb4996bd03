//! A step of an order that another journal may have begun: whether its goods left with it nobody here knows. It is said as
//! the configuration says, and where seQura has approved another cart, the other way.

use crate::config::GoodsLeave;
use crate::operation::Operation;
use crate::order::Order;
use crate::outcome::Outcome;
use crate::pipeline::{self, Target};
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use std::time::Instant;

/// Takes the step through the pipeline; once more, where an order of another journal was begun otherwise than the
/// configuration says.
pub(crate) fn run_step(
    shop: &Shop,
    operation: &Operation,
    target: &Target,
    order: Option<Order>,
    deadline: Instant,
) -> Outcome {
    let is_given = order.is_some();
    // As the till wrote it: what was sent has other carts.
    let leaves = shop.config().goods_leave == GoodsLeave::WithTheOrder;
    let given = order.as_ref().filter(|_| leaves).cloned();
    let outcome = pipeline::run_step(shop, operation, target, order, None, deadline);
    if outcome.status != Status::Conflict || !is_given {
        return outcome;
    }
    let record = pipeline::recorded(shop, target).ok().flatten();
    let Some(record) = record.filter(|record| pipeline::may_be_otherwise(shop, record)) else {
        return outcome;
    };
    let as_sent = || Some(record.content().ok()??.order().clone());
    let given = given.or_else(as_sent);
    if !given.as_ref().is_some_and(Order::leaves_delivery_open) {
        return outcome;
    }
    let mut again = pipeline::run_step(shop, operation, target, given, None, deadline);
    // What was completed before it was sent is said of the order as the till gave it.
    let said = outcome.warnings.into_iter();
    let said: Vec<Problem> = said.filter(|one| !again.warnings.contains(one)).collect();
    again.warnings.splice(0..0, said);
    if let (Some(both), Some(first)) = (&mut again.http, outcome.http) {
        both.attempts += first.attempts;
        both.elapsed_ms += first.elapsed_ms;
    }
    again
}

//! An order that this journal has handed over: another one goes on with it.

use crate::clock;
use crate::journal::Record;
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

/// It is changed there, and no more here.
pub(crate) fn taken_over(shop: &Shop, name: &'static str, record: &Record) -> Outcome {
    let hand = shop.journal().last_hand(record.id).ok().flatten();
    let link = hand.and_then(|hand| hand.chain.last().cloned());
    let when = link.map_or_else(String::new, |link| {
        let at = clock::to_text(link.at);
        format!(" on {at} (document {})", link.id)
    });
    let named = match &record.order_ref_1 {
        Some(order_ref_1) => format!("Order {order_ref_1}"),
        None => "The order".to_owned(),
    };
    let message = format!(
        "{named} was handed over to another till's journal{when}, and is changed only there from then on. Nothing was sent."
    );
    let problem = Problem::new(ErrorCode::TakenOver, message);
    Outcome {
        order: Some(shop.view(record)),
        ..Outcome::failed(name, Status::TakenOver, Next::None, problem)
    }
}

/// What deserves a look where an order is shown that goes on elsewhere.
pub(crate) fn handed_on(record: &Record) -> Option<Problem> {
    let message = "The order was handed over to another till's journal, and goes on there; what is shown is how it was then.";
    let is_there = record.is_taken_over;
    is_there.then(|| Problem::new(ErrorCode::TakenOver, message))
}

//! An order that goes on elsewhere: another till's journal has it from a hand-over, or the office has taken it over.

use super::target::Target;
use crate::clock;
use crate::journal::{Fence, Record};
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

/// It is changed there, and no more here.
pub(crate) fn taken_over(shop: &Shop, name: &'static str, record: &Record) -> Outcome {
    if let Some(fence) = &record.fence {
        return Outcome {
            order: Some(shop.view(record)),
            ..taken_by_office(name, fence)
        };
    }
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

/// The same of the order that a call is about, where it goes on elsewhere.
pub(super) fn elsewhere(
    shop: &Shop,
    name: &'static str,
    target: &Target,
    record: Option<&Record>,
) -> Option<Outcome> {
    match record {
        Some(record) if record.is_taken_over => Some(taken_over(shop, name, record)),
        _ => fenced(shop, name, target.uuid(), record),
    }
}

/// The same of an order that the office has taken over; the journal may have no more of it than that.
pub(crate) fn fenced(
    shop: &Shop,
    name: &'static str,
    uuid: Option<&str>,
    record: Option<&Record>,
) -> Option<Outcome> {
    if let Some(record) = record {
        record.fence.as_ref()?;
        return Some(taken_over(shop, name, record));
    }
    let fence = shop.journal().fence(shop.endpoint().as_str(), uuid?);
    Some(taken_by_office(name, &fence.ok()??))
}

fn taken_by_office(name: &'static str, fence: &Fence) -> Outcome {
    let message = format!("{} Nothing was sent.", told(fence));
    let problem = Problem {
        actual: fence.order_ref_1.as_deref().map(Into::into),
        ..Problem::new(ErrorCode::TakenByOffice, message)
    };
    Outcome::failed(name, Status::TakenOver, Next::None, problem)
}

fn told(fence: &Fence) -> String {
    let with = match &fence.order_ref_1 {
        Some(order_ref_1) => format!("with order_ref_1 {order_ref_1}"),
        None => "and has not said yet with which order_ref_1".to_owned(),
    };
    format!(
        "The office ({}) has taken this order over and finishes it {with}; this till was told on {}.",
        fence.taken_by,
        clock::to_text(fence.at)
    )
}

/// What deserves a look where an order is shown that goes on elsewhere.
pub(crate) fn handed_on(record: &Record) -> Option<Problem> {
    if let Some(fence) = &record.fence {
        let message = format!("{} What is shown is how it is here.", told(fence));
        return Some(Problem::new(ErrorCode::TakenByOffice, message));
    }
    let message = "The order was handed over to another till's journal, and goes on there; what is shown is how it was then.";
    let is_there = record.is_taken_over;
    is_there.then(|| Problem::new(ErrorCode::TakenOver, message))
}

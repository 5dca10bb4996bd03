//! After the sale: update, ship, refund, cancel, and where an order stands.

use crate::advice;
use crate::changes::{Asked, SoldOrder};
use crate::journal::{JournalError, Record};
use crate::lifecycle::{State, Step};
use crate::operation::Operation;
use crate::order::TwoCarts;
use crate::outcome::{OrderView, Outcome};
use crate::pipeline::{self, Target};
use crate::problem::Problem;
use crate::recovery;
use crate::shipment;
use crate::shop::Shop;
use crate::status::Status;
use crate::transaction_log;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::{Map, Value, json};
use std::time::Instant;

/// The settled order that is meant: by reference, URL or uuid.
fn find(shop: &Shop, name: &'static str, order: &str) -> Result<Record, Box<Outcome>> {
    let found = recovery::find(shop, Some(order));
    let mut found = found.map_err(|error| Box::new(pipeline::journal_failed(name, &error)))?;
    // A reference may also be that of an order that was refused under it.
    if found.iter().any(|one| one.life.state.holds_ref()) {
        found.retain(|one| one.life.state.holds_ref());
    }
    if found.len() > 1 {
        let merchants: Vec<&str> = found.iter().map(|one| one.merchant_id.as_str()).collect();
        let message = format!(
            "{} orders have this reference (of {}); name the one that is meant by its URL or uuid.",
            found.len(),
            merchants.join(", ")
        );
        let problem = Problem::new(ErrorCode::ArgumentOutOfRange, message);
        return Err(Box::new(Outcome::failed(
            name,
            Status::InvalidArgument,
            Next::FixOrder,
            problem,
        )));
    }
    let found = found.pop();
    // Most likely its number was mistyped; the sale, wherever it is, must not begin again.
    found.ok_or_else(|| {
        Box::new(Outcome {
            next: Next::FixOrder,
            ..recovery::unknown(name, order)
        })
    })
}

/// Takes a change through the pipeline.
pub(crate) fn change(shop: &Shop, order: &str, asked: &Asked) -> Outcome {
    let name = asked.step().as_str();
    let deadline = shop.deadline();
    let target = match find(shop, name, order) {
        Ok(record) => Target::of(&record),
        Err(outcome)
            if outcome.status == Status::UnknownOrder
                && shop.endpoint().order_uuid(order).is_err() =>
        {
            Target::SoldElsewhere(order.to_owned())
        }
        Err(outcome) => return *outcome,
    };
    changed(shop, &target, asked, deadline)
}

fn changed(shop: &Shop, target: &Target, asked: &Asked, deadline: Instant) -> Outcome {
    let operation = Operation::Ask(asked.clone());
    let mut outcome = pipeline::run_step(shop, &operation, target, None, None, deadline);
    if let Ok(Some(record)) = pipeline::recorded(shop, target) {
        let amounts = SoldOrder::of(&record).map(|sold| sold.figures());
        outcome = outcome.with_data(json!({"amounts": amounts}));
        let open = record.open.as_ref().map(|open| open.step);
        if outcome.status.code() / 1000 == 2
            && let Some(open) = open
        {
            outcome.warnings.push(Problem::new(
                ErrorCode::OutcomeNotRecorded,
                format!("An earlier change of this order ({open}) has no answer yet; sq_recover sends it alone."),
            ));
        }
    }
    outcome
}

/// Registers a sale's references. The second one may be another later on: seQura is told by an update of the order, as
/// for the other way nothing is left of the shopper.
pub(crate) fn set_order_ref(
    shop: &Shop,
    target: &Target,
    order_ref_1: &str,
    order_ref_2: Option<&str>,
) -> Outcome {
    let operation = Operation::SetOrderRef {
        order_ref_1: order_ref_1.to_owned(),
        order_ref_2: order_ref_2.map(str::to_owned),
    };
    let outcome = shipment::run(shop, &operation, target, None);
    let is_its_own = |order: &OrderView| {
        order.state == State::Settled && order.order_ref_1.as_deref() == Some(order_ref_1)
    };
    let follows = outcome.status == Status::WrongState && order_ref_2.is_some();
    if !follows || !outcome.order.as_ref().is_some_and(is_its_own) {
        return outcome;
    }
    let problems = operation.check();
    if !problems.is_empty() {
        return Outcome {
            status: Status::InvalidOrder,
            errors: problems,
            next: Next::FixOrder,
            ..outcome
        };
    }
    let references = json!({"order_ref_1": order_ref_1, "order_ref_2": order_ref_2});
    let update = Map::from_iter([("merchant_reference".to_owned(), references)]);
    Outcome {
        operation: outcome.operation,
        data: None,
        ..changed(shop, target, &Asked::Update(update), shop.deadline())
    }
}

/// `data` of `sq_order_info`.
pub(crate) fn order_info(shop: &Shop, order: &str) -> Outcome {
    const NAME: &str = "order_info";
    let record = match find(shop, NAME, order) {
        Ok(record) => record,
        Err(outcome) => return *outcome,
    };
    match info(shop, &record) {
        Ok(data) => Outcome {
            order: Some(shop.view(&record)),
            next: advice::next(&record),
            ..Outcome::ok(NAME).with_data(data)
        },
        Err(error) => pipeline::journal_failed(NAME, &error),
    }
}

fn info(shop: &Shop, record: &Record) -> Result<Value, JournalError> {
    let sold = match record.life.state.is_confirmed() || record.life.state == State::Cancelled {
        true => SoldOrder::of(record),
        false => None,
    };
    let mut amounts = sold.as_ref().map(SoldOrder::figures);
    if let Some(amounts) = &mut amounts {
        amounts["paid"] = record.paid.into();
    }
    let carts = sold.as_ref().map(|sold| &sold.carts);
    let form = shop.journal().answered_step(record.id, Step::SendForm)?;
    let product = form.and_then(|form| {
        let kept: Value = serde_json::from_str(&form.request).ok()?;
        Some(json!({"product": kept.get("product_code"), "campaign": kept.get("campaign")}))
    });
    Ok(json!({
        "amounts": amounts,
        "needs_review": record.life.state == State::Held,
        "payment_method": product,
        "unshipped_cart": carts.map(|carts| TwoCarts::for_sequra(&carts.unshipped)),
        "shipped_cart": carts.map(|carts| TwoCarts::for_sequra(&carts.shipped)),
        "refusal": record.refusal.as_ref().map(Shop::refusal_view),
        "history": transaction_log::history(shop, record.id)?,
    }))
}

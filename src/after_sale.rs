//! After the sale: update, ship, refund, cancel, and where an order stands.

use crate::advice;
use crate::changes::{Asked, SoldOrder};
use crate::clock;
use crate::journal::{JournalError, Record};
use crate::lifecycle::{State, Step};
use crate::operation::Operation;
use crate::order::TwoCarts;
use crate::outcome::Outcome;
use crate::pipeline::{self, Target};
use crate::problem::Problem;
use crate::shop::Shop;
use crate::transaction_log;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::{Value, json};

/// Takes a change through the pipeline.
pub(crate) fn change(shop: &Shop, order: &str, asked: &Asked) -> Outcome {
    let name = asked.step().as_str();
    let deadline = shop.deadline();
    let target = match pipeline::find(shop, name, order) {
        Ok(Some(record)) => Target::of(&record),
        Ok(None) if shop.endpoint().order_uuid(order).is_err() => {
            Target::SoldElsewhere(order.to_owned())
        }
        Ok(None) => return pipeline::unknown(name, Next::FixOrder, order),
        Err(ended) => return *ended,
    };
    let operation = Operation::Ask(asked.clone());
    let mut outcome = pipeline::run_step(shop, &operation, &target, None, None, deadline);
    let is_adopted = matches!(target, Target::SoldElsewhere(_));
    if is_adopted && matches!(outcome.status.class(), 0 | 3) {
        outcome.warnings.push(Problem::new(
            ErrorCode::NotHandedOver,
            "The order was taken over by its carts alone. The journal that it was sold with goes on with it, too: a change there, from its older carts, undoes those made here. sq_hand_over there closes it, and sq_take_over takes it over here.",
        ));
    }
    if let Ok(Some(record)) = pipeline::recorded(shop, &target) {
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

/// `data` of `sq_order_info`.
pub(crate) fn order_info(shop: &Shop, order: &str) -> Outcome {
    const NAME: &str = "order_info";
    let record = match pipeline::find(shop, NAME, order) {
        Ok(Some(record)) => record,
        // Most likely its number was mistyped; the sale, wherever it is, must not begin again.
        Ok(None) => return pipeline::unknown(NAME, Next::FixOrder, order),
        Err(ended) => return *ended,
    };
    match info(shop, &record) {
        Ok(data) => Outcome {
            order: Some(shop.view(&record)),
            next: advice::next(&record),
            warnings: pipeline::handed_on(&record).into_iter().collect(),
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
        "handed_over": handed_over(shop, record)?,
        "history": transaction_log::history(shop, record.id)?,
    }))
}

/// When the order was handed over to another till's journal, and by which document; none: it goes on here.
fn handed_over(shop: &Shop, record: &Record) -> Result<Option<Value>, JournalError> {
    if !record.is_taken_over {
        return Ok(None);
    }
    let hand = shop.journal().last_hand(record.id)?;
    let link = hand.and_then(|hand| hand.chain.last().cloned());
    Ok(link.map(|link| json!({"document_id": link.id, "at": clock::to_text(link.at)})))
}

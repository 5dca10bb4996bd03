//! After the sale: update, ship, refund, cancel, and where an order stands.

use crate::advice;
use crate::changes::{Asked, SoldOrder};
use crate::clock;
use crate::journal::{Fence, JournalError, Record};
use crate::lifecycle::{State, Step};
use crate::operation::Operation;
use crate::order::{Cart, TwoCarts};
use crate::outcome::{OrderView, Outcome};
use crate::pipeline::{self, Target};
use crate::problem::Problem;
use crate::shipment;
use crate::shop::Shop;
use crate::status::Status;
use crate::transaction_log;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::{Map, Value, json};
use std::time::Instant;

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
    changed(shop, &target, asked, deadline)
}

fn changed(shop: &Shop, target: &Target, asked: &Asked, deadline: Instant) -> Outcome {
    let operation = Operation::Ask(asked.clone());
    let mut outcome = pipeline::run_step(shop, &operation, target, None, None, deadline);
    let is_adopted = matches!(target, Target::SoldElsewhere(_));
    if is_adopted && matches!(outcome.status.class(), 0 | 3) {
        outcome.warnings.push(Problem::new(
            ErrorCode::NotHandedOver,
            "The order was taken over by its carts alone. The journal that it was sold with goes on with it, too: a change there, from its older carts, undoes those made here. sq_hand_over there closes it, and sq_take_over takes it over here.",
        ));
    }
    // What was done has data, also where the journal cannot be read any more: a till goes by that.
    let record = pipeline::recorded(shop, target).ok().flatten();
    if record.is_some() || outcome.status == Status::Ok {
        let sold = record.as_ref().and_then(SoldOrder::of);
        let amounts = sold.map(|sold| sold.figures());
        let mut data = json!({"amounts": amounts});
        if asked.step() == Step::Refund && outcome.status == Status::Ok {
            data["given_back"] = outcome.given_back.unwrap_or_default().into();
        }
        outcome = outcome.with_data(data);
        let open = record.and_then(|record| record.open);
        let open = open.map(|open| open.step);
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

/// What a change would make of an order: its carts and amounts, and how much it would give back. Nothing is recorded,
/// and nothing sent.
pub(crate) fn preview(shop: &Shop, order: &str, asked: &Asked) -> Outcome {
    let name = asked.step().as_str();
    let record = match pipeline::known_sale(shop, name, order) {
        Ok(record) if record.goes_on_elsewhere() => {
            return pipeline::taken_over(shop, name, &record);
        }
        Ok(record) => record,
        Err(ended) => return *ended,
    };
    let view = shop.view(&record);
    let settled = SoldOrder::of(&record);
    let operation = Operation::Ask(asked.clone());
    let (after, given_back) = match pipeline::change_asked_for(shop, &operation, record) {
        Ok(change) => {
            let settled = settled.as_ref().map(|sold| &sold.carts);
            let given_back = settled.map(|settled| change.given_back(settled));
            (Some(change.sold()), given_back)
        }
        Err(ended) if ended.status == Status::Ok => (settled, None),
        Err(ended) => return *ended,
    };
    let cart = |name: fn(&TwoCarts) -> &Cart| {
        after
            .as_ref()
            .map(|one| TwoCarts::for_sequra(name(&one.carts)))
    };
    Outcome {
        order: Some(view),
        given_back: given_back.filter(|cents| *cents != 0),
        is_preview: true,
        ..Outcome::ok(name).with_data(json!({
            "preview": true,
            "given_back": given_back.unwrap_or_default(),
            "amounts": after.as_ref().map(SoldOrder::figures),
            "unshipped_cart": cart(|carts| &carts.unshipped),
            "shipped_cart": cart(|carts| &carts.shipped),
        }))
    }
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
    let record = match pipeline::known_sale(shop, NAME, order) {
        Ok(record) => record,
        Err(ended) => return *ended,
    };
    let unseen = match record.life.state {
        State::Settled => pipeline::unseen(shop, &record),
        _ => Ok(None),
    };
    match info(shop, &record).and_then(|data| Ok((data, unseen?))) {
        Ok((data, unseen)) => Outcome {
            order: Some(shop.view(&record)),
            next: advice::next(&record),
            warnings: pipeline::handed_on(&record)
                .into_iter()
                .chain(unseen)
                .collect(),
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
        "taken_over": record.fence.as_ref().map(taken_over),
        "history": transaction_log::history(shop, record.id)?,
    }))
}

/// Who has taken the order over, and with which reference; none: nobody has.
fn taken_over(fence: &Fence) -> Value {
    json!({
        "by": fence.taken_by,
        "order_ref_1": fence.order_ref_1,
        "at": clock::to_text(fence.at),
    })
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

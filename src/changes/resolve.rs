//! From what a till asks, and the order's carts as they are, to the change that seQura is told.

use super::asked::Asked;
use super::change::Change;
use super::sold_order::{BASE, SoldOrder};
use crate::address::leads_elsewhere;
use crate::journal::Record;
use crate::json::is_left_out;
use crate::lifecycle::Step;
use crate::limits;
use crate::messages::Label;
use crate::order::{Cart, MERCHANT_ID, Order, REFERENCE, TwoCarts, is_merchant_id, is_order_ref};
use crate::problem::Problem;
use crate::shop::Shop;
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value, json};
use std::ops::ControlFlow::{self, Break, Continue};

/// Where an order's references are.
const REFERENCES: &str = BASE[1];
/// The one that an update can change.
const SECOND: &str = "order_ref_2";

/// What becomes of a call.
pub(crate) enum Resolved {
    /// This is to be sent.
    Send(Box<Change>),
    /// It is so already.
    Nothing,
    /// Not as the order is now: why.
    Refused(&'static str),
}

/// From what is asked, and what the journal has, to what seQura is told. On failure: everything that
/// is wrong with what was asked.
pub(crate) fn resolve(
    shop: &Shop,
    asked: &Asked,
    record: &Record,
    open: Option<Change>,
) -> Result<Resolved, Vec<Problem>> {
    if let Some(again) = open.as_ref().and_then(|open| again(open, asked)) {
        return Ok(Resolved::Send(Box::new(again)));
    }
    if open
        .as_ref()
        .is_some_and(|open| open.count() >= limits::OPEN_CHANGES)
    {
        return Ok(Resolved::Refused(
            "too many changes of it have no answer yet; call sq_recover first",
        ));
    }
    let Some(mut sold) = SoldOrder::of(record) else {
        return Ok(Resolved::Refused("the journal has no carts of this order"));
    };
    if record.order_ref_1.as_deref().is_some_and(leads_elsewhere) {
        return Ok(Resolved::Refused(
            "its order_ref_1 is . or .., which no address can have; change it in seQura's portal",
        ));
    }
    let unshipped_yet = sold.delivery() == "unshipped";
    let mut more = Map::new();
    if let Some(open) = &open {
        sold.carts = open.carts.clone();
        sold.base = open.base.clone();
        more = open.more.clone();
    }
    add_platform(shop, &mut sold.base);
    let nothing_open = open.is_none();
    let carts = match carts_after(shop, asked, &sold, nothing_open, &mut more)? {
        Continue(carts) => carts,
        Break(resolved) => return Ok(resolved),
    };
    if unshipped_yet && !matches!(asked, Asked::Cancel(_)) && carts.is_empty() {
        // seQura, who knows of no shipment, would cancel the order, and the journal not know it [I].
        return Ok(Resolved::Refused(match nothing_open {
            true => {
                "it would leave nothing of an order of which nothing was shipped; sq_cancel ends it"
            }
            false => {
                "it would leave nothing of an order whose shipment has no answer yet; call sq_recover first"
            }
        }));
    }
    name_anew(&mut sold.base, asked);
    let open_ships = open.as_ref().is_some_and(|open| open.ships);
    Ok(Resolved::Send(Box::new(Change {
        ships: open_ships || ships(asked, &sold.carts, &carts),
        adopts: open.as_ref().is_some_and(|open| open.adopts),
        ends_sale: false,
        step: asked.step(),
        asked: asked.fingerprint(),
        approved: sold.approved,
        base: sold.base,
        more,
        carts,
        earlier: open.map(Box::new),
    })))
}

/// The change that has no answer yet, where the same is asked: it is the same goods, not as many again.
fn again(open: &Change, asked: &Asked) -> Option<Change> {
    if open.is_asked_again(asked) {
        return Some(open.clone());
    }
    // The same, with another change asked for meanwhile.
    (asked.names_what() && open.includes(asked)).then(|| open.asked_again_for(asked))
}

/// The carts that it leads to; what else is told of it goes to `more`.
fn carts_after(
    shop: &Shop,
    asked: &Asked,
    sold: &SoldOrder,
    nothing_open: bool,
    more: &mut Map<String, Value>,
) -> Result<ControlFlow<Resolved, TwoCarts>, Vec<Problem>> {
    let carts = &sold.carts;
    let none_shipped = carts.shipped.is_empty();
    let none_left = carts.unshipped.is_empty();
    let refused = |because| Ok(Break(Resolved::Refused(because)));
    // What the shopper reads beside an amount that is paid back, when the till does not say.
    let refund = shop.config().voice().label(Label::Refund);
    Ok(Continue(match asked {
        Asked::Ship(None) if none_left && nothing_open => return Ok(Break(Resolved::Nothing)),
        Asked::Ship(picks) => carts.ship(picks.as_deref())?,
        Asked::Refund(None) if none_shipped && none_left && nothing_open => {
            return Ok(Break(Resolved::Nothing));
        }
        // All of it is on its way back, and seQura has not said that it has it: that is asked again.
        Asked::Refund(None) if none_shipped && none_left => carts.clone(),
        Asked::Refund(_) | Asked::RefundFor(..) | Asked::RefundAmount(..) if none_shipped => {
            return refused(
                "nothing of it was shipped, so nothing can be paid back; sq_cancel ends it, sq_update_order changes what is to be shipped",
            );
        }
        Asked::Refund(picks) => {
            let rounding = shop.config().rounding_line.as_ref();
            carts.give_back(
                picks.as_deref(),
                rounding.map(|line| line.reference.as_str()),
            )?
        }
        Asked::RefundFor(picks, amount, reason) => {
            carts.give_back_for(picks, *amount, reason.as_deref().unwrap_or(refund))?
        }
        Asked::RefundAmount(amount, reason) => {
            carts.give_back_amount(*amount, reason.as_deref().unwrap_or(refund))?
        }
        Asked::Cancel(_) if !none_shipped => {
            return refused(
                "a part of it was shipped; sq_refund pays back what comes back, sq_update_order takes out what will not be shipped",
            );
        }
        Asked::Cancel(reason) => {
            more.insert("cancellation_reason".to_owned(), reason.as_str().into());
            carts.emptied().unwrap_or_else(|| carts.clone())
        }
        Asked::Update(update) => updated(sold, update, more)?,
    }))
}

/// Whether goods are shipped by it.
fn ships(asked: &Asked, before: &TwoCarts, after: &TwoCarts) -> bool {
    match asked {
        Asked::Ship(_) => true,
        Asked::Update(_) => after.shipped != before.shipped && !after.shipped.is_empty(),
        _ => false,
    }
}

/// The second reference may follow the sale: it is the shop's own.
fn name_anew(base: &mut Map<String, Value>, asked: &Asked) {
    let Asked::Update(update) = asked else {
        return;
    };
    if let Some(given) = update.get(REFERENCES).and_then(|given| given.get(SECOND))
        && !is_left_out(given)
        && let Some(Value::Object(known)) = base.get_mut(REFERENCES)
    {
        known.insert(SECOND.to_owned(), given.clone());
    }
}

/// Which till it is, where the order does not say it.
pub(super) fn add_platform(shop: &Shop, base: &mut Map<String, Value>) {
    if !base.contains_key("platform")
        && let Some(platform) = shop.config().order_defaults.get("platform")
    {
        base.insert("platform".to_owned(), platform.clone());
    }
}

/// An order that was sold with another journal, from an update that says all of it: both its carts.
/// `None`: it does not.
pub(crate) fn adopt(
    shop: &Shop,
    asked: &Asked,
    order_ref_1: &str,
) -> Option<Result<Change, Vec<Problem>>> {
    let Asked::Update(update) = asked else {
        return None;
    };
    if !["unshipped_cart", "shipped_cart"]
        .iter()
        .all(|name| update.contains_key(*name))
    {
        return None;
    }
    Some(adopted(shop, asked, update, order_ref_1))
}

fn adopted(
    shop: &Shop,
    asked: &Asked,
    update: &Map<String, Value>,
    order_ref_1: &str,
) -> Result<Change, Vec<Problem>> {
    let mut base = adopted_base(shop, update, order_ref_1)?;
    add_platform(shop, &mut base);
    name_anew(&mut base, asked);
    let carts = TwoCarts::of_order(update).ok_or_else(|| {
        let message = "unshipped_cart and shipped_cart must be carts: objects with currency, order_total_with_tax and items.";
        vec![Problem::at(ErrorCode::WrongType, "/unshipped_cart", message)]
    })?;
    let sold = SoldOrder {
        approved: carts.total().0,
        base,
        carts,
    };
    let mut more = Map::new();
    let carts = updated(&sold, update, &mut more)?;
    Ok(Change {
        step: Step::Update,
        asked: asked.fingerprint(),
        approved: sold.approved,
        base: sold.base,
        more,
        ships: !carts.shipped.is_empty(),
        adopts: true,
        ends_sale: false,
        carts,
        earlier: None,
    })
}

/// Who sold it, and under which reference.
fn adopted_base(
    shop: &Shop,
    update: &Map<String, Value>,
    order_ref_1: &str,
) -> Result<Map<String, Value>, Vec<Problem>> {
    let given = Order::from_document(update.clone()).merchant_id();
    let configured = shop.config().merchants.ids();
    let merchant_id = match (given, configured.as_slice()) {
        (Some(id), _) => id,
        (None, [one]) => one.clone(),
        (None, _) => {
            let message = "merchant.id is required: the configuration does not say who sold it.";
            let problem = Problem::at(ErrorCode::MissingField, "/merchant/id", message);
            return Err(vec![problem]);
        }
    };
    let mut wrong = Vec::new();
    let mut is_wrong = |pointer, message| {
        wrong.push(Problem::at(ErrorCode::InvalidValue, pointer, message));
    };
    if !is_merchant_id(&merchant_id) {
        is_wrong("/merchant/id", format!("merchant.id {MERCHANT_ID}"));
    }
    if !is_order_ref(order_ref_1) {
        let pointer = "/merchant_reference/order_ref_1";
        is_wrong(pointer, format!("order_ref_1 {REFERENCE}"));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut base = Map::new();
    base.insert("merchant".to_owned(), json!({"id": merchant_id}));
    let reference = json!({"order_ref_1": order_ref_1});
    base.insert("merchant_reference".to_owned(), reference);
    Ok(base)
}

/// The carts that an update leads to; what else it says goes to `more`.
fn updated(
    sold: &SoldOrder,
    update: &Map<String, Value>,
    more: &mut Map<String, Value>,
) -> Result<TwoCarts, Vec<Problem>> {
    let mut problems = Vec::new();
    let reference = |block: &str, name: &str| {
        let given = update
            .get(block)?
            .get(name)
            .filter(|given| !is_left_out(given))?;
        let known = sold.base.get(block)?.get(name)?;
        (given != known).then(|| (known.clone(), given.clone()))
    };
    for (block, name) in [("merchant", "id"), ("merchant_reference", "order_ref_1")] {
        if let Some((known, given)) = reference(block, name) {
            problems.push(Problem {
                expected: Some(known),
                actual: Some(given),
                ..Problem::at(
                    ErrorCode::InvalidValue,
                    format!("/{block}/{name}"),
                    format!("{block}.{name} is not the order's; an update cannot change it."),
                )
            });
        }
    }
    let cart = |name: &str| {
        let given = update.get(name)?.as_object()?;
        Some(Cart::from_document(given.clone()))
    };
    let (unshipped, shipped) = (cart("unshipped_cart"), cart("shipped_cart"));
    let currency = sold.carts.unshipped.currency();
    for (name, cart) in [("unshipped_cart", &unshipped), ("shipped_cart", &shipped)] {
        if let Some(given) = cart.as_ref().and_then(Cart::currency)
            && Some(given) != currency
        {
            problems.push(Problem {
                expected: currency.map(Value::from),
                actual: Some(given.into()),
                ..Problem::at(
                    ErrorCode::CurrencyMismatch,
                    format!("/{name}/currency"),
                    "The order was sold in another currency, which an update cannot change.",
                )
            });
        }
    }
    let update = &Order::from_document(update.clone())
        .with_completed_blocks()
        .into_document();
    let carts = sold.carts.replaced(unshipped, shipped);
    problems.extend(wrong_blocks(sold, carts.as_ref(), update));
    match (carts, problems.is_empty()) {
        (Some(carts), true) => {
            for (name, value) in update {
                if !name.ends_with("shipped_cart") && !BASE[..2].contains(&name.as_str()) {
                    more.insert(name.clone(), value.clone());
                }
            }
            Ok(carts)
        }
        _ => Err(problems),
    }
}

/// What is wrong with the blocks that an update gives: they are checked as those of an order are.
fn wrong_blocks(
    sold: &SoldOrder,
    carts: Option<&TwoCarts>,
    update: &Map<String, Value>,
) -> Vec<Problem> {
    let mut document = update.clone();
    document.insert(
        "merchant".to_owned(),
        json!({"id": sold.base.get("merchant").and_then(|merchant| merchant.get("id")),
               "options": {"uses_shipped_cart": true}}),
    );
    if let Some(Value::Object(given)) = document.get_mut(REFERENCES)
        && let Some(Value::Object(known)) = sold.base.get(REFERENCES)
    {
        for (name, value) in known.iter().filter(|(name, _)| *name != SECOND) {
            given.entry(name).or_insert_with(|| value.clone());
        }
    }
    for name in ["unshipped_cart", "shipped_cart"] {
        let there = carts.map(|carts| match name {
            "shipped_cart" => TwoCarts::for_sequra(&carts.shipped),
            _ => TwoCarts::for_sequra(&carts.unshipped),
        });
        if let (false, Some(there)) = (document.contains_key(name), there) {
            document.insert(name.to_owned(), there);
        }
    }
    let empty = carts.is_some_and(|carts| carts.total().0 == 0);
    let mut problems = Order::from_document(document).check().problems;
    problems.retain(|problem| {
        let pointer = problem.pointer.as_deref().unwrap_or_default();
        let block = pointer.split('/').nth(1).unwrap_or_default();
        let of_empty = empty && pointer == "/unshipped_cart/order_total_with_tax";
        let of_update = block != "merchant" && update.contains_key(block) && !of_empty;
        of_update || problem.code == ErrorCode::MoreErrors
    });
    problems
}

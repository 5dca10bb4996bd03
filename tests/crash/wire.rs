//! What reached seQura against what the tills asked for and the journal had recorded.

use crate::book::Call;
use crate::oracle::{
    CHANGE, CONFIRM, Case, FORM, HOLD, REF, ROUNDING, START, Sent, is_confirmed, order_ref_1,
    sale_in,
};
use sequra_sandbox::Event;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// The till's word for a step.
fn verb(step: &str) -> &'static str {
    match step {
        START => "start",
        FORM => "form",
        HOLD => "hold",
        CONFIRM => "confirm",
        _ => "ref",
    }
}

fn sale<'a>(case: &'a Case, sent: &'a Sent) -> String {
    match &sent.uuid {
        Some(uuid) => case.sale_of.get(uuid.as_str()).cloned().unwrap_or_default(),
        None => sale_in(&sent.order),
    }
}

pub fn everything_sent_was_asked(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    // The carts of a change are computed: see there.
    for sent in case.sent.iter().filter(|sent| sent.step != CHANGE) {
        let sale = sale(case, sent);
        let asked = case.calls_of(&sale).filter(|call| {
            call.verb == verb(sent.step)
                && (sent.uuid.is_none() || call.uuid == sent.uuid)
                && call.asked_at <= sent.at + ROUNDING
        });
        let mut contents: Vec<Value> = asked.flat_map(|call| contents(case, call)).collect();
        if is_said_otherwise(case, sent) {
            contents.extend(contents.clone().into_iter().map(with_everything_shipped));
        }
        let stateless = without(&sent.order, &["state"]);
        if !contents.contains(&stateless) {
            wrong.push(format!(
                "{} of {sale} ({:?}) was sent at {} with {stateless}, and asked with {contents:?}",
                sent.step, sent.uuid, sent.request.at
            ));
        }
    }
    wrong
}

/// An order that the journal did not begin is said the other way, once seQura has refused it as a changed cart: whether its
/// goods leave with it nobody knows here.
fn is_said_otherwise(case: &Case, sent: &Sent) -> bool {
    let journal = &case.ledgers.journal;
    let mut orders = journal.orders.iter().filter(|row| match &sent.uuid {
        Some(uuid) => row["uuid"] == uuid.as_str(),
        None => false,
    });
    let is_begun_here = orders.any(|row| journal.steps_of(row, START).next().is_some());
    let is_refused = case.sent.iter().any(|earlier| {
        earlier.uuid == sent.uuid
            && earlier.request.seq < sent.request.seq
            && earlier.request.status == Some(409)
            && [HOLD, CONFIRM].contains(&earlier.step)
    });
    !is_begun_here && is_refused
}

/// The order of which nothing is still to be shipped.
fn with_everything_shipped(mut order: Value) -> Value {
    let sold = order["cart"].take();
    let empty = json!({"currency": sold["currency"], "gift": sold["gift"], "items": [], "order_total_with_tax": 0});
    order["merchant"]["options"] = json!({"uses_shipped_cart": true});
    order["shipped_cart"] = sold;
    order["unshipped_cart"] = empty;
    without(&order, &["cart"])
}

/// What a call may send: what it was given, or where it left that to the journal, anything that was
/// given with an earlier call of this sale.
fn contents(case: &Case, call: &Call) -> Vec<Value> {
    if call.verb == "form" {
        return vec![Value::Null];
    }
    let given = |call: &Call| {
        case.ledgers
            .files
            .get(&call.argument)
            .map(|file| file["order"].clone())
            .filter(Value::is_object)
    };
    if let Some(order) = given(call) {
        return vec![order];
    }
    let earlier = case
        .calls_of(&call.name)
        .filter(|one| one.asked_at <= call.asked_at);
    let orders = earlier.filter_map(given);
    match call.verb.as_str() {
        "ref" => orders
            .map(|mut order| {
                order["merchant_reference"]["order_ref_1"] = call.argument.as_str().into();
                order
            })
            .collect(),
        _ => orders.collect(),
    }
}

fn without(order: &Value, names: &[&str]) -> Value {
    let mut order = order.clone();
    if let Value::Object(fields) = &mut order {
        fields.retain(|name, _| !names.contains(&name.as_str()));
    }
    order
}

pub fn references_come_after_the_confirmation(case: &Case) -> Vec<String> {
    let references = case.sent.iter().filter(|sent| sent.step == REF);
    let early = references.filter(|sent| {
        let uuid = sent.uuid.as_deref().unwrap_or_default();
        let mut confirmed = case
            .events(uuid, Event::Confirmed)
            .filter_map(|event| case.request_of(event));
        !confirmed.any(|confirmed| confirmed.request.seq < sent.request.seq)
    });
    early
        .map(|sent| {
            format!(
                "{:?} got {:?} at {}",
                sent.uuid,
                order_ref_1(&sent.order),
                sent.request.at
            )
        })
        .collect()
}

pub fn references_are_unique_and_given(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut owners: HashMap<(&str, &str), &str> = HashMap::new();
    for order in &case.ledgers.orders {
        let Some(order_ref) = order.order_ref_1.as_deref() else {
            continue;
        };
        let key = (order.merchant_id.as_str(), order_ref);
        if is_confirmed(order)
            && let Some(other) = owners.insert(key, &order.uuid)
        {
            wrong.push(format!("{other} and {} have {order_ref}", order.uuid));
        }
        let sale = case
            .sale_of
            .get(order.uuid.as_str())
            .cloned()
            .unwrap_or_default();
        let given: HashSet<String> = case
            .calls_of(&sale)
            .flat_map(|call| contents(case, call))
            .filter_map(|order| order_ref_1(&order).map(str::to_owned))
            .collect();
        if !given.contains(order_ref) {
            wrong.push(format!(
                "{} has {order_ref}; {sale} was given {given:?}",
                order.uuid
            ));
        }
    }
    wrong
}

pub fn intents_come_first(case: &Case) -> Vec<String> {
    let journal = &case.ledgers.journal;
    let mut wrong = Vec::new();
    for sent in &case.sent {
        let sale = sale(case, sent);
        // An order whose start got lost has no uuid in the journal; its sale is in its cart, unless
        // all of that came back.
        let rows = journal.orders.iter().filter(|row| match &sent.uuid {
            Some(uuid) => row["uuid"] == uuid.as_str(),
            None => {
                let carts = row["carts"].as_str().unwrap_or_default();
                let uuid = row["uuid"].as_str().unwrap_or_default();
                carts.contains(&format!("\"{sale}\"")) || case.sale_of.get(uuid) == Some(&sale)
            }
        });
        let mut steps = rows.flat_map(|row| journal.steps_of(row, sent.step));
        let intended = |step: &crate::journal::Row| {
            let shown = step["intended_at"].as_f64().unwrap_or(f64::INFINITY);
            case.ledgers.clock.earliest(shown)
        };
        if !steps.any(|step| intended(step) <= sent.at + ROUNDING) {
            wrong.push(format!(
                "{} of {sale} ({:?}) reached seQura at {}, and the journal had not recorded it",
                sent.step, sent.uuid, sent.request.at
            ));
        }
    }
    wrong
}

/// Whose a request was is not known for sure. It is surely somebody's who still waits when every
/// call that may have sent it comes to its end only after the next request was there.
pub fn no_two_at_once(case: &Case) -> Vec<String> {
    let mut by_order: HashMap<&str, Vec<&Sent>> = HashMap::new();
    for sent in &case.sent {
        if let Some(uuid) = &sent.uuid {
            by_order.entry(uuid).or_default().push(sent);
        }
    }
    let mut wrong = Vec::new();
    for (uuid, requests) in by_order {
        for pair in requests.windows(2) {
            let [first, then] = pair else { continue };
            // Whose folder was moved is not seen to live any more; and sends nothing more.
            let unseen = case.ledgers.deeds.iter().any(|deed| {
                deed.takes_locks
                    && deed.from <= then.at + ROUNDING
                    && deed.to + ROUNDING >= first.at
            });
            if then.at + ROUNDING >= first.answered_at || unseen {
                continue;
            }
            let senders = case.ledgers.calls.iter().filter(|call| {
                call.may_concern(uuid)
                    && call.asked_at <= first.at + ROUNDING
                    && call.told_at() + ROUNDING >= first.at
            });
            let mut ends = senders.map(Call::told_at);
            if ends.all(|end| end.is_finite() && end > then.at + ROUNDING) {
                wrong.push(format!(
                    "{uuid}: {} from {} to {:?}, {} from {}",
                    first.step,
                    first.request.at,
                    first.request.answered_at,
                    then.step,
                    then.request.at
                ));
            }
        }
    }
    wrong
}

pub fn no_sms_unasked(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    for order in &case.ledgers.orders {
        let uuid = Some(&order.uuid);
        let requests = case
            .sent
            .iter()
            .filter(|sent| sent.step == FORM && sent.uuid.as_ref() == uuid);
        let calls = case.ledgers.calls.iter();
        let asked = calls
            .filter(|call| call.verb == "form" && call.uuid.as_ref() == uuid)
            .count();
        let requests = requests.count();
        if requests > asked {
            wrong.push(format!(
                "{}: {requests} were requested, {asked} asked for",
                order.uuid
            ));
        }
    }
    wrong
}

//! The tills' books against the journal and seQura.

use crate::book::Call;
use crate::oracle::{Case, is_confirmed, says_confirmed};

fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap_or("-")
}

/// The last list of pending orders that a till saw whole.
pub fn last_pending<'a>(case: &Case<'a>) -> Option<&'a Call> {
    let calls = case.ledgers.calls.iter();
    calls
        .filter(|call| {
            call.verb == "pending" && call.status() == "SQ_OK" && !call.journal_is_lost()
        })
        .max_by(|one, other| one.asked_at.total_cmp(&other.asked_at))
}

pub fn confirmed_orders_are_kept(case: &Case) -> Vec<String> {
    let pending = last_pending(case);
    let mut wrong = Vec::new();
    for order in case
        .ledgers
        .orders
        .iter()
        .filter(|order| is_confirmed(order))
    {
        let uuid = &order.uuid;
        let Some(row) = case.ledgers.journal.order(uuid) else {
            wrong.push(format!(
                "{uuid} is confirmed, and the journal does not know it"
            ));
            continue;
        };
        let state = text(&row["state"]);
        let listed = pending.is_some_and(|pending| {
            let mut listed = pending.saw.iter();
            listed.any(|(_, saw)| saw.uuid.as_deref() == Some(uuid))
        });
        let kept = match state {
            "settled" | "cancelled" => row["order_ref_1"] == serde_json::json!(order.order_ref_1),
            "confirming" => listed,
            state => says_confirmed(state) && listed,
        };
        if !kept {
            wrong.push(format!(
                "{uuid} is confirmed with reference {:?}; the journal has it as {state} with {}, sq_pending {}",
                order.order_ref_1,
                row["order_ref_1"],
                if listed { "lists it" } else { "does not list it" },
            ));
        }
    }
    wrong
}

pub fn pending_is_whole(case: &Case) -> Vec<String> {
    let Some(pending) = last_pending(case) else {
        return Vec::new();
    };
    let unfinished = || {
        case.ledgers
            .journal
            .orders
            .iter()
            .filter(|row| row["finished"] == 0)
    };
    let missing = unfinished().filter(|row| {
        let mut listed = pending.saw.iter();
        !listed.any(|(_, saw)| {
            saw.uuid.as_deref() == row["uuid"].as_str() && saw.state == text(&row["state"])
        })
    });
    let mut wrong: Vec<String> = missing
        .map(|row| {
            format!(
                "the journal's order {} ({}) is not listed",
                row["uuid"], row["state"]
            )
        })
        .collect();
    if pending.saw.len() != unfinished().count() {
        wrong.push(format!(
            "{} orders are listed, {} are unfinished",
            pending.saw.len(),
            unfinished().count()
        ));
    }
    wrong
}

pub fn the_journal_is_true(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    for row in &case.ledgers.journal.orders {
        let state = text(&row["state"]);
        if !says_confirmed(state) {
            continue;
        }
        let order = case.order(text(&row["uuid"]));
        if !order.is_some_and(is_confirmed) {
            wrong.push(format!(
                "the journal has {} as {state}, seQura as {order:?}",
                row["uuid"]
            ));
        }
        let theirs = order.and_then(|order| order.order_ref_1.as_deref());
        if state == "settled" && (theirs.is_none() || row["order_ref_1"].as_str() != theirs) {
            wrong.push(format!(
                "the journal has {} settled with {}, seQura has {theirs:?}",
                row["uuid"], row["order_ref_1"]
            ));
        }
    }
    wrong
}

pub fn what_was_told_is_so(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    for call in &case.ledgers.calls {
        let Some((_, told)) = &call.told else {
            continue;
        };
        let order = told.uuid.as_deref().and_then(|uuid| case.order(uuid));
        let sent_sms = || {
            let mut sms = case.ledgers.sms.iter();
            sms.any(|sms| Some(&sms.uuid) == told.uuid.as_ref())
        };
        let theirs = order.and_then(|order| order.order_ref_1.as_deref());
        let so = match (told.verb.as_str(), told.status.as_str()) {
            ("start", "SQ_OK") => {
                let sale = told.uuid.as_deref().and_then(|uuid| case.sale_of.get(uuid));
                order.is_some() && sale == Some(&call.name)
            }
            ("form", "SQ_OK") => sent_sms(),
            ("abandon", "SQ_OK") => told.state == "abandoned" && !order.is_some_and(is_confirmed),
            ("confirm", "SQ_OK") => says_confirmed(&told.state) && order.is_some_and(is_confirmed),
            ("ref", "SQ_OK") => told.state == "settled" && theirs == Some(&call.argument),
            _ => true,
        };
        let settled =
            told.state != "settled" || (theirs.is_some() && theirs == told.order_ref_1.as_deref());
        if !so || !settled {
            wrong.push(format!(
                "{} {} {} was told {told:?}; seQura has {order:?}",
                call.verb, call.name, call.argument
            ));
        }
    }
    wrong
}

/// An order's state as a till learnt it, true at some moment between `from` and `to`.
struct Seen<'a> {
    /// None: the journal says so.
    call: Option<&'a Call>,
    from: f64,
    to: f64,
    state: &'a str,
    order_ref_1: Option<&'a str>,
}

/// Every state of an order that some till wrote down, and last of all the journal's.
fn seen<'a>(case: &Case<'a>, uuid: &str) -> Vec<Seen<'a>> {
    let mut all = Vec::new();
    let kept = case.ledgers.calls.iter();
    // What a client says of a journal that it has lost was so once.
    for call in kept.filter(|call| !call.journal_is_lost()) {
        let from = call.asked_at;
        let told = call
            .told
            .iter()
            .map(|(to, told)| (*to, &told.uuid, &told.state, &told.order_ref_1));
        let saw = call
            .saw
            .iter()
            .map(|(to, saw)| (*to, &saw.uuid, &saw.state, &saw.order_ref_1));
        for (to, of, state, order_ref_1) in told.chain(saw) {
            if of.as_deref() == Some(uuid) && state != "-" {
                all.push(Seen {
                    call: Some(call),
                    from,
                    to,
                    state,
                    order_ref_1: order_ref_1.as_deref(),
                });
            }
        }
    }
    if let Some(row) = case.ledgers.journal.order(uuid) {
        let (from, to) = (f64::INFINITY, f64::INFINITY);
        let order_ref_1 = row["order_ref_1"].as_str();
        // The row lives as long as the ledgers.
        all.push(Seen {
            call: None,
            from,
            to,
            state: text(&row["state"]),
            order_ref_1,
        });
    }
    all
}

pub fn what_was_told_stands(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    for order in &case.ledgers.orders {
        let uuid = order.uuid.as_str();
        let seen = seen(case, uuid);
        // Another confirmation, under way after the one thing was so and before the other was seen.
        let confirmed_between = |first: &Seen, then: &Seen| {
            case.ledgers.calls.iter().any(|call| {
                call.verb == "confirm"
                    && call.uuid.as_deref() == Some(uuid)
                    && !first.call.is_some_and(|own| std::ptr::eq(own, call))
                    && call.over_at >= first.from
                    && call.asked_at <= then.to
            })
        };
        for first in &seen {
            for then in seen.iter().filter(|then| then.from > first.to) {
                let stands = match first.state {
                    // Whether a till cancelled it is for its carts to say.
                    "settled" => {
                        matches!(then.state, "settled" | "cancelled")
                            && then.order_ref_1 == first.order_ref_1
                    }
                    "abandoned" | "cancelled" => then.state == first.state,
                    "conflicted" => {
                        let confirmed = says_confirmed(then.state) || then.state == "confirming";
                        !confirmed || confirmed_between(first, then)
                    }
                    state if says_confirmed(state) => says_confirmed(then.state),
                    _ => true,
                };
                if !stands {
                    wrong.push(format!(
                        "{uuid} was {} {:?} and later {} {:?}",
                        first.state, first.order_ref_1, then.state, then.order_ref_1
                    ));
                }
            }
        }
    }
    wrong.dedup();
    wrong
}

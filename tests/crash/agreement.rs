//! The three books at any moment, also before anybody has recovered: they agree, or it was said that it is
//! not certain.

use crate::book::Call;
use crate::carts;
use crate::journal::Row;
use crate::ledger::CHANGES;
use crate::oracle::{CHANGE, Case, is_confirmed, is_step, says_confirmed};
use crate::told::last_pending;
use sequra_sandbox::{OrderView, State};

pub fn all_agree(case: &Case) -> Vec<String> {
    let mut wrong = kept_on_disk(case);
    wrong.extend(differences(case));
    wrong.extend(at_risk(case));
    wrong
}

fn state(row: &Row) -> &str {
    row["state"].as_str().unwrap_or("-")
}

/// What a till was told to be done is in the journal, unless it was told in the same breath that the
/// journal is lost.
fn kept_on_disk(case: &Case) -> Vec<String> {
    let journal = &case.ledgers.journal;
    let is_kept = |call: &&Call| {
        let Some((_, told)) = &call.told else {
            return true;
        };
        if told.status != "SQ_OK" || told.journal_is_lost() {
            return true;
        }
        let row = || journal.order(told.uuid.as_deref()?);
        let has_done = |row: &Row| {
            let mut log = case.rows_of(row, &journal.log);
            log.any(|entry| is_step(entry, CHANGE) && entry["status"] == 0)
        };
        match call.verb.as_str() {
            "start" | "form" | "hold" => row().is_some(),
            "confirm" => row().is_some_and(|row| says_confirmed(state(row))),
            "ref" => row().is_some_and(|row| {
                matches!(state(row), "settled" | "cancelled")
                    && row["order_ref_1"] == call.argument.as_str()
            }),
            verb if CHANGES.contains(&verb) => row().is_some_and(has_done),
            _ => true,
        }
    };
    let lost = case.ledgers.calls.iter().filter(|call| !is_kept(call));
    lost.map(|call| {
        format!(
            "{} {} {} was told {:?}, and the journal on disk knows nothing of it",
            call.verb, call.name, call.argument, call.told
        )
    })
    .collect()
}

/// What of an order is so at seQura and not in the journal: which of the tills' calls are about it, and
/// what it is.
fn difference(
    case: &Case,
    order: &OrderView,
    row: &Row,
) -> Option<(&'static [&'static str], String)> {
    let confirmed = (says_confirmed(state(row)), is_confirmed(order));
    if confirmed.0 != confirmed.1 {
        let what = format!(
            "{}: confirmed here {}, at seQura {}",
            order.uuid, confirmed.0, confirmed.1
        );
        return Some((&["confirm"], what));
    }
    let cancelled = (state(row) == "cancelled", order.state == State::Cancelled);
    let carts = carts::disagree(case, order, row).filter(|_| confirmed.0);
    let what = match cancelled.0 == cancelled.1 || carts.is_none() {
        true => carts?,
        false => format!(
            "{}: cancelled here {}, at seQura {}",
            order.uuid, cancelled.0, cancelled.1
        ),
    };
    Some((&CHANGES, what))
}

/// Nobody was told more of the call than that its end is not certain.
fn is_uncertain(call: &Call) -> bool {
    let told = call.told.as_ref();
    told.is_none_or(|(_, told)| told.is_left_to_recovery() || told.journal_is_lost())
}

fn differences(case: &Case) -> Vec<String> {
    let Some(pending) = last_pending(case) else {
        return Vec::new();
    };
    let mut wrong = Vec::new();
    for order in &case.ledgers.orders {
        let Some(row) = case.ledgers.journal.order(&order.uuid) else {
            continue;
        };
        let Some((verbs, what)) = difference(case, order, row) else {
            continue;
        };
        let uuid = Some(order.uuid.as_str());
        let of_it =
            |call: &&Call| call.uuid.as_deref() == uuid && verbs.contains(&call.verb.as_str());
        let mut calls = case.ledgers.calls.iter().filter(of_it);
        let is_said = calls.any(is_uncertain);
        let mut listed = pending.saw.iter().map(|(_, saw)| saw);
        let listed = listed.any(|saw| saw.uuid.as_deref() == uuid && saw.missing == "answer");
        if !is_said || !listed {
            wrong.push(format!(
                "{what}; a till was told that it is not certain: {is_said}; listed as without an answer: {listed}"
            ));
        }
    }
    wrong
}

/// The money of all orders that are confirmed, or may be, and are not settled, is listed as at risk.
fn at_risk(case: &Case) -> Vec<String> {
    let Some((_, told)) = last_pending(case).and_then(|call| call.told.as_ref()) else {
        return Vec::new();
    };
    let is_at_risk = |row: &&Row| match state(row) {
        "confirmed" | "referencing" | "ref_conflicted" => true,
        "confirming" => case
            .order(row["uuid"].as_str().unwrap_or_default())
            .is_some_and(is_confirmed),
        _ => false,
    };
    let rows = case.ledgers.journal.orders.iter().filter(is_at_risk);
    let sum: i64 = rows.filter_map(|row| row["amount"].as_i64()).sum();
    match told.at_risk >= sum {
        true => Vec::new(),
        false => vec![format!(
            "{} cents are listed as at risk, of {sum} that are",
            told.at_risk
        )],
    }
}

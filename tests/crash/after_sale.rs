//! What is left when everything is done: a recovery at rest, a true log, no personal data.

use crate::book::Call;
use crate::carts::accepted;
use crate::journal::Row;
use crate::oracle::{CHANGE, CONFIRM, Case, FORM, HOLD, REF, START, is_step};
use crate::shop::personal;
use sequra_sandbox::Event;
use std::collections::{BTreeSet, HashMap};

pub fn recovery_rests(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    for step in &case.ledgers.journal.steps {
        if step["answered_at"].is_null() {
            wrong.push(format!("a step is open: {}", serde_json::json!(step)));
        }
    }
    if let Some(rest) = &case.ledgers.rest {
        if rest.status != "SQ_OK" {
            wrong.push(format!(
                "recovery ends with {} although nothing is in its way",
                rest.status
            ));
        }
        if rest.requests > 0 {
            wrong.push(format!("another recovery sent {} requests", rest.requests));
        }
        if rest.before != rest.after {
            wrong.push("another recovery changed the journal".to_owned());
        }
    }
    wrong
}

pub fn the_log_is_whole(case: &Case) -> Vec<String> {
    let log = &case.ledgers.journal.log;
    let mut wrong: Vec<String> = case.ledgers.journal.broken_link().into_iter().collect();
    let hashes: HashMap<i64, &str> = log
        .iter()
        .filter_map(|row| Some((row["id"].as_i64()?, row["hash"].as_str()?)))
        .collect();
    let told = |call: &&Call| call.told.is_some() && !call.journal_is_lost();
    for call in case.ledgers.calls.iter().filter(told) {
        // Below 0 are attempts that no entry is written of.
        for entry in call.entries.iter().filter(|entry| entry.id > 0) {
            if hashes.get(&entry.id) != Some(&entry.hash.as_str()) {
                wrong.push(format!(
                    "sq_log showed {entry:?}, which is not in the journal"
                ));
            }
        }
    }
    wrong
}

/// The journal's step that a till's command takes.
fn step(call: &Call) -> Option<&'static str> {
    match call.verb.as_str() {
        "start" => Some(START),
        "form" => Some(FORM),
        "hold" => Some(HOLD),
        "confirm" => Some(CONFIRM),
        "ref" => Some(REF),
        "ship" | "refund" | "cancel" | "update" => Some(CHANGE),
        _ => None,
    }
}

pub fn the_log_is_true(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    let log = &case.ledgers.journal.log;
    // `since`: the request that was accepted. A later one may have been answered in its place.
    let has_done = |uuid: &str, steps: &[&str], since: u64| {
        let mut entries = log
            .iter()
            .filter(|row| row["uuid"] == uuid && row["status"] == 0);
        entries.any(|row| {
            let request = row["request_id"].as_str().and_then(|id| case.request(id));
            let later = request.is_some_and(|sent| sent.request.seq >= since);
            later && steps.iter().any(|step| is_step(row, step))
        })
    };
    for order in &case.ledgers.orders {
        let accepted = accepted(case, order);
        let late: Vec<&str> = accepted
            .iter()
            .filter(|one| one.may_be_late)
            .filter_map(|one| Some(one.sent?.request.request_id.as_str()))
            .collect();
        for event in [
            Event::Confirmed,
            Event::ReferenceRegistered,
            Event::Updated,
            Event::Cancelled,
        ] {
            let sent = case
                .events(&order.uuid, event)
                .filter_map(|entry| case.request_of(entry));
            // An acknowledgement that carried a reference may be overtaken by the confirmation.
            for sent in sent.filter(|sent| sent.step != HOLD) {
                if late.contains(&sent.request.request_id.as_str()) {
                    continue;
                }
                if !has_done(&order.uuid, &[sent.step], sent.request.seq) {
                    wrong.push(format!(
                        "{} has {event:?}, and no entry says so",
                        order.uuid
                    ));
                }
            }
        }
    }
    for call in &case.ledgers.calls {
        if let (Some(step), Some((_, told))) = (step(call), &call.told)
            && let ("SQ_OK", Some(uuid)) = (told.status.as_str(), &told.uuid)
            // What no money hangs on is begun anew where the journal that has it was taken away: so it was told.
            && !(told.journal_is_lost() && matches!(step, START | FORM | HOLD))
            // A reference may have been settled by the confirmation that carried it.
            && !has_done(uuid, if step == REF { &[REF, CONFIRM] } else { std::slice::from_ref(&step) }, 0)
        {
            wrong.push(format!(
                "{uuid}: a till was told that {step} is done, and no entry says so"
            ));
        }
    }
    for row in log.iter().filter(|row| row["status"] == 0) {
        let request = row["request_id"].as_str().and_then(|id| case.request(id));
        let done = request.is_some_and(|sent| {
            // That there is no order to cancel says that it is cancelled.
            let gone = row["step"] == "cancel" && sent.request.status == Some(404);
            (sent.request.processed || gone) && is_step(row, sent.step)
        });
        // To give an order up is the till's own business: seQura is not told.
        let given_up = row["step"] == "abandon" && {
            let mut calls = case.ledgers.calls.iter();
            calls.any(|call| call.verb == "abandon" && call.uuid.as_deref() == row["uuid"].as_str())
        };
        // A person's word is the person's: what it makes of the order is held against seQura elsewhere.
        let said = row["step"] == "resolve" && {
            let mut calls = case.ledgers.calls.iter();
            calls.any(|call| call.verb == "resolve" && row["uuid"] == call.name.as_str())
        };
        let fits = done || given_up || said;
        if !fits {
            wrong.push(format!(
                "entry {} claims what seQura did not do: {}",
                row["id"],
                serde_json::json!(row)
            ));
        }
    }
    wrong
}

pub fn personal_data_is_gone(case: &Case) -> Vec<String> {
    let journal = &case.ledgers.journal;
    let mut wrong = Vec::new();
    for order in journal
        .orders
        .iter()
        .filter(|row| row["state"] == "settled" || row["state"] == "cancelled")
    {
        let uuid = order["uuid"].as_str().unwrap_or_default();
        let sale = case.sale_of.get(uuid).cloned().unwrap_or_default();
        let steps = case.rows_of(order, &journal.steps);
        let log = case.rows_of(order, &journal.log);
        let text: String = std::iter::once(order)
            .chain(steps)
            .chain(log)
            .map(|row| serde_json::json!(row).to_string())
            .collect();
        for datum in personal(&sale)
            .iter()
            .filter(|datum| text.contains(datum.as_str()))
        {
            wrong.push(format!("{datum} of {sale} is still there"));
        }
    }
    wrong
}

pub fn personal_data_is_overwritten(case: &Case) -> Vec<String> {
    let Some(bytes) = &case.ledgers.bytes else {
        return Vec::new();
    };
    let sales: BTreeSet<&str> = case.sale_of.values().map(String::as_str).collect();
    let journal = &case.ledgers.journal;
    let needed = |sale: &str| {
        let orders = journal
            .orders
            .iter()
            .filter(|row| !row["content"].is_null());
        let mut carts = orders.filter_map(|row| row["carts"].as_str());
        carts.any(|carts| carts.contains(&format!("\"{sale}\"")))
    };
    let mut wrong = Vec::new();
    for sale in sales.into_iter().filter(|sale| !needed(sale)) {
        let data = personal(sale).into_iter();
        let left = data.filter(|datum| bytes.contains(datum.as_str()));
        wrong.extend(left.map(|datum| format!("{datum} of {sale} is in the files")));
    }
    wrong
}

/// By that the journal finds them.
pub fn open_steps_are_last(case: &Case) -> Vec<String> {
    let journal = &case.ledgers.journal;
    let is_found = |step: &&Row| {
        let of_order = |other: &&Row| other["order_id"] == step["order_id"];
        let last = journal.steps.iter().rfind(of_order);
        let order = journal
            .orders
            .iter()
            .find(|row| row["id"] == step["order_id"]);
        last.is_some_and(|last| last["id"] == step["id"])
            && order.is_some_and(|order| order["finished"] == 0)
    };
    let open = journal
        .steps
        .iter()
        .filter(|step| step["answered_at"].is_null());
    let lost = open.filter(|step| !is_found(step));
    lost.map(|step| format!("nobody finds step {step:?}"))
        .collect()
}

pub fn the_file_is_sound(case: &Case) -> Vec<String> {
    let integrity = &case.ledgers.journal.integrity;
    let sound = integrity == "ok";
    if sound {
        Vec::new()
    } else {
        vec![integrity.clone()]
    }
}

//! What a till is supported with: recovering, resolving, reconciling, reports.

use crate::arguments::{Command, Resolve};
use crate::console::Console;
use crate::exit::Stop;
use crate::look::{name, order_row};
use crate::progress::Progress;
use crate::sale::read_json;
use crate::tables::drawn;
use crate::till::{Called, Till};
use crate::words::{self, Word};
use sequra_pos::words::{Finding, Language};
use sequra_pos::{Error, Outcome};
use serde_json::Value;
use std::path::Path;

/// Does it.
pub fn run(till: &Till, console: &Console, command: &Command) -> Called {
    let client = till.client();
    Ok(match command {
        Command::Recover { order } => recover(till, console, order.as_deref())?,
        Command::Resolve(Resolve {
            order,
            confirmed,
            reason,
            ..
        }) => {
            let finding = match confirmed {
                true => Finding::Confirmed,
                false => Finding::NotConfirmed,
            };
            client.resolve(order, finding, reason)?
        }
        Command::Abandon { order } => client.abandon(order)?,
        Command::Reconcile => {
            let _waiting = Progress::of(console, 0, "reconcile");
            client.reconcile()?
        }
        Command::Report { file } => report(till, console, file.as_deref())?,
        Command::Dismiss { entry } => client.log_dismiss(*entry)?,
        _ => return Err(Stop::Failed("this is no such command".to_owned())),
    })
}

/// As often as it brings something further: one call ends within the till's own deadline, however many wait.
fn recover(till: &Till, console: &Console, order: Option<&str>) -> Called {
    let bar = Progress::of(console, 0, "recover");
    let remaining = |called: &Result<Outcome, Error>| {
        let outcome = match called {
            Ok(outcome) => outcome,
            Err(error) => error.outcome(),
        };
        let data = outcome.data.as_ref()?;
        let count = data["orders"].as_array()?.len() as u64;
        Some((count, data["remaining"].as_u64()?))
    };
    let mut called = till.client().recover(order);
    let Some((all, mut left)) = remaining(&called) else {
        return Ok(called?);
    };
    // What the first call has listed stays the list: what it settled is not in the later ones.
    let mut first = listed(&called);
    bar.at(all.saturating_sub(left), all);
    while order.is_none() && left > 0 {
        let again = till.client().recover(None);
        let Some((_, now)) = remaining(&again) else {
            break;
        };
        let is_further = now < left;
        join(&mut first, listed(&again));
        called = again;
        left = now;
        bar.at(all.saturating_sub(left), all);
        if !is_further {
            break;
        }
    }
    let with_all = |mut outcome: Outcome| {
        if let Some(data) = &mut outcome.data {
            data["orders"] = first.into();
        }
        outcome
    };
    Ok(match called {
        Ok(outcome) => with_all(outcome),
        Err(error) => return Err(Error::from(with_all(*error.0)).into()),
    })
}

fn listed(called: &Result<Outcome, Error>) -> Vec<Value> {
    let outcome = match called {
        Ok(outcome) => outcome,
        Err(error) => error.outcome(),
    };
    let orders = outcome.data.as_ref().map(|data| &data["orders"]);
    orders
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default()
}

/// What was found later of an order takes the place of what was found first; what it was first stays.
fn join(first: &mut Vec<Value>, later: Vec<Value>) {
    for mut one in later {
        let same = |known: &&mut Value| known["uuid"] == one["uuid"] && !one["uuid"].is_null();
        match first.iter_mut().find(same) {
            Some(known) => {
                one["was"] = known["was"].take();
                *known = one;
            }
            None => first.push(one),
        }
    }
}

fn report(till: &Till, console: &Console, file: Option<&Path>) -> Called {
    let given = file.map(|file| read_json(till, "send_delivery_report", file));
    let given = match given.transpose()? {
        None => None,
        Some(Value::Object(given)) => Some(given),
        Some(_) => {
            let file = file.unwrap_or(Path::new("-"));
            return Err(Stop::at(file, "a report is a JSON object"));
        }
    };
    let _waiting = Progress::of(console, 0, "report");
    Ok(till.client().send_delivery_report(given.as_ref())?)
}

/// How people see what came of it.
pub fn table(console: &Console, language: Language, outcome: &Outcome) -> String {
    let Some(data) = &outcome.data else {
        return String::new();
    };
    match outcome.operation {
        "recover" => recovered(console, language, data),
        "reconcile" => reconciled(console, language, data),
        "send_delivery_report" => reports(console, language, data),
        _ => String::new(),
    }
}

fn recovered(console: &Console, language: Language, data: &Value) -> String {
    let word = |word: Word| word.in_language(language);
    let orders = data["orders"].as_array().cloned().unwrap_or_default();
    if orders.is_empty() {
        return word(Word::NothingOpen).to_owned() + "\n";
    }
    let head = [
        word(Word::Order),
        word(Word::Before),
        word(Word::Now),
        word(Word::Amount),
        word(Word::Result),
        word(Word::WhatToDo),
    ];
    let state = |order: &Value, name: &str| {
        words::state(language, order[name].as_str().unwrap_or_default()).to_owned()
    };
    let rows = orders.iter().map(|order| {
        let [_, _, _, amount, to_do] =
            <[String; 5]>::try_from(order_row(language, order)).unwrap_or_default();
        let status = order["status"].as_str().unwrap_or("-");
        vec![
            name(order),
            state(order, "was"),
            state(order, "now"),
            amount,
            status.trim_start_matches("SQ_").to_owned(),
            to_do,
        ]
    });
    drawn(console, &head, &[3], rows.collect())
}

fn reconciled(console: &Console, language: Language, data: &Value) -> String {
    let word = |word: Word| word.in_language(language);
    let kinds = [
        ("paid_out", Word::Paid),
        ("not_yet_paid", Word::NotYetPaid),
        ("differing", Word::Differing),
        ("unknown_here", Word::UnknownHere),
    ];
    let mut rows = Vec::new();
    for (currency, merchants) in data["totals"].as_object().into_iter().flatten() {
        for (merchant, totals) in merchants.as_object().into_iter().flatten() {
            for (kind, title) in kinds {
                let Some(total) = totals[kind].as_object() else {
                    continue;
                };
                let amount = total["amount"].as_i64();
                let amount = amount.map(|cents| words::money(language, cents, currency));
                rows.push(vec![
                    word(title).to_owned(),
                    merchant.clone(),
                    total["count"].to_string(),
                    amount.unwrap_or_else(|| format!("? {currency}")),
                ]);
            }
        }
    }
    let head = [
        word(Word::What),
        word(Word::Merchant),
        word(Word::Orders),
        word(Word::Amount),
    ];
    let mut text = match rows.is_empty() {
        true => String::new(),
        false => drawn(console, &head, &[2, 3], rows),
    };
    let differing = data["differing"].as_array().cloned().unwrap_or_default();
    if !differing.is_empty() {
        let head = [word(Word::Differing), word(Word::Amount), word(Word::Paid)];
        let rows = differing.iter().map(|one| {
            let currency = one["currency"].as_str().unwrap_or_default();
            let cents = |name: &str| {
                words::money(language, one[name].as_i64().unwrap_or_default(), currency)
            };
            vec![name(one), cents("amount"), cents("paid")]
        });
        text += "\n";
        text += &drawn(console, &head, &[1, 2], rows.collect());
    }
    text
}

fn reports(console: &Console, language: Language, data: &Value) -> String {
    let word = |word: Word| word.in_language(language);
    let reports = data["reports"].as_array().cloned().unwrap_or_default();
    if reports.is_empty() {
        return String::new();
    }
    let rows = reports.iter().map(|report| {
        let status = report["status"].as_str().unwrap_or("-");
        vec![
            report["merchant_id"].as_str().unwrap_or("-").to_owned(),
            report["orders"].to_string(),
            status.trim_start_matches("SQ_").to_owned(),
        ]
    });
    let head = [word(Word::Merchant), word(Word::Orders), word(Word::Result)];
    drawn(console, &head, &[1], rows.collect())
}

//! The journal is taken away for good. What holds then is narrower, and it is held to that:
//!
//! - what a till was told to be done before was in the journal and is at seQura (the evening's and the
//!   end's judgements have seen to it), and stays so there;
//! - that the journal is another one is said: it was made, or one was set aside, or it cannot be opened;
//!   a till that has it open says `SQ_JOURNAL` and sends nothing;
//! - nothing is sent under what was taken: orders that the journal does not have are unknown to it;
//! - what is sold from then on is held to everything.
//!
//! An older copy in its place cannot be told from a journal that was not used since. It goes on from where
//! it was: no confirmed order is lost at seQura by it, and none loses its reference.

use crate::chance::Chance;
use crate::every_point::ask;
use crate::oracle::{Ledgers, is_confirmed};
use crate::sale::Sale;
use crate::shop::Shop;
use crate::till::{Crash, Till};
use crate::world::{PARTS, copy, end, part, remove};
use std::fs;
use std::path::Path;

const BOOK: &str = "after.book";
const SALE: &str = "n0s0e";
const ALIVE: &str = "a till died although nothing ended it";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Loss {
    Removed,
    FolderEmptied,
    Cut,
    AllCut,
    OlderCopy,
}

/// Keeps a copy of the journal as it is this evening.
pub fn remember(shop: &Shop) {
    copy(&shop.journal_path(), &shop.folder().join("older"));
}

fn cut(path: &Path, part_of_it: u64) {
    if let Ok(file) = fs::OpenOptions::new().write(true).open(path) {
        let length = file.metadata().map_or(0, |there| there.len());
        file.set_len(length * part_of_it / 4)
            .expect("it can be cut");
    }
}

fn take(shop: &Shop, loss: Loss) {
    let journal = shop.journal_path();
    match loss {
        Loss::Removed => remove(&journal, &PARTS),
        Loss::FolderEmptied => {
            fs::remove_dir_all(shop.journal_folder()).expect("it is there");
            fs::create_dir(shop.journal_folder()).expect("it was there");
        }
        Loss::Cut => {
            remove(&journal, &PARTS[1..]);
            cut(&journal, 2);
        }
        Loss::AllCut => PARTS
            .iter()
            .for_each(|suffix| cut(&part(&journal, suffix), 0)),
        Loss::OlderCopy => copy(&shop.folder().join("older"), &journal),
    }
}

/// What seQura has of each order that it has confirmed.
fn confirmed(shop: &Shop) -> Vec<(String, Option<String>)> {
    let orders = shop.sandbox.orders();
    let confirmed = orders.into_iter().filter(is_confirmed);
    confirmed
        .map(|order| (order.uuid, order.order_ref_1))
        .collect()
}

/// Takes the journal away, from the dead or from under a till that dies of something else then.
pub fn take_away(shop: &mut Shop, chance: &mut Chance) -> Result<(), String> {
    let loss = *chance.pick(&[
        Loss::Removed,
        Loss::FolderEmptied,
        Loss::Cut,
        Loss::AllCut,
        Loss::OlderCopy,
    ]);
    let old = shop.ledgers(None).orders.first().cloned();
    let before = confirmed(shop);
    let judged = take_away_like(shop, chance, loss, old.map(|order| order.uuid));
    let judged = judged.and_then(|()| {
        let after = confirmed(shop);
        match before.iter().find(|one| !after.contains(one)) {
            None => Ok(()),
            Some(one) => Err(format!(
                "{one:?} was confirmed at seQura, and is not any more"
            )),
        }
    });
    judged.map_err(|what| format!("the journal was taken away ({loss:?}): {what}"))
}

fn take_away_like(
    shop: &mut Shop,
    chance: &mut Chance,
    loss: Loss,
    old: Option<String>,
) -> Result<(), String> {
    shop.know_book(BOOK);
    let is_under_a_till = chance.percent(50);
    if is_under_a_till {
        // To touch shared memory that was cut ends the process: of that it dies, or is killed.
        let mut till = shop.till_of("dying.book", "config.json", Crash::default());
        till.call("open").ok_or(ALIVE)?;
        take(shop, loss);
        if matches!(loss, Loss::Cut | Loss::OlderCopy) {
            let sent = shop.sandbox.stats().requests;
            Sale::plain(shop, "n0s9e", false);
            let told = till.call("start n0s9e n0s9e.json").ok_or(ALIVE)?.told;
            let is_said = told
                .as_ref()
                .is_some_and(|told| told.status == "SQ_JOURNAL");
            if !is_said || shop.sandbox.stats().requests != sent {
                return Err(format!("a till that had it open was told {told:?}"));
            }
        }
        till.kill();
        till.end();
    } else {
        take(shop, loss);
    }
    let sent = shop.sandbox.stats().requests;
    let mut till = shop.till_of(BOOK, "config.json", Crash::default());
    let opened = till.call("open").ok_or(ALIVE)?.told;
    let is_said = opened.as_ref().is_some_and(|told| {
        told.status == "SQ_JOURNAL" || told.created || !told.warnings.is_empty()
    });
    if !is_said && loss != Loss::OlderCopy {
        return Err(format!("nobody says so: {opened:?}"));
    }
    if opened.is_some_and(|told| told.status != "SQ_OK") {
        return end(till);
    }
    if let (Some(old), Loss::Removed | Loss::FolderEmptied | Loss::AllCut) = (old, loss) {
        nothing_is_sent(shop, &mut till, &old)?;
        if shop.sandbox.stats().requests != sent {
            return Err("something was sent of what was taken".to_owned());
        }
    }
    till.call("recover").ok_or(ALIVE)?;
    let mut sale = Sale::plain(shop, SALE, chance.percent(50));
    sale.finish(&mut till, &shop.sandbox)?;
    for command in ["recover", "pending", "log"] {
        till.call(command).ok_or(ALIVE)?;
    }
    end(till)?;
    match loss {
        Loss::OlderCopy | Loss::Cut => Ok(()),
        _ => ask(&of_the_new(shop)),
    }
}

/// Everything that can be asked about an order of before.
fn nothing_is_sent(shop: &Shop, till: &mut Till, old: &str) -> Result<(), String> {
    let url = format!("{}/orders/{old}", shop.sandbox.http_url());
    till.call(&format!("know gone {url}")).ok_or(ALIVE)?;
    for command in [
        "recover",
        "recover gone",
        "confirm gone -",
        "ref gone R-gone",
        "ship gone -",
    ] {
        let told = till.call(command).ok_or(ALIVE)?.told;
        let is_all = command == "recover";
        let wanted = if is_all { "SQ_OK" } else { "SQ_UNKNOWN_ORDER" };
        if told.as_ref().is_none_or(|told| told.status != wanted) {
            return Err(format!("{command} of an order of before was told {told:?}"));
        }
    }
    Ok(())
}

/// What everybody knows of what was sold since.
fn of_the_new(shop: &Shop) -> Ledgers {
    let mut ledgers = shop.closed_ledgers();
    let uuids: Vec<String> = ledgers
        .calls
        .iter()
        .filter(|call| call.name == SALE)
        .filter_map(|call| call.told.as_ref()?.1.uuid.clone())
        .collect();
    let is_new = |uuid: &str| uuids.iter().any(|new| uuid.contains(new.as_str()));
    ledgers.orders.retain(|order| is_new(&order.uuid));
    ledgers.events.retain(|event| is_new(&event.uuid));
    ledgers.sms.retain(|sms| is_new(&sms.uuid));
    ledgers.requests.retain(|request| {
        let body = request.body.as_deref().unwrap_or_default();
        is_new(&request.path) || body.contains(&format!("\"{SALE}\""))
    });
    let since = ledgers.calls.iter().filter(|call| call.name == SALE);
    let since = since
        .map(|call| call.asked_at)
        .fold(f64::INFINITY, f64::min);
    ledgers.calls.retain(|call| call.asked_at >= since);
    ledgers
}

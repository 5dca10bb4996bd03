//! The same by chance: rounds of several tills at once on one journal, with faults on the wire and
//! kills at whatever moment, until so many kills were done.
//!
//! `SEQURA_POS_CRASH_KILLS` says how many, `SEQURA_SEED` repeats a campaign as far as timing can be
//! repeated.

use crate::chance::{Chance, number};
use crate::every_point::{ask, recover_and_judge};
use crate::ledger::{CHANGES, Change, Pick};
use crate::oracle::is_confirmed;
use crate::progress::{Progress, Sums};
use crate::sale::{Sale, UPDATES};
use crate::shop::{ELSEWHERE, ELSEWHERE_BOOK, REFUSED, Shop, order_file};
use crate::support;
use crate::support::seeds::{self, Seed};
use crate::till::{Crash, End, Till};
use sequra_sandbox::{Fault, Harm, Part, When};
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

const WORKERS: usize = 4;
const TILLS: usize = 3;
/// A journal, its books and the oracle's work stay small.
const KILLS_PER_ROUND: u64 = 50;
/// Sales that a till has open at once.
const OPEN_SALES: usize = 3;
/// A sold order is changed so often, and left in peace then: the oracle tries all ways in which its
/// changes may have been taken.
const CHANGES_PER_ORDER: usize = 8;
const COMMANDS_PER_PROCESS: usize = 12;
/// An operation comes to some ten points.
const FURTHEST_POINT: usize = 60;
const LONGEST_PAUSE_US: usize = 4000;
const RECOVERIES: usize = 10;
const SLOWLY_MS: u64 = 8;
/// A reference that another till of the shop, with a journal of its own, has given away.
const TAKEN: &str = "R-taken";

fn book(till: usize) -> String {
    format!("till-{till}.book")
}

#[test]
fn a_campaign_of_kills() {
    let kills = number("SEQURA_POS_CRASH_KILLS").unwrap_or(300);
    for seed in seeds::of("campaign") {
        // Of one that failed, the round in which it did.
        wage(seed, seed.only.map_or(kills, |_| KILLS_PER_ROUND));
    }
}

fn wage(seed: Seed, kills: u64) {
    let progress = Progress::new(kills, seed.number);
    let rounds = AtomicU64::new(0);
    let wrong: Mutex<Vec<(u64, String)>> = Mutex::default();
    std::thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (progress, rounds, wrong) = (&progress, &rounds, &wrong);
            scope.spawn(move || {
                let mut shop = Shop::open(support::c::scratch(&format!("campaign-{worker}")));
                while progress.is_going_on() {
                    let round = rounds.fetch_add(1, Ordering::SeqCst);
                    let budget = KILLS_PER_ROUND.min(kills.saturating_sub(round * KILLS_PER_ROUND));
                    if budget == 0 {
                        return;
                    }
                    let round = seed.only.unwrap_or(round);
                    if let Err(what) = play(&mut shop, seed.number, round, budget, progress) {
                        progress.violated();
                        write_down(&shop);
                        let what = format!(
                            "round {round}; journal, books, orders and seQura's ledger are in {}\n{what}",
                            shop.folder().display(),
                        );
                        wrong.lock().unwrap().push((round, what));
                        return;
                    }
                }
            });
        }
    });
    progress.summarise();
    if let Some((round, what)) = wrong.into_inner().unwrap().first() {
        panic!("{what}\n{}", seeds::add("campaign", seed, Some(*round)));
    }
}

/// seQura's side, for whoever looks for what went wrong.
fn write_down(shop: &Shop) {
    let ledgers = shop.ledgers(None);
    let text = format!(
        "{:#?}\n{:#?}\n{:#?}",
        ledgers.events, ledgers.orders, ledgers.requests
    );
    fs::write(shop.folder().join("sequra.txt"), text).expect("the folder is writable");
}

/// One round: a new shop, kills, the end of everything, the oracle.
fn play(
    shop: &mut Shop,
    seed: u64,
    round: u64,
    kills: u64,
    progress: &Progress,
) -> Result<(), String> {
    shop.start_afresh();
    let mut elsewhere = shop.till_of(ELSEWHERE_BOOK, "other.json", Crash::default());
    elsewhere.call("open").ok_or("the other till died")?;
    Sale::new(shop, ELSEWHERE, false, false, &[TAKEN]).finish(&mut elsewhere, &shop.sandbox)?;
    elsewhere.end();

    (0..TILLS).for_each(|till| shop.know_book(&book(till)));
    let budget = AtomicI64::new(kills as i64);
    let sold: Mutex<Vec<Sold>> = Mutex::default();
    let mut tills: Vec<Worker> = (0..TILLS)
        .map(|number| Worker {
            shop,
            number,
            chance: Chance::new(seed, round * TILLS as u64 + number as u64),
            sales: Vec::new(),
            sold: &sold,
            sums: Sums::default(),
        })
        .collect();
    let played: Vec<Result<(), String>> = std::thread::scope(|scope| {
        let threads: Vec<_> = tills
            .iter_mut()
            .map(|till| scope.spawn(|| till.sell(&budget, progress)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a till's thread"))
            .collect()
    });
    played.into_iter().collect::<Result<(), String>>()?;
    let mut sales: Vec<Vec<Sale>> = Vec::new();
    let mut sums = Sums {
        rounds: 1,
        ..Sums::default()
    };
    for till in tills {
        sums.add(&till.sums);
        sales.push(till.sales);
    }
    sums.processes += 1 + TILLS as u64;
    finish(shop, &mut sales)?;
    sums.count(&shop.ledgers(None), shop.sandbox.stats().requests);
    progress.add(&sums);
    Ok(())
}

/// The faults are gone: all tills recover at once, the oracle judges; then every sale comes to its
/// end, and it judges again.
fn finish(shop: &Shop, sales: &mut [Vec<Sale>]) -> Result<(), String> {
    let alive = "a till died although nothing ended it";
    shop.sandbox.clear_faults();
    // Slow answers leave the others time to send what is being sent.
    let slow = Harm::Delay {
        ms: SLOWLY_MS,
        when: When::After,
    };
    shop.sandbox.fault(Fault::new(slow).times(TILLS as u32));
    let mut tills: Vec<Till> = (0..TILLS)
        .map(|number| shop.till_of(&book(number), "config.json", Crash::default()))
        .collect();
    for till in &mut tills {
        till.call("open").ok_or(alive)?;
    }
    for attempt in 0.. {
        tills.iter_mut().for_each(|till| till.say("recover"));
        let mut rests = true;
        for till in &mut tills {
            let told = till.hear().ok_or(alive)?.told;
            rests &= told.is_some_and(|told| told.status == "SQ_OK");
        }
        if rests {
            break;
        }
        if attempt == RECOVERIES {
            return Err("recovery comes to no rest".to_owned());
        }
        if attempt > 0 {
            look_in_the_portal(shop, &mut tills[0])?;
        }
    }
    shop.sandbox.clear_faults();
    let mut all: Vec<Sale> = sales.iter_mut().flat_map(std::mem::take).collect();
    recover_and_judge(shop, &mut tills[0], &mut all)?;
    for mut sale in all {
        let till = sale.name[1..2]
            .parse::<usize>()
            .expect("a sale is named after its till");
        sale.finish(&mut tills[till], &shop.sandbox)?;
    }
    for command in ["recover", "pending", "log"] {
        tills[0].call(command).ok_or(alive)?;
    }
    for till in tills {
        match till.end() {
            End::Done => {}
            end => return Err(format!("a till ended as {end:?}")),
        }
    }
    ask(&shop.closed_ledgers())
}

/// What seQura's answers leave in doubt (a reference that is taken, perhaps by the order itself), somebody
/// ends who looks in seQura's portal.
fn look_in_the_portal(shop: &Shop, till: &mut Till) -> Result<(), String> {
    let ledgers = shop.ledgers(None);
    for row in &ledgers.journal.orders {
        let has_it = |uuid: &str| {
            let order = ledgers.orders.iter().find(|order| order.uuid == uuid)?;
            Some((is_confirmed(order), order.order_ref_1.clone()))
        };
        let Some((confirmed, order_ref)) = row["uuid"].as_str().and_then(has_it) else {
            continue;
        };
        let there = match row["state"].as_str() {
            Some("confirming") => confirmed,
            Some("referencing") => order_ref.as_deref() == row["order_ref_1"].as_str(),
            _ => continue,
        };
        let outcome = if there { "confirmed" } else { "not_confirmed" };
        let uuid = row["uuid"].as_str().unwrap_or_default();
        till.call(&format!("resolve {uuid} {outcome}"))
            .ok_or("a till died although nothing ended it")?;
    }
    Ok(())
}

/// A till, through all its processes.
struct Worker<'a> {
    shop: &'a Shop,
    number: usize,
    chance: Chance,
    sales: Vec<Sale>,
    /// What all tills of the shop have sold.
    sold: &'a Mutex<Vec<Sold>>,
    sums: Sums,
}

/// A sold order, which every till of the shop may change.
struct Sold {
    name: String,
    uuid: String,
    order_ref: String,
    changes: usize,
}

impl Worker<'_> {
    fn sell(&mut self, budget: &AtomicI64, progress: &Progress) -> Result<(), String> {
        while budget.load(Ordering::SeqCst) > 0 {
            self.sums.processes += 1;
            let from_outside = self.chance.percent(35);
            let point = format!("any:{}", 1 + self.chance.below(FURTHEST_POINT));
            let crash = Crash {
                at: (!from_outside).then_some(point.as_str()),
                trace: None,
            };
            let refused = self.chance.percent(4);
            let config = if refused { REFUSED } else { "config.json" };
            let mut till = self.shop.till_of(&book(self.number), config, crash);
            self.work(&mut till, from_outside);
            match till.end() {
                End::Done => {}
                End::Killed => {
                    budget.fetch_sub(1, Ordering::SeqCst);
                    self.sums.from_outside += u64::from(from_outside);
                    progress.killed();
                }
                End::Wrong(wrong) => return Err(wrong),
            }
        }
        Ok(())
    }

    /// What one process does until it dies, or has done enough.
    fn work(&mut self, till: &mut Till, from_outside: bool) {
        let last = self.chance.below(COMMANDS_PER_PROCESS);
        if till.call("open").is_none() {
            return;
        }
        let recovers = self.chance.percent(70);
        let mut unanswered: Option<String> = None;
        for at in 0..COMMANDS_PER_PROCESS {
            let again = unanswered.take().filter(|_| self.chance.percent(50));
            let (sale, command) = match (at, again) {
                (0, _) if recovers => (None, "recover".to_owned()),
                (_, Some(again)) => (None, again),
                _ if self.chance.percent(35) => match self.change(till) {
                    Some(command) => (None, command),
                    None => self.decide(),
                },
                _ => self.decide(),
            };
            if let Some(sale) = sale {
                self.sales[sale].ask(&command);
                self.harm(sale);
            }
            till.say(&command);
            if from_outside && at == last {
                let pause = self.chance.below(LONGEST_PAUSE_US) as u64;
                std::thread::sleep(Duration::from_micros(pause));
                till.kill();
            }
            let Some(answer) = till.hear() else { return };
            for sale in &mut self.sales {
                sale.hear(&answer);
            }
            self.tell_the_others();
            let told = answer.told.filter(|told| told.is_left_to_recovery());
            if told.is_some_and(|told| CHANGES.contains(&told.verb.as_str())) {
                unanswered = Some(command);
            }
            if let Some(sale) = sale {
                self.sales[sale].shopper_finishes(&self.shop.sandbox);
            }
        }
    }

    fn tell_the_others(&self) {
        let mut sold = self.sold.lock().unwrap();
        for sale in self.sales.iter().filter(|sale| sale.is_settled()) {
            if let Some(uuid) = sale.uuid()
                && !sold.iter().any(|one| one.name == sale.name)
            {
                sold.push(Sold {
                    name: sale.name.clone(),
                    uuid: uuid.to_owned(),
                    order_ref: sale.order_ref().to_owned(),
                    changes: 0,
                });
            }
        }
    }

    /// Goods of some order go out or come back, or it is changed otherwise; mostly one of the latest,
    /// and now and then one that another till sold.
    fn change(&mut self, till: &mut Till) -> Option<String> {
        let chance = &mut self.chance;
        let mut sold = self.sold.lock().unwrap();
        let own = format!("t{}s", self.number);
        let of_others = chance.percent(25);
        let mut open: Vec<&mut Sold> = sold
            .iter_mut()
            .filter(|one| {
                one.changes < CHANGES_PER_ORDER && one.name.starts_with(&own) != of_others
            })
            .collect();
        open.drain(..open.len().saturating_sub(OPEN_SALES));
        let at = chance.below(open.len().max(1));
        let order = open.into_iter().nth(at)?;
        order.changes += 1;
        let Sold {
            name,
            uuid,
            order_ref,
            ..
        } = &*order;
        if of_others {
            let url = format!("{}/orders/{uuid}", self.shop.sandbox.http_url());
            till.call(&format!("know {name} {url}"))?;
        }
        let lines = [name.as_str(), "GORRA"];
        let mut pieces = || {
            let line = chance.pick(&lines);
            let mut picks = vec![Pick::pieces(line, 1 + chance.below(2) as i64)];
            match chance.below(10) {
                0 => picks.push(Pick::cents("ENVIO", chance.below(101) as i64)),
                1 => picks.push(Pick::cents("VALE", -(chance.below(60) as i64))),
                _ => {}
            }
            Some(picks)
        };
        let (some, back) = (pieces(), pieces());
        let change = match chance.below(100) {
            0..45 => Change::Ship(some),
            45..52 => Change::Ship(None),
            52..70 => Change::Refund(back),
            70..73 => Change::Refund(None),
            73..83 => Change::RefundAmount(1 + chance.below(150) as i64),
            83..87 => Change::Cancel,
            _ => Change::Update([None, None]),
        };
        let update = chance.pick(&UPDATES);
        let file = order_file(name, update);
        let (verb, argument) = change.command(&file);
        let command = format!("{verb} {name} {argument}");
        let order_ref = format!("/{order_ref}");
        self.harm_change(&order_ref);
        Some(command)
    }

    /// Now and then something becomes of the next request for a sold order. Nothing that speaks for
    /// seQura, though: of a cancellation without an answer a 404 would say that it was done.
    fn harm_change(&mut self, order_ref: &str) {
        if !self.chance.percent(25) {
            return;
        }
        let harm = match self.chance.below(3) {
            0 => foreign(*self.chance.pick(&[401, 403, 410, 422, 429, 500, 503])),
            _ => lost(&mut self.chance),
        };
        let times = if self.chance.percent(10) { 2 } else { 1 };
        let fault = Fault::new(harm).method("PUT").path(order_ref);
        self.shop.sandbox.fault(fault.times(times));
    }

    /// Mostly what is due for one of the open sales, and now and then something else.
    fn decide(&mut self) -> (Option<usize>, String) {
        let open: Vec<usize> = (0..self.sales.len())
            .filter(|&at| !self.sales[at].is_settled())
            .collect();
        if open.is_empty() || (open.len() < OPEN_SALES && self.chance.percent(30)) {
            let sale = self.new_sale();
            let command = sale.next_command();
            self.sales.push(sale);
            return (Some(self.sales.len() - 1), command);
        }
        match self.chance.below(100) {
            0..4 => return (None, "recover".to_owned()),
            4..6 => return (None, "pending".to_owned()),
            6..7 => return (None, "log".to_owned()),
            _ => {}
        }
        let at = match self.chance.percent(4) {
            // Also of one that is long done.
            true => self.chance.below(self.sales.len()),
            false => *self.chance.pick(&open),
        };
        let sale = &self.sales[at];
        let name = &sale.name;
        let command = match self.chance.below(100) {
            0..3 => sale.confirm(None),
            3..6 => sale.confirm(Some("-other")),
            6..8 => sale.confirm(Some(&sale.whole())),
            8..10 => format!("hold {name}"),
            10..12 => sale.form(),
            12..14 => sale.set_ref(),
            14..16 => format!("ref {name} {TAKEN}"),
            16..18 => format!("recover {name}"),
            18..20 => format!("abandon {name}"),
            _ => sale.next_command(),
        };
        (Some(at), command)
    }

    fn new_sale(&mut self) -> Sale {
        let name = format!("t{}s{}e", self.number, self.sales.len());
        let own = format!("R-{name}");
        let more = format!("R-{name}-b");
        let first = match self.chance.below(100) {
            0..8 => TAKEN.to_owned(),
            // Somebody at the till types the number of another sale.
            8..14 if !self.sales.is_empty() => {
                let other = self.chance.below(self.sales.len());
                format!("R-{}", self.sales[other].name)
            }
            _ => own.clone(),
        };
        let refs: Vec<&str> = match first == own {
            true => vec![&own, &more],
            false => vec![&first, &own, &more],
        };
        let (ref_in_order, hold) = (self.chance.percent(40), self.chance.percent(20));
        Sale::new(self.shop, &name, ref_in_order, hold, &refs)
    }

    /// Now and then something becomes of the next request for this sale. seQura never denies a
    /// confirmation here that it may have accepted: that it does so by its own rules.
    fn harm(&mut self, sale: usize) {
        if !self.chance.percent(25) {
            return;
        }
        let sandbox = &self.shop.sandbox;
        let chance = &mut self.chance;
        let uuid = self.sales[sale].uuid();
        let path = uuid.unwrap_or("/orders");
        let fault = match chance.below(11) {
            0..7 => Fault::new(lost(chance)),
            7 => Fault::new(foreign(*chance.pick(&[401, 403, 404, 429]))),
            8 => Fault::new(foreign(*chance.pick(&[410, 422, 500, 503]))),
            9 => Fault::new(Harm::Delay {
                ms: 1 + chance.below(12) as u64,
                when: When::After,
            }),
            _ => {
                let conflict = Fault::new(Harm::Conflict {
                    errors: vec!["Something that nobody has seen before".to_owned()],
                });
                match chance.below(3) {
                    0 => conflict.method("POST"),
                    1 => conflict.method("PUT").state("on_hold"),
                    _ => conflict.method("PUT").state(""),
                }
            }
        };
        let fault = if uuid.is_none() {
            fault.method("POST")
        } else {
            fault
        };
        sandbox.fault(
            fault
                .path(path)
                .times(if chance.percent(10) { 2 } else { 1 }),
        );
    }
}

/// Somebody in between answers.
fn foreign(status: u16) -> Harm {
    Harm::Status {
        status,
        body: String::new(),
        content_type: "text/html".to_owned(),
        headers: Default::default(),
    }
}

/// The request or its answer is lost, or the answer says nothing.
fn lost(chance: &mut Chance) -> Harm {
    match chance.below(7) {
        0 => Harm::CloseBefore {},
        1 | 2 => Harm::CloseAfter {},
        3 => Harm::Reset {
            when: *chance.pick(&[When::Before, When::After]),
        },
        4 => Harm::Truncate {
            bytes: chance.below(150),
            of: Part::Answer,
        },
        5 => Harm::Garbage {
            text: "\u{1}\r\n\r\n".to_owned(),
            when: When::After,
            close_notify: false,
        },
        _ => Harm::StatusAfter {
            status: *chance.pick(&[500, 502, 504]),
            body: String::new(),
            content_type: "text/html".to_owned(),
            headers: Default::default(),
        },
    }
}

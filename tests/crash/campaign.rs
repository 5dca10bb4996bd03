//! The same by chance: rounds of several tills at once on one journal, with faults on the wire and
//! kills at whatever moment, until so many kills were done.
//!
//! `SEQURA_POS_CRASH_KILLS` says how many, `SEQURA_SEED` repeats a campaign as far as timing can be
//! repeated.

use crate::chance::{Chance, number};
use crate::every_point::{ask, recover_and_judge};
use crate::gone::{remember, take_away};
use crate::oracle::{Ledgers, is_confirmed};
use crate::progress::{Progress, Sums};
use crate::sale::Sale;
use crate::shop::{ELSEWHERE, ELSEWHERE_BOOK, JOURNAL, Shop};
use crate::support;
use crate::support::seeds::{self, Seed};
use crate::till::{Crash, End, Till};
use crate::worker::{Sold, Worker};
use crate::world::{WATCH, end, meddle_with_the_dead, meddle_with_the_living};
use sequra_sandbox::{Fault, Harm, When};
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

const WORKERS: usize = 4;
const TILLS: usize = 3;
/// A round has so many; in the evening of each all tills are dead or closed.
const DAYS: u64 = 4;
/// A journal, its books and the oracle's work stay small.
const KILLS_PER_ROUND: u64 = 50;
const RECOVERIES: usize = 10;
const SLOWLY_MS: u64 = 8;
/// A reference that another till of the shop, with a journal of its own, has given away.
pub const TAKEN: &str = "R-taken";

pub fn book(till: usize) -> String {
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
                let folder = format!("campaign-{}-{worker}", seed.number);
                let mut shop = Shop::open(support::c::scratch(&folder));
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
        "{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}",
        ledgers.deeds, ledgers.clock, ledgers.events, ledgers.orders, ledgers.requests
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
    shop.know_book(WATCH);
    let sold: Mutex<Vec<Sold>> = Mutex::default();
    let chance = |whose: usize| Chance::new(seed, round * (TILLS + 1) as u64 + whose as u64);
    let mut tills: Vec<Worker> = (0..TILLS)
        .map(|number| Worker {
            shop,
            number,
            chance: chance(number),
            sales: Vec::new(),
            sold: &sold,
            sums: Sums::default(),
        })
        .collect();
    let mut world = chance(TILLS);
    let mut deeds = 0;
    for day in 0..DAYS {
        let kills = kills * (day + 1) / DAYS - kills * day / DAYS;
        deeds += work(shop, &mut tills, &mut world, kills, progress)?;
        meddle_with_the_dead(shop, &mut world);
        let evening = judge_the_evening(shop);
        evening.map_err(|what| format!("in the evening of day {day}: {what}"))?;
        if day == 0 {
            remember(shop);
        }
    }
    let mut sales: Vec<Vec<Sale>> = Vec::new();
    let mut sums = Sums {
        rounds: 1,
        deeds,
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
    take_away(shop, &mut world)
}

/// A day: the tills sell until so many of them were killed, and the world does what it does meanwhile. How
/// often it did something.
fn work(
    shop: &Shop,
    tills: &mut [Worker],
    world: &mut Chance,
    kills: u64,
    progress: &Progress,
) -> Result<u64, String> {
    let budget = AtomicI64::new(kills as i64);
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let world = scope.spawn(|| meddle_with_the_living(shop, world, &is_over));
        let threads: Vec<_> = tills
            .iter_mut()
            .map(|till| scope.spawn(|| till.sell(&budget, progress)))
            .collect();
        let played: Vec<Result<(), String>> = threads
            .into_iter()
            .map(|thread| thread.join().expect("a till's thread"))
            .collect();
        is_over.store(true, Ordering::SeqCst);
        let deeds = world.join().expect("the world's thread");
        played.into_iter().collect::<Result<(), String>>()?;
        deeds
    })
}

/// All tills are dead or closed, and nobody has recovered: somebody looks what is pending, and the oracle
/// judges.
fn judge_the_evening(shop: &Shop) -> Result<(), String> {
    let alive = "a till died although nothing ended it";
    shop.wait_for_silence();
    let mut till = shop.till_of(WATCH, "config.json", Crash::default());
    let opened = till.call("open").ok_or(alive)?.told;
    if opened
        .as_ref()
        .is_none_or(|told| told.status != "SQ_OK" || told.created)
    {
        return Err(format!("the journal is not what it was: {opened:?}"));
    }
    // The host looks, too: with its own SQLite, and as a backup does.
    till.say(&format!("query {JOURNAL}"));
    till.say(&format!("peek {JOURNAL}-shm"));
    for command in ["pending", "close", "open", "pending"] {
        till.call(command).ok_or(alive)?;
    }
    end(till)?;
    ask(&Ledgers {
        is_evening: true,
        ..shop.ledgers(None)
    })
}

/// The faults are gone: all tills recover at once, the oracle judges; then every sale comes to its
/// end, and it judges again.
fn finish(shop: &Shop, sales: &mut [Vec<Sale>]) -> Result<(), String> {
    let alive = "a till died although nothing ended it";
    shop.sandbox.clear_faults();
    shop.set_clock(0);
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
        let (mut rests, mut waits) = (true, false);
        for till in &mut tills {
            let told = till.hear().ok_or(alive)?.told;
            waits |= told
                .as_ref()
                .is_some_and(|told| told.error == "clock_doubtful");
            rests &= told.is_some_and(|told| told.status == "SQ_OK");
        }
        // What never left this machine when its clock was wrong may be old, and waits until it surely is.
        if waits {
            shop.let_a_day_pass();
            for till in &mut tills {
                till.call("close").ok_or(alive)?;
                till.call("open").ok_or(alive)?;
            }
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

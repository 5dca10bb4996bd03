//! Power cuts: the journal on a disk that forgets what was not synced, cut off at every sync and in
//! between. Nothing that a till was told is lost, and nothing reaches seQura before its intent is
//! durable.
//!
//! A till sells for a day, through the C ABI of the library as it is; record.c writes down what it
//! does to its journal's folder, sends, and is told. disk.rs makes of that what a power cut at any
//! moment can leave. Each such image is opened by the library again and held against what the till
//! was told and what had been sent by then (heard.rs); and for every sync, and many moments between,
//! a till is killed there in fact, wakes up on such an image, and finishes its sales with the same
//! seQura.
#![cfg(target_os = "linux")]

mod broken;
mod disk;
mod fail;
mod heard;
mod judge;
mod ledger;
mod mend;
mod reader;
mod record;
mod shop;
#[path = "../support/mod.rs"]
mod support;
mod wake;

use disk::{Dice, Disk, Image, Loss};
use heard::Heard;
use judge::{Verdict, judge, seeds, share, times};
use record::Operation;
use shop::{Cut, DAY, Shop};
use support::seeds::Seed;

/// The record of a whole day.
fn a_day(name: &str) -> Vec<Operation> {
    Shop::new(name).sell(DAY, &Cut::default())
}

fn syncs(operations: &[Operation]) -> usize {
    operations.iter().filter(|one| one.is_sync()).count()
}

/// Nothing goes past the recorder: what its record adds up to is what is in the folder, byte for byte.
#[test]
fn the_record_says_all_that_was_done_to_the_folder() {
    let shop = Shop::new("record");
    let whole = shop.sell(DAY, &Cut::default()).len() as u64;
    let seeds = seeds();
    let mut ends = vec![None];
    for seed in &seeds {
        let mut dice = Dice(seed.number);
        ends.extend((0..40 * times()).map(|_| Some(1 + dice.next() % whole)));
    }
    let mut dice = Dice(seeds[0].number);
    for end in ends {
        let cut = Cut { end, fail: None };
        let run = shop.sell(DAY, &cut);
        let mut disk = Disk::new(&Image::new());
        run.iter().for_each(|one| disk.apply(one));
        let replayed = disk.after(Loss::Spares, &mut dice);
        assert!(replayed == shop.image(), "the folder after {cut:?}");
        let booked = run.iter().filter_map(|one| match one {
            Operation::Booked { line } => Some(line.as_str()),
            _ => None,
        });
        assert_eq!(booked.collect::<String>(), shop.book());
    }
}

/// The day has in it what it says.
#[test]
fn the_day_has_every_kind_of_luck() {
    let shop = Shop::new("day");
    shop.sell(DAY, &Cut::default());
    let book = shop.book();
    for happened in [
        "told confirm B SQ_CONFLICT conflicted",
        "told confirm B SQ_OK settled",
        "told confirm C SQ_OUTCOME_UNKNOWN confirming",
        "saw recover C SQ_OK confirmed",
        "told ref C SQ_DUPLICATE_ORDER_REF ref_conflicted",
        "told start D SQ_OUTCOME_UNKNOWN soliciting",
        "told hold D SQ_OK held",
        "told ref D SQ_OUTCOME_UNKNOWN referencing",
        "told recover D SQ_OK settled",
        "told confirm E SQ_OUTCOME_UNKNOWN confirming",
        "saw recover E SQ_OK settled",
    ] {
        assert!(book.contains(happened), "{happened}:\n{book}");
    }
    shop.next_morning(false);
    assert_eq!(shop.wrong_at_the_end(), [""; 0]);
}

/// After every operation of the day, every kind of loss.
#[test]
fn no_power_cut_breaks_a_promise() {
    seeds().into_iter().for_each(promise);
}

fn promise(seed: Seed) {
    let operations = a_day("promise");
    let count = operations.len();
    let parts: Vec<usize> = (0..16).collect();
    let verdicts = share("promise", seed, &parts, |shop, part, dice| {
        let from = count * part / parts.len();
        let to = count * (part + 1) / parts.len();
        let operations = &operations[..to];
        let losses = |at: usize, _: &mut Dice| {
            if at < from || !operations[at].matters() {
                return Vec::new();
            }
            let next_is_sync = operations.get(at + 1).is_some_and(Operation::is_sync);
            let random = times() * if next_is_sync { 8 } else { 1 };
            [&Loss::PLAIN[..], &vec![Loss::Random; random]].concat()
        };
        let nothing = Image::new();
        judge(
            &nothing,
            Heard::default(),
            operations,
            &shop.desk(),
            dice,
            losses,
        )
    });
    let mut verdict = Verdict::default();
    verdicts.into_iter().for_each(|one| verdict.add(one));
    let what = format!("a day of {count} operations, {} syncs", syncs(&operations));
    verdict.report(seed, &what);
}

/// A journal whose write-ahead log grows until SQLite copies it into the file and begins it anew:
/// cuts around that moment, where the synced log of a whole day is given up.
#[test]
fn a_log_that_begins_anew_has_lost_nothing() {
    seeds().into_iter().for_each(long);
}

fn long(seed: Seed) {
    let operations = Shop::new("long").long_day(30);
    let copied: Vec<usize> = (0..operations.len())
        .filter(|&at| matches!(operations[at], Operation::Written { at: 0, .. }))
        .collect();
    assert!(copied.len() >= 4, "the log never began anew");
    let near = |at: usize| copied.iter().any(|&copy| at.abs_diff(copy) <= 60);
    let parts: Vec<usize> = (0..8).collect();
    let verdicts = share("long", seed, &parts, |shop, part, dice| {
        let losses = |at: usize, dice: &mut Dice| {
            if at % parts.len() != *part || !near(at) || dice.below(8) >= times() {
                return Vec::new();
            }
            let plain = Loss::PLAIN[dice.below(Loss::PLAIN.len())];
            vec![plain, Loss::All, Loss::Random]
        };
        let nothing = Image::new();
        judge(
            &nothing,
            Heard::default(),
            &operations,
            &shop.desk(),
            dice,
            losses,
        )
    });
    let mut verdict = Verdict::default();
    verdicts.into_iter().for_each(|one| verdict.add(one));
    verdict.report(
        seed,
        &format!("a long day of {} operations", operations.len()),
    );
}

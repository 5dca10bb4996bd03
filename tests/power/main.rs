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

mod disk;
mod heard;
mod judge;
mod ledger;
mod record;
mod shop;
#[path = "../support/mod.rs"]
mod support;

use disk::{Dice, Disk, Image, Loss};
use heard::Heard;
use judge::{Verdict, judge, seed, share, times};
use record::Operation;
use shop::{Cut, DAY, Shop, day_without_a_taken_reference};
use std::collections::BTreeSet;

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
    let mut dice = Dice(seed());
    let ends = (0..40 * times()).map(|_| Some(1 + dice.next() % whole));
    for end in [None].into_iter().chain(ends.collect::<Vec<_>>()) {
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
    let operations = a_day("promise");
    let count = operations.len();
    let parts: Vec<usize> = (0..16).collect();
    let verdicts = share("promise", &parts, |shop, part, dice| {
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
    verdict.report(&format!(
        "a day of {count} operations, {} syncs",
        syncs(&operations)
    ));
}

/// A journal whose write-ahead log grows until SQLite copies it into the file and begins it anew:
/// cuts around that moment, where the synced log of a whole day is given up.
#[test]
fn a_log_that_begins_anew_has_lost_nothing() {
    let operations = Shop::new("long").long_day(30);
    let copied: Vec<usize> = (0..operations.len())
        .filter(|&at| matches!(operations[at], Operation::Written { at: 0, .. }))
        .collect();
    assert!(copied.len() >= 4, "the log never began anew");
    let near = |at: usize| copied.iter().any(|&copy| at.abs_diff(copy) <= 60);
    let parts: Vec<usize> = (0..8).collect();
    let verdicts = share("long", &parts, |shop, part, dice| {
        let losses = |at: usize, dice: &mut Dice| {
            if at % parts.len() != *part || !near(at) || dice.below(4) >= times() {
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
    verdict.report(&format!("a long day of {} operations", operations.len()));
}

/// The power goes before and after every sync, and at some of the other operations; the next morning
/// the till goes on with what is left.
#[test]
fn a_till_wakes_up_and_finishes_its_sales() {
    let operations = a_day("wake");
    let mut ends = BTreeSet::new();
    let mut dice = Dice(seed());
    for (at, operation) in operations.iter().enumerate() {
        let number = at as u64 + 1;
        if operation.is_sync() {
            ends.extend([number, number + 1]);
        } else if dice.below(12) < times() {
            ends.insert(number);
        }
    }
    let ends: Vec<u64> = ends
        .iter()
        .copied()
        .cycle()
        .take(ends.len() * times())
        .collect();
    let verdicts = share("wake", &ends, |shop, end, dice| wake(shop, *end, dice));
    let mut verdict = Verdict::default();
    verdicts.into_iter().for_each(|one| verdict.add(one));
    verdict.report(&format!(
        "{} tills killed ({} syncs in {} operations), each woken and its sales finished",
        ends.len(),
        syncs(&operations),
        operations.len()
    ));
}

/// A till dies before operation `end`, and wakes up on what a power cut has left.
fn wake(shop: &Shop, end: u64, dice: &mut Dice) -> Verdict {
    let cut = Cut {
        end: Some(end),
        fail: None,
    };
    let run = shop.sell(DAY, &cut);
    shop.let_arrive();
    let mut heard = Heard::default();
    let mut disk = Disk::new(&Image::new());
    for operation in &run {
        disk.apply(operation);
        heard.apply(operation);
    }
    // The worst case half of the time.
    let loss = match dice.coin() {
        true => Loss::All,
        false => [&Loss::PLAIN[..], &[Loss::Random; 4]].concat()[dice.below(10)],
    };
    let mut image = disk.after(loss, dice);
    if dice.coin() {
        image.extend(shop.shared_memory());
    }
    let mut verdict = Verdict {
        images: 1,
        opened: 1,
        violations: Vec::new(),
    };
    match ledger::read(&image, &shop.desk()) {
        Err(why) => verdict.violations.push(why),
        Ok(ledger) => {
            verdict.violations.extend(heard.broken_by(&ledger));
            verdict.violations.extend(shop.forgotten_by(&ledger));
            heard.go_on(&ledger);
        }
    }
    ledger::put(&image, &shop.disk());
    let morning = shop.next_morning(false);
    verdict.violations.extend(shop.wrong_at_the_end());
    // And the power goes again while it recovers.
    let again = |_: usize, dice: &mut Dice| match dice.below(40) {
        0 => vec![Loss::All, Loss::Random],
        _ => Vec::new(),
    };
    verdict.add(judge(&image, heard, &morning, &shop.desk(), dice, again));
    let context = format!("killed before operation {end}, loss {loss:?}: ");
    for violation in &mut verdict.violations {
        violation.insert_str(0, &context);
    }
    verdict
}

/// Each write, sync and removal fails once, or with all after it, on a broken disk or a full one.
#[test]
fn a_write_that_fails_loses_nothing() {
    let day = day_without_a_taken_reference();
    let operations = Shop::new("fail").sell(&day, &Cut::default());
    let mut dice = Dice(seed());
    let mut failures = Vec::new();
    for (at, operation) in operations.iter().enumerate() {
        let number = at + 1;
        let pages = matches!(operation, Operation::Written { .. });
        let spoken = matches!(operation, Operation::Sent { .. } | Operation::Booked { .. });
        if !operation.matters() || spoken || (pages && dice.below(8) >= times()) {
            continue;
        }
        let (from_then_on, errno) = (["", "+"][dice.below(2)], [5, 28][dice.below(2)]);
        failures.push(format!("{number}{from_then_on}:{errno}"));
    }
    let wrong = share("fail", &failures, |shop, fail, dice| {
        fail_at(shop, &day, fail, dice)
    });
    let verdict = Verdict {
        images: failures.len(),
        opened: failures.len(),
        violations: wrong.concat(),
    };
    verdict.report(&format!("{} failures of the disk", failures.len()));
}

/// A till lives through a failure of its disk, and goes on the next morning on what is left.
fn fail_at(shop: &Shop, day: &str, fail: &str, dice: &mut Dice) -> Vec<String> {
    let cut = Cut {
        end: None,
        fail: Some(fail.to_owned()),
    };
    let run = shop.sell(day, &cut);
    let mut wrong = Vec::new();
    // "Could not be recorded, so nothing was sent."
    let mut sent = false;
    for operation in &run {
        match operation {
            Operation::Sent { .. } => sent = true,
            Operation::Booked { line } if line.contains(" asked ") => sent = false,
            Operation::Booked { line } if line.contains(" told ") => {
                if line.contains(" SQ_JOURNAL ") && sent && !line.contains(" recover ") {
                    wrong.push(format!("sent although it could not be recorded: {line}"));
                }
                let bad = [" SQ_INTERNAL ", " SQ_BUSY ", "journal_corrupt"];
                if bad.iter().any(|bad| line.contains(bad)) {
                    wrong.push(format!("no answer for a failing disk: {line}"));
                }
            }
            _ => {}
        }
    }
    // After the failure, a power cut on top of it.
    let mut disk = Disk::new(&Image::new());
    run.iter().for_each(|one| disk.apply(one));
    let loss = [Loss::All, Loss::Random][dice.below(2)];
    let image = disk.after(loss, dice);
    match ledger::read(&image, &shop.desk()) {
        Err(why) => wrong.push(why),
        Ok(ledger) => wrong.extend(shop.forgotten_by(&ledger)),
    }
    ledger::put(&image, &shop.disk());
    shop.next_morning(true);
    wrong.extend(shop.wrong_at_the_end());
    let context = format!("with the failure {fail}: ");
    wrong.iter().map(|wrong| context.clone() + wrong).collect()
}

/// The judge finds what there is to find: on a disk that says "synced" and is not, with a till that
/// syncs after it has sent, and in a damaged file.
#[test]
fn broken_promises_are_noticed() {
    let shop = Shop::new("broken");
    let operations = shop.sell(DAY, &Cut::default());
    let is_file_sync = |one: &Operation| matches!(one, Operation::Synced { .. });
    let of_journal = of_the_journal_itself(&operations);
    let without = |gone: &dyn Fn(usize, &Operation) -> bool| -> Vec<Operation> {
        let all = operations.iter().enumerate();
        let kept = all.filter(|(at, one)| !gone(*at, one));
        kept.map(|(_, one)| one.clone()).collect()
    };
    let mut late = operations.clone();
    for at in 1..late.len() - 1 {
        // A request is sent in two parts, its head and its body.
        if is_file_sync(&late[at - 1]) && matches!(late[at], Operation::Sent { .. }) {
            late[at - 1..at + 2].rotate_left(1);
        }
    }
    let cases = [
        (
            "no file is synced",
            without(&|_, one| is_file_sync(one)),
            "the journal does not know it",
        ),
        (
            "no name is synced",
            without(&|_, one| *one == Operation::FolderSynced),
            "the journal does not know it",
        ),
        (
            "the log is given up before its copy is synced",
            without(&|at, one| is_file_sync(one) && of_journal.contains(&at)),
            "the journal does not know it",
        ),
        ("the intent is synced after it was sent", late, "were sent"),
    ];
    for (what, operations, noticed) in cases {
        let verdict = judge(
            &Image::new(),
            Heard::default(),
            &operations,
            &shop.desk(),
            &mut Dice(seed()),
            |_, _| vec![Loss::All],
        );
        let found = verdict.violations.iter().any(|one| one.contains(noticed));
        assert!(found, "{what}: {:?}", verdict.violations.first());
    }

    // The file's name of itself, its first page's kind, another page's kind.
    for (at, noticed) in [
        (3, "does not open"),
        (100, "does not open"),
        (3 * 4096, "damaged"),
    ] {
        let mut image = shop.image();
        image.get_mut(ledger::JOURNAL).expect("it is closed")[at] ^= 0xff;
        let why = ledger::read(&image, &shop.desk()).expect_err("a damaged file");
        assert!(why.contains(noticed), "byte {at}: {why}");
    }
}

/// Where the record is about the journal's file, and not about its log.
fn of_the_journal_itself(operations: &[Operation]) -> BTreeSet<usize> {
    let mut descriptors = BTreeSet::new();
    let mut found = BTreeSet::new();
    for (at, operation) in operations.iter().enumerate() {
        match operation {
            Operation::Opened { fd, name, .. } if name == ledger::JOURNAL => {
                descriptors.insert(*fd);
            }
            Operation::Opened { fd, .. } => {
                descriptors.remove(fd);
            }
            Operation::Synced { fd } | Operation::Written { fd, .. }
                if descriptors.contains(fd) =>
            {
                found.insert(at);
            }
            _ => {}
        }
    }
    found
}

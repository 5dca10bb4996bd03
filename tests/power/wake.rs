//! Tills that are killed and wake up on what a power cut has left.

use crate::disk::{Dice, Disk, Image, Loss};
use crate::heard::Heard;
use crate::judge::{Verdict, judge, seeds, share, times};
use crate::ledger;
use crate::shop::{Cut, DAY, Shop};
use crate::support::seeds::Seed;
use crate::{a_day, syncs};
use std::collections::BTreeSet;

/// The power goes before and after every sync, and at some of the other operations; the next morning
/// the till goes on with what is left.
#[test]
fn a_till_wakes_up_and_finishes_its_sales() {
    seeds().into_iter().for_each(wake_up);
}

fn wake_up(seed: Seed) {
    let operations = a_day("wake");
    let mut ends = BTreeSet::new();
    let mut dice = Dice(seed.number);
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
    let verdicts = share("wake", seed, &ends, |shop, end, dice| {
        wake(shop, *end, dice)
    });
    let mut verdict = Verdict::default();
    verdicts.into_iter().for_each(|one| verdict.add(one));
    let what = format!(
        "{} tills killed ({} syncs in {} operations), each woken and its sales finished",
        ends.len(),
        syncs(&operations),
        operations.len()
    );
    verdict.report(seed, &what);
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

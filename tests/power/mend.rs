//! A damaged journal is set aside, and what is legible goes on in a new one: through any power cut.

use crate::a_day;
use crate::disk::{Dice, Disk, Image, Loss};
use crate::judge::{Verdict, seeds};
use crate::ledger;
use crate::record::Operation;
use crate::shop::{Cut, DAY, Shop};
use crate::support::seeds::Seed;

#[test]
fn mending_a_damaged_journal_can_be_cut_off() {
    seeds().into_iter().for_each(mend);
}

fn mend(seed: Seed) {
    let shop = Shop::new("mend");
    let told = a_day("mend-day").iter().position(
        |one| matches!(one, Operation::Booked { line } if line.contains(" told confirm C ")),
    );
    let cut = Cut {
        end: told.map(|at| at as u64 + 2),
        fail: None,
    };
    shop.sell(DAY, &cut);
    let mut whole = shop.image();
    // As the library leaves it when it comes upon damage.
    let note = format!("sequra-pos damage-mark of journal {}\n", "0".repeat(32));
    whole.insert(format!("{}-damaged", ledger::JOURNAL), note.into());
    const PAGE: usize = 2048;
    let pages = whole[ledger::JOURNAL].len() / PAGE;
    let damaged = (1..pages).find_map(|page| {
        let mut image = whole.clone();
        image.get_mut(ledger::JOURNAL)?[page * PAGE] ^= 0xff;
        let (ledger, aside) = ledger::mended(&image, &shop.desk()).ok()?;
        (aside?.taken_over > 0).then_some((image, ledger))
    });
    let (damaged, expected) = damaged.expect("a page whose loss leaves something legible");
    ledger::put(&damaged, &shop.disk());
    let operations = shop.run("open\nclose\n", &Cut::default());

    let lost = |image: &Image| match ledger::mended(image, &shop.desk()) {
        Err(why) => Some(why),
        Ok((ledger, _)) => {
            let mut rows = expected.orders.iter();
            let lost = rows.find(|row| !ledger.orders.contains(row));
            lost.map(|row| format!("not taken over: {row:?}"))
        }
    };
    let mut verdict = Verdict::default();
    let mut disk = Disk::new(&damaged);
    let mut dice = Dice(seed.number);
    for (at, operation) in operations.iter().enumerate() {
        disk.apply(operation);
        for loss in [&Loss::PLAIN[..], &[Loss::Random; 4]].concat() {
            let wrong = lost(&disk.after(loss, &mut dice));
            verdict.images += 1;
            verdict.opened += 1;
            let number = at + 1;
            let context = |wrong| format!("after operation {number} with loss {loss:?}: {wrong}");
            verdict.violations.extend(wrong.map(context));
        }
    }
    // The same with a disk that fails once on the way: the next opening makes up for it.
    for number in 1..=operations.len() {
        ledger::put(&damaged, &shop.disk());
        let fail = format!("{number}:28");
        let cut = Cut {
            end: None,
            fail: Some(fail.clone()),
        };
        shop.run("open\nclose\n", &cut);
        let wrong = lost(&shop.image());
        verdict.images += 1;
        verdict.opened += 1;
        let context = |wrong| format!("with the failure {fail}: {wrong}");
        verdict.violations.extend(wrong.map(context));
    }
    let what = format!("a journal mended in {} operations", operations.len());
    verdict.report(seed, &what);
}

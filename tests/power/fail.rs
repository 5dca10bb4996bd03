//! Tills whose disk fails.

use crate::disk::{Dice, Disk, Image, Loss};
use crate::judge::{Verdict, seeds, share, times};
use crate::ledger;
use crate::record::Operation;
use crate::shop::{Cut, Shop, day_without_a_taken_reference};
use crate::support::seeds::Seed;

/// Each write, sync and removal fails once, or with all after it, on a broken disk or a full one.
#[test]
fn a_write_that_fails_loses_nothing() {
    seeds().into_iter().for_each(fail);
}

fn fail(seed: Seed) {
    let day = day_without_a_taken_reference();
    let operations = Shop::new("fail").sell(&day, &Cut::default());
    let mut dice = Dice(seed.number);
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
    let lived = share("fail", seed, &failures, |shop, fail, dice| {
        fail_at(shop, &day, fail, dice)
    });
    let verdict = Verdict {
        images: failures.len(),
        opened: failures.len(),
        violations: lived.iter().flat_map(|(wrong, _)| wrong.clone()).collect(),
    };
    let refused: usize = lived.iter().map(|(_, refused)| refused).sum();
    assert!(refused > 0, "no call noticed that the disk failed");
    let what = format!(
        "{} failures of the disk, {refused} calls answered with SQ_JOURNAL",
        failures.len()
    );
    verdict.report(seed, &what);
}

/// A till lives through a failure of its disk, and goes on the next morning on what is left. Answers
/// what was wrong, and how many calls were refused.
fn fail_at(shop: &Shop, day: &str, fail: &str, dice: &mut Dice) -> (Vec<String>, usize) {
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
    let refused = shop.book().matches(" SQ_JOURNAL ").count();
    ledger::put(&image, &shop.disk());
    shop.next_morning(true);
    wrong.extend(shop.wrong_at_the_end());
    let context = format!("with the failure {fail}: ");
    let wrong = wrong.iter().map(|wrong| context.clone() + wrong);
    (wrong.collect(), refused)
}

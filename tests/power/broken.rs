//! The checks can fail: what they must notice, they notice.

use crate::disk::{Dice, Image, Loss};
use crate::heard::Heard;
use crate::judge::judge;
use crate::ledger;
use crate::record::Operation;
use crate::shop::{Cut, DAY, Shop};
use std::collections::BTreeSet;

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
            "set aside",
        ),
        ("the intent is synced after it was sent", late, "were sent"),
    ];
    for (what, operations, noticed) in cases {
        let verdict = judge(
            &Image::new(),
            Heard::default(),
            &operations,
            &shop.desk(),
            &mut Dice(1),
            |_, _| vec![Loss::All],
        );
        let found = verdict.violations.iter().any(|one| one.contains(noticed));
        assert!(found, "{what}: {:?}", verdict.violations.first());
    }

    // The file's name of itself, its first page's kind, another page's kind.
    for (at, noticed) in [(3, "set aside"), (100, "set aside"), (3 * 2048, "damaged")] {
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

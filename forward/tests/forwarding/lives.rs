//! Disks that were put back, copied, mended, and offices that were.

use crate::shop::{Shop, copied, rows, until};
use rusqlite::types::Value as Cell;
use sequra_frames::enrolment::Why;
use std::fs;

/// Why the office was told that a life began, the oldest first; the first one needs no reason.
fn whys(shop: &Shop) -> Vec<Option<Why>> {
    let lives = shop.office.streams();
    lives.into_iter().map(|(_, kept)| kept.why).collect()
}

#[test]
fn a_disk_that_was_put_back_begins_another_life_and_both_histories_stay() {
    let shop = Shop::open("put-back");
    let till = shop.till();
    shop.enrol();
    shop.sell(&till);
    shop.once();
    let yesterday = shop.folder.join("yesterday");
    copied(&shop.journal(), &yesterday);
    shop.sell(&till);
    shop.once();
    drop(till);
    copied(&yesterday, &shop.journal());
    shop.once();
    // What was done since yesterday is still known, by the life that has ended.
    assert_eq!(whys(&shop), [None, Some(Why::Elsewhere)]);
    let lives = shop.office.streams();
    let orders = |at: usize| {
        shop.office
            .rows_of(&lives[at].0, &lives[at].1, "orders")
            .len()
    };
    assert_eq!((orders(0), orders(1)), (2, 1));
    shop.assert_forwarded();
    // It sells on, as one till and one life.
    let till = shop.till();
    shop.sell(&till);
    shop.once();
    assert_eq!(whys(&shop).len(), 2);
    shop.assert_forwarded();
}

#[test]
fn one_that_counts_alike_is_told_by_its_nonce() {
    let shop = Shop::open("alike");
    let till = shop.till();
    shop.enrol();
    shop.once();
    let before = shop.folder.join("before");
    copied(&shop.journal(), &before);
    shop.started(&till);
    shop.once();
    drop(till);
    copied(&before, &shop.journal());
    let till = shop.till();
    // The same again, with as many changes.
    shop.started(&till);
    shop.once();
    assert_eq!(whys(&shop), [None, Some(Why::Elsewhere)]);
    shop.assert_forwarded();
}

#[test]
fn two_disks_with_one_token_both_live() {
    let shop = Shop::open("clones");
    let till = shop.till();
    shop.enrol();
    shop.sell(&till);
    shop.once();
    let clone = shop.folder.join("clone.journal");
    copied(&shop.journal(), &clone);
    shop.carry_too(&clone);
    let other = shop.till_of(&clone);
    for _ in 0..2 {
        shop.sell(&till);
        shop.sell(&other);
        shop.once();
    }
    assert_eq!(whys(&shop), [None, Some(Why::Elsewhere)]);
    let lives = shop.office.streams();
    for (stream, kept) in &lives {
        assert_eq!(shop.office.rows_of(stream, kept, "orders").len(), 3);
    }
}

#[test]
fn a_damaged_journal_that_was_set_aside_goes_on_as_another_life() {
    let shop = Shop::open("damaged");
    let till = shop.till();
    shop.enrol();
    shop.confirmed(&till);
    shop.once();
    drop(till);
    let running = shop.running();
    until("it is at work", || {
        shop.folder.join("till.journal-forwarded").exists()
    });
    let page = &rows(
        &shop.journal(),
        "SELECT rootpage FROM sqlite_schema WHERE name = 'steps'",
    )[0]["rootpage"];
    let Cell::Integer(page) = page else {
        panic!("{page:?}")
    };
    let mut bytes = fs::read(shop.journal()).expect("a journal");
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    bytes[(*page as usize - 1) * size..][..size].fill(0x55);
    fs::write(shop.journal(), bytes).expect("it is damaged");
    // Who meets the damage says so, and the next one sets it aside.
    for _ in 0..2 {
        if let Ok(till) = shop.try_till() {
            let _ = till.start_solicitation(shop.order());
        }
    }
    let till = shop.till();
    shop.confirmed(&till);
    until("it goes on", || {
        whys(&shop).len() == 2 && shop.is_forwarded()
    });
    assert_eq!(whys(&shop), [None, Some(Why::Elsewhere)]);
    drop(running);
}

#[test]
fn a_journal_that_is_gone_is_waited_for() {
    let shop = Shop::open("gone");
    let till = shop.till();
    shop.enrol();
    shop.sell(&till);
    shop.once();
    drop(till);
    let running = shop.running();
    until("it is at work", || {
        shop.folder.join("till.journal-forwarded").exists()
    });
    let away = shop.folder.join("away");
    fs::rename(shop.journal(), &away).expect("it is moved");
    until("it is missed", || shop.said().contains("none yet"));
    fs::rename(&away, shop.journal()).expect("it is put back");
    let till = shop.till();
    shop.sell(&till);
    until("it goes on", || shop.is_forwarded());
    assert_eq!(whys(&shop).len(), 1);
    drop(running);
}

#[test]
fn an_office_that_was_restored_is_told_everything_again() {
    let shop = Shop::open("restored");
    let till = shop.till();
    shop.enrol();
    shop.sell(&till);
    shop.once();
    let backup = shop.office.state().streams.clone();
    shop.sell(&till);
    shop.once();
    {
        let mut state = shop.office.state();
        state.streams = backup;
        state.epoch = 2;
    }
    shop.once();
    shop.assert_forwarded();
    assert_eq!(whys(&shop).len(), 1, "its disk is where it was");
    // Of one whose backup is older than the enrolment it knows nothing.
    shop.office.state().streams.clear();
    shop.sell(&till);
    shop.once();
    let lives = shop.office.streams_anyhow();
    assert_eq!(lives.len(), 1);
    assert_eq!(lives[0].1.why, Some(Why::Unknown));
}

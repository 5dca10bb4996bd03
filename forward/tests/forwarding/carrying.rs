//! What is carried, and how an office's word comes to a till.

use crate::shop::{Shop, until};

#[test]
fn what_a_till_has_made_the_office_has() {
    let shop = Shop::open("carrying");
    let till = shop.till();
    shop.sell(&till);
    shop.enrol();
    shop.once();
    shop.assert_forwarded();
    let order_ref = shop.sell(&till);
    shop.confirmed(&till);
    shop.started(&till);
    till.change(&order_ref, &sequra_pos::Asked::Ship(None))
        .expect("it is shipped");
    shop.once();
    shop.assert_forwarded();
    // Nothing of a shopper leaves in clear.
    let sent = format!("{:?}", shop.office.streams());
    assert!(!sent.contains("Muñoz") && !sent.contains("23232323T"));
    let frames = shop.office.state().frames;
    shop.once();
    assert_eq!(shop.office.state().frames, frames, "nothing is said twice");
}

#[test]
fn a_change_is_there_within_a_second() {
    let shop = Shop::open("soon");
    let till = shop.till();
    shop.enrol();
    let _running = shop.running();
    for _ in 0..3 {
        shop.confirmed(&till);
        let began = std::time::Instant::now();
        until("the office has it", || {
            shop.office.rows("orders").len() == shop.here("orders").len()
        });
        let took = began.elapsed();
        println!("{took:?}");
    }
    until("everything is there", || shop.is_forwarded());
}

#[test]
fn two_forwarders_at_once_do_no_harm() {
    let shop = Shop::open("two");
    let till = shop.till();
    shop.enrol();
    // Two that do not know of each other: one of another machine's, or on a file system without locks.
    shop.has_another_state();
    let _one = shop.running();
    let _other = shop.running_with("other.json");
    for _ in 0..4 {
        shop.sell(&till);
    }
    until("it is there", || shop.is_forwarded());
    assert_eq!(shop.office.streams().len(), 1, "neither is another disk");
}

#[test]
fn a_journal_that_every_till_has_closed_is_closed_and_carried_all_the_same() {
    let shop = Shop::open("closed");
    let till = shop.till();
    shop.enrol();
    shop.sell(&till);
    drop(till);
    // Its header says that all of it is there.
    let is_closed = || std::fs::read(shop.journal()).expect("it is there")[18] == 1;
    assert!(is_closed());
    shop.once();
    assert!(is_closed(), "also when the forwarder was the last one");
    let _running = shop.running();
    until("it is at work", || {
        shop.folder.join("till.journal-forwarded").exists()
    });
    until("it is let go of", is_closed);
    let till = shop.till();
    shop.sell(&till);
    until("it wakes", || shop.is_forwarded());
}

/// As many changes as a till makes in years, and a till that sells meanwhile.
#[test]
fn a_backlog_of_years_is_carried_in_little_memory_and_no_till_waits() {
    let orders: u32 = match std::env::var_os("SEQURA_FORWARD_LONG") {
        Some(_) => 10_000,
        None => 400,
    };
    let shop = Shop::open("backlog");
    let till = shop.till();
    shop.sell(&till);
    shop.multiply(orders);
    let alone = slowest(&shop, &till);
    shop.enrol();
    let running = shop.running();
    let mut meanwhile = Vec::new();
    while !shop.is_caught_up() && meanwhile.len() < 20 {
        meanwhile.push(slowest(&shop, &till));
    }
    until("everything is there", || shop.is_caught_up());
    let there = shop.office.rows("orders").len();
    assert_eq!(there, shop.here("orders").len());
    let largest = shop.office.state().largest;
    assert!(largest < 4 << 20, "{largest} bytes in one frame");
    let memory = memory_of(running.0.id());
    println!("{there} orders, {memory} KiB, a sale alone {alone:?}, meanwhile {meanwhile:?}");
    assert!(memory < 100_000, "{memory} KiB");
}

/// How long a whole sale takes.
fn slowest(shop: &Shop, till: &sequra_pos::Client) -> std::time::Duration {
    let began = std::time::Instant::now();
    shop.sell(till);
    began.elapsed()
}

/// The most that a process has had of it, KiB.
fn memory_of(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("Linux");
    let number = line.split_whitespace().next().expect("a number");
    number.parse().expect("a number")
}

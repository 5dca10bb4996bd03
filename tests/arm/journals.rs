//! A journal is one on all machines: what a till on ARM has written, one on this machine finishes, and the other way
//! round; and tills of both kinds are at it at once, as qemu's tills lock files as others do.

use crate::machine::{Arm, BITS_32, BITS_64};
use crate::on_both;
use crate::support::c::{Here, Machine};
use crate::support::till::{Shop, presses_enter};
use sequra_sandbox::{Fault, Harm, State};
use std::path::PathBuf;

on_both! {
    a_sale_that_was_killed_there_is_finished_here,
    a_sale_that_was_killed_here_is_finished_there,
    a_lost_shipment_is_found_out_by_the_other,
    tills_of_both_machines_share_a_journal,
    the_packed_program_reads_what_was_written_here,
}

/// The till of another machine, to work in this shop.
fn till_of(machine: &'static dyn Machine, name: &str) -> (&'static dyn Machine, PathBuf) {
    (machine, Shop::on(machine, name).till)
}

fn is_finished_by(killed_on: &'static dyn Machine, other: &'static dyn Machine, name: &str) {
    let mut shop = Shop::on(killed_on, name);
    let killed = shop.is_killed_in_the_confirmation(&shop.sale("R-1", &[]));
    assert_eq!(shop.book(), ["started R-1"]);
    (shop.machine, shop.till) = till_of(other, &format!("{name}-other"));
    let said = shop.does(7, &shop.sale("R-2", &[]));
    let recovered = "recover R-1 382,90 EUR confirming, now confirmed";
    assert!(said.starts_with(recovered), "{said}");
    assert!(said.contains("form SQ_OK"), "and the next sale: {said}");
    assert_eq!(shop.reference(&killed).as_deref(), Some("R-1"));
    assert_eq!(
        shop.book()[..3],
        ["started R-1", "completed R-1", "registered R-1"]
    );
}

fn a_sale_that_was_killed_there_is_finished_here(arm: &'static Arm) {
    is_finished_by(arm, &Here, &format!("killed-on-{}", arm.name()));
}

fn a_sale_that_was_killed_here_is_finished_there(arm: &'static Arm) {
    is_finished_by(&Here, arm, &format!("finished-on-{}", arm.name()));
}

fn a_lost_shipment_is_found_out_by_the_other(arm: &'static Arm) {
    let mut shop = Shop::on(arm, "lost-shipment");
    let (uuid, _) = shop.sells(0, &shop.sale("R-1", &[]));
    let lost = Fault::new(Harm::CloseAfter {}).method("PUT");
    shop.sandbox.fault(lost);
    shop.does(4, &["--ship", "R-1"]);
    (shop.machine, shop.till) = till_of(&Here, &format!("lost-shipment-{}", arm.name()));
    shop.does(0, &["--recover"]);
    assert_eq!(shop.book().last().map(String::as_str), Some("shipped R-1"));
    shop.does(0, &["--refund", "R-1", "--amount", "290"]);
    // And back: the log that both have written is one chain, and goes on.
    (shop.machine, shop.till) = till_of(arm, "lost-shipment-back");
    let said = shop.does(0, &["--info", "R-1"]);
    assert!(said.contains("owed 380,00 of 382,90 EUR"), "{said}");
    assert_eq!(shop.state(&uuid), State::Confirmed);
    verified(arm, &shop);
}

fn tills_of_both_machines_share_a_journal(arm: &'static Arm) {
    let mut shop = Shop::on(arm, "shared");
    let there = (shop.machine, shop.till.clone());
    let here = till_of(&Here, &format!("shared-{}", arm.name()));
    let mut sales = Vec::new();
    for (ticket, (machine, till)) in [("R-1", &there), ("R-2", &here), ("R-3", &there)] {
        (shop.machine, shop.till) = (*machine, till.clone());
        sales.push((ticket, shop.begins(&shop.sale(ticket, &[]))));
    }
    for (_, (till, _)) in &mut sales {
        presses_enter(till);
    }
    for (ticket, (till, uuid)) in sales {
        let output = till.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{ticket}: {said}");
        assert_eq!(shop.reference(&uuid).as_deref(), Some(ticket));
    }
    verified(arm, &shop);
}

fn the_packed_program_reads_what_was_written_here(arm: &'static Arm) {
    let shop = Shop::on(&Here, &format!("read-on-{}", arm.name()));
    shop.is_killed_in_the_confirmation(&shop.sale("R-1", &[]));
    let mut command = arm.packed("sequra", &shop.folder);
    command.args(["pending", "--journal", "journal", "--language", "en"]);
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("382.90") && said.contains("confirm"),
        "{said}"
    );
    verified(arm, &shop);
}

/// Its log is one chain.
fn verified(arm: &'static Arm, shop: &Shop) {
    let mut command = arm.packed("sequra", &shop.folder);
    command.args(["verify", "--journal", "journal", "--language", "en"]);
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("Each entry follows from the one before"),
        "{said}"
    );
}

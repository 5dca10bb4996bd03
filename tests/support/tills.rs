//! What the till of bindings/c does on every machine: sales, and what goes wrong in them.

use super::c::Machine;
use super::till::{Shop, presses_enter, wait_until};
use sequra_sandbox::{Fault, Harm, State, When};
use std::process::Stdio;
use std::time::Duration;

pub fn a_till_sells(machine: &'static dyn Machine) {
    let shop = Shop::on(machine, "till_sells");
    let (uuid, _) = shop.sells(0, &shop.sale("R-1", &[]));
    shop.assert_sold(&uuid, "R-1");
    shop.does(0, &["--ship", "R-1"]);
    assert_eq!(shop.book().last().map(String::as_str), Some("shipped R-1"));
}

pub fn a_conflict_is_no_sale(machine: &'static dyn Machine) {
    let shop = Shop::on(machine, "till_conflict");
    let errors = vec!["Invalid data: the cart has changed".into()];
    let conflict = Fault::new(Harm::Conflict { errors }).method("PUT");
    shop.sandbox.fault(conflict);
    let (uuid, said) = shop.sells(3, &shop.sale("R-1", &[]));
    assert!(said.contains("Do not complete the sale"), "{said}");
    assert_eq!(shop.book(), ["started R-1", "refused R-1"]);
    assert_eq!(shop.reference(&uuid), None);
}

pub fn a_lost_answer_is_found_out(machine: &'static dyn Machine) {
    let shop = Shop::on(machine, "till_lost");
    let lost = Fault::new(Harm::CloseAfter {}).method("PUT");
    shop.sandbox.fault(lost.state("confirmed"));
    let (uuid, _) = shop.sells(4, &shop.sale("R-1", &[]));
    assert_eq!(shop.book(), ["started R-1"]);
    let said = shop.does(0, &["--recover"]);
    assert!(
        said.contains("R-1 382,90 EUR confirming, now confirmed"),
        "{said}"
    );
    shop.assert_sold(&uuid, "R-1");
}

pub fn a_till_killed_in_the_confirmation_finishes_the_sale_when_it_is_started_again(
    machine: &'static dyn Machine,
) {
    let shop = Shop::on(machine, "till_killed");
    let killed = shop.is_killed_in_the_confirmation(&shop.sale("R-1", &[]));
    assert_eq!(shop.book(), ["started R-1"]);
    let said = shop.does(7, &shop.sale("R-2", &[]));
    assert!(
        said.starts_with("recover R-1 382,90 EUR confirming, now confirmed"),
        "{said}"
    );
    assert!(said.contains("form SQ_OK"), "and the next sale: {said}");
    assert_eq!(shop.reference(&killed).as_deref(), Some("R-1"));
}

pub fn two_tills_share_a_journal(machine: &'static dyn Machine) {
    let shop = Shop::on(machine, "till_two");
    let sales: Vec<_> = ["R-1", "R-2", "R-3"]
        .map(|ticket| (ticket, shop.begins(&shop.sale(ticket, &[]))))
        .into();
    let sold: Vec<_> = sales
        .into_iter()
        .map(|(ticket, (mut till, uuid))| {
            presses_enter(&mut till);
            (ticket, till, uuid)
        })
        .collect();
    for (ticket, till, uuid) in sold {
        let output = till.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{ticket}: {said}");
        assert_eq!(shop.state(&uuid), State::Confirmed);
        assert_eq!(shop.reference(&uuid).as_deref(), Some(ticket));
        assert!(shop.book().contains(&format!("registered {ticket}")));
    }
}

pub fn a_till_waits_for_one_that_lives_and_takes_over_from_one_that_died(
    machine: &'static dyn Machine,
) {
    let shop = Shop::on(machine, "till_claim");
    let late = Harm::Delay {
        ms: 60_000,
        when: When::After,
    };
    let late = Fault::new(late).method("PUT").state("confirmed");
    shop.sandbox.fault(late);
    let (mut first, uuid) = shop.begins(&shop.sale("R-1", &[]));
    presses_enter(&mut first);
    wait_until("seQura confirms", || shop.state(&uuid) == State::Confirmed);
    let before = shop.sandbox.stats().requests;
    let second = shop
        .machine
        .command(&shop.till, &shop.folder)
        .args(["till.json", "--recover"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(
        shop.sandbox.stats().requests,
        before,
        "the first is at work"
    );
    first.kill().expect("it was waiting for the answer");
    first.wait().expect("it was killed");
    let output = second.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    shop.assert_sold(&uuid, "R-1");
}

//! The tills of bindings/c after the sale: what they ask for, what they write into their book, and what
//! a till finds out that was killed in between.

use crate::support::c::root;
use crate::support::till::{NOTHING, Shop, sample, wait_until};
use sequra_sandbox::{Disburse, Fault, Harm, State, When};
use serde_json::json;
use std::process::{Command, Stdio};

/// Totals of a cart that seQura has.
type Totals = (i64, i64);

impl Shop {
    /// A sale that is settled; answers with its uuid.
    fn has_sold(&self, ticket: &str) -> String {
        self.sells(0, &self.sale(ticket, &[])).0
    }

    /// What seQura has of it: unshipped and shipped.
    fn carts(&self, uuid: &str) -> Totals {
        let sale = self.sandbox.order(uuid).and_then(|order| order.sale);
        let sale = sale.expect("it is confirmed");
        let total = |cart: &sequra_sandbox::CartView| cart.order_total_with_tax;
        (total(&sale.unshipped_cart), total(&sale.shipped_cart))
    }

    /// What the book has of the time after the sale.
    fn book_since(&self) -> Vec<String> {
        let book = self.book();
        let registered = book.iter().position(|line| line == "registered R-1");
        book[registered.expect("it was sold") + 1..].to_vec()
    }

    /// Nothing of what the till does here reaches seQura.
    fn asks_nobody(&self, wanted: i32, words: &[&str]) -> String {
        let before = self.sandbox.stats().requests;
        let said = self.does(wanted, words);
        assert_eq!(self.sandbox.stats().requests, before, "{said}");
        said
    }

    fn looks_cleanly(&self, words: &[&str]) -> String {
        let before = self.sandbox.stats().requests;
        let said = self.does_cleanly(0, words);
        assert_eq!(self.sandbox.stats().requests, before, "{said}");
        said
    }

    fn loses(&self, harm: Harm) {
        self.sandbox.fault(Fault::new(harm).method("PUT"));
    }
}

#[test]
fn goods_go_out_in_parts_and_come_back() {
    let shop = Shop::open("parts");
    let uuid = shop.has_sold("R-1");
    // One of two helmets, with its share of what lowers the price, and the way to the shopper.
    let said = shop.does_cleanly(0, &["--ship", "R-1", "CAS-07=1"]);
    assert!(said.contains("ship SQ_OK, HTTP 204: settled"), "{said}");
    assert!(
        said.contains("carts unshipped 331,74, shipped 51,16; owed 382,90 of 382,90 EUR"),
        "{said}"
    );
    assert_eq!(shop.carts(&uuid), (33174, 5116));
    let said = shop.does(0, &["--ship", "R-1"]);
    assert!(said.contains("unshipped 0,00, shipped 382,90"), "{said}");
    assert_eq!(shop.carts(&uuid), (0, 38290));
    let said = shop.does_cleanly(0, &["--refund", "R-1", "CAS-07=1", "REB-11"]);
    // 45,50 less all of the 20,00 that was named, and 45,50 / 440,00 of 50,00.
    assert!(said.contains("shipped 362,57; owed 362,57"), "{said}");
    let reason = "Rasguño en el \"cuadro\"";
    let words = ["--refund", "R-1", "--reason", reason, "--amount", "500"];
    let said = shop.does_cleanly(0, &words);
    assert!(
        said.contains("shipped 357,57; owed 357,57 of 382,90 EUR"),
        "{said}"
    );
    let sale = shop.sandbox.order(&uuid).and_then(|order| order.sale);
    let items = sale.expect("it is confirmed").shipped_cart.items;
    assert_eq!(items.last().expect("the refund")["name"], reason);
    shop.does(0, &["--refund", &uuid]);
    assert_eq!(shop.carts(&uuid), (0, 0));
    let mut lines = Vec::new();
    for state in [
        "partly_shipped",
        "shipped",
        "partly_refunded",
        "partly_refunded",
        "refunded",
    ] {
        lines.extend(["changing R-1".to_owned(), format!("{state} R-1")]);
    }
    assert_eq!(shop.book_since(), lines);
    assert_eq!(shop.does(0, &["--pending"]), NOTHING);
}

#[test]
fn the_till_without_a_file_has_the_same_after_the_sale() {
    let shop = Shop::with(
        sample("till_builder", &["-std=c89"], false),
        None,
        "builder",
    );
    let uuid = shop.has_sold("R-1");
    shop.does(0, &["--ship", "R-1", "BIC-20", "CAS-07=2"]);
    assert_eq!(shop.carts(&uuid), (0, 38290));
    shop.does(0, &["--refund", "R-1", "--amount", "290"]);
    assert_eq!(shop.carts(&uuid), (0, 38000));
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_sent() {
    let shop = Shop::open("cannot");
    shop.has_sold("R-1");
    let said = shop.asks_nobody(2, &["--ship", "R-1", "CAS-07=3", "GUA-01=1"]);
    assert!(
        said.contains("more_than_there_is at /0/quantity: Of CAS-07 there is a quantity of 2, and 3 was asked for."),
        "{said}"
    );
    assert!(said.contains("no_such_line at /1/reference"), "{said}");
    // The book says again what the sale is.
    assert_eq!(shop.book_since(), ["changing R-1", "registered R-1"]);
    let said = shop.asks_nobody(2, &["--refund", "R-1"]);
    assert!(said.contains("refund SQ_WRONG_STATE: settled"), "{said}");
    let said = shop.asks_nobody(2, &["--ship", "R-9"]);
    assert!(said.starts_with("ship SQ_UNKNOWN_ORDER"), "{said}");
    // A sale that is not settled is not changed, and its book not touched.
    let waiting = shop.does(7, &shop.sale("R-2", &[]));
    assert!(waiting.contains("form SQ_OK"), "{waiting}");
    let uuid = shop.sandbox.sms().last().expect("its form").uuid.clone();
    let book = shop.book();
    let said = shop.asks_nobody(2, &["--cancel", &uuid]);
    assert!(
        said.starts_with("cancel SQ_WRONG_STATE: form_sent"),
        "{said}"
    );
    assert_eq!(shop.book(), book);
}

#[test]
fn a_sale_is_cancelled_once() {
    let shop = Shop::open("cancel");
    let uuid = shop.has_sold("R-1");
    let said = shop.does_cleanly(0, &["--cancel", "R-1", "--reason", "customer_cancel"]);
    assert!(said.contains("cancel SQ_OK, HTTP 204: cancelled"), "{said}");
    assert!(said.contains("owed 0,00 of 382,90 EUR"), "{said}");
    assert_eq!(shop.state(&uuid), State::Cancelled);
    let sale = shop.sandbox.order(&uuid).and_then(|order| order.sale);
    let reason = sale.expect("it was confirmed").cancellation_reason;
    assert_eq!(reason.as_deref(), Some("customer_cancel"));
    assert_eq!(shop.book_since(), ["changing R-1", "cancelled R-1"]);
    let said = shop.asks_nobody(2, &["--ship", "R-1"]);
    assert!(said.starts_with("ship SQ_WRONG_STATE: cancelled"), "{said}");
    shop.asks_nobody(0, &["--cancel", "R-1"]);
    assert_eq!(
        shop.book().last().map(String::as_str),
        Some("cancelled R-1")
    );
}

#[test]
fn what_sequra_refuses_is_in_the_log_until_it_is_dismissed() {
    let shop = Shop::open("refused_change");
    let uuid = shop.has_sold("R-1");
    let dear = json!({"unshipped_cart": {"currency": "EUR", "gift": false, "order_total_with_tax": 50000, "items": [
        {"type": "product", "reference": "BIC-21", "name": "Bicicleta", "quantity": 1, "price_with_tax": 50000,
         "total_with_tax": 50000, "downloadable": false}]}});
    std::fs::write(shop.folder.join("dear.json"), dear.to_string()).expect("a file");
    let said = shop.does_cleanly(3, &["--update", "R-1", "dear.json"]);
    let words = "Invalid data: order_total_with_tax 50000 is above the confirmed amount 38290";
    assert!(
        said.contains("update SQ_CONFLICT, HTTP 409: settled"),
        "{said}"
    );
    assert!(said.contains(words), "{said}");
    assert_eq!(shop.carts(&uuid), (38290, 0));
    assert_eq!(shop.book_since(), ["changing R-1", "registered R-1"]);
    // A sale after it does not push it out of sight.
    shop.has_sold("R-2");
    for which in [["--log"].as_slice(), &["--log", "R-1"]] {
        let said = shop.looks_cleanly(which);
        let attention = format!(
            "attention 5 R-1 update_order SQ_CONFLICT, HTTP 409 {words} to do: --dismiss 5"
        );
        assert!(said.starts_with(&attention), "{said}");
        assert_eq!(said.contains("R-2"), which.len() == 1, "{said}");
    }
    shop.asks_nobody(0, &["--dismiss", "5"]);
    let said = shop.asks_nobody(0, &["--log"]);
    assert!(!said.contains("attention"), "{said}");
    let said = shop.asks_nobody(2, &["--dismiss", "999"]);
    assert!(said.starts_with("dismiss SQ_INVALID_ARGUMENT"), "{said}");
    // A change that seQura takes.
    let cheap = dear.to_string().replace("50000", "30000");
    std::fs::write(shop.folder.join("cheap.json"), cheap).expect("a file");
    shop.does(0, &["--update", "R-1", "cheap.json"]);
    assert_eq!(shop.carts(&uuid), (30000, 0));
    shop.asks_nobody(1, &["--update", "R-1", "nothing.json"]);
    assert_eq!(
        shop.book().last().map(String::as_str),
        Some("registered R-1")
    );
}

#[test]
fn a_change_without_an_answer_goes_with_the_next_and_is_not_done_twice() {
    let shop = Shop::open("lost_change");
    let uuid = shop.has_sold("R-1");
    shop.loses(Harm::CloseBefore {});
    let said = shop.does_cleanly(4, &["--ship", "R-1", "CAS-07=1"]);
    assert!(said.contains("ship SQ_OUTCOME_UNKNOWN"), "{said}");
    assert!(said.contains("till CONFIG --recover"), "{said}");
    assert_eq!(
        (shop.carts(&uuid), shop.book_since()),
        ((38290, 0), vec!["changing R-1".to_owned()])
    );
    // The next change has both.
    shop.does(0, &["--ship", "R-1", "BIC-20=1"]);
    assert_eq!(shop.carts(&uuid).1, 38290 - 3826);

    // The same again is the same helmet, whether seQura had it or not.
    for harm in [Harm::CloseAfter {}, Harm::CloseBefore {}] {
        let shop = Shop::open("lost_twice");
        let uuid = shop.has_sold("R-1");
        shop.loses(harm);
        shop.does(4, &["--ship", "R-1", "CAS-07=1"]);
        shop.does(0, &["--ship", "R-1", "CAS-07=1"]);
        assert_eq!(shop.carts(&uuid), (33174, 5116));
        let lines = ["changing R-1", "changing R-1", "partly_shipped R-1"];
        assert_eq!(shop.book_since(), lines);
    }
}

#[test]
fn a_till_killed_before_the_answer_finds_out_when_it_is_started_again() {
    for (name, words, now, carts) in [
        (
            "killed_ship",
            ["--ship", "R-1"].as_slice(),
            "shipped R-1",
            (0, 38290),
        ),
        (
            "killed_cancel",
            &["--cancel", "R-1"],
            "cancelled R-1",
            (0, 0),
        ),
    ] {
        let shop = Shop::open(name);
        let uuid = shop.has_sold("R-1");
        let when = When::After;
        shop.loses(Harm::Delay { ms: 60_000, when });
        let mut till = Command::new(&shop.till)
            .arg("till.json")
            .args(words)
            .current_dir(&shop.folder)
            .stdout(Stdio::null())
            .spawn()
            .expect("it runs");
        wait_until("seQura has the change", || shop.carts(&uuid) == carts);
        till.kill().expect("it was waiting for the answer");
        till.wait().expect("it was killed");
        assert_eq!(shop.book_since(), ["changing R-1"]);
        // The next shopper's sale.
        let said = shop.does_cleanly(7, &shop.sale("R-2", &[]));
        assert!(
            said.starts_with("recover R-1 382,90 EUR was being changed"),
            "{said}"
        );
        assert!(said.contains("book R-1 is now"), "{said}");
        assert_eq!(shop.book_since(), ["changing R-1", now, "started R-2"]);
        assert_eq!(shop.carts(&uuid), carts);
    }
}

#[test]
fn a_till_killed_between_the_answer_and_its_book_finds_out_from_the_journal() {
    let shop = Shop::open("killed_book");
    let uuid = shop.has_sold("R-1");
    let changes: [(&[&str], &str); 4] = [
        (&["--ship", "R-1", "CAS-07=1"], "partly_shipped R-1"),
        (&["--ship", "R-1"], "shipped R-1"),
        (
            &["--refund", "R-1", "--amount", "90"],
            "partly_refunded R-1",
        ),
        (&["--refund", "R-1"], "refunded R-1"),
    ];
    for (words, now) in changes {
        shop.does(0, words);
        let before = (shop.carts(&uuid), shop.book());
        shop.forgets(1);
        assert_eq!(shop.book().last().map(String::as_str), Some("changing R-1"));
        let said = shop.asks_nobody(0, &["--recover"]);
        assert!(
            said.contains("R-1") && said.contains("was being changed"),
            "{said}"
        );
        assert_eq!((shop.carts(&uuid), shop.book()), before);
        assert_eq!(shop.book().last().map(String::as_str), Some(now));
        assert!(!shop.does(0, &["--recover"]).contains("R-1"), "once");
    }
    // Killed before it asked for anything: the sale is as it was.
    shop.does(2, &["--ship", "R-1", "CAS-07=1"]);
    shop.forgets(1);
    shop.asks_nobody(0, &["--recover"]);
    assert_eq!(shop.book().last().map(String::as_str), Some("refunded R-1"));
}

/// The library ends the till at each of its points, the last of them with the answer in the till's hands
/// and the book not written.
#[cfg(feature = "crash-points")]
#[test]
fn a_till_killed_at_any_point_of_a_change_brings_its_book_up_to_date() {
    let shop = Shop::open("killed_anywhere");
    let mut came_to = Vec::new();
    loop {
        let ticket = format!("R-{}", came_to.len() + 1);
        let uuid = shop.has_sold(&ticket);
        let till = Command::new(&shop.till)
            .args(["till.json", "--ship", &ticket, "CAS-07=1"])
            .env("SEQURA_POS_CRASH_AT", format!("any:{}", came_to.len() + 1))
            .current_dir(&shop.folder)
            .stdout(Stdio::null())
            .status();
        if till.expect("it runs").code().is_some() {
            break;
        }
        shop.does(0, &["--recover"]);
        let state = match shop.carts(&uuid) {
            (38290, 0) => "registered",
            (33174, 5116) => "partly_shipped",
            other => panic!("{other:?}"),
        };
        assert_eq!(shop.book().last(), Some(&format!("{state} {ticket}")));
        let said = shop.does(0, &["--pending"]);
        assert!(said.starts_with(NOTHING), "{said}");
        came_to.push(state);
    }
    // Before the intent is durable nothing has happened; from then on the goods have gone, once.
    let first = came_to.iter().position(|state| *state == "partly_shipped");
    let (before, after) = came_to.split_at(first.expect("some"));
    assert!(before.len() >= 2 && after.len() >= 7, "{came_to:?}");
    assert!(
        after.iter().all(|state| *state == "partly_shipped"),
        "{came_to:?}"
    );
}

#[test]
fn the_readme_shows_a_shipment_as_it_is() {
    let shop = Shop::open("readme");
    let config = shop.folder.join("till.json");
    let spanish = std::fs::read_to_string(&config).map(|text| text.replace("\"en\"", "\"es\""));
    std::fs::write(config, spanish.expect("a configuration")).expect("a configuration");
    shop.has_sold("R-100");
    let said = shop.does(0, &["--ship", "R-100", "CAS-07=1"]);
    let readme = std::fs::read_to_string(root("bindings/c/README.md")).expect("it is there");
    let shown = readme
        .split("$ build/till simulator.json --ship R-100 CAS-07=1\n")
        .nth(1);
    let shown = shown
        .and_then(|rest| rest.split("```").next())
        .expect("a shipment");
    assert_eq!(shown.split_whitespace().collect::<Vec<_>>().join(" "), said);
}

#[test]
fn a_refusal_found_by_recovery_leaves_the_sale_as_it_was() {
    let shop = Shop::open("refused_later");
    let uuid = shop.has_sold("R-1");
    shop.loses(Harm::CloseBefore {});
    shop.does(4, &["--ship", "R-1"]);
    shop.loses(Harm::CloseBefore {});
    let said = shop.does(4, &["--recover"]);
    assert!(said.contains("R-1 382,90 EUR still changing"), "{said}");
    let errors = vec!["Invalid data: not today".into()];
    shop.loses(Harm::Conflict { errors });
    let said = shop.does_cleanly(0, &["--recover"]);
    assert!(
        said.contains("was being changed Invalid data: not today"),
        "{said}"
    );
    assert_eq!(shop.book_since(), ["changing R-1", "registered R-1"]);
    assert_eq!(shop.carts(&uuid), (38290, 0));
}

#[test]
fn without_its_book_the_till_asks_for_nothing() {
    let shop = Shop::open("no_book");
    let uuid = shop.has_sold("R-1");
    std::fs::create_dir(shop.folder.join("folder")).expect("a folder");
    shop.asks_nobody(1, &["--ship", "R-1", "--sales", "folder"]);
    assert_eq!(shop.carts(&uuid), (38290, 0));
}

#[test]
fn a_command_line_without_sense_is_not_guessed_at() {
    let shop = Shop::open("usage");
    for words in [
        ["--ship"].as_slice(),
        &["--update", "R-1"],
        &["--ship", "R-1", "CAS-07=one"],
        &["--ship", "R-1", "=1"],
        &["--ship", "R-1", "--amount", "5"],
        &["--ship", "R-1", "--reason", "none"],
        &["--refund", "R-1", "CAS-07=1", "--amount", "5"],
        &["--refund", "R-1", "--amount", "5.00"],
        &["--refund", "R-1", "CAS-07=1", "--reason", "none"],
        &["--ship", "R-1", "--cancel", "R-1"],
        &["--log", "R-1", "R-2"],
        &["--dismiss", "all"],
    ] {
        shop.asks_nobody(1, words);
    }
}

#[test]
fn where_a_sale_stands() {
    let shop = Shop::open("info");
    shop.has_sold("R-1");
    shop.does(0, &["--ship", "R-1", "CAS-07=1"]);
    let said = shop.looks_cleanly(&["--info", "R-1"]);
    for words in [
        "info SQ_OK: settled",
        "sale R-1, form pp3",
        "carts unshipped 331,74, shipped 51,16; owed 382,90 of 382,90 EUR",
        "unshipped 1 BIC-20 349,00; 1 CAS-07 45,50; REB-11 -17,93; EFE-01 -44,83",
        "shipped 1 CAS-07 45,50; ENV-01 12,90; REB-11 -2,07; EFE-01 -5,17",
        "paid out 0,00 EUR",
        "set_order_ref SQ_OK, HTTP 200",
        "ship SQ_OK, HTTP 204",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let said = shop.asks_nobody(2, &["--info", "R-9"]);
    assert!(said.starts_with("info SQ_UNKNOWN_ORDER"), "{said}");
}

#[test]
fn the_sales_are_held_against_the_payouts() {
    let shop = Shop::open("payouts");
    for ticket in ["R-1", "R-2", "R-3"] {
        shop.has_sold(ticket);
    }
    shop.does(0, &["--ship", "R-1"]);
    shop.does(0, &["--refund", "R-1", "--amount", "290"]);
    let how = Disburse::default().merchant("shop_es").adjust("R-2", -50);
    let how = how.unknown("R-9", 700).leave_out("R-3");
    shop.sandbox.disburse(how).expect("it pays");
    let said = shop.does_cleanly(0, &["--reconcile"]);
    for words in [
        "reconcile SQ_OK, HTTP 200",
        "paid R-1 380,00 EUR",
        "differing R-2 382,90 EUR, but paid 382,40 EUR",
        "not paid R-3 382,90 EUR",
        "unknown R-9 7,00 EUR",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn what_was_shipped_is_reported_once() {
    let shop = Shop::open("report");
    for ticket in ["R-1", "R-2"] {
        shop.has_sold(ticket);
    }
    shop.does(0, &["--ship", "R-1"]);
    shop.sandbox
        .fault(Fault::new(Harm::CloseAfter {}).method("POST"));
    assert!(
        shop.does(4, &["--report"])
            .contains("told shop_es, orders shipped: 1: SQ_OUTCOME_UNKNOWN")
    );
    for orders in ["1", "0"] {
        let said = shop.does_cleanly(0, &["--report"]);
        let told = format!("told shop_es, orders shipped: {orders}: SQ_OK");
        assert!(said.contains(&told), "{said}");
    }
}

#[test]
fn the_self_test_has_a_row_for_each_thing() {
    let mut shop = Shop::open("self_test");
    let said = shop.does_cleanly(0, &["--self-test"]);
    let rows = [
        "name_resolution",
        "connection",
        "clock",
        "credentials",
        "journal",
        "free_space",
    ];
    for row in rows {
        assert!(said.contains(&format!("well {row}")), "{row}: {said}");
    }
    // seQura is gone: another simulator listens elsewhere.
    shop.sandbox = sequra_sandbox::Sandbox::start(Default::default()).expect("a simulator");
    let said = shop.does_cleanly(4, &["--self-test"]);
    assert!(said.starts_with("self-test SQ_UNREACHABLE"), "{said}");
    for row in rows {
        let wrong = ["connection", "credentials"].contains(&row);
        assert_eq!(said.contains(&format!("NOT WELL {row}")), wrong, "{said}");
    }
}

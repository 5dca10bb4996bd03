//! The tills of bindings/c: they compile as they say they do, their orders are one, the README shows
//! the first sale as it is, and that one sells; a till that was killed goes on when it is started again.

use crate::support::c::{compile, compiler, library_folder, root, scratch};
use crate::support::till::{NOTHING, Shop, sample};
use sequra_sandbox::{Fault, Harm, Options, Repeated, Sandbox, State};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

fn read(path: &str) -> String {
    std::fs::read_to_string(root(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_tills_are_c89_c11_and_cpp98() {
    for name in ["till", "till_builder", "first_sale"] {
        sample(name, &["-std=c89"], false);
        sample(name, &["-std=c11"], false);
        sample(name, &["-std=c++98"], true);
    }
}

#[test]
fn both_tills_sell_the_same_order() {
    let builder = sample("till_builder", &["-std=c89"], false);
    let output = Command::new(builder)
        .arg("--print-order")
        .output()
        .expect("it runs");
    assert!(output.status.success());
    let built: Value = serde_json::from_slice(&output.stdout).expect("an order");
    let mut read: Value = serde_json::from_str(&read("bindings/c/order.json")).expect("an order");
    if let Some(inner) = read.get_mut("order") {
        read = inner.take();
    }
    assert_eq!(built, read);
}

#[test]
fn the_readmes_show_the_first_sale_as_it_is() {
    for page in ["README.md", "README.es.md"] {
        let readme = read(page);
        let shown = readme
            .split("```c\n")
            .nth(1)
            .and_then(|rest| rest.split("```").next());
        let shown = shown.expect("a piece of C").trim_end();
        assert!(read("bindings/c/first_sale.c").contains(shown), "{page}");
    }
}

/// A library that somebody has put into the current folder, or where LD_LIBRARY_PATH leads, does not take
/// the place of the one that a program was linked with.
#[test]
fn no_other_library_of_the_name_is_loaded() {
    let folder = scratch("planted");
    let mark = folder.join("loaded");
    let source = folder.join("planted.c");
    let text = format!(
        "#include <stdio.h>\n\
         __attribute__((constructor)) static void loaded(void) {{ fclose(fopen(\"{}\", \"w\")); }}\n\
         int sq_client_open_file(void) {{ return 1001; }}\n",
        mark.display()
    );
    std::fs::write(&source, text).unwrap();
    for name in ["libsequra_pos.so", "libsequra_pos.so.1"] {
        let mut cc = compiler(false);
        cc.args(["-shared", "-fPIC", "-Wl,-soname,libsequra_pos.so.1", "-o"]);
        compile(cc.arg(folder.join(name)).arg(&source));
    }
    let status = |program: &Path| {
        Command::new(program)
            .arg("/no/such/file")
            .arg(root("bindings/c/order.json"))
            .arg("R-1")
            .current_dir(&folder)
            .env("LD_LIBRARY_PATH", &folder)
            .output()
            .expect("it runs")
            .status
            .code()
    };
    let made = Command::new("make")
        .arg("-s")
        .arg("-C")
        .arg(root("bindings/c"))
        .arg(format!(
            "CC={}",
            crate::support::c::as_words(&compiler(false))
        ))
        .arg(format!("LIB_DIR={}", library_folder().display()))
        .arg(format!("OUT={}", folder.join("build").display()))
        .arg(folder.join("build/first_sale"))
        .status();
    assert!(made.expect("make runs").success());
    assert_eq!(status(&folder.join("build/first_sale")), Some(1));
    assert!(!mark.exists(), "the planted library was loaded");
    // The trap works: for a program that nobody has told where its library is.
    let careless = folder.join("careless");
    let mut cc = compiler(false);
    cc.arg(root("bindings/c/first_sale.c"))
        .arg("-o")
        .arg(&careless);
    cc.arg("-I").arg(root("include"));
    cc.arg("-L").arg(library_folder()).arg("-lsequra_pos");
    compile(&mut cc);
    status(&careless);
    assert!(mark.exists());
}

#[test]
fn the_first_sale_sells() {
    let sandbox = Sandbox::start(Options::default()).expect("a simulator");
    let folder = scratch("first_sale");
    let config = folder.join("till.json");
    let settings = json!({
        "base_url": sandbox.http_url(), "account_key": "sandbox_key", "account_secret": "sandbox_secret",
        "merchants": {"ES": "shop_es"}, "journal": folder.join("journal"), "language": "en",
    });
    std::fs::write(&config, settings.to_string()).expect("a configuration file");
    let mut till = Command::new(sample("first_sale", &["-std=c89"], false))
        .arg(&config)
        .arg(root("bindings/c/order.json"))
        .arg("R-1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let began = std::time::Instant::now();
    let uuid = loop {
        if let Some(message) = sandbox.sms().first() {
            break message.uuid.clone();
        }
        assert!(began.elapsed().as_secs() < 60, "the form never came");
        std::thread::sleep(std::time::Duration::from_millis(10));
    };
    sandbox.approve(&uuid).expect("approved");
    till.stdin
        .take()
        .expect("its input")
        .write_all(b"\n")
        .expect("Enter");
    let output = till.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("You may hand over the goods"),
        "{said}"
    );
    assert_eq!(
        sandbox
            .order(&uuid)
            .expect("an order")
            .order_ref_1
            .as_deref(),
        Some("R-1")
    );
}

#[test]
fn a_till_killed_in_the_confirmation_finishes_the_sale_when_it_is_started_again() {
    let shop = Shop::open("killed");
    let killed = shop.is_killed_in_the_confirmation(&shop.sale("R-1", &[]));
    assert_eq!(shop.book(), ["started R-1"]);
    // The next shopper's sale; nobody presses Enter in it.
    let said = shop.does_cleanly(7, &shop.sale("R-2", &[]));
    assert!(
        said.starts_with("recover R-1 382,90 EUR confirming, now confirmed"),
        "{said}"
    );
    assert!(said.contains("Ticket R-1 382,90 EUR"), "a receipt: {said}");
    assert!(said.contains("form SQ_OK"), "and the next sale: {said}");
    let lines = [
        "started R-1",
        "completed R-1",
        "registered R-1",
        "started R-2",
    ];
    assert_eq!(shop.book(), lines);
    assert_eq!(shop.reference(&killed).as_deref(), Some("R-1"));
    let said = shop.does(0, &["--pending"]);
    assert!(
        !said.contains(&killed) && !said.contains("at risk"),
        "{said}"
    );
}

/// Somebody has looked in seQura's portal.
fn looked<'a>(uuid: &'a str, outcome: &'a str) -> [&'a str; 5] {
    ["--resolve", uuid, outcome, "--reason", "portal, 12:40"]
}

#[test]
fn a_sale_that_sequra_says_no_more_of_is_ended_by_somebody_who_looked() {
    let shop = Shop::open("looked");
    let killed = shop.is_killed_in_the_confirmation(&shop.sale("R-1", &[]));
    shop.sandbox
        .rules(|rules| rules.repeated_confirm = Repeated::AlreadyConfirmed);
    let said = shop.does(4, &["--recover"]);
    assert!(said.contains("R-1 382,90 EUR still confirming"), "{said}");
    let mut words = looked(&killed, "confirmed").to_vec();
    shop.does(1, &words[..3]);
    shop.does(2, &["--resolve", &killed, "perhaps", "--reason", "portal"]);
    let said = shop.does_cleanly(0, &words);
    assert!(said.starts_with("resolve SQ_OK: confirmed"), "{said}");
    assert!(said.contains("Ticket R-1 382,90 EUR"), "a receipt: {said}");
    shop.assert_sold(&killed, "R-1");
    words[2] = "not_confirmed";
    shop.does(2, &words);
}

#[test]
fn a_sale_whose_number_went_with_the_order_is_settled_by_recovery() {
    let shop = Shop::open("killed_ref_first");
    let killed = shop.is_killed_in_the_confirmation(&shop.sale("R-1", &["--ref-first"]));
    let said = shop.does_cleanly(0, &["--recover"]);
    assert!(
        said.contains("R-1 382,90 EUR confirming, now settled"),
        "{said}"
    );
    assert_eq!(
        shop.book(),
        ["started R-1", "completed R-1", "registered R-1"]
    );
    shop.assert_sold(&killed, "R-1");
}

#[test]
fn a_till_killed_before_its_book_was_written_finds_out_from_the_journal() {
    for (name, words) in [
        ("book", [].as_slice()),
        ("book_ref_first", &["--ref-first"]),
    ] {
        let shop = Shop::open(name);
        let (uuid, _) = shop.sells(0, &shop.sale("R-1", words));
        for lost in [1, 2] {
            shop.forgets(lost);
            let said = shop.does(0, &["--recover"]);
            assert!(said.contains("book R-1 is now registered"), "{said}");
            assert_eq!(
                shop.book(),
                ["started R-1", "completed R-1", "registered R-1"]
            );
            shop.assert_sold(&uuid, "R-1");
        }
        assert_eq!(shop.does(0, &["--recover"]), NOTHING);
    }
}

#[test]
fn a_lost_reference_is_registered_by_recovery() {
    let shop = Shop::open("lost_reference");
    let lost = Fault::new(Harm::CloseBefore {}).method("PUT").state("");
    shop.sandbox.fault(lost);
    let (uuid, said) = shop.sells(6, &shop.sale("R-1", &[]));
    assert!(said.contains("till CONFIG --recover"), "{said}");
    assert_eq!(shop.reference(&uuid), None);
    let said = shop.does(0, &["--recover"]);
    assert!(
        said.contains("R-1 382,90 EUR referencing, now settled"),
        "{said}"
    );
    shop.assert_sold(&uuid, "R-1");
}

#[test]
fn a_conflict_found_by_recovery_is_a_sale_that_does_not_take_place() {
    let shop = Shop::open("conflict");
    // Nothing was processed: what recovery sends is seQura's first sight of the confirmation.
    let lost = Fault::new(Harm::CloseBefore {}).method("PUT");
    shop.sandbox.fault(lost);
    let (uuid, said) = shop.sells(4, &shop.sale("R-1", &[]));
    assert!(said.contains("till CONFIG --recover"), "{said}");
    let errors = vec!["Invalid data: the cart has changed".into()];
    shop.sandbox
        .fault(Fault::new(Harm::Conflict { errors }).method("PUT"));
    let said = shop.does_cleanly(0, &["--recover"]);
    assert!(
        said.contains("R-1 382,90 EUR confirming, now conflicted"),
        "{said}"
    );
    assert!(
        said.contains("Invalid data: the cart has changed"),
        "{said}"
    );
    assert!(said.contains("Do not complete the sale"), "{said}");
    assert_eq!(shop.book(), ["started R-1", "refused R-1"]);
    assert_eq!(
        (shop.state(&uuid), shop.reference(&uuid)),
        (State::Approved, None)
    );
    // It is over for the till: once said is enough.
    assert!(!shop.does(0, &["--recover"]).contains("R-1"));
}

#[test]
fn a_taken_number_found_by_recovery_waits_for_the_operator() {
    let shop = Shop::open("taken");
    shop.sells(0, &shop.sale("R-1", &[]));
    // Another till has sold under R-2, which this journal cannot know.
    let taken = vec!["Invalid data: order_ref_1 'R-2' is already in use".into()];
    let lost = Fault::new(Harm::CloseBefore {}).method("PUT").state("");
    shop.sandbox.fault(lost);
    let (uuid, _) = shop.sells(6, &shop.sale("R-2", &[]));
    let errors = taken.clone();
    shop.sandbox
        .fault(Fault::new(Harm::Conflict { errors }).method("PUT"));
    // The first attempt may have taken it for this very sale: seQura's answer would be the same.
    let said = shop.does_cleanly(4, &["--recover"]);
    assert!(said.contains("R-2 382,90 EUR still referencing"), "{said}");
    shop.sandbox
        .fault(Fault::new(Harm::Conflict { errors: taken }).method("PUT"));
    let said = shop.does_cleanly(6, &looked(&uuid, "not_confirmed"));
    assert!(said.starts_with("resolve SQ_OK: confirmed"), "{said}");
    let how = format!("--set-ref {uuid} ANOTHER-NUMBER");
    assert!(said.contains(&how), "{said}");
    // The operator's number is the one that goes; recovery does not touch the order that is named.
    let said = shop.does(0, &["--set-ref", &uuid, "R-3", "--quick"]);
    assert!(said.starts_with("reference SQ_OK"), "{said}");
    shop.assert_sold(&uuid, "R-3");
}

#[test]
fn a_taken_number_that_went_with_the_order_can_be_replaced_after_recovery() {
    let builder = sample("till_builder", &["-std=c89"], false);
    for (shop, file) in [
        (Shop::open("taken_ref_first"), "ORDER.json "),
        (Shop::with(builder, None, "taken_builder"), ""),
    ] {
        let taken = vec!["Invalid data: order_ref_1 'R-1' is already in use".into()];
        shop.sandbox
            .fault(Fault::new(Harm::CloseBefore {}).method("PUT"));
        let (uuid, _) = shop.sells(4, &shop.sale("R-1", &["--ref-first"]));
        let errors = taken.clone();
        shop.sandbox
            .fault(Fault::new(Harm::Conflict { errors }).method("PUT"));
        let said = shop.does(4, &["--recover"]);
        assert!(said.contains("R-1 382,90 EUR still confirming"), "{said}");
        let said = shop.does(0, &looked(&uuid, "not_confirmed"));
        assert!(said.starts_with("resolve SQ_OK: form_sent"), "{said}");
        assert!(said.contains(&format!("--confirm {uuid}")), "{said}");
        let how = format!("--confirm {uuid} {file}--ref-first --ref ANOTHER-NUMBER");
        shop.sandbox
            .fault(Fault::new(Harm::Conflict { errors: taken }).method("PUT"));
        let said = shop.does(3, &shop.sale("R-1", &["--ref-first", "--confirm", &uuid]));
        assert!(said.contains(&how), "{said}");
        assert_eq!(shop.book(), ["started R-1"]);
        let said = shop.does(0, &shop.sale("R-2", &["--ref-first", "--confirm", &uuid]));
        assert!(
            said.starts_with("confirm SQ_OK, HTTP 200: settled"),
            "{said}"
        );
        shop.assert_sold(&uuid, "R-2");
    }
}

#[test]
fn an_order_the_book_does_not_have_is_shown_and_left_alone() {
    let shop = Shop::open("stranger");
    let uuid = shop.is_killed_in_the_confirmation(&shop.sale("R-1", &[]));
    let said = shop.does_cleanly(0, &["--recover", "--sales", "other.txt"]);
    assert!(
        said.contains(&format!("{uuid} 382,90 EUR confirming, now confirmed")),
        "{said}"
    );
    assert!(said.contains(&format!("--set-ref {uuid} NUMBER")), "{said}");
    assert_eq!(
        (shop.book(), shop.reference(&uuid)),
        (vec!["started R-1".into()], None)
    );
    shop.does(0, &["--recover"]);
    shop.assert_sold(&uuid, "R-1");
}

#[test]
fn a_start_that_recovery_repeats_is_nobodys_and_given_up() {
    let shop = Shop::open("lost_start");
    shop.sandbox.fault(
        Fault::new(Harm::CloseAfter {})
            .method("POST")
            .path("/orders"),
    );
    shop.does(4, &shop.sale("R-1", &[]));
    let (uuid, said) = shop.sells(0, &shop.sale("R-1", &[]));
    assert!(said.contains("soliciting, now solicited"), "{said}");
    assert!(said.contains("Nobody has its form"), "{said}");
    shop.assert_sold(&uuid, "R-1");
}

#[test]
fn sequra_out_of_reach_stops_neither_the_till_nor_a_later_recovery() {
    let shop = Shop::open("out_of_reach");
    let lost = |times| {
        let mut fault = Fault::new(Harm::CloseBefore {}).method("PUT");
        fault.times = times;
        fault
    };
    shop.sandbox.fault(lost(2));
    let (uuid, _) = shop.sells(4, &shop.sale("R-1", &[]));
    let said = shop.does(4, &["--recover"]);
    assert!(said.contains("R-1 382,90 EUR still confirming"), "{said}");
    assert_eq!(shop.book(), ["started R-1"]);
    shop.sandbox.fault(lost(1));
    let said = shop.does_cleanly(7, &shop.sale("R-2", &[]));
    assert!(
        said.contains("still confirming") && said.contains("form SQ_OK"),
        "{said}"
    );
    let said = shop.does(0, &["--recover"]);
    assert!(said.contains("book R-1 is now registered"), "{said}");
    assert!(
        said.contains("waiting R-2 382,90 EUR form_sent to go on till CONFIG --confirm"),
        "{said}"
    );
    assert_eq!(shop.reference(&uuid).as_deref(), Some("R-1"));
}

#[test]
fn a_sale_whose_shopper_left_is_given_up() {
    let shop = Shop::open("abandoned");
    // Nobody is at the till: the sale waits.
    shop.does(7, &shop.sale("R-1", &[]));
    let uuid = shop.sandbox.sms()[0].uuid.clone();
    let said = shop.does_cleanly(0, &["--abandon", &uuid]);
    assert!(said.contains("abandon SQ_OK: abandoned"), "{said}");
    assert_eq!(shop.book(), ["started R-1", "abandoned R-1"]);
    assert_eq!(shop.does(0, &["--recover"]), NOTHING);
    let said = shop.does(2, &["--confirm", &uuid, "--quick"]);
    assert!(said.contains("SQ_WRONG_STATE"), "{said}");

    // What may be sold is not given up.
    let killed = shop.is_killed_in_the_confirmation(&shop.sale("R-2", &[]));
    let said = shop.does(2, &["--abandon", &killed]);
    assert!(
        said.contains("SQ_WRONG_STATE: confirming; next: recover"),
        "{said}"
    );
    assert_eq!(shop.book().last().map(String::as_str), Some("started R-2"));
    shop.does(0, &["--recover"]);
    shop.assert_sold(&killed, "R-2");
}

#[test]
fn a_till_with_nothing_unfinished_does_nothing_more_than_sell() {
    let shop = Shop::open("nothing");
    shop.sells(0, &shop.sale("R-1", &[]));
    let before = shop.sandbox.stats().requests;
    let (_, said) = shop.sells(0, &shop.sale("R-2", &[]));
    assert!(said.trim_start().starts_with("start "), "{said}");
    // Start, form, confirmation, reference.
    assert_eq!(shop.sandbox.stats().requests - before, 4);
}

#[test]
fn a_refusal_is_written_into_the_book() {
    let shop = Shop::open("refused");
    let errors = vec!["Invalid data: the cart has changed".into()];
    shop.sandbox
        .fault(Fault::new(Harm::Conflict { errors }).method("PUT"));
    shop.sells(3, &shop.sale("R-1", &[]));
    assert_eq!(shop.book(), ["started R-1", "refused R-1"]);
}

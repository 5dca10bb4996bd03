//! A journal whose disk is gone, made again of what the office has of it.

use crate::shop::{Shop, rows};
use rusqlite::types::Value as Cell;
use sequra_frames::cell::{Cell as There, Row};
use sequra_frames::frame::TableRow;
use sequra_frames::sealing::{open_entry, open_order};
use sequra_pos::outbox::{self, Identity, Part, Rebuilding, Rebuilt};
use sequra_pos::words::Language;
use sequra_pos::{Asked, Client, Look, Status};
use sequra_sandbox::{Fault, Harm};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn here(row: Row) -> outbox::Row {
    let cell = |cell| match cell {
        There::Null => outbox::Cell::Null,
        There::Integer(number) => outbox::Cell::Integer(number),
        There::Text(text) => outbox::Cell::Text(text),
        There::Bytes(bytes) => outbox::Cell::Blob(bytes),
        There::Sealed(place) => panic!("{place} is still sealed"),
    };
    row.into_iter()
        .map(|(name, value)| (name, cell(value)))
        .collect()
}

/// As the office's command does it: every order and entry of the newest life, opened.
fn rebuilt(
    shop: &Shop,
    to: &Path,
    change: impl Fn(i64, &mut i32, &mut Vec<(String, outbox::Row)>),
) -> Rebuilt {
    let (stream, kept) = shop.office.streams().pop().expect("a life");
    let identity = Identity {
        journal_id: stream.journal_id.clone(),
        incarnation: stream.incarnation.clone(),
        epoch: 1,
    };
    let mut made = Rebuilding::begin(to, &identity, 1_800_000_000_000).expect("a place for it");
    for order in kept.orders.values() {
        let opened = open_order(&stream, &shop.office.private, order).expect("ours");
        let rows = opened
            .into_iter()
            .map(|TableRow { table, row }| (table, here(row)));
        let (mut version, mut rows) = (3, rows.collect());
        change(order.id, &mut version, &mut rows);
        made.order(order.id, version, &rows).expect("it is written");
    }
    for entry in kept.entries.values() {
        let row = open_entry(&stream, &shop.office.private, entry).expect("ours");
        made.entry(&here(row)).expect("it is written");
    }
    made.finish(None).expect("it is whole")
}

fn restored(copy: &Path, to: &Path) {
    let scratch = to.with_extension("scratch");
    fs::create_dir(&scratch).expect("a folder");
    let mut progress = |_: u64, _: u64| true;
    let done = Look::restore((copy, to), &scratch, Language::En, &mut progress);
    done.expect("it is restored");
}

/// A till that does everything that a till does.
fn everything(shop: &Shop, till: &Client) -> PathBuf {
    let close = || Fault::new(Harm::CloseAfter {}).method("PUT");
    shop.started(till);
    let with_form = shop.started(till);
    till.send_form(&with_form, "pp3", None).expect("the form");
    let refused = shop.started(till);
    shop.sandbox.rules(|rules| rules.auto_approve_ms = None);
    till.send_form(&refused, "pp3", None).expect("the form");
    assert!(
        till.confirm(&refused, None).is_err(),
        "nobody has approved it"
    );
    shop.sandbox.rules(|rules| rules.auto_approve_ms = Some(0));
    let given_up = shop.started(till);
    till.abandon(&given_up).expect("it is given up");
    let shipped = shop.sell(till);
    till.change(&shipped, &Asked::Ship(None))
        .expect("it is shipped");
    let refunded = shop.sell(till);
    till.change(&refunded, &Asked::Ship(None))
        .expect("it is shipped");
    till.change(&refunded, &Asked::RefundAmount(100, None))
        .expect("it is refunded");
    let cancelled = shop.sell(till);
    till.change(&cancelled, &Asked::Cancel("customer".to_owned()))
        .expect("it is cancelled");
    let conflict = shop.confirmed(till);
    let other = shop.till_of(&shop.folder.join("other.journal"));
    let elsewhere = shop.confirmed(&other);
    other
        .set_order_ref(&elsewhere, "TAKEN", None)
        .expect("its reference");
    assert!(till.set_order_ref(&conflict, "TAKEN", None).is_err());
    shop.confirmed(till);
    let referencing = shop.confirmed(till);
    shop.sandbox.fault(close());
    assert!(till.set_order_ref(&referencing, "OPEN-1", None).is_err());
    let confirming = shop.started(till);
    till.send_form(&confirming, "pp3", None).expect("the form");
    shop.sandbox.fault(close());
    assert!(till.confirm(&confirming, None).is_err());
    let shipping = shop.sell(till);
    shop.sandbox.fault(close());
    assert!(till.change(&shipping, &Asked::Ship(None)).is_err());
    shop.journal()
}

/// What a journal has of everything that travels, in order.
fn all_of(journal: &Path) -> BTreeMap<&'static str, Vec<BTreeMap<String, Cell>>> {
    let tables = [
        ("orders", "id"),
        ("contents", "order_id"),
        ("steps", "id"),
        ("refusals", "order_id"),
        ("unshipped", "order_id"),
        ("taken_over", "uuid"),
        ("reports", "id"),
        ("names", "name, order_id"),
        ("log", "id"),
    ];
    let of = |(table, key)| {
        (
            table,
            rows(journal, &format!("SELECT * FROM {table} ORDER BY {key}")),
        )
    };
    tables.into_iter().map(of).collect()
}

#[test]
fn what_is_made_again_is_the_tills_own_and_goes_on() {
    let shop = Shop::open("rebuilt");
    let till = shop.till();
    shop.enrol();
    let own = everything(&shop, &till);
    shop.once();
    drop(till);
    let copy = shop.folder.join("copy.journal");
    let made = rebuilt(&shop, &copy, |_, _, _| {});
    assert_eq!(made.left_out, []);
    assert_eq!(made.orders as usize, shop.here("orders").len());
    assert_eq!(all_of(&copy), all_of(&own));
    // No till sells with a copy.
    let (ended, said) = shop.ends(&shop.enrol_words(&copy.to_string_lossy(), "CODE-2"));
    assert!(ended == 5 && said.contains("copy"), "{said}");
    // The disk is gone. On another machine it is made a journal again, and what is open is finished.
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{suffix}", own.display()));
    }
    restored(&copy, &own);
    let till = shop.till();
    // The shipment that was open is a person's; all the rest is done.
    let recovered = till
        .recover(None)
        .expect_err("a shipment waits for a person");
    assert_eq!(recovered.status(), Status::OutcomeUnknown);
    let states = |state: &str| {
        let query = format!("SELECT id FROM orders WHERE state = '{state}'");
        rows(&own, &query).len()
    };
    assert_eq!((states("referencing"), states("confirming")), (0, 0));
    let open = till.order_info("OPEN-1").expect("it is known");
    assert_eq!(open.order.expect("an order").state.as_str(), "settled");
    // What was confirmed gets its reference.
    let confirmed = rows(&own, "SELECT uuid FROM orders WHERE state = 'confirmed'");
    for (at, order) in confirmed.iter().enumerate() {
        let Cell::Text(uuid) = &order["uuid"] else {
            panic!("{order:?}")
        };
        till.set_order_ref(uuid, &format!("NEW-{at}"), None)
            .expect("its reference");
    }
    assert_eq!(states("confirmed"), 0);
    // Enrolled on the new machine, it is another life of the same journal.
    fs::remove_dir_all(shop.folder.join("state")).expect("the old machine's");
    shop.office.code("CODE-2");
    let (ended, said) = shop.ends(&shop.enrol_words(&own.to_string_lossy(), "CODE-2"));
    assert_eq!(ended, 0, "{said}");
    shop.once();
    let lives = shop.office.streams();
    assert_eq!(lives.len(), 2);
    assert_eq!(lives[0].0.journal_id, lives[1].0.journal_id);
    shop.assert_forwarded();
}

#[test]
fn what_no_journal_can_have_is_left_out_with_the_reason() {
    let shop = Shop::open("strange");
    let till = shop.till();
    shop.enrol();
    for _ in 0..7 {
        shop.sell(&till);
    }
    shop.once();
    drop(till);
    let copy = shop.folder.join("copy.journal");
    let text = |text: &str| outbox::Cell::Text(text.to_owned());
    let made = rebuilt(&shop, &copy, |id, version, rows| {
        let set = |rows: &mut Vec<(String, outbox::Row)>, table: &str, column: &str, cell| {
            let row = rows
                .iter_mut()
                .find(|(name, _)| name == table)
                .expect("it has one");
            row.1.retain(|(name, _)| name != column);
            row.1.push((column.to_owned(), cell));
        };
        match id {
            1 => *version = 2,
            2 => set(rows, "orders", "state", text("no state of ours")),
            3 => set(rows, "steps", "order_id", outbox::Cell::Integer(4)),
            4 => rows.push(("left_out".to_owned(), Vec::new())),
            5 => set(rows, "orders", "of_tomorrow", outbox::Cell::Integer(1)),
            6 => set(rows, "orders", "amount", text("a lot")),
            _ => {}
        }
    });
    let reasons: Vec<_> = made
        .left_out
        .iter()
        .map(|one| (one.part, one.id, one.why.as_str()))
        .collect();
    let [one, two, three, four, five, six] = &reasons[..] else {
        panic!("{reasons:?}")
    };
    assert_eq!(
        *one,
        (Part::Order, 1, "its rows are of version 2 of the journal")
    );
    assert_eq!(*two, (Part::Order, 2, "it cannot be read as an order"));
    assert_eq!(
        *three,
        (Part::Order, 3, "a row of steps is another order's")
    );
    assert_eq!(
        *four,
        (
            Part::Order,
            4,
            "a part of it was too large to be sent to the office"
        )
    );
    assert_eq!(*five, (Part::Order, 5, "orders has other columns"));
    assert!(six.1 == 6 && six.2.contains("orders.amount"), "{six:?}");
    assert_eq!(made.orders, 1);
    let own = shop.folder.join("again.journal");
    restored(&copy, &own);
    let till = shop.till_of(&own);
    assert!(till.order_info("R-6").is_ok() && till.order_info("R-5").is_err());
}

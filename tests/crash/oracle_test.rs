//! The oracle can see: ledgers that are right but for one thing are found wrong in that.

use crate::book::{Call, Saw};
use crate::ledger::{Change, Ledger, Pick};
use crate::oracle::{Ledgers, Rest, judge};
use crate::sale::{Sale, TOTAL};
use crate::shop::{Shop, cart, goods};
use crate::support;
use crate::till::Crash;
use sequra_sandbox::{CartView, Fault, Harm, SaleView, State};
use serde_json::{Value, json};

/// Two sales, one confirmed and not more, one settled, shipped in part, with its answer lost, and
/// paid back in part; another one cancelled; nothing is wrong.
fn right() -> Ledgers {
    let mut shop = Shop::open(support::c::scratch("oracle"));
    let mut till = shop.till("book", "config.json", Crash::default());
    till.call("open").expect("it lives");
    let mut first = Sale::plain(&shop, "s1", false);
    first
        .finish(&mut till, &shop.sandbox)
        .expect("it is settled");
    let mut second = Sale::plain(&shop, "s2", false);
    for command in [second.start(), second.form(), second.confirm(None)] {
        assert!(second.step(&mut till, &shop.sandbox, &command));
    }
    let mut third = Sale::plain(&shop, "s3", true);
    third
        .finish(&mut till, &shop.sandbox)
        .expect("it is settled");
    till.call("cancel s3").expect("it lives");
    let one = |reference: &str| Some(vec![Pick::pieces(reference, 1)]);
    let lost = Fault::new(Harm::CloseAfter {});
    shop.sandbox.fault(lost.method("PUT"));
    for change in [
        Change::Ship(one("s1")),
        Change::Ship(one("GORRA")),
        Change::Ship(Some(vec![Pick::pieces("GORRA", 7)])),
        Change::RefundAmount(50),
    ] {
        till.call(&first.change(&change)).expect("it lives");
    }
    till.call(&first.update("-dear")).expect("it lives");
    for command in ["recover", "pending", "log"] {
        till.call(command).expect("it lives");
    }
    till.end();
    let rest = Rest {
        status: "SQ_OK".to_owned(),
        requests: 0,
        before: shop.journal(),
        after: shop.journal(),
    };
    Ledgers {
        rest: Some(rest),
        ..shop.closed_ledgers()
    }
}

fn call<'a>(ledgers: &'a mut Ledgers, verb: &str, name: &str) -> &'a mut Call {
    let mut calls = ledgers.calls.iter_mut();
    calls
        .find(|call| call.verb == verb && call.name == name)
        .expect("it was made")
}

/// What the till was told of its change, as something else. `which`: of all its calls like that.
fn tell(ledgers: &mut Ledgers, verb: &str, which: usize, status: &str) {
    let calls = ledgers.calls.iter_mut().filter(|call| call.verb == verb);
    let told = calls
        .into_iter()
        .nth(which)
        .and_then(|call| call.told.as_mut());
    told.expect("it was made").1.status = status.to_owned();
}

/// Puts a second before the call with this argument: on a quick machine a call and the next are so
/// near that neither can be told to be the first.
fn later<'a>(ledgers: &'a mut Ledgers, argument: &str) -> &'a mut Call {
    let mut calls = ledgers.calls.iter();
    let from = calls.position(|call| call.argument.contains(argument));
    let from = from.expect("it was made");
    for call in &mut ledgers.calls[from..] {
        call.asked_at += 1000.0;
        call.over_at += 1000.0;
        if let Some((at, _)) = &mut call.told {
            *at += 1000.0;
        }
    }
    &mut ledgers.calls[from]
}

/// The sale as seQura has it.
fn sale(ledgers: &mut Ledgers, order: usize) -> &mut SaleView {
    ledgers.orders[order].sale.as_mut().expect("it was sold")
}

fn set(ledgers: &mut Ledgers, order: usize, column: &str, value: Value) {
    ledgers.journal.orders[order].insert(column.to_owned(), value);
}

/// The last thing that a till was told, as another one.
fn hear(ledgers: &mut Ledgers, state: &str) {
    let mut call = call(ledgers, "pending", "-").clone();
    let order = ledgers.orders[1].uuid.clone();
    let told = call.told.as_mut().expect("it was told");
    call.asked_at = told.0 + 100.0;
    told.0 += 200.0;
    call.verb = "recover".to_owned();
    call.saw = vec![(
        told.0,
        Saw {
            name: "s2".to_owned(),
            state: state.to_owned(),
            next: "-".to_owned(),
            uuid: Some(order),
            order_ref_1: None,
            missing: "-".to_owned(),
        },
    )];
    ledgers.calls.push(call);
}

#[test]
fn the_oracle_sees_what_is_wrong() {
    let right = right();
    let violations = judge(&right);
    assert!(violations.is_empty(), "{}", violations[0]);

    let mut spread = right.clone();
    later(&mut spread, "GORRA");
    let found = judge(&spread);
    let carts = found
        .iter()
        .find(|one| one.property.starts_with("seQura's carts"));
    assert!(
        carts.is_none(),
        "a second between two calls changes nothing"
    );

    type Spoil = fn(&mut Ledgers);
    let cases: &[(&str, Spoil)] = &[
        // Told to be done, and not on the disk.
        ("Whatever a till was told", |all| {
            set(all, 1, "state", json!("form_sent"));
            all.orders[1].state = State::Approved;
        }),
        ("Whatever a till was told", |all| {
            let uuid = all.orders[0].uuid.clone();
            all.journal
                .orders
                .retain(|row| row["uuid"] != uuid.as_str());
        }),
        // Done, and the journal does not know; nobody was told that it is not certain.
        ("Whatever a till was told", |all| {
            call(all, "confirm", "s2").verb = "hold".to_owned();
            set(all, 1, "state", json!("confirming"));
            call(all, "pending", "-").saw[0].1.missing = "answer".to_owned();
        }),
        // That was said, and the order is not listed as without an answer.
        ("Whatever a till was told", |all| {
            set(all, 1, "state", json!("confirming"));
            tell(all, "confirm", 1, "SQ_OUTCOME_UNKNOWN");
        }),
        // Shipped, and not in the journal's carts.
        ("Whatever a till was told", |all| {
            let last = sale(all, 0).updates.len() - 1;
            sale(all, 0).updates.remove(last);
        }),
        ("Whatever a till was told", |all| {
            let pending = call(all, "pending", "-").told.as_mut();
            pending.expect("it was told").1.at_risk -= 1;
        }),
        ("No confirmed order is forgotten", |all| {
            set(all, 1, "state", json!("conflicted"));
        }),
        ("No confirmed order is forgotten", |all| {
            call(all, "pending", "-").saw.clear();
        }),
        ("No confirmed order is forgotten", |all| {
            set(all, 0, "order_ref_1", json!("R-s3"));
        }),
        ("sq_pending lists every", |all| {
            call(all, "pending", "-").saw[0].1.state = "solicited".to_owned();
        }),
        ("The journal claims nothing", |all| {
            all.orders[1].state = State::Approved;
        }),
        ("What a till was told of an order is so", |all| {
            all.orders[0].order_ref_1 = Some("R-s3".to_owned());
        }),
        ("What a till was told of an order is so", |all| {
            all.sms.clear()
        }),
        ("What a till was told stands", |all| hear(all, "form_sent")),
        ("What a till was told stands", |all| hear(all, "abandoned")),
        ("What a till was told stands", |all| {
            // The journal says that it is confirmed, and nobody has asked again.
            let (_, told) = call(all, "confirm", "s2")
                .told
                .as_mut()
                .expect("it was told");
            told.status = "SQ_CONFLICT".to_owned();
            told.state = "conflicted".to_owned();
        }),
        ("Nothing reaches seQura that no till asked", |all| {
            all.calls
                .retain(|call| call.verb != "confirm" || call.name != "s2");
        }),
        ("Nothing reaches seQura that no till asked", |all| {
            let file = all.files.get_mut("s2.json").expect("it was asked with");
            file["order"]["cart"]["items"][0]["name"] = json!("Pantalones");
        }),
        ("No reference reaches seQura", |all| {
            let confirmed = all.events.iter().find(|event| {
                event.event == sequra_sandbox::Event::Confirmed && event.uuid == all.orders[0].uuid
            });
            let id = confirmed.and_then(|event| event.request_id.clone());
            let mut requests = all.requests.iter_mut();
            let request = requests.find(|request| Some(&request.request_id) == id.as_ref());
            request.expect("it was sent").seq = 1000;
        }),
        ("No two confirmed orders", |all| {
            all.orders[1].order_ref_1 = all.orders[0].order_ref_1.clone();
        }),
        ("No two confirmed orders", |all| {
            call(all, "ref", "s1").argument = "R-s4".to_owned();
        }),
        ("An intent is in the journal", |all| {
            all.journal
                .steps
                .retain(|step| step["step"] != "set_order_ref");
        }),
        ("An intent is in the journal", |all| {
            all.journal.steps[0].insert("intended_at".to_owned(), json!(9e15));
        }),
        ("Two requests for one order", |all| {
            // The form's answer came when the confirmation was under way, and the till waited.
            let uuid = all.orders[0].uuid.clone();
            let of_order = all
                .requests
                .iter_mut()
                .filter(|one| one.path.contains(&uuid));
            let times: Vec<&mut sequra_sandbox::RequestEntry> = of_order.collect();
            for (at, request) in times.into_iter().enumerate() {
                request.at = format!("2026-01-01T00:00:00.{at}00Z");
                request.answered_at = Some(format!("2026-01-01T00:00:00.{at}90Z"));
                if at == 0 {
                    request.answered_at = Some("2026-01-01T00:00:00.150Z".to_owned());
                }
            }
            let start = 1_767_225_600_000.0;
            for call in &mut all.calls {
                call.asked_at = start - 10.0;
                call.told.as_mut().expect("it was told").0 = start + 1000.0;
            }
        }),
        ("No SMS is sent", |all| {
            let form =
                |request: &&sequra_sandbox::RequestEntry| request.path.ends_with("form_deliveries");
            let request = all.requests.iter().find(form).cloned();
            all.requests.extend(request);
        }),
        ("The journal's carts", |all| {
            sale(all, 0).shipped_cart.items[0]["total_with_tax"] = json!(234);
        }),
        ("The journal's carts", |all| {
            set(all, 0, "amount", json!(951))
        }),
        ("The journal's carts", |all| {
            let carts = all.journal.orders[0]["carts"]
                .as_str()
                .expect("it has some");
            let carts = carts.replace("\"quantity\":2", "\"quantity\":3");
            set(all, 0, "carts", json!(carts));
        }),
        // Taken, and not in the carts.
        ("seQura's carts are what a ledger", |all| {
            tell(all, "ship", 2, "SQ_OK")
        }),
        // Refused, and in the carts all the same.
        ("seQura's carts are what a ledger", |all| {
            tell(all, "refund", 0, "SQ_CONFLICT")
        }),
        // Left to recovery, and never finished.
        ("seQura's carts are what a ledger", |all| {
            all.journal.log.retain(|entry| entry["status"] == 0);
            tell(all, "ship", 2, "SQ_OUTCOME_UNKNOWN");
            call(all, "ship", "s1").argument = "-".to_owned();
        }),
        // Paid back twice.
        ("seQura's carts are what a ledger", |all| {
            let sale = sale(all, 0);
            let mut again = sale.updates.last().cloned().expect("it was changed");
            let mut line = again.shipped_cart.items.last().cloned().expect("a refund");
            line["reference"] = json!("r_2");
            again.shipped_cart.items.push(line);
            sale.updates.push(again);
        }),
        // The second shipment was there before the first.
        ("seQura's carts are what a ledger", |all| {
            let sold = Ledger::of(&goods("s1", TOTAL));
            let cap = Change::Ship(Some(vec![Pick::pieces("GORRA", 1)]));
            let only_cap = sold.after(&cap).expect("it is there");
            let [here, out] = only_cap.carts().map(|items| CartView::of(&cart(&items)));
            let first = &mut sale(all, 0).updates[0];
            (first.unshipped_cart, first.shipped_cart) = (here, out);
            let second = later(all, "GORRA").told.as_mut();
            second.expect("it was told").1.totals = Some(only_cap.totals());
        }),
        // The till was told of other totals than there are.
        ("seQura's carts are what a ledger", |all| {
            let told = call(all, "refund", "s1")
                .told
                .as_mut()
                .expect("it was told");
            told.1.totals = Some((0, 0));
        }),
        ("No carts reach seQura", |all| {
            call(all, "refund", "s1").argument = r#"{"amount":49}"#.to_owned();
        }),
        ("No carts reach seQura", |all| {
            all.calls.retain(|call| call.verb != "cancel");
        }),
        ("An order is cancelled here and there", |all| {
            set(all, 2, "state", json!("settled"));
        }),
        ("An order is cancelled here and there", |all| {
            all.orders[2].state = State::Confirmed;
            all.calls.retain(|call| call.verb != "cancel");
        }),
        ("Each change that seQura accepted", |all| {
            all.journal.log.retain(|entry| entry["step"] != "cancel");
        }),
        ("A step without an answer is its order's last", |all| {
            all.journal.steps[0].insert("answered_at".to_owned(), Value::Null);
            set(all, 0, "finished", json!(0));
        }),
        ("A step without an answer is its order's last", |all| {
            let last = all.journal.steps.last_mut().expect("there are some");
            last.insert("answered_at".to_owned(), Value::Null);
        }),
        ("Recovery comes to rest", |all| {
            all.journal.steps[0].insert("answered_at".to_owned(), Value::Null);
        }),
        ("Recovery comes to rest", |all| {
            all.rest.as_mut().expect("it rested").requests = 1;
        }),
        ("Recovery comes to rest", |all| {
            all.rest.as_mut().expect("it rested").after.log.pop();
        }),
        ("The log's hash chain", |all| {
            all.journal.log[1].insert("amount".to_owned(), json!(1));
        }),
        ("The log's hash chain", |all| {
            drop(all.journal.log.remove(1))
        }),
        ("Each change that seQura accepted", |all| {
            all.journal.log.retain(|entry| entry["step"] != "confirm");
        }),
        ("Each change that seQura accepted", |all| {
            all.journal.log[0].insert("request_id".to_owned(), json!("made up"));
        }),
        ("Once an order is settled", |all| {
            set(all, 0, "order_ref_2", json!(crate::shop::personal("s1")[5]));
        }),
        ("Once all of a sale's orders", |all| {
            let bytes = all.bytes.as_mut().expect("they were read");
            *bytes += &crate::shop::personal("s1")[4];
        }),
        ("The journal's file is sound", |all| {
            all.journal.integrity = "row 1 missing".to_owned();
        }),
    ];
    for (number, (property, spoil)) in cases.iter().enumerate() {
        let mut spoilt = right.clone();
        spoil(&mut spoilt);
        let found: Vec<&str> = judge(&spoilt).iter().map(|one| one.property).collect();
        let seen = found.iter().any(|found| found.starts_with(property));
        assert!(
            seen,
            "nobody noticed {number}: {property}; found: {found:?}"
        );
    }
}

//! What can be said of an order after its confirmation, and what seQura makes of it.

mod common;
use common::*;
use sequra_sandbox::{Event, Fault, Harm, SaleView, Sandbox, Shipment, State};
use serde_json::{Value, json};

fn sale(sandbox: &Sandbox, uuid: &str) -> SaleView {
    sandbox.order(uuid).unwrap().sale.expect("it was confirmed")
}

/// Event, what is owed, and the totals of the two carts, from the confirmation on.
fn books(sandbox: &Sandbox) -> Vec<(Event, i64, i64, i64)> {
    let confirmed = |entry: &&sequra_sandbox::LedgerEntry| entry.unshipped_total.is_some();
    let ledger = sandbox.ledger();
    ledger
        .iter()
        .filter(confirmed)
        .map(|e| {
            let totals = (e.unshipped_total.unwrap(), e.shipped_total.unwrap());
            (e.event, e.amount, totals.0, totals.1)
        })
        .collect()
}

fn refund(cents: i64) -> Value {
    json!({ "type": "other_payment", "reference": "r_1", "name": "Refund", "total_with_tax": -cents })
}

#[test]
fn an_order_is_shipped_bit_by_bit_comes_back_and_is_refunded() {
    let sandbox = start();
    let uuid = sold(&sandbox, "R-1");
    let confirmed = sale(&sandbox, &uuid);
    assert_eq!(confirmed.confirmed_amount, 8350);
    assert_eq!(confirmed.shipment, Shipment::NotShipped);
    assert_eq!(confirmed.unshipped_cart.items, [shirt(), jacket()]);
    assert_eq!(
        (
            confirmed.shipped_cart.order_total_with_tax,
            &*confirmed.shipped_cart.currency
        ),
        (0, "EUR")
    );

    let answer = update(&sandbox, &now("R-1", &[shirt()], &[jacket()]));
    assert_eq!((answer.status, answer.text()), (204, ""));
    let entry = sandbox.ledger().pop().unwrap();
    assert_eq!(entry.request_id.as_deref(), answer.header("X-Request-Id"));
    assert_eq!(entry.order_ref_1.as_deref(), Some("R-1"));
    let partly = sale(&sandbox, &uuid);
    assert_eq!(partly.shipment, Shipment::PartlyShipped);
    assert_eq!(partly.unshipped_cart.items, [shirt()]);
    assert_eq!(partly.shipped_cart.items, [jacket()]);
    assert_eq!(partly.reduced_by, 0);

    updated(&sandbox, &now("R-1", &[], &[shirt(), jacket()]));
    assert_eq!(sale(&sandbox, &uuid).shipment, Shipment::Shipped);
    // The shirt comes back; money is given back for the jacket; the jacket comes back.
    updated(&sandbox, &now("R-1", &[], &[jacket()]));
    updated(&sandbox, &now("R-1", &[], &[jacket(), refund(500)]));
    assert_eq!(sale(&sandbox, &uuid).reduced_by, 1750);
    updated(&sandbox, &now("R-1", &[], &[]));

    let end = sale(&sandbox, &uuid);
    assert_eq!(
        (end.shipment, end.reduced_by),
        (Shipment::NothingLeft, 8350)
    );
    let shipped: Vec<i64> = end
        .updates
        .iter()
        .map(|u| u.shipped_cart.order_total_with_tax)
        .collect();
    assert_eq!(shipped, [7100, 8350, 7100, 6600, 0]);
    let view = sandbox.order(&uuid).unwrap();
    assert_eq!((view.state, view.amount), (State::Confirmed, 0));
    assert_eq!(view.history.last().unwrap().event, Event::Updated);
    assert_eq!(
        books(&sandbox),
        [
            (Event::Confirmed, 8350, 8350, 0),
            (Event::Updated, 8350, 1250, 7100),
            (Event::Updated, 8350, 0, 8350),
            (Event::Updated, 7100, 0, 7100),
            (Event::Updated, 6600, 0, 6600),
            (Event::Updated, 0, 0, 0),
        ]
    );
}

#[test]
fn an_order_is_cancelled_before_anything_is_shipped() {
    let sandbox = start();
    let uuid = sold(&sandbox, "R-1");
    // One line first, then the rest.
    updated(&sandbox, &now("R-1", &[jacket()], &[]));
    let mut cancel = now("R-1", &[], &[]);
    cancel["cancellation_reason"] = "customer_cancel".into();
    updated(&sandbox, &cancel);
    let view = sandbox.order(&uuid).unwrap();
    assert_eq!((view.state, view.amount), (State::Cancelled, 0));
    let sale = view.sale.unwrap();
    assert_eq!(sale.cancellation_reason.as_deref(), Some("customer_cancel"));
    assert_eq!(
        sale.updates[1].cancellation_reason,
        sale.cancellation_reason
    );
    assert_eq!(
        books(&sandbox),
        [
            (Event::Confirmed, 8350, 8350, 0),
            (Event::Updated, 7100, 7100, 0),
            (Event::Cancelled, 0, 0, 0),
        ]
    );
    // There is nothing more to be updated, and nothing to be confirmed.
    assert_eq!(update(&sandbox, &now("R-1", &[jacket()], &[])).status, 404);
    assert_eq!(confirm(&sandbox, &uuid, &order()).status, 410);
    // Its reference stays taken.
    let other = with_reference(order(), "R-1");
    let uuid = approved(&sandbox, &other);
    assert_eq!(confirm(&sandbox, &uuid, &other).status, 409);
}

#[test]
fn a_repeated_update_is_accepted_and_changes_nothing() {
    let sandbox = start();
    let uuid = sold(&sandbox, "R-1");
    // What is known from the confirmation can be said again as well.
    updated(&sandbox, &now("R-1", &[jacket(), shirt()], &[]));
    let before = sandbox.ledger();
    assert_eq!(before.last().unwrap().event, Event::Confirmed);

    let mut shipped = now("R-1", &[], &[shirt(), jacket()]);
    shipped["trackings"] = json!([{ "type": "postal", "reference": "J1", "carrier": "correos" }]);
    updated(&sandbox, &shipped);
    let once = (sandbox.ledger(), sandbox.order(&uuid));
    // The same in other words: order, nulls, an implied type, another version of the till.
    let mut same = shipped.clone();
    let items = same["shipped_cart"]["items"].as_array_mut().unwrap();
    items.reverse();
    items[0].as_object_mut().unwrap().remove("type");
    items[1]["category"] = Value::Null;
    same["shipped_cart"]["updated_at"] = "2026-01-01T00:00:00Z".into();
    same["delivery_address"] = order()["delivery_address"].clone();
    same["platform"] = order()["platform"].clone();
    same["platform"]["version"] = "2".into();
    for repeated in [&shipped, &same, &shipped] {
        updated(&sandbox, repeated);
    }
    assert_eq!((sandbox.ledger(), sandbox.order(&uuid)), once);

    let uuid = sold(&sandbox, "R-2");
    for _ in 0..3 {
        updated(&sandbox, &now("R-2", &[], &[]));
    }
    assert_eq!(sandbox.order(&uuid).unwrap().sale.unwrap().updates.len(), 1);
    let cancelled = sandbox
        .ledger()
        .iter()
        .filter(|e| e.event == Event::Cancelled)
        .count();
    assert_eq!(cancelled, 1);
}

#[test]
fn goods_taken_away_at_once_are_shipped_from_the_start() {
    let sandbox = start();
    let mut both = with_reference(order(), "R-1");
    both["merchant"]["options"] = json!({ "uses_shipped_cart": true });
    both["cart"] = Value::Null;
    (both["unshipped_cart"], both["shipped_cart"]) = (cart(&[jacket()]), cart(&[shirt()]));
    for name in ["unshipped_cart", "shipped_cart"] {
        both[name]["gift"] = false.into();
    }
    let uuid = approved(&sandbox, &both);
    assert_eq!(confirm(&sandbox, &uuid, &both).status, 200);
    let carts = sale(&sandbox, &uuid);
    assert_eq!(carts.shipment, Shipment::PartlyShipped);
    assert_eq!(carts.shipped_cart.items, [shirt()]);
    assert_eq!(books(&sandbox), [(Event::Confirmed, 8350, 7100, 1250)]);
    // So emptying both is a return, no cancellation.
    updated(&sandbox, &now("R-1", &[], &[]));
    assert_eq!(sandbox.order(&uuid).unwrap().state, State::Confirmed);
    assert_eq!(sandbox.ledger().last().unwrap().event, Event::Updated);
}

#[test]
fn addresses_customer_and_trackings_arrive() {
    let sandbox = start();
    let uuid = sold(&sandbox, "R-1");
    let mut moved = now("R-1", &[], &[shirt(), jacket()]);
    moved["delivery_address"] = order()["delivery_address"].clone();
    moved["delivery_address"]["city"] = "Getafe".into();
    moved["customer"] = json!({ "given_names": "José", "surnames": "Muñoz", "email": "j@example.es",
                                "logged_in": false, "language_code": "es-ES" });
    let trackings = json!([
        { "type": "postal", "reference": "J1", "carrier": "correos", "tracking_number": "7" },
        { "type": "pickup_store", "reference": "S1", "store_ref": "M-2" }
    ]);
    moved["trackings"] = trackings.clone();
    moved["merchant_reference"]["order_ref_2"] = 17.into();
    updated(&sandbox, &moved);

    let content = sandbox.order_content(&uuid).unwrap();
    assert_eq!(content["delivery_address"]["city"], "Getafe");
    assert_eq!(content["customer"]["surnames"], "Muñoz");
    assert_eq!(content["trackings"], trackings);
    assert_eq!(content["shipped_cart"]["items"], json!([shirt(), jacket()]));
    assert_eq!(content.get("cart"), None);
    assert_eq!(
        content["invoice_address"],
        order()["invoice_address"],
        "as it was"
    );
    let shown = call(
        &sandbox,
        "GET",
        &format!("/_sandbox/orders/{uuid}"),
        None,
        &[],
        b"",
    );
    assert_eq!(shown.unwrap().json()["order"], content);
    let view = sandbox.order(&uuid).unwrap();
    assert_eq!(view.order_ref_2.as_deref(), Some("17"));
    assert_eq!(
        view.sale.as_ref().unwrap().updates[0].details,
        ["customer", "delivery_address", "trackings"]
    );

    // An address alone is a change, too, and what is not said again stays.
    let mut home = now("R-1", &[], &[shirt(), jacket()]);
    home["delivery_address"] = order()["delivery_address"].clone();
    updated(&sandbox, &home);
    let content = sandbox.order_content(&uuid).unwrap();
    assert_eq!(content["delivery_address"], order()["delivery_address"]);
    assert_eq!(content["trackings"], trackings);
    assert_eq!(books(&sandbox).len(), 3);

    // The list is for printing: nobody's name is in it.
    let list = call(&sandbox, "GET", "/_sandbox/orders", None, &[], b"").unwrap();
    assert_eq!(list.json()["orders"][0]["sale"]["shipment"], "shipped");
    for personal in ["José", "Muñoz", "Getafe", "example.es"] {
        assert!(!list.text().contains(personal), "{personal} is in the list");
    }
}

#[test]
fn a_late_confirm_does_not_undo_an_update() {
    let sandbox = start();
    let uuid = sold(&sandbox, "R-1");
    updated(&sandbox, &now("R-1", &[], &[jacket()]));
    let mut original = with_reference(order(), "R-1");
    original["cart"] = cart(&[shirt(), jacket()]);
    original["cart"]["gift"] = false.into();
    assert_eq!(confirm(&sandbox, &uuid, &original).status, 200);
    assert_eq!(sandbox.order(&uuid).unwrap().amount, 7100);
    assert_eq!(sale(&sandbox, &uuid).shipped_cart.items, [jacket()]);
}

#[test]
fn references_are_decoded_and_only_confirmed_orders_are_found() {
    let sandbox = start();
    for (reference, encoded) in [
        ("A14/12345", "A14%2F12345"),
        ("año 1+%", "a%C3%B1o%201+%25"),
    ] {
        let uuid = sold(&sandbox, reference);
        let body = json!({ "order": now(reference, &[], &[shirt(), jacket()]) });
        let path = format!("/merchants/shop_es/orders/{encoded}");
        assert_eq!(send(&sandbox, "PUT", &path, &body).status, 204, "{path}");
        assert_eq!(sale(&sandbox, &uuid).shipment, Shipment::Shipped);
    }
    // A number is the same reference as its digits.
    sold(&sandbox, "100");
    let mut number = now("100", &[jacket()], &[shirt()]);
    number["merchant_reference"]["order_ref_1"] = 100.into();
    let body = json!({ "order": number });
    assert_eq!(
        send(&sandbox, "PUT", "/merchants/shop_es/orders/100", &body).status,
        204
    );

    approved(&sandbox, &with_reference(order(), "approved"));
    let held = solicited(&sandbox, &with_reference(order(), "held"));
    sandbox.review(&held).unwrap();
    put(
        &sandbox,
        &held,
        &with_state(with_reference(order(), "held"), "on_hold"),
    );
    let cancelled = sold(&sandbox, "cancelled");
    sandbox.cancel(&cancelled).unwrap();
    let lines = sandbox.ledger().len();
    for path in [
        "approved",
        "held",
        "cancelled",
        "unknown",
        "A14/12345",
        "%FF",
        "",
        "A14%2F12345/",
        "..%2F100",
    ] {
        let body = json!({ "order": now(path, &[], &[shirt()]) });
        let path = format!("/merchants/shop_es/orders/{path}");
        let answer = send(&sandbox, "PUT", &path, &body);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(
            answer.header("Content-Type"),
            Some("text/html; charset=utf-8")
        );
    }
    // Another merchant's order of that reference is another order.
    let body = json!({ "order": now("100", &[], &[shirt()]) });
    assert_eq!(
        send(&sandbox, "PUT", "/merchants/shop_fr/orders/100", &body).status,
        404
    );
    assert_eq!(sandbox.ledger().len(), lines);
}

#[test]
fn callers_are_asked_for_what_is_theirs() {
    let sandbox = start();
    let uuid = sold(&sandbox, "R-1");
    let before = sandbox.order(&uuid);
    let path = "/merchants/shop_es/orders/R-1";
    let body = json!({ "order": now("R-1", &[], &[shirt()]) }).to_string();
    let ask = |credentials, path, headers: &[(&str, &str)]| {
        call(&sandbox, "PUT", path, credentials, headers, body.as_bytes()).unwrap()
    };
    let answer = ask(Some("sandbox_key:wrong"), path, &[]);
    assert_eq!(
        (answer.status, answer.text()),
        (401, "HTTP Basic: Access denied.")
    );
    let no_access = r#"{"errors":["You do not have access to this URL"]}"#;
    for answer in [
        ask(Some("other_key:other_secret"), path, &[]),
        ask(Some(CREDENTIALS), "/merchants/other_es/orders/R-1", &[]),
        ask(Some(CREDENTIALS), "/merchants/nobody/orders/R-1", &[]),
    ] {
        assert_eq!((answer.status, answer.text()), (403, no_access));
    }
    let other_header = ask(
        Some(CREDENTIALS),
        path,
        &[("Sequra-Merchant-Id", "shop_fr")],
    );
    assert_eq!(
        other_header.errors(),
        ["Bad merchant id 'shop_fr' for sandbox_key"]
    );
    let text = ask(Some(CREDENTIALS), path, &[("Content-Type", "text/plain")]);
    assert_eq!(text.status, 400);
    assert_eq!(sandbox.order(&uuid), before);
    let own_header = ask(
        Some(CREDENTIALS),
        path,
        &[("Sequra-Merchant-Id", "shop_es")],
    );
    assert_eq!(own_header.status, 204);
}

/// The errors of an update that is refused and changes nothing.
fn refusals(sandbox: &Sandbox, body: &Value) -> Vec<String> {
    let before = (sandbox.ledger(), sandbox.orders());
    let answer = send(sandbox, "PUT", "/merchants/shop_es/orders/R-1", body);
    assert_eq!(answer.status, 409, "{body}");
    assert_eq!((sandbox.ledger(), sandbox.orders()), before);
    answer.errors()
}

#[test]
fn totals_that_do_not_add_up_are_named_with_their_cart() {
    let sandbox = start();
    sold(&sandbox, "R-1");
    let mut wrong = now("R-1", &[shirt()], &[jacket()]);
    wrong["unshipped_cart"]["order_total_with_tax"] = 1200.into();
    wrong["shipped_cart"]["items"] = json!([jacket(), refund(500)]);
    assert_eq!(
        refusals(&sandbox, &json!({ "order": wrong })),
        [
            "Invalid data: In unshipped_cart, items' total_with_tax add up to 1250 (1250) \
             but order_total_with_tax is 1200. The diff is -50.",
            "Invalid data: In shipped_cart, items' total_with_tax add up to 6600 (7100+-500) \
             but order_total_with_tax is 7100. The diff is 500."
        ]
    );
}

#[test]
fn what_is_missing_or_wrong_is_listed() {
    let sandbox = start();
    sold(&sandbox, "R-1");
    let all = [
        "merchant",
        "merchant_reference",
        "unshipped_cart",
        "shipped_cart",
    ]
    .map(|name| format!("Invalid data: {name} is required"));
    assert_eq!(refusals(&sandbox, &json!({ "order": {} })), all);
    assert_eq!(
        refusals(&sandbox, &json!({})),
        ["Invalid data: order is required"]
    );
    assert_eq!(
        refusals(&sandbox, &json!({ "order": [] })),
        ["Invalid data: order is required"]
    );

    let complete = {
        let mut complete = now("R-1", &[shirt()], &[jacket()]);
        for name in [
            "delivery_address",
            "invoice_address",
            "customer",
            "delivery_method",
        ] {
            complete[name] = order()[name].clone();
        }
        complete["platform"] = order()["platform"].clone();
        complete["trackings"] = json!([{ "type": "postal", "reference": "J1", "carrier": "c" }]);
        complete["cancellation_reason"] = "unspecified".into();
        complete
    };
    let cases: &[(&str, Value, &str)] = &[
        ("/merchant/id", Value::Null, "merchant.id is required"),
        (
            "/merchant/id",
            json!("shop_fr"),
            "merchant.id 'shop_fr' is not the merchant of the URL",
        ),
        (
            "/merchant/id",
            json!([]),
            "merchant.id must be a text or a number",
        ),
        (
            "/merchant_reference/order_ref_1",
            json!(""),
            "merchant_reference.order_ref_1 is required",
        ),
        (
            "/merchant_reference/order_ref_1",
            json!(2),
            "order_ref_1 '2' is not the reference of the URL",
        ),
        (
            "/unshipped_cart/currency",
            Value::Null,
            "unshipped_cart.currency is required",
        ),
        (
            "/shipped_cart/order_total_with_tax",
            Value::Null,
            "shipped_cart.order_total_with_tax is required",
        ),
        (
            "/shipped_cart/order_total_with_tax",
            json!(7100.0),
            "shipped_cart.order_total_with_tax must be an integer (cents)",
        ),
        (
            "/shipped_cart/order_total_with_tax",
            json!(u64::MAX),
            "shipped_cart.order_total_with_tax must be an integer (cents)",
        ),
        (
            "/unshipped_cart/items",
            Value::Null,
            "unshipped_cart.items is required",
        ),
        (
            "/unshipped_cart/items",
            json!("shirt"),
            "unshipped_cart.items must be a list",
        ),
        (
            "/unshipped_cart",
            json!([]),
            "unshipped_cart must be an object",
        ),
        (
            "/shipped_cart/gift",
            json!("no"),
            "shipped_cart.gift must be true or false",
        ),
        (
            "/shipped_cart/items/0/reference",
            Value::Null,
            "shipped_cart.items[0].reference is required",
        ),
        (
            "/shipped_cart/items/0/quantity",
            json!(0),
            "shipped_cart.items[0].quantity must be a positive integer",
        ),
        (
            "/shipped_cart/items/0/type",
            json!("gift_card"),
            "shipped_cart.items[0].type 'gift_card' is not known",
        ),
        (
            "/delivery_address/city",
            Value::Null,
            "delivery_address.city is required",
        ),
        (
            "/delivery_address/country_code",
            json!("FR"),
            "country 'FR' is not allowed for merchant 'shop_es'",
        ),
        (
            "/invoice_address",
            json!("home"),
            "invoice_address must be an object",
        ),
        ("/customer/email", json!(7), "customer.email must be a text"),
        (
            "/delivery_method/name",
            Value::Null,
            "delivery_method.name is required",
        ),
        ("/platform/uname", Value::Null, "platform.uname is required"),
        ("/trackings", json!({}), "trackings must be a list"),
        ("/trackings/0", json!(1), "trackings[0] must be an object"),
        (
            "/trackings/0/reference",
            Value::Null,
            "trackings[0].reference is required",
        ),
        (
            "/trackings/0/carrier",
            Value::Null,
            "trackings[0].carrier is required",
        ),
        (
            "/cancellation_reason",
            json!({}),
            "cancellation_reason must be a text",
        ),
    ];
    for (pointer, value, text) in cases {
        let mut wrong = complete.clone();
        match pointer.rsplit_once('/') {
            Some((parent, "gift")) => wrong.pointer_mut(parent).unwrap()["gift"] = value.clone(),
            _ => *wrong.pointer_mut(pointer).expect(pointer) = value.clone(),
        }
        let text = format!("Invalid data: {text}");
        assert_eq!(
            refusals(&sandbox, &json!({ "order": wrong })),
            [text],
            "{pointer}"
        );
    }
    updated(&sandbox, &complete);
}

#[test]
fn hostile_bodies_are_refused_in_good_order() {
    let sandbox = start();
    let uuid = sold(&sandbox, "R-1");
    let before = sandbox.order(&uuid);
    let send = |body: &str| {
        let path = "/merchants/shop_es/orders/R-1";
        call(
            &sandbox,
            "PUT",
            path,
            Some(CREDENTIALS),
            &[],
            body.as_bytes(),
        )
        .unwrap()
    };
    let deep = format!(
        "{{\"order\":{}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let long = format!("{{\"order\":{{\"unshipped_cart\":1e{}}}}}", "9".repeat(50));
    for unreadable in [
        &*deep,
        &*long,
        "\"order\"",
        "[]",
        "null",
        "{\"order\":null}",
    ] {
        let status = send(unreadable).status;
        assert!([400, 409].contains(&status), "{status}");
    }
    // Two carts whose sum does not fit into 64 bits, and items that do not either.
    sandbox.rules(|rules| rules.confirmed_amount_is_ceiling = false);
    let item = |cents: i64| json!({ "type": "handling", "reference": "H", "name": "H", "total_with_tax": cents });
    let huge = now("R-1", &[item(i64::MAX)], &[item(i64::MAX)]);
    let answer = send(&json!({ "order": huge }).to_string());
    assert_eq!(
        answer.errors(),
        ["Invalid data: order_total_with_tax is too large"]
    );
    let mut wrapping = now("R-1", &[], &[]);
    wrapping["shipped_cart"]["items"] = json!([item(i64::MAX), item(i64::MAX), item(2)]);
    assert_eq!(send(&json!({ "order": wrapping }).to_string()).status, 409);
    assert_eq!(sandbox.order(&uuid), before);
}

#[test]
fn faults_find_updates_and_the_log_has_them() {
    let sandbox = start();
    let uuid = sold(&sandbox, "A/1");
    let shipped = json!({ "order": now("A/1", &[], &[shirt(), jacket()]) });
    let path = "/merchants/shop_es/orders/A%2F1";
    let fault = |harm: Harm| Fault::new(harm).method("PUT").path("/merchants/");
    sandbox.fault(fault(Harm::CloseBefore {}).path("/orders/A%2F1"));
    assert!(try_send(&sandbox, "PUT", path, &shipped).is_none());
    assert_eq!(sale(&sandbox, &uuid).shipment, Shipment::NotShipped);
    sandbox.fault(fault(Harm::CloseAfter {}));
    assert!(try_send(&sandbox, "PUT", path, &shipped).is_none());
    assert_eq!(sale(&sandbox, &uuid).shipment, Shipment::Shipped);
    // An update has no state: it is one of the requests without.
    sandbox.fault(
        fault(Harm::Conflict {
            errors: vec!["no".into()],
        })
        .state(""),
    );
    assert_eq!(send(&sandbox, "PUT", path, &shipped).errors(), ["no"]);
    assert_eq!(send(&sandbox, "PUT", path, &shipped).status, 204);

    let log = sandbox.requests().split_off(2);
    let seen: Vec<_> = log
        .iter()
        .map(|r| (&*r.path, r.processed, r.status))
        .collect();
    assert_eq!(
        seen,
        [
            (path, false, None),
            (path, true, None),
            (path, false, Some(409)),
            (path, true, Some(204))
        ]
    );
    let body: Value = serde_json::from_str(log[3].body.as_deref().unwrap()).unwrap();
    assert_eq!(body, shipped);
    assert_eq!(books(&sandbox).len(), 2);
}

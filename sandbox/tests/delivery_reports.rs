//! Delivery reports and statistics: what is taken, and what is not.

mod common;
use common::*;
use sequra_sandbox::{Fault, Harm, Sandbox};
use serde_json::{Value, json};

const PATHS: [&str; 2] = ["/delivery_reports", "/orders/delivery_reports"];

fn report(sandbox: &Sandbox, report: &Value) -> Answer {
    send(
        sandbox,
        "POST",
        PATHS[0],
        &json!({ "delivery_report": report }),
    )
}

fn nothing() -> Value {
    json!({ "merchant": { "id": "shop_es" }, "orders": [], "statistics": { "orders": [] } })
}

/// A report with all there can be in it.
fn full() -> Value {
    let mut delivered = json!({
        "state": "delivered", "sent_at": "2014-02-05T19:21:22+01:00",
        "merchant_reference": { "order_ref_1": "R-1", "order_ref_2": 17 },
        "cart": cart(&[jacket()]), "remaining_cart": cart(&[shirt()]),
        "trackings": [{ "type": "postal", "reference": "J1", "carrier": "correos" }],
    });
    delivered["cart"]["gift"] = false.into();
    for name in [
        "delivery_address",
        "invoice_address",
        "customer",
        "delivery_method",
    ] {
        delivered[name] = order()[name].clone();
    }
    // The shopper's browser is nobody's business any more.
    delivered["customer"]
        .as_object_mut()
        .unwrap()
        .remove("ip_number");
    json!({
        "merchant": { "id": "shop_es" },
        "orders": [delivered],
        "broken_orders": [],
        "statistics": { "orders": [{
            "completed_at": "2013-12-24T13:14:15+0100", "amount": 9957, "currency": "EUR",
            "merchant_reference": { "order_ref_1": "R-1" }, "payment_method": "O/postal_giro",
            "country": "ES", "device": "tablet/ipad4", "status": "shipped",
            "raw_status": "Delivered", "sequra_offered": true,
        }] },
        "platform": order()["platform"],
    })
}

#[test]
fn reports_are_taken_at_both_paths_and_kept() {
    let sandbox = start();
    let uuid = sold(&sandbox, "R-1");
    let before = (sandbox.order(&uuid), sandbox.ledger());
    for (path, sent) in PATHS.into_iter().zip([full(), nothing()]) {
        let answer = send(&sandbox, "POST", path, &json!({ "delivery_report": sent }));
        assert_eq!((answer.status, answer.text()), (204, ""));
        let kept = sandbox.delivery_reports().pop().unwrap();
        assert_eq!((&*kept.path, kept.report), (path, sent));
        assert_eq!(
            (&*kept.account, &*kept.merchant_id),
            ("sandbox_key", "shop_es")
        );
        assert_eq!(Some(&*kept.request_id), answer.header("X-Request-Id"));
    }
    assert_eq!(
        (sandbox.order(&uuid), sandbox.ledger()),
        before,
        "nothing moves"
    );
    let shown = call(
        &sandbox,
        "GET",
        "/_sandbox/delivery_reports",
        None,
        &[],
        b"",
    )
    .unwrap();
    let shown = shown.json()["delivery_reports"].take();
    assert_eq!(shown[0]["report"], full());
    assert_eq!(shown[1]["path"], PATHS[1]);
    assert_eq!(shown.as_array().unwrap().len(), 2);

    // Deliveries without statistics, statistics without deliveries.
    for part in ["orders", "statistics"] {
        let mut sent = full();
        sent.as_object_mut().unwrap().remove(part);
        assert_eq!(report(&sandbox, &sent).status, 204);
    }
    sandbox.reset();
    assert!(sandbox.delivery_reports().is_empty());
}

#[test]
fn callers_are_asked_for_what_is_theirs() {
    let sandbox = start();
    let body = json!({ "delivery_report": nothing() }).to_string();
    for path in PATHS {
        let ask = |credentials, headers: &[(&str, &str)]| {
            call(
                &sandbox,
                "POST",
                path,
                credentials,
                headers,
                body.as_bytes(),
            )
            .unwrap()
        };
        assert_eq!(ask(None, &[]).text(), "HTTP Basic: Access denied.");
        let other = ask(Some("other_key:other_secret"), &[]);
        assert_eq!(other.status, 403);
        assert_eq!(other.errors(), ["Bad merchant id 'shop_es' for other_key"]);
        let header = ask(Some(CREDENTIALS), &[("Sequra-Merchant-Id", "shop_fr")]);
        assert_eq!(
            header.errors(),
            ["Bad merchant id 'shop_fr' for sandbox_key"]
        );
        assert_eq!(
            ask(Some(CREDENTIALS), &[("Content-Type", "text/plain")]).status,
            400
        );
        assert_eq!(get(&sandbox, path).status, 404);
    }
    assert!(sandbox.delivery_reports().is_empty());
}

#[test]
fn what_is_missing_or_wrong_is_listed() {
    let sandbox = start();
    let refused = |sent: &Value, texts: &[&str]| {
        let answer = report(&sandbox, sent);
        assert_eq!(answer.status, 409, "{sent}");
        let texts: Vec<_> = texts.iter().map(|t| format!("Invalid data: {t}")).collect();
        assert_eq!(answer.errors(), texts);
    };
    let unwrapped = send(&sandbox, "POST", PATHS[0], &full());
    assert_eq!(
        unwrapped.errors(),
        ["Invalid data: delivery_report is required"]
    );
    refused(&json!({}), &["merchant is required", "orders is required"]);
    refused(
        &json!({ "merchant": { "id": "shop_es" }, "orders": [{}, 1], "statistics": { "orders": [{}, []] } }),
        &[
            "orders[0].state is required",
            "orders[0].merchant_reference is required",
            "orders[0].cart is required",
            "orders[1] must be an object",
            "statistics.orders[0].completed_at is required",
            "statistics.orders[0].currency is required",
            "statistics.orders[1] must be an object",
        ],
    );
    let cases: &[(&str, Value, &str)] = &[
        ("/merchant/id", Value::Null, "merchant.id is required"),
        ("/orders", json!({}), "orders must be a list"),
        (
            "/orders/0/state",
            json!("sent"),
            "orders[0].state 'sent' is not one of shipped, delivered",
        ),
        (
            "/orders/0/state",
            json!(1),
            "orders[0].state must be a text",
        ),
        (
            "/orders/0/sent_at",
            json!("today"),
            "orders[0].sent_at 'today' is not a time like 2014-02-05T19:21:22+01:00",
        ),
        (
            "/orders/0/sent_at",
            json!(1391624482),
            "orders[0].sent_at must be a text",
        ),
        (
            "/orders/0/merchant_reference/order_ref_1",
            json!(""),
            "orders[0].merchant_reference.order_ref_1 is required",
        ),
        (
            "/orders/0/cart/gift",
            Value::Null,
            "orders[0].cart.gift is required",
        ),
        (
            "/orders/0/cart/items/0/quantity",
            json!(-1),
            "orders[0].cart.items[0].quantity must be a positive integer",
        ),
        (
            "/orders/0/cart/order_total_with_tax",
            json!(7000),
            "In orders[0].cart, items' total_with_tax add up to 7100 (7100) but order_total_with_tax is 7000. The diff is -100.",
        ),
        (
            "/orders/0/remaining_cart/order_total_with_tax",
            json!(0),
            "In orders[0].remaining_cart, items' total_with_tax add up to 1250 (1250) but order_total_with_tax is 0. The diff is -1250.",
        ),
        (
            "/orders/0/cart/currency",
            json!("USD"),
            "currency 'USD' is not the currency of merchant 'shop_es'",
        ),
        (
            "/orders/0/customer/email",
            Value::Null,
            "orders[0].customer.email is required",
        ),
        (
            "/orders/0/delivery_address/city",
            Value::Null,
            "orders[0].delivery_address.city is required",
        ),
        (
            "/orders/0/delivery_method/name",
            json!(1),
            "orders[0].delivery_method.name must be a text",
        ),
        (
            "/orders/0/trackings/0/carrier",
            Value::Null,
            "orders[0].trackings[0].carrier is required",
        ),
        ("/statistics", json!([]), "statistics must be an object"),
        (
            "/statistics/orders",
            Value::Null,
            "statistics.orders is required",
        ),
        (
            "/statistics/orders/0/completed_at",
            json!("24.12."),
            "statistics.orders[0].completed_at '24.12.' is not a time like 2014-02-05T19:21:22+01:00",
        ),
        (
            "/statistics/orders/0/completed_at",
            json!([]),
            "statistics.orders[0].completed_at must be a text",
        ),
        (
            "/statistics/orders/0/amount",
            json!(99.57),
            "statistics.orders[0].amount must be an integer (cents)",
        ),
        (
            "/statistics/orders/0/merchant_reference",
            json!({}),
            "statistics.orders[0].merchant_reference.order_ref_1 is required",
        ),
        (
            "/statistics/orders/0/payment_method",
            json!("cash"),
            "statistics.orders[0].payment_method 'cash' is not one of CC, COD, PP, TR, SQ, O/…",
        ),
        (
            "/statistics/orders/0/payment_method",
            json!("O/"),
            "statistics.orders[0].payment_method 'O/' is not one of CC, COD, PP, TR, SQ, O/…",
        ),
        (
            "/statistics/orders/0/status",
            json!("lost"),
            "statistics.orders[0].status 'lost' is not one of processing, shipped, cancelled",
        ),
        (
            "/statistics/orders/0/status",
            json!(3),
            "statistics.orders[0].status must be a text",
        ),
        (
            "/statistics/orders/0/device",
            json!("toaster/2"),
            "statistics.orders[0].device 'toaster/2' is not one of computer, tablet, phone, other",
        ),
        (
            "/statistics/orders/0/country",
            json!(34),
            "statistics.orders[0].country must be a text",
        ),
        (
            "/broken_orders",
            json!("none"),
            "broken_orders must be a list",
        ),
        ("/platform/uname", Value::Null, "platform.uname is required"),
    ];
    for (pointer, value, text) in cases {
        let mut wrong = full();
        *wrong.pointer_mut(pointer).expect(pointer) = value.clone();
        refused(&wrong, &[text]);
    }
    let mut empty = full();
    empty["orders"][0]["cart"] = cart(&[]);
    empty["orders"][0]["cart"]["gift"] = false.into();
    refused(&empty, &["orders[0].cart.items is empty"]);
    assert!(sandbox.delivery_reports().is_empty());

    // What may be missing.
    for pointer in [
        "/orders/0/sent_at",
        "/orders/0/remaining_cart",
        "/orders/0/trackings",
        "/orders/0/customer",
        "/orders/0/delivery_address",
        "/statistics/orders/0/amount",
        "/statistics/orders/0/merchant_reference",
        "/statistics/orders/0/payment_method",
        "/statistics/orders/0/device",
        "/statistics/orders/0/status",
        "/platform",
    ] {
        let mut lacking = full();
        *lacking.pointer_mut(pointer).expect(pointer) = Value::Null;
        assert_eq!(report(&sandbox, &lacking).status, 204, "{pointer}");
    }
}

#[test]
fn either_path_can_be_taken_away() {
    let rules = [
        "short_delivery_report_path",
        "documented_delivery_report_path",
    ];
    for (gone, rule_name) in rules.into_iter().enumerate() {
        let sandbox = start();
        rule(&sandbox, rule_name, json!(false));
        let body = json!({ "delivery_report": nothing() });
        assert_eq!(send(&sandbox, "POST", PATHS[gone], &body).status, 404);
        let nobody = call(&sandbox, "POST", PATHS[gone], None, &[], b"{}").unwrap();
        assert_eq!(nobody.status, 404, "a path that is not there asks nothing");
        assert_eq!(send(&sandbox, "POST", PATHS[1 - gone], &body).status, 204);
    }
}

#[test]
fn faults_find_reports_and_the_log_has_them() {
    let sandbox = start();
    let body = json!({ "delivery_report": nothing() });
    sandbox.fault(
        Fault::new(Harm::CloseAfter {})
            .method("POST")
            .path("delivery_reports"),
    );
    assert!(try_send(&sandbox, "POST", PATHS[1], &body).is_none());
    assert_eq!(sandbox.delivery_reports().len(), 1);
    let entry = sandbox.requests().pop().unwrap();
    assert_eq!((&*entry.path, entry.processed), (PATHS[1], true));
    assert_eq!(entry.body.as_deref(), Some(&*body.to_string()));
}

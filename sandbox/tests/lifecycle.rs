//! Every way an order can go.

mod common;
use common::*;
use sequra_sandbox::{Event, Sandbox, State};
use serde_json::json;

fn state(sandbox: &Sandbox, uuid: &str) -> State {
    sandbox.order(uuid).unwrap().state
}

fn events(sandbox: &Sandbox, uuid: &str) -> Vec<Event> {
    let ledger = sandbox.ledger();
    let own = ledger.iter().filter(|entry| entry.uuid == uuid);
    own.map(|entry| entry.event).collect()
}

#[test]
fn the_manual_checkout_from_start_to_reference() {
    let sandbox = start();
    let uuid = solicited(&sandbox, &order());
    assert_eq!(deliver_pp3(&sandbox, &uuid).status, 204);
    let sms = &sandbox.sms()[0];
    assert_eq!(sms.phone, "+34 612 345 678");
    assert_eq!(
        sms.link,
        format!("http://till.example:8443/orders/{uuid}/pumbaa_form?product=pp3")
    );
    sandbox.approve(&uuid).unwrap();
    let confirmed = confirm(&sandbox, &uuid, &order());
    assert_eq!((confirmed.status, confirmed.text()), (200, ""));
    let registered = put(&sandbox, &uuid, &with_reference(order(), "R-100"));
    assert_eq!(registered.status, 200);

    let entry = sandbox.ledger().pop().unwrap();
    assert_eq!(entry.seq, 5);
    assert_eq!(entry.order_ref_1.as_deref(), Some("R-100"));
    assert_eq!((entry.amount, &*entry.currency), (5097, "EUR"));
    assert_eq!(entry.merchant_id, "shop_es");
    assert_eq!(
        entry.request_id.as_deref(),
        registered.header("X-Request-Id")
    );
    assert_eq!(
        events(&sandbox, &uuid),
        [
            Event::Solicited,
            Event::FormDelivered,
            Event::Approved,
            Event::Confirmed,
            Event::ReferenceRegistered
        ]
    );
    let ledger = serde_json::to_string(&sandbox.ledger()).unwrap();
    for personal in ["José", "Muñoz", "612", "example.es", "Mayor"] {
        assert!(!ledger.contains(personal), "{personal} is in the ledger");
    }
}

#[test]
fn a_review_is_held_then_approved_then_confirmed() {
    let sandbox = start();
    let uuid = solicited(&sandbox, &order());
    sandbox.review(&uuid).unwrap();
    let hold = with_state(order(), "on_hold");
    assert_eq!(put(&sandbox, &uuid, &hold).status, 200);
    assert_eq!(state(&sandbox, &uuid), State::OnHold);
    assert_eq!(put(&sandbox, &uuid, &hold).status, 200, "repeated");
    let early = confirm(&sandbox, &uuid, &order());
    assert_eq!(early.status, 409);
    assert_eq!(
        early.text(),
        r#"{"errors":["Invalid data: the order has not been approved yet"]}"#
    );
    sandbox.approve(&uuid).unwrap();
    assert_eq!(
        put(&sandbox, &uuid, &hold).status,
        200,
        "too late to matter"
    );
    assert_eq!(state(&sandbox, &uuid), State::Approved);
    assert_eq!(confirm(&sandbox, &uuid, &order()).status, 200);
    assert_eq!(
        put(&sandbox, &uuid, &hold).errors(),
        ["Invalid data: the order has already been confirmed"]
    );
    assert_eq!(
        events(&sandbox, &uuid),
        [
            Event::Solicited,
            Event::NeedsReview,
            Event::Held,
            Event::Approved,
            Event::Confirmed
        ]
    );
}

#[test]
fn dead_orders_are_gone() {
    let sandbox = start();
    type Death = fn(&Sandbox, &str);
    let deaths: [(Death, State, &str); 6] = [
        (
            |s, u| drop(s.reject(u).unwrap()),
            State::Rejected,
            "has been rejected",
        ),
        (
            |s, u| drop(s.cancel(u).unwrap()),
            State::Cancelled,
            "has been cancelled",
        ),
        (
            |s, u| drop(s.expire(u).unwrap()),
            State::Expired,
            "has expired",
        ),
        (
            |s, u| {
                s.approve(u).unwrap();
                s.expire(u).unwrap();
            },
            State::Expired,
            "has expired",
        ),
        (
            |s, u| {
                s.review(u).unwrap();
                s.reject(u).unwrap();
            },
            State::Cancelled,
            "has been cancelled",
        ),
        (
            |s, u| {
                s.review(u).unwrap();
                put(s, u, &with_state(order(), "on_hold"));
                s.reject(u).unwrap();
            },
            State::Cancelled,
            "has been cancelled",
        ),
    ];
    for (die, end, text) in deaths {
        let uuid = solicited(&sandbox, &order());
        die(&sandbox, &uuid);
        assert_eq!(state(&sandbox, &uuid), end);
        let answers = [
            confirm(&sandbox, &uuid, &order()),
            put(&sandbox, &uuid, &order()),
            put(&sandbox, &uuid, &with_state(order(), "on_hold")),
            deliver_pp3(&sandbox, &uuid),
        ];
        for answer in answers {
            assert_eq!(answer.status, 410);
            assert_eq!(answer.errors(), [format!("Invalid data: the order {text}")]);
        }
    }
}

#[test]
fn moves_that_make_no_sense_are_refused() {
    let sandbox = start();
    let uuid = approved(&sandbox, &order());
    let again = sandbox.approve(&uuid).unwrap_err().to_string();
    assert_eq!(again, "cannot approve an order that is approved");
    assert!(sandbox.review(&uuid).is_err());
    assert!(sandbox.reject(&uuid).is_err());
    confirm(&sandbox, &uuid, &order());
    assert!(sandbox.expire(&uuid).is_err());
    sandbox.cancel(&uuid).unwrap();
    assert!(sandbox.cancel(&uuid).is_err());
    let unknown = sandbox.approve("nobody").unwrap_err().to_string();
    assert_eq!(unknown, "there is no such order");
}

#[test]
fn a_repeated_confirm_is_accepted_and_changes_nothing() {
    let sandbox = start();
    let uuid = approved(&sandbox, &with_reference(order(), "R-1"));
    for _ in 0..3 {
        assert_eq!(confirm(&sandbox, &uuid, &order()).status, 200);
    }
    assert_eq!(
        events(&sandbox, &uuid),
        [Event::Solicited, Event::Approved, Event::Confirmed]
    );
    // The second PUT of the plugins: the same confirm, now with references.
    let mut with_both = with_reference(order(), "R-2");
    with_both["merchant_reference"]["order_ref_2"] = 17.into();
    assert_eq!(confirm(&sandbox, &uuid, &with_both).status, 200);
    let view = sandbox.order(&uuid).unwrap();
    assert_eq!(view.order_ref_1.as_deref(), Some("R-2"));
    assert_eq!(view.order_ref_2.as_deref(), Some("17"));
    assert_eq!(
        events(&sandbox, &uuid).last(),
        Some(&Event::ReferenceRegistered)
    );
}

#[test]
fn changes_are_conflicts() {
    let sandbox = start();
    let uuid = approved(&sandbox, &order());
    let refused = |order, text: &str| {
        let answer = confirm(&sandbox, &uuid, &order);
        assert_eq!(answer.status, 409);
        assert_eq!(answer.errors(), [text]);
    };
    let mut other_item = order();
    other_item["cart"]["items"][0]["reference"] = "S2".into();
    refused(
        other_item,
        "Invalid data: the cart has changed since it was approved",
    );
    refused(
        changed_by(order(), -97),
        "Invalid data: the cart has changed since it was approved",
    );
    refused(
        changed_by(order(), 903),
        "Invalid data: order_total_with_tax 6000 is above the approved amount 5097",
    );
    let mut moved = order();
    moved["delivery_address"]["address_line_1"] = "C/ Menor 2".into();
    refused(
        moved,
        "Invalid data: the delivery_address has changed since the order was approved",
    );
    let mut renamed = order();
    renamed["customer"]["surnames"] = "Otra".into();
    refused(
        renamed,
        "Invalid data: the customer has changed since the order was approved",
    );
    let mut abroad = order();
    abroad["merchant"]["id"] = "shop_fr".into();
    abroad["delivery_address"]["country_code"] = "FR".into();
    assert_eq!(
        confirm(&sandbox, &uuid, &abroad).errors(),
        [
            "Invalid data: the merchant has changed since the order was solicited",
            "Invalid data: the delivery_address has changed since the order was approved"
        ]
    );
    let mut wrong_sum = order();
    wrong_sum["cart"]["order_total_with_tax"] = 5000.into();
    refused(
        wrong_sum,
        "Invalid data: items' total_with_tax add up to 5097 (6000+597+-1500) \
         but order_total_with_tax is 5000. The diff is -97.",
    );
    assert_eq!(state(&sandbox, &uuid), State::Approved);

    // What says the same in another way is the same.
    let mut same = order();
    let items = same["cart"]["items"].as_array_mut().unwrap();
    items.reverse();
    items[2].as_object_mut().unwrap().remove("type");
    items[2]["category"] = json!(null);
    same["cart"]["updated_at"] = "2026-01-01T00:00:00Z".into();
    same["customer"]["ip_number"] = "127.0.0.2".into();
    same["invoice_address"]["city"] = "Getafe".into();
    assert_eq!(confirm(&sandbox, &uuid, &same).status, 200);
}

#[test]
fn references_are_unique_among_confirmed_orders_of_a_merchant() {
    let sandbox = start();
    let taken = with_reference(order(), "R-100");
    let text = "Invalid data: order_ref_1 'R-100' is already in use for merchant 'shop_es'";
    // Several solicitations may carry the same reference; the first confirm takes it.
    let first = approved(&sandbox, &taken);
    let second = approved(&sandbox, &taken);
    assert_eq!(confirm(&sandbox, &first, &taken).status, 200);
    assert_eq!(confirm(&sandbox, &second, &taken).errors(), [text]);
    assert_eq!(
        confirm(&sandbox, &second, &order()).errors(),
        [text],
        "known from the start"
    );
    assert_eq!(state(&sandbox, &second), State::Approved);
    assert_eq!(
        confirm(&sandbox, &second, &with_reference(order(), "R-101")).status,
        200,
        "another one helps"
    );

    // At the registration: confirmed all the same, but stuck.
    let third = approved(&sandbox, &order());
    assert_eq!(confirm(&sandbox, &third, &order()).status, 200);
    let registration = put(&sandbox, &third, &taken);
    assert_eq!(registration.status, 409);
    assert_eq!(registration.errors(), [text]);
    assert_eq!(state(&sandbox, &third), State::Confirmed);
    assert_eq!(sandbox.order(&third).unwrap().order_ref_1, None);
    assert_eq!(
        put(&sandbox, &third, &with_reference(order(), "R-102")).status,
        200
    );
    assert_eq!(
        put(&sandbox, &third, &with_reference(order(), "R-102")).status,
        200,
        "repeated"
    );

    // Another merchant has references of his own; a cancelled order keeps its own.
    let mut french = with_reference(order(), "R-100");
    french["merchant"]["id"] = "shop_fr".into();
    french["delivery_address"]["country_code"] = "FR".into();
    let french_uuid = approved(&sandbox, &french);
    assert_eq!(confirm(&sandbox, &french_uuid, &french).status, 200);
    sandbox.cancel(&first).unwrap();
    let fourth = approved(&sandbox, &taken);
    assert_eq!(confirm(&sandbox, &fourth, &taken).errors(), [text]);
}

#[test]
fn number_and_text_are_the_same_reference() {
    let sandbox = start();
    let mut number = order();
    number["merchant_reference"] = json!({ "order_ref_1": 100 });
    let first = approved(&sandbox, &number);
    assert_eq!(confirm(&sandbox, &first, &number).status, 200);
    let text = with_reference(order(), "100");
    let second = approved(&sandbox, &text);
    assert_eq!(confirm(&sandbox, &second, &text).status, 409);
}

#[test]
fn forms_are_only_sent_where_they_can_arrive() {
    let sandbox = start();
    let refused = |order, delivery, text: &str| {
        let uuid = solicited(&sandbox, &order);
        let answer = deliver(&sandbox, &uuid, &delivery);
        assert_eq!(answer.status, 409);
        assert_eq!(answer.errors(), [format!("Invalid data: {text}")]);
        assert!(!sandbox.order(&uuid).unwrap().form_delivered);
    };
    let sms = json!({ "channel": "sms", "product_code": "pp3" });
    let with_phone = |phone: &str| {
        let mut order = order();
        order["delivery_address"]["mobile_phone"] = phone.into();
        order["invoice_address"]["mobile_phone"] = phone.into();
        order
    };
    refused(
        with_phone(""),
        sms.clone(),
        "mobile_phone is required to send the form by sms",
    );
    for foreign in [
        "+33 612 345 678",
        "912 345 678",
        "61234567",
        "6123456789",
        "+34 61234567x",
    ] {
        refused(
            with_phone(foreign),
            sms.clone(),
            "mobile_phone is not a Spanish mobile number",
        );
    }
    refused(
        order(),
        json!({ "channel": "fax", "product_code": "pp3" }),
        "channel 'fax' is not supported",
    );
    refused(
        order(),
        json!({ "product_code": "pp3" }),
        "channel is required",
    );
    refused(
        order(),
        json!({ "channel": "sms" }),
        "product_code is required",
    );
    refused(
        order(),
        json!({ "channel": "sms", "product_code": "zz" }),
        "product_code 'zz' is not known",
    );
    refused(
        order(),
        json!({ "channel": "sms", "product_code": "pp5" }),
        "campaign is required for product_code 'pp5'",
    );
    assert!(sandbox.sms().is_empty());

    for spanish in ["612345678", "0034 712-345-678", "+34612345678"] {
        let uuid = solicited(&sandbox, &with_phone(spanish));
        assert_eq!(deliver_pp3(&sandbox, &uuid).status, 204);
    }
    let uuid = solicited(&sandbox, &order());
    let pp5 = json!({ "channel": "sms", "product_code": "pp5", "campaign": "año nuevo" });
    assert_eq!(deliver(&sandbox, &uuid, &pp5).status, 204);
    let link = sandbox.sms().pop().unwrap().link;
    assert!(
        link.ends_with("?product=pp5&campaign=a%C3%B1o%20nuevo"),
        "{link}"
    );
    sandbox.approve(&uuid).unwrap();
    assert_eq!(
        deliver_pp3(&sandbox, &uuid).errors(),
        ["Invalid data: the shopper has already completed the form"]
    );
}

#[test]
fn test_shoppers_act_by_themselves() {
    let sandbox = start();
    sandbox.rules(|rules| rules.review_ms = 150);
    let named = |given: &str, surnames: &str| {
        let mut order = order();
        order["customer"]["given_names"] = given.into();
        order["customer"]["surnames"] = surnames.into();
        order
    };
    let approves = named("Review Test Approve", "Review Test Approve");
    let uuid = solicited(&sandbox, &approves);
    assert_eq!(state(&sandbox, &uuid), State::Solicited);
    deliver_pp3(&sandbox, &uuid);
    assert_eq!(state(&sandbox, &uuid), State::NeedsReview);
    assert_eq!(
        put(&sandbox, &uuid, &with_state(approves.clone(), "on_hold")).status,
        200
    );
    eventually("approval", || state(&sandbox, &uuid) == State::Approved);
    assert_eq!(confirm(&sandbox, &uuid, &approves).status, 200);

    let cancels = named("Review Test", "Cancel");
    let uuid = solicited(&sandbox, &cancels);
    deliver_pp3(&sandbox, &uuid);
    assert_eq!(
        put(&sandbox, &uuid, &with_state(cancels.clone(), "on_hold")).status,
        200
    );
    eventually("cancellation", || {
        state(&sandbox, &uuid) == State::Cancelled
    });
    assert_eq!(confirm(&sandbox, &uuid, &cancels).status, 410);

    // Approved at the counter, without a message: the review comes all the same.
    let uuid = solicited(&sandbox, &approves);
    assert_eq!(sandbox.approve(&uuid).unwrap().state, State::NeedsReview);
    eventually("approval", || state(&sandbox, &uuid) == State::Approved);
}

//! Each rule of the calls after a sale, on and off.

mod common;
use common::*;
use sequra_sandbox::{Rules, State};
use serde_json::{Value, json};

const UPDATED: (u16, Vec<String>) = (204, Vec::new());

/// An update of a confirmed order of a shirt and a jacket.
fn updated_as(name: &str, other: Value, order: Value) -> [(u16, Vec<String>); 2] {
    switched(name, other, |s| {
        sold(s, "R-1");
        update(s, &order)
    })
}

fn not_found() -> (u16, Vec<String>) {
    (404, Vec::new())
}

/// The verdict without the page of a 404.
fn plain(answer: Answer) -> Answer {
    Answer {
        body: if answer.status == 404 {
            Vec::new()
        } else {
            answer.body
        },
        ..answer
    }
}

fn extra(cents: i64) -> Value {
    json!({ "type": "handling", "reference": "X", "name": "Otro", "total_with_tax": cents })
}

#[test]
fn update_status() {
    let sandbox = start();
    sold(&sandbox, "R-1");
    for (status, body) in [
        (200, r#"{"undefined":true}"#),
        (202, r#"{"undefined":true}"#),
        (204, ""),
    ] {
        sandbox.rules(|rules| rules.update_status = status);
        let answer = update(&sandbox, &now("R-1", &[], &[shirt(), jacket()]));
        assert_eq!((answer.status, answer.text()), (status, body));
    }
    let mut rules = Rules::default();
    for wrong in [0, 199, 201, 409] {
        assert!(rules.merge(&json!({ "update_status": wrong })).is_err());
    }
}

#[test]
fn confirmed_amount_is_ceiling() {
    let more = now("R-1", &[extra(1)], &[shirt(), jacket()]);
    assert_eq!(
        updated_as("confirmed_amount_is_ceiling", json!(false), more),
        [
            refused(
                409,
                "order_total_with_tax 8351 is above the confirmed amount 8350"
            ),
            UPDATED
        ]
    );
    // The ceiling stays where it was when less is owed meanwhile.
    let sandbox = start();
    sold(&sandbox, "R-1");
    updated(&sandbox, &now("R-1", &[shirt()], &[]));
    updated(&sandbox, &now("R-1", &[extra(8350)], &[]));
    assert_eq!(
        update(&sandbox, &now("R-1", &[extra(8351)], &[])).status,
        409
    );
}

#[test]
fn changed_currency_refused() {
    let mut dollars = now("R-1", &[shirt()], &[jacket()]);
    dollars["shipped_cart"]["currency"] = "USD".into();
    assert_eq!(
        updated_as("currency_must_match", json!(false), dollars.clone()),
        [
            refused(
                409,
                "currency 'USD' is not the currency of merchant 'shop_es'"
            ),
            refused(409, "In shipped_cart, currency 'USD' is not the order's")
        ]
    );
    let sandbox = start();
    sandbox.rules(|rules| {
        rules.currency_must_match = false;
        rules.changed_currency_refused = false;
    });
    sold(&sandbox, "R-1");
    updated(&sandbox, &dollars);
}

#[test]
fn negative_carts_refused() {
    let paid_too_much = json!({ "type": "other_payment", "reference": "r", "name": "Refund",
                                "total_with_tax": -7101 });
    let negative = now("R-1", &[shirt()], &[jacket(), paid_too_much]);
    assert_eq!(
        updated_as("negative_carts_refused", json!(false), negative),
        [
            refused(
                409,
                "In shipped_cart, order_total_with_tax -1 is below zero"
            ),
            UPDATED
        ]
    );
}

#[test]
fn unshipping_refused() {
    assert_eq!(
        switched("unshipping_refused", json!(true), |s| {
            sold(s, "R-1");
            updated(s, &now("R-1", &[shirt()], &[jacket()]));
            // What was never shipped, and what comes back, is another matter.
            updated(s, &now("R-1", &[], &[shirt(), jacket()]));
            updated(s, &now("R-1", &[], &[jacket()]));
            update(s, &now("R-1", &[jacket()], &[]))
        }),
        [
            UPDATED,
            refused(409, "In unshipped_cart, item 'J1' has already been shipped")
        ]
    );
}

#[test]
fn cancelled_orders_can_be_updated() {
    assert_eq!(
        switched("cancelled_orders_can_be_updated", json!(true), |s| {
            let uuid = sold(s, "R-1");
            updated(s, &now("R-1", &[], &[]));
            let answer = update(s, &now("R-1", &[shirt()], &[]));
            let state = s.order(&uuid).unwrap().state;
            assert_eq!(state == State::Confirmed, answer.status == 204);
            plain(answer)
        }),
        [not_found(), UPDATED]
    );
    // What seQura itself has cancelled stays so.
    let sandbox = start();
    sandbox.rules(|rules| rules.cancelled_orders_can_be_updated = true);
    let uuid = sold(&sandbox, "R-1");
    sandbox.cancel(&uuid).unwrap();
    assert_eq!(update(&sandbox, &now("R-1", &[shirt()], &[])).status, 404);
}

#[test]
fn refunded_orders_can_be_updated() {
    assert_eq!(
        switched("refunded_orders_can_be_updated", json!(false), |s| {
            sold(s, "R-1");
            updated(s, &now("R-1", &[], &[shirt(), jacket()]));
            updated(s, &now("R-1", &[], &[]));
            updated(s, &now("R-1", &[], &[]));
            plain(update(s, &now("R-1", &[], &[shirt()])))
        }),
        [UPDATED, not_found()]
    );
}

#[test]
fn repeated_cancel_accepted() {
    assert_eq!(
        switched("repeated_cancel_accepted", json!(false), |s| {
            sold(s, "R-1");
            updated(s, &now("R-1", &[], &[]));
            plain(update(s, &now("R-1", &[], &[])))
        }),
        [UPDATED, not_found()]
    );
}

#[test]
fn update_details_checked() {
    let mut odd = now("R-1", &[], &[shirt(), jacket()]);
    odd["delivery_address"] = json!({ "city": "Getafe" });
    odd["trackings"] = "soon".into();
    let sandbox = start();
    let uuid = sold(&sandbox, "R-1");
    let errors = update(&sandbox, &odd).errors();
    assert!(errors.contains(&"Invalid data: trackings must be a list".to_owned()));
    assert!(errors.contains(&"Invalid data: delivery_address.postal_code is required".to_owned()));
    sandbox.rules(|rules| rules.update_details_checked = false);
    updated(&sandbox, &odd);
    assert_eq!(sandbox.order_content(&uuid).unwrap()["trackings"], "soon");
}

/// The rules of carts hold for updates, too.
#[test]
fn item_rules_hold_for_updates() {
    let mut unknown = now("R-1", &[shirt()], &[jacket()]);
    unknown["shipped_cart"]["items"][0]["type"] = "gift_card".into();
    assert_eq!(
        updated_as("unknown_item_types_refused", json!(false), unknown),
        [
            refused(409, "shipped_cart.items[0].type 'gift_card' is not known"),
            UPDATED
        ]
    );
    let mut odd = now("R-1", &[shirt()], &[jacket()]);
    odd["shipped_cart"]["items"][0]["price_with_tax"] = 7099.into();
    assert_eq!(
        updated_as("line_totals_must_multiply", json!(true), odd),
        [
            UPDATED,
            refused(
                409,
                "shipped_cart.items[0].total_with_tax is 7100 but quantity x price_with_tax is 7099"
            )
        ]
    );
}

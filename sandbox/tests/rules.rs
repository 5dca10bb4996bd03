//! Each rule, on and off.

mod common;
use common::*;
use sequra_sandbox::{Rules, Sandbox, State};
use serde_json::{Value, json};

#[test]
fn confirm_requires_approval() {
    assert_eq!(
        switched("confirm_requires_approval", json!(false), |s| {
            let uuid = solicited(s, &order());
            confirm(s, &uuid, &order())
        }),
        [refused(409, "the order has not been approved yet"), FINE]
    );
}

#[test]
fn hold_requires_review() {
    assert_eq!(
        switched("hold_requires_review", json!(false), |s| {
            let uuid = solicited(s, &order());
            put(s, &uuid, &with_state(order(), "on_hold"))
        }),
        [refused(409, "the order is not under review"), FINE]
    );
}

/// A confirm of an approved order in another form.
fn confirm_changed(name: &str, other: bool, change: fn(&mut Value)) -> [(u16, Vec<String>); 2] {
    switched(name, json!(other), |s| {
        let uuid = approved(s, &order());
        let mut changed = order();
        change(&mut changed);
        confirm(s, &uuid, &changed)
    })
}

#[test]
fn approved_amount_is_ceiling() {
    assert_eq!(
        confirm_changed("approved_amount_is_ceiling", false, |o| {
            *o = changed_by(o.clone(), 5000);
        }),
        [
            refused(
                409,
                "order_total_with_tax 10097 is above the approved amount 5097"
            ),
            refused(409, "the cart has changed since it was approved"),
        ]
    );
}

#[test]
fn changed_cart_refused() {
    assert_eq!(
        confirm_changed("changed_cart_refused", false, |o| {
            o["cart"]["items"][0]["name"] = "Falda".into();
        }),
        [
            refused(409, "the cart has changed since it was approved"),
            FINE
        ]
    );
}

/// The same goods, handed over already.
fn handed_over(order: &mut Value) {
    order["merchant"]["options"] = json!({"uses_shipped_cart": true});
    order["shipped_cart"] = order["cart"].take();
    order["unshipped_cart"] =
        json!({"currency": "EUR", "gift": false, "order_total_with_tax": 0, "items": []});
}

#[test]
fn divided_cart_is_another() {
    assert_eq!(
        confirm_changed("divided_cart_is_another", false, handed_over),
        [
            refused(409, "the cart has changed since it was approved"),
            FINE
        ]
    );
    // Other goods are another cart either way.
    assert_eq!(
        confirm_changed("divided_cart_is_another", false, |order| {
            order["cart"]["items"][0]["name"] = "Falda".into();
            handed_over(order);
        }),
        [
            refused(409, "the cart has changed since it was approved"),
            refused(409, "the cart has changed since it was approved"),
        ]
    );
}

#[test]
fn shipped_cart_allowed() {
    assert_eq!(
        switched("shipped_cart_allowed", json!(false), |s| {
            let mut order = order();
            handed_over(&mut order);
            solicit(s, &order)
        }),
        [
            (204, Vec::new()),
            refused(409, "merchant 'shop_es' may not use uses_shipped_cart")
        ]
    );
}

#[test]
fn smaller_total_accepted() {
    assert_eq!(
        confirm_changed("smaller_total_accepted", true, |o| {
            *o = changed_by(o.clone(), -1000);
        }),
        [
            refused(409, "the cart has changed since it was approved"),
            FINE
        ]
    );
    let sandbox = start();
    sandbox.rules(|rules| rules.smaller_total_accepted = true);
    let uuid = approved(&sandbox, &order());
    confirm(&sandbox, &uuid, &changed_by(order(), -1000));
    assert_eq!(sandbox.ledger().pop().unwrap().amount, 4097);
    // The ceiling is still what was approved.
    assert_eq!(confirm(&sandbox, &uuid, &order()).status, 200);
}

#[test]
fn changed_address_refused() {
    assert_eq!(
        confirm_changed("changed_address_refused", false, |o| {
            o["delivery_address"]["city"] = "Getafe".into();
        }),
        [
            refused(
                409,
                "the delivery_address has changed since the order was approved"
            ),
            FINE
        ]
    );
}

#[test]
fn changed_customer_refused() {
    assert_eq!(
        confirm_changed("changed_customer_refused", false, |o| {
            o["customer"]["nin"] = "23232323T".into();
        }),
        [
            refused(409, "the customer has changed since the order was approved"),
            FINE
        ]
    );
}

#[test]
fn reference_before_confirmation() {
    assert_eq!(
        switched("reference_before_confirmation", json!(false), |s| {
            let uuid = approved(s, &order());
            put(s, &uuid, &with_reference(order(), "R-1"))
        }),
        [FINE, refused(409, "the order has not been confirmed yet")]
    );
}

#[test]
fn reference_can_change() {
    assert_eq!(
        switched("reference_can_change", json!(false), |s| {
            let first = with_reference(order(), "R-1");
            let uuid = approved(s, &first);
            assert_eq!(confirm(s, &uuid, &first).status, 200);
            assert_eq!(put(s, &uuid, &first).status, 200);
            put(s, &uuid, &with_reference(order(), "R-2"))
        }),
        [
            FINE,
            refused(409, "order_ref_1 of this order is already 'R-1'")
        ]
    );
}

const CONFIRMED: &str = "the order has already been confirmed";
const IN_USE: &str = "order_ref_1 'R-1' is already in use for merchant 'shop_es'";
const UNRECOGNISED: &str = "the order cannot be acknowledged";

#[test]
fn repeated_confirm() {
    let with = with_reference(order(), "R-1");
    for (answer, order, text) in [
        ("already_confirmed", &with, CONFIRMED),
        ("reference_not_unique", &with, IN_USE),
        ("reference_not_unique", &order(), CONFIRMED),
        ("unrecognised", &order(), UNRECOGNISED),
    ] {
        let [accepted, refusal] = switched("repeated_confirm", json!(answer), |s| {
            let uuid = approved(s, order);
            assert_eq!(confirm(s, &uuid, order).status, 200, "the first");
            let again = confirm(s, &uuid, order);
            assert_eq!(s.order(&uuid).unwrap().state, State::Confirmed);
            assert_eq!(s.ledger().len(), 3, "solicited, approved, confirmed");
            again
        });
        assert_eq!((accepted, refusal), (FINE, refused(409, text)), "{answer}");
    }
}

#[test]
fn repeated_reference() {
    let with = with_reference(order(), "R-1");
    for (answer, text) in [
        ("already_confirmed", CONFIRMED),
        ("reference_not_unique", IN_USE),
        ("unrecognised", UNRECOGNISED),
    ] {
        let [accepted, refusal] = switched("repeated_reference", json!(answer), |s| {
            let uuid = approved(s, &order());
            assert_eq!(confirm(s, &uuid, &order()).status, 200);
            assert_eq!(put(s, &uuid, &with).status, 200, "the first");
            put(s, &uuid, &with)
        });
        assert_eq!((accepted, refusal), (FINE, refused(409, text)), "{answer}");
    }
}

#[test]
fn dead_orders_are_gone() {
    assert_eq!(
        switched("dead_orders_are_gone", json!(false), |s| {
            let uuid = solicited(s, &order());
            s.reject(&uuid).unwrap();
            confirm(s, &uuid, &order())
        }),
        [410, 409].map(|status| refused(status, "the order has been rejected"))
    );
}

#[test]
fn unknown_orders_forbidden() {
    let sandbox = start();
    let uuid = "00000000-0000-0000-0000-000000000000";
    let path = format!("/orders/{uuid}");
    let deliveries = format!("{path}/form_deliveries");
    let methods = format!("{path}/payment_methods");
    for (is_on, status) in [(true, 403), (false, 404)] {
        sandbox.rules(|rules| rules.unknown_orders_forbidden = is_on);
        for (method, path, status) in [
            ("PUT", &path, status),
            ("POST", &deliveries, status),
            // As recorded, whatever the rule.
            ("GET", &methods, 403),
        ] {
            let answer = send(&sandbox, method, path, &json!({ "order": order() }));
            assert_eq!(answer.status, status, "{method} {path}");
            if status == 403 {
                let bad = format!("Bad order id '{uuid}' for sandbox_key");
                assert_eq!(answer.json()["errors"], json!([bad]));
            }
        }
    }
}

#[test]
fn merchant_header_must_match() {
    let act = |s: &Sandbox| {
        let header = [("Sequra-Merchant-Id", "shop_fr")];
        let body = json!({ "order": order() }).to_string();
        call(
            s,
            "POST",
            "/orders",
            Some(CREDENTIALS),
            &header,
            body.as_bytes(),
        )
        .unwrap()
    };
    let bad = "Bad merchant id 'shop_fr' for sandbox_key".to_owned();
    assert_eq!(
        switched("merchant_header_must_match", json!(false), act),
        [(403, vec![bad]), STARTED]
    );
}

#[test]
fn json_content_type_required() {
    let act = |s: &Sandbox| {
        let header = [("Content-Type", "text/plain")];
        let body = json!({ "order": order() }).to_string();
        call(
            s,
            "POST",
            "/orders",
            Some(CREDENTIALS),
            &header,
            body.as_bytes(),
        )
        .unwrap()
    };
    assert_eq!(
        switched("json_content_type_required", json!(false), act),
        [
            refused(400, "Content-Type must be application/json"),
            STARTED
        ]
    );
}

/// A solicitation in another form.
fn solicit_changed(name: &str, other: bool, change: fn(&mut Value)) -> [(u16, Vec<String>); 2] {
    switched(name, json!(other), |s| {
        let mut changed = order();
        change(&mut changed);
        solicit(s, &changed)
    })
}

#[test]
fn country_must_be_allowed() {
    assert_eq!(
        solicit_changed("country_must_be_allowed", false, |o| {
            o["delivery_address"]["country_code"] = "FR".into();
        }),
        [
            refused(409, "country 'FR' is not allowed for merchant 'shop_es'"),
            STARTED
        ]
    );
}

#[test]
fn currency_must_match() {
    assert_eq!(
        solicit_changed("currency_must_match", false, |o| {
            o["cart"]["currency"] = "USD".into();
        }),
        [
            refused(
                409,
                "currency 'USD' is not the currency of merchant 'shop_es'"
            ),
            STARTED
        ]
    );
}

#[test]
fn positive_total_required() {
    assert_eq!(
        solicit_changed("positive_total_required", false, |o| {
            *o = changed_by(o.clone(), -5097);
        }),
        [
            refused(409, "order_total_with_tax must be positive"),
            STARTED
        ]
    );
}

#[test]
fn unknown_item_types_refused() {
    assert_eq!(
        solicit_changed("unknown_item_types_refused", false, |o| {
            o["cart"]["items"][1]["type"] = "gift_card".into();
        }),
        [
            refused(409, "cart.items[1].type 'gift_card' is not known"),
            STARTED
        ]
    );
}

#[test]
fn line_totals_must_multiply() {
    assert_eq!(
        solicit_changed("line_totals_must_multiply", true, |o| {
            o["cart"]["items"][0]["price_with_tax"] = 2999.into();
        }),
        [
            STARTED,
            refused(
                409,
                "cart.items[0].total_with_tax is 6000 but quantity x price_with_tax is 5998"
            )
        ]
    );
}

#[test]
fn names_required() {
    assert_eq!(
        solicit_changed("names_required", true, |o| {
            o["invoice_address"]["given_names"] = Value::Null;
        }),
        [
            STARTED,
            refused(409, "invoice_address.given_names is required")
        ]
    );
}

/// What seQura's own clients send, and its documentation does not have.
#[test]
fn what_clients_send_is_taken_unless_a_rule_says_otherwise() {
    type Change = fn(&mut Value);
    let cases: [(&str, Change, &str); 14] = [
        (
            "invoice_address_must_say_more",
            |o| o["invoice_address"]["city"] = " ".into(),
            "invoice_address.city is required",
        ),
        (
            "adjustment_reference_required",
            |o| {
                let fee = json!({"type": "handling", "reference": "", "name": "Envío", "total_with_tax": 0});
                o["cart"]["items"].as_array_mut().unwrap().push(fee);
            },
            "reference is required",
        ),
        (
            "delivery_method_name_required",
            |o| o["delivery_method"]["name"] = "".into(),
            "delivery_method.name is required",
        ),
        (
            "ip_number_required",
            |o| o["customer"]["ip_number"] = "".into(),
            "customer.ip_number is required",
        ),
        (
            "language_needs_its_hyphen",
            |o| o["customer"]["language_code"] = "es_ES".into(),
            "customer.language_code 'es_ES' is not a language like es-ES",
        ),
        (
            "times_need_their_t",
            |o| o["cart"]["created_at"] = "2026-07-01 10:00:00".into(),
            "cart.created_at '2026-07-01 10:00:00' is not a time like 2014-02-05T19:21:22+01:00",
        ),
        (
            "previous_orders_in_sequras_words",
            |o| o["customer"]["previous_orders"] = json!([{"status": "wc-completed"}]),
            "customer.previous_orders[0].status 'wc-completed' is not one of processing, shipped, cancelled",
        ),
        (
            "goods_reference_required",
            |o| o["cart"]["items"][0]["reference"] = "".into(),
            "cart.items[0].reference is required",
        ),
        (
            "discount_name_required",
            |o| {
                let voucher =
                    json!({"type": "discount", "reference": "", "name": "", "total_with_tax": 0});
                o["cart"]["items"].as_array_mut().unwrap().push(voucher);
            },
            "name is required",
        ),
        (
            "ip_number_is_one_address",
            |o| o["customer"]["ip_number"] = "192.0.2.61, 198.51.100.7".into(),
            "customer.ip_number '192.0.2.61, 198.51.100.7' is not one address",
        ),
        (
            "language_must_be_a_code",
            |o| o["customer"]["language_code"] = "espanol".into(),
            "customer.language_code 'espanol' is not a language like es-ES",
        ),
        (
            "no_date_is_refused",
            |o| o["customer"]["created_at"] = "0000-00-00 00:00:00".into(),
            "customer.created_at is not a date",
        ),
        (
            "item_url_needs_its_scheme",
            |o| o["cart"]["items"][0]["url"] = "www.shop.example/x".into(),
            "cart.items[0].url 'www.shop.example/x' is not a URL",
        ),
        (
            "names_required",
            |o| o["customer"]["surnames"] = "".into(),
            "customer.surnames is required",
        ),
    ];
    for (rule, change, sentence) in cases {
        let [taken, strict] = solicit_changed(rule, true, change);
        assert_eq!(taken, STARTED, "{rule}");
        let (status, text) = strict;
        assert_eq!(status, 409, "{rule}");
        let said = text.join("\n");
        assert!(said.contains(sentence), "{rule}: {said}");
    }
}

#[test]
fn a_delivery_method_in_the_cart() {
    let [taken, strict] = solicit_changed("delivery_method_in_cart_accepted", false, |o| {
        o["cart"]["delivery_method"] = o["delivery_method"].take();
    });
    assert_eq!(taken, STARTED);
    assert_eq!(strict, refused(409, "delivery_method is required"));
}

#[test]
fn blank_addresses() {
    let [taken, strict] = solicit_changed("blank_addresses_count_as_missing", false, |o| {
        o["merchant"]["options"] = json!({"addresses_may_be_missing": true});
        for name in ["delivery_address", "invoice_address"] {
            o[name] = json!({"city": "", "country_code": "ES"});
        }
    });
    assert_eq!(taken, STARTED);
    assert_eq!(strict.0, 409);
}

#[test]
fn gift_required() {
    assert_eq!(
        solicit_changed("gift_required", false, |o| {
            o["cart"]["gift"] = Value::Null;
        }),
        [refused(409, "cart.gift is required"), STARTED]
    );
}

#[test]
fn nin_control_required() {
    assert_eq!(
        solicit_changed("nin_control_required", true, |_| ()),
        [STARTED, refused(409, "customer.nin_control is required")]
    );
}

#[test]
fn store_ref_required() {
    assert_eq!(
        solicit_changed("store_ref_required", true, |_| ()),
        [STARTED, refused(409, "merchant.store_ref is required")]
    );
}

fn deliver_abroad(sandbox: &Sandbox) -> Answer {
    let mut abroad = order();
    abroad["delivery_address"]["mobile_phone"] = "+33 6 12 34 56 78".into();
    let uuid = solicited(sandbox, &abroad);
    deliver_pp3(sandbox, &uuid)
}

#[test]
fn sms_spanish_mobile_only_and_refusal_status() {
    let text = "mobile_phone is not a Spanish mobile number";
    assert_eq!(
        switched("sms_spanish_mobile_only", json!(false), deliver_abroad),
        [refused(409, text), STARTED]
    );
    assert_eq!(
        switched("sms_refusal_status", json!(422), deliver_abroad),
        [refused(409, text), refused(422, text)]
    );
}

#[test]
fn sms_limit() {
    assert_eq!(
        switched("sms_limit", json!(2), |s| {
            let uuid = solicited(s, &order());
            assert_eq!(deliver_pp3(s, &uuid).status, 204);
            assert_eq!(deliver_pp3(s, &uuid).status, 204);
            deliver_pp3(s, &uuid)
        }),
        [
            STARTED,
            refused(429, "too many messages have been sent for this order")
        ]
    );
}

#[test]
fn test_shoppers_and_review_ms() {
    let sandbox = start();
    let mut named = order();
    named["customer"]["given_names"] = "Review Test Approve".into();
    sandbox.rules(|rules| rules.review_ms = 0);
    let uuid = solicited(&sandbox, &named);
    deliver_pp3(&sandbox, &uuid);
    let view = sandbox.order(&uuid).unwrap();
    assert_eq!(view.state, State::Approved);
    assert_eq!(view.history[2].state, State::NeedsReview);

    sandbox.rules(|rules| rules.test_shoppers = false);
    let uuid = solicited(&sandbox, &named);
    deliver_pp3(&sandbox, &uuid);
    assert_eq!(sandbox.order(&uuid).unwrap().state, State::Solicited);
}

#[test]
fn auto_approve_ms() {
    let sandbox = start();
    sandbox.rules(|rules| rules.auto_approve_ms = Some(50));
    let uuid = solicited(&sandbox, &order());
    deliver_pp3(&sandbox, &uuid);
    assert_eq!(sandbox.order(&uuid).unwrap().state, State::Solicited);
    eventually("approval", || {
        sandbox.order(&uuid).unwrap().state == State::Approved
    });
    sandbox.rules(|rules| rules.auto_approve_ms = None);
    let uuid = solicited(&sandbox, &order());
    deliver_pp3(&sandbox, &uuid);
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert_eq!(sandbox.order(&uuid).unwrap().state, State::Solicited);
}

#[test]
fn rules_are_changed_together_or_not_at_all() {
    let mut rules = Rules::default();
    let mixed = json!({ "gift_required": false, "names_required": "perhaps" });
    assert!(rules.merge(&mixed).is_err());
    assert_eq!(rules, Rules::default());
    assert!(rules.merge(&json!({ "sms_refusal_status": 200 })).is_err());

    rules.set("gift_required=off").unwrap();
    rules.set("sms_limit=3").unwrap();
    rules.set("auto_approve_ms=250").unwrap();
    assert_eq!((rules.gift_required, rules.sms_limit), (false, 3));
    assert_eq!(rules.auto_approve_ms, Some(250));
    rules.set("auto_approve_ms=off").unwrap();
    rules.set("gift_required=true").unwrap();
    assert_eq!((rules.gift_required, rules.auto_approve_ms), (true, None));
    for wrong in [
        "gift_required",
        "gift=off",
        "gift_required=perhaps",
        "sms_limit=-1",
    ] {
        assert!(rules.set(wrong).is_err(), "{wrong}");
    }
    assert_eq!(
        rules.set("gift=off").unwrap_err(),
        "there is no rule 'gift'"
    );
}

/// The table in the README is the list in the code, name by name, default by default,
/// word by word; and so is `--help`.
#[test]
fn the_readme_lists_the_rules() {
    let readme = include_str!("../README.md");
    let table: String = Rules::list()
        .iter()
        .map(|(name, default, meaning)| format!("| `{name}` | `{default}` | {meaning} |\n"))
        .collect();
    let (_, after) = readme
        .split_once("<!-- rules -->\n")
        .expect("the README marks the table of rules");
    let (listed, _) = after.split_once("<!-- end of rules -->").unwrap();
    let listed: String = listed.split_inclusive('\n').skip(2).collect();
    assert_eq!(listed, table, "sandbox/README.md should list:\n{table}");
    let help = sequra_sandbox::options::help();
    for (name, default, meaning) in Rules::list() {
        assert!(help.contains(&format!("  {name}={default}\n      {meaning}\n")));
    }
}

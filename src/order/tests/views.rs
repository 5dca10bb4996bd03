use super::*;
use crate::order::cart::Item;

#[test]
fn reads_an_order_with_and_without_its_wrapping() {
    assert_eq!(order(json!({"order": good()})), order(good()));
    let text = format!("\u{feff}{}", json!({"order": good()}));
    assert_eq!(Order::from_json(&text).unwrap(), order(good()));
}

#[test]
fn refuses_what_is_no_order() {
    for (value, pointer) in [
        (json!([]), ""),
        (json!(null), ""),
        (json!({"order": null}), "/order"),
        (json!({"order": "x"}), "/order"),
    ] {
        let problem = Order::from_value(value).unwrap_err();
        assert_eq!(
            (problem.code, problem.pointer.as_deref()),
            (ErrorCode::WrongType, Some(pointer))
        );
    }
    let problem = Order::from_value(json!({"order": {}, "a/b": 1})).unwrap_err();
    assert_eq!(
        (problem.code, problem.pointer.as_deref()),
        (ErrorCode::ForbiddenField, Some("/a~1b"))
    );

    let problems = Order::from_json("{\n  \"cart\": }").unwrap_err();
    let [problem] = problems.as_slice() else {
        panic!("{problems:?}");
    };
    assert_eq!(problem.code, ErrorCode::InvalidJson);
    assert!(
        problem.message.contains("line 2 column 11"),
        "{}",
        problem.message
    );
    assert!(Order::from_json(&"[".repeat(100_000)).is_err());
}

#[test]
fn says_what_the_order_is() {
    let order = order(good());
    assert_eq!(order.merchant_id().as_deref(), Some("shop_es"));
    assert_eq!(order.order_ref_1().as_deref(), Some("A14/12345"));
    assert_eq!(order.order_ref_2().as_deref(), Some("17"));
    assert_eq!(order.country(), Some("ES"));
    assert_eq!(order.amount(), Some(Cents(17245)));
    assert_eq!(order.currency(), Some("EUR"));
    assert_eq!(order.mobile_phone(), Some("615 615 615"));
}

#[test]
fn says_nothing_of_what_is_not_there() {
    let order = order(
        json!({"merchant": {"id": ""}, "merchant_reference": {"order_ref_1": " "}, "cart": []}),
    );
    assert_eq!(order.merchant_id(), None);
    assert_eq!(order.order_ref_1(), None);
    assert_eq!(order.country(), None);
    assert_eq!(order.amount(), None);
    assert!(order.carts().is_empty());
}

#[test]
fn the_invoice_says_the_country_when_the_delivery_does_not() {
    let document = with_in(
        without("/delivery_address"),
        "/invoice_address/country_code",
        json!("PT"),
    );
    assert_eq!(order(document).country(), Some("PT"));
}

#[test]
fn two_carts_are_one_amount() {
    let order = order(partly_shipped());
    assert_eq!(order.amount(), Some(Cents(17245)));
    let names: Vec<_> = order.carts().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["unshipped_cart", "shipped_cart"]);
}

#[test]
fn a_cart_is_arithmetic() {
    let (_, cart) = order(good()).carts().remove(0);
    assert_eq!(
        (cart.total(), cart.sum()),
        (Some(Cents(17245)), Some(Cents(17245)))
    );
    let shirt = cart.items().remove(0);
    assert_eq!(shirt.item_type(), Some(ItemType::Product));
    assert_eq!(
        (shirt.quantity(), shirt.price(), shirt.total()),
        (Some(2), Some(Cents(1250)), Some(Cents(2500)))
    );
    assert_eq!(
        (shirt.reference().as_deref(), shirt.name()),
        (Some("CAM-01"), Some("Camisa"))
    );

    let one = shirt.with_quantity(1).with_total(Cents(1250));
    assert_eq!(
        one.document()["category"],
        "ropa",
        "what else a line says goes with it"
    );
    let smaller = cart.clone().with_items(vec![one]).unwrap();
    assert_eq!(
        (smaller.total(), smaller.sum()),
        (Some(Cents(1250)), Some(Cents(1250)))
    );
    assert_eq!(smaller.document()["cart_ref"], "12223");

    let huge = Item::default().with_total(Cents(i64::MAX));
    assert_eq!(cart.clone().with_items(vec![huge.clone(), huge]), None);
    assert_eq!(cart.with_items(vec![Item::default()]), None);
}

#[test]
fn every_item_type_has_its_table() {
    let tables = fields::ITEMS.names();
    let types: Vec<&str> = ItemType::ALL
        .iter()
        .map(|item_type| item_type.as_str())
        .collect();
    assert_eq!(tables, types);
}

#[test]
fn defaults_go_under_the_order() {
    let defaults = json!({
        "gui": {"layout": "smartphone"},
        "platform": {"name": "other", "version": "2", "plugin_version": "3"},
        "customer": {"user_agent": "till", "ip_number": "192.0.2.1"},
        "trackings": [{"type": "postal"}]
    });
    let mut document = without("/gui");
    remove(&mut document, "/platform/plugin_version");
    let merged = order(document).with_defaults(defaults.as_object().unwrap());
    let document = merged.document();
    assert_eq!(document["gui"]["layout"], "smartphone");
    assert_eq!(document["platform"]["name"], "caja");
    assert_eq!(document["platform"]["plugin_version"], "3");
    assert_eq!(
        document["customer"]["user_agent"], "till",
        "a null in the order is nothing"
    );
    assert_eq!(document["customer"]["ip_number"], "12.23.34.45");
    assert_eq!(
        document["trackings"],
        good()["trackings"],
        "lists are not merged"
    );
}

fn with_references(order: Order, first: &str, second: Option<&str>) -> Order {
    let written = Written::new(order).with_references(first, second);
    written.order().clone()
}

#[test]
fn the_library_sets_what_it_sets() {
    let bare = order(json!({"state": "x", "merchant_reference": {"order_ref_2": "old"}}));
    let set = bare
        .with_state("confirmed")
        .with_merchant_id("shop_es")
        .with_store_ref("s");
    let set = with_references(set, "R-1", None);
    let expected = json!({
        "state": "confirmed", "merchant": {"id": "shop_es", "store_ref": "s"},
        "merchant_reference": {"order_ref_1": "R-1", "order_ref_2": "old"}
    });
    assert_eq!(Value::Object(set.clone().into_document()), expected);

    let again = set.with_merchant_id("other").with_store_ref("other");
    let again = with_references(again, "R-2", Some("u"));
    assert_eq!(again.merchant_id().as_deref(), Some("shop_es"));
    assert_eq!(again.document()["merchant"]["store_ref"], "s");
    assert_eq!(
        (
            again.order_ref_1().as_deref(),
            again.order_ref_2().as_deref()
        ),
        (Some("R-2"), Some("u"))
    );

    let strange = json!({"merchant": "shop_es", "merchant_reference": [1]});
    let kept = with_references(order(strange.clone()).with_merchant_id("x"), "R", None);
    assert_eq!(
        Value::Object(kept.into_document()),
        strange,
        "what makes no sense stays for check() to report"
    );
}

#[test]
fn the_fingerprint_is_of_the_content() {
    let fingerprint = |text: &str| {
        Written::new(Order::from_json(text).unwrap())
            .fingerprint()
            .to_vec()
    };
    let one = fingerprint(r#"{"state":"", "b": {"y":1, "x":2}, "a":1}"#);
    for same in [
        r#"{"order":{"a":1,"b":{"x":2,"y":1},"state":"confirmed"}}"#,
        r#"{"a":1,"b":{"x":2,"y":1},"merchant_reference":{"order_ref_1":"R-1"}}"#,
    ] {
        assert_eq!(one, fingerprint(same), "{same}");
    }
    assert_ne!(one, fingerprint(r#"{"a":1,"b":{"x":2,"y":2}}"#));
}

#[test]
fn what_is_kept_after_the_sale_is_not_the_shopper() {
    let kept = Value::Object(order(good()).without_personal_data());
    assert_eq!(
        kept["merchant"],
        json!({"id": "shop_es", "store_ref": "gracia", "options": good()["merchant"]["options"]})
    );
    assert_eq!(kept["cart"], good()["cart"]);
    let mut names: Vec<_> = kept.as_object().unwrap().keys().cloned().collect();
    names.sort();
    assert_eq!(
        names,
        [
            "cart",
            "delivery_method",
            "merchant",
            "merchant_reference",
            "platform"
        ]
    );
}

#[test]
fn debug_does_not_tell_who_buys() {
    let printed = format!("{:?}", order(good()));
    assert!(
        printed.contains("shop_es") && printed.contains("A14/12345") && printed.contains("17245")
    );
    for secret in ["María", "Aragó", "615", "nisse", "23232323T", "1980"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

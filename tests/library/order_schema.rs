//! docs/order.schema.json against the checks: what one of them takes the other takes, but for the rules that the schema
//! names as what it cannot say.

use super::declarations::bindings::order::RULES;
use super::declarations::bindings::root;
use jsonschema::Validator;
use sequra_pos::Order;
use sequra_pos::inside::order_completed;
use serde_json::{Value, json};

fn read(path: &str) -> Value {
    let text = std::fs::read_to_string(root().join(path)).expect(path);
    serde_json::from_str(&text).expect(path)
}

fn validator() -> Validator {
    jsonschema::validator_for(&read("docs/order.schema.json")).expect("the schema is a schema")
}

/// Orders of every shape: each block and each type of item is in one of them.
fn orders() -> Vec<(&'static str, Value)> {
    let mut small = read("docs/orders/small.json");
    small["merchant"] = json!({"id": "shop_es"});
    let mut everything = read("docs/orders/large.json");
    everything["instore"] = json!({"code": "caja-3"});
    everything["first_charge_date"] = json!("2026-12-01");
    everything["merchant"]["timeout"] = json!({"timeout_at": "2026-12-01T20:00:00+01:00"});
    everything["merchant"]["events_webhook"] = json!({"parameters": {"shop": "7"}});
    everything["customer"]["vehicle"] =
        json!({"plaque": "1234BCD", "first_registration_date": "2019-05-02"});
    everything["trackings"] = json!([
        {"type": "postal", "reference": "TX1", "carrier": "Correos", "tracking_url": "https://carrier.example/1"},
        {"type": "pickup_store", "reference": "TX2", "available_at": "2026-12-01", "country_code": "ES"},
        {"type": "pickup_point", "reference": 3},
    ]);
    let items = everything["cart"]["items"].as_array_mut().expect("items");
    items.push(
        json!({"type": "registration", "reference": "R", "name": "Alta", "total_with_tax": 0}),
    );
    items.push(json!({"type": "subscriber_fee", "name": "Cuota", "total_with_tax": 0}));
    items.push(json!({"type": "invoice_fee", "total_with_tax": 0}));
    items.push(json!({"reference": "X", "name": "Sin tipo", "price_with_tax": 0, "quantity": 1, "total_with_tax": 0,
        "downloadable": false, "url": "https://shop.example/x"}));
    let mut two_carts = small.clone();
    let cart = two_carts
        .as_object_mut()
        .expect("an order")
        .remove("cart")
        .expect("a cart");
    two_carts["shipped_cart"] = cart;
    two_carts["unshipped_cart"] =
        json!({"currency": "EUR", "gift": false, "order_total_with_tax": 0, "items": []});
    two_carts["merchant"]["options"] = json!({"uses_shipped_cart": true});
    let mut without_addresses = small.clone();
    let order = without_addresses.as_object_mut().expect("an order");
    order.remove("delivery_address");
    order.remove("invoice_address");
    order.insert(
        "merchant".into(),
        json!({"id": "shop_es", "options": {"addresses_may_be_missing": true}}),
    );
    let mut method_in_the_cart = small.clone();
    let method = method_in_the_cart
        .as_object_mut()
        .expect("an order")
        .remove("delivery_method");
    method_in_the_cart["cart"]["delivery_method"] = method.expect("a method");
    vec![
        ("small", small.clone()),
        ("everything", everything),
        ("two carts", two_carts),
        ("without addresses", without_addresses),
        ("the delivery method in the cart", method_in_the_cart),
        (
            "without an invoice address",
            one_address(&small, "/invoice_address"),
        ),
        (
            "without a delivery address",
            one_address(&small, "/delivery_address"),
        ),
    ]
}

/// One address, written once, and what it need not say.
fn one_address(small: &Value, left_out: &str) -> Value {
    let mut order = without(small, left_out);
    for place in ["/delivery_address", "/invoice_address"] {
        if order.pointer(place).is_some() {
            order = without(
                &without(&order, &format!("{place}/company")),
                &format!("{place}/address_line_2"),
            );
            order[&place[1..]]["country_code"] = json!("España");
        }
    }
    order
}

/// What a till may write in the place of something else.
fn values() -> Vec<Value> {
    let texts = [
        "",
        "   ",
        "x",
        "ES",
        "ESP",
        "XX",
        "es",
        "Francia",
        "EUR",
        "eur",
        "es-ES",
        "es_ES",
        "espanol",
        "unknown",
        "desktop",
        "product",
        "service",
        "postal",
        "P1Y",
        "P",
        "P1",
        "2026-12-01",
        "2026-02-30",
        "2026-12-01 00:00:00",
        "2026-12-01T10:00",
        "0000-00-00",
        "2026-12-01T10:00:00+01:00",
        "2026-12-01T10:00:00 Europe",
        "1/2/2026",
        "192.0.2.1",
        "999.1.1.1",
        "192.0.2.1, 2001:db8::1",
        "ana@example.es",
        "ana@",
        "https://shop.example/",
        "shop.example/x",
        "/x",
        "12.50",
        "1250",
        "O/vale",
        "CC",
        "línea\nlínea",
    ];
    let mut values: Vec<Value> = texts.iter().map(|text| json!(text)).collect();
    values.extend([
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-1),
        json!(100),
        json!(101),
        json!(12.5),
        json!(1250.0),
        json!(1_000_000_001_i64),
        json!(1_000_000_000_001_i64),
        json!(-1_000_000_000_001_i64),
        json!(1e30),
        json!([]),
        json!([1]),
        json!([{}]),
        json!([{"type": "bicycle"}]),
        json!({}),
        json!({"x": 1}),
        json!({"x": null}),
        json!({"x": " "}),
    ]);
    values
}

/// The places of a document, the document itself apart.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (name, inside) in map {
                let place = format!("{at}/{name}");
                places(inside, &place, found);
                found.push(place);
            }
        }
        Value::Array(list) => {
            for (index, inside) in list.iter().enumerate() {
                let place = format!("{at}/{index}");
                places(inside, &place, found);
                found.push(place);
            }
        }
        _ => {}
    }
}

fn without(order: &Value, place: &str) -> Value {
    let mut order = order.clone();
    let (outside, name) = place.rsplit_once('/').expect("a place");
    match order.pointer_mut(outside).expect("what it is in") {
        Value::Object(map) => drop(map.remove(name)),
        Value::Array(list) => drop(list.remove(name.parse().expect("a number"))),
        _ => unreachable!(),
    }
    order
}

/// What the two say differently of an order, if anything.
fn difference(validator: &Validator, order: &Value) -> Option<String> {
    let checked = match Order::from_value(order.clone()) {
        Ok(order) => order_completed(order).check().problems,
        Err(problem) => vec![problem],
    };
    let fits = validator.is_valid(order);
    let may_be_missing =
        order.pointer("/merchant/options/addresses_may_be_missing") == Some(&json!(true));
    let unsayable = |code: &str, place: &str| {
        let named = RULES.iter().flat_map(|rule| rule.errors);
        let mut named = named.filter(|(known, end)| *known == code && place.ends_with(end));
        let fraction = code == "wrong_type" && order.pointer(place).is_some_and(Value::is_f64);
        named.next().is_some()
            || fraction
            || may_be_missing
                && (place.starts_with("/delivery_address") || place.starts_with("/invoice_address"))
    };
    let seen = checked.iter().map(|problem| {
        (
            problem.code.as_str(),
            problem.pointer.as_deref().unwrap_or_default(),
        )
    });
    let seen: Vec<(&str, &str)> = seen.collect();
    if checked.is_empty() && !fits {
        let errors = validator.iter_errors(order);
        let errors: Vec<String> = errors
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        return Some(format!("the checks take it, the schema says {errors:?}"));
    }
    if fits && !seen.iter().all(|(code, place)| unsayable(code, place)) {
        return Some(format!("the schema takes it, the checks say {seen:?}"));
    }
    None
}

/// The page's examples are orders, and without a word of warning.
#[test]
fn the_examples_are_orders() {
    let validator = validator();
    for (name, order) in orders() {
        assert_eq!(difference(&validator, &order), None, "{name}");
    }
    let checked = Order::from_value(read("docs/orders/large.json"))
        .expect("an order")
        .check();
    assert!(
        checked.problems.is_empty() && checked.warnings.is_empty(),
        "{checked:?}"
    );
}

/// One thing left out or written otherwise, everywhere: what the checks refuse the schema refuses, and the other way.
#[test]
fn the_schema_says_what_the_checks_say() {
    let validator = validator();
    let mut differences = Vec::new();
    let (mut refused, mut tried) = (0, 0);
    for (name, order) in orders() {
        let mut found = Vec::new();
        places(&order, "", &mut found);
        for place in found {
            let mut others = vec![("left out".to_owned(), without(&order, &place))];
            for value in values() {
                let mut other = order.clone();
                *other.pointer_mut(&place).expect("a place") = value.clone();
                others.push((value.to_string(), other));
            }
            for (what, other) in others {
                tried += 1;
                refused += usize::from(!validator.is_valid(&other));
                if let Some(difference) = difference(&validator, &other) {
                    differences.push(format!("{name}, {place} {what}: {difference}"));
                }
            }
        }
    }
    assert!(
        refused > tried / 4 && refused < tried,
        "{refused} of {tried}"
    );
    let some = &differences[..differences.len().min(20)];
    assert!(
        differences.is_empty(),
        "{} of {tried}: {some:#?}",
        differences.len()
    );
}

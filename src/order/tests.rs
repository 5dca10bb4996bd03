//! The order domain from outside: one good order, and what becomes of it when it is spoilt.

mod building;
mod carts;
mod checking;
mod properties;
mod required;
mod views;

use proptest::test_runner::{Config, RngSeed};
use serde_json::{Value, json};

use super::*;
use crate::json;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;

/// Properties are tried on the same draws each time, unless `PROPTEST_RNG_SEED` says otherwise.
pub(crate) fn draws() -> Config {
    let given = Config::default();
    let rng_seed = match given.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1),
        fixed => fixed,
    };
    Config { rng_seed, ..given }
}

/// A sale in a Spanish shop with every kind of item, and with every optional block.
fn good() -> Value {
    json!({
        "state": null,
        "merchant": {
            "id": "shop_es", "store_ref": "gracia", "operator_ref": 7, "tag_ref": "t", "garage_chain": "g",
            "notification_parameters": {"till": "3"},
            "options": {
                "has_jquery": false, "uses_shipped_cart": false, "addresses_may_be_missing": false,
                "immutable_customer_data": false, "desired_first_charge_on": "2026-02-01"
            },
            "events_webhook": {"parameters": {"till": "3"}},
            "timeout": {"timeout_at": "2026-01-31T13:50:00+01:00"}
        },
        "merchant_reference": {
            "order_ref_1": "A14/12345", "order_ref_2": 17, "subscription_ref_1": "s"
        },
        "cart": {
            "currency": "EUR", "gift": false, "order_total_with_tax": 17245, "cart_ref": "12223",
            "created_at": "2026-01-31T12:25:20+01:00", "updated_at": "2026-01-31T12:25:20+01:00",
            "subscription_period": "P1M", "subscription_total_price": 500,
            "items": [
                {
                    "reference": "CAM-01", "name": "Camisa", "price_with_tax": 1250, "quantity": 2,
                    "total_with_tax": 2500, "downloadable": false, "perishable": false,
                    "personalized": true, "restockable": true, "category": "ropa",
                    "description": "", "manufacturer": "Telares", "supplier": "Telares",
                    "product_id": 6, "url": "https://shop.example/camisa",
                    "tracking_reference": "first", "subscription_period": "P1M",
                    "subscription_price_per_item": 100, "subscription_price": 200
                },
                {
                    "type": "service", "reference": "CUR-1", "name": "Curso", "ends_in": "P3M15D",
                    "price_with_tax": 10000, "quantity": 1, "total_with_tax": 10000,
                    "downloadable": true
                },
                {
                    "type": "service", "reference": "CUR-2", "name": "Taller",
                    "ends_on": "2026-06-30", "price_with_tax": 5000, "quantity": 1,
                    "total_with_tax": 5000, "downloadable": false, "rendered": false,
                    "supplier": "Escuela"
                },
                {"type": "handling", "reference": "seur24", "name": "SEUR", "total_with_tax": 495},
                {"type": "discount", "reference": "REBAJA", "name": "Rebaja", "total_with_tax": -750},
                {"type": "invoice_fee", "total_with_tax": 300},
                {"type": "other_payment", "reference": "CASH", "name": "Caja", "total_with_tax": -2000},
                {"type": "registration", "reference": 3, "name": "Matrícula", "total_with_tax": 1200},
                {"type": "subscriber_fee", "name": "Cuota", "reference": "f", "total_with_tax": 500}
            ]
        },
        "trackings": [
            {
                "type": "pickup_store", "reference": "first", "operator_ref": "123-009",
                "store_ref": "maquinista", "tracking_number": "AB331",
                "available_at": "2026-02-05T13:21:22+01:00",
                "delivered_at": "2026-02-05T19:21:22+01:00", "address_line_1": "Aragó 1",
                "address_line_2": "", "postal_code": "08013", "city": "Barcelona",
                "state": "Barcelona", "country_code": "ES"
            },
            {
                "type": "postal", "reference": "second", "carrier": "SEUR",
                "tracking_number": "TX123", "tracking_url": "https://logistics.example/TX123",
                "delivered_at": "2026-02-05T19:21:22+01:00"
            }
        ],
        "delivery_method": {
            "name": "SEUR24", "days": "¡Entrega día siguiente!", "provider": "SEUR",
            "home_delivery": true
        },
        "delivery_address": address(),
        "invoice_address": address(),
        "customer": {
            "given_names": "María José", "surnames": "Barroso Núñez", "title": "ms",
            "email": "nisse@example.com", "logged_in": "unknown", "language_code": "es-ES",
            "ip_number": "12.23.34.45", "user_agent": null, "ref": 123,
            "date_of_birth": "1980-01-20", "nin": "23232323T", "company": "",
            "vat_number": "B12345", "created_at": "2013-08-15T21:07:37+01:00",
            "updated_at": "2013-09-27", "rating": 100, "nin_control": "15012018F2",
            "previous_orders": [{
                "created_at": "2025-06-11T12:27:40+02:00", "amount": 4656, "currency": "EUR",
                "raw_status": "Enviado", "status": "shipped", "payment_method_raw": "Vale",
                "payment_method": "O/vale", "postal_code": "08013", "country_code": "ES"
            }],
            "vehicle": {
                "plaque": "1234 BCD", "brand": "Seat", "model": "600", "frame": "VSS",
                "first_registration_date": "2019-05-01"
            }
        },
        "instore": {"code": "gracia-1"},
        "gui": {"layout": "desktop"},
        "platform": {
            "name": "caja", "version": "1", "uname": "linux", "db_name": "none",
            "db_version": "0", "plugin_version": "1", "php_version": "none"
        },
        "first_charge_date": "2026-02-01"
    })
}

fn address() -> Value {
    json!({
        "given_names": "María José", "surnames": "Barroso Núñez", "company": "",
        "address_line_1": "C/ Aragó 383", "address_line_2": "", "postal_code": "08013",
        "city": "Barcelona", "country_code": "ES", "phone": "933 033 033",
        "mobile_phone": "615 615 615", "state": "Barcelona", "extra": "Estoy de 9 a 12.",
        "vat_number": "B12345"
    })
}

/// The good order, part of it handed over already.
fn partly_shipped() -> Value {
    let mut order = good();
    let mut cart = remove(&mut order, "/cart").unwrap();
    let items = cart["items"].as_array().unwrap().clone();
    cart["items"] = json!(items[..1]);
    cart["order_total_with_tax"] = json!(2500);
    order["shipped_cart"] = cart.clone();
    cart["items"] = json!(items[1..]);
    cart["order_total_with_tax"] = json!(14745);
    order["unshipped_cart"] = cart;
    order["merchant"]["options"]["uses_shipped_cart"] = json!(true);
    order
}

fn order(document: Value) -> Order {
    Order::from_value(document).unwrap()
}

fn checked(document: Value) -> Checked {
    order(document).check()
}

/// The good order with one value changed (or put in).
fn with(pointer: &str, value: Value) -> Value {
    with_in(good(), pointer, value)
}

fn with_in(mut document: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(map) => {
            map.insert(name.to_owned(), value);
        }
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = value,
        other => panic!("{other} has no {name}"),
    }
    document
}

fn remove(document: &mut Value, pointer: &str) -> Option<Value> {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    document
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove(name)
}

fn without(pointer: &str) -> Value {
    let mut document = good();
    remove(&mut document, pointer).unwrap();
    document
}

/// Code and pointer of each, which is what most tests are about.
fn seen(problems: &[Problem]) -> Vec<(ErrorCode, &str)> {
    problems
        .iter()
        .map(|problem| (problem.code, problem.pointer.as_deref().unwrap()))
        .collect()
}

/// The one problem that this document has.
#[track_caller]
fn only_problem(document: Value) -> Problem {
    let Checked { mut problems, .. } = checked(document);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    problems.remove(0)
}

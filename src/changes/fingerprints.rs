//! What tells a repeated order or change from a new one, held against what earlier versions computed:
//! see tests/python/test_fingerprints.py, which tries the same with the library as it is given out.

use super::asked::{Asked, UNSPECIFIED};
use super::input;
use crate::canonical::hex;
use crate::order::{Order, Written};
use ring::digest::{SHA256, digest};
use serde_json::Value;

/// A list of the vectors.
fn vectors(kind: &str) -> Vec<Value> {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/journals/fingerprints.json"
    );
    let text = std::fs::read_to_string(file).expect("it is there");
    let all: Value = serde_json::from_str(&text).expect("it is JSON");
    let vectors = all[kind].as_array().expect("a list").clone();
    assert!(!vectors.is_empty());
    vectors
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().expect("a text")
}

fn values(vector: &Value, name: &str) -> Vec<String> {
    let values = vector[name].as_array().expect("a list").iter();
    values
        .map(|one| one.as_str().expect("a text").into())
        .collect()
}

fn sha256(text: &str) -> String {
    hex(digest(&SHA256, text.as_bytes()).as_ref())
}

fn asked(call: &Value) -> Asked {
    let given = call[1].as_str();
    let json = || serde_json::from_str::<Value>(given.expect("a text")).expect("it is JSON");
    let asked = match (call[0].as_str().expect("a function"), given) {
        ("sq_ship", None) => Ok(Asked::Ship(None)),
        ("sq_refund", None) => Ok(Asked::Refund(None)),
        ("sq_cancel", reason) => Ok(Asked::Cancel(reason.unwrap_or(UNSPECIFIED).to_owned())),
        ("sq_ship", Some(_)) => input::ship(&json()),
        ("sq_refund", Some(_)) => input::refund(&json()).map(|refund| refund.asked),
        ("sq_update_order", Some(_)) => input::update(json()),
        (other, _) => panic!("{other} changes nothing"),
    };
    asked.expect("it can be asked")
}

#[test]
fn an_order_has_the_fingerprint_that_it_always_had() {
    for vector in vectors("orders") {
        let order = Order::kept(text(&vector, "order")).expect("an order");
        let known = values(&vector, "fingerprints");
        assert_eq!(known.last(), Some(&hex(Written::new(order).fingerprint())));
        assert_eq!(known[0], sha256(text(&vector, "content")));
    }
}

#[test]
fn a_change_has_the_fingerprint_that_it_always_had() {
    for vector in vectors("changes") {
        let asked = asked(&vector["call"]);
        let known = values(&vector, "asked");
        assert_eq!(known.last(), Some(&asked.fingerprint()), "{asked:?}");
        assert_eq!(known[0], sha256(text(&vector, "text"))[..32]);
        assert!(known.iter().all(|one| asked.is(one)), "{asked:?}");
    }
}

#[test]
fn no_change_is_taken_for_another() {
    let vectors = vectors("changes");
    for vector in &vectors {
        let asked = asked(&vector["call"]);
        let known = values(vector, "asked");
        for other in &vectors {
            let same = values(other, "asked").iter().any(|one| asked.is(one));
            assert_eq!(same, values(other, "asked") == known, "{asked:?}");
        }
    }
}

/// serde_json's feature `preserve_order`, of any crate in the workspace, would change every
/// fingerprint: nothing that a till asks again would be known again.
#[test]
fn objects_are_sorted_by_name() {
    let text = r#"{"b":{"z":1,"a":2},"a":[{"d":0,"c":0}],"B":0}"#;
    let value: Value = serde_json::from_str(text).expect("it is JSON");
    let sorted = r#"{"B":0,"a":[{"c":0,"d":0}],"b":{"a":2,"z":1}}"#;
    assert_eq!(value.to_string(), sorted);
}

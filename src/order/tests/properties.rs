use proptest::prelude::*;

use super::*;

/// Any JSON, with names that the tables know among those they do not.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1_000_000_i64..1_000_000).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec![
            "product",
            "service",
            "discount",
            "postal",
            "EUR",
            "ES",
            "12",
            "12.5",
            "2024-02-30",
            "P1D",
            "T",
            ""
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 128, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..8).prop_map(Value::from_iter),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    let known = [
        "merchant",
        "id",
        "options",
        "uses_shipped_cart",
        "cart",
        "unshipped_cart",
        "shipped_cart",
        "items",
        "type",
        "currency",
        "order_total_with_tax",
        "total_with_tax",
        "price_with_tax",
        "quantity",
        "trackings",
        "reference",
        "delivery_address",
        "invoice_address",
        "mobile_phone",
        "country_code",
        "customer",
        "email",
        "ends_on",
        "ends_in",
        "timeout",
        "previous_orders",
        "rating",
        "gui",
        "layout",
        "a/b",
        "~",
        "0",
        "",
    ];
    prop_oneof![3 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

fn any_object() -> impl Strategy<Value = Value> {
    prop::collection::vec((name(), any_json()), 0..8).prop_map(Value::from_iter)
}

/// Every place of a document, as pointers.
fn places(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(name, value)| places(value, format!("{at}{}", json::escaped(name)), found)),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(i, value)| places(value, format!("{at}/{i}"), found)),
        _ => {}
    }
    found.push(at);
}

proptest! {
    #![proptest_config(draws())]

    #[test]
    fn nothing_makes_the_check_panic(document in any_object()) {
        let order = order(json!({"order": document}));
        let Checked { problems, warnings } = order.check();
        prop_assert!(!problems.is_empty());
        for problem in problems.iter().chain(&warnings) {
            prop_assert!(problem.pointer.as_deref().is_some_and(|pointer| pointer.starts_with('/')));
            prop_assert!(!problem.message.is_empty());
        }
        let _ = (order.amount(), order.country(), order.merchant_id(), order.order_ref_1());
        for (_, cart) in order.carts() {
            let _ = (cart.sum(), cart.total(), cart.items().len());
        }
    }

    /// The good order with anything anywhere: the walk gets deep, and never falls.
    #[test]
    fn nothing_in_a_good_order_makes_the_check_panic(place: prop::sample::Index, value in any_json()) {
        let mut document = good();
        let mut pointers = Vec::new();
        places(&document, String::new(), &mut pointers);
        let pointer = &pointers[place.index(pointers.len() - 1)];
        *document.pointer_mut(pointer).unwrap() = value;
        let order = order(json!({"order": document}));
        order.check();
        order.without_personal_data();
    }

    #[test]
    fn a_document_comes_out_as_it_went_in(document in any_object()) {
        let wrapped = json!({"order": document.clone()});
        prop_assert_eq!(Value::Object(order(wrapped).into_document()), document.clone());
        let text = document.to_string();
        if document.get("order").is_none() {
            let parsed: Value = serde_json::from_str(&text).unwrap();
            match Order::from_json(&text) {
                Ok(order) => prop_assert_eq!(Value::Object(order.into_document()), parsed),
                // Numbers that nobody means, and NUL: each at its place.
                Err(problems) => for problem in problems {
                    use ErrorCode::{InvalidValue, NotAnInteger, OutOfRange};
                    prop_assert!([InvalidValue, NotAnInteger, OutOfRange].contains(&problem.code), "{problem:?}");
                    prop_assert!(parsed.pointer(problem.pointer.as_deref().unwrap()).is_some(), "{problem:?}");
                },
            }
        }
    }

    #[test]
    fn merging_keeps_everything_that_the_order_says(document in any_object(), defaults in any_object()) {
        let merged = order(json!({"order": document.clone()})).with_defaults(defaults.as_object().unwrap());
        let merged = Value::Object(merged.into_document());
        let mut pointers = Vec::new();
        places(&document, String::new(), &mut pointers);
        for pointer in pointers {
            let own = document.pointer(&pointer).unwrap();
            if !own.is_null() && !own.is_object() {
                prop_assert_eq!(merged.pointer(&pointer), Some(own));
            }
        }
    }

    #[test]
    fn what_is_set_is_found_where_it_was_set(
        sets in prop::collection::vec((prop::collection::vec("[a-c0-2~/-]{0,2}", 1..5), any::<i32>()), 1..20),
    ) {
        let mut builder = OrderBuilder::new();
        for (names, number) in sets {
            let pointer: String = names.iter().map(|name| json::escaped(name)).collect();
            let before = builder.document().clone();
            match builder.set(&pointer, json!(number)) {
                Err(_) => prop_assert_eq!(builder.document(), &before),
                // What is appended with "-" has its number only afterwards.
                Ok(()) if names.iter().any(|name| name == "-") => {}
                Ok(()) => {
                    let document = Value::Object(builder.document().clone());
                    prop_assert_eq!(document.pointer(&pointer), Some(&json!(number)), "{}", pointer);
                }
            }
        }
    }

    #[test]
    fn sums_are_checked(totals in prop::collection::vec(-1_000_000_i64..1_000_000, 1..20), off in -100_i64..100) {
        let sum: i64 = totals.iter().sum();
        let items = totals.iter().map(|total| json!({"type": "handling", "reference": "x", "name": "x", "total_with_tax": total}));
        let mut document = with("/cart/items", items.collect());
        document["cart"]["order_total_with_tax"] = json!(sum + off);
        let Checked { problems, warnings } = checked(document);
        prop_assert_eq!(warnings, vec![]);
        let found = seen(&problems);
        let place = "/cart/order_total_with_tax";
        prop_assert_eq!(found.contains(&(ErrorCode::CartTotalMismatch, place)), off != 0);
        prop_assert_eq!(found.contains(&(ErrorCode::OutOfRange, place)), sum + off <= 0);
    }
}

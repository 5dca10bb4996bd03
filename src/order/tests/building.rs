use super::*;

fn order_of(builder: &OrderBuilder) -> Order {
    Order::from_document(builder.document().clone())
}

fn refused(builder: &mut OrderBuilder, pointer: &str) -> Problem {
    let before = builder.document().clone();
    let problem = builder.set(pointer, json!(1)).expect_err(pointer);
    assert_eq!(
        *builder.document(),
        before,
        "a failing call changes nothing"
    );
    problem
}

#[test]
fn makes_what_lies_on_the_way() {
    let mut builder = OrderBuilder::new();
    builder.set("/merchant/id", json!("shop_es")).unwrap();
    builder.set("/cart/items/0/name", json!("a")).unwrap();
    builder.set("/cart/items/1/name", json!("b")).unwrap();
    builder.set("/cart/items/-/name", json!("c")).unwrap();
    builder.set("/cart/items/1/name", json!("B")).unwrap();
    builder
        .set("/trackings/-/reference", json!("first"))
        .unwrap();
    builder
        .set("/merchant/notification_parameters/a~1b~0c", json!("x"))
        .unwrap();
    let expected = json!({
        "merchant": {"id": "shop_es", "notification_parameters": {"a/b~c": "x"}},
        "cart": {"items": [{"name": "a"}, {"name": "B"}, {"name": "c"}]},
        "trackings": [{"reference": "first"}]
    });
    assert_eq!(Value::Object(builder.document().clone()), expected);
    assert_eq!(order_of(&builder).document(), builder.document());
}

#[test]
fn null_is_nothing_and_can_be_built_upon() {
    let mut builder = OrderBuilder::new();
    builder.set("/customer", Value::Null).unwrap();
    builder
        .set("/customer/email", json!("a@b.example"))
        .unwrap();
    assert_eq!(
        builder.document()["customer"],
        json!({"email": "a@b.example"})
    );
}

#[test]
fn refuses_pointers_that_lead_nowhere() {
    let mut builder = OrderBuilder::new();
    builder.set("/cart/items/0/name", json!("a")).unwrap();
    assert_eq!(refused(&mut builder, "").code, ErrorCode::NullArgument);
    let too_deep = "/x".repeat(33);
    let huge = "/cart/items/99999999999999999999999";
    for pointer in [
        "cart",
        "/a~",
        "/a~2b",
        "/cart/items/2",
        "/cart/items/01",
        "/cart/items/name",
        "/cart/items/",
        "/cart/items/-1",
        huge,
        "/cart/items/0/name/x",
        "/cart/items/0/name/0",
        "/trackings/1/reference",
        &too_deep,
    ] {
        assert_eq!(
            refused(&mut builder, pointer).code,
            ErrorCode::ArgumentOutOfRange,
            "{pointer}"
        );
    }
    builder.set(&"/x".repeat(32), json!(1)).unwrap();
}

#[test]
fn lines_get_what_their_type_has() {
    let mut builder = OrderBuilder::new();
    builder
        .add_item(None, Some("CAM-01"), Some("Camisa"), 2, 1250, 2500)
        .unwrap();
    builder
        .add_item(Some("service"), Some("C"), Some("Curso"), 1, 10000, 10000)
        .unwrap();
    builder
        .add_item(Some("discount"), Some("D"), Some("Rebaja"), 1, -750, -750)
        .unwrap();
    builder
        .add_item(Some("invoice_fee"), Some("x"), None, 1, 300, 300)
        .unwrap();
    builder.add_item(Some(""), None, None, 1, 1, 1).unwrap();
    assert_eq!(
        builder.document()["cart"]["items"],
        json!([
            {"reference": "CAM-01", "name": "Camisa", "quantity": 2, "price_with_tax": 1250, "total_with_tax": 2500, "downloadable": false},
            {"type": "service", "reference": "C", "name": "Curso", "quantity": 1, "price_with_tax": 10000, "total_with_tax": 10000, "downloadable": false},
            {"type": "discount", "reference": "D", "name": "Rebaja", "total_with_tax": -750},
            {"type": "invoice_fee", "total_with_tax": 300},
            {"quantity": 1, "price_with_tax": 1, "total_with_tax": 1, "downloadable": false}
        ])
    );

    let before = builder.document().clone();
    let problem = builder
        .add_item(Some("discuont"), None, None, 1, 1, 1)
        .unwrap_err();
    assert_eq!(problem.code, ErrorCode::UnknownItemType);
    assert!(
        problem.message.contains("Did you mean discount?"),
        "{}",
        problem.message
    );
    builder.set("/cart/items", json!("x")).unwrap();
    assert!(builder.add_item(None, None, None, 1, 1, 1).is_err());
    builder
        .set("/cart/items", before["cart"]["items"].clone())
        .unwrap();
    assert_eq!(*builder.document(), before);
}

#[test]
fn a_whole_order_can_be_built() {
    fn leaves(value: &Value, at: &str, found: &mut Vec<(String, Value)>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(name, value)| {
                leaves(value, &format!("{at}{}", json::escaped(name)), found)
            }),
            Value::Array(list) => list
                .iter()
                .enumerate()
                .for_each(|(i, value)| leaves(value, &format!("{at}/{i}"), found)),
            leaf => found.push((at.to_owned(), leaf.clone())),
        }
    }
    let mut found = Vec::new();
    leaves(&good(), "", &mut found);
    let mut builder = OrderBuilder::new();
    for (pointer, value) in found {
        builder.set(&pointer, value).unwrap();
    }
    assert_eq!(order_of(&builder), order(good()));
}

use super::*;
use ErrorCode::*;

#[test]
fn a_cart_must_add_up() {
    let items = json!([
        {"type": "handling", "reference": "a", "name": "a", "total_with_tax": 1000},
        {"type": "handling", "reference": "b", "name": "b", "total_with_tax": 4055}
    ]);
    let mut document = with("/cart/items", items);
    document["cart"]["order_total_with_tax"] = json!(5097);
    let problem = only_problem(document);
    assert_eq!(problem.code, CartTotalMismatch);
    assert_eq!(
        problem.pointer.as_deref(),
        Some("/cart/order_total_with_tax")
    );
    assert_eq!(
        (problem.expected, problem.actual),
        (Some(json!(5055)), Some(json!(5097)))
    );
    assert_eq!(
        problem.message,
        "cart.order_total_with_tax is 5097 but the items add up to 5055 (1000+4055); the difference is 42. \
         Correct whichever is wrong: the library never repairs a cart."
    );
}

#[test]
fn each_of_two_carts_must_add_up() {
    let document = with_in(
        partly_shipped(),
        "/shipped_cart/order_total_with_tax",
        json!(2400),
    );
    let problem = only_problem(document);
    assert_eq!(
        (problem.code, problem.pointer.as_deref()),
        (
            CartTotalMismatch,
            Some("/shipped_cart/order_total_with_tax")
        )
    );
}

#[test]
fn a_sum_that_does_not_fit_is_no_panic() {
    let mut document = good();
    for index in 0..2 {
        document["cart"]["items"][index]["total_with_tax"] = json!(i64::MAX);
    }
    assert!(
        seen(&checked(document).problems).contains(&(OutOfRange, "/cart/order_total_with_tax"))
    );
    let mut document = with("/cart/order_total_with_tax", json!(i64::MIN));
    document["cart"]["items"][0]["quantity"] = json!(i64::MAX);
    checked(document);
}

#[test]
fn an_order_is_for_something() {
    let found = checked(with("/cart/items", json!([])));
    assert_eq!(seen(&found.problems), [(InvalidValue, "/cart/items")]);

    let mut document = good();
    document["cart"]["items"][6]["total_with_tax"] = json!(-19245);
    document["cart"]["order_total_with_tax"] = json!(0);
    let problem = only_problem(document);
    assert_eq!(
        (problem.code, problem.pointer.as_deref()),
        (OutOfRange, Some("/cart/order_total_with_tax"))
    );
    assert_eq!(problem.actual, Some(json!(0)));
}

#[test]
fn one_cart_or_two_and_never_three() {
    let mut document = partly_shipped();
    document["cart"] = good()["cart"].clone();
    assert_eq!(
        seen(&checked(document).problems),
        [(ForbiddenField, "/cart")]
    );

    let document = with_in(
        partly_shipped(),
        "/merchant/options/uses_shipped_cart",
        json!(false),
    );
    assert_eq!(
        seen(&checked(document).problems),
        [
            (MissingField, "/cart"),
            (ForbiddenField, "/unshipped_cart"),
            (ForbiddenField, "/shipped_cart")
        ]
    );
    let mut document = partly_shipped();
    remove(&mut document, "/shipped_cart");
    assert_eq!(
        seen(&checked(document).problems),
        [(MissingField, "/shipped_cart")]
    );
}

#[test]
fn one_of_two_carts_may_be_empty_but_not_both() {
    let mut document = partly_shipped();
    document["unshipped_cart"]["items"] = json!([]);
    document["unshipped_cart"]["order_total_with_tax"] = json!(0);
    assert_eq!(checked(document.clone()), Checked::default());
    document["shipped_cart"]["items"] = json!([]);
    document["shipped_cart"]["order_total_with_tax"] = json!(0);
    assert_eq!(
        seen(&checked(document).problems),
        [(OutOfRange, "/unshipped_cart/order_total_with_tax")]
    );
}

#[test]
fn two_carts_have_one_currency() {
    let problem = only_problem(with_in(
        partly_shipped(),
        "/shipped_cart/currency",
        json!("USD"),
    ));
    assert_eq!(
        (problem.code, problem.pointer.as_deref()),
        (CurrencyMismatch, Some("/shipped_cart/currency"))
    );
    assert_eq!(
        (problem.expected, problem.actual),
        (Some(json!("EUR")), Some(json!("USD")))
    );
}

#[test]
fn money_is_whole_cents() {
    let place = "/cart/items/0/price_with_tax";
    for value in [
        json!(12.5),
        json!(12.0),
        json!("1250"),
        json!("12,50"),
        json!("12.50 €"),
    ] {
        let problem = only_problem(with(place, value.clone()));
        assert_eq!(
            (problem.code, problem.pointer.as_deref()),
            (NotAnInteger, Some(place))
        );
        assert_eq!(problem.actual, Some(value));
        assert!(
            problem.message.contains("write 1250 for 12.50 €"),
            "{}",
            problem.message
        );
    }
    for value in [
        json!(1_000_000_000_001_i64),
        json!(-1_000_000_000_001_i64),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
    ] {
        let problem = only_problem(with(place, value));
        assert_eq!(
            (problem.code, problem.pointer.as_deref()),
            (OutOfRange, Some(place))
        );
    }
    let problem = only_problem(with("/cart/items/0/quantity", json!(2.0)));
    assert_eq!(problem.code, NotAnInteger);
}

#[test]
fn numbers_keep_to_their_ranges() {
    for (place, value) in [
        ("/cart/items/0/quantity", json!(0)),
        ("/cart/items/0/quantity", json!(-1)),
        ("/cart/items/0/quantity", json!(1_000_000_001)),
        ("/cart/items/1/quantity", json!(0)),
        ("/customer/rating", json!(-1)),
        ("/customer/rating", json!(101)),
    ] {
        assert_eq!(
            seen(&checked(with(place, value)).problems),
            [(OutOfRange, place)]
        );
    }
}

#[test]
fn what_makes_a_cart_cheaper_is_negative() {
    for index in [4, 6] {
        let mut document = good();
        let total = document["cart"]["items"][index]["total_with_tax"]
            .as_i64()
            .unwrap();
        document["cart"]["items"][index]["total_with_tax"] = json!(-total);
        document["cart"]["order_total_with_tax"] = json!(17245 - 2 * total);
        let problem = only_problem(document);
        assert_eq!(problem.code, OutOfRange);
        assert_eq!(
            problem.pointer,
            Some(format!("/cart/items/{index}/total_with_tax"))
        );
    }
    let mut document = with("/cart/items/3/total_with_tax", json!(-495));
    document["cart"]["order_total_with_tax"] = json!(17245 - 990);
    assert_eq!(
        checked(document),
        Checked::default(),
        "handling may go either way"
    );
}

#[test]
fn a_line_that_is_not_its_price_deserves_a_look() {
    let mut document = with("/cart/items/0/price_with_tax", json!(1249));
    document["cart"]["items"][0]["nmae"] = json!("x");
    let found = checked(document);
    assert_eq!(found.problems, []);
    assert_eq!(
        seen(&found.warnings),
        [
            (UnknownField, "/cart/items/0/nmae"),
            (LineTotalDiffers, "/cart/items/0/total_with_tax")
        ]
    );
    assert_eq!(
        (&found.warnings[1].expected, &found.warnings[1].actual),
        (&Some(json!(2498)), &Some(json!(2500)))
    );
}

#[test]
fn an_unknown_item_type_is_named_with_the_nearest() {
    let problem = only_problem(with("/cart/items/4/type", json!("discuont")));
    assert_eq!(
        (problem.code, problem.pointer.as_deref()),
        (UnknownItemType, Some("/cart/items/4/type"))
    );
    assert!(
        problem.message.ends_with("Did you mean discount?"),
        "{}",
        problem.message
    );
    assert_eq!(
        seen(&checked(with("/trackings/1/type", json!("drone"))).problems),
        [(InvalidValue, "/trackings/1/type")]
    );
}

#[test]
fn a_line_without_a_type_is_a_product() {
    let found = checked(without("/cart/items/3/type"));
    let missing =
        ["price_with_tax", "quantity", "downloadable"].map(|name| format!("/cart/items/3/{name}"));
    assert_eq!(
        seen(&found.problems),
        missing
            .each_ref()
            .map(|pointer| (MissingField, pointer.as_str()))
    );
}

#[test]
fn a_service_ends_one_way() {
    assert_eq!(
        seen(&checked(without("/cart/items/1/ends_in")).problems),
        [(MutuallyExclusive, "/cart/items/1")]
    );
    let both = with("/cart/items/1/ends_on", json!("2026-06-30"));
    assert_eq!(
        seen(&checked(both).problems),
        [(MutuallyExclusive, "/cart/items/1")]
    );
    let null = with("/cart/items/1/ends_on", Value::Null);
    assert_eq!(checked(null), Checked::default());
}

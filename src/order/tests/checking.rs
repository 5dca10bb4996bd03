use super::*;
use ErrorCode::*;

#[test]
fn a_good_order_is_good() {
    for document in [good(), partly_shipped()] {
        let found = order(document.clone()).check();
        assert_eq!(found, Checked::default());
    }
}

#[test]
fn wrong_types() {
    for (pointer, value, is, must_be) in [
        ("/merchant", json!([]), "a list", "an object"),
        (
            "/merchant/id",
            json!(1.5),
            "a number",
            "a merchant id as seQura gave it, such as shop_es",
        ),
        (
            "/merchant/id",
            json!(true),
            "true or false",
            "a merchant id as seQura gave it, such as shop_es",
        ),
        (
            "/merchant/options/has_jquery",
            json!("true"),
            "a text",
            "true or false",
        ),
        (
            "/merchant/notification_parameters",
            json!("x"),
            "a text",
            "an object",
        ),
        ("/cart", json!("x"), "a text", "an object"),
        ("/cart/gift", json!(0), "a number", "true or false"),
        ("/cart/items", json!({}), "an object", "a list"),
        ("/cart/items/4", json!(null), "null", "an object"),
        ("/cart/items/4/type", json!(4), "a number", "a text"),
        (
            "/cart/items/0/quantity",
            json!("two"),
            "a text",
            "an integer",
        ),
        (
            "/cart/items/0/total_with_tax",
            json!(true),
            "true or false",
            "an integer number of cents",
        ),
        ("/cart/items/0/name", json!(7), "a number", "a text"),
        ("/trackings", json!({}), "an object", "a list"),
        (
            "/delivery_address/postal_code",
            json!(8013),
            "a number",
            "a text",
        ),
        (
            "/customer/logged_in",
            json!(1),
            "a number",
            "true, false or \"unknown\"",
        ),
        (
            "/customer/previous_orders",
            json!({}),
            "an object",
            "a list",
        ),
        (
            "/customer/previous_orders/0",
            json!(1),
            "a number",
            "an object",
        ),
        (
            "/first_charge_date",
            json!(20240101),
            "a number",
            "a date such as 2024-01-31",
        ),
    ] {
        let found = checked(with(pointer, value));
        let problem = found
            .problems
            .iter()
            .find(|problem| problem.pointer.as_deref() == Some(pointer))
            .unwrap();
        assert_eq!(problem.code, WrongType, "{pointer}");
        assert_eq!(
            (&problem.expected, &problem.actual),
            (&Some(must_be.into()), &Some(is.into())),
            "{pointer}"
        );
    }
}

#[test]
fn everything_is_said_at_once() {
    let mut document = good();
    remove(&mut document, "/customer/email");
    document["cart"]["order_total_with_tax"] = json!(1);
    document["cart"]["currency"] = json!("EURO");
    document["cart"]["items"][1]["ends_on"] = json!("2026-06-30");
    document["cart"]["items"][4]["total_with_tax"] = json!(750);
    document["merchant"]["notify_url"] = json!("https://shop.example/ipn");
    document["gui"]["layout"] = json!("tablet");
    document["delivery_address"]["cty"] = json!("Barcelona");
    document["delivery_address"]["country_code"] = json!("España");
    let found = checked(document);
    assert_eq!(
        seen(&found.problems),
        [
            (CallbackNotAllowed, "/merchant/notify_url"),
            (InvalidCurrency, "/cart/currency"),
            (MutuallyExclusive, "/cart/items/1"),
            (OutOfRange, "/cart/items/4/total_with_tax"),
            (CartTotalMismatch, "/cart/order_total_with_tax"),
            (InvalidCountry, "/delivery_address/country_code"),
            (MissingField, "/customer/email"),
            (InvalidValue, "/gui/layout"),
        ]
    );
    assert_eq!(
        seen(&found.warnings),
        [(UnknownField, "/delivery_address/cty")]
    );
}

#[test]
fn an_empty_order_misses_each_block() {
    let found = checked(json!({}));
    let blocks = [
        "/merchant",
        "/cart",
        "/delivery_method",
        "/delivery_address",
        "/invoice_address",
        "/customer",
        "/gui",
        "/platform",
    ];
    assert_eq!(
        seen(&found.problems),
        blocks.map(|block| (MissingField, block))
    );
}

#[test]
fn a_reference_block_needs_its_reference() {
    assert_eq!(checked(without("/merchant_reference")), Checked::default());
    let problem = only_problem(with("/merchant_reference", json!({})));
    assert_eq!(
        (problem.code, problem.pointer.as_deref()),
        (MissingField, Some("/merchant_reference/order_ref_1"))
    );
    assert_eq!(
        checked(with("/merchant_reference/order_ref_1", json!(" "))),
        Checked::default(),
        "a till without null has none yet"
    );
    assert_eq!(
        checked(with("/merchant_reference/order_ref_1", json!(12345))),
        Checked::default()
    );
}

#[test]
fn a_till_cannot_be_called() {
    for pointer in [
        "/merchant/notify_url",
        "/merchant/return_url",
        "/merchant/approved_url",
        "/merchant/approved_callback",
        "/merchant/rejected_callback",
        "/merchant/partpayment_details_getter",
        "/merchant/edit_url",
        "/merchant/abort_url",
        "/merchant/timeout/timeout_url",
    ] {
        let problem = only_problem(with(pointer, json!("https://shop.example/")));
        assert_eq!(
            (problem.code, problem.pointer.as_deref()),
            (CallbackNotAllowed, Some(pointer))
        );
        for none in [json!(""), Value::Null] {
            assert_eq!(checked(with(pointer, none)), Checked::default());
        }
    }
    let webhook = json!({"url": "https://shop.example/", "parameters": {"anything": ["goes"]}});
    let problem = only_problem(with("/merchant/events_webhook", webhook));
    assert_eq!(
        (problem.code, problem.pointer.as_deref()),
        (CallbackNotAllowed, Some("/merchant/events_webhook/url"))
    );
}

#[test]
fn texts_with_a_form() {
    for (pointer, value, code) in [
        ("/cart/items/2/ends_on", "30/06/2026", InvalidDate),
        ("/cart/items/1/ends_in", "3 months", InvalidDuration),
        ("/cart/created_at", "2026-01-31  12:25", InvalidDate),
        ("/cart/updated_at", "2026-02-31 12:25", InvalidDate),
        ("/cart/currency", "eur", InvalidCurrency),
        ("/cart/items/0/url", "camisa", InvalidUrl),
        ("/trackings/0/country_code", "XX", InvalidCountry),
        ("/trackings/1/tracking_url", "TX123", InvalidUrl),
        ("/merchant/timeout/timeout_at", "soon", InvalidDate),
        ("/delivery_address/country_code", "Spain", InvalidCountry),
        ("/customer/email", "nisse", InvalidEmail),
        ("/customer/language_code", "español", InvalidLanguage),
        ("/customer/ip_number", "12.23.34", InvalidIpAddress),
        ("/customer/date_of_birth", "20-01-1980", InvalidDate),
        ("/customer/logged_in", "yes", InvalidValue),
        (
            "/customer/vehicle/first_registration_date",
            "2019",
            InvalidDate,
        ),
        ("/gui/layout", "tablet", InvalidValue),
        ("/first_charge_date", "2026-02-30", InvalidDate),
    ] {
        let problem = only_problem(with(pointer, json!(value)));
        assert_eq!(
            (problem.code, problem.pointer.as_deref()),
            (code, Some(pointer))
        );
        let personal = pointer.starts_with("/customer") || pointer.starts_with("/delivery_address");
        let told = problem.message.contains(value) || problem.actual.is_some();
        assert_eq!(told, !personal && code != InvalidUrl, "{}", problem.message);
    }
    let nameless = "/customer/previous_orders/0/payment_method";
    for (pointer, value, code) in [
        ("/cart/created_at", "2026-01-31 12:25:00", InvalidDate),
        ("/trackings/0/available_at", "2026-01-31 12:25", InvalidDate),
        ("/customer/language_code", "es_ES", InvalidLanguage),
        (
            "/customer/previous_orders/0/status",
            "wc-completed",
            InvalidValue,
        ),
        (nameless, "bacs", InvalidValue),
    ] {
        let found = checked(with(pointer, json!(value)));
        assert_eq!(
            found.problems,
            [],
            "{pointer}: sent by seQura's own clients"
        );
        assert_eq!(seen(&found.warnings), [(code, pointer)]);
        assert!(!found.warnings[0].message.contains(value));
    }
    assert_eq!(
        seen(&checked(with(nameless, json!("O/"))).warnings),
        [(InvalidValue, nameless)]
    );
    for (pointer, value) in [
        ("/delivery_address/country_code", json!("ESP")),
        ("/customer/ip_number", json!("2001:db8::1")),
        ("/customer/language_code", json!("es")),
        ("/customer/logged_in", json!(false)),
        ("/gui/layout", json!("mobile")),
        ("/customer/title", json!("Excma. Sra.")),
        ("/customer/user_agent", json!("till/1.0")),
    ] {
        assert_eq!(
            checked(with(pointer, value)),
            Checked::default(),
            "{pointer}"
        );
    }
}

#[test]
fn addresses_may_be_missing_where_the_option_says_so() {
    let mut document = with("/merchant/options/addresses_may_be_missing", json!(true));
    remove(&mut document, "/delivery_address");
    remove(&mut document, "/invoice_address");
    assert_eq!(checked(document.clone()), Checked::default());
    let mut address = address();
    remove(&mut address, "/city");
    document["invoice_address"] = address;
    assert_eq!(
        seen(&checked(document).problems),
        [(MissingField, "/invoice_address/city")]
    );
}

#[test]
fn a_blank_address_is_none_where_the_option_says_so() {
    let mut document = with("/merchant/options/addresses_may_be_missing", json!(true));
    for blank in [
        json!({}),
        json!(""),
        json!({"city": " ", "country_code": ""}),
    ] {
        document["delivery_address"] = blank.clone();
        document["invoice_address"] = blank.clone();
        assert_eq!(checked(document.clone()), Checked::default(), "{blank}");
        let mut without_option = document.clone();
        remove(
            &mut without_option,
            "/merchant/options/addresses_may_be_missing",
        );
        assert!(!checked(without_option).problems.is_empty(), "{blank}");
    }
    document["delivery_address"] = address();
    document["delivery_address"]["city"] = json!("");
    let found = checked(document.clone());
    assert_eq!(found.problems, []);
    assert_eq!(
        seen(&found.warnings),
        [(EmptyText, "/delivery_address/city")]
    );
    document["delivery_address"]["country_code"] = json!("XX");
    assert_eq!(
        seen(&checked(document).problems),
        [(InvalidCountry, "/delivery_address/country_code")]
    );
}

#[test]
fn the_delivery_method_may_be_in_the_cart() {
    let mut document = good();
    let method = document["delivery_method"].take();
    assert_eq!(
        seen(&checked(document.clone()).problems),
        [(MissingField, "/delivery_method")]
    );
    document["cart"]["delivery_method"] = method;
    let found = checked(document.clone());
    assert_eq!(found.problems, []);
    assert_eq!(seen(&found.warnings), [(MissingField, "/delivery_method")]);
    document["cart"]["delivery_method"] = json!(" ");
    assert_eq!(
        seen(&checked(document).problems),
        [(MissingField, "/delivery_method")]
    );
}

#[test]
fn a_number_that_no_sms_goes_to_is_warned_of() {
    let numbers = |delivery: Value, invoice: Value| {
        with_in(
            with("/delivery_address/mobile_phone", delivery),
            "/invoice_address/mobile_phone",
            invoice,
        )
    };
    let place = "/delivery_address/mobile_phone";

    // The start does not know yet how the form will go.
    assert_eq!(
        checked(numbers(json!(null), json!(" "))),
        Checked::default()
    );
    assert_eq!(
        checked(numbers(json!(null), json!("+34 711 222 333"))),
        Checked::default()
    );
    let landline = checked(numbers(json!("933 033 033"), json!(null)));
    assert_eq!(
        (landline.problems.len(), seen(&landline.warnings)),
        (0, vec![(InvalidPhone, place)])
    );
    assert!(!landline.warnings[0].message.contains("933"));
    let landline = checked(numbers(json!(null), json!("933 033 033")));
    assert_eq!(
        seen(&landline.warnings),
        [(InvalidPhone, "/invoice_address/mobile_phone")]
    );
    assert_eq!(
        seen(&checked(numbers(json!(615), json!(null))).problems),
        [(WrongType, place)]
    );
    // Elsewhere the form may come another way.
    let french = with_in(
        numbers(json!("+33 667042676"), json!(null)),
        "/delivery_address/country_code",
        json!("FR"),
    );
    assert_eq!(checked(french), Checked::default());
}

#[test]
fn unknown_fields_are_passed_on_with_a_word() {
    let mut document = good();
    document["a/b~c"] = json!(1);
    document["customer"]["dateOfBirth"] = json!("1980-01-20");
    document["merchant"]["notification_parameters"]["anything"] = json!({"goes": true});
    let found = checked(document.clone());
    assert_eq!(found.problems, []);
    assert_eq!(
        seen(&found.warnings),
        [
            (UnknownField, "/customer/dateOfBirth"),
            (UnknownField, "/a~1b~0c")
        ]
    );
    assert!(
        found.warnings[0]
            .message
            .ends_with("Did you mean date_of_birth?")
    );
    assert!(!found.warnings[0].message.contains("1980"));
    assert!(!found.warnings[1].message.contains("Did you mean"));
    assert_eq!(
        Value::Object(order(document.clone()).into_document()),
        document,
        "never dropped"
    );
}

#[test]
fn a_misspelt_field_is_not_just_missing() {
    let mut document = with("/customer/e_mial", json!("nisse@example.com"));
    remove(&mut document, "/customer/email");
    let problem = only_problem(document);
    assert_eq!(problem.code, MissingField);
    assert_eq!(
        problem.message,
        "customer.email is missing; it must be an e-mail address. Did you mean it where you wrote e_mial? \
         seQura documents it as required."
    );
}

#[test]
fn the_state_is_the_librarys() {
    for state in [json!("confirmed"), json!(5), json!([])] {
        assert_eq!(checked(with("/state", state)), Checked::default());
    }
    assert_eq!(checked(without("/state")), Checked::default());
}

/// Whatever is wrong with it, what the shopper entrusted to the shop is in no message.
#[test]
fn messages_tell_nothing_of_the_shopper() {
    let secret = "Zsófia Kovács 687654321";
    for block in ["delivery_address", "invoice_address", "customer"] {
        let names: Vec<String> = good()[block].as_object().unwrap().keys().cloned().collect();
        for name in names {
            for value in [
                json!(secret),
                json!([secret]),
                json!({"x": secret}),
                json!(687654321.5),
                json!("687654321"),
            ] {
                let found = order(with(&format!("/{block}/{name}"), value)).check();
                let told = serde_json::to_string(&[&found.problems, &found.warnings]).unwrap();
                assert!(
                    !told.contains("Kov") && !told.contains("687654321"),
                    "{told}"
                );
            }
        }
    }
}

#[test]
fn a_check_grows_with_the_order_and_not_faster() {
    use crate::limits::growth::is_linear;
    let cart = |items: Vec<Value>, total: usize| {
        let mut document = good();
        document["cart"]["items"] = items.into();
        document["cart"]["order_total_with_tax"] = total.into();
        order(json!({"order": document}))
    };
    let orders = |size: usize, item: &dyn Fn(usize) -> Value| {
        let order = cart((0..size).map(item).collect(), size);
        move || order.check()
    };
    let handling =
        |at: usize| json!({"type": "handling", "reference": at, "name": "x", "total_with_tax": 1});
    let wrong = |at: usize| json!({"typ": at, "refrence": 1.5, "total_with_tax": "1,00"});
    for (what, item) in [
        ("a good order", &handling as &dyn Fn(usize) -> Value),
        ("an order with everything wrong", &wrong),
    ] {
        let (small, large) = (orders(400, item), orders(4000, item));
        is_linear(what, |size| if size == 400 { small() } else { large() });
    }
    // Of one block, in which things are missing.
    let strange = |size: usize| {
        let mut document = good();
        let names = (0..size).map(|at| (format!("order_total_with_tax_{at}"), json!(1)));
        document["customer"] = Value::from_iter(names);
        let order = order(json!({"order": document}));
        move || order.check()
    };
    let (small, large) = (strange(400), strange(4000));
    is_linear(
        "strange names",
        |size| if size == 400 { small() } else { large() },
    );
}

#[test]
fn of_very_many_problems_the_last_entry_says_how_many_are_not_listed() {
    let items: Vec<Value> = (0..crate::limits::LINES).map(|_| json!({})).collect();
    let found = checked(with("/cart/items", items.into()));
    assert_eq!(found.problems.len(), crate::limits::ERRORS);
    let last = found.problems.last().unwrap();
    assert_eq!(last.code, ErrorCode::MoreErrors);
    assert!(last.actual.as_ref().unwrap().as_u64().unwrap() > 50_000);
}

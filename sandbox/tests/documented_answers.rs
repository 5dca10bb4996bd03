//! The answers that seQura's documentation, or its clients' fixtures, give: to the byte.

mod common;
use common::*;
use sequra_sandbox::sum_problem;
use serde_json::{Value, json};

/// The whole answer with what differs from run to run replaced by a name.
fn whole(answer: &Answer) -> String {
    let mut text = String::new();
    for line in answer.head.split_inclusive("\r\n") {
        let name = line.split(": ").next().unwrap();
        match name {
            "X-Request-Id" | "X-Runtime" | "Date" => text += &format!("{name}: …\r\n"),
            _ => text += line,
        }
    }
    text + answer.text()
}

#[test]
fn a_solicitation_is_answered_with_204_and_location() {
    let sandbox = start();
    let answer = solicit(&sandbox, &order());
    let uuid = &sandbox.orders()[0].uuid;
    assert_eq!(
        whole(&answer),
        format!(
            "HTTP/1.1 204 No Content\r\n\
             Location: http://till.example:8443/orders/{uuid}\r\n\
             X-Request-Id: …\r\nX-Runtime: …\r\nCache-Control: no-cache\r\n\
             X-Frame-Options: SAMEORIGIN\r\nDate: …\r\n\r\n"
        )
    );
    let request_id = answer.header("X-Request-Id").unwrap();
    assert_eq!(request_id.len(), 36);
    assert_eq!(sandbox.requests()[0].request_id, request_id);
    assert_eq!(sandbox.ledger()[0].request_id.as_deref(), Some(request_id));
    answer.header("X-Runtime").unwrap().parse::<f64>().unwrap();
}

#[test]
fn wrong_credentials_get_plain_text() {
    let sandbox = start();
    for credentials in [
        None,
        Some("sandbox_key:wrong"),
        Some("nobody:sandbox_secret"),
    ] {
        let answer = call(&sandbox, "POST", "/orders", credentials, &[], b"{}").unwrap();
        assert_eq!(
            whole(&answer),
            "HTTP/1.1 401 Unauthorized\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\
             Www-Authenticate: Basic realm=\"Application\"\r\n\
             X-Request-Id: …\r\nX-Runtime: …\r\nCache-Control: no-cache\r\n\
             X-Frame-Options: SAMEORIGIN\r\nContent-Length: 26\r\nDate: …\r\n\r\n\
             HTTP Basic: Access denied."
        );
    }
}

#[test]
fn wrong_credentials_get_json_from_the_credentials_endpoints() {
    let sandbox = start();
    for path in ["/merchants/credentials", "/merchants/shop_es/credentials"] {
        let answer = call(&sandbox, "GET", path, Some("sandbox_key:wrong"), &[], b"").unwrap();
        assert_eq!(answer.status, 401);
        assert_eq!(answer.text(), r#"{"errors":["Access denied"]}"#);
    }
}

#[test]
fn foreign_merchants_and_orders_are_403() {
    let sandbox = start();
    let bad_merchant = r#"{"errors":["Bad merchant id 'other_es' for sandbox_key"]}"#;
    let mut foreign = order();
    foreign["merchant"]["id"] = "other_es".into();
    let answers = [
        solicit(&sandbox, &foreign),
        get(&sandbox, "/merchants/other_es/payment_methods"),
        get(&sandbox, "/merchants/other_es/credentials"),
    ];
    for answer in answers {
        assert_eq!(answer.status, 403);
        assert_eq!(answer.text(), bad_merchant);
    }

    let uuid = solicited(&sandbox, &order());
    let order_url = format!("/orders/{uuid}");
    let body = json!({ "order": order() }).to_string();
    let other = Some("other_key:other_secret");
    let bad_order = format!(r#"{{"errors":["Bad order id '{uuid}' for other_key"]}}"#);
    for (method, path) in [
        ("PUT", order_url.clone()),
        ("GET", format!("{order_url}/payment_methods")),
        ("GET", format!("{order_url}/form_v2")),
        ("POST", format!("{order_url}/form_deliveries")),
    ] {
        let answer = call(&sandbox, method, &path, other, &[], body.as_bytes()).unwrap();
        assert_eq!(answer.status, 403, "{method} {path}");
        assert_eq!(answer.text(), bad_order);
    }
}

#[test]
fn totals_that_do_not_add_up_are_named_with_their_numbers() {
    let sandbox = start();
    let mut wrong = order();
    wrong["cart"]["order_total_with_tax"] = 5139.into();
    let answer = solicit(&sandbox, &wrong);
    assert_eq!(answer.status, 409);
    assert_eq!(
        answer.header("Content-Type"),
        Some("application/json; charset=utf-8")
    );
    assert_eq!(
        answer.text(),
        "{\"errors\":[\"Invalid data: items' total_with_tax add up to 5097 (6000+597+-1500) \
         but order_total_with_tax is 5139. The diff is 42.\"]}"
    );
    let sample = json!({ "order_total_with_tax": 5097, "items": [
        { "total_with_tax": 4555 }, { "total_with_tax": 500 } ] });
    assert_eq!(
        sum_problem(&sample, Some("shipped_cart")).unwrap(),
        "Invalid data: In shipped_cart, items' total_with_tax add up to 5055 (4555+500) \
         but order_total_with_tax is 5097. The diff is 42."
    );
}

#[test]
fn everything_that_is_missing_is_listed_at_once() {
    let sandbox = start();
    let answer = solicit(&sandbox, &json!({}));
    assert_eq!(answer.status, 409);
    let sections = [
        "merchant",
        "cart",
        "delivery_address",
        "invoice_address",
        "customer",
        "delivery_method",
        "gui",
        "platform",
    ];
    assert_eq!(
        answer.errors(),
        sections.map(|s| format!("Invalid data: {s} is required"))
    );

    // Each documented field, taken away alone, is named alone.
    for pointer in [
        "/merchant/id",
        "/cart/currency",
        "/cart/order_total_with_tax",
        "/cart/items",
        "/cart/items/0/reference",
        "/cart/items/0/name",
        "/cart/items/0/price_with_tax",
        "/cart/items/0/quantity",
        "/cart/items/0/total_with_tax",
        "/cart/items/0/downloadable",
        "/cart/items/1/reference",
        "/cart/items/1/name",
        "/cart/items/1/total_with_tax",
        "/delivery_method/name",
        "/delivery_address/company",
        "/delivery_address/address_line_1",
        "/delivery_address/address_line_2",
        "/delivery_address/postal_code",
        "/delivery_address/city",
        "/invoice_address/country_code",
        "/customer/email",
        "/customer/logged_in",
        "/customer/language_code",
        "/customer/ip_number",
        "/gui/layout",
        "/platform/name",
        "/platform/version",
        "/platform/uname",
        "/platform/db_name",
        "/platform/db_version",
    ] {
        let mut lacking = order();
        *lacking.pointer_mut(pointer).expect(pointer) = Value::Null;
        let name = pointer[1..].replace('/', ".");
        let name = name
            .replace("items.0", "items[0]")
            .replace("items.1", "items[1]");
        assert_eq!(
            solicit(&sandbox, &lacking).errors(),
            [format!("Invalid data: {name} is required")]
        );
    }
    assert!(sandbox.orders().is_empty());
}

#[test]
fn what_is_wrong_is_named_too() {
    let sandbox = start();
    let cases: &[(&str, Value, &str)] = &[
        (
            "/cart/items/0/quantity",
            json!(0),
            "cart.items[0].quantity must be a positive integer",
        ),
        (
            "/cart/items/0/price_with_tax",
            json!(30.0),
            "cart.items[0].price_with_tax must be an integer (cents)",
        ),
        (
            "/cart/items/0/downloadable",
            json!("no"),
            "cart.items[0].downloadable must be true or false",
        ),
        ("/cart/items", json!({}), "cart.items must be a list"),
        (
            "/customer/logged_in",
            json!("maybe"),
            "customer.logged_in must be true, false or 'unknown'",
        ),
        (
            "/gui/layout",
            json!("wide"),
            "gui.layout 'wide' is not one of desktop, smartphone, mobile",
        ),
        ("/platform/name", json!(7), "platform.name must be a text"),
        ("/state", json!("shipped"), "state 'shipped' is not known"),
    ];
    for (pointer, value, text) in cases {
        let mut wrong = order();
        *wrong.pointer_mut(pointer).unwrap() = value.clone();
        let answer = solicit(&sandbox, &wrong);
        assert_eq!(answer.status, 409);
        assert_eq!(answer.errors(), [format!("Invalid data: {text}")]);
    }
    let mut service = order();
    let item = &mut service["cart"]["items"][0];
    item["type"] = "service".into();
    let needs = ["Invalid data: cart.items[0] needs exactly one of ends_on and ends_in"];
    assert_eq!(solicit(&sandbox, &service).errors(), needs);
    service["cart"]["items"][0]["ends_in"] = "P1Y".into();
    assert_eq!(solicit(&sandbox, &service).status, 204);
    service["cart"]["items"][0]["ends_on"] = "2030-01-01".into();
    assert_eq!(solicit(&sandbox, &service).errors(), needs);
}

#[test]
fn goods_taken_away_at_once_have_two_carts() {
    let sandbox = start();
    let mut both = order();
    both["merchant"]["options"] = json!({ "uses_shipped_cart": true });
    both["shipped_cart"] = both["cart"].clone();
    both["unshipped_cart"] =
        json!({ "currency": "EUR", "gift": false, "order_total_with_tax": 0, "items": [] });
    assert_eq!(
        solicit(&sandbox, &both).errors(),
        ["Invalid data: cart is forbidden with merchant.options.uses_shipped_cart"]
    );
    both["cart"] = Value::Null;
    both["shipped_cart"]["order_total_with_tax"] = 5000.into();
    assert_eq!(
        solicit(&sandbox, &both).errors(),
        [
            "Invalid data: In shipped_cart, items' total_with_tax add up to 5097 \
             (6000+597+-1500) but order_total_with_tax is 5000. The diff is -97."
        ]
    );
    both["shipped_cart"]["order_total_with_tax"] = 5097.into();
    let uuid = approved(&sandbox, &both);
    assert_eq!(confirm(&sandbox, &uuid, &both).status, 200);
    assert_eq!(sandbox.order(&uuid).unwrap().amount, 5097);

    both["unshipped_cart"] = Value::Null;
    assert_eq!(
        solicit(&sandbox, &both).errors(),
        ["Invalid data: unshipped_cart is required"]
    );
}

#[test]
fn bodies_that_cannot_be_read_are_400() {
    let sandbox = start();
    let latin1 = b"{\"order\":{\"customer\":{\"surnames\":\"Mu\xf1oz\"}}}";
    let cases: [(&[u8], &str); 3] = [
        (latin1, "Invalid data: the body is not UTF-8"),
        (b"{\"order\":", "Invalid data: the body is not JSON"),
        (b"", "Invalid data: the body is not JSON"),
    ];
    for (body, text) in cases {
        let json = [("Content-Type", "application/json; charset=utf-8")];
        let answer = call(&sandbox, "POST", "/orders", Some(CREDENTIALS), &json, body).unwrap();
        assert_eq!(answer.status, 400);
        assert_eq!(answer.errors(), [text]);
    }
    assert_eq!(
        send(&sandbox, "POST", "/orders", &json!({})).errors(),
        ["Invalid data: order is required"]
    );
}

#[test]
fn credentials_list_the_merchants_of_the_account() {
    let sandbox = start();
    let path = "/merchants/credentials";
    let answer = call(
        &sandbox,
        "GET",
        path,
        Some("other_key:other_secret"),
        &[],
        b"",
    )
    .unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.text(),
        concat!(
            r#"[{"ref":"other_es","name":null,"country":"ES","allowed_countries":["ES"],"#,
            r#""currency":"EUR","assets_key":"k1","contract_options":[],"#,
            r#""extra_information":{"type":"regular","phone_number":""},"#,
            r#""verify_signature":false,"signature_secret":"s","#,
            r#""confirmation_path":"default","realm":"sequra"}]"#
        )
    );
    let all = get(&sandbox, path).json();
    let refs: Vec<&str> = (0..4).map(|i| all[i]["ref"].as_str().unwrap()).collect();
    assert_eq!(refs, ["shop_es", "shop_fr", "shop_it", "shop_pt"]);
    let one = get(&sandbox, "/merchants/shop_pt/credentials");
    assert_eq!((one.status, &one.json()["country"]), (200, &json!("PT")));
}

#[test]
fn payment_methods_have_limits_for_a_merchant_and_costs_for_an_order() {
    let sandbox = start();
    let methods = |answer: Value| -> Vec<Value> {
        let options = answer["payment_options"].as_array().unwrap().clone();
        options
            .iter()
            .flat_map(|option| option["methods"].as_array().unwrap().clone())
            .collect()
    };
    let enabled = methods(get(&sandbox, "/merchants/shop_es/payment_methods").json());
    let pp3 = enabled.iter().find(|m| m["product"] == "pp3").unwrap();
    assert_eq!(pp3["min_amount"], 5000);
    assert_eq!(pp3["max_amount"], Value::Null);
    assert_eq!(pp3["cost"]["instalment_total"], 0);
    assert!(pp3["title"].as_str().unwrap().contains("según"));

    let uuid = solicited(&sandbox, &order());
    let path = format!("/orders/{uuid}/payment_methods");
    let eligible = methods(get(&sandbox, &path).json());
    let pp3 = eligible.iter().find(|m| m["product"] == "pp3").unwrap();
    // 5097 / 12, rounded up, and the fee.
    assert_eq!(pp3["cost"]["instalment_total"], 425 + 300);
    assert!(pp3.get("min_amount").is_none());

    let small = changed_by(order(), -500);
    let uuid = solicited(&sandbox, &small);
    let path = format!("/orders/{uuid}/payment_methods");
    let eligible = methods(get(&sandbox, &path).json());
    assert!(eligible.iter().all(|m| m["product"] != "pp3"));
    assert!(eligible.iter().any(|m| m["product"] == "i1"));
}

#[test]
fn deployments_need_no_credentials() {
    let sandbox = start();
    let answer = call(&sandbox, "GET", "/deployments", None, &[], b"").unwrap();
    assert_eq!(answer.status, 200);
    let list = answer.json();
    assert_eq!(list[0]["id"], "sequra");
    assert_eq!(
        list[0]["sandbox"]["api_base_url"],
        "https://sandbox.sequrapi.com/"
    );
    assert_eq!(list[1]["id"], "svea");
}

#[test]
fn forms_are_pages() {
    let sandbox = start();
    let uuid = solicited(&sandbox, &order());
    let form = get(&sandbox, &format!("/orders/{uuid}/form_v2?product=pp3"));
    assert_eq!(
        form.header("Content-Type"),
        Some("text/html; charset=utf-8")
    );
    let source =
        format!("src=\"http://till.example:8443/orders/{uuid}/pumbaa_form?product=pp3&amp;");
    assert!(form.text().contains("<iframe id=\"sq-identification-pp3\""));
    assert!(form.text().contains(&source), "{}", form.text());

    let page = format!("/orders/{uuid}/pumbaa_form?product=%3Cb%3E");
    let shown = call(&sandbox, "GET", &page, None, &[], b"").unwrap();
    assert!(shown.text().contains("50.97\u{a0}€") && shown.text().contains("shop_es"));
    assert!(shown.text().contains("&lt;b&gt;"));
    let button = format!("action=\"/_sandbox/page/orders/{uuid}/approve\"");
    assert!(shown.text().contains(&button));
}

#[test]
fn what_does_not_exist_is_a_404_page() {
    let sandbox = start();
    let uuid = solicited(&sandbox, &order());
    for (method, path) in [
        (
            "GET",
            "/orders/00000000-0000-0000-0000-000000000000/form_v2".to_owned(),
        ),
        ("GET", format!("/orders/{uuid}")),
        ("GET", "/nothing".to_owned()),
        // What cannot be decoded names nothing that exists.
        ("PUT", "/orders/%FF".to_owned()),
        ("GET", "/merchants/%C3/payment_methods".to_owned()),
    ] {
        let answer = send(&sandbox, method, &path, &json!({ "order": order() }));
        assert_eq!(answer.status, 404, "{method} {path}");
        assert_eq!(
            answer.header("Content-Type"),
            Some("text/html; charset=utf-8")
        );
        assert!(answer.header("X-Request-Id").is_some());
    }
}

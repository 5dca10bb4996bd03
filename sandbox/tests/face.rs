//! The pages for people, as plain HTTP: what they show, what their buttons do, and that what
//! tills send stays text. In a browser they are tried by tests/browser.

mod common;
use common::*;
use sequra_sandbox::{Event, Options, Sandbox, State};
use serde_json::json;

/// A page, in a language.
fn page_in(sandbox: &Sandbox, language: &str, path: &str) -> Answer {
    let headers = [("Host", "127.0.0.1"), ("Accept-Language", language)];
    call(sandbox, "GET", path, None, &headers, b"").expect("an answer")
}

/// A page in English, which must be there.
fn page(sandbox: &Sandbox, path: &str) -> String {
    let answer = page_in(sandbox, "en", path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text().to_owned()
}

/// A form is sent, as a browser does.
fn press(sandbox: &Sandbox, path: &str, fields: &str) -> Answer {
    let headers = [
        ("Host", "127.0.0.1"),
        ("Origin", "http://127.0.0.1"),
        ("Sec-Fetch-Site", "same-origin"),
        ("Accept-Language", "en"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    call(sandbox, "POST", path, None, &headers, fields.as_bytes()).expect("an answer")
}

fn pressed(sandbox: &Sandbox, path: &str, fields: &str, leads_to: &str) {
    let answer = press(sandbox, path, fields);
    assert_eq!(answer.status, 303, "{path}: {}", answer.text());
    assert_eq!(answer.header("Location"), Some(leads_to), "{path}");
}

/// All pages there are, with an order in them.
fn places(uuid: &str) -> Vec<String> {
    vec![
        "/".into(),
        "/_sandbox/page/orders".into(),
        format!("/_sandbox/page/orders/{uuid}"),
        "/_sandbox/page/messages".into(),
        "/_sandbox/page/requests".into(),
        "/_sandbox/page/requests/1".into(),
        "/_sandbox/page/ledger".into(),
        format!("/orders/{uuid}/pumbaa_form?product=pp3"),
    ]
}

#[test]
fn everything_is_on_the_first_page() {
    let sandbox = start();
    let empty = page(&sandbox, "/");
    assert!(empty.contains("None yet"), "{empty}");
    let uuid = solicited(&sandbox, &with_reference(order(), "R-100"));
    deliver_pp3(&sandbox, &uuid);
    let text = page(&sandbox, "/");
    for part in [
        "50.97\u{a0}€",
        "José Muñoz Ibáñez",
        "R-100",
        &format!("action=\"/_sandbox/page/orders/{uuid}/approve\""),
        &format!("action=\"/_sandbox/page/orders/{uuid}/review\""),
        &format!("action=\"/_sandbox/page/orders/{uuid}/reject\""),
        "+34 612 345 678",
        &format!("href=\"/orders/{uuid}/pumbaa_form?product=pp3\""),
        "The answer is lost after seQura has processed the request.",
        "/form_deliveries",
        "form delivered",
        "sms_spanish_mobile_only",
        "&quot;account_secret&quot;: &quot;sandbox_secret&quot;",
        "&quot;base_url&quot;: &quot;http://127.0.0.1&quot;",
    ] {
        assert!(text.contains(part), "{part} is not on the page");
    }
    // By HTTPS the till needs the authority, too.
    let authority = sandbox.ca_file().display().to_string();
    assert!(text.contains(&authority) && text.contains(sandbox.https_url()));
}

#[test]
fn pages_may_do_nothing_but_what_they_need() {
    let sandbox = start();
    let uuid = solicited(&sandbox, &order());
    for place in places(&uuid) {
        let answer = page_in(&sandbox, "en", &place);
        let policy = answer.header("Content-Security-Policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
        assert_eq!(answer.header("X-Content-Type-Options"), Some("nosniff"));
        assert_eq!(answer.header("Cache-Control"), Some("no-store"));
        let text = answer.text();
        // Nothing of theirs is in the page itself, and nothing comes from elsewhere.
        assert!(!text.contains(" style=") && !text.contains("<style"));
        assert!(!text.contains(" onclick=") && !text.contains("javascript:"));
        for (i, _) in text.match_indices("<script") {
            assert!(text[i..].starts_with("<script src=\"/_sandbox/page.js\" defer></script>"));
        }
        for attribute in ["src=\"", "href=\"", "action=\""] {
            for (i, _) in text.match_indices(attribute) {
                let value = &text[i + attribute.len()..];
                assert!(
                    value.starts_with('/') || value.starts_with('#'),
                    "{place}: {value:.60}"
                );
                assert!(!value.starts_with("//"));
            }
        }
    }
    for part in [
        "/_sandbox/page.css",
        "/_sandbox/page.js",
        "/_sandbox/icon.svg",
        "/favicon.ico",
    ] {
        assert_eq!(page_in(&sandbox, "en", part).status, 200, "{part}");
    }
}

#[test]
fn what_tills_send_stays_text() {
    let sandbox = start();
    let nasty = "\"><script>alert(1)</script>&lt;'";
    let mut hostile = with_reference(order(), nasty);
    hostile["customer"]["given_names"] = nasty.into();
    hostile["cart"]["items"][0]["name"] = nasty.into();
    let uuid = solicited(&sandbox, &hostile);
    deliver_pp3(&sandbox, &uuid);
    let path = "/merchants/%22%3E%3Cscript%3E/orders/x?<script>";
    let header = [("X-<script>", "<script>")];
    call(
        &sandbox,
        "GET",
        path,
        Some("<script>:x"),
        &header[..0],
        b"<script>",
    );
    let mut all = places(&uuid);
    all.push("/_sandbox/page/requests/3".into());
    all.push(format!(
        "/orders/{uuid}/pumbaa_form?product=<script>&campaign=<script>&left=1"
    ));
    all.push("/?lang=<script>&until=<script>".into());
    for place in &all {
        let answer = page_in(&sandbox, "en", place);
        let text = answer.text();
        assert!(!text.contains("<script>"), "{place}");
    }
    assert!(
        page(&sandbox, &all[2])
            .contains("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt;'")
    );
}

#[test]
fn the_buttons_play_shopper_and_risk_desk() {
    let sandbox = start();
    let uuid = solicited(&sandbox, &order());
    let place = format!("/_sandbox/page/orders/{uuid}");
    pressed(&sandbox, &format!("{place}/review"), "back=home", "/");
    assert_eq!(sandbox.order(&uuid).unwrap().state, State::NeedsReview);
    let text = page(&sandbox, "/");
    assert!(text.contains("needs review") && !text.contains(&format!("{uuid}/review")));
    pressed(&sandbox, &format!("{place}/approve"), "back=order", &place);
    assert_eq!(sandbox.order(&uuid).unwrap().state, State::Approved);
    // What is no longer possible is said, and does nothing.
    let late = press(&sandbox, &format!("{place}/reject"), "back=home");
    assert_eq!(late.status, 409);
    assert!(
        late.text().contains("The order is by now: approved"),
        "{}",
        late.text()
    );
    for (path, status) in [
        (format!("{place}/explode"), 404),
        ("/_sandbox/page/orders/none/approve".to_owned(), 404),
    ] {
        assert_eq!(press(&sandbox, &path, "").status, status, "{path}");
    }
    pressed(
        &sandbox,
        &format!("{place}/cancel"),
        "back=list",
        "/_sandbox/page/orders",
    );
    assert_eq!(sandbox.ledger().last().unwrap().event, Event::Cancelled);
    // Nobody is sent anywhere else.
    assert!(
        (400..500)
            .contains(&press(&sandbox, &format!("{place}/approve"), "back=//evil.example").status)
    );
}

#[test]
fn the_shoppers_phone_is_a_form() {
    let sandbox = start();
    let uuid = solicited(&sandbox, &order());
    deliver(
        &sandbox,
        &uuid,
        &json!({"channel": "sms", "product_code": "pp5", "campaign": "año nuevo"}),
    );
    assert!(page(&sandbox, "/").contains("pumbaa_form?product=pp5&amp;campaign=a%C3%B1o%20nuevo"));
    let form = format!("/orders/{uuid}/pumbaa_form?product=pp5&campaign=a%C3%B1o%20nuevo");
    let text = page(&sandbox, &form);
    // What credit agreements cost here is what the form offers.
    for part in [
        "50.97\u{a0}€",
        "3 × ",
        "21.99\u{a0}€",
        "Accept and pay",
        "Leave",
        "name=\"campaign\" value=\"año nuevo\"",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let left = page(&sandbox, &format!("{form}&left=yes"));
    assert!(left.contains("The shopper has left") && !left.contains("<button"));
    assert_eq!(sandbox.order(&uuid).unwrap().state, State::Solicited);
    let fields = "back=phone&instalments=3&product=pp5&campaign=a%C3%B1o+nuevo";
    let press_it = format!("/_sandbox/page/orders/{uuid}/approve");
    pressed(&sandbox, &press_it, fields, &form);
    assert!(page(&sandbox, &form).contains("Approved. Tell the shop assistant."));
    // Twice is as good as once.
    pressed(&sandbox, &press_it, fields, &form);
    assert_eq!(
        page_in(&sandbox, "en", "/orders/none/pumbaa_form").status,
        404
    );
    let none = page_in(&sandbox, "en", "/orders/%FF/pumbaa_form");
    assert_eq!(none.status, 404);
}

#[test]
fn faults_are_armed_and_taken_back() {
    let sandbox = start();
    let form = page(&sandbox, "/");
    let kinds = form.split("<select id=\"kind\"").nth(1).unwrap();
    let kinds = kinds.split("</select>").next().unwrap();
    let kinds: Vec<&str> = kinds
        .split("value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(kinds.len() >= 16, "{kinds:?}");
    for (i, kind) in kinds.iter().enumerate() {
        let fields = format!("kind={kind}&target=confirm&times=3");
        pressed(&sandbox, "/_sandbox/page/faults", &fields, "/#faults-title");
        let fault = &sandbox.faults()[i];
        assert_eq!(
            (fault.method.as_deref(), fault.state.as_deref(), fault.times),
            (Some("PUT"), Some("confirmed"), 3)
        );
    }
    assert!(page(&sandbox, "/").contains("For a confirmation, three times"));
    pressed(
        &sandbox,
        "/_sandbox/page/faults/2/remove",
        "",
        "/#faults-title",
    );
    assert_eq!(sandbox.faults().len(), kinds.len() - 1);
    // One that has struck meanwhile.
    pressed(
        &sandbox,
        "/_sandbox/page/faults/2/remove",
        "",
        "/#faults-title",
    );
    pressed(
        &sandbox,
        "/_sandbox/page/faults/clear",
        "",
        "/#faults-title",
    );
    assert!(sandbox.faults().is_empty());
    for fields in [
        "kind=none&target=any&times=1",
        "kind=reset&target=none&times=1",
    ] {
        assert_eq!(
            press(&sandbox, "/_sandbox/page/faults", fields).status,
            400,
            "{fields}"
        );
    }
    // One that programs have armed.
    send(
        &sandbox,
        "POST",
        "/_sandbox/faults",
        &json!({"kind": "delay", "ms": 7, "path": "<b>"}),
    );
    assert!(page(&sandbox, "/").contains("&quot;path&quot;:&quot;&lt;b&gt;&quot;"));
}

/// Neither is a request of a till's: no fault strikes on them, and none is in the log.
#[test]
fn pages_and_phones_are_no_requests_to_sequra() {
    let sandbox = start();
    let uuid = solicited(&sandbox, &order());
    send(
        &sandbox,
        "POST",
        "/_sandbox/faults",
        &json!({"kind": "close_before", "times": 0}),
    );
    for place in places(&uuid).iter().chain(&["/favicon.ico".to_owned()]) {
        assert_eq!(page_in(&sandbox, "en", place).status, 200, "{place}");
    }
    assert_eq!(sandbox.stats().requests, 1);
    assert_eq!(press(&sandbox, "/", "").status, 404);
}

#[test]
fn requests_show_what_came_and_what_went() {
    let sandbox = start();
    let uuid = solicited(&sandbox, &order());
    send(
        &sandbox,
        "POST",
        "/_sandbox/faults",
        &json!({"kind": "close_after", "state": "confirmed"}),
    );
    sandbox.approve(&uuid).unwrap();
    let wanted = json!({"order": with_state(order(), "confirmed")});
    assert!(try_send(&sandbox, "PUT", &format!("/orders/{uuid}"), &wanted).is_none());
    confirm(&sandbox, "nothing", &order());
    call(
        &sandbox,
        "POST",
        "/orders",
        None,
        &[],
        b"\xff\xfe\x00binary",
    );

    let requests = sandbox.requests();
    assert_eq!(
        requests[0].location.as_deref(),
        Some(&*format!("http://till.example:8443/orders/{uuid}"))
    );
    assert_eq!(
        (requests[1].answer.as_deref(), requests[1].status),
        (None, None)
    );
    assert!(
        requests[2]
            .answer
            .as_deref()
            .unwrap()
            .contains("Bad order id 'nothing'")
    );
    let lost = page(&sandbox, "/_sandbox/page/requests/2");
    for part in [
        "The answer was lost.",
        "seQura has processed the request.",
        "no answer",
        "Basic sandbox_key:…",
    ] {
        assert!(lost.contains(part), "{part}");
    }
    let refused = page(&sandbox, "/_sandbox/page/requests/3");
    assert!(refused.contains("Bad order id 'nothing' for sandbox_key"));
    let binary = page(&sandbox, "/_sandbox/page/requests/4");
    assert!(binary.contains("9 bytes") && binary.contains("ff fe 00 62"));
    for place in ["/", "/_sandbox/page/requests", "/_sandbox/page/requests/2"] {
        assert!(
            !page(&sandbox, place).contains("c2FuZGJveF9rZXk6"),
            "{place} shows the header as sent"
        );
    }
    assert_eq!(
        page_in(&sandbox, "en", "/_sandbox/page/requests/9").status,
        404
    );
}

#[test]
fn a_long_body_does_not_make_a_long_page() {
    let sandbox = start();
    let mut long = order();
    long["cart"]["items"][0]["name"] = "ñ".repeat(500_000).into();
    long["customer"]["given_names"] = "x".repeat(300_000).into();
    long["merchant_reference"] = json!({"order_ref_1": "r".repeat(300_000)});
    let uuid = solicited(&sandbox, &long);
    call(&sandbox, "POST", "/orders", None, &[], &vec![0xff; 1 << 20]);
    for place in places(&uuid) {
        let length = page(&sandbox, &place).len();
        assert!(length < 300_000, "{place} has {length} bytes");
    }
    assert!(page(&sandbox, "/").len() < 100_000);
}

#[test]
fn lists_are_paged() {
    let sandbox = start();
    let uuids: Vec<String> = (0..60).map(|_| solicited(&sandbox, &order())).collect();
    for uuid in &uuids[..30] {
        deliver_pp3(&sandbox, uuid);
    }
    let count = |place: &str, what: &str| page(&sandbox, place).matches(what).count();
    assert_eq!(count("/", "/approve\""), 10);
    for list in ["orders", "ledger", "requests"] {
        let place = format!("/_sandbox/page/{list}");
        let (what, all) = match list {
            "orders" => ("/approve\"", 60),
            "ledger" => ("solicited <small>", 60),
            _ => ("<details ", 90),
        };
        assert!(count(&place, what) <= 25, "{list}");
        let until = |until: usize| count(&format!("{place}?until={until}"), what);
        assert_eq!(
            (until(60), until(25), until(10), until(0)),
            (25, 25, 10, 0),
            "{list}"
        );
        assert!(
            page(&sandbox, &format!("{place}?until=40")).contains("16–40 of"),
            "{list}"
        );
        let first = page(&sandbox, &place);
        assert!(
            first.contains("rel=\"next\"") && !first.contains("rel=\"prev\""),
            "{list}"
        );
        assert!(all >= 60);
    }
    let messages = page(&sandbox, "/_sandbox/page/messages");
    assert!(messages.contains("6–30 of 30"));
    // The newest is the first.
    assert!(messages.find(&uuids[29][..8]) < messages.find(&uuids[28][..8]));
    let orders = page(
        &sandbox,
        "/_sandbox/page/orders?until=99999999999999999999999",
    );
    assert!(orders.contains(&uuids[59]) && orders.contains("36–60 of 60"));
}

#[test]
fn rules_are_switched() {
    let sandbox = start();
    let fields = "was.gift_required=on&gift_required=off&was.sms_limit=0&sms_limit=+2+&was.review_ms=2000&review_ms=2000\
                  &was.auto_approve_ms=off&auto_approve_ms=50&was.repeated_confirm=accepted&repeated_confirm=already_confirmed";
    // What was changed since the page was shown, and not on it, stays.
    sandbox.rules(|rules| rules.review_ms = 5);
    pressed(&sandbox, "/_sandbox/page/rules", fields, "/#rules-title");
    let rules = sandbox.current_rules();
    assert_eq!(
        (
            rules.gift_required,
            rules.sms_limit,
            rules.review_ms,
            rules.auto_approve_ms
        ),
        (false, 2, 5, Some(50))
    );
    let text = page(&sandbox, "/");
    assert!(text.contains("not as usual: 5"), "{text}");
    // All or nothing.
    let wrong = press(
        &sandbox,
        "/_sandbox/page/rules",
        "was.gift_required=off&gift_required=on&was.update_status=204&update_status=500",
    );
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("update_status"), "{}", wrong.text());
    assert!(!sandbox.current_rules().gift_required);
    pressed(
        &sandbox,
        "/_sandbox/page/rules",
        "was.auto_approve_ms=50&auto_approve_ms=off",
        "/#rules-title",
    );
    assert_eq!(sandbox.current_rules().auto_approve_ms, None);
    // Every rule has a field, and its meaning in both languages.
    for (place, word) in [("en", "is refused with"), ("es", "se rechaza con")] {
        let text = page_in(&sandbox, place, "/");
        assert!(text.text().matches(word).count() > 15);
        for (name, _, _) in sequra_sandbox::Rules::list() {
            assert!(text.text().contains(&format!("id=\"{name}\"")), "{name}");
        }
    }
    pressed(&sandbox, "/_sandbox/page/reset", "", "/");
    assert!(sandbox.current_rules().gift_required);
}

#[test]
fn pages_are_read_in_two_languages() {
    let sandbox = start();
    let spanish = page_in(&sandbox, "es-ES,es;q=0.9,en;q=0.8", "/");
    assert_eq!(spanish.header("Content-Language"), Some("es"));
    assert!(spanish.text().contains("<html lang=\"es\">") && spanish.text().contains("Pedidos"));
    assert!(spanish.header("Set-Cookie").is_none());
    // Chosen once, it is kept.
    let chosen = page_in(&sandbox, "es", "/_sandbox/page/orders?until=3&lang=en");
    assert!(
        chosen
            .text()
            .contains("href=\"/_sandbox/page/orders?until=3&amp;lang=es\"")
    );
    let cookie = chosen.header("Set-Cookie").unwrap().to_owned();
    assert!(cookie.contains("SameSite=Strict"));
    let kept = cookie.split(';').next().unwrap();
    let headers = [
        ("Host", "127.0.0.1"),
        ("Accept-Language", "es"),
        ("Cookie", kept),
    ];
    let later = call(&sandbox, "GET", "/", None, &headers, b"").unwrap();
    assert_eq!(later.header("Content-Language"), Some("en"));
}

/// What a browser sends for somebody else's page, where it sends no Origin.
#[test]
fn somebody_elses_page_presses_no_button() {
    let sandbox = start();
    let uuid = solicited(&sandbox, &order());
    let press = format!("/_sandbox/page/orders/{uuid}/approve");
    let control = format!("/_sandbox/orders/{uuid}/approve");
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    for headers in [
        &[("Origin", "http://127.0.0.1:3000"), form][..],
        &[("Origin", "null"), form],
        &[("Sec-Fetch-Site", "cross-site"), form],
        // Another port of this machine.
        &[("Sec-Fetch-Site", "same-site"), form],
        &[
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document"),
            form,
        ],
        &[("Referer", "http://127.0.0.1:3000/page"), form],
        &[("Referer", "https://evil.example/"), form],
        &[("Host", "evil.example"), form],
        &[
            ("Host", "evil.example"),
            ("Origin", "http://evil.example"),
            ("Sec-Fetch-Site", "same-origin"),
            form,
        ],
    ] {
        for path in [&press, &control] {
            let answer = call(&sandbox, "POST", path, None, headers, b"back=home").unwrap();
            assert_eq!(answer.status, 403, "{path} {headers:?}");
        }
    }
    for headers in [
        &[("Host", "evil.example")][..],
        &[("Origin", "http://127.0.0.1:3000")],
        &[
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Mode", "no-cors"),
            ("Sec-Fetch-Dest", "image"),
        ],
        // In a frame of somebody else's.
        &[
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "iframe"),
        ],
    ] {
        for path in ["/", "/_sandbox/page/orders", "/_sandbox/orders"] {
            let answer = call(&sandbox, "GET", path, None, headers, b"").unwrap();
            assert_eq!(answer.status, 403, "{path} {headers:?}");
            assert!(!answer.text().contains(&uuid));
        }
    }
    assert_eq!(sandbox.order(&uuid).unwrap().state, State::Solicited);
    // A link may be followed from anywhere, and old browsers say no more than Referer.
    let followed = [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Mode", "navigate"),
        ("Sec-Fetch-Dest", "document"),
    ];
    let link = call(
        &sandbox,
        "GET",
        "/_sandbox/page/orders",
        None,
        &followed,
        b"",
    )
    .unwrap();
    assert_eq!(link.status, 200);
    let old = [
        ("Host", "127.0.0.1:80"),
        ("Referer", "http://127.0.0.1:80/page"),
        form,
    ];
    let own = call(&sandbox, "POST", &press, None, &old, b"back=home").unwrap();
    assert_eq!(own.status, 303, "{}", own.text());
}

#[test]
fn where_the_page_is_can_be_opened_from_here() {
    let sandbox = start();
    assert_eq!(sandbox.page_url(), format!("{}/", sandbox.http_url()));
    let anywhere = Sandbox::start(Options {
        host: "0.0.0.0".parse().unwrap(),
        ..Options::default()
    });
    assert!(
        anywhere
            .unwrap()
            .page_url()
            .starts_with("http://127.0.0.1:")
    );
}

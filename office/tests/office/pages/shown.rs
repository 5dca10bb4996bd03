use super::*;
use crate::support::{Till, order};
use sequra_frames::enrolment::Why;

/// A till that has confirmed an order and not sent its reference, two hours ago, and was not heard of since.
fn lost(office: &Office) -> Till {
    let mut till = Till::enrol(office, "Caja 1");
    let orders = vec![
        till.sealed(7, order(7, "confirmed", None)),
        till.sealed(8, order(8, "settled", None)),
    ];
    let entries = till.log(&["start_solicitation", "confirm"]);
    let frame = till.frame(orders, entries);
    till.send(&frame).expect("taken in");
    office.change(&format!(
        "UPDATE tills SET heard_at = heard_at - 7200000; UPDATE orders SET at_risk_since = {} - 7200000 \
         WHERE at_risk IS NOT NULL",
        sequra_office::clock::now()
    ));
    till
}

#[test]
fn money_at_risk_of_a_silent_till_is_the_first_thing_that_shows() {
    let office = Office::start();
    let mut person = office.person("act");
    let shown = person.get("/");
    assert!(shown.has("None: every order that seQura has confirmed has its reference."));
    let till = lost(&office);
    let id = till.stream.journal_id.clone();
    let shown = person.get("/");
    assert!(
        shown.has("Somebody has to look")
            && shown.has("123.45\u{a0}€")
            && shown.has(&format!("/tills/{id}")),
        "{}",
        shown.text
    );
    assert!(person.get("/?lang=es").has("Alguien tiene que mirar"));
    assert!(person.get("/").has("123,45\u{a0}€"), "the language is kept");
    person.get("/?lang=en");
    for only in ["red", "at_risk", "silent", "all"] {
        assert!(
            person.get(&format!("/tills?only={only}")).has(&id),
            "{only}"
        );
    }
    for only in [
        "lagging",
        "forked",
        "broken",
        "set_aside",
        "outdated",
        "revoked",
        "retired",
    ] {
        assert!(
            !person.get(&format!("/tills?only={only}")).has(&id),
            "{only}"
        );
    }
    let shown = person.get(&format!("/tills/{id}"));
    assert!(
        shown.has("Call the shop.") && shown.has("is whole up to entry 2.") && shown.has("T-7"),
        "{}",
        shown.text
    );
    assert!(shown.has(&format!("sequra-office journal {id}")));
    let life = &till.stream.incarnation;
    let shown = person.get(&format!("/tills/{id}/{life}/orders/7"));
    assert!(shown.has("confirmed, no reference") && shown.has("uuid-7") && !shown.has("Carmen"));
    assert!(person.get("/tills?q=uuid-7").has("Orders of this name"));
    assert!(person.get("/tills?q=T-8").has("settled"));
    let metrics = Person::new(&office).get("/metrics");
    assert!(
        metrics.has("sequra_office_at_risk_cents{currency=\"EUR\",age=\"day\"} 12345\n"),
        "{}",
        metrics.text
    );
    assert!(metrics.has("tills{how=\"silent_at_risk\"} 1\n") && !metrics.has(&id));
    // It cannot be taken off the list.
    assert_eq!(person.post(&format!("/tills/{id}/retire"), &[]).status, 409);
    assert_eq!(
        office.number("SELECT count(*) FROM audit WHERE journal_id IS NOT NULL"),
        0
    );
}

#[test]
fn an_order_of_several_lives_counts_once_and_not_where_one_has_it_settled() {
    let office = Office::start();
    let mut person = office.person("look");
    let mut till = lost(&office);
    let old = till.clone();
    let at_risk = |person: &mut Person| person.get("/").has("123.45\u{a0}€");
    till.begin(Why::Elsewhere).expect("begun");
    let orders = vec![till.sealed(3, renumbered(3, "confirmed"))];
    let frame = till.frame(orders, Vec::new());
    till.send(&frame).expect("taken in");
    let shown = person.get("/");
    assert!(
        shown.has("123.45\u{a0}€") && !shown.has("246.90"),
        "{}",
        shown.text
    );
    assert_eq!(
        office.number("SELECT count(*) FROM orders WHERE at_risk IS NOT NULL"),
        2
    );
    let shown = person.get(&format!("/tills/{}", till.stream.journal_id));
    assert!(
        shown.has("the disk was put back or copied") && shown.has("ended") && !shown.has("forked"),
        "{}",
        shown.text
    );
    let orders = vec![till.sealed(3, renumbered(3, "settled"))];
    let frame = till.frame(orders, Vec::new());
    till.send(&frame).expect("taken in");
    assert!(!at_risk(&mut person));
    assert_eq!(
        office.number("SELECT count(*) FROM orders WHERE at_risk IS NOT NULL"),
        1
    );
    // The old life goes on: two disks.
    std::thread::sleep(std::time::Duration::from_millis(5));
    let mut old = old;
    old.standing().expect("known");
    let frame = old.frame(Vec::new(), Vec::new());
    old.send(&frame).expect("taken in");
    for page in [
        "/tills?only=forked".to_owned(),
        format!("/tills/{}", till.stream.journal_id),
    ] {
        assert!(person.get(&page).has("forked"), "{page}");
    }
    assert!(
        person
            .get("/tills?only=forked")
            .has(&till.stream.journal_id)
    );
    assert!(
        Person::new(&office)
            .get("/metrics")
            .has("{how=\"forked\"} 1\n")
    );
}

/// Order 7, as another life of its journal has it.
fn renumbered(id: i64, state: &str) -> Vec<sequra_frames::frame::TableRow> {
    use sequra_frames::cell::Cell;
    let mut rows = order(7, state, None);
    for row in &mut rows {
        for name in ["id", "order_id"] {
            if let Some(cell) = row.row.get_mut(name) {
                *cell = Cell::Integer(id);
            }
        }
    }
    rows
}

#[test]
fn what_is_wrong_with_a_till_is_found_and_said() {
    let office = Office::start();
    let mut person = office.person("administer");
    let till = Till::enrol(&office, "Caja 2");
    let id = &till.stream.journal_id;
    let page = format!("/tills/{id}");
    let well = person.get(&page);
    assert!(
        well.has("badge good") && !well.has("badge bad") && !well.has("badge warm"),
        "{}",
        well.text
    );
    for (only, word, change, back) in [
        (
            "lagging",
            "lagging",
            "UPDATE streams SET seq = 1, newest_seq = 9, moved_at = heard_at - 3600000",
            "UPDATE streams SET seq = 9",
        ),
        (
            "skewed",
            "clock wrong",
            "UPDATE tills SET skew_ms = -900000",
            "UPDATE tills SET skew_ms = 0",
        ),
        (
            "outdated",
            "outdated",
            "UPDATE tills SET schema = 2",
            "UPDATE tills SET schema = 3",
        ),
        (
            "broken",
            "chain broken",
            "UPDATE streams SET chain_broken_at_entry = 5",
            "UPDATE streams SET chain_broken_at_entry = NULL",
        ),
        (
            "set_aside",
            "rows set aside",
            "INSERT INTO set_aside SELECT journal_id, incarnation, 'entry', 4, 1, 'a NUL', '' FROM streams",
            "DELETE FROM set_aside",
        ),
    ] {
        office.change(change);
        assert!(person.get(&page).has(word), "{only}");
        assert!(person.get(&format!("/tills?only={only}")).has(id), "{only}");
        let first = person.get("/");
        let line = format!("href=\"/tills?only={only}\"><strong>1</strong>");
        assert!(first.has(&line), "{only}: {}", first.text);
        office.change(back);
        assert!(
            !person.get(&format!("/tills?only={only}")).has(id),
            "{only}"
        );
    }
}

#[test]
fn a_till_is_taken_off_the_list_revoked_and_let_in_again() {
    let office = Office::start();
    let mut person = office.person("administer");
    let till = Till::enrol(&office, "Caja 2");
    let id = &till.stream.journal_id;
    let page = format!("/tills/{id}");
    assert_eq!(person.post(&format!("{page}/retire"), &[]).status, 409);
    // A till that was enrolled, and says nothing, is silent after an hour.
    office.change("UPDATE tills SET heard_at = heard_at - 3600001");
    assert!(person.get("/tills?only=silent").has(id) && !person.get("/tills?only=red").has(id));
    assert_eq!(person.post(&format!("{page}/retire"), &[]).status, 303);
    assert!(!person.get("/tills").has(id) && person.get("/tills?only=retired").has(id));
    assert_eq!(person.post(&format!("{page}/return"), &[]).status, 303);
    assert!(person.get("/tills").has(id));
    assert_eq!(person.post(&format!("{page}/revoke"), &[]).status, 400);
    assert!(till.standing().is_ok());
    assert_eq!(
        person
            .post(&format!("{page}/revoke"), &[("sure", "yes")])
            .status,
        303
    );
    assert!(till.standing().is_err());
    assert_eq!(
        person
            .post(&format!("{page}/revoke"), &[("sure", "yes")])
            .status,
        409
    );
    assert!(person.get("/tills?only=revoked").has(id));
    let audit = person.get("/audit");
    for act in [
        "took a till back",
        "retired a till",
        "revoked a till",
        "logged in",
    ] {
        assert!(audit.has(act), "{act}");
    }
    // The code of the page lets a till in.
    let shown = person.post("/codes", &[("shop", "Tienda"), ("till", "Caja 2")]);
    let code = shown
        .text
        .split("tabindex=\"0\">")
        .nth(1)
        .and_then(|rest| rest.split('<').next());
    assert!(till.ask_in(code.expect("a code")).is_ok() && till.standing().is_ok());
    assert!(!person.get("/tills?only=revoked").has(id));
}

#[test]
fn what_a_till_is_called_is_only_text() {
    const EVIL: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let office = Office::start();
    let mut person = office.person("administer");
    let till = lost(&office);
    office.change(&format!(
        "UPDATE tills SET shop = $evil${EVIL}$evil$, till = $evil${EVIL}$evil$, machine = $evil${EVIL}$evil$, forwarder = $evil${EVIL}$evil$; \
         UPDATE orders SET order_ref_1 = $evil${EVIL}$evil$, state = $evil${EVIL}$evil$, currency = $evil${EVIL}$evil$, \
         uuid = $evil${EVIL}$evil$, merchant_id = $evil${EVIL}$evil$, endpoint = $evil${EVIL}$evil$; \
         UPDATE entries SET step = $evil${EVIL}$evil$, state = $evil${EVIL}$evil$, order_ref_1 = $evil${EVIL}$evil$; \
         UPDATE streams SET why = $evil${EVIL}$evil$; \
         INSERT INTO risk VALUES ({} / 86400000, $evil${EVIL}$evil$, 5, 1); \
         INSERT INTO set_aside SELECT journal_id, incarnation, $evil${EVIL}$evil$, 4, 1, $evil${EVIL}$evil$, '' FROM streams; \
         INSERT INTO audit VALUES ('\\x01', {}, $evil${EVIL}$evil$, $evil${EVIL}$evil$, NULL, $evil${EVIL}$evil$)",
        sequra_office::clock::now(),
        sequra_office::clock::now()
    ));
    let id = &till.stream.journal_id;
    let order = format!("/tills/{id}/{}/orders/7", till.stream.incarnation);
    let q = crate::support::encoded(EVIL);
    for page in [
        "/",
        "/tills",
        &format!("/tills?q={q}"),
        &format!("/tills/{id}"),
        &format!("/tills/{id}?life={q}"),
        &order,
        "/audit",
        &format!("/login?next={q}"),
        &format!("/account?done={q}"),
    ] {
        let shown = person.get(page);
        assert_eq!(shown.status, 200, "{page}");
        assert!(
            !shown.has("<script") && !shown.has("<img"),
            "{page}: {}",
            shown.text
        );
        let attributes = shown
            .text
            .split('<')
            .skip(1)
            .map(|tag| tag.split('>').next().unwrap_or_default());
        assert!(
            attributes
                .clone()
                .all(|tag| !tag.contains("onerror=") || tag.contains("&quot;")),
            "{page}"
        );
    }
    assert!(!Person::new(&office).get("/metrics").has("script"));
}

#[test]
fn nothing_is_left_in_the_other_language() {
    let office = Office::start();
    let mut person = office.person("administer");
    let till = lost(&office);
    let id = &till.stream.journal_id;
    office.change(
        "UPDATE tills SET skew_ms = 900000, schema = 2, shop = '#', till = '#', machine = '#'; \
         UPDATE streams SET chain_broken_at_entry = 1, seq = 1, newest_seq = 3, moved_at = 5; \
         INSERT INTO set_aside SELECT journal_id, incarnation, '#', 4, 1, '#', '' FROM streams",
    );
    let order = format!("/tills/{id}/{}/orders/7", till.stream.incarnation);
    // What is a name, a number or the same word in both.
    const ALIKE: &[&str] = &[
        "seQura",
        "uuid",
        "English",
        "Español",
        "sequra-forward",
        "EUR",
        "administer",
    ];
    for page in [
        "/",
        "/tills",
        &format!("/tills/{id}"),
        &order,
        "/audit",
        "/account",
        "/login",
        "/nothing",
    ] {
        let separator = if page.contains('?') { '&' } else { '?' };
        let mut texts = |code: &str| -> Vec<String> {
            let shown = person.get(&format!("{page}{separator}lang={code}"));
            let body = shown
                .text
                .split("<body>")
                .nth(1)
                .unwrap_or_default()
                .to_owned();
            let texts = body.split('<').filter_map(|tag| tag.split_once('>'));
            texts
                .map(|(_, text)| text.trim().to_owned())
                .filter(|text| text.chars().filter(|c| c.is_alphabetic()).count() > 2)
                .collect()
        };
        let (english, spanish) = (texts("en"), texts("es"));
        assert_eq!(english.len(), spanish.len(), "{page}");
        let left: Vec<_> = english
            .iter()
            .zip(&spanish)
            .filter(|(one, other)| one == other)
            .map(|(one, _)| one)
            .collect();
        let is_data = |text: &str| {
            ALIKE.iter().any(|alike| text.contains(alike))
                || text.chars().any(|c| c.is_ascii_digit())
                || text.contains("shop_es")
                || text.contains("https://")
                || text == "Error"
        };
        let left: Vec<_> = left.into_iter().filter(|text| !is_data(text)).collect();
        assert!(left.is_empty(), "{page}: {left:?}");
    }
}

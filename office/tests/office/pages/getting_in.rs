use super::*;

const NOW: &str = "Nothing has been at risk";

#[test]
fn who_is_not_logged_in_sees_the_login_and_nothing_else() {
    let office = Office::start();
    office.user("ana", "look");
    let mut person = Person::new(&office);
    let shown = person.get("/tills?only=red");
    assert_eq!(
        (shown.status, shown.header("location")),
        (303, "/login?next=%2Ftills%3Fonly%3Dred")
    );
    let login = person.get("/login");
    assert!(login.status == 200 && !login.has("<nav aria-label"));
    for header in [
        "cache-control",
        "content-security-policy",
        "x-frame-options",
        "x-content-type-options",
    ] {
        assert!(!login.header(header).is_empty(), "{header}");
    }
    assert!(
        login
            .header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
    assert!(!login.text.contains("<script") && !login.text.contains(" style="));
    let shown = person.log_in("ana", "wrong horse battery");
    assert!(
        shown.status == 403 && shown.has("Name or password is not right."),
        "{shown:?}"
    );
    let csrf = person.get("/login").hidden("csrf");
    let fields = [
        ("csrf", &*csrf),
        ("next", "/tills?only=red"),
        ("name", "ana"),
        ("password", PASSWORD),
    ];
    let shown = person.send("/login", &fields, None);
    assert_eq!(
        (shown.status, shown.header("location")),
        (303, "/tills?only=red")
    );
    let cookie = shown.header("set-cookie").to_owned();
    assert!(
        cookie.contains("HttpOnly; SameSite=Lax") && !cookie.contains("Secure"),
        "{cookie}"
    );
    let shown = person.get("/");
    assert!(shown.has(NOW) && shown.has("ana") && shown.header("cache-control") == "no-store");
    // The id itself is nowhere in the database.
    let id = person.cookies["sequra_office"].clone();
    assert_eq!(
        office.number(&format!(
            "SELECT count(*) FROM sessions WHERE encode(session_hash, 'hex') = '{id}'"
        )),
        0
    );
    let shown = person.post("/logout", &[]);
    assert_eq!((shown.status, shown.header("location")), (303, "/login"));
    assert!(!person.cookies.contains_key("sequra_office"));
    person.cookies.insert("sequra_office".into(), id);
    assert_eq!(person.get("/").status, 303);
}

#[test]
fn a_session_ends_idle_old_or_with_its_user() {
    let office = Office::start();
    let mut person = office.person("look");
    for end in [
        "UPDATE sessions SET seen_at = seen_at - 7200001",
        "UPDATE sessions SET expires_at = made_at",
        "UPDATE users SET disabled_at = 1",
        "DELETE FROM users",
        "UPDATE users SET role = 'of_later'",
    ] {
        assert!(person.get("/").has(NOW), "{end}");
        let before = office.rows("SELECT seen_at, expires_at FROM sessions", &[]);
        let (seen, expires): (i64, i64) = (before[0].get(0), before[0].get(1));
        office.change("CREATE TABLE kept AS SELECT * FROM users");
        office.change(end);
        assert_eq!(person.get("/").status, 303, "{end}");
        assert_eq!(
            person.send("/logout", &[], None).header("location"),
            "/login"
        );
        office.change(&format!(
            "DELETE FROM users; INSERT INTO users SELECT * FROM kept; DROP TABLE kept; \
             UPDATE sessions SET seen_at = {seen}, expires_at = {expires}"
        ));
    }
}

#[test]
fn a_form_without_its_token_or_from_elsewhere_is_not_taken() {
    let office = Office::start();
    let mut person = office.person("administer");
    let csrf = person.csrf();
    let own = office.url.clone();
    let fields = |csrf: &'static str| [("csrf", csrf), ("shop", "A"), ("till", "1")];
    let codes = || office.number("SELECT count(*) FROM codes");
    for wrong in ["", "x", &"0".repeat(64)] {
        let shown = person.send(
            "/codes",
            &[("csrf", wrong), ("shop", "A"), ("till", "1")],
            None,
        );
        assert_eq!(shown.status, 403, "{wrong}");
    }
    assert_eq!(person.send("/codes", &fields("")[1..], None).status, 403);
    let right = [("csrf", &*csrf), ("shop", "A"), ("till", "1")];
    for origin in [
        "https://evil.example",
        "null",
        &own.replace("http", "https"),
        &format!("{own}0"),
        "",
    ] {
        let body = format!("csrf={csrf}&shop=A&till=1");
        let shown = person.ask("POST", "/codes", Some(body), Some(origin));
        assert_eq!((shown.status, codes()), (403, 0), "{origin}");
    }
    // Another's token is not one's own.
    office.user("other", "administer");
    let mut other = Person::new(&office);
    other.log_in("other", PASSWORD);
    assert_eq!(other.send("/codes", &right, None).status, 403);
    // A field that is there twice; more than a form has.
    let twice = format!("csrf={csrf}&csrf={csrf}&shop=A&till=1");
    assert_eq!(
        person.ask("POST", "/codes", Some(twice), Some(&own)).status,
        403
    );
    let long = format!("csrf={csrf}&shop=A&till=1&more={}", "x".repeat(20_000));
    assert_eq!(
        person.ask("POST", "/codes", Some(long), Some(&own)).status,
        403
    );
    assert_eq!(codes(), 0);
    let shown = person.send("/codes", &right, None);
    assert!(
        shown.status == 200 && shown.has("sequra-forward enrol"),
        "{shown:?}"
    );
    assert_eq!(codes(), 1);
}

#[test]
fn the_login_s_own_form_is_known_by_a_cookie() {
    let office = Office::start();
    office.user("ana", "look");
    let mut person = Person::new(&office);
    let csrf = person.get("/login").hidden("csrf");
    let fields = [("csrf", &*csrf), ("name", "ana"), ("password", PASSWORD)];
    let mut stranger = Person::new(&office);
    assert_eq!(stranger.send("/login", &fields, None).status, 403);
    assert_eq!(
        person
            .send("/login", &fields, Some("https://evil.example"))
            .status,
        403
    );
    assert_eq!(person.send("/login", &fields, None).status, 303);
}

#[test]
fn a_name_is_not_tried_for_ever_nor_an_address() {
    let office = Office::start();
    office.user("ana", "look");
    let mut person = Person::new(&office);
    // What the stranger says of where it comes from changes nothing.
    person.headers = vec![("X-Forwarded-For", "198.51.100.7".into())];
    for _ in 0..10 {
        assert_eq!(person.log_in("ana", "wrong horse battery").status, 403);
    }
    let shown = person.log_in("Ana", PASSWORD);
    assert!(
        shown.status == 429 && shown.has("Too many attempts"),
        "{shown:?}"
    );
    assert!(
        shown
            .header("retry-after")
            .parse::<u32>()
            .is_ok_and(|s| (1..=901).contains(&s))
    );
    assert_eq!(
        office.number("SELECT count(*) FROM audit WHERE what = 'login_failed' AND who = 'ana'"),
        10
    );
    assert_eq!(
        office.number("SELECT count(*) FROM audit WHERE what = 'login_throttled'"),
        1
    );
    // Unknown names wait alike, and what was typed is written down nowhere.
    office.change("UPDATE attempts SET since = since - 900001 WHERE who LIKE 'name:%'");
    for i in 0..40 {
        person.headers = vec![("X-Forwarded-For", format!("198.51.100.{i}"))];
        let status = person.log_in(&format!("Passw0rd-{i}"), "x").status;
        assert_eq!(status, if i < 29 { 403 } else { 429 }, "{i}");
    }
    assert_eq!(
        office.number(
            "SELECT count(*) FROM audit WHERE who LIKE '%Passw0rd%' OR detail LIKE '%Passw0rd%'"
        ),
        0
    );
    assert_eq!(person.log_in("ana", PASSWORD).status, 429);
    office.change("UPDATE attempts SET since = since - 900001");
    assert_eq!(person.log_in("ana", PASSWORD).status, 303);
    // What succeeds does not add up.
    assert_eq!(
        office.number("SELECT coalesce(max(failed), 0) FROM attempts"),
        0
    );
}

#[test]
fn another_password_ends_the_other_sessions() {
    let office = Office::start();
    let mut person = office.person("look");
    let mut elsewhere = Person::new(&office);
    assert_eq!(elsewhere.log_in("look", PASSWORD).status, 303);
    let change = |person: &mut Person, old: &str, new: &str, again: &str| {
        person.post(
            "/account/password",
            &[("old", old), ("new", new), ("again", again)],
        )
    };
    assert_eq!(
        change(
            &mut person,
            "wrong horse battery",
            "a new long password",
            "a new long password"
        )
        .status,
        403
    );
    assert_eq!(
        change(&mut person, PASSWORD, "a new long password", "another").status,
        400
    );
    assert_eq!(change(&mut person, PASSWORD, "short", "short").status, 400);
    assert!(elsewhere.get("/").has(NOW));
    let shown = change(
        &mut person,
        PASSWORD,
        "a new long password",
        "a new long password",
    );
    assert_eq!(
        (shown.status, shown.header("location")),
        (303, "/account?done=1")
    );
    assert!(
        person
            .get("/account?done=1")
            .has("Your password is changed.")
    );
    assert_eq!(elsewhere.get("/").status, 303);
    assert_eq!(elsewhere.log_in("look", PASSWORD).status, 403);
    assert_eq!(elsewhere.log_in("look", "a new long password").status, 303);
    let everything = office.rows("SELECT string_agg(audit::text, ' ') FROM audit", &[]);
    let text: String = everything[0].get(0);
    assert!(
        text.contains("password_changed")
            && !text.contains("long password")
            && !text.contains("argon2")
    );
}

#[test]
fn many_who_log_in_at_once_take_no_more_than_there_is() {
    let office = Office::start();
    office.user("ana", "look");
    let mut person = Person::new(&office);
    let csrf = person.get("/login").hidden("csrf");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let all = (0..36).map(|i| {
            let (mut person, csrf) = (person.clone(), csrf.clone());
            scope.spawn(move || {
                let name = format!("nobody {i}");
                person
                    .send(
                        "/login",
                        &[("csrf", &csrf), ("name", &name), ("password", "x")],
                        None,
                    )
                    .status
            })
        });
        let all: Vec<_> = all.collect();
        all.into_iter()
            .map(|one| one.join().expect("an answer"))
            .collect()
    });
    assert!(
        statuses.iter().all(|status| [403, 503].contains(status)),
        "{statuses:?}"
    );
    office.change("DELETE FROM attempts");
    assert_eq!(person.log_in("ana", PASSWORD).status, 303);
}

use super::*;
use sequra_office::pages::{Role, actions};

/// What happens to each action, by each role: the table itself, so that a change of it is one of this.
const TABLE: &[(&str, &str, Role)] = &[
    ("GET", "/", Role::Look),
    ("GET", "/tills", Role::Look),
    ("GET", "/tills/{journal_id}", Role::Look),
    (
        "GET",
        "/tills/{journal_id}/{life}/orders/{order_id}",
        Role::Look,
    ),
    ("GET", "/account", Role::Look),
    ("POST", "/account/password", Role::Look),
    ("POST", "/logout", Role::Look),
    ("POST", "/tills/{journal_id}/retire", Role::Act),
    ("POST", "/tills/{journal_id}/return", Role::Act),
    ("POST", "/tills/{journal_id}/revoke", Role::Administer),
    ("POST", "/codes", Role::Administer),
    ("GET", "/audit", Role::Administer),
];

#[test]
fn everybody_may_what_their_role_says_and_nobody_else_anything() {
    assert_eq!(actions(), TABLE);
    let office = Office::start();
    let mut people = Role::ALL.map(|role| (role, office.person(role.word())));
    let mut nobody = Person::new(&office);
    for (method, path, needed) in TABLE {
        let path = path
            .replace("{journal_id}", &"a".repeat(32))
            .replace("{life}", &"b".repeat(32))
            .replace("{order_id}", "7");
        let shown = match *method {
            "GET" => nobody.get(&path),
            _ => nobody.send(&path, &[], None),
        };
        assert!(
            shown.status == 303 && shown.header("location").starts_with("/login"),
            "{path}"
        );
        for (role, person) in &mut people {
            if path == "/logout" {
                continue;
            }
            let shown = match *method {
                "GET" => person.get(&path),
                _ => person.post(&path, &[]),
            };
            let is_refused = shown.status == 403 && shown.has("Your role does not allow this.");
            assert_eq!(
                is_refused,
                *role < *needed,
                "{} {path}: {}",
                role.word(),
                shown.status
            );
            // Another method than the one that is there does nothing.
            if *method == "POST" {
                assert!([404, 405].contains(&person.get(&path).status), "{path}");
            }
        }
    }
    assert_eq!(office.number("SELECT count(*) FROM codes"), 0);
}

#[test]
fn metrics_are_for_their_token_or_this_machine() {
    let office = Office::start();
    let mut person = Person::new(&office);
    let shown = person.get("/metrics");
    assert!(
        shown.status == 200 && shown.has("sequra_office_tills{how=\"silent\"} 0\n"),
        "{shown:?}"
    );
    person.headers = vec![("X-Forwarded-For", "127.0.0.1".into())];
    assert_eq!(person.get("/metrics").status, 403);
    let name = format!("office_{}", sequra_office::random::id());
    crate::support::cluster()
        .sql("postgres", &format!("CREATE DATABASE {name}"))
        .expect("made");
    let office = Office::with(&crate::support::cluster().address(&name), |settings| {
        settings.metrics_token = Some(sequra_office::settings::Secret::new("abc".into()));
    });
    let mut person = Person::new(&office);
    assert_eq!(person.get("/metrics").status, 403);
    for (token, status) in [("Bearer abcd", 403), ("abc", 403), ("Bearer abc", 200)] {
        person.headers = vec![("Authorization", token.into())];
        assert_eq!(person.get("/metrics").status, status, "{token}");
    }
}

#[test]
fn health_says_whether_the_database_may_be_written() {
    let office = Office::start();
    let mut person = Person::new(&office);
    assert_eq!(person.get("/healthz").text, "ok\n");
    let sql = |statement: &str| {
        crate::support::cluster()
            .sql("postgres", statement)
            .expect("done")
    };
    let name = office.rows("SELECT current_database()::text", &[])[0].get::<_, String>(0);
    sql(&format!(
        "ALTER DATABASE {name} SET default_transaction_read_only = on"
    ));
    sql(&format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    ));
    let mut said = Vec::new();
    for _ in 0..50 {
        let shown = person.get("/healthz");
        said.push((shown.status, shown.text.clone()));
        if shown.has("may not be written") {
            assert_eq!(shown.status, 503);
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("{said:?}");
}

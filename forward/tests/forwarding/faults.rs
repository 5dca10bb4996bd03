//! What goes wrong on the way, and at the office.

use crate::office::{Fault, Office};
use crate::shop::{Shop, until};

#[test]
fn whatever_answers_only_the_office_acknowledges() {
    let shop = Shop::open("faults");
    let till = shop.till();
    shop.enrol();
    for fault in [
        Fault::LostAnswer,
        Fault::HalfClosed,
        Fault::Slow(500),
        Fault::Page(200),
        Fault::Page(502),
        Fault::OtherJson,
        Fault::Redirect,
    ] {
        shop.sell(&till);
        // Of the standing, and then of the frame.
        shop.office.fault(fault);
        shop.once();
        assert_eq!(shop.office.faults_left(), 0);
        shop.assert_forwarded();
    }
    let heard = shop.office.state().heard.clone();
    assert!(
        heard.iter().all(|line| line.contains("/api/1/")),
        "{heard:?}"
    );
}

#[test]
fn a_lost_acknowledgement_is_answered_again() {
    let shop = Shop::open("lost");
    let till = shop.till();
    shop.enrol();
    shop.once();
    shop.sell(&till);
    let _running = shop.running();
    until("it stands", || shop.is_forwarded());
    let frames = shop.office.state().frames;
    shop.office.fault(Fault::LostAnswer);
    shop.sell(&till);
    until("it is there", || shop.is_forwarded());
    assert!(shop.office.state().frames > frames);
    until("its trouble is over", || {
        shop.said().contains("answers again")
    });
    assert_eq!(
        shop.office.streams().len(),
        1,
        "a lost answer is no other disk"
    );
}

#[test]
fn it_ends_as_the_table_says() {
    let shop = Shop::open("ends");
    let (ended, said) = shop.ends(&["run", "--once"]);
    assert!(
        ended == 3 && said.contains("There is no configuration"),
        "{said}"
    );
    let till = shop.till();
    let journal = shop.journal();
    let journal = journal.to_string_lossy();
    let (ended, said) = shop.ends(&shop.enrol_words(&journal, "NONE"));
    assert!(ended == 7 && said.contains("the code is none"), "{said}");
    shop.enrol();
    shop.sell(&till);
    for _ in 0..3 {
        shop.office.fault(Fault::Page(200));
    }
    let (ended, said) = shop.ends(&["run", "--once"]);
    assert!(
        ended == 6 && said.contains("is not the office (HTTP 200)"),
        "{said}"
    );
    shop.office.fault(Fault::Later(3));
    let (ended, said) = shop.ends(&["run", "--once"]);
    assert!(ended == 6 && said.contains("come later"), "{said}");
    shop.office.fault(Fault::Upgrade);
    let (ended, said) = shop.ends(&["run", "--once"]);
    assert!(
        ended == 7 && said.contains("newer sequra-forward"),
        "{said}"
    );
    {
        let running = shop.running();
        until("it is there", || shop.is_forwarded());
        let (ended, said) = shop.ends(&["run", "--once"]);
        assert!(ended == 4 && said.contains("another forwarder"), "{said}");
        drop(running);
    }
    let (ended, said) = shop.ends(&["status"]);
    assert!(
        ended == 0 && said.contains("the office has everything"),
        "{said}"
    );
    shop.office.state().tokens.clear();
    let (ended, said) = shop.ends(&["run", "--once"]);
    assert!(ended == 7 && said.contains("enrol again"), "{said}");
    let (ended, said) = shop.ends(&["status", "--json"]);
    assert!(
        ended == 0 && said.contains("the office does not know the token"),
        "{said}"
    );
    // Enrolled again, it goes on where it was.
    shop.office.code("CODE-2");
    let (ended, said) = shop.ends(&shop.enrol_words(&journal, "CODE-2"));
    assert_eq!(ended, 0, "{said}");
    shop.once();
    shop.assert_forwarded();
    assert_eq!(shop.office.streams().len(), 1);
    let (ended, said) = shop.ends(&["withdraw", "--journal", &journal]);
    assert_eq!(ended, 0, "{said}");
    let (ended, said) = shop.ends(&["run", "--once"]);
    assert!(ended == 3 && said.contains("names no journals"), "{said}");
    drop(till);
    std::fs::remove_file(shop.journal()).expect("it is there");
    let (ended, said) = shop.ends(&shop.enrol_words(&journal, "CODE-2"));
    assert!(ended == 5 && said.contains("open the till once"), "{said}");
}

#[test]
fn an_enrolment_whose_answer_is_lost_is_asked_for_again() {
    let shop = Shop::open("enrolling");
    let till = shop.till();
    shop.sell(&till);
    let code = shop.office.code("CODE-1");
    let journal = shop.journal();
    let journal = journal.to_string_lossy();
    shop.office.fault(Fault::LostAnswer);
    let (ended, said) = shop.ends(&shop.enrol_words(&journal, &code));
    assert!(
        ended == 6 && said.contains("goes on with it when it runs"),
        "{said}"
    );
    shop.once();
    shop.assert_forwarded();
    // Whoever asks once more is told the same; somebody else with that code is not.
    let (ended, said) = shop.ends(&shop.enrol_words(&journal, &code));
    assert_eq!(ended, 0, "{said}");
    let other = shop.folder.join("other.journal");
    drop(shop.till_of(&other));
    let (ended, _) = shop.ends(&shop.enrol_words(&other.to_string_lossy(), &code));
    assert_eq!(ended, 7);
    assert_eq!(shop.office.streams().len(), 1);
    let said = format!("{:?}", shop.called(&["status"]));
    let kept = std::fs::read_dir(shop.folder.join("state")).expect("a folder");
    for file in kept.flatten() {
        use std::os::unix::fs::PermissionsExt;
        let rights = file.metadata().expect("it is there").permissions().mode();
        let is_secret = file.path().extension().is_some_and(|kind| kind == "json");
        assert!(!is_secret || rights & 0o077 == 0, "{rights:o}");
    }
    let state = shop.office.state();
    let token = state.tokens.keys().next().expect("one");
    assert!(token.len() == 64 && !said.contains(token.as_str()));
}

#[test]
fn only_an_office_with_a_certificate_that_is_trusted_is_told_anything() {
    let (office, certificate) = Office::start_with_tls();
    let shop = Shop::with("tls", office);
    let till = shop.till();
    shop.sell(&till);
    let code = shop.office.code("CODE-1");
    let journal = shop.journal();
    let journal = journal.to_string_lossy();
    let (ended, said) = shop.ends(&shop.enrol_words(&journal, &code));
    assert!(
        ended == 6 && said.contains("certificate is not trusted"),
        "{said}"
    );
    assert!(shop.office.state().heard.is_empty());
    std::fs::remove_file(shop.folder.join("forward.json")).expect("it is there");
    let file = shop.folder.join("office.pem");
    std::fs::write(&file, certificate).expect("it is written");
    let file = file.to_string_lossy();
    let mut words = shop.enrol_words(&journal, &code).to_vec();
    words.extend(["--ca-file", &file]);
    let (ended, said) = shop.ends(&words);
    assert_eq!(ended, 0, "{said}");
    shop.once();
    shop.assert_forwarded();
}

#[test]
fn plain_http_and_what_is_no_configuration_is_refused_with_its_place() {
    let shop = Shop::open("config");
    drop(shop.till());
    for (config, said) in [
        (
            r#"{"office": "http://office.shop.es/", "journals": ["a"]}"#,
            "office must begin with https",
        ),
        (
            r#"{"office": "https://u:p@office.shop.es/"}"#,
            "office must be a plain address",
        ),
        (
            r#"{"journals": ["a", "a"]}"#,
            "journals[1] stands there twice",
        ),
        (
            r#"{"office": "https://office.shop.es/", "jornals": []}"#,
            "Did you mean journals?",
        ),
        (
            r#"{"office": "https://office.shop.es/", "proxy": "ftp://x"}"#,
            "proxy must be",
        ),
        (
            r#"{"office": "https://office.shop.es/", "ask_every_s": 0}"#,
            "ask_every_s must be",
        ),
        ("{", "is not JSON"),
    ] {
        std::fs::write(shop.folder.join("forward.json"), config).expect("it is written");
        let (ended, told) = shop.ends(&["run", "--once"]);
        assert!(ended == 3 && told.contains(said), "{config}: {told}");
    }
}

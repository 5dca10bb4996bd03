//! What goes wrong on the way, and at the office.

use crate::office::Fault;
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

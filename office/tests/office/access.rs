//! Who may say what.

use crate::support::{Office, Till, order};
use sequra_frames::refusal::Code;
use sequra_office::random;
use sequra_office::taking_in::enrolment;
use std::io::{Read, Write};

#[test]
fn a_code_is_good_for_one_till_and_once() {
    let office = Office::start();
    let till = Till::enrol(&office, "1");
    let code = office.code("2");
    let mut second = Till::enrol(&office, "3");
    second.stream.journal_id = random::id();
    // However it is typed; and again, since the answer may have been lost.
    let typed = code.to_lowercase().replace('-', " ");
    for _ in 0..2 {
        second.ask_in(&typed).unwrap();
    }
    let refused = |till: &Till, code: &str| {
        let (status, refusal) = till.ask_in(code).unwrap_err();
        assert_eq!((status, refusal.code), (403, Code::CodeRefused));
    };
    let thief = Till {
        token: random::hex(&random::bytes::<32>()),
        ..second.clone()
    };
    refused(&thief, &code);
    refused(&second, "AAAAA-AAAAA-AAAAA-AAAAA");
    // Another till's code does not make a journal that is enrolled somebody else's.
    let thief = Till {
        token: thief.token,
        ..till.clone()
    };
    refused(&thief, &office.code("2"));
    till.standing().unwrap();
    // The till's own does: a new disk, or a token that was lost. The old one is good for nothing then.
    thief.ask_in(&office.code("1")).unwrap();
    assert_eq!(till.standing().unwrap_err().0, 401);
    thief.standing().unwrap();
    // Too late.
    let old = enrolment::new_code(&office.state.database, "shop", "4", "test", -1);
    let old = office.runtime.block_on(old).unwrap();
    second.stream.journal_id = random::id();
    refused(&second, &old);
}

#[test]
fn no_till_reads_or_writes_what_is_anothers() {
    let office = Office::start();
    let mut till = Till::enrol(&office, "1");
    let mut other = Till::enrol(&office, "2");
    let frame = till.frame(
        vec![till.sealed(7, order(7, "confirmed", None))],
        Vec::new(),
    );
    till.send(&frame).unwrap();
    let thief = Till {
        token: other.token.clone(),
        ..till.clone()
    };
    let more = till.frame(Vec::new(), Vec::new());
    for answer in [
        thief.standing(),
        thief.post("frames", &more),
        thief
            .clone()
            .begin(sequra_frames::enrolment::Why::Elsewhere),
    ] {
        let (status, refusal) = answer.unwrap_err();
        assert_eq!(
            (status, refusal.code, refusal.standing),
            (403, Code::NotYours, None)
        );
    }
    let nobody = Till {
        token: random::hex(&random::bytes::<32>()),
        ..till.clone()
    };
    for answer in [nobody.standing(), nobody.post("frames", &more)] {
        assert_eq!(answer.unwrap_err().0, 401);
    }
    // The number of another journal's order is nothing to this one.
    let own = other.frame(vec![other.sealed(7, order(7, "settled", None))], Vec::new());
    other.send(&own).unwrap();
    assert_eq!(
        office.number("SELECT count(*) FROM orders WHERE state = 'confirmed'"),
        1
    );
}

#[test]
fn no_token_works_after_it_was_revoked() {
    let office = Office::start();
    let other_office = Office::on(&office.state.settings.database);
    let mut till = Till::enrol(&office, "1");
    let frame = till.frame(
        vec![till.sealed(7, order(7, "confirmed", None))],
        Vec::new(),
    );
    till.send(&frame).unwrap();
    // Revoked by one office, refused by each, whatever they remember.
    let revoke = |office: &Office| {
        let revoked = enrolment::revoke(&office.state.database, &till.stream.journal_id);
        office.runtime.block_on(revoked).unwrap()
    };
    assert!(revoke(&other_office));
    assert!(!revoke(&office));
    let more = till.frame(vec![till.sealed(7, order(7, "settled", None))], Vec::new());
    for url in [&office.url, &other_office.url] {
        let till = Till {
            url: url.clone(),
            ..till.clone()
        };
        for answer in [
            till.post("frames", &more),
            till.standing(),
            till.clone().begin(sequra_frames::enrolment::Why::Elsewhere),
        ] {
            assert_eq!(answer.unwrap_err().1.code, Code::NotEnrolled);
        }
    }
    assert_eq!(
        office.number("SELECT count(*) FROM orders WHERE state = 'settled'"),
        0
    );
    // Until a person enrols the journal again.
    till.ask_in(&office.code("1")).unwrap();
    till.post("frames", &more).unwrap();
}

#[test]
fn what_is_not_a_request_is_refused() {
    let office = Office::start();
    let till = Till::enrol(&office, "1");
    for (path, body, status) in [
        ("frames", b"{}".to_vec(), 400),
        ("frames", b"not JSON".to_vec(), 400),
        ("enrolments", b"{\"code\":1}".to_vec(), 400),
        ("enrolments", vec![b' '; 20_000], 413),
    ] {
        let (said, refusal) = till.post_bytes(path, &body).unwrap_err();
        assert_eq!((said, refusal.code), (status, Code::Unreadable), "{path}");
    }
    // Before a byte of it is read.
    let address = office.url.strip_prefix("http://").unwrap();
    let mut line = std::net::TcpStream::connect(address).unwrap();
    let (token, most) = (&till.token, sequra_frames::MOST_BYTES + 1);
    let head = format!(
        "POST /api/1/frames HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: {most}\r\n\r\n"
    );
    line.write_all(head.as_bytes()).unwrap();
    let mut said = [0; 12];
    line.read_exact(&mut said).unwrap();
    assert_eq!(&said, b"HTTP/1.1 413");
    let mut strange = till.clone();
    strange.stream.journal_id = "../etc".into();
    assert_eq!(strange.ask_in(&office.code("2")).unwrap_err().0, 400);
}

/// However much one till has to say, it says it one frame at a time, and the others are heard in between.
#[test]
fn a_backlog_keeps_nobody_waiting() {
    let office = Office::start();
    let mut busy = Till::enrol(&office, "busy");
    let mut quick = Till::enrol(&office, "quick");
    // The stream's row is held, as by a long transaction: the busy till's frame waits for it.
    let (journal, database) = (busy.stream.journal_id.clone(), office.state.pages.clone());
    let holding = office.runtime.block_on(async {
        let transaction = database.begin().await.unwrap();
        let lock = format!("UPDATE streams SET heard_at = heard_at WHERE journal_id = '{journal}'");
        transaction.batch_execute(&lock).await.unwrap();
        transaction
    });
    let frame = busy.frame(
        vec![busy.sealed(1, order(1, "confirmed", None))],
        Vec::new(),
    );
    let waiting = {
        let (busy, frame) = (busy.clone(), frame.clone());
        std::thread::spawn(move || busy.post("frames", &frame))
    };
    std::thread::sleep(std::time::Duration::from_millis(300));
    let at_once: Vec<_> = (0..8)
        .map(|_| busy.post("frames", &frame).unwrap_err())
        .collect();
    assert!(
        at_once
            .iter()
            .all(|(status, refusal)| (*status, refusal.code) == (429, Code::Later))
    );
    let other = quick.frame(
        vec![quick.sealed(1, order(1, "confirmed", None))],
        Vec::new(),
    );
    quick.send(&other).unwrap();
    office.runtime.block_on(async { drop(holding) });
    waiting.join().unwrap().unwrap();
    busy.send(&frame).unwrap();
}

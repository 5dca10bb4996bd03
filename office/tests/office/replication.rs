//! What is acknowledged is on the standby: nothing else is an acknowledgement.

use crate::support::{Office, Till, order};
use sequra_frames::frame::Frame;
use sequra_office::trial::{Cluster, Kind};
use std::time::{Duration, Instant};

/// A server, and one that follows it and has to have everything that is committed.
fn pair() -> (Cluster, Cluster) {
    let primary = Cluster::start(Kind::OnAPort).unwrap();
    let mut standby = Cluster::prepare(Kind::OnAPort).unwrap();
    let from = format!(
        "host=127.0.0.1 port={} user=office application_name=standby",
        primary.port()
    );
    let data = standby.data();
    let copy = [
        "-D",
        data.to_str().unwrap(),
        "-R",
        "--no-sync",
        "-X",
        "stream",
        "-c",
        "fast",
        "-d",
        &from,
    ];
    standby.run("pg_basebackup", &copy).unwrap();
    standby.go_on(&[]).unwrap();
    primary
        .sql(
            "postgres",
            "ALTER SYSTEM SET synchronous_standby_names = 'standby'",
        )
        .unwrap();
    primary.sql("postgres", "SELECT pg_reload_conf()").unwrap();
    until("the standby follows", || {
        primary
            .sql(
                "postgres",
                "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'",
            )
            .unwrap()
            == "1"
    });
    (primary, standby)
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < end, "{what}: not so after 60 s");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn confirmed(till: &mut Till, id: i64) -> Frame {
    till.frame(
        vec![till.sealed(id, order(id, "confirmed", None))],
        Vec::new(),
    )
}

#[test]
fn a_commit_that_no_standby_has_is_no_acknowledgement() {
    let (primary, mut standby) = pair();
    let office = Office::with(&primary.address("office"), |settings| {
        settings.patience_ms = 4_000
    });
    let mut till = Till::enrol(&office, "1");
    let first = confirmed(&mut till, 1);
    till.send(&first).unwrap();
    standby.kill().unwrap();

    // The wait is cut short: PostgreSQL commits, warns, and says COMMIT.
    let frame = confirmed(&mut till, 2);
    let sent = {
        let (till, frame) = (till.clone(), frame.clone());
        std::thread::spawn(move || till.post("frames", &frame))
    };
    let waiting = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' LIMIT 1";
    let mut pid = String::new();
    until("the commit waits", || {
        pid = primary.sql("postgres", waiting).unwrap();
        !pid.is_empty()
    });
    primary
        .sql("postgres", &format!("SELECT pg_cancel_backend({pid})"))
        .unwrap();
    let (status, refusal) = sent.join().unwrap().unwrap_err();
    assert_eq!(status, 503);
    assert!(
        refusal.message.contains("synchronous replication"),
        "{}",
        refusal.message
    );
    // There it stands, for everybody to see, and is not acknowledged to anybody: neither to who sends it again, nor to who
    // asks, nor to who is elsewhere.
    let seen = format!("SELECT count(*) FROM streams WHERE seq = {}", frame.to.seq);
    assert_eq!(primary.sql("office", &seen).unwrap(), "1");
    let mut elsewhere = confirmed(&mut till.clone(), 9);
    elsewhere.from.as_mut().unwrap().nonce ^= 1;
    for answer in [
        till.post("frames", &frame),
        till.standing(),
        till.post("frames", &elsewhere),
    ] {
        let (status, refusal) = answer.unwrap_err();
        assert_eq!(
            (status, refusal.standing),
            (503, None),
            "{}",
            refusal.message
        );
    }
    // People can look meanwhile.
    assert_eq!(office.number("SELECT count(*) FROM orders"), 2);

    standby.go_on(&[]).unwrap();
    until("it is acknowledged", || {
        till.post("frames", &frame)
            .is_ok_and(|standing| standing.position == Some(frame.to))
    });
    assert_eq!(standby.sql("office", &seen).unwrap(), "1");
    let next = {
        till.position = Some(frame.to);
        confirmed(&mut till, 3)
    };
    till.send(&next).unwrap();
}

#[test]
fn what_was_acknowledged_is_there_when_the_standby_takes_over() {
    let (mut primary, standby) = pair();
    let hosts = format!(
        "host=127.0.0.1,127.0.0.1 port={},{} user=office dbname=office target_session_attrs=read-write connect_timeout=2",
        primary.port(),
        standby.port()
    );
    let office = Office::with(&hosts, |settings| settings.patience_ms = 4_000);
    let tills: Vec<Till> = (0..3)
        .map(|n| Till::enrol(&office, &n.to_string()))
        .collect();
    // Each sends until it is told that it cannot; what was acknowledged is what counts.
    let senders: Vec<_> = tills
        .into_iter()
        .map(|mut till| {
            std::thread::spawn(move || {
                let mut id = 0;
                loop {
                    id += 1;
                    let frame = confirmed(&mut till, id);
                    if till.send(&frame).is_err() {
                        return (till, frame, id - 1);
                    }
                }
            })
        })
        .collect();
    std::thread::sleep(Duration::from_millis(700));
    primary.kill().unwrap();
    standby
        .run(
            "pg_ctl",
            &["promote", "-w", "-D", standby.data().to_str().unwrap()],
        )
        .unwrap();
    for sender in senders {
        let (mut till, last, acknowledged) = sender.join().unwrap();
        assert!(acknowledged > 0);
        // Where it was cut off nobody knows; the same again is right in either case.
        until("the office goes on", || till.post("frames", &last).is_ok());
        till.position = Some(last.to);
        let next = confirmed(&mut till, acknowledged + 2);
        till.send(&next).unwrap();
        let of = format!(
            "SELECT count(*) FROM orders WHERE journal_id = '{}'",
            till.stream.journal_id
        );
        assert_eq!(office.number(&of), acknowledged + 2);
    }
}

/// For `make test-long`.
fn is_long() -> bool {
    std::env::var_os("SEQURA_OFFICE_LONG").is_some()
}

/// Connections to a server that has become read-only lead to nothing: others are made.
#[test]
fn a_server_that_only_reads_is_left() {
    if !is_long() {
        return;
    }
    let (primary, standby) = pair();
    let hosts = format!(
        "host=127.0.0.1,127.0.0.1 port={},{} user=office dbname=office target_session_attrs=read-write",
        primary.port(),
        standby.port()
    );
    let office = Office::on(&hosts);
    let mut till = Till::enrol(&office, "1");
    let frame = confirmed(&mut till, 1);
    till.send(&frame).unwrap();
    standby
        .run(
            "pg_ctl",
            &["promote", "-w", "-D", standby.data().to_str().unwrap()],
        )
        .unwrap();
    for change in [
        "ALTER SYSTEM SET default_transaction_read_only = on",
        "SELECT pg_reload_conf()",
    ] {
        primary.sql("postgres", change).unwrap();
    }
    let frame = confirmed(&mut till, 2);
    until("the other server takes it", || {
        till.post("frames", &frame).is_ok()
    });
    assert_eq!(
        standby
            .sql("office", "SELECT count(*) FROM orders")
            .unwrap(),
        "2"
    );
}

//! Frames, and the lives of a journal.

use crate::support::{Office, Till, order};
use sequra_frames::cell::Cell;
use sequra_frames::enrolment::Why;
use sequra_frames::refusal::Code;

#[test]
fn a_frame_is_kept_whole_and_answered_again() {
    let office = Office::start();
    let mut till = Till::enrol(&office, "1");
    let orders = vec![till.sealed(7, order(7, "confirmed", None))];
    let entries = till.log(&["start_solicitation", "confirm"]);
    let frame = till.frame(orders, entries);
    let standing = till.send(&frame).unwrap();
    assert_eq!((standing.position, standing.entries), (Some(frame.to), 2));
    assert_eq!(
        till.post("frames", &frame).unwrap().position,
        Some(frame.to)
    );
    assert_eq!(till.standing().unwrap().position, Some(frame.to));
    assert_eq!(office.number("SELECT count(*) FROM entries"), 2);
    assert_eq!(
        office.number("SELECT at_risk FROM orders WHERE order_id = 7"),
        12_345
    );
    assert_eq!(office.number("SELECT schema FROM tills"), 3);
    assert!(office.is_in_order());

    // The next state takes its place.
    let settled = till.frame(
        vec![till.sealed(7, order(7, "settled", None))],
        till.clone().log(&["set_order_ref"]),
    );
    till.send(&settled).unwrap();
    assert_eq!(office.number("SELECT count(*) FROM orders WHERE finished AND at_risk IS NULL AND at_risk_since IS NULL"), 1);
    assert_eq!(office.number("SELECT count(*) FROM orders"), 1);
    assert!(office.is_in_order());
}

#[test]
fn the_stream_moves_from_exactly_where_it_stands() {
    let office = Office::start();
    let mut till = Till::enrol(&office, "1");
    let first = till.frame(
        vec![till.sealed(7, order(7, "confirmed", None))],
        Vec::new(),
    );
    till.send(&first).unwrap();
    // A disk that was put back counts the same, and has another nonce; one that has skipped something, another number.
    for (seq, nonce) in [(0, 1), (1, 0)] {
        let mut other = till.frame(vec![till.sealed(7, order(7, "settled", None))], Vec::new());
        let from = other.from.as_mut().unwrap();
        (from.seq, from.nonce) = (from.seq + seq, from.nonce.wrapping_add(nonce));
        other.to.seq += 1;
        let (status, refusal) = till.post("frames", &other).unwrap_err();
        assert_eq!((status, refusal.code), (409, Code::Elsewhere));
        assert_eq!(refusal.standing.unwrap().position, Some(first.to));
    }
    // From the beginning, too.
    let mut anew = till.frame(Vec::new(), Vec::new());
    anew.from = None;
    assert_eq!(till.post("frames", &anew).unwrap_err().0, 409);
    // And back is no way.
    let mut back = till.frame(Vec::new(), Vec::new());
    back.to.seq = first.to.seq;
    assert_eq!(till.post("frames", &back).unwrap_err().0, 400);
    assert_eq!(
        office.number("SELECT count(*) FROM orders WHERE state = 'confirmed'"),
        1
    );
}

#[test]
fn two_lives_of_a_journal_stand_side_by_side() {
    let office = Office::start();
    let mut till = Till::enrol(&office, "1");
    let mut clone = till.clone();
    let frame = till.frame(
        vec![till.sealed(7, order(7, "confirmed", None))],
        till.clone().log(&["confirm"]),
    );
    till.send(&frame).unwrap();
    let other = clone.frame(vec![clone.sealed(7, order(7, "settled", None))], Vec::new());
    assert_eq!(clone.send(&other).unwrap_err().1.code, Code::Elsewhere);

    let first = clone.stream.incarnation.clone();
    let standing = clone.begin(Why::Elsewhere).unwrap();
    assert_eq!((standing.position, standing.entries), (None, 0));
    let anew = clone.frame(vec![clone.sealed(7, order(7, "settled", None))], Vec::new());
    clone.send(&anew).unwrap();
    // Both go on.
    let more = till.frame(
        vec![till.sealed(8, order(8, "confirmed", None))],
        Vec::new(),
    );
    till.send(&more).unwrap();
    assert_eq!(office.number("SELECT count(*) FROM orders"), 3);
    let child = office.rows(
        "SELECT incarnation, why FROM streams WHERE parent = $1",
        &[(&first, tokio_postgres::types::Type::TEXT)],
    );
    assert_eq!(child[0].get::<_, String>(0), clone.stream.incarnation);
    assert_eq!(child[0].get::<_, String>(1), "elsewhere");

    // A life that the office does not know.
    clone.stream.incarnation = sequra_office::random::id();
    assert_eq!(
        clone.standing().unwrap_err().1.code,
        Code::UnknownIncarnation
    );
    let lost = clone.frame(Vec::new(), Vec::new());
    assert_eq!(clone.post("frames", &lost).unwrap_err().0, 404);
}

#[test]
fn the_chain_is_checked_as_it_comes_in() {
    let office = Office::start();
    let broken = |till: &Till| {
        let of = [(
            &till.stream.journal_id as _,
            tokio_postgres::types::Type::TEXT,
        )];
        let rows = office.rows(
            "SELECT chain_broken_at_entry FROM streams WHERE journal_id = $1",
            &of,
        );
        rows[0].get::<_, Option<i64>>(0)
    };
    let grown = |name: &str| {
        let mut till = Till::enrol(&office, name);
        let entries = till.log(&["start_solicitation", "confirm"]);
        let frame = till.frame(Vec::new(), entries);
        till.send(&frame).unwrap();
        till
    };
    // An entry that says something else than it did.
    let mut till = grown("edited");
    let mut entries = till.log(&["set_order_ref", "ship"]);
    entries[1].row.insert("amount".into(), Cell::Integer(1));
    let frame = till.frame(Vec::new(), entries);
    till.send(&frame).unwrap();
    assert_eq!(broken(&till), Some(4));
    // One that is missing, between frames and within one.
    let mut till = grown("gap");
    let entries = till.log(&["a", "b", "c"]);
    let frame = till.frame(Vec::new(), entries[1..].to_vec());
    till.send(&frame).unwrap();
    assert_eq!(broken(&till), Some(4));
    let mut till = grown("gap within");
    let mut entries = till.log(&["a", "b", "c"]);
    entries.remove(1);
    let frame = till.frame(Vec::new(), entries);
    till.send(&frame).unwrap();
    assert_eq!(broken(&till), Some(5));
    // Another history behind the same number.
    let mut till = grown("other");
    till.last.1 = vec![1; 32];
    let entries = till.log(&["a"]);
    let frame = till.frame(Vec::new(), entries);
    till.send(&frame).unwrap();
    assert_eq!(broken(&till), Some(3));
    // The oldest that is kept goes on from something that the office has never seen: that is no break.
    let mut till = Till::enrol(&office, "old");
    till.last = (90, vec![9; 32]);
    let entries = till.log(&["a", "b"]);
    let frame = till.frame(Vec::new(), entries);
    till.send(&frame).unwrap();
    assert_eq!(broken(&till), None);
    // Of a journal that was migrated the links are what holds.
    let mut till = Till::enrol(&office, "migrated");
    let mut entries = till.log(&["a", "b"]);
    entries[0]
        .row
        .insert("description".into(), Cell::Text("moved".into()));
    let mut frame = till.frame(Vec::new(), entries);
    frame.reanchored_until = Some(1);
    till.send(&frame).unwrap();
    assert_eq!(broken(&till), None);
    assert_eq!(office.number("SELECT count(*) FROM set_aside"), 0);
}

#[test]
fn fences_are_told_until_the_till_says_that_it_knows() {
    let office = Office::start();
    let mut till = Till::enrol(&office, "1");
    let journal = till.stream.journal_id.clone();
    office.change(&format!(
        "INSERT INTO fences VALUES ('{journal}', 'https://sandbox.sequrapi.com', 'uuid-7', 3, 'maria', 'T-9', 1)"
    ));
    let known = |epoch: i64| {
        let mut rows = order(7, "confirmed", None);
        let mut fence = rows[0].clone();
        fence.table = "taken_over".into();
        fence
            .row
            .retain(|name, _| name == "endpoint" || name == "uuid");
        fence.row.insert("epoch".into(), Cell::Integer(epoch));
        rows.push(fence);
        rows
    };
    let mut under_way = known(3);
    under_way.extend(
        order(7, "confirmed", Some("set_order_ref"))
            .into_iter()
            .skip(2),
    );
    for (rows, told) in [
        (order(7, "confirmed", None), 1),
        (known(2), 1),
        (under_way, 1),
        (known(3), 0),
    ] {
        let frame = till.frame(vec![till.sealed(7, rows)], Vec::new());
        till.send(&frame).unwrap();
        let fences = till.standing().unwrap().fences;
        assert_eq!(fences.len(), told);
        assert!(
            fences
                .iter()
                .all(|fence| fence.order_ref_1.as_deref() == Some("T-9") && fence.epoch == 3)
        );
    }
    // Another life has not said so.
    assert_eq!(till.begin(Why::Elsewhere).unwrap().fences.len(), 1);
}

/// A database whose default is the strictest: transactions that are in each other's way are tried again.
#[test]
fn many_tills_at_once_under_serializable() {
    let office = Office::start();
    office.change("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$");
    let office = Office::on(&office.state.settings.database);
    let tills: Vec<Till> = (0..6)
        .map(|n| Till::enrol(&office, &n.to_string()))
        .collect();
    std::thread::scope(|scope| {
        for mut till in tills {
            scope.spawn(move || {
                for id in 1..=12 {
                    let orders = vec![till.sealed(id, order(id, "confirmed", None))];
                    let entries = till.log(&["confirm"]);
                    let frame = till.frame(orders, entries);
                    till.send(&frame).unwrap();
                }
            });
        }
    });
    assert_eq!(office.number("SELECT count(*) FROM orders"), 72);
    assert_eq!(office.number("SELECT count(*) FROM entries"), 72);
    assert!(office.is_in_order());
}

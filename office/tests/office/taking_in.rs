//! Frames, enrolment and lives of a journal.

use crate::support::{Office, Till, order};
use sequra_frames::refusal::Code;

#[test]
fn a_frame_is_kept_and_answered_again() {
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
    assert_eq!(
        office.number("SELECT count(*) FROM streams WHERE chain_broken_at_entry IS NOT NULL"),
        0
    );
    assert_eq!(office.number("SELECT count(*) FROM set_aside"), 0);
}

#[test]
fn another_nonce_is_elsewhere() {
    let office = Office::start();
    let mut till = Till::enrol(&office, "1");
    let frame = till.frame(
        vec![till.sealed(7, order(7, "confirmed", None))],
        Vec::new(),
    );
    till.send(&frame).unwrap();
    let mut other = till.frame(Vec::new(), Vec::new());
    other.from.as_mut().unwrap().nonce += 1;
    let (status, refusal) = till.send(&other).unwrap_err();
    assert_eq!((status, refusal.code), (409, Code::Elsewhere));
    assert_eq!(refusal.standing.unwrap().position, Some(frame.to));
}

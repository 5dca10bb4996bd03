//! A row that cannot be stored is set aside with its reason, and the stream goes on.

use crate::support::{Office, Till, order};
use sequra_frames::cell::Cell;
use sequra_frames::frame::{Order, TableRow};
use tokio_postgres::types::Type;

/// What was set aside of this till: what, number, reason.
fn aside(office: &Office, till: &Till) -> Vec<(String, i64, String)> {
    let of = [(&till.stream.journal_id as _, Type::TEXT)];
    let rows = office.rows(
        "SELECT what, id, reason FROM set_aside WHERE journal_id = $1 ORDER BY what, id",
        &of,
    );
    rows.iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect()
}

fn with(mut rows: Vec<TableRow>, column: &str, cell: Cell) -> Vec<TableRow> {
    rows[0].row.insert(column.into(), cell);
    rows
}

#[test]
fn what_cannot_be_stored_is_set_aside_and_the_rest_is_kept() {
    let office = Office::start();
    let text = |text: &str| Cell::Text(text.into());
    let one = |till: &Till, column: &str, cell: Cell| {
        till.sealed(7, with(order(7, "confirmed", None), column, cell))
    };
    let mut till = Till::enrol(&office, "1");
    let bad: Vec<(Order, &str)> = vec![
        (
            one(&till, "order_ref_1", text("T\0")),
            "order_ref_1 has a NUL in it",
        ),
        (
            one(&till, "order_ref_1", text(&"x".repeat(3000))),
            "order_ref_1 is too long",
        ),
        (one(&till, "amount", text("12")), "amount is no number"),
        (one(&till, "state", Cell::Integer(1)), "state is no text"),
        (
            one(&till, "id", Cell::Integer(8)),
            "its row is of another number",
        ),
        (one(&till, "finished", Cell::Null), "finished is missing"),
        (
            till.sealed(-1, order(-1, "confirmed", None)),
            "its number is below 0",
        ),
        (till.sealed(7, Vec::new()), "its row is missing"),
        (
            Order {
                id: 7,
                rows: order(7, "confirmed", None),
                sealed: None,
            },
            "contents.content is not sealed",
        ),
        (
            Order {
                sealed: None,
                ..till.sealed(7, order(7, "confirmed", None))
            },
            "contents.content is in a box that is not there",
        ),
    ];
    for (order_7, reason) in bad {
        let id = order_7.id;
        let good = till.sealed(9, order(9, "confirmed", None));
        let frame = till.frame(vec![order_7, good], Vec::new());
        let standing = till.send(&frame).unwrap();
        assert_eq!(standing.position, Some(frame.to), "{reason}");
        assert_eq!(aside(&office, &till), [("order".into(), id, reason.into())]);
        office.change("DELETE FROM set_aside");
    }
    assert_eq!(
        office.number("SELECT count(*) FROM orders WHERE order_id = 9"),
        1
    );
    assert_eq!(office.number("SELECT count(*) FROM orders"), 1);

    // Twice in a frame; and then as it should be, which mends it.
    let twice = vec![
        till.sealed(7, order(7, "confirmed", None)),
        till.sealed(7, order(7, "settled", None)),
    ];
    let frame = till.frame(twice, Vec::new());
    till.send(&frame).unwrap();
    assert_eq!(aside(&office, &till).len(), 1);
    let frame = till.frame(vec![till.sealed(7, order(7, "settled", None))], Vec::new());
    till.send(&frame).unwrap();
    assert_eq!(aside(&office, &till), []);
}

#[test]
fn what_the_database_alone_refuses_is_set_aside_too() {
    let office = Office::start();
    office.change(
        "ALTER TABLE orders ADD CHECK (amount <> 13); ALTER TABLE entries ADD CHECK (entry_id <> 2)",
    );
    let mut till = Till::enrol(&office, "1");
    let orders = [(7, 12), (8, 13), (9, 14)].map(|(id, amount)| {
        till.sealed(
            id,
            with(
                order(id, "confirmed", None),
                "amount",
                Cell::Integer(amount),
            ),
        )
    });
    let entries = till.log(&["a", "b", "c"]);
    let frame = till.frame(orders.to_vec(), entries);
    let standing = till.send(&frame).unwrap();
    assert_eq!((standing.position, standing.entries), (Some(frame.to), 3));
    let aside = aside(&office, &till);
    let names: Vec<(&str, i64)> = aside.iter().map(|(what, id, _)| (&**what, *id)).collect();
    assert_eq!(names, [("entry", 2), ("order", 8)]);
    assert!(
        aside.iter().all(|(_, _, reason)| reason.contains("23514")),
        "{aside:?}"
    );
    assert_eq!(
        office.number("SELECT sum(order_id)::bigint FROM orders"),
        16
    );
    assert_eq!(
        office.number("SELECT sum(entry_id)::bigint FROM entries"),
        4
    );
    assert_eq!(
        office.number("SELECT count(*) FROM streams WHERE chain_broken_at_entry IS NOT NULL"),
        0
    );
}

#[test]
fn an_entry_is_written_once() {
    let office = Office::start();
    let mut till = Till::enrol(&office, "1");
    let entries = till.log(&["a", "b"]);
    let frame = till.frame(Vec::new(), entries.clone());
    till.send(&frame).unwrap();
    // The same again is nothing, also with a new one behind it.
    let more = [entries.clone(), till.log(&["c"])].concat();
    let frame = till.frame(Vec::new(), more);
    assert_eq!(till.send(&frame).unwrap().entries, 3);
    assert!(office.is_in_order());
    // Another content under a number that is taken is set aside, and what was there stays.
    let mut other = entries;
    other[1].row.insert("amount".into(), Cell::Integer(1));
    let frame = till.frame(Vec::new(), other);
    assert_eq!(till.send(&frame).unwrap().entries, 3);
    let reason = "the office has another entry of this number";
    assert_eq!(aside(&office, &till), [("entry".into(), 2, reason.into())]);
    assert_eq!(
        office.number("SELECT count(*) FROM entries WHERE amount = 12345"),
        3
    );
}

//! Keys: what is sealed to them, and what is left when one is destroyed.

use crate::support::{Office, Till, order};
use sequra_frames::cell::Cell;
use sequra_frames::frame::{Order, Stream, TableRow};
use sequra_frames::refusal::Code;
use sequra_frames::sealing::open_order;
use sequra_office::keys;
use tokio_postgres::types::Type;

/// The order's rows, opened by whatever private key is left; none: there is none for it.
pub fn opened(office: &Office, stream: &Stream, id: i64) -> Option<Vec<TableRow>> {
    let of_order = [
        (&stream.journal_id as _, Type::TEXT),
        (&stream.incarnation as _, Type::TEXT),
        (&id as _, Type::INT8),
    ];
    let found = office.rows(
        "SELECT rows, sealed, key_id FROM orders WHERE journal_id = $1 AND incarnation = $2 AND order_id = $3",
        &of_order,
    );
    let key: String = found[0].get("key_id");
    let private = std::fs::read(office.keys.path().join(format!("{key}.key"))).ok()?;
    let order = Order {
        id,
        rows: serde_json::from_slice(found[0].get("rows")).unwrap(),
        sealed: keys::unpack(&key, found[0].get("sealed")),
    };
    Some(open_order(stream, &private, &order).unwrap())
}

fn destroy(office: &Office, key: &str) -> Result<keys::Destroyed, String> {
    let done = keys::destroy(&office.state.database, office.keys.path(), key);
    office.runtime.block_on(done).map_err(|e| e.to_string())
}

fn new(office: &Office) -> String {
    office
        .runtime
        .block_on(keys::new(&office.state.database, office.keys.path()))
        .unwrap()
}

#[test]
fn a_destroyed_key_leaves_what_is_not_finished() {
    let office = Office::start();
    let mut till = Till::enrol(&office, "1");
    let old = till.key.id.clone();
    let mut bad = order(9, "confirmed", None);
    bad[0].row.insert("amount".into(), Cell::Text("x".into()));
    let orders = vec![
        till.sealed(7, order(7, "confirmed", None)),
        till.sealed(8, order(8, "settled", None)),
        till.sealed(9, bad),
    ];
    let frame = till.frame(orders, Vec::new());
    till.send(&frame).unwrap();
    assert_eq!(
        opened(&office, &till.stream, 8).unwrap(),
        order(8, "settled", None)
    );
    // Not the only one.
    assert!(destroy(&office, &old).unwrap_err().contains("no other key"));

    let fresh = new(&office);
    let done = destroy(&office, &old).unwrap();
    assert_eq!(
        done,
        keys::Destroyed {
            resealed: 2,
            unreadable: 0
        }
    );
    assert_eq!(
        opened(&office, &till.stream, 7).unwrap(),
        order(7, "confirmed", None)
    );
    assert_eq!(opened(&office, &till.stream, 8), None);
    assert_eq!(office.number("SELECT count(*) FROM set_aside WHERE key_id <> (SELECT max(key_id) FROM keys WHERE destroyed_at IS NOT NULL)"), 1);
    let list = office
        .runtime
        .block_on(keys::list(&office.state.database, Some(office.keys.path())))
        .unwrap();
    let told: Vec<_> = list
        .iter()
        .map(|key| {
            (
                &key.id,
                key.destroyed_at.is_some(),
                key.is_here,
                key.unfinished,
            )
        })
        .collect();
    assert_eq!(
        told.iter()
            .filter(|key| **key == (&old, true, false, 0))
            .count(),
        1,
        "{told:?}"
    );
    assert_eq!(
        told.iter()
            .filter(|key| **key == (&fresh, false, true, 1))
            .count(),
        1,
        "{told:?}"
    );

    // What is still sealed to it is sealed anew: the office stands where it stood, and says to which.
    let frame = till.frame(vec![till.sealed(7, order(7, "settled", None))], Vec::new());
    let (status, refusal) = till.post("frames", &frame).unwrap_err();
    let standing = refusal.standing.unwrap();
    assert_eq!(
        (status, refusal.code, standing.position),
        (409, Code::Elsewhere, till.position)
    );
    assert_eq!(standing.key.id, fresh);
    till.key = standing.key;
    let frame = till.frame(vec![till.sealed(7, order(7, "settled", None))], Vec::new());
    till.send(&frame).unwrap();
}

/// A frame that was let in before the key was closed, and is committed after, is not forgotten.
#[test]
fn a_frame_under_way_is_waited_for() {
    let office = Office::start();
    let mut till = Till::enrol(&office, "1");
    let old = till.key.id.clone();
    let frame = till.frame(vec![till.sealed(7, order(7, "settled", None))], Vec::new());
    till.send(&frame).unwrap();
    new(&office);
    // The frame has seen the key open, and waits for a row that somebody holds.
    let database = office.state.pages.clone();
    let holding = office.runtime.block_on(async {
        let transaction = database.begin().await.unwrap();
        transaction
            .batch_execute("SELECT 1 FROM orders WHERE order_id = 7 FOR UPDATE")
            .await
            .unwrap();
        transaction
    });
    let orders = vec![
        till.sealed(7, order(7, "settled", None)),
        till.sealed(8, order(8, "confirmed", None)),
    ];
    let frame = till.frame(orders, Vec::new());
    std::thread::scope(|scope| {
        let sent = {
            let till = till.clone();
            let frame = &frame;
            scope.spawn(move || till.post("frames", frame))
        };
        std::thread::sleep(std::time::Duration::from_millis(400));
        let destroyed = scope.spawn(|| destroy(&office, &old));
        std::thread::sleep(std::time::Duration::from_millis(400));
        assert!(!destroyed.is_finished());
        office.runtime.block_on(async { drop(holding) });
        sent.join().unwrap().unwrap();
        assert_eq!(destroyed.join().unwrap().unwrap().resealed, 1);
    });
    assert_eq!(
        opened(&office, &till.stream, 8).unwrap(),
        order(8, "confirmed", None)
    );
}

#[test]
fn a_week_has_one_key() {
    let office = Office::start();
    let renew = |days| {
        let renewed = keys::renew(&office.state.database, office.keys.path(), days);
        office.runtime.block_on(renewed).unwrap()
    };
    assert_eq!(renew(7), None);
    office.change("UPDATE keys SET made_at = made_at - 8 * 86400000::bigint");
    let fresh = renew(7).unwrap();
    assert_eq!(renew(7), None);
    assert_eq!(Till::enrol(&office, "1").key.id, fresh);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = office.keys.path().join(format!("{fresh}.key"));
        assert_eq!(
            std::fs::metadata(file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

/// A backup knows nothing of what was destroyed after it was made.
#[test]
fn a_restored_database_is_told_which_keys_are_gone() {
    let office = Office::start();
    let old = Till::enrol(&office, "1").key.id;
    let fresh = new(&office);
    destroy(&office, &old).unwrap();
    office.change(&format!(
        "DELETE FROM keys WHERE key_id = '{fresh}'; UPDATE keys SET closed_at = NULL, destroyed_at = NULL"
    ));
    let renewed = keys::renew(&office.state.database, office.keys.path(), 7);
    let renewed = office.runtime.block_on(renewed).unwrap();
    assert_eq!(Some(Till::enrol(&office, "2").key.id), renewed);
    assert_eq!(
        office.number(
            "SELECT count(*) FROM keys WHERE destroyed_at IS NOT NULL AND closed_at IS NOT NULL"
        ),
        1
    );
}

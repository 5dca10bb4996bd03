//! Nothing of a shopper in clear, wherever PostgreSQL keeps it.

use crate::support::{Office, Till, cluster, order};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sequra_frames::cell::Cell;
use sequra_frames::frame::Order;
use std::path::Path;

/// What nobody may find: see [`order`].
const SHOPPERS: [&str; 4] = ["12345678Z", "Carmen", "Montoya", "carmen@example.com"];
/// What is there in clear, so that a search that finds nothing has searched.
const CLEAR: &str = "T-700700";

/// How a text may stand there: as it is, or in base64 at any offset.
fn guises(text: &str) -> Vec<Vec<u8>> {
    let mut all = vec![text.as_bytes().to_vec()];
    for before in 0..3 {
        let shifted = [&b"xxx"[..before], text.as_bytes()].concat();
        let encoded = STANDARD.encode(shifted);
        // Letters that what stands before and after has a part in are left out.
        let end = encoded.trim_end_matches('=').len() - 2;
        all.push(encoded.as_bytes()[4.min(before * 4)..end].to_vec());
    }
    all
}

fn files(folder: &Path, each: &mut dyn FnMut(&[u8])) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, each);
        } else if let Ok(bytes) = std::fs::read(&path) {
            // The server may have removed it meanwhile.
            each(&bytes);
        }
    }
}

#[test]
fn no_file_of_the_database_has_anything_of_a_shopper() {
    let office = Office::start();
    let mut till = Till::enrol(&office, "1");
    let key = till.key.clone();
    let mut good = order(700_700, "confirming", Some("confirm"));
    good[0]
        .row
        .insert("order_ref_1".into(), Cell::Text(CLEAR.into()));
    let in_clear = |id| Order {
        id,
        rows: order(id, "confirmed", None),
        sealed: None,
    };
    let mut bad = order(703, "confirmed", None);
    bad[0]
        .row
        .insert("order_ref_1".into(), Cell::Text("Carmen\0Montoya".into()));
    let orders = vec![
        till.sealed(700_700, good),
        in_clear(701),
        till.sealed(703, bad),
    ];
    let mut entries = till.log(&["confirm", "confirm"]);
    entries[1]
        .row
        .insert("surname".into(), Cell::Text("Montoya".into()));
    let frame = till.frame(orders, entries);
    till.send(&frame).unwrap();
    assert_eq!(office.number("SELECT count(*) FROM set_aside"), 3);
    assert_eq!(key, till.key);

    cluster().sql("postgres", "CHECKPOINT").unwrap();
    let name: String = office.rows("SELECT current_database()::text", &[])[0].get(0);
    let dump = cluster()
        .run(
            "pg_dump",
            &[
                "-h",
                cluster().folder().to_str().unwrap(),
                "-p",
                &cluster().port().to_string(),
                "-U",
                "office",
                &name,
            ],
        )
        .unwrap();
    let dump_file = String::from_utf8_lossy(&dump.stdout).into_owned();
    let (mut searched, mut clear) = (0, 0);
    let mut found = Vec::new();
    let mut search = |bytes: &[u8]| {
        searched += 1;
        let has = |needle: &[u8]| memchr::memmem::find(bytes, needle).is_some();
        clear += usize::from(has(CLEAR.as_bytes()));
        for text in SHOPPERS {
            if guises(text).iter().any(|guise| has(guise)) {
                found.push(text);
            }
        }
    };
    files(&cluster().data(), &mut search);
    search(&std::fs::read(cluster().log()).unwrap());
    search(dump_file.as_bytes());
    // In a dump bytes stand in hexadecimal digits.
    for text in SHOPPERS {
        let digits = sequra_office::random::hex(text.as_bytes());
        assert!(!dump_file.contains(&digits), "{text} stands in the dump");
    }
    // The table, its index, the log that is written ahead, and the dump.
    assert!(searched > 500 && clear >= 4, "{clear} of {searched}");
    assert_eq!(found, Vec::<&str>::new());
}

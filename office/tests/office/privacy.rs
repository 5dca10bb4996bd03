//! Nothing of a shopper in clear, wherever PostgreSQL keeps it.

use crate::support::{Office, Till, cluster, order};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sequra_frames::cell::Cell;
use sequra_frames::frame::Order;
use sequra_office::random;
use std::io::Write;
use std::path::Path;
use std::process::Command;

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

/// Files of the folder, or the file itself, in which one of these stands.
fn files_with(needles: &[Vec<u8>], place: &Path) -> Vec<String> {
    let mut patterns = tempfile::NamedTempFile::new().unwrap();
    patterns.write_all(&needles.join(&b'\n')).unwrap();
    let mut grep = Command::new("grep");
    grep.args(["--recursive", "--files-with-matches", "--text"]);
    grep.args(["--fixed-strings", "--file"])
        .arg(patterns.path());
    let said = grep.arg(place).env("LC_ALL", "C").output().unwrap();
    // The server may have removed a file meanwhile.
    let said = String::from_utf8_lossy(&said.stdout);
    said.lines().map(str::to_owned).collect()
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
    let dump = tempfile::NamedTempFile::new().unwrap();
    let (folder, port) = (cluster().folder().to_str().unwrap(), cluster().port());
    let port = port.to_string();
    let dumped = cluster().run(
        "pg_dump",
        &["-h", folder, "-p", &port, "-U", "office", &name],
    );
    std::fs::write(dump.path(), dumped.unwrap().stdout).unwrap();

    let places = [cluster().data(), cluster().log(), dump.path().to_owned()];
    let found = |needles: &[Vec<u8>]| -> Vec<String> {
        let found = places.iter().flat_map(|place| files_with(needles, place));
        found.collect()
    };
    // The table, its index, the log that is written ahead, and the dump.
    let clear = found(&[CLEAR.as_bytes().to_vec()]);
    assert!(clear.len() >= 4, "{clear:?}");
    // In a dump bytes stand in hexadecimal digits.
    let in_digits = |text: &&str| random::hex(text.as_bytes()).into_bytes();
    let mut needles: Vec<Vec<u8>> = SHOPPERS.iter().map(in_digits).collect();
    needles.extend(SHOPPERS.iter().flat_map(|text| guises(text)));
    assert_eq!(found(&needles), Vec::<String>::new());
}

//! A till does not wait for its history when it is updated: a journal of the version before becomes one
//! of this version by reading and writing a bounded part of it, however many orders it holds.
//!
//! Held against each other are the bytes that an opening reads and writes, as the system counts them, of
//! two journals of which one has a hundred times the history. That depends on no machine's speed; with
//! a million orders the time is measured, too (`cargo test --release --test library migration:: -- --ignored`).
#![cfg(target_os = "linux")]

use rusqlite::Connection;
use sequra_pos::{Client, Config};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The version before.
const VERSION: i32 = 2;
const APPLICATION_ID: i32 = 0x7371_504a;
/// Orders that are still going on, beside the history.
const UNFINISHED: u64 = 20;
/// Refusals, whose words are moved.
const REFUSED: u64 = 50;
/// Bytes that may differ: pages of indexes that are a level higher.
const ROOM: u64 = 64 << 10;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("Cargo's folder for tests is writable");
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A journal of the version before, with so many settled orders, closed as a till closes it.
fn older_journal(path: &Path, settled: u64) {
    let mut journal = Connection::open(path).expect("the folder is writable");
    journal
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF")
        .expect("it is a new file");
    for schema in [
        include_str!("../../src/journal/schema/1.sql"),
        include_str!("../../src/journal/schema/2.sql"),
    ] {
        journal.execute_batch(schema).expect("a schema");
    }
    journal
        .pragma_update(None, "application_id", APPLICATION_ID)
        .and_then(|()| journal.pragma_update(None, "user_version", VERSION))
        .expect("its marks");
    // A cart of some 3 kB.
    let items: Vec<_> = (0..20)
        .map(|line| {
            json!({"type": "product", "reference": format!("REF-{line}"), "name": "Camisa de algodón de manga larga",
                   "price_with_tax": 1999, "quantity": 1, "total_with_tax": 1999, "downloadable": false})
        })
        .collect();
    let cart =
        json!({"currency": "EUR", "gift": false, "order_total_with_tax": 39980, "items": items});
    let content = json!({"merchant": {"id": "shop_es"}, "cart": cart}).to_string();
    assert!(content.len() > 2800, "{}", content.len());
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.expect("it is after 1970").as_millis() as i64;
    let transaction = journal.transaction().expect("it is ours");
    {
        let mut order = transaction
            .prepare(
                "INSERT INTO orders (endpoint, merchant_id, uuid, state, order_ref_1, amount, currency, content, \
                 fingerprint, carts, created_at, updated_at, finished, holds_ref, version, shipped_at, paid) \
                 VALUES ('http://127.0.0.1:1/', 'shop_es', ?1, ?2, ?1, 39980, 'EUR', ?3, zeroblob(32), ?4, ?5, ?5, ?6, ?6, 4, \
                 ?5, 39980)",
            )
            .expect("the table is there");
        let mut step = transaction
            .prepare(
                "INSERT INTO steps (order_id, step, request, state_before, doubtful, intended_at, answered_at, status, \
                 http_status) VALUES (?1, 'confirm', '{}', 'form_sent', 0, ?1, ?1, 0, 200)",
            )
            .expect("the table is there");
        let mut entry = transaction
            .prepare(
                "INSERT INTO log (at, order_id, merchant_id, step, state, status, elapsed_ms, description, previous_hash, hash) \
                 VALUES (?1, ?2, 'shop_es', 'confirm', 'settled', ?3, 200, ?4, zeroblob(32), zeroblob(32))",
            )
            .expect("the table is there");
        for number in 0..settled + UNFINISHED {
            let is_settled = number < settled;
            let at = now + number as i64;
            let state = if is_settled { "settled" } else { "form_sent" };
            order
                .execute(rusqlite::params![
                    format!("order-{number:08}"),
                    state,
                    (!is_settled).then_some(&content),
                    content,
                    at,
                    is_settled
                ])
                .expect("an order");
            step.execute([number as i64 + 1]).expect("a step");
            let refused = number < REFUSED;
            entry
                .execute(rusqlite::params![
                    at,
                    number as i64 + 1,
                    if refused { 2409 } else { 0 },
                    refused.then_some("Invalid data: not today")
                ])
                .expect("an entry");
        }
    }
    transaction.commit().expect("it is written");
    journal
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .expect("it is in one file");
    drop(journal);
    let file = fs::File::open(path).expect("it is there");
    file.sync_all().expect("it is on the disk");
}

/// What this thread has read and written so far: the library has none of its own, and other tests have theirs.
fn moved() -> (u64, u64) {
    let io = fs::read_to_string("/proc/thread-self/io").expect("the system counts");
    let count = |name: &str| -> u64 {
        let line = io.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|count| count.trim().parse().ok())
            .expect("a number")
    };
    (count("rchar:"), count("wchar:"))
}

/// Opens a client, and says what that read, what it wrote and how long it took.
fn open(journal: &Path) -> (u64, u64, Duration) {
    let config = json!({
        "base_url": "http://127.0.0.1:1", "account_key": "k", "account_secret": "s", "merchant_id": "shop_es",
        "journal": journal,
    });
    let config = Config::from_value(config).expect("a configuration");
    let (read, written) = moved();
    let began = Instant::now();
    let client = Client::open(config).expect("a client");
    let took = began.elapsed();
    let now = moved();
    let pending = client.pending().expect("they can be read");
    let orders = pending.data.expect("a list")["orders"].clone();
    assert_eq!(orders.as_array().map(Vec::len), Some(UNFINISHED as usize));
    (now.0 - read, now.1 - written, took)
}

#[test]
fn what_a_migration_reads_and_writes_does_not_grow_with_history() {
    let folder = Folder::new("migration");
    let [few, many] = [300, 30_000].map(|settled| {
        let journal = folder.0.join(format!("{settled}.journal"));
        older_journal(&journal, settled);
        let size = fs::metadata(&journal).expect("it is there").len();
        let (read, written, took) = open(&journal);
        println!(
            "{settled} settled orders, {size} bytes: {read} read, {written} written, {took:?}"
        );
        (read, written, size)
    });
    assert!(many.2 > 50 * few.2, "{few:?} {many:?}");
    assert!(few.1 > 4096, "it was migrated");
    assert!(many.0 < few.0 + ROOM, "{few:?} {many:?}");
    assert!(many.1 < few.1 + ROOM, "{few:?} {many:?}");
}

#[test]
#[ignore = "4 GB, some minutes"]
fn a_million_orders_are_migrated_in_two_seconds() {
    let folder = Folder::new("migration-of-a-million");
    let journal = folder.0.join("journal");
    older_journal(&journal, 1_000_000);
    let (read, written, took) = open(&journal);
    println!("{read} read, {written} written, {took:?}");
    assert!(took < Duration::from_secs(2), "{took:?}");
}

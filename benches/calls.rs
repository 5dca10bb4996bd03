//! What a call costs beside the network: against a simulated seQura on this machine, with an empty
//! journal and with one that holds a million settled orders.
//!
//! `make bench`, or `cargo bench --bench calls -- 100000` for another history.

use rusqlite::Connection;
use sequra_pos::{Client, Config, Order};
use sequra_sandbox::{Options, Sandbox};
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};

const ROUNDS: usize = 200;

fn main() {
    let history = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .next()
        .unwrap_or(1_000_000);
    let folder = std::env::temp_dir().join(format!("sequra-pos-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    println!("median (and slowest of {ROUNDS}), in µs");
    for settled in [0, history] {
        measure(&folder.join(format!("{settled}.journal")), settled);
    }
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
}

fn measure(journal: &Path, settled: u64) {
    let sandbox = Sandbox::start(Options::default()).expect("a simulator");
    let open = || {
        let config = json!({
            "base_url": sandbox.http_url(), "account_key": "sandbox_key", "account_secret": "sandbox_secret",
            "merchant_id": "shop_es", "journal": journal,
        });
        Client::open(Config::from_value(config).expect("a configuration")).expect("a client")
    };
    drop(open());
    fill(journal, &format!("{}/", sandbox.http_url()), settled);
    println!("\njournal with {settled} settled orders");

    let mut opening = Vec::new();
    for _ in 0..ROUNDS {
        let began = Instant::now();
        drop(open());
        opening.push(began.elapsed());
    }
    report("open", opening);

    let client = open();
    let order =
        || Order::from_json(include_str!("../sandbox/examples/order.json")).expect("an order");
    let (mut start, mut confirm, mut again, mut reference, mut pending) =
        (vec![], vec![], vec![], vec![], vec![]);
    for round in 0..ROUNDS {
        let url = time(&mut start, || client.start_solicitation(order()))
            .order
            .and_then(|o| o.url)
            .expect("a URL");
        sandbox
            .approve(url.rsplit('/').next().unwrap_or_default())
            .expect("approved");
        time(&mut confirm, || client.confirm(&url, None));
        time(&mut again, || client.confirm(&url, None));
        time(&mut pending, || client.pending());
        time(&mut reference, || {
            client.set_order_ref(&url, &format!("B-{round}"), None)
        });
    }
    report("start_solicitation", start);
    report("confirm", confirm);
    report("confirm, again (from the journal)", again);
    report("pending (one order)", pending);
    report("set_order_ref", reference);
}

fn time<T>(times: &mut Vec<Duration>, call: impl FnOnce() -> Result<T, sequra_pos::Error>) -> T {
    let began = Instant::now();
    let result = call();
    times.push(began.elapsed());
    result.expect("the call succeeds")
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    println!(
        "  {what:<36} {:>7} ({})",
        times[times.len() / 2].as_micros(),
        times[times.len() - 1].as_micros()
    );
}

/// A shop's past, written directly: as the library leaves it, without the requests.
fn fill(journal: &Path, endpoint: &str, settled: u64) {
    let mut connection = Connection::open(journal).expect("the journal");
    let transaction = connection.transaction().expect("a transaction");
    let carts =
        json!({"cart": {"currency": "EUR", "order_total_with_tax": 5097, "items": []}}).to_string();
    for number in 0..settled {
        transaction
            .prepare_cached(
                "INSERT INTO orders (endpoint, merchant_id, uuid, state, order_ref_1, amount, currency, fingerprint, carts, \
                 created_at, updated_at, finished, holds_ref, version) \
                 VALUES (?1, 'shop_es', ?2, 'settled', ?3, 5097, 'EUR', zeroblob(32), ?4, ?5, ?5, 1, 1, 4)",
            )
            .and_then(|mut insert| insert.execute((endpoint, format!("u{number}"), format!("R-{number}"), &carts, number as i64)))
            .expect("an order");
        transaction
            .prepare_cached(
                "INSERT INTO steps (order_id, step, request, state_before, doubtful, intended_at, answered_at, status, http_status) \
                 VALUES (?1, 'confirm', '{}', 'form_sent', 0, ?1, ?1, 0, 200)",
            )
            .and_then(|mut insert| insert.execute([transaction.last_insert_rowid()]))
            .expect("a step");
    }
    transaction.commit().expect("committed");
}

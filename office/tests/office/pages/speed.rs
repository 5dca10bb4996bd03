//! No page costs more because there is more history.

use super::*;
use crate::support::Chain;
use sequra_office::looking::{Bounds, now, risk};
use std::time::{Duration, Instant};

/// What a page may read of tables that grow with what is sold; rows, of all that its statements touch.
const MOST_ROWS: i64 = 3000;

#[test]
fn no_page_reads_the_history() {
    let office = Office::start();
    let mut person = office.person("administer");
    Chain {
        tills: 200,
        orders: 100,
        entries: 300,
        silent_every: 50,
    }
    .make(&office);
    office.change(
        "INSERT INTO audit SELECT decode(md5(n::text), 'hex'), n, 'ana', 'login', NULL, '' FROM generate_series(1, 20000) n; \
         INSERT INTO set_aside SELECT journal_id, incarnation, 'entry', n, n, '', '' FROM streams, generate_series(1, 2) n",
    );
    office.change("ANALYZE");
    let id = "c4ca4238a0b923820dcc509a6f75849b";
    let life = office.rows(
        &format!("SELECT incarnation FROM streams WHERE journal_id = '{id}'"),
        &[],
    )[0]
    .get::<_, String>(0);
    let pages = [
        "/".to_owned(),
        "/metrics".into(),
        "/tills?q=T-5-7".into(),
        format!("/tills?q={id}"),
        "/tills?only=red".into(),
        "/tills?only=at_risk".into(),
        "/tills?only=lagging".into(),
        "/tills?only=forked".into(),
        "/tills?only=broken".into(),
        "/tills?only=set_aside".into(),
        "/tills?only=outdated".into(),
        format!("/tills/{id}"),
        format!("/tills/{id}/{life}/orders/3"),
        "/audit".into(),
    ];
    for page in &pages {
        let before = read(&office);
        assert_eq!(person.get(page).status, 200, "{page}");
        let rows = read_after(&office, before);
        assert!(rows <= MOST_ROWS, "{page} reads {rows} rows");
    }
}

/// Rows of these tables that were read so far, by index or not.
fn read(office: &Office) -> i64 {
    office.number(
        "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_user_tables \
         WHERE relname IN ('orders', 'entries', 'audit', 'set_aside')",
    )
}

/// The same, when the database has counted the last page: it does so once in a second at the most.
fn read_after(office: &Office, before: i64) -> i64 {
    std::thread::sleep(Duration::from_millis(1100));
    // Whoever has something to report does so at the end of its next statement.
    for _ in 0..4 {
        office.number("SELECT 1::bigint");
    }
    std::thread::sleep(Duration::from_millis(100));
    read(office) - before
}

/// `SEQURA_OFFICE_ENTRIES=400 cargo test … speed::the_first_page -- --ignored --nocapture`: with 10,000 tills of so many
/// entries each, against nothing.
#[test]
#[ignore]
fn the_first_page_with_a_chain_against_an_empty_one() {
    let entries = std::env::var("SEQURA_OFFICE_ENTRIES").ok();
    let entries = entries.and_then(|text| text.parse().ok()).unwrap_or(400);
    let office = Office::start();
    let mut person = office.person("look");
    let paths = [
        "/",
        "/tills",
        "/tills?only=red",
        "/tills?q=0123",
        "/metrics",
    ];
    let empty = paths.map(|path| median(|| assert_eq!(person.get(path).status, 200)));
    let empty_reads = median(|| read_first_page(&office));
    let chain = Chain {
        tills: 10_000,
        orders: 50,
        entries,
        silent_every: 100,
    };
    let begun = Instant::now();
    chain.make(&office);
    println!("made in {:?}", begun.elapsed());
    let told = |what: &str, empty: Duration, full: Duration| {
        let ratio = full.as_secs_f64() / empty.as_secs_f64();
        println!("{what}: {empty:?} empty, {full:?} with the chain: {ratio:.2}");
    };
    for (path, empty) in paths.iter().zip(empty) {
        let full = median(|| assert_eq!(person.get(path).status, 200));
        told(path, empty, full);
    }
    let full_reads = median(|| read_first_page(&office));
    told("what the first page reads", empty_reads, full_reads);
    let bytes = office.number("SELECT pg_database_size(current_database())");
    println!("{entries} entries of each till, {bytes} bytes");
}

fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..100)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
        .collect();
    times.sort();
    times[50]
}

/// What the first page asks the database, without the page.
fn read_first_page(office: &Office) {
    let now = sequra_office::clock::now();
    let bounds = Bounds {
        now,
        silent: now - 3_600_000,
        lagging: now - 900_000,
    };
    let read = async {
        let read = office.state.pages.read().await.expect("a transaction");
        tokio::try_join!(
            risk::by_age(&read, now),
            now::counts(&read, &bounds),
            now::owing(&read, &bounds, 21),
            risk::days(&read, now, 14),
        )
        .expect("rows");
    };
    office.runtime.block_on(read);
}

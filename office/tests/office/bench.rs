//! What taking in costs, next to bare pgbench of the same statements: `make bench-office`.

use crate::support::{Office, Till, order};
use sequra_frames::frame::Frame;
use sequra_office::trial::{Cluster, Kind};
use std::fmt::Write;
use std::fs;
use std::time::{Duration, Instant};

const TILLS: usize = 16;
/// One after the other, of one sale.
const STEPS: [(&str, Option<&str>, &str); 4] = [
    ("solicited", None, "start_solicitation"),
    ("form_sent", None, "send_form"),
    ("confirmed", None, "confirm"),
    ("settled", None, "set_order_ref"),
];

/// Frames of so many sales, made before anything is measured.
fn frames(till: &mut Till, sales: i64) -> Vec<Frame> {
    let mut made = Vec::new();
    for sale in 1..=sales {
        for (state, open, step) in STEPS {
            let orders = vec![till.sealed(sale, order(sale, state, open))];
            let entries = till.log(&[step]);
            let frame = till.frame(orders, entries);
            till.position = Some(frame.to);
            made.push(frame);
        }
    }
    made
}

/// Frames a second, and how long each took.
fn send(tills: &[(Till, Vec<Frame>)]) -> (f64, Vec<Duration>) {
    let begun = Instant::now();
    let mut all = Vec::new();
    std::thread::scope(|scope| {
        let each = tills.iter().map(|(till, frames)| {
            scope.spawn(move || {
                let one = |frame: &Frame| {
                    let begun = Instant::now();
                    till.post("frames", frame).expect("taken in");
                    begun.elapsed()
                };
                frames.iter().map(one).collect::<Vec<_>>()
            })
        });
        for one in each.collect::<Vec<_>>() {
            all.extend(one.join().expect("sent"));
        }
    });
    all.sort();
    (all.len() as f64 / begun.elapsed().as_secs_f64(), all)
}

fn tills(office: &[&Office], sales: i64) -> Vec<(Till, Vec<Frame>)> {
    let one = |n: usize| {
        let mut till = Till::enrol(office[n % office.len()], &format!("till {n}"));
        let frames = frames(&mut till, sales);
        (till, frames)
    };
    (0..TILLS).map(one).collect()
}

/// The statements of one frame, as the server has logged them, for pgbench: another journal for each of its clients, and
/// each time the next position, order and entry.
fn script(log: &str, frame: &Frame) -> String {
    let journal = &frame.stream.journal_id;
    let (from, to) = (frame.from.expect("not the first"), frame.to);
    let mut script = String::from("\\set from :seq\n\\set seq :seq + 1\n");
    let lines: Vec<&str> = log.lines().collect();
    let begin = lines
        .iter()
        .rposition(|line| line.contains("statement: BEGIN; SET LOCAL synchronous_commit = on"));
    for (at, line) in lines.iter().enumerate().skip(begin.expect("a transaction")) {
        if let Some((_, statement)) = line.split_once("statement: ") {
            let _ = writeln!(script, "{};", statement.trim_end_matches(';'));
        } else if let Some((_, statement)) = line.split_once("execute <unnamed>: ") {
            let given = lines
                .get(at + 1)
                .and_then(|line| line.split_once("parameters: "));
            let statement = filled(statement, given.map_or("", |(_, given)| given));
            let _ = writeln!(script, "{statement};");
        }
    }
    // Whoever counts is the client: its number is its journal, its own count the position.
    let entry = frame.entries[0].id;
    script
        .replace(journal, "bench :client_id")
        .replace(&format!("'{}'", from.nonce), "':from'")
        .replace(&format!("'{}'", from.seq), "':from'")
        .replace(&format!("'{}'", to.nonce), "':seq'")
        .replace(&format!("'{}'", to.seq), "':seq'")
        .replace(&format!("'{{{entry}}}'"), "'{:seq}'")
        .replace(&format!("'{entry}'"), "':seq'")
}

/// A statement with its parameters in their places.
fn filled(statement: &str, given: &str) -> String {
    let mut filled = statement.to_owned();
    let mut parts: Vec<(usize, String)> = Vec::new();
    let mut rest = given;
    while let Some(at) = rest.find('$') {
        let (number, value) = rest[at + 1..].split_once(" = ").expect("a value");
        let end = match value.strip_prefix('\'') {
            None => value.find(", $").unwrap_or(value.len()),
            Some(quoted) => {
                let quoted = quoted.replace("''", "\u{1}\u{1}");
                quoted.find('\'').expect("an end") + 2
            }
        };
        let mut literal = value[..end].to_owned();
        // By itself a literal is of whatever type stands beside it.
        if end > 11 && value[1..end - 1].parse::<i64>().is_ok() {
            literal += "::bigint";
        }
        parts.push((number.parse().expect("a number"), literal));
        rest = &value[end..];
    }
    for (number, value) in parts.into_iter().rev() {
        filled = filled.replace(&format!("${number}"), &value);
    }
    filled
}

fn pgbench(cluster: &Cluster, seconds: u64, frame: &Frame) -> f64 {
    let log = fs::read_to_string(cluster.log()).expect("a log");
    let file = cluster.folder().join("script");
    fs::write(&file, script(&log, frame)).expect("a script");
    let incarnation = &frame.stream.incarnation;
    let prepare = format!(
        "INSERT INTO tills (journal_id, shop, till, machine, token_hash, enrolled_at) \
             SELECT 'bench ' || n, 'shop', 'till', 'machine', '', 0 FROM generate_series(0, {TILLS}) AS n; \
         INSERT INTO streams (journal_id, incarnation, why, begun_at, entries, seq, nonce) \
             SELECT 'bench ' || n, '{incarnation}', 'enrolled', 0, 0, 0, 0 FROM generate_series(0, {TILLS}) AS n"
    );
    cluster.sql("office", &prepare).expect("journals");
    cluster
        .sql("postgres", "ALTER SYSTEM RESET log_min_duration_statement")
        .expect("quiet");
    cluster
        .sql("postgres", "SELECT pg_reload_conf()")
        .expect("quiet");
    let (clients, seconds, port) = (
        TILLS.to_string(),
        seconds.to_string(),
        cluster.port().to_string(),
    );
    let how = [
        "-n",
        "-M",
        "simple",
        "-c",
        &clients,
        "-j",
        "2",
        "-T",
        &seconds,
        "-D",
        "seq=0",
        "-f",
        file.to_str().expect("UTF-8"),
        "-h",
        cluster.folder().to_str().expect("UTF-8"),
        "-p",
        &port,
        "-U",
        "office",
        "office",
    ];
    let said = cluster.run("pgbench", &how).expect("pgbench");
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let moved = cluster
        .sql(
            "office",
            "SELECT sum(seq) FROM streams WHERE journal_id LIKE 'bench %'",
        )
        .expect("moved");
    assert!(
        moved.parse::<i64>().expect("a number") > 0,
        "pgbench has moved nothing: {said}"
    );
    let line = said
        .lines()
        .find(|line| line.starts_with("tps = "))
        .expect("tps");
    line["tps = ".len()..]
        .split(' ')
        .next()
        .and_then(|tps| tps.parse().ok())
        .expect("a number")
}

#[test]
#[ignore = "make bench-office"]
fn table() {
    let sales = std::env::var("SEQURA_OFFICE_BENCH_SALES")
        .map_or(60, |sales| sales.parse().expect("a number"));
    let cluster = Cluster::start(Kind::OnAPort).unwrap();
    let address = cluster.address("office");
    let start = || Office::with(&address, |settings| settings.connections = 16);
    let office = start();
    // One frame is looked at closely: its statements are pgbench's.
    for change in [
        "ALTER SYSTEM SET log_min_duration_statement = 0",
        "SELECT pg_reload_conf()",
    ] {
        cluster.sql("postgres", change).unwrap();
    }
    std::thread::sleep(Duration::from_millis(500));
    let mut model = Till::enrol(&office, "model");
    let two = frames(&mut model, 1);
    for frame in &two[..3] {
        model.post("frames", frame).unwrap();
    }
    let bare = pgbench(&cluster, 10, &two[2]);

    let size = |table: &str| -> f64 {
        cluster.sql("office", &format!("VACUUM {table}")).unwrap();
        let size = format!("SELECT pg_total_relation_size('{table}')");
        cluster.sql("office", &size).unwrap().parse().unwrap()
    };
    cluster.sql("office", "TRUNCATE orders, entries").unwrap();
    let (rate, times) = send(&tills(&[&office], sales));
    let sold = TILLS as f64 * sales as f64;
    let bytes = (size("orders") + size("entries")) / sold;
    let second = start();
    let (both, _) = send(&tills(&[&office, &second], sales));
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0;
    println!("{TILLS} tills, frames of one order and one entry, on this machine's cores");
    println!("bare pgbench of the same statements   {bare:>8.0} a second");
    println!(
        "frames taken in, over HTTP            {rate:>8.0} a second  {:.2} of pgbench",
        rate / bare
    );
    println!(
        "two offices on the same PostgreSQL    {both:>8.0} a second  {:.2} of one",
        both / rate
    );
    println!(
        "a frame takes                         {:>8.1} ms, {:.1} ms at most in 99 of 100",
        at(0.5),
        at(0.99)
    );
    println!(
        "in the database, a sale               {bytes:>8.0} bytes (4 frames, 4 entries of the log)"
    );
}

//! What the library costs: beside the network, on the disk, and against what a till's author would write without it.
//!
//! Time depends on the machine and on what else it does, so it is only shown, by `make bench`, and always next to
//! something else that was measured in turns with it. Instructions and writes hardly do: here they are held to bounds.
//! `benches/` has the contestants.
#![cfg(target_os = "linux")]

mod contest;
mod history;
mod orders;
mod peer;
#[path = "../power/record.rs"]
#[allow(dead_code)]
mod record;
#[path = "../support/mod.rs"]
mod support;
mod table;

use contest::{Contestant, Written, counted};
use history::History;
use peer::Peer;
use std::path::Path;
use std::{env, fs};
use support::c;
use table::{Bench, KEPT, SALE, written, written_enrolled};

/// How many times the instructions of the bare confirmation in C (`benches/bare.c`) a call may take, for an order of
/// 5 kB and with the journal in memory: a few per cent more than it takes. Whoever makes a call cheaper lowers its
/// number; whoever raises one says what for.
const MOST_INSTRUCTIONS: [(&str, f64); 10] = [
    ("start", 1.8),
    ("form", 1.04),
    ("confirm", 1.5),
    ("confirm_kept", 0.65),
    ("again", 1.1),
    ("pending", 0.14),
    ("info", 1.95),
    ("reference", 1.07),
    ("ship", 3.45),
    // Against SQLite's opening of the same journal and one question. One that was closed is put into its mode with a log
    // first, which its header says from then on.
    ("open", 2.35),
];

/// So many settled orders must not make any of these dearer: their instructions with them, as a multiple of those with
/// none. What is over 1 is how full a page of the journal happens to be: 6 % were seen once, of 20 times.
const HISTORY: u64 = 20_000;
const MOST_WITH_HISTORY: f64 = 1.1;
/// Reconciling looks at every payout there ever was: thousands of instructions for each of those orders.
const MOST_TO_RECONCILE: f64 = 8.1;
/// Instructions for an order of 400 lines, as a multiple of those for one of 40.
const MOST_WITH_LINES: [(&str, f64); 2] = [("confirm", 7.1), ("ship", 9.6)];

/// KiB that the steps of a sale may write into the write-ahead log, one with the other, for an order of 5 kB: into a
/// new journal, and into one that an older version has made.
const MOST_WRITTEN: [(&str, Option<&str>, f64); 2] = [
    ("new", None, 25.0),
    ("migrated", Some("tests/journals/v2.journal"), 46.0),
];
/// How much more one that is enrolled with an office writes, as a multiple of a new one's. It waits no more often.
const MOST_WRITTEN_ENROLLED: f64 = 1.22;
/// How often each of them may wait for the disk: before it sends, and after it was answered; where personal data is
/// scrubbed the answer waits with the log's copying into the journal, which waits twice. The first step after that
/// begins the log anew, which is synced too.
const MOST_SYNCS: [(&str, u64); 4] = [("start", 3), ("form", 2), ("confirm", 2), ("reference", 3)];

/// The release library is named by the Makefile; without it there is nothing to measure.
fn is_there() -> bool {
    let there = env::var_os("SEQURA_POS_RELEASE_LIBRARY").is_some();
    if !there {
        eprintln!(
            "SEQURA_POS_RELEASE_LIBRARY names no release library: what it costs is not checked."
        );
    }
    there
}

/// Each of these is within its bound.
fn hold(all: &[(String, f64, f64)]) {
    let shown = |(what, is, most): &(String, f64, f64)| format!("{what}: {is:.2}, at most {most}");
    let over: Vec<String> = all
        .iter()
        .filter(|(_, is, most)| is > most)
        .map(shown)
        .collect();
    println!("{}", all.iter().map(shown).collect::<Vec<_>>().join("\n"));
    assert!(over.is_empty(), "too dear:\n{}", over.join("\n"));
}

#[test]
fn no_call_has_become_dearer() {
    if !is_there() {
        return;
    }
    let folder = c::scratch("instructions");
    let peer = Peer::start(&folder.join("peer"));
    let order = orders::of_bytes(&folder, 5 * 1024);
    let memory = peer.till(Path::new(":memory:"));
    let measured = counted(
        &peer,
        3,
        5,
        &[
            Contestant::library(SALE, &memory, &order),
            Contestant::library(KEPT, &memory, &order),
            Contestant::bare("put", None, &order),
            Contestant::library("open", &peer.till(&folder.join("journal")), &order),
            Contestant::bare("open", Some(&folder.join("journal")), &order),
        ],
    );
    let ratio = |call| match call {
        "open" => measured.compared((3, call), (4, call)).ratio,
        "confirm_kept" => measured.compared((1, call), (2, "put")).ratio,
        _ => measured.compared((0, call), (2, "put")).ratio,
    };
    hold(&MOST_INSTRUCTIONS.map(|(call, most)| (call.to_owned(), ratio(call), most)));
}

#[test]
fn no_call_grows_with_history() {
    if !is_there() {
        return;
    }
    let folder = c::scratch("history");
    let History {
        peer,
        without,
        with,
    } = History::of(&folder.join("journals"), HISTORY);
    let order = orders::of_bytes(&folder, 5 * 1024);
    let tills = [with, without].map(|journal| peer.till(&journal));
    let measured = [SALE, "log", "reconcile", "open"].map(|calls| {
        let all = tills
            .each_ref()
            .map(|till| Contestant::library(calls, till, &order));
        (calls, counted(&peer, 1, 3, &all))
    });
    let compared = |call: &str| {
        let of_call = measured
            .iter()
            .find(|(calls, _)| calls.split(',').any(|one| one == call));
        of_call
            .expect("it was measured")
            .1
            .compared((0, call), (1, call))
    };
    let calls = SALE.split(',').chain(["log", "open"]);
    let mut all: Vec<(String, f64, f64)> = calls
        .map(|call| (call.to_owned(), compared(call).ratio, MOST_WITH_HISTORY))
        .collect();
    let reconcile = compared("reconcile");
    let each = (reconcile.it - reconcile.other) / 1000.0 / HISTORY as f64;
    all.push(("reconcile".to_owned(), each, MOST_TO_RECONCILE));
    hold(&all);
    fs::remove_dir_all(folder).expect("it is ours");
}

#[test]
fn no_call_grows_faster_than_its_order() {
    if !is_there() {
        return;
    }
    let folder = c::scratch("lines");
    let peer = Peer::start(&folder.join("peer"));
    let memory = peer.till(Path::new(":memory:"));
    let calls = "start,form,confirm,reference,ship";
    let all = [400, 40]
        .map(|lines| Contestant::library(calls, &memory, &orders::of_lines(&folder, lines)));
    let measured = counted(&peer, 1, 1, &all);
    hold(&MOST_WITH_LINES.map(|(call, most)| {
        (
            call.to_owned(),
            measured.compared((0, call), (1, call)).ratio,
            most,
        )
    }));
}

#[test]
fn no_step_writes_or_waits_more() {
    if !is_there() {
        return;
    }
    let folder = c::scratch("writes");
    let peer = Peer::start(&folder.join("peer"));
    let mut all = Vec::new();
    let kib = |written: &Written| written.mean_of_all(|writes| writes.log) / 1024.0;
    let syncs = |all: &mut Vec<_>, name: &str, written: &Written| {
        for (call, most) in MOST_SYNCS {
            let syncs = written.mean(call, |writes| writes.log_syncs + writes.file_syncs);
            all.push((
                format!("syncs of {call}, {name} journal"),
                syncs,
                most as f64,
            ));
        }
    };
    let mut of_a_new_one = None;
    for (name, older, most) in MOST_WRITTEN {
        let written = written(&peer, &folder, name, older);
        all.push((format!("KiB a step, {name} journal"), kib(&written), most));
        syncs(&mut all, name, &written);
        of_a_new_one.get_or_insert(kib(&written));
    }
    let enrolled = written_enrolled(&peer, &folder);
    let times = kib(&enrolled) / of_a_new_one.expect("the first is new");
    all.push((
        "KiB a step, enrolled against new".to_owned(),
        times,
        MOST_WRITTEN_ENROLLED,
    ));
    syncs(&mut all, "enrolled", &enrolled);
    hold(&all);
}

/// `make bench`.
#[test]
#[ignore = "it takes minutes, and shows what a person has to judge"]
fn table() {
    let settled = env::var("SEQURA_BENCH_HISTORY");
    let settled = settled.map_or(1_000_000, |settled| settled.parse().expect("a number"));
    let bench = Bench::new();
    bench.sale(1, 300, false);
    bench.sale(5, 300, true);
    bench.sale(50, 100, false);
    bench.opening();
    bench.history(settled);
    bench.shipping();
    bench.writing();
    table::sizes();
}

//! What a campaign has done so far, on stderr: a bar on a terminal, a line now and then elsewhere.

use crate::ledger::CHANGES;
use crate::oracle::Ledgers;
use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const BAR: usize = 40;
const ON_A_TERMINAL: Duration = Duration::from_millis(200);
const ELSEWHERE: Duration = Duration::from_secs(15);

/// What is counted.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    pub rounds: u64,
    pub processes: u64,
    /// What the world did around the tills while they were at work.
    pub deeds: u64,
    /// Kills that were no point's.
    pub from_outside: u64,
    pub sales: u64,
    pub operations: u64,
    /// Those of them that change sold orders.
    pub changes: u64,
    /// Operations of which the till was not told how they ended, for its death or a lost answer.
    pub left_open: u64,
    pub recoveries: u64,
    pub requests: u64,
    pub orders: u64,
    pub confirmed: u64,
    /// Changes that seQura accepted and that changed something.
    pub updates: u64,
}

impl Sums {
    pub fn add(&mut self, other: &Sums) {
        self.rounds += other.rounds;
        self.processes += other.processes;
        self.deeds += other.deeds;
        self.from_outside += other.from_outside;
        self.sales += other.sales;
        self.operations += other.operations;
        self.changes += other.changes;
        self.left_open += other.left_open;
        self.recoveries += other.recoveries;
        self.requests += other.requests;
        self.orders += other.orders;
        self.confirmed += other.confirmed;
        self.updates += other.updates;
    }

    /// Adds what the ledgers of a finished round say.
    pub fn count(&mut self, ledgers: &Ledgers, requests: u64) {
        let mut sales: Vec<&str> = Vec::new();
        for call in &ledgers.calls {
            match call.verb.as_str() {
                "start" | "form" | "hold" | "confirm" | "ref" | "ship" | "refund" | "cancel"
                | "update" => {
                    self.operations += 1;
                    self.changes += u64::from(CHANGES.contains(&call.verb.as_str()));
                    let told = call.told.as_ref();
                    self.left_open +=
                        u64::from(told.is_none_or(|(_, told)| told.is_left_to_recovery()));
                }
                "recover" => self.recoveries += 1,
                _ => {}
            }
            if call.name != "-" {
                sales.push(&call.name);
            }
        }
        sales.sort_unstable();
        sales.dedup();
        self.sales += sales.len() as u64;
        self.requests += requests;
        self.orders += ledgers.orders.len() as u64;
        let confirmed = ledgers
            .orders
            .iter()
            .filter(|order| crate::oracle::is_confirmed(order));
        self.confirmed += confirmed.count() as u64;
        let sold = ledgers
            .orders
            .iter()
            .filter_map(|order| order.sale.as_ref());
        self.updates += sold.map(|sale| sale.updates.len() as u64).sum::<u64>();
    }
}

pub struct Progress {
    wanted: u64,
    seed: u64,
    started: Instant,
    kills: AtomicU64,
    violations: AtomicU64,
    sums: Mutex<Sums>,
    shown: Mutex<Instant>,
}

/// Past the test harness, which keeps what tests print to itself.
fn say(text: &str) {
    let mut stderr = std::io::stderr();
    // Nobody may be listening.
    let _ = stderr.write_all(text.as_bytes());
    let _ = stderr.flush();
}

impl Progress {
    pub fn new(wanted: u64, seed: u64) -> Progress {
        say(&format!("campaign: {wanted} kills, seed {seed}\n"));
        Progress {
            wanted,
            seed,
            started: Instant::now(),
            kills: AtomicU64::new(0),
            violations: AtomicU64::new(0),
            sums: Mutex::default(),
            shown: Mutex::new(Instant::now()),
        }
    }

    pub fn is_going_on(&self) -> bool {
        self.violations.load(Ordering::SeqCst) == 0
    }

    pub fn violated(&self) {
        self.violations.fetch_add(1, Ordering::SeqCst);
    }

    pub fn add(&self, sums: &Sums) {
        self.sums.lock().unwrap().add(sums);
    }

    pub fn killed(&self) {
        let kills = self.kills.fetch_add(1, Ordering::SeqCst) + 1;
        let terminal = std::io::stderr().is_terminal();
        let mut shown = self.shown.lock().unwrap();
        if shown.elapsed() < if terminal { ON_A_TERMINAL } else { ELSEWHERE } {
            return;
        }
        *shown = Instant::now();
        let full = (kills as usize * BAR / self.wanted.max(1) as usize).min(BAR);
        let text = format!(
            "{kills} of {} kills, {:.0} a second, {} violations",
            self.wanted,
            kills as f64 / self.started.elapsed().as_secs_f64(),
            self.violations.load(Ordering::SeqCst),
        );
        match terminal {
            true => say(&format!("\r[{:BAR$}] {text} ", "#".repeat(full))),
            false => say(&format!("campaign: {text}\n")),
        }
    }

    pub fn summarise(&self) {
        let kills = self.kills.load(Ordering::SeqCst);
        let seconds = self.started.elapsed().as_secs_f64();
        let sums = self.sums.lock().unwrap().clone();
        let end = if std::io::stderr().is_terminal() {
            "\r\x1b[K"
        } else {
            ""
        };
        say(&format!(
            "{end}campaign: {kills} kills ({} at points, {} at any moment) of {} till processes in {seconds:.0} s ({:.0} a second)\n\
             campaign: {} sales in {} rounds, {} operations, {} of them left to recovery, {} recoveries\n\
             campaign: {} of the operations change sold orders; seQura changed them {} times\n\
             campaign: seQura got {} requests for {} orders, {} confirmed and settled\n\
             campaign: clocks were set, and files moved, {} times while tills were at work\n\
             campaign: {} violations, seed {}\n",
            kills - sums.from_outside,
            sums.from_outside,
            sums.processes,
            kills as f64 / seconds,
            sums.sales,
            sums.rounds,
            sums.operations,
            sums.left_open,
            sums.recoveries,
            sums.changes,
            sums.updates,
            sums.requests,
            sums.orders,
            sums.confirmed,
            sums.deeds,
            self.violations.load(Ordering::SeqCst),
            self.seed,
        ));
    }
}

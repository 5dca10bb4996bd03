//! What `make bench` prints: medians, and ratios of what was measured side by side.

use crate::contest::{
    Compared, Contestant, Measured, Writes, Written, counted, recorded, release_library, timed,
};
use crate::history::History;
use crate::orders;
use crate::peer::Peer;
use crate::support::c;
use sequra_pos::inside::config::JournalPlace;
use sequra_pos::inside::journal::Journal;
use sequra_pos::outbox::Outbox;
use std::fs;
use std::path::{Path, PathBuf};

/// A whole sale and what is asked in between, call by call.
pub const SALE: &str = "start,form,confirm,again,pending,info,reference,ship";

/// One whose confirmation is not given the order again.
pub const KEPT: &str = "start,form,confirm_kept,reference";

/// A bench to work at: a folder on the disk, and seQura's part.
pub struct Bench {
    folder: PathBuf,
    peer: Peer,
}

impl Bench {
    pub fn new() -> Bench {
        let folder = c::scratch("bench");
        let peer = Peer::start(&folder.join("peer"));
        Bench { folder, peer }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Confirming an order of so many kB, against those who do nothing else; then the other calls of its sale.
    pub fn sale(&self, kilobytes: usize, rounds: usize, other_calls: bool) {
        let plain = orders::of_bytes(&self.folder, kilobytes * 1024);
        let with_reference = orders::with_reference(&self.folder, kilobytes * 1024);
        let file = |name: &str| self.file(&format!("{kilobytes}-{name}"));
        let till = |name: &str| self.peer.till(&file(name));
        let memory = self.peer.till(Path::new(":memory:"));
        let all = [
            Contestant::library(SALE, &memory, &plain),
            Contestant::library(KEPT, &memory, &plain),
            Contestant::bare("put", None, &plain),
            Contestant::floor(&plain),
            Contestant::library(SALE, &till("durable"), &plain),
            Contestant::library(KEPT, &till("kept"), &plain),
            Contestant::library("start,form,confirm", &till("settling"), &with_reference),
            Contestant::bare("put", Some(&file("book")), &plain),
            Contestant::bare("settle", Some(&file("emptied")), &with_reference),
        ];
        let time = timed(&self.peer, 20, rounds, &all);
        let instructions = counted(&self.peer, 3, 7, &all);
        let against = |what: &str, it: (usize, &str), other: (usize, &str)| {
            let compared = |measured: &Measured| measured.compared(it, other);
            line(what, compared(&time), Some(compared(&instructions)));
        };
        let line = |what: &str, it: (usize, &str), other: usize| against(what, it, (other, "put"));
        heading(
            &format!("sq_confirm of {kilobytes} kB against"),
            "it",
            "other",
            true,
        );
        line("in memory: libcurl and cJSON", (0, "confirm"), 2);
        line(
            "  not given the order again: the same",
            (1, "confirm_kept"),
            2,
        );
        line("  ureq and serde_json", (0, "confirm"), 3);
        line("durable: libcurl, cJSON, two commits", (4, "confirm"), 7);
        line(
            "  not given the order again: the same",
            (5, "confirm_kept"),
            7,
        );
        line("  with its reference: the same", (6, "confirm"), 7);
        let emptied = "    the same, which leaves nothing of the order";
        against(emptied, (6, "confirm"), (8, "settle"));
        for (journal, it, other) in [("in memory", 0, 2), ("durable", 4, 7)] {
            let calls = SALE
                .split(',')
                .filter(|&call| other_calls && call != "confirm");
            calls.for_each(|call| {
                line(
                    &format!("sq_{call}, {journal}: the same"),
                    (it, call),
                    other,
                )
            });
        }
    }

    /// Opening, against SQLite's opening and one question: of the same journal, whose tables it has to read too, and of
    /// a file of two tables.
    pub fn opening(&self) {
        heading("sq_client_open against", "it", "other", true);
        let order = orders::of_bytes(&self.folder, 5 * 1024);
        let till = self.peer.till(&self.file("5-durable"));
        let all = [
            Contestant::library("open", &till, &order),
            Contestant::bare("open", Some(&self.file("5-durable")), &order),
            Contestant::bare("open", Some(&self.file("5-book")), &order),
        ];
        let time = timed(&self.peer, 5, 200, &all);
        let instructions = counted(&self.peer, 3, 7, &all);
        for (what, other) in [("the same journal", 1), ("two tables", 2)] {
            let compared = |of: &Measured| of.compared((0, "open"), (other, "open"));
            let title = format!("sqlite3_open and one SELECT, {what}");
            line(&title, compared(&time), Some(compared(&instructions)));
        }
    }

    /// Everything with a long history, against the same without.
    pub fn history(&self, settled: u64) {
        let History {
            peer,
            without,
            with,
        } = History::of(&c::root("target/bench"), settled);
        let order = orders::of_bytes(&self.folder, 5 * 1024);
        let tills = [&with, &without].map(|journal| peer.till(journal));
        let title = format!("{settled} settled orders against none");
        heading(&title, "with", "none", false);
        for (calls, rounds) in [(SALE, 200), ("open", 50), ("log", 50), ("reconcile", 5)] {
            let all = tills
                .each_ref()
                .map(|till| Contestant::library(calls, till, &order));
            let time = timed(&peer, 2, rounds, &all);
            for call in calls.split(',') {
                line(
                    &format!("sq_{call}"),
                    time.compared((0, call), (1, call)),
                    None,
                );
            }
        }
    }

    /// Shipping an order of many lines, against one of few.
    pub fn shipping(&self) {
        heading(
            "sq_ship(NULL) of 4,000 lines against 400",
            "4,000",
            "400",
            false,
        );
        let till = self.peer.till(Path::new(":memory:"));
        let calls = "start,form,confirm,reference,ship";
        let all = [4000, 400]
            .map(|lines| Contestant::library(calls, &till, &orders::of_lines(&self.folder, lines)));
        let time = timed(&self.peer, 1, 9, &all);
        for call in ["ship", "confirm"] {
            line(
                &format!("sq_{call}"),
                time.compared((0, call), (1, call)),
                None,
            );
        }
    }

    /// What the steps of a sale write, and what the two commits of benches/bare.c do.
    pub fn writing(&self) {
        let title = "KiB a step, order of 5 kB";
        println!(
            "\n{title:<44}{:>9}{:>9}{:>18}{:>9}",
            "WAL", "syncs", "by checkpoints", "syncs"
        );
        let migrated = "tests/journals/v2.journal";
        for (name, written) in [
            ("new", written(&self.peer, &self.folder, "new", None)),
            (
                "migrated",
                written(&self.peer, &self.folder, "migrated", Some(migrated)),
            ),
            ("enrolled", written_enrolled(&self.peer, &self.folder)),
        ] {
            for call in written.calls() {
                written_line(&format!("sq_{call}, {name} journal"), |what| {
                    written.mean(call, what)
                });
            }
            written_line(&format!("the mean of these, {name} journal"), |what| {
                written.mean_of_all(what)
            });
        }
        let disk = self.file("disk-bare");
        fs::create_dir(&disk).expect("the folder is writable");
        let order = orders::of_bytes(&self.folder, 5 * 1024);
        let bare = Contestant::bare("put", Some(&disk.join("book")), &order);
        let written = recorded(&self.peer, &disk, 5, 40, bare);
        written_line("two commits by hand", |what| written.mean("put", what));
        let disk = self.file("disk-emptied");
        fs::create_dir(&disk).expect("the folder is writable");
        let bare = Contestant::bare("settle", Some(&disk.join("book")), &order);
        let written = recorded(&self.peer, &disk, 5, 40, bare);
        let title = "the same, which leaves nothing of the order";
        written_line(title, |what| written.mean("settle", what));
    }
}

/// What the steps of a sale write into a journal, a new one or one that was made by an older version.
pub fn written(peer: &Peer, folder: &Path, name: &str, older: Option<&str>) -> Written {
    written_into(peer, folder, name, |journal| {
        if let Some(older) = older {
            fs::copy(c::root(older), journal).expect("there is room");
        }
    })
}

/// The same of a journal that is enrolled with an office.
pub fn written_enrolled(peer: &Peer, folder: &Path) -> Written {
    written_into(peer, folder, "enrolled", |journal| {
        let place = JournalPlace::File(journal.to_owned());
        drop(Journal::open(&place).expect("a new journal"));
        let outbox = Outbox::open(journal).expect("a till's journal");
        outbox.enrol("bench", 1).expect("there is room");
    })
}

fn written_into(peer: &Peer, folder: &Path, name: &str, prepare: impl FnOnce(&Path)) -> Written {
    let disk = folder.join(format!("disk-{name}"));
    fs::create_dir(&disk).expect("the folder is writable");
    let journal = disk.join("journal");
    prepare(&journal);
    let order = orders::of_bytes(folder, 5 * 1024);
    let sale = Contestant::library("start,form,confirm,reference", &peer.till(&journal), &order);
    recorded(peer, &disk, 5, 40, sale)
}

/// What is shipped, in bytes.
pub fn sizes() {
    println!("\n{:<60}{:>12}", "what is shipped", "bytes");
    let release = release_library();
    let packaged = [
        "target/linux/x86_64-unknown-linux-gnu/libsequra_pos.so.1",
        "target/windows/x86_64-win7-windows-gnu/sequra_pos.dll",
        "target/windows/i686-win7-windows-gnu/sequra_pos.dll",
    ];
    let all = [release].into_iter().chain(packaged.map(c::root));
    for file in all {
        let name = file
            .strip_prefix(c::root("target"))
            .unwrap_or(&file)
            .display()
            .to_string();
        match fs::metadata(&file) {
            Ok(found) => println!("{name:<60}{:>12}", found.len()),
            Err(_) => println!("{name:<60}{:>12}", "not built"),
        }
    }
}

fn written_line(title: &str, what: impl Fn(fn(&Writes) -> u64) -> f64) {
    let kib = |bytes: f64| bytes / 1024.0;
    println!(
        "{title:<44}{:>9.1}{:>9.2}{:>18.1}{:>9.2}",
        kib(what(|writes| writes.log)),
        what(|writes| writes.log_syncs),
        kib(what(|writes| writes.file)),
        what(|writes| writes.file_syncs)
    );
}

fn heading(title: &str, it: &str, other: &str, counted: bool) {
    let three = format!("{it:>9}{other:>9}{:>9}", "ratio");
    let (over, under) = match counted {
        true => (format!("{:^27}", "instructions, thousands"), three.as_str()),
        false => (String::new(), ""),
    };
    println!("\n{:44}{:^36}  {over}", "", "time, µs");
    println!("{title:<44}{three}{:>9}  {under}", "at best");
}

fn line(title: &str, time: Compared, instructions: Option<Compared>) {
    let three = |of: Compared| {
        format!(
            "{:>9.0}{:>9.0}{:>9.2}",
            of.it / 1000.0,
            of.other / 1000.0,
            of.ratio
        )
    };
    let instructions = instructions.map(three).unwrap_or_default();
    println!(
        "{title:<44}{}{:>9.2}  {instructions}",
        three(time),
        time.at_best
    );
}

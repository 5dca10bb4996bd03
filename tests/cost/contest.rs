//! benches/contest.c: compiled with the library that is shipped, and run to see what calls take: time, instructions,
//! or writes.

use crate::peer::Peer;
use crate::record::{self, Operation};
use crate::support::c;
use std::collections::HashMap;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fs, mem, slice};

/// Who takes part: the words of contest.c.
#[derive(Clone, Debug)]
pub struct Contestant {
    kind: &'static str,
    calls: String,
    place: String,
    order: PathBuf,
}

impl Contestant {
    /// The library with this configuration.
    pub fn library(calls: &str, configuration: &Path, order: &Path) -> Contestant {
        Contestant {
            kind: "library",
            calls: calls.to_owned(),
            place: configuration.display().to_string(),
            order: order.to_owned(),
        }
    }

    /// What a till's author would write in C; `book`: with two commits.
    pub fn bare(call: &str, book: Option<&Path>, order: &Path) -> Contestant {
        Contestant {
            kind: "bare",
            calls: call.to_owned(),
            place: book.map_or("-".into(), |book| book.display().to_string()),
            order: order.to_owned(),
        }
    }

    /// The library's parts without the library.
    pub fn floor(order: &Path) -> Contestant {
        let floor = release_library().with_file_name("libfloor.so");
        Contestant {
            kind: "floor",
            calls: "put".to_owned(),
            place: floor.display().to_string(),
            order: order.to_owned(),
        }
    }
}

/// What was measured of each call, in the order of the rounds.
pub struct Measured(HashMap<(usize, String), Vec<u64>>);

impl Measured {
    fn of(&self, contestant: usize, call: &str) -> &[u64] {
        let found = self.0.get(&(contestant, call.to_owned()));
        found.unwrap_or_else(|| panic!("contestant {contestant} did no {call}"))
    }

    /// One's call next to another's.
    pub fn compared(&self, it: (usize, &str), other: (usize, &str)) -> Compared {
        let (it, other) = (self.of(it.0, it.1), self.of(other.0, other.1));
        let [mine, theirs] = [it, other].map(|all| all.iter().map(|&one| one as f64));
        let pairs = it
            .iter()
            .zip(other)
            .map(|(&it, &other)| it as f64 / other as f64);
        Compared {
            it: quantile(0.5, mine.clone()),
            other: quantile(0.5, theirs.clone()),
            ratio: quantile(0.5, pairs),
            at_best: quantile(0.1, mine) / quantile(0.1, theirs),
        }
    }
}

/// Two calls that were measured side by side.
#[derive(Clone, Copy, Debug)]
pub struct Compared {
    /// The median of what was measured of the one.
    pub it: f64,
    /// And of the other.
    pub other: f64,
    /// How many times as much the one takes: the median of the ratios round by round, in each of which both have met
    /// the same machine.
    pub ratio: f64,
    /// The same for what a tenth of the rounds stayed below: there the machine did little else.
    pub at_best: f64,
}

fn quantile(share: f64, values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[(values.len() as f64 * share) as usize]
}

/// What one call did to the files of its folder.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Writes {
    /// Bytes into the write-ahead log.
    pub log: u64,
    /// How often it waited until they were on the disk.
    pub log_syncs: u64,
    /// Bytes into the file itself, which is a checkpoint's work.
    pub file: u64,
    /// How often it waited for those.
    pub file_syncs: u64,
}

/// Runs a contest by the clock: nanoseconds.
pub fn timed(peer: &Peer, warm: usize, rounds: usize, all: &[Contestant]) -> Measured {
    let told = run(&mut Command::new(program()), peer, warm, rounds, all);
    let mut measured = HashMap::new();
    for line in told.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [contestant, call, nanoseconds] = words[..] else {
            panic!("not three words: {line}");
        };
        note(
            &mut measured,
            contestant.parse().expect("a number"),
            call,
            nanoseconds,
        );
    }
    Measured(measured)
}

/// Counts the instructions of every call. They hardly depend on the machine, nor on what else it does; but on what
/// others have left of the process's memory, so each contestant has a process of its own.
pub fn counted(peer: &Peer, warm: usize, rounds: usize, all: &[Contestant]) -> Measured {
    let dumps = peer.folder().join("dumps");
    let mut measured = HashMap::new();
    for (index, one) in all.iter().enumerate() {
        let mut command = Command::new("valgrind");
        command
            .args([
                "-q",
                "--tool=callgrind",
                "--instr-atstart=no",
                "--collect-atstart=no",
            ])
            .arg("--combine-dumps=yes")
            .arg(format!("--callgrind-out-file={}", dumps.display()))
            .arg(program());
        run(&mut command, peer, warm, rounds, slice::from_ref(one));
        let mut call = None;
        for line in fs::read_to_string(&dumps)
            .expect("callgrind wrote it")
            .lines()
        {
            if let Some(trigger) = line.strip_prefix("desc: Trigger: ") {
                call = trigger
                    .strip_prefix("Client Request: 0 ")
                    .map(str::to_owned);
            } else if let (Some(sum), Some(call)) = (line.strip_prefix("totals: "), &call) {
                note(&mut measured, index, call, sum);
            }
        }
        fs::remove_file(&dumps).expect("it is ours");
    }
    Measured(measured)
}

fn note(
    measured: &mut HashMap<(usize, String), Vec<u64>>,
    contestant: usize,
    call: &str,
    value: &str,
) {
    let rounds = measured.entry((contestant, call.to_owned())).or_default();
    rounds.push(value.parse().expect("a number"));
}

/// Writes down what each call of one contestant does to the files of a folder.
pub fn recorded(
    peer: &Peer,
    folder: &Path,
    warm: usize,
    rounds: usize,
    one: Contestant,
) -> Written {
    let record = peer.folder().join("record");
    let book = peer.folder().join("book");
    let mut command = Command::new(program());
    command
        .env("LD_PRELOAD", record::recorder())
        .env("SEQURA_POWER_FOLDER", folder)
        .env("SEQURA_POWER_RECORD", &record)
        .env("SEQURA_POWER_BOOK", &book);
    run(&mut command, peer, warm, rounds, slice::from_ref(&one));
    let mut names = HashMap::new();
    let mut writes = Writes::default();
    let names_of_calls = one
        .calls
        .split(',')
        .map(|call| (call.to_owned(), Vec::new()));
    let mut calls: Vec<(String, Vec<Writes>)> = names_of_calls.collect();
    for operation in record::read(&record) {
        match operation {
            Operation::Opened { fd, name, .. } => drop(names.insert(fd, name)),
            Operation::Written { fd, bytes, .. } => match names[&fd].ends_with("-wal") {
                true => writes.log += bytes.len() as u64,
                false => writes.file += bytes.len() as u64,
            },
            Operation::Synced { fd } => match names[&fd].ends_with("-wal") {
                true => writes.log_syncs += 1,
                false => writes.file_syncs += 1,
            },
            Operation::Booked { line } => {
                let (_, call) = line.trim_end().split_once(' ').expect("two words");
                let call = calls.iter_mut().find(|(name, _)| name == call);
                call.expect("it was asked for")
                    .1
                    .push(mem::take(&mut writes));
            }
            _ => {}
        }
    }
    for file in [record, book] {
        fs::remove_file(file).expect("it is ours");
    }
    calls
        .iter_mut()
        .for_each(|(_, rounds)| drop(rounds.drain(..warm)));
    Written(calls)
}

/// What the calls of a sale wrote, round by round.
pub struct Written(Vec<(String, Vec<Writes>)>);

impl Written {
    /// Which, in the order of a sale.
    pub fn calls(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(call, _)| call.as_str())
    }

    /// What a call wrote on the average.
    pub fn mean(&self, call: &str, what: impl Fn(&Writes) -> u64) -> f64 {
        let (_, rounds) = self
            .0
            .iter()
            .find(|(name, _)| name == call)
            .expect("it was called");
        rounds.iter().map(what).sum::<u64>() as f64 / rounds.len() as f64
    }

    /// What the calls wrote on the average, one with the other.
    pub fn mean_of_all(&self, what: impl Fn(&Writes) -> u64) -> f64 {
        let calls = self.calls().map(|call| self.mean(call, &what));
        calls.sum::<f64>() / self.0.len() as f64
    }
}

fn run(
    command: &mut Command,
    peer: &Peer,
    warm: usize,
    rounds: usize,
    all: &[Contestant],
) -> String {
    static SALES: OnceLock<AtomicU64> = OnceLock::new();
    let now = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_millis() as u64
    };
    let sales = SALES.get_or_init(|| AtomicU64::new(now()));
    let first = sales.fetch_add(((warm + rounds) * all.len()) as u64, Ordering::Relaxed);
    play(command, peer, first, warm, rounds, all)
}

/// So many sales, numbered from here, and nothing measured.
pub fn sell(peer: &Peer, first: u64, sales: usize, one: Contestant) {
    play(&mut Command::new(program()), peer, first, sales, 0, &[one]);
}

fn play(
    command: &mut Command,
    peer: &Peer,
    first: u64,
    warm: usize,
    rounds: usize,
    all: &[Contestant],
) -> String {
    command
        .arg(peer.url())
        .args([first, warm as u64, rounds as u64].map(|number| number.to_string()));
    for one in all {
        command
            .args([one.kind, &one.calls, &one.place])
            .arg(&one.order);
    }
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{command:?}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("names and numbers")
}

/// The library as a shop gets it.
pub fn release_library() -> PathBuf {
    let library = env::var_os("SEQURA_POS_RELEASE_LIBRARY").expect("the release library is named");
    PathBuf::from(library)
}

fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let folder = c::scratch("contest");
        for name in ["libsequra_pos.so", "libsequra_pos.so.1"] {
            symlink(release_library(), folder.join(name)).expect("the folder is empty");
        }
        let program = folder.join("contest");
        c::compile(
            c::compiler(false)
                .args(["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-I"])
                .arg(c::root("include"))
                .args(["contest.c", "bare.c"].map(|source| c::root("benches").join(source)))
                .arg(format!(
                    "-Wl,--disable-new-dtags,-rpath,{}",
                    folder.display()
                ))
                .arg("-L")
                .arg(&folder)
                .args([
                    "-lsequra_pos",
                    "-lcurl",
                    "-lcjson",
                    "-lsqlite3",
                    "-ldl",
                    "-o",
                ])
                .arg(&program),
        );
        program
    })
}

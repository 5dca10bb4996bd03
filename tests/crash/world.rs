//! The world around the tills' processes: clocks that are set, and people and programs that do something
//! to the journal's files.

use crate::book::Told;
use crate::chance::Chance;
use crate::oracle::ROUNDING;
use crate::shop::Shop;
use crate::till::{Crash, End, Till};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Who stays when the others are killed, and looks after a deed; and who looks in the evening.
pub const WATCH: &str = "watch.book";
const DIED: &str = "the till that stays died";
/// Tills that are told to close their client do so within this time.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two deeds.
const SHORTEST_PAUSE_MS: usize = 20;
const LONGEST_PAUSE_MS: usize = 250;
const DAY_MS: i64 = 86_400_000;
/// Where clocks go: right; the year of an empty battery, or the wrong year; some hours. A date counts as a
/// day on which the journal was used, so there are few.
const AHEAD: [i64; 5] = [0, 0, -4000 * DAY_MS, 400 * DAY_MS, 3 * 3_600_000];
pub const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// ms since 1970.
pub fn now() -> f64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.expect("it is later").as_secs_f64() * 1000.0
}

/// Something that was done to the journal's files.
#[derive(Clone, Debug)]
pub struct Deed {
    /// For whoever looks for what went wrong.
    #[allow(dead_code)]
    pub what: &'static str,
    /// Whether the locks by which tills show that they live went with it.
    pub takes_locks: bool,
    pub from: f64,
    pub to: f64,
}

/// How far the tills' clock was ahead, and since when: not before the first moment, and not after the
/// second.
#[derive(Clone, Debug, Default)]
pub struct Clock(Vec<(f64, f64, i64)>);

impl Clock {
    pub fn set(&mut self, ahead_ms: i64, set: impl FnOnce()) {
        let from = now();
        set();
        self.0.push((from, now(), ahead_ms));
    }

    /// The moments at which it may have shown this.
    fn moments(&self, shown: f64) -> impl Iterator<Item = f64> {
        let before = std::iter::once((f64::NEG_INFINITY, 0.0, 0));
        let all: Vec<(f64, f64, i64)> = before.chain(self.0.iter().copied()).collect();
        let ends: Vec<f64> = self.0.iter().map(|(_, by, _)| *by).collect();
        all.into_iter()
            .enumerate()
            .filter_map(move |(at, (from, _, ahead))| {
                let moment = shown - ahead as f64;
                let to = ends.get(at).copied().unwrap_or(f64::INFINITY);
                (moment + ROUNDING >= from && moment <= to + ROUNDING).then_some(moment)
            })
    }

    /// The first moment at which it may have shown this; at no moment: never.
    pub fn earliest(&self, shown: f64) -> f64 {
        self.moments(shown).fold(f64::INFINITY, f64::min)
    }

    /// The last.
    pub fn latest(&self, shown: f64) -> f64 {
        self.moments(shown).fold(f64::NEG_INFINITY, f64::max)
    }
}

/// A name beside the journal's.
pub fn part(journal: &Path, suffix: &str) -> PathBuf {
    let mut name = journal.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Everything of the journal that has one of these names goes to `aside`, beside it.
fn put_aside(journal: &Path, suffixes: &[&str]) {
    remove(&part(journal, ".aside"), &PARTS);
    for suffix in suffixes {
        // SQLite may have removed it.
        let _ = fs::rename(
            part(journal, suffix),
            part(journal, &format!(".aside{suffix}")),
        );
    }
}

/// As one: the journal and everything beside it.
fn move_folder(shop: &Shop) -> PathBuf {
    let aside = shop.folder().join("journal-aside");
    let _ = fs::remove_dir_all(&aside);
    fs::rename(shop.journal_folder(), &aside).expect("it is there");
    aside
}

pub fn remove(journal: &Path, suffixes: &[&str]) {
    for suffix in suffixes {
        let _ = fs::remove_file(part(journal, suffix));
    }
}

/// Copies what is there of the journal and its companions.
pub fn copy(journal: &Path, to: &Path) {
    for suffix in PARTS {
        let _ = fs::remove_file(part(to, suffix));
        let _ = fs::copy(part(journal, suffix), part(to, suffix));
    }
}

/// While tills are at work: clocks are set, and the journal's files are removed or moved under them. One
/// till stays that has the journal open, so that whoever else is killed, nothing may be lost.
pub fn meddle_with_the_living(
    shop: &Shop,
    chance: &mut Chance,
    is_over: &AtomicBool,
) -> Result<u64, String> {
    let mut deeds = 0;
    while !is_over.load(Ordering::SeqCst) {
        let pause = SHORTEST_PAUSE_MS + chance.below(LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS);
        std::thread::sleep(Duration::from_millis(pause as u64));
        match chance.percent(50) {
            true => shop.set_clock(*chance.pick(&AHEAD)),
            false => take_under_a_till(shop, chance)?,
        }
        deeds += 1;
    }
    Ok(deeds)
}

/// Opens the journal, as soon as the tills have let go of what was taken.
fn open(till: &mut Till) -> Result<Option<Told>, String> {
    let until = Instant::now() + PATIENCE;
    loop {
        let told = till.call("open").ok_or(DIED)?.told;
        if told.as_ref().is_none_or(|told| !told.journal_is_lost()) || Instant::now() > until {
            return Ok(told);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn take_under_a_till(shop: &Shop, chance: &mut Chance) -> Result<(), String> {
    let mut watch = shop.till_of(WATCH, "config.json", Crash::default());
    let opened = open(&mut watch)?;
    if opened.as_ref().is_none_or(|told| told.status != "SQ_OK") {
        return Err(format!("the journal does not open: {opened:?}"));
    }
    let journal = shop.journal_path();
    let all: &[&str] = &PARTS;
    let what = chance.below(8);
    match what {
        0 => shop.meddle("removed", false, || remove(&journal, all)),
        1 => shop.meddle("the journal alone removed", false, || {
            remove(&journal, &[""])
        }),
        2 => shop.meddle("its companions removed", false, || {
            remove(&journal, &all[1..])
        }),
        3 => shop.meddle("its log removed", false, || remove(&journal, &["-wal"])),
        4 => shop.meddle("its index removed", false, || remove(&journal, &["-shm"])),
        5 => shop.meddle("renamed", false, || put_aside(&journal, all)),
        6 => shop.meddle("its folder moved", true, || drop(move_folder(shop))),
        _ => shop.meddle("its folder moved and back", true, || {
            let aside = move_folder(shop);
            std::thread::sleep(Duration::from_millis(chance.below(10) as u64));
            // Unless a till has put the journal back by now.
            let _ = fs::rename(aside, shop.journal_folder());
        }),
    }
    // It looks now, and puts back what it holds.
    let looked = watch.call("pending").ok_or(DIED)?.told;
    if looked.is_none_or(|told| !told.journal_is_lost()) && what != 7 {
        return Err(
            "a till that has the journal open did not find out that it was taken".to_owned(),
        );
    }
    watch.call("close").ok_or(DIED)?;
    let opened = open(&mut watch)?;
    if opened
        .as_ref()
        .is_none_or(|told| told.status != "SQ_OK" || told.created)
    {
        return Err(format!("the journal was not put back: {opened:?}"));
    }
    end(watch)
}

pub fn end(till: Till) -> Result<(), String> {
    match till.end() {
        End::Done => Ok(()),
        end => Err(format!("a till ended as {end:?}")),
    }
}

/// While no till runs: the files go and come back as they were.
pub fn meddle_with_the_dead(shop: &Shop, chance: &mut Chance) {
    let journal = shop.journal_path();
    let copied = part(&journal, ".copy");
    match chance.below(5) {
        0 => {}
        1 => shop.meddle("moved and back", false, || {
            put_aside(&journal, &PARTS);
            for suffix in PARTS {
                let _ = fs::rename(
                    part(&journal, &format!(".aside{suffix}")),
                    part(&journal, suffix),
                );
            }
        }),
        2 => shop.meddle("copied back", false, || {
            copy(&journal, &copied);
            remove(&journal, &PARTS);
            copy(&copied, &journal);
            remove(&copied, &PARTS);
        }),
        3 => shop.meddle("the folder moved and back", true, || {
            let aside = move_folder(shop);
            fs::rename(aside, shop.journal_folder()).expect("it was there");
        }),
        _ => shop.meddle("its index removed", false, || remove(&journal, &["-shm"])),
    }
}

//! Judges what power cuts leave, image by image, and shares the work among threads.

use crate::disk::{Dice, Disk, Image, Loss};
use crate::heard::Heard;
use crate::ledger::{self, Ledger};
use crate::record::Operation;
use crate::shop::Shop;
use crate::support::seeds::{self, Seed};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, io, thread};

/// As many violations are shown.
const MOST_SHOWN: usize = 5;

/// What was judged, and what was wrong.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Images held against what was promised by then.
    pub images: usize,
    /// Those of them that the library had to open because none was the same before.
    pub opened: usize,
    pub violations: Vec<String>,
}

impl Verdict {
    pub fn add(&mut self, other: Verdict) {
        self.images += other.images;
        self.opened += other.opened;
        self.violations.extend(other.violations);
    }

    /// Says on the terminal what was done, and fails if anything was wrong.
    pub fn report(&self, seed: Seed, what: &str) {
        let summary = format!(
            "{what}; {} images judged ({} different ones opened), {} violations, seed {}",
            self.images,
            self.opened,
            self.violations.len(),
            seed.number
        );
        // Not through the macros, whose words the test harness keeps to itself.
        let _ = writeln!(io::stderr(), "power: {summary}");
        let shown = &self.violations[..self.violations.len().min(MOST_SHOWN)];
        assert!(
            shown.is_empty(),
            "{summary}\n{}\n{}",
            shown.join("\n"),
            seeds::add("power", seed, None)
        );
    }
}

/// Opens images, each different one once.
#[derive(Default)]
pub struct Desk {
    known: HashMap<u64, Result<Ledger, String>>,
}

impl Desk {
    pub fn open(&mut self, image: &Image, folder: &Path) -> &Result<Ledger, String> {
        let mut hasher = DefaultHasher::new();
        image.hash(&mut hasher);
        let opened = || ledger::read(image, folder);
        self.known.entry(hasher.finish()).or_insert_with(opened)
    }
}

/// Cuts the power after each operation of a record that ran on `base`, in the ways that `losses` gives
/// for it, and holds what is left against what was heard until then.
pub fn judge(
    base: &Image,
    mut heard: Heard,
    operations: &[Operation],
    folder: &Path,
    dice: &mut Dice,
    losses: impl Fn(usize, &mut Dice) -> Vec<Loss>,
) -> Verdict {
    let mut verdict = Verdict::default();
    let mut disk = Disk::new(base);
    let mut desk = Desk::default();
    for (at, operation) in operations.iter().enumerate() {
        disk.apply(operation);
        heard.apply(operation);
        for loss in losses(at, dice) {
            let image = disk.after(loss, dice);
            let broken = match desk.open(&image, folder) {
                Ok(ledger) => heard.broken_by(ledger),
                Err(why) => vec![why.clone()],
            };
            verdict.images += 1;
            let number = at + 1;
            verdict.violations.extend(
                broken
                    .iter()
                    .map(|broken| format!("after operation {number} with loss {loss:?}: {broken}")),
            );
        }
    }
    verdict.opened = desk.known.len();
    verdict
}

/// Does each piece of work in one of a few threads, each with a shop of its own, and with dice that
/// depend on the seed and the piece alone.
pub fn share<T: Sync, R: Send>(
    name: &str,
    seed: Seed,
    pieces: &[T],
    work: impl Fn(&Shop, &T, &mut Dice) -> R + Sync,
) -> Vec<R> {
    let workers = thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 4));
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let worker = |number: usize| {
            let (next, work) = (&next, &work);
            scope.spawn(move || {
                let shop = Shop::new(&format!("{name}-{number}"));
                let mut done = Vec::new();
                loop {
                    let piece = next.fetch_add(1, Ordering::SeqCst);
                    let Some(of) = pieces.get(piece) else {
                        return done;
                    };
                    let mut dice = Dice(seed.number ^ (piece as u64) << 32);
                    done.push(work(&shop, of, &mut dice));
                    show_progress(name, piece + 1, pieces.len());
                }
            })
        };
        let threads: Vec<_> = (0..workers).map(worker).collect();
        let done = threads.into_iter().map(|thread| thread.join());
        done.flat_map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// A long run shows on a terminal how far it is.
fn show_progress(name: &str, done: usize, all: usize) {
    let mut stderr = io::stderr();
    if times() > 1 && stderr.is_terminal() {
        // Nothing depends on this line.
        let _ = write!(stderr, "\r{name}: {done} of {all} \r");
    }
}

/// How much more than usual is tried: `SEQURA_POWER_TIMES`.
pub fn times() -> usize {
    let Ok(times) = env::var("SEQURA_POWER_TIMES") else {
        return 1;
    };
    let number = times.parse::<usize>();
    let number = number.unwrap_or_else(|_| panic!("SEQURA_POWER_TIMES={times} is no number"));
    number.max(1)
}

/// What the dice begin with, one after the other.
pub fn seeds() -> Vec<Seed> {
    seeds::of("power")
}

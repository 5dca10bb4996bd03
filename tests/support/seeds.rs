//! What chance begins with: the seeds of tests/seeds.txt, so that every run draws the same.

use super::c;
use std::{env, fs};

/// Where the seeds are kept.
const LIST: &str = "tests/seeds.txt";

/// The beginning of what is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seed {
    pub number: u64,
    /// The one draw that is wanted, of those that follow from it.
    pub only: Option<u64>,
}

impl Seed {
    /// Whether this draw is wanted.
    pub fn wants(self, draw: u64) -> bool {
        self.only.is_none_or(|only| only == draw)
    }
}

/// The seeds of what is drawn: that of `SEQURA_SEED` alone, or else those of the list.
pub fn of(what: &str) -> Vec<Seed> {
    if let Ok(given) = env::var("SEQURA_SEED") {
        return vec![read(&given).unwrap_or_else(|| panic!("SEQURA_SEED={given} is no seed"))];
    }
    let list = fs::read_to_string(c::root(LIST)).expect("the list of seeds");
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    let of_it = lines.filter_map(|line| line.strip_prefix(what)?.strip_prefix(' '));
    let seeds: Vec<Seed> = of_it
        .map(|rest| read(rest).unwrap_or_else(|| panic!("{LIST}: {what} {rest}")))
        .collect();
    assert!(!seeds.is_empty(), "{LIST} has no seed of {what}");
    seeds
}

/// `7`, or `7 137`.
fn read(text: &str) -> Option<Seed> {
    let mut words = text.split_whitespace().map(|word| word.parse().ok());
    let seed = Seed {
        number: words.next()??,
        only: words.next().map_or(Some(None), |only| only.map(Some))?,
    };
    words.next().is_none().then_some(seed)
}

/// What to do about a seed that failed.
pub fn add(what: &str, seed: Seed, failed: Option<u64>) -> String {
    let only = failed.or(seed.only);
    let only = only.map_or(String::new(), |draw| format!(" {draw}"));
    format!(
        "Add to {LIST}, where it is not there yet: {what} {}{only}",
        seed.number
    )
}

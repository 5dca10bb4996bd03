//! What the program's exit status says. Statuses do not fit a byte, so each has its own; a test holds this table,
//! the statuses and docs/sequra.md together. Numbers are never given to another status.

use sequra_pos::{Error, Status};
use std::fmt::Display;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// The program itself could not do it: a file that cannot be read or written, a journal that is none.
pub const FAILED: u8 = 1;
// 2: not called as it is called; clap says so.
/// `verify`: the log was changed by hand, or does not have the hash.
pub const NOT_CONSISTENT: u8 = 3;
/// Ended by a signal or with Ctrl+C.
pub const INTERRUPTED: u8 = 130;

/// The exit status of a call that ended so.
pub fn of(status: Status) -> u8 {
    match status {
        Status::Ok => 0,
        Status::InvalidArgument => 11,
        Status::InvalidHandle => 12,
        Status::InvalidText => 13,
        Status::InvalidJson => 14,
        Status::InvalidConfig => 15,
        Status::InvalidOrder => 16,
        Status::ForeignUrl => 17,
        Status::UnknownOrder => 18,
        Status::WrongState => 19,
        Status::BufferTooSmall => 20,
        Status::TakenOver => 21,
        Status::Refused => 40,
        Status::Unauthorized => 41,
        Status::DuplicateOrderRef => 42,
        Status::Forbidden => 43,
        Status::NotFound => 44,
        Status::Conflict => 49,
        Status::Gone => 50,
        Status::RateLimited => 59,
        Status::Unreachable => 61,
        Status::OutcomeUnknown => 62,
        Status::Tls => 63,
        Status::BadResponse => 64,
        Status::ServerError => 65,
        Status::Journal => 71,
        Status::Busy => 72,
        Status::Internal => 91,
    }
}

/// How a command ended.
pub type Ended = Result<ExitCode, Stop>;

/// Why a command went no further.
#[derive(Debug)]
pub enum Stop {
    /// The library says so; its result is the command's.
    Result(Error),
    /// This program could not do it.
    Failed(String),
}

impl Stop {
    /// This program could not do it, because of a file.
    pub fn at(path: &Path, why: impl Display) -> Stop {
        Stop::Failed(format!("{}: {why}", path.display()))
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Result(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Failed(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Number by name, as a page has it.
    fn of_page(page: &str) -> BTreeMap<&str, u8> {
        let row = |line| -> Option<(&str, u8)> {
            let line: &str = line;
            let mut cells = line.strip_prefix("| ")?.split(" | ");
            let number = cells.next()?.parse().ok()?;
            Some((cells.next()?.trim_matches('`'), number))
        };
        let rows: Vec<_> = page.lines().filter_map(row).collect();
        let table: BTreeMap<_, _> = rows.iter().copied().collect();
        assert_eq!(table.len(), rows.len(), "a status stands there twice");
        table
    }

    #[test]
    fn every_status_has_one_exit_status_and_both_pages_have_it() {
        let all: BTreeMap<&str, u8> = Status::ALL
            .iter()
            .map(|status| (status.name(), of(*status)))
            .collect();
        assert_eq!(of_page(include_str!("../../docs/sequra.md")), all);
        assert_eq!(of_page(include_str!("../../docs/sequra.es.md")), all);
        let mut numbers: Vec<u8> = all.into_values().collect();
        numbers.extend([FAILED, 2, NOT_CONSISTENT, INTERRUPTED]);
        let count = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), count, "an exit status means one thing");
        assert!(
            numbers
                .iter()
                .all(|number| *number <= 125 || *number == INTERRUPTED)
        );
    }

    #[test]
    fn only_what_is_done_is_zero() {
        let zero: Vec<_> = Status::ALL.iter().filter(|one| of(**one) == 0).collect();
        assert_eq!(zero, [&Status::Ok]);
    }
}

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

//! The journal: what this till has begun with seQura, on a disk that a power cut cannot make forget.
//!
//! SQLite, write-ahead log, `synchronous=FULL`: a write that returned is on the disk. One sale costs
//! two such writes for each step, its intent before the request and its outcome after the answer.
//! Several processes may share one journal; an order is worked on by one of them at a time, which
//! claims it in the same write that records its intent.

mod access;
mod attempts;
mod beside;
mod chain;
mod claims;
mod collected;
mod connection;
mod copies;
mod copying;
mod damage;
mod days;
mod door;
mod drive;
mod ends;
mod entry;
mod error;
mod fenced;
mod fences;
mod figures;
mod forwarded;
mod handed;
mod holding;
mod intents;
mod keeping;
mod kept_answers;
mod log;
mod looking;
mod mark;
mod mend;
mod names;
mod noting;
mod opening;
mod orders;
mod outbox;
mod outcomes;
mod owner;
mod payouts;
mod place;
mod random;
mod rebuilt;
mod refusals;
mod reports;
mod room;
mod schema;
mod sums;
#[cfg(test)]
mod tests;
mod trust;
mod unshipped;
mod watch;
mod word;
mod words;

pub use access::{Journal, SetAside};
pub(crate) use beside::make as make_file;
pub use chain::Chain;
pub use collected::{Cell, Changes, OrderRows, Reading, Row, Wanted};
pub use copies::{Copied, back_up, restore};
pub use copying::Progress;
pub use entry::{Entry, LogRow, Query, Said};
pub use error::{JournalError, left_as_it_is};
pub use fences::Fence;
pub use figures::KINDS;
pub use forwarded::{Forwarded, Headway};
pub use handed::{Hand, Link, Moved, Taken, chain_of};
pub use intents::{Claim, Intended, NewIntent};
pub use looking::{Looked, Seen};
pub use noting::MOST_NOTES;
pub use orders::{Record, StepRow, unreadable};
pub use outbox::{Identity, KEPT_NOTES, Outbox, Position};
pub use outcomes::{Accepted, Closing, Ended};
pub use payouts::{Compared, Disbursement, Payout, Unknown, Verdict};
pub(crate) use random::random;
pub use rebuilt::{LeftOut, Part, Rebuilding, Rebuilt};
pub use refusals::{Refusal, without_words};
pub use reports::{Answered, NewReport, Opened, Report, Shipped};
pub use room::Room;
pub use unshipped::Unshipped;
pub use word::Word;

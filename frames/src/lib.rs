//! What travels between a till's forwarder and the office, as both read and write it: JSON over HTTPS. docs/office-protocol.md
//! tells the story; here are its words.
//!
//! A frame is a state and not an event: the present rows of each order that changed between two positions of a journal's
//! stream. One that comes twice changes nothing. What may hold something of a shopper is sealed before it leaves the till
//! ([`sealing`]): everything is, but for the columns that are known to hold nothing of the kind ([`columns`]).

pub mod cell;
pub mod columns;
pub mod enrolment;
pub mod frame;
pub mod refusal;
pub mod sealing;
pub mod standing;

/// The version of the protocol, the first part of every path: `/api/1/frames`.
pub const VERSION: u32 = 1;
/// A frame's JSON is no longer than this; bytes.
pub const MOST_BYTES: usize = 16 << 20;

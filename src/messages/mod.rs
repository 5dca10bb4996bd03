//! Operator messages: what the person at the till reads.
//!
//! A shop assistant with a customer waiting does not know what a conflict is, and must not have
//! to. Every result buffer therefore carries one to three plain sentences: what happened, whether
//! the goods may be handed over (where that is the question), and what to do now. A wrong one
//! costs the shop money, so the parts are chosen here, once for all languages, and a language only
//! gives the words: an exhaustive `match` per list, so that a new status, error code or next step
//! does not compile before every language has a text for it.
//!
//! The one rule that stands above all: "you may hand over the goods" is said only when the call
//! succeeded and the order is settled, that is confirmed *and* its reference registered.
//!
//! Adding a language: one file beside `es.rs`, its `mod` line, and its line in `languages!` (`language.rs`).

mod amount;
mod en;
mod es;
mod field;
mod fr;
mod goods;
mod happened;
mod it;
mod label;
mod language;
mod message;
mod offers;
mod phrases;
mod pt;
mod receipt;
mod situation;
mod template;
#[cfg(test)]
mod tests;
mod to_do;
mod values;

pub use label::Label;
pub use language::{Language, Voice};
pub use message::{message_of, next_in_words, operator_message};
pub use offers::{Offer, Offers};
pub use situation::Situation;

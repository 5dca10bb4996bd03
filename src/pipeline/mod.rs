//! The pipeline: all that changes something at seQura takes these five steps, so that crash safety is written once
//! and whatever is new inherits it.
//!
//! ```text
//! 1 validate        the order, its place in its life, its reference      pure, and reading the journal
//! 2 record intent   what will be sent; the order claimed                 durable before anything is sent
//! 3 send            once; again only what surely never left
//! 4 record outcome  the new state, the log entry; the claim given back   durable
//! 5 explain         the result the till sees
//! ```
//!
//! A till that dies between 2 and 4 leaves an intent without an outcome, which says exactly what may
//! have been sent: recovery takes steps 3 to 5 again.
//!
//! What takes them is a [`Submission`]: a step of an order ([`run_step`]), or a merchant's delivery report.

mod begun;
mod ends;
mod given;
mod handed_on;
mod named;
mod of_a_copy;
mod run;
mod step;
mod submission;
mod taken;
mod target;
#[cfg(test)]
mod tests;
mod vain;
mod validate;

pub(crate) use begun::may_be_otherwise;
pub(crate) use ends::{busy, journal_failed, patience};
pub(crate) use handed_on::{fenced, handed_on, taken_over};
pub(crate) use named::{find, holds_ref, known, known_sale, target, unknown};
pub(crate) use of_a_copy::{may_be_done_since, refused as refused_of_a_copy, unseen};
pub(crate) use run::run;
pub(crate) use step::run_step;
pub(crate) use submission::{Begun, Claim, Concluded, Left, Submission, Words};
pub(crate) use taken::reference_taken;
pub(crate) use target::{Target, recorded};
pub(crate) use vain::is_waiting;
pub(crate) use validate::change_asked_for;

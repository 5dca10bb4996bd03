//! The pipeline: every operation that changes something at seQura takes these five steps, so that
//! crash safety is written once and a new operation inherits it.
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

mod ends;
mod run;
mod send;
mod target;
mod validate;

pub(crate) use ends::{busy, claim_for, journal_failed, not_recorded, patience, pause, too_late};
pub(crate) use run::run;
pub(crate) use send::exchange;
pub(crate) use target::{Target, recorded};

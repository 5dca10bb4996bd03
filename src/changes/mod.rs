//! What a settled order becomes: what a till asks for, and from the order's carts as they are the complete
//! state that seQura is told.
//!
//! An order update never says what changed, but what is now: both carts, whole [D]. So a change that
//! has no answer yet is part of the next one, which is computed on top of it: nothing overtakes
//! anything. If seQura refuses the two together, the earlier one is still open, and recovery asks for
//! it alone.

mod asked;
mod change;
#[cfg(test)]
mod fingerprints;
pub mod input;
mod last_step;
mod resolve;
mod sold_order;

pub use asked::Asked;
pub(crate) use asked::UNSPECIFIED;
pub use change::Change;
pub(crate) use last_step::with_last_step;
pub(crate) use resolve::{Resolved, adopt, resolve};
pub(crate) use sold_order::{SoldOrder, delivery};

//! seQura's HTTP API as a till needs it: addresses and bodies, the way over the wire, and the
//! reading of refusals.

pub mod endpoints;
pub mod refusal;
pub mod transport;

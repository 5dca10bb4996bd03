//! seQura's HTTP API as a till needs it: addresses and bodies, the way over the wire, and the
//! reading of refusals.

pub mod address;
mod connection;
pub mod endpoints;
pub(crate) mod proxy;
pub mod refusal;
mod tls;
pub mod transport;

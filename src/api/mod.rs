//! seQura's HTTP API as a till needs it: addresses and bodies, the way over the wire, whose answer it
//! is, and the reading of refusals.

pub mod agent;
pub mod answer;
pub mod body;
pub mod conflict;
mod connection;
pub mod endpoints;
mod failure;
pub mod location;
mod page;
pub mod provenance;
pub(crate) mod proxy;
pub mod refusal;
mod tls;
pub mod transport;

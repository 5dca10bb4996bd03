//! A PostgreSQL for all of these tests, an office on it, and tills that speak to it.

mod office;
mod till;

pub use office::{Office, cluster};
pub use till::{Till, agent_that_trusts, order};

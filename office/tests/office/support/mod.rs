//! A PostgreSQL for all of these tests, an office on it, tills that speak to it, and people who look at its pages.

mod chain;
mod office;
mod person;
mod till;

pub use chain::Chain;
pub use office::{Office, cluster};
pub use person::{PASSWORD, Person, Shown, encoded};
pub use till::{Till, agent_that_trusts, order};

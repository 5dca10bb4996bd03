//! PostgreSQL, and what speaks its protocol: transactions whose commit is known to be kept.
//!
//! Every statement is unnamed, and nothing is set for longer than a transaction, so that pgbouncer may stand between. The
//! pool's connections are driven here, since the one thing that says that no standby has a commit is a warning.

mod connecting;
mod connection;
mod error;
mod migrations;
mod retries;
mod transaction;

pub use connecting::Database;
pub use error::Error;
pub use migrations::{NEWEST, migrate, migrated};
pub use retries::Retries;
pub use transaction::Transaction;

use tokio_postgres::types::{ToSql, Type};

/// A value for a statement, and its type: who says the type needs no further round trip.
pub type Param<'a> = (&'a (dyn ToSql + Sync), Type);

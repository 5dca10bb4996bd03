//! What can go wrong between the office and its database.

use std::time::Duration;
use tokio_postgres::error::SqlState;

/// Why something is not known to be in the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection could be had.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// It has not answered in time; what was under way may have been done or not.
    #[error("the database has not answered within {} s", .0.as_secs())]
    Silent(Duration),
    /// The commit is done where it was sent, and no standby has said that it has it.
    #[error("the database has committed, and warns: {0}")]
    Unsure(String),
    /// The database's own no.
    #[error("{}", told(.0))]
    Query(#[from] tokio_postgres::Error),
    /// The office must not go on as it is set up.
    #[error("{0}")]
    Setup(String),
}

/// With what the database says of it, but for the values in its detail.
fn told(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(said) => format!(
            "the database says {}: {}",
            said.code().code(),
            said.message()
        ),
        None => {
            let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
            format!("{error}{}", cause.unwrap_or_default())
        }
    }
}

impl Error {
    /// The database's own code, five letters.
    pub fn state(&self) -> Option<&SqlState> {
        match self {
            Error::Query(error) => error.code(),
            _ => None,
        }
    }

    /// Two transactions were in each other's way: the same again succeeds, as far as anybody knows.
    pub fn is_conflict(&self) -> bool {
        matches!(
            self.state(),
            Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED)
        )
    }

    /// This server is a standby now, or going down: another connection may lead to one that is neither.
    pub fn is_elsewhere(&self) -> bool {
        matches!(
            self.state(),
            Some(
                &SqlState::READ_ONLY_SQL_TRANSACTION
                    | &SqlState::ADMIN_SHUTDOWN
                    | &SqlState::CRASH_SHUTDOWN
                    | &SqlState::CANNOT_CONNECT_NOW
            )
        )
    }

    /// It is about the values: the same again fails again.
    pub fn is_about_values(&self) -> bool {
        let class = self.state().map(|state| &state.code()[..2]);
        matches!(class, Some("22" | "23" | "54"))
    }
}

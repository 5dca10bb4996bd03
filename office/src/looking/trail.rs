//! The audit log: every act on a page, and every login that failed. Never a password, never what a stranger typed.

use super::{PAGE, all};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    pub audit_id: Vec<u8>,
    pub at: i64,
    pub who: String,
    pub what: String,
    pub journal_id: Option<String>,
    pub detail: String,
}

/// The newest acts before this one; one more than a page: there are older ones.
pub async fn before(db: &Client, at: i64, audit_id: &[u8]) -> Result<Vec<Act>, Error> {
    const BEFORE: &str = "SELECT audit_id, at, who, what, journal_id, detail FROM audit \
         WHERE (at, audit_id) < ($1, $2) ORDER BY at DESC, audit_id DESC LIMIT $3";
    let given = [
        (&at as _, Type::INT8),
        (&audit_id as _, Type::BYTEA),
        (&(PAGE as i64 + 1) as _, Type::INT8),
    ];
    all(db, BEFORE, &given, |row| {
        Ok(Act {
            audit_id: row.try_get(0)?,
            at: row.try_get(1)?,
            who: row.try_get(2)?,
            what: row.try_get(3)?,
            journal_id: row.try_get(4)?,
            detail: row.try_get(5)?,
        })
    })
    .await
}

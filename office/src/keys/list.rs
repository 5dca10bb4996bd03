//! The keys that there are, and what each is needed for.

use super::files::{KeyError, is_here};
use crate::database::Database;
use std::path::Path;

const LIST: &str = "SELECT key_id, made_at, closed_at, destroyed_at, \
     (SELECT count(*) FROM orders WHERE orders.key_id = keys.key_id AND NOT finished) AS unfinished \
     FROM keys ORDER BY made_at, key_id";

/// A key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub id: String,
    pub made_at: i64,
    pub closed_at: Option<i64>,
    pub destroyed_at: Option<i64>,
    /// Orders that are not finished, and sealed to it.
    pub unfinished: i64,
    /// Its private half is in the folder.
    pub is_here: bool,
}

/// Every key, the oldest first.
pub async fn list(database: &Database, folder: Option<&Path>) -> Result<Vec<Key>, KeyError> {
    let transaction = database.read().await?;
    let rows = transaction.rows(LIST, &[]).await?;
    let keys = rows.iter().map(|row| {
        let id: String = row.get("key_id");
        Key {
            is_here: folder.is_some_and(|folder| is_here(folder, &id)),
            id,
            made_at: row.get("made_at"),
            closed_at: row.get("closed_at"),
            destroyed_at: row.get("destroyed_at"),
            unfinished: row.get("unfinished"),
        }
    });
    Ok(keys.collect())
}

//! The office's keys: what a till seals is opened by their private halves, which are files outside the database and its
//! backups. One that is destroyed makes everything that was sealed to it unreadable, wherever a copy of it is.

mod boxes;
mod destroy;
mod files;
mod list;

pub use boxes::{pack, unpack};
pub use destroy::{Destroyed, destroy};
pub use files::{KeyError, read};
pub use list::{Key, list};

use crate::database::{Database, Error, Param, Retries};
use crate::{clock, random};
use sequra_frames::sealing::new_key;
use std::path::Path;
use tokio_postgres::types::Type;

const MAKE: &str = "INSERT INTO keys (key_id, public, made_at) VALUES ($1, $2, $3)";
const GONE: &str =
    "UPDATE keys SET closed_at = coalesce(closed_at, $2), destroyed_at = $2 WHERE key_id = $1";
const NEWEST: &str = "SELECT max(made_at) FROM keys WHERE closed_at IS NULL";

/// A new key, to which tills seal from now on. The file is there before anybody seals to it.
pub async fn new(database: &Database, folder: &Path) -> Result<String, KeyError> {
    let now = clock::now();
    let day = jiff::Timestamp::from_millisecond(now).unwrap_or_default();
    let day = day.to_zoned(jiff::tz::TimeZone::UTC).date();
    // The end keeps two offices that make one at once out of each other's way.
    let id = format!("{day}-{}", random::hex(&random::bytes::<4>()));
    let (private, public) = new_key();
    files::write(folder, &id, &private)?;
    let params: [Param; 3] = [
        (&id, Type::TEXT),
        (&public, Type::BYTEA),
        (&now, Type::INT8),
    ];
    let mut retries = Retries::default();
    loop {
        match run(database, MAKE, &params).await {
            Err(error) if retries.again(&error).await => {}
            done => return Ok(done.map(|_| id)?),
        }
    }
}

/// A database that was restored from a backup does not know which keys were destroyed since: the folder does. Says which
/// they are.
pub async fn remember(database: &Database, folder: &Path) -> Result<Vec<String>, KeyError> {
    let mut gone = Vec::new();
    let now = clock::now();
    for key in list(database, Some(folder)).await? {
        if key.destroyed_at.is_none() && files::was_destroyed(folder, &key.id) && !key.is_here {
            run(database, GONE, &[(&key.id, Type::TEXT), (&now, Type::INT8)]).await?;
            gone.push(key.id);
        }
    }
    Ok(gone)
}

/// A new key where the newest is older than this, or there is none.
pub async fn renew(
    database: &Database,
    folder: &Path,
    days: u32,
) -> Result<Option<String>, KeyError> {
    remember(database, folder).await?;
    let oldest = clock::now() - i64::from(days) * 24 * 60 * 60 * 1000;
    match newest(database).await? {
        Some(made_at) if made_at > oldest => Ok(None),
        _ => new(database, folder).await.map(Some),
    }
}

/// When the newest key was made that tills may seal to.
pub async fn newest(database: &Database) -> Result<Option<i64>, Error> {
    let transaction = database.read().await?;
    let rows = transaction.rows(NEWEST, &[]).await?;
    Ok(rows.first().and_then(|row| row.get(0)))
}

/// One statement, kept.
async fn run(database: &Database, statement: &str, params: &[Param<'_>]) -> Result<u64, Error> {
    let transaction = database.begin().await?;
    let changed = transaction.run(statement, params).await?;
    transaction.commit().await?;
    Ok(changed)
}

//! The office's keys: what a till seals is opened by their private halves, which are files outside the database and its
//! backups. One that is destroyed makes everything that was sealed to it unreadable, wherever a copy of it is.

use crate::database::{Database, Error, Param};
use crate::{clock, random};
use sequra_frames::sealing::new_key;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tokio_postgres::types::Type;

const MAKE: &str = "INSERT INTO keys (key_id, public, made_at) VALUES ($1, $2, $3)";

/// Why a key is of no use.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(transparent)]
    Database(#[from] Error),
    #[error("{}: {error}", .file.display())]
    File { file: PathBuf, error: io::Error },
}

/// A new key, to which tills seal from now on. The file is there before anybody seals to it.
pub async fn new(database: &Database, folder: &Path) -> Result<String, KeyError> {
    let now = clock::now();
    let day = jiff::Timestamp::from_millisecond(now).unwrap_or_default();
    let day = day.to_zoned(jiff::tz::TimeZone::UTC).date();
    let id = format!("{day}-{}", random::hex(&random::bytes::<4>()));
    let (private, public) = new_key();
    let file = file(folder, &id);
    write(&file, &private).map_err(|error| KeyError::File { file, error })?;
    let params: [Param; 3] = [
        (&id, Type::TEXT),
        (&public, Type::BYTEA),
        (&now, Type::INT8),
    ];
    let transaction = database.begin().await?;
    transaction.run(MAKE, &params).await?;
    transaction.commit().await?;
    Ok(id)
}

fn file(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.key"))
}

/// For its owner alone, and on the disk when this returns.
fn write(file: &Path, private: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(file)?;
    opened.write_all(private)?;
    opened.sync_all()?;
    match file.parent() {
        Some(folder) => fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

//! What a journal says once the library has opened it, read from its tables.

use crate::disk::Image;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use sequra_pos::inside::config::JournalPlace;
use sequra_pos::inside::journal::{Journal, SetAside};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// An order; "-" stands for what is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub uuid: String,
    pub state: String,
    pub order_ref_1: String,
    /// The step without an answer.
    pub open: String,
}

impl Row {
    /// seQura has confirmed it, or may have, and the shop is not yet sure of its money.
    pub fn is_at_risk(&self) -> bool {
        let at_risk = ["confirming", "confirmed", "referencing", "ref_conflicted"];
        at_risk.contains(&self.state.as_str())
    }
}

/// An entry of the transaction log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub uuid: String,
    pub step: String,
    pub hash: String,
}

/// All of a journal that matters here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    pub orders: Vec<Row>,
    pub log: BTreeMap<i64, Entry>,
}

/// The journal's file in its folder.
pub const JOURNAL: &str = "journal";

/// Opens the journal of an image as a till would; an error says what is wrong with it.
pub fn read(image: &Image, folder: &Path) -> Result<Ledger, String> {
    match mended(image, folder)? {
        (ledger, None) => Ok(ledger),
        (_, Some(aside)) => Err(format!("the journal was set aside: {aside:?}")),
    }
}

/// The same, where it may be damaged: then what goes on in a new one, and what was set aside.
pub fn mended(image: &Image, folder: &Path) -> Result<(Ledger, Option<SetAside>), String> {
    put(image, folder);
    let path = folder.join(JOURNAL);
    let journal = Journal::open(&JournalPlace::File(path.clone()))
        .map_err(|error| format!("the journal does not open: {error}"))?;
    let aside = journal.set_aside().cloned();
    let chain = journal.check_log().map_err(|error| error.to_string())?;
    if let Some(id) = chain.broken_at {
        return Err(format!("the log's chain breaks at entry {id}"));
    }
    let unreadable = |error: rusqlite::Error| format!("the journal cannot be read: {error}");
    let connection = Connection::open(path).map_err(unreadable)?;
    // Closing this one last, and without a checkpoint, need not wait for the real disk.
    let without_checkpoint = DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
    connection
        .set_db_config(without_checkpoint, true)
        .map_err(unreadable)?;
    drop(journal);
    let check = connection.pragma_query_value(None, "integrity_check", |row| row.get(0));
    let check: String = check.map_err(unreadable)?;
    if check != "ok" {
        return Err(format!("the journal is damaged: {check}"));
    }
    Ok((tables(&connection).map_err(unreadable)?, aside))
}

/// Makes the folder what the image says.
pub fn put(image: &Image, folder: &Path) {
    // There is nothing to remove at first.
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).expect("the folder of tests is writable");
    for (name, content) in image {
        fs::write(folder.join(name), content).expect("the folder of tests is writable");
    }
}

/// What is in a folder, without the memory that SQLite's processes share.
pub fn take(folder: &Path) -> Image {
    let files = fs::read_dir(folder).expect("the folder is there");
    files
        .map(|file| file.expect("the folder can be read"))
        .map(|file| (file.file_name().to_string_lossy().into_owned(), file.path()))
        .filter(|(name, _)| !name.ends_with("-shm"))
        .map(|(name, path)| (name, fs::read(path).expect("the file can be read")))
        .collect()
}

fn tables(connection: &Connection) -> rusqlite::Result<Ledger> {
    let mut orders = connection.prepare(
        "SELECT coalesce(uuid, '-'), state, coalesce(order_ref_1, '-'), coalesce(step, '-') \
         FROM orders LEFT JOIN steps ON order_id = orders.id AND answered_at IS NULL",
    )?;
    let orders = orders.query_map([], |row| {
        Ok(Row {
            uuid: row.get(0)?,
            state: row.get(1)?,
            order_ref_1: row.get(2)?,
            open: row.get(3)?,
        })
    })?;
    let mut log = connection
        .prepare("SELECT id, coalesce(uuid, '-'), step, lower(hex(hash)) FROM log ORDER BY id")?;
    let log = log.query_map([], |row| {
        let entry = Entry {
            uuid: row.get(1)?,
            step: row.get(2)?,
            hash: row.get(3)?,
        };
        Ok((row.get(0)?, entry))
    })?;
    Ok(Ledger {
        orders: orders.collect::<rusqlite::Result<_>>()?,
        log: log.collect::<rusqlite::Result<_>>()?,
    })
}

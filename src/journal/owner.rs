//! Who is working on an order: a claim names a client, and a client that lives holds a lock on a
//! small file of its own beside the journal. The lock goes with the process, however it ends, so a
//! till that comes back after a crash need not wait until its own dead claims run out.

use super::{JournalError, Result, beside, random};
use crate::vocabulary::ErrorCode;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

/// Tries to take the own lock, of 1 ms each.
const MOST_TRIES: u32 = 1000;

/// This client, as claims name it.
#[derive(Debug)]
pub struct Owner {
    name: String,
    journal: Option<PathBuf>,
    /// Locked while this client lives; made for the first claim, so that reading leaves no trace.
    lock: Mutex<Option<File>>,
}

impl Owner {
    /// A new client of the journal at this path (none: in memory).
    pub fn new(journal: Option<&Path>) -> Result<Owner> {
        let [a, b, c, d, e, f, g, h, ..] = random()?;
        Ok(Owner {
            name: crate::transaction_log::hex(&[a, b, c, d, e, f, g, h]),
            journal: journal.map(Path::to_owned),
            lock: Mutex::new(None),
        })
    }

    /// The name in claims.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Takes the lock that shows others that this client lives. Before the first claim.
    pub fn show_alive(&self) -> Result<()> {
        let Some(journal) = &self.journal else {
            return Ok(());
        };
        let mut lock = self
            .lock
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        if lock.is_some() {
            return Ok(());
        }
        remove_those_of_the_dead(journal);
        let path = lock_path(journal, &self.name);
        let failed = |error: std::io::Error| {
            JournalError::new(
                ErrorCode::JournalReadOnly,
                format!(
                    "No file can be made beside the journal ({error}); let this program write to its folder."
                ),
            )
        };
        for _ in 0..MOST_TRIES {
            let file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&path)
                .map_err(failed)?;
            match file.try_lock() {
                // A file system without locks: claims then last until their time is over.
                Err(TryLockError::Error(_)) => {
                    *lock = Some(file);
                    return Ok(());
                }
                // Another till that cleans up may have held it for a moment, and removed the file
                // under its lock: then the name leads nowhere, or to another file.
                Ok(()) if !is_dead(&path) => {
                    *lock = Some(file);
                    return Ok(());
                }
                _ => std::thread::sleep(Duration::from_millis(1)),
            }
        }
        Err(JournalError::new(
            ErrorCode::JournalFailed,
            "The file that shows that this till is alive cannot be kept beside the journal.",
        ))
    }

    /// Whether the client of this name surely does not live any more.
    pub fn is_dead(&self, name: &str) -> bool {
        match &self.journal {
            Some(journal) => is_dead(&lock_path(journal, name)),
            None => false,
        }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let lock = self
            .lock
            .get_mut()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        if let (Some(file), Some(journal)) = (lock.take(), &self.journal) {
            // Closed first: Windows removes no file that is open.
            drop(file);
            let _ = std::fs::remove_file(lock_path(journal, &self.name));
        }
    }
}

pub(super) fn lock_path(journal: &Path, name: &str) -> PathBuf {
    beside(journal, &format!("-till-{name}"))
}

fn is_dead(path: &Path) -> bool {
    match OpenOptions::new().write(true).open(path) {
        Ok(file) => file.try_lock().is_ok(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Whether any till that has worked with this journal still lives.
pub(super) fn is_anyone_alive(journal: &Path) -> bool {
    lock_files(journal).iter().any(|path| !is_dead(path))
}

/// What crashed tills have left beside the journal.
fn remove_those_of_the_dead(journal: &Path) {
    for path in lock_files(journal) {
        if is_dead(&path) {
            let _ = std::fs::remove_file(path);
        }
    }
}

fn lock_files(journal: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (journal.parent(), journal.file_name()) else {
        return Vec::new();
    };
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let mut prefix = name.to_owned();
    prefix.push("-till-");
    let prefix = prefix.to_string_lossy().into_owned();
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
        .map(|entry| entry.path())
        .collect()
}

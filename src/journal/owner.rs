//! Who has the journal open, and who is working on an order: a claim names a client, and a client that
//! lives holds a lock on a small file of its own beside the journal. The lock goes with the process,
//! however it ends, so a till that comes back after a crash need not wait until its own dead claims run
//! out. And unlike SQLite's own locks it does not go when the host program closes a file.
//!
//! The lock also says which files the client holds. Where one of them is not the file any more, as long as
//! somebody holds what was there, nobody begins with what is there now: SQLite would share memory between
//! those who have not the same files.

use super::beside::{self, Locked, beside};
use super::error::{JournalError, Result};
use super::place;
use super::random::random;
use super::watch::Names;
use crate::canonical::hex;
use crate::crash_point::{self, Point};
use crate::vocabulary::ErrorCode;
use std::fs::{self, File, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Tries to take the own lock, of 1 ms each.
const MOST_TRIES: u32 = 1000;
/// Looks whether a till lives, of 1 ms each: one of an older version that looks too holds its lock for a moment.
const MOST_LOOKS: u32 = 3;
/// What its file says it is.
const LOCK: &str = "till-lock";
/// How its second line begins, where it has one.
const HOLDS: &str = "holds ";
/// A client's name has so many hexadecimal digits.
const NAME_DIGITS: usize = 16;

/// This client, as claims name it.
#[derive(Debug)]
pub struct Owner {
    name: String,
    /// Where the journal is, and its id; none for one in memory, or one that is only looked at.
    journal: Option<(PathBuf, String)>,
    shown: Shown,
}

/// What this client shows others, while it lives.
#[derive(Clone, Debug, Default)]
pub struct Shown(Arc<Mutex<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    lock: Option<Locked>,
    /// What it is, and whose.
    first: String,
    /// Which files are held; empty: none.
    held: String,
}

impl Lines {
    fn write(&self) -> io::Result<()> {
        let Some(lock) = &self.lock else {
            return Ok(());
        };
        let text = format!("{}{}", self.first, self.held);
        let mut file: &File = lock;
        file.rewind()?;
        file.write_all(text.as_bytes())?;
        file.set_len(text.len() as u64)
    }
}

impl Shown {
    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// These files are held from now on; none: they were let go.
    pub(super) fn holds(&self, files: Option<String>) {
        let mut lines = self.lines();
        lines.held = files.map_or(String::new(), |files| format!("{HOLDS}{files}\n"));
        // Others are then as careful as if nothing were said.
        let _ = lines.write();
    }
}

impl Owner {
    /// A new client of the journal at this path, with this id (none: nobody else can have it open).
    pub fn new(journal: Option<(PathBuf, String)>) -> Result<Owner> {
        Ok(Owner {
            name: hex(&random()?[..NAME_DIGITS / 2]),
            journal,
            shown: Shown::default(),
        })
    }

    /// The name in claims.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Takes the lock that shows others that this client lives, and takes it again where somebody has
    /// removed its file. When the journal is opened, and before each claim.
    pub fn show_alive(&self) -> Result<()> {
        let Some((journal, id)) = &self.journal else {
            return Ok(());
        };
        let path = lock_path(journal, &self.name);
        let mut lines = self.shown.lines();
        let is_shown = |lock: &Locked| leads_to(&path, lock);
        if lines.lock.as_ref().is_some_and(is_shown) {
            return Ok(());
        }
        let failed = |error: io::Error| place::not_made(&path, &error);
        let file = beside::make(&path, Some(journal)).map_err(failed)?;
        for _ in 0..MOST_TRIES {
            match file.try_lock() {
                // Another till that looks who lives may hold it for a moment.
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
                // A file system without locks: claims then last until their time is over.
                Ok(()) | Err(TryLockError::Error(_)) => {
                    lines.first = beside::line(LOCK, id);
                    lines.lock = Some(Locked(file));
                    lines.write().map_err(failed)?;
                    // Now, when nobody takes himself for alone for want of them.
                    remove_those_of_the_dead(journal, id, &path);
                    return Ok(());
                }
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
            Some((journal, _)) => match look(&lock_path(journal, name)) {
                Lock::Free(_) | Lock::Missing => true,
                // What is no till's lock says nothing; the claim then lasts until its time is over.
                Lock::Held | Lock::Foreign => false,
            },
            None => false,
        }
    }

    /// Whether no other client has the journal open, and none has died with it open since somebody
    /// last tidied up.
    pub fn is_alone(&self) -> bool {
        let Some((journal, id)) = &self.journal else {
            return true;
        };
        let own = lock_path(journal, &self.name);
        let others = lock_files(journal).into_iter().filter(|path| *path != own);
        !others.map(|path| look(&path)).any(|lock| match lock {
            Lock::Held => true,
            Lock::Free(file) => is_of(&file, id),
            Lock::Missing | Lock::Foreign => false,
        })
    }

    /// What this client shows others.
    pub(super) fn shown(&self) -> &Shown {
        &self.shown
    }

    /// Shows others that this client lives no more.
    pub(super) fn leave(&mut self) {
        let lock = self.shown.lines().lock.take();
        let (Some(file), Some((journal, _))) = (lock, &self.journal) else {
            return;
        };
        let path = lock_path(journal, &self.name);
        if leads_to(&path, &file) {
            // Closed first: Windows removes no file that is open.
            drop(file);
            let _ = fs::remove_file(path);
        }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.leave();
    }
}

pub(super) fn lock_path(journal: &Path, name: &str) -> PathBuf {
    beside(journal, &format!("-till-{name}"))
}

/// Whether any till lives that has the journal of this path open.
pub(super) fn is_anyone_alive(journal: &Path) -> bool {
    lock_files(journal)
        .iter()
        .any(|path| matches!(look(path), Lock::Held))
}

/// Refuses to go on where a till that lives holds other files than those that are there now.
pub(super) fn check_held(journal: &Path) -> Result<()> {
    // In this order: what a till says that it holds is there from before it says so until its lock is gone. So one that
    // opens the journal in this moment holds nothing else, and one that closes it has no lock at the end.
    let locks = lock_files(journal).into_iter();
    let holders: Vec<(PathBuf, String)> = locks
        .filter_map(|path| held_by(&path).map(|held| (path, held)))
        .collect();
    crash_point::wait_at(Point::Opening);
    let there = Names::of(journal).to_text();
    crash_point::wait_at(Point::Opening);
    // A lock that nobody holds is a dead till's. To see that one is held takes a moment.
    let holds_others = |(path, held): &(PathBuf, String)| {
        there.as_ref() != Some(held) && matches!(look(path), Lock::Held)
    };
    match holders.iter().any(holds_others) {
        false => Ok(()),
        true => Err(JournalError::new(
            ErrorCode::JournalLost,
            format!(
                "A part of the journal {} was removed or replaced, and a till that has it open still runs. Close that till: it keeps what it holds. Then open this one again.",
                journal.display()
            ),
        )),
    }
}

/// Which files a lock says that its till holds.
fn held_by(lock: &Path) -> Option<String> {
    if !is_small(lock) {
        return None;
    }
    let text = beside::open(lock, false).and_then(|file| beside::beginning(&file));
    let text = String::from_utf8(text.ok()?).ok()?;
    let held = text.lines().find_map(|line| line.strip_prefix(HOLDS));
    held.map(str::to_owned)
}

/// Whether tills have left the locks of a journal beside this path.
pub(super) fn are_there_locks(journal: &Path) -> bool {
    lock_files(journal).iter().any(|path| match look(path) {
        Lock::Free(file) => beside::beginning(&file).is_ok_and(|text| beside::is_line(LOCK, &text)),
        Lock::Held => true,
        Lock::Missing | Lock::Foreign => false,
    })
}

/// What there is under the name of a lock.
enum Lock {
    Missing,
    /// A till that lives holds it.
    Held,
    /// Nobody holds it; while this is open, nobody can. Others may look too: they are not taken for a till that lives.
    Free(Locked),
    /// No file at all.
    Foreign,
}

/// What is larger may be another journal: to close it would drop this process's locks on it.
fn is_small(path: &Path) -> bool {
    !fs::symlink_metadata(path).is_ok_and(|there| there.len() > beside::LONGEST)
}

fn look(path: &Path) -> Lock {
    if !is_small(path) {
        return Lock::Foreign;
    }
    match beside::open(path, false) {
        Ok(file) => {
            for _ in 0..MOST_LOOKS {
                match file.try_lock_shared() {
                    Ok(()) => return Lock::Free(Locked(file)),
                    Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
                    Err(TryLockError::Error(_)) => break,
                }
            }
            Lock::Held
        }
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound => Lock::Missing,
            // Another user's.
            io::ErrorKind::PermissionDenied => Lock::Held,
            _ => Lock::Foreign,
        },
    }
}

/// Removes what crashed tills have left beside the journal: what says of itself that it is a lock of
/// this journal. (An empty file is one of version 0.1.0, or looks like it; it stays.)
fn remove_those_of_the_dead(journal: &Path, id: &str, own: &Path) {
    for path in lock_files(journal) {
        if path != own
            && let Lock::Free(file) = look(&path)
            && is_of(&file, id)
            && leads_to(&path, &file)
        {
            // Its till lives no more, and no other ever takes its name.
            drop(file);
            let _ = fs::remove_file(path);
        }
    }
}

/// Whether a file says of itself that it is a lock of the journal with this id.
fn is_of(file: &File, id: &str) -> bool {
    beside::beginning(file).is_ok_and(|text| text.starts_with(beside::line(LOCK, id).as_bytes()))
}

/// Whether a path is still the name of an open file.
fn leads_to(path: &Path, file: &File) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let same = |a: fs::Metadata, b: fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
        let there = fs::symlink_metadata(path);
        there.is_ok_and(|there| file.metadata().is_ok_and(|open| same(there, open)))
    }
    // A file that is open cannot be replaced.
    #[cfg(not(unix))]
    {
        let _ = file;
        fs::symlink_metadata(path).is_ok()
    }
}

/// What has exactly the name of a lock of this journal's.
fn lock_files(journal: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (journal.parent(), journal.file_name()) else {
        return Vec::new();
    };
    let mut prefix = name.to_owned();
    prefix.push("-till-");
    let is_lock = |name: &std::ffi::OsStr| {
        let digits = name
            .as_encoded_bytes()
            .strip_prefix(prefix.as_encoded_bytes());
        digits.is_some_and(|digits| {
            let hex = |digit: &u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
            digits.len() == NAME_DIGITS && digits.iter().all(hex)
        })
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| is_lock(&entry.file_name()))
        .map(|entry| entry.path())
        .collect()
}

//! A small file beside the journal that says to the next opening that the journal is damaged, and, once it
//! is being set aside, how its name will go on. Locked by whoever is looking into it.

use super::beside::{self, Locked, beside, is_there, sync_folder};
use super::door::OPEN_PATIENCE;
use super::random::random;
use super::schema;
use crate::canonical::hex;
use crate::system;
use std::fs::{self, File, TryLockError};
use std::io::{self, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

const SUFFIX: &str = "-damaged";
/// What it says it is.
const MARK: &str = "damage-mark";
/// How the name of a journal that is set aside goes on; a date follows.
pub(super) const ASIDE: &str = ".damaged-";

/// What the file says.
#[derive(Debug, PartialEq)]
pub(super) enum Mark {
    /// There is none; or another's, which says nothing and stays as it is.
    None,
    /// The journal was found damaged; by version 0.1.0, which did not write what the file is.
    Suspected { by_older: bool },
    /// It is being set aside, and its name goes on like this.
    Begun(String),
}

impl Mark {
    pub(super) fn read(path: &Path) -> Mark {
        match beside::open(&beside(path, SUFFIX), false) {
            Ok(mark) => Mark::of(path, &mark),
            Err(_) => Mark::None,
        }
    }

    pub(super) fn of(path: &Path, mut mark: &File) -> Mark {
        let text = mark.rewind().and_then(|()| beside::beginning(mark));
        let text = text.unwrap_or_else(|_| b"unreadable".to_vec());
        let ours = beside::is_line(MARK, &text);
        let suffix = match ours {
            true => text
                .splitn(2, |byte| *byte == b'\n')
                .nth(1)
                .unwrap_or_default(),
            false => &text,
        };
        // A power cut may have left anything behind the line.
        let suffix = String::from_utf8_lossy(suffix);
        match is_dated(&suffix) {
            true if is_there(&beside(path, &suffix)) => Mark::Begun(suffix.into_owned()),
            dated if ours || dated || suffix.is_empty() => Mark::Suspected { by_older: !ours },
            _ => Mark::None,
        }
    }
}

/// `.damaged-2026-11-30T101500`, or with a number behind it.
fn is_dated(suffix: &str) -> bool {
    let date = suffix.strip_prefix(ASIDE).unwrap_or_default();
    let (date, number) = date.split_at_checked(17).unwrap_or_default();
    let shape: String = date
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let digits = number.strip_prefix('-').unwrap_or("0");
    shape == "0000-00-00T000000"
        && (number.is_empty() || number.starts_with('-'))
        && !digits.is_empty()
        && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// Notes for the next opening that the journal with this id is damaged. What is noted already stays; and
/// on a disk that cannot be written the damage shows again.
pub(super) fn suspect(path: &Path, id: &str) {
    let mark = beside(path, SUFFIX);
    if fs::symlink_metadata(&mark).is_ok() {
        return;
    }
    let Ok(random) = random() else {
        return;
    };
    // It gets its name when all of it is on the disk: half a note after a power cut would be nobody's.
    let draft = beside(path, &format!("{SUFFIX}-{}", hex(&random)));
    let noted = beside::make(&draft, Some(path)).and_then(|mut file| {
        file.write_all(beside::line(MARK, id).as_bytes())?;
        file.sync_all()?;
        drop(file);
        system::rename_new(&draft, &mark)
    });
    if noted.is_err() {
        let _ = fs::remove_file(&draft);
    }
}

/// Whether somebody has noted that. What version 0.1.0 noted counts for a journal of its time only: the
/// file cannot be told from an empty one of somebody else's, and this version looks once.
pub(super) fn is_suspected(path: &Path, version_before: i32) -> bool {
    match Mark::read(path) {
        Mark::None => false,
        Mark::Suspected { by_older } => !by_older || (1..schema::VERSION).contains(&version_before),
        Mark::Begun(_) => true,
    }
}

/// The mark, made where there is none, and locked: one till at a time looks into a journal.
pub(super) fn hold(path: &Path) -> io::Result<Locked> {
    const MOST_TRIES: u32 = 100;
    let place = beside(path, SUFFIX);
    let in_the_way = |error: &dyn std::fmt::Display| {
        io::Error::other(format!("{} is in the way: {error}", place.display()))
    };
    for _ in 0..MOST_TRIES {
        suspect(path, &"0".repeat(32));
        match beside::open(&place, true) {
            // Another till has just finished with it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(in_the_way(&error)),
            Ok(file) => {
                wait_for(&file);
                let mark = Locked(file);
                return match Mark::of(path, &mark) {
                    Mark::None => Err(in_the_way(&"it says nothing of this journal")),
                    _ => Ok(mark),
                };
            }
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Err(io::Error::other(format!(
        "{} cannot be made",
        place.display()
    )))
}

/// Waits for a lock, not for ever: a file system may have none.
fn wait_for(lock: &File) {
    let until = Instant::now() + OPEN_PATIENCE;
    while let (Err(TryLockError::WouldBlock), true) = (lock.try_lock(), Instant::now() < until) {
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Notes, before anything is moved, where to.
pub(super) fn begin(path: &Path, mut mark: &File, suffix: &str) -> io::Result<()> {
    let text = beside::line(MARK, &"0".repeat(32)) + suffix;
    mark.rewind()?;
    mark.write_all(text.as_bytes())?;
    mark.set_len(text.len() as u64)?;
    mark.sync_all()?;
    sync_folder(path)
}

/// Removes the mark that is held.
pub(super) fn remove(path: &Path) {
    let _ = fs::remove_file(beside(path, SUFFIX));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dated_name_is_known_again_and_nothing_else_is() {
        for dated in [
            ".damaged-2026-11-30T101500",
            ".damaged-2026-11-30T101500-12",
        ] {
            assert!(is_dated(dated), "{dated}");
        }
        for other in [
            "",
            ".damaged-",
            ".damaged-2026-11-30T10150",
            ".damaged-2026-11-30T101500-",
            ".damaged-2026-11-30T101500x",
            ".damaged-2026-11-30T101500-1/../x",
            "damaged-2026-11-30T101500",
            ".damaged-20\u{e9}6-11-30T10150",
        ] {
            assert!(!is_dated(other), "{other}");
        }
    }
}

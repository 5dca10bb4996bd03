//! A private folder for what is made and is not whole yet, or goes again: beside a copy until it has its name, or among
//! the system's temporary files. It goes with the program that made it. One that was killed leaves it, with what it had
//! copied; then the next that makes a room there removes it, when it says what it is and nobody holds its lock.

use super::beside::{self, Locked};
use super::drive;
use super::random::random;
use crate::canonical::hex;
use crate::system;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

const LOCK: &str = "lock";
/// What its lock says, to programs and to people.
const MARK: &[u8] = b"sequra-pos: a folder of a program that is at work here, or was killed\n";
/// Its name ends with so many hexadecimal digits.
const DIGITS: usize = 32;
/// Tries to take the own lock, of 1 ms each: whoever looks for the dead may hold it for a moment.
const MOST_TRIES: u32 = 1000;

/// The folder. It is removed with all that is in it.
#[derive(Debug)]
pub struct Room {
    path: PathBuf,
    lock: Option<Locked>,
}

impl Room {
    /// Makes one whose name begins with this, for its owner only; and removes those of the dead that have such a name, or one
    /// that ends as this begins.
    pub fn within(folder: &Path, begin: &str) -> io::Result<Room> {
        let random = random().map_err(|error| io::Error::other(error.message))?;
        let path = folder.join(format!("{begin}{}", hex(&random)));
        #[cfg_attr(not(unix), allow(unused_mut))]
        let mut made = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut made, 0o700);
        made.create(&path)?;
        let mut room = Room { path, lock: None };
        let mut lock = beside::make(&room.path.join(LOCK), None)?;
        for _ in 0..MOST_TRIES {
            if let Err(fs::TryLockError::WouldBlock) = lock.try_lock() {
                std::thread::sleep(Duration::from_millis(1));
                continue;
            }
            break;
        }
        // Only now: one without it is left alone.
        lock.write_all(MARK)?;
        room.lock = Some(Locked(lock));
        room.remove_the_dead(folder, begin);
        Ok(room)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn remove_the_dead(&self, folder: &Path, begin: &str) {
        // Whether somebody on another machine holds a lock there cannot be seen.
        if drive::is_remote(&system::ground(folder)) {
            return;
        }
        let kind = begin.rfind('.').map_or(begin, |at| &begin[at..]);
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let others = entries.map(|entry| entry.path());
        for other in others.filter(|other| *other != self.path && is_named(other, kind)) {
            if self.is_same_owners(&other) && is_dead(&other) {
                let _ = fs::remove_dir_all(other);
            }
        }
    }

    /// Whether it is a folder, and of the user who runs this.
    fn is_same_owners(&self, other: &Path) -> bool {
        let Ok(there) = fs::symlink_metadata(other) else {
            return false;
        };
        #[cfg(unix)]
        let is_ours = {
            use std::os::unix::fs::MetadataExt;
            fs::symlink_metadata(&self.path).is_ok_and(|own| own.uid() == there.uid())
        };
        #[cfg(not(unix))]
        let is_ours = true;
        there.is_dir() && is_ours
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // Closed first: Windows removes no file that is open.
        self.lock = None;
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Whether a name is one of this kind.
fn is_named(path: &Path, kind: &str) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let begin = name
        .len()
        .checked_sub(DIGITS)
        .and_then(|at| name.split_at_checked(at));
    begin.is_some_and(|(begin, digits)| {
        begin.ends_with(kind) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

/// Whether it says that it is one, and whoever made it lives no more.
fn is_dead(room: &Path) -> bool {
    let Ok(lock) = beside::open(&room.join(LOCK), false) else {
        return false;
    };
    let says = |lock: &File| beside::beginning(lock).is_ok_and(|text| text == MARK);
    lock.try_lock().is_ok() && says(&lock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rooms_of_the_dead_are_removed() {
        let folder = Room::within(&std::env::temp_dir(), "sequra-test-rooms-").unwrap();
        let folder = folder.path();
        let name = |begin: &str| folder.join(format!("{begin}{}", "0a".repeat(16)));
        let left = |begin: &str, lock: Option<&[u8]>| {
            fs::create_dir(name(begin)).unwrap();
            fs::write(name(begin).join("copy"), "personal").unwrap();
            lock.inspect(|lock| fs::write(name(begin).join(LOCK), lock).unwrap());
        };
        left("a.db.incomplete-", Some(MARK));
        left("b.db.incomplete-", Some(MARK));
        left("c.db.incomplete-", Some(b"another's"));
        left("d.db.incomplete-", None);
        left("e.db.other-", Some(MARK));
        fs::write(name("f.db.incomplete-"), MARK).unwrap();
        let alive = Room::within(folder, "g.db.incomplete-").unwrap();
        let there = |begin: &str| name(begin).exists();
        assert!(!there("a.db.incomplete-") && !there("b.db.incomplete-"));
        for kept in [
            "c.db.incomplete-",
            "d.db.incomplete-",
            "e.db.other-",
            "f.db.incomplete-",
        ] {
            assert!(there(kept), "{kept}");
        }
        let other = Room::within(folder, "g.db.incomplete-").unwrap();
        assert!(alive.path().exists() && other.path().exists());
        let (alive_at, other_at) = (alive.path().to_owned(), other.path().to_owned());
        drop((alive, other));
        assert!(!alive_at.exists() && !other_at.exists());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_looks_into_it() {
        use std::os::unix::fs::PermissionsExt;
        let room = Room::within(&std::env::temp_dir(), "sequra-test-rights-").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(room.path()), 0o700);
        assert_eq!(mode(&room.path().join(LOCK)), 0o600);
    }
}

//! What is made beside a journal, and how it is known again: by its exact name and by a first line that
//! says what it is and whose. Whatever else has such a name is somebody else's, and stays as it is.

use super::error::{JournalError, Result};
use crate::clock::{now_ms, to_text};
use crate::system;
use crate::vocabulary::ErrorCode;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// SQLite's companions of a database.
pub(super) const WRITE_AHEAD_LOG: &str = "-wal";
pub(super) const INDEX_OF_IT: &str = "-shm";
/// Of the one transaction before there is a log: the journal's first page.
pub(super) const ROLLBACK: &str = "-journal";

/// More than any of our own files has, in bytes.
pub(super) const LONGEST: u64 = 400;

/// The journal's path with something behind it.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The line with which a file of this kind begins; `journal`: that journal's id.
pub(super) fn line(kind: &str, journal: &str) -> String {
    format!("sequra-pos {kind} of journal {journal}\n")
}

/// Whether a text begins with such a line, of whichever journal.
pub(super) fn is_line(kind: &str, text: &[u8]) -> bool {
    let sample = line(kind, &"0".repeat(32));
    let (before, after) = sample.split_at(sample.len() - 33);
    let id = text
        .strip_prefix(before.as_bytes())
        .and_then(|rest| rest.get(..32).zip(rest.get(32..)));
    id.is_some_and(|(id, rest)| {
        id.iter().all(u8::is_ascii_hexdigit) && rest.starts_with(&after.as_bytes()[32..])
    })
}

/// Opens a file that is there; never a pipe, a device or what a link leads to, and never waiting.
pub(super) fn open(path: &Path, to_write: bool) -> io::Result<File> {
    let no_file = || io::Error::other("it is not a file");
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(no_file());
    }
    // What it is may have changed since.
    let file = system::cautious(OpenOptions::new().read(true).write(to_write)).open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(no_file()),
    }
}

/// Makes a file that was not there, for its owner only, or for those who may have the journal: SQLite
/// does the same with its companions.
pub(crate) fn make(path: &Path, journal: Option<&Path>) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let file = system::cautious(options.read(true).write(true).create_new(true)).open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let others = journal.and_then(|journal| fs::metadata(journal).ok());
        let others = others.map_or(0, |journal| journal.permissions().mode() & 0o066);
        // Whatever the process's umask is.
        file.set_permissions(fs::Permissions::from_mode(0o600 | others))?;
    }
    #[cfg(windows)]
    match journal {
        Some(journal) => system::take_rights_of(journal, path)?,
        None => system::keep_private(path)?,
    }
    Ok(file)
}

/// A file whose lock was taken, where the file system has locks. The lock goes with this, even where the
/// host has just begun another process, which has the file too for a moment.
#[derive(Debug)]
pub(super) struct Locked(pub(super) File);

impl Drop for Locked {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

impl std::ops::Deref for Locked {
    type Target = File;

    fn deref(&self) -> &File {
        &self.0
    }
}

/// As a file begins.
pub(super) fn beginning(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether the journal has a write-ahead log of SQLite's beside it.
pub(super) fn has_log(path: &Path) -> bool {
    let begins = open(&beside(path, WRITE_AHEAD_LOG), false).and_then(|log| beginning(&log));
    begins.is_ok_and(|bytes| is_log(&bytes))
}

fn is_log(bytes: &[u8]) -> bool {
    matches!(bytes, [0x37, 0x7f, 0x06, 0x82 | 0x83, ..])
}

/// Refuses to go on where one of the names that SQLite will use is another's: it would be overwritten,
/// or waited for. What it holds is looked at only where there is no journal yet whose companion it could
/// be: beside one it may be anything after a power cut, and to look would drop this process's locks on it.
pub(super) fn check(path: &Path) -> Result<()> {
    for suffix in [WRITE_AHEAD_LOG, INDEX_OF_IT, ROLLBACK] {
        let companion = beside(path, suffix);
        let Ok(there) = fs::symlink_metadata(&companion) else {
            continue;
        };
        let begins = || open(&companion, false).and_then(|file| beginning(&file));
        let is_foreign = || begins().is_ok_and(|bytes| !is_of_sqlite(&bytes));
        // In this order: SQLite makes the log and its index when the journal has its first page, and the
        // rollback journal, for that page, when the journal's name is on the disk.
        let is_early = || match suffix {
            ROLLBACK => fs::symlink_metadata(path).is_err(),
            _ => is_empty(path),
        };
        if there.is_file() && !(there.len() > 0 && is_early() && is_foreign()) {
            continue;
        }
        return Err(JournalError::new(
            ErrorCode::JournalFailed,
            format!(
                "{} is in the way: SQLite keeps a part of the journal under that name, and what is there is no file of SQLite's. Move it away, or name another file in `journal`. Nothing was changed.",
                companion.display()
            ),
        ));
    }
    Ok(())
}

/// How a write-ahead log, its index, or a rollback journal begins; each may not be filled in yet.
fn is_of_sqlite(bytes: &[u8]) -> bool {
    const INDEX_VERSION: u32 = 3_007_000;
    let index = bytes
        .first_chunk()
        .map(|version| u32::from_ne_bytes(*version));
    let unfilled = bytes.iter().take(4).all(|byte| *byte == 0);
    let rollback = bytes.starts_with(&[0xd9, 0xd5, 0x05, 0xf9]);
    unfilled || is_log(bytes) || index == Some(INDEX_VERSION) || rollback
}

/// Whether there is nothing at a path yet, or a file without a byte.
pub(super) fn is_empty(path: &Path) -> bool {
    fs::metadata(path).map_or(0, |there| there.len()) == 0
}

/// How a journal's name can go on with a date, where nothing has such a name.
pub(super) fn dated(path: &Path, begin: &str) -> String {
    // Without the colons, which Windows does not allow, and without fractions of a second.
    let date: String = to_text(now_ms())
        .chars()
        .take(19)
        .filter(|c| *c != ':')
        .collect();
    let mut suffix = format!("{begin}{date}");
    let mut number = 2;
    while is_there(&beside(path, &suffix)) {
        suffix = format!("{begin}{date}-{number}");
        number += 1;
    }
    suffix
}

/// Whether a journal, or a companion of one, has this name.
pub(super) fn is_there(path: &Path) -> bool {
    ["", WRITE_AHEAD_LOG, INDEX_OF_IT]
        .iter()
        .any(|suffix| fs::symlink_metadata(beside(path, suffix)).is_ok())
}

/// Makes the names of the journal's folder durable.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
    // Windows has no such call, and keeps the order of names by itself.
    #[cfg(not(unix))]
    {
        let _ = path;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_known_again_and_nothing_else_is() {
        let id = "0123456789abcdef0123456789abcdef";
        let ours = line("lock", id);
        assert!(is_line("lock", ours.as_bytes()));
        assert!(is_line("lock", format!("{ours}more").as_bytes()));
        assert!(!is_line("mark", ours.as_bytes()));
        assert!(!is_line("lock", b""));
        assert!(!is_line("lock", &ours.as_bytes()[..ours.len() - 1]));
        assert!(!is_line("lock", ours.replace('0', "x").as_bytes()));
    }
}

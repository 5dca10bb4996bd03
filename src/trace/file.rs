//! The two files of a trace, in turn: one is written until it is full, becomes the other (`.1`), and begins anew. Several
//! processes and threads may write to one. It is opened for each line, so that whoever turns it, moves it away or begins
//! another process keeps nobody from the file that is there.

use super::line::BEGINNING;
use crate::journal;
use crate::system;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Another may have turned the file so often while a line was on its way to it.
const MOST_TURNS: u32 = 4;

/// Where lines go.
#[derive(Debug, Default)]
pub(super) struct TraceFile {
    pub(super) path: PathBuf,
    /// Bytes of one of the two.
    pub(super) most: u64,
    /// A new file is for those who may have this one; none: for its owner alone.
    pub(super) rights: Option<PathBuf>,
    /// Something else has the name of the one, or of the other: as long as it is there, it is not opened again.
    pub(super) taken: [AtomicBool; 2],
}

/// What became of a full file.
enum Turned {
    /// It is the other one now: a new one is to be opened.
    Yes,
    /// Somebody else is at it; this one still takes a line.
    NotNow,
}

impl TraceFile {
    /// Writes a line in one piece, or does not; never waits.
    pub(super) fn append(&self, line: &str) -> io::Result<()> {
        for _ in 0..MOST_TURNS {
            let mut file = self.open_or_make()?;
            let length = file.metadata()?.len();
            let is_full = length > 0 && length + line.len() as u64 > self.most;
            if is_full && matches!(self.turn(&file)?, Turned::Yes) {
                continue;
            }
            // One that the disk had no room for ends where it broke off.
            let whole = match ends_whole(&mut file)? {
                true => line.to_owned(),
                false => format!("\n{line}"),
            };
            return match file.write(whole.as_bytes())? {
                written if written == whole.len() => Ok(()),
                _ => Err(ErrorKind::StorageFull.into()),
            };
        }
        Err(ErrorKind::ResourceBusy.into())
    }

    fn turn(&self, full: &File) -> io::Result<Turned> {
        match full.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(Turned::NotNow),
            // Not every file system has locks: then the last to turn it wins.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let turned = match is_still(full, &self.path) {
            true => self.set_aside(),
            // Another has turned it.
            false => Ok(()),
        };
        // Also where the host has begun another process, which has it for a moment.
        let _ = full.unlock();
        turned.map(|()| Turned::Yes)
    }

    fn set_aside(&self) -> io::Result<()> {
        let mut other = OsString::from(&self.path);
        other.push(".1");
        match fs::symlink_metadata(&other) {
            Ok(_) => drop(self.open_known(Path::new(&other), 1)?),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        fs::rename(&self.path, other)
    }

    fn open_or_make(&self) -> io::Result<File> {
        match self.open_known(&self.path, 0) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            other => return other,
        }
        match journal::make_file(&self.path, self.rights.as_deref()) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => self.open_known(&self.path, 0),
        }
    }

    fn open_known(&self, path: &Path, which: usize) -> io::Result<File> {
        let taken = &self.taken[which];
        if taken.load(Ordering::Relaxed) && fs::symlink_metadata(path).is_ok() {
            return Err(io::Error::other(SOMETHING_ELSE));
        }
        let opened = open(path);
        let is_else = |error: &io::Error| error.to_string() == SOMETHING_ELSE;
        taken.store(opened.as_ref().is_err_and(is_else), Ordering::Relaxed);
        opened
    }
}

const SOMETHING_ELSE: &str = "there is something else in it; name another file";

/// A trace, or an empty file, and nothing else: no pipe, no device, no link, no other program's file under its name.
fn open(path: &Path) -> io::Result<File> {
    let no = |why: &str| Err(io::Error::other(why.to_owned()));
    if !fs::symlink_metadata(path)?.is_file() {
        return no("it is not a file of its own (a folder, a link, a pipe or a device)");
    }
    // What it is may have changed since.
    let mut file = system::cautious(OpenOptions::new().read(true).append(true)).open(path)?;
    let there = file.metadata()?;
    if !there.is_file() {
        return no("it is not a file");
    }
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::nlink(&there) > 1 {
        return no("it has several names");
    }
    let mut beginning = [0; BEGINNING.len()];
    let read = file.read(&mut beginning)?;
    if read == 0 || beginning[..read] == BEGINNING.as_bytes()[..read] {
        return Ok(file);
    }
    // It may be another client's journal, whose locks this process would lose with any descriptor that it closes.
    #[cfg(unix)]
    std::mem::forget(file);
    no(SOMETHING_ELSE)
}

/// Whether the last line is whole. Another may be writing it just now.
fn ends_whole(file: &mut File) -> io::Result<bool> {
    for _ in 0..MOST_TURNS {
        let mut last = [b'\n'];
        if file.seek(SeekFrom::End(0))? > 0 {
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
        }
        if last == *b"\n" {
            return Ok(true);
        }
        std::thread::yield_now();
    }
    Ok(false)
}

/// Whether a file still has its name.
#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |there: fs::Metadata| (there.dev(), there.ino());
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(file), Ok(there)) => id(file) == id(there),
        _ => false,
    }
}

/// As far as can be told: a new one is smaller.
#[cfg(not(unix))]
fn is_still(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(file), Ok(there)) => file.len() <= there.len(),
        _ => false,
    }
}

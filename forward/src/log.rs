//! What the program says of its work: one line for each event, without anything secret and without anything of a shopper.

use sequra_pos::inside::journal::{now_ms, to_text};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// A full file becomes the other one, and begins anew; bytes.
const FULL: u64 = 1 << 20;

/// Where lines go.
#[derive(Debug)]
pub enum Log {
    /// To standard error.
    Error,
    /// To a file, and when it is full to another with `.1` behind its name.
    File(PathBuf, Mutex<()>),
}

impl Log {
    pub fn to(file: Option<&Path>) -> Log {
        match file {
            Some(path) => Log::File(path.to_owned(), Mutex::new(())),
            None => Log::Error,
        }
    }

    /// Says what happened; whatever keeps it from being said keeps nothing else.
    pub fn say(&self, of: &Path, what: &str) {
        let what: String = what
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let line = format!("{} {}: {what}\n", to_text(now_ms()), of.display());
        let _ = match self {
            Log::Error => io::stderr().write_all(line.as_bytes()),
            Log::File(path, writing) => {
                let _one_at_a_time = writing.lock().unwrap_or_else(PoisonError::into_inner);
                append(path, &line)
            }
        };
    }
}

fn append(path: &Path, line: &str) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|there| there.len() >= FULL) {
        let mut other = path.as_os_str().to_owned();
        other.push(".1");
        fs::rename(path, other)?;
    }
    open(path)?.write_all(line.as_bytes())
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    options.append(true).create(true).open(path)
}

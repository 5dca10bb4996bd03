//! The file that a result goes into (`--out`): made ready before anything is asked of seQura, so that what cannot be
//! written is known before, and written in one piece.

use crate::exit::Stop;
use sequra_pos::inside::journal::Room;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Where it goes.
pub enum Out {
    /// Into a file, whose name the draft takes at the end; the folder that the draft is in.
    File(NamedTempFile, PathBuf, Room),
    /// A pipe, a device, a terminal: nothing takes its name.
    Stream(File),
}

impl Out {
    /// Makes it ready. `config`: the till's configuration, which is not to be lost.
    pub fn to(path: &Path, config: &Path) -> Result<Out, Stop> {
        ready(path, config).map_err(|error| Stop::at(path, error))
    }

    /// Writes all of it.
    pub fn write(self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Out::Stream(mut stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
            Out::File(mut draft, path, _room) => {
                draft.write_all(bytes)?;
                draft.as_file().sync_all()?;
                draft.persist(&path).map_err(|failed| failed.error)?;
                #[cfg(unix)]
                File::open(folder_of(&path))?.sync_all()?;
                Ok(())
            }
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

fn ready(path: &Path, config: &Path) -> io::Result<Out> {
    // Through a link, whose name stays.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let there = fs::metadata(&path).ok();
    if there.as_ref().is_some_and(|there| !there.is_file()) {
        return Ok(Out::Stream(OpenOptions::new().write(true).open(&path)?));
    }
    if let Some(what) = precious(&path, config) {
        return Err(io::Error::other(format!(
            "it is {what}, and is not written over. Name another file"
        )));
    }
    let mut maker = tempfile::Builder::new();
    if let Some(there) = there {
        // Whoever may read the one before may read this one.
        maker.permissions(there.permissions());
    }
    let room = Room::within(folder_of(&path), ".sequra-")?;
    let draft = maker.tempfile_in(room.path())?;
    Ok(Out::File(draft, path, room))
}

/// What would be lost with this file.
fn precious(path: &Path, config: &Path) -> Option<&'static str> {
    let is = |other: PathBuf| fs::canonicalize(other).is_ok_and(|other| other == path);
    if is(config.to_owned()) {
        return Some("the configuration");
    }
    let secret = fs::read(config).ok().and_then(|bytes| {
        let config: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
        config["account_secret_file"].as_str().map(PathBuf::from)
    });
    if secret.is_some_and(|secret| is(folder_of(config).join(&secret)) || is(secret)) {
        return Some("the account's secret");
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ends = ["-wal", "-shm", "-journal", "-forwarded", "-damaged"]
        .iter()
        .any(|end| name.ends_with(end));
    let mut begins = Vec::new();
    let _ = File::open(path).and_then(|file| file.take(16).read_to_end(&mut begins));
    let is_of_sqlite = begins.starts_with(b"SQLite format 3\0")
        || matches!(begins[..], [0x37, 0x7f, 0x06, 0x82 | 0x83, ..]);
    let is_lock = name.contains("-till-");
    (ends || is_lock || is_of_sqlite).then_some("a journal, or a part of one")
}

//! Private keys, each a file of 32 bytes that only its owner may read.

use crate::database::Error;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What is wrong with a key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(transparent)]
    Database(#[from] Error),
    #[error("{}: {error}", .file.display())]
    File { file: PathBuf, error: io::Error },
    #[error("{0}")]
    Refused(String),
}

/// Where it is.
pub fn place(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.key"))
}

/// Whether it is here.
pub fn is_here(folder: &Path, id: &str) -> bool {
    place(folder, id).exists()
}

/// On the disk when this returns.
pub fn write(folder: &Path, id: &str, private: &[u8]) -> Result<(), KeyError> {
    let file = place(folder, id);
    let written = write_to(folder, &file, private);
    written.map_err(|error| KeyError::File { file, error })
}

fn write_to(folder: &Path, file: &Path, private: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(file)?;
    opened.write_all(private)?;
    opened.sync_all()?;
    sync(folder)
}

/// The private key.
pub fn read(folder: &Path, id: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let file = place(folder, id);
    match fs::read(&file) {
        Ok(bytes) => Ok(Zeroizing::new(bytes)),
        Err(error) => Err(KeyError::File { file, error }),
    }
}

/// What is left of one that was destroyed: its name. A database that is restored from a backup has forgotten it.
fn mark(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.destroyed"))
}

/// Whether it was here, and was destroyed.
pub fn was_destroyed(folder: &Path, id: &str) -> bool {
    mark(folder, id).exists()
}

/// Overwritten, and removed. (What a disk keeps of what was overwritten is the disk's affair: docs/office.md.)
pub fn destroy(folder: &Path, id: &str) -> Result<(), KeyError> {
    let file = place(folder, id);
    let marked = fs::write(mark(folder, id), "").and_then(|()| sync(folder));
    let destroyed = marked.and_then(|()| destroy_at(folder, &file));
    destroyed.map_err(|error| KeyError::File { file, error })
}

fn destroy_at(folder: &Path, file: &Path) -> io::Result<()> {
    let mut opened = OpenOptions::new().write(true).open(file)?;
    let length = opened.metadata()?.len();
    opened.write_all(&vec![0; length.min(1024) as usize])?;
    opened.sync_all()?;
    drop(opened);
    fs::remove_file(file)?;
    sync(folder)
}

#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

//! Where a journal is: by one name, whatever it was called, and on ground that keeps it whole. Locks and
//! companions lie beside that name, so that all who open the file meet there.

use super::beside::{self, beside};
use super::drive;
use super::error::{JournalError, Result};
use crate::system;
use crate::vocabulary::ErrorCode;
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What a copy, or a journal made of one, is called until it is whole: no till opens it.
pub(super) const DRAFT: &str = ".incomplete-";
/// What SQLite takes of a path, in bytes.
#[cfg(unix)]
const LONGEST_PATH: usize = 511;
/// The longest of what is ever put behind a journal's name.
const LONGEST_SUFFIX: &str = ".damaged-2000-01-01T000000-10-wal";

/// Finds out where a path leads, absolute and through no link, and whether a journal can be there. Nothing
/// is made or opened.
pub(super) fn find(given: &Path) -> Result<PathBuf> {
    let (path, there) = resolve(given)?;
    if let Some(there) = &there {
        check_kind(&path, there)?;
    }
    let folder = path.parent().unwrap_or(&path);
    let ground = system::ground(if there.is_some() { &path } else { folder });
    if drive::is_remote(&ground) || is_on_remote_drive(given) {
        return Err(JournalError::new(
            ErrorCode::JournalRemote,
            format!(
                "The journal {} is on another machine's disk{}: what one till writes there the others do not see in time, and the journal is damaged sooner or later. Put it on a local disk.",
                path.display(),
                ground
                    .name
                    .map_or(String::new(), |name| format!(" ({name})"))
            ),
        ));
    }
    if there.is_some() && ground.is_mounted_alone {
        return Err(failed(format!(
            "The journal {} is mounted by itself, without its folder: what SQLite keeps beside it would be elsewhere, and be lost. Mount the folder that it is in.",
            path.display()
        )));
    }
    check_names(&path)?;
    if path.to_string_lossy().contains(DRAFT) {
        return Err(failed(format!(
            "{} was left by a copy that was interrupted, and is no journal. Remove it.",
            path.display()
        )));
    }
    Ok(path)
}

/// Whether its name begins with the letter of another machine's drive, where drives have letters.
fn is_on_remote_drive(given: &Path) -> bool {
    let is_remote = |path: PathBuf| system::ground(&path).is_remote_drive;
    cfg!(windows) && std::path::absolute(given).is_ok_and(is_remote)
}

/// Where a path leads, as a program that only looks needs it.
pub(super) fn resolve(given: &Path) -> Result<(PathBuf, Option<Metadata>)> {
    let unusable = |error: std::io::Error| {
        failed(format!(
            "The journal {} cannot be looked at ({error}).",
            given.display()
        ))
    };
    // Without a separator at its end, which is no part of a file's name.
    let path: PathBuf = std::path::absolute(given)
        .map_err(unusable)?
        .components()
        .collect();
    let link = match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) if error.kind() == ErrorKind::NotADirectory => return Err(no_folder(&path)),
        link => Some(link.map_err(unusable)?),
    };
    match link {
        None => match (path.parent(), path.file_name()) {
            (Some(folder), Some(name)) if folder.is_dir() => {
                let folder = real(folder).map_err(unusable)?;
                Ok((folder.join(name), None))
            }
            _ => Err(no_folder(&path)),
        },
        Some(link) => match real(&path) {
            Ok(path) => {
                let there = fs::symlink_metadata(&path).map_err(unusable)?;
                Ok((path, Some(there)))
            }
            Err(error) if link.is_symlink() => {
                let target = fs::read_link(&path).unwrap_or_default();
                Err(failed(format!(
                    "The journal {} is a link to {}, where there is no file ({error}). Remove the link, or name the file itself in `journal`.",
                    path.display(),
                    target.display()
                )))
            }
            Err(error) => Err(unusable(error)),
        },
    }
}

/// Through every link, as everybody would write it.
fn real(path: &Path) -> std::io::Result<PathBuf> {
    let real = fs::canonicalize(path)?;
    Ok(match real.to_str().and_then(without_marks) {
        Some(plain) if cfg!(windows) => PathBuf::from(plain),
        _ => real,
    })
}

/// Windows writes what it has resolved as `\\?\C:\…` or `\\?\UNC\server\…`; nobody else does.
fn without_marks(path: &str) -> Option<String> {
    /// Beyond this Windows needs the marks.
    const LONGEST: usize = 220;
    let rest = path.strip_prefix(r"\\?\")?;
    let plain = match rest.strip_prefix(r"UNC\") {
        Some(server) => format!(r"\\{server}"),
        None if rest.get(1..3) == Some(r":\") => rest.to_owned(),
        None => return None,
    };
    (plain.len() <= LONGEST).then_some(plain)
}

fn no_folder(path: &Path) -> JournalError {
    failed(format!(
        "The journal's folder {} does not exist. Make it, or name another in `journal`.",
        path.parent().unwrap_or(path).display()
    ))
}

/// Only a file with one name can be a journal.
fn check_kind(path: &Path, there: &Metadata) -> Result<()> {
    if !there.is_file() {
        return Err(failed(format!(
            "The journal {} is {}, not a file. Name a file in `journal`; it is made when it is not there.",
            path.display(),
            kind(there)
        )));
    }
    match links(path, there) {
        0 | 1 => Ok(()),
        many => Err(failed(format!(
            "The journal {} has {many} names (hard links): a till that opens it by another one would keep a part of it elsewhere, and both would lose sales. Leave it only one; `find -samefile` shows them.",
            path.display()
        ))),
    }
}

#[cfg(unix)]
fn kind(there: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = there.file_type();
    match () {
        _ if kind.is_dir() => "a folder",
        _ if kind.is_fifo() => "a pipe",
        _ if kind.is_socket() => "a socket",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn kind(there: &Metadata) -> &'static str {
    match there.is_dir() {
        true => "a folder",
        false => "a device",
    }
}

#[cfg(unix)]
fn links(_: &Path, there: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(there)
}

#[cfg(windows)]
fn links(path: &Path, _: &Metadata) -> u64 {
    // Whatever keeps it from being opened keeps SQLite too, which then says so.
    system::links(path).unwrap_or(1)
}

/// What is made beside the journal must have names as well.
fn check_names(path: &Path) -> Result<()> {
    let longest = beside(path, LONGEST_SUFFIX);
    let refused = |error: std::io::Error| error.kind() == ErrorKind::InvalidFilename;
    #[cfg(unix)]
    let is_long = longest.as_os_str().len() > LONGEST_PATH;
    #[cfg(not(unix))]
    let is_long = false;
    match is_long || fs::symlink_metadata(&longest).is_err_and(refused) {
        false => Ok(()),
        true => Err(failed(format!(
            "The journal's name is too long: {} bytes are put behind it for what lies beside it. Give it a shorter one: {}",
            LONGEST_SUFFIX.len(),
            path.display()
        ))),
    }
}

/// Makes the journal's file where there is none, before SQLite would make it for everybody to read: it
/// will hold names and addresses.
pub(super) fn make(path: &Path) -> Result<()> {
    /// Another thread that had the file open with SQLite already would lose its locks when this one
    /// closes it.
    static MAKING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    match beside::make(path, None) {
        // Its name before any that SQLite puts beside it, whatever a power cut leaves of them.
        Ok(_) => beside::sync_folder(path).map_err(|error| not_made(path, &error)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(not_made(path, &error)),
    }
}

/// Why a file cannot be made beside the journal, or the journal itself.
pub(super) fn not_made(path: &Path, error: &std::io::Error) -> JournalError {
    let code = match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => ErrorCode::JournalReadOnly,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ErrorCode::JournalFull,
        _ => ErrorCode::JournalFailed,
    };
    JournalError::new(
        code,
        format!(
            "{} cannot be made ({error}). Let this program write to the journal's folder.",
            path.display()
        ),
    )
}

fn failed(message: String) -> JournalError {
    JournalError::new(ErrorCode::JournalFailed, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_marks_of_a_resolved_path_are_left_out() {
        assert_eq!(without_marks(r"\\?\C:\till\j.db").unwrap(), r"C:\till\j.db");
        let share = without_marks(r"\\?\UNC\server\till\j.db").unwrap();
        assert_eq!(share, r"\\server\till\j.db");
        for kept in [
            r"C:\till\j.db",
            r"\\?\Volume{b75e2c83-0000-0000-0000-602f00000000}\j.db",
            &format!(r"\\?\C:\{}\j.db", "x".repeat(250)),
        ] {
            assert_eq!(without_marks(kept), None, "{kept}");
        }
    }
}

//! Who of several forwarders works on a journal. Two at once do no harm: the office takes a frame only where it stands, so
//! that of two the later one goes on from where the first has brought it. But one is enough.

use crate::trouble::{Kind, Trouble};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// This process works, as long as this lives.
#[derive(Debug)]
pub struct Lock {
    /// None: the file system has no locks.
    _file: Option<File>,
}

impl Lock {
    /// Takes it, unless another process has it.
    pub fn take(path: &Path) -> Result<Lock, Trouble> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .map_err(|error| Trouble::with_file(path, error))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(Trouble::plain(
                Kind::Busy,
                "another forwarder is at work on this journal",
            )),
            Err(TryLockError::Error(_)) => Ok(Lock { _file: None }),
        }
    }
}

//! The record that record.c writes, read back.

use crate::support::c;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{fs, str};

/// One thing the process did.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// A file was opened; `created`: it was not there before; `emptied`: what it held is cut off.
    Opened {
        fd: u64,
        name: String,
        created: bool,
        emptied: bool,
    },
    Written {
        fd: u64,
        at: usize,
        bytes: Vec<u8>,
    },
    Resized {
        fd: u64,
        size: usize,
    },
    /// A file's content was synced.
    Synced {
        fd: u64,
    },
    /// Syncing it failed.
    SyncFailed {
        fd: u64,
    },
    /// The folder's list of names was synced.
    FolderSynced,
    Removed {
        name: String,
    },
    Renamed {
        from: String,
        to: String,
    },
    /// These bytes have left the machine.
    Sent {
        bytes: Vec<u8>,
    },
    /// The till wrote this line into its own book.
    Booked {
        line: String,
    },
}

impl Operation {
    /// The till waits for the disk here: what it does next relies on it.
    pub fn is_sync(&self) -> bool {
        matches!(self, Operation::Synced { .. } | Operation::FolderSynced)
    }

    /// It can leave the folder, or what is promised of it, other than it was.
    pub fn matters(&self) -> bool {
        let opened_as_it_was = matches!(
            self,
            Operation::Opened {
                created: false,
                emptied: false,
                ..
            }
        );
        !opened_as_it_was
    }
}

/// Reads a record. A process that was killed has written every entry whole: each was one write.
pub fn read(path: &Path) -> Vec<Operation> {
    let record = fs::read(path).unwrap_or_default();
    let mut rest = record.as_slice();
    let mut operations = Vec::new();
    while !rest.is_empty() {
        let [kind, fd, at, length] = [0, 8, 16, 24].map(|from| {
            let number = rest[from..from + 8].try_into().expect("eight bytes");
            u64::from_ne_bytes(number)
        });
        let bytes = &rest[32..32 + length as usize];
        rest = &rest[32 + length as usize..];
        let text = || str::from_utf8(bytes).expect("names are UTF-8").to_owned();
        let at = at as usize;
        operations.push(match kind as u8 {
            b'o' => Operation::Opened {
                fd,
                name: text(),
                created: at & 1 != 0,
                emptied: at & 2 != 0,
            },
            b'w' => Operation::Written {
                fd,
                at,
                bytes: bytes.to_owned(),
            },
            b't' => Operation::Resized { fd, size: at },
            b's' => Operation::Synced { fd },
            b'f' => Operation::SyncFailed { fd },
            b'd' => Operation::FolderSynced,
            b'u' => Operation::Removed { name: text() },
            b'r' => {
                let both = text();
                let (from, to) = both.split_once('/').expect("two names");
                Operation::Renamed {
                    from: from.to_owned(),
                    to: to.to_owned(),
                }
            }
            b'n' => Operation::Sent {
                bytes: bytes.to_owned(),
            },
            b'b' => Operation::Booked { line: text() },
            other => panic!("no such entry in a record: {other}"),
        });
    }
    operations
}

/// The recorder, to be put under a program by LD_PRELOAD.
pub fn recorder() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let library = c::scratch("recorder").join("record.so");
        c::compile(
            c::compiler(false)
                .args(["-std=gnu11", "-pedantic", "-Wall", "-Wextra", "-Werror"])
                .args(["-shared", "-fPIC", "-o"])
                .arg(&library)
                .arg(c::root("tests/power/record.c"))
                .args(["-ldl", "-lpthread"]),
        );
        library
    })
}

//! Private folders for copies of journals, and for what is only tried, which go when the program ends, also by Ctrl+C or a
//! signal; what one that was killed has left goes with the next.

use crate::exit;
use sequra_pos::inside::journal::Room;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What goes when the program is ended.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
static IS_ENDING: AtomicBool = AtomicBool::new(false);
/// What is being copied is given up within this time, and what was made of it removed.
const PATIENCE: Duration = Duration::from_millis(500);

/// A folder; only its owner can look into it.
pub struct Scratch(Room);

impl Scratch {
    /// Makes one among the system's temporary files.
    pub fn new() -> io::Result<Scratch> {
        Scratch::within(&std::env::temp_dir(), "sequra-")
    }

    /// Makes one in a folder, with a name that begins so.
    pub fn within(folder: &Path, begin: &str) -> io::Result<Scratch> {
        let mut folders = FOLDERS.lock().unwrap_or_else(|held| held.into_inner());
        let room = Room::within(folder, begin).map_err(|error| {
            io::Error::new(error.kind(), format!("{}: {error}", folder.display()))
        })?;
        folders.push(room.path().to_owned());
        drop(folders);
        // It cannot be set twice in one process; the first one does as well.
        let _ = ctrlc::set_handler(end);
        Ok(Scratch(room))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

/// Whether somebody has ended the program.
pub fn is_ending() -> bool {
    IS_ENDING.load(Ordering::Relaxed)
}

fn end() {
    IS_ENDING.store(true, Ordering::Relaxed);
    std::thread::sleep(PATIENCE);
    // Nothing is put there any more: whoever would, waits for the lock.
    let folders = FOLDERS.lock().unwrap_or_else(|held| held.into_inner());
    for folder in &*folders {
        let _ = std::fs::remove_dir_all(folder);
    }
    std::process::exit(i32::from(exit::INTERRUPTED));
}

//! A private folder for copies of journals, which goes when the program ends, also by Ctrl+C or a signal.

use crate::exit;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tempfile::TempDir;

/// What goes when the program is ended.
static FOLDER: Mutex<Option<PathBuf>> = Mutex::new(None);
static IS_ENDING: AtomicBool = AtomicBool::new(false);
/// What is being copied is given up within this time, and what was made of it removed.
const PATIENCE: Duration = Duration::from_millis(500);

/// The folder; only its owner can look into it.
pub struct Scratch(TempDir);

impl Scratch {
    /// Makes it.
    pub fn new() -> std::io::Result<Scratch> {
        let mut folder = FOLDER.lock().unwrap_or_else(|held| held.into_inner());
        let mut maker = tempfile::Builder::new();
        // Whatever the umask is.
        #[cfg(unix)]
        maker.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let scratch = maker.prefix("sequra-").tempdir()?;
        *folder = Some(scratch.path().to_owned());
        drop(folder);
        // It cannot be set twice in one process; the first one does as well.
        let _ = ctrlc::set_handler(end);
        Ok(Scratch(scratch))
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
    let folder = FOLDER.lock().unwrap_or_else(|held| held.into_inner());
    if let Some(folder) = &*folder {
        let _ = std::fs::remove_dir_all(folder);
    }
    std::process::exit(i32::from(exit::INTERRUPTED));
}

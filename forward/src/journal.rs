//! A till's journal, open as long as it is the file that is there: one that was put in its place is opened anew.

use crate::trouble::Trouble;
use sequra_pos::outbox::{Identity, Outbox};
use std::fs;
use std::path::{Path, PathBuf};

/// A journal by its place.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
    open: Option<Open>,
}

/// The file that is open.
#[derive(Debug)]
pub struct Open {
    pub outbox: Outbox,
    mark: Mark,
    /// As of when it was last looked at for changes.
    seen: Option<i64>,
}

/// What tells a file from another that comes into its place. Never found out by opening it: to close a file drops this
/// process's locks on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark(u64, u64);

impl Mark {
    fn of(path: &Path) -> Option<Mark> {
        let there = fs::metadata(path).ok()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            Some(Mark(there.dev(), there.ino()))
        }
        // A file that is open keeps its name there.
        #[cfg(not(unix))]
        Some(Mark(u64::from(there.is_file()), 0))
    }
}

impl Place {
    pub fn new(path: &Path) -> Place {
        Place {
            path: path.to_owned(),
            open: None,
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens it where it is not open, or is another file by now.
    pub fn open(&mut self) -> Result<&mut Open, Trouble> {
        let mark = Mark::of(&self.path);
        if self
            .open
            .as_ref()
            .is_some_and(|open| Some(open.mark) != mark)
        {
            self.open = None;
        }
        let open = match self.open.take() {
            Some(open) => open,
            None => Open {
                // Looked at before and after: what is opened is what has the mark.
                mark: mark.unwrap_or(Mark(0, 0)),
                outbox: Outbox::open(&self.path)?,
                seen: None,
            },
        };
        Ok(self.open.insert(open))
    }

    /// Lets go of it, whatever becomes of it meanwhile.
    pub fn close(&mut self) {
        self.open = None;
    }
}

impl Open {
    /// Who it is at the office; none: it is not enrolled.
    pub fn identity(&self) -> Result<Option<Identity>, Trouble> {
        Ok(self.outbox.identity()?)
    }

    /// What the office knows it by, or would.
    pub fn journal_id(&self) -> Result<String, Trouble> {
        match self.outbox.identity()? {
            Some(identity) => Ok(identity.journal_id),
            None => Ok(self.outbox.journal_id()?),
        }
    }

    /// Whether a till has written to it since the last time that this was asked.
    pub fn has_changed(&mut self) -> Result<bool, Trouble> {
        let now = self.outbox.data_version()?;
        let before = self.seen.replace(now);
        Ok(before != Some(now))
    }
}

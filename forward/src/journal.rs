//! A till's journal, open as long as it is the file that is there: one that was put in its place is opened anew.

use crate::trouble::Trouble;
use sequra_pos::outbox::{Identity, Outbox};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A journal by its place.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
    open: Option<Open>,
    /// How the file was when it was let go of.
    asleep: Option<Look>,
}

/// The file that is open.
#[derive(Debug)]
pub struct Open {
    pub outbox: Outbox,
    /// As of when it was last looked at for changes.
    seen: Option<i64>,
}

/// What changes when a till opens a journal that is closed: its header, and it has a log beside it. Never found out by
/// opening the file: to close it drops this process's locks on it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Look(Option<(SystemTime, u64)>, bool);

impl Look {
    fn at(path: &Path) -> Look {
        let there = fs::metadata(path).ok();
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        Look(
            there.and_then(|there| Some((there.modified().ok()?, there.len()))),
            Path::new(&log).exists(),
        )
    }
}

impl Place {
    pub fn new(path: &Path) -> Place {
        Place {
            path: path.to_owned(),
            open: None,
            asleep: None,
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens it where it is not open, or is another file by now.
    pub fn open(&mut self) -> Result<&mut Open, Trouble> {
        let is_other = |open: &Open| !open.outbox.is_in_place();
        if self.open.as_ref().is_some_and(is_other) {
            self.open = None;
        }
        let open = match self.open.take() {
            Some(open) => open,
            None => Open {
                outbox: Outbox::open(&self.path)?,
                seen: None,
            },
        };
        self.asleep = None;
        Ok(self.open.insert(open))
    }

    /// Lets go of it, whatever becomes of it meanwhile.
    pub fn close(&mut self) {
        self.open = None;
        self.asleep = None;
    }

    /// Lets go of it while no till has it open, so that it is marked as closed, and can be copied, moved or restored.
    pub fn sleep(&mut self) {
        if self
            .open
            .as_ref()
            .is_some_and(|open| open.outbox.is_alone())
        {
            self.open = None;
            self.asleep = Some(Look::at(&self.path));
        }
    }

    pub fn is_asleep(&self) -> bool {
        self.asleep.is_some()
    }

    /// Whether a till has written to it since the last time that this was asked.
    pub fn has_changed(&mut self) -> Result<bool, Trouble> {
        match &self.asleep {
            Some(look) => Ok(*look != Look::at(&self.path)),
            None => self.open()?.has_changed(),
        }
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

    fn has_changed(&mut self) -> Result<bool, Trouble> {
        let now = self.outbox.data_version()?;
        let before = self.seen.replace(now);
        Ok(before != Some(now))
    }
}

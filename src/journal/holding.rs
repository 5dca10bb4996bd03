//! The journal's file as this client holds it, and what becomes of it when it is not the file any more:
//! what can be kept is kept, and the file is let go. The client sends nothing from then on.

use super::connection::lost_while_opening;
use super::door::spare;
use super::error::{JournalError, Result};
use super::keeping::{File, Lost, described};
use super::owner::{self, Owner};
use super::watch::{Change, Names, Watch};
use crate::crash_point::{self, Point};
use crate::vocabulary::ErrorCode;
use rusqlite::Connection;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

/// The files that this process has open. SQLite shares memory between those that are one file: a client
/// that holds a file which is the file no more must let go of it before another opens it.
static OPEN: Mutex<Vec<Weak<Holding>>> = Mutex::new(Vec::new());

/// A journal that is open.
pub(super) struct Holding {
    connection: Mutex<Connection>,
    /// The disk did not take the log, and may lose it with all that is written behind it: nothing more is.
    is_spoilt: AtomicBool,
    /// None for a journal in memory, or one that is only looked at.
    file: Option<File>,
}

impl Holding {
    /// A journal that nobody watches.
    pub(super) fn unwatched(connection: Connection) -> Arc<Holding> {
        Arc::new(Holding {
            connection: Mutex::new(connection),
            is_spoilt: AtomicBool::new(false),
            file: None,
        })
    }

    /// A journal whose file was opened just now, when its names led to these files; `was_alone`: no till had it open then.
    pub(super) fn file(
        connection: Connection,
        (path, opened, was_alone): (&Path, Names, bool),
        journal_id: &str,
        owner: &Owner,
    ) -> Result<Arc<Holding>> {
        let lost = |connection: &Connection| {
            spare(connection, true);
            lost_while_opening(path)
        };
        let Some(watch) = Watch::begin(path, &connection) else {
            return Err(lost(&connection));
        };
        let names = Names::of(path);
        owner.shown().holds(names.to_text());
        // Whoever comes at the same moment sees it, or is seen here.
        let others = owner::check_held(path);
        if names.has_lost_one_since(opened) || watch.look().is_err() || others.is_err() {
            return Err(lost(&connection));
        }
        // A till that held a log which is gone may have brought it into the journal, unseen by SQLite here. Nobody does any
        // more from now on: what was read before is read again. Otherwise it stays: should the file be cut, it is all there is.
        crash_point::wait_at(Point::Opening);
        if !was_alone || !owner.is_alone() {
            connection.release_memory()?;
        }
        watch.note(&connection);
        let held = Arc::new(Holding {
            connection: Mutex::new(connection),
            is_spoilt: AtomicBool::new(false),
            file: Some(File {
                path: path.to_owned(),
                journal_id: journal_id.to_owned(),
                watch,
                lost: OnceLock::new(),
                shown: owner.shown().clone(),
            }),
        });
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.push(Arc::downgrade(&held));
        Ok(held)
    }

    /// The connection. A panic while it was held cannot have left a transaction open: dropping one
    /// rolls it back.
    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// To ask: where the file is not the file any more, of what it held then.
    pub(super) fn to_read(&self) -> Result<MutexGuard<'_, Connection>> {
        let (connection, lost) = self.looked_at(|file, _| file.watch.look());
        match lost.filter(|lost| !lost.is_remembered) {
            Some(lost) => Err(lost.error()),
            None => Ok(connection),
        }
    }

    pub(super) fn is_spoilt(&self) -> bool {
        self.is_spoilt.load(Ordering::SeqCst)
    }

    /// Nothing is written any more.
    pub(super) fn spoil(&self) {
        self.is_spoilt.store(true, Ordering::SeqCst);
    }

    fn unless_spoilt(&self) -> Result<()> {
        match self.is_spoilt() {
            false => Ok(()),
            true => Err(JournalError::new(
                ErrorCode::JournalFailed,
                "The disk did not take what was written to the journal. This client writes nothing more: close it, look after the disk, and open another.",
            )),
        }
    }

    /// To write what is going to happen: only where the file is still the file, looked at closely.
    pub(super) fn to_write(
        &self,
        is_alone: impl Fn() -> bool,
    ) -> Result<MutexGuard<'_, Connection>> {
        self.unless_spoilt()?;
        let looked_at =
            self.looked_at(|file, connection| file.watch.look_closely(connection, &is_alone));
        Self::unless_lost(looked_at)
    }

    /// To write what has happened: while this client holds the file, whichever file that is.
    pub(super) fn to_record(&self) -> Result<MutexGuard<'_, Connection>> {
        self.unless_spoilt()?;
        Self::unless_lost(self.looked_at(|_, _| Ok(())))
    }

    fn unless_lost<'a>(
        (connection, lost): (MutexGuard<'a, Connection>, Option<&Lost>),
    ) -> Result<MutexGuard<'a, Connection>> {
        match lost {
            Some(lost) => Err(lost.error()),
            None => Ok(connection),
        }
    }

    fn looked_at(
        &self,
        look: impl Fn(&File, &Connection) -> std::result::Result<(), Change>,
    ) -> (MutexGuard<'_, Connection>, Option<&Lost>) {
        let mut connection = self.connection();
        let Some(file) = &self.file else {
            return (connection, None);
        };
        let lost = file.lost.get().or_else(|| {
            let change = look(file, &connection).err()?;
            Some(file.let_go(&mut connection, change))
        });
        (connection, lost)
    }

    /// Whether what is about to be sent may be: the file is looked at, and nothing else is done yet,
    /// since what came of the call is still to be recorded.
    pub(super) fn before_sending(&self, is_alone: impl Fn() -> bool) -> Result<()> {
        let connection = self.connection();
        let Some(file) = &self.file else {
            return Ok(());
        };
        if let Some(lost) = file.lost.get() {
            return Err(lost.error());
        }
        let look = file.watch.look_closely(&connection, is_alone);
        look.map_err(|change| {
            JournalError::new(
                ErrorCode::JournalLost,
                format!(
                    "{} while this client had it open. This client sends nothing any more: close it, and open another.",
                    described(&file.path, change)
                ),
            )
        })
    }

    /// Notes how the files are after something was written to them.
    pub(super) fn note(&self, connection: &Connection) {
        if let Some(file) = &self.file {
            file.watch.note(connection);
        }
    }

    /// What became of the file, where it is not the file any more.
    pub(super) fn lost(&self) -> Option<&Lost> {
        let file = self.file.as_ref()?;
        if let Some(lost) = file.lost.get() {
            return Some(lost);
        }
        // Without the connection, which another thread may keep for a while.
        file.watch.look().err()?;
        self.looked_at(|file, _| file.watch.look()).1
    }
}

/// Leaves no memory behind in a library that is unloaded.
impl Drop for Holding {
    fn drop(&mut self) {
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|one| one.strong_count() > 0);
        open.shrink_to_fit();
    }
}

/// Has this process's clients of a journal look whether it is still theirs, and let go of it where not.
pub(super) fn look_around(path: &Path) {
    let open: Vec<Arc<Holding>> = {
        let open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.iter().filter_map(Weak::upgrade).collect()
    };
    for held in open {
        if held.file.as_ref().is_some_and(|file| file.path == path) {
            held.lost();
        }
    }
}

//! Whether the journal's file is still the file. "Nothing is sent that is not recorded, on disk, first"
//! holds only while it is: SQLite goes on with a file that was deleted, replaced or cut, and says nothing.
//!
//! The three names are looked at and never opened: whoever closes a file gives up every lock that his
//! process has on it, SQLite's too (POSIX). While a till has the journal open, none of the three is ever
//! another file in good order: SQLite removes its companions only when nobody else has the journal.

use super::beside::{INDEX_OF_IT, WRITE_AHEAD_LOG, beside};
use super::door::Door;
use crate::system;
use rusqlite::Connection;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// A frame of the write-ahead log is a page with a header; before them comes the log's own.
const FRAME_HEADER: u64 = 24;
const LOG_HEADER: u64 = 32;
/// Looks at a log that seems too short, while others may be emptying it.
const MOST_TRIES: u32 = 3;

/// One of the three files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Journal,
    Log,
    Index,
}

impl Part {
    const ALL: [Part; 3] = [Part::Journal, Part::Log, Part::Index];

    /// Its name, beside the journal's.
    pub(super) fn path(self, journal: &Path) -> PathBuf {
        let suffix = match self {
            Part::Journal => "",
            Part::Log => WRITE_AHEAD_LOG,
            Part::Index => INDEX_OF_IT,
        };
        beside(journal, suffix)
    }
}

/// Why the file is not the file any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Nothing has this name.
    Gone(Part),
    /// Another file has it.
    Replaced(Part),
    /// It is shorter than it was.
    Cut(Part),
    /// Its content is not what this journal's tills have written.
    Overwritten,
}

/// A file as its name shows it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Seen {
    /// Device and inode, where files have them.
    id: Option<(u64, u64)>,
    size: u64,
    written: Option<SystemTime>,
}

impl Seen {
    fn of(there: &Metadata) -> Seen {
        #[cfg(unix)]
        let id = {
            use std::os::unix::fs::MetadataExt;
            Some((there.dev(), there.ino()))
        };
        // Windows lets nobody remove or replace a file that is open.
        #[cfg(not(unix))]
        let id = None;
        Seen {
            id,
            size: there.len(),
            written: there.modified().ok(),
        }
    }
}

/// What SQLite says of everybody's writing. The journal's file itself is written when the log is copied
/// into it, and only then; that shows here.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Pulse {
    /// Changes whenever another connection has changed something.
    version: i64,
    /// Frames in the log.
    frames: i64,
    /// Those of them that are in the journal's file already.
    copied: i64,
}

impl Pulse {
    fn of(connection: &Connection) -> Option<Pulse> {
        let version = connection.one("PRAGMA data_version", [], |row| Ok(row.get(0)?));
        let log = connection.one("PRAGMA wal_checkpoint(NOOP)", [], |row| {
            Ok((row.get(1)?, row.get(2)?))
        });
        let (frames, copied) = log.ok()?;
        Some(Pulse {
            version: version.ok()?,
            frames,
            copied,
        })
    }

    /// As long as the log of pages of so many bytes is at least.
    fn log_size(self, page: u64) -> u64 {
        match self.frames {
            0 => 0,
            frames => LOG_HEADER + frames.unsigned_abs() * (page + FRAME_HEADER),
        }
    }

    /// Whether the log was copied since `before`, or may have been.
    fn has_copied_since(self, before: Pulse) -> bool {
        self.version != before.version
            || self.copied != before.copied
            || self.frames < before.frames
    }
}

/// The files that have the three names at a moment, where there are some and files have an identity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Names([Option<(u64, u64)>; 3]);

impl Names {
    pub(super) fn of(journal: &Path) -> Names {
        Names(Part::ALL.map(|part| {
            let there = fs::symlink_metadata(part.path(journal)).ok()?;
            Seen::of(&there).id
        }))
    }

    /// Whether what had a name then does not have it any more.
    pub(super) fn has_lost_one_since(self, before: Names) -> bool {
        let pairs = before.0.into_iter().zip(self.0);
        pairs
            .into_iter()
            .any(|(before, now)| before.is_some() && before != now)
    }

    /// In words, where all three are there.
    pub(super) fn to_text(self) -> Option<String> {
        let ids: Option<Vec<String>> = self
            .0
            .into_iter()
            .map(|id| id.map(|(device, file)| format!("{device}:{file}")))
            .collect();
        ids.map(|ids| ids.join(" "))
    }
}

/// The three files as they were last seen in good order.
#[derive(Debug)]
pub(super) struct Watch {
    journal: PathBuf,
    /// Bytes of one of its pages.
    page: u64,
    last: Mutex<([Seen; 3], Pulse)>,
}

impl Watch {
    /// Begins with a journal that was opened just now; `None` where one of its files is missing, or is
    /// not the one that SQLite has open.
    pub(super) fn begin(journal: &Path, connection: &Connection) -> Option<Watch> {
        #[cfg(unix)]
        {
            let mut has_moved = 0;
            let asked = rusqlite::FileControl::HasMoved(&mut has_moved);
            let asked = connection.file_control(rusqlite::DEFAULT_NAME, asked);
            if asked.is_ok() && has_moved != 0 {
                return None;
            }
        }
        let seen = |part: Part| fs::symlink_metadata(part.path(journal)).ok();
        let [journal_file, log, index] = Part::ALL.map(seen);
        let files = [journal_file?, log?, index?].map(|there| Seen::of(&there));
        let pulse = Pulse::of(connection).unwrap_or_default();
        let page: i64 = connection
            .one("PRAGMA page_size", [], |row| Ok(row.get(0)?))
            .ok()?;
        Some(Watch {
            journal: journal.to_owned(),
            page: page.unsigned_abs(),
            last: Mutex::new((files, pulse)),
        })
    }

    /// Looks at the three names.
    pub(super) fn look(&self) -> Result<(), Change> {
        self.compare().map(drop)
    }

    /// Looks at the three names, and at what SQLite knows of them. `is_alone`: no other till has the
    /// journal open, and none has died with it open.
    pub(super) fn look_closely(
        &self,
        connection: &Connection,
        is_alone: impl Fn() -> bool,
    ) -> Result<(), Change> {
        self.look()?;
        // Another till is just at it: there is nothing to be seen of what it does.
        let Some(mut pulse) = Pulse::of(connection) else {
            return Ok(());
        };
        for tries in 1.. {
            if self.compare()?[1].size >= pulse.log_size(self.page) {
                break;
            }
            // Unless another till has emptied it in between.
            if tries == MOST_TRIES {
                return Err(Change::Cut(Part::Log));
            }
            pulse = Pulse::of(connection).unwrap_or_default();
        }
        let now = self.compare()?;
        let (before, last) = *self.last();
        let is_rewritten = now[0].id.is_some() && now[0].written != before[0].written;
        match is_rewritten && !pulse.has_copied_since(last) && is_alone() {
            true => Err(Change::Overwritten),
            false => Ok(()),
        }
    }

    /// Whether all that the log holds is in the journal's file, too.
    pub(super) fn is_log_copied(connection: &Connection) -> bool {
        Pulse::of(connection).is_some_and(|pulse| pulse.copied == pulse.frames)
    }

    /// Notes how the files are after something was written to them.
    pub(super) fn note(&self, connection: &Connection) {
        if let (Ok(files), Some(pulse)) = (self.compare(), Pulse::of(connection)) {
            *self.last() = (files, pulse);
        }
    }

    /// Whether nobody but tills that share this log has written to the journal's file since it was last
    /// seen in good order.
    pub(super) fn is_journal_untouched(&self, connection: &Connection) -> bool {
        let Ok(now) = fs::symlink_metadata(&self.journal).map(|there| Seen::of(&there)) else {
            return false;
        };
        let (before, last) = *self.last();
        let is_copied = || Pulse::of(connection).is_some_and(|pulse| pulse.has_copied_since(last));
        now == before[0] || (now.id == before[0].id && now.size >= before[0].size && is_copied())
    }

    /// Whether a till has begun to copy the log into the journal's file and has not come to its end, as SQLite says in the
    /// index (its file format, "WAL-Index header"), which may have no name any more. Nobody can tell on Windows, and need
    /// not: what is open there keeps its name.
    pub(super) fn is_copying_begun(&self) -> bool {
        const COPIED: u64 = 96;
        const ATTEMPTED: u64 = 128;
        let at = |place| system::read_held(self.last().0[2].id?, place).map(u32::from_ne_bytes);
        at(ATTEMPTED).is_some_and(|attempted| at(COPIED).is_some_and(|copied| attempted > copied))
    }

    /// Whether a part's name still leads to the file that it was.
    pub(super) fn is_still(&self, part: Part) -> bool {
        let now = fs::symlink_metadata(part.path(&self.journal)).map(|there| Seen::of(&there));
        let before = self.last().0[part as usize];
        now.is_ok_and(|now| now.id.is_some() && now.id == before.id)
    }

    /// Whether the memory that SQLite shares through the index lies beyond its end.
    pub(super) fn is_index_cut(&self) -> bool {
        let now =
            fs::symlink_metadata(Part::Index.path(&self.journal)).map(|there| Seen::of(&there));
        let before = self.last().0[2];
        now.is_ok_and(|now| now.id == before.id && now.size < before.size)
    }

    fn compare(&self) -> Result<[Seen; 3], Change> {
        let (before, _) = *self.last();
        let mut now = before;
        for (at, part) in Part::ALL.into_iter().enumerate() {
            let there = fs::symlink_metadata(part.path(&self.journal));
            now[at] = Seen::of(&there.map_err(|_| Change::Gone(part))?);
            if now[at].id != before[at].id {
                return Err(Change::Replaced(part));
            }
            // The log alone is emptied in good order.
            if part != Part::Log && now[at].size < before[at].size {
                return Err(Change::Cut(part));
            }
        }
        Ok(now)
    }

    fn last(&self) -> std::sync::MutexGuard<'_, ([Seen; 3], Pulse)> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

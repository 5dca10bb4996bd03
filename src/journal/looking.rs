//! Looking at a journal: nothing of it is changed, and nothing put beside it. One that tills have open is read as they
//! read it, with SQLite's locks. One that nobody has open, or that is of another version, is read from a private copy, in
//! a folder that the caller has made for it and removes.

use super::access::{Journal, Opening};
use super::beside::{self, INDEX_OF_IT, ROLLBACK, WRITE_AHEAD_LOG, beside};
use super::connection::{lost_while_opening, prepare};
use super::door::{Door, OPEN_PATIENCE, WRITE_PAUSE};
use super::error::{JournalError, Result};
use super::holding::Holding;
use super::owner::{self, Owner};
use super::schema::{self, Kind};
use super::{copying, place, trust};
use crate::vocabulary::ErrorCode;
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

/// What a file may need beside it: what was written last, and what takes half of a write back.
const COMPANIONS: [&str; 2] = [WRITE_AHEAD_LOG, ROLLBACK];

/// A file that changes while it is copied is copied anew, so often.
const MOST_TRIES: u32 = 20;

/// What is seen of a journal's file before it is read.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Where it is, absolute and through no link.
    pub path: PathBuf,
    /// Of its tables.
    pub version: i32,
    /// It has its write-ahead log, or needs none, as one that was closed: what is read is what was last written. Otherwise
    /// it is what was brought into the file last; so is what was made of such a file.
    pub is_whole: bool,
    /// A copy is none that a till sells with.
    pub is_copy: bool,
    /// When it was made, or the copy that the journal was made of, ms.
    pub copied_at: Option<i64>,
}

impl Seen {
    /// Of the version that this library writes.
    pub fn is_of_today(&self) -> bool {
        self.version == schema::VERSION
    }
}

/// A journal that is looked at.
#[derive(Debug)]
pub struct Looked {
    /// Every read works, and no write.
    pub journal: Journal,
    /// The file.
    pub seen: Seen,
}

/// A file, opened to be read.
pub(super) struct Source {
    pub(super) connection: Connection,
    /// What is opened is a private copy.
    is_private: bool,
    pub(super) kind: Kind,
    pub(super) path: PathBuf,
    pub(super) is_whole: bool,
}

impl Journal {
    /// Opens a journal to look at it only. `scratch`: an empty folder, for its owner only, where a copy may be made.
    pub fn look(given: &Path, scratch: &Path) -> Result<Looked> {
        Journal::looked_at(given, scratch).map_err(|error| error.of_what_is_looked_at(given))
    }

    fn looked_at(given: &Path, scratch: &Path) -> Result<Looked> {
        let source = Source::open(given, scratch)?;
        let seen = Seen {
            path: source.path.clone(),
            version: source.kind.version,
            is_whole: source.is_whole,
            is_copy: source.kind.is_copy,
            copied_at: schema::copied_at(&source.connection).0,
        };
        let mut connection = source.of_today(scratch)?;
        let (id, copy) = schema::identity(&connection)?;
        Ok(Looked {
            journal: Journal {
                query_limit: trust::distrust(&mut connection)?,
                id,
                copy,
                held: Holding::unwatched(connection),
                owner: Owner::new(None)?,
                claims: Default::default(),
                sequras_clock: Default::default(),
                // What is found of damage is noted beside no journal that is only looked at.
                path: None,
                opening: Opening::default(),
            },
            seen,
        })
    }

    /// The endpoints that it has orders of.
    pub fn endpoints(&self) -> Result<Vec<String>> {
        self.read_all(|connection| {
            let query = "SELECT DISTINCT endpoint FROM orders ORDER BY endpoint";
            connection.all(query, [], |row| Ok(row.get(0)?))
        })
    }
}

impl Source {
    /// Opens the file, or a private copy of it.
    pub(super) fn open(given: &Path, scratch: &Path) -> Result<Source> {
        let (path, there) = place::resolve(given)?;
        match there {
            Some(there) if there.is_file() => {}
            Some(_) => return Err(JournalError::at(&path, "it is not a file")),
            None => return Err(JournalError::at(&path, "there is no such file")),
        }
        for _ in 0..MOST_TRIES {
            if let Some(source) = Source::once(&path, scratch)? {
                return Ok(source);
            }
            std::thread::sleep(WRITE_PAUSE);
        }
        Err(lost_while_opening(&path))
    }

    /// `None`: it has changed meanwhile.
    fn once(path: &Path, scratch: &Path) -> Result<Option<Source>> {
        // Whoever has it open has its index; that of a till that died stays as it is.
        if beside(path, INDEX_OF_IT).exists() && owner::is_anyone_alive(path) {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let opened = Connection::open_with_flags(path, flags).map_err(JournalError::from);
            let source = opened.and_then(|connection| Source::of(connection, path, (false, true)));
            return source
                .map(Some)
                .map_err(|error| readable(path).err().unwrap_or(error));
        }
        readable(path)?;
        check_begin(path)?;
        let Some(copy) = copied(path, scratch).map_err(|error| JournalError::at(path, error))?
        else {
            return Ok(None);
        };
        let is_whole = has_whole_log(&copy) || schema::is_closed(&copy);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Source::of(
            Connection::open_with_flags(copy, flags)?,
            path,
            (true, is_whole),
        )
        .map(Some)
    }

    fn of(
        mut connection: Connection,
        path: &Path,
        (is_private, is_whole): (bool, bool),
    ) -> Result<Source> {
        connection.busy_timeout(OPEN_PATIENCE)?;
        trust::distrust(&mut connection)?;
        let kind = schema::kind(&connection)?;
        if kind.version == 0 {
            return Err(JournalError::new(
                ErrorCode::JournalCorrupt,
                format!("{}: it is no journal; nothing is in it.", path.display()),
            ));
        }
        trust::check(&connection, kind.version)?;
        let (_, is_partial) = schema::copied_at(&connection);
        Ok(Source {
            connection,
            is_private,
            kind,
            path: path.to_owned(),
            is_whole: (is_whole || kind.is_copy) && !is_partial,
        })
    }

    /// As a journal of the present version; one that is not is made so in a private copy.
    fn of_today(self, scratch: &Path) -> Result<Connection> {
        if self.kind.version == schema::VERSION {
            return Ok(self.connection);
        }
        let mut private = match self.is_private {
            true => self.connection,
            false => {
                let to = fresh(scratch);
                beside::make(&to, None).map_err(|error| JournalError::at(&to, error))?;
                copying::copy_into(&self.connection, &to, &mut |_, _| true)?
            }
        };
        schema::mark(
            &private,
            Kind {
                is_copy: false,
                ..self.kind
            },
        )?;
        prepare(&mut private, true)?;
        Ok(private)
    }
}

/// Whether this program has the right to read it.
fn readable(path: &Path) -> Result<()> {
    let companions = COMPANIONS.map(|suffix| beside(path, suffix));
    let there = companions.iter().filter(|companion| companion.exists());
    let opened = |file: &Path| beside::open(file, false).map(drop);
    let all = opened(path).and_then(|()| there.map(PathBuf::as_path).try_for_each(opened));
    all.map_err(|error| {
        let why = format!("it cannot be read ({error}). Look at it as the till's own user");
        JournalError::at(path, why)
    })
}

/// Before anything is copied: what is no journal may be anything, of any size.
fn check_begin(path: &Path) -> Result<()> {
    let begins = beside::open(path, false).and_then(|file| beside::beginning(&file));
    let begins = begins.map_err(|error| JournalError::at(path, error))?;
    // The first page of one that was just made may be in its log still.
    let is_early = begins.is_empty() && beside::has_log(path);
    match is_early || schema::is_marked(&begins) {
        true => Ok(()),
        false => Err(JournalError::new(
            ErrorCode::JournalCorrupt,
            format!(
                "{}: it is no journal of sequra-pos, or not any more. It was left as it is.",
                path.display()
            ),
        )),
    }
}

/// A private copy of a file that nobody has open, with its log; `None`: somebody has opened it or written to it.
fn copied(path: &Path, scratch: &Path) -> io::Result<Option<PathBuf>> {
    let states = || ["", WRITE_AHEAD_LOG, ROLLBACK].map(|suffix| state(&beside(path, suffix)));
    let before = states();
    let to = fresh(scratch);
    copy(path, &to)?;
    for (suffix, there) in COMPANIONS.into_iter().zip(&before[1..]) {
        if there.is_some() {
            copy(&beside(path, suffix), &beside(&to, suffix))?;
        }
    }
    let is_open = owner::is_anyone_alive(path);
    Ok((!is_open && before == states()).then_some(to))
}

/// Whether a write-ahead log came with the file, and none of it was cut off: whole frames, of which the last of this
/// log's (older ones may lie behind it) ends a transaction.
fn has_whole_log(path: &Path) -> bool {
    const HEADER: usize = 32;
    const OF_A_FRAME: usize = 24;
    if !beside::has_log(path) {
        return false;
    }
    let Ok(log) = fs::read(beside(path, WRITE_AHEAD_LOG)) else {
        return false;
    };
    let number = |at: usize| {
        log.get(at..at + 4)
            .map(|bytes| bytes.iter().fold(0, |n, byte| n << 8 | *byte as usize))
    };
    let (Some(page), Some(salts)) = (number(8), log.get(16..24)) else {
        return false;
    };
    let frame = OF_A_FRAME + page;
    let frames = &log[HEADER.min(log.len())..];
    if frames.is_empty() || !frames.len().is_multiple_of(frame) {
        return false;
    }
    let own = frames
        .chunks(frame)
        .take_while(|frame| &frame[8..16] == salts);
    own.last().is_some_and(|last| last[4..8] != [0; 4])
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut copy = beside::make(to, None)?;
    io::copy(&mut beside::open(from, false)?, &mut copy)?;
    Ok(())
}

/// What changes with every write.
fn state(path: &Path) -> Option<(u64, Option<SystemTime>)> {
    let there = fs::metadata(path).ok()?;
    Some((there.len(), there.modified().ok()))
}

/// A name that nothing has.
fn fresh(scratch: &Path) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    scratch.join(format!("{number}.journal"))
}

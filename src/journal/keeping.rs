//! What becomes of a journal's file that is not the file any more: what can be kept of it is kept, and the file is let
//! go.

use super::beside::{self, beside, is_empty};
use super::door::spare;
use super::error::JournalError;
use super::owner::Shown;
use super::random::random;
use super::watch::{Change, Part, Watch};
use super::{damage, mark, schema};
use crate::canonical::hex;
use crate::problem::Problem;
use crate::system;
use crate::vocabulary::ErrorCode;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// How the name of what was still held goes on, where another file is in the journal's place; a date
/// follows.
const HELD: &str = ".held-";

/// How long keeping what is held waits for other tills that hold the same.
const KEEP_PATIENCE: Duration = Duration::from_secs(2);

const KEEP_PAUSE: Duration = Duration::from_millis(5);

pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) journal_id: String,
    pub(super) watch: Watch,
    pub(super) lost: OnceLock<Lost>,
    /// Which files this client holds is shown to others.
    pub(super) shown: Shown,
}

/// The file is not the file any more.
#[derive(Clone, Debug)]
pub(super) struct Lost {
    what: String,
    kept: Kept,
    /// This client can still be asked what it held then.
    pub(super) is_remembered: bool,
}

/// What became of what was in it.
#[derive(Clone, Debug)]
enum Kept {
    /// All of it is in the journal's place.
    InPlace(&'static str),
    /// It was saved under this name.
    Aside(PathBuf),
    /// It is nowhere else, for this reason.
    Nowhere(String),
}

const WHOLE: Kept = Kept::InPlace("Nothing of it is missing.");

impl Lost {
    pub(super) fn problem(&self) -> Problem {
        let kept = match &self.kept {
            Kept::InPlace(how) => (*how).to_owned(),
            Kept::Aside(path) => format!(
                "What this client still held of it was saved as {}: compare the two, and finish its orders with a client that has it as its `journal`.",
                path.display()
            ),
            Kept::Nowhere(why) => format!(
                "What this client still held of it was not saved ({why}). Compare the sales of the last days with seQura's portal."
            ),
        };
        let aside = match &self.kept {
            Kept::Aside(path) => Some(path.to_string_lossy().as_ref().into()),
            _ => None,
        };
        Problem {
            actual: aside,
            ..Problem::new(
                ErrorCode::JournalLost,
                format!(
                    "{} while this client had it open. {kept} This client sends nothing any more: close it, and open another.",
                    self.what
                ),
            )
        }
    }

    pub(super) fn error(&self) -> JournalError {
        JournalError::new(ErrorCode::JournalLost, self.problem().message)
    }

    /// Whether the journal in its place has everything.
    pub(super) fn is_kept(&self) -> bool {
        matches!(self.kept, Kept::InPlace(_))
    }
}

impl File {
    /// Keeps what can be kept, and lets go of the file.
    pub(super) fn let_go(&self, connection: &mut Connection, change: Change) -> &Lost {
        // However long ago the last question was.
        let _ = connection.progress_handler(0, None::<fn() -> bool>);
        let kept = self.keep(connection, change);
        // To touch a shared memory that was cut would end the process.
        let remembered = match self.watch.is_index_cut() {
            false => remembered(connection),
            true => None,
        };
        let is_remembered = remembered.is_some();
        spare(connection, true);
        if let Some(other) = remembered.or_else(|| Connection::open_in_memory().ok()) {
            *connection = other;
            self.shown.holds(None);
        }
        self.lost.get_or_init(|| Lost {
            what: described(&self.path, change),
            kept,
            is_remembered,
        })
    }

    fn keep(&self, connection: &Connection, change: Change) -> Kept {
        let is_index = matches!(
            change,
            Change::Gone(Part::Index) | Change::Replaced(Part::Index) | Change::Cut(Part::Index)
        );
        if is_index {
            return WHOLE;
        }
        if self.watch.is_index_cut() {
            return Kept::Nowhere("SQLite's shared memory was cut too".to_owned());
        }
        match change {
            Change::Gone(Part::Log) => self.take_in_alone(connection),
            // Another till was just opening the journal, and goes no further while this one holds what was there.
            Change::Replaced(Part::Log) if is_empty(&Part::Log.path(&self.path)) => {
                self.take_in_alone(connection)
            }
            Change::Replaced(Part::Log) => {
                Kept::Nowhere("another till has opened the journal meanwhile".to_owned())
            }
            Change::Cut(Part::Log) => Kept::Nowhere("what was cut off is nowhere else".to_owned()),
            Change::Gone(Part::Journal) => self.put_back(connection),
            Change::Replaced(Part::Journal) if self.is_place_empty() => self.put_back(connection),
            Change::Cut(Part::Journal) => {
                mark::suspect(&self.path, &self.journal_id);
                self.copy_aside(connection)
            }
            // What somebody has put there is opened as it is, without the log of another.
            _ => {
                let kept = self.copy_aside(connection);
                self.take_log_along(&kept);
                kept
            }
        }
    }

    fn put_back(&self, connection: &Connection) -> Kept {
        match self.copy(connection, true) {
            Ok(path) if path == self.path => Kept::InPlace("It was put back."),
            Ok(path) => Kept::Aside(path),
            Err(why) => Kept::Nowhere(why),
        }
    }

    fn copy_aside(&self, connection: &Connection) -> Kept {
        match self.copy(connection, false) {
            Ok(path) => Kept::Aside(path),
            Err(why) => Kept::Nowhere(why),
        }
    }

    /// The log and its index are those of the file that is held: SQLite would read them into whatever
    /// is in the journal's place.
    fn take_log_along(&self, kept: &Kept) {
        let aside = match kept {
            Kept::Aside(path) => path.clone(),
            _ => beside(&self.path, &beside::dated(&self.path, HELD)),
        };
        for part in [Part::Log, Part::Index] {
            if self.watch.is_still(part) {
                let _ = system::rename_new(&part.path(&self.path), &part.path(&aside));
            }
        }
    }

    /// The same, and the log's index loses its name too: whoever opens the journal with another log would share this one's,
    /// and take frames for written that are in no file.
    fn take_in_alone(&self, connection: &Connection) -> Kept {
        let kept = self.take_in(connection);
        if self.watch.is_still(Part::Index) {
            let _ = fs::remove_file(Part::Index.path(&self.path));
        }
        kept
    }

    /// Brings a log that has no name any more into the journal, where that is as it was: nobody else
    /// can read it.
    fn take_in(&self, connection: &Connection) -> Kept {
        // Whoever closed the journal as the last one, as it believed, has copied the log first.
        if Watch::is_log_copied(connection) {
            return WHOLE;
        }
        let _ = connection.busy_timeout(KEEP_PATIENCE);
        let is_half_done =
            || self.watch.is_copying_begun() && is_whole_of(connection, &self.journal_id);
        if !self.watch.is_journal_untouched(connection) && !is_half_done() {
            return Kept::Nowhere(
                "another program has written to the journal meanwhile".to_owned(),
            );
        }
        let copied = connection.query_row("PRAGMA wal_checkpoint(FULL)", [], |row| {
            Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        });
        match copied {
            Ok((frames, copied)) if frames == copied => {
                Kept::InPlace("What it held was brought into the journal.")
            }
            Ok(_) => Kept::Nowhere("another till is reading it".to_owned()),
            Err(error) => Kept::Nowhere(error.to_string()),
        }
    }

    /// Copies what is still held into the journal's place, where that is empty and meant, or under a
    /// dated name. Says where it is.
    fn copy(
        &self,
        connection: &Connection,
        into_place: bool,
    ) -> std::result::Result<PathBuf, String> {
        if !into_place && !has_unfinished(connection)? {
            return Err("it has no unfinished order".to_owned());
        }
        let mark = format!("-copy-{}", hex(&random().map_err(|error| error.message)?));
        let missing = self.path.parent().filter(|folder| !folder.exists());
        // A folder that is gone comes back with the journal in it, or another till would begin a new one.
        let staged = missing.map(|folder| beside(folder, &mark));
        let copy = match (&staged, self.path.file_name()) {
            (Some(staged), Some(name)) => staged.join(name),
            _ => beside(&self.path, &mark),
        };
        let copied = self.copy_to(connection, &copy, !into_place).and_then(|()| {
            self.give_name(&copy, staged.as_deref().filter(|_| into_place), into_place)
        });
        if copied.is_err() {
            let _ = fs::remove_file(&copy);
        }
        if let Some(staged) = staged {
            let _ = fs::remove_dir(staged);
        }
        copied
    }

    /// Gives a copy its name: the journal's, with the folder that is staged for it, where that is free; or
    /// a dated one.
    fn give_name(
        &self,
        copy: &Path,
        staged: Option<&Path>,
        into_place: bool,
    ) -> std::result::Result<PathBuf, String> {
        let text = |error: io::Error| error.to_string();
        let aside = beside(&self.path, &beside::dated(&self.path, HELD));
        let with_folder = staged.zip(self.path.parent());
        let place = match with_folder.map(|(staged, folder)| fs::rename(staged, folder)) {
            Some(Ok(())) => self.path.clone(),
            _ if into_place && self.take_place(copy) => self.path.clone(),
            _ => {
                system::rename_new(copy, &aside).map_err(text)?;
                aside
            }
        };
        beside::sync_folder(&self.path).map_err(text)?;
        Ok(place)
    }

    /// Gives a copy the journal's name, where that is free, or an empty file's: of a till that was about to make a
    /// journal, and goes no further while this one holds what was there.
    fn take_place(&self, copy: &Path) -> bool {
        system::rename_new(copy, &self.path).is_ok()
            || self.is_place_empty() && fs::rename(copy, &self.path).is_ok()
    }

    fn is_place_empty(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok_and(|there| there.is_file() && there.len() == 0)
    }

    fn copy_to(
        &self,
        connection: &Connection,
        copy: &Path,
        doubtful: bool,
    ) -> std::result::Result<(), String> {
        let io = |error: io::Error| error.to_string();
        for folder in [self.path.parent().filter(|_| doubtful), copy.parent()] {
            if let Some(folder) = folder.filter(|folder| !folder.exists()) {
                make_folder(folder).map_err(io)?;
            }
        }
        drop(beside::make(copy, None).map_err(io)?);
        let copied = (|| {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let mut to = Connection::open_with_flags(copy, flags)?;
            // It is made durable below, whole or not at all.
            to.pragma_update(None, "journal_mode", "OFF")?;
            to.pragma_update(None, "synchronous", "OFF")?;
            let backup = Backup::new(connection, &mut to)?;
            let until = Instant::now() + KEEP_PATIENCE;
            loop {
                match backup.step(-1)? {
                    StepResult::Busy | StepResult::Locked if Instant::now() < until => {
                        std::thread::sleep(KEEP_PAUSE);
                    }
                    done => return Ok::<_, rusqlite::Error>(done),
                }
            }
        })();
        match copied {
            Ok(StepResult::Done) if doubtful && !is_whole(copy) => {
                return Err("it is damaged".to_owned());
            }
            Ok(StepResult::Done) => {}
            Ok(_) => return Err("another till is writing to it".to_owned()),
            Err(error) => return Err(error.to_string()),
        }
        let file = beside::open(copy, true).map_err(io)?;
        file.sync_all().map_err(io)
    }
}

/// What a journal holds, in memory, where it is not too much for that and in order.
fn remembered(connection: &Connection) -> Option<Connection> {
    const MOST_BYTES: i64 = 64 << 20;
    let asked = |pragma| {
        connection
            .query_row(pragma, [], |row| row.get::<_, i64>(0))
            .ok()
    };
    let bytes = asked("PRAGMA page_count")?.saturating_mul(asked("PRAGMA page_size")?);
    (bytes <= MOST_BYTES).then_some(())?;
    let mut memory = Connection::open_in_memory().ok()?;
    let copied = Backup::new(connection, &mut memory).and_then(|backup| backup.step(-1));
    let is_done = matches!(copied, Ok(StepResult::Done));
    (is_done && damage::is_whole(&memory)).then_some(memory)
}

/// A change, in words.
pub(super) fn described(journal: &Path, change: Change) -> String {
    let (part, what) = match change {
        Change::Gone(part) => (part, "was removed or renamed, or cannot be seen any more"),
        Change::Replaced(part) => (part, "is another file than before: it was replaced"),
        Change::Cut(part) => (part, "was cut"),
        Change::Overwritten => (Part::Journal, "was written over"),
    };
    format!("{} {what}", part.path(journal).display())
}

fn has_unfinished(connection: &Connection) -> std::result::Result<bool, String> {
    let asked = "SELECT EXISTS (SELECT 1 FROM orders WHERE finished = 0)";
    let found = connection.query_row(asked, [], |row| row.get(0));
    found.map_err(|error| error.to_string())
}

/// Whether what is held reads as one whole, index by index, and as this journal: what another till has brought into the
/// file before it died is all from the log.
fn is_whole_of(connection: &Connection, journal_id: &str) -> bool {
    let checked = connection.query_row("PRAGMA integrity_check(1)", [], |row| {
        row.get::<_, String>(0)
    });
    checked.is_ok_and(|found| found == "ok")
        && schema::identity(connection).is_ok_and(|(id, _)| id == journal_id)
}

fn is_whole(copy: &Path) -> bool {
    Connection::open(copy).is_ok_and(|copy| damage::is_whole(&copy))
}

/// For the same people as a journal.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut made = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut made, 0o700);
    made.recursive(true).create(folder)
}

//! The journal's file as this client holds it, and what becomes of it when it is not the file any more:
//! what can be kept is kept, and the file is let go. The client sends nothing from then on.

use super::beside::{self, beside};
use super::owner::{self, Owner, Shown};
use super::watch::{Change, Names, Part, Watch};
use super::{JournalError, Result, damage, mark, random};
use crate::canonical::hex;
use crate::problem::Problem;
use crate::system;
use crate::vocabulary::ErrorCode;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

/// How the name of what was still held goes on, where another file is in the journal's place; a date
/// follows.
const HELD: &str = ".held-";

/// How long keeping what is held waits for other tills that hold the same.
const KEEP_PATIENCE: Duration = Duration::from_secs(2);
const KEEP_PAUSE: Duration = Duration::from_millis(5);

/// The files that this process has open. SQLite shares memory between those that are one file: a client
/// that holds a file which is the file no more must let go of it before another opens it.
static OPEN: Mutex<Vec<Weak<Holding>>> = Mutex::new(Vec::new());

/// A journal that is open.
pub(super) struct Holding {
    connection: Mutex<Connection>,
    /// None for a journal in memory, or one that is only looked at.
    file: Option<File>,
}

struct File {
    path: PathBuf,
    journal_id: String,
    watch: Watch,
    lost: OnceLock<Lost>,
    /// Which files this client holds is shown to others.
    shown: Shown,
}

/// The file is not the file any more.
#[derive(Clone, Debug)]
pub(super) struct Lost {
    what: String,
    kept: Kept,
    /// This client can still be asked what it held then.
    is_remembered: bool,
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

impl Holding {
    /// A journal that nobody watches.
    pub(super) fn unwatched(connection: Connection) -> Arc<Holding> {
        Arc::new(Holding {
            connection: Mutex::new(connection),
            file: None,
        })
    }

    /// A journal whose file was opened just now, when its names led to these files.
    pub(super) fn file(
        connection: Connection,
        (path, opened): (&Path, Names),
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
        let held = Arc::new(Holding {
            connection: Mutex::new(connection),
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

    /// To write what is going to happen: only where the file is still the file, looked at closely.
    pub(super) fn to_write(
        &self,
        is_alone: impl Fn() -> bool,
    ) -> Result<MutexGuard<'_, Connection>> {
        let looked_at =
            self.looked_at(|file, connection| file.watch.look_closely(connection, &is_alone));
        Self::unless_lost(looked_at)
    }

    /// To write what has happened: while this client holds the file, whichever file that is.
    pub(super) fn to_record(&self) -> Result<MutexGuard<'_, Connection>> {
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

/// What was being opened is not what is there now.
pub(super) fn lost_while_opening(path: &Path) -> JournalError {
    JournalError::new(
        ErrorCode::JournalLost,
        format!(
            "The journal {} was removed or replaced while it was being opened. Open the client again.",
            path.display()
        ),
    )
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

/// Whether closing leaves everything as it is: SQLite otherwise copies the log into the file that is
/// there then, and removes it.
pub(super) fn spare(connection: &Connection, spare: bool) {
    let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, spare);
}

impl File {
    /// Keeps what can be kept, and lets go of the file.
    fn let_go(&self, connection: &mut Connection, change: Change) -> &Lost {
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
            Change::Gone(Part::Log) => self.take_in(connection),
            Change::Replaced(Part::Log) => {
                Kept::Nowhere("another till has opened the journal meanwhile".to_owned())
            }
            Change::Cut(Part::Log) => Kept::Nowhere("what was cut off is nowhere else".to_owned()),
            Change::Gone(Part::Journal) => match self.copy(connection, true) {
                Ok(path) if path == self.path => Kept::InPlace("It was put back."),
                Ok(path) => Kept::Aside(path),
                Err(why) => Kept::Nowhere(why),
            },
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
            _ => beside(&self.path, &damage::dated(&self.path, HELD)),
        };
        for part in [Part::Log, Part::Index] {
            if self.watch.is_still(part) {
                let _ = system::rename_new(&part.path(&self.path), &part.path(&aside));
            }
        }
    }

    /// Brings a log that has no name any more into the journal, where that is as it was: nobody else
    /// can read it.
    fn take_in(&self, connection: &Connection) -> Kept {
        // Whoever closed the journal as the last one, as it believed, has copied the log first.
        if Watch::is_log_copied(connection) {
            return WHOLE;
        }
        let _ = connection.busy_timeout(KEEP_PATIENCE);
        if !self.watch.is_journal_untouched(connection) {
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
        let aside = beside(&self.path, &damage::dated(&self.path, HELD));
        let with_folder = staged.zip(self.path.parent());
        let place = match with_folder.map(|(staged, folder)| fs::rename(staged, folder)) {
            Some(Ok(())) => self.path.clone(),
            _ if into_place && system::rename_new(copy, &self.path).is_ok() => self.path.clone(),
            _ => {
                system::rename_new(copy, &aside).map_err(text)?;
                aside
            }
        };
        damage::sync_folder(&self.path).map_err(text)?;
        Ok(place)
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
fn described(journal: &Path, change: Change) -> String {
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

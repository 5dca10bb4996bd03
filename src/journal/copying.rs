//! A journal's pages, copied as they are at one moment.

use super::error::{JournalError, Result};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// Is told how many pages are copied, of how many; says whether to go on.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64) -> bool;

/// Pages at a time.
const PAGES: i32 = 500;

/// All pages, as of one moment. A file that is killed in the middle is not what its name says.
pub(super) fn copy_into(from: &Connection, to: &Path, progress: Progress) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut copy = Connection::open_with_flags(to, flags)?;
    // What tills write meanwhile does not make it begin anew.
    let _as_of_now = from.unchecked_transaction()?;
    from.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let backup = Backup::new(from, &mut copy)?;
    loop {
        let step = backup.step(PAGES)?;
        let pages = backup.progress();
        let all = pages.pagecount as u64;
        if !progress(all - pages.remaining as u64, all) {
            return Err(JournalError::at(to, "interrupted; nothing was made"));
        }
        match step {
            StepResult::Done => break,
            StepResult::More => {}
            // Only another program that writes to the copy.
            _ => return Err(JournalError::at(to, "another program holds it")),
        }
    }
    drop(backup);
    Ok(copy)
}

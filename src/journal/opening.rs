//! Opening a journal, to sell with it.

use super::access::{Journal, Opening};
use super::connection::{Connected, lost_while_opening, open_file, prepare};
use super::door::{self, WRITE_PAUSE};
use super::error::Result;
use super::holding::{self, Holding};
use super::owner::{self, Owner};
use super::{drive, mark, mend, place, schema, trust};
use crate::config::JournalPlace;
use rusqlite::Connection;
use std::path::Path;

impl Journal {
    /// Opens the journal, and makes it where there is none. Its folder must exist. A journal that is
    /// damaged is set aside first; see [`Opening`].
    pub fn open(place: &JournalPlace) -> Result<Journal> {
        match place {
            JournalPlace::Memory => {
                let mut connection = Connection::open_in_memory()?;
                door::keep_statements(&connection)?;
                prepare(&mut connection, false)?;
                Ok(Journal {
                    query_limit: trust::distrust(&mut connection)?,
                    id: schema::identity(&connection)?.0,
                    copy: None,
                    held: Holding::unwatched(connection),
                    path: None,
                    owner: Owner::new(None)?,
                    claims: Default::default(),
                    sequras_clock: Default::default(),
                    opening: Opening {
                        created: true,
                        ..Opening::default()
                    },
                })
            }
            JournalPlace::File(path) => Journal::open_file(path),
        }
    }

    fn open_file(given: &Path) -> Result<Journal> {
        /// A journal that others write to is opened anew so often.
        const MOST_TRIES: u32 = 20;
        let path = place::find(given)?;
        for _ in 0..MOST_TRIES {
            if let Some(journal) = Journal::open_once(&path)? {
                return Ok(journal);
            }
            std::thread::sleep(WRITE_PAUSE);
        }
        Err(lost_while_opening(&path))
    }

    /// Opens it; `None` where somebody has written to it meanwhile, so that what was read of it may not be so any more.
    fn open_once(path: &Path) -> Result<Option<Journal>> {
        // A client of this process that has lost the file puts it back where it can.
        holding::look_around(path);
        owner::check_held(path)?;
        let (opened, set_aside) = match open_file(path) {
            Ok(opened) if !mark::is_suspected(path, opened.version_before) => (opened, None),
            Err(error) if !error.damage => return Err(error),
            // Closed before it is looked at: Windows renames no file that is open.
            opened => {
                drop(opened);
                // What only looks damaged, since a part of it was taken away in this moment.
                owner::check_held(path)?;
                mend::mend(path)?
            }
        };
        let Connected {
            mut connection,
            version_before,
            names,
            unread,
        } = opened;
        let (id, copy) = schema::identity(&connection)?;
        let owner = Owner::new(Some((path.to_owned(), id.clone())))?;
        owner.show_alive()?;
        let query_limit = trust::distrust(&mut connection)?;
        let held = Holding::file(connection, (path, names, unread), &id, &owner)?;
        let Some(held) = held else {
            return Ok(None);
        };
        let journal = Journal {
            query_limit,
            held,
            id,
            copy,
            owner,
            claims: Default::default(),
            sequras_clock: Default::default(),
            opening: Opening {
                created: version_before == 0,
                set_aside,
                warnings: drive::warnings(path),
            },
            path: Some(path.to_owned()),
        };
        journal.note_today();
        // A till that died may have left personal data of settled orders in the write-ahead log.
        journal.clear_write_ahead_log();
        Ok(Some(journal))
    }
}

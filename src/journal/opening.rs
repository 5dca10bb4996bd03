//! Opening a journal, to sell with it.

use super::access::{Journal, Opening};
use super::connection::{Connected, open_file, prepare};
use super::door;
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
        let path = &place::find(given)?;
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
            was_alone,
        } = opened;
        let (id, copy) = schema::identity(&connection)?;
        let owner = Owner::new(Some((path.to_owned(), id.clone())))?;
        owner.show_alive()?;
        let query_limit = trust::distrust(&mut connection)?;
        let held = Holding::file(connection, (path, names, was_alone), &id, &owner)?;
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
        Ok(journal)
    }
}

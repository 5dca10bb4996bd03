//! Destroying a key. What is not finished is sealed to the newest one first, and nothing that a till is sending at this
//! moment is forgotten: the key is closed, every stream is gone through once, so that whoever took a frame in before has
//! finished, and only then is it looked for.

use super::boxes::{pack, unpack};
use super::files::{self, KeyError};
use super::run;
use crate::clock;
use crate::database::{Database, Error, Param, Retries};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sequra_frames::frame::Stream;
use sequra_frames::sealing::{PublicKey, Whose, reseal};
use std::path::Path;
use tokio_postgres::Row;
use tokio_postgres::types::Type;

const CLOSE: &str = "UPDATE keys SET closed_at = coalesce(closed_at, $2) WHERE key_id = $1";
const DESTROYED: &str = "UPDATE keys SET destroyed_at = $2 WHERE key_id = $1";
const ANOTHER: &str = "SELECT key_id, public FROM keys WHERE closed_at IS NULL AND key_id <> $1 \
     ORDER BY made_at DESC, key_id DESC LIMIT 1";
const JOURNALS: &str =
    "SELECT DISTINCT journal_id FROM streams WHERE journal_id > $1 ORDER BY journal_id LIMIT 100";
/// Written, and not only locked: a frame that began before and comes later is in conflict with it.
const TOUCH: &str = "UPDATE streams SET heard_at = heard_at WHERE journal_id = ANY($1)";
/// Whose orders are sealed to it: journal by journal, since each is somewhere else where the tables are distributed.
macro_rules! whose {
    ($table:literal, $which:literal) => {
        concat!(
            "SELECT DISTINCT journal_id FROM ",
            $table,
            " WHERE key_id = $1 AND ",
            $which,
            " AND journal_id > $2 ORDER BY journal_id LIMIT 1"
        )
    };
}
macro_rules! find {
    ($table:literal, $id:literal, $contents:literal, $which:literal) => {
        concat!(
            "SELECT incarnation, ",
            $id,
            " AS id, ",
            $contents,
            " AS box FROM ",
            $table,
            " WHERE journal_id = $1 AND key_id = $2 AND ",
            $which,
            " AND (incarnation, ",
            $id,
            ") > ($3, $4) ORDER BY incarnation, ",
            $id,
            " LIMIT 200 FOR UPDATE"
        )
    };
}
macro_rules! write {
    ($table:literal, $id:literal, $contents:literal, $which:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET ",
            $contents,
            " = fresh.box, key_id = $2 FROM unnest($3::text[], $4::bigint[], $5::bytea[]) AS fresh (incarnation, id, box) \
             WHERE ",
            $table,
            ".journal_id = $1 AND ",
            $table,
            ".incarnation = fresh.incarnation AND ",
            $table,
            ".",
            $id,
            " = fresh.id AND ",
            $which
        )
    };
}

/// A kind of what is sealed: whose there is, what is found, and how it is written again.
struct Shelf {
    whose: &'static str,
    find: &'static str,
    write: &'static str,
}

const SHELVES: [Shelf; 3] = [
    Shelf {
        whose: whose!("orders", "NOT finished"),
        find: find!("orders", "order_id", "sealed", "NOT finished"),
        write: write!("orders", "order_id", "sealed", "NOT finished"),
    },
    Shelf {
        whose: whose!("set_aside", "what = 'order'"),
        find: find!("set_aside", "id", "body", "what = 'order'"),
        write: write!("set_aside", "id", "body", "what = 'order'"),
    },
    Shelf {
        whose: whose!("set_aside", "what = 'entry'"),
        find: find!("set_aside", "id", "body", "what = 'entry'"),
        write: write!("set_aside", "id", "body", "what = 'entry'"),
    },
];

/// What became of what was sealed to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Destroyed {
    /// Sealed to the newest key now.
    pub resealed: u64,
    /// Could not be opened with this one either.
    pub unreadable: u64,
}

/// Where one is while going through a journal's.
type Place = (String, i64);

/// The key is no more. Where this ends in the middle, the key is still there, and the same again goes on.
pub async fn destroy(database: &Database, folder: &Path, id: &str) -> Result<Destroyed, KeyError> {
    let private = files::read(folder, id)?;
    let now = clock::now();
    let of_key: [Param; 2] = [(&id, Type::TEXT), (&now, Type::INT8)];
    let fresh = another(database, id).await?;
    if changed(database, CLOSE, &of_key).await? == 0 {
        return Err(KeyError::Refused(format!("the database knows no key {id}")));
    }
    wait_for_frames(database).await?;
    let work = Work {
        database,
        id,
        private: &private,
        fresh: &fresh,
    };
    let mut done = Destroyed::default();
    for shelf in SHELVES {
        work.go_through(&shelf, &mut done).await?;
    }
    files::destroy(folder, id)?;
    changed(database, DESTROYED, &of_key).await?;
    Ok(done)
}

async fn another(database: &Database, id: &str) -> Result<PublicKey, KeyError> {
    let transaction = database.read().await?;
    let rows = transaction.rows(ANOTHER, &[(&id, Type::TEXT)]).await?;
    let Some(row) = rows.first() else {
        let text = "there is no other key: make one first, with `keys new`";
        return Err(KeyError::Refused(text.into()));
    };
    Ok(PublicKey {
        id: row.get("key_id"),
        public: STANDARD.encode(row.get::<_, &[u8]>("public")),
    })
}

async fn changed(database: &Database, statement: &str, params: &[Param<'_>]) -> Result<u64, Error> {
    let mut retries = Retries::default();
    loop {
        match run(database, statement, params).await {
            Err(error) if retries.again(&error).await => {}
            done => return done,
        }
    }
}

/// Whoever was taking a frame in, and had seen the key open, has committed when this returns.
async fn wait_for_frames(database: &Database) -> Result<(), Error> {
    let mut last = String::new();
    loop {
        let transaction = database.read().await?;
        let rows = transaction.rows(JOURNALS, &[(&last, Type::TEXT)]).await?;
        drop(transaction);
        let journals: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        match journals.last() {
            None => return Ok(()),
            Some(newest) => last = newest.clone(),
        }
        changed(database, TOUCH, &[(&journals, Type::TEXT_ARRAY)]).await?;
    }
}

struct Work<'k> {
    database: &'k Database,
    id: &'k str,
    private: &'k [u8],
    fresh: &'k PublicKey,
}

/// Column by column, as the statement takes them.
#[derive(Default)]
struct Fresh {
    incarnations: Vec<String>,
    ids: Vec<i64>,
    boxes: Vec<Vec<u8>>,
}

impl Work<'_> {
    async fn go_through(&self, shelf: &Shelf, done: &mut Destroyed) -> Result<(), KeyError> {
        let mut journal = String::new();
        while let Some(next) = self.next(shelf, &journal).await? {
            journal = next;
            self.reseal_journal(shelf, &journal, done).await?;
        }
        Ok(())
    }

    /// The next journal that has something.
    async fn next(&self, shelf: &Shelf, after: &str) -> Result<Option<String>, Error> {
        let transaction = self.database.read().await?;
        let of_key: [Param; 2] = [(&self.id, Type::TEXT), (&after, Type::TEXT)];
        let rows = transaction.rows(shelf.whose, &of_key).await?;
        Ok(rows.first().map(|row| row.get(0)))
    }

    /// So many at a time, each time in a transaction.
    async fn reseal_journal(
        &self,
        shelf: &Shelf,
        journal: &str,
        done: &mut Destroyed,
    ) -> Result<(), KeyError> {
        let mut place = (String::new(), i64::MIN);
        let mut retries = Retries::default();
        loop {
            match self.some(shelf, journal, &place).await {
                Ok((None, _)) => return Ok(()),
                Ok((Some(last), some)) => {
                    place = last;
                    done.resealed += some.resealed;
                    done.unreadable += some.unreadable;
                }
                Err(error) if retries.again(&error).await => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn some(
        &self,
        shelf: &Shelf,
        journal: &str,
        place: &Place,
    ) -> Result<(Option<Place>, Destroyed), Error> {
        let transaction = self.database.begin().await?;
        let of_place: [Param; 4] = [
            (&journal, Type::TEXT),
            (&self.id, Type::TEXT),
            (&place.0, Type::TEXT),
            (&place.1, Type::INT8),
        ];
        let rows = transaction.rows(shelf.find, &of_place).await?;
        let mut fresh = Fresh::default();
        for row in &rows {
            if let Some(sealed) = self.resealed(journal, row) {
                fresh.incarnations.push(row.get("incarnation"));
                fresh.ids.push(row.get("id"));
                fresh.boxes.push(sealed);
            }
        }
        let of_fresh: [Param; 5] = [
            (&journal, Type::TEXT),
            (&self.fresh.id, Type::TEXT),
            (&fresh.incarnations, Type::TEXT_ARRAY),
            (&fresh.ids, Type::INT8_ARRAY),
            (&fresh.boxes, Type::BYTEA_ARRAY),
        ];
        transaction.run(shelf.write, &of_fresh).await?;
        transaction.commit().await?;
        let last = rows
            .last()
            .map(|row| (row.get("incarnation"), row.get("id")));
        let done = Destroyed {
            resealed: fresh.ids.len() as u64,
            unreadable: (rows.len() - fresh.ids.len()) as u64,
        };
        Ok((last, done))
    }

    fn resealed(&self, journal: &str, row: &Row) -> Option<Vec<u8>> {
        let stream = Stream {
            journal_id: journal.to_owned(),
            incarnation: row.get("incarnation"),
        };
        let sealed = unpack(self.id, row.get("box"))?;
        let whose = Whose::Order(row.get("id"));
        let again = reseal(&stream, whose, self.private, &sealed, self.fresh);
        Some(pack(&again.ok()?)?.1)
    }
}

//! Destroying a key. What is not finished is sealed to the newest one first, and nothing that a till is sending at this
//! moment is forgotten: the key is closed, every stream is gone through once, so that whoever took a frame in before has
//! finished, and only then is it looked for.

use super::boxes::{pack, unpack};
use super::files::{self, KeyError};
use super::run;
use crate::clock;
use crate::database::{Database, Error, Param, Retries, Transaction};
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
const ORDERS: &str = "SELECT journal_id, incarnation, order_id AS id, sealed AS box FROM orders WHERE key_id = $1 AND NOT finished \
     AND (journal_id, incarnation, order_id) > ($2, $3, $4) ORDER BY journal_id, incarnation, order_id LIMIT 200 FOR UPDATE";
const RESEAL_ORDERS: &str = "UPDATE orders SET sealed = fresh.box, key_id = $1 \
     FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bytea[]) AS fresh (journal_id, incarnation, id, box) \
     WHERE orders.journal_id = fresh.journal_id AND orders.incarnation = fresh.incarnation AND orders.order_id = fresh.id";
macro_rules! aside {
    ($what:literal) => {
        concat!(
            "SELECT journal_id, incarnation, id, body AS box FROM set_aside WHERE what = '",
            $what,
            "' AND key_id = $1 AND (journal_id, incarnation, id) > ($2, $3, $4) \
             ORDER BY journal_id, incarnation, id LIMIT 200 FOR UPDATE"
        )
    };
}
macro_rules! reseal_aside {
    ($what:literal) => {
        concat!(
            "UPDATE set_aside SET body = fresh.box, key_id = $1 \
             FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bytea[]) AS fresh (journal_id, incarnation, id, box) \
             WHERE set_aside.journal_id = fresh.journal_id AND set_aside.incarnation = fresh.incarnation \
             AND set_aside.id = fresh.id AND what = '",
            $what,
            "'"
        )
    };
}
/// What is found, and how it is written again.
const SHELVES: [(&str, &str); 3] = [
    (ORDERS, RESEAL_ORDERS),
    (aside!("order"), reseal_aside!("order")),
    (aside!("entry"), reseal_aside!("entry")),
];

/// What became of what was sealed to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Destroyed {
    /// Sealed to the newest key now.
    pub resealed: u64,
    /// Could not be opened with this one either.
    pub unreadable: u64,
}

/// Where one is while going through them.
type Place = (String, String, i64);

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
    for (find, write) in SHELVES {
        work.go_through(find, write, &mut done).await?;
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
    journals: Vec<String>,
    incarnations: Vec<String>,
    ids: Vec<i64>,
    boxes: Vec<Vec<u8>>,
}

impl Work<'_> {
    /// So many at a time, each time in a transaction.
    async fn go_through(
        &self,
        find: &str,
        write: &str,
        done: &mut Destroyed,
    ) -> Result<(), KeyError> {
        let mut place = (String::new(), String::new(), i64::MIN);
        let mut retries = Retries::default();
        loop {
            match self.some(find, write, &place).await {
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
        find: &str,
        write: &str,
        place: &Place,
    ) -> Result<(Option<Place>, Destroyed), Error> {
        let transaction = self.database.begin().await?;
        let of_place: [Param; 4] = [
            (&self.id, Type::TEXT),
            (&place.0, Type::TEXT),
            (&place.1, Type::TEXT),
            (&place.2, Type::INT8),
        ];
        let rows = transaction.rows(find, &of_place).await?;
        let last = rows.last().map(place_of);
        let mut fresh = Fresh::default();
        for row in &rows {
            if let Some(sealed) = self.resealed(row) {
                let (journal_id, incarnation, id) = place_of(row);
                fresh.journals.push(journal_id);
                fresh.incarnations.push(incarnation);
                fresh.ids.push(id);
                fresh.boxes.push(sealed);
            }
        }
        let resealed = fresh.ids.len();
        self.write(&transaction, write, &fresh).await?;
        transaction.commit().await?;
        let done = Destroyed {
            resealed: resealed as u64,
            unreadable: (rows.len() - resealed) as u64,
        };
        Ok((last, done))
    }

    fn resealed(&self, row: &Row) -> Option<Vec<u8>> {
        let (journal_id, incarnation, id) = place_of(row);
        let sealed = unpack(self.id, row.get("box"))?;
        let stream = Stream {
            journal_id,
            incarnation,
        };
        let again = reseal(&stream, Whose::Order(id), self.private, &sealed, self.fresh);
        Some(pack(&again.ok()?)?.1)
    }

    async fn write(
        &self,
        transaction: &Transaction,
        write: &str,
        fresh: &Fresh,
    ) -> Result<(), Error> {
        let params: [Param; 5] = [
            (&self.fresh.id, Type::TEXT),
            (&fresh.journals, Type::TEXT_ARRAY),
            (&fresh.incarnations, Type::TEXT_ARRAY),
            (&fresh.ids, Type::INT8_ARRAY),
            (&fresh.boxes, Type::BYTEA_ARRAY),
        ];
        transaction.run(write, &params).await.map(|_| ())
    }
}

fn place_of(row: &Row) -> Place {
    (row.get("journal_id"), row.get("incarnation"), row.get("id"))
}

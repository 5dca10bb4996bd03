//! A journal made again of what the office has of it, where its disk is gone.

use crate::database::{Database, Param, Transaction};
use crate::keys;
use sequra_frames::cell::{Cell as There, Row as Cells};
use sequra_frames::frame::{Entry, Order, Stream, TableRow};
use sequra_frames::sealing::{Sealed, open_entry, open_order};
use sequra_pos::outbox::{Cell, Identity, LeftOut, Part, Rebuilding, Rebuilt, Row as Here};
use std::collections::HashMap;
use std::path::Path;
use tokio_postgres::Row;
use tokio_postgres::types::Type;
use zeroize::Zeroizing;

const LIFE: &str = "SELECT incarnation, coalesce(moved_at, begun_at) AS moved_at, reanchored_until, epoch \
     FROM streams CROSS JOIN office WHERE streams.journal_id = $1 AND ($2::text IS NULL OR incarnation = $2) AND one \
     ORDER BY coalesce(moved_at, begun_at) DESC LIMIT 1";
const ORDERS: &str = "SELECT order_id, schema, rows, sealed, key_id FROM orders \
     WHERE journal_id = $1 AND incarnation = $2 AND order_id > $3 ORDER BY order_id LIMIT 500";
const ENTRIES: &str = "SELECT entry_id, row, sealed, key_id FROM entries \
     WHERE journal_id = $1 AND incarnation = $2 AND entry_id > $3 ORDER BY entry_id LIMIT 2000";

/// Which journal, and where the private keys are.
#[derive(Clone, Copy)]
pub struct Wanted<'w> {
    pub journal_id: &'w str,
    /// Which life of it; none: the one that moved last.
    pub incarnation: Option<&'w str>,
    pub keys: &'w Path,
}

/// Writes it, as of one moment. Says which life of the journal it was, and what is not in it.
pub async fn rebuild(
    database: &Database,
    wanted: Wanted<'_>,
    to: &Path,
) -> Result<(String, Rebuilt), String> {
    let transaction = database.read().await.map_err(told)?;
    let of_life: [Param; 2] = [
        (&wanted.journal_id, Type::TEXT),
        (&wanted.incarnation, Type::TEXT),
    ];
    let lives = transaction.rows(LIFE, &of_life).await.map_err(told)?;
    let life = lives
        .first()
        .ok_or("the office knows no such journal, or no such life of it")?;
    let stream = Stream {
        journal_id: wanted.journal_id.to_owned(),
        incarnation: life.get("incarnation"),
    };
    let identity = Identity {
        journal_id: stream.journal_id.clone(),
        incarnation: stream.incarnation.clone(),
        epoch: life.get("epoch"),
    };
    let made = Rebuilding::begin(to, &identity, life.get("moved_at")).map_err(told)?;
    let mut work = Work {
        transaction,
        stream,
        folder: wanted.keys,
        keys: HashMap::new(),
        made,
        left_out: Vec::new(),
    };
    work.orders().await?;
    work.entries().await?;
    let mut rebuilt = work
        .made
        .finish(life.get("reanchored_until"))
        .map_err(told)?;
    rebuilt.left_out.extend(work.left_out);
    Ok((work.stream.incarnation, rebuilt))
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

struct Work<'w> {
    transaction: Transaction,
    stream: Stream,
    folder: &'w Path,
    /// Those that were asked for; none: it is not here.
    keys: HashMap<String, Option<Zeroizing<Vec<u8>>>>,
    made: Rebuilding,
    left_out: Vec<LeftOut>,
}

impl Work<'_> {
    async fn orders(&mut self) -> Result<(), String> {
        let mut last = -1;
        loop {
            let rows = self.rows(ORDERS, last).await?;
            for row in &rows {
                last = row.get("order_id");
                match self.opened_order(last, row) {
                    Ok(opened) => {
                        let version = i32::try_from(row.get::<_, i64>("schema")).map_err(told)?;
                        self.made.order(last, version, &opened).map_err(told)?;
                    }
                    Err(why) => self.leave_out(Part::Order, last, why),
                }
            }
            if rows.is_empty() {
                return Ok(());
            }
        }
    }

    async fn entries(&mut self) -> Result<(), String> {
        let mut last = 0;
        loop {
            let rows = self.rows(ENTRIES, last).await?;
            for row in &rows {
                last = row.get("entry_id");
                match self.opened_entry(last, row) {
                    Ok(opened) => self.made.entry(&opened).map_err(told)?,
                    Err(why) => self.leave_out(Part::Entry, last, why),
                }
            }
            if rows.is_empty() {
                return Ok(());
            }
        }
    }

    async fn rows(&self, statement: &str, after: i64) -> Result<Vec<Row>, String> {
        let params: [Param; 3] = [
            (&self.stream.journal_id, Type::TEXT),
            (&self.stream.incarnation, Type::TEXT),
            (&after, Type::INT8),
        ];
        self.transaction
            .rows(statement, &params)
            .await
            .map_err(told)
    }

    fn leave_out(&mut self, part: Part, id: i64, why: String) {
        self.left_out.push(LeftOut { part, id, why });
    }

    fn opened_order(&mut self, id: i64, row: &Row) -> Result<Vec<(String, Here)>, String> {
        let rows = serde_json::from_slice(row.get("rows")).map_err(told)?;
        let (private, sealed) = self.sealed(row)?;
        let order = Order { id, rows, sealed };
        let opened = open_order(&self.stream, &private, &order).map_err(told)?;
        let rows = opened.into_iter();
        Ok(rows
            .map(|TableRow { table, row }| (table, here(row)))
            .collect())
    }

    fn opened_entry(&mut self, id: i64, row: &Row) -> Result<Here, String> {
        let cells = serde_json::from_slice(row.get("row")).map_err(told)?;
        let (private, sealed) = self.sealed(row)?;
        let entry = Entry {
            id,
            row: cells,
            sealed,
        };
        Ok(here(
            open_entry(&self.stream, &private, &entry).map_err(told)?,
        ))
    }

    /// The row's box, and what opens it.
    fn sealed(&mut self, row: &Row) -> Result<(Zeroizing<Vec<u8>>, Option<Sealed>), String> {
        let (Some(id), Some(bytes)): (Option<String>, Option<&[u8]>) =
            (row.get("key_id"), row.get("sealed"))
        else {
            return Ok((Zeroizing::default(), None));
        };
        let sealed = keys::unpack(&id, bytes);
        let folder = self.folder;
        let key = self
            .keys
            .entry(id.clone())
            .or_insert_with(|| keys::read(folder, &id).ok());
        match key {
            Some(private) => Ok((private.clone(), sealed)),
            None => Err(format!("it is sealed to the key {id}, which is not here")),
        }
    }
}

fn here(row: Cells) -> Here {
    let cell = |cell| match cell {
        There::Null | There::Sealed(_) => Cell::Null,
        There::Integer(number) => Cell::Integer(number),
        There::Text(text) => Cell::Text(text),
        There::Bytes(bytes) => Cell::Blob(bytes),
    };
    row.into_iter()
        .map(|(name, value)| (name, cell(value)))
        .collect()
}

//! Entries of the journals' logs, each written once.

use super::columns::{self, Reason, needed, number, text};
use crate::database::Param;
use sequra_frames::frame::Entry;
use tokio_postgres::types::Type;

/// Says which were new.
pub const APPEND: &str = "INSERT INTO entries (journal_id, incarnation, entry_id, at, order_id, uuid, order_ref_1, amount, \
         currency, step, state, status, row, sealed, key_id) \
     SELECT $1, $2, said.* FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::bigint[], \
         $9::text[], $10::text[], $11::text[], $12::bigint[], $13::bytea[], $14::bytea[], $15::text[]) AS said \
     ON CONFLICT (journal_id, incarnation, entry_id) DO NOTHING RETURNING entry_id";
/// Those that were there.
pub const PRESENT: &str = "SELECT entry_id, row FROM entries \
     WHERE journal_id = $1 AND incarnation = $2 AND entry_id = ANY($3)";

/// Column by column, as the statement takes them.
#[derive(Default)]
pub struct Columns {
    pub ids: Vec<i64>,
    at: Vec<i64>,
    orders: Vec<i64>,
    uuids: Vec<Option<String>>,
    refs: Vec<Option<String>>,
    amounts: Vec<Option<i64>>,
    currencies: Vec<Option<String>>,
    steps: Vec<String>,
    states: Vec<String>,
    statuses: Vec<i64>,
    pub rows: Vec<Vec<u8>>,
    sealed: Vec<Option<Vec<u8>>>,
    pub keys: Vec<Option<String>>,
}

/// An entry, as its columns have it.
pub struct Stored {
    id: i64,
    at: i64,
    order_id: i64,
    uuid: Option<String>,
    order_ref_1: Option<String>,
    amount: Option<i64>,
    currency: Option<String>,
    step: String,
    state: String,
    status: i64,
    row: Vec<u8>,
    sealed: Option<Vec<u8>>,
    key: Option<String>,
}

impl Stored {
    /// Refused where it cannot be stored.
    pub fn of(entry: &Entry) -> Result<Stored, Reason> {
        let row = &entry.row;
        columns::check("log", row, entry.sealed.as_ref())?;
        if entry.id < 1 || number(row, "id")? != Some(entry.id) {
            return Err("its row is of another number".into());
        }
        let packed = entry.sealed.as_ref().map(columns::pack).transpose()?;
        let (key, sealed) = packed.unzip();
        Ok(Stored {
            id: entry.id,
            at: needed(number(row, "at"), "at")?,
            order_id: needed(number(row, "order_id"), "order_id")?,
            uuid: text(row, "uuid")?,
            order_ref_1: text(row, "order_ref_1")?,
            amount: number(row, "amount")?,
            currency: text(row, "currency")?,
            step: needed(text(row, "step"), "step")?,
            state: needed(text(row, "state"), "state")?,
            status: needed(number(row, "status"), "status")?,
            row: serde_json::to_vec(row).map_err(|e| e.to_string())?,
            sealed,
            key,
        })
    }
}

impl Columns {
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub fn add(&mut self, entry: Stored) {
        self.ids.push(entry.id);
        self.at.push(entry.at);
        self.orders.push(entry.order_id);
        self.uuids.push(entry.uuid);
        self.refs.push(entry.order_ref_1);
        self.amounts.push(entry.amount);
        self.currencies.push(entry.currency);
        self.steps.push(entry.step);
        self.states.push(entry.state);
        self.statuses.push(entry.status);
        self.rows.push(entry.row);
        self.sealed.push(entry.sealed);
        self.keys.push(entry.key);
    }

    /// Behind the journal and its incarnation.
    pub fn params(&self) -> [Param<'_>; 13] {
        [
            (&self.ids, Type::INT8_ARRAY),
            (&self.at, Type::INT8_ARRAY),
            (&self.orders, Type::INT8_ARRAY),
            (&self.uuids, Type::TEXT_ARRAY),
            (&self.refs, Type::TEXT_ARRAY),
            (&self.amounts, Type::INT8_ARRAY),
            (&self.currencies, Type::TEXT_ARRAY),
            (&self.steps, Type::TEXT_ARRAY),
            (&self.states, Type::TEXT_ARRAY),
            (&self.statuses, Type::INT8_ARRAY),
            (&self.rows, Type::BYTEA_ARRAY),
            (&self.sealed, Type::BYTEA_ARRAY),
            (&self.keys, Type::TEXT_ARRAY),
        ]
    }
}

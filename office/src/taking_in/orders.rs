//! Orders, each replaced whole by its present state.

use super::columns::{self, Reason, needed, number, text};
use crate::database::Param;
use sequra_frames::cell::{Cell, Row};
use sequra_frames::frame::Order;
use tokio_postgres::types::Type;

/// At risk since when: since it first was, until it is no more.
pub const REPLACE: &str = "INSERT INTO orders (journal_id, incarnation, seq, schema, order_id, endpoint, merchant_id, uuid, state, \
         order_ref_1, amount, currency, created_at, updated_at, finished, open_step, doubtful, at_risk, at_risk_since, \
         rows, sealed, key_id) \
     SELECT $1, $2, $3, $4, said.* FROM unnest($5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], \
         $11::bigint[], $12::text[], $13::bigint[], $14::bigint[], $15::boolean[], $16::text[], $17::boolean[], \
         $18::bigint[], $19::bigint[], $20::bytea[], $21::bytea[], $22::text[]) AS said \
     ON CONFLICT (journal_id, incarnation, order_id) DO UPDATE SET seq = excluded.seq, schema = excluded.schema, endpoint = excluded.endpoint, \
         merchant_id = excluded.merchant_id, uuid = excluded.uuid, state = excluded.state, \
         order_ref_1 = excluded.order_ref_1, amount = excluded.amount, currency = excluded.currency, \
         created_at = excluded.created_at, updated_at = excluded.updated_at, finished = excluded.finished, \
         open_step = excluded.open_step, doubtful = excluded.doubtful, at_risk = excluded.at_risk, \
         at_risk_since = CASE WHEN excluded.at_risk IS NULL THEN NULL \
             ELSE coalesce(orders.at_risk_since, excluded.at_risk_since) END, \
         rows = excluded.rows, sealed = excluded.sealed, key_id = excluded.key_id";

/// Column by column, as the statement takes them.
#[derive(Default)]
pub struct Columns {
    pub ids: Vec<i64>,
    endpoints: Vec<Option<String>>,
    merchants: Vec<Option<String>>,
    uuids: Vec<Option<String>>,
    states: Vec<Option<String>>,
    refs: Vec<Option<String>>,
    amounts: Vec<Option<i64>>,
    currencies: Vec<Option<String>>,
    created: Vec<Option<i64>>,
    updated: Vec<Option<i64>>,
    finished: Vec<bool>,
    open_steps: Vec<Option<String>>,
    doubtful: Vec<bool>,
    at_risk: Vec<Option<i64>>,
    since: Vec<Option<i64>>,
    rows: Vec<Vec<u8>>,
    sealed: Vec<Option<Vec<u8>>>,
    pub keys: Vec<Option<String>>,
}

/// An order, as its columns have it.
pub struct Stored {
    id: i64,
    endpoint: Option<String>,
    merchant_id: Option<String>,
    uuid: Option<String>,
    state: Option<String>,
    order_ref_1: Option<String>,
    amount: Option<i64>,
    currency: Option<String>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
    finished: bool,
    open_step: Option<String>,
    doubtful: bool,
    rows: Vec<u8>,
    sealed: Option<Vec<u8>>,
    key: Option<String>,
}

impl Stored {
    /// Refused where it cannot be stored.
    pub fn of(order: &Order) -> Result<Stored, Reason> {
        for row in &order.rows {
            columns::check(&row.table, &row.row, order.sealed.as_ref())?;
        }
        let own = own_row(order)?;
        let open = open_step(order);
        let packed = order.sealed.as_ref().map(columns::pack).transpose()?;
        let (key, sealed) = packed.unzip();
        let rows = serde_json::to_vec(&order.rows).map_err(|e| e.to_string())?;
        // Number 0 is what is no order's.
        let finished = order.id == 0 || needed(number(own, "finished"), "finished")? != 0;
        if order.id != 0 {
            needed(text(own, "state"), "state")?;
        }
        Ok(Stored {
            id: order.id,
            endpoint: text(own, "endpoint")?,
            merchant_id: text(own, "merchant_id")?,
            uuid: text(own, "uuid")?,
            state: text(own, "state")?,
            order_ref_1: text(own, "order_ref_1")?,
            amount: number(own, "amount")?,
            currency: text(own, "currency")?,
            created_at: number(own, "created_at")?,
            updated_at: number(own, "updated_at")?,
            finished,
            open_step: open.map(|step| text(step, "step")).transpose()?.flatten(),
            doubtful: match open {
                Some(step) => number(step, "doubtful")? != Some(0),
                None => false,
            },
            rows,
            sealed,
            key,
        })
    }

    /// Something of it may still reach seQura.
    pub fn is_under_way(&self) -> bool {
        self.open_step.is_some()
    }

    /// Cents that seQura has confirmed, or may have, and that are not settled: as the library says it
    /// (`Life::is_at_risk`). Of an order without an amount they are none, and it is at risk all the same.
    fn at_risk(&self) -> Option<i64> {
        let is_at_risk = match self.state.as_deref()? {
            "confirming" => self.open_step.is_none() || self.doubtful,
            "confirmed" | "referencing" | "ref_conflicted" => true,
            _ => false,
        };
        is_at_risk.then(|| self.amount.unwrap_or(0))
    }
}

fn own_row(order: &Order) -> Result<&Row, Reason> {
    static NOTHING: Row = Row::new();
    let mut own = order.rows.iter().filter(|row| row.table == "orders");
    match (order.id, own.next(), own.next()) {
        (0, None, _) => Ok(&NOTHING),
        (1.., Some(row), None) => match row.row.get("id") {
            Some(Cell::Integer(id)) if *id == order.id => Ok(&row.row),
            _ => Err("its row is of another number".into()),
        },
        (..0, ..) => Err("its number is below 0".into()),
        (0, ..) => Err("an order without a number".into()),
        (_, None, _) => Err("its row is missing".into()),
        (_, Some(_), Some(_)) => Err("it has two rows".into()),
    }
}

/// The step that has no final answer.
fn open_step(order: &Order) -> Option<&Row> {
    let steps = order.rows.iter().filter(|row| row.table == "steps");
    let mut open =
        steps.filter(|step| matches!(step.row.get("answered_at"), None | Some(Cell::Null)));
    open.next().map(|step| &step.row)
}

impl Columns {
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// By how much the till's clock goes ahead says when something began by the office's.
    pub fn add(&mut self, order: Stored, now: i64, skew: i64) {
        let at_risk = order.at_risk();
        let since = order
            .updated_at
            .map_or(now, |at| at.saturating_sub(skew).clamp(0, now));
        self.since.push(at_risk.map(|_| since));
        self.at_risk.push(at_risk);
        self.ids.push(order.id);
        self.endpoints.push(order.endpoint);
        self.merchants.push(order.merchant_id);
        self.uuids.push(order.uuid);
        self.states.push(order.state);
        self.refs.push(order.order_ref_1);
        self.amounts.push(order.amount);
        self.currencies.push(order.currency);
        self.created.push(order.created_at);
        self.updated.push(order.updated_at);
        self.finished.push(order.finished);
        self.open_steps.push(order.open_step);
        self.doubtful.push(order.doubtful);
        self.rows.push(order.rows);
        self.sealed.push(order.sealed);
        self.keys.push(order.key);
    }

    /// Behind the journal, its incarnation, the position and the schema.
    pub fn params(&self) -> [Param<'_>; 18] {
        [
            (&self.ids, Type::INT8_ARRAY),
            (&self.endpoints, Type::TEXT_ARRAY),
            (&self.merchants, Type::TEXT_ARRAY),
            (&self.uuids, Type::TEXT_ARRAY),
            (&self.states, Type::TEXT_ARRAY),
            (&self.refs, Type::TEXT_ARRAY),
            (&self.amounts, Type::INT8_ARRAY),
            (&self.currencies, Type::TEXT_ARRAY),
            (&self.created, Type::INT8_ARRAY),
            (&self.updated, Type::INT8_ARRAY),
            (&self.finished, Type::BOOL_ARRAY),
            (&self.open_steps, Type::TEXT_ARRAY),
            (&self.doubtful, Type::BOOL_ARRAY),
            (&self.at_risk, Type::INT8_ARRAY),
            (&self.since, Type::INT8_ARRAY),
            (&self.rows, Type::BYTEA_ARRAY),
            (&self.sealed, Type::BYTEA_ARRAY),
            (&self.keys, Type::TEXT_ARRAY),
        ]
    }
}

//! One order, as a life of a journal has it; without anything of its shopper.

use super::{all, first};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Row};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub journal_id: String,
    pub incarnation: String,
    pub order_id: i64,
    pub endpoint: Option<String>,
    pub merchant_id: Option<String>,
    pub uuid: Option<String>,
    pub state: Option<String>,
    pub order_ref_1: Option<String>,
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub created_at: Option<i64>,
    pub updated_at: Option<i64>,
    pub open_step: Option<String>,
    pub is_doubtful: bool,
    pub at_risk: Option<i64>,
}

macro_rules! order {
    () => {
        "SELECT journal_id, incarnation, order_id, endpoint, merchant_id, uuid, state, order_ref_1, amount, currency, \
         created_at, updated_at, open_step, doubtful, at_risk FROM orders"
    };
}

fn read(row: &Row) -> Result<Order, Error> {
    Ok(Order {
        journal_id: row.try_get(0)?,
        incarnation: row.try_get(1)?,
        order_id: row.try_get(2)?,
        endpoint: row.try_get(3)?,
        merchant_id: row.try_get(4)?,
        uuid: row.try_get(5)?,
        state: row.try_get(6)?,
        order_ref_1: row.try_get(7)?,
        amount: row.try_get(8)?,
        currency: row.try_get(9)?,
        created_at: row.try_get(10)?,
        updated_at: row.try_get(11)?,
        open_step: row.try_get(12)?,
        is_doubtful: row.try_get(13)?,
        at_risk: row.try_get(14)?,
    })
}

pub async fn one(
    db: &Client,
    journal_id: &str,
    incarnation: &str,
    order_id: i64,
) -> Result<Option<Order>, Error> {
    const ONE: &str = concat!(
        order!(),
        " WHERE journal_id = $1 AND incarnation = $2 AND order_id = $3"
    );
    let given = [
        (&journal_id as _, Type::TEXT),
        (&incarnation as _, Type::TEXT),
        (&order_id as _, Type::INT8),
    ];
    first(db, ONE, &given, read).await
}

/// The same order, as other lives of its journal, and other journals, have it.
pub async fn elsewhere(db: &Client, order: &Order) -> Result<Vec<Order>, Error> {
    const ELSEWHERE: &str = concat!(
        order!(),
        " WHERE uuid = $1 AND NOT (journal_id = $2 AND incarnation = $3 AND order_id = $4) \
         ORDER BY journal_id, incarnation, order_id LIMIT 20"
    );
    let Some(uuid) = &order.uuid else {
        return Ok(Vec::new());
    };
    let given = [
        (uuid as _, Type::TEXT),
        (&order.journal_id as _, Type::TEXT),
        (&order.incarnation as _, Type::TEXT),
        (&order.order_id as _, Type::INT8),
    ];
    all(db, ELSEWHERE, &given, read).await
}

/// Orders with exactly this uuid or this reference, of whichever till.
pub async fn named(db: &Client, name: &str) -> Result<Vec<Order>, Error> {
    const NAMED: &str = concat!(
        order!(),
        " WHERE uuid = $1 UNION (",
        order!(),
        " WHERE order_ref_1 = $1 LIMIT 20) LIMIT 20"
    );
    if name.is_empty() {
        return Ok(Vec::new());
    }
    all(db, NAMED, &[(&name, Type::TEXT)], read).await
}

/// Who finishes an order, and by which reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    pub epoch: i64,
    pub taken_by: String,
    pub order_ref_1: Option<String>,
    pub made_at: i64,
}

/// Whether the office has taken the order over.
pub async fn fence(db: &Client, order: &Order) -> Result<Option<Fence>, Error> {
    const FENCE: &str = "SELECT epoch, taken_by, order_ref_1, made_at FROM fences \
         WHERE journal_id = $1 AND endpoint = $2 AND uuid = $3";
    let (Some(endpoint), Some(uuid)) = (&order.endpoint, &order.uuid) else {
        return Ok(None);
    };
    let given = [
        (&order.journal_id as _, Type::TEXT),
        (endpoint as _, Type::TEXT),
        (uuid as _, Type::TEXT),
    ];
    first(db, FENCE, &given, |row| {
        Ok(Fence {
            epoch: row.try_get(0)?,
            taken_by: row.try_get(1)?,
            order_ref_1: row.try_get(2)?,
            made_at: row.try_get(3)?,
        })
    })
    .await
}

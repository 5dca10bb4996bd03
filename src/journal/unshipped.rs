//! Settled orders of which goods are still to be shipped: seQura pays what was shipped.

use super::access::Journal;
use super::door::Door;
use super::error::Result;
use super::fences::not_fenced;
use super::orders::{Record, by_id};
use super::sums::{sum, together};
use crate::lifecycle::{Life, Step};
use rusqlite::{Transaction, params};

const NOTE: &str = "INSERT INTO unshipped (order_id, endpoint, amount) SELECT id, endpoint, ?2 FROM orders WHERE id = ?1 \
     ON CONFLICT (order_id) DO UPDATE SET amount = excluded.amount";
const NOTHING: &str = "DELETE FROM unshipped WHERE order_id = ?1";
const INTEND: &str = "INSERT INTO steps (order_id, step, request, state_before, doubtful, intended_at) \
     VALUES (?1, ?2, ?3, ?4, 0, ?5)";
const OLDEST: &str = concat!(
    "SELECT order_id, unshipped.amount FROM unshipped CROSS JOIN orders ON orders.id = order_id \
     WHERE unshipped.endpoint = ?1 AND ",
    not_fenced!(),
    " ORDER BY order_id LIMIT ?2"
);
const TOTALS: &str = concat!(
    "SELECT currency, merchant_id, ",
    sum!("+" "unshipped.amount"),
    " FROM unshipped CROSS JOIN orders ON orders.id = order_id WHERE unshipped.endpoint = ?1 AND ",
    not_fenced!(),
    " GROUP BY currency, merchant_id"
);
/// Every query of this file.
#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[NOTE, NOTHING, OLDEST, TOTALS];

/// A settled order of which goods are still to be shipped.
#[derive(Debug)]
pub struct Unshipped {
    /// The order.
    pub record: Record,
    /// What these goods come to, cents.
    pub amount: i64,
}

/// Currency, merchant, cents.
pub type UnshippedTotal = (Option<String>, String, Option<i64>);

/// Notes what is still to be shipped of a settled order; none: nothing is.
pub(super) fn note(transaction: &Transaction, order_id: i64, amount: Option<i64>) -> Result<()> {
    match amount {
        Some(amount) => transaction.run(NOTE, [order_id, amount])?,
        None => transaction.run(NOTHING, [order_id])?,
    };
    Ok(())
}

/// The shipment that ends the sale stands beside what has settled it: an open step like any other, and nothing of it was
/// sent.
pub(super) fn intend(
    transaction: &Transaction,
    order_id: i64,
    request: &str,
    now: i64,
) -> Result<()> {
    let before = Life::TO_SHIP.state.as_str();
    let step = Step::Ship.as_str();
    transaction.run(INTEND, params![order_id, step, request, before, now])?;
    Ok(())
}

impl Record {
    /// Whether it was begun as an order of which everything was shipped before; none: its content is gone.
    pub(crate) fn is_begun_shipped(&self) -> Option<bool> {
        let text = self.content.as_deref()?;
        let is_shipped = || Some(self.content().ok()??.is_shipped());
        Some(text.contains("\"shipped_cart\":") && is_shipped() == Some(true))
    }
}

impl Journal {
    /// At most so many orders of this endpoint, those first that were begun first.
    pub fn unshipped(&self, endpoint: &str, most: usize) -> Result<Vec<Unshipped>> {
        self.read(|connection| {
            connection.all(OLDEST, params![endpoint, most as i64], |row| {
                Ok(Unshipped {
                    record: by_id(connection, row.get(0)?)?,
                    amount: row.get(1)?,
                })
            })
        })
    }

    /// What is still to be shipped of all of them: currency, merchant, cents; none: more than can be counted.
    pub fn unshipped_totals(&self, endpoint: &str) -> Result<Vec<UnshippedTotal>> {
        self.read(|connection| {
            connection.all(TOTALS, [endpoint], |row| {
                let cents = together(row.get(2)?, row.get(3)?);
                Ok((row.get(0)?, row.get(1)?, cents))
            })
        })
    }
}

//! What came to pass of sales, and when: the figures of a day.

use super::access::Journal;
use super::door::Door;
use super::error::Result;
use super::orders::{self, Record, TO_RECOVER};
use rusqlite::{Transaction, params};
use std::ops::ControlFlow::Continue;

/// Of an order that has got on by an answer. `?3`: it is confirmed by it; `?4`: sold; `?5`: so much of it is still to be
/// shipped, NULL where nothing was shipped by it.
const GOT_ON: &str = "INSERT INTO figures (at, order_id, confirmed, sold, shipped) \
     SELECT ?2, id, CASE WHEN ?3 THEN amount END, CASE WHEN ?4 THEN amount END, CAST(amount - ?5 AS INTEGER) FROM orders WHERE id = ?1 \
     ON CONFLICT (at, order_id) DO UPDATE SET confirmed = coalesce(confirmed, excluded.confirmed), \
     sold = coalesce(sold, excluded.sold), shipped = coalesce(shipped, excluded.shipped)";

/// A sum of what a journal should not hold becomes the most that can be counted.
const CHANGED: &str = "INSERT INTO figures (at, order_id, shipped, refunded) VALUES (?2, ?1, nullif(?3, 0), nullif(?4, 0)) \
     ON CONFLICT (at, order_id) DO UPDATE SET shipped = coalesce(CAST(shipped + excluded.shipped AS INTEGER), shipped, excluded.shipped), \
     refunded = coalesce(CAST(refunded + excluded.refunded AS INTEGER), refunded, excluded.refunded)";

const BETWEEN: &str = "SELECT merchant_id, currency, confirmed, sold, shipped, refunded FROM figures \
     CROSS JOIN orders ON orders.id = order_id WHERE at >= ?1 AND at < ?2 AND endpoint = ?3";

/// When its last confirmation was answered, or else asked for.
const CONFIRMED_AT: &str = "SELECT coalesce(answered_at, intended_at) FROM steps \
     WHERE order_id = ?1 AND step = 'confirm' ORDER BY id DESC LIMIT 1";

const NOTED_SINCE: &str = "SELECT figures_since FROM journal WHERE id = 1 AND figures_since > ?1";

/// Of a journal that was made of a copy: what it noted last before, or when it began; where the journal that is gone may
/// have noted more between the two moments, for nothing tells how long it went on but what this one noted first.
const LOST_SINCE: &str = "SELECT last FROM (SELECT copied_at, \
     coalesce((SELECT max(at) FROM figures WHERE at <= copied_at), made_at) AS last FROM journal WHERE id = 1) \
     WHERE last < ?2 AND NOT EXISTS (SELECT 1 FROM figures WHERE at > copied_at AND at < ?1) AND copied_at IS NOT NULL";

/// How many orders that were, or may have been, confirmed between two moments the office goes on with.
const AT_THE_OFFICE: &str = "SELECT count(*) FROM taken_over CROSS JOIN orders USING (uuid, endpoint) \
     WHERE endpoint = ?3 AND state IN ('confirming', 'confirmed', 'referencing', 'ref_conflicted') AND \
     (SELECT CASE state WHEN 'confirming' THEN intended_at ELSE coalesce(answered_at, intended_at) END FROM steps \
     WHERE order_id = orders.id AND step = 'confirm' ORDER BY id DESC LIMIT 1) BETWEEN ?1 AND ?2 - 1";

/// Every query of this file.
#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[
    GOT_ON,
    CHANGED,
    BETWEEN,
    CONFIRMED_AT,
    NOTED_SINCE,
    LOST_SINCE,
    AT_THE_OFFICE,
];

/// The kinds of figures that are noted.
pub const KINDS: [&str; 4] = ["confirmed", "sold", "shipped", "refunded"];

/// What came to pass of one order, cents of each kind.
pub type Figures = [Option<i64>; KINDS.len()];

/// An order has got on: it is confirmed by an answer, sold (settled), or both; `still_to_ship`: where goods were shipped by it.
pub(super) fn note_progress(
    transaction: &Transaction,
    (order_id, now): (i64, i64),
    is_confirmed: bool,
    is_sold: bool,
    still_to_ship: Option<i64>,
) -> Result<()> {
    if is_confirmed || is_sold {
        let noted = params![order_id, now, is_confirmed, is_sold, still_to_ship];
        transaction.run(GOT_ON, noted)?;
    }
    Ok(())
}

/// seQura has taken a change of a sold order.
pub(super) fn note_change(
    transaction: &Transaction,
    (order_id, now): (i64, i64),
    shipped: i64,
    refunded: i64,
) -> Result<()> {
    if shipped != 0 || refunded != 0 {
        transaction.run(CHANGED, params![order_id, now, shipped, refunded])?;
    }
    Ok(())
}

impl Journal {
    /// What came to pass between two moments, the second not included: who sold, in which currency, and what. And the orders
    /// that are to be recovered now, each with when it was confirmed, or was to be: as of one moment, so that
    /// none that gets on meanwhile is in neither.
    pub fn figures(
        &self,
        endpoint: &str,
        (since, until): (i64, i64),
        visit: &mut dyn FnMut(&str, Option<&str>, Figures),
    ) -> Result<Vec<(Record, Option<i64>)>> {
        self.read(|connection| {
            let _as_of_now = connection.unchecked_transaction()?;
            connection.each(BETWEEN, params![since, until, endpoint], |row| {
                let figures = [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
                let (merchant, currency): (String, Option<String>) = (row.get(0)?, row.get(1)?);
                visit(&merchant, currency.as_deref(), figures);
                Ok(Continue(()))
            })?;
            let open = connection.all(TO_RECOVER, [endpoint], orders::read)?;
            let with_time = open.into_iter().map(|record| {
                let at = connection.first(CONFIRMED_AT, [record.id], |row| Ok(row.get(0)?))?;
                Ok((record, at))
            });
            with_time.collect()
        })
    }

    /// Since when figures are noted, where that is after this moment: an earlier version noted none.
    pub fn lacks_figures_since(&self, since: i64) -> Result<Option<i64>> {
        self.read(|connection| connection.first(NOTED_SINCE, [since], |row| Ok(row.get(0)?)))
    }

    /// Since when figures are lost that may belong between two moments: the journal was made of a copy.
    pub fn lost_figures_since(&self, (since, until): (i64, i64)) -> Result<Option<i64>> {
        self.read(|connection| connection.first(LOST_SINCE, [since, until], |row| Ok(row.get(0)?)))
    }

    /// How many orders of this endpoint that were, or may have been, confirmed between two moments and have no reference
    /// from here the office has taken over.
    pub fn at_the_office(&self, endpoint: &str, (since, until): (i64, i64)) -> Result<i64> {
        self.read(|connection| {
            connection.one(AT_THE_OFFICE, params![since, until, endpoint], |row| {
                Ok(row.get(0)?)
            })
        })
    }
}

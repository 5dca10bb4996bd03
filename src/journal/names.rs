//! Orders by the shop's own names for them: `order_ref_1`, and the till's key, `cart.cart_ref`.

use super::access::Journal;
use super::door::Door;
use super::error::Result;
use super::orders::{Record, select_orders};
use rusqlite::{Connection, params};

/// So many orders with one `cart_ref` are looked at, the newest first: a till may write the same into all of them.
const MOST: i64 = 32;

const KNOWN: &str = "SELECT EXISTS (SELECT 1 FROM orders WHERE uuid = ?1 AND endpoint = ?2) \
     OR EXISTS (SELECT 1 FROM taken_over WHERE uuid = ?1 AND endpoint = ?2)";
const BY_REF: &str = select_orders!(
    "WHERE orders.id IN (SELECT id FROM orders WHERE finished = 0 AND endpoint = ?1 AND order_ref_1 = ?2 \
     UNION SELECT id FROM orders WHERE holds_ref = 1 AND endpoint = ?1 AND order_ref_1 = ?2 \
     UNION SELECT orders.id FROM taken_over CROSS JOIN orders USING (uuid, endpoint) \
         WHERE endpoint = ?1 AND taken_over.order_ref_1 = ?2 \
     UNION SELECT max(order_id) FROM names WHERE name = ?2 AND endpoint = ?1 AND kind = 'order_ref_1')"
);
const BY_CART_REF: &str = select_orders!(
    "WHERE orders.id IN (SELECT order_id FROM names WHERE name = ?2 AND endpoint = ?1 AND kind = 'cart_ref' \
     ORDER BY order_id DESC LIMIT ?3)"
);
/// Those that an older version has begun, which kept no such key apart.
const UNFINISHED_WITH_KEY: &str = select_orders!(
    "WHERE finished = 0 AND orders.endpoint = ?1 \
     AND instr(coalesce(contents.content, orders.content), '\"cart_ref\":') > 0"
);
const WITH_KEY: &str = "SELECT order_id FROM names WHERE name = ?1 AND kind = 'cart_ref' ORDER BY order_id DESC LIMIT ?2";
const KEEP_GIVEN_UP: &str = "INSERT OR IGNORE INTO names (name, endpoint, kind, order_id) \
     SELECT order_ref_1, endpoint, 'order_ref_1', id FROM orders WHERE id = ?1 AND order_ref_1 IS NOT NULL";
const KEEP: &str = "INSERT OR IGNORE INTO names (name, endpoint, kind, order_id) \
     SELECT ?2, endpoint, 'cart_ref', id FROM orders WHERE id = ?1";
/// Every query of this file.
#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[KNOWN, BY_REF, BY_CART_REF, UNFINISHED_WITH_KEY, WITH_KEY];

impl Journal {
    /// Whether there is an order with this uuid at this endpoint.
    pub fn knows(&self, endpoint: &str, uuid: &str) -> Result<bool> {
        self.read(|connection| is_known(connection, uuid, endpoint))
    }

    /// The orders of this endpoint with this reference: unfinished ones, the one that holds it, and the last that was
    /// given up with it.
    pub fn orders_by_ref(&self, endpoint: &str, order_ref_1: &str) -> Result<Vec<Record>> {
        self.list(BY_REF, [endpoint, order_ref_1])
    }

    /// The orders of this endpoint with this key of the till's.
    pub fn orders_by_cart_ref(&self, endpoint: &str, cart_ref: &str) -> Result<Vec<Record>> {
        let mut found = self.list(BY_CART_REF, params![endpoint, cart_ref, MOST])?;
        if found.is_empty() {
            found = self.list(UNFINISHED_WITH_KEY, [endpoint])?;
        }
        // One that was confirmed or changed with another key has that one.
        found.retain(|record| record.cart_ref().as_deref() == Some(cart_ref));
        Ok(found)
    }
}

/// Whether there is an order with this uuid at this endpoint, or the office has taken one over.
pub(super) fn is_known(connection: &Connection, uuid: &str, endpoint: &str) -> Result<bool> {
    connection.one(KNOWN, [uuid, endpoint], |row| Ok(row.get(0)?))
}

/// The numbers of the newest orders with this key of the till's, of whatever endpoint.
pub(super) fn with_cart_ref(connection: &Connection, cart_ref: &str) -> Result<Vec<i64>> {
    connection.all(WITH_KEY, params![cart_ref, MOST], |row| Ok(row.get(0)?))
}

/// Lets an order that is given up be found by its reference, which it does not hold: nobody else's is meant by it.
pub(super) fn keep_given_up(transaction: &Connection, order_id: i64) -> Result<()> {
    transaction.run(KEEP_GIVEN_UP, [order_id])?;
    Ok(())
}

/// Lets the order be found by this key of the till's.
pub(super) fn keep_cart_ref(
    transaction: &Connection,
    order_id: i64,
    cart_ref: Option<&str>,
) -> Result<()> {
    if let Some(cart_ref) = cart_ref {
        transaction.run(KEEP, params![order_id, cart_ref])?;
    }
    Ok(())
}

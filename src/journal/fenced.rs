//! What becomes here of an order that the office has taken over: it is closed, and listed no more.

use super::access::Journal;
use super::claims::{Claimed, Standing};
use super::door::Door;
use super::error::Result;
use super::orders::{Record, open_step};
use super::outcomes::finish_content;
use super::{refusals, unshipped, words};
use crate::lifecycle::State;
use rusqlite::{Transaction, params};
use std::time::Instant;

const UNFINISHED: &str = "SELECT orders.id FROM taken_over CROSS JOIN orders USING (uuid, endpoint) \
     WHERE finished = 0";
const CLAIM: &str =
    "SELECT claimed_by, claimed_until, claimed_until - updated_at FROM orders WHERE id = ?1";
const FINISH: &str = "UPDATE orders SET finished = 1, claimed_by = NULL, claimed_until = NULL, \
     version = version + 1 WHERE id = ?1";
const CLOSE: &str = concat!(
    "UPDATE steps SET answered_at = ?2, request = '{}' WHERE ",
    open_step!("?1")
);
/// Every query of this file.
#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[UNFINISHED, CLAIM, CLOSE];

impl Record {
    /// Another journal, or the office, goes on with it: nothing is sent for it from here.
    pub fn goes_on_elsewhere(&self) -> bool {
        self.is_taken_over || self.fence.is_some()
    }

    /// The shop's reference: that which seQura has taken from here; or else, of an order that the office has taken over, the
    /// one that it gives it.
    pub fn known_ref(&self) -> Option<String> {
        if matches!(self.life.state, State::Settled | State::Cancelled) {
            return self.order_ref_1.clone();
        }
        let given = self
            .fence
            .as_ref()
            .and_then(|fence| fence.order_ref_1.as_ref());
        given.or(self.order_ref_1.as_ref()).cloned()
    }
}

impl Journal {
    /// Closes the orders that the office has taken over, but for those that are just being worked on: they are listed no
    /// more, and the time of their personal data begins.
    pub fn close_fenced(&self, scrub: bool, until: Instant) -> Result<()> {
        let orders: Vec<i64> =
            self.read(|connection| connection.all(UNFINISHED, [], |row| Ok(row.get(0)?)))?;
        if orders.is_empty() {
            return Ok(());
        }
        self.write_now(until, |transaction, now| {
            let mut orders = orders.iter();
            orders.try_for_each(|order_id| self.close_one(transaction, *order_id, scrub, now))
        })?;
        self.clear_write_ahead_log();
        Ok(())
    }

    fn close_one(
        &self,
        transaction: &Transaction,
        order_id: i64,
        scrub: bool,
        now: i64,
    ) -> Result<()> {
        let standing = transaction.one(CLAIM, [order_id], |row| {
            Ok(Standing {
                by: row.get(0)?,
                until: row.get(1)?,
                lasts: row.get(2)?,
            })
        })?;
        let what = Claimed::Order(order_id);
        if self.claims.is_anybodys(&self.owner, what, standing) {
            return Ok(());
        }
        transaction.run(FINISH, [order_id])?;
        // What it carried may say something of the shopper, and nobody here will send it any more.
        transaction.run(CLOSE, params![order_id, now])?;
        finish_content(transaction, order_id, scrub, now)?;
        refusals::forget(transaction, order_id)?;
        words::forget_of_order(transaction, order_id)?;
        unshipped::note(transaction, order_id, None)
    }
}

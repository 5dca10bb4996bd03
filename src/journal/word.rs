//! What ends a step without an answer to it: a person's word, and a disbursement that names its order.

use super::access::Journal;
use super::door::Door;
use super::entry::{About, Entry};
use super::error::Result;
use super::orders::{Record, by_id};
use super::outcomes::{Closing, close_change, forget_words, move_on};
use super::{chain, unshipped};
use crate::crash_point::{self, Point};
use crate::lifecycle::Finding;
use crate::status::Status;
use rusqlite::params;
use std::time::Instant;

/// Orders of which a confirmation or a registration may have been processed, and of which seQura has
/// paid exactly what they come to under their reference, while no other order has it. A line of
/// another amount may be another order's: seQura refuses a reference that is taken in the same words.
const PAID: &str = "SELECT orders.id FROM orders \
     JOIN payouts ON payouts.order_id IS NULL AND payouts.order_ref_1 = orders.order_ref_1 \
     JOIN disbursements ON disbursements.id = disbursement_id AND disbursements.endpoint = orders.endpoint \
         AND disbursements.merchant_id = orders.merchant_id AND upper(disbursements.currency) = upper(orders.currency) \
     WHERE finished = 0 AND orders.endpoint = ?1 \
     AND EXISTS (SELECT 1 FROM steps WHERE steps.order_id = orders.id AND doubtful = 1 \
         AND step IN ('confirm', 'set_order_ref')) \
     AND NOT EXISTS (SELECT 1 FROM orders holder WHERE holder.holds_ref = 1 AND holder.id <> orders.id \
         AND holder.order_ref_1 = orders.order_ref_1 AND holder.merchant_id = orders.merchant_id \
         AND holder.endpoint = orders.endpoint) \
     GROUP BY orders.id HAVING total(payouts.amount) = orders.amount";
const LAST_STEP: &str = "SELECT status FROM steps WHERE order_id = ?1 ORDER BY id DESC LIMIT 1";
const LAST_WORD: &str = "SELECT step FROM log WHERE order_id = ?1 ORDER BY id DESC LIMIT 1";
/// Every query of this file.
#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[PAID, LAST_STEP, LAST_WORD];

/// What ends an open step, and with what.
pub struct Word<'a> {
    /// Where it leads, and the log's entry.
    pub entry: &'a Entry,
    /// Whether seQura has done what was asked.
    pub finding: Finding,
    /// What is left of a change of a settled order.
    pub closing: Option<&'a Closing>,
    /// The last step of a sale, which is intended by it.
    pub shipment: Option<&'a str>,
    /// Whether the personal data of an order that is finished by it goes.
    pub scrub: bool,
}

impl Journal {
    /// Ends the open step of an order, where the order still is as it was read and nobody is working on
    /// it. One durable write, log and all.
    pub fn end_by_word(
        &self,
        record: &Record,
        word: &Word,
        until: Instant,
    ) -> Result<Option<Record>> {
        let life = word.entry.life;
        let stays_open = life.intent.is_some() && word.shipment.is_none();
        let scrub = word.scrub && life.state.is_finished();
        let written = self.write_final(until, |transaction, now| {
            if self.standing(transaction, record.id)?.is_held()
                || !move_on(transaction, (record.id, record.version, record.life.state), word.entry, scrub, now)?
            {
                return Ok(None);
            }
            // The doubt stays with a step that was not done: a disbursement may know better.
            let done = word.finding == Finding::Confirmed;
            if done {
                let step = record.open.as_ref().map_or("", |open| open.step.as_str());
                forget_words(transaction, record.id, step, life)?;
            }
            if let Some(open) = &record.open {
                transaction.run(
                    "UPDATE steps SET answered_at = ?2, request = '{}', http_status = NULL, request_id = NULL, \
                     doubtful = (doubtful AND NOT ?3), status = CASE WHEN ?3 THEN ?4 ELSE status END WHERE id = ?1",
                    params![
                        open.id,
                        (!stays_open).then_some(now),
                        done,
                        Status::Ok.code()
                    ],
                )?;
                if let Some(closing) = word.closing {
                    close_change(transaction, (record.id, now), open.id, closing)?;
                }
            }
            if let Some(request) = word.shipment {
                unshipped::intend(transaction, record.id, request, now)?;
            }
            chain::append(transaction, About::Order(record.id), now, word.entry)?;
            crash_point::reached(Point::GivenUp);
            by_id(transaction, record.id).map(Some)
        })?;
        if written.is_some() {
            // What the step carried may have said something of the shopper.
            self.clear_write_ahead_log();
            crash_point::reached(Point::Scrubbed);
        }
        Ok(written)
    }

    /// The finding with which a person ended the last step of this order, if nothing has happened to it
    /// since.
    pub fn last_finding(&self, order_id: i64, step: &str) -> Result<Option<Finding>> {
        self.read(|connection| {
            let last_word: Option<String> =
                connection.first(LAST_WORD, [order_id], |row| Ok(row.get(0)?))?;
            if last_word.as_deref() != Some(step) {
                return Ok(None);
            }
            let status: Option<Option<i32>> =
                connection.first(LAST_STEP, [order_id], |row| Ok(row.get(0)?))?;
            Ok(Some(match status.flatten() == Some(Status::Ok.code()) {
                true => Finding::Confirmed,
                false => Finding::NotConfirmed,
            }))
        })
    }

    /// The orders in doubt that seQura has paid for.
    pub fn doubtful_and_paid(&self, endpoint: &str) -> Result<Vec<Record>> {
        self.read(|connection| {
            connection.all(PAID, [endpoint], |row| by_id(connection, row.get(0)?))
        })
    }
}

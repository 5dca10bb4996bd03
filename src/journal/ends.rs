//! What ends without an answer: steps that are withdrawn, orders that are given up, personal data whose time is over.

use super::access::Journal;
use super::days::Beyond;
use super::door::Door;
use super::entry::{About, Entry};
use super::error::Result;
use super::orders::{Record, open_step};
use super::outcomes::finish_content;
use super::{chain, names, refusals, words};
use crate::ages::Ages;
use crate::crash_point::{self, Point};
use crate::lifecycle::Life;
use crate::outcome::HttpView;
use crate::status::Status;
use rusqlite::{Transaction, params};
use std::time::Instant;

/// What the log calls an order that was given up.
const ABANDON: &str = "abandon";

/// Finished orders with personal data, and since when: as this version writes them, and as older ones
/// did.
const SCRUBBABLE: &str = "SELECT order_id, finished_at FROM contents \
         WHERE content IS NOT NULL AND finished_at IS NOT NULL AND finished_at < ?1 \
     UNION ALL SELECT order_id, finished_at FROM contents \
         WHERE content IS NOT NULL AND finished_at IS NOT NULL AND finished_at > ?2 \
     UNION ALL SELECT id, updated_at FROM orders \
         WHERE finished = 1 AND content IS NOT NULL AND updated_at < ?1 \
     UNION ALL SELECT id, updated_at FROM orders \
         WHERE finished = 1 AND content IS NOT NULL AND updated_at > ?2";

const SCRUB: &str = "UPDATE contents SET content = NULL \
     WHERE order_id = ?1 AND content IS NOT NULL AND finished_at IS NOT NULL";

const SCRUB_OLDER: &str =
    "UPDATE orders SET content = NULL WHERE id = ?1 AND finished = 1 AND content IS NOT NULL";

const CLOSE: &str = concat!(
    // What it carried may say something of the shopper, and nobody will send it any more.
    "UPDATE steps SET answered_at = ?2, request = '{}' WHERE ",
    open_step!("?1")
);

const UNTOUCHED: &str = "SELECT id, updated_at FROM orders \
     WHERE finished = 0 AND (updated_at < ?1 OR updated_at > ?2)";
/// Every query of this file that is asked when a client is opened.
#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[UNTOUCHED, SCRUBBABLE, SCRUB, SCRUB_OLDER, CLOSE];

impl Journal {
    /// The unfinished orders, of whatever endpoint, that nothing has happened to for so long; and those
    /// of which that is in doubt, because the clock is.
    pub fn untouched(&self, ages: &Ages, limit_days: u32) -> Result<(Vec<Record>, Vec<Record>)> {
        let Beyond { due, doubtful } = self.beyond(ages, limit_days, UNTOUCHED)?;
        let records = |ids: Vec<i64>| {
            let records = ids.into_iter().map(|id| self.order_by_id(id));
            let found = |record: Result<Option<Record>>| record.transpose();
            records.filter_map(found).collect::<Result<Vec<_>>>()
        };
        Ok((records(due)?, records(doubtful)?))
    }

    /// Closes an order's open step unanswered, as if it had not been asked, where the order still is
    /// as it was read and nobody is working on it; says whether it was so.
    pub fn withdraw_step(&self, record: &Record, until: Instant) -> Result<bool> {
        let life = record.life.withdrawn();
        let done = self.write_final(until, |transaction, now| {
            let done = self.close_step(transaction, record, life, false, now)?;
            crash_point::reached(Point::GivenUp);
            Ok(done)
        })?;
        self.clear_write_ahead_log();
        Ok(done)
    }

    /// Gives up orders that seQura surely has not confirmed, those of them that still are as they were
    /// read and that nobody is working on; says how many it were.
    pub fn abandon(&self, records: &[Record], scrub: bool, until: Instant) -> Result<usize> {
        let abandoned = self.write_final(until, |transaction, now| {
            let mut abandoned = 0;
            for record in records {
                if !self.close_step(transaction, record, Life::ABANDONED, scrub, now)? {
                    continue;
                }
                let entry = Entry {
                    life: Life::ABANDONED,
                    uuid: record.uuid.clone(),
                    status: Status::Ok,
                    http: HttpView::default(),
                    said: None,
                    reason: None,
                    step: ABANDON,
                    ships: false,
                    unshipped: None,
                    refusal: None,
                };
                chain::append(transaction, About::Order(record.id), now, &entry)?;
                abandoned += 1;
            }
            crash_point::reached(Point::GivenUp);
            Ok(abandoned)
        })?;
        if scrub {
            self.clear_write_ahead_log();
            crash_point::reached(Point::Scrubbed);
        }
        Ok(abandoned)
    }

    fn close_step(
        &self,
        transaction: &Transaction,
        record: &Record,
        life: Life,
        scrub: bool,
        now: i64,
    ) -> Result<bool> {
        if self.standing(transaction, record.id)?.is_held() {
            return Ok(false);
        }
        let finished = life.is_finished();
        let changed = transaction.run(
            "UPDATE orders SET state = ?3, holds_ref = (?4 AND order_ref_1 IS NOT NULL), finished = ?5, \
             content = CASE WHEN ?6 THEN NULL ELSE content END, updated_at = ?7, \
             claimed_by = NULL, claimed_until = NULL, version = version + 1 WHERE id = ?1 AND version = ?2",
            params![
                record.id,
                record.version,
                life.state.as_str(),
                life.state.holds_ref(),
                finished,
                scrub && finished,
                now
            ],
        )?;
        if changed == 0 {
            return Ok(false);
        }
        if finished {
            finish_content(transaction, record.id, scrub, now)?;
            refusals::forget(transaction, record.id)?;
            words::forget_of_order(transaction, record.id)?;
            names::keep_given_up(transaction, record.id)?;
        }
        transaction.run(CLOSE, params![record.id, now])?;
        Ok(true)
    }

    /// Removes the personal data of orders that were finished so long ago, of so many at most; says
    /// whether some stays because the clock is in doubt.
    pub fn scrub_finished(
        &self,
        ages: &Ages,
        limit_days: u32,
        most: usize,
        until: Instant,
    ) -> Result<bool> {
        self.forget_beyond(
            (ages, limit_days),
            SCRUBBABLE,
            most,
            until,
            |transaction, order_id| {
                transaction.run(SCRUB, [order_id])?;
                transaction.run(SCRUB_OLDER, [order_id])?;
                Ok(())
            },
        )
    }
}

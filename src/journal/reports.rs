//! Delivery reports: which orders the next one tells of, and the one that has no answer yet.

use super::log::{self, About, Entry};
use super::orders::{Record, by_id};
use super::steps::is_claimed;
use super::{Journal, Result};
use crate::clock::now_ms;
use crate::crash_point::{self, Point};
use crate::limits;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::time::{Duration, Instant};

/// As many orders go into one report; what is left goes into the next.
const MOST_ORDERS: i64 = 1000;

/// A report that may be sent by whoever holds it.
#[derive(Clone, Debug)]
pub struct Report {
    /// The journal's own number of it.
    pub id: i64,
    /// Of whose deliveries.
    pub merchant_id: String,
    /// As it is sent, JSON.
    pub content: String,
    /// The fingerprint of what the till gave; none for one that the journal alone made.
    pub asked: Option<Vec<u8>>,
}

/// An order that is to be told of, and when goods of it were last shipped (ms).
pub type Shipped = (Record, i64);

/// What makes a new report of the orders that are to be told of.
pub struct NewReport<'a> {
    /// The fingerprint of what the till gave.
    pub asked: Option<&'a [u8]>,
    /// Whether the orders of the journal are in it.
    pub tells: bool,
    /// Makes it, JSON, of those orders.
    pub content: &'a dyn Fn(&[Shipped]) -> String,
}

/// How an attempt to begin a report ended.
#[derive(Debug)]
pub enum Begun {
    /// Recorded, and claimed by this client: the open one, or else a new one.
    Ours(Report),
    /// Another till is sending one.
    Busy,
    /// None is open, and no new one was given.
    Nothing,
}

/// What its answer means to a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// seQura has it.
    Taken,
    /// seQura will not have it: its orders go into the next one.
    Refused,
    /// Not known: it will be sent again.
    Not,
}

const OPEN: &str = "SELECT id, merchant_id, content, asked, claimed_by, claimed_until FROM reports \
     WHERE merchant_id = ?1 AND endpoint = ?2";
const OPEN_OF_ALL: &str = "SELECT merchant_id FROM reports WHERE endpoint = ?1 ORDER BY id";
const TO_TELL: &str = "SELECT id, shipped_at FROM orders \
     WHERE to_report = 0 AND endpoint = ?1 AND merchant_id = ?2 ORDER BY id LIMIT ?3";
const WHO_HAS_TO_TELL: &str =
    "SELECT DISTINCT merchant_id FROM orders WHERE to_report = 0 AND endpoint = ?1";
const ANYTHING_TO_TELL: &str = "SELECT EXISTS (SELECT 1 FROM orders \
     WHERE to_report = 0 AND endpoint = ?1 AND merchant_id = ?2)";
const TOLD: &str = "UPDATE orders SET to_report = NULL WHERE to_report = ?1";
const NOT_TOLD: &str = "UPDATE orders SET to_report = 0 WHERE to_report = ?1";
/// Every query of this file that looks for orders.
#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[TO_TELL, WHO_HAS_TO_TELL, ANYTHING_TO_TELL, TOLD, NOT_TOLD];

impl Journal {
    /// Takes up the report of this merchant that has no answer, or else records a new one. One durable
    /// write; after it, and only after it, may it be sent.
    pub fn begin_report(
        &self,
        endpoint: &str,
        merchant_id: &str,
        new: Option<&NewReport>,
        claim_for: Duration,
        until: Instant,
    ) -> Result<Begun> {
        let now = now_ms();
        let claimed_until = now.saturating_add(claim_for.as_millis() as i64);
        self.owner.show_alive()?;
        self.write(until, |transaction| {
            let open = transaction
                .query_row(OPEN, [merchant_id, endpoint], |row| {
                    Ok((read(row)?, row.get(4)?, row.get(5)?))
                })
                .optional()?;
            let report = match (open, new) {
                (Some((report, owner, claimed_until)), _) => {
                    if is_claimed(&self.owner, owner, claimed_until, now) {
                        return Ok(Begun::Busy);
                    }
                    report
                }
                (None, None) => return Ok(Begun::Nothing),
                (None, Some(new)) => {
                    let orders = match new.tells {
                        true => to_tell(transaction, endpoint, merchant_id)?,
                        false => Vec::new(),
                    };
                    let content = (new.content)(&orders);
                    transaction.execute(
                        "INSERT INTO reports (endpoint, merchant_id, content, asked, begun_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                        params![endpoint, merchant_id, content, new.asked, now],
                    )?;
                    let id = transaction.last_insert_rowid();
                    let mut mark = transaction.prepare("UPDATE orders SET to_report = ?2 WHERE id = ?1")?;
                    for (order, _) in &orders {
                        mark.execute([order.id, id])?;
                    }
                    Report {
                        id,
                        merchant_id: merchant_id.to_owned(),
                        content,
                        asked: new.asked.map(<[u8]>::to_vec),
                    }
                }
            };
            transaction.execute(
                "UPDATE reports SET claimed_by = ?2, claimed_until = ?3 WHERE id = ?1",
                params![report.id, self.owner.name(), claimed_until],
            )?;
            crash_point::reached(Point::IntentWritten);
            Ok(Begun::Ours(report))
        })
    }

    /// Records what came of a report, with the log entry for it. One durable write. `false`: the claim
    /// had run out and another till has gone on with it; then only the log is written.
    pub fn finish_report(
        &self,
        report: &Report,
        answered: Answered,
        entry: &Entry,
        until: Instant,
    ) -> Result<bool> {
        let now = now_ms();
        let ours = self.write(until, |transaction| {
            let ours = transaction.execute(
                "UPDATE reports SET claimed_by = NULL, claimed_until = NULL WHERE id = ?1 AND claimed_by = ?2",
                params![report.id, self.owner.name()],
            )? > 0;
            if ours {
                let orders = match answered {
                    Answered::Taken => Some(TOLD),
                    Answered::Refused => Some(NOT_TOLD),
                    Answered::Not => None,
                };
                if let Some(orders) = orders {
                    transaction.execute(orders, [report.id])?;
                    transaction.execute("DELETE FROM reports WHERE id = ?1", [report.id])?;
                }
            }
            log::append(transaction, About::Merchant(&report.merchant_id), now, entry)?;
            crash_point::reached(Point::OutcomeWritten);
            Ok(ours)
        })?;
        if answered != Answered::Not && report.asked.is_some() {
            // What the till gave may have named shoppers.
            self.clear_write_ahead_log();
            crash_point::reached(Point::Scrubbed);
        }
        Ok(ours)
    }

    /// The merchants of which a report has no answer yet, the oldest first.
    pub fn open_reports(&self, endpoint: &str) -> Result<Vec<String>> {
        self.merchants(OPEN_OF_ALL, endpoint)
    }

    /// The merchants of which the next report would tell of an order.
    pub fn who_has_to_report(&self, endpoint: &str) -> Result<Vec<String>> {
        self.merchants(WHO_HAS_TO_TELL, endpoint)
    }

    fn merchants(&self, query: &str, endpoint: &str) -> Result<Vec<String>> {
        self.read(|connection| {
            let mut statement = connection.prepare(query)?;
            let rows = statement.query_map([endpoint], |row| row.get(0))?;
            rows.map(|row| Ok(row?)).collect()
        })
    }

    /// Whether the next report of this merchant would tell of an order.
    pub fn has_to_report(&self, endpoint: &str, merchant_id: &str) -> Result<bool> {
        self.read(|connection| {
            Ok(
                connection
                    .query_row(ANYTHING_TO_TELL, [endpoint, merchant_id], |row| row.get(0))?,
            )
        })
    }

    /// Forgets the reports that have had no answer since this time, whatever they told of shoppers;
    /// their orders go into the next.
    pub fn forget_reports_before(&self, time_ms: i64, until: Instant) -> Result<()> {
        let old: Vec<i64> = self.read(|connection| {
            let mut statement = connection.prepare("SELECT id FROM reports WHERE begun_at < ?1")?;
            let rows = statement.query_map([time_ms], |row| row.get(0))?;
            rows.map(|row| Ok(row?)).collect()
        })?;
        if old.is_empty() {
            return Ok(());
        }
        self.write(until, |transaction| {
            for id in &old {
                transaction.execute(NOT_TOLD, [id])?;
                transaction.execute("DELETE FROM reports WHERE id = ?1", [id])?;
            }
            Ok(())
        })?;
        self.clear_write_ahead_log();
        Ok(())
    }
}

fn to_tell(connection: &Connection, endpoint: &str, merchant_id: &str) -> Result<Vec<Shipped>> {
    let mut statement = connection.prepare(TO_TELL)?;
    let rows = statement.query_map(params![endpoint, merchant_id, MOST_ORDERS], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let mut orders = Vec::new();
    let mut bytes = 0;
    for row in rows {
        let (id, shipped_at) = row?;
        let record = by_id(connection, id)?;
        bytes += record.carts.as_deref().map_or(0, str::len);
        if bytes > limits::STEP_BYTES && !orders.is_empty() {
            break;
        }
        orders.push((record, shipped_at));
    }
    Ok(orders)
}

fn read(row: &Row) -> rusqlite::Result<Report> {
    Ok(Report {
        id: row.get(0)?,
        merchant_id: row.get(1)?,
        content: row.get(2)?,
        asked: row.get(3)?,
    })
}

//! Delivery reports: which orders the next one tells of, and the one that has no answer yet.

use super::access::{Journal, Sync};
use super::claims::{Claimed, Standing};
use super::door::Door;
use super::entry::{About, Entry};
use super::error::Result;
use super::fences::not_fenced;
use super::orders::{Record, by_id, unreadable};
use super::{chain, words};
use crate::ages::Ages;
use crate::crash_point::{self, Point};
use crate::limits;
use rusqlite::{Connection, Row, Transaction, params};
use serde::de::IgnoredAny;
use std::ops::ControlFlow::{Break, Continue};
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
    /// An earlier attempt may have sent it.
    pub is_taken_up: bool,
    /// No one else takes it over before.
    pub claimed_until: Instant,
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
pub enum Opened {
    /// Recorded, and claimed by this client: the open one, or else a new one.
    Ours(Report),
    /// Another till is sending one.
    Busy,
    /// None is open, and no new one was given.
    Nothing,
}

/// A report that has no answer yet.
enum Open {
    /// Another till is sending it.
    Busy,
    Free(Report),
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

/// With whether it tells of an order that the office has taken over since.
const OPEN: &str = "SELECT id, merchant_id, content, asked, claimed_by, claimed_until, claimed_for, \
     EXISTS (SELECT 1 FROM orders JOIN taken_over USING (uuid, endpoint) WHERE to_report = reports.id) FROM reports \
     WHERE merchant_id = ?1 AND endpoint = ?2";
const BEGUN: &str = "SELECT id, begun_at FROM reports WHERE begun_at < ?1 OR begun_at > ?2";
const CLAIM: &str = "SELECT claimed_by, claimed_until, claimed_for FROM reports WHERE id = ?1";
const OPEN_OF_ALL: &str = "SELECT merchant_id FROM reports WHERE endpoint = ?1 ORDER BY id";
const TO_TELL: &str = concat!(
    "SELECT id, shipped_at FROM orders WHERE to_report = 0 AND endpoint = ?1 AND merchant_id = ?2 AND ",
    not_fenced!(),
    " ORDER BY id LIMIT ?3"
);
const WHO_HAS_TO_TELL: &str = concat!(
    "SELECT DISTINCT merchant_id FROM orders WHERE to_report = 0 AND endpoint = ?1 AND ",
    not_fenced!()
);
const ANYTHING_TO_TELL: &str = concat!(
    "SELECT EXISTS (SELECT 1 FROM orders WHERE to_report = 0 AND endpoint = ?1 AND merchant_id = ?2 AND ",
    not_fenced!(),
    ")"
);
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
    ) -> Result<Opened> {
        let claimed_until = Instant::now() + claim_for;
        let claim_for = claim_for.as_millis() as i64;
        self.show_alive()?;
        self.write_now(until, |transaction, now| {
            let open = match self.open_report(transaction, endpoint, merchant_id, claimed_until)? {
                Some(Open::Busy) => return Ok(Opened::Busy),
                Some(Open::Free(report)) => Some(report),
                None => None,
            };
            let report = match (open, new) {
                (Some(report), _) => report,
                (None, None) => return Ok(Opened::Nothing),
                (None, Some(new)) => {
                    let orders = match new.tells {
                        true => to_tell(transaction, endpoint, merchant_id)?,
                        false => Vec::new(),
                    };
                    let content = (new.content)(&orders);
                    transaction.run(
                        "INSERT INTO reports (endpoint, merchant_id, content, asked, begun_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                        params![endpoint, merchant_id, content, new.asked, now],
                    )?;
                    let id = transaction.last_insert_rowid();
                    for (order, _) in &orders {
                        transaction.run("UPDATE orders SET to_report = ?2 WHERE id = ?1", [order.id, id])?;
                    }
                    Report {
                        id,
                        merchant_id: merchant_id.to_owned(),
                        content,
                        asked: new.asked.map(<[u8]>::to_vec),
                        is_taken_up: false,
                        claimed_until,
                    }
                }
            };
            transaction.run(
                "UPDATE reports SET claimed_by = ?2, claimed_until = ?3, claimed_for = ?4 WHERE id = ?1",
                params![
                    report.id,
                    self.owner.name(),
                    now.saturating_add(claim_for),
                    claim_for
                ],
            )?;
            crash_point::reached(Point::IntentWritten);
            Ok(Opened::Ours(report))
        })
    }

    /// The report of a merchant that has no answer. One that tells of an order which the office has taken over is
    /// forgotten: the other orders go into the next.
    fn open_report(
        &self,
        transaction: &Transaction,
        endpoint: &str,
        merchant_id: &str,
        claimed_until: Instant,
    ) -> Result<Option<Open>> {
        let open = transaction.first(OPEN, [merchant_id, endpoint], |row| {
            Ok((read(row, claimed_until)?, standing(row, 4)?, row.get(7)?))
        })?;
        let Some((report, standing, is_fenced)) = open else {
            return Ok(None);
        };
        let what = Claimed::Report(report.id);
        if self.claims.is_anothers(&self.owner, what, standing) {
            return Ok(Some(Open::Busy));
        }
        if is_fenced {
            transaction.run(NOT_TOLD, [report.id])?;
            transaction.run("DELETE FROM reports WHERE id = ?1", [report.id])?;
            return Ok(None);
        }
        Ok(Some(Open::Free(report)))
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
        // What the till gave may have named shoppers.
        let scrub = answered != Answered::Not && report.asked.is_some();
        let sync = if scrub { Sync::Later } else { Sync::Full };
        let ours = self.write_answer(sync, until, |transaction, now| {
            let ours = transaction.run(
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
                    transaction.run(orders, [report.id])?;
                    transaction.run("DELETE FROM reports WHERE id = ?1", [report.id])?;
                }
            }
            if answered == Answered::Taken {
                words::forget_of_merchant(transaction, &report.merchant_id, entry.step)?;
            }
            chain::append(transaction, About::Merchant(&report.merchant_id), now, entry)?;
            self.note_verdict(transaction, now)?;
            crash_point::reached(Point::OutcomeWritten);
            Ok(ours)
        })?;
        if scrub {
            self.clear_and_sync(until)?;
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
        self.read(|connection| connection.all(query, [endpoint], |row| Ok(row.get(0)?)))
    }

    /// Whether the next report of this merchant would tell of an order.
    pub fn has_to_report(&self, endpoint: &str, merchant_id: &str) -> Result<bool> {
        self.read(|connection| {
            connection.one(ANYTHING_TO_TELL, [endpoint, merchant_id], |row| {
                Ok(row.get(0)?)
            })
        })
    }

    /// Forgets the reports that have had no answer for so long, whatever they told of shoppers, but for
    /// one that is being sent; their orders go into the next. Says whether some stay because the clock
    /// is in doubt.
    pub fn forget_reports(&self, ages: &Ages, limit_days: u32, until: Instant) -> Result<bool> {
        self.forget_beyond(
            (ages, limit_days),
            BEGUN,
            usize::MAX,
            until,
            |transaction, id| {
                let claim = transaction.first(CLAIM, [id], |row| Ok(standing(row, 0)?))?;
                let is_idle = |standing| {
                    let what = Claimed::Report(id);
                    !self.claims.is_anybodys(&self.owner, what, standing)
                };
                if claim.is_some_and(is_idle) {
                    transaction.run(NOT_TOLD, [id])?;
                    transaction.run("DELETE FROM reports WHERE id = ?1", [id])?;
                }
                Ok(())
            },
        )
    }
}

fn to_tell(connection: &Connection, endpoint: &str, merchant_id: &str) -> Result<Vec<Shipped>> {
    let mut orders = Vec::new();
    let mut bytes = 0;
    connection.each(
        TO_TELL,
        params![endpoint, merchant_id, MOST_ORDERS],
        |row| {
            let record = by_id(connection, row.get(0)?)?;
            bytes += record.carts.as_deref().map_or(0, str::len);
            if bytes > limits::STEP_BYTES && !orders.is_empty() {
                return Ok(Break(()));
            }
            orders.push((record, row.get(1)?));
            Ok(Continue(()))
        },
    )?;
    Ok(orders)
}

/// One that has no answer.
fn read(row: &Row, claimed_until: Instant) -> Result<Report> {
    let content: String = row.get(2)?;
    // A damaged file is found out, and nothing sent of what it says.
    let IgnoredAny = serde_json::from_str(&content).map_err(|_| unreadable("a report"))?;
    Ok(Report {
        id: row.get(0)?,
        merchant_id: row.get(1)?,
        content,
        asked: row.get(3)?,
        is_taken_up: true,
        claimed_until,
    })
}

/// Its claim, in three columns from this one on.
fn standing(row: &Row, at: usize) -> rusqlite::Result<Standing> {
    Ok(Standing {
        by: row.get(at)?,
        until: row.get(at + 1)?,
        lasts: row.get(at + 2)?,
    })
}

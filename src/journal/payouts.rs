//! What seQura has paid out, held against what was settled here.

use super::{Journal, Result};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::time::Instant;

/// A disbursement of seQura's, as far as it is kept.
#[derive(Clone, Debug)]
pub struct Disbursement {
    /// seQura's address of it.
    pub path: String,
    /// To whom.
    pub merchant_id: String,
    /// seQura's name for it.
    pub reference: Option<String>,
    /// When, as seQura writes it.
    pub issue_date: Option<String>,
    /// ISO 4217.
    pub currency: Option<String>,
}

/// What one disbursement paid for one order.
#[derive(Clone, Debug)]
pub struct Payout {
    /// The shop's reference of the order.
    pub order_ref_1: String,
    /// Cents; negative: taken back.
    pub amount: i64,
}

/// A settled order next to what was paid for it.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The journal's own number of the order.
    pub id: i64,
    /// seQura's reference.
    pub uuid: Option<String>,
    /// Who sold.
    pub merchant_id: String,
    /// The shop's reference.
    pub order_ref_1: Option<String>,
    /// What seQura owes, cents.
    pub amount: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// What it has paid, cents.
    pub paid: i64,
    /// When the order was settled or last changed, ms.
    pub updated_at: i64,
}

/// Which settled orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Paid in full, those first that were paid last.
    Paid,
    /// Nothing has been paid, the oldest first.
    NotYetPaid,
    /// Something else has been paid than is owed.
    Differing,
}

/// Payouts for a reference that no order of this journal has.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// To whom.
    pub merchant_id: String,
    /// The reference.
    pub order_ref_1: String,
    /// Cents.
    pub paid: i64,
    /// ISO 4217.
    pub currency: Option<String>,
    /// Of the disbursement that paid last.
    pub reference: Option<String>,
}

/// Sums for one merchant and currency, cents.
#[derive(Clone, Debug)]
pub struct Total {
    /// Who.
    pub merchant_id: String,
    /// ISO 4217.
    pub currency: Option<String>,
    /// `paid_out`, `not_yet_paid`, `differing` or `unknown_here`.
    pub what: String,
    /// How many orders, or lines of disbursements.
    pub count: i64,
    /// Cents.
    pub amount: i64,
}

const KNOWN: &str = "SELECT EXISTS (SELECT 1 FROM disbursements WHERE path = ?1 AND endpoint = ?2)";
/// An order in doubt is none: what was paid may be another's of this reference.
const HOLDER: &str = "SELECT id FROM orders \
     WHERE holds_ref = 1 AND order_ref_1 = ?1 AND merchant_id = ?2 AND endpoint = ?3 \
     AND state NOT IN ('confirming', 'referencing')";
const UNMATCHED: &str = "SELECT payouts.id, order_ref_1, amount, merchant_id \
     FROM payouts JOIN disbursements ON disbursements.id = disbursement_id \
     WHERE order_id IS NULL AND endpoint = ?1";
const UNKNOWN: &str = "SELECT merchant_id, order_ref_1, sum(amount), currency, reference \
     FROM payouts JOIN disbursements ON disbursements.id = disbursement_id \
     WHERE order_id IS NULL AND endpoint = ?1 \
     GROUP BY merchant_id, order_ref_1, currency ORDER BY max(payouts.id) DESC LIMIT ?2";
const OF_ORDER: &str = "SELECT path, merchant_id, reference, issue_date, currency, order_ref_1, amount \
     FROM payouts JOIN disbursements ON disbursements.id = disbursement_id \
     WHERE order_id = ?1 ORDER BY payouts.id";
const TOTALS: &str = "SELECT merchant_id, currency, 'paid_out', count(*), sum(amount) \
     FROM payouts JOIN disbursements ON disbursements.id = disbursement_id WHERE endpoint = ?1 GROUP BY 1, 2 \
     UNION ALL SELECT merchant_id, currency, 'unknown_here', count(*), sum(amount) \
     FROM payouts JOIN disbursements ON disbursements.id = disbursement_id \
     WHERE order_id IS NULL AND endpoint = ?1 GROUP BY 1, 2 \
     UNION ALL SELECT merchant_id, currency, CASE paid WHEN 0 THEN 'not_yet_paid' ELSE 'differing' END, \
     count(*), sum(amount - paid) \
     FROM orders WHERE state = 'settled' AND paid IS NOT amount AND endpoint = ?1 GROUP BY 1, 2, 3";

macro_rules! compared {
    ($condition:literal) => {
        concat!(
            "SELECT id, uuid, merchant_id, order_ref_1, amount, currency, paid, updated_at FROM orders \
             WHERE state = 'settled' AND endpoint = ?1 AND ",
            $condition
        )
    };
}

const PAID: &str = compared!(
    "paid IS amount AND id IN (SELECT order_id FROM payouts \
     WHERE order_id IS NOT NULL ORDER BY id DESC LIMIT ?2) ORDER BY id DESC"
);
const NOT_YET_PAID: &str = compared!("paid IS NOT amount AND paid = 0 ORDER BY id LIMIT ?2");
const DIFFERING: &str = compared!("paid IS NOT amount AND paid <> 0 ORDER BY id LIMIT ?2");

impl Journal {
    /// Whether the lines of this disbursement have been read.
    pub fn knows_disbursement(&self, endpoint: &str, path: &str) -> Result<bool> {
        self.read(|connection| Ok(connection.query_row(KNOWN, [path, endpoint], |row| row.get(0))?))
    }

    /// Records a disbursement with its lines, once.
    pub fn record_disbursement(
        &self,
        endpoint: &str,
        disbursement: &Disbursement,
        payouts: &[Payout],
        until: Instant,
    ) -> Result<()> {
        self.write(until, |transaction| {
            let inserted = transaction.execute(
                "INSERT INTO disbursements (endpoint, merchant_id, path, reference, issue_date, currency) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
                params![
                    endpoint,
                    disbursement.merchant_id,
                    disbursement.path,
                    disbursement.reference,
                    disbursement.issue_date,
                    disbursement.currency
                ],
            )?;
            if inserted == 0 {
                return Ok(());
            }
            let id = transaction.last_insert_rowid();
            for payout in payouts {
                transaction.execute(
                    "INSERT INTO payouts (disbursement_id, order_ref_1, amount) VALUES (?1, ?2, ?3)",
                    params![id, payout.order_ref_1, payout.amount],
                )?;
            }
            Ok(())
        })
    }

    /// Finds the orders that payouts were made for, where they have become known.
    pub fn match_payouts(&self, endpoint: &str, until: Instant) -> Result<()> {
        let matches = self.read(|connection| find_matches(connection, endpoint))?;
        if matches.is_empty() {
            return Ok(());
        }
        self.write(until, |transaction| {
            for one in &matches {
                settle_match(transaction, one)?;
            }
            Ok(())
        })
    }

    /// At most `limit` settled orders of this kind.
    pub fn compared(
        &self,
        endpoint: &str,
        verdict: Verdict,
        limit: usize,
    ) -> Result<Vec<Compared>> {
        let query = match verdict {
            Verdict::Paid => PAID,
            Verdict::NotYetPaid => NOT_YET_PAID,
            Verdict::Differing => DIFFERING,
        };
        self.read(|connection| {
            let mut statement = connection.prepare(query)?;
            let rows = statement.query_map(params![endpoint, limit as i64], |row| {
                Ok(Compared {
                    id: row.get(0)?,
                    uuid: row.get(1)?,
                    merchant_id: row.get(2)?,
                    order_ref_1: row.get(3)?,
                    amount: row.get(4)?,
                    currency: row.get(5)?,
                    paid: row.get(6)?,
                    updated_at: row.get(7)?,
                })
            })?;
            rows.map(|row| Ok(row?)).collect()
        })
    }

    /// What was paid for an order, and by which disbursements.
    pub fn payouts_of(&self, order_id: i64) -> Result<Vec<(Disbursement, i64)>> {
        self.read(|connection| {
            let mut statement = connection.prepare(OF_ORDER)?;
            let rows = statement.query_map([order_id], |row| {
                let disbursement = Disbursement {
                    path: row.get(0)?,
                    merchant_id: row.get(1)?,
                    reference: row.get(2)?,
                    issue_date: row.get(3)?,
                    currency: row.get(4)?,
                };
                Ok((disbursement, row.get(6)?))
            })?;
            rows.map(|row| Ok(row?)).collect()
        })
    }

    /// At most `limit` references that were paid and that no order here has, the newest first.
    pub fn unknown_payouts(&self, endpoint: &str, limit: usize) -> Result<Vec<Unknown>> {
        self.read(|connection| {
            let mut statement = connection.prepare(UNKNOWN)?;
            let rows = statement.query_map(params![endpoint, limit as i64], |row| {
                Ok(Unknown {
                    merchant_id: row.get(0)?,
                    order_ref_1: row.get(1)?,
                    paid: row.get(2)?,
                    currency: row.get(3)?,
                    reference: row.get(4)?,
                })
            })?;
            rows.map(|row| Ok(row?)).collect()
        })
    }

    /// Sums over everything that is kept.
    pub fn payout_totals(&self, endpoint: &str) -> Result<Vec<Total>> {
        self.read(|connection| {
            let mut statement = connection.prepare(TOTALS)?;
            let rows = statement.query_map([endpoint], |row| {
                Ok(Total {
                    merchant_id: row.get(0)?,
                    currency: row.get(1)?,
                    what: row.get(2)?,
                    count: row.get(3)?,
                    amount: row.get(4)?,
                })
            })?;
            rows.map(|row| Ok(row?)).collect()
        })
    }
}

/// A payout without an order, and the order it is for.
struct Match {
    payout_id: i64,
    order_id: i64,
    amount: i64,
}

fn find_matches(connection: &Connection, endpoint: &str) -> Result<Vec<Match>> {
    let mut holder = connection.prepare(HOLDER)?;
    let mut unmatched = connection.prepare(UNMATCHED)?;
    let mut rows = unmatched.query([endpoint])?;
    let mut matches = Vec::new();
    while let Some(row) = rows.next()? {
        let order_ref_1: String = row.get(1)?;
        let merchant_id: String = row.get(3)?;
        let found = holder.query_row(params![order_ref_1, merchant_id, endpoint], |row| {
            row.get(0)
        });
        if let Some(order_id) = found.optional()? {
            matches.push(Match {
                payout_id: row.get(0)?,
                order_id,
                amount: row.get(2)?,
            });
        }
    }
    Ok(matches)
}

/// Another till may have been first: then nothing is added twice.
fn settle_match(transaction: &Transaction, one: &Match) -> Result<()> {
    let ours = transaction.execute(
        "UPDATE payouts SET order_id = ?2 WHERE id = ?1 AND order_id IS NULL",
        params![one.payout_id, one.order_id],
    )?;
    if ours > 0 {
        transaction.execute(
            "UPDATE orders SET paid = paid + ?2 WHERE id = ?1",
            params![one.order_id, one.amount],
        )?;
    }
    Ok(())
}

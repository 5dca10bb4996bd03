//! What seQura has paid out, held against what was settled here.

use super::access::Journal;
use super::door::Door;
use super::error::Result;
use super::sums::{most, sum, together};
use rusqlite::{Connection, Transaction, params};
use std::ops::ControlFlow::Continue;
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
#[derive(Clone, Debug, PartialEq)]
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
    /// Cents; none: more than can be counted, or not known.
    pub amount: Option<i64>,
}

const KNOWN: &str = "SELECT id, EXISTS (SELECT 1 FROM disbursements_read WHERE disbursement_id = id) \
     FROM disbursements WHERE path = ?1 AND endpoint = ?2";
macro_rules! read_by_older {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            "SELECT id FROM disbursements WHERE endpoint = ?1 \
             AND id NOT IN (SELECT disbursement_id FROM disbursements_read)",
            $after
        )
    };
}
const ANY_READ_BY_OLDER: &str = read_by_older!("SELECT EXISTS (", ")");
/// More than any sale comes to.
const IMPOSSIBLE: &str = read_by_older!(
    "SELECT DISTINCT disbursement_id FROM payouts \
     WHERE amount NOT BETWEEN -1000000000000 AND 1000000000000 AND disbursement_id IN (",
    ")"
);
/// Paid in another currency than the order's.
const ASTRAY: &str = read_by_older!(
    "SELECT payouts.id FROM payouts JOIN disbursements ON disbursements.id = disbursement_id \
     JOIN orders ON orders.id = payouts.order_id \
     WHERE upper(disbursements.currency) <> upper(orders.currency) AND disbursement_id IN (",
    ")"
);
const PAID_ORDERS: &str =
    "SELECT DISTINCT order_id FROM payouts WHERE disbursement_id = ?1 AND order_id IS NOT NULL";
const PAID_ORDER: &str = "SELECT order_id FROM payouts WHERE id = ?1 AND order_id IS NOT NULL";
const COUNT_PAID: &str = concat!(
    "UPDATE orders SET paid = (SELECT ",
    most!("amount"),
    " FROM payouts WHERE order_id = ?1) WHERE id = ?1"
);
/// An order in doubt is none: what was paid may be another's of this reference.
const HOLDER: &str = "SELECT id FROM orders WHERE holds_ref = 1 AND order_ref_1 = ?1 AND merchant_id = ?2 \
     AND endpoint = ?3 AND upper(currency) = upper(?4) AND state NOT IN ('confirming', 'referencing')";
const UNMATCHED: &str = "SELECT payouts.id, order_ref_1, merchant_id, currency, amount \
     FROM payouts JOIN disbursements ON disbursements.id = disbursement_id \
     WHERE order_id IS NULL AND endpoint = ?1";
const UNKNOWN: &str = concat!(
    "SELECT merchant_id, order_ref_1, ",
    most!("amount"),
    ", currency, reference FROM payouts JOIN disbursements ON disbursements.id = disbursement_id \
     WHERE order_id IS NULL AND endpoint = ?1 \
     GROUP BY merchant_id, order_ref_1, currency ORDER BY max(payouts.id) DESC LIMIT ?2"
);
const OF_ORDER: &str = "SELECT path, merchant_id, reference, issue_date, currency, order_ref_1, amount \
     FROM payouts JOIN disbursements ON disbursements.id = disbursement_id \
     WHERE order_id = ?1 ORDER BY payouts.id";
const TOTALS: &str = concat!(
    "SELECT merchant_id, currency, 'paid_out', count(*), ",
    sum!("+" "amount"),
    " FROM payouts JOIN disbursements ON disbursements.id = disbursement_id WHERE endpoint = ?1 GROUP BY 1, 2 \
     UNION ALL SELECT merchant_id, currency, 'unknown_here', count(*), ",
    sum!("+" "amount"),
    " FROM payouts JOIN disbursements ON disbursements.id = disbursement_id \
     WHERE order_id IS NULL AND endpoint = ?1 GROUP BY 1, 2 \
     UNION ALL SELECT merchant_id, currency, CASE paid WHEN 0 THEN 'not_yet_paid' ELSE 'differing' END, count(*), ",
    sum!("+" "amount", "-" "paid"),
    " FROM orders WHERE state = 'settled' AND paid IS NOT amount AND endpoint = ?1 GROUP BY 1, 2, 3"
);

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
    /// Whether the lines of this disbursement have been read, every one of them.
    pub fn knows_disbursement(&self, endpoint: &str, path: &str) -> Result<bool> {
        self.read(|connection| Ok(known(connection, endpoint, path)?.is_some_and(|(_, read)| read)))
    }

    /// Records a disbursement with its lines, once; in the place of what an older version had read of it.
    pub fn record_disbursement(
        &self,
        endpoint: &str,
        disbursement: &Disbursement,
        payouts: &[Payout],
        until: Instant,
    ) -> Result<()> {
        self.write(until, |transaction| {
            match known(transaction, endpoint, &disbursement.path)? {
                Some((_, true)) => return Ok(()),
                Some((id, false)) => forget(transaction, id)?,
                None => {}
            }
            transaction.run(
                "INSERT INTO disbursements (endpoint, merchant_id, path, reference, issue_date, currency) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    endpoint,
                    disbursement.merchant_id,
                    disbursement.path,
                    disbursement.reference,
                    disbursement.issue_date,
                    disbursement.currency
                ],
            )?;
            let id = transaction.last_insert_rowid();
            for payout in payouts {
                transaction.run(
                    "INSERT INTO payouts (disbursement_id, order_ref_1, amount) VALUES (?1, ?2, ?3)",
                    params![id, payout.order_ref_1, payout.amount],
                )?;
            }
            transaction.run(
                "INSERT INTO disbursements_read (disbursement_id) VALUES (?1)",
                [id],
            )?;
            Ok(())
        })
    }

    /// Takes back what cannot be of the disbursements that an older version read, which took any number in
    /// any currency. They are asked for again.
    pub fn mend_payouts(&self, endpoint: &str, until: Instant) -> Result<()> {
        let (impossible, astray) = self.read(|connection| {
            match connection.one(ANY_READ_BY_OLDER, [endpoint], |row| Ok(row.get(0)?))? {
                true => Ok((
                    numbers(connection, IMPOSSIBLE, endpoint)?,
                    numbers(connection, ASTRAY, endpoint)?,
                )),
                false => Ok((Vec::new(), Vec::new())),
            }
        })?;
        if impossible.is_empty() && astray.is_empty() {
            return Ok(());
        }
        self.write(until, |transaction| {
            for id in &impossible {
                forget(transaction, *id)?;
            }
            for payout_id in astray {
                for order_id in numbers(transaction, PAID_ORDER, payout_id)? {
                    let unmatch = "UPDATE payouts SET order_id = NULL WHERE id = ?1";
                    transaction.run(unmatch, [payout_id])?;
                    transaction.run(COUNT_PAID, [order_id])?;
                }
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
            for (payout_id, order_id) in &matches {
                // Another till may have been first: then it is counted already.
                let to_order =
                    "UPDATE payouts SET order_id = ?2 WHERE id = ?1 AND order_id IS NULL";
                if transaction.run(to_order, [payout_id, order_id])? > 0 {
                    transaction.run(COUNT_PAID, [order_id])?;
                }
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
            connection.all(query, params![endpoint, limit as i64], |row| {
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
            })
        })
    }

    /// What was paid for an order, and by which disbursements.
    pub fn payouts_of(&self, order_id: i64) -> Result<Vec<(Disbursement, i64)>> {
        self.read(|connection| {
            connection.all(OF_ORDER, [order_id], |row| {
                let disbursement = Disbursement {
                    path: row.get(0)?,
                    merchant_id: row.get(1)?,
                    reference: row.get(2)?,
                    issue_date: row.get(3)?,
                    currency: row.get(4)?,
                };
                Ok((disbursement, row.get(6)?))
            })
        })
    }

    /// At most `limit` references that were paid and that no order here has, the newest first.
    pub fn unknown_payouts(&self, endpoint: &str, limit: usize) -> Result<Vec<Unknown>> {
        self.read(|connection| {
            connection.all(UNKNOWN, params![endpoint, limit as i64], |row| {
                Ok(Unknown {
                    merchant_id: row.get(0)?,
                    order_ref_1: row.get(1)?,
                    paid: row.get(2)?,
                    currency: row.get(3)?,
                    reference: row.get(4)?,
                })
            })
        })
    }

    /// Sums over everything that is kept.
    pub fn payout_totals(&self, endpoint: &str) -> Result<Vec<Total>> {
        self.read(|connection| {
            connection.all(TOTALS, [endpoint], |row| {
                Ok(Total {
                    merchant_id: row.get(0)?,
                    currency: row.get(1)?,
                    what: row.get(2)?,
                    count: row.get(3)?,
                    amount: together(row.get(4)?, row.get(5)?),
                })
            })
        })
    }
}

/// The journal's number of a disbursement, and whether every line of it was read.
fn known(connection: &Connection, endpoint: &str, path: &str) -> Result<Option<(i64, bool)>> {
    connection.first(KNOWN, [path, endpoint], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// Forgets a disbursement, and that it paid for any order.
fn forget(transaction: &Transaction, id: i64) -> Result<()> {
    let orders = numbers(transaction, PAID_ORDERS, id)?;
    transaction.run("DELETE FROM payouts WHERE disbursement_id = ?1", [id])?;
    transaction.run("DELETE FROM disbursements WHERE id = ?1", [id])?;
    for order_id in orders {
        transaction.run(COUNT_PAID, [order_id])?;
    }
    Ok(())
}

fn numbers(connection: &Connection, query: &str, of: impl rusqlite::ToSql) -> Result<Vec<i64>> {
    connection.all(query, params![of], |row| Ok(row.get(0)?))
}

/// Payouts without an order, and the orders they are for: of that merchant, in that currency.
fn find_matches(connection: &Connection, endpoint: &str) -> Result<Vec<(i64, i64)>> {
    let mut matches = Vec::new();
    connection.each(UNMATCHED, [endpoint], |row| {
        let order_ref_1: String = row.get(1)?;
        let merchant_id: String = row.get(2)?;
        let currency: Option<String> = row.get(3)?;
        let wanted = params![order_ref_1, merchant_id, endpoint, currency];
        if let Some(order_id) = connection.first(HOLDER, wanted, |order| Ok(order.get(0)?))? {
            matches.push((row.get(0)?, order_id));
        }
        Ok(Continue(()))
    })?;
    Ok(matches)
}

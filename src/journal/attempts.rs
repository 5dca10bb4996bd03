//! Attempts that the transaction log has no entry of: a till died at them, between the intent and the
//! outcome. They are shown with the log's entries, from what the intent wrote, until somebody has asked
//! again; nothing is written for it.

use super::access::Journal;
use super::claims::{Claimed, Standing};
use super::door::Door;
use super::entry::{LogRow, Query};
use super::error::Result;
use super::names;
use super::orders::open_step;
use crate::status::Status;
use rusqlite::{Connection, Row};
use std::ops::ControlFlow::Continue;

/// Steps whose last attempt has no outcome. Their numbers are below those of entries, the newest is the lowest;
/// steps have the even ones, delivery reports the odd ones.
const STEPS: &str = concat!(
    "SELECT -2 * steps.id, orders.updated_at, order_id, uuid, merchant_id, order_ref_1, amount, \
     currency, step, state, claimed_by, claimed_until, claimed_until - orders.updated_at \
     FROM orders LEFT JOIN steps ON ",
    open_step!("orders.id"),
    "WHERE finished = 0 AND steps.id IS NOT NULL AND status IS NULL"
);
/// The same of delivery reports; whoever got to know what came of one has given its claim back.
const REPORTS: &str = "SELECT -2 * id - 1, begun_at, 0, NULL, merchant_id, NULL, NULL, NULL, \
     'send_delivery_report', '', claimed_by, claimed_until, claimed_for FROM reports WHERE claimed_by IS NOT NULL";

/// The query of this file that looks for orders.
#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[STEPS];

/// Those that a query asks for, the newest first.
pub(super) fn of(journal: &Journal, connection: &Connection, query: &Query) -> Result<Vec<LogRow>> {
    let after = query.after.unwrap_or(i64::MIN);
    let mut found = all(journal, connection)?;
    let with_key = match &query.order {
        Some(order) => names::with_cart_ref(connection, order)?,
        None => Vec::new(),
    };
    found.retain(|one| {
        let named = |order: &String| {
            one.uuid.as_ref() == Some(order)
                || one.order_ref_1.as_ref() == Some(order)
                || with_key.contains(&one.order_id)
        };
        one.id > after
            && query.order.as_ref().is_none_or(named)
            && query.state.as_ref().is_none_or(|state| *state == one.state)
            && query.since.is_none_or(|since| one.at >= since)
            && query.until.is_none_or(|until| one.at <= until)
    });
    Ok(found)
}

/// All of them, the newest first.
fn all(journal: &Journal, connection: &Connection) -> Result<Vec<LogRow>> {
    let mut found = Vec::new();
    for query in [STEPS, REPORTS] {
        connection.each(query, [], |row| {
            let attempt = read(row)?;
            let what = match attempt.is_of_an_order() {
                true => Claimed::Order(attempt.order_id),
                false => Claimed::Report((-1 - attempt.id) / 2),
            };
            let standing = Standing {
                by: row.get(10)?,
                until: row.get(11)?,
                lasts: row.get(12)?,
            };
            // Somebody is at it right now, perhaps this client.
            if !journal.claims.is_anybodys(&journal.owner, what, standing) {
                found.push(attempt);
            }
            Ok(Continue(()))
        })?;
    }
    found.sort_by_key(|attempt: &LogRow| attempt.id);
    Ok(found)
}

/// As the log would show it, had its answer been lost.
fn read(row: &Row) -> Result<LogRow> {
    Ok(LogRow {
        id: row.get(0)?,
        at: row.get(1)?,
        order_id: row.get(2)?,
        uuid: row.get(3)?,
        merchant_id: row.get(4)?,
        order_ref_1: row.get(5)?,
        amount: row.get(6)?,
        currency: row.get(7)?,
        step: row.get(8)?,
        state: row.get(9)?,
        status: Status::OutcomeUnknown.code(),
        http_status: None,
        request_id: None,
        elapsed_ms: 0,
        description: None,
        words: None,
        salt: None,
        previous_hash: Vec::new(),
        hash: Vec::new(),
        needs_attention: true,
        dismissed: false,
    })
}

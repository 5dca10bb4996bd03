//! The transaction log as it is asked for.

use super::access::Journal;
use super::attempts;
use super::door::Door;
use super::entry::{LogRow, Query, columns, read};
use super::error::Result;
use super::words;
use crate::clock::now_ms;
use rusqlite::{Connection, params};
use std::time::Instant;

/// Of the finished order whose last entry this is.
const FORGET_REFUSAL: &str = "DELETE FROM refusals WHERE order_id = \
     (SELECT orders.id FROM log JOIN orders ON orders.id = order_id WHERE log.id = ?1 AND finished = 1 \
      AND NOT EXISTS (SELECT 1 FROM log later WHERE later.order_id = log.order_id AND later.id > log.id))";

const NEEDS_ATTENTION: &str = "(log.status <> 0 \
     AND NOT EXISTS (SELECT 1 FROM log later WHERE later.order_id = log.order_id AND later.id > log.id \
         AND later.merchant_id = log.merchant_id) \
     AND NOT EXISTS (SELECT 1 FROM log_dismissed WHERE entry_id = log.id))";

impl Journal {
    /// The entries that are asked for, and whether there are more.
    pub fn log(&self, query: &Query) -> Result<(Vec<LogRow>, bool)> {
        self.read(|connection| {
            let mut found = attempts::of(self, connection, query)?;
            let more = found.len() > query.limit;
            found.truncate(query.limit);
            let rest = Query {
                limit: query.limit - found.len(),
                after: query.after.filter(|id| *id > 0),
                ..query.clone()
            };
            let (entries, more_entries) = page(connection, &rest)?;
            found.extend(entries);
            Ok((found, more || more_entries))
        })
    }

    /// What was attempted with one order, oldest first.
    pub fn log_of(&self, order_id: i64) -> Result<Vec<LogRow>> {
        self.read(|connection| {
            connection.all(concat!(
                "SELECT ",
                columns!(),
                " FROM log LEFT JOIN log_words ON entry_id = id WHERE log.order_id = ?1 ORDER BY id"
            ), [order_id], read)
        })
    }

    /// Marks an entry as seen to; says whether there is such an entry. What was refused of a finished order is
    /// past with it.
    pub fn dismiss(&self, entry_id: i64, until: Instant) -> Result<bool> {
        self.write(until, |transaction| {
            words::forget_of_entry(transaction, entry_id)?;
            let marked = transaction.run(
                "INSERT INTO log_dismissed (entry_id, at) SELECT id, ?2 FROM log WHERE id = ?1 \
                 ON CONFLICT (entry_id) DO UPDATE SET at = at",
                params![entry_id, now_ms()],
            )?;
            transaction.run(FORGET_REFUSAL, [entry_id])?;
            Ok(marked > 0)
        })
    }
}

fn page(connection: &Connection, query: &Query) -> Result<(Vec<LogRow>, bool)> {
    let mut found = Vec::new();
    let mut after = query.after;
    let mut phases = vec![true, false];
    if let Some(id) = after {
        let attention = connection.first(
            &format!("SELECT {NEEDS_ATTENTION} FROM log WHERE id = ?1"),
            [id],
            |row| Ok(row.get(0)?),
        )?;
        if attention != Some(true) {
            phases.remove(0);
        }
    }
    phases.retain(|attention| *attention || !query.attention);
    for attention in phases {
        let wanted = query.limit + 1 - found.len();
        let sql = format!(
            concat!(
                "SELECT ",
                columns!(),
                ", {NEEDS_ATTENTION}, EXISTS (SELECT 1 FROM log_dismissed WHERE entry_id = log.id) \
                 FROM log LEFT JOIN log_words ON entry_id = log.id WHERE {failed} {NEEDS_ATTENTION} = ?1 AND log.id < ?2 \
                 AND (?3 IS NULL OR uuid = ?3 OR order_ref_1 = ?3 \
                     OR log.order_id IN (SELECT order_id FROM names WHERE name = ?3 AND kind = 'cart_ref')) AND (?4 IS NULL OR state = ?4) \
                 AND (?5 IS NULL OR log.at >= ?5) AND (?6 IS NULL OR log.at <= ?6) ORDER BY log.id DESC LIMIT ?7"
            ),
            NEEDS_ATTENTION = NEEDS_ATTENTION,
            // Lets SQLite look through the failures only.
            failed = if attention { "log.status <> 0 AND" } else { "" },
        );
        found.extend(connection.all(
            &sql,
            params![
                attention,
                after.take().unwrap_or(i64::MAX),
                query.order,
                query.state,
                query.since,
                query.until,
                wanted as i64
            ],
            |row| {
                Ok(LogRow {
                    needs_attention: row.get(19)?,
                    dismissed: row.get(20)?,
                    ..read(row)?
                })
            },
        )?);
        if found.len() > query.limit {
            found.pop();
            return Ok((found, true));
        }
    }
    Ok((found, false))
}

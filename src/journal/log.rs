//! The transaction log: one entry for each attempt to change something at seQura, chained by hashes
//! so that a log shown in a dispute can be checked for gaps and edits.

use super::Result;
use crate::lifecycle::Life;
use crate::outcome::HttpView;
use crate::status::Status;
use ring::digest::{Context, SHA256};
use rusqlite::{OptionalExtension, Transaction, params};

/// What came of an attempt: recorded with the order, and told by the log for ever after.
pub struct Entry {
    /// Where the answer led.
    pub life: Life,
    /// seQura's reference, new or known.
    pub uuid: Option<String>,
    /// How the attempt ended.
    pub status: Status,
    /// What went over the wire.
    pub http: HttpView,
    /// seQura's words on a refusal, without personal data.
    pub description: Option<String>,
    /// Which step, as a word.
    pub step: &'static str,
}

/// Adds an entry, in the transaction that records the outcome itself.
pub(super) fn append(
    transaction: &Transaction,
    order_id: i64,
    now: i64,
    entry: &Entry,
) -> Result<()> {
    let previous: Option<Vec<u8>> = transaction
        .prepare("SELECT hash FROM log ORDER BY id DESC LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let previous = previous.unwrap_or_else(|| vec![0; 32]);
    let (merchant_id, order_ref_1, amount, currency): (
        String,
        Option<String>,
        Option<i64>,
        Option<String>,
    ) = transaction
        .prepare("SELECT merchant_id, order_ref_1, amount, currency FROM orders WHERE id = ?1")?
        .query_row([order_id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;

    // The hash covers the columns as a JSON array: unambiguous, and easy to compute elsewhere.
    let covered = serde_json::json!([
        now,
        order_id,
        entry.uuid,
        merchant_id,
        order_ref_1,
        amount,
        currency,
        entry.step,
        entry.life.state.as_str(),
        entry.status.code(),
        entry.http.status,
        entry.http.request_id,
        entry.http.elapsed_ms,
        entry.description,
    ])
    .to_string();
    let mut context = Context::new(&SHA256);
    context.update(&previous);
    context.update(covered.as_bytes());
    let hash = context.finish();

    transaction
        .prepare(
            "INSERT INTO log (at, order_id, uuid, merchant_id, order_ref_1, amount, currency, step, state, status, \
             http_status, request_id, elapsed_ms, description, previous_hash, hash) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        )?
        .execute(params![
            now,
            order_id,
            entry.uuid,
            merchant_id,
            order_ref_1,
            amount,
            currency,
            entry.step,
            entry.life.state.as_str(),
            entry.status.code(),
            entry.http.status,
            entry.http.request_id,
            entry.http.elapsed_ms as i64,
            entry.description,
            previous,
            hash.as_ref(),
        ])?;
    Ok(())
}

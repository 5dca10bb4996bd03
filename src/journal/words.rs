//! seQura's words on a refusal, which may name a shopper in a spelling that no redaction knows. They
//! are kept apart from the log, which refers to them by a salted digest, and go when nobody needs them
//! any more: the chain stays whole without them, and nobody can find out what they were.
//!
//! They go when the step that they refused was done after all, when the order is finished, when the
//! operator has dismissed the entry, and in any case some days after the order was finished
//! (`refusal_days`). Codes and fields stay in the entry.

use super::access::Journal;
use super::door::Door;
use super::entry::{LogRow, Said};
use super::error::Result;
use super::random::random;
use crate::ages::Ages;
use crate::canonical;
use crate::canonical::hex;
use crate::limits;
use crate::redact::shortened;
use ring::digest::{Context, SHA256};
use rusqlite::{Transaction, params};
use serde_json::json;
use std::time::Instant;

/// What was said of no order, or of one that is finished.
const SAID: &str = "SELECT entry_id, log_words.at FROM log_words LEFT JOIN orders ON orders.id = log_words.order_id \
     WHERE (log_words.at < ?1 OR log_words.at > ?2) \
     AND (orders.id IS NULL OR state IN ('settled', 'cancelled', 'abandoned'))";

/// A refusal as it is kept: what the entry covers, and the words beside it.
pub(super) struct Kept {
    /// The entry's `description`.
    pub(super) description: String,
    salt: [u8; 16],
    words: String,
}

impl Kept {
    pub(super) fn of(said: &Said) -> Result<Kept> {
        let salt = random()?;
        let words = shortened(said.words.clone(), limits::LOG_TEXT);
        let digest = digest_of(&salt, &words);
        Ok(Kept {
            description: canonical::text(&json!({"errors": said.errors, "words": digest})),
            salt,
            words,
        })
    }

    pub(super) fn write(&self, transaction: &Transaction, entry: &LogRow) -> Result<()> {
        transaction.run(
            "INSERT INTO log_words (entry_id, order_id, at, salt, words) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![entry.id, entry.order_id, entry.at, self.salt, self.words],
        )?;
        Ok(())
    }
}

/// What an entry says of its words: hexadecimal digits.
pub(super) fn digest_of(salt: &[u8], words: &str) -> String {
    let mut context = Context::new(&SHA256);
    context.update(salt);
    context.update(words.as_bytes());
    hex(context.finish().as_ref())
}

/// The order is finished: nobody needs the words any more.
pub(super) fn forget_of_order(transaction: &Transaction, order_id: i64) -> Result<()> {
    let forget = "DELETE FROM log_words WHERE order_id = ?1";
    transaction.run(forget, [order_id])?;
    Ok(())
}

/// What was refused is done after all.
pub(super) fn forget_of_step(transaction: &Transaction, order_id: i64, step: &str) -> Result<()> {
    transaction.run(
        "DELETE FROM log_words WHERE order_id = ?1 \
         AND EXISTS (SELECT 1 FROM log WHERE id = entry_id AND step = ?2)",
        params![order_id, step],
    )?;
    Ok(())
}

/// What was refused of a merchant, and of no order, is done after all.
pub(super) fn forget_of_merchant(
    transaction: &Transaction,
    merchant_id: &str,
    step: &str,
) -> Result<()> {
    transaction.run(
        "DELETE FROM log_words WHERE order_id = 0 AND EXISTS \
         (SELECT 1 FROM log WHERE id = entry_id AND merchant_id = ?1 AND step = ?2)",
        params![merchant_id, step],
    )?;
    Ok(())
}

/// The operator has seen to it.
pub(super) fn forget_of_entry(transaction: &Transaction, entry_id: i64) -> Result<()> {
    let forget = "DELETE FROM log_words WHERE entry_id = ?1";
    transaction.run(forget, [entry_id])?;
    Ok(())
}

impl Journal {
    /// Forgets what was said so long ago of orders that are finished, so much at most; says whether some
    /// stays because the clock is in doubt.
    pub fn forget_words(
        &self,
        ages: &Ages,
        limit_days: u32,
        most: usize,
        until: Instant,
    ) -> Result<bool> {
        self.forget_beyond((ages, limit_days), SAID, most, until, forget_of_entry)
    }
}

//! Answers to questions, kept for when seQura cannot be reached.

use super::access::Journal;
use super::door::Door;
use super::error::Result;
use crate::clock::now_ms;
use rusqlite::params;
use std::time::{Duration, Instant};

/// An answer that says the same as the one that is kept is written again after this: a question asked
/// for every sale must not cost a durable write each time.
const FRESH: Duration = Duration::from_secs(24 * 3600);

impl Journal {
    /// The last answer of this name, and when it came (ms).
    pub fn kept_answer(&self, endpoint: &str, name: &str) -> Result<Option<(i64, String)>> {
        self.read(|connection| {
            connection.first(
                "SELECT at, answer FROM kept_answers WHERE name = ?1 AND endpoint = ?2",
                [name, endpoint],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
        })
    }

    /// Keeps an answer.
    pub fn keep_answer(
        &self,
        endpoint: &str,
        name: &str,
        answer: &str,
        until: Instant,
    ) -> Result<()> {
        let now = now_ms();
        if let Some((at, kept)) = self.kept_answer(endpoint, name)?
            && kept == answer
            && (0..FRESH.as_millis() as i64).contains(&(now - at))
        {
            return Ok(());
        }
        self.write(until, |transaction| {
            transaction.run(
                "INSERT INTO kept_answers (name, endpoint, at, answer) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (name, endpoint) DO UPDATE SET at = ?3, answer = ?4",
                params![name, endpoint, now, answer],
            )?;
            Ok(())
        })
    }
}

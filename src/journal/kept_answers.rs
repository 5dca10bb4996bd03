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

/// How many of those that are kept for a while.
const KEPT: i64 = 100;
/// For how long, ms.
const KEPT_MS: i64 = 24 * 3_600_000;
/// How long keeping them waits for others who are writing.
const PATIENCE: Duration = Duration::from_millis(100);

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
            && (0..FRESH.as_millis() as i64).contains(&now.saturating_sub(at))
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

    /// Keeps one of many answers, as a convenience: the last few of the names that begin like this one's group, and
    /// none that is old. A power cut may take it away, and whoever waits for the answer does not wait for it.
    pub fn keep_for_a_while(
        &self,
        endpoint: &str,
        (group, name): (&str, &str),
        answer: &str,
    ) -> Result<()> {
        let now = now_ms();
        let (oldest, newest) = (now - KEPT_MS, now + KEPT_MS);
        let end = format!("{group}\u{10ffff}");
        self.write_unsynced(Instant::now() + PATIENCE, |transaction| {
            transaction.run(
                "INSERT INTO kept_answers (name, endpoint, at, answer) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (name, endpoint) DO UPDATE SET at = ?3, answer = ?4",
                params![name, endpoint, now, answer],
            )?;
            transaction.run(
                "DELETE FROM kept_answers WHERE name >= ?1 AND name < ?2 \
                 AND (at NOT BETWEEN ?3 AND ?4 OR (name, endpoint) NOT IN (SELECT name, endpoint \
                 FROM kept_answers WHERE name >= ?1 AND name < ?2 ORDER BY at DESC LIMIT ?5))",
                params![group, end, oldest, newest, KEPT],
            )?;
            Ok(())
        })
    }

    /// The answer of this name that was kept for a while, unless it is too old, or of a time that is still to come.
    pub fn kept_for_a_while(&self, endpoint: &str, name: &str) -> Option<(i64, String)> {
        let kept = self.kept_answer(endpoint, name).ok()??;
        (0..KEPT_MS)
            .contains(&(now_ms().saturating_sub(kept.0)))
            .then_some(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::super::door::Door;
    use super::*;
    use crate::config::JournalPlace;

    const LEVEL: &str = "PRAGMA synchronous";
    const FULL: i64 = 2;

    #[test]
    fn what_comes_after_an_unsynced_write_waits_for_the_disk_again() {
        let journal = Journal::open(&JournalPlace::Memory).unwrap();
        let level = || {
            let connection = journal.connection();
            connection
                .one(LEVEL, [], |row| Ok(row.get::<_, i64>(0)?))
                .unwrap()
        };
        assert_eq!(level(), FULL);
        let until = Instant::now() + PATIENCE;
        let inside = journal.write_unsynced(until, |transaction| {
            transaction.one(LEVEL, [], |row| Ok(row.get::<_, i64>(0)?))
        });
        assert_eq!((inside.unwrap(), level()), (1, FULL));
        let failed = journal.write_unsynced(until, |transaction| {
            transaction.run("INSERT INTO nowhere VALUES (1)", [])
        });
        assert!(failed.is_err());
        assert_eq!(level(), FULL, "also where nothing could be written");
        journal.keep_for_a_while("e", ("g/", "g/1"), "[]").unwrap();
        assert_eq!(journal.kept_for_a_while("e", "g/1").unwrap().1, "[]");
        assert_eq!(level(), FULL);
    }
}

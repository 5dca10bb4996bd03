//! The dates on which the journal was used; what they are for is said in [`crate::ages`].

use super::access::{Journal, Sync};
use super::door::Door;
use super::error::Result;
use crate::ages::{Age, Ages, DAY_MS, Day, date_of, number_today};
use crate::clock::{SequrasClock, Verdict, now_ms};
use rusqlite::{Connection, Transaction};
use std::ops::ControlFlow::Continue;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Of any date, and of the days counted: some million years.
const MOST_DAYS: i64 = 1 << 29;
/// How long opening waits with its note of the day for another till that is writing: the next write
/// of any till notes it too.
const NOTE_PATIENCE: Duration = Duration::from_millis(250);
/// A clock that is right is taken to be right for so long, ms: what is recorded meanwhile need not write
/// it down again.
const STAYS_RIGHT_MS: i64 = 60_000;

const OWN_NUMBER: &str = "SELECT number FROM days WHERE date = ?1";
const NEWEST: &str = "SELECT max(number) FROM days";
/// A new number is one that nothing has borne out yet.
const COUNT: &str = "INSERT INTO days (date, number) VALUES (?1, ?2) \
     ON CONFLICT (date) DO UPDATE SET number = ?2, confirmed_at = NULL";
const CONFIRM: &str =
    "UPDATE days SET confirmed_at = ?2 WHERE date = ?1 AND coalesce(confirmed_at < ?3, TRUE)";
const DOUBT: &str =
    "UPDATE days SET confirmed_at = NULL WHERE date = ?1 AND confirmed_at IS NOT NULL";
const ALL: &str = "SELECT date, number, confirmed_at FROM days";

/// What is beyond a limit, as the journal numbers it.
#[derive(Debug, Default)]
pub(super) struct Beyond {
    pub due: Vec<i64>,
    /// What stays because the clock is in doubt.
    pub doubtful: Vec<i64>,
}

impl Journal {
    /// What seQura's clock says is heard by whoever talks to seQura with this journal.
    pub(crate) fn with_sequras_clock(mut self, sequras_clock: &Arc<SequrasClock>) -> Journal {
        self.sequras_clock = sequras_clock.clone();
        self
    }

    /// How old things are, as of now.
    pub fn ages(&self) -> Result<Ages> {
        let now = now_ms();
        let days = self.read(all)?;
        let is_clock_right = self.sequras_clock.verdict(now) == Verdict::Right;
        Ok(Ages::new(days, now, is_clock_right))
    }

    /// Holds a limit against what a query finds, numbers and moments. The query is given between which
    /// moments it need not look.
    pub(super) fn beyond(&self, ages: &Ages, limit_days: u32, query: &str) -> Result<Beyond> {
        self.read(|connection| {
            let mut beyond = Beyond::default();
            connection.each(query, ages.bounds(limit_days), |row| {
                match ages.of(row.get(1)?, limit_days) {
                    Age::Due => beyond.due.push(row.get(0)?),
                    Age::Doubtful => beyond.doubtful.push(row.get(0)?),
                    Age::Young => {}
                }
                Ok(Continue(()))
            })?;
            Ok(beyond)
        })
    }

    /// Forgets what a query finds beyond a limit, so much at most, and what of it is in the log still; says whether
    /// some stays because the clock is in doubt.
    pub(super) fn forget_beyond(
        &self,
        (ages, limit_days): (&Ages, u32),
        query: &str,
        most: usize,
        until: Instant,
        forget: impl Fn(&Transaction, i64) -> Result<()>,
    ) -> Result<bool> {
        let Beyond { mut due, doubtful } = self.beyond(ages, limit_days, query)?;
        due.truncate(most);
        if !due.is_empty() {
            self.write(until, |transaction| {
                due.iter()
                    .try_for_each(|number| forget(transaction, *number))
            })?;
            self.clear_write_ahead_log();
        }
        Ok(!doubtful.is_empty())
    }

    /// Counts today, where it is not counted yet. The only thing that opening a journal writes to one
    /// to which nothing else is to be written, once a day: what keeps it from that is no reason not to
    /// open it, and is told of by whoever has to write.
    pub(super) fn note_today(&self) {
        let now = now_ms();
        if matches!(self.read(|connection| to_count(connection, now)), Ok(None)) {
            return;
        }
        let until = Instant::now() + NOTE_PATIENCE;
        let _ = self.write(until, |transaction| note(transaction, now));
    }

    /// The same, of something that happens now, at the moment that `body` is given: every moment by
    /// which something is ever given up or removed is written so, and its date counted with it.
    pub(super) fn write_now<T>(
        &self,
        until: Instant,
        body: impl FnOnce(&Transaction, i64) -> Result<T>,
    ) -> Result<T> {
        self.write(until, |transaction| {
            let now = now_ms();
            note(transaction, now)?;
            body(transaction, now)
        })
    }

    /// The same, of what nothing comes after that would see that the journal was taken away in that moment.
    pub(super) fn write_final<T>(
        &self,
        until: Instant,
        body: impl FnOnce(&Transaction, i64) -> Result<T>,
    ) -> Result<T> {
        let written = self.write_now(until, body)?;
        self.unless_lost_meanwhile(written)
    }

    /// What was written into a file that was taken away in that moment is written where it was kept in the journal's place.
    fn unless_lost_meanwhile<T>(&self, written: T) -> Result<T> {
        match self.held.lost() {
            Some(lost) if !lost.is_kept() => Err(lost.error()),
            _ => Ok(written),
        }
    }

    /// Writes what came of something that was sent: also into a file that is not the journal's any
    /// more, since that is still held, and put back where it can be. Says whether it is in the
    /// journal's place.
    pub(super) fn write_answer<T>(
        &self,
        sync: Sync,
        until: Instant,
        body: impl FnOnce(&Transaction, i64) -> Result<T>,
    ) -> Result<T> {
        let written = self.write_with(
            || self.held.to_record(),
            until,
            sync,
            |transaction| {
                let now = now_ms();
                note(transaction, now)?;
                body(transaction, now)
            },
        )?;
        self.unless_lost_meanwhile(written)
    }

    /// What seQura's clock has said of this machine's is kept with the day, in a transaction that is
    /// written anyway.
    pub(super) fn note_verdict(&self, transaction: &Transaction, now: i64) -> Result<()> {
        let today = date_of(now);
        match self.sequras_clock.verdict(now) {
            Verdict::Right => {
                let confirmed_at = now.saturating_add(STAYS_RIGHT_MS);
                let today = [today, confirmed_at, now];
                transaction.run(CONFIRM, today)?;
            }
            Verdict::Wrong(_) => {
                transaction.run(DOUBT, [today])?;
            }
            Verdict::Unknown => {}
        }
        Ok(())
    }
}

/// The number that is to be written for today's date, if one is.
fn to_count(connection: &Connection, now: i64) -> Result<Option<i64>> {
    let own = connection.first(OWN_NUMBER, [date_of(now)], |row| Ok(row.get(0)?))?;
    let newest = connection.one(NEWEST, [], |row| Ok(row.get(0)?))?;
    Ok(number_today(own, newest))
}

/// Counts the date of what is written now, in its own transaction.
pub(super) fn note(transaction: &Transaction, now: i64) -> Result<()> {
    if let Some(number) = to_count(transaction, now)? {
        transaction.run(COUNT, [date_of(now), number])?;
    }
    Ok(())
}

fn all(connection: &Connection) -> Result<Vec<Day>> {
    connection.all(ALL, [], |row| {
        let confirmed_at: Option<i64> = row.get(2)?;
        Ok(Day {
            date: within(row.get(0)?, MOST_DAYS),
            number: within(row.get(1)?, MOST_DAYS),
            confirmed_at: confirmed_at.map(|at| within(at, MOST_DAYS * DAY_MS)),
        })
    })
}

/// What this library has counted is far below; what somebody else has written is reckoned with all the same.
fn within(number: i64, most: i64) -> i64 {
    number.clamp(-most, most)
}

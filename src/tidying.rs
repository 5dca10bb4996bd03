//! What is given up or removed because of its age: orders that nobody confirmed, delivery reports without
//! an answer, personal data that was kept, the oldest entries of the log.
//!
//! It is done when a client is opened. No connection is made for it, so nobody has said yet whether the
//! clock is right: what waits for that ([`crate::ages`]) is done when an answer of seQura's has said so,
//! once, at the end of the call that the answer came to. That call's own outcome is on the disk by then;
//! what stands in the way is no failure of that call, and left to a later one.

use crate::abandonment;
use crate::ages::{Ages, DAY_MS};
use crate::clock::{self, Verdict, now_ms};
use crate::config::PersonalData;
use crate::journal::JournalError;
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::self_test;
use crate::shop::Shop;
use crate::vocabulary::ErrorCode;
use serde_json::Value;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How long what is due when a client is opened waits for others who are writing.
const PATIENCE: Duration = Duration::from_secs(5);
/// As much of each kind is done in the course of a call.
const MOST_IN_A_CALL: usize = 1000;
/// As many entries of the log are removed at once.
const MOST_ENTRIES: usize = 5000;
/// A shop may be closed for so many days without anybody being told that the clock has gone ahead.
const CLOSED_FOR_DAYS: i64 = 7;

/// What is due when a client is opened; gives warnings. Only damage to the journal ends it: what cannot
/// be removed today is removed another day, and a till must come to what it has not finished.
pub(crate) fn at_opening(shop: &Shop) -> Result<Vec<Problem>, JournalError> {
    let ages = shop.journal().ages()?;
    match tidy(shop, &ages, usize::MAX, Instant::now() + PATIENCE) {
        Ok(waits) => {
            shop.tidying_waits().store(waits, Ordering::Relaxed);
            Ok(doubts(&ages, waits).into_iter().collect())
        }
        Err(error) if error.code == ErrorCode::JournalCorrupt => Err(error),
        Err(error) => {
            shop.tidying_waits().store(true, Ordering::Relaxed);
            Ok(doubts(&ages, false)
                .into_iter()
                .chain([error.problem()])
                .collect())
        }
    }
}

/// What the office finishes is closed here; gives a warning where it could not be.
pub(crate) fn close_fenced(shop: &Shop) -> Option<Problem> {
    let until = Instant::now() + PATIENCE;
    let closed = shop.journal().close_fenced(shop.scrubs_at_once(), until);
    closed.err().map(|error| error.problem())
}

/// The end of a call: what its answers have said of the clock is acted upon, and told where it is wrong.
pub(crate) fn concluded(shop: &Shop, mut outcome: Outcome) -> Outcome {
    let waits = shop.tidying_waits();
    match shop.wire().sequras_clock().verdict(now_ms()) {
        Verdict::Right if waits.swap(false, Ordering::Relaxed) => {
            let done = shop
                .journal()
                .ages()
                .and_then(|ages| tidy(shop, &ages, MOST_IN_A_CALL, Instant::now()));
            waits.store(done.is_err(), Ordering::Relaxed);
        }
        Verdict::Wrong(fast_s) => {
            let told = |problem: &Problem| problem.code == ErrorCode::ClockSkew;
            if !outcome.warnings.iter().any(told) {
                outcome.warnings.push(self_test::skewed(fast_s));
            }
        }
        _ => {}
    }
    outcome
}

/// Does what is due, of each kind so much at most; says whether something waits for the clock.
fn tidy(shop: &Shop, ages: &Ages, most: usize, until: Instant) -> Result<bool, JournalError> {
    let (journal, config) = (shop.journal(), shop.config());
    let keep_days = match config.personal_data {
        PersonalData::ScrubWhenSettled => 0,
        PersonalData::KeepDays(days) => days,
    };
    let orders = abandonment::abandon_untouched(shop, ages, most, until)?;
    let reports = journal.forget_reports(ages, config.abandon_after_days, until)?;
    let personal = journal.scrub_finished(ages, keep_days, most, until)?;
    let entries = most.min(MOST_ENTRIES);
    let log = journal.forget_log(ages, config.log_retention_days, entries, until)?;
    let words = journal.forget_words(ages, config.refusal_days, most, until)?;
    Ok(orders || reports || personal || log || words)
}

/// What deserves a look of the clock, as far as the journal can tell: it is behind what it showed
/// before; or so far ahead that something may only look old.
fn doubts(ages: &Ages, waits: bool) -> Option<Problem> {
    let (now, last) = (ages.now(), ages.last_used()?);
    let (here, there) = (clock::to_text(now), clock::to_text(last));
    let message = if now < last - DAY_MS {
        format!(
            "This machine's clock says {here}, and this journal was in use until {there}. Set the clock. Nothing is given up or removed because of its age while it cannot be trusted."
        )
    } else if waits && now > last + CLOSED_FOR_DAYS * DAY_MS {
        format!(
            "This machine's clock says {here}; this journal was last in use on {there}. What would be given up or removed because of its age waits until an answer of seQura's has shown that the clock is right. If it is not, set it."
        )
    } else {
        return None;
    };
    Some(Problem {
        expected: Some(Value::from(there)),
        actual: Some(Value::from(here)),
        ..Problem::new(ErrorCode::ClockDoubtful, message)
    })
}

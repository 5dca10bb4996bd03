//! Whether a claim still holds.
//!
//! A client that dies gives its claims back at once: its lock goes ([`super::owner`]). One that lives
//! may hold on to a claim for as long as its call may take, and no longer: it may have been stopped, or
//! have been unable to write down how its call ended. How long that is stands in the journal; that it
//! is over, every client sees for itself, by a clock that nobody sets: from when it first saw the
//! claim. A wall clock that goes forward would let another till take over in the middle of a call, and
//! one that goes back would keep all others away for years.

use super::owner::Owner;
use crate::ages::DAY_MS;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What can be claimed, as the journal numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Claimed {
    Order(i64),
    Report(i64),
}

/// A claim as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// Whose; none: there is no claim.
    pub by: Option<String>,
    /// What tells it from the same client's next one.
    pub until: Option<i64>,
    /// How long it lasts, ms; none: a version of before wrote it, which did not say.
    pub lasts: Option<i64>,
}

/// The claims of others that this client has seen.
#[derive(Debug, Default)]
pub(super) struct Claims(Mutex<HashMap<Claimed, (Standing, Instant)>>);

impl Claims {
    /// Whether another client has it: one that lives, and has not had it for its whole time yet.
    pub fn is_anothers(&self, own: &Owner, what: Claimed, standing: Standing) -> bool {
        let by = standing.by.as_deref().filter(|by| *by != own.name());
        self.holds(what, by.is_some_and(|by| !own.is_dead(by)), standing)
    }

    /// The same, where this client's own claim counts too: another thread is at it.
    pub fn is_anybodys(&self, own: &Owner, what: Claimed, standing: Standing) -> bool {
        let by = standing.by.as_deref();
        let lives = by.is_some_and(|by| by == own.name() || !own.is_dead(by));
        self.holds(what, lives, standing)
    }

    fn holds(&self, what: Claimed, lives: bool, standing: Standing) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // No call takes longer than the longest that the configuration allows, and a little.
        let longest = 2 * DAY_MS;
        let lasts = standing.lasts.unwrap_or(longest).clamp(0, longest);
        let lasts = Duration::from_millis(lasts as u64);
        if !lives || lasts.is_zero() {
            seen.remove(&what);
            return false;
        }
        match seen.get(&what) {
            Some((known, since)) if *known == standing => since.elapsed() < lasts,
            _ => {
                seen.insert(what, (standing, Instant::now()));
                true
            }
        }
    }
}

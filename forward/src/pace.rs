//! When it tries again. By chance within a time that doubles: ten thousand tills whose office comes back must not all come
//! in the same second.

use crate::secrets::drawn;
use crate::trouble::{Kind, Trouble};
use std::time::Duration;

/// The first pause is shorter than this.
const FIRST: Duration = Duration::from_secs(1);
/// No pause for the office, or for the journal, is longer.
const LONGEST: Duration = Duration::from_secs(60);
/// What a person must do, nobody does in a minute; who enrols the journal again ends the pause.
const FOR_A_PERSON: Duration = Duration::from_secs(600);

/// How often it has failed since it was last done.
#[derive(Debug, Default)]
pub struct Pace {
    failed: u32,
}

impl Pace {
    /// It was done.
    pub fn done(&mut self) {
        self.failed = 0;
    }

    /// It was not: how long to wait now.
    pub fn pause(&mut self, trouble: &Trouble) -> Duration {
        let longest = match trouble.kind {
            Kind::Person => FOR_A_PERSON,
            Kind::Busy => Duration::from_secs(5),
            _ => LONGEST,
        };
        let grown = FIRST.saturating_mul(1 << self.failed.min(16));
        self.failed = self.failed.saturating_add(1);
        let within = grown.min(longest);
        match trouble.after {
            // Not all at the moment at which the office has asked all of them to come.
            Some(after) => after + by_chance(within.max(after / 2)),
            None => by_chance(within),
        }
    }
}

/// Any time from nothing to this, each as likely.
pub fn by_chance(most: Duration) -> Duration {
    most.mul_f64(chance())
}

/// A number from 0 to 1.
fn chance() -> f64 {
    let drawn = drawn(4).ok();
    let number = drawn.and_then(|digits| u32::from_str_radix(&digits, 16).ok());
    f64::from(number.unwrap_or(u32::MAX / 2)) / f64::from(u32::MAX)
}

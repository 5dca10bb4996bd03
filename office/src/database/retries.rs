//! What is tried again at once: transactions that were in each other's way, and a server that is no longer the right one.

use super::error::Error;
use crate::random;
use std::time::Duration;

const MOST: u32 = 12;

/// Counts the attempts of one piece of work.
#[derive(Default)]
pub struct Retries {
    made: u32,
}

impl Retries {
    /// Whether to try again after this error; waits a moment then, a longer one each time.
    pub async fn again(&mut self, error: &Error) -> bool {
        if !(error.is_conflict() || error.is_elsewhere()) || self.made == MOST {
            return false;
        }
        self.made += 1;
        let most = 5 << self.made.min(7);
        tokio::time::sleep(Duration::from_millis(1 + random::below(most))).await;
        true
    }
}

//! The office's clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// ms since 1970 UTC.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as i64)
}

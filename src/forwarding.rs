//! How far the office has been told what changed here: for the operator, without asking the forwarder.

use crate::clock::{now_ms, to_text};
use crate::journal::{Forwarded, JournalError};
use crate::problem::Problem;
use crate::shop::Shop;
use crate::vocabulary::ErrorCode;
use serde_json::{Value, json};

/// So long the office may be without a change, and nothing be heard of the forwarder, ms.
const LONGEST_MS: i64 = 3_600_000;

/// `data.forwarding`, and what deserves a look of it; none: the journal is not enrolled.
pub(crate) fn standing(shop: &Shop) -> Result<Option<(Value, Option<Problem>)>, JournalError> {
    let forwarded = shop.journal().forwarded()?;
    Ok(forwarded.map(|forwarded| (shown(&forwarded), lagging(&forwarded, now_ms()))))
}

fn shown(forwarded: &Forwarded) -> Value {
    let progress = &forwarded.progress;
    json!({
        "journal_id": forwarded.journal_id,
        "behind": forwarded.behind,
        "since": forwarded.since.map(to_text),
        "acknowledged_at": progress.acknowledged_at.map(to_text),
        "seen_at": progress.seen_at.map(to_text),
        "trouble": progress.trouble,
    })
}

fn lagging(forwarded: &Forwarded, now: i64) -> Option<Problem> {
    let Forwarded {
        progress, since, ..
    } = forwarded;
    // Whichever way the clock was set meanwhile.
    let is_long_ago = |at: &i64| now.abs_diff(*at) > LONGEST_MS.unsigned_abs();
    let what = match (progress.seen_at, since) {
        (None, _) => "Nothing has been heard of this journal's forwarder".to_owned(),
        (Some(seen_at), _) if is_long_ago(&seen_at) => {
            format!(
                "This journal's forwarder was last at work on {}",
                to_text(seen_at)
            )
        }
        (_, Some(since)) if is_long_ago(since) => {
            format!(
                "The office has nothing of what changed here since {}",
                to_text(*since)
            )
        }
        _ => return None,
    };
    let why = match &progress.trouble {
        Some(trouble) => format!(" ({trouble})"),
        None => String::new(),
    };
    let message = format!(
        "{what}{why}. Selling goes on without it; what is noted is sent when the forwarder is at work again. Look whether sequra-forward runs, and reaches the office."
    );
    Some(Problem::new(ErrorCode::ForwardingLags, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Headway;

    #[test]
    fn what_lags_for_an_hour_deserves_a_look() {
        let now = 1_800_000_000_000;
        let hour = LONGEST_MS;
        let of = |seen_at, since| Forwarded {
            journal_id: "0".repeat(32),
            progress: Headway {
                seen_at,
                ..Headway::default()
            },
            behind: None,
            since,
        };
        let is_told = |seen_at, since| lagging(&of(seen_at, since), now).is_some();
        assert!(is_told(None, None));
        assert!(!is_told(Some(now), None));
        assert!(!is_told(Some(now - hour), Some(now - hour)));
        assert!(is_told(Some(now - hour - 1), None));
        assert!(is_told(Some(now), Some(now - hour - 1)));
        assert!(is_told(Some(i64::MAX), None), "a clock that went back");
        assert!(is_told(Some(i64::MIN), Some(i64::MIN)));
    }
}

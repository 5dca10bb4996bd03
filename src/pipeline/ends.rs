//! Where a call ends that does not come to an answer, and how long each part of it may take.

use crate::advice;
use crate::journal::JournalError;
use crate::limits;
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use std::time::{Duration, Instant};

/// The patience with another process that is writing to the journal when the call's time is up: an
/// outcome that is known must be recorded. All writes of a call share it.
pub(super) const WRITE_PATIENCE: Duration = Duration::from_millis(700);
/// What each write of a call has of it in any case.
pub(super) const LEAST_PATIENCE: Duration = Duration::from_millis(100);
/// Between two looks whether another process has finished with an order.
pub(super) const BUSY_PAUSE: Duration = Duration::from_millis(25);
/// How the message ends, where that is so.
pub(super) const NOTHING_SENT: &str = " Nothing was sent.";
/// A claim outlives its call by this, and no longer.
pub(super) const CLAIM_MARGIN: Duration = Duration::from_secs(2);

/// For how long a call that must end by then keeps other processes away from what it works on.
pub(super) fn claim_for(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now()) + CLAIM_MARGIN
}

/// Waits a moment for whoever is at work; `false`: there is no time left for it.
pub(super) fn pause(deadline: Instant) -> bool {
    let left = deadline.saturating_duration_since(Instant::now()) > BUSY_PAUSE;
    if left {
        std::thread::sleep(BUSY_PAUSE);
    }
    left
}

/// Where a claim has run out before anything was sent: this process was stopped, and another till may be at
/// work by now.
pub(super) fn too_late(name: &'static str, claimed_until: Instant) -> Option<Outcome> {
    let message = "The time to send this is over. Nothing was sent; call again.";
    (Instant::now() >= claimed_until).then(|| busy(name, message))
}

/// How long a call that must end by then may wait for another process that is writing.
pub(crate) fn patience(deadline: Instant) -> Instant {
    (deadline + WRITE_PATIENCE).max(Instant::now() + LEAST_PATIENCE)
}

/// Somebody else is at work.
pub(crate) fn busy(name: &'static str, message: &str) -> Outcome {
    Outcome::failed(
        name,
        Status::Busy,
        Next::CallAgain,
        Problem::new(ErrorCode::OrderBusy, message),
    )
}

/// The journal would have to keep more of it than is reasonable.
pub(super) fn too_large(name: &'static str, is: usize) -> Outcome {
    let message = format!(
        "This change, with the earlier ones that have no answer yet, has {is} bytes; at most {} are kept. Call sq_recover first.",
        limits::STEP_BYTES
    );
    let problem = Problem {
        expected: Some(limits::STEP_BYTES.into()),
        actual: Some(is.into()),
        ..Problem::new(ErrorCode::TooLarge, message)
    };
    Outcome::failed(name, Status::InvalidOrder, Next::Recover, problem)
}

/// The journal failed, where nothing was going to be sent.
pub(crate) fn journal_failed(name: &'static str, error: &JournalError) -> Outcome {
    let next = advice::without_journal(error);
    Outcome::failed(name, Status::Journal, next, error.problem())
}

/// The journal failed before anything was sent.
pub(crate) fn not_recorded(name: &'static str, error: &JournalError) -> Outcome {
    let mut outcome = journal_failed(name, error);
    outcome.errors[0].message.push_str(NOTHING_SENT);
    outcome
}

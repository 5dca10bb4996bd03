//! Points on the way of a call at which the test suite ends the process, as a power cut would.
//!
//! Only a library built with the feature `crash-points` looks at them; in every other build
//! [`reached`] is nothing. The environment says which point is the end:
//!
//! - `SEQURA_POS_CRASH_AT=after_send:2` ends the process when it reaches that point the second time,
//!   `any:17` at the seventeenth point of whatever name.
//! - `SEQURA_POS_PAUSE_AT=before_send:FILE` makes that file each time it reaches the point, and goes on
//!   when it is gone: so a test can do something to the world at that moment.
//! - `SEQURA_POS_CRASH_TRACE=FILE` writes the name of each point that is reached to that file, one a
//!   line, so that a campaign knows how many there are.

// Only an armed build looks at the words, and none at what they mean.
#![allow(dead_code)]

use crate::vocabulary::words;

words! {
    /// Where a process can end, in the order in which a call meets them.
    Point {
        /// Between two looks at a journal that is being opened. Only waited at: nothing is changed by an end here.
        Opening = "opening",
        /// The tables of a new journal are made, and not committed.
        JournalMade = "journal_made",
        /// An older journal has become one of this version, and that is not committed.
        JournalMigrated = "journal_migrated",
        /// Nothing of the operation is recorded.
        BeforeIntent = "before_intent",
        /// The intent is written, and not committed.
        IntentWritten = "intent_written",
        /// The intent is durable.
        AfterIntent = "after_intent",
        /// The request is complete, and nothing of it sent.
        BeforeSend = "before_send",
        /// A part of the request, or all of it, was handed to the connection.
        AfterSend = "after_send",
        /// The answer came, or its absence is certain; nobody has been told.
        AfterAnswer = "after_answer",
        /// The outcome is written, and not committed.
        OutcomeWritten = "outcome_written",
        /// The outcome is durable.
        AfterOutcome = "after_outcome",
        /// The order is settled, its shipment as the sale's last step intended, and nothing of that sent.
        BeforeShipment = "before_shipment",
        /// What the settled order's personal data was is gone from the files.
        Scrubbed = "scrubbed",
        /// A step was closed unanswered, or an order given up, and that is not committed.
        GivenUp = "given_up",
        /// That a reference is taken is written, and not committed.
        RefRefused = "ref_refused",
        /// A settled order is closed here, for another journal, and that is not committed.
        HandedOver = "handed_over",
        /// An order of another journal is here, and that is not committed.
        TakenOver = "taken_over",
        /// The result is complete, and not handed back.
        BeforeReturn = "before_return",
        /// The result is in the caller's hands, who has done nothing with it.
        AfterReturn = "after_return",
    }
}

/// Says that the process has come to this point; it may end here.
#[inline(always)]
pub(crate) fn reached(point: Point) {
    #[cfg(feature = "crash-points")]
    armed::reached(point);
    #[cfg(not(feature = "crash-points"))]
    let _ = point;
}

/// Waits here where the environment says so; the process never ends here.
#[inline(always)]
pub(crate) fn wait_at(point: Point) {
    #[cfg(feature = "crash-points")]
    armed::wait_at(point);
    #[cfg(not(feature = "crash-points"))]
    let _ = point;
}

#[cfg(feature = "crash-points")]
mod armed {
    use super::Point;
    use std::env;
    use std::fs::OpenOptions;
    use std::io::Write;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Which point is the end (none: whichever), and at which time of reaching it.
    fn end() -> Option<(Option<Point>, u64)> {
        static END: OnceLock<Option<(Option<Point>, u64)>> = OnceLock::new();
        *END.get_or_init(|| {
            let at = env::var("SEQURA_POS_CRASH_AT").ok()?;
            let (name, time) = at.split_once(':').expect("SEQURA_POS_CRASH_AT=point:time");
            let point = match name {
                "any" => None,
                name => Some(Point::from_word(name).expect("SEQURA_POS_CRASH_AT names a point")),
            };
            Some((point, time.parse().expect("SEQURA_POS_CRASH_AT=point:time")))
        })
    }

    pub(super) fn reached(point: Point) {
        static TIMES: AtomicU64 = AtomicU64::new(0);
        if let Ok(path) = env::var("SEQURA_POS_CRASH_TRACE") {
            let file = OpenOptions::new().append(true).create(true).open(path);
            let mut file = file.expect("the file of SEQURA_POS_CRASH_TRACE can be written");
            writeln!(file, "{point}").expect("the file of SEQURA_POS_CRASH_TRACE can be written");
        }
        wait_at(point);
        let Some((wanted, time)) = end() else {
            return;
        };
        if wanted.is_none_or(|wanted| wanted == point)
            && TIMES.fetch_add(1, Ordering::SeqCst) + 1 == time
        {
            crate::system::end_process();
        }
    }

    pub(super) fn wait_at(point: Point) {
        if let Ok(at) = env::var("SEQURA_POS_PAUSE_AT")
            && let Some((name, path)) = at.split_once(':')
            && Point::from_word(name).expect("SEQURA_POS_PAUSE_AT names a point") == point
        {
            let made = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .open(path);
            drop(made.expect("the file of SEQURA_POS_PAUSE_AT can be made"));
            while std::path::Path::new(path).exists() {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        }
    }
}

//! Points on the way at which the test suite ends the process, as a power cut would. Only a build with the feature
//! `crash-points` looks at them; in every other one [`reached`] is nothing.
//!
//! `SEQURA_FORWARD_CRASH_AT=17` ends the process at the seventeenth point that it comes to; `SEQURA_FORWARD_CRASH_TRACE=FILE`
//! writes the name of each to that file, one a line.

/// Says that the process has come to a point; it may end here.
#[inline(always)]
pub fn reached(point: &'static str) {
    #[cfg(feature = "crash-points")]
    armed::reached(point);
    #[cfg(not(feature = "crash-points"))]
    let _ = point;
}

#[cfg(feature = "crash-points")]
mod armed {
    use std::io::Write;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// How the process ends.
    const ENDED: i32 = 86;

    pub(super) fn reached(point: &'static str) {
        static TIMES: AtomicU64 = AtomicU64::new(0);
        if let Ok(path) = std::env::var("SEQURA_FORWARD_CRASH_TRACE") {
            let file = std::fs::OpenOptions::new()
                .append(true)
                .create(true)
                .open(path);
            let mut file = file.expect("the file of SEQURA_FORWARD_CRASH_TRACE can be written");
            writeln!(file, "{point}").expect("the file can be written");
        }
        let Ok(at) = std::env::var("SEQURA_FORWARD_CRASH_AT") else {
            return;
        };
        let at: u64 = at.parse().expect("SEQURA_FORWARD_CRASH_AT is a number");
        if TIMES.fetch_add(1, Ordering::SeqCst) + 1 == at {
            // No destructor runs, and what another thread does is cut off.
            std::process::exit(ENDED);
        }
    }
}

//! How large things may be: every limit of the library, each with a name, in one place. They are above
//! whatever a shop or seQura can mean, and bound what a mistake or a hostile neighbour can cost in
//! time, memory and disk.

/// A limit, for its documentation.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Its name.
    pub name: &'static str,
    /// How many.
    pub value: usize,
    /// Of what, and what becomes of more; one sentence or two.
    pub meaning: &'static str,
}

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident = $value:expr;)+) => {
        $($(#[doc = $doc])+ pub const $name: usize = $value;)+

        /// Every limit.
        pub const ALL: &[Limit] = &[$(Limit {
            name: stringify!($name),
            value: $name,
            meaning: concat!($($doc),+),
        }),+];
    };
}

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

limits! {
    // What the host gives.
    /// Bytes of a configuration, and of the file with the account's secret. More is `SQ_INVALID_CONFIG`
    /// with `too_large`, or `file_unreadable` for a file.
    CONFIG_BYTES = MIB;
    /// Bytes of a file with certificates. More is `SQ_INVALID_CONFIG` with `file_unreadable`.
    CERTIFICATE_BYTES = 4 * MIB;
    /// Bytes of the JSON of an order, an update, what is shipped or refunded, a delivery report. More is
    /// `SQ_INVALID_ORDER` with `too_large`.
    ORDER_BYTES = 8 * MIB;
    /// Bytes of a document that `sq_take_over` takes. More is `SQ_INVALID_ARGUMENT` with `too_large`.
    DOCUMENT_BYTES = 32 * MIB;
    /// Lines of a cart, and entries of any other list that is given. More is `too_large`, with the list's
    /// place.
    LINES = 10_000;
    /// Objects and lists within each other, in JSON that is given or answered. More is `too_large`, or an
    /// answer that cannot be read.
    DEPTH = 32;
    /// Bytes of any other text that a call is given: an order's name, a reference, a product code, a
    /// reason, a query of the log. More is `SQ_INVALID_ARGUMENT` with `too_large`.
    TEXT_BYTES = 4 * KIB;
    /// Changes of one order without an answer, each part of the next. Another one is `SQ_WRONG_STATE` until
    /// `sq_recover` has settled them.
    OPEN_CHANGES = 32;
    /// Bytes that the journal keeps of one step or report until it is answered. More is
    /// `SQ_INVALID_ORDER` with `too_large`; what the journal has to report goes into several reports.
    STEP_BYTES = 32 * MIB;

    // What seQura answers.
    /// Bytes of an answer's body. seQura's largest are lists of some KiB; one with more is
    /// `SQ_BAD_RESPONSE` with `answer_too_large`.
    ANSWER_BYTES = 4 * MIB;
    /// Bytes of an answer's header. More is `SQ_BAD_RESPONSE` with `answer_too_large`.
    HEADER_BYTES = 64 * KIB;

    // What is told and kept.
    /// Entries of `/errors` and of `/warnings`. Of more, the last entry is `more_errors` and says how many
    /// are not listed.
    ERRORS = 1000;
    /// Errors that the journal keeps of one attempt, without their words; of more, the last entry says how
    /// many.
    LOG_ERRORS = 100;
    /// Characters of seQura's words that the journal keeps of one attempt. The rest is cut off.
    LOG_TEXT = 2000;
    /// Characters of the reason given to `sq_resolve` that the transaction log keeps. The rest is cut off.
    REASON = 300;
    /// Characters of the other texts that are kept of an answer, such as a request id. A longer one counts
    /// as not given.
    WORD = 200;
}

/// How work grows with what it is done on.
#[cfg(test)]
pub(crate) mod growth {
    use crate::system::time_worked;
    use std::hint::black_box;
    use std::time::Duration;

    /// Fails where ten times as much costs a good deal more than ten times as much: what grows with the
    /// square costs a hundred times as much. The machine of the tests may be busy, so only this thread's own
    /// work counts, each at its best of several times in turn, and of more times where that is not enough.
    pub(crate) fn is_linear<T>(what: &str, work: impl Fn(usize) -> T) {
        const SMALL: usize = 400;
        const ENOUGH: f64 = 12.0;
        // Looking things up in what is sorted, and what goes beyond the processor's caches, costs more.
        const MOST: f64 = 40.0;
        let run = |size| {
            let began = time_worked();
            black_box(work(size));
            time_worked() - began
        };
        // A sanitizer adds work of its own, which is not what is measured.
        if std::env::var_os("SEQURA_POS_SANITIZER").is_some() {
            black_box(work(10 * SMALL));
            return;
        }
        let (mut small, mut large) = (Duration::MAX, Duration::MAX);
        let mut ratio = f64::MAX;
        let began = time_worked();
        for round in 1..=30 {
            small = small.min(run(SMALL));
            large = large.min(run(10 * SMALL));
            ratio = large.as_secs_f64() / small.as_secs_f64().max(1e-6);
            if round >= 3 && (ratio <= ENOUGH || time_worked() - began > Duration::from_secs(20)) {
                break;
            }
        }
        println!("{what}: {ratio:.1} times as long ({small:?}, {large:?})");
        assert!(
            ratio <= MOST,
            "{what}: {ratio:.1} times as long ({small:?}, {large:?})"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_says_what_it_is() {
        for limit in ALL {
            assert!(
                limit.value > 0 && limit.meaning.trim().ends_with('.'),
                "{limit:?}"
            );
        }
    }
}

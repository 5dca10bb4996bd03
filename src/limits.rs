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
    OPEN_CHANGES = 16;
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
    /// Characters of seQura's words that the transaction log keeps of one attempt; the rest is cut off,
    /// and its length noted.
    LOG_TEXT = 4000;
    /// Characters of the other texts that are kept of an answer, such as a request id. A longer one counts
    /// as not given.
    WORD = 200;
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

//! What keeps the forwarder from its work, in a sentence.

use sequra_frames::refusal::{Code, Refusal};
use sequra_pos::outbox::JournalError;
use sequra_pos::words::ErrorCode;
use std::fmt;
use std::path::Path;
use std::time::Duration;

/// Who can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Another forwarder has the journal; it does the work.
    Busy,
    /// The journal cannot be opened, read or written: a till holds it, or it is not there.
    Journal,
    /// The office, or the way to it: later.
    Office,
    /// A person: enrol again, correct, update.
    Person,
    /// This machine: a file of the forwarder's own.
    Here,
}

/// What keeps it from its work.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    pub kind: Kind,
    /// A few words of ASCII, which a till shows its operator ([`sequra_pos::outbox::Headway::trouble`]); what is wrong
    /// first, as only the first 80 letters are shown.
    pub short: String,
    /// The same with everything that is known, for the log.
    pub long: String,
    /// Not before: the office has said so.
    pub after: Option<Duration>,
}

/// As much of what somebody else has said is repeated, in characters.
const LONGEST_QUOTE: usize = 200;

impl Trouble {
    pub fn new(kind: Kind, short: impl Into<String>, long: impl Into<String>) -> Trouble {
        Trouble {
            kind,
            short: short.into(),
            long: long.into(),
            after: None,
        }
    }

    /// One that needs no more words.
    pub fn plain(kind: Kind, short: impl Into<String>) -> Trouble {
        let short = short.into();
        Trouble::new(kind, short.clone(), short)
    }

    /// A file of the forwarder's own cannot be had.
    pub fn with_file(path: &Path, why: impl fmt::Display) -> Trouble {
        Trouble::new(
            Kind::Here,
            "the forwarder cannot write its own files; see its log",
            format!("{}: {why}", path.display()),
        )
    }

    /// What the office has refused.
    pub fn refused(refusal: &Refusal, after: Option<Duration>) -> Trouble {
        let (kind, short) = match refusal.code {
            Code::NotEnrolled => (
                Kind::Person,
                "the office does not know the token, or revoked it: enrol again",
            ),
            Code::CodeRefused => (
                Kind::Person,
                "the code is none of the office's, was used, or is too old",
            ),
            Code::NotYours => (
                Kind::Person,
                "the token is another journal's: enrol this one again",
            ),
            Code::UnknownIncarnation => (
                Kind::Office,
                "the office does not know this life of the journal",
            ),
            Code::Elsewhere => (Kind::Office, "the office stands elsewhere"),
            Code::Unreadable => (Kind::Person, "the office cannot read what is sent"),
            Code::Upgrade => (Kind::Person, "the office needs a newer sequra-forward"),
            Code::Later => (Kind::Office, "the office asks to come later"),
        };
        Trouble {
            after,
            ..Trouble::new(
                kind,
                short,
                format!("{short} ({})", quoted(&refusal.message)),
            )
        }
    }
}

impl From<JournalError> for Trouble {
    fn from(error: JournalError) -> Trouble {
        let short = match error.code {
            ErrorCode::JournalLocked => "another program holds the journal",
            ErrorCode::JournalFull => "the journal's disk is full",
            ErrorCode::JournalReadOnly => {
                "the forwarder may not write to the journal or its folder"
            }
            ErrorCode::JournalCorrupt => {
                "the journal is damaged: the next till that opens it sets it aside"
            }
            ErrorCode::JournalTooNew => {
                "a newer library has made the journal: update sequra-forward"
            }
            ErrorCode::JournalStrange => "the journal was changed by another program",
            ErrorCode::JournalIsACopy => "the file is a copy and no till's journal",
            _ => "the journal cannot be opened; see the forwarder's log",
        };
        Trouble::new(Kind::Journal, short, error.message)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.long)
    }
}

/// What somebody else has said, as far as it may be repeated: short, and in plain letters.
pub fn quoted(said: &str) -> String {
    let is_plain = |c: &char| !c.is_control();
    said.chars().filter(is_plain).take(LONGEST_QUOTE).collect()
}

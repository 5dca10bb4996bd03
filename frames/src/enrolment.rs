//! How a journal gets to be known at the office: by a code that is good for once. The forwarder draws the token by which
//! the till is known from then on, keeps it, and then asks, so that an answer that gets lost costs nothing: the same code
//! with the same token is answered again.

use serde::{Deserialize, Serialize};

/// `POST /api/1/enrolments`, without a token. Answered with a [`crate::standing::Standing`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// As the office's page shows it.
    pub code: String,
    /// 64 hexadecimal digits (256 bits, random); the office keeps its SHA-256.
    pub token: String,
    /// The journal's own id.
    pub journal_id: String,
    /// The first life of the journal that the office gets to see.
    pub incarnation: String,
    /// The name of the till's machine, for a person to recognise it by.
    pub machine: String,
}

/// `POST /api/1/incarnations`: the disk was put back or copied, or nobody came for too long, and everything is said anew.
/// Answered with the [`crate::standing::Standing`] of the new one; the same again is answered again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incarnation {
    pub journal_id: String,
    /// The new one.
    pub incarnation: String,
    /// The one that it goes on from.
    pub parent: String,
    pub why: Why,
}

/// Why a journal begins another life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The journal has never been where the office stands: it was put back from a copy, copied, or mended.
    Elsewhere,
    /// The journal no longer has the notes from where the office stands on.
    TooOld,
    /// The office does not know the old one: it was restored from a backup.
    Unknown,
}

//! What the office says when it does not do what it is asked.

use crate::standing::Standing;
use serde::{Deserialize, Serialize};

/// The body of every answer that is not 200. Without one, something between till and office has answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub code: Code,
    /// For a person, in English.
    pub message: String,
    /// With [`Code::Elsewhere`]: where the office stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
}

/// What a forwarder does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// 401: the token is none of a till's, or was revoked. A person enrols the journal again.
    NotEnrolled,
    /// 403: the code is none, is used up, or too old.
    CodeRefused,
    /// 403: the token is another journal's.
    NotYours,
    /// 404: the office does not know this life of the journal. It begins another one.
    UnknownIncarnation,
    /// 409: the frame does not begin where the office stands. The forwarder looks whether its journal was ever there.
    Elsewhere,
    /// 400, 413: the office cannot read the request, whoever sends it again.
    Unreadable,
    /// 426: the office does not speak this version of the protocol.
    Upgrade,
    /// 429, 503: later. `Retry-After` says when, s.
    Later,
}

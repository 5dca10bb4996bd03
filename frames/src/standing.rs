//! Where the office stands with a stream: the answer to everything a forwarder asks.

use crate::frame::Position;
use crate::sealing::PublicKey;
use serde::{Deserialize, Serialize};

/// `GET /api/1/standing?journal_id=…&incarnation=…`, and the answer to a frame that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Grows when the office was restored from a backup: every till says everything anew.
    pub epoch: i64,
    /// Everything up to here is kept, and will be; none: nothing is.
    pub position: Option<Position>,
    /// The last entry of the log that is kept; 0: none is.
    pub entries: i64,
    /// To which what may hold something of a shopper is to be sealed.
    pub key: PublicKey,
    /// Orders that the office has taken over, and of which this life of the journal has not yet said that it knows.
    pub fences: Vec<Fence>,
    /// The office's clock, ms since 1970 UTC.
    pub now: i64,
}

/// An order that the office finishes: nothing more is sent for it from the till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fence {
    /// The base URL of seQura's API that the order lives at.
    pub endpoint: String,
    pub uuid: String,
    pub epoch: i64,
    pub taken_by: String,
    /// With which reference the order is finished, where that is decided.
    pub order_ref_1: Option<String>,
}

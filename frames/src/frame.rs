//! A frame.

use crate::cell::{Cell, Row};
use crate::sealing::Sealed;
use serde::{Deserialize, Serialize};

/// A place in a journal's stream; the nonce tells two disks apart that count alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Grows with each change.
    pub seq: i64,
    /// Random.
    pub nonce: i64,
}

/// The newest entry of a journal's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its number.
    pub id: i64,
    /// Its hash, as [`Cell::Bytes`].
    pub hash: Cell,
}

/// Which stream: a journal, and which life of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stream {
    /// The journal's own id: 32 hexadecimal digits.
    pub journal_id: String,
    /// 32 hexadecimal digits, which the forwarder draws.
    pub incarnation: String,
}

/// What changed in a journal from one position of its stream to another: the present state of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    #[serde(flatten)]
    pub stream: Stream,
    /// Where the office stands; none: at the beginning.
    pub from: Option<Position>,
    /// Where it stands after this frame.
    pub to: Position,
    /// Where the journal stands.
    pub newest: Position,
    /// The version of the journal's schema, by whose names the rows go.
    pub schema: i32,
    /// Each order once, whole: what the office has of it is replaced. Number 0 is what is no order's.
    pub orders: Vec<Order>,
    /// Entries of the journal's log, each once, the oldest first.
    pub entries: Vec<Entry>,
    pub head: Option<Head>,
    /// Of entries up to this one only the order and the links are checked: an older version's hashes covered seQura's words,
    /// which are no more in them. None: of none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reanchored_until: Option<i64>,
    /// The till's clock when the frame was made, ms since 1970 UTC; it orders nothing.
    pub sent_at: i64,
}

/// What a journal has of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The journal's number of it.
    pub id: i64,
    pub rows: Vec<TableRow>,
    /// What of its rows may hold something of a shopper; none: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Sealed>,
}

/// A row, and the table that it is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRow {
    pub table: String,
    pub row: Row,
}

/// An entry of a journal's log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number; entries are numbered without gaps.
    pub id: i64,
    pub row: Row,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Sealed>,
}

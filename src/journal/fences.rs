//! Orders that the office has taken over: it finishes them, and nothing is sent for them from here any more. The forwarder
//! writes the fence; every write that would begin something looks for it in its own transaction
//! ([`Journal::standing`]), so that one that was written before is obeyed. A call that had its claim before goes on to its
//! end, and what seQura answers it is recorded.

use super::access::Journal;
use super::door::Door;
use super::error::Result;
use rusqlite::Row;

/// Of an order in a query: the office has not taken it over.
macro_rules! not_fenced {
    () => {
        "NOT EXISTS (SELECT 1 FROM taken_over WHERE taken_over.uuid = orders.uuid AND taken_over.endpoint = orders.endpoint)"
    };
}
pub(super) use not_fenced;

const OF_ORDER: &str =
    "SELECT epoch, taken_by, order_ref_1, at FROM taken_over WHERE uuid = ?1 AND endpoint = ?2";
/// Every query of this file.
#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[OF_ORDER];

/// That the office has taken an order over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// The office's.
    pub epoch: i64,
    /// Who has taken it over, as the office names them.
    pub taken_by: String,
    /// With which reference it finishes the order, where that is decided.
    pub order_ref_1: Option<String>,
    /// When this journal was told, ms.
    pub at: i64,
}

impl Fence {
    /// In four columns from this one on; none: there is none.
    pub(super) fn read(row: &Row, at: usize) -> Result<Option<Fence>> {
        let Some(epoch) = row.get(at)? else {
            return Ok(None);
        };
        Ok(Some(Fence {
            epoch,
            taken_by: row.get(at + 1)?,
            order_ref_1: row.get(at + 2)?,
            at: row.get(at + 3)?,
        }))
    }
}

impl Journal {
    /// The fence of an order, whether the journal has the order or not.
    pub fn fence(&self, endpoint: &str, uuid: &str) -> Result<Option<Fence>> {
        let fence = self.read(|connection| {
            connection.first(OF_ORDER, [uuid, endpoint], |row| Fence::read(row, 0))
        })?;
        Ok(fence.flatten())
    }
}

//! What cannot be stored as what it says it is: kept with the reason, for a person to look at, and the stream goes on.

use super::columns::{self, Reason};
use crate::clock;
use crate::database::{Error, Param, Transaction};
use sequra_frames::cell::{Cell, Row};
use sequra_frames::frame::{Entry, Order, Stream, TableRow};
use sequra_frames::sealing::{PublicKey, seal_order};
use serde::Serialize;
use tokio_postgres::types::Type;

const KEEP: &str = "INSERT INTO set_aside (journal_id, incarnation, what, id, at, reason, body, key_id) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (journal_id, incarnation, what, id) \
     DO UPDATE SET at = excluded.at, reason = excluded.reason, body = excluded.body, key_id = excluded.key_id";
/// What has come again, and could be stored, is no trouble any more.
pub const MENDED: &str = "DELETE FROM set_aside WHERE journal_id = $1 AND incarnation = $2 AND what = 'order' \
     AND id = ANY($3)";

/// What it is, and why.
pub struct Aside {
    what: &'static str,
    id: i64,
    reason: Reason,
    /// As it came, JSON: it may hold anything.
    body: String,
}

impl Aside {
    pub fn order(order: &Order, reason: Reason) -> Aside {
        Aside::new("order", order.id, order, reason)
    }

    pub fn entry(entry: &Entry, reason: Reason) -> Aside {
        Aside::new("entry", entry.id, entry, reason)
    }

    fn new(what: &'static str, id: i64, body: &impl Serialize, reason: Reason) -> Aside {
        let body = serde_json::to_string(body).unwrap_or_default();
        Aside {
            what,
            id,
            // No text of the database's has one.
            reason: reason.replace('\0', ""),
            body,
        }
    }

    /// Sealed to the office's own key, since nobody has looked at what is in it.
    pub async fn keep(
        &self,
        transaction: &Transaction,
        stream: &Stream,
        key: &PublicKey,
    ) -> Result<(), Error> {
        let row = Row::from([("body".to_owned(), Cell::Text(self.body.clone()))]);
        let table = "set_aside".to_owned();
        let sealed = seal_order(stream, key, self.id, vec![TableRow { table, row }]);
        let sealed = sealed.ok().and_then(|order| order.sealed);
        let packed = sealed
            .as_ref()
            .and_then(|sealed| columns::pack(sealed).ok());
        let (key_id, body) = packed.unzip();
        let (now, body) = (clock::now(), body.unwrap_or_default());
        let params: [Param; 8] = [
            (&stream.journal_id, Type::TEXT),
            (&stream.incarnation, Type::TEXT),
            (&self.what, Type::TEXT),
            (&self.id, Type::INT8),
            (&now, Type::INT8),
            (&self.reason, Type::TEXT),
            (&body, Type::BYTEA),
            (&key_id, Type::TEXT),
        ];
        transaction.run(KEEP, &params).await.map(|_| ())
    }
}

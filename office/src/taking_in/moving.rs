//! How a stream moves.

use super::chain::Chain;
use crate::database::Param;
use sequra_frames::cell::Cell;
use sequra_frames::frame::Frame;
use tokio_postgres::types::Type;

/// Compare and swap. What stands on the right of it is as it was before; the row is locked from here on, and what follows
/// sees what others have committed until now.
pub const MOVE: &str = "UPDATE streams SET seq = $4, nonce = $5, newest_seq = $6, moved_at = $3, heard_at = $3, \
         head_id = coalesce($7, head_id), head_hash = coalesce($8, head_hash), \
         chain_broken_at_entry = coalesce(chain_broken_at_entry, CASE WHEN entries > 0 AND ($9::bigint > entries + 1 \
             OR ($9::bigint = entries + 1 AND entries_hash IS DISTINCT FROM $10)) THEN $9::bigint END, $11), \
         reanchored_until = coalesce($16, reanchored_until), \
         entries_hash = CASE WHEN $12::bigint > entries THEN $13 ELSE entries_hash END, \
         entries = CASE WHEN $12::bigint > entries THEN $12::bigint ELSE entries END \
     WHERE journal_id = $1 AND incarnation = $2 \
         AND seq IS NOT DISTINCT FROM $14 AND nonce IS NOT DISTINCT FROM $15 \
     RETURNING entries";
/// What it moves by.
pub struct Moving<'f> {
    frame: &'f Frame,
    chain: &'f Chain,
    head_id: Option<i64>,
    head_hash: Option<&'f Vec<u8>>,
    from_seq: Option<i64>,
    from_nonce: Option<i64>,
}

impl<'f> Moving<'f> {
    pub fn of(frame: &'f Frame, chain: &'f Chain) -> Moving<'f> {
        let head = frame.head.as_ref();
        let (from_seq, from_nonce) = frame.from.map(|from| (from.seq, from.nonce)).unzip();
        Moving {
            frame,
            chain,
            head_id: head.map(|head| head.id),
            head_hash: head.and_then(|head| match &head.hash {
                Cell::Bytes(bytes) => Some(bytes),
                _ => None,
            }),
            from_seq,
            from_nonce,
        }
    }

    /// Behind the journal, its incarnation and the office's clock.
    pub fn params(&self) -> [Param<'_>; 13] {
        [
            (&self.frame.to.seq, Type::INT8),
            (&self.frame.to.nonce, Type::INT8),
            (&self.frame.newest.seq, Type::INT8),
            (&self.head_id, Type::INT8),
            (&self.head_hash, Type::BYTEA),
            (&self.chain.first, Type::INT8),
            (&self.chain.previous, Type::BYTEA),
            (&self.chain.broken_at, Type::INT8),
            (&self.chain.last, Type::INT8),
            (&self.chain.hash, Type::BYTEA),
            (&self.from_seq, Type::INT8),
            (&self.from_nonce, Type::INT8),
            (&self.frame.reanchored_until, Type::INT8),
        ]
    }
}

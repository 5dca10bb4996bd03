//! A till's journal as its forwarder sees it: what has changed, for the office, and what the office says to that.
//!
//! Nothing of it is in the C library but the triggers, which note what changes in the transaction that changes it, and the
//! fence. The forwarder is another program: it opens the journal of a till that may be selling ([`Outbox::open`]), reads
//! for a moment at a time, and keeps no position of its own: it asks the office.
//!
//! ```no_run
//! use sequra_pos::outbox::{Outbox, Position, Reading, Wanted};
//! # fn send(_: &sequra_pos::outbox::Changes) -> Position { unimplemented!() }
//! # let (from, entries_after) = (None, 0); // the office said so
//! let outbox = Outbox::open("sequra.journal".as_ref())?;
//! if outbox.identity()?.is_none() {
//!     outbox.enrol("5f1d-1", 1)?; // from now on changes are noted
//! }
//! let wanted = Wanted { from, entries_after, most: 200, most_bytes: 1 << 20 };
//! match outbox.changes(wanted)? {
//!     Reading::Changes(changes) => outbox.acknowledge(send(&changes))?,
//!     Reading::Nothing => {}
//!     // The disk was put back or copied, or nobody came for too long: another incarnation, and everything anew.
//!     Reading::Elsewhere | Reading::TooOld => outbox.enrol("5f1d-2", 1)?,
//! }
//! # Ok::<(), sequra_pos::outbox::JournalError>(())
//! ```
//!
//! # What becomes of the identity, and of what was noted
//!
//! | what happens | then |
//! |---|---|
//! | the file is copied, backed up, made again of a copy (`sequra restore`), or the disk is put back | a copy keeps the identity and the notes; the nonce of the office's position is what shows that two disks go on from one, or that one went back ([`Reading::Elsewhere`]) |
//! | a client puts the file back that was taken from under it | it is the same file, and nothing is missing |
//! | a damaged journal is set aside | the new one is enrolled as the old one was, keeps every fence that can be read, and has none of the notes: what goes on in it is noted as changed, and the office's position is [`Reading::Elsewhere`] |
//! | an order is handed over, or taken over from another till | both journals note it, like every change |
//! | the journal is in memory | there is no file to open, and so no enrolment |
//! | the journal is of an older version | a till of this one opens it first; nothing is migrated here |
//! | the disk is gone, and the office makes the journal again of what it has ([`Rebuilding`]) | it is a copy of that life of the journal, with none of its notes: where it is restored and enrolled, another life goes on from it |
//! | an older build of the library meets the triggers | it refuses the file (`journal_strange`), as it knows nothing of the fence |

pub use crate::journal::{
    Cell, Changes, Fence, Forwarded, Headway, Identity, JournalError, KEPT_NOTES, LeftOut,
    MOST_NOTES, OrderRows, Outbox, Part, Position, Reading, Rebuilding, Rebuilt, Row, Wanted,
};

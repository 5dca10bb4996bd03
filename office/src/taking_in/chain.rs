//! The log's chain, checked as its entries come in: each goes on from the one before, and its hash covers what it says
//! (src/journal/chain.rs of the library).

use ring::digest::{Context, SHA256};
use sequra_frames::cell::{Cell, Row};
use sequra_frames::columns::COVERED;
use sequra_frames::frame::Entry;

/// A frame's part of the chain.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Chain {
    pub first: Option<i64>,
    /// What the first goes on from.
    pub previous: Option<Vec<u8>>,
    pub last: Option<i64>,
    pub hash: Option<Vec<u8>>,
    /// The first entry that does not fit.
    pub broken_at: Option<i64>,
}

impl Chain {
    /// Of entries up to `reanchored` only the links are checked.
    pub fn of(entries: &[Entry], reanchored: i64) -> Chain {
        let mut chain = Chain::default();
        for entry in entries {
            let previous = bytes(&entry.row, "previous_hash");
            let hash = bytes(&entry.row, "hash");
            if chain.first.is_none() {
                chain.first = Some(entry.id);
                chain.previous = previous.clone();
            } else {
                let follows = chain.last.and_then(|last| last.checked_add(1)) == Some(entry.id);
                if !follows || previous != chain.hash {
                    chain.broken_at.get_or_insert(entry.id);
                }
            }
            let is_covered = previous.is_some() && hash.is_some() && hash == hash_of(&entry.row);
            if !is_covered && (entry.id > reanchored || hash.is_none()) {
                chain.broken_at.get_or_insert(entry.id);
            }
            (chain.last, chain.hash) = (Some(entry.id), hash);
        }
        chain
    }
}

fn bytes(row: &Row, name: &str) -> Option<Vec<u8>> {
    match row.get(name)? {
        Cell::Bytes(bytes) => Some(bytes.clone()),
        _ => None,
    }
}

fn hash_of(row: &Row) -> Option<Vec<u8>> {
    let covered: Vec<&Cell> = COVERED
        .iter()
        .map(|name| row.get(*name).unwrap_or(&Cell::Null))
        .collect();
    // Numbers and texts are written as the library writes them: in their digits, and with the shortest escapes.
    let covered = serde_json::to_vec(&covered).ok()?;
    let mut context = Context::new(&SHA256);
    context.update(&bytes(row, "previous_hash")?);
    context.update(&covered);
    Some(context.finish().as_ref().to_vec())
}

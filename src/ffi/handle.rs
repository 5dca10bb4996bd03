//! Handles: what C holds is a number dressed as a pointer, and is never dereferenced.
//!
//! The number says which slot of a table, and which generation of that slot; a slot that is freed
//! gets a new generation, so a stale, doubled or made-up handle finds nothing. Its lowest bit is
//! set: no allocator gives such an address, so no pointer of the host's is ever taken for a handle.

use std::collections::VecDeque;
use std::ptr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// 64-bit: 28 bits of index, 32 of generation. 32-bit: 14 and 14.
const INDEX_BITS: u32 = if usize::BITS == 64 { 28 } else { 14 };
const GENERATION_BITS: u32 = if usize::BITS == 64 { 32 } else { 14 };
const KIND_BITS: u32 = 3;
/// Slots rest this long (counted in frees) before they are used again, so that on 32-bit machines
/// too it takes hundreds of thousands of handles until a stale one could meet its double.
const REST: usize = 64;

static LIVE: AtomicI64 = AtomicI64::new(0);

/// Handles of all kinds that are given out and not freed.
pub fn live() -> i64 {
    LIVE.load(Ordering::Relaxed)
}

/// All handles of one kind.
pub struct Table<T> {
    kind: usize,
    slots: Mutex<Slots<T>>,
}

struct Slots<T> {
    entries: Vec<Slot<T>>,
    resting: VecDeque<usize>,
}

struct Slot<T> {
    generation: usize,
    value: Option<Arc<T>>,
}

impl<T> Table<T> {
    /// An empty table; `kind` (1 to 7) tells its handles from those of the others.
    pub const fn new(kind: usize) -> Table<T> {
        Table {
            kind,
            slots: Mutex::new(Slots {
                entries: Vec::new(),
                resting: VecDeque::new(),
            }),
        }
    }

    /// A handle for `value`; NULL when there is no number left.
    pub fn insert<H>(&self, value: Arc<T>) -> *mut H {
        let mut slots = self.slots();
        let full = slots.entries.len() >> INDEX_BITS != 0;
        let index = if slots.resting.len() > REST || full {
            match slots.resting.pop_front() {
                Some(index) => index,
                None => return ptr::null_mut(),
            }
        } else {
            slots.entries.push(Slot {
                generation: 1,
                value: None,
            });
            slots.entries.len() - 1
        };
        let slot = &mut slots.entries[index];
        slot.value = Some(value);
        LIVE.fetch_add(1, Ordering::Relaxed);
        let number = (((slot.generation << INDEX_BITS) | index) << KIND_BITS | self.kind) << 1 | 1;
        ptr::without_provenance_mut(number)
    }

    /// What the handle stands for, if it stands for anything.
    pub fn get<H>(&self, handle: *const H) -> Option<Arc<T>> {
        let (index, generation) = self.parse(handle)?;
        let slots = self.slots();
        let slot = slots.entries.get(index)?;
        match slot.generation == generation {
            true => slot.value.clone(),
            false => None,
        }
    }

    /// Frees the handle. What it stood for lives on until calls that use it have ended.
    pub fn remove<H>(&self, handle: *const H) -> Option<Arc<T>> {
        let (index, generation) = self.parse(handle)?;
        let mut slots = self.slots();
        let slot = slots.entries.get_mut(index)?;
        if slot.generation != generation {
            return None;
        }
        let value = slot.value.take()?;
        // Generation 0 is never given out, so that no handle is a small number.
        slot.generation = match (generation + 1) & ((1 << GENERATION_BITS) - 1) {
            0 => 1,
            next => next,
        };
        slots.resting.push_back(index);
        LIVE.fetch_sub(1, Ordering::Relaxed);
        Some(value)
    }

    /// Everything that a handle stands for.
    pub fn all(&self) -> Vec<Arc<T>> {
        let slots = self.slots();
        let values = slots.entries.iter().filter_map(|slot| slot.value.clone());
        values.collect()
    }

    fn parse<H>(&self, handle: *const H) -> Option<(usize, usize)> {
        let number = handle.addr();
        let (odd, number) = (number & 1, number >> 1);
        let (kind, number) = (number & ((1 << KIND_BITS) - 1), number >> KIND_BITS);
        (odd == 1 && kind == self.kind)
            .then_some((number & ((1 << INDEX_BITS) - 1), number >> INDEX_BITS))
    }

    fn slots(&self) -> MutexGuard<'_, Slots<T>> {
        self.slots
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    enum H {}

    #[test]
    fn a_freed_handle_is_never_found_again() {
        let table: Table<u32> = Table::new(1);
        let mut old: Vec<*mut H> = Vec::new();
        for round in 0..500 {
            let handle = table.insert::<H>(Arc::new(round));
            assert!(!handle.is_null() && !old.contains(&handle));
            assert_eq!(table.get(handle).as_deref(), Some(&round));
            assert_eq!(table.remove(handle).as_deref(), Some(&round));
            assert!(table.remove(handle).is_none());
            old.push(handle);
        }
        assert!(old.iter().all(|handle| table.get(*handle).is_none()));
        assert!(
            table.slots().entries.len() <= REST + 1,
            "slots are used again"
        );
    }

    #[test]
    fn what_is_no_handle_finds_nothing() {
        let table: Table<u32> = Table::new(1);
        let other: Table<u32> = Table::new(2);
        let handle = table.insert::<H>(Arc::new(7));
        assert!(other.get(handle).is_none());
        let memory = 5u64;
        for made_up in [
            0,
            1,
            3,
            usize::MAX,
            ptr::from_ref(&memory).addr(),
            handle.addr() ^ 1,
            handle.addr() + 16,
        ] {
            assert!(
                table.get(ptr::without_provenance::<H>(made_up)).is_none(),
                "{made_up:x}"
            );
        }
    }
}

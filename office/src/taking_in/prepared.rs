//! A frame, looked through before the database is asked for anything.

use super::chain::Chain;
use super::fences::Acks;
use super::set_aside::Aside;
use super::{entries, orders};
use sequra_frames::frame::{Entry, Frame, Order};
use std::collections::HashSet;

/// What becomes of a frame's parts.
#[derive(Default)]
pub struct Prepared {
    pub orders: orders::Columns,
    pub entries: entries::Columns,
    pub acks: Acks,
    pub aside: Vec<Aside>,
    pub chain: Chain,
    /// To which keys it is sealed.
    pub keys: Vec<String>,
}

impl Prepared {
    /// All of it, as one statement each takes it.
    pub fn whole(frame: &Frame, now: i64) -> Prepared {
        let mut prepared = Prepared {
            chain: Chain::of(&frame.entries, frame.reanchored_until.unwrap_or(0)),
            ..Prepared::default()
        };
        let skew = frame.sent_at.saturating_sub(now);
        let mut seen = HashSet::new();
        for order in &frame.orders {
            match seen.insert(order.id) {
                true => prepared.add_order(order, now, skew),
                false => prepared.refuse(Aside::order(order, "it comes twice in one frame".into())),
            }
        }
        seen.clear();
        for entry in &frame.entries {
            match seen.insert(entry.id) {
                true => prepared.add_entry(entry),
                false => prepared.refuse(Aside::entry(entry, "it comes twice in one frame".into())),
            }
        }
        let keys = prepared.orders.keys.iter().chain(&prepared.entries.keys);
        let keys: HashSet<&String> = keys.flatten().collect();
        prepared.keys = keys.into_iter().cloned().collect();
        prepared
    }

    fn add_order(&mut self, order: &Order, now: i64, skew: i64) {
        match orders::Stored::of(order) {
            Ok(stored) => {
                self.acks.note(order, stored.is_under_way());
                self.orders.add(stored, now, skew);
            }
            Err(reason) => self.refuse(Aside::order(order, reason)),
        }
    }

    fn add_entry(&mut self, entry: &Entry) {
        match entries::Stored::of(entry) {
            Ok(stored) => self.entries.add(stored),
            Err(reason) => self.refuse(Aside::entry(entry, reason)),
        }
    }

    fn refuse(&mut self, aside: Aside) {
        self.aside.push(aside);
    }
}

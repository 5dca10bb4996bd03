//! One call at a time for each order, within this client; other orders do not wait.

use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Instant;

/// Which orders have a call in progress.
#[derive(Debug, Default)]
pub struct Turns {
    taken: Mutex<Vec<String>>,
    freed: Condvar,
}

/// The right to work on one order, until dropped.
#[derive(Debug)]
pub struct Turn<'a> {
    turns: &'a Turns,
    order: String,
}

impl Turns {
    /// Waits for the order's turn; `None` when it did not come before `deadline`.
    pub fn wait_for(&self, order: &str, deadline: Instant) -> Option<Turn<'_>> {
        let mut taken = self.taken();
        while taken.iter().any(|one| one == order) {
            let left = deadline.checked_duration_since(Instant::now())?;
            taken = match self.freed.wait_timeout(taken, left) {
                Ok((taken, _)) => taken,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        taken.push(order.to_owned());
        Some(Turn {
            turns: self,
            order: order.to_owned(),
        })
    }

    fn taken(&self) -> MutexGuard<'_, Vec<String>> {
        self.taken
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turns.taken().retain(|one| *one != self.order);
        self.turns.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_same_order_waits_and_others_do_not() {
        let turns = Turns::default();
        let soon = || Instant::now() + Duration::from_millis(20);
        let first = turns.wait_for("a", soon()).unwrap();
        assert!(turns.wait_for("b", soon()).is_some());
        assert!(turns.wait_for("a", soon()).is_none());
        drop(first);
        assert!(turns.wait_for("a", soon()).is_some());
    }

    #[test]
    fn a_waiting_call_goes_on_when_its_turn_comes() {
        let turns = Turns::default();
        let first = turns.wait_for("a", Instant::now()).unwrap();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| {
                turns
                    .wait_for("a", Instant::now() + Duration::from_secs(60))
                    .is_some()
            });
            std::thread::sleep(Duration::from_millis(10));
            drop(first);
            assert!(second.join().unwrap());
        });
    }
}

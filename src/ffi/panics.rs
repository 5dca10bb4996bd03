//! Panics stop here: whatever a function of the library does is done inside of this, and what it says when it panics is
//! kept for the result. Nothing reaches the host's streams.

use super::cancellation::HeldOff;
use super::floating_point::HostSettings;
use crate::status::{SQ_INTERNAL, sq_status};
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// Depth of guarded calls on this thread.
    static INSIDE: Cell<u32> = const { Cell::new(0) };
    /// What the last panic of this thread said, and where.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `body`, with floating-point settings of our own, and so that nobody cancels the thread; a panic
/// is caught and described.
pub(super) fn catch<T>(body: impl FnOnce() -> T) -> Result<T, String> {
    let _cancellation = HeldOff::begin();
    let _host = HostSettings::set_aside();
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        // Rust's own hook prints to stderr, which is the host's. Panics outside of our calls (in a
        // Rust program that uses the crate) still go where they went before.
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if INSIDE.get() == 0 {
                previous(info);
                return;
            }
            PANIC.with_borrow_mut(|text| *text = info.to_string());
        }));
    });
    INSIDE.set(INSIDE.get() + 1);
    let result = panic::catch_unwind(AssertUnwindSafe(body));
    INSIDE.set(INSIDE.get() - 1);
    // Whatever the panic carried is dropped under guard too: its drop might panic in turn.
    result.map_err(|payload| {
        let _ = panic::catch_unwind(AssertUnwindSafe(move || drop(payload)));
        PANIC.with_borrow_mut(std::mem::take)
    })
}

/// The body of the function of this name (without `sq_`); a panic is caught and described.
pub(super) fn body<T>(name: &str, body: impl FnOnce() -> T) -> Result<T, String> {
    catch(|| {
        panic_on_demand(name);
        body()
    })
}

/// A function without a status: `neutral` when something goes wrong.
pub(super) fn getter<T>(name: &str, neutral: T, inside: impl FnOnce() -> T) -> T {
    body(name, inside).unwrap_or(neutral)
}

/// A function with a status and without a buffer.
pub(super) fn status(name: &str, inside: impl FnOnce() -> sq_status) -> sq_status {
    body(name, inside).unwrap_or(SQ_INTERNAL)
}

/// Panics in the functions that the environment names (`confirm,ship`), for the test suite: only a
/// library built with the feature `panic-on-demand` looks there.
#[inline(always)]
fn panic_on_demand(_name: &str) {
    #[cfg(feature = "panic-on-demand")]
    if std::env::var("SEQURA_POS_PANIC_IN")
        .is_ok_and(|asked| asked.split(',').any(|one| one == _name))
    {
        panic!("asked to panic in {_name}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_and_says_what_and_where() {
        let message = catch(|| -> i32 { panic!("out of {}", "luck") }).unwrap_err();
        assert!(
            message.contains("out of luck") && message.contains("panics.rs"),
            "{message}"
        );
        assert_eq!(status("confirm", || panic!()), SQ_INTERNAL);
        assert_eq!(getter("confirm", 7, || panic!()), 7);
        assert_eq!(catch(|| 5), Ok(5));
    }

    #[test]
    fn a_payload_that_panics_when_dropped_is_caught_too() {
        struct Nasty;
        impl Drop for Nasty {
            fn drop(&mut self) {
                panic!("again");
            }
        }
        assert!(catch(|| panic::panic_any(Nasty)).is_err());
    }
}

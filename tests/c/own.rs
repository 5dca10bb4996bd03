//! Rust code of a host's own: a static library that knows nothing of sequra_pos.

use std::cell::Cell;
use std::sync::atomic::{AtomicI32, Ordering};
use std::{panic, thread};

static CALLED: AtomicI32 = AtomicI32::new(0);

thread_local! {
    static MINE: Cell<i32> = const { Cell::new(0) };
}

/// How many of so many threads panicked.
#[unsafe(no_mangle)]
pub extern "C" fn own_panics(threads: i32) -> i32 {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        panic::set_hook(Box::new(|_| {
            CALLED.fetch_add(1, Ordering::Relaxed);
        }));
    });
    let all: Vec<_> = (0..threads)
        .map(|number| {
            thread::spawn(move || {
                MINE.set(number);
                let text = vec![number; 1000].len().to_string();
                assert!(MINE.get() != number, "{text}");
            })
        })
        .collect();
    let ended = all.into_iter().map(|thread| thread.join());
    ended.filter(Result::is_err).count() as i32
}

#[unsafe(no_mangle)]
pub extern "C" fn own_hook_called() -> i32 {
    CALLED.load(Ordering::Relaxed)
}

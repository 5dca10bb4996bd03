//! Every export goes through here: panics stop, handles are looked up, texts are read, outputs are
//! written, all in one way.
//!
//! A panic becomes `SQ_INTERNAL` with its message in the buffer; nothing reaches the host's streams;
//! the handle it happened on is poisoned and says so from then on.

use super::arguments::Call;
use super::buffer::{self, sq_buffer};
use super::cancellation::HeldOff;
use super::client::{self, sq_client};
use super::floating_point::HostSettings;
use crate::crash_point::{self, Point};
use crate::messages::Language;
use crate::outcome::{Error, Outcome};
use crate::problem::Problem;
use crate::status::{SQ_INTERNAL, Status, sq_status};
use crate::text::TextEncoding;
use crate::vocabulary::{ErrorCode, Next};
use std::cell::{Cell, RefCell};
use std::ffi::{CStr, c_char};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

/// How a call ends inside the boundary.
pub(super) type CallResult = Result<Outcome, Error>;

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

/// The bytes of a C string.
///
/// # Safety
/// `text` is not NULL and is NUL-terminated; the bytes are used only while the call lasts.
pub(super) unsafe fn bytes<'a>(text: *const c_char) -> &'a [u8] {
    // SAFETY: the caller's contract.
    unsafe { CStr::from_ptr(text) }.to_bytes()
}

/// In which language and encoding a result is written.
#[derive(Clone, Copy, Default)]
pub(super) struct Manner {
    pub(super) language: Language,
    pub(super) encoding: TextEncoding,
}

/// A call that is not about a client (or about none yet): in UTF-8 and Spanish, until `body` knows
/// better.
///
/// # Safety
/// `out` is NULL or points to room for a pointer.
pub(super) unsafe fn free_call(
    operation: &'static str,
    out: *mut *mut sq_buffer,
    body: &dyn Fn(&Cell<Manner>) -> CallResult,
) -> sq_status {
    let manner = Cell::new(Manner::default());
    let outcome = match self::body(operation, || body(&manner)) {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => *error.0,
        Err(message) => internal(operation, &message),
    };
    // SAFETY: the caller's contract.
    unsafe { deliver(outcome, manner.get(), out) }
}

/// A call that has failed already, not about a client.
///
/// # Safety
/// `out` is NULL or points to room for a pointer.
pub(super) unsafe fn failed_call(outcome: Outcome, out: *mut *mut sq_buffer) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe { deliver(outcome, Manner::default(), out) }
}

/// A call about a client: looks the handle up, runs `body`, and writes the result in the client's
/// language and encoding.
///
/// # Safety
/// `out` is NULL or points to room for a pointer.
pub(super) unsafe fn client_call(
    operation: &'static str,
    client: *const sq_client,
    out: *mut *mut sq_buffer,
    body: &dyn Fn(&Call) -> CallResult,
) -> sq_status {
    let found = catch(|| client::find(client)).unwrap_or(None);
    let Some(handle) = found else {
        let outcome = invalid_handle(
            operation,
            ErrorCode::InvalidHandle,
            "This client was never opened, is closed, or is that of the process which this one was forked from: each process opens its own.",
        );
        // SAFETY: the caller's contract.
        return unsafe { deliver(outcome, Manner::default(), out) };
    };
    let manner = Manner {
        language: handle.client.config().language,
        encoding: handle.client.config().text_encoding,
    };
    let outcome = if handle.is_poisoned() {
        invalid_handle(
            operation,
            ErrorCode::PoisonedHandle,
            "A bug of the library was caught in an earlier call on this client (SQ_INTERNAL). Close it and open another; nothing that the journal holds is lost.",
        )
    } else {
        let call = Call {
            operation,
            handle: handle.clone(),
        };
        match self::body(operation, || body(&call)) {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(error)) => *error.0,
            Err(message) => {
                handle.poison();
                internal(operation, &message)
            }
        }
    };
    // The client may have been closed meanwhile: then this is its end, journal and all.
    let _ = catch(move || drop(handle));
    // SAFETY: the caller's contract.
    unsafe { deliver(outcome, manner, out) }
}

pub(super) fn invalid_handle(operation: &'static str, code: ErrorCode, message: &str) -> Outcome {
    Outcome::failed(
        operation,
        Status::InvalidHandle,
        Next::FixConfiguration,
        Problem::new(code, message),
    )
}

pub(super) fn internal(operation: &'static str, message: &str) -> Outcome {
    Outcome::failed(
        operation,
        Status::Internal,
        Next::Recover,
        Problem::new(
            ErrorCode::Internal,
            format!(
                "A bug in the library, caught: {message}. Please report it; close the handle and open another."
            ),
        ),
    )
}

/// Hands a result to C: the status, and the buffer where it is wanted.
///
/// # Safety
/// `out` is NULL or points to room for a pointer.
unsafe fn deliver(outcome: Outcome, manner: Manner, out: *mut *mut sq_buffer) -> sq_status {
    let status = outcome.status.code();
    crash_point::reached(Point::BeforeReturn);
    if out.is_null() {
        return status;
    }
    let made = catch(|| {
        let outcome = match outcome.operator_message.is_empty() {
            true => outcome.explain(manner.language),
            false => outcome,
        };
        buffer::new(&outcome.to_json(), manner.encoding)
    });
    match made {
        Ok(made) => {
            // SAFETY: checked for NULL; the rest is the caller's contract.
            unsafe { out.write_unaligned(made) };
            crash_point::reached(Point::AfterReturn);
            status
        }
        Err(_) => {
            // SAFETY: as above.
            unsafe { out.write_unaligned(std::ptr::null_mut()) };
            SQ_INTERNAL
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_and_says_what_and_where() {
        let message = catch(|| -> i32 { panic!("out of {}", "luck") }).unwrap_err();
        assert!(
            message.contains("out of luck") && message.contains("guard.rs"),
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

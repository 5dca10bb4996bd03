//! Every export goes through here: panics stop, handles are looked up, texts are read, outputs are
//! written, all in one way.
//!
//! A panic becomes `SQ_INTERNAL` with its message in the buffer; nothing reaches the host's streams;
//! the handle it happened on is poisoned and says so from then on.

use super::buffer::{self, sq_buffer};
use super::client::{self, ClientHandle, sq_client};
use super::floating_point::HostSettings;
use crate::client::Client;
use crate::crash_point::{self, Point};
use crate::json;
use crate::limits;
use crate::messages::Language;
use crate::order::Order;
use crate::outcome::{Error, Outcome, Problem};
use crate::status::{SQ_INTERNAL, Status, sq_status};
use crate::text::TextEncoding;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::ffi::{CStr, c_char};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Once};

/// How a call ends inside the boundary.
pub(super) type CallResult = Result<Outcome, Error>;

thread_local! {
    /// Depth of guarded calls on this thread.
    static INSIDE: Cell<u32> = const { Cell::new(0) };
    /// What the last panic of this thread said, and where.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `body`, with floating-point settings of our own; a panic is caught and described.
pub(super) fn catch<T>(body: impl FnOnce() -> T) -> Result<T, String> {
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
            "This client was never opened, or is closed.",
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

/// A call in progress on a client: reads its arguments.
pub(super) struct Call {
    operation: &'static str,
    handle: Arc<ClientHandle>,
}

impl Call {
    /// The client called.
    pub(super) fn client(&self) -> &Client {
        &self.handle.client
    }

    /// A text that must be there and not be empty.
    ///
    /// # Safety
    /// `text` is NULL or NUL-terminated.
    pub(super) unsafe fn text(&self, name: &str, text: *const c_char) -> Result<String, Error> {
        // SAFETY: the caller's contract.
        match unsafe { self.optional_text(name, text)? } {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(self.missing(name)),
        }
    }

    /// A text that may be NULL.
    ///
    /// # Safety
    /// `text` is NULL or NUL-terminated.
    pub(super) unsafe fn optional_text(
        &self,
        name: &str,
        text: *const c_char,
    ) -> Result<Option<String>, Error> {
        // SAFETY: the caller's contract.
        unsafe { self.bounded(name, text, limits::TEXT_BYTES) }
    }

    /// A text of at most so many bytes that may be NULL.
    ///
    /// # Safety
    /// `text` is NULL or NUL-terminated.
    pub(super) unsafe fn bounded(
        &self,
        name: &str,
        text: *const c_char,
        most: usize,
    ) -> Result<Option<String>, Error> {
        if text.is_null() {
            return Ok(None);
        }
        // SAFETY: checked for NULL; the rest is the caller's contract.
        let bytes = unsafe { bytes(text) };
        if bytes.len() > most {
            let problem = too_long(name, bytes.len(), most);
            return Err(self.fail(Status::InvalidArgument, problem));
        }
        let encoding = self.client().config().text_encoding;
        match encoding.decode(bytes) {
            Ok(text) => Ok(Some(text.into_owned())),
            Err(bad) => Err(self.fail(
                Status::InvalidText,
                Problem {
                    actual: Some(bad.offset.into()),
                    ..Problem::new(
                        ErrorCode::InvalidText,
                        format!("{name} is not {} text: byte {} does not belong (counted from 0). If the till writes another encoding, name it in text_encoding.", encoding.name(), bad.offset),
                    )
                },
            )),
        }
    }

    /// JSON that may be NULL: of an order, or of what is asked of one.
    ///
    /// # Safety
    /// `json` is NULL or NUL-terminated.
    unsafe fn json_text(&self, name: &str, json: *const c_char) -> Result<Option<String>, Error> {
        // SAFETY: the caller's contract.
        unsafe { self.bounded(name, json, limits::ORDER_BYTES) }.map_err(|mut error| {
            if error.outcome().errors[0].code == ErrorCode::TooLarge {
                error.0.status = Status::InvalidOrder;
            }
            error
        })
    }

    /// What is asked of an order, as JSON; NULL and blanks ask nothing.
    ///
    /// # Safety
    /// `json` is NULL or NUL-terminated.
    pub(super) unsafe fn optional_json(
        &self,
        name: &str,
        json: *const c_char,
    ) -> Result<Option<Value>, Error> {
        // SAFETY: the caller's contract.
        let text = unsafe { self.json_text(name, json)? };
        let text = text.filter(|text| !text.trim().is_empty());
        let read = |text: String| json::given("This", &text, limits::ORDER_BYTES);
        text.map(read)
            .transpose()
            .map_err(|problems| self.refused(problems))
    }

    /// An order as JSON that must be there.
    ///
    /// # Safety
    /// `json` is NULL or NUL-terminated.
    pub(super) unsafe fn order(&self, name: &str, json: *const c_char) -> Result<Order, Error> {
        // SAFETY: the caller's contract.
        let order = unsafe { self.optional_order(name, json)? };
        order.ok_or_else(|| self.missing(name))
    }

    /// An order as JSON that may be NULL.
    ///
    /// # Safety
    /// `json` is NULL or NUL-terminated.
    pub(super) unsafe fn optional_order(
        &self,
        name: &str,
        json: *const c_char,
    ) -> Result<Option<Order>, Error> {
        // SAFETY: the caller's contract.
        let text = unsafe { self.json_text(name, json)? };
        let read = |text: String| Order::from_json(&text);
        text.map(read)
            .transpose()
            .map_err(|problems| self.refused(problems))
    }

    /// What is given cannot be taken: it is no JSON, or there is something wrong with what it says.
    pub(super) fn refused(&self, problems: Vec<Problem>) -> Error {
        let status = match problems.first().map(|problem| problem.code) {
            Some(ErrorCode::InvalidJson) => Status::InvalidJson,
            _ => Status::InvalidOrder,
        };
        Error(Box::new(Outcome {
            status,
            errors: problems,
            next: Next::FixOrder,
            ..Outcome::ok(self.operation)
        }))
    }

    /// An argument that must be given is not.
    pub(super) fn missing(&self, name: &str) -> Error {
        self.fail(
            Status::InvalidArgument,
            Problem::new(
                ErrorCode::NullArgument,
                format!("{name} is required; it is NULL or empty."),
            ),
        )
    }

    fn fail(&self, status: Status, problem: Problem) -> Error {
        Error(Box::new(Outcome::failed(
            self.operation,
            status,
            Next::FixOrder,
            problem,
        )))
    }
}

/// A text is longer than any that is meant.
pub(super) fn too_long(name: &str, is: usize, most: usize) -> Problem {
    Problem {
        expected: Some(most.into()),
        actual: Some(is.into()),
        ..Problem::new(
            ErrorCode::TooLarge,
            format!("{name} has {is} bytes; at most {most} are taken."),
        )
    }
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

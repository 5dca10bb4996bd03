//! Every export with a result goes through here: panics stop, handles are looked up, outputs are written, all in one
//! way.
//!
//! A panic becomes `SQ_INTERNAL` with its message in the buffer; the handle it happened on is poisoned and says so from
//! then on.

use super::arguments::Call;
use super::buffer::{self, sq_buffer};
use super::open_clients::{self, sq_client};
use super::panics::{self, catch};
use crate::crash_point::{self, Point};
use crate::messages::Voice;
use crate::outcome::{Error, Outcome};
use crate::problem::Problem;
use crate::status::{SQ_INTERNAL, Status, sq_status};
use crate::text_encoding::TextEncoding;
use crate::vocabulary::{ErrorCode, Next};
use std::cell::Cell;

/// How a call ends inside the boundary.
pub(super) type CallResult = Result<Outcome, Error>;

/// How and in which encoding a result is written.
#[derive(Clone, Copy, Default)]
pub(super) struct Manner {
    pub(super) voice: Voice,
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
    let outcome = match panics::body(operation, || body(&manner)) {
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
    let found = catch(|| open_clients::find(client)).unwrap_or(None);
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
        voice: handle.client.config().voice(),
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
        let trace = handle.client.trace();
        trace.begins(operation);
        let outcome = match panics::body(operation, || body(&call)) {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(error)) => *error.0,
            Err(message) => {
                handle.poison();
                internal(operation, &message)
            }
        };
        trace.ends_if_begun(&outcome);
        outcome
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
            true => outcome.explain(manner.voice),
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

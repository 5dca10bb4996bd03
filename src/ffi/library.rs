//! The library itself: versions, names of codes, and an echo for those who write bindings.

use super::buffer::sq_buffer;
use super::c_text;
use super::guard;
use super::open_clients::sq_client;
use super::panics;
use crate::json;
use crate::limits;
use crate::outcome::{Error, Outcome};
use crate::problem::Problem;
use crate::status::{Status, sq_status};
use crate::vocabulary::{ErrorCode, Next};
use once_cell::sync::Lazy;
use serde_json::json;
use std::ffi::{CString, c_char};

/// Version of the C ABI that this header describes: functions are added, nothing is changed or
/// removed within it.
pub const SQ_ABI_VERSION: u32 = 1;

/// The ABI version of the loaded library; equals `SQ_ABI_VERSION` of the header it was built with.
#[unsafe(no_mangle)]
pub extern "C" fn sq_abi_version() -> u32 {
    SQ_ABI_VERSION
}

/// The library's version, e.g. "1.2.3". Static.
#[unsafe(no_mangle)]
pub extern "C" fn sq_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// How the library was built, as JSON: version, abi, target, features, sqlite (its version), tls
/// (its provider). Static.
#[unsafe(no_mangle)]
pub extern "C" fn sq_build_info() -> *const c_char {
    static INFO: Lazy<CString> = Lazy::new(|| {
        let info = json!({
            "name": "sequra_pos",
            "version": env!("CARGO_PKG_VERSION"),
            "abi": SQ_ABI_VERSION,
            "target": env!("SEQURA_POS_TARGET"),
            "profile": env!("SEQURA_POS_PROFILE"),
            "features": env!("SEQURA_POS_FEATURES").split_terminator(',').collect::<Vec<_>>(),
            "sqlite": rusqlite::version(),
            "tls": "rustls with ring",
        });
        CString::new(info.to_string()).unwrap_or_default()
    });
    panics::getter("build_info", c"{}".as_ptr(), || INFO.as_ptr())
}

/// The name of a status, e.g. "SQ_CONFLICT"; "SQ_UNKNOWN_STATUS" for a number that is none. Static.
#[unsafe(no_mangle)]
pub extern "C" fn sq_status_name(status: sq_status) -> *const c_char {
    match Status::from_code(status) {
        Some(status) => status.c_name().with_nul().as_ptr().cast(),
        None => c"SQ_UNKNOWN_STATUS".as_ptr(),
    }
}

/// The class of a status: 0 done; 1 the call was wrong, nothing was sent; 2 seQura said no, asking
/// again unchanged will not help; 3 no final answer, calling again is safe; 4 this machine; 9 a bug
/// of the library. -1 for a number that is no status.
#[unsafe(no_mangle)]
pub extern "C" fn sq_status_class(status: sq_status) -> i32 {
    Status::from_code(status).map_or(-1, Status::class)
}

/// Gives a text back, for testing how a binding marshals: `*out` has it in `/data/text`, with its
/// length in UTF-8 bytes in `/data/bytes`.
///
/// `client`: the text is in its encoding; NULL: UTF-8. The text may be empty.
///
/// Returns `SQ_OK`; `SQ_INVALID_ARGUMENT` (`text` is NULL); `SQ_INVALID_TEXT` with the byte offset
/// in `/errors/0/actual`; `SQ_INVALID_HANDLE`; `SQ_INTERNAL`. Any thread.
///
/// # Safety
/// `text` is NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_echo(
    client: *mut sq_client,
    text: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    const NAME: &str = "echo";
    const MOST: usize = limits::ORDER_BYTES;
    let failed = |status, code, message: &str| {
        Error(Box::new(Outcome::failed(
            NAME,
            status,
            Next::None,
            Problem::new(code, message),
        )))
    };
    let echo = |text: &str| Outcome::ok(NAME).with_data(json!({"text": text, "bytes": text.len()}));
    // SAFETY: the caller's contract.
    unsafe {
        if client.is_null() {
            return guard::free_call(NAME, out, &|_| {
                if text.is_null() {
                    return Err(failed(
                        Status::InvalidArgument,
                        ErrorCode::NullArgument,
                        "text is NULL.",
                    ));
                }
                let bytes = c_text::bytes(text);
                if bytes.len() > MOST {
                    let mut error = failed(Status::InvalidArgument, ErrorCode::TooLarge, "");
                    error.0.errors = vec![json::too_many_bytes("text", bytes.len(), MOST)];
                    return Err(error);
                }
                match std::str::from_utf8(bytes) {
                    Ok(text) => Ok(echo(text)),
                    Err(bad) => {
                        let at = bad.valid_up_to();
                        let mut error = failed(
                            Status::InvalidText,
                            ErrorCode::InvalidText,
                            &format!(
                                "text is not UTF-8: byte {at} does not belong (counted from 0)."
                            ),
                        );
                        error.0.errors[0].actual = Some(at.into());
                        Err(error)
                    }
                }
            });
        }
        guard::client_call(
            NAME,
            client,
            out,
            &|call| match call.bounded("text", text, MOST)? {
                Some(text) => Ok(echo(&text)),
                None => Err(failed(
                    Status::InvalidArgument,
                    ErrorCode::NullArgument,
                    "text is NULL.",
                )),
            },
        )
    }
}

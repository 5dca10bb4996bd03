//! Result buffers: JSON that C borrows until it frees the buffer.

use super::c_text;
use super::handle::Table;
use super::panics;
use crate::status::{
    SQ_BUFFER_TOO_SMALL, SQ_INVALID_ARGUMENT, SQ_INVALID_HANDLE, SQ_INVALID_TEXT, SQ_OK, sq_status,
};
use crate::text_encoding::TextEncoding;
use once_cell::sync::OnceCell;
use serde_json::Value;
use std::ffi::c_char;
use std::sync::Arc;

/// The result of a call: JSON text, owned by the caller. See "The result buffer" above.
#[allow(non_camel_case_types)]
pub struct sq_buffer {
    _private: [u8; 0],
}

/// What a buffer handle stands for.
pub(super) struct Buffer {
    /// In the client's encoding, with a NUL at the end.
    bytes: Vec<u8>,
    encoding: TextEncoding,
    /// Parsed when the first value is asked for.
    document: OnceCell<Value>,
}

static BUFFERS: Table<Buffer> = Table::new(2);

/// A new buffer that holds this JSON.
pub(super) fn new(json: &str, encoding: TextEncoding) -> *mut sq_buffer {
    let mut bytes = encoding.encode_json(json);
    bytes.push(0);
    BUFFERS.insert(Arc::new(Buffer {
        bytes,
        encoding,
        document: OnceCell::new(),
    }))
}

impl Buffer {
    fn value(&self, pointer: &str) -> Option<&Value> {
        let parse = || {
            let json = &self.bytes[..self.bytes.len() - 1];
            let text = self.encoding.decode(json).map_err(|_| ())?;
            serde_json::from_str(&text).map_err(|_| ())
        };
        self.document.get_or_try_init(parse).ok()?.pointer(pointer)
    }
}

/// The buffer's JSON, NUL-terminated, in the client's text encoding.
///
/// Borrowed: it stays valid until `sq_buffer_free`. A NULL, freed or made-up buffer gives "".
/// Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn sq_buffer_text(buffer: *const sq_buffer) -> *const c_char {
    panics::getter("buffer_text", c"".as_ptr(), || match BUFFERS.get(buffer) {
        // The table keeps the buffer, and so these bytes, until the buffer is freed.
        Some(buffer) => buffer.bytes.as_ptr().cast(),
        None => c"".as_ptr(),
    })
}

/// Length of the buffer's text in bytes, the terminating NUL not counted; 0 for a bad handle.
/// Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn sq_buffer_len(buffer: *const sq_buffer) -> u32 {
    panics::getter("buffer_len", 0, || match BUFFERS.get(buffer) {
        Some(buffer) => u32::try_from(buffer.bytes.len() - 1).unwrap_or(u32::MAX),
        None => 0,
    })
}

/// One value of the buffer, so that a till needs no JSON parser.
///
/// `json_pointer` (RFC 6901) says which: "/order/url", "/errors/0/code"; "" is the whole document.
/// A string is written bare, without quotes or escapes (a character the client's encoding lacks
/// becomes '?'); anything else is written as JSON: `true`, `5097`, `null`, `[…]`.
///
/// `*len` goes in as the room at `dst` in bytes and comes out as the bytes needed, the terminating
/// NUL counted. When the room is too small nothing is written to `dst`. `dst` may be NULL to ask for
/// the size.
///
/// ```c
/// char url[300]; uint32_t room = sizeof url;
/// if (sq_buffer_get(out, "/order/url", url, &room) == SQ_OK) puts(url);
/// ```
///
/// Returns `SQ_OK`; `SQ_BUFFER_TOO_SMALL`; `SQ_INVALID_ARGUMENT` (a pointer that finds nothing, or a
/// NULL argument); `SQ_INVALID_TEXT`; `SQ_INVALID_HANDLE`. Any thread.
///
/// # Safety
/// `json_pointer` is NUL-terminated; `dst` has room for `*len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_buffer_get(
    buffer: *const sq_buffer,
    json_pointer: *const c_char,
    dst: *mut c_char,
    len: *mut u32,
) -> sq_status {
    panics::status("buffer_get", || {
        let Some(buffer) = BUFFERS.get(buffer) else {
            return SQ_INVALID_HANDLE;
        };
        if json_pointer.is_null() || len.is_null() {
            return SQ_INVALID_ARGUMENT;
        }
        // SAFETY: the caller's contract.
        let pointer = unsafe { c_text::bytes(json_pointer) };
        let Ok(pointer) = buffer.encoding.decode(pointer) else {
            return SQ_INVALID_TEXT;
        };
        let Some(value) = buffer.value(&pointer) else {
            return SQ_INVALID_ARGUMENT;
        };
        let mut bytes = match value {
            Value::String(text) => buffer.encoding.encode_bare(text),
            other => buffer.encoding.encode_json(&other.to_string()),
        };
        bytes.push(0);
        let Ok(needed) = u32::try_from(bytes.len()) else {
            return SQ_INVALID_ARGUMENT;
        };
        // SAFETY: checked for NULL above; unaligned, as a COBOL or Pascal record may be packed.
        let room = unsafe { len.read_unaligned() };
        unsafe { len.write_unaligned(needed) };
        if dst.is_null() || room < needed {
            return SQ_BUFFER_TOO_SMALL;
        }
        // SAFETY: the caller has room for `room` bytes, and that is enough.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), dst.cast(), bytes.len()) };
        SQ_OK
    })
}

/// Frees a buffer. NULL, or one that was freed before, does nothing. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn sq_buffer_free(buffer: *mut sq_buffer) {
    panics::getter("buffer_free", (), || {
        BUFFERS.remove(buffer);
    });
}

//! Texts as C programs give them.

use std::ffi::{CStr, c_char};
use std::path::PathBuf;

/// The bytes of a C string.
///
/// # Safety
/// `text` is not NULL and is NUL-terminated; the bytes are used only while the call lasts.
pub(super) unsafe fn bytes<'a>(text: *const c_char) -> &'a [u8] {
    // SAFETY: the caller's contract.
    unsafe { CStr::from_ptr(text) }.to_bytes()
}

/// A path as C programs have it.
pub(super) fn file_path(bytes: &[u8]) -> PathBuf {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return PathBuf::from(text);
    }
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
    }
    #[cfg(not(unix))]
    {
        // The code page of an old western European till.
        let text = crate::text_encoding::TextEncoding::for_label("windows-1252")
            .and_then(|cp| cp.decode(bytes).ok().map(|text| text.into_owned()));
        PathBuf::from(text.unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned()))
    }
}

//! Which bytes stand for letters where Windows' programs write to a pipe or a file: those of the console's code page, as
//! `type`, `find` and batch files read them. A console itself takes every letter.

use std::ptr::null;

#[link(name = "kernel32")]
unsafe extern "system" {
    fn GetConsoleOutputCP() -> u32;
    fn WideCharToMultiByte(
        code_page: u32,
        flags: u32,
        text: *const u16,
        length: i32,
        into: *mut u8,
        room: i32,
        instead: *const u8,
        replaced: *mut i32,
    ) -> i32;
}

const UTF_8: u32 = 65001;
/// That of the system, for programs without a console.
const ANSI: u32 = 0;

/// A console draws every sign.
pub fn are_unicode() -> bool {
    true
}

/// In the console's code page; a letter that it lacks becomes the one that is most like it.
pub fn for_a_pipe(text: &str) -> Vec<u8> {
    if text.is_ascii() {
        return text.as_bytes().to_vec();
    }
    // SAFETY: it takes nothing.
    let page = match unsafe { GetConsoleOutputCP() } {
        UTF_8 => return text.as_bytes().to_vec(),
        0 => ANSI,
        page => page,
    };
    let wide: Vec<u16> = text.encode_utf16().collect();
    let length = i32::try_from(wide.len()).unwrap_or(i32::MAX);
    let mut bytes = vec![0; wide.len() * 4];
    let room = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
    // SAFETY: both lengths are those of what is pointed to.
    let written = unsafe {
        WideCharToMultiByte(
            page,
            0,
            wide.as_ptr(),
            length,
            bytes.as_mut_ptr(),
            room,
            null(),
            std::ptr::null_mut(),
        )
    };
    match usize::try_from(written) {
        Ok(written) if written > 0 => {
            bytes.truncate(written);
            bytes
        }
        _ => text.as_bytes().to_vec(),
    }
}

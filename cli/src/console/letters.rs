//! Which bytes stand for letters where Windows' programs write to a pipe or a file: those of the console's code page, as
//! `type`, `find` and batch files read them. A console itself takes every letter.

use super::spelling::spelled;
use std::ptr::{null, null_mut};

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
/// No letter stands for one that is like it.
const EXACTLY: u32 = 0x400;

/// A console draws every sign.
pub fn are_unicode() -> bool {
    true
}

/// With what the console's code page lacks written in letters that it has.
pub fn legible(text: &str) -> String {
    match page() {
        UTF_8 => text.to_owned(),
        page => spelled(text, &|c| exactly(page, c).is_some()),
    }
}

/// In the console's code page; a letter that it lacks becomes the one that is most like it.
pub fn for_a_pipe(text: &str) -> Vec<u8> {
    match page() {
        UTF_8 => text.as_bytes().to_vec(),
        page => legible(text).chars().flat_map(|c| one(page, c)).collect(),
    }
}

fn page() -> u32 {
    // SAFETY: it takes nothing.
    match unsafe { GetConsoleOutputCP() } {
        0 => ANSI,
        page => page,
    }
}

fn one(page: u32, c: char) -> Vec<u8> {
    if c.is_ascii() {
        return vec![c as u8];
    }
    let alike = || converted(page, 0, c, null_mut()).filter(|bytes| are_letters(bytes));
    exactly(page, c).or_else(alike).unwrap_or(vec![b'?'])
}

/// In old code pages signs such as arrows stand where commands to the console do.
fn are_letters(bytes: &[u8]) -> bool {
    !bytes.iter().any(|byte| byte.is_ascii_control())
}

/// The letter itself, where the code page has it.
fn exactly(page: u32, c: char) -> Option<Vec<u8>> {
    let mut is_replaced = 0;
    let found = converted(page, EXACTLY, c, &mut is_replaced);
    found.filter(|bytes| is_replaced == 0 && are_letters(bytes))
}

fn converted(page: u32, flags: u32, c: char, replaced: *mut i32) -> Option<Vec<u8>> {
    let (mut wide, mut bytes) = ([0; 2], [0; 16]);
    let length = c.encode_utf16(&mut wide).len();
    // SAFETY: both lengths are those of what is pointed to; `replaced` is null or points to a number.
    let written = unsafe {
        WideCharToMultiByte(
            page,
            flags,
            wide.as_ptr(),
            length as i32,
            bytes.as_mut_ptr(),
            bytes.len() as i32,
            null(),
            replaced,
        )
    };
    let written = usize::try_from(written).ok().filter(|count| *count > 0)?;
    Some(bytes[..written].to_vec())
}

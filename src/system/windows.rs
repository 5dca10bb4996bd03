//! Windows: whose drive a path is on, and who may read a file.
//!
//! Rights are read and written in the text form that Windows has for them (SDDL), such as
//! `D:P(A;;FA;;;SY)`: nobody inherits, and the system may do all.

use std::ffi::{OsStr, c_void};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::path::{Component, Path};
use std::ptr::{null, null_mut};

type Handle = *mut c_void;

const DRIVE_REMOTE: u32 = 4;
const DACL_SECURITY_INFORMATION: u32 = 4;
const PROTECTED_DACL_SECURITY_INFORMATION: u32 = 0x8000_0000;
const SDDL_REVISION_1: u32 = 1;
const TOKEN_QUERY: u32 = 8;
const TOKEN_USER: u32 = 1;

#[link(name = "kernel32")]
unsafe extern "system" {
    fn GetDriveTypeW(root: *const u16) -> u32;
    fn LocalFree(memory: *mut c_void) -> *mut c_void;
    fn GetCurrentProcess() -> Handle;
    fn CloseHandle(handle: Handle) -> i32;
    fn SystemTimeToTzSpecificLocalTime(
        zone: *const c_void,
        utc: *const SystemTime,
        local: *mut SystemTime,
    ) -> i32;
    fn FileTimeToSystemTime(from: *const u64, to: *mut SystemTime) -> i32;
    fn SystemTimeToFileTime(from: *const SystemTime, to: *mut u64) -> i32;
    fn GetFileInformationByHandle(file: Handle, found: *mut FileInformation) -> i32;
}

#[link(name = "advapi32")]
unsafe extern "system" {
    fn GetFileSecurityW(
        path: *const u16,
        what: u32,
        found: *mut c_void,
        room: u32,
        needed: *mut u32,
    ) -> i32;
    fn SetFileSecurityW(path: *const u16, what: u32, rights: *const c_void) -> i32;
    fn ConvertSecurityDescriptorToStringSecurityDescriptorW(
        rights: *const c_void,
        revision: u32,
        what: u32,
        text: *mut *mut u16,
        length: *mut u32,
    ) -> i32;
    fn ConvertStringSecurityDescriptorToSecurityDescriptorW(
        text: *const u16,
        revision: u32,
        rights: *mut *mut c_void,
        size: *mut u32,
    ) -> i32;
    fn ConvertSidToStringSidW(who: *const c_void, text: *mut *mut u16) -> i32;
    fn OpenProcessToken(process: Handle, access: u32, token: *mut Handle) -> i32;
    fn GetTokenInformation(
        token: Handle,
        what: u32,
        found: *mut c_void,
        room: u32,
        needed: *mut u32,
    ) -> i32;
}

/// BY_HANDLE_FILE_INFORMATION.
#[repr(C)]
#[derive(Default)]
struct FileInformation {
    attributes: u32,
    times: [u32; 6],
    volume: u32,
    size: [u32; 2],
    links: u32,
    index: [u32; 2],
}

/// SYSTEMTIME.
type SystemTime = [u16; 8];

/// By the rules of the machine's time zone as they are now.
pub(super) fn ahead_of_utc(at: i64) -> Option<i64> {
    /// From 1601, where Windows begins to count, to 1970.
    const TO_1970_MS: i64 = 11_644_473_600_000;
    const IN_A_MS: u64 = 10_000;
    let before = u64::try_from(at.checked_add(TO_1970_MS)?).ok()?;
    let before = before.checked_mul(IN_A_MS)?;
    let (mut utc, mut local, mut after) = (SystemTime::default(), SystemTime::default(), 0);
    // SAFETY: all of them are this function's own; NULL is the zone that is set.
    let done = unsafe {
        FileTimeToSystemTime(&before, &mut utc) != 0
            && SystemTimeToTzSpecificLocalTime(null(), &utc, &mut local) != 0
            && SystemTimeToFileTime(&local, &mut after) != 0
    };
    let ahead_ms = (after / IN_A_MS) as i64 - (before / IN_A_MS) as i64;
    done.then_some(ahead_ms.div_euclid(1000))
}

fn wide(text: &OsStr) -> Vec<u16> {
    text.encode_wide().chain([0]).collect()
}

/// Whether a call that gives 0 for a failure was done.
fn done(result: i32) -> io::Result<()> {
    match result {
        0 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Whether a path is on another machine's drive, under a letter or as `\\server\share`.
pub(super) fn is_remote_drive(path: &Path) -> bool {
    let Some(Component::Prefix(drive)) = path.components().next() else {
        return false;
    };
    let mut root = drive.as_os_str().to_owned();
    root.push("\\");
    let root = wide(&root);
    // SAFETY: the text ends with 0.
    unsafe { GetDriveTypeW(root.as_ptr()) == DRIVE_REMOTE }
}

/// How many names a file has.
pub(crate) fn links(path: &Path) -> io::Result<u64> {
    use std::os::windows::io::AsRawHandle;
    let file = std::fs::File::open(path)?;
    let mut found = FileInformation::default();
    // SAFETY: the handle is open while `file` lives, and `found` is as Windows documents it.
    done(unsafe { GetFileInformationByHandle(file.as_raw_handle().cast(), &mut found) })?;
    Ok(found.links.into())
}

/// Who may do what with a file, as text.
pub(crate) fn rights(path: &Path) -> io::Result<String> {
    let rights = descriptor(path)?;
    let mut text = null_mut();
    // SAFETY: `rights` is what Windows made, and `text` receives memory of its own.
    done(unsafe {
        ConvertSecurityDescriptorToStringSecurityDescriptorW(
            rights.as_ptr().cast(),
            SDDL_REVISION_1,
            DACL_SECURITY_INFORMATION,
            &mut text,
            null_mut(),
        )
    })?;
    // SAFETY: Windows has just made it.
    Ok(unsafe { taken(text) })
}

/// Lets only this program's user, administrators and the system at a file.
pub(crate) fn keep_private(path: &Path) -> io::Result<()> {
    set(
        path,
        &format!("D:P(A;;FA;;;{})(A;;FA;;;BA)(A;;FA;;;SY)", user()?),
    )
}

/// Gives a file the rights of another, where those are its own and not its folder's.
pub(crate) fn take_rights_of(model: &Path, path: &Path) -> io::Result<()> {
    let rights = rights(model)?;
    match rights.starts_with("D:P") {
        true => set(path, &rights),
        false => Ok(()),
    }
}

/// Gives a file the rights of another, whosever those are, and none of its folder's.
pub(crate) fn give_rights_of(model: &Path, path: &Path) -> io::Result<()> {
    set(path, &rights(model)?)
}

fn set(path: &Path, rights: &str) -> io::Result<()> {
    let (path, text) = (wide(path.as_os_str()), wide(OsStr::new(rights)));
    let mut rights = null_mut();
    // SAFETY: the text ends with 0, and `rights` receives memory of its own.
    done(unsafe {
        ConvertStringSecurityDescriptorToSecurityDescriptorW(
            text.as_ptr(),
            SDDL_REVISION_1,
            &mut rights,
            null_mut(),
        )
    })?;
    let what = DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION;
    // SAFETY: the path ends with 0, and `rights` is what Windows made.
    let result = done(unsafe { SetFileSecurityW(path.as_ptr(), what, rights) });
    // SAFETY: it is freed once, as documented.
    unsafe { LocalFree(rights) };
    result
}

/// A file's security descriptor, in memory that is aligned for it.
fn descriptor(path: &Path) -> io::Result<Vec<u64>> {
    let path = wide(path.as_os_str());
    let what = DACL_SECURITY_INFORMATION;
    let mut needed = 0;
    // SAFETY: with no room it only says how much is needed.
    unsafe { GetFileSecurityW(path.as_ptr(), what, null_mut(), 0, &mut needed) };
    let mut room = vec![0u64; needed as usize / 8 + 1];
    let bytes = room.len() as u32 * 8;
    // SAFETY: there are so many bytes.
    done(unsafe {
        GetFileSecurityW(
            path.as_ptr(),
            what,
            room.as_mut_ptr().cast(),
            bytes,
            &mut needed,
        )
    })?;
    Ok(room)
}

/// Who runs this program, as `S-1-…`.
fn user() -> io::Result<String> {
    let mut token = null_mut();
    // SAFETY: the process is this one, and `token` receives a handle.
    done(unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &mut token) })?;
    // TOKEN_USER: a pointer to the SID, its attributes, and the SID, which is 68 bytes at most.
    let mut found = [0u64; 16];
    let mut needed = 0;
    // SAFETY: there are so many bytes, aligned for pointers.
    let result = done(unsafe {
        let room = size_of_val(&found) as u32;
        GetTokenInformation(
            token,
            TOKEN_USER,
            found.as_mut_ptr().cast(),
            room,
            &mut needed,
        )
    });
    // SAFETY: it is closed once.
    unsafe { CloseHandle(token) };
    result?;
    let mut text = null_mut();
    // SAFETY: the first field is a pointer to a SID within `found`.
    done(unsafe {
        let who: *const c_void = *found.as_ptr().cast::<*const c_void>();
        ConvertSidToStringSidW(who, &mut text)
    })?;
    // SAFETY: Windows has just made it.
    Ok(unsafe { taken(text) })
}

/// Text that Windows made, and frees it.
///
/// # Safety
/// `text` ends with 0, is of LocalAlloc, and is used no more.
unsafe fn taken(text: *mut u16) -> String {
    debug_assert!(text.cast_const() != null());
    // SAFETY: the caller's contract.
    unsafe {
        let length = (0..).take_while(|&at| *text.add(at) != 0).count();
        let copied = String::from_utf16_lossy(std::slice::from_raw_parts(text, length));
        LocalFree(text.cast());
        copied
    }
}

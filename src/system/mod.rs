//! What only the operating system can say or do, with a safe interface. Beside [`crate::ffi`] the one
//! room with `unsafe`.

#[cfg(feature = "crash-points")]
mod ending;
mod ground;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(windows)]
mod windows;

#[cfg(feature = "crash-points")]
pub(crate) use ending::end_process;
#[cfg(windows)]
pub(crate) use windows::{give_rights_of, keep_private, links, rights, take_rights_of};

pub(crate) use ground::Ground;

use std::fs::OpenOptions;
use std::io;
use std::path::Path;

/// What a file or folder that is there lies on; nothing where the system does not say.
pub(crate) fn ground(path: &Path) -> Ground {
    #[cfg(target_os = "linux")]
    return linux::ground(path);
    #[cfg(windows)]
    return Ground {
        is_remote_drive: windows::is_remote_drive(path),
        ..Ground::default()
    };
    #[cfg(not(any(target_os = "linux", windows)))]
    {
        let _ = path;
        Ground::default()
    }
}

/// Gives a file another name, and never that of a file that is there.
pub(crate) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    match linux::rename_new(from, to) {
        // This file system knows no such renaming.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => {}
        done => return done,
    }
    std::fs::hard_link(from, to)?;
    std::fs::remove_file(from)
}

/// Four bytes of a file that this process has open, known by its device and number, whether it still has a name or not.
/// Nothing is opened: to close it would drop this process's locks on it.
pub(crate) fn read_held(id: (u64, u64), place: u64) -> Option<[u8; 4]> {
    #[cfg(target_os = "linux")]
    return linux::read_held(id, place);
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (id, place);
        None
    }
}

/// How many seconds this machine's local time is ahead of UTC at a moment (ms since 1970 UTC); nothing where the system
/// does not say.
#[allow(clippy::useless_conversion)] // of the system's numbers, which are of 32 bits elsewhere
pub(crate) fn ahead_of_utc(at: i64) -> Option<i64> {
    #[cfg(windows)]
    return windows::ahead_of_utc(at);
    #[cfg(unix)]
    {
        let seconds: libc::time_t = at.div_euclid(1000).try_into().ok()?;
        let mut local = std::mem::MaybeUninit::<libc::tm>::zeroed();
        // SAFETY: both are this function's own, and `local` has room for what is written.
        let done = unsafe { libc::localtime_r(&seconds, local.as_mut_ptr()) };
        // SAFETY: it was written, and zeroed is a valid value of this struct of integers and a pointer.
        (!done.is_null()).then(|| unsafe { local.assume_init() }.tm_gmtoff.into())
    }
    #[cfg(not(any(unix, windows)))]
    {
        let _ = at;
        None
    }
}

/// Without following a link, or waiting for whoever is at the other end of a pipe.
pub(crate) fn cautious(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options
            .mode(0o600)
            .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
    }
    #[cfg(windows)]
    {
        use std::os::windows::fs::OpenOptionsExt;
        const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
        options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT)
    }
    #[cfg(not(any(unix, windows)))]
    options
}

/// How long this thread has worked, whatever else the machine does.
#[cfg(all(test, unix))]
pub(crate) fn time_worked() -> std::time::Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: it is written to, and nothing else.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert_eq!(failed, 0, "every Unix has this clock");
    std::time::Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

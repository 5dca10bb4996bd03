//! Linux: what a file lies on, and renaming that overwrites nothing.

use super::ground::Ground;
use std::ffi::{CString, OsStr};
use std::io;
use std::mem::MaybeUninit;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

pub(super) fn ground(path: &Path) -> Ground {
    let mount = std::fs::read("/proc/self/mountinfo");
    let mount = mount.ok().and_then(|table| mount_of(&table, path));
    Ground {
        number: number(path),
        is_mounted_alone: mount.as_ref().is_some_and(|mount| mount.point == path),
        name: mount.map(|mount| mount.name),
        ..Ground::default()
    }
}

/// The file system's number.
fn number(path: &Path) -> Option<u64> {
    let path = CString::new(path.as_os_str().as_bytes()).ok()?;
    let mut found = MaybeUninit::<libc::statfs>::zeroed();
    // SAFETY: the path ends with NUL, and `found` has room for what is written.
    let done = unsafe { libc::statfs(path.as_ptr(), found.as_mut_ptr()) };
    // SAFETY: zeroed is a valid value of this struct of integers, and it was written to at most.
    let found = unsafe { found.assume_init() };
    // 32 bits, whose sign some systems extend.
    (done == 0).then_some(found.f_type as u32 as u64)
}

pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    let from = CString::new(from.as_os_str().as_bytes())?;
    let to = CString::new(to.as_os_str().as_bytes())?;
    let (here, flags) = (libc::AT_FDCWD, libc::RENAME_NOREPLACE);
    // SAFETY: both paths end with NUL.
    match unsafe { libc::renameat2(here, from.as_ptr(), here, to.as_ptr(), flags) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

pub(super) fn read_held(id: (u64, u64), place: u64) -> Option<[u8; 4]> {
    let is_it = |number: &i32| {
        let there = std::fs::metadata(format!("/proc/self/fd/{number}"));
        there.is_ok_and(|there| (there.dev(), there.ino()) == id)
    };
    let open = std::fs::read_dir("/proc/self/fd").ok()?;
    let mut numbers = open.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let number = numbers.find(is_it)?;
    let mut bytes = [0; 4];
    let place = place.try_into().ok()?;
    // SAFETY: there is room for as many bytes as are asked for.
    let read = unsafe { libc::pread(number, bytes.as_mut_ptr().cast(), bytes.len(), place) };
    (read == bytes.len() as isize).then_some(bytes)
}

/// An entry of /proc/self/mountinfo.
#[derive(Debug, PartialEq)]
struct Mount {
    point: PathBuf,
    name: String,
}

/// Where a path is mounted: the longest mount point above it, and of those with one name the last,
/// which lies over the others.
fn mount_of(table: &[u8], path: &Path) -> Option<Mount> {
    let mounts = table.split(|&byte| byte == b'\n').filter_map(mount);
    mounts
        .filter(|mount| path.starts_with(&mount.point))
        .max_by_key(|mount| mount.point.as_os_str().len())
}

/// Reads `id parent major:minor root POINT options … - NAME source options`.
fn mount(line: &[u8]) -> Option<Mount> {
    let mut words = line.split(|&byte| byte == b' ');
    let point = words.nth(4)?;
    let name = words.skip_while(|word| *word != b"-").nth(1)?;
    Some(Mount {
        point: unescaped(point),
        name: OsStr::from_bytes(name).to_string_lossy().into_owned(),
    })
}

/// Spaces and the like are written as `\040`.
fn unescaped(text: &[u8]) -> PathBuf {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let octal = after.get(..3).filter(|_| byte == b'\\');
        let octal = octal.and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[3..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    PathBuf::from(std::ffi::OsString::from_vec(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[u8] = b"\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
40 27 0:50 / /mnt/shop\\040floor rw shared:1 master:2 - cifs //server/till rw
41 27 0:51 / /mnt/shop rw - fuse.sshfs till@office: rw
42 27 254:0 /j.db /srv/till/j.db rw - ext4 /dev/vda rw
43 41 0:52 / /mnt/shop rw - tmpfs tmpfs rw
";

    #[test]
    fn the_longest_and_last_mount_is_where_a_file_lies() {
        let name = |path: &str| mount_of(TABLE, Path::new(path)).unwrap().name;
        assert_eq!(name("/srv/till/other.db"), "ext4");
        assert_eq!(name("/mnt/shop floor/j.db"), "cifs");
        assert_eq!(name("/mnt/shop/j.db"), "tmpfs");
        assert_eq!(name("/mnt/shopping/j.db"), "ext4");
        let alone = mount_of(TABLE, Path::new("/srv/till/j.db")).unwrap();
        assert_eq!(alone.point, Path::new("/srv/till/j.db"));
        assert_eq!(mount_of(b"", Path::new("/")), None);
        assert_eq!(mount_of(b"a line of another kind\n", Path::new("/")), None);
    }

    #[test]
    fn this_machine_says_what_its_folders_lie_on() {
        assert_eq!(ground(Path::new("/proc")).number, Some(0x9fa0));
        assert_eq!(ground(Path::new("/proc")).name.as_deref(), Some("proc"));
        assert_eq!(ground(Path::new("/no/such/place")).number, None);
    }

    #[test]
    fn a_file_that_is_there_is_never_renamed_over() {
        let folder = std::env::temp_dir().join(format!("sequra-rename-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (from, to) = (folder.join("from"), folder.join("to"));
        std::fs::write(&from, "new").unwrap();
        std::fs::write(&to, "old").unwrap();
        let error = super::super::rename_new(&from, &to).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&to).unwrap(), b"old");
        std::fs::remove_file(&to).unwrap();
        super::super::rename_new(&from, &to).unwrap();
        assert_eq!(std::fs::read(&to).unwrap(), b"new");
        assert!(!from.exists());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

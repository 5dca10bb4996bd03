//! The small files that a configuration names: certificates, the account's secret, the configuration
//! itself. What is no file is not read, and nothing that is named can keep the opening waiting.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;
use zeroize::Zeroizing;

/// All that a file holds, at most `most` bytes; or which file cannot be read and why, the end of a sentence.
pub(crate) fn read(path: &Path, most: usize) -> Result<Zeroizing<Vec<u8>>, String> {
    contents(path, most).map_err(|why| of_file(path, &why))
}

/// The file, by its whole path, and what is wrong with it.
pub(crate) fn of_file(path: &Path, why: &str) -> String {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let looked = match path.has_root() {
        true => "",
        false => " (looked for in the working directory)",
    };
    format!("{}{looked}: {why}", whole.display())
}

fn contents(path: &Path, most: usize) -> Result<Zeroizing<Vec<u8>>, String> {
    let why = |error: io::Error| why(path, &error);
    // To open a device may do something to it already.
    let is_file = |metadata: fs::Metadata| match metadata.is_file() {
        true => Ok(metadata),
        false if metadata.is_dir() => Err("it is a folder".to_owned()),
        false => Err("it is not a file".to_owned()),
    };
    is_file(fs::metadata(path).map_err(why)?)?;
    let mut file = open(path).map_err(why)?;
    // Another may stand there by now.
    let length = is_file(file.metadata().map_err(why)?)?.len();
    if length > most as u64 {
        return Err(format!(
            "it has {length} bytes, and at most {most} are read"
        ));
    }
    // One piece of memory from the beginning, so that no copy of a secret is left behind; a byte more
    // than may be there, as the file may still grow.
    let mut bytes = Zeroizing::new(vec![0; most + 1]);
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(amount) => filled += amount,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(why(error)),
        }
    }
    if filled > most {
        return Err(format!("it has more than {most} bytes"));
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// In words of ours where the system's are in its own language, or leave open what is not there.
fn why(path: &Path, error: &io::Error) -> String {
    let folder = std::path::absolute(path).ok();
    let folder = folder.as_deref().and_then(Path::parent);
    match (error.kind(), folder) {
        (io::ErrorKind::NotFound, Some(folder)) if !folder.is_dir() => {
            format!("there is no folder {}", folder.display())
        }
        (io::ErrorKind::NotFound, Some(folder)) => {
            format!("there is no such file in the folder {}", folder.display())
        }
        (io::ErrorKind::PermissionDenied, _) => "this program has no right to read it".to_owned(),
        _ => error.to_string(),
    }
}

/// Without waiting, where a pipe has come into the file's place.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(NONBLOCK);
    }
    options.open(path)
}

/// `O_NONBLOCK`
#[cfg(all(unix, any(target_os = "linux", target_os = "android")))]
const NONBLOCK: i32 = 0o4000;
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
const NONBLOCK: i32 = 0x4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = std::env::temp_dir().join(format!("sequra-file-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("file");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap().as_slice(), b"12345");
        assert!(read(&path, 4).unwrap_err().contains("at most 4"));
        fs::write(&path, "").unwrap();
        assert!(read(&path, 4).unwrap().is_empty());
        let why = |path: &Path| read(path, 4).unwrap_err();
        let place = folder.display();
        let (none, lost) = (folder.join("none"), folder.join("no").join("none"));
        for (path, said) in [
            (&folder, "it is a folder".to_owned()),
            (
                &none,
                format!("there is no such file in the folder {place}"),
            ),
            (
                &lost,
                format!("there is no folder {}", folder.join("no").display()),
            ),
        ] {
            assert_eq!(why(path), format!("{}: {said}", path.display()));
        }
        let working = std::env::current_dir().unwrap();
        assert!(why(Path::new("none.json")).starts_with(&format!(
            "{} (looked for in the working directory): there is no such file",
            working.join("none.json").display()
        )));
        fs::remove_dir_all(folder).unwrap();
    }

    /// Any of these would keep a reader waiting, or never end.
    #[test]
    #[cfg(target_os = "linux")]
    fn what_is_no_file_is_not_read() {
        for path in ["/dev/zero", "/dev/null", "/dev/tty", "/proc/self/fd/0", "/"] {
            assert!(read(Path::new(path), 1 << 20).is_err(), "{path}");
        }
    }
}

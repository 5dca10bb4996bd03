//! Files that others wait for: they are there whole, or not at all.

use crate::sandbox::StartError;
use std::path::{Path, PathBuf};

/// The certificate of the throw-away authority, and the folder that was made for it, if one was.
pub fn write_ca(
    wanted: Option<PathBuf>,
    pem: &str,
) -> Result<(PathBuf, Option<PathBuf>), StartError> {
    let (file, temporary) = match wanted {
        Some(file) => (file, None),
        None => {
            let name = format!("sequra-sandbox-{}", uuid::Uuid::new_v4());
            let folder = std::env::temp_dir().join(name);
            std::fs::create_dir(&folder)
                .map_err(|e| StartError(format!("{}: {e}", folder.display())))?;
            (folder.join("ca.pem"), Some(folder))
        }
    };
    write_in_one_piece(&file, pem).map_err(|e| StartError(format!("{}: {e}", file.display())))?;
    Ok((file, temporary))
}

/// Whoever waits for the file finds all of it or nothing.
pub fn write_in_one_piece(file: &Path, text: &str) -> std::io::Result<()> {
    if is_something_else(file) {
        // A pipe or a device is written to, not replaced.
        return std::fs::write(file, text);
    }
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = PathBuf::from(name);
    std::fs::write(&part, text)?;
    std::fs::rename(&part, file).inspect_err(|_| {
        let _ = std::fs::remove_file(&part);
    })
}

/// Takes away what an earlier run has left, if it is a file.
pub fn remove_file(file: &Path) {
    if !is_something_else(file) {
        // One that is not there need not be removed.
        let _ = std::fs::remove_file(file);
    }
}

fn is_something_else(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|found| !found.is_file())
}

#[cfg(all(test, unix))]
mod tests {
    use super::{remove_file, write_in_one_piece};
    use std::os::unix::fs::FileTypeExt;

    #[test]
    fn a_pipe_is_written_to_and_stays() {
        let name = format!("sequra-sandbox-pipe-{}", uuid::Uuid::new_v4());
        let pipe = std::env::temp_dir().join(name);
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo").success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read_to_string(pipe).expect("the pipe")
        });
        remove_file(&pipe);
        write_in_one_piece(&pipe, "ready").expect("a reader");
        let is_pipe = std::fs::metadata(&pipe).is_ok_and(|found| found.file_type().is_fifo());
        assert!(is_pipe);
        assert_eq!(reader.join().expect("the reader"), "ready");
        std::fs::remove_file(&pipe).expect("it is there");
    }
}

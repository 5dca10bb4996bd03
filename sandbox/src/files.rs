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
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = PathBuf::from(name);
    std::fs::write(&part, text)?;
    std::fs::rename(&part, file).inspect_err(|_| {
        let _ = std::fs::remove_file(&part);
    })
}

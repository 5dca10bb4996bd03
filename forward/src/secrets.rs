//! What the forwarder keeps of a journal: the token by which the office knows it, and what it is about to ask for. Written
//! before it is asked for, so that an answer that gets lost costs nothing.

use crate::trouble::Trouble;
use sequra_frames::enrolment::Why;
use sequra_pos::inside::journal::{hex, random};
use serde::{Deserialize, Serialize};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use zeroize::{Zeroize, Zeroizing};

/// Everything that is kept of one journal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// By which the office knows it; none: it has not yet been enrolled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Secret>,
    /// The code that it was enrolled by: with the same token it is good again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// An enrolment that nobody has answered yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolling: Option<Enrolling>,
    /// A life of the journal that was asked for, and is not yet begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
}

/// An enrolment, as it is asked for until it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolling {
    pub code: Secret,
    pub token: Secret,
    pub incarnation: String,
    pub machine: String,
}

/// Another life of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Next {
    pub incarnation: String,
    pub parent: String,
    pub why: Why,
}

/// What is shown to nobody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn of(text: &str) -> Secret {
        Secret(text.to_owned())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Where it is kept: one file for each journal, in a folder of the forwarder's.
#[derive(Clone, Debug)]
pub struct Secrets {
    folder: PathBuf,
}

impl Secrets {
    /// Makes the folder where there is none, for nobody else to look into.
    pub fn in_folder(folder: &Path) -> Result<Secrets, Trouble> {
        let made = match fs::metadata(folder) {
            Ok(_) => Ok(()),
            Err(_) => make_folder(folder),
        };
        made.map_err(|error| Trouble::with_file(folder, error))?;
        Ok(Secrets {
            folder: folder.to_owned(),
        })
    }

    /// The file beside what is kept, which says that somebody is at work on the journal at this place: a copy of it
    /// elsewhere has the same id.
    pub fn lock_file(&self, journal_id: &str, journal: &Path) -> PathBuf {
        let mut hasher = DefaultHasher::new();
        fs::canonicalize(journal)
            .unwrap_or_else(|_| journal.to_owned())
            .hash(&mut hasher);
        self.folder
            .join(format!("{journal_id}-{:016x}.lock", hasher.finish()))
    }

    fn file(&self, journal_id: &str) -> PathBuf {
        self.folder.join(format!("{journal_id}.json"))
    }

    /// What is kept of a journal; nothing where there is no file.
    pub fn read(&self, journal_id: &str) -> Result<Kept, Trouble> {
        let path = self.file(journal_id);
        let text = match fs::read(&path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Kept::default()),
            Err(error) => return Err(Trouble::with_file(&path, error)),
        };
        // What is wrong is not repeated: it may be a part of a secret.
        serde_json::from_slice(&text).map_err(|_| {
            Trouble::with_file(
                &path,
                "this is not as sequra-forward writes it; remove it, and enrol the journal again",
            )
        })
    }

    /// Changes it: reads, and writes in one piece what became of it; on the disk when this returns. Whoever else changes it
    /// waits meanwhile.
    pub fn change(
        &self,
        journal_id: &str,
        change: impl FnOnce(&mut Kept),
    ) -> Result<Kept, Trouble> {
        let path = self.folder.join("writing.lock");
        let failed = |error| Trouble::with_file(&path, error);
        let mut options = fs::OpenOptions::new();
        let lock = options.create(true).truncate(false).write(true);
        let lock = lock.open(&path).map_err(failed)?;
        let _ = belong_to(&self.folder, &path);
        // Where the file system has no locks, the last one wins.
        let _ = lock.lock();
        let mut kept = self.read(journal_id)?;
        change(&mut kept);
        self.write(journal_id, &kept)?;
        Ok(kept)
    }

    fn write(&self, journal_id: &str, kept: &Kept) -> Result<(), Trouble> {
        let path = self.file(journal_id);
        let failed = |error: std::io::Error| Trouble::with_file(&path, error);
        let text = Zeroizing::new(serde_json::to_vec(kept).map_err(|e| failed(e.into()))?);
        let draft = self.folder.join(format!("{journal_id}.new-{}", drawn(4)?));
        let written = private(&draft).and_then(|mut file| {
            file.write_all(&text)?;
            file.sync_all()?;
            drop(file);
            belong_to(&self.folder, &draft)?;
            fs::rename(&draft, &path)
        });
        if written.is_err() {
            let _ = fs::remove_file(&draft);
        }
        written.map_err(failed)?;
        sync(&self.folder);
        Ok(())
    }

    /// Nothing is kept any more.
    pub fn remove(&self, journal_id: &str) -> Result<(), Trouble> {
        let path = self.file(journal_id);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Trouble::with_file(&path, error))
            }
            _ => Ok(()),
        }
    }

    /// When what is kept was last written; it changes when somebody enrols the journal again.
    pub fn changed(&self, journal_id: &str) -> Option<SystemTime> {
        fs::metadata(self.file(journal_id)).ok()?.modified().ok()
    }
}

/// Hexadecimal digits of so many bytes that nobody can guess, 16 at a time.
pub fn drawn(bytes: usize) -> Result<String, Trouble> {
    let mut text = String::new();
    while text.len() < bytes * 2 {
        text.push_str(&hex(&random()?));
    }
    text.truncate(bytes * 2);
    Ok(text)
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(windows)]
    only_for(folder, &[])?;
    Ok(())
}

/// Lets only the system, administrators, who has made it and these at a folder and what is in it.
#[cfg(windows)]
pub fn only_for(folder: &Path, others: &[&str]) -> std::io::Result<()> {
    let root = std::env::var_os("SystemRoot").unwrap_or_else(|| r"C:\Windows".into());
    let icacls = Path::new(&root).join(r"System32\icacls.exe");
    let said = |name: &str| std::env::var(name).unwrap_or_default();
    let user = format!("{}\\{}:(OI)(CI)F", said("USERDOMAIN"), said("USERNAME"));
    let rights = ["*S-1-5-18:(OI)(CI)F", "*S-1-5-32-544:(OI)(CI)F", &user];
    let mut command = std::process::Command::new(icacls);
    command.arg(folder).args(["/inheritance:r", "/grant:r"]);
    let done = command.args(rights).args(others).arg("/Q").output()?;
    match done.status.success() {
        true => Ok(()),
        false => Err(std::io::Error::other(format!(
            "icacls could not keep it from others ({})",
            done.status
        ))),
    }
}

/// A file for nobody else: on Windows its folder's rights see to it, which the service's account has as well.
fn private(path: &Path) -> std::io::Result<fs::File> {
    #[cfg(not(windows))]
    return sequra_pos::inside::journal::private_file(path);
    #[cfg(windows)]
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
}

/// An administrator who enrols a journal writes for whoever the folder is of, who runs the service.
fn belong_to(folder: &Path, file: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, chown};
        let (folder, made) = (fs::metadata(folder)?, fs::metadata(file)?);
        if made.uid() != folder.uid() {
            // Only root can; anybody else may be writing into a folder that many may write to.
            let _ = chown(file, Some(folder.uid()), Some(folder.gid()));
        }
    }
    #[cfg(not(unix))]
    let _ = (folder, file);
    Ok(())
}

fn sync(folder: &Path) {
    #[cfg(unix)]
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = folder;
}

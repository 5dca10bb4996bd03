//! Where the relative paths of a configuration file lead: into the file's own folder, by whatever name the
//! file was opened and wherever the program was started. A file that an older version was given relative
//! to the working directory is found there, and said so; which of two is meant nobody can know.

use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders that may be meant, the right one first; none: paths are the working directory's.
#[derive(Default)]
pub(super) struct Folders(Vec<PathBuf>);

/// Where a path leads.
pub(super) enum Lead {
    /// There, and perhaps with a warning.
    To(PathBuf, Option<Problem>),
    /// To several files.
    Unclear(Problem),
}

impl Folders {
    /// Those of a configuration file: where it is; where the link is by which it was named; and the
    /// working directory.
    pub(super) fn of(file: &Path) -> Folders {
        let real = fs::canonicalize(file).ok();
        let named = std::path::absolute(file).ok();
        let folder = |file: Option<PathBuf>| Some(plain(file?.parent()?));
        let working = std::env::current_dir().ok();
        let mut folders: Vec<PathBuf> = Vec::new();
        for folder in [folder(real), folder(named), working].into_iter().flatten() {
            if !folders.iter().any(|known| is_same(known, &folder)) {
                folders.push(folder);
            }
        }
        Folders(folders)
    }

    /// Where the path at this pointer leads.
    pub(super) fn lead(&self, pointer: &str, path: &str) -> Lead {
        let Some((own, others)) = self
            .0
            .split_first()
            .filter(|_| !Path::new(path).is_absolute())
        else {
            return Lead::To(PathBuf::from(path), None);
        };
        let own = own.join(path);
        let mut there: Vec<PathBuf> = Vec::new();
        for place in [own.clone()]
            .into_iter()
            .chain(others.iter().map(|folder| folder.join(path)))
        {
            if is_there(&place) && !there.iter().any(|known| is_same(known, &place)) {
                there.push(place);
            }
        }
        let named = |places: &[PathBuf]| {
            let texts: Vec<_> = places.iter().map(|place| place.to_string_lossy()).collect();
            texts.join(" and ")
        };
        match &there[..] {
            [] => Lead::To(own, None),
            [one] if *one == own => Lead::To(own, None),
            [one] => {
                let warning = Problem {
                    actual: Some(one.to_string_lossy().as_ref().into()),
                    ..Problem::at(
                        ErrorCode::OtherFolder,
                        pointer,
                        format!(
                            "{path} belongs to the configuration's folder. There is no {}, and there is {}: that one is used. Move it, or write its path in full.",
                            own.display(),
                            one.display()
                        ),
                    )
                };
                Lead::To(one.clone(), Some(warning))
            }
            several => Lead::Unclear(Problem::at(
                ErrorCode::AmbiguousPath,
                pointer,
                format!(
                    "{path} can be {}. Write in full which is meant, or remove the other.",
                    named(several)
                ),
            )),
        }
    }
}

fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn is_same(one: &Path, other: &Path) -> bool {
    one == other
        || matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

/// As people write it: Windows puts `\\?\` before a path that it has resolved.
fn plain(folder: &Path) -> PathBuf {
    let text = folder.to_str().filter(|_| cfg!(windows));
    match text.and_then(|text| text.strip_prefix(r"\\?\")) {
        Some(rest) if rest.get(1..3) == Some(r":\") => PathBuf::from(rest),
        _ => folder.to_owned(),
    }
}

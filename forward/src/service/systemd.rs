//! A unit of systemd's, for one configuration.

use crate::arguments::Install;
use crate::commands::{Ended, say};
use crate::exit;
use crate::settings::{Document, Settings};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};

const UNIT: &str = include_str!("../../../packaging/sequra-forward.service");
const PLACE: &str = "/etc/systemd/system/sequra-forward.service";

/// Places the unit, or prints it.
pub fn install(document: &Document, asked: &Install) -> Result<u8, Ended> {
    let settings = document.settings().map_err(wrong)?;
    let owner = owner(&settings, asked)?;
    let unit = unit(&document.path, &settings, &owner)?;
    if asked.print {
        say(unit.trim_end());
        return Ok(exit::DONE);
    }
    let folder = &settings.state;
    let made = fs::create_dir_all(folder)
        .and_then(|()| set_mode(folder))
        .and_then(|()| give(folder, &owner));
    made.map_err(|error| failed(folder, error))?;
    fs::write(PLACE, unit).map_err(|error| failed(Path::new(PLACE), error))?;
    say(&format!(
        "{PLACE} is there. Start it now, and with the machine:\n  systemctl daemon-reload\n  systemctl enable --now sequra-forward"
    ));
    Ok(exit::DONE)
}

/// Removes the unit. What is kept of the journals stays.
pub fn remove() -> Result<u8, Ended> {
    fs::remove_file(PLACE).map_err(|error| failed(Path::new(PLACE), error))?;
    say(&format!(
        "{PLACE} is gone. Stop what still runs:\n  systemctl stop sequra-forward\n  systemctl daemon-reload"
    ));
    Ok(exit::DONE)
}

/// Who runs it, as the unit says it, and by numbers where they are known.
struct Owner {
    user: String,
    group: String,
    numbers: Option<(u32, u32)>,
}

/// The one who is asked for, or else the one whom every journal is of.
fn owner(settings: &Settings, asked: &Install) -> Result<Owner, Ended> {
    let mut owners = BTreeSet::new();
    for journal in &settings.journals {
        let there = fs::metadata(journal).map_err(|error| failed(journal, error))?;
        owners.insert((there.uid(), there.gid()));
    }
    let whose = owners.into_iter().collect::<Vec<_>>();
    match (&asked.user, &whose[..]) {
        (Some(user), [.., (_, group)]) => Ok(Owner {
            user: user.clone(),
            group: asked.group.clone().unwrap_or_else(|| group.to_string()),
            numbers: None,
        }),
        (None, [(user, group)]) => Ok(Owner {
            user: user.to_string(),
            group: asked.group.clone().unwrap_or_else(|| group.to_string()),
            numbers: Some((*user, *group)),
        }),
        (_, []) => Err(wrong(
            "The configuration names no journals; sequra-forward enrol adds one.".to_owned(),
        )),
        (None, _) => Err(wrong(
            "The journals are several users': say with --user (and --group, which may write to all of them) who runs it.".to_owned(),
        )),
    }
}

fn unit(config: &Path, settings: &Settings, owner: &Owner) -> Result<String, Ended> {
    let program = std::env::current_exe().map_err(|error| failed(config, error))?;
    let mut writes: BTreeSet<PathBuf> = BTreeSet::from([settings.state.clone()]);
    let folders = settings.journals.iter().chain(&settings.log);
    writes.extend(folders.filter_map(|path| path.parent()).map(Path::to_owned));
    let is_temporary = |path: &PathBuf| path.starts_with("/tmp") || path.starts_with("/var/tmp");
    let own_tmp = match writes.iter().any(is_temporary) || is_temporary(&program) {
        true => "no",
        false => "yes",
    };
    let writes: Vec<String> = writes.iter().map(|path| quoted(path)).collect();
    Ok(UNIT
        .replace("{program}", &quoted(&program))
        .replace("{config}", &quoted(config))
        .replace("{user}", &owner.user)
        .replace("{group}", &owner.group)
        .replace("{own_tmp}", own_tmp)
        .replace("{writes}", &writes.join(" ")))
}

/// As systemd reads a path: in quotes, and with what it would take for a placeholder doubled.
fn quoted(path: &Path) -> String {
    let text = path
        .to_string_lossy()
        .replace('\\', r"\\")
        .replace('"', "\\\"");
    format!("\"{}\"", text.replace('%', "%%").replace('$', "$$"))
}

/// For its owner alone: tokens lie in it.
fn set_mode(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// Whoever runs it must be able to read what was kept by who enrolled the journals.
fn give(folder: &Path, owner: &Owner) -> std::io::Result<()> {
    let Some((user, group)) = owner.numbers else {
        say(&format!(
            "Give {} to whoever runs it: chown -R {}:{} {}",
            folder.display(),
            owner.user,
            owner.group,
            folder.display()
        ));
        return Ok(());
    };
    chown(folder, Some(user), Some(group))?;
    for file in fs::read_dir(folder)?.flatten() {
        if file.file_type()?.is_file() {
            chown(file.path(), Some(user), Some(group))?;
        }
    }
    Ok(())
}

fn wrong(why: String) -> Ended {
    Ended(exit::CONFIGURATION, why)
}

fn failed(path: &Path, why: std::io::Error) -> Ended {
    Ended(exit::FAILED, format!("{}: {why}.", path.display()))
}

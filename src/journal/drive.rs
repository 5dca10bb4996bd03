//! What a journal must not lie on, what it should not, and who can read it.

use super::beside::{INDEX_OF_IT, WRITE_AHEAD_LOG, beside};
use crate::problem::Problem;
use crate::system::Ground;
use crate::vocabulary::ErrorCode;
use std::fs;
use std::path::Path;

/// File systems that several machines have at once, by their numbers (statfs). A till's locks are not
/// seen by a till on another machine there, nor the memory that tills share (SQLite: "all processes
/// using a database must be on the same host computer").
const REMOTE_NUMBERS: &[u64] = &[
    0x6969,      // nfs
    0x517b,      // smb
    0xff53_4d42, // cifs
    0xfe53_4d42, // smb2
    0x564c,      // ncp
    0x5346_414f, // afs
    0x6b41_4653, // kafs
    0x7375_7245, // coda
    0x0102_1997, // 9p
    0x00c3_6400, // ceph
    0x0bd0_0bd0, // lustre
    0x4750_4653, // gpfs
    0x7461_636f, // ocfs2
    0x0116_1970, // gfs2
    0x1983_0326, // beegfs
    0x2003_0528, // orangefs
    0xaad7_aaea, // panfs
    0x786f_4256, // vboxsf
    0xbacb_acbc, // vmhgfs
    0x7c7c_6673, // prl_fs
];
/// The same by their names, where one number stands for many (`fuse.NAME`): those that fetch from
/// another machine or from the host of a virtual one. What is not known here is a local disk's, such as
/// `fuseblk`.
const REMOTE_NAMES: &[&str] = &[
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "ncpfs",
    "afs",
    "coda",
    "9p",
    "ceph",
    "lustre",
    "gpfs",
    "ocfs2",
    "gfs2",
    "beegfs",
    "orangefs",
    "vboxsf",
    "vmhgfs",
    "prl_fs",
    "virtiofs",
    "davfs",
    "sshfs",
    "s3fs",
    "rclone",
    "davfs2",
    "gvfsd-fuse",
    "kio-fuse",
    "curlftpfs",
    "ftpfs",
    "smbnetfs",
    "fusesmb",
    "glusterfs",
    "ceph-fuse",
    "mfs",
    "juicefs",
    "seaweedfs",
    "gcsfuse",
    "blobfuse",
    "blobfuse2",
    "goofys",
    "mountpoint-s3",
    "google-drive-ocamlfuse",
    "onedriver",
    "vmhgfs-fuse",
    "prl_fsd",
    "grpcfuse",
    "fakeowner",
    "osxfs",
];
/// Folders that synchronisers of files make, by the beginning of their names, and whose they are. They
/// copy a file while it is being written, and put another machine's copy in its place.
const SYNCHRONISED: &[(&str, &str)] = &[
    ("dropbox", "Dropbox"),
    ("onedrive", "OneDrive"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("my drive", "Google Drive"),
    ("mi unidad", "Google Drive"),
    ("mon drive", "Google Drive"),
    ("il mio drive", "Google Drive"),
    ("nextcloud", "Nextcloud"),
    ("owncloud", "ownCloud"),
    ("icloud", "iCloud"),
    ("iclouddrive", "iCloud"),
    ("com~apple~clouddocs", "iCloud"),
    ("mobile documents", "iCloud"),
    ("cloudstorage", "a cloud storage"),
    ("box sync", "Box"),
    ("pcloud", "pCloud"),
    ("megasync", "MEGA"),
    ("synologydrive", "Synology Drive"),
    ("seafile", "Seafile"),
    ("syncthing", "Syncthing"),
    ("resilio sync", "Resilio Sync"),
    ("tresorit", "Tresorit"),
    ("yandex.disk", "Yandex Disk"),
];
/// What they leave in the folder at the top of what they synchronise.
const MARKS: &[(&str, &str)] = &[
    (".dropbox", "Dropbox"),
    (".dropbox.cache", "Dropbox"),
    (".849c9593-d756-4e56-8d6e-42412f2a707b", "OneDrive"),
    (".tmp.drivedownload", "Google Drive"),
    (".tmp.driveupload", "Google Drive"),
    (".nextcloudsync.log", "Nextcloud"),
    (".owncloudsync.log", "ownCloud"),
    (".csync_journal.db", "Nextcloud or ownCloud"),
    (".stfolder", "Syncthing"),
    (".sync", "Resilio Sync"),
    (".synologyworkingdirectory", "Synology Drive"),
    (".seafile-data", "Seafile"),
];

/// Whether a file system is one that several machines have.
pub(super) fn is_remote(ground: &Ground) -> bool {
    let name = ground.name.as_deref().unwrap_or_default();
    let name = name.strip_prefix("fuse.").unwrap_or(name);
    ground.is_remote_drive
        || ground
            .number
            .is_some_and(|number| REMOTE_NUMBERS.contains(&number))
        || REMOTE_NAMES.contains(&name)
}

/// What the opening has to say of a journal's place.
pub(super) fn warnings(path: &Path) -> Vec<Problem> {
    let synchroniser = path.ancestors().skip(1).find_map(synchroniser);
    let synchronised = synchroniser.map(|whose| {
        Problem {
            actual: Some(whose.into()),
            ..Problem::new(
                ErrorCode::JournalSynchronised,
                format!("The journal {} is in a folder that {whose} synchronises: it may put an old copy in the journal's place, or damage it. Put the journal into another folder.", path.display()),
            )
        }
    });
    synchronised.into_iter().chain(readable(path)).collect()
}

/// Whose synchronised folder this is, where it is one.
fn synchroniser(folder: &Path) -> Option<&'static str> {
    let name = folder.file_name()?.to_string_lossy().to_lowercase();
    let by_name = SYNCHRONISED
        .iter()
        .find(|(begin, _)| is_named(&name, begin));
    let by_mark = || {
        MARKS
            .iter()
            .find(|(mark, _)| fs::symlink_metadata(folder.join(mark)).is_ok())
    };
    Some(by_name.or_else(by_mark)?.1)
}

/// `OneDrive`, `OneDrive - My Shop`, `Dropbox (Personal)`, and not `onedrives`.
fn is_named(name: &str, begin: &str) -> bool {
    let rest = name.strip_prefix(begin);
    rest.is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
}

/// SQLite's companions belong to those who may have the journal: elsewhere SQLite sees to that, on Windows they
/// get the rights of the folder. What cannot be changed is told of by the opening.
#[cfg(windows)]
pub(super) fn share_rights(journal: &Path) {
    for companion in [WRITE_AHEAD_LOG, INDEX_OF_IT].map(|suffix| beside(journal, suffix)) {
        if readers(journal).is_none() && readers(&companion).is_some() {
            let _ = crate::system::give_rights_of(journal, &companion);
        }
    }
}

/// Who beside its owner can read the journal, or what lies beside it.
fn readable(path: &Path) -> Option<Problem> {
    let files = ["", WRITE_AHEAD_LOG, INDEX_OF_IT].map(|suffix| beside(path, suffix));
    let (file, who) = files.iter().find_map(|file| Some((file, readers(file)?)))?;
    Some(Problem {
        actual: Some(who.as_str().into()),
        ..Problem::new(
            ErrorCode::JournalReadable,
            format!(
                "{} is open to {who}, and holds shoppers' names and addresses. Unless that is meant, take the right away; a journal that the till makes is its owner's only.",
                file.display()
            ),
        )
    })
}

#[cfg(unix)]
fn readers(file: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let there = fs::symlink_metadata(file).ok()?;
    who_may(there.mode(), there.gid())
}

/// In words, who beside the owner may read or write a file of this mode.
#[cfg(any(unix, test))]
fn who_may(mode: u32, group: u32) -> Option<String> {
    let who = match (mode & 0o006, mode & 0o060) {
        (0, 0) => return None,
        (0, _) => format!("its group (number {group})"),
        _ => "everybody on this machine".to_owned(),
    };
    Some(format!("{who} (mode {:o})", mode & 0o777))
}

#[cfg(windows)]
fn readers(file: &Path) -> Option<String> {
    who_reads(&crate::system::rights(file).ok()?)
}

/// In words, whom Windows's text of a file's rights (SDDL) lets read beside its owner, administrators
/// and the system: groups that everybody or nearly everybody is in.
#[cfg(any(windows, test))]
fn who_reads(rights: &str) -> Option<String> {
    const MANY: &[(&str, &str)] = &[
        ("WD", "Everyone"),
        ("BU", "Users"),
        ("AU", "Authenticated Users"),
        ("IU", "Interactive"),
        ("BG", "Guests"),
        ("AN", "Anonymous"),
        ("DU", "Domain Users"),
        ("S-1-1-0", "Everyone"),
        ("S-1-5-32-545", "Users"),
        ("S-1-5-11", "Authenticated Users"),
    ];
    if rights.contains("NO_ACCESS_CONTROL") {
        return Some("Everyone".to_owned());
    }
    let mut found = Vec::new();
    for entry in rights.split('(').skip(1) {
        let fields: Vec<&str> = entry.trim_end_matches(')').split(';').collect();
        let [kind, flags, may, _, _, who, ..] = fields[..] else {
            continue;
        };
        let name = MANY.iter().find(|(short, _)| *short == who);
        if let (true, false, true, Some((_, name))) =
            (kind == "A", flags.contains("IO"), reads(may), name)
            && !found.contains(name)
        {
            found.push(*name);
        }
    }
    (!found.is_empty()).then(|| found.join(", "))
}

/// Whether such rights hold that of reading a file.
#[cfg(any(windows, test))]
fn reads(may: &str) -> bool {
    match may
        .strip_prefix("0x")
        .map(|hex| u32::from_str_radix(hex, 16))
    {
        // GENERIC_READ, GENERIC_ALL, FILE_READ_DATA.
        Some(bits) => bits.is_ok_and(|bits| bits & 0x9000_0001 != 0),
        None => ["FA", "FR", "GA", "GR", "CC"].iter().any(|word| {
            let pairs = may.as_bytes().chunks(2);
            pairs.into_iter().any(|pair| pair == word.as_bytes())
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(number: u64, name: &str) -> bool {
        is_remote(&Ground {
            number: Some(number),
            name: Some(name.to_owned()),
            ..Ground::default()
        })
    }

    #[test]
    fn what_several_machines_have_is_remote_and_a_local_disk_is_not() {
        const FUSE: u64 = 0x6573_5546;
        for (number, name) in [
            (0x6969, "nfs4"),
            (0xff53_4d42, "cifs"),
            (0x0102_1997, "9p"),
            (FUSE, "fuse.sshfs"),
            (FUSE, "virtiofs"),
            (FUSE, "fuse.rclone"),
            (0, "smb3"),
            (0x6969, "a name of tomorrow"),
        ] {
            assert!(on(number, name), "{name}");
        }
        for (number, name) in [
            (0xef53, "ext4"),
            (0x0102_1994, "tmpfs"),
            (0x794c_7630, "overlay"),
            (0x9123_683e, "btrfs"),
            (FUSE, "fuseblk"),
            (FUSE, "fuse.mergerfs"),
            (FUSE, "fuse"),
            (0x5846_5342, "xfs"),
        ] {
            assert!(!on(number, name), "{name}");
        }
        assert!(
            !is_remote(&Ground::default()),
            "where nobody says, it is believed"
        );
        let mapped = Ground {
            is_remote_drive: true,
            ..Ground::default()
        };
        assert!(is_remote(&mapped));
    }

    #[test]
    fn synchronised_folders_are_known_by_their_names() {
        let whose = |path: &str| Path::new(path).ancestors().skip(1).find_map(synchroniser);
        for (path, expected) in [
            ("/home/till/Dropbox/j.db", "Dropbox"),
            ("/home/till/Dropbox (Personal)/till/j.db", "Dropbox"),
            ("/home/till/OneDrive - Muñoz S.L./j.db", "OneDrive"),
            ("/home/till/Google Drive/j.db", "Google Drive"),
            ("/home/till/Nextcloud2/j.db", "Nextcloud"),
            (
                "/Users/t/Library/Mobile Documents/com~apple~CloudDocs/j.db",
                "iCloud",
            ),
        ] {
            assert_eq!(whose(path), Some(expected), "{path}");
        }
        for path in [
            "/srv/dropboxes/j.db",
            "/srv/my drives/j.db",
            "/srv/till/dropbox",
            "/j.db",
        ] {
            assert_eq!(whose(path), None, "{path}");
        }
    }

    #[test]
    fn who_may_read_is_said_in_words() {
        assert_eq!(who_may(0o100_600, 7), None);
        assert_eq!(who_may(0o100_611, 7), None);
        assert_eq!(
            who_may(0o100_644, 7).unwrap(),
            "everybody on this machine (mode 644)"
        );
        assert_eq!(
            who_may(0o100_602, 7).unwrap(),
            "everybody on this machine (mode 602)"
        );
        assert_eq!(
            who_may(0o100_640, 7).unwrap(),
            "its group (number 7) (mode 640)"
        );
    }

    #[test]
    fn windows_rights_are_read() {
        let own = "D:P(A;;FA;;;S-1-5-21-1-2-3-1001)(A;;FA;;;BA)(A;;FA;;;SY)";
        assert_eq!(who_reads(own), None);
        let inherited = "D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)(A;ID;0x1301bf;;;AU)";
        assert_eq!(who_reads(inherited).unwrap(), "Users, Authenticated Users");
        for (rights, expected) in [
            ("D:(A;;FR;;;WD)", Some("Everyone")),
            ("D:(A;OICIIO;GA;;;BU)", None),
            ("D:(D;;FA;;;WD)", None),
            ("D:(A;;0x100000;;;WD)", None),
            ("D:NO_ACCESS_CONTROL", Some("Everyone")),
            ("D:", None),
        ] {
            assert_eq!(who_reads(rights).as_deref(), expected, "{rights}");
        }
    }
}

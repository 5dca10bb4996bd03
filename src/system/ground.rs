//! What the system says of the place of a file.

/// What a file lies on, as far as the system says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ground {
    /// Linux: the file system's number (statfs).
    pub(crate) number: Option<u64>,
    /// Linux: its name, such as `nfs4` or `fuse.sshfs`.
    pub(crate) name: Option<String>,
    /// Linux: the file is mounted by itself, as containers do it with a single file.
    pub(crate) is_mounted_alone: bool,
    /// Windows: a drive of another machine.
    pub(crate) is_remote_drive: bool,
}

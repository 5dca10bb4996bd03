//! A disk that forgets: what a power cut can leave of a folder, made from the record of what a
//! process did to it.
//!
//! What is assumed of the disk is what POSIX promises and SQLite asks for (sqlite.org: "Atomic
//! Commit in SQLite", "Powersafe Overwrite"; unsynced data as in Pillai and others, "All File Systems
//! Are Not Created Equal", OSDI 2014), and nothing more:
//!
//! - fsync or fdatasync of a file makes its content durable as it is then, size included. It says
//!   nothing of the file's name.
//! - fsync of the folder makes its names durable as they are then: created, removed, renamed.
//! - What was done since then may have reached the disk or not, each change for itself: writes come
//!   to the disk in any order, and a later one may be there where an earlier one is not. Syncs order
//!   one file each; nothing orders one file against another, or content against names.
//! - A write may be torn: of its sectors of 512 bytes, any may be new and any old. A sector itself is
//!   torn only where the write begins or ends within it, and then the bytes outside the write keep
//!   what they held (SQLite's "powersafe overwrite").
//! - A file may have its new size and not its new bytes: these are then zeros, or what other files
//!   left there before.
//! - A rename happens wholly or not at all.
//! - A sync that fails has synced nothing, and a later one that succeeds does not make up for it: the
//!   system may have dropped the pages (Rebello and others, "Can Applications Recover from fsync
//!   Failures?", ATC 2020). What was written before it is lost unless it is written again.
//!
//! A disk that says "synced" and is not is beyond any software; the test of the judge uses one.

use crate::record::Operation;
use std::collections::{BTreeMap, HashMap};

const SECTOR: usize = 512;

/// A folder's files by name.
pub type Image = BTreeMap<String, Vec<u8>>;

/// Numbers that look random and are the same again for the same seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub fn coin(&mut self) -> bool {
        self.below(2) == 0
    }
}

/// What the power cut takes of the changes that were not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing: the process died, and the machine goes on.
    Spares,
    /// All of them, content and names.
    All,
    /// All content; the names are there.
    Content,
    /// The bytes, but not the sizes: zeros where there was nothing before.
    Bytes,
    /// All names; content is there where its name is.
    Names,
    /// The end of each file's last write, from a sector on.
    LastWrite,
    /// Whatever the dice say, of each change and each sector.
    Random,
}

impl Loss {
    /// Every kind that needs no dice.
    pub const PLAIN: [Loss; 6] = [
        Loss::All,
        Loss::Spares,
        Loss::Content,
        Loss::Bytes,
        Loss::Names,
        Loss::LastWrite,
    ];
}

#[derive(Clone, Debug)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Resize(usize),
}

#[derive(Clone, Debug, Default)]
struct File {
    durable: Vec<u8>,
    unsynced: Vec<Change>,
}

#[derive(Clone, Debug)]
enum Rename {
    Link(String, usize),
    Remove(String),
    Move(String, String),
}

type Names = BTreeMap<String, usize>;

/// The folder as the process sees it, and as the disk must have it.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    files: Vec<File>,
    open: HashMap<u64, usize>,
    seen: Names,
    durable: Names,
    unsynced: Vec<Rename>,
}

impl Disk {
    /// A folder with these files, all of it durable.
    pub fn new(image: &Image) -> Disk {
        let mut disk = Disk::default();
        for (name, content) in image {
            disk.durable.insert(name.clone(), disk.files.len());
            disk.files.push(File {
                durable: content.clone(),
                unsynced: Vec::new(),
            });
        }
        disk.seen = disk.durable.clone();
        disk
    }

    /// The next operation of the record.
    pub fn apply(&mut self, operation: &Operation) {
        match operation {
            Operation::Opened {
                fd,
                name,
                created,
                emptied,
            } => {
                if *created {
                    self.name(Rename::Link(name.clone(), self.files.len()));
                    self.files.push(File::default());
                }
                // The folder itself has no name in it.
                self.open.remove(fd);
                if let Some(&file) = self.seen.get(name) {
                    self.open.insert(*fd, file);
                    if *emptied {
                        self.files[file].unsynced.push(Change::Resize(0));
                    }
                }
            }
            Operation::Written { fd, at, bytes } => {
                let (at, bytes) = (*at, bytes.clone());
                self.file(*fd).unsynced.push(Change::Write { at, bytes });
            }
            Operation::Resized { fd, size } => {
                self.file(*fd).unsynced.push(Change::Resize(*size));
            }
            Operation::Synced { fd } => {
                let file = self.file(*fd);
                for change in std::mem::take(&mut file.unsynced) {
                    make(&mut file.durable, &change);
                }
            }
            Operation::SyncFailed { fd } => {
                // The folder may be what it was about: its names then stay unsynced.
                if let Some(file) = self.open.get(fd) {
                    self.files[*file].unsynced.clear();
                }
            }
            Operation::FolderSynced => {
                self.durable = self.seen.clone();
                self.unsynced.clear();
            }
            Operation::Removed { name } => self.name(Rename::Remove(name.clone())),
            Operation::Renamed { from, to } => self.name(Rename::Move(from.clone(), to.clone())),
            Operation::Sent { .. } | Operation::Booked { .. } => {}
        }
    }

    fn file(&mut self, fd: u64) -> &mut File {
        let file = self.open.get(&fd).expect("a file is opened before");
        &mut self.files[*file]
    }

    fn name(&mut self, change: Rename) {
        rename(&mut self.seen, &change);
        self.unsynced.push(change);
    }

    /// What a power cut at this moment leaves.
    pub fn after(&self, loss: Loss, dice: &mut Dice) -> Image {
        let names = match loss {
            Loss::All | Loss::Names => self.durable.clone(),
            Loss::Random => {
                let mut names = self.durable.clone();
                let kept = self.unsynced.iter().filter(|_| dice.coin());
                kept.for_each(|change| rename(&mut names, change));
                names
            }
            _ => self.seen.clone(),
        };
        names
            .into_iter()
            .map(|(name, file)| (name, self.files[file].after(loss, dice)))
            .collect()
    }
}

impl File {
    fn after(&self, loss: Loss, dice: &mut Dice) -> Vec<u8> {
        let mut content = self.durable.clone();
        match loss {
            Loss::All | Loss::Content => {}
            Loss::Spares | Loss::Names => {
                self.unsynced
                    .iter()
                    .for_each(|change| make(&mut content, change));
            }
            Loss::Bytes => content.resize(self.sizes().last().copied().unwrap_or(content.len()), 0),
            Loss::LastWrite => {
                if let Some((last, before)) = self.unsynced.split_last() {
                    before.iter().for_each(|change| make(&mut content, change));
                    if let Change::Write { at, bytes } = last {
                        let sectors = sectors(*at, bytes.len());
                        let kept = dice.below(sectors.len());
                        for (from, to) in sectors.into_iter().take(kept) {
                            write(&mut content, *at + from, &bytes[from..to]);
                        }
                    }
                }
            }
            Loss::Random => self.some(&mut content, dice),
        }
        content
    }

    /// The file's size after each unsynced change.
    fn sizes(&self) -> Vec<usize> {
        let mut size = self.durable.len();
        let after = |change: &Change| {
            size = match change {
                Change::Write { at, bytes } => size.max(at + bytes.len()),
                Change::Resize(to) => *to,
            };
            size
        };
        self.unsynced.iter().map(after).collect()
    }

    /// Each change wholly, not at all, or some of its sectors.
    fn some(&self, content: &mut Vec<u8>, dice: &mut Dice) {
        // Sometimes the size came first, and the bytes it promises are anything.
        if dice.coin() {
            let size = self.sizes().into_iter().max().unwrap_or(0);
            let rubbish = dice.coin();
            while content.len() < size {
                content.push(if rubbish { dice.next() as u8 } else { 0 });
            }
        }
        // How much of the work was done: a disk that is nearly ready is as likely as one that has
        // hardly begun.
        let share = dice.below(101);
        for change in &self.unsynced {
            match change {
                Change::Resize(_) => {
                    if dice.coin() {
                        make(content, change);
                    }
                }
                Change::Write { at, bytes } => {
                    let torn = dice.below(8) == 0;
                    let whole = dice.below(100) < share;
                    for (from, to) in sectors(*at, bytes.len()) {
                        if if torn { dice.coin() } else { whole } {
                            write(content, at + from, &bytes[from..to]);
                        }
                    }
                }
            }
        }
    }
}

/// The parts of a write that lie in one sector each.
fn sectors(at: usize, length: usize) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let mut from = 0;
    while from < length {
        let to = (from + SECTOR - (at + from) % SECTOR).min(length);
        parts.push((from, to));
        from = to;
    }
    parts
}

fn make(content: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write { at, bytes } => write(content, *at, bytes),
        Change::Resize(size) => content.resize(*size, 0),
    }
}

fn write(content: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if content.len() < at + bytes.len() {
        content.resize(at + bytes.len(), 0);
    }
    content[at..at + bytes.len()].copy_from_slice(bytes);
}

fn rename(names: &mut Names, change: &Rename) {
    match change {
        Rename::Link(name, file) => {
            names.insert(name.clone(), *file);
        }
        Rename::Remove(name) => {
            names.remove(name);
        }
        Rename::Move(from, to) => {
            if let Some(file) = names.remove(from) {
                names.insert(to.clone(), file);
            }
        }
    }
}

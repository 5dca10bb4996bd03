//! The clients that are open, by their handles.

use super::handle::Table;
use crate::client::Client;
use crate::config::JournalPlace;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A till's connection to seQura and to its journal. Any number of threads may use one at once.
#[allow(non_camel_case_types)]
pub struct sq_client {
    _private: [u8; 0],
}

/// What a client handle stands for.
pub(super) struct ClientHandle {
    pub(super) client: Client,
    poisoned: AtomicBool,
    /// That opened it.
    process: u32,
}

impl ClientHandle {
    /// Whether this process was forked from the one that opened it. What the client holds (the
    /// journal's connection and locks, the connections to seQura) is the other's: it is not used here,
    /// and not even closed, which would remove from under the other what it works with.
    fn is_inherited(&self) -> bool {
        self.process != std::process::id()
    }

    pub(super) fn is_poisoned(&self) -> bool {
        self.poisoned.load(Ordering::Acquire)
    }

    pub(super) fn poison(&self) {
        self.poisoned.store(true, Ordering::Release);
    }
}

static CLIENTS: Table<ClientHandle> = Table::new(1);

/// The client of a handle.
pub(super) fn find(client: *const sq_client) -> Option<Arc<ClientHandle>> {
    let found: Option<Arc<ClientHandle>> = CLIENTS.get(client);
    found.filter(|handle| !handle.is_inherited())
}

/// A handle for a client; NULL when there is no number left.
pub(super) fn insert(client: Client) -> *mut sq_client {
    CLIENTS.insert(Arc::new(ClientHandle {
        client,
        poisoned: AtomicBool::new(false),
        process: std::process::id(),
    }))
}

/// Closes the client of a handle, if it is one of this process; calls in progress on it end as usual.
pub(super) fn remove(client: *mut sq_client) -> Option<Arc<ClientHandle>> {
    find(client)?;
    CLIENTS.remove(client)
}

/// Whether a client that this process was forked with has the journal open. SQLite then takes the other
/// process's locks for its own, and the file would be torn.
pub(super) fn is_open_above(journal: &JournalPlace) -> bool {
    let JournalPlace::File(path) = journal else {
        return false;
    };
    let same = |other: &Path| match (path.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => path == other,
    };
    let inherited = CLIENTS.all().into_iter().filter(|one| one.is_inherited());
    inherited
        .filter_map(|one| one.client.journal_path().map(Path::to_owned))
        .any(|other| same(&other))
}

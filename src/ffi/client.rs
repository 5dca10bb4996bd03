//! Opening and closing clients; the account.

use super::buffer::sq_buffer;
use super::guard::{self, CallResult};
use super::handle::Table;
use crate::client::Client;
use crate::config::{Config, JournalPlace};
use crate::outcome::{Error, Outcome};
use crate::problem::Problem;
use crate::status::{SQ_INVALID_HANDLE, SQ_OK, Status, sq_status};
use crate::vocabulary::{ErrorCode, Next};
use serde_json::json;
use std::ffi::c_char;
use std::path::{Path, PathBuf};
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

/// Opens a client with a configuration.
///
/// `config_json` is one JSON object; its keys are listed in docs/configuration.md. Unknown keys are
/// refused. It is read as UTF-8, or, where its bytes are not UTF-8, in the `text_encoding` it names
/// itself.
/// No connection is made yet; the journal is opened, or made where there is none. It is a file on a
/// local disk, with one name; a relative path is the working directory's.
///
/// `*client` receives the client, to be closed with `sq_client_close`; NULL on failure.
/// `*out` (may be NULL) receives a buffer: `/data/journal/path` (absolute, through no link),
/// `/data/journal/created` (true: this call made it, and it is empty), `/data/journal/pending` (how
/// many orders are unfinished), `/data/text_encoding` (in ASCII: what this buffer and all texts of the
/// client are in, by its name in the Encoding Standard; not there where the configuration was
/// refused, whose buffer is UTF-8); `/errors` lists every problem of the configuration.
/// `/warnings`: a journal that was damaged and set aside (`journal_set_aside`, `actual` is where
/// it is now); one that others can read (`journal_readable`), or that lies in a folder which is
/// synchronised with other machines (`journal_synchronised`); a clock that may be wrong
/// (`clock_doubtful`: nothing is given up or removed by it); a setting that is allowed and most
/// likely not meant (`doubtful_setting`: a control character in a path, `total_ms` below a second,
/// blanks around the secret, a proxy for a loopback address).
/// Where something has no answer yet, or money is at risk, `/next` is "recover": call `sq_recover`.
///
/// Returns `SQ_OK`; `SQ_INVALID_ARGUMENT`; `SQ_INVALID_TEXT`; `SQ_INVALID_JSON`;
/// `SQ_INVALID_CONFIG`; `SQ_JOURNAL`; `SQ_INTERNAL`. Any thread.
///
/// # Safety
/// `config_json` is NUL-terminated; `client` and `out` point to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_client_open(
    config_json: *const c_char,
    client: *mut *mut sq_client,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        open(
            "client_open",
            client,
            out,
            &|| match config_json.is_null() {
                true => Err(null("config_json")),
                false => Ok(Config::from_bytes(guard::bytes(config_json))),
            },
        )
    }
}

/// Opens a client with a configuration file.
///
/// `path` is UTF-8, or else in the system's own encoding (Windows: read as Windows-1252). The file
/// is at most 1 MiB; UTF-8 with or without byte order mark, or in the `text_encoding` it names.
/// A relative `journal`, `account_secret_file` or `roots.file` in it is relative to the file's
/// folder (of the file itself, where `path` is a link). Where only the working directory has such
/// a file, that one is used, with the warning `other_folder`; where both have one:
/// `SQ_INVALID_CONFIG`.
///
/// Otherwise as `sq_client_open`; a file that cannot be read is `SQ_INVALID_CONFIG`.
///
/// # Safety
/// `path` is NUL-terminated; `client` and `out` point to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_client_open_file(
    path: *const c_char,
    client: *mut *mut sq_client,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        open("client_open_file", client, out, &|| match path.is_null() {
            true => Err(null("path")),
            false => Ok(Config::from_file(&file_path(guard::bytes(path)))),
        })
    }
}

/// Closes a client. Calls that other threads have in progress on it end as usual. The journal stays;
/// buffers stay until they are freed. NULL does nothing.
///
/// Returns `SQ_OK`; `SQ_INVALID_HANDLE` for one that is closed already, or that another process has,
/// from which this one was forked: its files are left alone. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn sq_client_close(client: *mut sq_client) -> sq_status {
    guard::status("client_close", || {
        if client.is_null() {
            return SQ_OK;
        }
        let own = find(client).is_some();
        match own.then(|| CLIENTS.remove(client)).flatten() {
            Some(_) => SQ_OK,
            None => SQ_INVALID_HANDLE,
        }
    })
}

/// Tries everything that a sale needs on this machine, for the till's set-up and for support.
///
/// `*out`: `/data/tests/N` with `name`, `ok`, `message` (null when well) and `detail`, one row each:
/// "name_resolution", "connection" (with TLS), "clock" (`/detail/skew_s`: seconds fast; not `ok`
/// beyond 5 minutes, which is a warning), "credentials" (with the account's merchants; `SQ_FORBIDDEN`
/// where a configured one is not among them, a warning where one may sell in other countries only),
/// "journal" (a durable write, `/detail/durable_write_ms`), "free_space" (8 MiB beside the journal).
///
/// Returns `SQ_OK`, or the status of the first row that failed: `SQ_UNREACHABLE`, `SQ_TLS`,
/// `SQ_OUTCOME_UNKNOWN`, `SQ_BAD_RESPONSE`, `SQ_UNAUTHORIZED`, `SQ_FORBIDDEN`, `SQ_NOT_FOUND`,
/// `SQ_GONE`, `SQ_CONFLICT`, `SQ_RATE_LIMITED`, `SQ_REFUSED`, `SQ_SERVER_ERROR`, `SQ_JOURNAL`;
/// `SQ_INVALID_HANDLE`; `SQ_INTERNAL`. Any thread.
///
/// # Safety
/// `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_self_test(
    client: *mut sq_client,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe { guard::client_call("self_test", client, out, &|call| call.client().self_test()) }
}

/// Asks seQura whether it knows this account, and which merchants it has.
///
/// `*out`: `/data/merchants/N/…` with id, name, country, allowed_countries, currency, realm, and
/// `configured` (true: the configuration names it). `/warnings` says what of the configuration
/// disagrees with the account: a merchant that it does not have, or a country of `merchants` in which
/// that merchant may not sell.
///
/// Returns `SQ_OK`; `SQ_INVALID_HANDLE`; `SQ_UNAUTHORIZED`; `SQ_FORBIDDEN`; `SQ_NOT_FOUND`;
/// `SQ_GONE`; `SQ_CONFLICT`; `SQ_RATE_LIMITED`; `SQ_REFUSED`; `SQ_UNREACHABLE`; `SQ_OUTCOME_UNKNOWN`; `SQ_TLS`;
/// `SQ_BAD_RESPONSE`; `SQ_SERVER_ERROR`; `SQ_INTERNAL`. Any thread.
///
/// # Safety
/// `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_check_credentials(
    client: *mut sq_client,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("check_credentials", client, out, &|call| {
            call.client().check_credentials()
        })
    }
}

/// Lists payment methods.
///
/// `order_url`: what `sq_start_solicitation` gave (or the bare uuid), for the methods that order may
/// be paid with, with their costs; NULL for the methods of the configured merchants, with their
/// limits. `*out`: `/data/methods/N/…` as seQura gives them (product, campaign, title, cost,
/// min_amount and max_amount in cents, starts_at, ends_at, …), each with its `category`,
/// `merchant_id` and `fits` (whether the order may be paid with it; null without an order).
///
/// When seQura cannot be reached, the merchant's methods that were last seen answer, held against
/// the order's amount: `/data/from_cache` is true then, `/data/as_of` says from when, and the
/// warnings why.
///
/// Returns as `sq_check_credentials`; also `SQ_INVALID_ARGUMENT`, `SQ_INVALID_TEXT`,
/// `SQ_FOREIGN_URL`, `SQ_JOURNAL`; `SQ_INVALID_CONFIG` for NULL where the configuration names no
/// merchant. Any thread.
///
/// # Safety
/// `order_url` is NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_payment_methods(
    client: *mut sq_client,
    order_url: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("payment_methods", client, out, &|call| {
            let order_url = call.optional_text("order_url", order_url)?;
            call.client().payment_methods(order_url.as_deref())
        })
    }
}

/// # Safety
/// As the two functions above.
unsafe fn open(
    name: &'static str,
    client: *mut *mut sq_client,
    out: *mut *mut sq_buffer,
    config: &dyn Fn() -> Result<Result<Config, Vec<Problem>>, Error>,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::free_call(name, out, &|manner| -> CallResult {
            let named = |outcome: Outcome| Outcome {
                operation: name,
                ..outcome
            };
            if client.is_null() {
                return Err(named(*null("client").0).into());
            }
            client.write_unaligned(std::ptr::null_mut());
            let config = config()
                .and_then(|config| config.map_err(refused))
                .map_err(|error| named(*error.0))?;
            manner.set(guard::Manner {
                language: config.language,
                encoding: config.text_encoding,
            });
            if is_open_above(&config.journal) {
                return Err(named(*shared_by_forking().0).into());
            }
            let encoding = config.text_encoding;
            // Also of a failure: who reads it into text of another kind must know what it is in.
            let named = |outcome: Outcome| {
                let mut outcome = named(outcome);
                let data = outcome.data.get_or_insert_with(|| json!({}));
                data["text_encoding"] = encoding.name().into();
                outcome
            };
            let (opened, outcome) =
                Client::open_with_outcome(config).map_err(|error| named(*error.0))?;
            let handle: *mut sq_client = CLIENTS.insert(Arc::new(ClientHandle {
                client: opened,
                poisoned: AtomicBool::new(false),
                process: std::process::id(),
            }));
            if handle.is_null() {
                let problem = Problem::new(
                    ErrorCode::Internal,
                    "No more clients can be open at once; close some.",
                );
                return Err(Outcome::failed(
                    name,
                    Status::Internal,
                    Next::FixConfiguration,
                    problem,
                )
                .into());
            }
            client.write_unaligned(handle);
            Ok(named(outcome))
        })
    }
}

/// Whether a client that this process was forked with has the journal open. SQLite then takes the other
/// process's locks for its own, and the file would be torn.
fn is_open_above(journal: &JournalPlace) -> bool {
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

fn shared_by_forking() -> Error {
    let problem = Problem::new(
        ErrorCode::JournalFailed,
        "The process that this one was forked from has this journal open, and so it cannot be opened here. Fork first, or start a program of its own; or name another journal.",
    );
    Error(Box::new(Outcome::failed(
        "client_open",
        Status::Journal,
        Next::FixConfiguration,
        problem,
    )))
}

fn null(name: &str) -> Error {
    Error(Box::new(Outcome::failed(
        "client_open",
        Status::InvalidArgument,
        Next::FixConfiguration,
        Problem::new(ErrorCode::NullArgument, format!("{name} is NULL.")),
    )))
}

/// What is no text or no JSON has its own status.
fn refused(problems: Vec<Problem>) -> Error {
    let status = match problems.first().map(|problem| problem.code) {
        Some(ErrorCode::InvalidText) => Status::InvalidText,
        Some(ErrorCode::InvalidJson) => Status::InvalidJson,
        _ => Status::InvalidConfig,
    };
    Error(Box::new(Outcome {
        status,
        errors: problems,
        next: Next::FixConfiguration,
        ..Outcome::ok("client_open")
    }))
}

/// A path as C programs have it.
fn file_path(bytes: &[u8]) -> PathBuf {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return PathBuf::from(text);
    }
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
    }
    #[cfg(not(unix))]
    {
        // The code page of an old western European till.
        let text = crate::text::TextEncoding::for_label("windows-1252")
            .and_then(|cp| cp.decode(bytes).ok().map(|text| text.into_owned()));
        PathBuf::from(text.unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned()))
    }
}

//! Opening and closing clients; the account.

use super::buffer::sq_buffer;
use super::c_text::{bytes, file_path};
use super::guard::{self, CallResult};
use super::open_clients::{self, sq_client};
use super::panics;
use crate::client::Client;
use crate::config::Given;
use crate::outcome::{Error, Outcome};
use crate::problem::Problem;
use crate::status::{SQ_INVALID_HANDLE, SQ_OK, Status, sq_status};
use crate::vocabulary::{ErrorCode, Next};
use serde_json::json;
use std::ffi::c_char;

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
/// many orders are unfinished), `/data/endpoint` (where seQura is), `/data/mode` ("live", "sandbox",
/// "simulator": the configuration's `environment`, or else what the host is known for, a loopback
/// address as a simulator; null for any other host. "sandbox" and "simulator" are only tries, and
/// every `operator_message` of the client says so first), `/data/text_encoding` (in ASCII: what this
/// buffer and all texts of the client are in, by its name in the Encoding Standard; not there where
/// the configuration was refused, whose buffer is UTF-8, in the `language` that it asks for);
/// `/errors` lists every problem of the configuration.
/// `/warnings`: a journal that was damaged and set aside (`journal_set_aside`, `actual` is where
/// it is now); one that others can read (`journal_readable`), or that lies in a folder which is
/// synchronised with other machines (`journal_synchronised`); a clock that may be wrong
/// (`clock_doubtful`: nothing is given up or removed by it); a setting that is allowed and most
/// likely not meant (`doubtful_setting`: a control character in a path, `total_ms` below a second,
/// blanks around the secret, a proxy for a loopback address, a path in a `base_url` that has none, an
/// `environment` that the host is known not to be, such as "live" for a loopback address: a gateway,
/// or a simulator that was left over), or a `trace` that cannot be written.
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
                false => Ok(Ok(Given::bytes(bytes(config_json)))),
            },
        )
    }
}

/// Opens a client with a configuration file.
///
/// `path` is UTF-8, or else in the system's own encoding (Windows: read as Windows-1252). The file
/// is at most 1 MiB; UTF-8 with or without byte order mark, or in the `text_encoding` it names.
/// A relative `journal`, `account_secret_file`, `roots.file` or `trace.file` in it is relative to the
/// file's folder (of the file itself, where `path` is a link). Where only the working directory has
/// such a file, that one is used, with the warning `other_folder`; where both have one:
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
            false => Ok(Given::file(&file_path(bytes(path)))),
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
    panics::status("client_close", || {
        if client.is_null() {
            return SQ_OK;
        }
        match open_clients::remove(client) {
            Some(_) => SQ_OK,
            None => SQ_INVALID_HANDLE,
        }
    })
}

/// Tries everything that a sale needs on this machine, for the till's set-up and for support.
///
/// `*out`: `/data/mode` as `sq_client_open` says it; `/data/tests/N` with `name`, `ok`, `message`
/// (null when well) and `detail`, one row each:
/// "name_resolution", "connection" (with TLS), "clock" (`/detail/skew_s`: seconds fast; not `ok`
/// beyond 5 minutes, which is a warning), "credentials" (with the account's merchants; `SQ_FORBIDDEN`
/// where a configured one is not among them, a warning where one may sell in other countries only),
/// "journal" (a durable write, `/detail/durable_write_ms`), "free_space" (8 MiB beside the journal);
/// and where the journal is enrolled with an office "forwarding" (`/detail` as `/data/forwarding` of
/// `sq_pending`; what lags for an hour is a warning).
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
/// `order_url`: an order, by its URL, uuid, `order_ref_1` or `cart_ref`, for the methods that it may
/// be paid with, with their costs; NULL for the methods of the configured merchants, with their
/// limits. `*out`: `/data/methods/N/…` as seQura gives them (product, campaign, title, cost,
/// min_amount and max_amount in cents, starts_at, ends_at, …), each with its `category`, the title
/// of that group (`category_title`), `merchant_id` and `fits` (whether the order may be paid with
/// it; null without an order).
///
/// When seQura cannot be reached, the merchant's methods that were last seen answer, held against
/// the order's amount: `/data/from_cache` is true then, `/data/as_of` says from when, and the
/// warnings why.
///
/// Returns as `sq_check_credentials`; also `SQ_INVALID_ARGUMENT`, `SQ_INVALID_TEXT`,
/// `SQ_FOREIGN_URL`, `SQ_UNKNOWN_ORDER`, `SQ_WRONG_STATE` (its start has no answer yet),
/// `SQ_JOURNAL`; `SQ_INVALID_CONFIG` for NULL where the configuration names no
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
            let order = match order_url.is_null() {
                true => None,
                false => Some(call.order_name("order_url", order_url)?),
            };
            call.client().payment_methods(order.as_deref())
        })
    }
}

/// "How much a month?": what an amount costs in instalments, before there is an order. No order
/// and no log entry comes of it.
///
/// `merchant_or_country`: a merchant's id, or the country that it sells in ("ES"); NULL: every
/// configured merchant. An amount is asked for in a country: the one given here, that of `merchants`
/// in the configuration, or that of `delivery_address.country_code` in `order_defaults`.
/// `total_cents`: what is to be paid, 1 or more. `currency`: NULL: "EUR". Of both texts "" is NULL;
/// the codes of countries and currencies may be in small letters.
///
/// `*out`: `/data/agreements/N/…` with merchant_id, country, currency, product, instalment_count,
/// total_with_tax, instalment_amount, instalment_fee, instalment_total, grand_total,
/// cost_of_credit, max_financed_amount (cents), apr and cost_of_credit_pct (hundredths of a per
/// cent); null where seQura does not say. `/data/raw/N/answer` is all that came.
/// `/operator_message` says number, amount, total and APR of an agreement, or nothing of it: an
/// instalment without its cost is advertising of credit. What the law wants beside it is the shop's.
/// An answer for another amount is `SQ_BAD_RESPONSE`; an agreement that says none, or whose figures
/// do not add up, is not said. Of several merchants each is said with its country.
///
/// When seQura cannot be reached, what it last said of this amount answers, for 24 hours:
/// `/data/from_cache` is true then, `/data/as_of` says from when, and the warnings why. The last 100
/// answers are kept, as a convenience: a power cut may take them.
///
/// Returns as `sq_check_credentials`; also `SQ_INVALID_TEXT`; `SQ_INVALID_ARGUMENT` for an amount
/// below 1, no country, or one in which nobody is configured to sell; `SQ_INVALID_CONFIG` where no
/// merchant is named. Any thread.
///
/// # Safety
/// The texts are NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_credit_agreements(
    client: *mut sq_client,
    merchant_or_country: *const c_char,
    total_cents: i64,
    currency: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("credit_agreements", client, out, &|call| {
            let whom = call.optional_text("merchant_or_country", merchant_or_country)?;
            let currency = call.optional_text("currency", currency)?;
            let (whom, currency) = (whom.as_deref(), currency.as_deref());
            call.client().credit_agreements(whom, total_cents, currency)
        })
    }
}

/// # Safety
/// As the two functions above.
unsafe fn open(
    name: &'static str,
    client: *mut *mut sq_client,
    out: *mut *mut sq_buffer,
    given: &dyn Fn() -> Result<Result<Given<'static>, Vec<Problem>>, Error>,
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
            let given = given().and_then(|given| given.map_err(refused));
            let given = given.map_err(|error| named(*error.0))?;
            let config = given.config().map_err(|problems| {
                let mut refusing = guard::Manner::default();
                refusing.voice.language = given.language();
                manner.set(refusing);
                named(*refused(problems).0)
            })?;
            manner.set(guard::Manner {
                voice: config.voice(),
                encoding: config.text_encoding,
            });
            if open_clients::is_open_above(&config.journal) {
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
            let handle = open_clients::insert(opened);
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

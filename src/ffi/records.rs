//! What the journal has to tell.

use super::buffer::sq_buffer;
use super::guard;
use super::open_clients::sq_client;
use crate::json;
use crate::limits;
use crate::outcome::{Error, Outcome};
use crate::problem::Problem;
use crate::status::{Status, sq_status};
use crate::transaction_log;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::{Map, Value};
use std::ffi::c_char;

/// Lists every unfinished order of this endpoint, oldest first. Asks only the journal; nothing is
/// sent.
///
/// `*out`: `/data/orders/N` as `/order` of other buffers, with `age_s` (seconds since it was
/// begun), `missing` ("answer", "form", "confirmation", "order_ref_1", or "shipment" with
/// `goods_leave` "after_the_sale") and `next` ("recover" while something of it has no answer,
/// otherwise what the last call about it said, until something else happens to it; "ship" while
/// that shipment is not known to seQura); `/data/at_risk`: the money of orders that are confirmed,
/// or may be, without being settled, in cents by currency and merchant: {"EUR":{"shop_es":5097}};
/// `/data/unshipped/N`: the settled orders of which goods are still to be shipped (seQura pays what
/// was shipped), as `/order` of other buffers, with `age_s`, `unshipped` (what these goods come to,
/// cents) and `next`, those first that were begun first, 1000 at most; `/data/unshipped_total`:
/// what is to be shipped of all of them, as `/data/at_risk`; `/data/open_reports/N`: the merchants
/// whose delivery report has no answer; `/data/forwarding`, only where the journal is enrolled with
/// an office: `journal_id` (what the office knows it by), `behind` (changes that the office does not
/// have; null: nobody can tell), `since` (when the oldest of them happened; null: none),
/// `acknowledged_at` (when the office last took something), `seen_at` (when the forwarder was last at
/// work), `trouble` (what keeps it from it, or null). What the office has taken over is not listed.
/// `/next` is "recover" where something has no answer or money is at risk, otherwise "none": each
/// order says its own.
///
/// Returns `SQ_OK`; `SQ_INVALID_HANDLE`; `SQ_JOURNAL`; `SQ_INTERNAL`. Any thread.
///
/// # Safety
/// `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_pending(client: *mut sq_client, out: *mut *mut sq_buffer) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe { guard::client_call("pending", client, out, &|call| call.client().pending()) }
}

/// Settles what a crash, a lost answer or a broken line left open: sends again, with the same
/// content, every step that has no final answer, and records what comes of it.
///
/// `order`: one order, by URL, uuid, `order_ref_1` or `cart_ref`; NULL: all of this endpoint. Call
/// it when the till starts, and from time to time while `sq_pending` lists orders whose `next` is
/// "recover". Several tills may do so at once: nothing is sent twice at the same time. An SMS is not
/// sent again unasked; the order then waits for `sq_send_form`. What stays in doubt because seQura's
/// answer may be the echo of the first attempt, a person ends (`sq_resolve`). A request that surely
/// never left and is a day old is not sent any more: its order goes back to where it was. Where the
/// clock is in doubt, seQura is asked what time it is; if it stays in doubt, such an order stays as
/// it is (`SQ_UNREACHABLE`, `clock_doubtful`).
///
/// `*out`: `/data/orders/N` as in `sq_pending`, each with `was` and `now` (its states before and
/// after), `status` (of what was sent for it; null: nothing was to be sent, the till has to act:
/// `next` says how) and `errors` (as `/errors`: why, where it was refused or not answered).
/// `/data/reports/N`: the delivery reports that had no answer and were sent again, as in
/// `sq_send_delivery_report`. `/data/remaining`: how many orders and reports still wait for an answer.
///
/// Of one order `/next` is the order's: what it needs where it stands. That something of it was
/// refused for a reason that is not its own (keys, too often, …) is past once it is named here; a
/// conflict is not. Of all, `/next` is as in `sq_pending`.
///
/// Returns `SQ_OK` when nothing waits for an answer any more (an order may have turned out to be
/// "conflicted": look at `now`); otherwise the status of the first that could not be settled, the
/// others settled all the same: `SQ_UNREACHABLE`, `SQ_OUTCOME_UNKNOWN`, `SQ_TLS`,
/// `SQ_BAD_RESPONSE`, `SQ_SERVER_ERROR`, `SQ_UNAUTHORIZED`, `SQ_FORBIDDEN`, `SQ_NOT_FOUND`,
/// `SQ_GONE`, `SQ_RATE_LIMITED`, `SQ_REFUSED`, `SQ_BUSY`, `SQ_JOURNAL`. Also `SQ_UNKNOWN_ORDER`,
/// `SQ_INVALID_HANDLE`, `SQ_INVALID_ARGUMENT`, `SQ_INVALID_TEXT`, `SQ_INTERNAL`. Any thread.
///
/// # Safety
/// `order` is NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_recover(
    client: *mut sq_client,
    order: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("recover", client, out, &|call| {
            let order = match order.is_null() {
                true => None,
                false => Some(call.order_name("order", order)?),
            };
            call.client().recover(order.as_deref())
        })
    }
}

/// What seQura has paid out to the shop.
///
/// `path`: NULL: the list, of every merchant that the configuration names; otherwise one of them
/// with its lines, by `/data/disbursements/N/path` of the list.
///
/// `*out` of the list: `/data/disbursements/N` as seQura gives it, with `merchant_id`: `reference`,
/// `issue_date`, `to_date`, `currency`, `disbursed_amount` and `adjustments_with_tax` (cents),
/// `path` [D]. Of one: `/data/disbursement` the same, and `/data/disbursement/lines/N` with
/// `order_ref_1`, `amount_with_tax` (cents, what this disbursement adds; negative: taken back) and
/// `maximum_amount_with_tax` (the order's original amount) [D], as seQura wrote them; `/warnings` names
/// what of them cannot be read (unreadable_answer).
///
/// Where one merchant's list cannot be had, the status says why, and `/data` has the others'.
///
/// Returns `SQ_OK`; `SQ_INVALID_ARGUMENT` (no such path); `SQ_FOREIGN_URL`; `SQ_INVALID_CONFIG` (no
/// merchant configured); `SQ_UNAUTHORIZED`; `SQ_FORBIDDEN`; `SQ_NOT_FOUND`; `SQ_UNREACHABLE`;
/// `SQ_OUTCOME_UNKNOWN`; `SQ_SERVER_ERROR`; `SQ_TLS`; `SQ_BAD_RESPONSE`; `SQ_RATE_LIMITED`;
/// `SQ_REFUSED`; `SQ_GONE`; `SQ_CONFLICT`; `SQ_INVALID_HANDLE`; `SQ_INVALID_TEXT`; `SQ_INTERNAL`.
/// Any thread.
///
/// # Safety
/// `path` is NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_disbursements(
    client: *mut sq_client,
    path: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("disbursements", client, out, &|call| {
            let path = call.optional_text("path", path)?;
            call.client().disbursements(path.as_deref())
        })
    }
}

/// Holds the orders that were settled here against what seQura has paid out. Reads the
/// disbursements that are new since the last time, each once, and keeps them in the journal. An
/// order whose confirmation or reference is in doubt is settled by one that pays exactly its
/// amount under its reference.
///
/// `*out`: `/data/paid/N` (paid in full, the last 1000), `/data/not_yet_paid/N`,
/// `/data/differing/N` (paid, but not what is owed: shipped or refunded in part, or wrong), each with
/// `order_ref_1`, `merchant_id`, `uuid`, `currency`, `amount` (owed) and `paid` (cents),
/// `settled_at`, `portal_url`, `shop_url` and `payouts` (`reference`, `issue_date`, `path`, `amount`
/// of each disbursement); `/data/unknown_here/N`: paid for a reference that no order of this journal
/// has in that currency, such as another till's. At most 1000 of each kind; `/data/totals` has the
/// count and the amount (cents) of all, by currency and merchant: `paid_out`, `not_yet_paid`,
/// `differing` (owed less paid), `unknown_here`. `/data/read`: how many disbursements were read now.
///
/// A disbursement is read whole or not at all. What cannot be read (no order, an amount that is no
/// whole number of cents, no currency or another, a line twice, no such path) is in `/warnings`,
/// unreadable_answer with `pointer` and `actual`: nothing of it counts, and it is asked for again. What
/// version 0.1.0 has read is asked for once more.
///
/// When seQura cannot be asked, the status says why, and `/data` compares with what was read before.
///
/// Returns as `sq_disbursements`; also `SQ_JOURNAL`. Any thread.
///
/// # Safety
/// `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_reconcile(
    client: *mut sq_client,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe { guard::client_call("reconcile", client, out, &|call| call.client().reconcile()) }
}

/// The transaction log: every request that changed or tried to change something at seQura, without
/// personal data. Asks only the journal.
///
/// `query_json`: NULL, or an object of which every key is optional: `order` (URL, uuid,
/// `order_ref_1` or `cart_ref`), `state`, `since` and `until` (a date, or a date and time),
/// `attention` (true: only what needs attention), `limit` (1 to 1000, default 100), `after`
/// (`/data/after` of the page before).
///
/// `*out`: `/data/entries/N`, first those that need attention (the last word on an order was a
/// failure, and nobody has dismissed it; before them attempts at which a till died, of which there
/// is no entry yet), then the newest: `id` (of such an attempt below 0), `at` (UTC), `operation`, `order`
/// (uuid, url, order_ref_1, merchant_id, amount in cents, currency, state, portal_url, shop_url;
/// null for a delivery report), `merchant_id`, `status`, `http` (status, request_id, elapsed_ms),
/// `errors` (codes and fields of a failure, as in a result's `/errors`), `description` (seQura's words,
/// with what names the shopper taken out as well as can be; null once nobody needs them any more),
/// `needs_attention`, `dismissed`, `actions` (what can be done: a word of `/next`, "dismiss"), `hash`
/// (of the chain); `/data/has_more`, `/data/after`.
///
/// An attempt without an entry has status "SQ_OUTCOME_UNKNOWN", no http and no `hash`, and cannot be
/// dismissed: it goes when it is asked again (`sq_recover`).
///
/// seQura's words go when what they refused is done after all, when the order is finished, when the
/// entry is dismissed; those on a sold order after `refusal_days` (default 7).
///
/// Entries older than `log_retention_days` are removed when a client is opened, or when an answer
/// of seQura's has shown that the clock is right.
///
/// Returns `SQ_OK`; `SQ_INVALID_ARGUMENT` (`/errors` lists every problem of the query);
/// `SQ_INVALID_JSON`; `SQ_INVALID_TEXT`; `SQ_INVALID_HANDLE`; `SQ_JOURNAL`; `SQ_INTERNAL`. Any
/// thread.
///
/// # Safety
/// `query_json` is NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_log(
    client: *mut sq_client,
    query_json: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("log", client, out, &|call| {
            let query = match call.optional_text("query_json", query_json)? {
                Some(text) => read_query(&text)?,
                None => Map::new(),
            };
            let query = transaction_log::parse(&query).map_err(|problems| {
                Error(Box::new(Outcome {
                    status: Status::InvalidArgument,
                    errors: problems,
                    next: Next::FixOrder,
                    ..Outcome::ok("log")
                }))
            })?;
            call.client().log(&query)
        })
    }
}

/// The figures between two moments: of a till's day, a shift, a month. Asks only the journal; works
/// for orders whose personal data is gone.
///
/// `since`, `until`: dates and times with their offset, such as "2026-11-27T09:00:00+01:00"; what
/// happened at `since` counts, what happened at `until` no more. Both NULL: this machine's local day,
/// of 23 or 25 hours where its clocks change. `since` alone NULL: from the beginning of the local day
/// in which `until` ends; `until` alone NULL: to the end of the present local day. "" is NULL.
///
/// `*out`: `/data/since`, `/data/until` (in UTC), and the figures, each by currency and merchant, in
/// cents (`/data/sold/EUR/shop_es`) and as a number (`/data/counts/sold/EUR/shop_es`):
/// - `confirmed`: what seQura confirmed, at the total that it had then;
/// - `sold`: what was settled, confirmed and its reference registered, at the total that it had then;
/// - `shipped`: the goods that seQura took as shipped, with the sale or after it (an update that takes
///   some back, as not shipped, counts against it);
/// - `refunded`: by how much sold orders came to less when seQura took a refund, a cancellation or an
///   update, whenever they were sold (an update by which one comes to more counts against it);
/// - `at_risk`: of what was confirmed, or may have been, between the two moments: what is now neither
///   settled nor known not to be confirmed.
///
/// Everything belongs to the moment at which this machine heard seQura's answer, by its clock then,
/// or a person said what the answer was (`sq_resolve`); in `at_risk`, without an answer, to that at
/// which seQura was asked. What did not happen is not there. Whoever sold an order has it among its
/// sales, whoever changed it has its changes, also after `sq_hand_over`.
///
/// A warning, `figures_incomplete`: a sum that is null is more than can be counted, or an amount of it
/// is missing in a damaged journal; or the journal is
/// of an earlier version, which noted no figures before the moment that the message names; or it was
/// restored from a copy, and lacks what the old till did after that moment; or the office has taken
/// over what was, or may have been, confirmed between the two moments: whether it is at risk is
/// known there.
///
/// Returns `SQ_OK`; `SQ_INVALID_ARGUMENT` (not a date and time with an offset, or `until` before
/// `since`); `SQ_INVALID_TEXT`; `SQ_INVALID_HANDLE`; `SQ_JOURNAL`; `SQ_INTERNAL`. Any thread.
///
/// # Safety
/// The texts are NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_day(
    client: *mut sq_client,
    since: *const c_char,
    until: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("day", client, out, &|call| {
            let since = call.said("since", since)?;
            let until = call.said("until", until)?;
            call.client().day(since.as_deref(), until.as_deref())
        })
    }
}

/// Marks an entry of the transaction log as seen to: it needs no attention any more. `entry_id`:
/// `/data/entries/N/id` of `sq_log`.
///
/// Returns `SQ_OK`, also when it was marked before; `SQ_INVALID_ARGUMENT` (no such entry);
/// `SQ_INVALID_HANDLE`; `SQ_JOURNAL`; `SQ_INTERNAL`. Any thread.
///
/// # Safety
/// `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_log_dismiss(
    client: *mut sq_client,
    entry_id: i64,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("log_dismiss", client, out, &|call| {
            call.client().log_dismiss(entry_id)
        })
    }
}

fn read_query(text: &str) -> Result<Map<String, Value>, Error> {
    let failed = |status, problems| {
        Error(Box::new(Outcome {
            status,
            errors: problems,
            next: Next::FixOrder,
            ..Outcome::ok("log")
        }))
    };
    match json::given("The query", text, limits::TEXT_BYTES) {
        Ok(Value::Object(query)) => Ok(query),
        Ok(_) => {
            let message = "A log query is a JSON object, such as {\"attention\": true}.";
            let problem = Problem::new(ErrorCode::WrongType, message);
            Err(failed(Status::InvalidArgument, vec![problem]))
        }
        Err(problems) => {
            let status = match problems[0].code {
                ErrorCode::InvalidJson => Status::InvalidJson,
                _ => Status::InvalidArgument,
            };
            Err(failed(status, problems))
        }
    }
}

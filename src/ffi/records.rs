//! What the journal has to tell.

use super::buffer::sq_buffer;
use super::client::sq_client;
use super::guard;
use crate::status::sq_status;
use std::ffi::c_char;

/// Lists every unfinished order of this endpoint, oldest first. Asks only the journal; nothing is
/// sent.
///
/// `*out`: `/data/orders/N` as `/order` of other buffers, with `age_s` (seconds since it was begun),
/// `missing` ("answer", "form", "confirmation" or "order_ref_1") and `next`; `/data/at_risk`: the
/// money of orders that are confirmed, or may be, without being settled, in cents by currency and
/// merchant: {"EUR":{"shop_es":5097}}.
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
/// `order`: one order, by URL, uuid or `order_ref_1`; NULL: all of this endpoint. Call it when the
/// till starts, and from time to time while `sq_pending` lists orders whose `next` is "recover".
/// Several tills may do so at once: nothing is sent twice at the same time. An SMS is not sent
/// again unasked; the order then waits for `sq_send_form`.
///
/// `*out`: `/data/orders/N` as in `sq_pending`, each with `was` and `now` (its states before and
/// after) and `status` (of what was sent for it; null: nothing was to be sent, the till has to act:
/// `next` says how). `/data/remaining`: how many orders still wait for an answer.
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
                false => Some(call.text("order", order)?),
            };
            call.client().recover(order.as_deref())
        })
    }
}

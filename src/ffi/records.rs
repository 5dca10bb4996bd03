//! What the journal has to tell.

use super::buffer::sq_buffer;
use super::client::sq_client;
use super::guard;
use crate::status::sq_status;

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

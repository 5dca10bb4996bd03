//! The checkout: the manual IPN workflow, step by step.

use super::buffer::sq_buffer;
use super::guard;
use super::open_clients::sq_client;
use crate::lifecycle::Finding;
use crate::operation::Channel;
use crate::status::sq_status;
use std::ffi::c_char;

/// Starts a solicitation: sends the order to seQura, which answers with its URL.
///
/// `order_json`: the whole order, with or without the outer {"order": …}; amounts are integer cents.
/// The configuration's `order_defaults` are merged under it, `merchant.id` is filled in where the
/// configuration decides it. No URL of the shop's may be in it: seQura cannot call a till back. An
/// `order_ref_1` that is in it already makes the confirmation settle the order at once. A text that is
/// empty or blank counts as left out, and is sent as it came where nothing takes its place.
///
/// One person and one address are written once: an `invoice_address` that is left out is the
/// `delivery_address` (and the other way round), names are taken from where they are, `company` and
/// `address_line_2` are empty where they are missing. A country written as its name (in Spanish,
/// English, French, Italian or Portuguese) or with three letters is sent as its code, with the
/// warning country_understood. Nothing else that is given is changed.
///
/// `*out`: `/order/url` is what the later calls take; keep it with the sale. `/errors/N` lists
/// every problem of the order, each with its JSON pointer; `/warnings/N` what is passed on
/// untouched although seQura does not document it, or documents it otherwise; `/operator_message`
/// says where the form may ask the shopper for what is missing. The same order started again while
/// its first start has no answer continues that one.
///
/// Returns `SQ_OK`; nothing sent: `SQ_INVALID_ARGUMENT`, `SQ_INVALID_HANDLE`, `SQ_INVALID_TEXT`,
/// `SQ_INVALID_JSON`, `SQ_INVALID_ORDER`, `SQ_DUPLICATE_ORDER_REF`, `SQ_JOURNAL`, `SQ_BUSY`;
/// refused: `SQ_CONFLICT`, `SQ_DUPLICATE_ORDER_REF`, `SQ_UNAUTHORIZED`, `SQ_FORBIDDEN`,
/// `SQ_NOT_FOUND`, `SQ_GONE`, `SQ_RATE_LIMITED`, `SQ_REFUSED`; no final answer: `SQ_UNREACHABLE`,
/// `SQ_OUTCOME_UNKNOWN`, `SQ_TLS`, `SQ_BAD_RESPONSE`, `SQ_SERVER_ERROR`; `SQ_INTERNAL`. Any thread.
///
/// # Safety
/// `order_json` is NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_start_solicitation(
    client: *mut sq_client,
    order_json: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("start_solicitation", client, out, &|call| {
            let order = call.order("order_json", order_json)?;
            call.client().start_solicitation(order)
        })
    }
}

/// Says everything that is wrong with an order or missing in it. Asks only the journal; nothing is
/// recorded, and nothing sent.
///
/// `order`: the whole order, or as much of it as the till has, as for `sq_start_solicitation`; what
/// is said is what that would say.
///
/// `*out`: `/errors/N` and `/warnings/N`, what the shopper has to give first (`customer`,
/// `delivery_address`, `invoice_address`), each with its JSON pointer and an `operator_message` of
/// its own that names the field in the client's language: "The e-mail address of the customer is
/// missing.". A mobile number that is missing is a warning: the form may go by mail.
///
/// Returns `SQ_OK`: it can be started; `SQ_INVALID_ORDER`; `SQ_DUPLICATE_ORDER_REF`;
/// `SQ_INVALID_ARGUMENT`; `SQ_INVALID_TEXT`; `SQ_INVALID_JSON`; `SQ_JOURNAL`; `SQ_INVALID_HANDLE`;
/// `SQ_INTERNAL`. Any thread.
///
/// # Safety
/// `order` is NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_check_order(
    client: *mut sq_client,
    order: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("check_order", client, out, &|call| {
            let order = call.order("order", order)?;
            call.client().check_order(order)
        })
    }
}

/// Has seQura send the link to its form to the shopper's mobile, by SMS.
///
/// `order_url`: `/order/url` of the start, the uuid, its `order_ref_1` or its `cart_ref`.
/// `product_code`: e.g. "pp3", from `sq_payment_methods`. `campaign`: NULL or blank, but for pp5.
/// The number is the order's `mobile_phone`; seQura sends to Spanish mobiles only. The shopper, not
/// the staff, fills in the form, and shows the operator that it was approved.
///
/// Before it is sent: no number, or a landline's, is refused; a mobile of another country is a
/// warning. A product that seQura's list for the order (`sq_payment_methods` with `order_url`, within
/// the last ten minutes) does not have is refused; without such a list there is a warning, and no
/// request is made for it.
///
/// Returns as `sq_start_solicitation`; also `SQ_FOREIGN_URL`, `SQ_UNKNOWN_ORDER`,
/// `SQ_WRONG_STATE`. `SQ_RATE_LIMITED`: too many SMS for this order. Any thread.
///
/// # Safety
/// The texts are NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_send_form(
    client: *mut sq_client,
    order_url: *const c_char,
    product_code: *const c_char,
    campaign: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("send_form", client, out, &|call| {
            let order_url = call.order_name("order_url", order_url)?;
            let product_code = call.said("product_code", product_code)?;
            let product_code = product_code.ok_or_else(|| call.missing("product_code"))?;
            let campaign = call.said("campaign", campaign)?;
            call.client()
                .send_form(&order_url, &product_code, campaign.as_deref())
        })
    }
}

/// Has seQura send the link to its form to the shopper by SMS or by e-mail.
///
/// `channel`: "sms", which is `sq_send_form`, or "email", to the order's `customer.email`. The e-mail
/// is seen in public code, and whether seQura lets a POS shop use it is not documented: ask seQura
/// first. No mobile number is needed for it. All else is as in `sq_send_form`. The other
/// channel may be tried while the order waits for its shopper.
///
/// Returns as `sq_send_form`. `SQ_INVALID_ARGUMENT`: also another channel, or none;
/// `SQ_INVALID_ORDER`: also no `customer.email`. Any thread.
///
/// # Safety
/// The texts are NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_send_form_by(
    client: *mut sq_client,
    order_url: *const c_char,
    channel: *const c_char,
    product_code: *const c_char,
    campaign: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("send_form_by", client, out, &|call| {
            let order_url = call.order_name("order_url", order_url)?;
            let channel = call.said("channel", channel)?.unwrap_or_default();
            let channel = call.word("channel", &channel, Channel::ALL, Channel::as_str)?;
            let product_code = call.text("product_code", product_code)?;
            let campaign = call.said("campaign", campaign)?;
            call.client()
                .send_form_by(&order_url, channel, &product_code, campaign.as_deref())
        })
    }
}

/// Acknowledges that seQura has the order under review. Confirm it once it is approved.
///
/// `order_url`: its URL, uuid, `order_ref_1` or `cart_ref`. `order_json`: the whole order as it is
/// now; NULL: as last sent. References that it leaves out are kept, as in `sq_confirm`.
///
/// Returns as `sq_confirm`. Any thread.
///
/// # Safety
/// The texts are NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_hold(
    client: *mut sq_client,
    order_url: *const c_char,
    order_json: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("hold", client, out, &|call| {
            let order_url = call.order_name("order_url", order_url)?;
            let order = call.optional_order("order_json", order_json)?;
            call.client().hold(&order_url, order)
        })
    }
}

/// Confirms an order that the shopper says was approved.
///
/// `order_url`: its URL, uuid, `order_ref_1` or `cart_ref`. `order_json`: the whole order as it is
/// now; NULL: as last sent. Only after `SQ_OK` may the till mark the sale completed, and only when
/// `/order/state` is "settled" may the goods be handed over: the order then has its reference. State
/// "confirmed" means that the reference is still missing (`/next` is "set_order_ref"); without it
/// seQura never pays the shop. A reference that the order was given before and that `order_json`
/// leaves out is kept and sent. Where the configuration has `goods_leave` "after_the_sale", a call
/// that settles the order tells seQura at once that everything was shipped; where that fails, the
/// sale stands all the same: `SQ_OK` with the warning not_shipped, and `/next` is "ship" until seQura
/// knows it (`sq_recover`, or `sq_ship`).
///
/// `SQ_CONFLICT`: do not complete the sale and do not send a reference. `/errors/N/code` says what
/// changed: cart_total_mismatch, cart_changed, address_changed, customer_changed,
/// amount_above_approved, not_approved (the shopper has not finished), unrecognised.
/// `SQ_DUPLICATE_ORDER_REF`: the order's own `order_ref_1` is taken; the sale is not completed;
/// confirm again with another one.
/// `SQ_OUTCOME_UNKNOWN`: it may be confirmed. Call again with the same content, or `sq_recover`;
/// until then the sale is neither completed nor off. `not_sequras_answer`: somebody in between, such
/// as the shop's gateway, has answered, and the HTTP status is that one's. `/next` "contact_sequra":
/// seQura has refused what was sent again, perhaps because the first attempt was processed; look in
/// its portal, and say what is there (`sq_resolve`).
///
/// The same content again gives the same answer as the first time, from the journal where that is
/// certain (`/http/attempts` is 0 then). An order of another journal may be confirmed with its URL
/// and the whole order.
///
/// Returns as `sq_start_solicitation`; also `SQ_FOREIGN_URL`, `SQ_UNKNOWN_ORDER`,
/// `SQ_WRONG_STATE`. Any thread; calls about one order wait for each other.
///
/// ```c
/// sq_buffer *out = NULL;
/// sq_status status = sq_confirm(client, url, NULL, &out);
/// if (status == SQ_OK) complete_the_sale();
/// else show_operator(sq_buffer_text(out));
/// sq_buffer_free(out);
/// ```
///
/// # Safety
/// The texts are NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_confirm(
    client: *mut sq_client,
    order_url: *const c_char,
    order_json: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("confirm", client, out, &|call| {
            let order_url = call.order_name("order_url", order_url)?;
            let order = call.optional_order("order_json", order_json)?;
            call.client().confirm(&order_url, order)
        })
    }
}

/// Registers the shop's reference of a confirmed order: without it seQura neither processes nor
/// pays the order.
///
/// `order_url`: its URL, uuid or `cart_ref` (or the reference that it has).
///
/// `order_ref_1`: the shop's own number of the sale, unique for each merchant. `order_ref_2`: NULL
/// or empty, or a second one of the shop's own. It may follow: of a settled order, with the same
/// `order_ref_1`, another one is told to seQura by an update of the order. What `sq_confirm` says
/// of goods that leave after the sale holds here, too.
///
/// `SQ_DUPLICATE_ORDER_REF`: the reference is taken. The order stays confirmed and unpaid (state
/// "ref_conflicted", `/next` "choose_another_ref") until this is called with another one.
/// `SQ_OUTCOME_UNKNOWN`: as for `sq_confirm`. After an attempt without an answer "taken" may mean
/// taken by this order itself: it is no reason for another reference.
///
/// Returns as `sq_confirm`; `SQ_WRONG_STATE` before the confirmation, or for another `order_ref_1` of
/// a settled order. Any thread.
///
/// # Safety
/// The texts are NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_set_order_ref(
    client: *mut sq_client,
    order_url: *const c_char,
    order_ref_1: *const c_char,
    order_ref_2: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("set_order_ref", client, out, &|call| {
            let order_url = call.order_name("order_url", order_url)?;
            let order_ref_1 = call.text("order_ref_1", order_ref_1)?;
            let order_ref_2 = call.optional_text("order_ref_2", order_ref_2)?;
            // One of blanks is refused: a reference is never guessed at.
            let order_ref_2 = order_ref_2.filter(|text| !text.is_empty());
            call.client()
                .set_order_ref(&order_url, &order_ref_1, order_ref_2.as_deref())
        })
    }
}

/// Gives up an order that will not become a sale: the shopper left, or paid in another way. Nothing
/// is asked for it any more, neither by the till nor by `sq_recover`, and its personal data is
/// removed from the journal. Asks only the journal: seQura has no way to withdraw a solicitation,
/// and one that nobody confirms comes to nothing.
///
/// `order`: its URL, uuid, `order_ref_1` or `cart_ref`. Given up already: `SQ_OK` again. Orders that
/// were never confirmed and lie untouched for `abandon_after_days` (default 30) are given up when a
/// client is opened, or when seQura's answer has shown that the clock is right.
///
/// `SQ_WRONG_STATE`: seQura has confirmed it, or may have ("confirming": `sq_recover` finds out,
/// or somebody who looks in the portal and says so with `sq_resolve`). A "confirming" order of
/// which seQura itself says that it is gone (HTTP 410) can be given up: look in the portal first
/// whether it was confirmed. Of a settled order a change can be given up that has no answer but
/// seQura's HTTP 404 or 410: it has cancelled the order itself; it stays here as it was.
///
/// Returns `SQ_OK`; `SQ_UNKNOWN_ORDER`; `SQ_WRONG_STATE`; `SQ_BUSY`; `SQ_JOURNAL`;
/// `SQ_INVALID_ARGUMENT`; `SQ_INVALID_TEXT`; `SQ_INVALID_HANDLE`; `SQ_INTERNAL`. Any thread.
///
/// # Safety
/// `order` is NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_abandon(
    client: *mut sq_client,
    order: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("abandon", client, out, &|call| {
            call.client().abandon(&call.order_name("order", order)?)
        })
    }
}

/// A person ends what nobody's answer ends, and says what seQura's portal shows of an order that is
/// at risk: where seQura cannot be asked, or where its answer to the same request again may be the
/// echo of the first. Asks only the journal; nothing is sent.
///
/// `order`: its URL, uuid, `order_ref_1` or `cart_ref`. `outcome`: "confirmed" (the portal shows it
/// as it was asked for: confirmed, and under this order's reference where it has one), or
/// "not_confirmed". `reason`: for the log, such as "portal, 12:40, Ana"; required; 300 characters of
/// it are kept, without what they say of the shopper.
///
/// Only for what may have been processed and has no answer: a confirmation ("confirming"), a
/// reference ("referencing"), a change of a settled order. "confirmed" leads where seQura's yes
/// would have led; after "not_confirmed" the order is as it was before. Whatever seQura answers
/// later still counts, and so does a disbursement that names the order. The same said again:
/// `SQ_OK` again.
///
/// `SQ_WRONG_STATE`: nothing about it is unknown, or what is open surely was not processed.
///
/// Returns `SQ_OK`; `SQ_UNKNOWN_ORDER`; `SQ_WRONG_STATE`; `SQ_BUSY`; `SQ_JOURNAL`;
/// `SQ_INVALID_ARGUMENT`; `SQ_INVALID_TEXT`; `SQ_INVALID_HANDLE`; `SQ_INTERNAL`. Any thread.
///
/// ```c
/// sq_resolve(client, "R-100", "confirmed", "portal, 12:40, Ana", NULL);
/// ```
///
/// # Safety
/// The texts are NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_resolve(
    client: *mut sq_client,
    order: *const c_char,
    outcome: *const c_char,
    reason: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("resolve", client, out, &|call| {
            let order = call.order_name("order", order)?;
            let outcome = call.text("outcome", outcome)?;
            let reason = call.text("reason", reason)?;
            let finding = call.word("outcome", &outcome, Finding::ALL, Finding::as_str)?;
            call.client().resolve(&order, finding, &reason)
        })
    }
}

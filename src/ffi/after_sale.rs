//! After the sale.

use super::buffer::sq_buffer;
use super::guard;
use super::open_clients::sq_client;
use crate::changes::{Asked, UNSPECIFIED, input};
use crate::delivery_report::input as report;
use crate::limits;
use crate::status::sq_status;
use std::ffi::c_char;

/// Where an order stands, from the journal; nothing is sent (seQura documents no way to ask).
///
/// `order`: its URL, uuid, `order_ref_1` or `cart_ref`.
///
/// `*out`: `/order` as ever; `/data/amounts` (cents): `approved` (when it was confirmed),
/// `unshipped`, `shipped`, `refunded`, `owed` (unshipped and shipped), `paid` (by the disbursements
/// that `sq_reconcile` has read), and `delivery` ("unshipped", "partly_shipped", "shipped",
/// "refunded"), null before the order has carts; `/data/needs_review` (true while seQura reviews
/// it); `/data/payment_method` (`product` and `campaign` of the form that was sent last; null: none
/// was); `/data/unshipped_cart`, `/data/shipped_cart` (as seQura was told them); `/data/refusal`
/// (what seQura last said no to: `operation`, `status`, `errors` with `code`, `pointer`, `expected`,
/// `actual`, without its words; null: nothing, or it was done after all); `/data/handed_over` (`at`
/// and `document_id`, once it was handed over to another till; null: it goes on here);
/// `/data/taken_over` (`by`, `order_ref_1` (null: not decided yet) and `at`, once the office has
/// taken it over; null: it has not), and then `/order/order_ref_1` of what is not settled here is the
/// one that the office gives;
/// `/data/history/N`, oldest first, as the entries of `sq_log`. `/next` and `/operator_message` say
/// what the last call about it said; `/next` is "recover" while something of it has no answer.
///
/// Returns `SQ_OK`; `SQ_UNKNOWN_ORDER`; `SQ_INVALID_ARGUMENT`; `SQ_INVALID_TEXT`;
/// `SQ_INVALID_HANDLE`; `SQ_JOURNAL`; `SQ_INTERNAL`. Any thread.
///
/// # Safety
/// `order` is NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_order_info(
    client: *mut sq_client,
    order: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("order_info", client, out, &|call| {
            call.client().order_info(&call.order_name("order", order)?)
        })
    }
}

/// What a till prints for the shopper of a sale with seQura: as lines, and as fields. Made from the
/// journal; nothing is sent. It is no fiscal document, and says so.
///
/// `order`: its URL, uuid, `order_ref_1` or `cart_ref`. `columns`: how many characters a line has, 24
/// to 80 (paper of 58 mm: 32, of 80 mm: 48).
///
/// `*out`: `/data/lines/N`, none wider than `columns`, in the client's language and `text_encoding`:
/// what is left of what was sold, what it was and what went back where something did, the total, how
/// it is paid, the reference, what the shopper does next. How it is paid: "Pagado con seQura" for
/// what is settled, "Pendiente de referencia" for what is only confirmed, "Devuelto por completo"
/// where everything went back. Names are printed as a receipt printer can: one line each, or more
/// where they are long; control characters and marks that print nothing are left out, and what the
/// encoding lacks is what comes nearest. An East Asian character takes two columns, and in an
/// encoding of East Asia each character as many as bytes. Where nothing of a name prints, it is the
/// reference, or "Gastos" for a fee that has none.
///
/// `/data/fields`, the same for a till with its own layout: `items/N` (`type`, `reference`, `name`,
/// `quantity`, `price` and `total` in cents), `currency`, `sold` (what was confirmed), `refunded`,
/// `total` (what is left, cents) and `total_text`, `payment`, `order_ref_1` (null before it is
/// registered), `next_steps/N`, `not_fiscal`, `test`. `/data/mode` as `sq_client_open` says it. In
/// "sandbox" and "simulator" the first and the last line, `payment` and `test` say PRUEBA; otherwise
/// `test` is null.
///
/// `SQ_WRONG_STATE`: neither confirmed nor settled, or cancelled. `SQ_TAKEN_OVER`: another till's
/// journal or the office has it, and what became of it. A warning with `next` `contact_sequra`, and the
/// first of `next_steps`: the sale may be otherwise by now. The journal was restored from a copy
/// (`journal_restored`, until `sq_update_order` has told both carts), or seQura has said no to the last
/// change (its code).
///
/// Returns `SQ_OK`; `SQ_UNKNOWN_ORDER`; `SQ_WRONG_STATE`; `SQ_TAKEN_OVER`; `SQ_INVALID_ARGUMENT`;
/// `SQ_INVALID_TEXT`; `SQ_INVALID_HANDLE`; `SQ_JOURNAL`; `SQ_INTERNAL`. Any thread.
///
/// # Safety
/// `order` is NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_receipt(
    client: *mut sq_client,
    order: *const c_char,
    columns: i32,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("receipt", client, out, &|call| {
            let order = call.order_name("order", order)?;
            call.client().receipt(&order, columns)
        })
    }
}

/// Changes a settled order: carts, addresses, the customer, trackings. seQura is told the complete
/// present state of it [D]; what is left out stays as it is.
///
/// `order_ref_1`: the shop's reference (the order's URL, uuid or `cart_ref` will do). `update_json`:
/// an object with any of `unshipped_cart`, `shipped_cart` (whole carts, each adding up),
/// `delivery_address`, `invoice_address`, `customer`, `trackings`, `delivery_method`, …;
/// `merchant_reference` with an `order_ref_2` gives the order this second reference of the shop's.
///
/// A change that gets no answer is not lost: it is part of the next change of the order, and
/// `sq_recover` sends it. The same call again, while there is no answer, is the same change, also
/// after another one was asked for; in which order a call names items is all one.
///
/// `*out`: `/data/amounts` as in `sq_order_info`.
///
/// `SQ_INVALID_ORDER`: `/errors` lists every problem: totals that do not add up, another currency,
/// a wrong field. `SQ_WRONG_STATE`: not settled, or cancelled; or nothing would be left of an order
/// of which nothing was shipped (`sq_cancel` ends it). `SQ_CONFLICT`: seQura refuses it as it is;
/// nothing is changed.
///
/// An order that was sold with another journal is taken over by `sq_take_over`; or, where that one is
/// lost, by an update with both its carts as they are: from then on this journal has it, and the
/// other calls take its reference. (`merchant` {"id":"shop_es"} too, where the configuration names
/// more than one.) The warning not_handed_over says that the other journal may still change it.
///
/// Returns `SQ_OK`; `SQ_INVALID_ARGUMENT`; `SQ_INVALID_JSON`; `SQ_INVALID_TEXT`;
/// `SQ_INVALID_ORDER`; `SQ_UNKNOWN_ORDER`; `SQ_WRONG_STATE`; `SQ_CONFLICT`; `SQ_UNAUTHORIZED`;
/// `SQ_FORBIDDEN`; `SQ_NOT_FOUND` (seQura has no confirmed order of that reference); `SQ_GONE`;
/// `SQ_RATE_LIMITED`; `SQ_REFUSED`; `SQ_DUPLICATE_ORDER_REF`; `SQ_UNREACHABLE`;
/// `SQ_OUTCOME_UNKNOWN`; `SQ_SERVER_ERROR`; `SQ_TLS`; `SQ_BAD_RESPONSE`; `SQ_JOURNAL`; `SQ_BUSY`;
/// `SQ_INVALID_HANDLE`; `SQ_INTERNAL`. Any thread; calls about one order wait for each other.
///
/// # Safety
/// The texts are NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_update_order(
    client: *mut sq_client,
    order_ref_1: *const c_char,
    update_json: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("update_order", client, out, &|call| {
            let order = call.order_name("order_ref_1", order_ref_1)?;
            let update = call.optional_json("update_json", "order", update_json)?;
            let asked = input::update(update.ok_or_else(|| call.missing("update_json"))?);
            let asked = asked.map_err(|problems| call.refused(problems))?;
            call.client().change(&order, &asked)
        })
    }
}

/// Goods of a settled order were handed over or sent.
///
/// `items_json`: NULL (not an empty text) for all that is left, or a list:
/// [{"reference":"CAM-01","quantity":1}]. The `quantity` may be left out for all that is left of
/// the item; `line` (counted from 0, as it was sold) tells items with one reference apart. Some of
/// a line's goods go with their share of its total, the last with what is left, to the cent. A part
/// of goods that were weighed goes by `amount`, in cents, instead: {"reference":"Q1","amount":268}.
/// Discounts and vouchers go by the goods' share of the value, fees with the first goods; to say
/// otherwise name that line too, with the `amount` of cents that is to go (0: nothing).
///
/// Everything shipped already, as with `goods_leave` "with_the_order": `SQ_OK`, and nothing is
/// sent. `SQ_INVALID_ORDER` with `expected` and `actual`: more than there is, no such item, an item
/// that is not clear, a cart below zero.
///
/// Returns as `sq_update_order`, and what is said there of changes without an answer holds. Any
/// thread.
///
/// ```c
/// sq_ship(client, "R-100", NULL, NULL);
/// sq_ship(client, "R-101", "[{\"reference\":\"CAM-01\",\"quantity\":1}]", NULL);
/// ```
///
/// # Safety
/// The texts are NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_ship(
    client: *mut sq_client,
    order_ref_1: *const c_char,
    items_json: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("ship", client, out, &|call| {
            let order = call.order_name("order_ref_1", order_ref_1)?;
            let asked = match call.json_or_everything("items_json", items_json)? {
                None => Asked::Ship(None),
                Some(items) => input::ship(&items).map_err(|problems| call.refused(problems))?,
            };
            call.client().change(&order, &asked)
        })
    }
}

/// Goods that were shipped came back, or an amount is paid back.
///
/// `refund_json`: NULL (not an empty text) for everything that was shipped;
/// {"items":[{"reference":"CAM-01","quantity":1}]}, items as in `sq_ship` (fees stay, unless they
/// are named); or {"amount":500,"reason":"..."}: so many cents of what was shipped, and the goods
/// stay with the shopper [C]. With both, {"items":[...],"amount":638}, the goods come back and are
/// worth what the till says: discounts and other payments go with them as far as they make up for
/// it, and what they do not becomes a line with the name `reason`. It is printed and kept: nothing of
/// the shopper belongs in it. Without it the line has the word of the client's language.
///
/// With "preview": true nothing is recorded and nothing sent: `/data` says what would come of it.
///
/// `*out`: `/data/given_back`: how many cents this call gives back, which `/operator_message` says
/// too; `/data/amounts` as in `sq_order_info`. Of a preview: both as they would be, and
/// `/data/unshipped_cart`, `/data/shipped_cart`, `/data/preview` (true).
///
/// `SQ_INVALID_ORDER` with `negative_total`: a discount or another payment is named without the goods
/// that it goes with, so that the shopper would owe more.
///
/// `SQ_WRONG_STATE`: nothing was shipped (`sq_cancel` ends such an order); or all of it would come
/// back before seQura has answered that any was shipped (`sq_recover` asks).
///
/// Returns as `sq_ship`. Any thread.
///
/// # Safety
/// The texts are NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_refund(
    client: *mut sq_client,
    order_ref_1: *const c_char,
    refund_json: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("refund", client, out, &|call| {
            let order = call.order_name("order_ref_1", order_ref_1)?;
            let refund = match call.json_or_everything("refund_json", refund_json)? {
                None => return call.client().change(&order, &Asked::Refund(None)),
                Some(refund) => input::refund(&refund),
            };
            let refund = refund.map_err(|problems| call.refused(problems))?;
            match refund.is_preview {
                true => call.client().preview(&order, &refund.asked),
                false => call.client().change(&order, &refund.asked),
            }
        })
    }
}

/// Cancels a settled order of which nothing was shipped: nothing of it is owed any more.
///
/// `reason`: for seQura, such as "customer_cancel" [C]; NULL: "unspecified".
///
/// Cancelled already: `SQ_OK` again. `SQ_WRONG_STATE`: a part was shipped (`sq_refund`), or the order
/// is not confirmed (`sq_abandon`).
///
/// Returns as `sq_update_order`. Any thread.
///
/// # Safety
/// The texts are NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_cancel(
    client: *mut sq_client,
    order_ref_1: *const c_char,
    reason: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("cancel", client, out, &|call| {
            let order = call.order_name("order_ref_1", order_ref_1)?;
            let reason = call.said("reason", reason)?;
            let reason = reason.unwrap_or_else(|| UNSPECIFIED.to_owned());
            call.client().change(&order, &Asked::Cancel(reason))
        })
    }
}

/// Hands a settled order over to another till: writes what that till's journal needs, and closes the
/// order here. From then on every call that would change it here is `SQ_TAKEN_OVER`; `sq_order_info`
/// still shows it. Asks only the journal; nothing is sent.
///
/// `order`: its `order_ref_1`, URL, uuid or `cart_ref`.
///
/// `*out`: `/data/document`: a text, for `sq_take_over` there, as it is; it has nothing of the
/// shopper. `/data/document_id` and `/data/at`: which one it is, and when the order was handed over.
/// Asked again, after a lost answer or a power cut, it is the same document, with the warning
/// taken_over. Only one journal may take it over: two that do, and never hear of each other, nobody
/// can tell.
///
/// `SQ_WRONG_STATE`: not settled, or cancelled; or something of it has no answer yet (`sq_recover`).
///
/// Returns `SQ_OK`; `SQ_UNKNOWN_ORDER`; `SQ_WRONG_STATE`; `SQ_BUSY`; `SQ_JOURNAL`;
/// `SQ_INVALID_ARGUMENT`; `SQ_INVALID_TEXT`; `SQ_INVALID_HANDLE`; `SQ_INTERNAL`. Any thread.
///
/// # Safety
/// `order` is NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_hand_over(
    client: *mut sq_client,
    order: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("hand_over", client, out, &|call| {
            call.client().hand_over(&call.order_name("order", order)?)
        })
    }
}

/// Takes over an order that another till has handed over: it is known here from then on, with both
/// its carts as they were there, and changes go on from these. Asks only the journal; nothing is
/// sent.
///
/// `document`: `/data/document` of `sq_hand_over`, as it is.
///
/// `*out`: `/order`; `/data/amounts` as in `sq_order_info`; `/data/document_id`, `/data/from_journal`
/// and `/data/at`: which document it was, of which journal, and when. The same document again is the
/// same order: `SQ_OK`, and what was changed here since stays.
///
/// `SQ_INVALID_JSON`, `SQ_INVALID_ARGUMENT` (invalid_document): cut, edited, or no document.
/// `SQ_FOREIGN_URL`: of another endpoint or environment. `SQ_TAKEN_OVER`: this journal has handed
/// the order on with this document, or after it: it comes back with the document of the journal that
/// goes on with it now. `SQ_WRONG_STATE`: this journal has the order and did not hand it over
/// (not_handed_over), or another journal has taken the same document over (taken_over_twice):
/// compare with seQura's portal.
///
/// Returns `SQ_OK`; `SQ_INVALID_ARGUMENT`; `SQ_INVALID_JSON`; `SQ_INVALID_TEXT`; `SQ_FOREIGN_URL`;
/// `SQ_TAKEN_OVER`; `SQ_WRONG_STATE`; `SQ_BUSY`; `SQ_JOURNAL`; `SQ_INVALID_HANDLE`; `SQ_INTERNAL`.
/// Any thread.
///
/// # Safety
/// `document` is NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_take_over(
    client: *mut sq_client,
    document: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call("take_over", client, out, &|call| {
            let given = call.bounded("document", document, limits::DOCUMENT_BYTES)?;
            let given = given.filter(|text| !text.trim().is_empty());
            let given = given.ok_or_else(|| call.missing("document"))?;
            call.client().take_over(&given)
        })
    }
}

/// Tells seQura what was shipped: once a day, even if it is nothing [D].
///
/// `report_json`: NULL: for each merchant, the orders of which something was shipped since the last
/// report that seQura has taken, each with what was delivered and kept (`cart`), what remains
/// (`remaining_cart`) and when (`sent_at`); an empty list where there is none. Or a report of the
/// till's own, {"orders":[...],"statistics":{"orders":[...]}} [D], checked like an order before it
/// is sent. What is left out of it is as with NULL: {"statistics":{"orders":[...]}} adds the shop's
/// sales of the last 7 days, whoever paid for them, to what the journal knows. `merchant`:
/// {"id":"shop_es"}, where the configuration names more than one. Orders that are given do not count
/// as reported by the journal.
///
/// From the journal come platform and delivery_method; customer and statistics only from the till:
/// nothing of the shopper is kept, and statistics mean all the shop's sales.
///
/// A report without an answer of seQura's stays in the journal: the next call sends it first, with
/// the same content, and so does `sq_recover` with NULL. The orders of one that seQura has refused go
/// into the next.
///
/// `*out`: `/data/reports/N` of each report that was sent: `merchant_id`, `orders` (how many it told
/// of), `status`, `errors`. One merchant's failure does not keep the others' from being sent.
///
/// Returns `SQ_OK` when seQura has taken all of them; otherwise the status of the first that failed:
/// `SQ_INVALID_ORDER` (nothing was sent); `SQ_INVALID_JSON`; `SQ_INVALID_TEXT`; `SQ_INVALID_CONFIG`
/// (no merchant configured); `SQ_CONFLICT`; `SQ_UNAUTHORIZED`; `SQ_FORBIDDEN`; `SQ_NOT_FOUND`;
/// `SQ_GONE`; `SQ_RATE_LIMITED`; `SQ_REFUSED`; `SQ_UNREACHABLE`; `SQ_OUTCOME_UNKNOWN`;
/// `SQ_SERVER_ERROR`; `SQ_TLS`; `SQ_BAD_RESPONSE`; `SQ_JOURNAL`; `SQ_BUSY`; `SQ_INVALID_HANDLE`;
/// `SQ_INTERNAL`. Any thread.
///
/// ```c
/// sq_send_delivery_report(client, NULL, NULL);
/// ```
///
/// # Safety
/// `report_json` is NULL or NUL-terminated; `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_send_delivery_report(
    client: *mut sq_client,
    report_json: *const c_char,
    out: *mut *mut sq_buffer,
) -> sq_status {
    const NAME: &str = "send_delivery_report";
    // SAFETY: the caller's contract.
    unsafe {
        guard::client_call(NAME, client, out, &|call| {
            let report = call.optional_json("report_json", "delivery_report", report_json)?;
            let report = report.map(report::read).transpose();
            let report = report.map_err(|problems| call.refused(problems))?;
            call.client().send_delivery_report(report.as_ref())
        })
    }
}

//! Orders without a JSON library: built value by value, read back as JSON.

use super::buffer::{self, sq_buffer};
use super::c_text;
use super::guard;
use super::handle::{self, Table};
use super::open_clients::{self, sq_client};
use super::panics;
use crate::limits;
use crate::messages::Language;
use crate::order::{Goods, OrderBuilder};
use crate::status::{
    SQ_INTERNAL, SQ_INVALID_ARGUMENT, SQ_INVALID_HANDLE, SQ_INVALID_TEXT, SQ_OK, sq_status,
};
use crate::text_encoding::TextEncoding;
use crate::vocabulary::ErrorCode;
use serde_json::Value;
use std::ffi::c_char;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// An order being built.
#[allow(non_camel_case_types)]
pub struct sq_order {
    _private: [u8; 0],
}

struct Building {
    builder: Mutex<OrderBuilder>,
    encoding: TextEncoding,
    language: Language,
    /// A bug was caught in a call on it.
    poisoned: AtomicBool,
}

static ORDERS: Table<Building> = Table::new(3);

/// Begins an order.
///
/// `client`: texts given to this order are in its encoding; NULL: UTF-8. The decimal sign of
/// `sq_order_add_measured` is that of its language. The order does not depend on the client
/// otherwise. `*order` receives the order, to be freed with `sq_order_free`; NULL on failure.
///
/// Returns `SQ_OK`; `SQ_INVALID_ARGUMENT` (`order` is NULL); `SQ_INVALID_HANDLE`. Any thread.
///
/// # Safety
/// `order` points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_order_new(
    client: *mut sq_client,
    order: *mut *mut sq_order,
) -> sq_status {
    panics::status("order_new", || {
        if order.is_null() {
            return SQ_INVALID_ARGUMENT;
        }
        // SAFETY: checked for NULL; the rest is the caller's contract.
        unsafe { order.write_unaligned(ptr::null_mut()) };
        let (encoding, language) = match open_clients::find(client) {
            Some(handle) => {
                let config = handle.client.config();
                (config.text_encoding, config.language)
            }
            None if client.is_null() => (TextEncoding::default(), Language::default()),
            None => return SQ_INVALID_HANDLE,
        };
        let made = ORDERS.insert(Arc::new(Building {
            builder: Mutex::new(OrderBuilder::new()),
            encoding,
            language,
            poisoned: AtomicBool::new(false),
        }));
        // SAFETY: as above.
        unsafe { order.write_unaligned(made) };
        if made.is_null() { SQ_INTERNAL } else { SQ_OK }
    })
}

/// Sets a text at a JSON pointer; what the pointer leads through is made where it is not there.
///
/// "/customer/email" sets a field; "/cart/items/0/category" one of the first item; "-" as an index
/// appends to a list. A call that fails changes nothing.
///
/// Returns `SQ_OK`; `SQ_INVALID_ARGUMENT` (NULL, or a pointer that leads nowhere);
/// `SQ_INVALID_TEXT`; `SQ_INVALID_HANDLE`; `SQ_INTERNAL`. Any thread; calls on one order wait for
/// each other.
///
/// # Safety
/// The texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_order_set_text(
    order: *mut sq_order,
    json_pointer: *const c_char,
    text: *const c_char,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        edit("order_set_text", order, |building| {
            let text = building.required(text)?;
            building.set(json_pointer, Value::String(text))
        })
    }
}

/// Sets a whole number at a JSON pointer; amounts are in cents. Otherwise as `sq_order_set_text`.
///
/// # Safety
/// `json_pointer` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_order_set_int(
    order: *mut sq_order,
    json_pointer: *const c_char,
    value: i64,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        edit("order_set_int", order, |building| {
            building.set(json_pointer, value.into())
        })
    }
}

/// Sets true (1) or false (0) at a JSON pointer; any other value is `SQ_INVALID_ARGUMENT`. Otherwise
/// as `sq_order_set_text`.
///
/// # Safety
/// `json_pointer` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_order_set_flag(
    order: *mut sq_order,
    json_pointer: *const c_char,
    value: i32,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        edit("order_set_flag", order, |building| match value {
            0 | 1 => building.set(json_pointer, (value == 1).into()),
            _ => Err(SQ_INVALID_ARGUMENT),
        })
    }
}

/// Appends an item to "/cart/items".
///
/// `type`: "product" (also for NULL), "service", "handling", "discount", "invoice_fee",
/// "other_payment", "registration", …; `reference` and `name` may be NULL where the type needs
/// none. `total_with_tax`: cents, negative for discounts and other payments. `quantity` and
/// `price_with_tax` (cents) count for products and services only, which also get
/// `downloadable: false`; set that flag to change it. The cart's own total is never computed: set
/// "/cart/order_total_with_tax", and the start checks it against the items.
///
/// Returns as `sq_order_set_text`.
///
/// # Safety
/// The texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_order_add_item(
    order: *mut sq_order,
    r#type: *const c_char,
    reference: *const c_char,
    name: *const c_char,
    quantity: i64,
    price_with_tax: i64,
    total_with_tax: i64,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        edit("order_add_item", order, |building| {
            let kind = building.text(r#type)?;
            let reference = building.text(reference)?;
            let name = building.text(name)?;
            building
                .builder()
                .add_item(
                    kind.as_deref(),
                    reference.as_deref(),
                    name.as_deref(),
                    quantity,
                    price_with_tax,
                    total_with_tax,
                )
                .map_err(|_| SQ_INVALID_ARGUMENT)
        })
    }
}

/// Appends goods that were weighed or measured to "/cart/items": seQura's quantities are whole
/// numbers, so they are one piece, the name with the measure, at what they come to.
///
/// `type`: "product" (also for NULL) or "service". `quantity`: digits with a point or a comma,
/// "0.345" or "0,345"; at most 9 digits before it and 6 after it. `unit`: "kg", or another of at most
/// 20 characters. `price_with_tax`: of one unit, cents; negative for goods that come back. The line
/// gets quantity 1 and, as price and as total, quantity times price, rounded to the nearest cent, a
/// half up (away from zero), in whole numbers. Its name is "Queso 0,345 kg": with the digits as they
/// were given, and the decimal sign of the client's language, as tills print it (a point in English,
/// a comma in Spanish, French, Italian and Portuguese; of an order without a client a comma).
///
/// A part of it goes by its amount: `sq_ship`, `sq_refund`.
///
/// Returns as `sq_order_set_text`. `SQ_INVALID_ARGUMENT`: also a quantity that is empty, 0, negative
/// or no number (letters, an exponent, two signs, blanks inside) or has too many digits; a unit or a
/// name that is missing; another type; a total that no shop can mean.
///
/// # Safety
/// The texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_order_add_measured(
    order: *mut sq_order,
    r#type: *const c_char,
    reference: *const c_char,
    name: *const c_char,
    quantity: *const c_char,
    unit: *const c_char,
    price_with_tax: i64,
) -> sq_status {
    // SAFETY: the caller's contract.
    unsafe {
        edit("order_add_measured", order, |building| {
            let kind = building.text(r#type)?;
            let reference = building.text(reference)?;
            let name = building.text(name)?;
            let quantity = building.required(quantity)?;
            let unit = building.required(unit)?;
            let goods = Goods {
                item_type: kind.as_deref(),
                reference: reference.as_deref(),
                name: name.as_deref(),
            };
            let decimal = building.language.decimal_sign();
            building
                .builder()
                .add_measured(goods, &quantity, &unit, price_with_tax, decimal)
                .map_err(|_| SQ_INVALID_ARGUMENT)
        })
    }
}

/// The order as built so far: its JSON is the whole buffer, for `sq_start_solicitation` and
/// `sq_confirm`. It is not checked here.
///
/// Returns `SQ_OK`; `SQ_INVALID_HANDLE` (the buffer then is a result like any other's);
/// `SQ_INTERNAL`. Any thread.
///
/// # Safety
/// `out` is NULL or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sq_order_json(
    order: *mut sq_order,
    out: *mut *mut sq_buffer,
) -> sq_status {
    const NAME: &str = "order_json";
    let json = match find(order) {
        None => Err(guard::invalid_handle(
            NAME,
            ErrorCode::InvalidHandle,
            "This order was never begun, or is freed.",
        )),
        Some(building) if building.is_poisoned() => Err(guard::invalid_handle(
            NAME,
            ErrorCode::PoisonedHandle,
            "A bug of the library was caught in an earlier call on this order (SQ_INTERNAL). Free it and build another.",
        )),
        Some(building) => panics::body(NAME, || {
            let json = Value::Object(building.builder().document().clone()).to_string();
            match out.is_null() {
                true => ptr::null_mut(),
                false => buffer::new(&json, building.encoding),
            }
        })
        .map_err(|message| {
            building.poison();
            guard::internal(NAME, &message)
        }),
    };
    // SAFETY: the caller's contract.
    unsafe {
        match json {
            Ok(json) => {
                if !out.is_null() {
                    out.write_unaligned(json);
                }
                SQ_OK
            }
            Err(outcome) => guard::failed_call(outcome, out),
        }
    }
}

/// Frees an order. NULL, or one that was freed before, does nothing. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn sq_order_free(order: *mut sq_order) {
    panics::getter("order_free", (), || {
        ORDERS.remove(order);
    });
}

/// How many clients, buffers and orders are given out and not freed: 0 when nothing leaked. Any
/// thread.
#[unsafe(no_mangle)]
pub extern "C" fn sq_live_handles() -> i64 {
    handle::live()
}

fn find(order: *mut sq_order) -> Option<Arc<Building>> {
    panics::catch(|| ORDERS.get(order)).unwrap_or(None)
}

/// # Safety
/// The pointers `body` reads keep their functions' contracts.
unsafe fn edit(
    name: &str,
    order: *mut sq_order,
    body: impl FnOnce(&Building) -> Result<(), sq_status>,
) -> sq_status {
    let building = match find(order) {
        Some(building) if !building.is_poisoned() => building,
        _ => return SQ_INVALID_HANDLE,
    };
    let status = panics::status(name, || body(&building).err().unwrap_or(SQ_OK));
    if status == SQ_INTERNAL {
        building.poison();
    }
    status
}

impl Building {
    fn is_poisoned(&self) -> bool {
        self.poisoned.load(Ordering::Acquire)
    }

    fn poison(&self) {
        self.poisoned.store(true, Ordering::Release);
    }

    fn builder(&self) -> std::sync::MutexGuard<'_, OrderBuilder> {
        self.builder
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// # Safety
    /// `text` is NULL or NUL-terminated.
    unsafe fn text(&self, text: *const c_char) -> Result<Option<String>, sq_status> {
        if text.is_null() {
            return Ok(None);
        }
        // SAFETY: checked for NULL; the rest is the caller's contract.
        let bytes = unsafe { c_text::bytes(text) };
        if bytes.len() > limits::ORDER_BYTES {
            return Err(SQ_INVALID_ARGUMENT);
        }
        match self.encoding.decode(bytes) {
            Ok(text) => Ok(Some(text.into_owned())),
            Err(_) => Err(SQ_INVALID_TEXT),
        }
    }

    /// # Safety
    /// `text` is NULL or NUL-terminated.
    unsafe fn required(&self, text: *const c_char) -> Result<String, sq_status> {
        // SAFETY: the caller's contract.
        unsafe { self.text(text)? }.ok_or(SQ_INVALID_ARGUMENT)
    }

    /// # Safety
    /// `json_pointer` is NULL or NUL-terminated.
    unsafe fn set(&self, json_pointer: *const c_char, value: Value) -> Result<(), sq_status> {
        // SAFETY: the caller's contract.
        let pointer = unsafe { self.required(json_pointer)? };
        self.builder()
            .set(&pointer, value)
            .map_err(|_| SQ_INVALID_ARGUMENT)
    }
}

//! What the library's own parts cost without the library: the order parsed by serde_json, its state set, printed, and
//! PUT by ureq over a kept connection, compiled as the library is. `contest.c` loads it.

use base64::Engine;
use serde_json::Value;
use std::ffi::{CStr, c_char, c_int};

/// A line to seQura.
pub struct Floor(ureq::Agent);

/// Makes one; it lives as long as the process.
#[unsafe(no_mangle)]
pub extern "C" fn floor_new() -> *mut Floor {
    let settings = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build();
    Box::into_raw(Box::new(Floor(settings.into())))
}

/// Confirms an order; 1: it went well.
///
/// # Safety
/// `floor` is from [`floor_new`], the texts are NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn floor_put(
    floor: *mut Floor,
    url: *const c_char,
    order_json: *const c_char,
) -> c_int {
    // SAFETY: the caller's contract.
    let (floor, url, order) = unsafe {
        let text = |text| CStr::from_ptr(text).to_str();
        (&*floor, text(url), text(order_json))
    };
    let (Ok(url), Ok(order)) = (url, order) else {
        return 0;
    };
    put(&floor.0, url, order).unwrap_or(false).into()
}

fn put(line: &ureq::Agent, url: &str, order: &str) -> Result<bool, ureq::Error> {
    let Ok(mut document) = serde_json::from_str::<Value>(order) else {
        return Ok(false);
    };
    document["order"]["state"] = "confirmed".into();
    let credentials = base64::prelude::BASE64_STANDARD.encode("sandbox_key:sandbox_secret");
    let mut response = line
        .put(url)
        .header("Authorization", format!("Basic {credentials}"))
        .header("Accept", "application/json")
        .header("Content-Type", "application/json")
        .header("Sequra-Merchant-Id", "shop_es")
        .send(document.to_string())?;
    response.body_mut().read_to_vec()?;
    Ok(response.status() == 200)
}

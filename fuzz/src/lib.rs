//! What the targets share: a till of the C ABI that checks what every call promises.

use sequra_pos::inside::ffi::buffer::{sq_buffer, sq_buffer_free, sq_buffer_len, sq_buffer_text};
use sequra_pos::inside::ffi::client::{sq_client_close, sq_client_open};
use sequra_pos::inside::ffi::open_clients::sq_client;
use sequra_pos::inside::TextEncoding;
use serde_json::{Value, json};
use std::ffi::{CStr, CString, c_char};
use std::ptr;

/// The status that says that the library has a bug.
pub const INTERNAL: i32 = 9001;

pub type Status = i32;

/// The order that the sample tills sell.
pub const ORDER: &str = include_str!("../../bindings/c/order.json");

/// What one call came to.
pub struct Told {
    pub status: Status,
    pub result: Value,
}

impl Told {
    pub fn text(&self, pointer: &str) -> &str {
        self.result
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The status, and the codes of what was wrong or doubtful, each with its place.
    pub fn codes(&self) -> (Status, Vec<(String, String)>) {
        let listed = ["errors", "warnings"].into_iter().flat_map(|list| {
            let list = self.result[list].as_array().expect("a list");
            list.iter().map(|one| {
                let word = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
                (word("code"), word("pointer"))
            })
        });
        (self.status, listed.collect())
    }
}

/// What the buffers of clients are written in, whatever configuration the fuzzer has made for them.
pub const ENCODINGS: [&str; 5] = [
    "utf-8",
    "windows-1252",
    "iso-8859-15",
    "shift_jis",
    "gb18030",
];

fn read(text: &[u8]) -> Option<Value> {
    ENCODINGS.iter().find_map(|name| {
        let text = TextEncoding::for_label(name)?.decode(text).ok()?;
        serde_json::from_str(&text).ok()
    })
}

/// Makes a call, and checks what holds of every one: it is no bug of the library's, and its buffer is
/// JSON that says so.
pub fn called(call: impl FnOnce(*mut *mut sq_buffer) -> Status) -> Told {
    let mut out: *mut sq_buffer = ptr::null_mut();
    let status = call(&raw mut out);
    assert!(!out.is_null(), "{status} without a buffer");
    // SAFETY: a text of the library, which ends with a NUL and lives as long as the buffer.
    let text = unsafe { CStr::from_ptr(sq_buffer_text(out)) };
    assert_eq!(text.to_bytes().len(), sq_buffer_len(out) as usize);
    let result = read(text.to_bytes()).expect("the buffer is JSON");
    sq_buffer_free(out);
    assert_ne!(status, INTERNAL, "{result:#}");
    assert_eq!(result["code"], status, "{result:#}");
    assert_eq!(
        result["errors"].as_array().unwrap().is_empty(),
        status == 0,
        "{result:#}"
    );
    Told { status, result }
}

/// A text as C has it. Where it has a NUL it ends, as it would in C.
pub fn c_text(bytes: &[u8]) -> CString {
    let end = bytes
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(bytes.len());
    CString::new(&bytes[..end]).expect("there is no NUL in it")
}

/// An open client, closed at the end.
pub struct Till(pub *mut sq_client);

impl Till {
    /// `total_ms` bounds each call: where nobody listens a call tries again until then.
    pub fn open(base_url: &str, journal: &str, total_ms: u32) -> Result<Till, Told> {
        let config = json!({
            "base_url": base_url, "account_key": "key", "account_secret": "secret", "merchant_id": "shop_es",
            "journal": journal, "proxy": "none", "timeouts": {"connect_ms": 200, "total_ms": total_ms},
        });
        let config = CString::new(config.to_string()).expect("there is no NUL in it");
        let mut client = ptr::null_mut();
        // SAFETY: pointers that live as long as the call.
        let told = called(|out| unsafe { sq_client_open(config.as_ptr(), &raw mut client, out) });
        match told.status {
            0 => Ok(Till(client)),
            _ => Err(told),
        }
    }

    /// A function whose arguments are texts.
    pub fn one(&self, function: One, text: &CStr) -> Told {
        // SAFETY: texts and a place for the buffer that live as long as the call.
        called(|out| unsafe { function(self.0, text.as_ptr(), out) })
    }

    pub fn two(&self, function: Two, first: &CStr, second: &CStr) -> Told {
        // SAFETY: as above.
        called(|out| unsafe { function(self.0, first.as_ptr(), second.as_ptr(), out) })
    }

    pub fn three(&self, function: Three, first: &CStr, second: &CStr, third: &CStr) -> Told {
        // SAFETY: as above.
        called(|out| unsafe {
            function(self.0, first.as_ptr(), second.as_ptr(), third.as_ptr(), out)
        })
    }
}

impl Drop for Till {
    fn drop(&mut self) {
        assert_eq!(sq_client_close(self.0), 0);
    }
}

type Text = *const c_char;
type Out = *mut *mut sq_buffer;
pub type One = unsafe extern "C" fn(*mut sq_client, Text, Out) -> Status;
pub type Two = unsafe extern "C" fn(*mut sq_client, Text, Text, Out) -> Status;
pub type Three = unsafe extern "C" fn(*mut sq_client, Text, Text, Text, Out) -> Status;

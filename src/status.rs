//! Status codes: what every fallible function of the C ABI returns.
//!
//! The constants are the contract and end up as `#define`s in the header; [`Status`] is the same
//! list for Rust, made from them. Numbers keep clear of HTTP's own; where seQura's HTTP status
//! decides, its three digits end the number. Retired numbers are never reused.

use std::fmt;

/// What a call returns: one of the `SQ_…` status codes.
#[allow(non_camel_case_types)]
pub type sq_status = i32;

/// Done.
pub const SQ_OK: sq_status = 0;

/// A NULL or out-of-range argument. Nothing was sent.
pub const SQ_INVALID_ARGUMENT: sq_status = 1001;
/// No such handle: never given out, closed, freed, or poisoned by an earlier `SQ_INTERNAL`. Nothing
/// was sent.
pub const SQ_INVALID_HANDLE: sq_status = 1002;
/// Bytes that are not text in the agreed encoding; the buffer gives the byte offset. Nothing was
/// sent.
pub const SQ_INVALID_TEXT: sq_status = 1003;
/// Not JSON; the buffer gives line and column. Nothing was sent.
pub const SQ_INVALID_JSON: sq_status = 1004;
/// Configuration refused; the buffer lists every problem.
pub const SQ_INVALID_CONFIG: sq_status = 1005;
/// Order or update refused before sending; the buffer lists every problem, each with a JSON pointer.
pub const SQ_INVALID_ORDER: sq_status = 1006;
/// The order URL is not on the configured endpoint. Nothing was sent: credentials never leave for
/// another host.
pub const SQ_FOREIGN_URL: sq_status = 1007;
/// The journal knows no such order, and the call gave no data to go on. Nothing was sent.
pub const SQ_UNKNOWN_ORDER: sq_status = 1008;
/// Not allowed in the order's present state, e.g. a reference before the confirmation. Nothing was
/// sent.
pub const SQ_WRONG_STATE: sq_status = 1009;
/// The caller's memory is too small; nothing was written but the size needed.
pub const SQ_BUFFER_TOO_SMALL: sq_status = 1010;
/// Another till's journal, or the office, has taken the order over, and goes on with it there.
/// Nothing was sent.
pub const SQ_TAKEN_OVER: sq_status = 1011;

/// HTTP 409: seQura refuses the order as it is now. Do not complete the sale. To a confirmation, a
/// reference or a change after the sale this and every other 2xxx is seQura's own no, and not that
/// of somebody in between.
pub const SQ_CONFLICT: sq_status = 2409;
/// HTTP 409 because another confirmed order of this merchant has the same `order_ref_1`, or the
/// journal already knows it is taken.
pub const SQ_DUPLICATE_ORDER_REF: sq_status = 2001;
/// HTTP 401: seQura does not accept the account key and secret.
pub const SQ_UNAUTHORIZED: sq_status = 2401;
/// HTTP 403: this account may not use that merchant or that order.
pub const SQ_FORBIDDEN: sq_status = 2403;
/// HTTP 404: seQura knows nothing at this address.
pub const SQ_NOT_FOUND: sq_status = 2404;
/// HTTP 410: the order can no longer be used.
pub const SQ_GONE: sq_status = 2410;
/// HTTP 429: asked too often, e.g. too many SMS for one order.
pub const SQ_RATE_LIMITED: sq_status = 2429;
/// Any other HTTP 4xx.
pub const SQ_REFUSED: sq_status = 2400;

/// The request never reached seQura (name resolution, connection, proxy). Calling again is safe.
pub const SQ_UNREACHABLE: sq_status = 3001;
/// Sent, and no complete answer of seQura's came back, or one that may be the echo of an earlier
/// attempt: it may have been processed. Calling again is safe.
pub const SQ_OUTCOME_UNKNOWN: sq_status = 3002;
/// Certificate or handshake refused; nothing of the request was sent.
pub const SQ_TLS: sq_status = 3003;
/// An answer that breaks the protocol: no `Location`, a redirect, not HTTP, too large.
pub const SQ_BAD_RESPONSE: sq_status = 3004;
/// HTTP 5xx. Calling again is safe.
pub const SQ_SERVER_ERROR: sq_status = 3500;

/// The journal could not record it, so nothing was sent (disk full, read-only, corrupt, deleted or
/// replaced).
pub const SQ_JOURNAL: sq_status = 4001;
/// Another process or thread is working on this order and did not finish within the deadline.
pub const SQ_BUSY: sq_status = 4002;

/// A bug in the library, caught. The handle concerned is poisoned.
pub const SQ_INTERNAL: sq_status = 9001;

macro_rules! statuses {
    ($($variant:ident = $constant:ident),+ $(,)?) => {
        /// A status code; its documentation is that of the constant of the same name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(i32)]
        #[allow(missing_docs)]
        pub enum Status { $($variant = $constant),+ }

        impl Status {
            /// Every status, in the order of the contract.
            pub const ALL: &'static [Status] = &[$(Status::$variant),+];

            /// The constant's name, e.g. `SQ_CONFLICT`.
            pub const fn name(self) -> &'static str {
                self.c_name().to_str_ascii()
            }

            /// The constant's name as a C string, for the boundary.
            pub const fn c_name(self) -> StaticName {
                match self { $(Status::$variant => StaticName(concat!(stringify!($constant), "\0"))),+ }
            }
        }
    };
}

/// A name kept with its terminating NUL, so that C can borrow it for ever.
#[derive(Clone, Copy)]
pub struct StaticName(&'static str);

impl StaticName {
    /// The bytes, terminating NUL included.
    pub const fn with_nul(self) -> &'static [u8] {
        self.0.as_bytes()
    }

    const fn to_str_ascii(self) -> &'static str {
        self.0.split_at(self.0.len() - 1).0
    }
}

statuses! {
    Ok = SQ_OK,
    InvalidArgument = SQ_INVALID_ARGUMENT,
    InvalidHandle = SQ_INVALID_HANDLE,
    InvalidText = SQ_INVALID_TEXT,
    InvalidJson = SQ_INVALID_JSON,
    InvalidConfig = SQ_INVALID_CONFIG,
    InvalidOrder = SQ_INVALID_ORDER,
    ForeignUrl = SQ_FOREIGN_URL,
    UnknownOrder = SQ_UNKNOWN_ORDER,
    WrongState = SQ_WRONG_STATE,
    BufferTooSmall = SQ_BUFFER_TOO_SMALL,
    TakenOver = SQ_TAKEN_OVER,
    Conflict = SQ_CONFLICT,
    DuplicateOrderRef = SQ_DUPLICATE_ORDER_REF,
    Unauthorized = SQ_UNAUTHORIZED,
    Forbidden = SQ_FORBIDDEN,
    NotFound = SQ_NOT_FOUND,
    Gone = SQ_GONE,
    RateLimited = SQ_RATE_LIMITED,
    Refused = SQ_REFUSED,
    Unreachable = SQ_UNREACHABLE,
    OutcomeUnknown = SQ_OUTCOME_UNKNOWN,
    Tls = SQ_TLS,
    BadResponse = SQ_BAD_RESPONSE,
    ServerError = SQ_SERVER_ERROR,
    Journal = SQ_JOURNAL,
    Busy = SQ_BUSY,
    Internal = SQ_INTERNAL,
}

impl Status {
    /// The number that C sees.
    pub const fn code(self) -> sq_status {
        self as sq_status
    }

    /// The thousand: 0 done, 1 the call was wrong, 2 seQura said no, 3 no final answer,
    /// 4 this machine, 9 a bug.
    pub const fn class(self) -> i32 {
        self.code() / 1000
    }

    /// The status with this number, if there is one.
    pub fn from_code(code: sq_status) -> Option<Status> {
        Status::ALL
            .iter()
            .copied()
            .find(|status| status.code() == code)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

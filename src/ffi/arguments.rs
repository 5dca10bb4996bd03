//! A call on a client reads what it is given: texts in the client's encoding, JSON, orders.

use super::c_text::bytes;
use super::open_clients::ClientHandle;
use crate::client::Client;
use crate::json;
use crate::limits;
use crate::order::Order;
use crate::outcome::{Error, Outcome};
use crate::problem::Problem;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::Value;
use std::ffi::c_char;
use std::sync::Arc;

/// A call in progress on a client: reads its arguments.
pub(super) struct Call {
    pub(super) operation: &'static str,
    pub(super) handle: Arc<ClientHandle>,
}

impl Call {
    /// The client called.
    pub(super) fn client(&self) -> &Client {
        &self.handle.client
    }

    /// A text that must be there and not be empty.
    ///
    /// # Safety
    /// `text` is NULL or NUL-terminated.
    pub(super) unsafe fn text(&self, name: &str, text: *const c_char) -> Result<String, Error> {
        // SAFETY: the caller's contract.
        match unsafe { self.optional_text(name, text)? } {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(self.missing(name)),
        }
    }

    /// What names an order: not NULL, and not blank.
    ///
    /// # Safety
    /// `name` is NULL or NUL-terminated.
    pub(super) unsafe fn order_name(
        &self,
        argument: &str,
        name: *const c_char,
    ) -> Result<String, Error> {
        // SAFETY: the caller's contract.
        let name = unsafe { self.said(argument, name)? };
        name.ok_or_else(|| self.missing(argument))
    }

    /// A text that may be NULL.
    ///
    /// # Safety
    /// `text` is NULL or NUL-terminated.
    pub(super) unsafe fn optional_text(
        &self,
        name: &str,
        text: *const c_char,
    ) -> Result<Option<String>, Error> {
        // SAFETY: the caller's contract.
        unsafe { self.bounded(name, text, limits::TEXT_BYTES) }
    }

    /// A text that may be NULL, or blank, which says as much.
    ///
    /// # Safety
    /// `text` is NULL or NUL-terminated.
    pub(super) unsafe fn said(
        &self,
        name: &str,
        text: *const c_char,
    ) -> Result<Option<String>, Error> {
        // SAFETY: the caller's contract.
        let text = unsafe { self.optional_text(name, text)? };
        Ok(text.filter(|text| !text.trim().is_empty()))
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(
        &self,
        name: &str,
        given: &str,
        words: &[T],
        as_str: fn(T) -> &'static str,
    ) -> Result<T, Error> {
        let found = words.iter().copied().find(|&one| as_str(one) == given);
        found.ok_or_else(|| {
            let words: Vec<&str> = words.iter().copied().map(as_str).collect();
            let message = format!("{name} is one of: {}.", words.join(", "));
            self.fail(
                Status::InvalidArgument,
                Problem::new(ErrorCode::ArgumentOutOfRange, message),
            )
        })
    }

    /// A text of at most so many bytes that may be NULL.
    ///
    /// # Safety
    /// `text` is NULL or NUL-terminated.
    pub(super) unsafe fn bounded(
        &self,
        name: &str,
        text: *const c_char,
        most: usize,
    ) -> Result<Option<String>, Error> {
        if text.is_null() {
            return Ok(None);
        }
        // SAFETY: checked for NULL; the rest is the caller's contract.
        let bytes = unsafe { bytes(text) };
        if bytes.len() > most {
            let problem = json::too_many_bytes(name, bytes.len(), most);
            return Err(self.fail(Status::InvalidArgument, problem));
        }
        let encoding = self.client().config().text_encoding;
        match encoding.decode(bytes) {
            Ok(text) => Ok(Some(text.into_owned())),
            Err(bad) => Err(self.fail(
                Status::InvalidText,
                Problem {
                    actual: Some(bad.offset.into()),
                    ..Problem::new(
                        ErrorCode::InvalidText,
                        format!("{name} is not {} text: byte {} does not belong (counted from 0). If the till writes another encoding, name it in text_encoding.", encoding.name(), bad.offset),
                    )
                },
            )),
        }
    }

    /// JSON that may be NULL: of an order, or of what is asked of one.
    ///
    /// # Safety
    /// `json` is NULL or NUL-terminated.
    unsafe fn json_text(&self, name: &str, json: *const c_char) -> Result<Option<String>, Error> {
        // SAFETY: the caller's contract.
        unsafe { self.bounded(name, json, limits::ORDER_BYTES) }.map_err(|mut error| {
            if error.outcome().errors[0].code == ErrorCode::TooLarge {
                error.0.status = Status::InvalidOrder;
            }
            error
        })
    }

    /// What is asked of an order, as JSON, with or without this outer key; NULL and blanks ask nothing.
    ///
    /// # Safety
    /// `json` is NULL or NUL-terminated.
    pub(super) unsafe fn optional_json(
        &self,
        name: &str,
        outer: &str,
        json: *const c_char,
    ) -> Result<Option<Value>, Error> {
        // SAFETY: the caller's contract.
        let text = unsafe { self.json_text(name, json)? };
        let text = text.filter(|text| !text.trim().is_empty());
        self.read_json(name, outer, text)
    }

    /// The same where NULL means everything: then a blank text is no JSON, as an empty field of the till's must not
    /// ship or pay back a whole order.
    ///
    /// # Safety
    /// `json` is NULL or NUL-terminated.
    pub(super) unsafe fn json_or_everything(
        &self,
        name: &str,
        json: *const c_char,
    ) -> Result<Option<Value>, Error> {
        // SAFETY: the caller's contract.
        let text = unsafe { self.json_text(name, json)? };
        self.read_json(name, "", text)
    }

    fn read_json(
        &self,
        name: &str,
        outer: &str,
        text: Option<String>,
    ) -> Result<Option<Value>, Error> {
        let read = |text: String| json::given(name, &text, limits::ORDER_BYTES);
        text.map(read)
            .transpose()
            .map_err(|problems| self.refused(json::within(outer, problems)))
    }

    /// An order as JSON that must be there.
    ///
    /// # Safety
    /// `json` is NULL or NUL-terminated.
    pub(super) unsafe fn order(&self, name: &str, json: *const c_char) -> Result<Order, Error> {
        // SAFETY: the caller's contract.
        match unsafe { self.json_text(name, json)? } {
            Some(text) if !text.is_empty() => {
                Order::from_json(&text).map_err(|problems| self.refused(problems))
            }
            _ => Err(self.missing(name)),
        }
    }

    /// An order as JSON that may be NULL.
    ///
    /// # Safety
    /// `json` is NULL or NUL-terminated.
    pub(super) unsafe fn optional_order(
        &self,
        name: &str,
        json: *const c_char,
    ) -> Result<Option<Order>, Error> {
        // SAFETY: the caller's contract.
        let text = unsafe { self.json_text(name, json)? };
        let read = |text: String| Order::from_json(&text);
        text.map(read)
            .transpose()
            .map_err(|problems| self.refused(problems))
    }

    /// What is given cannot be taken: it is no JSON, or there is something wrong with what it says.
    pub(super) fn refused(&self, problems: Vec<Problem>) -> Error {
        let status = match problems.first().map(|problem| problem.code) {
            Some(ErrorCode::InvalidJson) => Status::InvalidJson,
            _ => Status::InvalidOrder,
        };
        Error(Box::new(Outcome {
            status,
            errors: problems,
            next: Next::FixOrder,
            ..Outcome::ok(self.operation)
        }))
    }

    /// An argument that must be given is not.
    pub(super) fn missing(&self, name: &str) -> Error {
        self.fail(
            Status::InvalidArgument,
            Problem::new(
                ErrorCode::NullArgument,
                format!("{name} is required; it is NULL or empty."),
            ),
        )
    }

    fn fail(&self, status: Status, problem: Problem) -> Error {
        Error(Box::new(Outcome::failed(
            self.operation,
            status,
            Next::FixOrder,
            problem,
        )))
    }
}

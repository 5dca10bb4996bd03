//! The result of a call, as every caller sees it: one JSON shape for all of them.
//!
//! Fields that do not apply are null, never missing, so that a till without a JSON library can ask
//! for `/order/state` by its pointer and always get an answer.

use crate::lifecycle::State;
use crate::limits;
use crate::messages::{self, Language, Offers, Situation, Voice};
use crate::problem::{Problem, count, listed};
use crate::status::Status;
use crate::vocabulary::Next;
use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};
use std::{fmt, io};

/// The order a call was about: `/order` of the buffer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrderView {
    /// What the later calls take; null until seQura gave it.
    pub url: Option<String>,
    /// Last segment of the URL: seQura's own reference of the order.
    pub uuid: Option<String>,
    /// Its place in its life, as the journal has it after this call.
    #[serde(serialize_with = "as_word")]
    pub state: State,
    /// The shop's own status for that state, through `status_mapping`.
    pub shop_status: Option<String>,
    /// The shop's reference.
    pub order_ref_1: Option<String>,
    /// The shop's second reference.
    pub order_ref_2: Option<String>,
    /// The till's own key of it, `cart.cart_ref`.
    pub cart_ref: Option<String>,
    /// Who sells.
    pub merchant_id: Option<String>,
    /// Total of its carts, in cents.
    pub amount: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// The order in seQura's merchant portal.
    pub portal_url: Option<String>,
    /// Why seQura last said no to it, for the operator message.
    #[serde(skip)]
    pub(crate) refused: Option<Problem>,
}

fn as_word<S: serde::Serializer>(state: &State, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(state.as_str())
}

/// What went over the wire: `/http` of the buffer; null when nothing did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct HttpView {
    /// HTTP status of the last answer; null when none came.
    pub status: Option<u16>,
    /// seQura's `X-Request-Id`, which tells seQura's people which request it was.
    pub request_id: Option<String>,
    /// Attempts in this call; 0 when the journal answered for an earlier one.
    pub attempts: u32,
    /// From the first attempt to the last answer, in ms.
    pub elapsed_ms: u64,
}

/// The result of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// Which call, named like its C function without `sq_`.
    pub operation: &'static str,
    /// The order, where the call was about one that the journal knows.
    pub order: Option<OrderView>,
    /// What went over the wire.
    pub http: Option<HttpView>,
    /// What went wrong, most telling first; seQura's own in seQura's order.
    pub errors: Vec<Problem>,
    /// What the till should do now.
    pub next: Next,
    /// What deserves a look although the call went its way.
    pub warnings: Vec<Problem>,
    /// What only this operation returns.
    pub data: Option<Value>,
    /// For the person at the till, one to three sentences; see [`Outcome::explain`].
    pub operator_message: String,
    /// Currency of the amounts in `errors`, where there is no order yet to say it.
    pub(crate) currency: Option<String>,
    /// The form goes by mail, for the operator message.
    pub(crate) is_by_email: bool,
    /// What an amount costs in instalments, for the operator message.
    pub(crate) offers: Option<Offers>,
    /// How many cents are given back by it.
    pub(crate) given_back: Option<i64>,
    /// What would come of it was only looked at.
    pub(crate) is_preview: bool,
}

impl Outcome {
    /// A call that ended well.
    pub fn ok(operation: &'static str) -> Outcome {
        Outcome {
            status: Status::Ok,
            operation,
            order: None,
            http: None,
            errors: Vec::new(),
            next: Next::None,
            warnings: Vec::new(),
            data: None,
            operator_message: String::new(),
            currency: None,
            is_by_email: false,
            offers: None,
            given_back: None,
            is_preview: false,
        }
    }

    /// A call that ended with one error.
    pub fn failed(operation: &'static str, status: Status, next: Next, error: Problem) -> Outcome {
        Outcome {
            status,
            next,
            errors: vec![error],
            ..Outcome::ok(operation)
        }
    }

    /// With what only this operation returns.
    pub fn with_data(self, data: Value) -> Outcome {
        Outcome {
            data: Some(data),
            ..self
        }
    }

    /// With what deserves a look, unless an error says it already.
    pub(crate) fn warned(mut self, warning: Option<Problem>) -> Outcome {
        let told = |one: &Problem| self.errors.iter().any(|error| error.code == one.code);
        let warning = warning.filter(|one| !told(one));
        self.warnings.extend(warning);
        self
    }

    /// Writes the operator message, once everything else is known.
    pub fn explain(mut self, voice: Voice) -> Outcome {
        let language = voice.language;
        self.errors = listed(self.errors, limits::ERRORS);
        self.warnings = listed(self.warnings, limits::ERRORS);
        self.explain_each(language);
        let order = self.order.as_ref();
        let refused = order.and_then(|order| order.refused.as_ref());
        let error = match self.status {
            // What the order is asked about, or stands in the way of, is what was said of it before.
            Status::Ok | Status::WrongState => refused.or(self.errors.first()),
            _ => self.errors.first(),
        };
        self.operator_message = messages::operator_message(
            language,
            &Situation {
                operation: self.operation,
                status: self.status,
                state: order.map(|order| order.state),
                next: self.next,
                error,
                error_count: count(&self.errors),
                warnings: &self.warnings,
                amount: order.and_then(|order| order.amount),
                currency: order
                    .and_then(|order| order.currency.as_deref())
                    .or(self.currency.as_deref()),
                order_ref_1: order.and_then(|order| order.order_ref_1.as_deref()),
                is_by_email: self.is_by_email,
                offers: self.offers.as_ref(),
                given_back: self.given_back,
                is_test: voice.is_test,
                is_preview: self.is_preview,
            },
        );
        self
    }

    /// What is wrong with an order is said of each thing; before it is sent, of what deserves a look, too.
    fn explain_each(&mut self, language: Language) {
        let is_looked_at = self.operation == "check_order";
        let errors = self.status == Status::InvalidOrder || is_looked_at;
        let errors = self.errors.iter_mut().filter(|_| errors);
        let warnings = self.warnings.iter_mut().filter(|_| is_looked_at);
        for problem in errors.chain(warnings) {
            let currency = self.currency.as_deref();
            problem.operator_message = Some(messages::message_of(language, problem, currency));
        }
    }

    /// `Ok` for [`Status::Ok`], an [`Error`] for the rest.
    pub fn into_result(self) -> Result<Outcome, Error> {
        match self.status {
            Status::Ok => Ok(self),
            _ => Err(Error(Box::new(self))),
        }
    }

    /// The buffer's JSON.
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Buffer<'a> {
            status: &'static str,
            code: i32,
            operation: &'static str,
            order: &'a Option<OrderView>,
            http: &'a Option<HttpView>,
            errors: &'a [Problem],
            operator_message: &'a str,
            next: Next,
            warnings: &'a [Problem],
            data: &'a Option<Value>,
        }
        let buffer = Buffer {
            status: self.status.name(),
            code: self.status.code(),
            operation: self.operation,
            order: &self.order,
            http: &self.http,
            errors: &self.errors,
            operator_message: &self.operator_message,
            next: self.next,
            warnings: &self.warnings,
            data: &self.data,
        };
        let mut json = Vec::with_capacity(1024);
        let mut serializer = serde_json::Serializer::with_formatter(&mut json, WithoutNul);
        let written = buffer.serialize(&mut serializer);
        written.expect("every field of a buffer has a JSON form");
        String::from_utf8(json).expect("JSON is text")
    }
}

/// JSON without blanks. A NUL in a text of seQura's would end it for every C program that reads it, and
/// the rest be lost: it becomes the character for what cannot be shown.
struct WithoutNul;

impl Formatter for WithoutNul {
    fn write_char_escape<W: io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        match escape {
            CharEscape::AsciiControl(0) => writer.write_all("\u{fffd}".as_bytes()),
            other => CompactFormatter.write_char_escape(writer, other),
        }
    }
}

/// A call that did not end with [`Status::Ok`]; the whole result travels with it.
#[derive(Clone, thiserror::Error)]
#[error("{} in {}: {}", .0.status, .0.operation, .0.errors.first().map_or("no details", |e| e.message.as_str()))]
pub struct Error(pub Box<Outcome>);

impl Error {
    /// How it ended.
    pub fn status(&self) -> Status {
        self.0.status
    }

    /// Everything that is known about it.
    pub fn outcome(&self) -> &Outcome {
        &self.0
    }
}

impl From<Outcome> for Error {
    fn from(outcome: Outcome) -> Error {
        Error(Box::new(outcome))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

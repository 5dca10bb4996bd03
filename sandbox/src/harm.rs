//! The kinds of bad luck.
//!
//! A till must cope with answers that come late, broken or not at all, and above all it
//! must tell "not processed" from "processed, but I was not told". Each kind says on
//! which side of that line it falls, and what becomes of the answer. Harm below HTTP is
//! done by the connection (`connection.rs`).

use crate::block_page::{self, Page, RequestId, foreign_answer};
use crate::connection::{Part, Plan, Wire};
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// On which side of processing a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// seQura never acts on the request.
    Before,
    /// seQura has acted; only the answer suffers.
    After,
}

/// What is done to the request or its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Harm {
    /// The answer comes late; with `before`, so does the processing.
    Delay {
        ms: u64,
        #[serde(default = "before")]
        when: When,
    },
    /// The connection is closed; nothing was processed.
    CloseBefore {},
    /// Processed, then the connection is closed without a byte of answer.
    CloseAfter {},
    /// The connection is reset (RST).
    Reset {
        #[serde(default = "before")]
        when: When,
    },
    /// Somebody in between answers; nothing was processed.
    Status {
        status: u16,
        #[serde(default)]
        body: String,
        #[serde(default = "html_type")]
        content_type: String,
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// Processed, but somebody in between answers (say 502).
    StatusAfter {
        status: u16,
        #[serde(default)]
        body: String,
        #[serde(default = "html_type")]
        content_type: String,
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// A gateway between the till and seQura answers in its place.
    BlockPage {
        #[serde(default = "forbidden")]
        status: u16,
        #[serde(default = "html_page")]
        page: Page,
        #[serde(default = "no_request_id")]
        request_id: RequestId,
        #[serde(default = "before")]
        when: When,
    },
    /// 409 with these texts; nothing was processed.
    Conflict { errors: Vec<String> },
    /// Processed; the connection ends after so many bytes of the answer.
    Truncate {
        bytes: usize,
        #[serde(default = "body_part")]
        of: Part,
    },
    /// A redirect; nothing was processed.
    Redirect {
        location: String,
        #[serde(default = "found")]
        status: u16,
    },
    /// These bytes in the answer's place, whatever they are, then the end of the connection.
    Garbage {
        #[serde(default = "garbage")]
        text: String,
        /// Over TLS: whether it is said that this is the end.
        #[serde(default)]
        close_notify: bool,
        #[serde(default = "after")]
        when: When,
    },
    /// A body of so many bytes, with its length announced or (chunked) not.
    Huge {
        bytes: u64,
        #[serde(default = "ok")]
        status: u16,
        #[serde(default)]
        chunked: bool,
        #[serde(default = "after")]
        when: When,
    },
    /// Processed; the answer has no `Location`.
    NoLocation {},
    /// Processed; `Location` names this URL, in which `{uuid}` stands for the order's.
    ForeignLocation { url: String },
    /// Processed; the answer trickles.
    Drip {
        bytes_per_s: u32,
        #[serde(default = "body_part")]
        of: Part,
    },
    /// A body that is declared as JSON and is not.
    BadJson {
        #[serde(default = "ok")]
        status: u16,
        #[serde(default = "cut_off_json")]
        body: String,
        /// Left out: `before` for a status of refusal, `after` otherwise.
        #[serde(default)]
        when: Option<When>,
    },
}

fn before() -> When {
    When::Before
}
fn after() -> When {
    When::After
}
fn body_part() -> Part {
    Part::Body
}
fn html_type() -> String {
    "text/html; charset=utf-8".into()
}
fn found() -> u16 {
    302
}
fn forbidden() -> u16 {
    403
}
fn html_page() -> Page {
    Page::Html
}
fn no_request_id() -> RequestId {
    RequestId::None
}
fn ok() -> u16 {
    200
}
fn garbage() -> String {
    "\u{0}\u{1}this is not HTTP\r\n\r\n".into()
}
fn cut_off_json() -> String {
    "{\"errors\":[\"Invalid data: ".into()
}

impl Harm {
    /// Does seQura get to act on the request?
    pub fn lets_through(&self) -> bool {
        match self {
            Harm::CloseBefore {}
            | Harm::Status { .. }
            | Harm::Conflict { .. }
            | Harm::Redirect { .. } => false,
            Harm::Delay { .. }
            | Harm::CloseAfter {}
            | Harm::StatusAfter { .. }
            | Harm::Truncate { .. }
            | Harm::NoLocation {}
            | Harm::ForeignLocation { .. }
            | Harm::Drip { .. } => true,
            Harm::Reset { when }
            | Harm::Garbage { when, .. }
            | Harm::Huge { when, .. }
            | Harm::BlockPage { when, .. } => *when == When::After,
            Harm::BadJson { status, when, .. } => match when {
                Some(when) => *when == When::After,
                None => *status < 400,
            },
        }
    }

    /// What the request has to wait for before anything else happens.
    pub fn wait_before(&self) -> Option<Duration> {
        match self {
            Harm::Delay {
                ms,
                when: When::Before,
            } => Some(Duration::from_millis(*ms)),
            _ => None,
        }
    }

    /// Does the harm. `response` is seQura's own answer, or an empty one of seQura's if
    /// the request was not processed.
    pub async fn spoil(&self, response: Response, wire: &Wire) -> Response {
        let has_body = hyper::body::Body::size_hint(response.body()).lower() > 0;
        // An answer without a body can only be harmed in its headers.
        let part = |of: Part| if has_body { of } else { Part::Answer };
        match self {
            Harm::Delay { ms, when } => {
                if *when == When::After {
                    tokio::time::sleep(Duration::from_millis(*ms)).await;
                }
                response
            }
            Harm::CloseBefore {} | Harm::CloseAfter {} => {
                wire.plan(Plan::Close);
                response
            }
            Harm::Reset { .. } => {
                wire.plan(Plan::Reset);
                response
            }
            Harm::Garbage {
                text, close_notify, ..
            } => {
                wire.plan(Plan::Replace {
                    others: text.clone().into_bytes(),
                    close_notify: *close_notify,
                });
                response
            }
            Harm::Truncate { bytes, of } => {
                wire.plan(Plan::cut(part(*of), *bytes));
                response
            }
            Harm::Drip { bytes_per_s, of } => {
                wire.plan(Plan::drip(part(*of), *bytes_per_s));
                response
            }
            Harm::Status {
                status,
                body,
                content_type,
                headers,
            }
            | Harm::StatusAfter {
                status,
                body,
                content_type,
                headers,
            } => foreign_answer(*status, body, content_type, headers),
            Harm::BlockPage {
                status,
                page,
                request_id,
                ..
            } => block_page::answer(*status, *page, *request_id),
            Harm::Redirect { location, status } => {
                let headers = BTreeMap::from([("Location".to_owned(), location.clone())]);
                foreign_answer(*status, "", &html_type(), &headers)
            }
            Harm::Conflict { errors } => {
                let conflict = crate::answers::errors(StatusCode::CONFLICT, errors);
                as_sequra(response, conflict)
            }
            Harm::BadJson { status, body, .. } => {
                let kind = "application/json; charset=utf-8";
                let answer = foreign_answer(*status, body, kind, &BTreeMap::new());
                as_sequra(response, answer)
            }
            Harm::Huge {
                bytes,
                status,
                chunked,
                ..
            } => {
                let kind = "application/json; charset=utf-8";
                let mut answer = foreign_answer(*status, "", kind, &BTreeMap::new());
                *answer.body_mut() = Body::new(Spaces {
                    left: *bytes,
                    announced: !chunked,
                });
                as_sequra(response, answer)
            }
            Harm::NoLocation {} => {
                let mut response = response;
                response.headers_mut().remove(header::LOCATION);
                response
            }
            Harm::ForeignLocation { url } => with_location(response, url),
        }
    }

    /// The name used in JSON.
    pub fn kind(&self) -> String {
        match serde_json::to_value(self) {
            Ok(value) => value["kind"].as_str().unwrap_or_default().to_owned(),
            Err(_) => String::new(),
        }
    }

    /// Is there an HTTP answer at all?
    pub fn answers(&self) -> bool {
        !matches!(
            self,
            Harm::CloseBefore {} | Harm::CloseAfter {} | Harm::Reset { .. } | Harm::Garbage { .. }
        )
    }

    /// Can a status of its be sent at all?
    pub fn status_ok(&self) -> bool {
        match self {
            Harm::Status { status, .. }
            | Harm::StatusAfter { status, .. }
            | Harm::Redirect { status, .. }
            | Harm::BlockPage { status, .. }
            | Harm::Huge { status, .. }
            | Harm::BadJson { status, .. } => (200..1000).contains(status),
            _ => true,
        }
    }
}

/// `answer`, with the headers every answer of seQura has.
fn as_sequra(own: Response, mut answer: Response) -> Response {
    for (name, value) in own.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            answer.headers_mut().insert(name.clone(), value.clone());
        }
    }
    answer
}

fn with_location(mut response: Response, url: &str) -> Response {
    let headers = response.headers_mut();
    // Only an answer that names an order has one to be replaced.
    let Some(own) = headers.get(header::LOCATION).and_then(|v| v.to_str().ok()) else {
        return response;
    };
    let uuid = own.rsplit('/').next().unwrap_or_default();
    if let Ok(value) = HeaderValue::from_str(&url.replace("{uuid}", uuid)) {
        headers.insert(header::LOCATION, value);
    }
    response
}

/// So many spaces, made while they are sent.
struct Spaces {
    left: u64,
    announced: bool,
}

impl hyper::body::Body for Spaces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        static SPACES: [u8; 1 << 16] = [b' '; 1 << 16];
        let count = self.left.min(SPACES.len() as u64);
        if count == 0 {
            return Poll::Ready(None);
        }
        self.left -= count;
        let bytes = Bytes::from_static(&SPACES[..count as usize]);
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn size_hint(&self) -> SizeHint {
        if self.announced {
            SizeHint::with_exact(self.left)
        } else {
            SizeHint::default()
        }
    }
}

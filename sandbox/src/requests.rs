//! Every request as it came in, so that a test can look at what a till really sends.
//!
//! Requests of the control interface are not among them.

use crate::ledger::now;
use axum::http::HeaderMap;
use base64::prelude::{BASE64_STANDARD, Engine};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Enough for any test to look back, little enough for days of running: so many, and as many
/// bytes of their bodies in all.
const KEPT: usize = 10_000;
const KEPT_BYTES: usize = 256 << 20;

/// One request, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestEntry {
    pub seq: u64,
    pub at: String,
    /// None while the answer is being made.
    pub answered_at: Option<String>,
    /// The connection it came on; requests with equal numbers shared one.
    pub connection: u64,
    pub scheme: String,
    pub method: String,
    /// As received, still percent-encoded.
    pub path: String,
    pub query: Option<String>,
    /// Names in lower case. `authorization` shows the account but not the secret.
    pub headers: BTreeMap<String, String>,
    /// The body as text; none when it is not UTF-8.
    pub body: Option<String>,
    /// The bytes of the body, whatever they are.
    pub body_base64: String,
    pub request_id: String,
    /// Whether seQura acted on the request, or a fault was in the way.
    pub processed: bool,
    /// The status answered. None: no HTTP answer was given, or not yet.
    pub status: Option<u16>,
    /// The kind of the fault that hit it.
    pub fault: Option<String>,
    /// `Location` of the answer.
    #[serde(default)]
    pub location: Option<String>,
    /// The body of the answer; none when it is too long to be kept, is not UTF-8, or when there
    /// was no answer.
    #[serde(default)]
    pub answer: Option<String>,
}

/// What became of a request.
pub struct Outcome {
    pub processed: bool,
    pub status: Option<u16>,
    pub location: Option<String>,
    pub answer: Option<String>,
}

impl RequestEntry {
    pub fn body_bytes(&self) -> Vec<u8> {
        BASE64_STANDARD
            .decode(&self.body_base64)
            .unwrap_or_default()
    }
}

/// How busy the simulator was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats {
    /// Connections on which at least one request to seQura came; those that only carried
    /// requests of the control interface do not count.
    pub connections: u64,
    pub requests: u64,
}

#[derive(Default)]
pub struct RequestLog {
    entries: VecDeque<RequestEntry>,
    /// Of the bodies that are kept.
    bytes: usize,
    received: u64,
    connections: BTreeSet<u64>,
}

impl RequestLog {
    pub fn push(&mut self, mut entry: RequestEntry) -> u64 {
        self.received += 1;
        self.connections.insert(entry.connection);
        entry.seq = self.received;
        self.bytes += entry.body_base64.len();
        self.entries.push_back(entry);
        while self.entries.len() > KEPT || (self.bytes > KEPT_BYTES && self.entries.len() > 1) {
            let oldest = self.entries.pop_front();
            self.bytes -= oldest.map_or(0, |oldest| oldest.body_base64.len());
        }
        self.received
    }

    /// The request has been answered. It may be gone meanwhile, after a reset.
    pub fn answered(&mut self, request_id: &str, outcome: Outcome) {
        let mut entries = self.entries.iter_mut().rev();
        if let Some(entry) = entries.find(|entry| entry.request_id == request_id) {
            entry.processed = outcome.processed;
            entry.status = outcome.status;
            entry.location = outcome.location;
            entry.answer = outcome.answer;
            entry.answered_at = Some(now());
        }
    }

    /// The oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &RequestEntry> + ExactSizeIterator {
        self.entries.iter()
    }

    pub fn all(&self) -> Vec<RequestEntry> {
        self.iter().cloned().collect()
    }

    pub fn stats(&self) -> Stats {
        Stats {
            connections: self.connections.len() as u64,
            requests: self.received,
        }
    }
}

pub fn body_as_base64(body: &[u8]) -> String {
    BASE64_STANDARD.encode(body)
}

/// Headers as text, with the secret of HTTP Basic left out.
pub fn without_secret(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut shown = BTreeMap::<String, String>::new();
    for (name, value) in headers {
        let text = if name == "authorization" {
            match crate::caller::basic_credentials(headers) {
                Some((key, _)) => format!("Basic {key}:…"),
                None => "…".to_owned(),
            }
        } else {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        shown
            .entry(name.as_str().to_owned())
            .and_modify(|all| *all = format!("{all}, {text}"))
            .or_insert(text);
    }
    shown
}

//! An answer as it came over the wire, before anybody asks whose it is and what it means.

use super::body::Body;
use super::provenance;
use crate::clock::from_http_date;
use crate::limits;

/// An answer, complete.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `X-Request-Id`.
    pub request_id: Option<String>,
    /// `Location`.
    pub location: Option<String>,
    /// `Date`: seQura's clock.
    pub date: Option<String>,
    /// The body, at most 4 MiB on the wire.
    pub body: Body,
}

impl Answer {
    /// seQura's clock, if this is an answer of seQura's. What a gateway or a virus scanner has put in its
    /// place shows that one's clock, which may be this machine's own.
    pub(super) fn tells_time(&self) -> Option<i64> {
        let id = self.request_id.as_deref();
        let is_own = match self.status {
            200..300 => self.body.json().is_some() || self.body.text() == Some(""),
            400..500 => provenance::is_no(id, &self.body),
            _ => false,
        };
        match is_own || id.is_some_and(provenance::is_sequras_id) {
            true => from_http_date(self.date.as_deref()?),
            false => None,
        }
    }
}

/// What is read of an answer's headers.
pub(super) struct Headers {
    request_id: Option<String>,
    location: Option<String>,
    date: Option<String>,
    /// What was done to the body that ureq has not undone.
    coding: Option<String>,
    /// Whether a body is announced.
    has_body: bool,
}

impl Headers {
    pub(super) fn of(response: &ureq::http::Response<ureq::Body>) -> Headers {
        // What is longer counts as not given: it would be kept, and told again.
        let all = |name: &str, most: usize| {
            let values = response.headers().get_all(name).into_iter();
            let texts = values.filter_map(|value| Some(value.to_str().ok()?.trim().to_owned()));
            texts.filter(move |text| text.len() <= most)
        };
        let listed = |name: &str| {
            let values = all(name, limits::HEADER_BYTES);
            values.collect::<Vec<String>>().join(", ")
        };
        // Somebody in between may have put its own beside seQura's.
        let is_sequras = |id: &String| provenance::is_sequras_id(id);
        let request_id = all("x-request-id", limits::WORD).find(is_sequras);
        // An HTTP/1.0 answer has no chunks: what says that it has is framed wrongly.
        let chunks = match response.version() {
            ureq::http::Version::HTTP_10 => "",
            _ => "chunked",
        };
        let transfer = listed("transfer-encoding");
        let length = listed("content-length");
        let has_chunks = !transfer.is_empty();
        let coding = match transfer.eq_ignore_ascii_case(chunks) || transfer.is_empty() {
            true => listed("content-encoding"),
            false => transfer,
        };
        Headers {
            request_id: request_id.or_else(|| all("x-request-id", limits::WORD).next()),
            location: all("location", limits::TEXT_BYTES).next(),
            date: all("date", limits::WORD).next(),
            coding: Some(coding).filter(|coding| !coding.is_empty()),
            has_body: has_chunks || length.parse().is_ok_and(|length: u64| length > 0),
        }
    }

    /// The answer, once its body has come.
    pub(super) fn with_body(self, status: u16, body: &[u8]) -> Answer {
        // By HTTP's rules an answer with 204 ends before its body, which nobody reads.
        let is_unread = status == 204 && self.has_body;
        let id = self.request_id.as_deref();
        let body = match is_unread && !id.is_some_and(provenance::is_sequras_id) {
            true => Body::Unreadable("is announced, which one with 204 does not have".to_owned()),
            false => Body::read(body, self.coding.as_deref()),
        };
        Answer {
            status,
            request_id: self.request_id,
            location: self.location,
            date: self.date,
            body,
        }
    }
}

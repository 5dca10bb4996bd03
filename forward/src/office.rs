//! The office, as a forwarder asks it. An answer of the office's is a standing or a refusal; anything else was said by
//! something on the way, and is no answer.

use crate::secrets::Secret;
use crate::settings::Settings;
use crate::trouble::{Kind, Trouble, quoted};
use sequra_frames::enrolment::{Enrolment, Incarnation};
use sequra_frames::frame::Stream;
use sequra_frames::refusal::Refusal;
use sequra_frames::standing::Standing;
use sequra_frames::{MOST_BYTES, VERSION};
use sequra_pos::inside::wire::{Address, Agent, Way};
use serde::Serialize;
use std::time::{Duration, Instant};
use ureq::http::header::{CONTENT_TYPE, RETRY_AFTER};
use ureq::http::{HeaderMap, Request};

const CONNECT: Duration = Duration::from_secs(10);
/// For a request and its answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// A standing has fences in it; bytes.
const LONGEST_ANSWER: u64 = 16 << 20;
/// No longer pause is asked for in earnest.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// Why there is no standing.
#[derive(Debug)]
pub enum No {
    /// The office has said no.
    Refused(Box<Refusal>, Option<Duration>),
    /// Nobody knows whether the office has heard it.
    Unanswered(Trouble),
    /// The request took too long; a smaller one may not.
    TooSlow(Trouble),
}

impl From<No> for Trouble {
    fn from(no: No) -> Trouble {
        match no {
            No::Refused(refusal, after) => Trouble::refused(&refusal, after),
            No::Unanswered(trouble) | No::TooSlow(trouble) => trouble,
        }
    }
}

/// Connections to the office.
#[derive(Debug)]
pub struct Office {
    agent: Agent,
    base: Address,
    /// For a request and its answer.
    pub patience: Duration,
}

impl Office {
    /// Prepares connections; none is made yet.
    pub fn new(settings: &Settings) -> Result<Office, String> {
        let agent = Agent::new(&Way {
            base_url: &settings.office,
            roots: &settings.roots,
            proxy: &settings.proxy,
            connect_timeout: CONNECT,
            user_agent: concat!("sequra-forward/", env!("CARGO_PKG_VERSION")),
        });
        let agent = agent.map_err(|problems| {
            let texts: Vec<_> = problems.into_iter().map(|one| one.message).collect();
            texts.join(" ")
        })?;
        Ok(Office {
            agent,
            base: settings.office.clone(),
            patience: PATIENCE,
        })
    }

    pub fn enrol(&self, enrolment: &Enrolment) -> Result<Standing, No> {
        self.post("enrolments", None, enrolment)
    }

    pub fn begin(&self, token: &Secret, incarnation: &Incarnation) -> Result<Standing, No> {
        self.post("incarnations", Some(token), incarnation)
    }

    pub fn standing(&self, token: &Secret, stream: &Stream) -> Result<Standing, No> {
        let query = [
            ("journal_id", stream.journal_id.as_str()),
            ("incarnation", stream.incarnation.as_str()),
        ];
        let address = self.address("standing").with_query(&query);
        self.ask(Request::get(address.to_string()), Some(token), ())
    }

    /// `frame`: its JSON.
    pub fn send(&self, token: &Secret, frame: &[u8]) -> Result<Standing, No> {
        let head = Request::post(self.address("frames").to_string());
        self.ask(
            head.header(CONTENT_TYPE, "application/json"),
            Some(token),
            frame,
        )
    }

    fn address(&self, what: &str) -> Address {
        self.base.join(&["api", &VERSION.to_string(), what])
    }

    fn post(
        &self,
        what: &str,
        token: Option<&Secret>,
        body: &impl Serialize,
    ) -> Result<Standing, No> {
        let body = serde_json::to_vec(body).expect("what travels is JSON");
        let head = Request::post(self.address(what).to_string());
        self.ask(
            head.header(CONTENT_TYPE, "application/json"),
            token,
            &body[..],
        )
    }

    fn ask(
        &self,
        head: ureq::http::request::Builder,
        token: Option<&Secret>,
        body: impl ureq::AsSendBody,
    ) -> Result<Standing, No> {
        let mut head = head
            .header("Accept", "application/json")
            .header("Accept-Encoding", "identity");
        if let Some(token) = token {
            head = head.header("Authorization", format!("Bearer {}", token.expose()));
        }
        let deadline = Instant::now() + self.patience;
        let answered = head
            .body(body)
            .map_err(ureq::Error::from)
            .and_then(|request| self.agent.exchange(request, deadline, LONGEST_ANSWER));
        match answered {
            Ok((200, _, body)) => {
                serde_json::from_slice(&body).map_err(|_| No::Unanswered(self.not_the_office(200)))
            }
            Ok((status, headers, body)) => Err(match serde_json::from_slice::<Refusal>(&body) {
                Ok(refusal) => No::Refused(Box::new(refusal), pause(&headers)),
                Err(_) => No::Unanswered(Trouble {
                    after: pause(&headers),
                    ..self.not_the_office(status)
                }),
            }),
            Err(error) => Err(self.unanswered(&error)),
        }
    }

    /// A portal to log in at, a proxy's page, a gateway without an office behind it.
    fn not_the_office(&self, status: u16) -> Trouble {
        let host = self.base.host();
        Trouble::plain(
            Kind::Office,
            format!(
                "what answers is not the office (HTTP {status}), but something on the way to {host}"
            ),
        )
    }

    fn unanswered(&self, error: &ureq::Error) -> No {
        let host = self.base.host();
        let why = quoted(&error.to_string());
        let short = match error {
            ureq::Error::HostNotFound => "the office's name cannot be resolved",
            ureq::Error::ConnectProxyFailed(_) => "the proxy does not connect to the office",
            ureq::Error::Timeout(_) => "the office does not answer in time",
            ureq::Error::Io(io) if is_certificate(io) => {
                "the office's certificate is not trusted; check roots and this clock"
            }
            _ => "the office cannot be reached",
        };
        let trouble = Trouble::new(Kind::Office, short, format!("{short}: {host}: {why}"));
        match error {
            ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
                No::Unanswered(trouble)
            }
            ureq::Error::Timeout(_) => No::TooSlow(trouble),
            _ => No::Unanswered(trouble),
        }
    }
}

/// Whether a TLS handshake failed: by what rustls says, which travels within an I/O error.
fn is_certificate(error: &std::io::Error) -> bool {
    let text = error.to_string();
    error.kind() == std::io::ErrorKind::InvalidData && text.contains("certificate")
}

/// How long the office asks to be left alone: `Retry-After` in seconds.
fn pause(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_PAUSE))
}

/// Whether a frame of so many bytes may be sent.
pub fn fits(frame: &[u8]) -> bool {
    frame.len() <= MOST_BYTES
}

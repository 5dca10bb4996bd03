//! The way over the wire: ureq, TLS, proxy, deadlines; and the one question that decides what a
//! till may believe after a failure: **had anything of the request left this machine?**
//!
//! ureq answers that with an error that looks alike before and after; so the connection is watched:
//! every byte handed to it after it stands is noted ([`super::connection`]). What failed before the
//! first such byte surely was not processed ([`Status::Unreachable`], [`Status::Tls`]); everything
//! else may have been ([`Status::OutcomeUnknown`], [`Status::BadResponse`]).
//!
//! No thread is started: names are resolved on the caller's (a name server that does not answer is
//! bounded by the operating system's own patience).

use super::agent::{Agent, Way};
use super::answer::{Answer, Headers};
use super::connection;
use super::endpoints::Request;
pub use super::failure::Failure;
use super::failure::Line;
use crate::clock::SequrasClock;
use crate::config::Config;
use crate::limits;
use crate::problem::Problem;
use crate::trace::{Attempt, Trace};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use ureq::http::HeaderValue;
use ureq::http::request::Builder;
use zeroize::Zeroizing;

/// Pauses before the next attempt to connect; as many attempts as pauses, and one.
const RETRY_PAUSES: [Duration; 2] = [Duration::from_millis(250), Duration::from_millis(1000)];

/// What came of a request, and what it took.
#[derive(Debug)]
pub struct Exchange {
    /// The answer, or why there is none.
    pub result: Result<Answer, Failure>,
    /// Attempts; 0 where nothing was to be sent.
    pub attempts: u32,
    /// From the first attempt to the end.
    pub elapsed: Duration,
}

impl Exchange {
    /// One that did not take place.
    pub fn not_begun(failure: Failure) -> Exchange {
        Exchange {
            result: Err(failure),
            attempts: 0,
            elapsed: Duration::ZERO,
        }
    }
}

/// Connections to one endpoint with one account's credentials.
pub struct Wire {
    agent: Agent,
    /// What the answers' `Date` has said of this machine's clock.
    sequras_clock: Arc<SequrasClock>,
    account_key: String,
    account_secret: SecretString,
    line: Line,
    trace: Trace,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wire to {}", self.line.host())
    }
}

impl Wire {
    /// Prepares connections; none is made yet.
    pub fn new(config: &Config) -> Result<Wire, Vec<Problem>> {
        let agent = Agent::new(&Way {
            base_url: &config.base_url,
            roots: &config.roots,
            proxy: &config.proxy,
            connect_timeout: config.connect_timeout,
            user_agent: concat!("sequra-pos/", env!("CARGO_PKG_VERSION")),
        })?;
        Ok(Wire {
            agent,
            sequras_clock: Arc::default(),
            account_key: config.account_key.clone(),
            account_secret: config.account_secret.clone(),
            line: Line::of(config),
            trace: Trace::default(),
        })
    }

    /// With each attempt traced.
    pub(crate) fn traced(self, trace: &Trace) -> Wire {
        Wire {
            trace: trace.clone(),
            ..self
        }
    }

    /// What seQura's clock has said of this machine's.
    pub(crate) fn sequras_clock(&self) -> &Arc<SequrasClock> {
        &self.sequras_clock
    }

    /// Sends a request and waits for its complete answer, until `deadline` at the latest. Asks
    /// again only when surely nothing had been sent.
    pub fn exchange(&self, request: &Request, deadline: Instant) -> Exchange {
        let started = Instant::now();
        let mut attempts = 0;
        loop {
            attempts += 1;
            let began = Instant::now();
            let result = self.attempt(request, deadline);
            self.trace_attempt(request, attempts, began, &result);
            if let Ok(answer) = &result
                && let Some(there) = answer.tells_time()
            {
                self.sequras_clock.hear(there);
            }
            let pause = RETRY_PAUSES.get(attempts as usize - 1);
            if let (Err(failure), Some(&pause)) = (&result, pause)
                && failure
                    .next_attempt_takes(began.elapsed())
                    .is_some_and(|takes| Instant::now() + pause + takes < deadline)
            {
                std::thread::sleep(pause);
                continue;
            }
            return Exchange {
                result,
                attempts,
                elapsed: started.elapsed(),
            };
        }
    }

    fn trace_attempt(
        &self,
        request: &Request,
        number: u32,
        began: Instant,
        result: &Result<Answer, Failure>,
    ) {
        let (answer, failure) = (result.as_ref().ok(), result.as_ref().err());
        let attempt = Attempt {
            method: request.method,
            path: request.url.path(),
            number,
            status: match answer {
                Some(answer) => Some(answer.status),
                None => failure.and_then(|failure| failure.http_status),
            },
            request_id: answer.and_then(|answer| answer.request_id.as_deref()),
            failed: failure.map(|failure| failure.problem.code),
        };
        self.trace.attempted(&attempt, began);
    }

    fn attempt(&self, request: &Request, deadline: Instant) -> Result<Answer, Failure> {
        connection::begin(deadline);
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(self
                .line
                .failure(ureq::Error::Timeout(ureq::Timeout::Global)));
        }
        let head = self.head(request)?;
        let body = request.body.as_deref().unwrap_or_default();
        let sent = if request.body.is_some() {
            head.body(body)
                .map_err(ureq::Error::from)
                .and_then(|request| self.agent.run(request, left))
        } else {
            head.body(())
                .map_err(ureq::Error::from)
                .and_then(|request| self.agent.run(request, left))
        };
        let mut response = sent.map_err(|error| self.line.failure(error))?;

        let headers = Headers::of(&response);
        let status = response.status().as_u16();
        let body = response
            .body_mut()
            .with_config()
            .limit(limits::ANSWER_BYTES as u64)
            .read_to_vec()
            .map_err(|error| Failure {
                http_status: Some(status),
                ..self.line.failure(error)
            })?;
        Ok(headers.with_body(status, &body))
    }

    /// The request without its body. It is made in many steps, each as large as it is: a host's thread with
    /// a small stack must not have them below the connection.
    #[inline(never)]
    fn head(&self, request: &Request) -> Result<Builder, Failure> {
        let mut head = ureq::http::Request::builder()
            .method(request.method)
            .uri(request.url.to_string())
            .header("Authorization", self.authorization()?)
            .header("Accept", "application/json")
            .header("Accept-Encoding", "identity");
        if let Some(merchant_id) = &request.merchant_id {
            head = head.header("Sequra-Merchant-Id", merchant_id);
        }
        if request.body.is_some() {
            head = head.header("Content-Type", "application/json");
        }
        Ok(head)
    }

    /// Of the secret nothing stays behind in memory: the header's own is overwritten with the request.
    fn authorization(&self) -> Result<HeaderValue, Failure> {
        let pair = Zeroizing::new(format!(
            "{}:{}",
            self.account_key,
            self.account_secret.expose_secret()
        ));
        let encoded = Zeroizing::new(BASE64_STANDARD.encode(pair.as_bytes()));
        let header = Zeroizing::new([b"Basic ", encoded.as_bytes()].concat());
        let value = HeaderValue::from_maybe_shared(Bytes::from_owner(header));
        value.map_err(|error| self.line.failure(ureq::http::Error::from(error).into()))
    }
}

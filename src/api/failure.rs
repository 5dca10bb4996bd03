//! Why there is no complete answer, and whether anything of the request had left.

use super::connection::{self, NotThisMachine};
use crate::config::Config;
use crate::problem::Problem;
use crate::status::Status;
use crate::vocabulary::ErrorCode;
use std::time::Duration;

/// Why there is no complete answer.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Which of the statuses of class 3.
    pub status: Status,
    /// What happened, for the programmer.
    pub problem: Problem,
    /// HTTP status, where at least that came.
    pub http_status: Option<u16>,
}

impl Failure {
    fn new(status: Status, code: ErrorCode, message: impl Into<String>) -> Failure {
        Failure {
            status,
            problem: Problem::new(code, message),
            http_status: None,
        }
    }

    /// How long another attempt takes at least, where one may help: nothing was sent, and the line may
    /// be better in a moment. Looking up a name knows no deadline: it takes as long as it took.
    pub(super) fn next_attempt_takes(&self, this_one: Duration) -> Option<Duration> {
        match (self.status, self.problem.code) {
            (Status::Unreachable, ErrorCode::InsecureUrl) => None,
            (Status::Unreachable, ErrorCode::NameNotResolved) => Some(this_one),
            (Status::Unreachable, _) => Some(Duration::ZERO),
            _ => None,
        }
    }
}

/// Where requests go, and how long they may take, as failures say it.
pub(super) struct Line {
    host: String,
    connect_timeout: Duration,
    total_timeout: Duration,
}

impl Line {
    pub(super) fn of(config: &Config) -> Line {
        Line {
            host: config.base_url.host().to_owned(),
            connect_timeout: config.connect_timeout,
            total_timeout: config.total_timeout,
        }
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn failure(&self, error: ureq::Error) -> Failure {
        let host = &self.host;
        let why = match &error {
            ureq::Error::Io(io) => io.to_string(),
            other => other.to_string(),
        };
        match &error {
            ureq::Error::BodyExceedsLimit(_) | ureq::Error::LargeResponseHeader(..) => {
                Failure::new(
                    Status::BadResponse,
                    ErrorCode::AnswerTooLarge,
                    format!("The answer of {host} is larger than any answer of seQura's ({why})."),
                )
            }
            ureq::Error::ConnectProxyFailed(why) => Failure::new(
                Status::Unreachable,
                ErrorCode::ProxyFailed,
                format!(
                    "The proxy did not connect to {host}: {why}. Check `proxy` in the configuration, or the proxy variables of the environment."
                ),
            ),
            ureq::Error::HostNotFound => Failure::new(
                Status::Unreachable,
                ErrorCode::NameNotResolved,
                format!(
                    "The name {host} (or its proxy's) cannot be resolved. Is this machine on the network?"
                ),
            ),
            _ if connection::has_sent() => self.no_answer(&error, &why),
            _ => self.not_sent(&error, &why),
        }
    }

    /// It was sent, and no answer came that can be read.
    fn no_answer(&self, error: &ureq::Error, why: &str) -> Failure {
        let host = &self.host;
        match error {
            ureq::Error::Timeout(_) => Failure::new(
                Status::OutcomeUnknown,
                ErrorCode::TimedOut,
                format!(
                    "The request was sent to {host}, and no complete answer came {}.",
                    self.in_time(None)
                ),
            ),
            error if is_not_http(error) => Failure::new(
                Status::BadResponse,
                ErrorCode::NotHttp,
                format!("What {host} answered is not HTTP ({why})."),
            ),
            _ => Failure::new(
                Status::OutcomeUnknown,
                ErrorCode::ConnectionLost,
                format!(
                    "The request was sent to {host}, and the connection ended before a complete answer came ({why})."
                ),
            ),
        }
    }

    /// Which deadline has passed; `step`: of the connection, the one that took too long.
    fn in_time(&self, step: Option<ureq::Timeout>) -> String {
        let (key, time) = match step {
            Some(ureq::Timeout::Connect) if self.connect_timeout < self.total_timeout => {
                ("connect_ms", self.connect_timeout)
            }
            _ => ("total_ms", self.total_timeout),
        };
        format!(
            "within the {} ms of timeouts.{key}, which are for {}",
            time.as_millis(),
            match key {
                "connect_ms" => "one attempt to connect",
                _ => "the whole call",
            }
        )
    }

    /// There was no connection to send it by.
    fn not_sent(&self, error: &ureq::Error, why: &str) -> Failure {
        let host = &self.host;
        if let ureq::Error::Timeout(step) = error {
            return Failure::new(
                Status::Unreachable,
                ErrorCode::ConnectionFailed,
                format!(
                    "No connection to {host} {}. Nothing was sent.",
                    self.in_time(Some(*step))
                ),
            );
        }
        match tls_reason(error) {
            Some(why) => Failure::new(
                Status::Tls,
                ErrorCode::TlsFailed,
                format!(
                    "The TLS handshake with {host} failed: {why}. Nothing was sent. Check this machine's clock, and `roots` where an own certificate authority is used."
                ),
            ),
            None if is_elsewhere(error) => Failure::new(
                Status::Unreachable,
                ErrorCode::InsecureUrl,
                format!(
                    "{host} is not this machine here: {why}. Nothing was sent. Give the address (127.0.0.1, [::1]) in base_url, or use https."
                ),
            ),
            None => Failure::new(
                Status::Unreachable,
                ErrorCode::ConnectionFailed,
                format!("No connection to {host}: {why}. Nothing was sent."),
            ),
        }
    }
}

/// A TLS failure travels inside an I/O error, as the handshake is done by reading and writing.
fn tls_reason(error: &ureq::Error) -> Option<String> {
    match error {
        ureq::Error::Io(io) => io
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
            .map(|error| error.to_string()),
        ureq::Error::Tls(why) => Some((*why).to_owned()),
        ureq::Error::TlsRequired => Some(error.to_string()),
        _ => None,
    }
}

fn is_elsewhere(error: &ureq::Error) -> bool {
    let ureq::Error::Io(io) = error else {
        return false;
    };
    io.get_ref()
        .is_some_and(|inner| inner.is::<NotThisMachine>())
}

fn is_not_http(error: &ureq::Error) -> bool {
    matches!(error, ureq::Error::Protocol(_) | ureq::Error::Http(_))
}

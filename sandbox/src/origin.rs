//! Who may ask: programs, and the simulator's own pages.
//!
//! A browser lets any web page send requests to any address, this machine's too. It says
//! whose page it is (`Origin`), and by which name the page called the address (`Host`): a
//! page whose own name was made to lead here later (DNS rebinding) is seen by that.

use crate::answers::json;
use crate::exchange::Line;
use crate::options::Options;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::json as object;
use std::net::IpAddr;
use std::sync::Arc;

/// What the simulator is called.
pub struct Names {
    /// Where it listens.
    pub host: IpAddr,
    /// Its further names.
    pub names: Vec<String>,
}

impl Names {
    pub fn of(options: &Options) -> Names {
        Names {
            host: options.host,
            names: options.names.clone(),
        }
    }

    /// Is this one of its own, with or without a port?
    fn has(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else {
            return false;
        };
        // A user's name before the host is no part of a Host.
        if host.contains('@') {
            return false;
        }
        let name = authority.host();
        let number = name.trim_start_matches('[').trim_end_matches(']');
        match number.parse::<IpAddr>() {
            Ok(address) if self.host.is_unspecified() => address.is_ipv4() || self.host.is_ipv6(),
            Ok(address) => address.is_loopback() || address == self.host,
            Err(_) => {
                name.eq_ignore_ascii_case("localhost")
                    || self.names.iter().any(|own| name.eq_ignore_ascii_case(own))
            }
        }
    }

    /// Why a request is not answered; None: it is.
    fn objection(&self, line: &Line, path: &str, headers: &HeaderMap) -> Option<String> {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let hosts: Vec<String> = headers.get_all(header::HOST).iter().map(text).collect();
        let mut origins = headers.get_all(header::ORIGIN).iter().map(text).peekable();
        let of_a_page = origins.peek().is_some();
        if let Some(host) = hosts.iter().find(|host| !self.has(host))
            && (of_a_page || path.starts_with("/_sandbox"))
        {
            return Some(format!(
                "{host} is no name of this simulator; --name gives it one"
            ));
        }
        let own = |origin: &String| {
            let mut hosts = hosts.iter();
            hosts.any(|host| origin.eq_ignore_ascii_case(&format!("{}://{host}", line.scheme)))
        };
        origins
            .find(|origin| !own(origin))
            .map(|origin| format!("the simulator does not obey the pages of {origin}"))
    }
}

/// Answers in the place of everything else where somebody asks who may not.
pub async fn check(
    State(names): State<Arc<Names>>,
    axum::Extension(line): axum::Extension<Line>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    match names.objection(&line, path, request.headers()) {
        None => next.run(request).await,
        Some(why) => json(StatusCode::FORBIDDEN, &object!({ "error": why })),
    }
}

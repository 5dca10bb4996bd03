//! Who may ask: programs, and the simulator's own pages.
//!
//! A browser lets any web page send requests to any address, this machine's too. It says
//! whose page it is (`Origin`; where there is none, `Sec-Fetch-Site`, or in old browsers
//! `Referer`), and by which name the page called the address (`Host`): a page whose own
//! name was made to lead here later (DNS rebinding) is seen by that.

use crate::answers::json;
use crate::exchange::Line;
use crate::options::Options;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
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
    fn objection(&self, line: &Line, request: &Request) -> Option<String> {
        let headers = request.headers();
        let path = request.uri().path();
        let controls = path == "/" || path.starts_with("/_sandbox");
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let hosts: Vec<String> = headers.get_all(header::HOST).iter().map(text).collect();
        let mut origins = headers.get_all(header::ORIGIN).iter().map(text).peekable();
        let of_a_page = origins.peek().is_some();
        if let Some(host) = hosts.iter().find(|host| !self.has(host))
            && (of_a_page || controls)
        {
            return Some(format!(
                "{host} is no name of this simulator; --name gives it one"
            ));
        }
        let own = |origin: &str| {
            let mut hosts = hosts.iter();
            hosts.any(|host| origin.eq_ignore_ascii_case(&format!("{}://{host}", line.scheme)))
        };
        let foreign = origins.find(|origin| !own(origin)).or_else(|| {
            let reader = request.method() == Method::GET || request.method() == Method::HEAD;
            let referer = headers
                .get(header::REFERER)
                .map(|page| origin_of(&text(page)));
            let referer = referer.filter(|origin| !of_a_page && !reader && !own(origin));
            referer.or_else(|| elsewhere(headers, reader))
        });
        foreign
            .filter(|_| controls || of_a_page)
            .map(|origin| format!("the simulator does not obey the pages of {origin}"))
    }
}

/// Scheme, host and port of a page's address.
fn origin_of(page: &str) -> String {
    page.split('/').take(3).collect::<Vec<_>>().join("/")
}

/// Whether the browser says that somebody else's page asks. A link to a page of ours may be
/// followed from anywhere.
fn elsewhere(headers: &HeaderMap, reader: bool) -> Option<String> {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let followed = reader
        && said("sec-fetch-mode") == Some("navigate")
        && said("sec-fetch-dest") == Some("document");
    let site = said("sec-fetch-site").filter(|site| !matches!(*site, "same-origin" | "none"));
    site.filter(|_| !followed)
        .map(|site| format!("others ({site})"))
}

/// Answers in the place of everything else where somebody asks who may not.
pub async fn check(
    State(names): State<Arc<Names>>,
    axum::Extension(line): axum::Extension<Line>,
    request: Request,
    next: Next,
) -> Response {
    match names.objection(&line, &request) {
        None => next.run(request).await,
        Some(why) => json(StatusCode::FORBIDDEN, &object!({ "error": why })),
    }
}

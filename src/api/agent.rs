//! Connections to a web server: by TLS with ring, through a proxy where there is one, and with an end that holds. To
//! seQura's ([`super::transport`]), and from another program of ours to a chain's office.

use super::connection::{self, Sockets, Watched};
use super::proxy;
use super::tls::Tls;
use crate::address::{Address, bare_host};
use crate::config::{Proxy, Roots};
use crate::limits;
use crate::problem::Problem;
use std::net::ToSocketAddrs;
use std::time::{Duration, Instant};
use ureq::http::{HeaderMap, Request, Response};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, NextTimeout};

/// Between two steps of one sale a shopper may think for a while.
const KEEP_IDLE: Duration = Duration::from_secs(55);

/// Whom requests go to, and by which way.
pub struct Way<'a> {
    /// What is plain http goes to this machine only, whatever its name leads to.
    pub base_url: &'a Address,
    /// Which certificates are trusted.
    pub roots: &'a Roots,
    /// The way out of the shop's network.
    pub proxy: &'a Proxy,
    /// For one attempt to connect.
    pub connect_timeout: Duration,
    /// What the requests say of who sends them.
    pub user_agent: &'static str,
}

/// Makes connections, and keeps them for a while.
#[derive(Debug)]
pub struct Agent(ureq::Agent);

impl Agent {
    /// Prepares connections; none is made yet.
    pub fn new(way: &Way) -> Result<Agent, Vec<Problem>> {
        let tls = Tls::new(way.roots)?;
        let sockets = Sockets {
            this_machine_only: !way.base_url.is_https(),
        };
        let chain = ().chain(ConnectProxyConnector::default()).chain(sockets).chain(tls);
        let settings = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(limits::HEADER_BYTES)
            .max_idle_age(KEEP_IDLE)
            .timeout_connect(Some(way.connect_timeout))
            .user_agent(way.user_agent)
            .proxy(proxy::of(way.base_url, way.proxy)?)
            .build();
        let agent = ureq::Agent::with_parts(settings, Watched(chain), OwnThreadResolver);
        Ok(Agent(agent))
    }

    /// Sends a request; its answer's body is still to be read. Both have `left` from now on.
    pub(super) fn run<S: ureq::AsSendBody>(
        &self,
        request: Request<S>,
        left: Duration,
    ) -> Result<Response<ureq::Body>, ureq::Error> {
        let request = self.0.configure_request(request);
        self.0.run(request.timeout_global(Some(left)).build())
    }

    /// Sends a request, and waits for its complete answer: status, headers, and a body of at most `most` bytes.
    pub fn exchange<S: ureq::AsSendBody>(
        &self,
        request: Request<S>,
        deadline: Instant,
        most: u64,
    ) -> Result<(u16, HeaderMap, Vec<u8>), ureq::Error> {
        connection::begin(deadline);
        let left = deadline.saturating_duration_since(Instant::now());
        let mut response = self.run(request, left)?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let body = response.body_mut().with_config().limit(most);
        Ok((status, headers, body.read_to_vec()?))
    }
}

/// Resolves on the caller's thread; ureq's own way would start one for each look-up.
#[derive(Debug, Default)]
struct OwnThreadResolver;

impl Resolver for OwnThreadResolver {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        _: &ureq::config::Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let default_port = match uri.scheme_str() {
            Some("https") => 443,
            _ => 80,
        };
        let host = bare_host(uri.host().unwrap_or_default());
        let found = (host, uri.port_u16().unwrap_or(default_port))
            .to_socket_addrs()
            .map_err(|_| ureq::Error::HostNotFound)?;
        let mut addresses = self.empty();
        // As many as ureq has room for; the first that answers is used.
        found.take(16).for_each(|address| addresses.push(address));
        match addresses.is_empty() {
            true => Err(ureq::Error::HostNotFound),
            false => Ok(addresses),
        }
    }
}

//! Where a request comes from, and where the pages are: nothing that a stranger writes into a header decides it.

use crate::serving::Peer;
use crate::settings::Network;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How browsers reach the pages.
#[derive(Clone, Debug, Default)]
pub struct Front {
    /// `https://office.example`, where a proxy stands before the office.
    pub public_url: Option<String>,
    /// Those whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// The office has a certificate itself.
    pub serves_tls: bool,
}

impl Front {
    /// Whether browsers come by https; cookies are for nothing else then.
    pub fn is_secure(&self) -> bool {
        match &self.public_url {
            Some(url) => url.starts_with("https://"),
            None => self.serves_tls,
        }
    }

    /// Who asks: the other end of the connection, or whom a proxy that is known names.
    pub fn address(&self, parts: &Parts) -> IpAddr {
        let peer = peer(parts);
        if !self.is_proxy(peer) {
            return peer;
        }
        // Each proxy adds at the end whom it sees: the last that is no proxy of ours is the first that one of ours has seen.
        let values = parts.headers.get_all("x-forwarded-for").iter();
        let named: Vec<&str> = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .collect();
        for one in named.iter().rev() {
            match one.parse::<IpAddr>().map(|one| one.to_canonical()) {
                Ok(one) if self.is_proxy(one) => {}
                Ok(one) => return one,
                Err(_) => return peer,
            }
        }
        peer
    }

    fn is_proxy(&self, address: IpAddr) -> bool {
        let mut networks = self.trusted_proxies.iter();
        networks.any(|network| network.contains(address))
    }

    /// Whether the page that a form was on is one of ours.
    pub fn is_own(&self, parts: &Parts) -> bool {
        let origin = parts.headers.get(header::ORIGIN);
        let Some(origin) = origin.and_then(|origin| origin.to_str().ok()) else {
            return false;
        };
        self.origin(parts).is_some_and(|own| own == origin)
    }

    /// Where the pages are, as a browser says it.
    pub fn origin(&self, parts: &Parts) -> Option<String> {
        if let Some(url) = &self.public_url {
            let end = url.find("://").map_or(0, |at| at + 3);
            let length = url[end..].find('/').unwrap_or(url.len() - end);
            return Some(url[..end + length].to_ascii_lowercase());
        }
        let host = host(parts)?.to_ascii_lowercase();
        match self.serves_tls {
            true => Some(format!("https://{host}")),
            // A name of somebody else's that leads here has a certificate to fear only with TLS.
            false => is_loopback(&host).then(|| format!("http://{host}")),
        }
    }
}

fn host(parts: &Parts) -> Option<&str> {
    let authority = parts.uri.authority().map(|authority| authority.as_str());
    let named = || parts.headers.get(header::HOST)?.to_str().ok();
    authority.or_else(named)
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|one| one.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|one| one.is_loopback())
}

/// The other end of the connection.
pub fn peer(parts: &Parts) -> IpAddr {
    let peer = parts.extensions.get::<Peer>();
    peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| {
        peer.0.ip().to_canonical()
    })
}

/// Somebody on this very machine, whom no proxy brought here.
pub fn is_from_here(parts: &Parts) -> bool {
    let is_brought = ["x-forwarded-for", "forwarded", "via", "x-real-ip"]
        .iter()
        .any(|name| parts.headers.contains_key(*name));
    peer(parts).is_loopback() && !is_brought
}

/// What counts as one address: of IPv6 the network that one subscriber gets.
pub fn neighbourhood(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// The value of a cookie; none where it is sent twice.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut found = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|one| one.trim().split_once('='))
        .filter(|(one, _)| *one == name)
        .map(|(_, value)| value);
    let first = found.next();
    first.filter(|_| found.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;
    use std::net::SocketAddr;

    fn parts(peer: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().uri("/tills");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut parts = request.body(()).expect("a request").into_parts().0;
        let peer = SocketAddr::new(peer.parse().expect("an address"), 1);
        parts.extensions.insert(Peer(peer));
        parts
    }

    #[test]
    fn only_a_proxy_that_is_known_says_who_asks() {
        let proxies = Network::try_from("10.0.0.0/30".to_owned()).expect("a network");
        let front = Front {
            trusted_proxies: vec![proxies],
            ..Front::default()
        };
        for (peer, forwarded, who) in [
            ("192.0.2.9", Some("198.51.100.1"), "192.0.2.9"),
            ("10.0.0.1", None, "10.0.0.1"),
            ("10.0.0.1", Some("198.51.100.1"), "198.51.100.1"),
            // What the stranger has put before it says nothing.
            ("10.0.0.1", Some("127.0.0.1, 198.51.100.1"), "198.51.100.1"),
            (
                "10.0.0.1",
                Some("8.8.8.8, 198.51.100.1, 10.0.0.2"),
                "198.51.100.1",
            ),
            ("10.0.0.1", Some("198.51.100.1, nonsense"), "10.0.0.1"),
            ("::ffff:10.0.0.1", Some("2001:db8::1"), "2001:db8::1"),
        ] {
            let headers: Vec<_> = forwarded
                .map(|one| ("x-forwarded-for", one))
                .into_iter()
                .collect();
            let found = front.address(&parts(peer, &headers));
            assert_eq!(found.to_string(), who, "{peer} {forwarded:?}");
            assert_eq!(
                Front::default()
                    .address(&parts("192.0.2.9", &headers))
                    .to_string(),
                "192.0.2.9"
            );
        }
    }

    #[test]
    fn a_form_comes_from_one_of_our_own_pages() {
        let own = |front: &Front, host: &str, origin: &str| {
            front.is_own(&parts("127.0.0.1", &[("host", host), ("origin", origin)]))
        };
        let plain = Front::default();
        assert!(own(&plain, "127.0.0.1:8443", "http://127.0.0.1:8443"));
        assert!(own(&plain, "[::1]:80", "http://[::1]:80"));
        assert!(!own(&plain, "localhost:8443", "http://localhost:8444"));
        assert!(!own(
            &plain,
            "evil.example:8443",
            "http://evil.example:8443"
        ));
        assert!(!own(&plain, "localhost", "null"));
        assert!(!plain.is_own(&parts("127.0.0.1", &[("host", "localhost")])));
        let tls = Front {
            serves_tls: true,
            ..Front::default()
        };
        assert!(own(&tls, "Office.example", "https://office.example"));
        assert!(!own(&tls, "office.example", "http://office.example"));
        let behind = Front {
            public_url: Some("https://Office.example/".to_owned()),
            ..Front::default()
        };
        assert!(own(&behind, "10.0.0.7:8080", "https://office.example"));
        assert!(!own(&behind, "evil.example", "https://evil.example"));
        assert!(behind.is_secure() && tls.is_secure() && !plain.is_secure());
    }

    #[test]
    fn whom_a_proxy_brought_is_not_from_here() {
        assert!(is_from_here(&parts("127.0.0.1", &[])));
        assert!(!is_from_here(&parts(
            "127.0.0.1",
            &[("x-forwarded-for", "127.0.0.1")]
        )));
        assert!(!is_from_here(&parts("192.0.2.1", &[])));
    }

    #[test]
    fn an_address_is_as_much_as_one_subscriber_has() {
        let of = |text: &str| neighbourhood(text.parse().expect("an address"));
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::9"));
    }

    #[test]
    fn a_cookie_that_comes_twice_is_none() {
        let headers = |value: &str| parts("127.0.0.1", &[("cookie", value)]).headers;
        assert_eq!(cookie(&headers("a=1; b=2"), "b"), Some("2"));
        assert_eq!(cookie(&headers("b=1; b=2"), "b"), None);
    }
}

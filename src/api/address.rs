//! Web addresses, read with the same parser that the connection is made with: what is compared here
//! and what is connected to there can never be two readings of one text.

use std::fmt;
use std::net::IpAddr;
use ureq::http::Uri;

/// An absolute http or https address without credentials, query or fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    is_https: bool,
    /// In lower case; an IPv6 address in its brackets.
    host: String,
    port: u16,
    path: String,
}

impl Address {
    /// Reads an address; its host must be ASCII.
    pub fn parse(text: &str) -> Option<Address> {
        // The parser skips a fragment without a word.
        if text.contains('#') {
            return None;
        }
        let uri: Uri = text.parse().ok()?;
        let is_https = match uri.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let authority = uri.authority()?;
        if authority.as_str().contains('@') || uri.query().is_some() || uri.host()?.is_empty() {
            return None;
        }
        // "host:" and "host:99999" have a colon and no port that could be used.
        let port = match authority.as_str().strip_prefix(authority.host())? {
            "" => default_port(is_https),
            given => given.strip_prefix(':')?.parse().ok()?,
        };
        Some(Address {
            is_https,
            host: authority.host().to_ascii_lowercase(),
            port,
            path: uri.path().to_owned(),
        })
    }

    /// Same scheme, host and port.
    pub fn has_origin_of(&self, other: &Address) -> bool {
        (self.is_https, &self.host, self.port) == (other.is_https, &other.host, other.port)
    }

    /// Whether it is https.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// The host, an IPv6 address without its brackets.
    pub fn host(&self) -> &str {
        bare_host(&self.host)
    }

    /// The path; begins with a slash.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// An address of this very machine.
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        host == "localhost"
            || host
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }

    /// The same origin with another path.
    pub fn with_path(&self, path: String) -> Address {
        Address {
            path,
            ..self.clone()
        }
    }

    /// The path with these segments behind it, percent-encoded: `A14/12345` is one segment [D].
    pub fn join(&self, segments: &[&str]) -> Address {
        let mut path = self.path.trim_end_matches('/').to_owned();
        for segment in segments {
            path.push('/');
            path.push_str(&percent_encoded(segment));
        }
        self.with_path(path)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.host)?;
        if self.port != default_port(self.is_https) {
            write!(f, ":{}", self.port)?;
        }
        f.write_str(&self.path)
    }
}

/// A text as one segment of a path.
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte))
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// An IPv6 host without its brackets, any other as it is.
pub fn bare_host(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

fn default_port(is_https: bool) -> u16 {
    if is_https { 443 } else { 80 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn one_address_is_written_one_way() {
        for (text, written) in [
            (
                "https://Sandbox.SequrAPI.com",
                "https://sandbox.sequrapi.com/",
            ),
            (
                "https://sandbox.sequrapi.com:443/",
                "https://sandbox.sequrapi.com/",
            ),
            ("http://127.0.0.1:8080/a/b", "http://127.0.0.1:8080/a/b"),
            ("http://[::1]:80/", "http://[::1]/"),
        ] {
            assert_eq!(address(text).to_string(), written);
        }
        assert!(address("https://h/a").has_origin_of(&address("https://H:443/b")));
        for other in ["http://h/", "https://h:444/", "https://h.x/"] {
            assert!(
                !address("https://h/").has_origin_of(&address(other)),
                "{other}"
            );
        }
    }

    #[test]
    fn what_is_no_plain_address_is_refused() {
        for text in [
            "",
            "sandbox",
            "ftp://h/",
            "https://",
            "https:///x",
            "https://u:p@h/",
            "https://u@h/",
            "https://h/?q",
            "https://h/#f",
            "https://h:/",
            "https://h:99999/",
            "https://h:x/",
            "https://h /",
            "//h/",
            "/x",
            "https://ñ.es/",
        ] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }

    #[test]
    fn loopback_is_this_machine() {
        for text in [
            "http://localhost/",
            "http://127.0.0.1/",
            "http://127.9.9.9:1/",
            "http://[::1]/",
        ] {
            assert!(address(text).is_loopback(), "{text}");
        }
        for text in [
            "http://localhost.example/",
            "http://128.0.0.1/",
            "http://[::2]/",
        ] {
            assert!(!address(text).is_loopback(), "{text}");
        }
    }

    #[test]
    fn segments_are_encoded() {
        let joined = address("https://h/base/").join(&["merchants", "a b", "orders", "A14/12345ñ"]);
        assert_eq!(
            joined.path(),
            "/base/merchants/a%20b/orders/A14%2F12345%C3%B1"
        );
    }
}

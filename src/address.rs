//! Web addresses, read with the same parser that the connection is made with: what is compared here
//! and what is connected to there can never be two readings of one text.

use rustls::pki_types::ServerName;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
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
        let port = match authority.as_str().strip_prefix(authority.host())? {
            "" => default_port(is_https),
            given => port(given.strip_prefix(':')?)?,
        };
        let host = authority.host().to_ascii_lowercase();
        is_host(&host).then_some(Address {
            is_https,
            host,
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

    /// The port, given or by its scheme.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The path; begins with a slash.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// An address of this very machine.
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        host == "localhost" || host.parse().is_ok_and(is_this_machine)
    }

    /// The same origin with another path.
    pub fn with_path(&self, path: String) -> Address {
        Address {
            path,
            ..self.clone()
        }
    }

    /// The same with a query, for a request; what is compared with others has none.
    pub fn with_query(mut self, pairs: &[(&str, &str)]) -> Address {
        for (at, (name, value)) in pairs.iter().enumerate() {
            self.path.push(if at == 0 { '?' } else { '&' });
            self.path.push_str(name);
            self.path.push('=');
            self.path.push_str(&percent_encoded(value));
        }
        self
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

/// Whether a text that is to be a segment of a path would be a step to another place for somebody on
/// the way, encoded or not: `.` and `..`, which no encoding hides (RFC 3986), alone or between slashes.
pub fn leads_elsewhere(text: &str) -> bool {
    let mut plain = text.to_ascii_lowercase();
    loop {
        let decoded = [("%25", "%"), ("%2e", "."), ("%2f", "/"), ("%5c", "/")]
            .iter()
            .fold(plain.replace('\\', "/"), |text, (code, is)| {
                text.replace(code, is)
            });
        if decoded == plain {
            break;
        }
        plain = decoded;
    }
    plain.split('/').any(|step| step == "." || step == "..")
}

/// An IPv6 host without its brackets, any other as it is.
pub fn bare_host(host: &str) -> &str {
    let inside = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    inside.unwrap_or(host)
}

/// Digits, and a port that somebody can listen on: a number would be read out of `+443` too.
fn port(text: &str) -> Option<u16> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| is_number && *port > 0)
}

/// An IPv6 address in brackets, without a zone (which only one machine understands); or an IPv4 address
/// or a name, as certificates have it.
fn is_host(host: &str) -> bool {
    let bare = bare_host(host);
    match bare == host {
        true => ServerName::try_from(host).is_ok() && !host.contains(':'),
        false => bare.parse::<Ipv6Addr>().is_ok(),
    }
}

/// Whether what is sent to this address stays on this machine.
pub fn is_this_machine(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

fn default_port(is_https: bool) -> u16 {
    if is_https { 443 } else { 80 }
}

/// Whether a segment of a path is a uuid: 8-4-4-4-12 hexadecimal digits.
pub(crate) fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && text
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
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
            "https://h:+443/",
            "https://h:-1/",
            "https://h:0/",
            "https://h:4 43/",
            "https://h:٤٤٣/",
            "https://@h/",
            "https://:443/",
            "https://h /",
            "https://h..x/",
            "https://.h/",
            "https://-h/",
            "https://h%41/",
            "https://h_\\x/",
            "https://[::1%25eth0]/",
            "https://[fe80::1%eth0]/",
            "https://[::1/",
            "https://::1/",
            "https://[127.0.0.1]/",
            "https://[h]/",
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
            "http://[::ffff:127.0.0.1]/",
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
    fn no_spelling_of_a_step_to_another_place_is_missed() {
        for text in [
            ".",
            "..",
            "%2e",
            "%2E%2e",
            ".%2E",
            "%252e%252E",
            "../x",
            "a/../b",
            "a/..",
            "..\\x",
            "%2e%2e%2fx",
            "a%5C..",
            "./a",
        ] {
            assert!(leads_elsewhere(text), "{text}");
        }
        for text in [
            "",
            "A14/12345",
            "a.b",
            "...",
            "a..",
            ".a",
            "/",
            "%2",
            "2.",
            "%2e%2e%2e",
        ] {
            assert!(!leads_elsewhere(text), "{text}");
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

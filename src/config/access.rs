//! Where a client sends to, by which way, and as whom.

use super::reader::Reader;
use super::{Environment, Proxy, file};
use crate::address::Address;
use crate::limits;
use crate::vocabulary::ErrorCode;
use secrecy::SecretString;
use std::env::VarError;
use std::path::Path;
use zeroize::Zeroizing;

/// A text that holds a secret, until it is in its place.
type Text = Zeroizing<String>;

impl Reader<'_> {
    pub(super) fn base_url(
        &mut self,
        environment: Option<Environment>,
        deployment: &str,
    ) -> Option<Address> {
        let Some(given) = self.text("base_url") else {
            if self.value("base_url").is_some() {
                return None;
            }
            let Some(environment) = environment else {
                if self.value("environment").is_none() {
                    self.note(
                        ErrorCode::MissingField,
                        "/environment",
                        "environment is required: sandbox for trying out, live for real sales.",
                    );
                }
                return None;
            };
            // docs/sequra-api.md, Addresses; its sources disagree on svea's sandbox, base_url overrides.
            let address = match (deployment, environment) {
                ("svea", Environment::Live) => "https://live.sequra.svea.com/",
                ("svea", Environment::Sandbox) => "https://next-sandbox.sequra.svea.com/",
                (_, Environment::Live) => "https://live.sequrapi.com/",
                (_, Environment::Sandbox) => "https://sandbox.sequrapi.com/",
            };
            return Address::parse(address);
        };
        let Some(address) = Address::parse(&given) else {
            self.note(
                ErrorCode::InvalidUrl,
                "/base_url",
                "base_url must be a plain address such as https://sandbox.sequrapi.com/: no credentials (they go into account_key and account_secret), no query, only ASCII.",
            );
            return None;
        };
        if !address.is_https() && !address.is_loopback() {
            self.note(
                ErrorCode::InsecureUrl,
                "/base_url",
                "base_url must begin with https; http is allowed for loopback addresses (localhost, 127.0.0.1, [::1]) only.",
            );
            return None;
        }
        let path = format!("{}/", address.path().trim_end_matches('/'));
        Some(address.with_path(path))
    }

    /// HTTP Basic ends it with a colon, and says nothing of letters beyond ASCII.
    pub(super) fn account_key(&mut self) -> Option<String> {
        const POINTER: &str = "/account_key";
        let key = self.required_text("account_key")?;
        if !key.bytes().all(|b| matches!(b, b' '..=b'~' if b != b':')) {
            self.note(
                ErrorCode::InvalidValue,
                POINTER,
                "account_key must be ASCII, without control characters and colons: it is seQura's name of the account, without the secret.",
            );
            return None;
        }
        if key.trim() != key {
            self.warn(
                POINTER,
                "account_key has blanks around it, which are sent with it.",
            );
        }
        Some(key)
    }

    pub(super) fn secret(&mut self) -> Option<SecretString> {
        const WAYS: [&str; 3] = [
            "account_secret",
            "account_secret_file",
            "account_secret_env",
        ];
        let given: Vec<&str> = WAYS
            .into_iter()
            .filter(|key| self.value(key).is_some())
            .collect();
        let [way] = given[..] else {
            let (code, message) = match given.len() {
                0 => (
                    ErrorCode::MissingField,
                    "account_secret is required; it may come as account_secret_file or account_secret_env instead.",
                ),
                _ => (
                    ErrorCode::MutuallyExclusive,
                    "Give only one of account_secret, account_secret_file and account_secret_env.",
                ),
            };
            self.note(code, "/account_secret", message);
            return None;
        };
        let pointer = format!("/{way}");
        let text = Text::new(self.text(way)?);
        let found = match way {
            "account_secret_file" => {
                let path = self.file(&pointer, &text)?;
                from_file(&path).map_err(|why| format!("{why} ({})", path.display()))
            }
            "account_secret_env" => from_environment(&text),
            _ => Ok(text),
        };
        match found {
            // What editors leave around a line.
            Ok(text) => {
                let secret = text.trim_start_matches('\u{feff}');
                self.checked_secret(&pointer, secret.trim_end_matches(['\r', '\n']))
            }
            Err(why) => {
                self.note(
                    ErrorCode::FileUnreadable,
                    &pointer,
                    &format!("The account secret cannot be read from {way}: {why}."),
                );
                None
            }
        }
    }

    fn checked_secret(&mut self, pointer: &str, secret: &str) -> Option<SecretString> {
        if secret.is_empty() {
            self.note(
                ErrorCode::EmptyText,
                pointer,
                "The account secret is empty.",
            );
            return None;
        }
        if secret.chars().any(char::is_control) {
            self.note(
                ErrorCode::InvalidValue,
                pointer,
                "The account secret has control characters in it, such as a TAB or the end of a line. It is one line, and nothing else.",
            );
            return None;
        }
        if secret.trim() != secret {
            self.warn(
                pointer,
                "The account secret has blanks around it, which are sent with it.",
            );
        }
        Some(secret.into())
    }

    /// A loopback address is reached by no proxy, whatever is said: what is sent there stays on this
    /// machine.
    pub(super) fn proxy(&mut self, base_url: Option<&Address>) -> Proxy {
        let text = self.text("proxy").map(Text::new);
        match text.as_ref().map(|text| text.as_str()) {
            None | Some("environment") => Proxy::Environment,
            Some("none") => Proxy::None,
            Some(url) => {
                let has_scheme = url.starts_with("http://") || url.starts_with("https://");
                if !has_scheme || usable_proxy(url).is_none() {
                    // The address is not repeated: it may hold a password.
                    self.note(
                        ErrorCode::InvalidUrl,
                        "/proxy",
                        "proxy must be \"none\", \"environment\" or an address such as http://proxy.shop:3128.",
                    );
                }
                if base_url.is_some_and(Address::is_loopback) {
                    let message = "The proxy is not used: base_url is this very machine, which no proxy is for.";
                    self.warn("/proxy", message);
                }
                Proxy::Url(url.into())
            }
        }
    }
}

fn from_file(path: &Path) -> Result<Text, String> {
    let bytes = file::read(path, limits::CONFIG_BYTES)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    Ok(Text::new(text.to_owned()))
}

/// The error's own text would show the secret.
fn from_environment(name: &str) -> Result<Text, String> {
    match std::env::var(name) {
        Ok(text) => Ok(Text::new(text)),
        Err(VarError::NotPresent) => Err("there is no such variable".to_owned()),
        Err(VarError::NotUnicode(bytes)) => {
            drop(Zeroizing::new(bytes.into_encoded_bytes()));
            Err("it is not UTF-8 text".to_owned())
        }
    }
}

/// An http or https proxy, where this text names one: `http://user:password@proxy.shop:3128`, with or
/// without scheme and credentials.
pub fn usable_proxy(text: &str) -> Option<ureq::Proxy> {
    let (scheme, place) = text.split_once("://").unwrap_or(("http", text));
    let place = place.strip_suffix('/').unwrap_or(place);
    let host = place.rsplit_once('@').map_or(place, |(_, host)| host);
    let address = Address::parse(&format!("{}://{host}/", scheme.to_ascii_lowercase()))?;
    let proxy = ureq::Proxy::new(text).ok()?;
    // Both have read the same place out of it.
    let same = Address::parse(&format!(
        "{}://{}:{}/",
        scheme.to_ascii_lowercase(),
        proxy.host(),
        proxy.port()
    ))?;
    (address == same).then_some(proxy)
}

//! Where a client sends to, by which way, and as whom.

use super::file;
use super::keys::Keys;
use super::settings::{Environment, Proxy};
use crate::address::Address;
use crate::limits;
use crate::mode::Mode;
use crate::vocabulary::ErrorCode;
use secrecy::SecretString;
use std::env::VarError;
use std::path::Path;
use zeroize::Zeroizing;

/// A text that holds a secret, until it is in its place.
type Text = Zeroizing<String>;

impl<'a> Keys<'a> {
    pub(super) fn deployment(&mut self) -> &'static str {
        match self.choice("deployment", &["sequra", "svea"]) {
            Some("svea") => "svea",
            _ => "sequra",
        }
    }

    pub(super) fn base_url(
        &mut self,
        environment: Option<Environment>,
        deployment: &str,
    ) -> Option<Address> {
        const KEY: &str = "base_url";
        let Some(given) = self.text(KEY) else {
            if self.value(KEY).is_some() {
                return None;
            }
            if environment.is_none() {
                let what = ": sandbox for trying out, live for real sales";
                self.reader.is_given(self.object, "environment", what);
            }
            // docs/sequra-api.md, Addresses; of the two sandboxes of svea's that clients have, core's.
            let address = match (deployment, environment?) {
                ("svea", Environment::Live) => "https://live.sequra.svea.com/",
                ("svea", Environment::Sandbox) => "https://next-sandbox.sequra.svea.com/",
                (_, Environment::Live) => "https://live.sequrapi.com/",
                (_, Environment::Sandbox) => "https://sandbox.sequrapi.com/",
            };
            return Address::parse(address);
        };
        let Some(address) = Address::parse(given) else {
            let what = match without_scheme(given) {
                Some(meant) => {
                    format!("has no scheme; write it whole, with https:// before it: {meant}")
                }
                None => "must be a plain address such as https://sandbox.sequrapi.com/: no credentials (they go into account_key and account_secret), no query, only ASCII.".to_owned(),
            };
            self.wrong(KEY, ErrorCode::InvalidUrl, &what);
            return None;
        };
        if !address.is_https() && !address.is_loopback() {
            let what = "must begin with https; http is allowed for loopback addresses (localhost, 127.0.0.1, [::1]) only.";
            self.wrong(KEY, ErrorCode::InsecureUrl, what);
            return None;
        }
        let path = format!("{}/", address.path().trim_end_matches('/'));
        if let Some(what) = doubtful_path(&address, &path) {
            self.warn(KEY, &what);
        }
        Some(address.with_path(path))
    }

    /// An address that is known for something else than is said of it: a gateway, or what was left over from trying out.
    pub(super) fn doubt_environment(
        &mut self,
        environment: Option<Environment>,
        base_url: Option<&Address>,
    ) {
        let Some((said, base_url)) = environment.map(Mode::from).zip(base_url) else {
            return;
        };
        let Some(known) = said.contradicted(base_url) else {
            return;
        };
        let is_that = match known {
            Mode::Simulator => {
                "this very machine: a gateway of the shop's own, or a simulator that was left over"
            }
            Mode::Sandbox => "seQura's sandbox",
            Mode::Live => "where seQura's real sales are",
        };
        let what = format!(
            "is {said}, and base_url ({base_url}) is {is_that}. The client is taken for {said}: make sure that no test is taken for a sale, nor a sale for a test."
        );
        self.warn("environment", &what);
    }

    /// HTTP Basic ends it with a colon, and says nothing of letters beyond ASCII.
    pub(super) fn account_key(&mut self) -> Option<String> {
        const KEY: &str = "account_key";
        let key = self.required_text(KEY)?;
        if !key.bytes().all(|b| matches!(b, b' '..=b'~' if b != b':')) {
            let what = "must be ASCII, without control characters and colons: it is seQura's name of the account, without the secret.";
            self.wrong(KEY, ErrorCode::InvalidValue, what);
            return None;
        }
        if key.trim() != key {
            self.warn(KEY, "has blanks around it, which are sent with it.");
        }
        Some(key.to_owned())
    }

    pub(super) fn secret(&mut self) -> Option<SecretString> {
        const KEY: &str = "account_secret";
        const WAYS: [&str; 3] = [KEY, "account_secret_file", "account_secret_env"];
        let mut given = WAYS.into_iter().filter(|key| self.value(key).is_some());
        let way = match (given.next(), given.next()) {
            (Some(way), None) => way,
            (None, _) => {
                let what = "is required; it may come as account_secret_file or account_secret_env instead.";
                self.wrong(KEY, ErrorCode::MissingField, what);
                return None;
            }
            (Some(_), Some(_)) => {
                let what = "comes in one way: give only one of account_secret, account_secret_file and account_secret_env.";
                self.wrong(KEY, ErrorCode::MutuallyExclusive, what);
                return None;
            }
        };
        let said = self.text(way)?;
        let found = match way {
            "account_secret_file" => {
                let path = self.file(&[way], said)?;
                from_file(&path)
            }
            "account_secret_env" => from_environment(said),
            _ => return self.checked_secret(way, said),
        };
        match found {
            Ok(text) => self.checked_secret(way, &text),
            Err(why) => {
                let what = format!("leads to no secret that could be read: {why}.");
                self.wrong(way, ErrorCode::FileUnreadable, &what);
                None
            }
        }
    }

    /// `text`: as it was found, with what editors leave around a line.
    fn checked_secret(&mut self, way: &'static str, text: &str) -> Option<SecretString> {
        let secret = text.trim_start_matches('\u{feff}');
        let secret = secret.trim_end_matches(['\r', '\n']);
        if secret.is_empty() {
            self.wrong(way, ErrorCode::EmptyText, "gives a secret that is empty.");
            return None;
        }
        if secret.chars().any(char::is_control) {
            let what = "gives a secret with control characters in it, such as a TAB or the end of a line. It is one line, and nothing else.";
            self.wrong(way, ErrorCode::InvalidValue, what);
            return None;
        }
        if secret.trim() != secret {
            self.warn(
                way,
                "gives a secret with blanks around it, which are sent with it.",
            );
        }
        Some(secret.into())
    }

    /// A loopback address is reached by no proxy, whatever is said: what is sent there stays on this
    /// machine.
    pub(super) fn proxy(&mut self, base_url: Option<&Address>) -> Proxy {
        match self.text("proxy") {
            None | Some("environment") => Proxy::Environment,
            Some("none") => Proxy::None,
            Some(url) => {
                let has_scheme = url.starts_with("http://") || url.starts_with("https://");
                if !has_scheme || usable_proxy(url).is_none() {
                    // The address is not repeated: it may hold a password.
                    let what = "must be \"none\", \"environment\" or an address with its scheme, such as http://proxy.shop:3128.";
                    self.wrong("proxy", ErrorCode::InvalidUrl, what);
                }
                if base_url.is_some_and(Address::is_loopback) {
                    let what = "is not used: base_url is this very machine, which no proxy is for.";
                    self.warn("proxy", what);
                }
                Proxy::Url(url.into())
            }
        }
    }
}

/// The address that was meant, where a text is one but for its scheme.
fn without_scheme(text: &str) -> Option<String> {
    let place = text.trim().trim_start_matches('/');
    let scheme = match Address::parse(&format!("http://{place}")) {
        _ if place.contains("://") => return None,
        Some(address) if address.is_loopback() => "http",
        _ => "https",
    };
    let meant = Address::parse(&format!("{scheme}://{place}"))?;
    let is_host = meant.host().contains(['.', ':']) || meant.host() == "localhost";
    (is_host && !place.contains(char::is_whitespace)).then(|| meant.to_string())
}

/// What is doubtful about a path: seQura's own addresses have none, and what the API itself puts behind the address
/// does not belong into it.
fn doubtful_path(address: &Address, path: &str) -> Option<String> {
    const SEQURAS: [&str; 2] = ["sequrapi.com", "sequra.svea.com"];
    const ENDPOINTS: [&str; 3] = ["orders", "merchants", "delivery_reports"];
    let host = address.host();
    let is_sequras = SEQURAS.iter().any(|name| {
        host.strip_suffix(name)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    });
    let names_endpoint = path.split('/').any(|step| ENDPOINTS.contains(&step));
    let doubtful = path != "/" && (is_sequras || names_endpoint);
    doubtful.then(|| {
        format!("has a path ({path}), which stands before that of every request; seQura's API begins at {}.", address.with_path("/".to_owned()))
    })
}

fn from_file(path: &Path) -> Result<Text, String> {
    let bytes = file::read(path, limits::CONFIG_BYTES)?;
    let text =
        std::str::from_utf8(&bytes).map_err(|_| file::of_file(path, "it is not UTF-8 text"))?;
    Ok(Text::new(text.to_owned()))
}

/// The error's own text would show the secret.
fn from_environment(name: &str) -> Result<Text, String> {
    match std::env::var(name) {
        Ok(text) => Ok(Text::new(text)),
        Err(VarError::NotPresent) => {
            Err("this program's environment has no such variable".to_owned())
        }
        Err(VarError::NotUnicode(bytes)) => {
            drop(Zeroizing::new(bytes.into_encoded_bytes()));
            Err("the variable is not UTF-8 text".to_owned())
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

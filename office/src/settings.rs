//! How an office is set up: one JSON file, and the environment for what is secret.

use serde::Deserialize;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Takes the place of `database`.
pub const DATABASE: &str = "SEQURA_OFFICE_DATABASE";
/// The password of the database's user, if it needs one.
pub const DATABASE_PASSWORD: &str = "SEQURA_OFFICE_DATABASE_PASSWORD";
/// Whoever sends this token is shown /metrics.
pub const METRICS_TOKEN: &str = "SEQURA_OFFICE_METRICS_TOKEN";

/// After how many minutes a till may be called silent or lagging: from six seconds, more often than which no forwarder need
/// come, to ten years.
const MOMENT: f64 = 0.1;
const LONGEST: f64 = 5_256_000.0;

/// What only its owner is to read.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: String) -> Secret {
        Secret(Zeroizing::new(text))
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Addresses that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether the address is of it.
    pub fn contains(&self, address: IpAddr) -> bool {
        let number = |address: IpAddr| match address.to_canonical() {
            IpAddr::V4(v4) => (u128::from(u32::from(v4)) << 96, 32),
            IpAddr::V6(v6) => (u128::from(v6), 128),
        };
        let ((own, of), (other, other_of)) = (number(self.address), number(address));
        let differ = own ^ other;
        of == other_of && differ.leading_zeros() >= u32::from(self.bits)
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Network, String> {
        let wrong = || format!("{text:?} is no address, nor a network like 10.1.0.0/16");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, bits.parse().ok()),
            None => (&*text, Some(128)),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match text.contains('/') {
            true => bits.filter(|bits| *bits <= most).ok_or_else(wrong)?,
            false => most,
        };
        Ok(Network { address, bits })
    }
}

/// The settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// PostgreSQL's connection string: `host=db1,db2 dbname=office user=office target_session_attrs=read-write`.
    pub database: String,
    /// PEM, of the authority that the database's certificate is of.
    pub database_ca: Option<PathBuf>,
    /// Connections to the database, for taking in.
    pub connections: usize,
    /// And as many for the pages, so that a till's backlog keeps nobody from looking.
    pub page_connections: usize,
    /// So long anything at the database may take.
    pub patience_ms: u64,
    /// What the office keeps on its own disk: its own certificate.
    pub folder: PathBuf,
    /// Where the private keys are; none: this office has none, and makes none.
    pub keys: Option<PathBuf>,
    /// A new key is made when the newest is so old.
    pub key_days: u32,
    /// PEM, with `private_key`; none: the office makes its own.
    pub certificate: Option<PathBuf>,
    pub private_key: Option<PathBuf>,
    /// By which names and addresses it is reached, for a certificate of its own.
    pub names: Vec<String>,
    /// No TLS: on this machine only, or behind one of `trusted_proxies`.
    pub plain_http: bool,
    /// How people and tills reach it, where that is not how it listens: https://office.example
    pub public_url: Option<String>,
    /// What these say of who asks (X-Forwarded-For) is believed.
    pub trusted_proxies: Vec<Network>,
    /// At most so many connections of tills and people.
    pub most_connections: usize,
    /// Bodies that are being read at a time, bytes.
    pub most_bytes_at_once: usize,
    /// At the end, so long what has begun may take.
    pub stop_within_ms: u64,
    /// A till is silent when it has not been heard for so long; 0.5 is half a minute.
    pub silent_after_minutes: f64,
    /// It lags when a change has waited for so long.
    pub lagging_after_minutes: f64,
    #[serde(skip)]
    pub database_password: Option<Secret>,
    #[serde(skip)]
    pub metrics_token: Option<Secret>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            listen: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 8443),
            database: String::new(),
            database_ca: None,
            connections: 16,
            page_connections: 4,
            patience_ms: 20_000,
            folder: "/var/lib/sequra-office".into(),
            keys: None,
            key_days: 7,
            certificate: None,
            private_key: None,
            names: Vec::new(),
            plain_http: false,
            public_url: None,
            trusted_proxies: Vec::new(),
            most_connections: 20_000,
            most_bytes_at_once: 256 << 20,
            stop_within_ms: 10_000,
            silent_after_minutes: 60.0,
            lagging_after_minutes: 15.0,
            database_password: None,
            metrics_token: None,
        }
    }
}

impl Settings {
    /// From the file, if one is named, and the environment.
    pub fn read(file: Option<&Path>) -> Result<Settings, String> {
        let mut settings = match file {
            Some(file) => {
                let wrong = |e: &dyn fmt::Display| format!("{}: {e}", file.display());
                let text = std::fs::read(file).map_err(|e| wrong(&e))?;
                serde_json::from_slice(&text).map_err(|e| wrong(&e))?
            }
            None => Settings::default(),
        };
        let secret = |name| std::env::var(name).ok().filter(|text| !text.is_empty());
        if let Some(database) = secret(DATABASE) {
            settings.database = database;
        }
        settings.database_password = secret(DATABASE_PASSWORD).map(Secret::new);
        settings.metrics_token = secret(METRICS_TOKEN).map(Secret::new);
        settings.check()?;
        Ok(settings)
    }

    /// What can be known to be wrong without trying it.
    pub fn check(&self) -> Result<(), String> {
        let wrong = |text: &str| Err(text.to_owned());
        if self.database.is_empty() {
            return Err(format!(
                "`database` is missing: PostgreSQL's connection string, in the file or in {DATABASE}"
            ));
        }
        if self.certificate.is_some() != self.private_key.is_some() {
            return wrong("`certificate` and `private_key` go together");
        }
        if self.plain_http && self.certificate.is_some() {
            return wrong("`plain_http` and `certificate` exclude each other");
        }
        if self.plain_http && !self.listen.ip().is_loopback() && self.trusted_proxies.is_empty() {
            return wrong(
                "`plain_http` is for this machine: listen on 127.0.0.1, or name the proxy that speaks HTTPS for the \
                 office in `trusted_proxies`",
            );
        }
        if self.connections == 0 || self.page_connections == 0 || self.most_connections == 0 {
            return wrong(
                "`connections`, `page_connections` and `most_connections` are 1 at least",
            );
        }
        if self.key_days == 0 {
            return wrong("`key_days` is 1 at least");
        }
        let minutes = [self.silent_after_minutes, self.lagging_after_minutes];
        if minutes
            .iter()
            .any(|minutes| !(MOMENT..=LONGEST).contains(minutes))
        {
            return wrong(
                "`silent_after_minutes` and `lagging_after_minutes` are from 0.1 to 5256000",
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        Network::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn a_network_is_addresses_that_begin_alike() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(network("10.1.0.0/16").contains(address("10.1.255.3")));
        assert!(network("10.1.0.0/16").contains(address("::ffff:10.1.255.3")));
        assert!(!network("10.1.0.0/16").contains(address("10.2.0.1")));
        assert!(network("10.1.0.1").contains(address("10.1.0.1")));
        assert!(!network("10.1.0.1").contains(address("10.1.0.2")));
        assert!(network("0.0.0.0/0").contains(address("9.9.9.9")));
        assert!(!network("0.0.0.0/0").contains(address("::1")));
        assert!(network("fd00::/8").contains(address("fd12::1")));
        for wrong in ["", "10.1/16", "10.0.0.0/33", "10.0.0.0/x", "office"] {
            assert!(Network::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_till_is_silent_after_a_time() {
        let read = |text: &str| {
            let text = format!(r#"{{"database":"host=/tmp",{text}}}"#);
            let settings: Settings = serde_json::from_str(&text).unwrap();
            settings.check()
        };
        for right in ["60", "0.25", "5256000"] {
            let text = format!(r#""silent_after_minutes":{right},"lagging_after_minutes":{right}"#);
            assert!(read(&text).is_ok(), "{right}");
        }
        for wrong in ["0", "-1", "1e300"] {
            assert!(read(&format!(r#""silent_after_minutes":{wrong}"#)).is_err());
            assert!(read(&format!(r#""lagging_after_minutes":{wrong}"#)).is_err());
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_or_behind_a_proxy() {
        let read = |text: &str| {
            let settings: Settings = serde_json::from_str(text).unwrap();
            settings.check()
        };
        assert!(read(r#"{"database":"host=/tmp"}"#).is_ok());
        assert!(read(r#"{}"#).is_err());
        assert!(read(r#"{"database":"host=/tmp","plain_http":true}"#).is_ok());
        let outside = r#"{"database":"host=/tmp","plain_http":true,"listen":"0.0.0.0:80""#;
        assert!(read(&format!("{outside}}}")).is_err());
        assert!(read(&format!("{outside},\"trusted_proxies\":[\"10.0.0.1\"]}}")).is_ok());
        assert!(serde_json::from_str::<Settings>(r#"{"databse":"host=/tmp"}"#).is_err());
    }
}

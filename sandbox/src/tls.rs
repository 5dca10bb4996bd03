//! Certificates for one run: an authority made at the start and thrown away at the end.
//!
//! A till's library is told to trust the authority's file and nothing else, so tests
//! meet real TLS without touching the machine's trust store. Three more certificates
//! are wrong on purpose, for a library must also refuse.

use crate::origin::Names;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A name that leads nowhere, but for a proxy that knows where the simulator is: tills reach a loopback
/// address by none.
const BEHIND_A_PROXY: &str = "sequra.test";

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadTls {
    /// It ended two days ago.
    Expired,
    /// It is for another host.
    OtherHost,
    /// Its authority is not the one in the file.
    UnknownCa,
}

impl BadTls {
    pub const ALL: [BadTls; 3] = [BadTls::Expired, BadTls::OtherHost, BadTls::UnknownCa];

    pub fn name(self) -> &'static str {
        match self {
            BadTls::Expired => "expired",
            BadTls::OtherHost => "other_host",
            BadTls::UnknownCa => "unknown_ca",
        }
    }
}

/// An authority, and the one under it that signs servers: as on the web, tills know only the upper one.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    intermediate: CertificateDer<'static>,
    pub pem: String,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Authority {
    pub fn new() -> Result<Authority, Failure> {
        Authority::named("sequra-sandbox throw-away CA")
    }

    fn named(name: &str) -> Result<Authority, Failure> {
        let params = |name: String, below: u8| -> Result<CertificateParams, Failure> {
            let mut params = CertificateParams::new(Vec::new())?;
            params.distinguished_name.push(DnType::CommonName, name);
            params.is_ca = IsCa::Ca(BasicConstraints::Constrained(below));
            params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
            set_validity(&mut params, -2, 365);
            Ok(params)
        };
        let (root, own) = (params(name.to_owned(), 1)?, KeyPair::generate()?);
        let pem = root.self_signed(&own)?.pem();
        let (under, key) = (params(format!("under {name}"), 0)?, KeyPair::generate()?);
        let intermediate = under.signed_by(&key, &Issuer::new(root, own))?;
        Ok(Authority {
            issuer: Issuer::new(under, key),
            intermediate: intermediate.der().clone(),
            pem,
        })
    }

    /// For the loopback names, for the simulator's others, and for [`BEHIND_A_PROXY`].
    pub fn server(&self, names: &Names, bad: Option<BadTls>) -> Result<Arc<ServerConfig>, Failure> {
        let more = [names.host.to_string()];
        let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1", BEHIND_A_PROXY]
            .map(Into::into)
            .into_iter()
            .chain(more)
            .chain(names.names.iter().cloned())
            .collect();
        names.sort();
        names.dedup();
        if bad == Some(BadTls::OtherHost) {
            names = vec!["somewhere-else.example".into()];
        }
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(names)?;
        params
            .distinguished_name
            .push(DnType::CommonName, "sequra-sandbox");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        match bad {
            Some(BadTls::Expired) => set_validity(&mut params, -30, -2),
            _ => set_validity(&mut params, -2, 365),
        }
        let nobodys = match bad {
            Some(BadTls::UnknownCa) => Some(Authority::named("nobody's CA")?),
            _ => None,
        };
        let by = nobodys.as_ref().unwrap_or(self);
        let certificate = params.signed_by(&key, &by.issuer)?;
        let chain = vec![certificate.der().clone(), by.intermediate.clone()];
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// Valid from and to, in days from today.
fn set_validity(params: &mut CertificateParams, from: i64, to: i64) {
    let day = |offset: i64| {
        let time = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * offset);
        let date = time.to_zoned(jiff::tz::TimeZone::UTC).date();
        rcgen::date_time_ymd(
            i32::from(date.year()),
            date.month().unsigned_abs(),
            date.day().unsigned_abs(),
        )
    };
    params.not_before = day(from);
    params.not_after = day(to);
}

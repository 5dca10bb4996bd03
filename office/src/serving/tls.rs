//! The certificate: a given one, or one of the office's own making, which tills are told to trust.

use crate::settings::Settings;
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// Why the office cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ServingError {
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    #[error("{}: {why}", .file.display())]
    File { file: PathBuf, why: String },
    #[error("the certificate and its key are of no use: {0}")]
    Useless(String),
}

fn file_error(file: &Path, error: impl std::fmt::Display) -> ServingError {
    ServingError::File {
        file: file.to_owned(),
        why: error.to_string(),
    }
}

/// Days that a certificate of the office's own is good for. Whoever trusts it trusts that very one.
const OWN_DAYS: i64 = 3650;

/// The certificate that is shown now.
pub struct Certificates {
    certificate: PathBuf,
    key: PathBuf,
    present: RwLock<Arc<ServerConfig>>,
}

impl Certificates {
    /// As the settings say. One of its own is made where there is none yet.
    pub fn of(settings: &Settings) -> Result<Certificates, ServingError> {
        let (certificate, key) = match (&settings.certificate, &settings.private_key) {
            (Some(certificate), Some(key)) => (certificate.clone(), key.clone()),
            _ => own(settings)?,
        };
        let present = RwLock::new(read(&certificate, &key)?);
        Ok(Certificates {
            certificate,
            key,
            present,
        })
    }

    /// For the next connection.
    pub fn present(&self) -> Arc<ServerConfig> {
        self.present
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// From its files; where they are of no use, it stays as it was.
    pub fn read_anew(&self) -> Result<(), ServingError> {
        let fresh = read(&self.certificate, &self.key)?;
        *self.present.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }
}

fn read(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, ServingError> {
    let of = |file: &Path| {
        let file = file.to_owned();
        move |e: rustls::pki_types::pem::Error| file_error(&file, e)
    };
    let chain = CertificateDer::pem_file_iter(certificate).map_err(of(certificate))?;
    let chain = chain
        .collect::<Result<Vec<_>, _>>()
        .map_err(of(certificate))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(of(key))?;
    let useless = |e: rustls::Error| ServingError::Useless(e.to_string());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(useless)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(useless)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn own(settings: &Settings) -> Result<(PathBuf, PathBuf), ServingError> {
    let (certificate, key) = (
        settings.folder.join("certificate.pem"),
        settings.folder.join("certificate.key"),
    );
    if !certificate.exists() {
        make(settings, &certificate, &key)?;
    }
    Ok((certificate, key))
}

fn make(settings: &Settings, certificate: &Path, key: &Path) -> Result<(), ServingError> {
    let useless = |e: rcgen::Error| ServingError::Useless(e.to_string());
    let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(Into::into).into();
    names.extend(settings.names.iter().cloned());
    let mut params = CertificateParams::new(names).map_err(useless)?;
    params
        .distinguished_name
        .push(DnType::CommonName, "sequra-office");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let today = jiff::Timestamp::now();
    let day = |days: i64| {
        let time = today + jiff::SignedDuration::from_hours(24 * days);
        let date = time.to_zoned(jiff::tz::TimeZone::UTC).date();
        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
        rcgen::date_time_ymd(i32::from(date.year()), month, day)
    };
    (params.not_before, params.not_after) = (day(-2), day(OWN_DAYS));
    let pair = KeyPair::generate().map_err(useless)?;
    let made = params.self_signed(&pair).map_err(useless)?;
    let written = fs::create_dir_all(&settings.folder)
        .and_then(|()| write(key, &pair.serialize_pem(), 0o600))
        // Last: where it is, its key is too.
        .and_then(|()| write(certificate, &made.pem(), 0o644));
    written.map_err(|e| file_error(&settings.folder, e))
}

fn write(file: &Path, text: &str, mode: u32) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let mut opened = options.open(file)?;
    opened.write_all(text.as_bytes())?;
    opened.sync_all()
}

//! TLS: rustls with ring, over ureq's connections.
//!
//! Of ring's cryptography only what web servers use is taken into the library: AES-GCM, the NIST
//! curves, ECDSA and RSA certificates; TLS 1.2 and 1.3. A client certificate is not offered.

use crate::address::bare_host;
use crate::config::{Roots, file};
use crate::limits;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use rustls::crypto::ring::{cipher_suite, kx_group};
use rustls::crypto::{
    CryptoProvider, GetRandomFailed, KeyProvider, SecureRandom, WebPkiSupportedAlgorithms,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject};
use rustls::sign::SigningKey;
use rustls::{ClientConfig, ClientConnection, RootCertStore, SignatureScheme, Stream};
use std::fmt;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport, TransportAdapter,
};
use webpki::ring as algorithms;
use zeroize::Zeroize;

fn client_config(roots: &Roots) -> Result<ClientConfig, Vec<Problem>> {
    let provider = Arc::new(provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| {
            vec![Problem::at(
                ErrorCode::Internal,
                "/roots",
                error.to_string(),
            )]
        })?;
    let bundled = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let roots = match roots {
        Roots::Bundled => bundled,
        Roots::File(path) => add_file(bundled, path).map_err(|why| {
            vec![Problem::at(
                ErrorCode::FileUnreadable,
                "/roots/file",
                format!("The certificates in roots.file cannot be used: {why}."),
            )]
        })?,
        #[cfg(windows)]
        Roots::System => {
            let verifier =
                rustls_platform_verifier::Verifier::new(provider).map_err(|e| no_system(&e))?;
            return Ok(builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(verifier))
                .with_no_client_auth());
        }
        #[cfg(not(windows))]
        Roots::System => {
            let place = std::env::var_os("SSL_CERT_FILE").map(std::path::PathBuf::from);
            let place = place
                .or_else(|| {
                    SYSTEM_FILES
                        .iter()
                        .map(std::path::PathBuf::from)
                        .find(|path| path.is_file())
                })
                .ok_or_else(|| {
                    no_system(&"none of the usual files is there; name one in SSL_CERT_FILE")
                })?;
            add_file(RootCertStore::empty(), &place).map_err(|why| no_system(&why))?
        }
    };
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Where Unix systems keep the certificates they trust: Debian, Red Hat, SUSE, Alpine and BSD.
#[cfg(not(windows))]
const SYSTEM_FILES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

fn no_system(why: &dyn fmt::Display) -> Vec<Problem> {
    vec![Problem::at(
        ErrorCode::FileUnreadable,
        "/roots",
        format!("The system's certificates cannot be used: {why}."),
    )]
}

/// `store` with the certificates of a PEM file; one that is no root is passed over, as systems ship
/// such, but a file without any is a mistake.
fn add_file(mut store: RootCertStore, path: &Path) -> Result<RootCertStore, String> {
    let bytes = file::read(path, limits::CERTIFICATE_BYTES)?;
    let certificates = CertificateDer::pem_slice_iter(&bytes)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| file::of_file(path, &error.to_string()))?;
    match store.add_parsable_certificates(certificates) {
        (0, _) => Err(file::of_file(
            path,
            "it holds no PEM certificate that can be used",
        )),
        _ => Ok(store),
    }
}

fn provider() -> CryptoProvider {
    CryptoProvider {
        cipher_suites: vec![
            cipher_suite::TLS13_AES_256_GCM_SHA384,
            cipher_suite::TLS13_AES_128_GCM_SHA256,
            cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            cipher_suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        ],
        kx_groups: vec![kx_group::SECP256R1, kx_group::SECP384R1],
        signature_verification_algorithms: SIGNATURES,
        secure_random: &SystemRandom,
        key_provider: &NoClientCertificate,
    }
}

/// What certificates and handshakes are signed with, strongest first.
static SIGNATURES: WebPkiSupportedAlgorithms = WebPkiSupportedAlgorithms {
    all: &[
        algorithms::ECDSA_P256_SHA256,
        algorithms::ECDSA_P256_SHA384,
        algorithms::ECDSA_P384_SHA256,
        algorithms::ECDSA_P384_SHA384,
        algorithms::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
        algorithms::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
        algorithms::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
        algorithms::RSA_PKCS1_2048_8192_SHA256,
        algorithms::RSA_PKCS1_2048_8192_SHA384,
        algorithms::RSA_PKCS1_2048_8192_SHA512,
    ],
    mapping: &[
        // TLS 1.2 leaves the curve open, so each scheme lists both; TLS 1.3 takes the first.
        (
            SignatureScheme::ECDSA_NISTP384_SHA384,
            &[algorithms::ECDSA_P384_SHA384, algorithms::ECDSA_P256_SHA384],
        ),
        (
            SignatureScheme::ECDSA_NISTP256_SHA256,
            &[algorithms::ECDSA_P256_SHA256, algorithms::ECDSA_P384_SHA256],
        ),
        (
            SignatureScheme::RSA_PSS_SHA512,
            &[algorithms::RSA_PSS_2048_8192_SHA512_LEGACY_KEY],
        ),
        (
            SignatureScheme::RSA_PSS_SHA384,
            &[algorithms::RSA_PSS_2048_8192_SHA384_LEGACY_KEY],
        ),
        (
            SignatureScheme::RSA_PSS_SHA256,
            &[algorithms::RSA_PSS_2048_8192_SHA256_LEGACY_KEY],
        ),
        (
            SignatureScheme::RSA_PKCS1_SHA512,
            &[algorithms::RSA_PKCS1_2048_8192_SHA512],
        ),
        (
            SignatureScheme::RSA_PKCS1_SHA384,
            &[algorithms::RSA_PKCS1_2048_8192_SHA384],
        ),
        (
            SignatureScheme::RSA_PKCS1_SHA256,
            &[algorithms::RSA_PKCS1_2048_8192_SHA256],
        ),
    ],
};

#[derive(Debug)]
struct SystemRandom;

impl SecureRandom for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), GetRandomFailed> {
        ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), bytes)
            .map_err(|_| GetRandomFailed)
    }
}

#[derive(Debug)]
struct NoClientCertificate;

impl KeyProvider for NoClientCertificate {
    fn load_private_key(
        &self,
        _: PrivateKeyDer<'static>,
    ) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        Err(rustls::Error::General(
            "no client certificate is configured".into(),
        ))
    }
}

/// Wraps https connections in TLS, with the roots of the configuration.
pub(super) struct Tls(Arc<ClientConfig>);

impl Tls {
    pub(super) fn new(roots: &Roots) -> Result<Tls, Vec<Problem>> {
        Ok(Tls(Arc::new(client_config(roots)?)))
    }
}

impl<In: Transport> Connector<In> for Tls {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let Some(transport) = chained else {
            return Ok(None);
        };
        if !details.needs_tls() || transport.is_tls() {
            return Ok(Some(Box::new(transport)));
        }
        let host = bare_host(details.uri.host().unwrap_or_default());
        let mut connection = self.client(host)?;
        let mut socket = TransportAdapter::new(
            Box::new(transport) as Box<dyn Transport>,
            details.current_time.clone(),
        );
        socket.set_timeout(details.timeout);
        connection.complete_io(&mut socket)?;
        Ok(Some(Box::new(TlsTransport {
            buffers: LazyBuffers::new(
                details.config.input_buffer_size(),
                details.config.output_buffer_size(),
            ),
            connection,
            socket,
        })))
    }
}

impl Tls {
    /// A connection to be. It is large, and made in steps that are as large: a host's thread with a small
    /// stack must not have them below the handshake.
    #[inline(never)]
    fn client(&self, host: &str) -> Result<Box<ClientConnection>, ureq::Error> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| ureq::Error::Tls("the host's name cannot be on a certificate"))?;
        let connection = ClientConnection::new(self.0.clone(), name)
            .map_err(|error| ureq::Error::Io(std::io::Error::other(error)))?;
        Ok(Box::new(connection))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

struct TlsTransport {
    buffers: LazyBuffers,
    connection: Box<ClientConnection>,
    socket: TransportAdapter,
}

impl Transport for TlsTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.socket.set_timeout(timeout);
        let output = &mut self.buffers.output()[..amount];
        let written = Stream::new(&mut *self.connection, &mut self.socket).write_all(output);
        // As for the plain connection below, which has it encrypted.
        output.zeroize();
        Ok(written?)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.socket.set_timeout(timeout);
        let input = self.buffers.input_append_buf();
        let amount = Stream::new(&mut *self.connection, &mut self.socket).read(input)?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.socket.get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for TlsTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsTransport")
    }
}

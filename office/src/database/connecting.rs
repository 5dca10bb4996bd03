//! The way to the database.

use super::connection::Connector;
use super::error::Error;
use super::transaction::Transaction;
use crate::settings::Settings;
use deadpool::Runtime;
use deadpool::managed::{Object, Pool, PoolError, Timeouts};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Where the string does not say otherwise.
const CONNECT: Duration = Duration::from_secs(5);
/// A host that is gone says nothing: then the connection is over.
const UNACKNOWLEDGED: Duration = Duration::from_secs(15);

/// A pool of connections.
#[derive(Clone)]
pub struct Database {
    pool: Pool<Connector>,
    tls: MakeRustlsConnect,
    generation: Arc<AtomicU64>,
    patience: Duration,
}

impl Database {
    /// Nothing is connected yet. At most so many connections at a time.
    pub fn new(settings: &Settings, most: usize) -> Result<Database, Error> {
        let mut config: Config = settings
            .database
            .parse()
            .map_err(|e| Error::Setup(format!("`database` is no connection string: {e}")))?;
        if let Some(password) = &settings.database_password {
            config.password(password.as_bytes());
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        config.tcp_user_timeout(UNACKNOWLEDGED);
        config.keepalives_idle(UNACKNOWLEDGED);
        config.application_name("sequra-office");
        let tls = tls(settings, &mut config)?;
        let generation = Arc::new(AtomicU64::new(0));
        let connector = Connector {
            config,
            tls: tls.clone(),
            generation: generation.clone(),
        };
        let patience = Duration::from_millis(settings.patience_ms);
        let timeouts = Timeouts {
            wait: Some(patience),
            create: Some(patience),
            recycle: Some(patience),
        };
        let pool = Pool::builder(connector).max_size(most).timeouts(timeouts);
        let pool = pool.runtime(Runtime::Tokio1).build();
        Ok(Database {
            pool: pool.map_err(|e| Error::Setup(e.to_string()))?,
            tls,
            generation,
            patience,
        })
    }

    /// A transaction that writes. Its commit waits for the standby, whatever the database's own setting is.
    pub async fn begin(&self) -> Result<Transaction, Error> {
        let patience = self.patience.as_millis();
        Transaction::begin(
            self,
            &format!(
                "BEGIN; SET LOCAL synchronous_commit = on; SET LOCAL statement_timeout = {patience}"
            ),
        )
        .await
    }

    /// A transaction that writes what may be lost with its server: sessions and the like. It waits for no standby.
    pub async fn begin_local(&self) -> Result<Transaction, Error> {
        let patience = self.patience.as_millis();
        Transaction::begin(
            self,
            &format!("BEGIN; SET LOCAL synchronous_commit = off; SET LOCAL statement_timeout = {patience}"),
        )
        .await
    }

    /// A transaction that reads: everything as of one moment. It is dropped at its end.
    pub async fn read(&self) -> Result<Transaction, Error> {
        let patience = self.patience.as_millis();
        Transaction::begin(
            self,
            &format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {patience}"),
        )
        .await
    }

    pub(super) async fn connection(&self) -> Result<Object<Connector>, Error> {
        self.pool.get().await.map_err(|e| match e {
            PoolError::Backend(error) => error,
            PoolError::Timeout(_) => Error::Unreachable("every connection is in use".into()),
            other => Error::Unreachable(other.to_string()),
        })
    }

    /// Waits for the database, but not for ever.
    pub async fn within<T>(
        &self,
        work: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Error> {
        match tokio::time::timeout(self.patience, work).await {
            Ok(done) => done.map_err(|e| self.noted(e.into())),
            Err(_) => Err(Error::Silent(self.patience)),
        }
    }

    /// The same error; one that says that this server is not the right one ends every connection that is older.
    pub fn noted(&self, error: Error) -> Error {
        if error.is_elsewhere() {
            self.generation.fetch_add(1, Ordering::SeqCst);
        }
        error
    }

    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    pub(super) fn tls(&self) -> MakeRustlsConnect {
        self.tls.clone()
    }
}

/// A database on another machine is reached over TLS, with a certificate that is checked, unless somebody says otherwise.
fn tls(settings: &Settings, config: &mut Config) -> Result<MakeRustlsConnect, Error> {
    let mut roots = RootCertStore::empty();
    match &settings.database_ca {
        Some(file) => {
            let wrong = |e: &dyn std::fmt::Display| {
                Error::Setup(format!("`database_ca`: {}: {e}", file.display()))
            };
            let read = CertificateDer::pem_file_iter(file).map_err(|e| wrong(&e))?;
            for certificate in read {
                let certificate = certificate.map_err(|e| wrong(&e))?;
                roots.add(certificate).map_err(|e| wrong(&e))?;
            }
            if config.get_ssl_mode() != SslMode::Disable {
                config.ssl_mode(SslMode::Require);
            }
        }
        None if config.get_ssl_mode() == SslMode::Disable => {}
        None if config.get_hosts().iter().all(is_this_machine) => {
            config.ssl_mode(SslMode::Disable);
        }
        None => {
            return Err(Error::Setup(
                "The database is on another machine: `database_ca` must name the file with the certificate of its \
                 authority, or the connection string say sslmode=disable, where nobody else is on that network."
                    .into(),
            ));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::Setup(e.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(tls))
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        #[cfg(unix)]
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            let address: Option<IpAddr> = name.parse().ok();
            name == "localhost" || address.is_some_and(|address| address.is_loopback())
        }
    }
}

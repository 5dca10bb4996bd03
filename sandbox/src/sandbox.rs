//! A running simulator: its listeners, its threads, and the handle a test holds.

use crate::connection::{FaultyStream, Stream, Wire};
use crate::delivery_reports::DeliveryReport;
use crate::disbursements::{Disburse, Disbursement};
use crate::exchange::{Line, exchange};
use crate::faults::Fault;
use crate::files::write_ca;
use crate::ledger::LedgerEntry;
use crate::options::Options;
use crate::orders::{OrderView, Turn};
use crate::origin::{Names, check};
use crate::requests::{RequestEntry, Stats};
use crate::rules::Rules;
use crate::sequra::Sequra;
use crate::shopper::{Email, Sms};
use crate::tls::{Authority, BadTls};
use crate::world::ControlError;
use crate::{control, endpoints, face};
use axum::{Extension, Router, middleware};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Why the simulator could not start.
#[derive(Debug)]
pub struct StartError(pub(crate) String);

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}

/// A simulated seQura that runs on threads of its own until this is dropped.
///
/// ```
/// use sequra_sandbox::{Fault, Harm, Options, Sandbox};
///
/// let sandbox = Sandbox::start(Options::default())?;
/// sandbox.fault(Fault::new(Harm::CloseAfter {}).method("PUT").state("confirmed"));
/// assert!(sandbox.http_url().starts_with("http://127.0.0.1:"));
/// assert!(sandbox.ledger().is_empty());
/// # Ok::<(), sequra_sandbox::StartError>(())
/// ```
pub struct Sandbox {
    sequra: Arc<Sequra>,
    runtime: Option<tokio::runtime::Runtime>,
    http_url: String,
    https_url: String,
    bad_tls: Vec<(BadTls, String)>,
    ca_file: PathBuf,
    /// The folder made for the CA file, if it was.
    temporary: Option<PathBuf>,
}

impl Sandbox {
    /// Listens when it returns.
    pub fn start(options: Options) -> Result<Sandbox, StartError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("sequra-sandbox")
            .enable_all()
            .build()
            .map_err(|e| StartError(format!("cannot start threads: {e}")))?;
        let names = Arc::new(Names::of(&options));
        let sequra = Sequra::new(
            options.accounts,
            options.rules,
            options.log_requests,
            runtime.handle().clone(),
        );
        let listeners = Listeners {
            host: options.host,
            router: router(&sequra, &names),
            connections: Arc::default(),
        };
        let inside = runtime.enter();

        let no_tls = |e| StartError(format!("cannot make certificates: {e}"));
        let authority = Authority::new().map_err(no_tls)?;
        let good = authority.server(&names, None).map_err(no_tls)?;
        let http = listeners.listen(options.http, None)?;
        let https = listeners.listen(options.https, Some(good))?;
        let mut bad_tls = Vec::new();
        for bad in BadTls::ALL.into_iter().filter(|_| options.bad_tls) {
            let wrong = authority.server(&names, Some(bad)).map_err(no_tls)?;
            let address = listeners.listen(0, Some(wrong))?;
            bad_tls.push((bad, https_url(address)));
        }
        let (ca_file, temporary) = write_ca(options.ca_file, &authority.pem)?;
        drop(inside);
        sequra.listens(&https_url(https), &ca_file);
        Ok(Sandbox {
            sequra,
            runtime: Some(runtime),
            http_url: format!("http://{http}"),
            https_url: https_url(https),
            bad_tls,
            ca_file,
            temporary,
        })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn http_url(&self) -> &str {
        &self.http_url
    }

    /// The page for people, by an address that a browser on this machine can open.
    pub fn page_url(&self) -> String {
        let anywhere = self.http_url.replace("//0.0.0.0:", "//127.0.0.1:");
        format!("{}/", anywhere.replace("//[::]:", "//[::1]:"))
    }

    /// `https://localhost:PORT`, without a slash at the end.
    pub fn https_url(&self) -> &str {
        &self.https_url
    }

    /// A URL at which the certificate is wrong; none unless [`Options::bad_tls`] is set.
    pub fn bad_tls_url(&self, bad: BadTls) -> Option<&str> {
        let mut all = self.bad_tls.iter();
        all.find(|(kind, _)| *kind == bad).map(|(_, url)| &**url)
    }

    /// All URLs at which the certificate is wrong.
    pub fn bad_tls_urls(&self) -> &[(BadTls, String)] {
        &self.bad_tls
    }

    /// The PEM file of the authority behind the HTTPS certificate.
    pub fn ca_file(&self) -> &Path {
        &self.ca_file
    }

    /// The shopper is approved; after a review, by seQura. A test shopper goes to review
    /// first.
    pub fn approve(&self, uuid: &str) -> Result<OrderView, ControlError> {
        self.sequra.play(uuid, Turn::Approve)
    }

    pub fn review(&self, uuid: &str) -> Result<OrderView, ControlError> {
        self.sequra.play(uuid, Turn::Review)
    }

    pub fn reject(&self, uuid: &str) -> Result<OrderView, ControlError> {
        self.sequra.play(uuid, Turn::Reject)
    }

    pub fn cancel(&self, uuid: &str) -> Result<OrderView, ControlError> {
        self.sequra.play(uuid, Turn::Cancel)
    }

    pub fn expire(&self, uuid: &str) -> Result<OrderView, ControlError> {
        self.sequra.play(uuid, Turn::Expire)
    }

    /// Pays out what is owed, one disbursement for each merchant with something to pay:
    /// `sandbox.disburse(Disburse::default())`.
    pub fn disburse(&self, how: Disburse) -> Result<Vec<Disbursement>, ControlError> {
        self.sequra.disburse(&how)
    }

    /// All disbursements, the newest first.
    pub fn disbursements(&self) -> Vec<Disbursement> {
        self.sequra.world().disbursements()
    }

    /// The delivery reports that were accepted, oldest first.
    pub fn delivery_reports(&self) -> Vec<DeliveryReport> {
        self.sequra.world().delivery_reports.clone()
    }

    /// Queues a fault for the next request that it matches.
    pub fn fault(&self, fault: impl Into<Fault>) {
        self.sequra.world().faults.push(fault.into());
    }

    /// The faults that have not struck yet.
    pub fn faults(&self) -> Vec<Fault> {
        self.sequra.world().faults.waiting()
    }

    pub fn clear_faults(&self) {
        self.sequra.world().faults.clear();
    }

    pub fn orders(&self) -> Vec<OrderView> {
        self.sequra.world().orders()
    }

    pub fn order(&self, uuid: &str) -> Option<OrderView> {
        self.sequra.world().order(uuid).map(|order| order.view())
    }

    /// An order's content as last accepted: as acknowledged, with what was updated since.
    pub fn order_content(&self, uuid: &str) -> Option<serde_json::Value> {
        self.sequra.world().order(uuid).map(|order| order.content())
    }

    pub fn ledger(&self) -> Vec<LedgerEntry> {
        self.sequra.world().ledger.clone()
    }

    pub fn requests(&self) -> Vec<RequestEntry> {
        self.sequra.world().requests.all()
    }

    pub fn emails(&self) -> Vec<Email> {
        self.sequra.world().emails.clone()
    }

    pub fn sms(&self) -> Vec<Sms> {
        self.sequra.world().sms.clone()
    }

    pub fn stats(&self) -> Stats {
        self.sequra.world().requests.stats()
    }

    /// Changes the rules: `sandbox.rules(|rules| rules.gift_required = false)`.
    pub fn rules(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.sequra.world().rules);
    }

    pub fn current_rules(&self) -> Rules {
        self.sequra.world().rules.clone()
    }

    /// Forgets orders, ledger, requests, faults, messages, disbursements and delivery
    /// reports; the rules are again those of the start.
    pub fn reset(&self) {
        self.sequra.reset();
    }

    /// Returns at SIGTERM, Ctrl-C or `POST /_sandbox/shutdown`.
    pub fn wait(&self) -> std::io::Result<()> {
        let Some(runtime) = &self.runtime else {
            return Ok(());
        };
        runtime.block_on(async {
            tokio::select! {
                () = self.sequra.stopped() => Ok(()),
                signal = signalled() => signal,
            }
        })
    }

    /// What `--ready-file` holds.
    pub fn ready_json(&self) -> String {
        let bad_tls: serde_json::Map<_, _> = self
            .bad_tls
            .iter()
            .map(|(bad, url)| (bad.name().to_owned(), url.clone().into()))
            .collect();
        let bad_tls = (!bad_tls.is_empty()).then_some(bad_tls);
        serde_json::json!({
            "http": self.http_url,
            "https": self.https_url,
            "bad_tls": bad_tls,
            "ca_file": self.ca_file,
            "pid": std::process::id(),
        })
        .to_string()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            if tokio::runtime::Handle::try_current().is_ok() {
                // Waiting is not allowed inside another runtime.
                runtime.shutdown_background();
            } else {
                // Waits for the threads, so that the ports are free afterwards.
                runtime.shutdown_timeout(Duration::from_secs(2));
            }
        }
        if let Some(folder) = &self.temporary {
            // Nothing can be done about a folder that cannot be removed.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

fn router(sequra: &Arc<Sequra>, names: &Arc<Names>) -> Router {
    endpoints::router()
        .layer(middleware::from_fn_with_state(sequra.clone(), exchange))
        .merge(control::router())
        .merge(face::router())
        .layer(middleware::from_fn_with_state(names.clone(), check))
        .with_state(sequra.clone())
}

struct Listeners {
    host: IpAddr,
    router: Router,
    /// Connections accepted so far, whatever the listener.
    connections: Arc<AtomicU64>,
}

impl Listeners {
    fn listen(&self, port: u16, tls: Option<Arc<ServerConfig>>) -> Result<SocketAddr, StartError> {
        let wanted = SocketAddr::new(self.host, port);
        let cannot = |e| StartError(format!("cannot listen on {wanted}: {e}"));
        let listener = std::net::TcpListener::bind(wanted).map_err(cannot)?;
        listener.set_nonblocking(true).map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let listener = TcpListener::from_std(listener).map_err(cannot)?;
        let router = self.router.clone();
        let connections = self.connections.clone();
        let tls = tls.map(TlsAcceptor::from);
        tokio::spawn(async move {
            loop {
                let Ok((tcp, _)) = listener.accept().await else {
                    // Out of descriptors, most likely: let some connections end.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                };
                let line = Line {
                    number: connections.fetch_add(1, Ordering::Relaxed) + 1,
                    scheme: if tls.is_some() { "https" } else { "http" },
                    wire: Wire::default(),
                    local: address.to_string(),
                };
                tokio::spawn(serve(tcp, tls.clone(), line, router.clone()));
            }
        });
        Ok(address)
    }
}

async fn serve(tcp: TcpStream, tls: Option<TlsAcceptor>, line: Line, router: Router) {
    let _ = tcp.set_nodelay(true);
    let stream = match tls {
        None => Stream::Plain(tcp),
        Some(acceptor) => match acceptor.accept(tcp).await {
            Ok(tls) => Stream::Tls(Box::new(tls)),
            // The client refused the certificate, or does not speak TLS.
            Err(_) => return,
        },
    };
    let stream = FaultyStream::new(stream, line.wire.clone());
    let service = TowerToHyperService::new(router.layer(Extension(line)));
    // An error means that the client is gone or that a fault ended the connection.
    let _ = hyper::server::conn::http1::Builder::new()
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

fn https_url(address: SocketAddr) -> String {
    if address.ip() == IpAddr::from([127, 0, 0, 1]) {
        format!("https://localhost:{}", address.port())
    } else {
        format!("https://{address}")
    }
}

#[cfg(unix)]
async fn signalled() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}

#[cfg(not(unix))]
async fn signalled() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

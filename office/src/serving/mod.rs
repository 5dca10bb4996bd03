//! Listening, over HTTPS or behind a proxy, until it is told to stop; what has begun then is finished.

mod tls;

pub use tls::{Certificates, ServingError};

use crate::pages;
use crate::state::State;
use crate::taking_in;
use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

/// Until a request's head is there; and so long a connection may be kept for the next one.
const HEAD: Duration = Duration::from_secs(75);
/// Until both have agreed how to speak.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Who has connected: an extension of every request. Behind a proxy it is the proxy.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Everything that is served.
pub fn router(state: State) -> Router {
    Router::new()
        .nest("/api/1", taking_in::router())
        .with_state(state.clone())
        .merge(pages::router(&state))
        .fallback(pages::nothing)
}

/// A server that listens.
pub struct Server {
    state: State,
    listener: TcpListener,
    address: SocketAddr,
    certificates: Option<Arc<Certificates>>,
}

/// Listens where the settings say. Within a runtime.
pub fn listen(state: &State) -> Result<Server, ServingError> {
    let settings = &state.settings;
    let wanted = settings.listen;
    let cannot = |e| ServingError::Listen(wanted, e);
    let certificates = match settings.plain_http {
        true => None,
        false => Some(Arc::new(Certificates::of(settings)?)),
    };
    let listener = std::net::TcpListener::bind(wanted).map_err(cannot)?;
    listener.set_nonblocking(true).map_err(cannot)?;
    Ok(Server {
        state: state.clone(),
        address: listener.local_addr().map_err(cannot)?,
        listener: TcpListener::from_std(listener).map_err(cannot)?,
        certificates,
    })
}

impl Server {
    /// Where it is found.
    pub fn url(&self) -> String {
        let scheme = if self.certificates.is_some() {
            "https"
        } else {
            "http"
        };
        let own = || format!("{scheme}://{}", self.address);
        self.state.settings.public_url.clone().unwrap_or_else(own)
    }

    /// Until SIGTERM or Ctrl-C.
    pub async fn serve(self) -> std::io::Result<()> {
        let certificates = self.certificates.clone();
        let (stop, stopped) = watch::channel(());
        let within = Duration::from_millis(self.state.settings.stop_within_ms);
        tokio::spawn(pages::note_hourly(self.state.clone()));
        let serving = tokio::spawn(self.until(stopped));
        signals(certificates).await?;
        // Nothing new begins; what has is finished.
        let _ = stop.send(());
        let _ = tokio::time::timeout(within, serving).await;
        Ok(())
    }

    /// Until the other end is used or dropped.
    pub async fn until(self, mut stopped: watch::Receiver<()>) {
        let most = self.state.settings.most_connections;
        let places = Arc::new(Semaphore::new(most));
        let router = router(self.state);
        loop {
            let accepted = tokio::select! {
                biased;
                _ = stopped.changed() => break,
                accepted = accept(&self.listener, &places) => accepted,
            };
            let Some((tcp, from, place)) = accepted else {
                continue;
            };
            let router = router.clone();
            let certificates = self.certificates.clone();
            let stopped = stopped.clone();
            tokio::spawn(async move {
                serve(tcp, Peer(from), certificates, router, stopped).await;
                drop(place);
            });
        }
        // Each gives its place back at its end.
        let _ = places
            .acquire_many(most.min(u32::MAX as usize) as u32)
            .await;
    }
}

type Place = tokio::sync::OwnedSemaphorePermit;

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, Place)> {
    let place = places.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((tcp, from)) => Some((tcp, from, place)),
        Err(_) => {
            // Out of descriptors, most likely: let some connections end.
            tokio::time::sleep(Duration::from_millis(20)).await;
            None
        }
    }
}

async fn serve(
    tcp: TcpStream,
    peer: Peer,
    certificates: Option<Arc<Certificates>>,
    router: Router,
    stopped: watch::Receiver<()>,
) {
    let _ = tcp.set_nodelay(true);
    let Some(certificates) = certificates else {
        return speak(tcp, peer, router, stopped).await;
    };
    let acceptor = TlsAcceptor::from(certificates.present());
    let shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(tcp)).await;
    // Otherwise the other end refused the certificate, or does not speak TLS.
    if let Ok(Ok(tls)) = shaken {
        speak(tls, peer, router, stopped).await;
    }
}

async fn speak<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    peer: Peer,
    router: Router,
    mut stopped: watch::Receiver<()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let router = TowerToHyperService::new(router);
    let service = service_fn(|mut request: hyper::Request<_>| {
        request.extensions_mut().insert(peer);
        router.call(request)
    });
    let connection = http.serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    // An error means that the other end is gone.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopped.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Returns when the program is told to stop. At SIGHUP the certificate is read anew.
#[cfg(unix)]
async fn signals(certificates: Option<Arc<Certificates>>) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    loop {
        tokio::select! {
            _ = terminate.recv() => return Ok(()),
            interrupted = tokio::signal::ctrl_c() => return interrupted,
            _ = hang_up.recv() => {
                if let Some(Err(error)) = certificates.as_ref().map(|all| all.read_anew()) {
                    eprintln!("sequra-office: the certificate stays as it was: {error}");
                }
            }
        }
    }
}

#[cfg(not(unix))]
async fn signals(_: Option<Arc<Certificates>>) -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

//! A connection of the pool: driven here, with its warnings counted.

use super::error::Error;
use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio_postgres::{AsyncMessage, Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

/// One that nobody has used for so long is asked whether it still is one.
const DOUBTED_AFTER: Duration = Duration::from_secs(20);

/// A connection.
pub struct Connection {
    pub client: Client,
    pub warnings: Arc<Warnings>,
    generation: u64,
    used: Instant,
}

/// What a server has warned of.
#[derive(Default)]
pub struct Warnings {
    count: AtomicU64,
    last: Mutex<String>,
}

impl Warnings {
    /// So many so far.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }

    /// The newest.
    pub fn last(&self) -> String {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.clone()
    }

    fn add(&self, text: &str) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.clear();
        last.push_str(text);
        self.count.fetch_add(1, Ordering::SeqCst);
    }
}

/// Makes the pool's connections.
pub struct Connector {
    pub config: Config,
    pub tls: MakeRustlsConnect,
    /// Grows when a server turns out to be the wrong one: older connections are not used again.
    pub generation: Arc<AtomicU64>,
}

impl Manager for Connector {
    type Type = Connection;
    type Error = Error;

    async fn create(&self) -> Result<Connection, Error> {
        let generation = self.generation.load(Ordering::SeqCst);
        let (client, mut connection) = self
            .config
            .connect(self.tls.clone())
            .await
            .map_err(|e| Error::Unreachable(Error::from(e).to_string()))?;
        let warnings = Arc::new(Warnings::default());
        let noted = warnings.clone();
        tokio::spawn(async move {
            // A warning is noted before the answer that it came before is given on: both come this way.
            while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await
            {
                if let AsyncMessage::Notice(notice) = message
                    && notice.severity() != "NOTICE"
                    && notice.severity() != "INFO"
                {
                    noted.add(notice.message());
                }
            }
        });
        Ok(Connection {
            client,
            warnings,
            generation,
            used: Instant::now(),
        })
    }

    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<Error> {
        let current = self.generation.load(Ordering::SeqCst);
        if connection.client.is_closed() || connection.generation != current {
            return Err(RecycleError::message(
                "it is closed, or leads to another server",
            ));
        }
        if connection.used.elapsed() > DOUBTED_AFTER {
            let asked = connection.client.check_connection();
            asked.await.map_err(|e| RecycleError::Backend(e.into()))?;
        }
        connection.used = Instant::now();
        Ok(())
    }
}

//! An office that serves, with a database of its own.

use sequra_office::database::{Param, migrate};
use sequra_office::settings::Settings;
use sequra_office::state::State;
use sequra_office::taking_in::enrolment;
use sequra_office::trial::{Cluster, Kind};
use sequra_office::{keys, random, serving};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::OnceLock;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio_postgres::Row;

/// One for all tests; it goes with this program.
pub fn cluster() -> &'static Cluster {
    static ONE: OnceLock<Cluster> = OnceLock::new();
    ONE.get_or_init(|| Cluster::start(Kind::OnAPort).expect("PostgreSQL starts"))
}

/// An office.
pub struct Office {
    pub runtime: Runtime,
    pub state: State,
    pub url: String,
    pub keys: tempfile::TempDir,
    stop: Option<watch::Sender<()>>,
}

impl Office {
    /// With a database of its own on the common PostgreSQL.
    pub fn start() -> Office {
        let name = format!("office_{}", random::id());
        let made = cluster().sql("postgres", &format!("CREATE DATABASE {name}"));
        made.expect("a database is made");
        Office::on(&cluster().address(&name))
    }

    /// On this database.
    pub fn on(address: &str) -> Office {
        Office::with(address, |_| {})
    }

    /// With other settings.
    pub fn with(address: &str, change: impl FnOnce(&mut Settings)) -> Office {
        let runtime = Runtime::new().expect("threads");
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings {
            listen: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0),
            database: address.to_owned(),
            plain_http: true,
            connections: 4,
            page_connections: 2,
            keys: Some(folder.path().to_owned()),
            ..Settings::default()
        };
        change(&mut settings);
        let state = State::new(settings).expect("settings");
        let (stop, stopped) = watch::channel(());
        let url = runtime.block_on(async {
            migrate(&state.database).await.expect("tables");
            keys::new(&state.database, folder.path())
                .await
                .expect("a key");
            let server = serving::listen(&state).expect("it listens");
            let url = server.url();
            tokio::spawn(server.until(stopped));
            url
        });
        Office {
            runtime,
            state,
            url,
            keys: folder,
            stop: Some(stop),
        }
    }

    /// A code for a till of this name.
    pub fn code(&self, till: &str) -> String {
        let made = enrolment::new_code(&self.state.database, "shop", till, "test", 60_000);
        self.runtime.block_on(made).expect("a code")
    }

    /// What a query finds.
    pub fn rows(&self, query: &str, params: &[Param<'_>]) -> Vec<Row> {
        let found = async {
            let transaction = self.state.pages.read().await?;
            transaction.rows(query, params).await
        };
        self.runtime.block_on(found).expect("rows")
    }

    /// A number that a query finds.
    pub fn number(&self, query: &str) -> i64 {
        self.rows(query, &[])[0].get(0)
    }

    /// Changes something behind the office's back.
    pub fn change(&self, statement: &str) {
        let changed = async {
            let transaction = self.state.pages.begin().await?;
            transaction.batch_execute(statement).await?;
            transaction.commit().await
        };
        self.runtime.block_on(changed).expect("changed");
    }

    /// Nothing was set aside, and every chain holds.
    pub fn is_in_order(&self) -> bool {
        let broken = "SELECT count(*) FROM streams WHERE chain_broken_at_entry IS NOT NULL";
        self.number("SELECT count(*) FROM set_aside") + self.number(broken) == 0
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        drop(self.stop.take());
    }
}

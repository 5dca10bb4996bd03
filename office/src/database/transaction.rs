//! A transaction, whose end is known.

use super::Param;
use super::connecting::Database;
use super::connection::{Connection, Connector};
use super::error::Error;
use deadpool::managed::Object;
use std::future::Future;
use std::ops::Deref;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio_postgres::{Client, Row};

/// So long a transaction that nobody has ended may take to be undone.
const UNDONE_WITHIN: Duration = Duration::from_secs(5);

/// A transaction; one that is dropped is undone.
pub struct Transaction {
    database: Database,
    connection: Option<Object<Connector>>,
}

impl Deref for Transaction {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.connection().client
    }
}

impl Transaction {
    pub(super) async fn begin(database: &Database, how: &str) -> Result<Transaction, Error> {
        let transaction = Transaction {
            database: database.clone(),
            connection: Some(database.connection().await?),
        };
        // Waited for: were it refused, what follows would be done without it.
        let begun = transaction.batch_execute(how);
        database.within(begun).await?;
        Ok(transaction)
    }

    /// What a statement finds; it may take its time, but not for ever.
    pub async fn rows(&self, statement: &str, params: &[Param<'_>]) -> Result<Vec<Row>, Error> {
        let found = self.query_typed(statement, params);
        self.database.within(found).await
    }

    /// Several statements that are waited for together.
    pub async fn within<T>(
        &self,
        work: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Error> {
        self.database.within(work).await
    }

    /// How many rows a statement has changed.
    pub async fn run(&self, statement: &str, params: &[Param<'_>]) -> Result<u64, Error> {
        let done = self.execute_typed(statement, params);
        self.database.within(done).await
    }

    fn connection(&self) -> &Connection {
        self.connection.as_ref().expect("it is there until the end")
    }

    /// Done, and known to be kept: by this server, and by the standby that it waits for, where there is one. An error
    /// says that this is not known.
    pub async fn commit(mut self) -> Result<(), Error> {
        let connection = self.connection.take().expect("it is there until the end");
        let warnings = connection.warnings.clone();
        let before = warnings.count();
        let committed = connection.client.batch_execute("COMMIT");
        let patience = self.database.patience();
        match tokio::time::timeout(patience, committed).await {
            Ok(Ok(())) if warnings.count() == before => Ok(()),
            // Whoever cancels a wait may have meant this connection's next one.
            Ok(Ok(())) => {
                drop(Object::take(connection));
                Err(Error::Unsure(warnings.last()))
            }
            Ok(Err(error)) => {
                drop(Object::take(connection));
                Err(self.database.noted(error.into()))
            }
            Err(_) => {
                // Otherwise it waits on, with its locks, for the standby that does not come.
                let tls = self.database.tls();
                let cancelled = connection.client.cancel_token().cancel_query(tls).await;
                drop((cancelled, Object::take(connection)));
                Err(Error::Silent(patience))
            }
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        // Into the pool goes what is known to be in no transaction.
        let Ok(runtime) = Handle::try_current() else {
            drop(Object::take(connection));
            return;
        };
        runtime.spawn(async move {
            let undone = connection.client.batch_execute("ROLLBACK");
            if !matches!(
                tokio::time::timeout(UNDONE_WITHIN, undone).await,
                Ok(Ok(()))
            ) {
                drop(Object::take(connection));
            }
        });
    }
}

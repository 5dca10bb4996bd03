//! What is written for somebody: statements that are done together or not at all.

use crate::database::{Database, Error, Retries};
use crate::random;
use tokio_postgres::types::{ToSql, Type};

type Value = Box<dyn ToSql + Sync + Send>;

/// One statement, and what it is given.
pub struct Change {
    statement: &'static str,
    given: Vec<(Value, Type)>,
}

impl Change {
    pub fn new(statement: &'static str) -> Change {
        Change {
            statement,
            given: Vec::new(),
        }
    }

    fn with(mut self, value: impl ToSql + Sync + Send + 'static, kind: Type) -> Change {
        self.given.push((Box::new(value), kind));
        self
    }

    pub fn text(self, text: &str) -> Change {
        self.with(text.to_owned(), Type::TEXT)
    }

    pub fn number(self, number: i64) -> Change {
        self.with(number, Type::INT8)
    }

    pub fn bytes(self, bytes: &[u8]) -> Change {
        self.with(bytes.to_vec(), Type::BYTEA)
    }

    /// Of the audit log: who did what, to which till. Never a password, never what a stranger typed.
    pub fn note(at: i64, who: &str, what: &str, journal_id: Option<&str>, detail: &str) -> Change {
        const NOTE: &str = "INSERT INTO audit (audit_id, at, who, what, journal_id, detail) VALUES ($1, $2, $3, $4, $5, $6)";
        Change::new(NOTE)
            .bytes(&random::bytes::<16>())
            .number(at)
            .text(who)
            .text(what)
            .with(journal_id.map(str::to_owned), Type::TEXT)
            .text(detail)
    }
}

/// Makes these changes; where the first changes nothing, none, and the answer is no. Once more where another was in the
/// way.
pub async fn make(database: &Database, changes: &[Change]) -> Result<bool, Error> {
    let mut retries = Retries::default();
    loop {
        match attempt(database, changes).await {
            Err(error) if retries.again(&error).await => {}
            done => return done,
        }
    }
}

async fn attempt(database: &Database, changes: &[Change]) -> Result<bool, Error> {
    let transaction = database.begin().await?;
    for (i, change) in changes.iter().enumerate() {
        let given = change.given.iter();
        let given: Vec<_> = given
            .map(|(value, kind)| (&**value as &(dyn ToSql + Sync), kind.clone()))
            .collect();
        let count = transaction.run(change.statement, &given).await?;
        if i == 0 && count == 0 {
            return Ok(false);
        }
    }
    transaction.commit().await?;
    Ok(true)
}

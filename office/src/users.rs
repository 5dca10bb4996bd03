//! People who may use the office's pages.

use crate::clock;
use crate::database::{Database, Error, Param};
use tokio_postgres::types::Type;

const ADD: &str = "INSERT INTO users (name, password, role, language, made_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (name) DO NOTHING";
const PASSWORD: &str = "UPDATE users SET password = $2, disabled_at = NULL WHERE name = $1";
const DISABLE: &str = "UPDATE users SET disabled_at = $2 WHERE name = $1";
const LOG_OUT: &str = "DELETE FROM sessions WHERE name = $1";

/// A user of this name, with the password as it is kept. False: there is one already.
pub async fn add(
    database: &Database,
    name: &str,
    password: &str,
    role: &str,
    language: &str,
) -> Result<bool, Error> {
    let now = clock::now();
    let params: [Param; 5] = [
        (&name, Type::TEXT),
        (&password, Type::TEXT),
        (&role, Type::TEXT),
        (&language, Type::TEXT),
        (&now, Type::INT8),
    ];
    let transaction = database.begin().await?;
    let added = transaction.run(ADD, &params).await?;
    transaction.commit().await?;
    Ok(added == 1)
}

/// Another password; where the user is logged in, that is over. False: there is none of this name.
pub async fn set_password(database: &Database, name: &str, password: &str) -> Result<bool, Error> {
    change(
        database,
        name,
        PASSWORD,
        &[(&name, Type::TEXT), (&password, Type::TEXT)],
    )
    .await
}

/// Nobody logs in by this name any more, and where somebody is, that is over. False: there is none.
pub async fn disable(database: &Database, name: &str) -> Result<bool, Error> {
    let now = clock::now();
    change(
        database,
        name,
        DISABLE,
        &[(&name, Type::TEXT), (&now, Type::INT8)],
    )
    .await
}

async fn change(
    database: &Database,
    name: &str,
    statement: &str,
    params: &[Param<'_>],
) -> Result<bool, Error> {
    let transaction = database.begin().await?;
    let changed = transaction.run(statement, params).await?;
    transaction.run(LOG_OUT, &[(&name, Type::TEXT)]).await?;
    transaction.commit().await?;
    Ok(changed == 1)
}

//! `/healthz`: whether the database answers, and may be written. Nothing else of the office is told to strangers.

use super::answer;
use super::desk::Desk;
use crate::database::Error;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use std::time::Duration;

/// A load balancer does not wait longer.
const PATIENCE: Duration = Duration::from_secs(3);

pub async fn answer(State(desk): State<Arc<Desk>>) -> Response {
    let (status, text) = match tokio::time::timeout(PATIENCE, is_writable(&desk)).await {
        Ok(Ok(true)) => (StatusCode::OK, "ok\n"),
        Ok(Ok(false)) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database may not be written\n",
        ),
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer\n",
        ),
    };
    answer::text(status, "text/plain; charset=utf-8", text.to_owned())
}

/// A standby, and a server that was told to be read only, refuse to lock; then the next connection is another one, which may
/// lead to the right server.
async fn is_writable(desk: &Desk) -> Result<bool, Error> {
    const LOCK: &str = "SELECT one FROM office WHERE NOT one FOR UPDATE";
    let write = desk.database.begin_local().await?;
    match write.rows(LOCK, &[]).await {
        Ok(_) => Ok(true),
        Err(error) if error.is_elsewhere() => Ok(false),
        Err(error) => Err(error),
    }
}

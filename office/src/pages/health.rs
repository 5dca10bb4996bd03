//! `/healthz`: whether the database answers, and may be written. Nothing else of the office is told to strangers.

use super::answer;
use super::desk::{Desk, Trouble};
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

/// A standby, and one that was told to be read only, says so.
async fn is_writable(desk: &Desk) -> Result<bool, Trouble> {
    const ASK: &str = "SELECT current_setting('transaction_read_only')";
    let write = desk.database.begin_local().await?;
    let rows = write.query_typed(ASK, &[]).await?;
    let said: Option<String> = rows.first().map(|row| row.try_get(0)).transpose()?;
    Ok(said.as_deref() == Some("off"))
}

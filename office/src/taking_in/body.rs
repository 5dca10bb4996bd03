//! Reading what is sent, within bounds.

use super::answer::No;
use axum::body::{self, Body};
use axum::http::{HeaderMap, header};
use sequra_frames::refusal::Code;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A line that is slower than this has to send smaller frames.
const WITHIN: Duration = Duration::from_secs(60);
/// So long one waits for others' bodies to be done with.
const TURN: Duration = Duration::from_secs(10);
/// Of what nobody wants.
const LEFT_WITHIN: Duration = Duration::from_secs(2);
const MOST_LEFT: usize = 1 << 20;
const KILOBYTE: usize = 1024;

/// How much is read and worked on at a time, of everybody together.
pub struct Budget {
    kilobytes: Arc<Semaphore>,
    most: usize,
}

impl Budget {
    pub fn new(bytes: usize) -> Budget {
        let most = (bytes / KILOBYTE).clamp(1, Semaphore::MAX_PERMITS.min(u32::MAX as usize));
        Budget {
            kilobytes: Arc::new(Semaphore::new(most)),
            most,
        }
    }

    /// Until it is dropped, so many bytes are somebody's.
    pub async fn take(&self, bytes: usize) -> Result<OwnedSemaphorePermit, No> {
        let kilobytes = bytes.div_ceil(KILOBYTE).clamp(1, self.most) as u32;
        let taken = self.kilobytes.clone().acquire_many_owned(kilobytes);
        match tokio::time::timeout(TURN, taken).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(No::later("the office is busy")),
        }
    }
}

/// How long the body says it is; refused where that is too long, or not said.
pub fn length(headers: &HeaderMap, most: usize) -> Result<usize, No> {
    let said = headers.get(header::CONTENT_LENGTH);
    let said = said.and_then(|value| value.to_str().ok()?.parse().ok());
    match said {
        Some(length) if length <= most => Ok(length),
        Some(_) => Err(No::too_large(most)),
        None => Err(No::new(Code::Unreadable, "Content-Length is missing")),
    }
}

/// The same no. What was sent along is read away where it is not much: a connection on which something is left has to be
/// closed, and whoever sends the next request on it meanwhile is told nothing.
pub async fn refused(no: No, body: Body) -> No {
    let _ = tokio::time::timeout(LEFT_WITHIN, body::to_bytes(body, MOST_LEFT)).await;
    no
}

/// The body, read as JSON.
pub async fn read<T: DeserializeOwned>(body: Body, most: usize) -> Result<T, No> {
    let read = tokio::time::timeout(WITHIN, body::to_bytes(body, most)).await;
    let bytes = match read {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return Err(No::too_large(most)),
        Err(_) => return Err(No::later("the body has not come in time")),
    };
    // The place is told, and nothing of what stands there.
    serde_json::from_slice(&bytes).map_err(|e| {
        let text = format!(
            "not as it has to be, at line {}, column {}",
            e.line(),
            e.column()
        );
        No::new(Code::Unreadable, text)
    })
}

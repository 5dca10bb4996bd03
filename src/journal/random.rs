//! What nobody can guess.

use super::error::{JournalError, Result};
use crate::vocabulary::ErrorCode;

/// 16 bytes that nobody can guess.
pub(crate) fn random() -> Result<[u8; 16]> {
    let mut bytes = [0; 16];
    let source = ring::rand::SystemRandom::new();
    ring::rand::SecureRandom::fill(&source, &mut bytes).map_err(|_| {
        JournalError::new(
            ErrorCode::JournalFailed,
            "The system gives no random numbers.",
        )
    })?;
    Ok(bytes)
}

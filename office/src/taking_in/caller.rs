//! Who asks: a till, by its token.

use super::answer::No;
use crate::database::{Database, Error};
use axum::http::{HeaderMap, header};
use ring::digest::{SHA256, digest};
use sequra_frames::refusal::Code;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;
use tokio_postgres::types::Type;

/// What the office keeps of a token.
pub type Hash = [u8; 32];

const BY_TOKEN: &str = "SELECT journal_id FROM tills WHERE token_hash = $1 AND revoked_at IS NULL";
/// As many are remembered: more than there are tills.
const MOST: usize = 100_000;

/// SHA-256: a token has 256 random bits, which nobody guesses.
pub fn hash(secret: &str) -> Hash {
    let hash = digest(&SHA256, secret.as_bytes());
    hash.as_ref().try_into().expect("it has 32 bytes")
}

/// A till that has shown its token.
pub struct Caller {
    pub journal_id: String,
    pub token: Hash,
    /// Of its forwarder, as it says.
    pub forwarder: Option<String>,
    /// One request of a journal at a time.
    _turn: Option<OwnedSemaphorePermit>,
}

impl Caller {
    /// One that is getting its token at this moment.
    pub fn new(journal_id: &str, token: Hash, headers: &HeaderMap) -> Caller {
        Caller {
            journal_id: journal_id.to_owned(),
            token,
            forwarder: forwarder(headers),
            _turn: None,
        }
    }

    /// Nothing of another journal's is for this caller.
    pub fn owns(&self, journal_id: &str) -> Result<(), No> {
        match self.journal_id == journal_id {
            true => Ok(()),
            false => Err(No::new(Code::NotYours, "the token is another journal's")),
        }
    }
}

/// Tokens that have been seen, and whose they were. That one is here says only that its body may be read: whether it is
/// good is asked in the transaction that uses it.
#[derive(Default)]
pub struct Callers {
    known: Mutex<HashMap<Hash, Known>>,
}

#[derive(Clone)]
struct Known {
    journal_id: String,
    turn: Arc<Semaphore>,
}

impl Callers {
    /// Who asks. A till that is being answered already is told to wait: however much one has to say, the others are heard.
    pub async fn recognise(&self, database: &Database, headers: &HeaderMap) -> Result<Caller, No> {
        let not_enrolled = || No::new(Code::NotEnrolled, "the token is none of a till's");
        let token = headers.get(header::AUTHORIZATION);
        let token = token.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let token = hash(token.ok_or_else(not_enrolled)?.trim());
        let known = match self.known(&token) {
            Some(known) => known,
            None => {
                let journal_id = journal_of(database, &token).await?;
                self.remember(token, journal_id.ok_or_else(not_enrolled)?)
            }
        };
        let turn = known.turn.clone().try_acquire_owned();
        let turn = turn.map_err(|_| No::too_often("this journal is being answered already"))?;
        Ok(Caller {
            journal_id: known.journal_id,
            token,
            forwarder: forwarder(headers),
            _turn: Some(turn),
        })
    }

    /// The token was not good: next time it is asked for first.
    pub fn forget(&self, token: &Hash) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(token);
    }

    fn known(&self, token: &Hash) -> Option<Known> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(token).cloned()
    }

    fn remember(&self, token: Hash, journal_id: String) -> Known {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, one| one.turn.available_permits() == 0);
        }
        let one = known.entry(token).or_insert_with(|| Known {
            journal_id,
            turn: Arc::new(Semaphore::new(1)),
        });
        one.clone()
    }
}

async fn journal_of(database: &Database, token: &Hash) -> Result<Option<String>, Error> {
    let transaction = database.read().await?;
    let token = &token[..];
    let rows = transaction.rows(BY_TOKEN, &[(&token, Type::BYTEA)]).await?;
    Ok(rows.first().map(|row| row.get(0)))
}

/// `sequra-forward/1.2.3`, from the User-Agent.
fn forwarder(headers: &HeaderMap) -> Option<String> {
    let agent = headers.get(header::USER_AGENT)?.to_str().ok()?;
    let version = agent.split(' ').next()?.strip_prefix("sequra-forward/")?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-+".contains(c);
    (version.len() <= 32 && version.chars().all(is_plain)).then(|| version.to_owned())
}

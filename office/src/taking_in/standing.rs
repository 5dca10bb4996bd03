//! Where the office stands with a stream.
//!
//! What it says is kept has to be: a commit whose wait for the standby was cut short is seen by whoever asks next. So every
//! standing is answered after a commit of its own, which comes after that one, and waits.

use super::answer::{Answer, No, Said};
use super::caller::{Caller, Hash};
use super::fences::{self, FENCES};
use crate::clock;
use crate::database::{Database, Error, Retries, Transaction};
use crate::state::State as Office;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sequra_frames::frame::{Position, Stream};
use sequra_frames::refusal::Code;
use sequra_frames::sealing::PublicKey;
use sequra_frames::standing::{Fence, Standing};
use tokio_postgres::Row;
use tokio_postgres::types::Type;

/// What every answer needs, and whether the token is good now.
pub const AROUND: &str = "SELECT office.epoch, keys.key_id, keys.public, tills.token_hash, tills.revoked_at, \
     EXISTS (SELECT 1 FROM set_aside WHERE set_aside.journal_id = $1 AND set_aside.incarnation = $2) AS aside \
     FROM tills CROSS JOIN office LEFT JOIN keys ON keys.key_id = \
         (SELECT key_id FROM keys WHERE closed_at IS NULL ORDER BY made_at DESC, key_id DESC LIMIT 1) \
     WHERE tills.journal_id = $1 AND office.one";
const HEARD: &str = "UPDATE streams SET heard_at = $3 WHERE journal_id = $1 AND incarnation = $2 \
     RETURNING seq, nonce, entries";
/// Not with every frame.
pub const TILL_HEARD: &str = "UPDATE tills SET heard_at = $2, retired_at = NULL, skew_ms = coalesce($3, skew_ms), \
     schema = coalesce($4, schema), forwarder = coalesce($5, forwarder) WHERE journal_id = $1 AND \
     (heard_at IS NULL OR heard_at < $2 - 5000 OR schema IS DISTINCT FROM coalesce($4, schema) \
      OR forwarder IS DISTINCT FROM coalesce($5, forwarder))";

/// Why a piece of work in a transaction has come to nothing.
pub enum Fault {
    No(No),
    Database(Error),
}

impl From<No> for Fault {
    fn from(no: No) -> Fault {
        Fault::No(no)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Database(error)
    }
}

impl From<Fault> for No {
    fn from(fault: Fault) -> No {
        match fault {
            Fault::No(no) => no,
            Fault::Database(error) => error.into(),
        }
    }
}

/// What the office has of its own at this moment.
pub struct Around {
    pub epoch: i64,
    pub key: PublicKey,
    /// Something of the stream was set aside.
    pub aside: bool,
}

impl Around {
    /// Refused where the token is not good now.
    pub fn read(rows: &[Row], caller: &Caller) -> Result<Around, No> {
        let is_good = |row: &&Row| {
            let revoked: Option<i64> = row.get("revoked_at");
            row.get::<_, &[u8]>("token_hash") == caller.token && revoked.is_none()
        };
        let row = rows.first().filter(is_good);
        let row = row.ok_or_else(|| No::new(Code::NotEnrolled, "the token was revoked"))?;
        let key: Option<String> = row.get("key_id");
        let Some(id) = key else {
            return Err(No::later(
                "the office has no key yet: sequra-office keys new",
            ));
        };
        Ok(Around {
            epoch: row.get("epoch"),
            key: PublicKey {
                id,
                public: STANDARD.encode(row.get::<_, &[u8]>("public")),
            },
            aside: row.get("aside"),
        })
    }

    pub fn standing(
        self,
        position: Option<Position>,
        entries: i64,
        fences: Vec<Fence>,
    ) -> Standing {
        Standing {
            epoch: self.epoch,
            position,
            entries,
            key: self.key,
            fences,
            now: clock::now(),
        }
    }
}

/// `GET /api/1/standing`
pub async fn ask(
    State(office): State<Office>,
    stream: Query<Stream>,
    headers: HeaderMap,
) -> Answer {
    let caller = office.callers.recognise(&office.database, &headers).await?;
    caller.owns(&stream.journal_id)?;
    let standing = stand(&office.database, &caller, &stream).await;
    forget_if_refused(&office, &caller.token, standing).map(Said)
}

/// A token that is not good is not remembered.
pub fn forget_if_refused<T>(office: &Office, token: &Hash, said: Result<T, No>) -> Result<T, No> {
    if said.as_ref().is_err_and(No::is_of_the_token) {
        office.callers.forget(token);
    }
    said
}

/// Where the stream stands, for sure.
pub async fn stand(database: &Database, caller: &Caller, stream: &Stream) -> Result<Standing, No> {
    let mut retries = Retries::default();
    loop {
        match once(database, caller, stream).await {
            Err(Fault::Database(error)) if retries.again(&error).await => {}
            done => return Ok(done?),
        }
    }
}

async fn once(database: &Database, caller: &Caller, stream: &Stream) -> Result<Standing, Fault> {
    let transaction = database.begin().await?;
    let standing = standing(database, &transaction, caller, stream).await?;
    transaction.commit().await?;
    Ok(standing)
}

/// The same in a transaction that is under way.
pub async fn standing(
    database: &Database,
    transaction: &Transaction,
    caller: &Caller,
    stream: &Stream,
) -> Result<Standing, Fault> {
    let now = clock::now();
    let none: Option<i64> = None;
    let journal_id = (&stream.journal_id as _, Type::TEXT);
    let incarnation = (&stream.incarnation as _, Type::TEXT);
    let of_stream = [journal_id.clone(), incarnation.clone()];
    let of_heard = [journal_id.clone(), incarnation, (&now as _, Type::INT8)];
    let of_till = [
        journal_id,
        (&now as _, Type::INT8),
        (&none as _, Type::INT8),
        (&none as _, Type::INT8),
        (&caller.forwarder as _, Type::TEXT),
    ];
    let asked = async {
        tokio::try_join!(
            biased;
            transaction.query_typed(HEARD, &of_heard),
            transaction.query_typed(AROUND, &of_stream),
            transaction.query_typed(FENCES, &of_stream),
            transaction.execute_typed(TILL_HEARD, &of_till),
        )
    };
    let (heard, around, fences, _) = database.within(asked).await?;
    let around = Around::read(&around, caller)?;
    let Some(row) = heard.first() else {
        return Err(No::new(
            Code::UnknownIncarnation,
            "the office does not know this life",
        )
        .into());
    };
    let fences = fences::read(&fences);
    Ok(around.standing(position(row), row.get("entries"), fences))
}

fn position(row: &Row) -> Option<Position> {
    let seq: Option<i64> = row.get("seq");
    let nonce: Option<i64> = row.get("nonce");
    seq.zip(nonce).map(|(seq, nonce)| Position { seq, nonce })
}

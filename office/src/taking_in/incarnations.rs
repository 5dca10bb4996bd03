//! Another life of a journal, beside the one that it goes on from: both histories stay.

use super::answer::{Answer, No, Said};
use super::body;
use super::caller::Caller;
use super::enrolment::{STREAM, is_id};
use super::standing::{Fault, forget_if_refused, standing};
use crate::clock;
use crate::database::{Database, Param, Retries};
use crate::state::State as Office;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use sequra_frames::enrolment::{Incarnation, Why};
use sequra_frames::frame::Stream;
use sequra_frames::refusal::Code;
use sequra_frames::standing::Standing;
use tokio_postgres::types::Type;

const MOST_BYTES: usize = 16 << 10;
const LATELY: &str =
    "SELECT count(*) FROM streams WHERE journal_id = $1 AND begun_at > $2 AND incarnation <> $3";
/// In a day. One that begins more often has a trouble that more lives do not mend.
const MOST: i64 = 200;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// `POST /api/1/incarnations`
pub async fn begin(State(office): State<Office>, headers: HeaderMap, body: Body) -> Answer {
    let caller = office.callers.recognise(&office.database, &headers).await;
    let sized = body::length(&headers, MOST_BYTES);
    let caller = match caller.and_then(|caller| sized.map(|_| caller)) {
        Ok(caller) => caller,
        Err(no) => return Err(body::refused(no, body).await),
    };
    let asked: Incarnation = body::read(body, MOST_BYTES).await?;
    caller.owns(&asked.journal_id)?;
    if !is_id(&asked.incarnation) || !is_id(&asked.parent) {
        return Err(No::new(
            Code::Unreadable,
            "an incarnation has 32 hexadecimal digits",
        ));
    }
    let mut retries = Retries::default();
    let standing = loop {
        match once(&office.database, &caller, &asked).await {
            Err(Fault::Database(error)) if retries.again(&error).await => {}
            done => break done.map_err(No::from),
        }
    };
    forget_if_refused(&office, &caller.token, standing).map(Said)
}

async fn once(
    database: &Database,
    caller: &Caller,
    asked: &Incarnation,
) -> Result<Standing, Fault> {
    let now = clock::now();
    let why = match asked.why {
        Why::Elsewhere => "elsewhere",
        Why::TooOld => "too_old",
        Why::Unknown => "unknown",
    };
    let since = now - DAY;
    let of_lately: [Param; 3] = [
        (&asked.journal_id, Type::TEXT),
        (&since, Type::INT8),
        (&asked.incarnation, Type::TEXT),
    ];
    let of_stream: [Param; 5] = [
        (&asked.journal_id, Type::TEXT),
        (&asked.incarnation, Type::TEXT),
        (&asked.parent, Type::TEXT),
        (&why, Type::TEXT),
        (&now, Type::INT8),
    ];
    let stream = Stream {
        journal_id: asked.journal_id.clone(),
        incarnation: asked.incarnation.clone(),
    };
    let transaction = database.begin().await?;
    let counted = transaction.rows(LATELY, &of_lately).await?;
    if counted
        .first()
        .is_some_and(|row| row.get::<_, i64>(0) >= MOST)
    {
        return Err(No::too_often("this journal has begun too many lives today").into());
    }
    transaction.run(STREAM, &of_stream).await?;
    let standing = standing(database, &transaction, caller, &stream).await?;
    transaction.commit().await?;
    Ok(standing)
}

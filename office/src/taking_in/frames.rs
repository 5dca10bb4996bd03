//! Frames: in one transaction the stream moves from exactly where the frame begins to where it ends, and what it brings is
//! written; then comes the answer.

use super::answer::{Answer, No, Said};
use super::body;
use super::caller::Caller;
use super::fences::{self, ACKNOWLEDGED, FENCES};
use super::moving::{self, Moving};
use super::prepared::Prepared;
use super::set_aside::{Aside, MENDED};
use super::standing::{AROUND, Around, Fault, TILL_HEARD, forget_if_refused, stand};
use super::{entries, orders};
use crate::clock;
use crate::database::{Database, Error, Param, Retries, Transaction};
use crate::state::State as Office;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use sequra_frames::MOST_BYTES;
use sequra_frames::frame::Frame;
use sequra_frames::refusal::Code;
use sequra_frames::standing::Standing;
use std::collections::HashSet;
use tokio::sync::OwnedSemaphorePermit;
use tokio_postgres::Row;
use tokio_postgres::types::Type;

/// Those of the frame's keys that are open.
const OPEN: &str = "SELECT key_id FROM keys WHERE key_id = ANY($1) AND closed_at IS NULL";

/// `POST /api/1/frames`
pub async fn take_in(State(office): State<Office>, headers: HeaderMap, body: Body) -> Answer {
    let (caller, _turn) = match admit(&office, &headers).await {
        Ok(admitted) => admitted,
        Err(no) => return Err(body::refused(no, body).await),
    };
    let frame: Frame = body::read(body, MOST_BYTES).await?;
    caller.owns(&frame.stream.journal_id)?;
    check(&frame)?;
    let standing = take(&office.database, &caller, &frame).await;
    forget_if_refused(&office, &caller.token, standing).map(Said)
}

/// Whose turn it is, and room for what is sent.
async fn admit(office: &Office, headers: &HeaderMap) -> Result<(Caller, OwnedSemaphorePermit), No> {
    let caller = office.callers.recognise(&office.database, headers).await?;
    let length = body::length(headers, MOST_BYTES)?;
    Ok((caller, office.budget.take(length).await?))
}

fn check(frame: &Frame) -> Result<(), No> {
    let goes_on = frame
        .from
        .is_none_or(|from| from == frame.to || from.seq < frame.to.seq);
    match goes_on {
        true => Ok(()),
        false => Err(No::new(Code::Unreadable, "the frame ends before it begins")),
    }
}

async fn take(database: &Database, caller: &Caller, frame: &Frame) -> Result<Standing, No> {
    let mut retries = Retries::default();
    let mut one_by_one = false;
    if frame.from == Some(frame.to) {
        return elsewhere_or_there(database, caller, frame).await;
    }
    loop {
        let now = clock::now();
        let work = Work {
            database,
            caller,
            frame,
            schema: i64::from(frame.schema),
            now,
        };
        match work.take(one_by_one).await {
            Ok(Some(standing)) => return Ok(standing),
            Ok(None) => return elsewhere_or_there(database, caller, frame).await,
            Err(Fault::Database(error)) if error.is_about_values() && !one_by_one => {
                one_by_one = true;
            }
            Err(Fault::Database(error)) if retries.again(&error).await => {}
            Err(fault) => return Err(fault.into()),
        }
    }
}

/// The stream does not stand where the frame begins: it is where the frame ends already, or somewhere else.
async fn elsewhere_or_there(
    database: &Database,
    caller: &Caller,
    frame: &Frame,
) -> Result<Standing, No> {
    let standing = stand(database, caller, &frame.stream).await?;
    match standing.position == Some(frame.to) {
        true => Ok(standing),
        false => Err(No::elsewhere(standing)),
    }
}

/// One attempt.
pub(super) struct Work<'f> {
    pub(super) database: &'f Database,
    caller: &'f Caller,
    pub(super) frame: &'f Frame,
    schema: i64,
    pub(super) now: i64,
}

/// What the database says to it.
struct Told {
    moved: Vec<Row>,
    around: Vec<Row>,
    open: Vec<Row>,
    fences: Vec<Row>,
    new_entries: Vec<Row>,
}

impl Work<'_> {
    /// None: the stream does not stand where the frame begins, or the frame is sealed to a key that is closed.
    async fn take(&self, one_by_one: bool) -> Result<Option<Standing>, Fault> {
        let mut prepared = Prepared::whole(self.frame, self.now);
        let transaction = self.database.begin().await?;
        let told = self.write(&transaction, &prepared, !one_by_one).await?;
        let around = Around::read(&told.around, self.caller)?;
        let (Some(moved), true) = (told.moved.first(), told.open.len() == prepared.keys.len())
        else {
            return Ok(None);
        };
        let new = match one_by_one {
            false => told.new_entries,
            true => self.one_by_one(&transaction, &mut prepared).await?,
        };
        self.compare(&transaction, &mut prepared, &new).await?;
        for aside in &prepared.aside {
            let stream = &self.frame.stream;
            aside.keep(&transaction, stream, &around.key).await?;
        }
        if around.aside && !prepared.orders.is_empty() {
            let of_orders = self.of_stream([(&prepared.orders.ids as _, Type::INT8_ARRAY)]);
            transaction.run(MENDED, &of_orders).await?;
        }
        let (entries, fences) = (moved.get("entries"), fences::read(&told.fences));
        transaction.commit().await?;
        Ok(Some(around.standing(Some(self.frame.to), entries, fences)))
    }

    pub(super) fn of_stream<'p, const N: usize>(&'p self, more: [Param<'p>; N]) -> Vec<Param<'p>> {
        let stream = &self.frame.stream;
        let mut all: Vec<Param> = vec![
            (&stream.journal_id, Type::TEXT),
            (&stream.incarnation, Type::TEXT),
        ];
        all.extend(more);
        all
    }

    /// What every order of the frame has in common.
    pub(super) fn of_orders(&self) -> Vec<Param<'_>> {
        self.of_stream([(&self.frame.to.seq, Type::INT8), (&self.schema, Type::INT8)])
    }

    /// Everything at one go: the answers are waited for together. The stream moves first.
    async fn write(
        &self,
        transaction: &Transaction,
        prepared: &Prepared,
        with_rows: bool,
    ) -> Result<Told, Error> {
        let (frame, now) = (self.frame, &self.now);
        let moving = Moving::of(frame, &prepared.chain);
        let mut of_move = self.of_stream([(now as _, Type::INT8)]);
        of_move.extend(moving.params());
        let of_stream = self.of_stream([]);
        let mut of_orders = self.of_orders();
        of_orders.extend(prepared.orders.params());
        let mut of_entries = self.of_stream([]);
        of_entries.extend(prepared.entries.params());
        let acks = &prepared.acks;
        let of_acks = self.of_stream([
            (now, Type::INT8),
            (&acks.endpoints, Type::TEXT_ARRAY),
            (&acks.uuids, Type::TEXT_ARRAY),
            (&acks.epochs, Type::INT8_ARRAY),
        ]);
        let skew = frame.sent_at.saturating_sub(*now);
        let of_till: [Param; 5] = [
            (&frame.stream.journal_id, Type::TEXT),
            (now, Type::INT8),
            (&skew, Type::INT8),
            (&self.schema, Type::INT8),
            (&self.caller.forwarder, Type::TEXT),
        ];
        let of_keys: [Param; 1] = [(&prepared.keys, Type::TEXT_ARRAY)];
        // What there is nothing of is not asked for.
        let when = |needed: bool, statement, params| async move {
            match needed {
                true => transaction.query_typed(statement, params).await,
                false => Ok(Vec::new()),
            }
        };
        let orders = with_rows && !prepared.orders.is_empty();
        let entries = with_rows && !prepared.entries.is_empty();
        let written = async {
            tokio::try_join!(
                biased;
                when(true, moving::MOVE, &of_move),
                when(true, AROUND, &of_stream),
                when(!prepared.keys.is_empty(), OPEN, &of_keys),
                when(orders, orders::REPLACE, &of_orders),
                when(entries, entries::APPEND, &of_entries),
                when(!acks.uuids.is_empty(), ACKNOWLEDGED, &of_acks),
                when(true, FENCES, &of_stream),
                when(true, TILL_HEARD, &of_till),
            )
        };
        let (moved, around, open, _, new_entries, _, fences, _) =
            self.database.within(written).await?;
        Ok(Told {
            moved,
            around,
            open,
            fences,
            new_entries,
        })
    }

    /// What was there before has to be the same; where it is not, what has come is set aside.
    async fn compare(
        &self,
        transaction: &Transaction,
        prepared: &mut Prepared,
        new: &[Row],
    ) -> Result<(), Error> {
        let new: HashSet<i64> = new.iter().map(|row| row.get(0)).collect();
        let ids = &prepared.entries.ids;
        let known: Vec<i64> = ids.iter().copied().filter(|id| !new.contains(id)).collect();
        if known.is_empty() {
            return Ok(());
        }
        let of_known = self.of_stream([(&known as _, Type::INT8_ARRAY)]);
        for row in transaction.rows(entries::PRESENT, &of_known).await? {
            let (id, kept): (i64, &[u8]) = (row.get(0), row.get(1));
            let at = ids.iter().position(|one| *one == id);
            if at.is_none_or(|at| prepared.entries.rows[at] == kept) {
                continue;
            }
            let sent = self.frame.entries.iter().find(|entry| entry.id == id);
            let reason = "the office has another entry of this number".to_owned();
            prepared
                .aside
                .extend(sent.map(|entry| Aside::entry(entry, reason)));
        }
        Ok(())
    }
}

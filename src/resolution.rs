//! What nobody's answer ends, a person does, who has looked in seQura's portal; or a disbursement, which
//! names the order that seQura has paid for.
//!
//! Only a step that may have been processed and that money hangs on is ended so, and never by a clock.
//! It is one entry of the log, and seQura's next answer moves the order on from there as from anywhere.

use crate::advice;
use crate::changes::with_last_step;
use crate::journal::{Entry, JournalError, Record, Word};
use crate::lifecycle::{Finding, Life, Meaning, State};
use crate::limits;
use crate::operation::Operation;
use crate::order::{Order, Written};
use crate::outcome::{HttpView, Outcome};
use crate::pipeline::{self, Target};
use crate::problem::Problem;
use crate::recovery;
use crate::redact::redact;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use std::time::Instant;

const NAME: &str = "resolve";

/// Ends the open step of one order, named as for [`pipeline::find`], as a person has found it.
pub(crate) fn resolve(shop: &Shop, order: &str, finding: Finding, reason: &str) -> Outcome {
    let deadline = shop.deadline();
    if reason.trim().is_empty() {
        let message = "reason is required: say who looked in seQura's portal, and what is there.";
        let problem = Problem::new(ErrorCode::NullArgument, message);
        return Outcome::failed(NAME, Status::InvalidArgument, Next::FixOrder, problem);
    }
    let named = (order, Next::RestartCheckout);
    let found = match pipeline::known(shop, NAME, named, Life::can_be_resolved) {
        Ok(found) => found,
        Err(ended) => return *ended,
    };
    if found.goes_on_elsewhere() {
        return pipeline::taken_over(shop, NAME, &found);
    }
    let target = Target::of(&found);
    // A call about it that is going on decides first.
    let Some(_turn) = shop.turns().wait_for(&target.turn(None), deadline) else {
        return pipeline::busy(NAME, "Another call about this order is still going on.");
    };
    let ended = end_by(shop, found.id, finding, reason.trim(), deadline);
    ended.unwrap_or_else(|error| pipeline::journal_failed(NAME, &error))
}

fn end_by(
    shop: &Shop,
    id: i64,
    finding: Finding,
    reason: &str,
    deadline: Instant,
) -> Result<Outcome, JournalError> {
    let journal = shop.journal();
    let Some(record) = journal.order_by_id(id)? else {
        return Ok(Outcome::ok(NAME));
    };
    let now_is = |record: &Record, outcome: Outcome| Outcome {
        order: Some(shop.view(record)),
        next: advice::next(record),
        ..outcome
    };
    if !record.life.can_be_resolved() {
        // The same said twice is said once.
        return Ok(match journal.last_finding(id, NAME)? == Some(finding) {
            true => now_is(&record, Outcome::ok(NAME)),
            false => now_is(&record, certain(record.life)),
        });
    }
    let open = record.open.as_ref();
    let operation = open.and_then(|open| Operation::from_json(&open.request));
    let Some(operation) = operation else {
        return Ok(now_is(&record, recovery::unreadable(NAME)));
    };
    let change = operation.change();
    let with_ref = record.order_ref_1.is_some();
    let life = record.life.resolved(finding, with_ref);
    let (life, closing) = match change {
        None => (life, None),
        Some(change) => {
            let (life, closing) = change.closing(life, as_answer(finding), Some(&record));
            (life, Some(closing))
        }
    };
    let said_of = match change {
        Some(change) => Some(change.order()),
        None => record.content()?.map(|content| content.order().clone()),
    };
    let done = finding == Finding::Confirmed;
    let sold = match change.is_none() && life.state == State::Settled {
        true => record.content()?,
        false => None,
    };
    let (life, shipment) = with_last_step(shop, life, (sold.as_ref(), Some(&record)));
    let entry = Entry {
        ships: done && change.map_or_else(|| ships(&record, life), |change| change.ships),
        unshipped: sold.as_ref().and_then(Written::unshipped),
        reason: Some(kept(reason, said_of.as_ref())),
        ..entry(&record, life, NAME)
    };
    let word = Word {
        entry: &entry,
        finding,
        closing: closing.as_ref(),
        shipment: shipment.as_deref(),
        scrub: shop.scrubs_at_once(),
    };
    let ended = journal.end_by_word(&record, &word, pipeline::patience(deadline))?;
    Ok(match ended {
        Some(record) => now_is(&record, Outcome::ok(NAME)),
        None => now_is(
            &record,
            pipeline::busy(NAME, "Another till is working on this order."),
        ),
    })
}

/// Ends what is in doubt of orders that seQura has paid for: what is paid was confirmed.
pub(crate) fn confirm_what_is_paid(
    shop: &Shop,
    name: &'static str,
    until: Instant,
) -> Result<(), JournalError> {
    let journal = shop.journal();
    for record in journal.doubtful_and_paid(shop.endpoint().as_str())? {
        let life = record.life.paid();
        let entry = Entry {
            ships: ships(&record, life),
            ..entry(&record, life, name)
        };
        let word = Word {
            entry: &entry,
            finding: Finding::Confirmed,
            closing: None,
            // What is paid needs nothing more.
            shipment: None,
            scrub: shop.scrubs_at_once(),
        };
        // One that another till is working on is settled the next time.
        journal.end_by_word(&record, &word, until)?;
    }
    Ok(())
}

/// Nobody needs to look: what became of the order is known.
fn certain(life: Life) -> Outcome {
    let state = life.state;
    let because = match life.intent {
        Some(_) => "what is open of it surely was not processed, or no money hangs on it",
        None => "nothing about it is unknown",
    };
    let problem = Problem {
        actual: Some(state.as_str().into()),
        ..Problem::new(
            ErrorCode::WrongState,
            format!("Not possible in state {state}: {because}."),
        )
    };
    Outcome::failed(NAME, Status::WrongState, life.next(), problem)
}

/// What seQura would have said, had it been heard.
fn as_answer(finding: Finding) -> Meaning {
    match finding {
        Finding::Confirmed => Meaning::Done,
        Finding::NotConfirmed => Meaning::Conflict,
    }
}

fn ships(record: &Record, life: Life) -> bool {
    // What cannot be read any more ships nothing.
    let content = record.content().ok().flatten();
    life.state == State::Settled && content.is_some_and(|content| content.has_shipped_goods())
}

fn entry(record: &Record, life: Life, step: &'static str) -> Entry {
    Entry {
        life,
        uuid: record.uuid.clone(),
        status: Status::Ok,
        http: HttpView::default(),
        said: None,
        reason: None,
        refusal: None,
        step,
        ships: false,
        unshipped: None,
    }
}

/// A reason as the log keeps it: not for ever what it may say of the shopper, and not a novel.
fn kept(reason: &str, order: Option<&Order>) -> String {
    let told = redact(reason, order, limits::REASON);
    told.chars().take(limits::REASON).collect()
}

//! The pipeline: every operation that changes something at seQura takes these five steps, so that
//! crash safety is written once and a new operation inherits it.
//!
//! ```text
//! 1 validate        the order, its place in its life, its reference      pure, and reading the journal
//! 2 record intent   what will be sent; the order claimed                 durable before anything is sent
//! 3 send            once; again only what surely never left
//! 4 record outcome  the new state, the log entry; the claim given back   durable
//! 5 explain         the result the till sees
//! ```
//!
//! A till that dies between 2 and 4 leaves an intent without an outcome, which says exactly what may
//! have been sent: recovery takes steps 3 to 5 again.

mod validate;

use crate::advice;
use crate::api::endpoints::Request;
use crate::api::transport::{Exchange, Failure};
use crate::checkout::Operation;
use crate::crash_point::{self, Point};
use crate::journal::{Claim, Entry, Held, JournalError, Record, Recorded, Refusal, StepRow};
use crate::lifecycle::{Answer, Life, State};
use crate::limits;
use crate::management::Change;
use crate::order::{Order, Written};
use crate::outcome::{OrderView, Outcome, Problem};
use crate::preparation::prepare;
use crate::reading;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use std::time::{Duration, Instant};
use validate::{duplicate_here, validate};

/// The patience with another process that is writing to the journal when the call's time is up: an
/// outcome that is known must be recorded. All writes of a call share it.
const WRITE_PATIENCE: Duration = Duration::from_millis(700);
/// What each write of a call has of it in any case.
const LEAST_PATIENCE: Duration = Duration::from_millis(100);
/// Between two looks whether another process has finished with an order.
const BUSY_PAUSE: Duration = Duration::from_millis(25);
/// How the message ends, where that is so.
const NOTHING_SENT: &str = " Nothing was sent.";
/// A claim outlives its call by this, and no longer.
const CLAIM_MARGIN: Duration = Duration::from_secs(2);

/// Which order a call is about.
pub(crate) enum Target {
    /// One that is being started.
    New,
    /// The one with this uuid.
    Known(String),
    /// One whose start has no answer yet, as the journal numbers it; with its fingerprint.
    Begun(i64, Vec<u8>),
    /// The settled one with this reference, which was sold with another journal.
    SoldElsewhere(String),
}

impl Target {
    pub(crate) fn uuid(&self) -> Option<&str> {
        match self {
            Target::Known(uuid) => Some(uuid),
            Target::New | Target::Begun(..) | Target::SoldElsewhere(_) => None,
        }
    }

    /// The order that the journal has.
    pub(crate) fn of(record: &Record) -> Target {
        match &record.uuid {
            Some(uuid) => Target::Known(uuid.clone()),
            None => Target::Begun(record.id, record.fingerprint.clone().unwrap_or_default()),
        }
    }

    /// What calls about the same order have in common: its uuid, or before it has one its content.
    pub(crate) fn turn(&self, given: Option<&Written>) -> String {
        match (self, given) {
            (Target::Known(uuid), _) => uuid.clone(),
            (Target::Begun(_, print), _) => format!("{print:?}"),
            (Target::SoldElsewhere(order_ref_1), _) => order_ref_1.clone(),
            (Target::New, Some(order)) => format!("{:?}", order.fingerprint()),
            (Target::New, None) => String::new(),
        }
    }
}

/// Takes an operation through the five steps, until `deadline` at the latest. `resumed`: recovery
/// takes this open step up again, and only while it is still open and still the same.
pub(crate) fn run(
    shop: &Shop,
    operation: &Operation,
    target: &Target,
    given: Option<Order>,
    resumed: Option<&StepRow>,
    deadline: Instant,
) -> Outcome {
    let name = operation.step().as_str();

    let currency = given
        .as_ref()
        .and_then(|order| order.currency().map(str::to_owned));
    let (given, warnings) = match given
        .map(|order| with_known_references(shop, operation, target, order))
        .map(|order| prepare(shop.config(), order))
        .transpose()
    {
        Ok(None) => (None, Vec::new()),
        Ok(Some((order, warnings))) => (Some(Written::new(order)), warnings),
        Err(checked) => {
            return Outcome {
                status: Status::InvalidOrder,
                order: known_order(shop, target),
                errors: checked.problems,
                warnings: checked.warnings,
                next: Next::FixOrder,
                currency,
                ..Outcome::ok(name)
            };
        }
    };
    let with_warnings = |mut outcome: Outcome| {
        outcome.warnings.splice(0..0, warnings.iter().cloned());
        outcome
    };

    let turns = shop.turns();
    let Some(turn) = turns.wait_for(&target.turn(given.as_ref()), deadline) else {
        return with_warnings(Outcome {
            order: known_order(shop, target),
            ..busy(name, "Another call about this order is still going on.")
        });
    };
    let outcome = loop {
        let ready = match validate(shop, operation, target, given.as_ref(), resumed) {
            Ok(ready) => ready,
            Err(outcome) => break *outcome,
        };
        let uuid = target.uuid();
        let request = ready.operation.to_json();
        if request.len() > limits::STEP_BYTES {
            break too_large(name, request.len());
        }
        let intent = Recorded {
            record: ready.record.as_ref(),
            endpoint: shop.endpoint().as_str(),
            uuid,
            life: ready.life,
            request: &request,
            content: &ready.content,
            fingerprint: &ready.fingerprint,
            claim_for: claim_for(deadline),
        };
        crash_point::reached(Point::BeforeIntent);
        match shop.journal().record_intent(&intent, patience(deadline)) {
            Ok(Held::Ours(claim)) => {
                crash_point::reached(Point::AfterIntent);
                let sending = Sending {
                    claim,
                    uuid,
                    life: ready.life,
                    content: &ready.content,
                };
                break send_and_record(shop, &ready.operation, &sending, deadline);
            }
            Ok(Held::RefTaken) => {
                break duplicate_here(
                    shop,
                    operation.step(),
                    ready.record.as_ref(),
                    &ready.content,
                );
            }
            Ok(Held::Changed) => {}
            Ok(Held::Busy) if pause(deadline) => {}
            Ok(Held::Busy) => {
                break busy(
                    name,
                    "Another till is working on this order and did not finish in time.",
                );
            }
            Err(error) => break not_recorded(name, &error),
        }
    };
    drop(turn);
    with_warnings(Outcome {
        order: outcome.order.or_else(|| known_order(shop, target)),
        ..outcome
    })
}

/// A till that rebuilds its order leaves out a reference that it gave before: seQura has it from then, and so
/// the order keeps it. Another one that is given takes its place.
fn with_known_references(
    shop: &Shop,
    operation: &Operation,
    target: &Target,
    given: Order,
) -> Order {
    if !matches!(operation, Operation::Hold | Operation::Confirm) {
        return given;
    }
    // A journal that cannot be read is told of by the steps.
    let Some(record) = recorded(shop, target).ok().flatten() else {
        return given;
    };
    let is_left_out =
        |given: Option<String>, known: &Option<String>| given.is_none() && known.is_some();
    if is_left_out(given.order_ref_1(), &record.order_ref_1)
        || is_left_out(given.order_ref_2(), &record.order_ref_2)
    {
        let known = record.content().ok().flatten();
        return match known {
            Some(known) => given.with_references_of(known.order()),
            None => given,
        };
    }
    given
}

/// The order as the journal has it, for a call that goes no further.
fn known_order(shop: &Shop, target: &Target) -> Option<OrderView> {
    let found = recorded(shop, target).ok().flatten();
    found.map(|record| shop.view(&record))
}

/// The order as the journal has it.
pub(crate) fn recorded(shop: &Shop, target: &Target) -> Result<Option<Record>, JournalError> {
    let journal = shop.journal();
    let endpoint = shop.endpoint().as_str();
    match target {
        Target::New => Ok(None),
        Target::Known(uuid) => journal.order(endpoint, uuid),
        Target::Begun(id, _) => journal.order_by_id(*id),
        Target::SoldElsewhere(order_ref_1) => {
            let found = journal.orders_by_ref(endpoint, order_ref_1)?;
            Ok(found.into_iter().find(|one| one.life.state.holds_ref()))
        }
    }
}

/// An intent that stands in the journal, to be sent.
struct Sending<'a> {
    claim: Claim,
    uuid: Option<&'a str>,
    life: Life,
    content: &'a Written,
}

/// Steps 3 to 5.
fn send_and_record(
    shop: &Shop,
    operation: &Operation,
    sending: &Sending,
    deadline: Instant,
) -> Outcome {
    let name = operation.step().as_str();
    if let Some(late) = too_late(name, sending.claim.until) {
        return late;
    }
    let request = operation.request(shop.endpoint(), sending.uuid, sending.content);
    crash_point::reached(Point::BeforeSend);
    let exchange = exchange(shop, &request, deadline);
    crash_point::reached(Point::AfterAnswer);

    let reading::Heard {
        mut status,
        mut errors,
        mut answer,
        life,
        uuid,
    } = reading::read(
        shop.endpoint(),
        operation,
        &exchange,
        sending.life,
        sending.content,
    );
    let mut found_done = Vec::new();
    if life.state == State::Cancelled && answer == Answer::Missing {
        (status, answer) = (Status::Ok, Answer::Done);
        found_done = std::mem::take(&mut errors);
    }
    let (life, closing) = match operation.change() {
        None => (life, None),
        Some(change) => {
            let (life, closing) = change.closing(life, answer);
            (life, Some(closing))
        }
    };
    let scrub = shop.scrubs_at_once() && operation.change().is_none_or(Change::is_personal);
    let http = reading::http_view(&exchange);
    let was_sent = exchange.attempts > 0;
    let ships = match operation.change() {
        Some(change) => change.ships,
        None => life.state == State::Settled && sending.content.has_shipped_goods(),
    };
    let entry = Entry {
        ships: ships && status == Status::Ok,
        life,
        uuid: uuid.or_else(|| sending.uuid.map(str::to_owned)),
        status,
        http: http.clone(),
        said: reading::said(
            &errors,
            (!errors.is_empty()).then(|| sending.content.order()),
        ),
        reason: None,
        step: name,
        refusal: Refusal::of(operation.step(), status, &errors),
    };
    let mut outcome = Outcome {
        status,
        next: advice::after(status, &errors, life, operation.step()),
        errors,
        http: was_sent.then_some(http),
        warnings: found_done,
        ..Outcome::ok(name)
    };
    // An answer that is known is worth waiting for the journal.
    let until = patience(deadline);
    let recorded =
        shop.journal()
            .record_outcome(&sending.claim, &entry, closing.as_ref(), scrub, until);
    crash_point::reached(Point::AfterOutcome);
    let warning = match recorded {
        Ok((record, ours)) => {
            outcome.order = Some(shop.view(&record));
            (!ours).then(|| {
                outcome.next = advice::next(&record);
                "This took so long that another till went on with the order; it stands as that till left it.".to_owned()
            })
        }
        Err(error) => {
            outcome.order = Some(shop.view_unrecorded(&entry, sending.content));
            was_sent.then(|| format!(
                "seQura answered, and the journal could not record it; sq_recover will ask again. {error}"
            ))
        }
    };
    if let Some(warning) = warning {
        outcome
            .warnings
            .push(Problem::new(ErrorCode::OutcomeNotRecorded, warning));
    }
    outcome
}

/// For how long a call that must end by then keeps other processes away from what it works on.
pub(crate) fn claim_for(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now()) + CLAIM_MARGIN
}

/// Waits a moment for whoever is at work; `false`: there is no time left for it.
pub(crate) fn pause(deadline: Instant) -> bool {
    let left = deadline.saturating_duration_since(Instant::now()) > BUSY_PAUSE;
    if left {
        std::thread::sleep(BUSY_PAUSE);
    }
    left
}

/// Where a claim has run out before anything was sent: this process was stopped, and another till may be at
/// work by now.
pub(crate) fn too_late(name: &'static str, claimed_until: Instant) -> Option<Outcome> {
    let message = "The time to send this is over. Nothing was sent; call again.";
    (Instant::now() >= claimed_until).then(|| busy(name, message))
}

/// Step 3, of orders and of reports: sends what stands in the journal, while the journal's file is still
/// the file. Otherwise nothing is sent, and what was intended is closed like what seQura refused.
pub(crate) fn exchange(shop: &Shop, request: &Request, deadline: Instant) -> Exchange {
    match shop.journal().before_sending() {
        Ok(()) => shop.wire().exchange(request, deadline),
        Err(error) => {
            let mut problem = error.problem();
            problem.message.push_str(NOTHING_SENT);
            Exchange::not_begun(Failure {
                status: Status::Journal,
                problem,
                http_status: None,
            })
        }
    }
}

/// How long a call that must end by then may wait for another process that is writing.
pub(crate) fn patience(deadline: Instant) -> Instant {
    (deadline + WRITE_PATIENCE).max(Instant::now() + LEAST_PATIENCE)
}

/// Somebody else is at work.
pub(crate) fn busy(name: &'static str, message: &str) -> Outcome {
    Outcome::failed(
        name,
        Status::Busy,
        Next::CallAgain,
        Problem::new(ErrorCode::OrderBusy, message),
    )
}

/// The journal would have to keep more of it than is reasonable.
fn too_large(name: &'static str, is: usize) -> Outcome {
    let message = format!(
        "This change, with the earlier ones that have no answer yet, has {is} bytes; at most {} are kept. Call sq_recover first.",
        limits::STEP_BYTES
    );
    let problem = Problem {
        expected: Some(limits::STEP_BYTES.into()),
        actual: Some(is.into()),
        ..Problem::new(ErrorCode::TooLarge, message)
    };
    Outcome::failed(name, Status::InvalidOrder, Next::Recover, problem)
}

/// The journal failed, where nothing was going to be sent.
pub(crate) fn journal_failed(name: &'static str, error: &JournalError) -> Outcome {
    let next = match error.code {
        ErrorCode::JournalLocked | ErrorCode::JournalFull => Next::CallAgain,
        _ => Next::FixConfiguration,
    };
    Outcome::failed(name, Status::Journal, next, error.problem())
}

/// The journal failed before anything was sent.
pub(crate) fn not_recorded(name: &'static str, error: &JournalError) -> Outcome {
    let mut outcome = journal_failed(name, error);
    outcome.errors[0].message.push_str(NOTHING_SENT);
    outcome
}

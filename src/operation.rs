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

use crate::checkout::Operation;
use crate::client::Client;
use crate::clock;
use crate::crash_point::{self, Point};
use crate::journal::{Claim, Entry, Held, Journal, JournalError, Record, Recorded, StepRow};
use crate::lifecycle::{Answer, Begin, Content, Life, State, Step};
use crate::management::{self, Change, Resolved};
use crate::order::Order;
use crate::outcome::{HttpView, OrderView, Outcome, Problem};
use crate::reading;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::Value;
use std::time::{Duration, Instant};

/// The least patience with another process that is writing to the journal: an outcome that is known
/// must be recorded even when the call's time is up.
const WRITE_PATIENCE: Duration = Duration::from_millis(900);
/// Between two looks whether another process has finished with an order.
const BUSY_PAUSE: Duration = Duration::from_millis(25);
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
    pub(crate) fn turn(&self, given: Option<&Order>) -> String {
        match (self, given) {
            (Target::Known(uuid), _) => uuid.clone(),
            (Target::Begun(_, print), _) => format!("{print:?}"),
            (Target::SoldElsewhere(order_ref_1), _) => order_ref_1.clone(),
            (Target::New, Some(order)) => format!("{:?}", order.fingerprint()),
            (Target::New, None) => String::new(),
        }
    }
}

/// An operation that may be recorded and sent.
struct Ready {
    operation: Operation,
    record: Option<Record>,
    life: Life,
    content: Order,
    fingerprint: Vec<u8>,
}

/// Takes an operation through the five steps, until `deadline` at the latest. `resumed`: recovery
/// takes this open step up again, and only while it is still open and still the same.
pub(crate) fn run(
    client: &Client,
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
    let (given, warnings) = match given.map(|order| client.prepare(order)).transpose() {
        Ok(None) => (None, Vec::new()),
        Ok(Some((order, warnings))) => (Some(order), warnings),
        Err(checked) => {
            return Outcome {
                status: Status::InvalidOrder,
                order: known_order(client, target),
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

    let turns = client.turns();
    let Some(turn) = turns.wait_for(&target.turn(given.as_ref()), deadline) else {
        return with_warnings(Outcome {
            order: known_order(client, target),
            ..busy(name, "Another call about this order is still going on.")
        });
    };
    let outcome = loop {
        let ready = match validate(client, operation, target, given.as_ref(), resumed) {
            Ok(ready) => ready,
            Err(outcome) => break *outcome,
        };
        let uuid = target.uuid();
        let left = deadline.saturating_duration_since(Instant::now());
        let intent = Recorded {
            record: ready.record.as_ref(),
            endpoint: client.endpoint().as_str(),
            uuid,
            life: ready.life,
            request: &ready.operation.to_json(),
            content: &ready.content,
            fingerprint: &ready.fingerprint,
            claim_for: left + CLAIM_MARGIN,
        };
        crash_point::reached(Point::BeforeIntent);
        match client.journal().record_intent(&intent, patience(deadline)) {
            Ok(Held::Ours(claim)) => {
                crash_point::reached(Point::AfterIntent);
                let sending = Sending {
                    claim,
                    uuid,
                    life: ready.life,
                    content: &ready.content,
                };
                break send_and_record(client, &ready.operation, &sending, deadline);
            }
            Ok(Held::RefTaken) => {
                break duplicate_here(
                    client,
                    operation.step(),
                    ready.record.as_ref(),
                    &ready.content,
                );
            }
            Ok(Held::Changed) => {}
            Ok(Held::Busy) if deadline.saturating_duration_since(Instant::now()) > BUSY_PAUSE => {
                std::thread::sleep(BUSY_PAUSE);
            }
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
        order: outcome.order.or_else(|| known_order(client, target)),
        ..outcome
    })
}

/// The order as the journal has it, for a call that goes no further.
fn known_order(client: &Client, target: &Target) -> Option<OrderView> {
    let found = recorded(client, target).ok().flatten();
    found.map(|record| client.view(&record))
}

/// The order as the journal has it.
pub(crate) fn recorded(client: &Client, target: &Target) -> Result<Option<Record>, JournalError> {
    let journal = client.journal();
    let endpoint = client.endpoint().as_str();
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

/// Step 1.
fn validate(
    client: &Client,
    operation: &Operation,
    target: &Target,
    given: Option<&Order>,
    resumed: Option<&StepRow>,
) -> Result<Ready, Box<Outcome>> {
    let step = operation.step();
    let name = step.as_str();
    let endpoint = client.endpoint().as_str();
    let journal = client.journal();
    let unreadable = |error: JournalError| Box::new(not_recorded(name, &error));

    let fingerprint_given = given.map(Order::fingerprint);
    let record = match (target, &fingerprint_given) {
        (Target::New, Some(print)) => journal.unanswered_start(endpoint, print),
        _ => recorded(client, target),
    }
    .map_err(unreadable)?;
    let refuse = |status, next, problem| {
        let mut outcome = Outcome::failed(name, status, next, problem);
        outcome.order = record.as_ref().map(|record| client.view(record));
        Box::new(outcome)
    };

    if let (Operation::Ask(asked), None) = (operation, &record) {
        let adopted = match target {
            Target::SoldElsewhere(order_ref_1) => management::adopt(client, asked, order_ref_1),
            _ => None,
        };
        return match adopted {
            Some(Ok(change)) => Ok(Ready {
                life: match Life::SETTLED.begin(step, Content::Other) {
                    Begin::Send(life) => life,
                    _ => unreachable!("a settled order can be updated"),
                },
                content: change.order(),
                operation: Operation::Change(Box::new(change)),
                fingerprint: Vec::new(),
                record: None,
            }),
            Some(Err(problems)) => {
                let mut outcome =
                    *refuse(Status::InvalidOrder, Next::FixOrder, problems[0].clone());
                outcome.errors = problems;
                Err(Box::new(outcome))
            }
            None => Err(refuse(
                Status::UnknownOrder,
                Next::FixOrder,
                Problem::new(
                    ErrorCode::UnknownOrder,
                    "The journal knows no order with this reference at this endpoint. One that was sold with another journal is taken over by sq_update_order with both its carts (unshipped_cart, shipped_cart) as they are.",
                ),
            )),
        };
    }
    if record.is_none() && given.is_none() {
        return Err(refuse(
            Status::UnknownOrder,
            Next::RestartCheckout,
            Problem::new(
                ErrorCode::UnknownOrder,
                "The journal knows no such order at this endpoint. Give the complete order with sq_confirm, or start again.",
            ),
        ));
    }
    if let Some(resumed) = resumed {
        let open = record.as_ref().and_then(|record| record.open.as_ref());
        if open.is_none_or(|open| (open.id, &open.request) != (resumed.id, &resumed.request)) {
            // Whoever finished it has been told what came of it; to send it now would be a new
            // decision, and not recovery's.
            return Err(Box::new(Outcome {
                order: record.as_ref().map(|record| client.view(record)),
                ..Outcome::ok(name)
            }));
        }
    }
    let life = match (&record, step) {
        (Some(record), _) => record.life,
        (None, Step::Start) => Life::NEW,
        // An order that another journal began: its URL is all that seQura asks for.
        (None, _) => Life::SOLICITED,
    };
    let content = content_of(operation, record.as_ref(), given);
    let life = match life.begin(step, content) {
        Begin::Send(life) => life,
        Begin::AlreadyDone => {
            let record = record.as_ref().expect("only a recorded order can be done");
            return Err(Box::new(
                answered_before(client, name, step, record)
                    .unwrap_or_else(|error| not_recorded(name, &error)),
            ));
        }
        Begin::Refuse { next, because } => {
            let state = life.state;
            return Err(refuse(
                Status::WrongState,
                next,
                Problem {
                    actual: Some(state.as_str().into()),
                    ..Problem::new(
                        ErrorCode::WrongState,
                        format!("Not possible in state {state}: {because}."),
                    )
                },
            ));
        }
    };

    if let (true, Some(record)) = (step.is_change(), &record) {
        let wrong_state = |because: &str| {
            refuse(
                Status::WrongState,
                record.life.next(),
                Problem {
                    actual: Some(record.life.state.as_str().into()),
                    ..Problem::new(
                        ErrorCode::WrongState,
                        format!("Not possible in state {}: {because}.", record.life.state),
                    )
                },
            )
        };
        let open = open_change(record);
        let change = match operation {
            Operation::Change(change) => change.clone(),
            Operation::Ask(asked) => match management::resolve(client, asked, record, open) {
                Ok(Resolved::Send(change)) => change,
                Ok(Resolved::Nothing) => {
                    return Err(Box::new(
                        answered_before(client, name, step, record)
                            .unwrap_or_else(|error| not_recorded(name, &error)),
                    ));
                }
                Ok(Resolved::Refused(because)) => return Err(wrong_state(because)),
                Err(problems) => {
                    let mut outcome =
                        *refuse(Status::InvalidOrder, Next::FixOrder, problems[0].clone());
                    outcome.errors = problems;
                    return Err(Box::new(outcome));
                }
            },
            _ => unreachable!("only a change is a change"),
        };
        return Ok(Ready {
            content: change.order(),
            operation: Operation::Change(change),
            life,
            fingerprint: Vec::new(),
            record: Some(record.clone()),
        });
    }

    let order = given
        .cloned()
        .or_else(|| record.as_ref().and_then(|record| record.content.clone()));
    let Some(order) = order else {
        return Err(refuse(
            Status::UnknownOrder,
            Next::ContactSequra,
            Problem::new(
                ErrorCode::UnknownOrder,
                "The journal no longer holds the content of this order; give the complete order.",
            ),
        ));
    };
    let problems = operation.check(&order);
    if !problems.is_empty() {
        let mut outcome = *refuse(Status::InvalidOrder, Next::FixOrder, problems[0].clone());
        outcome.errors = problems;
        return Err(Box::new(outcome));
    }
    let order = operation.content(order);
    if let Some(record) = &record
        && order.merchant_id().as_deref() != Some(record.merchant_id.as_str())
    {
        return Err(refuse(
            Status::InvalidOrder,
            Next::FixOrder,
            Problem {
                expected: Some(record.merchant_id.as_str().into()),
                actual: order.merchant_id().map(Value::from),
                ..Problem::at(
                    ErrorCode::MerchantMismatch,
                    "/merchant/id",
                    "The order was started with another merchant; start again to sell with this one.",
                )
            },
        ));
    }
    // What may have been sent already is sent again, whoever has its reference by now: seQura says
    // what comes of it. Refused here, the step would stay open for ever.
    if let (Some(order_ref_1), None) = (order.order_ref_1(), resumed) {
        let merchant_id = order.merchant_id().unwrap_or_default();
        let but = record.as_ref().map(|record| record.id);
        if journal
            .is_ref_held(endpoint, &merchant_id, &order_ref_1, but)
            .map_err(unreadable)?
        {
            return Err(Box::new(duplicate_here(
                client,
                step,
                record.as_ref(),
                &order,
            )));
        }
    }
    let fingerprint = order.fingerprint();
    Ok(Ready {
        operation: operation.clone(),
        record,
        life,
        content: order,
        fingerprint,
    })
}

/// The change that has no answer yet.
fn open_change(record: &Record) -> Option<Change> {
    let open = record.open.as_ref()?;
    Operation::from_json(&open.request)?.change().cloned()
}

/// Is what is asked for what the journal has?
fn content_of(operation: &Operation, record: Option<&Record>, given: Option<&Order>) -> Content {
    let Some(record) = record else {
        return Content::Other;
    };
    let same = match (operation, given) {
        (Operation::Ask(asked), _) => {
            open_change(record).is_some_and(|open| open.is_asked_again(asked))
        }
        (
            Operation::SetOrderRef {
                order_ref_1,
                order_ref_2,
            },
            _,
        ) => {
            record.order_ref_1.as_deref() == Some(order_ref_1)
                && (order_ref_2.is_none() || *order_ref_2 == record.order_ref_2)
        }
        (_, None) => true,
        (_, Some(order)) => {
            // A till that rebuilds its order leaves out a reference that it gave separately.
            let asked = order.order_ref_1();
            let confirmed = record.life.state.is_confirmed();
            record.fingerprint.as_deref() == Some(order.fingerprint().as_slice())
                && (asked == record.order_ref_1 || (confirmed && asked.is_none()))
        }
    };
    if same { Content::Same } else { Content::Other }
}

/// An intent that stands in the journal, to be sent.
struct Sending<'a> {
    claim: Claim,
    uuid: Option<&'a str>,
    life: Life,
    content: &'a Order,
}

/// Steps 3 to 5.
fn send_and_record(
    client: &Client,
    operation: &Operation,
    sending: &Sending,
    deadline: Instant,
) -> Outcome {
    let name = operation.step().as_str();
    if clock::now_ms() >= sending.claim.until {
        // This machine slept, or its clock was set: another till may be at work by now.
        return busy(
            name,
            "The time to send this is over. Nothing was sent; call again.",
        );
    }
    let request = operation.request(client.endpoint(), sending.uuid, sending.content);
    crash_point::reached(Point::BeforeSend);
    let exchange = client.wire().exchange(&request, deadline);
    crash_point::reached(Point::AfterAnswer);

    let (mut status, mut errors, uuid) =
        reading::read(client, operation, &exchange, sending.content);
    let with_ref = sending.content.order_ref_1().is_some();
    let meaning = reading::meaning(status);
    let life = sending.life.answered(meaning, with_ref);
    let mut found_done = Vec::new();
    if life.state == State::Cancelled && meaning == Answer::Missing {
        status = Status::Ok;
        found_done = std::mem::take(&mut errors);
    }
    let (life, closing) = match operation.change() {
        None => (life, None),
        Some(change) => {
            let (life, closing) = change.closing(life, reading::meaning(status));
            (life, Some(closing))
        }
    };
    let scrub = client.scrubs_at_once() && operation.change().is_none_or(Change::is_personal);
    let http = reading::http_view(&exchange);
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
        description: reading::description(&errors, sending.content),
        step: name,
    };
    let mut outcome = Outcome {
        status,
        next: reading::next_after(status, &errors, life, operation.step()),
        errors,
        http: Some(http),
        warnings: found_done,
        ..Outcome::ok(name)
    };
    // An answer that is known is worth waiting for the journal.
    let until = patience(deadline);
    let recorded =
        client
            .journal()
            .record_outcome(&sending.claim, &entry, closing.as_ref(), scrub, until);
    crash_point::reached(Point::AfterOutcome);
    let warning = match recorded {
        Ok((record, ours)) => {
            outcome.order = Some(client.view(&record));
            (!ours).then(|| {
                outcome.next = record.life.next();
                "This took so long that another till went on with the order; it stands as that till left it.".to_owned()
            })
        }
        Err(error) => {
            outcome.order = Some(client.view_unrecorded(&entry, sending.content));
            Some(format!(
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

/// How long a call that must end by then may wait for another process that is writing.
pub(crate) fn patience(deadline: Instant) -> Instant {
    deadline.max(Instant::now() + WRITE_PATIENCE)
}

/// The same answer as the first time, from the journal.
fn answered_before(
    client: &Client,
    name: &'static str,
    step: Step,
    record: &Record,
) -> Result<Outcome, JournalError> {
    let journal: &Journal = client.journal();
    let first = match journal.answered_step(record.id, step)? {
        // A reference that the confirmation carried was settled by the confirmation.
        None if step == Step::SetOrderRef => journal.answered_step(record.id, Step::Confirm)?,
        found => found,
    };
    Ok(Outcome {
        order: Some(client.view(record)),
        http: first.map(|first| HttpView {
            status: first.http_status,
            request_id: first.request_id,
            attempts: 0,
            elapsed_ms: 0,
        }),
        next: record.life.next(),
        ..Outcome::ok(name)
    })
}

/// The journal knows that another order has the reference: nothing is sent. A confirmed order whose
/// reference is taken is stuck whoever says so.
fn duplicate_here(client: &Client, step: Step, record: Option<&Record>, order: &Order) -> Outcome {
    let order_ref_1 = order.order_ref_1().unwrap_or_default();
    let problem = Problem {
        actual: Some(order_ref_1.as_str().into()),
        ..Problem::at(
            ErrorCode::DuplicateOrderRef,
            "/merchant_reference/order_ref_1",
            format!(
                "Another order of merchant {} in this journal has order_ref_1 {order_ref_1}. Nothing was sent; give another reference.",
                order.merchant_id().unwrap_or_default(),
            ),
        )
    };
    let mut outcome = Outcome::failed(
        step.as_str(),
        Status::DuplicateOrderRef,
        Next::ChooseAnotherRef,
        problem,
    );
    outcome.order = record.map(|record| client.view(record));
    let Some(record) =
        record.filter(|record| step == Step::SetOrderRef && record.life.intent.is_none())
    else {
        return outcome;
    };
    if let Begin::Send(begun) = record.life.begin(step, Content::Other) {
        let stuck = begun.answered(Answer::DuplicateRef, true);
        match client.journal().record_refused_ref(
            record,
            stuck,
            &order_ref_1,
            Instant::now() + WRITE_PATIENCE,
        ) {
            Ok(Some(record)) => outcome.order = Some(client.view(&record)),
            // Another call has moved the order on: what it says counts.
            Ok(None) => {}
            Err(error) => outcome.warnings.push(error.problem()),
        }
    }
    outcome
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
    outcome.errors[0].message.push_str(" Nothing was sent.");
    outcome
}

//! Step 1 of the pipeline: whether what is asked may be recorded and sent, and what exactly.

use super::ends::{not_recorded, patience};
use super::target::{Target, recorded};
use crate::advice;
use crate::changes::{self, Asked, Change, Resolved};
use crate::journal::{JournalError, Record, Refusal, StepRow};
use crate::lifecycle::{Answer, Begin, Content, Life, Step};
use crate::operation::Operation;
use crate::order::Written;
use crate::outcome::{HttpView, Outcome};
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::Value;
use std::borrow::Cow;
use std::time::Instant;

/// An operation that may be recorded and sent.
pub(super) struct Ready<'a> {
    pub(super) operation: Operation,
    pub(super) record: Option<Record>,
    pub(super) life: Life,
    pub(super) content: Cow<'a, Written>,
    pub(super) fingerprint: Vec<u8>,
}

/// Where a call ends that goes no further.
type Ended = Box<Outcome>;

/// What is asked, and what the journal has of the order.
struct Call<'a> {
    shop: &'a Shop,
    operation: &'a Operation,
    given: Option<&'a Written>,
    resumed: Option<&'a StepRow>,
    record: Option<Record>,
}

/// Step 1.
pub(super) fn validate<'a>(
    shop: &'a Shop,
    operation: &'a Operation,
    target: &Target,
    given: Option<&'a Written>,
    resumed: Option<&'a StepRow>,
) -> Result<Ready<'a>, Ended> {
    let record = match (target, given) {
        (Target::New, Some(order)) => shop
            .journal()
            .unanswered_start(shop.endpoint().as_str(), order.fingerprint()),
        _ => recorded(shop, target),
    };
    let call = Call {
        shop,
        operation,
        given,
        resumed,
        record: record.map_err(|error| unreadable(operation, &error))?,
    };
    match (operation, &call.record) {
        (Operation::Ask(asked), None) => call.adoption(asked, target),
        (_, None) if given.is_none() => Err(call.refused(
            Status::UnknownOrder,
            Next::RestartCheckout,
            Problem::new(
                ErrorCode::UnknownOrder,
                "The journal knows no such order at this endpoint. Give the complete order with sq_confirm, or start again.",
            ),
        )),
        (_, Some(record)) if operation.step().is_change() => call.change(record),
        _ => call.step_of_a_sale(),
    }
}

impl<'a> Call<'a> {
    fn step(&self) -> Step {
        self.operation.step()
    }

    fn refused(&self, status: Status, next: Next, problem: Problem) -> Ended {
        let mut outcome = Outcome::failed(self.step().as_str(), status, next, problem);
        outcome.order = self.record.as_ref().map(|record| self.shop.view(record));
        Box::new(outcome)
    }

    /// There is something wrong with what was given; at least one thing.
    fn invalid(&self, problems: Vec<Problem>) -> Ended {
        let mut outcome = self.refused(Status::InvalidOrder, Next::FixOrder, problems[0].clone());
        outcome.errors = problems;
        outcome
    }

    fn wrong_state(&self, life: Life, next: Next, because: &str) -> Ended {
        let state = life.state;
        self.refused(
            Status::WrongState,
            next,
            Problem {
                actual: Some(state.as_str().into()),
                ..Problem::new(
                    ErrorCode::WrongState,
                    format!("Not possible in state {state}: {because}."),
                )
            },
        )
    }

    /// The order with this step begun, if its life allows it now.
    fn begun(&self) -> Result<Life, Ended> {
        if let Some(resumed) = self.resumed {
            let open = self.record.as_ref().and_then(|record| record.open.as_ref());
            if open.is_none_or(|open| (open.id, &open.request) != (resumed.id, &resumed.request)) {
                // Whoever finished it has been told what came of it; to send it now would be a new
                // decision, and not recovery's.
                return Err(Box::new(Outcome {
                    order: self.record.as_ref().map(|record| self.shop.view(record)),
                    ..Outcome::ok(self.step().as_str())
                }));
            }
        }
        let life = match (&self.record, self.step()) {
            (Some(record), _) => record.life,
            (None, Step::Start) => Life::NEW,
            // An order that another journal began: its URL is all that seQura asks for.
            (None, _) => Life::SOLICITED,
        };
        match life.begin(self.step(), self.content()) {
            Begin::Send(life) => Ok(life),
            Begin::AlreadyDone => {
                let record = self.record.as_ref();
                Err(self.answered_before(record.expect("only a recorded order can be done")))
            }
            Begin::Refuse { next, because } => {
                let next = match &self.record {
                    Some(record) if next == life.next() => advice::next(record),
                    _ => next,
                };
                Err(self.wrong_state(life, next, because))
            }
        }
    }

    /// Is what is asked for what the journal has?
    fn content(&self) -> Content {
        let Some(record) = &self.record else {
            return Content::Other;
        };
        let same = match (self.operation, self.given) {
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
                // One that is left out of a confirmed order was given separately.
                let confirmed = record.life.state.is_confirmed();
                let fits = |asked: &Option<String>, known: &Option<String>| {
                    asked == known || (confirmed && asked.is_none())
                };
                let facts = order.facts();
                record.fingerprint.as_deref() == Some(record.fingerprint_of(order))
                    && fits(&facts.order_ref_1, &record.order_ref_1)
                    && fits(&facts.order_ref_2, &record.order_ref_2)
            }
        };
        if same { Content::Same } else { Content::Other }
    }

    /// A change of a settled order that the journal does not have.
    fn adoption(&self, asked: &Asked, target: &Target) -> Result<Ready<'a>, Ended> {
        let adopted = match target {
            Target::SoldElsewhere(order_ref_1) => changes::adopt(self.shop, asked, order_ref_1),
            _ => None,
        };
        let change = match adopted {
            Some(Ok(change)) => change,
            Some(Err(problems)) => return Err(self.invalid(problems)),
            None => {
                return Err(self.refused(
                    Status::UnknownOrder,
                    Next::FixOrder,
                    Problem::new(
                        ErrorCode::UnknownOrder,
                        "The journal knows no order with this reference at this endpoint. One that was sold with another journal is taken over by sq_update_order with both its carts (unshipped_cart, shipped_cart) as they are.",
                    ),
                ));
            }
        };
        let Begin::Send(life) = Life::SETTLED.begin(self.step(), Content::Other) else {
            unreachable!("a settled order can be updated");
        };
        Ok(Ready {
            life,
            content: Cow::Owned(Written::new(change.order())),
            operation: Operation::Change(Box::new(change)),
            fingerprint: Vec::new(),
            record: None,
        })
    }

    /// A change of a settled order.
    fn change(&self, record: &Record) -> Result<Ready<'a>, Ended> {
        let life = self.begun()?;
        let change = match self.operation {
            Operation::Change(change) => change.clone(),
            Operation::Ask(asked) => {
                match changes::resolve(self.shop, asked, record, open_change(record)) {
                    Ok(Resolved::Send(change)) => change,
                    Ok(Resolved::Nothing) => return Err(self.answered_before(record)),
                    Ok(Resolved::Refused(because)) => {
                        return Err(self.wrong_state(record.life, advice::next(record), because));
                    }
                    Err(problems) => return Err(self.invalid(problems)),
                }
            }
            _ => unreachable!("only a change is a change"),
        };
        Ok(Ready {
            content: Cow::Owned(Written::new(change.order())),
            operation: Operation::Change(change),
            life,
            fingerprint: Vec::new(),
            record: Some(record.clone()),
        })
    }

    /// From the start to the reference.
    fn step_of_a_sale(mut self) -> Result<Ready<'a>, Ended> {
        let life = self.begun()?;
        let record = self.record.as_ref();
        let order = match (self.given, record) {
            (Some(given), _) => Some(Cow::Borrowed(given)),
            (None, None) => None,
            (None, Some(record)) => record
                .content()
                .map_err(|error| unreadable(self.operation, &error))?
                .map(Cow::Owned),
        };
        let Some(order) = order else {
            return Err(self.refused(
                Status::UnknownOrder,
                Next::ContactSequra,
                Problem::new(
                    ErrorCode::UnknownOrder,
                    "The journal no longer holds the content of this order; give the complete order.",
                ),
            ));
        };
        let problems = self.operation.check(&order);
        if !problems.is_empty() {
            return Err(self.invalid(problems));
        }
        let order = match self.operation.content(&order) {
            Some(changed) => Cow::Owned(changed),
            None => order,
        };
        let facts = order.facts();
        if let Some(record) = record
            && facts.merchant_id.as_deref() != Some(record.merchant_id.as_str())
        {
            return Err(self.invalid(vec![Problem {
                expected: Some(record.merchant_id.as_str().into()),
                actual: facts.merchant_id.as_deref().map(Value::from),
                ..Problem::at(
                    ErrorCode::MerchantMismatch,
                    "/merchant/id",
                    "The order was started with another merchant; start again to sell with this one.",
                )
            }]));
        }
        // What may have been sent already is sent again, whoever has its reference by now: seQura says
        // what comes of it. Refused here, the step would stay open for ever.
        if let (Some(order_ref_1), None) = (&facts.order_ref_1, self.resumed) {
            let held = self.shop.journal().is_ref_held(
                self.shop.endpoint().as_str(),
                facts.merchant_id.as_deref().unwrap_or_default(),
                order_ref_1,
                record.map(|record| record.id),
            );
            if held.map_err(|error| unreadable(self.operation, &error))? {
                return Err(Box::new(duplicate_here(
                    self.shop,
                    self.step(),
                    record,
                    &order,
                )));
            }
        }
        let fingerprint = match (record, self.given) {
            // What a step adds to an order that is kept makes no other order of it.
            (
                Some(Record {
                    fingerprint: Some(known),
                    ..
                }),
                None,
            ) => known,
            (Some(record), _) => record.fingerprint_of(&order),
            (None, _) => order.fingerprint(),
        };
        let fingerprint = fingerprint.to_vec();
        Ok(Ready {
            operation: self.operation.clone(),
            record: self.record.take(),
            life,
            content: order,
            fingerprint,
        })
    }

    /// The same answer as the first time, from the journal.
    fn answered_before(&self, record: &Record) -> Ended {
        let answered = |step| self.shop.journal().answered_step(record.id, step);
        let first = match answered(self.step()) {
            // A reference that the confirmation carried was settled by the confirmation.
            Ok(None) if self.step() == Step::SetOrderRef => answered(Step::Confirm),
            found => found,
        };
        let first = match first {
            Ok(first) => first,
            Err(error) => return unreadable(self.operation, &error),
        };
        Box::new(Outcome {
            order: Some(self.shop.view(record)),
            http: first.map(|first| HttpView {
                status: first.http_status,
                request_id: first.request_id,
                attempts: 0,
                elapsed_ms: 0,
            }),
            next: advice::next(record),
            ..Outcome::ok(self.step().as_str())
        })
    }
}

/// The change that has no answer yet.
fn open_change(record: &Record) -> Option<Change> {
    let open = record.open.as_ref()?;
    Operation::from_json(&open.request)?.change().cloned()
}

fn unreadable(operation: &Operation, error: &JournalError) -> Ended {
    Box::new(not_recorded(operation.step().as_str(), error))
}

/// The journal knows that another order has the reference: nothing is sent. A confirmed order whose
/// reference is taken is stuck whoever says so.
pub(super) fn duplicate_here(
    shop: &Shop,
    step: Step,
    record: Option<&Record>,
    order: &Written,
) -> Outcome {
    let facts = order.facts();
    let order_ref_1 = facts.order_ref_1.clone().unwrap_or_default();
    let problem = Problem {
        actual: Some(order_ref_1.as_str().into()),
        ..Problem::at(
            ErrorCode::DuplicateOrderRef,
            "/merchant_reference/order_ref_1",
            format!(
                "Another order of merchant {} in this journal has order_ref_1 {order_ref_1}. Nothing was sent; give another reference.",
                facts.merchant_id.as_deref().unwrap_or_default(),
            ),
        )
    };
    let mut outcome = Outcome::failed(
        step.as_str(),
        Status::DuplicateOrderRef,
        Next::ChooseAnotherRef,
        problem,
    );
    outcome.order = record.map(|record| shop.view(record));
    if let Some(record) = record.filter(|record| record.life.intent.is_none())
        && let Some(refusal) = Refusal::of(step, outcome.status, &outcome.errors)
    {
        match keep_refused(shop, record, &refusal, &order_ref_1) {
            Ok(Some(record)) => outcome.order = Some(shop.view(&record)),
            // Another call has moved the order on: what it says counts.
            Ok(None) => {}
            Err(error) => outcome.warnings.push(error.problem()),
        }
    }
    outcome
}

/// That the journal refused a reference in seQura's place is known later, too.
fn keep_refused(
    shop: &Shop,
    record: &Record,
    refusal: &Refusal,
    order_ref_1: &str,
) -> Result<Option<Record>, JournalError> {
    let until = patience(Instant::now());
    let journal = shop.journal();
    match (
        refusal.step,
        record.life.begin(refusal.step, Content::Other),
    ) {
        (Step::SetOrderRef, Begin::Send(begun)) => {
            let stuck = begun.answered(Answer::DuplicateRef, true);
            journal.record_refused_ref(record, stuck, order_ref_1, refusal, until)
        }
        (Step::Hold | Step::Confirm, _) => {
            journal.record_refusal(record, refusal, until)?;
            journal.order_by_id(record.id)
        }
        _ => Ok(None),
    }
}

//! Step 1 of the pipeline: whether what is asked may be recorded and sent, and what exactly.

use super::ends::not_recorded;
use super::of_a_copy;
use super::taken::duplicate_here;
use super::target::Target;
use crate::advice;
use crate::changes::{self, Asked, Change, Resolved};
use crate::form::{self, Checked};
use crate::journal::{JournalError, Record, StepRow};
use crate::lifecycle::{Begin, Content, Life, Step};
use crate::operation::Operation;
use crate::order::Written;
use crate::outcome::{HttpView, Outcome};
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::Value;

/// An operation that may be recorded and sent.
pub(super) struct Ready {
    pub(super) operation: Operation,
    /// The same as the journal keeps it.
    pub(super) request: String,
    pub(super) record: Option<Record>,
    pub(super) life: Life,
    /// The order as it is sent; `None`: as it was given.
    pub(super) content: Option<Written>,
    pub(super) fingerprint: Vec<u8>,
    /// What deserves a look of what is asked.
    pub(super) warnings: Vec<Problem>,
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

/// Step 1; `record`: what the journal has of the order.
pub(super) fn validate(
    shop: &Shop,
    operation: &Operation,
    target: &Target,
    given: Option<&Written>,
    resumed: Option<&StepRow>,
    record: Result<Option<Record>, JournalError>,
) -> Result<Ready, Ended> {
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
        (_, Some(_)) if operation.step().is_change() => call.change(),
        _ => call.step_of_a_sale(),
    }
}

impl Call<'_> {
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
    fn adoption(&self, asked: &Asked, target: &Target) -> Result<Ready, Ended> {
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
        Ok(changing(Box::new(change), life, None))
    }

    /// A change of a settled order.
    fn change(self) -> Result<Ready, Ended> {
        let life = self.begun()?;
        let change = self.resolved()?;
        Ok(changing(change, life, self.record))
    }

    /// The change that is sent.
    fn resolved(&self) -> Result<Box<Change>, Ended> {
        let record = self.record.as_ref().expect("a change of a recorded order");
        match self.operation {
            Operation::Change(change) => Ok(change.clone()),
            Operation::Ask(asked) => {
                of_a_copy::check(self.shop, record, asked)?;
                match changes::resolve(self.shop, asked, record, open_change(record)) {
                    Ok(Resolved::Send(change)) => Ok(change),
                    Ok(Resolved::Nothing) => Err(self.answered_before(record)),
                    Ok(Resolved::Refused(because)) => {
                        Err(self.wrong_state(record.life, advice::next(record), because))
                    }
                    Err(problems) => Err(self.invalid(problems)),
                }
            }
            _ => unreachable!("only a change is a change"),
        }
    }

    /// From the start to the reference.
    fn step_of_a_sale(mut self) -> Result<Ready, Ended> {
        let life = self.begun()?;
        let kept = match self.given {
            Some(_) => None,
            None => Some(self.kept()?),
        };
        let order = self.given.or(kept.as_ref()).expect("one of the two");
        let uuid = self.record.as_ref().and_then(|one| one.uuid.as_deref());
        let Checked { problems, warnings } = form::check(self.shop, self.operation, uuid, order);
        if !problems.is_empty() {
            return Err(self.invalid(problems));
        }
        let changed = self.operation.content(order);
        let order = changed.as_ref().unwrap_or(order);
        self.check_merchant(order)?;
        self.check_reference(order)?;
        let fingerprint = match (&self.record, self.given) {
            // What a step adds to an order that is kept makes no other order of it.
            (
                Some(Record {
                    fingerprint: Some(known),
                    ..
                }),
                None,
            ) => known,
            (Some(record), _) => record.fingerprint_of(order),
            (None, _) => order.fingerprint(),
        };
        Ok(Ready {
            fingerprint: fingerprint.to_vec(),
            request: self.operation.to_json(),
            operation: self.operation.clone(),
            record: self.record.take(),
            life,
            content: changed.or(kept),
            warnings,
        })
    }

    /// The order as the journal has it.
    fn kept(&self) -> Result<Written, Ended> {
        let kept = self.record.as_ref().map_or(Ok(None), Record::content);
        let kept = kept.map_err(|error| unreadable(self.operation, &error))?;
        kept.ok_or_else(|| {
            self.refused(
                Status::UnknownOrder,
                Next::ContactSequra,
                Problem::new(
                    ErrorCode::UnknownOrder,
                    "The journal no longer holds the content of this order; give the complete order.",
                ),
            )
        })
    }

    /// It was started by the merchant who sells it now.
    fn check_merchant(&self, order: &Written) -> Result<(), Ended> {
        let merchant_id = order.facts().merchant_id.as_deref();
        match &self.record {
            Some(record) if merchant_id != Some(record.merchant_id.as_str()) => {
                Err(self.invalid(vec![Problem {
                    expected: Some(record.merchant_id.as_str().into()),
                    actual: merchant_id.map(Value::from),
                    ..Problem::at(
                        ErrorCode::MerchantMismatch,
                        "/merchant/id",
                        "The order was started with another merchant; start again to sell with this one.",
                    )
                }]))
            }
            _ => Ok(()),
        }
    }

    /// No other order has its reference.
    fn check_reference(&self, order: &Written) -> Result<(), Ended> {
        // What may have been sent already is sent again, whoever has its reference by now: seQura says
        // what comes of it. Refused here, the step would stay open for ever.
        let facts = order.facts();
        let (Some(order_ref_1), None) = (&facts.order_ref_1, self.resumed) else {
            return Ok(());
        };
        let record = self.record.as_ref();
        let held = self.shop.journal().is_ref_held(
            self.shop.endpoint().as_str(),
            facts.merchant_id.as_deref().unwrap_or_default(),
            order_ref_1,
            record.map(|record| record.id),
        );
        match held.map_err(|error| unreadable(self.operation, &error))? {
            true => Err(Box::new(duplicate_here(
                self.shop,
                self.step(),
                record,
                order,
            ))),
            false => Ok(()),
        }
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

/// The change that would be sent for what is asked of an order, and goes no further.
pub(crate) fn change_asked_for(
    shop: &Shop,
    operation: &Operation,
    record: Record,
) -> Result<Box<Change>, Ended> {
    let call = Call {
        shop,
        operation,
        given: None,
        resumed: None,
        record: Some(record),
    };
    call.begun()?;
    call.resolved()
}

/// A change that may be recorded and sent.
fn changing(change: Box<Change>, life: Life, record: Option<Record>) -> Ready {
    let content = Written::new(change.order());
    let operation = Operation::Change(change);
    Ready {
        request: operation.to_json(),
        operation,
        record,
        life,
        content: Some(content),
        fingerprint: Vec::new(),
        warnings: Vec::new(),
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

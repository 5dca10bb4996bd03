//! A step of an order, from its start to what becomes of it after the sale: what it checks, records and sends.

use super::begun::{as_begun, kept_lines};
use super::ends::too_large;
use super::given::{Given, with_known_references};
use super::handed_on::elsewhere;
use super::of_a_copy;
use super::run::run;
use super::submission::{self, Begun, Concluded, Left, Submission, Words};
use super::taken::duplicate_here;
use super::target::{Target, known_order, recorded};
use super::vain;
use super::validate::{Ready, validate};
use crate::advice;
use crate::api::endpoints::Request;
use crate::api::location::Located;
use crate::api::transport::Exchange;
use crate::changes::{Change, with_last_step};
use crate::heard::{self, Heard};
use crate::journal::{
    Claim, Closing, Ended, Entry, Intended, JournalError, NewIntent, Record, StepRow,
};
use crate::lifecycle::{Meaning, State};
use crate::limits;
use crate::operation::Operation;
use crate::order::{Order, Written};
use crate::outcome::{OrderView, Outcome};
use crate::preparation::prepare;
use crate::problem::Problem;
use crate::question::merchant_lacking;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::Next;
use std::time::{Duration, Instant};

/// Takes an operation on an order through the five steps, until `deadline` at the latest. `resumed`: recovery
/// takes this open step up again, and only while it is still open and still the same.
pub(crate) fn run_step(
    shop: &Shop,
    operation: &Operation,
    target: &Target,
    given: Option<Order>,
    resumed: Option<&StepRow>,
    deadline: Instant,
) -> Outcome {
    let given = given.map_or(Given::Nothing, Given::Order);
    let mut step = StepOfOrder::with(shop, operation, target, given, resumed);
    // What calls about a new order have in common is its content as it will be sent.
    let prepared = match target {
        Target::New => step.prepare(None),
        _ => Ok(()),
    };
    let mut outcome = match prepared {
        Ok(()) => run(shop, &mut step, deadline).0,
        Err(ended) => *ended,
    };
    outcome.warnings.splice(0..0, step.warnings);
    Outcome {
        order: outcome.order.or_else(|| known_order(shop, target)),
        ..outcome
    }
}

/// A step on its way.
pub(super) struct StepOfOrder<'a> {
    shop: &'a Shop,
    operation: &'a Operation,
    target: &'a Target,
    given: Given,
    /// What deserves a look of what was given.
    warnings: Vec<Problem>,
    resumed: Option<&'a StepRow>,
}

/// The right to send a step, and to record what comes of it.
pub(super) struct Claimed {
    claim: Claim,
    is_resumed: bool,
}

impl submission::Claim for Claimed {
    fn until(&self) -> Instant {
        self.claim.until
    }

    fn is_taken_up(&self) -> bool {
        self.is_resumed
    }
}

/// What an answer leaves in the journal beside its log entry.
pub(super) struct Ending {
    /// Of a change after the sale.
    closing: Option<Closing>,
    /// The last step of the sale, where this one has settled the order.
    shipment: Option<String>,
    /// Whether personal data goes at once, where the order is finished.
    scrub: bool,
}

impl<'a> StepOfOrder<'a> {
    pub(super) fn with(
        shop: &'a Shop,
        operation: &'a Operation,
        target: &'a Target,
        given: Given,
        resumed: Option<&'a StepRow>,
    ) -> StepOfOrder<'a> {
        StepOfOrder {
            shop,
            operation,
            target,
            given,
            warnings: Vec::new(),
            resumed,
        }
    }

    fn given(&self) -> Option<&Written> {
        match &self.given {
            Given::Prepared(order) => Some(order),
            Given::Nothing | Given::Order(_) => None,
        }
    }

    /// The order as it is sent.
    fn content<'b>(&'b self, ready: &'b Ready) -> &'b Written {
        let content = ready.content.as_ref().or(self.given());
        content.expect("what is sent was given, or is the journal's")
    }

    /// Completes the order that was given with what the journal and the configuration have, and checks it.
    fn prepare(&mut self, record: Option<&Record>) -> Result<(), Box<Outcome>> {
        let given = match std::mem::replace(&mut self.given, Given::Nothing) {
            Given::Order(given) => given,
            other => {
                self.given = other;
                return Ok(());
            }
        };
        let given = match self.operation {
            Operation::Hold | Operation::Confirm => with_known_references(record, given),
            _ => given,
        };
        let currency = given.currency().map(str::to_owned);
        let kept = record.and_then(|record| kept_lines(record, &given));
        match prepare(self.shop.config(), given, kept.as_ref()) {
            Ok(mut prepared) => {
                self.warnings = std::mem::take(&mut prepared.warnings);
                let written = as_begun(self.shop, self.target, record, prepared);
                self.given = Given::Prepared(written);
                Ok(())
            }
            Err(checked) => Err(Box::new(Outcome {
                status: Status::InvalidOrder,
                errors: checked.problems,
                warnings: checked.warnings,
                next: Next::FixOrder,
                currency,
                ..Outcome::ok(self.name())
            })),
        }
    }

    /// The order as the journal has it; one that is being started, where an earlier start has no answer.
    fn recorded(&self) -> Result<Option<Record>, JournalError> {
        match (self.target, self.given()) {
            (Target::New, Some(order)) => {
                let journal = self.shop.journal();
                journal.unanswered_start(self.shop.endpoint().as_str(), order.fingerprint())
            }
            _ => recorded(self.shop, self.target),
        }
    }
}

impl Submission for StepOfOrder<'_> {
    type Ready = Ready;
    type Claim = Claimed;
    type Closing = Ending;
    const WORDS: Words = Words {
        busy_here: "Another call about this order is still going on.",
        busy_elsewhere: "Another till is working on this order and did not finish in time.",
        overtaken: "This took so long that another till went on with the order; it stands as that till left it.",
        unrecorded: "seQura answered, and the journal could not record it; sq_recover will ask again.",
    };

    fn name(&self) -> &'static str {
        self.operation.step().as_str()
    }

    fn uuid(&self) -> Option<&str> {
        self.target.uuid()
    }

    fn turn(&self) -> String {
        self.target.turn(self.given())
    }

    fn validate(&mut self) -> Result<Ready, Box<Outcome>> {
        let record = self.recorded();
        if let Ok(record) = &record
            && let Some(ended) = elsewhere(self.shop, self.name(), self.target, record.as_ref())
        {
            return Err(Box::new(ended));
        }
        // A journal that cannot be read is told of once the order that was given is known to be one.
        self.prepare(record.as_ref().ok().and_then(Option::as_ref))?;
        let mut ready = validate(
            self.shop,
            self.operation,
            self.target,
            self.given(),
            self.resumed,
            record,
        )?;
        if self.given().is_none() {
            self.warnings = std::mem::take(&mut ready.warnings);
        }
        match ready.request.len() {
            size if size > limits::STEP_BYTES => Err(Box::new(too_large(self.name(), size))),
            _ => Ok(ready),
        }
    }

    fn record_intent(
        &self,
        ready: &Ready,
        claim_for: Duration,
        until: Instant,
    ) -> Result<Begun<Claimed>, JournalError> {
        let content = self.content(ready);
        let intent = NewIntent {
            record: ready.record.as_ref(),
            endpoint: self.shop.endpoint().as_str(),
            uuid: self.target.uuid(),
            life: ready.life,
            request: &ready.request,
            content,
            fingerprint: &ready.fingerprint,
            claim_for,
        };
        Ok(match self.shop.journal().record_intent(&intent, until)? {
            Intended::Ours(claim) => Begun::Ours(Claimed {
                claim,
                is_resumed: self.resumed.is_some(),
            }),
            Intended::Changed => Begun::Changed,
            Intended::Busy => Begun::Busy,
            Intended::RefTaken => Begun::Ended(Box::new(duplicate_here(
                self.shop,
                self.operation.step(),
                ready.record.as_ref(),
                content,
            ))),
        })
    }

    fn request(&self, ready: &Ready, _claim: &Claimed) -> Request {
        let (endpoint, uuid) = (self.shop.endpoint(), self.target.uuid());
        ready.operation.request(endpoint, uuid, self.content(ready))
    }

    fn hear(&self, ready: &Ready, exchange: &Exchange, deadline: Instant) -> Heard {
        let content = self.content(ready);
        let mut heard = heard::of_a_step(self.shop.endpoint(), &ready.operation, exchange, content);
        let merchant_id = content.facts().merchant_id.as_deref().unwrap_or_default();
        let lacking = merchant_lacking(self.shop, merchant_id, &heard.errors, deadline);
        heard.errors.extend(lacking);
        let is_anothers = |there: &Located| {
            let journal = self.shop.journal();
            let known = journal.order(self.shop.endpoint().as_str(), &there.uuid);
            known.is_ok_and(|known| known.is_some())
        };
        match heard.located.take_if(|there| is_anothers(there)) {
            Some(there) => heard::of_another_order(&there),
            None => heard,
        }
    }

    fn conclude(
        &self,
        ready: &Ready,
        _claim: &Claimed,
        heard: Heard,
        exchange: &Exchange,
    ) -> Concluded<Ending> {
        let (operation, content) = (&ready.operation, self.content(ready));
        let Heard {
            mut status,
            mut errors,
            mut answer,
            located,
        } = heard;
        let with_ref = content.facts().order_ref_1.is_some();
        let life = ready.life.answered(answer, with_ref);
        // A no that may be the echo of our own yes is none: the till must not sell it elsewhere.
        let is_echo = matches!(answer, Meaning::PossibleEcho | Meaning::DuplicateRef);
        if is_echo && life.intent.is_some() {
            status = Status::OutcomeUnknown;
        }
        let mut warnings: Vec<Problem> = located.iter().filter_map(Located::warning).collect();
        let uuid = located.map(|there| there.uuid);
        if life.state == State::Cancelled && answer == Meaning::Missing {
            (status, answer) = (Status::Ok, Meaning::Done);
            warnings = std::mem::take(&mut errors);
        }
        let record = ready.record.as_ref();
        let (change, step) = (operation.change(), operation.step());
        let closed = change.map(|change| change.closing(life, answer, record));
        let (changed, closing) = closed.unzip();
        let life = changed.unwrap_or(life);
        let sold = (change.is_none() && life.state == State::Settled).then_some(content);
        let (life, shipment) = with_last_step(self.shop, life, (sold, record));
        let known = record.filter(|_| self.resumed.is_none());
        warnings.extend(of_a_copy::told(self.shop, step, known));
        let of_sale = sold.is_some_and(Written::has_shipped_goods);
        let http = heard::http_view(exchange);
        let (next, refusal) = vain::after(self.shop, status, &errors, step, life, content);
        let named = (!errors.is_empty()).then(|| content.order());
        let entry = Entry {
            ships: change.map_or(of_sale, |change| change.ships) && status == Status::Ok,
            unshipped: sold.and_then(Written::unshipped),
            life,
            uuid: uuid.or_else(|| self.target.uuid().map(str::to_owned)),
            status,
            http: http.clone(),
            said: heard::said(&errors, named),
            reason: None,
            step: self.name(),
            refusal,
        };
        Concluded {
            entry,
            closing: Ending {
                closing,
                shipment,
                scrub: self.shop.scrubs_at_once() && change.is_none_or(Change::is_personal),
            },
            outcome: Outcome {
                status,
                next,
                errors,
                http: (exchange.attempts > 0).then_some(http),
                warnings,
                given_back: given_back(ready, answer),
                ..Outcome::ok(self.name())
            },
        }
    }

    fn record_outcome(
        &self,
        ready: &Ready,
        claim: &Claimed,
        entry: &Entry,
        ending: &Ending,
        until: Instant,
    ) -> Result<Left, JournalError> {
        let journal = self.shop.journal();
        let closing = ending.closing.as_ref();
        let shipment = ending.shipment.as_deref();
        Ok(
            match journal.record_outcome(
                &claim.claim,
                entry,
                closing,
                shipment,
                ending.scrub,
                until,
            )? {
                Ended::Step => Left {
                    order: self.as_sent(ready, entry),
                    overtaken: None,
                },
                Ended::Change(record) => Left {
                    order: Some(self.shop.view(&record)),
                    overtaken: None,
                },
                Ended::Overtaken(record) => Left {
                    order: Some(self.shop.view(&record)),
                    overtaken: Some(advice::next(&record)),
                },
            },
        )
    }

    fn as_sent(&self, ready: &Ready, entry: &Entry) -> Option<OrderView> {
        Some(self.shop.view_of(entry, self.content(ready)))
    }
}

/// How much is given back, where that is what seQura has taken.
fn given_back(ready: &Ready, answer: Meaning) -> Option<i64> {
    let change = ready.operation.change()?;
    change.given_back_if(answer, ready.record.as_ref())
}

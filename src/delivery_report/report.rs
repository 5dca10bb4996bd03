//! A merchant's report on its way through the five steps.

use crate::advice::{self, To};
use crate::api::endpoints::Request;
use crate::api::transport::Exchange;
use crate::heard::{self, Heard};
use crate::journal::{Answered, Entry, JournalError, NewReport, Opened, Report};
use crate::lifecycle::{Life, Meaning};
use crate::order::Order;
use crate::outcome::Outcome;
use crate::pipeline::{Begun, Claim, Concluded, Left, Submission, Words};
use crate::shop::Shop;
use crate::vocabulary::Next;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::time::{Duration, Instant};

/// The operation.
pub(super) const NAME: &str = "send_delivery_report";

const ANOTHERS: &str =
    "Another till is sending this merchant's report, and did not finish in time.";

/// The report of a merchant that has no answer, or else a new one.
pub(crate) struct MerchantsReport<'a> {
    shop: &'a Shop,
    merchant_id: &'a str,
    new: Option<&'a NewReport<'a>>,
}

/// The report of a merchant; `new`: where none is open.
pub(crate) fn of_a_merchant<'a>(
    shop: &'a Shop,
    merchant_id: &'a str,
    new: Option<&'a NewReport<'a>>,
) -> MerchantsReport<'a> {
    MerchantsReport {
        shop,
        merchant_id,
        new,
    }
}

impl Claim for Report {
    fn until(&self) -> Instant {
        self.claimed_until
    }

    fn is_taken_up(&self) -> bool {
        self.is_taken_up
    }
}

impl MerchantsReport<'_> {
    fn to(&self, report: &Report, is_documented: bool) -> Request {
        let endpoint = self.shop.endpoint();
        endpoint.delivery_report(&report.merchant_id, &report.content, is_documented)
    }
}

impl Submission for MerchantsReport<'_> {
    type Ready = ();
    type Claim = Report;
    type Closing = Answered;
    const WORDS: Words = Words {
        busy_here: ANOTHERS,
        busy_elsewhere: ANOTHERS,
        overtaken: "This took so long that another till went on with the report.",
        unrecorded: "seQura answered, and the journal could not record it; the report will be sent again.",
    };

    fn name(&self) -> &'static str {
        NAME
    }

    fn turn(&self) -> String {
        format!("{NAME}/{}", self.merchant_id)
    }

    /// What the till gave was checked before, and what the journal has to tell is read where it is recorded.
    fn validate(&mut self) -> Result<(), Box<Outcome>> {
        Ok(())
    }

    fn record_intent(
        &self,
        _ready: &(),
        claim_for: Duration,
        until: Instant,
    ) -> Result<Begun<Report>, JournalError> {
        let endpoint = self.shop.endpoint().as_str();
        let journal = self.shop.journal();
        let opened =
            journal.begin_report(endpoint, self.merchant_id, self.new, claim_for, until)?;
        Ok(match opened {
            Opened::Ours(report) => Begun::Ours(report),
            Opened::Busy => Begun::Busy,
            Opened::Nothing => Begun::Ended(Box::new(Outcome::ok(NAME))),
        })
    }

    fn request(&self, _ready: &(), report: &Report) -> Request {
        self.to(report, true)
    }

    /// Clients disagree about the path: where seQura does not have the one that is documented, it has the other.
    fn other_request(&self, report: &Report, exchange: &Exchange) -> Option<Request> {
        let answer = exchange.result.as_ref().ok()?;
        (answer.status == 404).then(|| self.to(report, false))
    }

    fn hear(&self, _ready: &(), exchange: &Exchange, _deadline: Instant) -> Heard {
        heard::of_a_report(exchange)
    }

    fn conclude(
        &self,
        _ready: &(),
        report: &Report,
        heard: Heard,
        exchange: &Exchange,
    ) -> Concluded<Answered> {
        let Heard {
            status,
            errors,
            answer,
            ..
        } = heard;
        let http = heard::http_view(exchange);
        let named: Vec<Order> = match errors.is_empty() {
            true => Vec::new(),
            false => orders_of(report)
                .into_iter()
                .map(Order::from_document)
                .collect(),
        };
        let to = To::Report {
            is_given: report.asked.is_some(),
        };
        Concluded {
            closing: match answer {
                Meaning::Done => Answered::Taken,
                Meaning::NotSent | Meaning::Unknown => Answered::Not,
                _ => Answered::Refused,
            },
            entry: Entry {
                life: Life::NEW,
                uuid: None,
                status,
                http: http.clone(),
                said: heard::said(&errors, &named),
                reason: None,
                step: NAME,
                ships: false,
                unshipped: None,
                refusal: None,
            },
            outcome: Outcome {
                status,
                next: advice::after(status, &errors, to),
                errors,
                http: (exchange.attempts > 0).then_some(http),
                ..Outcome::ok(NAME)
            },
        }
    }

    fn record_outcome(
        &self,
        _ready: &(),
        report: &Report,
        entry: &Entry,
        answered: &Answered,
        until: Instant,
    ) -> Result<Left, JournalError> {
        let journal = self.shop.journal();
        let ours = journal.finish_report(report, *answered, entry, until)?;
        let overtaken = match ours {
            true => None,
            false => {
                let open = journal.open_reports(self.shop.endpoint().as_str())?;
                Some(match open.iter().any(|one| one == self.merchant_id) {
                    true => Next::Recover,
                    false => Next::None,
                })
            }
        };
        Ok(Left {
            order: None,
            overtaken,
        })
    }
}

/// The orders that a report tells of.
pub(super) fn orders_of(report: &Report) -> Vec<Map<String, Value>> {
    #[derive(Deserialize)]
    struct Content {
        #[serde(default)]
        orders: Vec<Map<String, Value>>,
    }
    // What is no list of orders tells of none.
    let content = serde_json::from_str(&report.content);
    content.map_or_else(|_| Vec::new(), |content: Content| content.orders)
}

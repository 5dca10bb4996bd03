//! The client: one shop's till talking to seQura, with its journal. One method for each C function.
//!
//! ```no_run
//! use sequra_pos::{Client, Config, Order};
//!
//! let config = Config::from_bytes(br#"{
//!     "environment": "sandbox", "account_key": "my_shop", "account_secret_env": "SEQURA_SECRET",
//!     "merchant_id": "shop_es", "journal": "sequra.journal"
//! }"#).expect("a configuration that can be used");
//! let client = Client::open(config)?;
//!
//! let order = Order::from_json(&std::fs::read_to_string("order.json").unwrap()).expect("an order");
//! let started = client.start_solicitation(order)?;
//! let url = started.order.unwrap().url.unwrap();
//! client.send_form(&url, "pp3", None)?;      // the shopper fills the form on the phone …
//! client.confirm(&url, None)?;               // … and says that it was approved
//! // mark the sale completed in the till's own books, then:
//! client.set_order_ref(&url, "R-100", None)?;
//! # Ok::<(), sequra_pos::Error>(())
//! ```

use crate::abandonment;
use crate::account;
use crate::after_sale;
use crate::changes::Asked;
use crate::checking;
use crate::config::Config;
use crate::credit;
use crate::day;
use crate::delivery_report;
use crate::hand_over;
use crate::journal::Query;
use crate::lifecycle::Finding;
use crate::operation::{Channel, Operation};
use crate::order::Order;
use crate::outcome::{Error, Outcome};
use crate::payouts;
use crate::pending;
use crate::pipeline::{self, Target};
use crate::problem::Problem;
use crate::receipt;
use crate::recovery;
use crate::resolution;
use crate::self_test;
use crate::shipment;
use crate::shop::{NotOpened, Shop};
use crate::status::Status;
use crate::tidying;
use crate::trace::Trace;
use crate::transaction_log;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::{Map, Value, json};
use std::path::Path;
use std::time::Instant;

mod explaining;

/// An open connection to seQura's API and to the journal. May be used by many threads at once.
#[derive(Debug)]
pub struct Client {
    shop: Shop,
}

type Result = std::result::Result<Outcome, Error>;

/// An opened client, and what opening had to say (`data.journal`, `warnings`).
pub type Opened = (Client, Outcome);

impl Client {
    /// Opens a client; the outcome's warnings are dropped. See [`Client::open_with_outcome`].
    pub fn open(config: Config) -> std::result::Result<Client, Error> {
        Client::open_with_outcome(config).map(|(client, _)| client)
    }

    /// Opens a client: prepares connections (none is made yet), opens the journal or makes it.
    pub fn open_with_outcome(config: Config) -> std::result::Result<Opened, Error> {
        const NAME: &str = "client_open";
        let (voice, began) = (config.voice(), Instant::now());
        let warned = config.warnings.clone();
        let fail = |mut outcome: Outcome| {
            outcome.warnings.extend(warned.iter().cloned());
            Error(Box::new(outcome.explain(voice)))
        };
        let no_journal =
            |error: crate::journal::JournalError| fail(pipeline::journal_failed(NAME, &error));
        let shop = Shop::open(config).map_err(|why| match why {
            NotOpened::Journal(error) => no_journal(error),
            NotOpened::Configuration(problems) => fail(Outcome {
                status: Status::InvalidConfig,
                errors: problems,
                next: Next::FixConfiguration,
                ..Outcome::ok(NAME)
            }),
        })?;
        let mut doubts = tidying::at_opening(&shop).map_err(no_journal)?;
        let (endpoint, journal) = (shop.endpoint(), shop.journal());
        let (pending, elsewhere, fenced) = journal
            .count_unfinished(endpoint.as_str())
            .map_err(no_journal)?;
        if fenced > 0 {
            doubts.extend(tidying::close_fenced(&shop));
        }

        let mut outcome = Outcome::ok(NAME).with_data(json!({
            "journal": {
                "path": journal.path().map(|path| path.to_string_lossy()),
                "created": journal.opening().created,
                "pending": pending,
            },
            "endpoint": endpoint.as_str(),
            "mode": shop.config().mode(),
        }));
        if journal
            .has_to_recover(endpoint.as_str())
            .map_err(no_journal)?
        {
            outcome.next = Next::Recover;
        }
        if let Some(aside) = journal.set_aside() {
            let path = aside.path.to_string_lossy();
            outcome.warnings.push(Problem {
                actual: Some(path.as_ref().into()),
                ..Problem::new(
                    ErrorCode::JournalSetAside,
                    format!("The journal was damaged. It was set aside as {path}, and a new one begun; {} unfinished order(s) could be read and go on in it. Keep the damaged file, and compare the sales of the last days with seQura's portal.", aside.taken_over),
                )
            });
        }
        outcome
            .warnings
            .extend(shop.config().warnings.iter().cloned());
        outcome
            .warnings
            .extend(journal.opening().warnings.iter().cloned());
        if elsewhere > 0 {
            outcome.warnings.push(Problem {
                actual: Some(elsewhere.into()),
                ..Problem::new(
                    ErrorCode::OtherEndpoint,
                    format!("The journal holds {elsewhere} unfinished order(s) of another endpoint than {}; open a client for that one to finish them.", endpoint.as_str()),
                )
            });
        }
        outcome.warnings.extend(doubts);
        let untraced = shop.trace().opened(shop.config(), Some(began));
        outcome.warnings.extend(untraced);
        Ok((Client { shop }, outcome.explain(voice)))
    }

    /// Tries everything that a sale needs: `data.tests[]`, one row for each.
    pub fn self_test(&self) -> Result {
        self.explain(self_test::self_test(&self.shop)).into_result()
    }

    /// Which merchants this account has: `data.merchants[]`.
    pub fn check_credentials(&self) -> Result {
        self.explain(account::check_credentials(&self.shop))
            .into_result()
    }

    /// The payment methods of one order (with their costs), or of the configured merchants (with
    /// their limits): `data.methods[]`.
    pub fn payment_methods(&self, order: Option<&str>) -> Result {
        self.explain(account::payment_methods(&self.shop, order))
            .into_result()
    }

    /// What an amount costs in instalments, before there is an order: `data.agreements[]`. `whom`: a merchant, or the
    /// country that it sells in; `None`: the configured ones. `currency`: `None` for euros.
    pub fn credit_agreements(
        &self,
        whom: Option<&str>,
        total_cents: i64,
        currency: Option<&str>,
    ) -> Result {
        self.explain(credit::credit_agreements(
            &self.shop,
            whom,
            total_cents,
            currency,
        ))
        .into_result()
    }

    /// Everything that is wrong with an order or missing in it, each with a sentence for the operator. Nothing is
    /// recorded, and nothing sent.
    pub fn check_order(&self, order: Order) -> Result {
        self.told(checking::check_order(&self.shop, order))
            .into_result()
    }

    /// Starts a solicitation. `/order/url` is what the later calls take.
    pub fn start_solicitation(&self, order: Order) -> Result {
        self.run(&Operation::StartSolicitation, &Target::New, Some(order))
    }

    /// Has the form's link sent to the shopper's mobile by SMS.
    pub fn send_form(&self, order_url: &str, product_code: &str, campaign: Option<&str>) -> Result {
        self.form("send_form", order_url, Channel::Sms, product_code, campaign)
    }

    /// Has the form's link sent to the shopper by SMS or by mail.
    pub fn send_form_by(
        &self,
        order_url: &str,
        channel: Channel,
        product_code: &str,
        campaign: Option<&str>,
    ) -> Result {
        self.form("send_form_by", order_url, channel, product_code, campaign)
    }

    /// Acknowledges that the order is under review; `None`: with the order as last sent.
    pub fn hold(&self, order_url: &str, order: Option<Order>) -> Result {
        self.about(&Operation::Hold, order_url, order)
    }

    /// Confirms the order; `None`: as last sent. Only after `Ok` may the sale be marked completed.
    pub fn confirm(&self, order_url: &str, order: Option<Order>) -> Result {
        self.about(&Operation::Confirm, order_url, order)
    }

    /// Registers the shop's reference of a confirmed order; of a settled one, another second reference.
    pub fn set_order_ref(
        &self,
        order_url: &str,
        order_ref_1: &str,
        order_ref_2: Option<&str>,
    ) -> Result {
        let registered = match pipeline::target(&self.shop, "set_order_ref", order_url) {
            Ok(target) => after_sale::set_order_ref(&self.shop, &target, order_ref_1, order_ref_2),
            Err(ended) => *ended,
        };
        self.explain(registered).into_result()
    }

    /// Gives up an order that seQura has not confirmed: nothing is asked for it any more, and its
    /// personal data goes. `order`: a URL, a uuid, an `order_ref_1` or a `cart_ref`.
    pub fn abandon(&self, order: &str) -> Result {
        self.explain(abandonment::abandon(&self.shop, order))
            .into_result()
    }

    /// A person has looked in seQura's portal what became of a step that may have been processed, and
    /// says so. `order`: a URL, a uuid, an `order_ref_1` or a `cart_ref`; `reason` is kept in the log.
    pub fn resolve(&self, order: &str, finding: Finding, reason: &str) -> Result {
        self.explain(resolution::resolve(&self.shop, order, finding, reason))
            .into_result()
    }

    /// Every unfinished order (`data.orders[]`), the money at risk (`data.at_risk`, cents by currency and
    /// merchant), what is sold and still to be shipped (`data.unshipped[]`, `data.unshipped_total`), and whose
    /// delivery reports have no answer (`data.open_reports`). Asks only the journal.
    pub fn pending(&self) -> Result {
        let outcome = pending::pending(&self.shop);
        self.explain(outcome).into_result()
    }

    /// The figures between two moments with their offset, by currency and merchant: what was confirmed, sold, shipped and
    /// refunded, and what is at risk of it; `None`: of the local day. Asks only the journal.
    pub fn day(&self, since: Option<&str>, until: Option<&str>) -> Result {
        self.told(day::day(&self.shop, since, until)).into_result()
    }

    /// Settles what can be settled: sends again, with the same content, what has no final answer.
    /// `order`: a URL, a uuid, an `order_ref_1` or a `cart_ref`; `None`: every order of this endpoint.
    ///
    /// `data.orders[]` says of each unfinished order what it `was` and is `now`, and the `status` of
    /// what was sent for it (null: nothing was); `data.remaining` how many still wait for an answer.
    pub fn recover(&self, order: Option<&str>) -> Result {
        self.explain(recovery::recover(&self.shop, order))
            .into_result()
    }

    /// Where an order stands, from the journal: `data.amounts`, `data.history[]`, both carts.
    pub fn order_info(&self, order: &str) -> Result {
        self.explain(after_sale::order_info(&self.shop, order))
            .into_result()
    }

    /// What a till prints for the shopper of a confirmed or settled order, on paper of 24 to 80 columns: `data.lines[]`, and
    /// the same as `data.fields`. `order`: its URL, uuid, `order_ref_1` or `cart_ref`. Asks only the journal.
    pub fn receipt(&self, order: &str, columns: i32) -> Result {
        self.told(receipt::receipt(&self.shop, order, columns))
            .into_result()
    }

    /// Changes a settled order: ships, refunds, cancels or updates it. `order`: its `order_ref_1`,
    /// URL, uuid or `cart_ref`.
    pub fn change(&self, order: &str, asked: &Asked) -> Result {
        self.explain(after_sale::change(&self.shop, order, asked))
            .into_result()
    }

    /// Writes what another till's journal needs to go on with a settled order (`data.document`), and closes the order
    /// here. `order`: its `order_ref_1`, URL, uuid or `cart_ref`.
    pub fn hand_over(&self, order: &str) -> Result {
        self.told(hand_over::hand_over(&self.shop, order))
            .into_result()
    }

    /// Goes on with an order that another till's journal has handed over with this document.
    pub fn take_over(&self, document: &str) -> Result {
        self.told(hand_over::take_over(&self.shop, document))
            .into_result()
    }

    /// What a change would make of a settled order: `data.given_back`, `data.amounts`, both carts. Asks only the
    /// journal, and records nothing.
    pub fn preview(&self, order: &str, asked: &Asked) -> Result {
        self.told(after_sale::preview(&self.shop, order, asked))
            .into_result()
    }

    /// Tells seQura what was shipped since the last report, for each merchant: `data.reports[]`.
    /// `given`: a report of the till's own, or parts of one; see [`crate::delivery_report::input`].
    pub fn send_delivery_report(&self, given: Option<&Map<String, Value>>) -> Result {
        self.explain(delivery_report::send(&self.shop, given))
            .into_result()
    }

    /// What seQura has paid out: `data.disbursements[]` of the configured merchants, or the one with
    /// this path and its lines (`data.disbursement`).
    pub fn disbursements(&self, path: Option<&str>) -> Result {
        self.explain(payouts::disbursements(&self.shop, path))
            .into_result()
    }

    /// Holds settled orders against seQura's disbursements: `data.paid[]`, `data.not_yet_paid[]`,
    /// `data.differing[]`, `data.unknown_here[]`, `data.totals`.
    pub fn reconcile(&self) -> Result {
        self.explain(payouts::reconcile(&self.shop)).into_result()
    }

    /// The transaction log: `data.entries[]`, those that need attention first, then the newest;
    /// `data.has_more` and `data.after` lead to the next page.
    pub fn log(&self, query: &Query) -> Result {
        self.explain(transaction_log::log(&self.shop, query))
            .into_result()
    }

    /// Marks a log entry as seen to: it needs no attention any more.
    pub fn log_dismiss(&self, entry_id: i64) -> Result {
        self.explain(transaction_log::dismiss(&self.shop, entry_id))
            .into_result()
    }

    /// The configuration the client was opened with.
    pub fn config(&self) -> &Config {
        self.shop.config()
    }

    /// Where calls are traced.
    pub(crate) fn trace(&self) -> &Trace {
        self.shop.trace()
    }

    /// The journal's file; none for one in memory.
    pub(crate) fn journal_path(&self) -> Option<&Path> {
        self.shop.journal().path()
    }

    fn form(
        &self,
        name: &'static str,
        order: &str,
        channel: Channel,
        product_code: &str,
        campaign: Option<&str>,
    ) -> Result {
        let target = match pipeline::target(&self.shop, name, order) {
            Ok(target) => target,
            Err(ended) => return self.explain(*ended).into_result(),
        };
        let operation = Operation::SendForm {
            channel,
            product_code: product_code.to_owned(),
            campaign: campaign.map(str::to_owned),
        };
        let deadline = self.shop.deadline();
        let sent = pipeline::run_step(&self.shop, &operation, &target, None, None, deadline);
        let outcome = Outcome {
            operation: name,
            is_by_email: channel == Channel::Email,
            ..sent
        };
        self.explain(outcome).into_result()
    }

    fn about(&self, operation: &Operation, order: &str, content: Option<Order>) -> Result {
        match pipeline::target(&self.shop, operation.step().as_str(), order) {
            Ok(target) => self.run(operation, &target, content),
            Err(ended) => self.explain(*ended).into_result(),
        }
    }

    fn run(&self, operation: &Operation, target: &Target, order: Option<Order>) -> Result {
        self.explain(shipment::run(&self.shop, operation, target, order))
            .into_result()
    }
}

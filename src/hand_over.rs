//! An order moves from one till's journal to another's, by a document: closed in the one, and gone on with in the other.
//!
//! Only a settled order without an open change can move: it needs nothing of the shopper any more, and seQura has all
//! that was asked of it. Nothing is sent. Each journal keeps every hand-over that the order has been through; so one
//! that took it over knows the same document again, one that handed it over knows it when it comes back, and of two that
//! took one document over whoever hears of both refuses the second. Two that never hear of each other nobody can tell.

mod document;

use crate::advice;
use crate::canonical::hex;
use crate::changes::SoldOrder;
use crate::clock::{self, now_ms};
use crate::journal::{Entry, Hand, JournalError, Link, Moved, Record, Taken, random};
use crate::lifecycle::{Life, State};
use crate::order::unshipped;
use crate::outcome::{HttpView, Outcome};
use crate::pipeline::{self, Target};
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use document::{Document, kept_chain};
use serde_json::{Value, json};
use std::time::Instant;

const HAND_OVER: &str = "hand_over";
const TAKE_OVER: &str = "take_over";
const BUSY: &str = "Another call about this order is still going on.";

/// What came of one look at an order.
type Looked = Result<Option<Outcome>, JournalError>;

/// `sq_hand_over`: writes what another journal needs, and closes the order here.
pub(crate) fn hand_over(shop: &Shop, order: &str) -> Outcome {
    let deadline = shop.deadline();
    let found = match pipeline::known_sale(shop, HAND_OVER, order) {
        Ok(found) => found,
        Err(ended) => return *ended,
    };
    let target = Target::of(&found);
    let turn = target.turn(None);
    until_it_is_done(shop, HAND_OVER, &turn, deadline, || {
        let record = shop.journal().order_by_id(found.id)?;
        record.map_or(Ok(None), |record| handed_over(shop, &record, deadline))
    })
}

/// `sq_take_over`: goes on with an order that another journal has handed over.
pub(crate) fn take_over(shop: &Shop, text: &str) -> Outcome {
    let deadline = shop.deadline();
    let document = match Document::read(text) {
        Ok(document) => document,
        Err(problem) => {
            let status = match problem.code {
                ErrorCode::InvalidJson => Status::InvalidJson,
                _ => Status::InvalidArgument,
            };
            return Outcome::failed(TAKE_OVER, status, Next::FixOrder, problem);
        }
    };
    if document.endpoint != shop.endpoint().as_str() {
        return of_another_endpoint(shop, &document);
    }
    let turn = match &document.uuid {
        Some(uuid) => Target::Known(uuid.clone()),
        None => Target::SoldElsewhere(document.facts().order_ref_1.unwrap_or_default()),
    };
    until_it_is_done(shop, TAKE_OVER, &turn.turn(None), deadline, || {
        taken_over(shop, &document, deadline)
    })
}

/// Looks at the order in its turn until something can be said of it.
fn until_it_is_done(
    shop: &Shop,
    name: &'static str,
    turn: &str,
    deadline: Instant,
    look: impl Fn() -> Looked,
) -> Outcome {
    let Some(_turn) = shop.turns().wait_for(turn, deadline) else {
        return pipeline::busy(name, BUSY);
    };
    loop {
        match look() {
            Ok(Some(outcome)) => return outcome,
            // Another till has changed it since it was read.
            Ok(None) if Instant::now() < deadline => {}
            Ok(None) => return pipeline::busy(name, BUSY),
            Err(error) => return pipeline::journal_failed(name, &error),
        }
    }
}

fn handed_over(shop: &Shop, record: &Record, deadline: Instant) -> Looked {
    let journal = shop.journal();
    let before = journal.last_hand(record.id)?;
    if let Some(fenced) = pipeline::fenced(shop, HAND_OVER, None, Some(record)) {
        return Ok(Some(fenced));
    }
    if record.is_taken_over {
        return Ok(Some(handed_over_before(shop, record, before)));
    }
    if let Some(unseen) = pipeline::unseen(shop, record)? {
        let refused = pipeline::refused_of_a_copy(shop, HAND_OVER, record, unseen);
        return Ok(Some(refused));
    }
    let to_tell = journal.to_tell(record.id)?;
    let sold = SoldOrder::of(record);
    let because = why_not(record, to_tell.0);
    let (Some(sold), None) = (sold, because) else {
        return Ok(Some(not_now(shop, record, because)));
    };
    let link = Link {
        id: hex(&random()?),
        journal: journal.id().to_owned(),
        at: now_ms(),
    };
    let mut chain = before.map_or_else(Vec::new, |hand| hand.chain);
    chain.push(link);
    let document = Document {
        endpoint: shop.endpoint().as_str().to_owned(),
        uuid: record.uuid.clone(),
        chain,
        created_at: record.created_at,
        to_tell_since: to_tell.0.and(to_tell.1),
        sold,
    };
    let text = document.text();
    let reason = format!("document {}", document.link().id);
    let entry = entry(HAND_OVER, record.uuid.clone(), reason);
    let until = pipeline::patience(deadline);
    Ok(
        match journal.hand_over(record, to_tell, &text, &entry, until)? {
            Moved::Done(record) => Some(with_document(shop, &record, text, document.link())),
            Moved::Changed => None,
            Moved::Busy => Some(pipeline::busy(HAND_OVER, BUSY)),
        },
    )
}

/// Why an order cannot be handed over as it is.
fn why_not(record: &Record, in_report: Option<i64>) -> Option<&'static str> {
    match record.life {
        Life {
            state: State::Settled,
            intent: None,
        } if in_report.is_some_and(|report| report > 0) => {
            Some("a delivery report that tells of it has no answer yet; call sq_recover first")
        }
        Life::SETTLED => None,
        Life {
            state: State::Settled,
            ..
        } => Some("a change of it has no answer yet; call sq_recover first"),
        Life {
            state: State::Cancelled,
            ..
        } => Some("it is cancelled, and nothing of it is left to change"),
        _ => Some("only a settled order can be handed over"),
    }
}

fn not_now(shop: &Shop, record: &Record, because: Option<&str>) -> Outcome {
    let because = because.unwrap_or("the journal has no carts of this order");
    let state = record.life.state;
    let problem = Problem {
        actual: Some(state.as_str().into()),
        ..Problem::new(
            ErrorCode::WrongState,
            format!("Not possible in state {state}: {because}."),
        )
    };
    let next = match because.contains("sq_recover") {
        true => Next::Recover,
        false => advice::next(record),
    };
    Outcome {
        order: Some(shop.view(record)),
        ..Outcome::failed(HAND_OVER, Status::WrongState, next, problem)
    }
}

/// The same document as the first time: its answer may have been lost.
fn handed_over_before(shop: &Shop, record: &Record, before: Option<Hand>) -> Outcome {
    let given = before.filter(|hand| hand.is_out);
    let Some((kept, link)) = given.and_then(|hand| Some((hand.kept, hand.chain.last()?.clone())))
    else {
        return not_now(shop, record, Some("its document cannot be read"));
    };
    let message = format!(
        "The order was handed over before, at {}: this is the same document. Only one journal may take it over.",
        clock::to_text(link.at)
    );
    let mut outcome = with_document(shop, record, kept, &link);
    outcome
        .warnings
        .push(Problem::new(ErrorCode::TakenOver, message));
    outcome
}

fn with_document(shop: &Shop, record: &Record, document: String, link: &Link) -> Outcome {
    let data = json!({
        "document": document,
        "document_id": link.id,
        "at": clock::to_text(link.at),
    });
    Outcome {
        order: Some(shop.view(record)),
        ..Outcome::ok(HAND_OVER).with_data(data)
    }
}

/// What a journal that has the order does with its document.
enum Answer {
    /// The order goes on here.
    Take,
    /// It goes on here already.
    Here,
    /// It does not: what is said then.
    Refuse(Status, ErrorCode, String),
}

fn taken_over(shop: &Shop, document: &Document, deadline: Instant) -> Looked {
    let journal = shop.journal();
    let record = known(shop, document)?;
    let fenced = pipeline::fenced(shop, TAKE_OVER, document.uuid.as_deref(), record.as_ref());
    if fenced.is_some() {
        return Ok(fenced);
    }
    let answer = match &record {
        None => Answer::Take,
        Some(record) => {
            let before = journal.last_hand(record.id)?;
            let ours = before.map_or_else(Vec::new, |hand| hand.chain);
            answer(record, &ours, document)
        }
    };
    let here = |record: &Record| Outcome {
        order: Some(shop.view(record)),
        next: advice::next(record),
        ..Outcome::ok(TAKE_OVER).with_data(told(document, record))
    };
    match (answer, &record) {
        (Answer::Refuse(status, code, message), _) => {
            let problem = Problem::new(code, message);
            return Ok(Some(Outcome {
                order: record.as_ref().map(|record| shop.view(record)),
                ..Outcome::failed(TAKE_OVER, status, Next::None, problem)
            }));
        }
        (Answer::Here, Some(record)) => return Ok(Some(here(record))),
        _ => {}
    }
    let moved = written(shop, document, record.as_ref(), deadline)?;
    Ok(match moved {
        Moved::Done(record) => Some(Outcome {
            warnings: of_another_shop(shop, &record).into_iter().collect(),
            ..here(&record)
        }),
        Moved::Changed => None,
        Moved::Busy => Some(pipeline::busy(TAKE_OVER, BUSY)),
    })
}

fn written(
    shop: &Shop,
    document: &Document,
    record: Option<&Record>,
    deadline: Instant,
) -> Result<Moved, JournalError> {
    let link = document.link();
    let uuid = document.uuid.clone();
    let reason = format!("document {} of journal {}", link.id, link.journal);
    let taken = Taken {
        record,
        endpoint: &document.endpoint,
        uuid: document.uuid.as_deref(),
        facts: &document.facts(),
        carts: &document.sold.to_kept(),
        created_at: document.created_at,
        to_tell_since: document.to_tell_since,
        chain: &kept_chain(&document.chain),
        scrub: shop.scrubs_at_once(),
    };
    let entry = Entry {
        unshipped: unshipped(&document.sold.carts.unshipped).map(i64::from),
        ..entry(TAKE_OVER, uuid, reason)
    };
    shop.journal()
        .take_over(&taken, &entry, pipeline::patience(deadline))
}

/// The order that the document is of, where this journal has it: by its uuid, or by the reference that is one order's.
fn known(shop: &Shop, document: &Document) -> Result<Option<Record>, JournalError> {
    let (journal, endpoint) = (shop.journal(), shop.endpoint().as_str());
    if let Some(uuid) = &document.uuid
        && let Some(record) = journal.order(endpoint, uuid)?
    {
        return Ok(Some(record));
    }
    let facts = document.facts();
    let order_ref_1 = facts.order_ref_1.unwrap_or_default();
    let held = journal.orders_by_ref(endpoint, &order_ref_1)?.into_iter();
    let merchant_id = facts.merchant_id.unwrap_or_default();
    let mut held = held.filter(|one| one.life.state.holds_ref() && one.merchant_id == merchant_id);
    Ok(held.next())
}

/// By the hand-overs that this journal knows of the order, and those that the document names.
fn answer(record: &Record, ours: &[Link], document: &Document) -> Answer {
    let given = &document.chain;
    let is_newer = given.len() > ours.len() && given.starts_with(ours);
    let is_known = ours.starts_with(given);
    let link = document.link();
    match (record.is_taken_over, is_known, is_newer) {
        (true, true, _) => Answer::Refuse(
            Status::TakenOver,
            ErrorCode::TakenOver,
            format!(
                "This journal has handed the order on, with document {} or after it, and cannot know who took it over. It comes back with the document of the journal that goes on with it now; where none ever did, by way of another journal: take it over there, and hand it over from there.",
                link.id
            ),
        ),
        (true, false, true) => Answer::Take,
        (false, true, _) => Answer::Here,
        (false, false, true) if ours.is_empty() && is_passed_by(record) => Answer::Take,
        (false, false, true) if ours.is_empty() => Answer::Refuse(
            Status::WrongState,
            ErrorCode::NotHandedOver,
            format!(
                "This journal has the order itself (state {}), and never handed it over: two journals have changed it. Nothing was done; compare both with seQura's portal, and tell seQura both carts as they are (sq_update_order) where they differ.",
                record.life.state
            ),
        ),
        _ => Answer::Refuse(
            Status::WrongState,
            ErrorCode::TakenOverTwice,
            format!(
                "Two journals have gone on with this order from one document: document {} of journal {} does not follow the one that this journal knows. Nothing was done; compare the order with seQura's portal, and tell seQura both carts as they are (sq_update_order) where they differ.",
                link.id, link.journal
            ),
        ),
    }
}

/// What this journal has of it is from before it was sold, and nothing of it is under way.
fn is_passed_by(record: &Record) -> bool {
    let state = record.life.state;
    record.life.intent.is_none() && !state.is_confirmed() && state != State::Cancelled
}

/// What a till may want to know of the document, and of the order as it is now.
fn told(document: &Document, record: &Record) -> Value {
    let link = document.link();
    json!({
        "document_id": link.id,
        "from_journal": link.journal,
        "at": clock::to_text(link.at),
        "amounts": SoldOrder::of(record).map(|sold| sold.figures()),
    })
}

/// The credentials are one account's; the configuration may name other merchants of it.
fn of_another_shop(shop: &Shop, record: &Record) -> Option<Problem> {
    let configured = shop.config().merchants.ids();
    let is_other = !configured.is_empty() && !configured.contains(&record.merchant_id);
    is_other.then(|| Problem {
        actual: Some(record.merchant_id.as_str().into()),
        ..Problem::new(
            ErrorCode::MerchantMismatch,
            "The configuration does not name the merchant who sold this order.",
        )
    })
}

fn of_another_endpoint(shop: &Shop, document: &Document) -> Outcome {
    let message = format!(
        "The document is of an order at {}, and this client is at {}. Nothing was done.",
        document.endpoint,
        shop.endpoint().as_str()
    );
    let problem = Problem {
        expected: Some(shop.endpoint().as_str().into()),
        actual: Some(document.endpoint.as_str().into()),
        ..Problem::new(ErrorCode::ForeignUrl, message)
    };
    let next = Next::FixConfiguration;
    Outcome::failed(TAKE_OVER, Status::ForeignUrl, next, problem)
}

fn entry(step: &'static str, uuid: Option<String>, reason: String) -> Entry {
    Entry {
        life: Life::SETTLED,
        uuid,
        status: Status::Ok,
        http: HttpView::default(),
        said: None,
        reason: Some(reason),
        refusal: None,
        step,
        ships: false,
        unshipped: None,
    }
}

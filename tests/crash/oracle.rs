//! The oracle: holds three ledgers against one another, seQura's, the journal's and the tills' own
//! books. Each property is a sentence and a function that finds where it does not hold.

use crate::book::Call;
use crate::journal::{Dump, Row};
use crate::world::{Clock, Deed};
use crate::{after_sale, agreement, carts, told, wire};
use sequra_sandbox::{Event, LedgerEntry, OrderView, RequestEntry, Sms, State};
use serde_json::Value;
use std::collections::HashMap;
use std::fmt;

/// Clocks are read, and times rounded, at both ends: this much later is not surely later, in ms.
pub const ROUNDING: f64 = 2.0;

/// What everybody knows at one moment when nobody is at work.
#[derive(Clone)]
pub struct Ledgers {
    pub orders: Vec<OrderView>,
    pub events: Vec<LedgerEntry>,
    pub requests: Vec<RequestEntry>,
    pub sms: Vec<Sms>,
    pub journal: Dump,
    pub calls: Vec<Call>,
    /// The orders that tills asked with, by file.
    pub files: HashMap<String, Value>,
    pub rest: Option<Rest>,
    /// All that is in the journal's files, looked at when nobody has it open.
    pub bytes: Option<String>,
    /// Nobody has recovered yet: what has no answer has none still.
    pub is_evening: bool,
    /// That everything was shipped is the last step of each sale.
    pub ships_after_the_sale: bool,
    pub clock: Clock,
    pub deeds: Vec<Deed>,
}

/// What a recovery did that came after a complete one.
#[derive(Clone)]
pub struct Rest {
    pub status: String,
    pub requests: u64,
    pub before: Dump,
    pub after: Dump,
}

#[derive(Debug)]
pub struct Violation {
    pub property: &'static str,
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n    {}", self.property, self.what)
    }
}

type Property = (&'static str, When, fn(&Case) -> Vec<String>);

/// When a property holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    /// Once recovery has come to rest.
    AtRest,
}
use When::{Always, AtRest};

const PROPERTIES: &[Property] = &[
    (
        "Whatever a till was told, seQura, the journal on disk and the till's book agree, or the till was \
         told that it is not certain and the order is listed as at risk.",
        Always,
        agreement::all_agree,
    ),
    (
        "No confirmed order is forgotten: seQura's confirmed orders are settled in the journal with \
         the reference seQura has, or listed as pending.",
        Always,
        told::confirmed_orders_are_kept,
    ),
    (
        "sq_pending lists every unfinished order of the journal, in its state.",
        Always,
        told::pending_is_whole,
    ),
    (
        "The journal claims nothing that seQura does not know: confirmed there is confirmed here, \
         settled has the same reference.",
        Always,
        told::the_journal_is_true,
    ),
    (
        "What a till was told of an order is so at seQura.",
        Always,
        told::what_was_told_is_so,
    ),
    (
        "What a till was told stands: a confirmed order stays confirmed, a settled one keeps its \
         reference, a refused one is not confirmed unless the till confirms it again.",
        Always,
        told::what_was_told_stands,
    ),
    (
        "Nothing reaches seQura that no till asked for, with exactly the content that was asked.",
        Always,
        wire::everything_sent_was_asked,
    ),
    (
        "No reference reaches seQura by itself before the order is confirmed.",
        Always,
        wire::references_come_after_the_confirmation,
    ),
    (
        "No two confirmed orders of a merchant have the same reference, and none has one that its \
         till never gave.",
        Always,
        wire::references_are_unique_and_given,
    ),
    (
        "An intent is in the journal before anything of it reaches seQura.",
        Always,
        wire::intents_come_first,
    ),
    (
        "Two requests for one order are never under way at the same time, unless the till that sent \
         the first died or gave up waiting.",
        Always,
        wire::no_two_at_once,
    ),
    (
        "No SMS is sent that no till asked for.",
        Always,
        wire::no_sms_unasked,
    ),
    (
        "Recovery comes to rest: another one sends nothing and changes nothing, and no step is left \
         open.",
        AtRest,
        after_sale::recovery_rests,
    ),
    (
        "The log's hash chain is whole, and sq_log shows what is in it.",
        Always,
        after_sale::the_log_is_whole,
    ),
    (
        "The journal's carts of a sold order are seQura's, line by line and to the cent.",
        AtRest,
        carts::the_journal_has_the_carts,
    ),
    (
        "seQura's carts are what a ledger of the tills' changes says: what a till was told was taken \
         is in them, what it was told was refused left no trace, what it was told is left to recovery \
         was finished, nothing went out or came back twice, and no change overtook an earlier one, but \
         for the last request of a till that died.",
        AtRest,
        carts::carts_are_what_was_asked,
    ),
    (
        "No carts reach seQura but those that some till's changes lead to.",
        Always,
        carts::carts_sent_were_asked,
    ),
    (
        "An order is cancelled here and there, because a till cancelled it, and both its carts are \
         empty; or neither here nor there.",
        AtRest,
        carts::the_cancelled_are_empty,
    ),
    (
        "Each change that seQura accepted has its entry in the log, and no entry claims another.",
        AtRest,
        after_sale::the_log_is_true,
    ),
    (
        "Once an order is settled, its rows in the journal hold no personal data.",
        AtRest,
        after_sale::personal_data_is_gone,
    ),
    (
        "Once all of a sale's orders are settled or given up and the journal is closed, no byte of \
         its personal data is left in the journal's files.",
        AtRest,
        after_sale::personal_data_is_overwritten,
    ),
    (
        "A step without an answer is its order's last one, and the order is unfinished.",
        Always,
        after_sale::open_steps_are_last,
    ),
    (
        "The journal's file is sound.",
        Always,
        after_sale::the_file_is_sound,
    ),
];

/// Everything that is wrong.
pub fn judge(ledgers: &Ledgers) -> Vec<Violation> {
    let case = Case::new(ledgers);
    let due = PROPERTIES
        .iter()
        .filter(|(_, when, _)| *when == Always || !ledgers.is_evening);
    let found = due.flat_map(|&(property, _, check)| {
        let wrong = check(&case).into_iter();
        wrong.map(move |what| Violation { property, what })
    });
    found.collect()
}

/// What a request asks of seQura; named like the journal's steps.
pub const START: &str = "start_solicitation";
pub const FORM: &str = "send_form";
pub const HOLD: &str = "hold";
pub const CONFIRM: &str = "confirm";
pub const REF: &str = "set_order_ref";
/// Any change of a sold order: on the wire they look the same.
pub const CHANGE: &str = "change";
/// What the journal calls them.
pub const CHANGES: [&str; 4] = ["update_order", "ship", "refund", "cancel"];

/// Whether a row of the journal is of such a step.
pub fn is_step(row: &Row, step: &str) -> bool {
    let word = row["step"].as_str().unwrap_or_default();
    word == step || (step == CHANGE && CHANGES.contains(&word))
}

/// A request as the simulator received it.
pub struct Sent<'a> {
    pub request: &'a RequestEntry,
    pub step: &'static str,
    /// None for a start.
    pub uuid: Option<String>,
    /// Empty for a form.
    pub order: Value,
    /// ms since 1970.
    pub at: f64,
    pub answered_at: f64,
}

/// The ledgers, with what is looked up again and again.
pub struct Case<'a> {
    pub ledgers: &'a Ledgers,
    pub sent: Vec<Sent<'a>>,
    /// The sale that an order at seQura belongs to.
    pub sale_of: HashMap<&'a str, String>,
    by_request: HashMap<&'a str, usize>,
}

impl<'a> Case<'a> {
    pub fn new(ledgers: &'a Ledgers) -> Case<'a> {
        let read = |request| read_request(request, &ledgers.orders);
        let sent: Vec<Sent> = ledgers.requests.iter().filter_map(read).collect();
        let by_request: HashMap<&str, usize> = sent
            .iter()
            .enumerate()
            .map(|(at, sent)| (sent.request.request_id.as_str(), at))
            .collect();
        let mut sale_of = HashMap::new();
        for event in &ledgers.events {
            let start = event
                .request_id
                .as_deref()
                .and_then(|id| by_request.get(id));
            if let (Event::Solicited, Some(&at)) = (event.event, start) {
                sale_of.insert(event.uuid.as_str(), sale_in(&sent[at].order));
            }
        }
        Case {
            ledgers,
            sent,
            sale_of,
            by_request,
        }
    }

    /// The request behind an event.
    pub fn request_of(&self, event: &LedgerEntry) -> Option<&Sent<'a>> {
        self.request(event.request_id.as_deref()?)
    }

    pub fn request(&self, request_id: &str) -> Option<&Sent<'a>> {
        Some(&self.sent[*self.by_request.get(request_id)?])
    }

    pub fn order(&self, uuid: &str) -> Option<&'a OrderView> {
        self.ledgers.orders.iter().find(|order| order.uuid == uuid)
    }

    pub fn events(&self, uuid: &str, event: Event) -> impl Iterator<Item = &'a LedgerEntry> {
        let of_order = move |entry: &&LedgerEntry| entry.uuid == uuid && entry.event == event;
        self.ledgers.events.iter().filter(of_order)
    }

    pub fn calls_of<'b>(&'b self, sale: &'b str) -> impl Iterator<Item = &'a Call> + 'b {
        self.ledgers
            .calls
            .iter()
            .filter(move |call| call.name == sale)
    }

    /// Journal rows of log and steps that belong to an order.
    pub fn rows_of<'b>(
        &'b self,
        order: &'b Row,
        table: &'a [Row],
    ) -> impl Iterator<Item = &'a Row> + 'b {
        table
            .iter()
            .filter(move |row| row["order_id"] == order["id"])
    }
}

/// seQura has confirmed it; it may have been cancelled since.
pub fn is_confirmed(order: &OrderView) -> bool {
    matches!(order.state, State::Confirmed | State::Cancelled) && order.sale.is_some()
}

/// The journal's states of an order that seQura has confirmed.
pub fn says_confirmed(state: &str) -> bool {
    matches!(
        state,
        "confirmed" | "referencing" | "settled" | "ref_conflicted" | "cancelled"
    )
}

/// The sale's name is in its order's item.
pub fn sale_in(order: &Value) -> String {
    let name = &order["cart"]["items"][0]["reference"];
    name.as_str().unwrap_or_default().to_owned()
}

pub fn order_ref_1(order: &Value) -> Option<&str> {
    order["merchant_reference"]["order_ref_1"].as_str()
}

fn read_request<'a>(request: &'a RequestEntry, orders: &'a [OrderView]) -> Option<Sent<'a>> {
    let body: Value = serde_json::from_str(request.body.as_deref()?).ok()?;
    let order = body.get("order").cloned().unwrap_or_default();
    let path = request.path.strip_prefix("/orders");
    let (step, uuid) = match (
        request.method.as_str(),
        path.map(|path| path.strip_prefix('/')),
    ) {
        ("PUT", None) => {
            // A sold order goes by its reference, which is plain here.
            let order_ref = request.path.rsplit('/').next()?;
            let of_path = |order: &&OrderView| order.order_ref_1.as_deref() == Some(order_ref);
            let sold = orders.iter().filter(|order| order.sale.is_some());
            (CHANGE, Some(sold.into_iter().find(of_path)?.uuid.as_str()))
        }
        ("POST", Some(None)) => (START, None),
        ("POST", Some(Some(rest))) => (FORM, Some(rest.strip_suffix("/form_deliveries")?)),
        ("PUT", Some(Some(uuid))) => match order["state"].as_str() {
            Some("confirmed") => (CONFIRM, Some(uuid)),
            Some("on_hold") => (HOLD, Some(uuid)),
            _ => (REF, Some(uuid)),
        },
        _ => return None,
    };
    Some(Sent {
        request,
        step,
        uuid: uuid.map(str::to_owned),
        order,
        at: millis(&request.at),
        answered_at: request.answered_at.as_deref().map_or(f64::INFINITY, millis),
    })
}

/// `2026-11-21T07:05:00.123Z` as ms since 1970.
fn millis(text: &str) -> f64 {
    let number = |range: std::ops::Range<usize>| -> i64 {
        let digits = text.get(range).and_then(|digits| digits.parse().ok());
        digits.unwrap_or_else(|| panic!("no time: {text}"))
    };
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    // Years that begin in March end with the odd day.
    let (year, month) = match month {
        1 | 2 => (year - 1, month + 9),
        _ => (year, month - 3),
    };
    let days =
        365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469;
    let seconds = ((days * 24 + number(11..13)) * 60 + number(14..16)) * 60 + number(17..19);
    (seconds * 1000 + number(20..23)) as f64
}

//! What a journal owes: everything the till was told until some moment, and everything that had left
//! the machine by then. Held against what the journal says after the power cut.

use crate::ledger::{Ledger, Row};
use crate::record::Operation;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// The steps of a start have no uuid yet.
const NO_UUID: &str = "-";

/// An order as the till was last told of it.
#[derive(Clone, Debug)]
struct Promise {
    state: String,
    order_ref_1: String,
    /// Nothing was asked of it since: it stands exactly as told.
    still: bool,
}

/// A request that has left the machine whole.
#[derive(Clone, Debug)]
struct Request {
    uuid: String,
    step: &'static str,
    order_ref_1: Option<String>,
}

/// What was told and sent so far.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// By uuid.
    promises: BTreeMap<String, Promise>,
    /// The uuids of the till's sales.
    sales: HashMap<String, String>,
    /// The hashes of log entries that were shown.
    entries: BTreeMap<i64, String>,
    /// How many requests left, by uuid and step.
    sent: BTreeMap<(String, &'static str), usize>,
    /// The last of them, while its answer was not handed to the till.
    unanswered: Option<Request>,
    bytes: Vec<u8>,
    /// The newest log entry when this process began: what was sent since then is counted.
    begun_after: i64,
}

impl Heard {
    /// For a new process on the journal that the power cut has left.
    pub fn go_on(&mut self, ledger: &Ledger) {
        self.sent.clear();
        self.bytes.clear();
        self.unanswered = None;
        self.begun_after = ledger.log.keys().last().copied().unwrap_or(0);
    }

    /// The next operation of the record.
    pub fn apply(&mut self, operation: &Operation) {
        match operation {
            Operation::Booked { line } => line.lines().for_each(|line| self.booked(line)),
            Operation::Sent { bytes } => {
                self.bytes.extend_from_slice(bytes);
                if let Some(request) = whole_request(&self.bytes) {
                    self.bytes.clear();
                    let key = (request.uuid.clone(), request.step);
                    *self.sent.entry(key).or_default() += 1;
                    self.unanswered = Some(request);
                }
            }
            _ => {}
        }
    }

    /// A line of the till's book, see tests/c/crash_till.c.
    fn booked(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').skip(1).collect();
        match words.as_slice() {
            // The line broke off: a request that was begun is not one.
            ["begun"] => self.bytes.clear(),
            ["asked", _, name, ..] => {
                self.bytes.clear();
                let uuid = self.sales.get(*name);
                for (of, promise) in &mut self.promises {
                    if *name == "-" || Some(of) == uuid {
                        promise.still = false;
                    }
                }
            }
            ["saw", "log", id, _, _, _, _, _, _, hash] => {
                let id = id.parse().expect("a log entry's id is a number");
                // Below 0 are attempts that no entry is written of.
                if id > 0 {
                    self.entries.insert(id, (*hash).to_owned());
                }
            }
            ["saw", _, _, _, state, _, uuid, _, order_ref_1, ..]
            | ["told", _, _, _, state, _, uuid, _, order_ref_1, ..] => {
                if words[0] == "told" {
                    self.unanswered = None;
                }
                if words[..2] == ["told", "start"] && *uuid != "-" {
                    self.sales.insert(words[2].to_owned(), (*uuid).to_owned());
                }
                let promise = Promise {
                    state: (*state).to_owned(),
                    order_ref_1: (*order_ref_1).to_owned(),
                    still: true,
                };
                if *uuid != "-" {
                    self.promises.insert((*uuid).to_owned(), promise);
                }
            }
            ["skipped", ..] => {}
            _ => panic!("no line of a book: {line}"),
        }
    }

    /// What of all that the journal does not keep.
    pub fn broken_by(&self, ledger: &Ledger) -> Vec<String> {
        let mut broken = Vec::new();
        for (uuid, promise) in &self.promises {
            match ledger.orders.iter().find(|row| row.uuid == *uuid) {
                None => broken.push(format!(
                    "the till was told of order {uuid} ({}), the journal does not know it",
                    promise.state
                )),
                Some(row) => broken.extend(promise.broken_by(row)),
            }
        }
        for (id, hash) in &self.entries {
            if ledger.log.get(id).map(|entry| &entry.hash) != Some(hash) {
                broken.push(format!(
                    "log entry {id} was shown and is not there as shown"
                ));
            }
        }
        for ((uuid, step), &sent) in &self.sent {
            let answered = ledger
                .log
                .range(self.begun_after + 1..)
                .filter(|(_, entry)| {
                    entry.step == *step && (*uuid == NO_UUID || entry.uuid == *uuid)
                })
                .count();
            let open = ledger
                .orders
                .iter()
                .filter(|row| row.open == *step && row.uuid == *uuid)
                .count();
            if answered + open < sent {
                broken.push(format!(
                    "{sent} of {step} were sent for {uuid}, the journal has {answered} answered and {open} open"
                ));
            }
        }
        if let Some(request) = &self.unanswered
            && request.step != "send_form"
        {
            let kept = ledger.orders.iter().any(|row| {
                let same_ref = match &request.order_ref_1 {
                    Some(order_ref_1) => row.order_ref_1 == *order_ref_1,
                    None => row.order_ref_1 == "-",
                };
                (row.uuid == request.uuid || request.uuid == NO_UUID) && same_ref
            });
            if !kept {
                broken.push(format!(
                    "what was sent is not what the journal has: {request:?}"
                ));
            }
        }
        broken
    }
}

impl Promise {
    fn broken_by(&self, row: &Row) -> Option<String> {
        const CONFIRMED: &[&str] = &["confirmed", "referencing", "settled", "ref_conflicted"];
        const ASKED: &[&str] = &["confirming", "conflicted"];
        let state = row.state.as_str();
        let kept = match self.state.as_str() {
            told if self.still => state == told && row.order_ref_1 == self.order_ref_1,
            "settled" => state == "settled" && row.order_ref_1 == self.order_ref_1,
            "abandoned" => state == "abandoned",
            "confirming" => ASKED.contains(&state) || CONFIRMED.contains(&state),
            told if CONFIRMED.contains(&told) => CONFIRMED.contains(&state),
            _ => state != "soliciting",
        };
        (!kept).then(|| format!("the till was told {self:?}, the journal has {row:?}"))
    }
}

/// The request in these bytes, once all of it is there.
fn whole_request(bytes: &[u8]) -> Option<Request> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().expect("a length"))
    });
    if body.len() < length.unwrap_or(0) {
        return None;
    }
    let mut words = head.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    let body: Value = serde_json::from_str(body).expect("the library sends JSON");
    let state = body.pointer("/order/state").and_then(Value::as_str);
    let path: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (uuid, step) = match (method, path.as_slice(), state) {
        ("POST", ["orders"], _) => (NO_UUID, "start_solicitation"),
        ("POST", ["orders", uuid, "form_deliveries"], _) => (*uuid, "send_form"),
        ("PUT", ["orders", uuid], Some("confirmed")) => (*uuid, "confirm"),
        ("PUT", ["orders", uuid], Some("on_hold")) => (*uuid, "hold"),
        ("PUT", ["orders", uuid], Some("")) => (*uuid, "set_order_ref"),
        other => panic!("the till of these tests never sends {other:?}"),
    };
    let order_ref_1 = body.pointer("/order/merchant_reference/order_ref_1");
    Some(Request {
        uuid: uuid.to_owned(),
        step,
        order_ref_1: order_ref_1.and_then(Value::as_str).map(str::to_owned),
    })
}

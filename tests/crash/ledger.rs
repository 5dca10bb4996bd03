//! What a clerk with pencil and paper would keep of a sold order: for each line, how much of it is
//! still here and how much went out. The rules are those of the header's manual; the library's own
//! arithmetic has no part in it.

use serde_json::{Value, json};
use std::collections::HashMap;

const HERE: usize = 0;
const OUT: usize = 1;

/// What a clerk may not write down: the status that the library has for it.
pub type No = &'static str;
const INVALID: No = "SQ_INVALID_ORDER";
pub const WRONG_STATE: No = "SQ_WRONG_STATE";

/// The tills' words for changes of a sold order.
pub const CHANGES: [&str; 4] = ["ship", "refund", "cancel", "update"];

/// What is changed of a sold order, as a till asks for it.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Ship(Option<Vec<Pick>>),
    Refund(Option<Vec<Pick>>),
    RefundAmount(i64),
    Cancel,
    /// The carts that take the place of those that are there.
    Update([Option<Vec<Item>>; 2]),
}

/// A line that is named, and how much of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick {
    pub reference: String,
    pub quantity: Option<i64>,
    pub amount: Option<i64>,
}

/// A line of a cart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Item {
    pub reference: String,
    /// Only goods have one.
    pub quantity: Option<i64>,
    pub cents: i64,
}

/// A line, or the part of it that is in a cart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Line {
    /// Parts of one line have the same.
    number: usize,
    reference: String,
    is_goods: bool,
    pieces: i64,
    cents: i64,
}

impl Line {
    fn is_nothing(&self) -> bool {
        self.pieces == 0 && (self.is_goods || self.cents == 0)
    }
}

/// So many pieces, for so many cents.
#[derive(Clone, Copy, Default)]
struct Part {
    pieces: i64,
    cents: i64,
}

/// An order from the moment it is sold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ledger {
    /// What is here, and what is out.
    carts: [Vec<Line>; 2],
    numbers: usize,
    pub cancelled: bool,
}

impl Change {
    /// As a till's book has it. `files`: what updates ask for.
    pub fn read(verb: &str, argument: &str, files: &HashMap<String, Value>) -> Option<Change> {
        let given: Option<Value> = serde_json::from_str(argument).ok();
        let picks = |list: &Value| {
            let list = list.as_array().expect("a list");
            list.iter().map(Pick::read).collect()
        };
        Some(match (verb, given) {
            ("ship", given) => Change::Ship(given.as_ref().map(picks)),
            ("refund", Some(given)) if given["items"].is_array() => {
                Change::Refund(Some(picks(&given["items"])))
            }
            ("refund", Some(given)) => Change::RefundAmount(given["amount"].as_i64()?),
            ("refund", None) => Change::Refund(None),
            ("cancel", _) => Change::Cancel,
            ("update", _) => {
                let update = &files[argument];
                Change::Update(["unshipped_cart", "shipped_cart"].map(|name| items(&update[name])))
            }
            _ => return None,
        })
    }

    /// The verb and the argument with which a till asks for it; an update is in a file.
    pub fn command(&self, file: &str) -> (&'static str, String) {
        let picks = |list: &[Pick]| Value::from_iter(list.iter().map(Pick::write));
        match self {
            Change::Ship(Some(list)) => ("ship", picks(list).to_string()),
            Change::Refund(Some(list)) => ("refund", json!({"items": picks(list)}).to_string()),
            Change::RefundAmount(cents) => ("refund", json!({"amount": cents}).to_string()),
            Change::Ship(None) => ("ship", "-".to_owned()),
            Change::Refund(None) => ("refund", "-".to_owned()),
            Change::Cancel => ("cancel", "-".to_owned()),
            Change::Update(_) => ("update", file.to_owned()),
        }
    }
}

impl Pick {
    pub fn pieces(reference: &str, quantity: i64) -> Pick {
        Pick {
            reference: reference.to_owned(),
            quantity: Some(quantity),
            amount: None,
        }
    }

    pub fn cents(reference: &str, amount: i64) -> Pick {
        Pick {
            reference: reference.to_owned(),
            quantity: None,
            amount: Some(amount),
        }
    }

    fn read(value: &Value) -> Pick {
        Pick {
            reference: value["reference"].as_str().expect("a name").to_owned(),
            quantity: value["quantity"].as_i64(),
            amount: value["amount"].as_i64(),
        }
    }

    fn write(&self) -> Value {
        let mut pick = json!({"reference": self.reference});
        if let Some(quantity) = self.quantity {
            pick["quantity"] = quantity.into();
        }
        if let Some(amount) = self.amount {
            pick["amount"] = amount.into();
        }
        pick
    }
}

/// The lines of a cart; none: there is no such cart.
pub fn items(cart: &Value) -> Option<Vec<Item>> {
    let items = cart["items"].as_array()?.iter().map(|item| Item {
        reference: item["reference"].as_str().unwrap_or_default().to_owned(),
        quantity: item["quantity"].as_i64(),
        cents: item["total_with_tax"].as_i64().unwrap_or_default(),
    });
    Some(items.collect())
}

/// Lines of one cart in an order that does not depend on how they came there.
pub fn sorted(mut items: Vec<Item>) -> Vec<Item> {
    items.sort();
    items
}

/// `of * part / whole` to the nearest cent, halves away from zero. Of nothing, all.
fn share(of: i64, part: i64, whole: i64) -> i64 {
    if whole == 0 {
        return of;
    }
    let nearest = (2 * of.abs() * part + whole) / (2 * whole);
    of.signum() * nearest
}

impl Ledger {
    /// `sold`: in the order in which it was sold.
    pub fn of(sold: &[Item]) -> Ledger {
        let mut ledger = Ledger {
            carts: [Vec::new(), Vec::new()],
            numbers: 0,
            cancelled: false,
        };
        ledger.add(HERE, sold);
        ledger
    }

    fn add(&mut self, cart: usize, items: &[Item]) {
        for item in items {
            self.numbers += 1;
            self.carts[cart].push(Line {
                number: self.numbers,
                reference: item.reference.clone(),
                is_goods: item.quantity.is_some(),
                pieces: item.quantity.unwrap_or_default(),
                cents: item.cents,
            });
        }
    }

    /// What is still to be shipped, and what was: as [`sorted`] has them.
    pub fn carts(&self) -> [Vec<Item>; 2] {
        let item = |line: &Line| Item {
            reference: line.reference.clone(),
            quantity: line.is_goods.then_some(line.pieces),
            cents: line.cents,
        };
        [HERE, OUT].map(|cart| sorted(self.carts[cart].iter().map(item).collect()))
    }

    /// What the two carts come to.
    pub fn totals(&self) -> (i64, i64) {
        let total = |cart: &[Line]| cart.iter().map(|line| line.cents).sum();
        (total(&self.carts[HERE]), total(&self.carts[OUT]))
    }

    pub fn is_empty(&self) -> bool {
        self.carts.iter().all(Vec::is_empty)
    }

    /// The ledger after the change, or why there is none. What seQura may have against it is
    /// another matter.
    pub fn after(&self, change: &Change) -> Result<Ledger, No> {
        let mut next = self.clone();
        let nothing_here = self.carts[HERE].is_empty();
        let nothing_out = self.carts[OUT].is_empty();
        match change {
            Change::Cancel if self.cancelled => {}
            _ if self.cancelled => return Err(WRONG_STATE),
            Change::Ship(picks) => {
                let gone = next.take(HERE, picks.as_deref())?;
                gone.into_iter().for_each(|line| next.put_out(line));
            }
            Change::Refund(None) if nothing_here && nothing_out => {}
            Change::Refund(_) | Change::RefundAmount(_) if nothing_out => return Err(WRONG_STATE),
            Change::Refund(picks) => {
                let gone = next.take(OUT, picks.as_deref())?;
                // A reduction that goes back alone is raised by an update only.
                if gone.iter().map(|line| line.cents).sum::<i64>() < 0 {
                    return Err(INVALID);
                }
            }
            Change::RefundAmount(cents) => {
                if !(1..=self.totals().1).contains(cents) {
                    return Err(INVALID);
                }
                let is_free =
                    |name: &String| self.carts[OUT].iter().all(|line| line.reference != *name);
                let mut names = (1..).map(|number| format!("r_{number}"));
                let refund = Item {
                    reference: names.find(is_free).expect("there are more numbers"),
                    quantity: None,
                    cents: -cents,
                };
                next.add(OUT, &[refund]);
            }
            Change::Cancel if !nothing_out => return Err(WRONG_STATE),
            Change::Cancel => {
                next.carts = Default::default();
                next.cancelled = true;
            }
            Change::Update(given) => {
                for (cart, items) in given.iter().enumerate() {
                    if let Some(items) = items {
                        next.carts[cart].clear();
                        next.add(cart, items);
                    }
                }
            }
        }
        match next.totals() {
            (here, out) if here < 0 || out < 0 => Err(INVALID),
            _ => Ok(next),
        }
    }

    fn put_out(&mut self, gone: Line) {
        let mut there = self.carts[OUT].iter_mut();
        match there.find(|line| line.number == gone.number) {
            Some(line) => {
                line.pieces += gone.pieces;
                line.cents += gone.cents;
            }
            None => self.carts[OUT].push(gone),
        }
    }

    /// Takes out of a cart what is named, or all of it, with what goes along.
    fn take(&mut self, cart: usize, picks: Option<&[Pick]>) -> Result<Vec<Line>, No> {
        let Some(picks) = picks else {
            return Ok(std::mem::take(&mut self.carts[cart]));
        };
        let going = going(&self.carts[cart], cart == HERE, picks)?;
        let mut gone = Vec::new();
        for (line, part) in self.carts[cart].iter_mut().zip(going) {
            line.pieces -= part.pieces;
            line.cents -= part.cents;
            gone.push(Line {
                pieces: part.pieces,
                cents: part.cents,
                ..line.clone()
            });
        }
        self.carts[cart].retain(|line| !line.is_nothing());
        gone.retain(|line| !line.is_nothing());
        Ok(gone)
    }
}

/// How much of each line goes. What nobody names: fees go with the first goods, where they go at
/// all; reductions go by the goods' value, rounded together, and wholly with the last goods.
fn going(there: &[Line], fees_go: bool, picks: &[Pick]) -> Result<Vec<Part>, No> {
    let mut named: Vec<Option<Part>> = vec![None; there.len()];
    for pick in picks {
        let (at, part) = meant(there, pick)?;
        if named[at].replace(part).is_some() {
            return Err(INVALID);
        }
    }
    let part = |at: usize| named[at].unwrap_or_default();
    let goods = || (0..there.len()).filter(|&at| there[at].is_goods);
    let value: i64 = goods().map(|at| there[at].cents).sum();
    let value_gone: i64 = goods().map(|at| part(at).cents).sum();
    let some_go = goods().any(|at| part(at).pieces > 0);
    let all_go = goods().all(|at| part(at).pieces == there[at].pieces);

    let mut going: Vec<Part> = (0..there.len()).map(part).collect();
    let (mut reductions, mut reductions_gone) = (0, 0);
    for at in (0..there.len()).filter(|&at| !there[at].is_goods && named[at].is_none()) {
        let whole = there[at].cents;
        going[at].cents = match whole < 0 {
            true if all_go => whole,
            true => {
                let before = reductions_gone;
                reductions += whole;
                reductions_gone = share(reductions, value_gone, value);
                reductions_gone - before
            }
            false if fees_go && some_go => whole,
            false => 0,
        };
    }
    Ok(going)
}

/// The one line that is named, and how much of it.
fn meant(there: &[Line], pick: &Pick) -> Result<(usize, Part), No> {
    let mut lines = (0..there.len()).filter(|&at| there[at].reference == pick.reference);
    let (Some(at), None) = (lines.next(), lines.next()) else {
        return Err(INVALID);
    };
    let line = &there[at];
    let part = match (line.is_goods, pick.quantity, pick.amount) {
        (true, quantity, None) => {
            let pieces = quantity.unwrap_or(line.pieces);
            let cents = share(line.cents, pieces, line.pieces);
            Part { pieces, cents }
        }
        (false, None, amount) => Part {
            pieces: 0,
            cents: amount.unwrap_or(line.cents),
        },
        _ => return Err(INVALID),
    };
    let left = line.cents - part.cents;
    let fits = match line.is_goods {
        true => (0..=line.pieces).contains(&part.pieces),
        false => part.cents * line.cents.signum() >= 0 && left * line.cents.signum() >= 0,
    };
    if fits { Ok((at, part)) } else { Err(INVALID) }
}

//! What became of a sold order: seQura's carts against the journal's, and against a ledger of what
//! the tills asked for and were told.

use crate::book::Call;
use crate::journal::Row;
use crate::ledger::{Change, Item, Ledger, items, sorted};
use crate::oracle::{CHANGE, CHANGES, Case, ROUNDING, Sent, order_ref_1};
use sequra_sandbox::{CartView, OrderView, SaleView, State};
use serde_json::{Value, json};
use std::collections::HashSet;

type Carts = [Vec<Item>; 2];

fn lines(cart: &Value) -> Vec<Item> {
    sorted(items(cart).unwrap_or_default())
}

/// As seQura has them.
fn carts(unshipped: &CartView, shipped: &CartView) -> Carts {
    [unshipped, shipped].map(|cart| lines(&json!({"items": cart.items})))
}

fn total(carts: &Carts) -> i64 {
    carts.iter().flatten().map(|item| item.cents).sum()
}

fn is_empty(carts: &Carts) -> bool {
    carts.iter().all(Vec::is_empty)
}

/// The orders that were sold, with what became of them.
fn sold<'a>(case: &Case<'a>) -> impl Iterator<Item = (&'a OrderView, &'a SaleView)> {
    let orders = case.ledgers.orders.iter();
    orders.filter_map(|order| Some((order, order.sale.as_ref()?)))
}

/// A state of a sold order's carts that seQura accepted.
pub struct Accepted<'a> {
    carts: Carts,
    /// None: it is the sale itself.
    pub sent: Option<&'a Sent<'a>>,
    /// The request of a till that died may have been on its way when a later one was there already,
    /// and have brought older carts back. No till can know; the next change puts it right.
    pub may_be_late: bool,
}

/// Every state of an order's carts that seQura accepted, one after another, from the sale on.
pub fn accepted<'a>(case: &'a Case, order: &OrderView) -> Vec<Accepted<'a>> {
    let (Some(sold), Some(sale)) = (ledger(case, &order.uuid), &order.sale) else {
        return Vec::new();
    };
    let mut all = vec![Accepted {
        carts: sold.carts(),
        sent: None,
        may_be_late: false,
    }];
    for update in &sale.updates {
        let sent = case.request(&update.request_id);
        all.push(Accepted {
            carts: carts(&update.unshipped_cart, &update.shipped_cart),
            sent,
            may_be_late: sent.is_some_and(|sent| may_be_late(case, &order.uuid, sent)),
        });
    }
    all
}

/// Whether a request may have been made before another of its order that came first, by a till that
/// died: it is on the older connection, and nobody has recorded its answer.
fn may_be_late(case: &Case, uuid: &str, sent: &Sent) -> bool {
    let mut log = case.ledgers.journal.log.iter();
    let is_recorded = log.any(|row| row["request_id"] == sent.request.request_id.as_str());
    let others = case
        .sent
        .iter()
        .filter(|other| other.step == CHANGE && other.uuid.as_deref() == Some(uuid));
    let mut first = others.filter(|other| {
        other.request.seq < sent.request.seq && other.request.connection > sent.request.connection
    });
    let dead = |first: &Sent| {
        let mut calls = case.ledgers.calls.iter();
        calls.any(|call| {
            call.told.is_none()
                && call.may_concern(uuid)
                && call.asked_at <= sent.at + ROUNDING
                && call.over_at + ROUNDING >= first.at
        })
    };
    !is_recorded && first.any(dead)
}

/// What is wrong with the carts that the journal has of a sold order.
pub fn disagree(case: &Case, order: &OrderView, row: &Row) -> Option<String> {
    let sale = order.sale.as_ref()?;
    let kept: Value = serde_json::from_str(row["carts"].as_str().unwrap_or("null"))
        .expect("the journal keeps JSON");
    let ours = match kept["cart"].is_object() {
        true => [lines(&kept["cart"]), Vec::new()],
        false => ["unshipped_cart", "shipped_cart"].map(|name| lines(&kept[name])),
    };
    let amount = row["amount"].as_i64();
    let accepted = accepted(case, order);
    let late = accepted.iter().rev().take_while(|one| one.may_be_late);
    let before = accepted.len().saturating_sub(late.count() + 1);
    let mut theirs = accepted[before..].iter().map(|one| &one.carts);
    let same = theirs.any(|theirs| ours == *theirs) && amount == Some(total(&ours));
    let now = carts(&sale.unshipped_cart, &sale.shipped_cart);
    let is_wrong = !same || order.amount != total(&now);
    is_wrong.then(|| {
        format!(
            "{}: the journal has {ours:?}, {amount:?} cents, seQura {now:?}, {} cents",
            order.uuid, order.amount
        )
    })
}

pub fn the_journal_has_the_carts(case: &Case) -> Vec<String> {
    let known = |(order, _): (&OrderView, _)| {
        let row = case.ledgers.journal.order(&order.uuid)?;
        disagree(case, order, row)
    };
    sold(case).filter_map(known).collect()
}

pub fn the_cancelled_are_empty(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    for (order, sale) in sold(case) {
        let row = case.ledgers.journal.order(&order.uuid);
        let here = row.is_some_and(|row| row["state"] == "cancelled");
        let there = order.state == State::Cancelled;
        let empty = is_empty(&carts(&sale.unshipped_cart, &sale.shipped_cart));
        let asked = || {
            let mut calls = case.ledgers.calls.iter();
            calls.any(|call| call.verb == "cancel" && call.uuid.as_ref() == Some(&order.uuid))
        };
        // Of what came back whole seQura keeps the order when a till cancels it.
        if (there && !here) || (here && !(empty && asked())) {
            wrong.push(format!(
                "{}: cancelled here {here}, there {there}, its carts empty {empty}",
                order.uuid
            ));
        }
    }
    wrong
}

/// What surely became of an ask, as far as its till was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Taken,
    Refused,
    /// The till does not know.
    Open,
}

/// A change that a till asked for.
#[derive(Debug)]
struct Ask<'a> {
    call: &'a Call,
    change: Change,
    fate: Fate,
    /// The call asked for something else, of which this is the last step.
    ends_sale: bool,
}

fn status(call: &Call) -> &str {
    call.told.as_ref().map_or("-", |(_, told)| &told.status)
}

fn is_left_to_recovery(call: &Call) -> bool {
    let told = call.told.as_ref();
    told.is_some_and(|(_, told)| told.is_left_to_recovery())
}

/// The changes that were asked for of an order, in that order, and what is known of each.
fn asks<'a>(case: &Case<'a>, uuid: &str) -> Vec<Ask<'a>> {
    let of_order = |call: &&Call| call.uuid.as_deref() == Some(uuid);
    let mut calls: Vec<&Call> = case.ledgers.calls.iter().filter(of_order).collect();
    calls.sort_by(|one, other| one.asked_at.total_cmp(&other.asked_at));
    let mut asks: Vec<Ask> = last_step(case, uuid, &calls).into_iter().collect();
    for call in calls {
        let Some(change) = Change::read(&call.verb, &call.argument, &case.ledgers.files) else {
            continue;
        };
        let refused_later = || {
            let mut log = case.ledgers.journal.log.iter();
            log.any(|row| {
                row["uuid"] == uuid
                    && CHANGES.contains(&row["step"].as_str().unwrap_or_default())
                    && row["status"]
                        .as_i64()
                        .is_some_and(|status| status / 1000 == 2)
                    && case
                        .ledgers
                        .clock
                        .latest(row["at"].as_f64().unwrap_or_default())
                        + ROUNDING
                        >= call.asked_at
            })
        };
        let mut fate = match status(call) {
            "SQ_OK" => Fate::Taken,
            "SQ_INVALID_ORDER" | "SQ_WRONG_STATE" => Fate::Refused,
            "SQ_CONFLICT"
            | "SQ_DUPLICATE_ORDER_REF"
            | "SQ_UNAUTHORIZED"
            | "SQ_FORBIDDEN"
            | "SQ_NOT_FOUND"
            | "SQ_GONE"
            | "SQ_RATE_LIMITED"
            | "SQ_REFUSED" => Fate::Refused,
            _ if is_left_to_recovery(call) && !refused_later() => Fate::Taken,
            _ => Fate::Open,
        };
        // The same again, while the first has no answer, is the same shipment. Where recovery may
        // have answered the first in between it may be either.
        // So is one that was taken where the till was told that the journal does not have that.
        let is_over = |call: &Call| status(call) == "SQ_OK" && !call.journal_is_lost();
        let same = |ask: &&mut Ask| ask.change == change && !is_over(ask.call);
        if let Some(first) = asks.iter_mut().rev().find(same) {
            let between = |other: &&Call| {
                let own = std::ptr::eq(*other, first.call) || std::ptr::eq(*other, call);
                !own && other.may_concern(uuid)
                    && other.asked_at <= call.over_at
                    && other.over_at >= first.call.asked_at
            };
            let repeated = is_left_to_recovery(first.call)
                && !case.ledgers.calls.iter().any(|call| between(&call));
            if first.fate == Fate::Taken {
                first.fate = if repeated { Fate::Refused } else { Fate::Open };
            }
            if repeated && fate == Fate::Refused && status(call) != "SQ_CONFLICT" {
                fate = Fate::Open;
            }
            // The yes may be to what the first one has done, before what others asked for in between.
            if fate == Fate::Taken && is_left_to_recovery(first.call) {
                (first.fate, fate) = (Fate::Open, Fate::Open);
            }
        }
        // One that was asked at the same time, and answered, may have been answered for both.
        let answered = |ask: &Ask| {
            ask.change == change && status(ask.call) == "SQ_OK" && ask.call.over_at >= call.asked_at
        };
        if fate == Fate::Taken && status(call) != "SQ_OK" && asks.iter().any(answered) {
            fate = Fate::Open;
        }
        asks.push(Ask {
            call,
            change,
            fate,
            ends_sale: false,
        });
    }
    asks
}

/// The shipment that ends a sale: asked for by the call that gave the order its reference. Of a settled order it is done
/// once recovery has come to rest, unless seQura has refused it.
fn last_step<'a>(case: &Case<'a>, uuid: &str, calls: &[&'a Call]) -> Option<Ask<'a>> {
    let settles = |call: &&&Call| matches!(call.verb.as_str(), "confirm" | "ref");
    let row = case.ledgers.journal.order(uuid)?;
    let call = calls.iter().find(settles)?;
    let is_refused = |entry: &Row| {
        entry["step"] == "ship" && entry["status"].as_i64().is_some_and(|one| one / 1000 == 2)
    };
    let mut log = case.rows_of(row, &case.ledgers.journal.log);
    let fate = match row["state"] == "settled" && !log.any(is_refused) {
        true => Fate::Taken,
        false => Fate::Open,
    };
    case.ledgers.ships_after_the_sale.then_some(Ask {
        call,
        change: Change::Ship(None),
        fate,
        ends_sale: true,
    })
}

/// How far one way through the asks has come.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Way {
    /// Bit by bit: which asks are decided.
    decided: u64,
    ledger: Ledger,
    /// How many of seQura's accepted states it has gone through.
    seen: usize,
}

/// Every way in which the asks may have been taken: each once at most, none before one that was over
/// when it was asked. `believe`: what the tills were told is so. `visit` sees each state of the
/// carts, with the last ask that made it.
fn ways(
    sold: &Ledger,
    asks: &[Ask],
    accepted: &[Accepted],
    believe: bool,
    mut visit: impl FnMut(&Way, Option<&Ask>),
) {
    let first = Way {
        decided: 0,
        ledger: sold.clone(),
        seen: 1,
    };
    visit(&first, None);
    let mut known = HashSet::from([first.clone()]);
    let mut todo = vec![first];
    while let Some(way) = todo.pop() {
        let open: Vec<usize> = (0..asks.len())
            .filter(|at| way.decided & (1 << at) == 0)
            .collect();
        let first_over = open.iter().map(|&at| asks[at].call.over_at);
        let first_over = first_over.fold(f64::INFINITY, f64::min);
        for at in open {
            let ask = &asks[at];
            if ask.call.asked_at > first_over + ROUNDING {
                continue;
            }
            let skip = (!believe || ask.fate != Fate::Taken).then(|| way.ledger.clone());
            let take = match believe && ask.fate == Fate::Refused {
                true => None,
                false => way.ledger.after(&ask.change).ok(),
            };
            let alone = || {
                let others = asks.iter().filter(|other| !std::ptr::eq(*other, ask));
                others.into_iter().all(|other| {
                    other.call.over_at < ask.call.asked_at || other.call.asked_at > ask.call.over_at
                })
            };
            let told = ask.call.told.as_ref().and_then(|(_, told)| told.totals);
            let take = take.filter(|next| {
                let sure = believe
                    && !ask.ends_sale
                    && status(ask.call) == "SQ_OK"
                    && !ask.call.journal_is_lost()
                    && alone();
                !sure || told == Some(next.totals())
            });
            for (ledger, made) in [(skip, None), (take, Some(ask))] {
                let Some(ledger) = ledger else { continue };
                let carts = ledger.carts();
                let passes = |one: &&Accepted| one.may_be_late || one.carts == carts;
                let further = accepted.iter().skip(way.seen).take_while(passes).count();
                for seen in way.seen..=way.seen + further {
                    let next = Way {
                        decided: way.decided | 1 << at,
                        ledger: ledger.clone(),
                        seen,
                    };
                    if known.insert(next.clone()) {
                        visit(&next, made);
                        todo.push(next);
                    }
                }
            }
        }
    }
}

/// An order as it was confirmed.
fn ledger(case: &Case, uuid: &str) -> Option<Ledger> {
    let mut confirmed = case.events(uuid, sequra_sandbox::Event::Confirmed);
    let sent = case.request_of(confirmed.next()?)?;
    Some(Ledger::of(&items(&sent.order["cart"])?))
}

pub fn carts_are_what_was_asked(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    for (order, _) in sold(case) {
        let Some(sold) = ledger(case, &order.uuid) else {
            continue;
        };
        let asks = asks(case, &order.uuid);
        let accepted = accepted(case, order);
        let everything = (1 << asks.len()) - 1;
        let mut explained = false;
        ways(&sold, &asks, &accepted, true, |way, _| {
            let last = accepted.last();
            explained |= way.decided == everything
                && way.seen == accepted.len()
                && last.is_some_and(|last| last.may_be_late || last.carts == way.ledger.carts());
        });
        if !explained {
            let asked: Vec<String> = asks.iter().map(told_of).collect();
            wrong.push(format!(
                "{}: seQura accepted {:?}\nasked was\n{}",
                order.uuid,
                accepted.iter().map(|one| &one.carts).collect::<Vec<_>>(),
                asked.join("\n")
            ));
        }
    }
    wrong
}

fn told_of(ask: &Ask) -> String {
    format!(
        "    {} {} at {}: {}, {:?}",
        ask.call.verb,
        ask.call.argument,
        ask.call.asked_at,
        status(ask.call),
        ask.fate
    )
}

pub fn carts_sent_were_asked(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    for (order, _) in sold(case) {
        let of_order =
            |sent: &&Sent| sent.step == CHANGE && sent.uuid.as_ref() == Some(&order.uuid);
        let mut sent = case.sent.iter().filter(of_order).peekable();
        if sent.peek().is_none() {
            continue;
        }
        let Some(sold) = ledger(case, &order.uuid) else {
            continue;
        };
        // When the carts could first have been as they are in each way.
        let asks = asks(case, &order.uuid);
        let mut possible: Vec<(Carts, f64)> = Vec::new();
        ways(&sold, &asks, &[], false, |way, ask| {
            let since = ask.map_or(0.0, |ask| ask.call.asked_at);
            possible.push((way.ledger.carts(), since));
        });
        for sent in sent {
            let carts = ["unshipped_cart", "shipped_cart"].map(|name| lines(&sent.order[name]));
            let own = order.order_ref_1.as_deref() == order_ref_1(&sent.order);
            let mut asked = possible.iter();
            if !own || !asked.any(|(one, since)| *one == carts && *since <= sent.at + ROUNDING) {
                let asked: Vec<String> = asks.iter().map(told_of).collect();
                wrong.push(format!(
                    "{} at {}: {carts:?}\nasked was\n{}",
                    order.uuid,
                    sent.request.at,
                    asked.join("\n")
                ));
            }
        }
    }
    wrong
}

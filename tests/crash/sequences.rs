//! Any sequence of shipments, refunds, updates and cancellations of a sold order, through the C ABI
//! and over the wire, some answers lost: after each the simulated seQura has what a clerk's ledger
//! has, to the cent, and what may not be done is refused and changes nothing.

use crate::chance::Chance;
use crate::ledger::{Change, Item, Ledger, No, Pick, WRONG_STATE, items, sorted};
use crate::shop::{Shop, cart, order};
use crate::support;
use crate::support::seeds::{self, Seed};
use crate::till::{Crash, End, Till};
use sequra_sandbox::{Fault, Harm, SaleView};
use serde_json::json;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

const SEQUENCES: u64 = 300;
const WORKERS: usize = 3;
const LONGEST: usize = 12;
const ALIVE: &str = "the till died";

/// The order of one sequence.
struct Sold<'a> {
    shop: &'a Shop,
    till: &'a mut Till,
    chance: Chance,
    name: String,
    uuid: String,
    confirmed: i64,
    /// What the till has asked for, so far as it was not refused.
    ours: Ledger,
    /// What seQura has.
    theirs: Ledger,
    /// What the till was told that seQura has.
    told: Ledger,
    /// The commands without an answer, the last of all among them.
    open: Vec<String>,
    /// What was done so far, for whoever looks for what went wrong.
    story: Vec<String>,
}

/// Lines of goods for some cents each, whose totals are not always a multiple of the price.
fn goods(chance: &mut Chance, lines: usize) -> Vec<Item> {
    let mut items = Vec::new();
    for at in 0..lines {
        let quantity = 1 + chance.below(6) as i64;
        let most = *chance.pick(&[5, 300, 3000]);
        let price = 1 + chance.below(most) as i64;
        let off = chance.below(5) as i64 - 2;
        items.push(Item {
            // Now and then two lines are of one kind.
            reference: ["A", "B", "C", "D"][if chance.percent(5) { 0 } else { at }].to_owned(),
            quantity: Some(quantity),
            cents: (quantity * price + off).max(1),
        });
    }
    items
}

/// Fees and reductions to them; the goods stay worth more than the reductions.
fn with_others(chance: &mut Chance, mut sold: Vec<Item>) -> Vec<Item> {
    let mut value: i64 = sold.iter().map(|item| item.cents).sum();
    for (reference, often) in [
        ("FEE", 50),
        ("FEE2", 15),
        ("OFF", 50),
        ("OFF2", 30),
        ("OFF3", 15),
    ] {
        let most = if reference.starts_with("OFF") {
            value - 1
        } else {
            900
        };
        if most < 1 || !chance.percent(often) {
            continue;
        }
        let cents = 1 + chance.below(most as usize) as i64;
        let cents = if reference.starts_with("OFF") {
            -cents
        } else {
            cents
        };
        value += cents.min(0);
        let at = chance.below(sold.len() + 1);
        sold.insert(
            at,
            Item {
                reference: reference.to_owned(),
                quantity: None,
                cents,
            },
        );
    }
    sold
}

fn picks(chance: &mut Chance, there: &[Item]) -> Vec<Pick> {
    let mut picks = Vec::new();
    for _ in 0..1 + chance.below(3) {
        let wild = ["A", "B", "C", "D", "FEE", "OFF", "r_1"];
        picks.push(match there.is_empty() || chance.percent(10) {
            true => {
                let reference = *chance.pick(&wild);
                match chance.percent(70) {
                    true => Pick::pieces(reference, chance.below(4) as i64),
                    // A part of goods by its amount: src/order/two_carts_tests.rs.
                    false => Pick::cents(
                        match reference {
                            "A" | "B" | "C" | "D" => "FEE",
                            other => other,
                        },
                        chance.below(400) as i64 - 200,
                    ),
                }
            }
            false => {
                let item = chance.pick(there);
                // Some more than there is, too.
                let some = |chance: &mut Chance, most: i64| {
                    let most = most + i64::from(chance.percent(5));
                    chance.below(most as usize + 1) as i64
                };
                let mut pick = match item.quantity {
                    Some(quantity) => Pick::pieces(&item.reference, some(chance, quantity)),
                    None => {
                        let cents = some(chance, item.cents.abs()) * item.cents.signum();
                        Pick::cents(&item.reference, cents)
                    }
                };
                if chance.percent(15) {
                    (pick.quantity, pick.amount) = (None, None);
                }
                pick
            }
        });
    }
    picks
}

impl Sold<'_> {
    fn any_change(&mut self) -> Change {
        let [here, out] = self.ours.carts();
        let chance = &mut self.chance;
        match chance.below(100) {
            0..35 => Change::Ship(Some(picks(chance, &here))),
            35..42 => Change::Ship(None),
            42..65 => Change::Refund(Some(picks(chance, &out))),
            65..69 => Change::Refund(None),
            69..80 => {
                let most = self.ours.totals().1.max(1) as usize;
                let most = if chance.percent(20) {
                    most + 1
                } else {
                    most.min(300)
                };
                Change::RefundAmount(1 + chance.below(most) as i64)
            }
            80..84 => Change::Cancel,
            _ => {
                let mut given = || {
                    let lines = 1 + chance.below(3);
                    let goods = goods(chance, lines);
                    with_others(chance, goods)
                };
                let (unshipped, shipped) = (given(), given());
                let update = match chance.below(10) {
                    // What is left will not be shipped.
                    0..3 => [Some(Vec::new()), None],
                    3..5 => [Some(unshipped), Some(shipped)],
                    5..7 => [None, Some(shipped)],
                    _ => [Some(unshipped), None],
                };
                Change::Update(update)
            }
        }
    }

    fn sale(&self) -> Option<SaleView> {
        self.shop.sandbox.order(&self.uuid)?.sale
    }

    /// Whether there is anything to tell seQura.
    fn says_nothing(&self, change: &Change) -> bool {
        let [here, out] = self.ours.carts();
        self.open.is_empty()
            && match change {
                Change::Ship(None) => here.is_empty() && !self.ours.cancelled,
                Change::Refund(None) => here.is_empty() && out.is_empty() && !self.ours.cancelled,
                Change::Cancel => self.ours.cancelled,
                _ => false,
            }
    }

    fn expected(&self, change: &Change) -> Result<Ledger, No> {
        let next = self.ours.after(change)?;
        // seQura would take it for a cancellation, which has a call of its own.
        let [here, out] = self.told.carts();
        let unshipped_yet = out.is_empty() && !here.is_empty();
        match unshipped_yet && next.is_empty() && !next.cancelled {
            true => Err(WRONG_STATE),
            false => Ok(next),
        }
    }

    fn ask(&mut self, change: &Change) -> Result<(), String> {
        let file = format!("{}-update{}.json", self.name, self.story.len());
        if let Change::Update([unshipped, shipped]) = change {
            let mut update = json!({});
            for (name, items) in [("unshipped_cart", unshipped), ("shipped_cart", shipped)] {
                if let Some(items) = items {
                    update[name] = cart(items);
                }
            }
            self.shop.write(&file, &update);
        }
        let (verb, argument) = change.command(&file);
        let command = format!("{verb} {} {argument}", self.name);
        let names_what = matches!(
            change,
            Change::Ship(Some(_)) | Change::Refund(Some(_)) | Change::RefundAmount(_)
        );
        let same =
            self.open.last() == Some(&command) || (names_what && self.open.contains(&command));
        let expected = match same {
            // The same again is the same shipment.
            true => Ok(self.ours.clone()),
            false => self.expected(change),
        };
        let (here, out) = expected.as_ref().map_or((0, 0), Ledger::totals);
        let too_dear = here + out > self.confirmed;
        let harm = match self.chance.below(100) {
            0..12 if !too_dear => Some((Harm::CloseBefore {}, false)),
            12..24 if !too_dear => Some((Harm::CloseAfter {}, true)),
            _ => None,
        };
        if let Some((harm, _)) = &harm {
            self.shop.sandbox.fault(Fault::new(harm.clone()));
        }
        let before = self.shop.sandbox.stats().requests;
        let told = self.tell(&command)?;
        let requests = self.shop.sandbox.stats().requests - before;
        self.shop.sandbox.clear_faults();

        let should = match &expected {
            Err(no) => (*no, 0),
            Ok(_) if self.says_nothing(change) => ("SQ_OK", 0),
            Ok(_) if too_dear => ("SQ_CONFLICT", 1),
            Ok(_) if harm.is_some() => ("SQ_OUTCOME_UNKNOWN", 1),
            Ok(_) => ("SQ_OK", 1),
        };
        if (told.0.as_str(), requests) != should {
            return Err(format!(
                "told {told:?} with {requests} requests, not {should:?}"
            ));
        }
        if let (Ok(next), false) = (expected, too_dear) {
            let (lost, processed) = match (harm, requests) {
                (Some((_, processed)), 1) => (true, processed),
                _ => (false, true),
            };
            self.ours = next;
            match lost {
                true => self.open.push(command),
                false => self.open.clear(),
            }
            if processed {
                self.theirs = self.ours.clone();
            }
            if !lost {
                self.told = self.ours.clone();
            }
            if !lost && told.1 != Some(self.ours.totals()) {
                return Err(format!("told {told:?}, not {:?}", self.ours.totals()));
            }
        }
        self.compare()
    }

    /// Status and totals.
    fn tell(&mut self, command: &str) -> Result<(String, Option<(i64, i64)>), String> {
        let answer = self.till.call(command).ok_or(ALIVE)?;
        let told = answer.told.ok_or("the till knows no such sale")?;
        self.story.push(format!("{command}: {}", told.status));
        Ok((told.status, told.totals))
    }

    fn compare(&self) -> Result<(), String> {
        let sale = self.sale().ok_or("seQura has no such sale")?;
        let theirs = [sale.unshipped_cart, sale.shipped_cart].map(|cart| {
            let lines = items(&json!({"items": cart.items})).unwrap_or_default();
            let total: i64 = lines.iter().map(|item| item.cents).sum();
            (sorted(lines), total == cart.order_total_with_tax)
        });
        let ours = self.theirs.carts().map(|cart| (cart, true));
        match theirs == ours {
            true => Ok(()),
            false => Err(format!("seQura has {theirs:?}\nthe ledger {ours:?}")),
        }
    }

    /// What came of the lost answer: recovery says, or the same call again.
    fn find_out(&mut self) -> Result<(), String> {
        let Some(open) = std::mem::take(&mut self.open).pop() else {
            return Ok(());
        };
        let command = match self.chance.percent(50) {
            true => format!("recover {}", self.name),
            false => open,
        };
        let told = self.tell(&command)?;
        self.theirs = self.ours.clone();
        self.told = self.ours.clone();
        match told.0.as_str() {
            "SQ_OK" => self.compare(),
            other => Err(format!("the lost change ended with {other}")),
        }
    }

    fn play(&mut self) -> Result<(), String> {
        for _ in 0..3 + self.chance.below(LONGEST - 3) {
            let change = self.any_change();
            self.ask(&change)?;
            if self.chance.percent(60) {
                self.find_out()?;
            }
        }
        self.find_out()?;
        match self.ours.cancelled {
            true => Ok(()),
            false => self.ask(&Change::Ship(None)).and_then(|()| self.find_out()),
        }
    }
}

/// A sale up to where it is settled, and what then happens to it.
fn play(shop: &Shop, till: &mut Till, seed: u64, number: u64) -> Result<usize, String> {
    let mut chance = Chance::new(seed, number);
    let name = format!("q{number}e");
    let lines = 1 + chance.below(4);
    let goods = goods(&mut chance, lines);
    let sold = with_others(&mut chance, goods);
    let reference = format!("R-{name}");
    shop.write(
        &format!("{name}.json"),
        &order(&name, Some(&reference), cart(&sold)),
    );
    let mut uuid = String::new();
    for command in ["start NAME NAME.json", "form NAME pp3", "confirm NAME"] {
        let told = till
            .call(&command.replace("NAME", &name))
            .ok_or(ALIVE)?
            .told;
        let told = told.filter(|told| told.status == "SQ_OK");
        uuid = told
            .and_then(|told| told.uuid)
            .ok_or(format!("{command} of {sold:?}"))?;
    }
    let ledger = Ledger::of(&sold);
    let mut order = Sold {
        shop,
        till,
        chance,
        name,
        uuid,
        confirmed: sold.iter().map(|item| item.cents).sum(),
        ours: ledger.clone(),
        theirs: ledger.clone(),
        told: ledger,
        open: Vec::new(),
        story: vec![format!("sold {sold:?}")],
    };
    match order.play() {
        Ok(()) => Ok(order.story.len()),
        Err(wrong) => Err(format!(
            "sequence {number}\n{}\n{wrong}",
            order.story.join("\n")
        )),
    }
}

#[test]
fn any_sequence_of_changes_is_what_a_ledger_says() {
    for seed in seeds::of("sequences") {
        play_all(seed);
    }
}

fn play_all(seed: Seed) {
    let started = Instant::now();
    let next = AtomicU64::new(seed.only.unwrap_or(0));
    let calls = AtomicU64::new(0);
    let wrong: Mutex<Vec<(u64, String)>> = Mutex::default();
    std::thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (next, calls, wrong) = (&next, &calls, &wrong);
            scope.spawn(move || {
                let mut shop = Shop::open(support::c::scratch(&format!(
                    "sequences-{}-{worker}",
                    seed.number
                )));
                let mut till = shop.till("book", "config.json", Crash::default());
                till.call("open").expect(ALIVE);
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let over = number >= SEQUENCES || !seed.wants(number);
                    if over || !wrong.lock().unwrap().is_empty() {
                        break;
                    }
                    match play(&shop, &mut till, seed.number, number) {
                        Ok(made) => drop(calls.fetch_add(made as u64, Ordering::SeqCst)),
                        Err(what) => wrong.lock().unwrap().push((number, what)),
                    }
                }
                assert_eq!(till.end(), End::Done);
            });
        }
    });
    println!(
        "sequences of {} calls in {:.0} s, {seed:?}",
        calls.into_inner(),
        started.elapsed().as_secs_f64()
    );
    if let Some((number, what)) = wrong.into_inner().unwrap().first() {
        panic!("{what}\n{}", seeds::add("sequences", seed, Some(*number)));
    }
}

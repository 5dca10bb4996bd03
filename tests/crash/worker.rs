//! One till of a campaign, through all its processes: what its people do, what becomes of its requests, and
//! when it dies.

use crate::book::Told;
use crate::campaign::{TAKEN, book};
use crate::chance::Chance;
use crate::ledger::{CHANGES, Change, Pick};
use crate::progress::{Progress, Sums};
use crate::sale::{Sale, UPDATES};
use crate::shop::{BY_OTHER_NAMES, JOURNAL, REFUSED, Shop, order_file};
use crate::till::{Crash, End, Till};
use crate::world::PARTS;
use sequra_sandbox::{Fault, Harm, Page, Part, RequestId, When};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Sales that a till has open at once.
const OPEN_SALES: usize = 3;
/// A sold order is changed so often, and left in peace then: the oracle tries all ways in which its
/// changes may have been taken.
const CHANGES_PER_ORDER: usize = 8;
const COMMANDS_PER_PROCESS: usize = 12;
/// An operation comes to some ten points.
const FURTHEST_POINT: usize = 60;
const LONGEST_PAUSE_US: usize = 4000;

/// A till, through all its processes.
pub struct Worker<'a> {
    pub shop: &'a Shop,
    pub number: usize,
    pub chance: Chance,
    pub sales: Vec<Sale>,
    /// What all tills of the shop have sold.
    pub sold: &'a Mutex<Vec<Sold>>,
    pub sums: Sums,
}

/// A sold order, which every till of the shop may change.
pub struct Sold {
    name: String,
    uuid: String,
    order_ref: String,
    changes: usize,
}

impl Worker<'_> {
    pub fn sell(&mut self, budget: &AtomicI64, progress: &Progress) -> Result<(), String> {
        while budget.load(Ordering::SeqCst) > 0 {
            self.sums.processes += 1;
            let from_outside = self.chance.percent(35);
            let point = format!("any:{}", 1 + self.chance.below(FURTHEST_POINT));
            let crash = Crash {
                at: (!from_outside).then_some(point.as_str()),
                trace: None,
            };
            let config = match self.chance.below(100) {
                0..4 => REFUSED,
                4..25 => self.chance.pick(&BY_OTHER_NAMES),
                _ => "config.json",
            };
            let mut till = self.shop.till_of(&book(self.number), config, crash);
            if self.chance.percent(25) {
                till.say("leave");
            }
            self.work(&mut till, from_outside);
            match till.end() {
                End::Done => {}
                End::Killed => {
                    budget.fetch_sub(1, Ordering::SeqCst);
                    self.sums.from_outside += u64::from(from_outside);
                    progress.killed();
                }
                End::Wrong(wrong) => return Err(wrong),
            }
        }
        Ok(())
    }

    /// What one process does until it dies, or has done enough.
    fn work(&mut self, till: &mut Till, from_outside: bool) {
        let last = self.chance.below(COMMANDS_PER_PROCESS);
        match till.call("open").and_then(|answer| answer.told) {
            Some(told) if told.status == "SQ_OK" => {}
            // Another till has to close first, or there is no journal at the end of the link.
            _ => return std::thread::sleep(Duration::from_millis(2)),
        }
        if self.chance.percent(25) {
            till.say("leave");
        }
        let recovers = self.chance.percent(70);
        let mut unanswered: Option<String> = None;
        for at in 0..COMMANDS_PER_PROCESS {
            let again = unanswered.take().filter(|_| self.chance.percent(50));
            let (sale, command) = match (at, again) {
                (0, _) if recovers => (None, "recover".to_owned()),
                (_, Some(again)) => (None, again),
                _ if self.chance.percent(35) => match self.change(till) {
                    Some(command) => (None, command),
                    None => self.decide(),
                },
                _ => self.decide(),
            };
            if let Some(sale) = sale {
                self.sales[sale].ask(&command);
                self.harm(sale);
            }
            self.host_looks(till);
            till.say(&command);
            if from_outside && at == last {
                let pause = self.chance.below(LONGEST_PAUSE_US) as u64;
                std::thread::sleep(Duration::from_micros(pause));
                till.kill();
            }
            let Some(answer) = till.hear() else { return };
            for sale in &mut self.sales {
                sale.hear(&answer);
            }
            self.tell_the_others();
            // It says to close the client and open another. Not everybody listens.
            let is_lost = answer.told.as_ref().is_some_and(Told::journal_is_lost);
            if is_lost && self.chance.percent(70) {
                return;
            }
            let told = answer.told.filter(|told| told.is_left_to_recovery());
            if told.is_some_and(|told| CHANGES.contains(&told.verb.as_str())) {
                unanswered = Some(command);
            }
            if let Some(sale) = sale {
                self.sales[sale].shopper_finishes(&self.shop.sandbox);
            }
        }
    }

    /// The host reads one of the journal's files: its process loses its locks on it so. (Not the index: another
    /// till that opens the journal then cuts it under this one, in the middle of a call even, and nobody can
    /// hold what SQLite keeps there.)
    fn host_looks(&mut self, till: &mut Till) {
        if self.chance.percent(8) {
            let part = self.chance.pick(&PARTS[..2]);
            till.say(&format!("peek {JOURNAL}{part}"));
        }
    }

    fn tell_the_others(&self) {
        let mut sold = self.sold.lock().unwrap();
        for sale in self.sales.iter().filter(|sale| sale.is_settled()) {
            if let Some(uuid) = sale.uuid()
                && !sold.iter().any(|one| one.name == sale.name)
            {
                sold.push(Sold {
                    name: sale.name.clone(),
                    uuid: uuid.to_owned(),
                    order_ref: sale.order_ref().to_owned(),
                    changes: 0,
                });
            }
        }
    }

    /// Goods of some order go out or come back, or it is changed otherwise; mostly one of the latest,
    /// and now and then one that another till sold.
    fn change(&mut self, till: &mut Till) -> Option<String> {
        let chance = &mut self.chance;
        let mut sold = self.sold.lock().unwrap();
        let own = format!("t{}s", self.number);
        let of_others = chance.percent(25);
        let mut open: Vec<&mut Sold> = sold
            .iter_mut()
            .filter(|one| {
                one.changes < CHANGES_PER_ORDER && one.name.starts_with(&own) != of_others
            })
            .collect();
        open.drain(..open.len().saturating_sub(OPEN_SALES));
        let at = chance.below(open.len().max(1));
        let order = open.into_iter().nth(at)?;
        order.changes += 1;
        let Sold {
            name,
            uuid,
            order_ref,
            ..
        } = &*order;
        if of_others {
            let url = format!("{}/orders/{uuid}", self.shop.sandbox.http_url());
            till.call(&format!("know {name} {url}"))?;
        }
        let lines = [name.as_str(), "GORRA"];
        let mut pieces = || {
            let line = chance.pick(&lines);
            let mut picks = vec![Pick::pieces(line, 1 + chance.below(2) as i64)];
            match chance.below(10) {
                0 => picks.push(Pick::cents("ENVIO", chance.below(101) as i64)),
                1 => picks.push(Pick::cents("VALE", -(chance.below(60) as i64))),
                _ => {}
            }
            Some(picks)
        };
        let (some, back) = (pieces(), pieces());
        let change = match chance.below(100) {
            0..45 => Change::Ship(some),
            45..52 => Change::Ship(None),
            52..70 => Change::Refund(back),
            70..73 => Change::Refund(None),
            73..83 => Change::RefundAmount(1 + chance.below(150) as i64),
            83..87 => Change::Cancel,
            _ => Change::Update([None, None]),
        };
        let update = chance.pick(&UPDATES);
        let file = order_file(name, update);
        let (verb, argument) = change.command(&file);
        let command = format!("{verb} {name} {argument}");
        let order_ref = format!("/{order_ref}");
        self.harm_change(&order_ref);
        Some(command)
    }

    /// Now and then something becomes of the next request for a sold order. Nothing that speaks for
    /// seQura, though: of a cancellation without an answer a 404 would say that it was done.
    fn harm_change(&mut self, order_ref: &str) {
        if !self.chance.percent(25) {
            return;
        }
        let harm = match self.chance.below(6) {
            0 | 1 => foreign(*self.chance.pick(&[401, 403, 410, 422, 429, 500, 503])),
            2 => gateway(&mut self.chance),
            _ => lost(&mut self.chance),
        };
        let times = if self.chance.percent(10) { 2 } else { 1 };
        let fault = Fault::new(harm).method("PUT").path(order_ref);
        self.shop.sandbox.fault(fault.times(times));
    }

    /// Mostly what is due for one of the open sales, and now and then something else.
    fn decide(&mut self) -> (Option<usize>, String) {
        let open: Vec<usize> = (0..self.sales.len())
            .filter(|&at| !self.sales[at].is_settled())
            .collect();
        if open.is_empty() || (open.len() < OPEN_SALES && self.chance.percent(30)) {
            let sale = self.new_sale();
            let command = sale.next_command();
            self.sales.push(sale);
            return (Some(self.sales.len() - 1), command);
        }
        match self.chance.below(100) {
            0..4 => return (None, "recover".to_owned()),
            4..6 => return (None, "pending".to_owned()),
            6..7 => return (None, "log".to_owned()),
            _ => {}
        }
        let at = match self.chance.percent(4) {
            // Also of one that is long done.
            true => self.chance.below(self.sales.len()),
            false => *self.chance.pick(&open),
        };
        let sale = &self.sales[at];
        let name = &sale.name;
        let command = match self.chance.below(100) {
            0..3 => sale.confirm(None),
            3..6 => sale.confirm(Some("-other")),
            6..8 => sale.confirm(Some(&sale.whole())),
            8..10 => format!("hold {name}"),
            10..12 => sale.form(),
            12..14 => sale.set_ref(),
            14..16 => format!("ref {name} {TAKEN}"),
            16..18 => format!("recover {name}"),
            18..20 => format!("abandon {name}"),
            _ => sale.next_command(),
        };
        (Some(at), command)
    }

    fn new_sale(&mut self) -> Sale {
        let name = format!("t{}s{}e", self.number, self.sales.len());
        let own = format!("R-{name}");
        let more = format!("R-{name}-b");
        let first = match self.chance.below(100) {
            0..8 => TAKEN.to_owned(),
            // Somebody at the till types the number of another sale.
            8..14 if !self.sales.is_empty() => {
                let other = self.chance.below(self.sales.len());
                format!("R-{}", self.sales[other].name)
            }
            _ => own.clone(),
        };
        let refs: Vec<&str> = match first == own {
            true => vec![&own, &more],
            false => vec![&first, &own, &more],
        };
        let (ref_in_order, hold) = (self.chance.percent(40), self.chance.percent(20));
        Sale::new(self.shop, &name, ref_in_order, hold, &refs)
    }

    /// Now and then something becomes of the next request for this sale. seQura never denies a
    /// confirmation here that it may have accepted: that it does so by its own rules.
    fn harm(&mut self, sale: usize) {
        if !self.chance.percent(25) {
            return;
        }
        let sandbox = &self.shop.sandbox;
        let chance = &mut self.chance;
        let uuid = self.sales[sale].uuid();
        let path = uuid.unwrap_or("/orders");
        let fault = match chance.below(14) {
            11.. => Fault::new(gateway(chance)),
            0..7 => Fault::new(lost(chance)),
            7 => Fault::new(foreign(*chance.pick(&[401, 403, 404, 429]))),
            8 => Fault::new(foreign(*chance.pick(&[410, 422, 500, 503]))),
            9 => Fault::new(Harm::Delay {
                ms: 1 + chance.below(12) as u64,
                when: When::After,
            }),
            _ => {
                let conflict = Fault::new(Harm::Conflict {
                    errors: vec!["Something that nobody has seen before".to_owned()],
                });
                match chance.below(3) {
                    0 => conflict.method("POST"),
                    1 => conflict.method("PUT").state("on_hold"),
                    _ => conflict.method("PUT").state(""),
                }
            }
        };
        let fault = if uuid.is_none() {
            fault.method("POST")
        } else {
            fault
        };
        sandbox.fault(
            fault
                .path(path)
                .times(if chance.percent(10) { 2 } else { 1 }),
        );
    }
}

/// A gateway between the till and seQura answers for it, and seQura may have acted or not. (A blank page
/// with 200 or 204, and JSON without `errors`, nobody can tell from seQura's own.)
fn gateway(chance: &mut Chance) -> Harm {
    let is_yes = chance.percent(50);
    let yes = [200, 200, 201, 202, 206];
    let no = [
        400, 401, 403, 404, 407, 408, 409, 410, 413, 425, 429, 451, 499, 511,
    ];
    let pages: &[Page] = match is_yes {
        true => &[Page::Html, Page::Text],
        false => &[Page::Html, Page::Text, Page::Json, Page::Blank],
    };
    Harm::BlockPage {
        status: if is_yes {
            *chance.pick(&yes)
        } else {
            *chance.pick(&no)
        },
        page: *chance.pick(pages),
        request_id: *chance.pick(&[RequestId::None, RequestId::Hex]),
        when: *chance.pick(&[When::Before, When::After]),
    }
}

/// Somebody in between answers.
fn foreign(status: u16) -> Harm {
    Harm::Status {
        status,
        body: String::new(),
        content_type: "text/html".to_owned(),
        headers: Default::default(),
    }
}

/// The request or its answer is lost, or the answer says nothing.
fn lost(chance: &mut Chance) -> Harm {
    match chance.below(7) {
        0 => Harm::CloseBefore {},
        1 | 2 => Harm::CloseAfter {},
        3 => Harm::Reset {
            when: *chance.pick(&[When::Before, When::After]),
        },
        4 => Harm::Truncate {
            bytes: chance.below(150),
            of: Part::Answer,
        },
        5 => Harm::Garbage {
            text: "\u{1}\r\n\r\n".to_owned(),
            when: When::After,
            close_notify: false,
        },
        _ => Harm::StatusAfter {
            status: *chance.pick(&[500, 502, 504]),
            body: String::new(),
            content_type: "text/html".to_owned(),
            headers: Default::default(),
        },
    }
}

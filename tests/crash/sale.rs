//! One sale as the people at a till see it: what they were told last, and what they do next.

use crate::book::Told;
use crate::ledger::{Change, Item};
use crate::shop::{Shop, cart, goods, order, order_file};
use crate::till::{Answer, Till};
use sequra_sandbox::Sandbox;
use serde_json::{Value, json};

/// More commands than any sale takes, however unlucky.
const MOST_COMMANDS: usize = 25;
pub const TOTAL: i64 = 1000;

/// What may be changed of a sale beside what goes out and comes back: less of it, nothing of what
/// is left, more than was sold (seQura refuses that), and another address.
pub const UPDATES: [&str; 4] = ["-less", "-none", "-dear", "-address"];

fn update(name: &str, variant: &str) -> Value {
    let unshipped = |items: &[Item]| json!({"unshipped_cart": cart(items)});
    match variant {
        "-less" => unshipped(&goods(name, TOTAL - 200)[..2]),
        "-none" => unshipped(&[]),
        "-dear" => unshipped(&goods(name, TOTAL + 1)),
        _ => {
            let order = order(name, None, cart(&[]));
            let mut address = order["order"]["delivery_address"].clone();
            address["postal_code"] = "28002".into();
            json!({"delivery_address": address})
        }
    }
}

#[derive(Clone, Debug)]
pub struct Sale {
    pub name: String,
    /// Whether the order carries its reference from the start.
    ref_in_order: bool,
    /// Whether the order is acknowledged as under review first.
    pub hold: bool,
    /// The references the till would give, best first.
    refs: Vec<String>,
    /// How many of them were refused.
    refused: usize,
    held: bool,
    asked: Option<String>,
    uuid: Option<String>,
    /// What was said of the order last, by whichever call; none: nobody knows.
    known: Option<Known>,
}

/// The part of an answer that decides what is next.
#[derive(Clone, Debug)]
pub struct Known {
    pub state: String,
    pub next: String,
    pub error: String,
    pub uuid: Option<String>,
}

impl Sale {
    /// Also writes the files with the order: as it is, with each reference, and with another cart.
    pub fn new(shop: &Shop, name: &str, ref_in_order: bool, hold: bool, refs: &[&str]) -> Sale {
        let first = ref_in_order.then(|| refs[0]);
        shop.write_order(name, "", first, TOTAL);
        shop.write_order(name, "-other", first, TOTAL - 1);
        for (at, order_ref_1) in refs.iter().enumerate() {
            shop.write_order(name, &format!("-ref{at}"), Some(order_ref_1), TOTAL);
        }
        for variant in UPDATES {
            shop.write(&order_file(name, variant), &update(name, variant));
        }
        Sale {
            name: name.to_owned(),
            ref_in_order,
            hold,
            refs: refs
                .iter()
                .map(|order_ref| (*order_ref).to_owned())
                .collect(),
            refused: 0,
            held: false,
            asked: None,
            uuid: None,
            known: None,
        }
    }

    /// A sale with two references of its own.
    pub fn plain(shop: &Shop, name: &str, ref_in_order: bool) -> Sale {
        let refs = [format!("R-{name}"), format!("R-{name}-b")];
        Sale::new(shop, name, ref_in_order, false, &[&refs[0], &refs[1]])
    }

    /// Sold with its reference, whatever became of it since.
    pub fn is_settled(&self) -> bool {
        let sold = |known: &Known| matches!(known.state.as_str(), "settled" | "cancelled");
        self.known.as_ref().is_some_and(sold)
    }

    /// The order's, once the till knows it.
    pub fn uuid(&self) -> Option<&str> {
        self.uuid.as_deref()
    }

    pub fn order_ref(&self) -> &str {
        &self.refs[self.refused % self.refs.len()]
    }

    pub fn start(&self) -> String {
        format!(
            "start {} {}",
            self.name,
            order_file(&self.name, &self.whole())
        )
    }

    /// Which of the sale's files has the order as it should be by now.
    pub fn whole(&self) -> String {
        match self.refused {
            refused if refused > 0 && self.ref_in_order => {
                format!("-ref{}", refused % self.refs.len())
            }
            _ => String::new(),
        }
    }

    pub fn form(&self) -> String {
        format!("form {} pp3", self.name)
    }

    pub fn confirm(&self, variant: Option<&str>) -> String {
        let file = variant.map_or("-".to_owned(), |variant| order_file(&self.name, variant));
        format!("confirm {} {file}", self.name)
    }

    /// A change of what was sold; what updates ask for is in files of the sale's own.
    pub fn change(&self, change: &Change) -> String {
        let (verb, argument) = change.command("-");
        format!("{verb} {} {argument}", self.name)
    }

    pub fn update(&self, variant: &str) -> String {
        format!("update {} {}", self.name, order_file(&self.name, variant))
    }

    pub fn set_ref(&self) -> String {
        format!("ref {} {}", self.name, self.order_ref())
    }

    /// What people who know their till do now.
    pub fn next_command(&self) -> String {
        let Some(known) = &self.known else {
            // Nobody knows what became of what was asked last: it is asked again.
            return self.asked.clone().unwrap_or_else(|| self.start());
        };
        if known.uuid.is_none() || known.state == "abandoned" {
            return self.start();
        }
        let confirmed = matches!(
            known.state.as_str(),
            "confirmed" | "ref_conflicted" | "referencing"
        );
        match known.next.as_str() {
            "send_form" => self.form(),
            "confirm" | "fix_order" if self.hold && !self.held => format!("hold {}", self.name),
            "confirm" => self.confirm(None),
            "choose_another_ref" if !confirmed => {
                let variant = format!("-ref{}", self.refused % self.refs.len());
                self.confirm(Some(&variant))
            }
            "set_order_ref" | "choose_another_ref" => self.set_ref(),
            "fix_order" => self.confirm(Some(&self.whole())),
            "restart_checkout" if known.state == "conflicted" => self.confirm(Some(&self.whole())),
            "restart_checkout" => self.start(),
            // What was refused is past the moment that it is asked again.
            "call_again" | "fix_configuration" | "contact_sequra" => match known.state.as_str() {
                "solicited" => self.form(),
                "form_sent" if self.hold && !self.held => format!("hold {}", self.name),
                "form_sent" | "held" => self.confirm(None),
                "confirmed" => self.set_ref(),
                _ => format!("recover {}", self.name),
            },
            _ => format!("recover {}", self.name),
        }
    }

    /// The command is about to be given.
    pub fn ask(&mut self, command: &str) {
        self.asked = Some(command.to_owned());
        self.known = None;
        self.held |= command.starts_with("hold ");
    }

    /// The till has told something; it may be about this sale.
    pub fn hear(&mut self, answer: &Answer) {
        let mut listed = answer.saw.iter().filter(|order| order.name == self.name);
        if let Some(order) = listed.next_back() {
            self.know(&order.state, &order.next, "-", &order.uuid);
        }
        match &answer.told {
            Some(Told {
                name,
                status,
                state,
                next,
                error,
                uuid,
                ..
            }) if *name == self.name => {
                if error == "duplicate_order_ref" {
                    self.refused += 1;
                }
                // Nothing is known of an order whose journal cannot be asked.
                if status != "SQ_JOURNAL" {
                    self.know(state, next, error, uuid);
                }
            }
            _ => {}
        }
        if answer.skipped.as_ref() == Some(&self.name) {
            self.know("-", "-", "-", &None);
        }
    }

    fn know(&mut self, state: &str, next: &str, error: &str, uuid: &Option<String>) {
        self.uuid = uuid.clone().or(self.uuid.take());
        self.known = Some(Known {
            state: state.to_owned(),
            next: next.to_owned(),
            error: error.to_owned(),
            uuid: uuid.clone(),
        });
    }

    /// One command, and what is learnt from it. False: the till is dead.
    pub fn step(&mut self, till: &mut Till, sandbox: &Sandbox, command: &str) -> bool {
        self.ask(command);
        let Some(answer) = till.call(command) else {
            return false;
        };
        self.hear(&answer);
        self.shopper_finishes(sandbox);
        true
    }

    /// A shopper who is told that the till waits for the form fills it in.
    pub fn shopper_finishes(&self, sandbox: &Sandbox) {
        if let Some(Known {
            error,
            uuid: Some(uuid),
            ..
        }) = &self.known
            && error == "not_approved"
        {
            // Somebody may have approved it meanwhile.
            let _ = sandbox.approve(uuid);
        }
    }

    /// Leads the sale to its end, as a till would.
    pub fn finish(&mut self, till: &mut Till, sandbox: &Sandbox) -> Result<(), String> {
        let mut given = Vec::new();
        while !self.is_settled() {
            if given.len() == MOST_COMMANDS {
                return Err(format!(
                    "{} comes to no end: {given:?}, {:?}",
                    self.name, self.known
                ));
            }
            let command = self.next_command();
            if !self.step(till, sandbox, &command) {
                return Err(format!("the till died of {command}"));
            }
            given.push(command);
        }
        Ok(())
    }
}

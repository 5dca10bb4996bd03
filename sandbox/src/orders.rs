//! The life of one order at seQura.
//!
//! ```text
//! solicited ──► approved ──────────────────────────► confirmed
//!     │  └────► needs_review ──► on_hold ──► approved ──┘
//!     │              └──────────────┴──────► cancelled
//!     └───────► rejected                     expired (from any state before confirmed)
//! ```
//!
//! The shopper and seQura's risk desk move an order by a [`Turn`]; the shop moves it by
//! PUTs (`acknowledge.rs`), and ends it by an update that empties both carts before
//! anything was shipped (`update.rs`). Nothing else changes a state.

use crate::carts::amount;
use crate::check::reference;
use crate::ledger::{Event, now};
use crate::sale::{Sale, SaleView};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Solicited,
    Approved,
    NeedsReview,
    OnHold,
    Confirmed,
    Rejected,
    Cancelled,
    Expired,
}

impl State {
    /// Why nothing more can be done with the order, if so; seQura's text is not public [I].
    pub fn dead(self) -> Option<&'static str> {
        match self {
            State::Rejected => Some("Invalid data: the order has been rejected"),
            State::Cancelled => Some("Invalid data: the order has been cancelled"),
            State::Expired => Some("Invalid data: the order has expired"),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            State::Solicited => "solicited",
            State::Approved => "approved",
            State::NeedsReview => "needs_review",
            State::OnHold => "on_hold",
            State::Confirmed => "confirmed",
            State::Rejected => "rejected",
            State::Cancelled => "cancelled",
            State::Expired => "expired",
        }
    }
}

/// What the shopper or seQura can do to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Approve,
    Review,
    Reject,
    Cancel,
    Expire,
}

impl Turn {
    pub const ALL: [Turn; 5] = [
        Turn::Approve,
        Turn::Review,
        Turn::Reject,
        Turn::Cancel,
        Turn::Expire,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Turn::Approve => "approve",
            Turn::Review => "review",
            Turn::Reject => "reject",
            Turn::Cancel => "cancel",
            Turn::Expire => "expire",
        }
    }

    pub fn from_name(name: &str) -> Option<Turn> {
        Turn::ALL.into_iter().find(|turn| turn.name() == name)
    }

    pub fn is_possible(self, state: State) -> bool {
        self.leads(state).is_some()
    }

    /// Where the turn leads from `state`, and what the ledger calls it.
    fn leads(self, state: State) -> Option<(State, Event)> {
        use State::*;
        match (self, state) {
            (Turn::Approve, Solicited | NeedsReview | OnHold) => Some((Approved, Event::Approved)),
            (Turn::Review, Solicited) => Some((NeedsReview, Event::NeedsReview)),
            (Turn::Reject, Solicited) => Some((Rejected, Event::Rejected)),
            // The shop knows of an order under review as one that may still come [D], so
            // its refusal is a cancellation.
            (Turn::Reject, NeedsReview | OnHold) => Some((Cancelled, Event::Cancelled)),
            (Turn::Cancel, Solicited | NeedsReview | OnHold | Approved | Confirmed) => {
                Some((Cancelled, Event::Cancelled))
            }
            (Turn::Expire, Solicited | NeedsReview | OnHold | Approved) => {
                Some((Expired, Event::Expired))
            }
            _ => None,
        }
    }
}

/// One step of an order's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    pub at: String,
    pub event: Event,
    /// The state after the event.
    pub state: State,
}

pub struct Order {
    pub uuid: String,
    pub account: String,
    pub merchant_id: String,
    pub order_ref_1: Option<String>,
    pub order_ref_2: Option<String>,
    /// What is owed: the total as last accepted. The ceiling is that of `solicited`.
    pub amount: i64,
    pub currency: String,
    pub state: State,
    pub form_delivered: bool,
    /// Stays true when a confirmed order is cancelled: its reference stays taken.
    pub was_confirmed: bool,
    /// The order as solicited; every PUT is held against it.
    pub solicited: Value,
    /// The order as last acknowledged; what updates said since is in `sale`.
    pub latest: Value,
    pub history: Vec<Moment>,
    /// What became of it since it was confirmed.
    pub sale: Option<Sale>,
    /// What disbursements have paid for it so far.
    pub paid: i64,
}

impl Order {
    /// `order` has passed `payload::problems`.
    pub fn new(uuid: String, account: &str, order: Value) -> Order {
        let cart = crate::carts::cart_names(&order)[0];
        Order {
            uuid,
            account: account.to_owned(),
            merchant_id: reference(&order["merchant"]["id"]).unwrap_or_default(),
            order_ref_1: reference(&order["merchant_reference"]["order_ref_1"]),
            order_ref_2: reference(&order["merchant_reference"]["order_ref_2"]),
            amount: amount(&order).unwrap_or_default(),
            currency: order[cart]["currency"].as_str().unwrap_or_default().into(),
            state: State::Solicited,
            form_delivered: false,
            was_confirmed: false,
            latest: order.clone(),
            solicited: order,
            history: Vec::new(),
            sale: None,
            paid: 0,
        }
    }

    /// Moves to `state` and remembers it.
    pub fn enter(&mut self, state: State, event: Event) {
        self.state = state;
        if state == State::Confirmed {
            self.was_confirmed = true;
            self.sale
                .get_or_insert_with(|| Sale::new(&self.latest, self.amount));
        }
        self.history.push(Moment {
            at: now(),
            event,
            state,
        });
    }

    /// The shopper's or seQura's move; refused, in words, where it makes no sense.
    pub fn turn(&mut self, turn: Turn) -> Result<Event, String> {
        let (state, event) = turn.leads(self.state).ok_or_else(|| {
            format!(
                "cannot {} an order that is {}",
                turn.name(),
                self.state.name()
            )
        })?;
        self.enter(state, event);
        Ok(event)
    }

    /// Takes over what a PUT said. Once an update has spoken of the carts, the order is what
    /// the updates say.
    pub fn acknowledge(&mut self, payload: Value) {
        self.latest = payload;
        if self.sale.as_ref().is_none_or(|s| s.updates.is_empty()) {
            self.amount = amount(&self.latest).unwrap_or(self.amount);
            self.sale = self
                .was_confirmed
                .then(|| Sale::new(&self.latest, self.amount));
        }
    }

    /// The order's content as it is now: as acknowledged, with what was updated since.
    pub fn content(&self) -> Value {
        let mut content = self.latest.clone();
        if let (Some(sale), Value::Object(fields)) = (&self.sale, &mut content)
            && !sale.updates.is_empty()
        {
            fields.remove("cart");
            fields.extend(sale.details.clone());
            fields.insert("unshipped_cart".into(), sale.unshipped_cart.clone());
            fields.insert("shipped_cart".into(), sale.shipped_cart.clone());
        }
        content
    }

    pub fn view(&self) -> OrderView {
        OrderView {
            uuid: self.uuid.clone(),
            state: self.state,
            account: self.account.clone(),
            merchant_id: self.merchant_id.clone(),
            order_ref_1: self.order_ref_1.clone(),
            order_ref_2: self.order_ref_2.clone(),
            amount: self.amount,
            currency: self.currency.clone(),
            form_delivered: self.form_delivered,
            history: self.history.clone(),
            sale: self.sale.as_ref().map(Sale::view),
            paid: self.paid,
        }
    }
}

/// An order as the control interface shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderView {
    pub uuid: String,
    pub state: State,
    pub account: String,
    pub merchant_id: String,
    pub order_ref_1: Option<String>,
    pub order_ref_2: Option<String>,
    pub amount: i64,
    pub currency: String,
    pub form_delivered: bool,
    pub history: Vec<Moment>,
    /// What became of it since it was confirmed; none before.
    pub sale: Option<SaleView>,
    /// What disbursements have paid for it so far.
    pub paid: i64,
}

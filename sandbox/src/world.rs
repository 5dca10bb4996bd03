//! All that the simulated seQura knows, behind one lock.
//!
//! Plain data with plain methods; `sequra.rs` shares it. What a PUT does to an order is in
//! a file of its own: `acknowledge.rs`, `update.rs`.

use crate::accounts::{Account, Merchant};
use crate::answers::Refusal;
use crate::check::reference;
use crate::delivery_reports::DeliveryReport;
use crate::disbursements::Disbursement;
use crate::faults::Faults;
use crate::ledger::{Event, LedgerEntry, now};
use crate::orders::{Order, OrderView, State, Turn};
use crate::payload;
use crate::requests::RequestLog;
use crate::rules::Rules;
use crate::shopper::{self, Email, Sms};
use serde_json::Value;
use std::collections::HashMap;

pub struct World {
    orders: Vec<Order>,
    by_uuid: HashMap<String, usize>,
    pub ledger: Vec<LedgerEntry>,
    pub sms: Vec<Sms>,
    pub emails: Vec<Email>,
    /// Disbursements, in the order in which they were made.
    pub paid_out: Vec<Disbursement>,
    pub delivery_reports: Vec<DeliveryReport>,
    pub rules: Rules,
    pub faults: Faults,
    pub requests: RequestLog,
}

impl World {
    pub fn new(rules: Rules) -> World {
        World {
            orders: Vec::new(),
            by_uuid: HashMap::new(),
            ledger: Vec::new(),
            sms: Vec::new(),
            emails: Vec::new(),
            paid_out: Vec::new(),
            delivery_reports: Vec::new(),
            rules,
            faults: Faults::default(),
            requests: RequestLog::default(),
        }
    }

    pub fn order(&self, uuid: &str) -> Option<&Order> {
        self.by_uuid.get(uuid).map(|&i| &self.orders[i])
    }

    pub fn order_mut(&mut self, uuid: &str) -> Option<&mut Order> {
        self.by_uuid.get(uuid).map(|&i| &mut self.orders[i])
    }

    pub fn orders_mut(&mut self) -> &mut [Order] {
        &mut self.orders
    }

    pub fn all_orders(&self) -> &[Order] {
        &self.orders
    }

    pub fn orders(&self) -> Vec<OrderView> {
        self.orders.iter().map(Order::view).collect()
    }

    /// A merchant's orders, as far as they were made by this account.
    pub fn orders_of(&self, account: &Account, merchant_id: &str) -> impl Iterator<Item = &Order> {
        self.orders
            .iter()
            .filter(move |o| o.account == account.key && o.merchant_id == merchant_id)
    }

    /// The order, if there is one and it is the caller's; otherwise the answer to a question about it is a
    /// 403 [C].
    pub fn order_of(&self, uuid: &str, account: &Account) -> Result<&Order, Refusal> {
        let order = self.order(uuid);
        order
            .filter(|order| order.account == account.key)
            .ok_or_else(|| Refusal::BadOrderId {
                id: uuid.to_owned(),
                account: account.key.clone(),
            })
    }

    /// The same where the order is to be changed: how one is refused that is not there is inferred [I].
    pub fn order_to_change(&self, uuid: &str, account: &Account) -> Result<&Order, Refusal> {
        match self.order(uuid) {
            None if !self.rules.unknown_orders_forbidden => Err(Refusal::NotFound),
            _ => self.order_of(uuid, account),
        }
    }

    /// POST /orders: a new order under a new uuid, however often the same is asked for.
    /// Uniqueness of references is a matter of confirmed orders [D].
    pub fn solicit(
        &mut self,
        account: &Account,
        order: Value,
        request_id: &str,
    ) -> Result<String, Refusal> {
        self.check_payload(account, &order)?;
        let state = &order["state"];
        // `confirmed` is allowed here [D] and means nothing yet.
        if !state.is_null() && !matches!(state.as_str(), Some("" | "confirmed")) {
            return Err(Refusal::unknown_state(state));
        }
        let uuid = uuid::Uuid::new_v4().to_string();
        let mut order = Order::new(uuid.clone(), &account.key, order);
        order.enter(State::Solicited, Event::Solicited);
        self.by_uuid.insert(uuid.clone(), self.orders.len());
        self.orders.push(order);
        self.record(&uuid, Event::Solicited, Some(request_id));
        Ok(uuid)
    }

    /// The merchant must be one of the caller's, and the order an order.
    pub fn check_payload(&self, account: &Account, order: &Value) -> Result<(), Refusal> {
        let merchant = Self::merchant_of(account, order)?;
        match payload::problems(order, merchant, &self.rules) {
            problems if problems.is_empty() => Ok(()),
            problems => Err(Refusal::Conflict(problems)),
        }
    }

    /// The merchant that the payload names, which must be one of the caller's.
    pub fn merchant_of<'a>(account: &'a Account, payload: &Value) -> Result<&'a Merchant, Refusal> {
        match reference(&payload["merchant"]["id"]) {
            Some(id) => account.merchant(&id).ok_or_else(|| Refusal::BadMerchantId {
                id,
                account: account.key.clone(),
            }),
            // No merchant is one more thing missing; the others are checked by the first.
            None => account
                .merchants
                .first()
                .ok_or_else(|| Refusal::conflict("Invalid data: merchant.id is required")),
        }
    }

    /// Is the reference taken by another order of the merchant that was confirmed?
    pub fn reference_taken(&self, merchant_id: &str, reference: &str, uuid: &str) -> bool {
        self.orders.iter().any(|other| {
            other.was_confirmed
                && other.uuid != uuid
                && other.merchant_id == merchant_id
                && other.order_ref_1.as_deref() == Some(reference)
        })
    }

    /// Writes the ledger's line for what just happened to the order.
    pub fn record(&mut self, uuid: &str, event: Event, request_id: Option<&str>) {
        let seq = self.ledger.len() as u64 + 1;
        if let Some(order) = self.order(uuid) {
            let entry = LedgerEntry {
                seq,
                at: now(),
                event,
                uuid: order.uuid.clone(),
                merchant_id: order.merchant_id.clone(),
                order_ref_1: order.order_ref_1.clone(),
                amount: order.amount,
                unshipped_total: order.sale.as_ref().map(|sale| sale.totals().0),
                shipped_total: order.sale.as_ref().map(|sale| sale.totals().1),
                currency: order.currency.clone(),
                request_id: request_id.map(str::to_owned),
            };
            self.ledger.push(entry);
        }
    }

    /// POST /orders/{uuid}/form_deliveries. The body is not wrapped [D]; which status a
    /// refusal has is not said [I]. Gives the link that the message brings.
    pub fn deliver_form(
        &mut self,
        uuid: &str,
        delivery: &Value,
        order_url: &str,
        request_id: &str,
    ) -> Result<String, Refusal> {
        let order = self.order(uuid).ok_or(Refusal::NotFound)?;
        if let Some(text) = order.state.dead() {
            return Err(self.dead(text));
        }
        let refuse = |text: &str| {
            Refusal::Other(
                self.rules.sms_refusal_status,
                format!("Invalid data: {text}"),
            )
        };
        if order.state != State::Solicited {
            return Err(refuse("the shopper has already completed the form"));
        }
        let field = |name: &str| delivery[name].as_str().filter(|text| !text.is_empty());
        let by_email = match field("channel") {
            Some("sms") => false,
            Some("email") if self.rules.form_by_email => true,
            Some(other) => return Err(refuse(&format!("channel '{other}' is not supported"))),
            None => return Err(refuse("channel is required")),
        };
        let product = field("product_code").ok_or_else(|| refuse("product_code is required"))?;
        if !PRODUCT_CODES.contains(&product) {
            return Err(refuse(&format!("product_code '{product}' is not known")));
        }
        let campaign = field("campaign");
        if product == "pp5" && campaign.is_none() {
            return Err(refuse("campaign is required for product_code 'pp5'"));
        }
        let whereto = match by_email {
            false => shopper::mobile_phone(&order.latest)
                .ok_or_else(|| refuse("mobile_phone is required to send the form by sms"))?,
            true => shopper::email(&order.latest)
                .ok_or_else(|| refuse("email is required to send the form by email"))?,
        };
        if !by_email && self.rules.sms_spanish_mobile_only && !shopper::is_spanish_mobile(whereto) {
            return Err(refuse("mobile_phone is not a Spanish mobile number"));
        }
        let sent = self.sms.iter().filter(|sms| sms.uuid == uuid).count() as u64;
        if !by_email && self.rules.sms_limit > 0 && sent >= self.rules.sms_limit {
            return Err(Refusal::Other(
                429,
                "Invalid data: too many messages have been sent for this order".into(),
            ));
        }
        let mut link = format!("{order_url}/pumbaa_form?product={product}");
        if let Some(campaign) = campaign {
            link += &format!("&campaign={}", percent_encode(campaign));
        }
        let (at, uuid_of_it, whereto) = (now(), uuid.to_owned(), whereto.to_owned());
        let product_code = product.to_owned();
        let campaign = campaign.map(str::to_owned);
        let opened = link.clone();
        match by_email {
            false => self.sms.push(Sms {
                at,
                uuid: uuid_of_it,
                phone: whereto,
                link,
                product_code,
                campaign,
            }),
            true => self.emails.push(Email {
                at,
                uuid: uuid_of_it,
                email: whereto,
                link,
                product_code,
                campaign,
            }),
        }
        if let Some(order) = self.order_mut(uuid) {
            order.form_delivered = true;
            order.enter(order.state, Event::FormDelivered);
        }
        self.record(uuid, Event::FormDelivered, Some(request_id));
        Ok(opened)
    }

    /// What a request for an order gets with which nothing more can be done.
    pub fn dead(&self, text: &str) -> Refusal {
        if self.rules.dead_orders_are_gone {
            Refusal::Gone(text.to_owned())
        } else {
            Refusal::conflict(text)
        }
    }

    pub fn turn(&mut self, uuid: &str, turn: Turn) -> Result<OrderView, ControlError> {
        let order = self.order_mut(uuid).ok_or(ControlError::UnknownOrder)?;
        let event = order.turn(turn).map_err(ControlError::NotPossible)?;
        let view = order.view();
        self.record(uuid, event, None);
        Ok(view)
    }
}

const PRODUCT_CODES: &[&str] = &["i1", "pp3", "pp5", "pp6", "pp9", "sp1", "fp1", "tbs"];

/// Percent-encodes all but the unreserved characters.
pub fn percent_encode(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}

/// Why the control interface could not do what it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ControlError {
    UnknownOrder,
    NotPossible(String),
}

impl std::fmt::Display for ControlError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ControlError::UnknownOrder => f.write_str("there is no such order"),
            ControlError::NotPossible(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for ControlError {}

//! PUT /orders/{uuid}: hold, confirm, register the reference.
//!
//! One call with three meanings, told apart by `state` [D]. The body is the complete
//! order again; it is checked as an order, then held against the approved one, and only
//! then does anything change. Repeating an accepted call is accepted [C].

use crate::accounts::Account;
use crate::answers::Refusal;
use crate::changes;
use crate::check::reference;
use crate::ledger::Event;
use crate::orders::{Order, State};
use crate::rules::Repeated;
use crate::world::World;
use serde_json::Value;

enum Wish {
    Hold,
    Confirm,
    /// No change of state: references.
    Register,
}

impl World {
    pub fn acknowledge(
        &mut self,
        uuid: &str,
        account: &Account,
        payload: Value,
        request_id: &str,
    ) -> Result<(), Refusal> {
        let order = self.order_to_change(uuid, account)?;
        if let Some(text) = order.state.dead() {
            return Err(self.dead(text));
        }
        self.check_payload(account, &payload)?;
        let wish = match &payload["state"] {
            Value::Null => Wish::Register,
            Value::String(state) if state.is_empty() => Wish::Register,
            Value::String(state) if state == "on_hold" => Wish::Hold,
            Value::String(state) if state == "confirmed" => Wish::Confirm,
            other => return Err(Refusal::unknown_state(other)),
        };

        let before = order.state;
        let old_reference = order.order_ref_1.clone();
        let sent_reference = reference(&payload["merchant_reference"]["order_ref_1"]);
        let mut conflicts = Vec::new();
        conflicts.extend(self.untimely(&wish, before).map(str::to_owned));
        conflicts.extend(changes::conflicts(&order.solicited, &payload, &self.rules));
        conflicts.extend(self.reference_conflict(uuid, &wish, sent_reference.as_deref()));
        conflicts.extend(self.repetition(order, &wish, sent_reference.as_deref()));
        if !conflicts.is_empty() {
            return Err(Refusal::Conflict(conflicts));
        }

        let Some(order) = self.order_mut(uuid) else {
            return Err(Refusal::NotFound);
        };
        order.acknowledge(payload);
        let references = &order.latest["merchant_reference"];
        if let Some(sent) = reference(&references["order_ref_2"]) {
            order.order_ref_2 = Some(sent);
        }
        let registers = sent_reference.is_some() && sent_reference != old_reference;
        if registers {
            order.order_ref_1 = sent_reference;
        }
        let event = match wish {
            Wish::Confirm if before != State::Confirmed => {
                order.enter(State::Confirmed, Event::Confirmed);
                Some(Event::Confirmed)
            }
            // An order that was approved meanwhile does not go back on hold.
            Wish::Hold if matches!(before, State::NeedsReview | State::Solicited) => {
                order.enter(State::OnHold, Event::Held);
                Some(Event::Held)
            }
            _ if registers => {
                order.enter(before, Event::ReferenceRegistered);
                Some(Event::ReferenceRegistered)
            }
            _ => None,
        };
        if let Some(event) = event {
            self.record(uuid, event, Some(request_id));
        }
        Ok(())
    }

    /// What the wish lacks in the order's state, if anything. None of it is documented [I].
    fn untimely(&self, wish: &Wish, state: State) -> Option<&'static str> {
        let rules = &self.rules;
        match (wish, state) {
            (Wish::Confirm, State::Solicited | State::NeedsReview | State::OnHold) => rules
                .confirm_requires_approval
                .then_some("Invalid data: the order has not been approved yet"),
            (Wish::Hold, State::Solicited) => rules
                .hold_requires_review
                .then_some("Invalid data: the order is not under review"),
            (Wish::Hold, State::Confirmed) => {
                Some("Invalid data: the order has already been confirmed")
            }
            (Wish::Register, State::Solicited | State::NeedsReview | State::Approved) => (!rules
                .reference_before_confirmation)
                .then_some("Invalid data: the order has not been confirmed yet"),
            _ => None,
        }
    }

    /// What is wrong with asking again for what was accepted, if anything [I].
    fn repetition(&self, order: &Order, wish: &Wish, sent: Option<&str>) -> Option<String> {
        let known = order.order_ref_1.as_deref();
        let repeated = match wish {
            Wish::Confirm if order.state == State::Confirmed => self.rules.repeated_confirm,
            Wish::Register if sent.is_some() && sent == known => self.rules.repeated_reference,
            _ => return None,
        };
        Some(match (repeated, sent.or(known)) {
            (Repeated::Accepted, _) => return None,
            (Repeated::ReferenceNotUnique, Some(reference)) => {
                in_use(reference, &order.merchant_id)
            }
            (Repeated::AlreadyConfirmed | Repeated::ReferenceNotUnique, _) => {
                "Invalid data: the order has already been confirmed".to_owned()
            }
            (Repeated::Unrecognised, _) => {
                "Invalid data: the order cannot be acknowledged".to_owned()
            }
        })
    }

    /// References are unique among a merchant's confirmed orders [D]. A confirm without
    /// one is judged by the reference given at the start.
    fn reference_conflict(&self, uuid: &str, wish: &Wish, sent: Option<&str>) -> Option<String> {
        let order = self.order(uuid)?;
        let known = order.order_ref_1.as_deref();
        let effective = match wish {
            Wish::Confirm => sent.or(known)?,
            Wish::Hold | Wish::Register => sent?,
        };
        let merchant = &order.merchant_id;
        if self.reference_taken(merchant, effective, uuid) {
            return Some(in_use(effective, merchant));
        }
        let replaces = known.is_some_and(|known| known != effective);
        (replaces && order.state == State::Confirmed && !self.rules.reference_can_change).then(
            || {
                format!(
                    "Invalid data: order_ref_1 of this order is already '{}'",
                    known.unwrap_or_default()
                )
            },
        )
    }
}

fn in_use(order_ref_1: &str, merchant: &str) -> String {
    format!("Invalid data: order_ref_1 '{order_ref_1}' is already in use for merchant '{merchant}'")
}

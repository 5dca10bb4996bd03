//! The sentence of a message on which most depends: whether the goods may be handed over.

use super::phrases::{Goods, Operation};
use super::situation::Situation;
use crate::lifecycle::State;
use crate::status::Status;

/// Whether to say something about the goods, and what. `None` where nobody asks: before the form
/// is sent, in calls that are about no sale, and after the sale, when the goods are long gone.
pub(super) fn goods(operation: Option<Operation>, situation: &Situation) -> Option<Goods> {
    let operation = operation?;
    let lost = matches!(
        situation.state,
        Some(State::Conflicted | State::Cancelled | State::Abandoned)
    );
    let settled = situation.state == Some(State::Settled);
    match operation {
        Operation::StartSolicitation
        | Operation::SendForm
        | Operation::Hold
        | Operation::Confirm
        | Operation::SetOrderRef
        | Operation::OrderInfo
        | Operation::Resolve
        | Operation::Recover => {}
        // Shipping an order that is not settled is the same question in other words.
        Operation::Ship
            if situation.status != Status::Ok && situation.state.is_some() && !settled =>
        {
            return Some(if lost { Goods::No } else { Goods::NotYet });
        }
        _ => return None,
    }
    if lost {
        return Some(Goods::No);
    }
    if situation.status == Status::Ok {
        return match (operation, situation.state?) {
            (Operation::Confirm | Operation::SetOrderRef | Operation::Recover, State::Settled) => {
                Some(Goods::HandOver)
            }
            // Asked about days later, or said by a person, a settled order may have been handed over or
            // returned already.
            (_, State::Settled) => None,
            (_, State::Soliciting | State::Solicited) => None,
            _ => Some(Goods::NotYet),
        };
    }
    if settled {
        // The call failed, the sale stands: "do not hand over" would be wrong, "hand over" is not
        // for an error to say.
        return None;
    }
    match operation {
        Operation::StartSolicitation | Operation::SendForm if !situation.is_confirmed() => None,
        Operation::Confirm if situation.is_refused_for_good() => Some(Goods::No),
        // About no particular order.
        Operation::OrderInfo | Operation::Recover | Operation::Resolve
            if situation.state.is_none() =>
        {
            None
        }
        _ => Some(Goods::NotYet),
    }
}

//! The sentence of a message on which most depends: whether the goods may be handed over.

use super::phrases::{Function, Goods};
use super::situation::Situation;
use crate::lifecycle::State;
use crate::status::Status;

/// Whether to say something about the goods, and what. `None` where nobody asks: before the form
/// is sent, in calls that are about no sale, and after the sale, when the goods are long gone.
pub(super) fn goods(function: Option<Function>, situation: &Situation) -> Option<Goods> {
    let function = function?;
    if situation.goes_on_elsewhere().is_some() {
        return None;
    }
    let lost = matches!(
        situation.state,
        Some(State::Conflicted | State::Cancelled | State::Abandoned)
    );
    let settled = situation.state == Some(State::Settled);
    match function {
        Function::StartSolicitation
        | Function::SendForm
        | Function::Hold
        | Function::Confirm
        | Function::SetOrderRef
        | Function::OrderInfo
        | Function::Resolve
        | Function::Recover => {}
        // Shipping an order that is not settled is the same question in other words.
        Function::Ship
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
        return match (function, situation.state?) {
            (Function::Confirm | Function::SetOrderRef | Function::Recover, State::Settled) => {
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
    match function {
        Function::StartSolicitation | Function::SendForm if !situation.is_confirmed() => None,
        Function::Confirm if situation.is_refused_for_good() => Some(Goods::No),
        // About no particular order.
        Function::OrderInfo | Function::Recover | Function::Resolve
            if situation.state.is_none() =>
        {
            None
        }
        _ => Some(Goods::NotYet),
    }
}

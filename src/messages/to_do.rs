//! The last sentence of a message: what to do now.

use super::field::{self, Field};
use super::phrases::{Function, Help, Phrases};
use super::situation::Situation;
use crate::problem::Problem;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

/// `next`, but for the cases where the person at the till cannot do it.
pub(super) fn what_to_do(
    phrases: &dyn Phrases,
    function: Option<Function>,
    situation: &Situation,
) -> Option<&'static str> {
    let code = situation.error.map(|problem| problem.code);
    let about_no_order = situation.state.is_none()
        && matches!(
            function,
            Some(Function::Pending | Function::ClientOpen | Function::Recover)
        );
    match situation.next {
        Next::None => help(situation, code).map(|help| phrases.help(help)),
        // Whoever corrects the ticket number must be told to change it, not to correct it.
        Next::FixOrder if code == Some(ErrorCode::DuplicateOrderRef) => {
            Some(phrases.next(Next::ChooseAnotherRef))
        }
        Next::FixOrder if situation.error.is_some_and(only_the_program_can_mend) => {
            Some(phrases.help(Help::CallSupport))
        }
        // Another client finds the journal as it is now.
        Next::FixConfiguration if code == Some(ErrorCode::JournalLost) => {
            Some(phrases.help(Help::RestartTill))
        }
        Next::ContactSequra if code == Some(ErrorCode::JournalRestored) => {
            Some(phrases.help(Help::LookInPortal))
        }
        Next::ContactSequra if situation.is_unsaid() => Some(phrases.help(Help::LookInPortal)),
        // The same would be said no to again.
        Next::RestartCheckout if situation.is_rejected() => Some(phrases.help(Help::PayOtherwise)),
        Next::Recover if about_no_order => Some(phrases.help(Help::RecoverPending)),
        next => Some(phrases.next(next)),
    }
}

/// Where an error comes with no next step, somebody still has to be told.
fn help(situation: &Situation, code: Option<ErrorCode>) -> Option<Help> {
    let stopped = matches!(situation.status, Status::Internal | Status::InvalidHandle)
        || matches!(code, Some(ErrorCode::PoisonedHandle));
    match situation.status {
        Status::Ok => None,
        // The first sentence said where the sale stands; nothing is broken.
        Status::WrongState if situation.state.is_some() => None,
        // Nothing is broken; the sale goes on at another till.
        Status::TakenOver => None,
        _ if stopped => Some(Help::RestartTill),
        _ => Some(Help::CallSupport),
    }
}

/// The till's program made the mistake: no key on the till corrects it.
fn only_the_program_can_mend(problem: &Problem) -> bool {
    let unnamed = problem
        .pointer
        .as_deref()
        .is_some_and(|pointer| field::parse(pointer).0 == Field::Other);
    match problem.code {
        ErrorCode::NullArgument
        | ErrorCode::ArgumentOutOfRange
        | ErrorCode::InvalidHandle
        | ErrorCode::PoisonedHandle
        | ErrorCode::InvalidJson
        | ErrorCode::DuplicateKey
        | ErrorCode::TooLarge
        | ErrorCode::WrongType
        | ErrorCode::NotAnInteger
        | ErrorCode::InvalidLanguage
        | ErrorCode::InvalidIpAddress
        | ErrorCode::InvalidUrl
        | ErrorCode::ForbiddenField
        | ErrorCode::CallbackNotAllowed
        | ErrorCode::UnknownItemType
        | ErrorCode::UnknownField
        | ErrorCode::ForeignUrl
        | ErrorCode::NoMerchantForCountry => true,
        ErrorCode::MissingField
        | ErrorCode::EmptyText
        | ErrorCode::InvalidValue
        | ErrorCode::OutOfRange
        | ErrorCode::MutuallyExclusive
        | ErrorCode::InvalidDate
        | ErrorCode::InvalidDuration => unnamed,
        _ => false,
    }
}

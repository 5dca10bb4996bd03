//! What a message has to tell about.

use super::offers::Offers;
use crate::lifecycle::State;
use crate::problem::Problem;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

/// The outcome of one call, reduced to what the person at the
/// till can be told. There is no personal data in here, so none can reach the till's screen.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The operation as the result buffer names it, e.g. `confirm`. One that is not known here
    /// gets the general texts.
    pub operation: &'a str,
    /// What the call returns.
    pub status: Status,
    /// The order's state after the call, where the call was about an order.
    pub state: Option<State>,
    /// What the till should do.
    pub next: Next,
    /// The first of the errors, if there are any; where the call has none, what was said no to before.
    pub error: Option<&'a Problem>,
    /// How many errors there are in all.
    pub error_count: usize,
    /// What deserves a look although the call went its way.
    pub warnings: &'a [Problem],
    /// The order's total, in the currency's smallest unit.
    pub amount: Option<i64>,
    /// The order's currency, ISO 4217.
    pub currency: Option<&'a str>,
    /// The shop's number of the sale.
    pub order_ref_1: Option<&'a str>,
    /// The form goes by mail, and not to a mobile.
    pub is_by_email: bool,
    /// What an amount costs in instalments.
    pub offers: Option<&'a Offers>,
    /// How much is given back, in the currency's smallest unit.
    pub given_back: Option<i64>,
    /// It is only tried, and no sale.
    pub is_test: bool,
    /// Nothing was done: what would come of it was looked at.
    pub is_preview: bool,
}

impl Situation<'_> {
    /// What is told is of an order that goes on elsewhere: the warning that says so.
    pub(super) fn goes_on_elsewhere(&self) -> Option<ErrorCode> {
        let mut told = self.warnings.iter().map(|warning| warning.code);
        let is_told =
            |code: &ErrorCode| matches!(code, ErrorCode::TakenOver | ErrorCode::TakenByOffice);
        told.find(is_told).filter(|_| self.status == Status::Ok)
    }

    /// seQura has answered, and left open what became of an earlier attempt.
    pub(super) fn is_unsaid(&self) -> bool {
        self.status == Status::OutcomeUnknown && self.next == Next::ContactSequra
    }

    /// An answer came, and it was not seQura's.
    pub(super) fn is_a_strangers(&self) -> bool {
        let code = self.error.map(|problem| problem.code);
        code == Some(ErrorCode::NotSequrasAnswer)
    }

    /// seQura does not finance this purchase.
    pub(super) fn is_rejected(&self) -> bool {
        !self.is_confirmed() && self.error.is_some_and(Problem::is_rejection)
    }

    /// seQura has confirmed the order, whatever is still missing.
    pub(super) fn is_confirmed(&self) -> bool {
        matches!(
            self.state,
            Some(State::Confirmed | State::Referencing | State::RefConflicted | State::Settled)
        )
    }

    /// seQura said no to a confirmation, and waiting will not change that.
    pub(super) fn is_refused_for_good(&self) -> bool {
        let passing = matches!(
            self.error.map(|problem| problem.code),
            Some(ErrorCode::NotApproved)
        ) || self.status == Status::RateLimited;
        self.status.class() == 2 && !passing && !self.is_confirmed()
    }
}

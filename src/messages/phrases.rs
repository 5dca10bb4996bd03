//! What a language has to give: a text for every case there is.
//!
//! The lists here are closed enums, so that a language answers with exhaustive matches and a
//! forgotten text is a compile error, not a blank line on a till's screen.
//!
//! Rules for the texts: sentences begin with a capital (so none begins with "seQura"), end with a
//! full stop, have no other full stop followed by a space in them, and use only characters that
//! Windows-1252 and ISO 8859-15 share. [`Phrases::standing`] also appears after a colon, so it may
//! not begin with a name.

use super::amount::Money;
use super::field::{Field, Place};
use super::label::Label;
pub(super) use super::template::Texts;
use crate::lifecycle::State;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

macro_rules! functions {
    ($($variant:ident = $($word:literal)|+),+ $(,)?) => {
        /// The functions of the library, by the names that results have for them, that have texts of their own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Function { $($variant),+ }

        impl Function {
            pub(super) fn from_word(word: &str) -> Option<Function> {
                match word { $($($word)|+ => Some(Function::$variant),)+ _ => None }
            }

            #[cfg(test)]
            pub(super) const WORDS: &'static [&'static str] = &[$($($word),+),+];
        }
    };
}

functions! {
    ClientOpen = "client_open" | "client_open_file",
    CheckCredentials = "check_credentials",
    SelfTest = "self_test",
    PaymentMethods = "payment_methods",
    CreditAgreements = "credit_agreements",
    CheckOrder = "check_order",
    StartSolicitation = "start_solicitation",
    SendForm = "send_form" | "send_form_by",
    Hold = "hold",
    Confirm = "confirm",
    SetOrderRef = "set_order_ref",
    Abandon = "abandon",
    Resolve = "resolve",
    OrderInfo = "order_info",
    Receipt = "receipt",
    UpdateOrder = "update_order",
    Ship = "ship",
    Refund = "refund",
    Cancel = "cancel",
    HandOver = "hand_over",
    TakeOver = "take_over",
    SendDeliveryReport = "send_delivery_report",
    Disbursements = "disbursements",
    Pending = "pending",
    Day = "day",
    Recover = "recover",
    Reconcile = "reconcile",
    Log = "log",
    LogDismiss = "log_dismiss",
    Echo = "echo",
}

/// What succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    SolicitationReceived,
    /// To the customer's mobile.
    FormSent,
    FormMailed,
    Held,
    /// Confirmed, the reference is still to come.
    Confirmed,
    /// Confirmed with the reference, which settles it at once.
    ConfirmedAndSettled,
    ReferenceRegistered,
    /// An order that is elsewhere than the step usually leads (asked twice, or asked about): say
    /// where it stands. The composition answers it with [`Phrases::standing`].
    Standing(State),
    Updated,
    Shipped,
    Refunded,
    /// What a refund would be; nothing is done.
    RefundPreviewed,
    Cancelled,
    HandedOver,
    /// The office finishes it.
    AtOffice,
    TakenOver,
    DeliveryReported,
    Ready,
    CredentialsAccepted,
    SelfTested,
    PaymentMethods,
    CreditAgreements,
    Checked,
    Disbursements,
    /// Made ready.
    Receipt,
    Figures,
    Pending,
    Recovered,
    Reconciled,
    Log,
    LogDismissed,
    Echo,
}

impl Done {
    pub(super) fn of(function: Function, state: Option<State>) -> Done {
        let standing = |otherwise| state.map_or(otherwise, Done::Standing);
        match (function, state) {
            (Function::StartSolicitation, None | Some(State::Solicited)) => {
                Done::SolicitationReceived
            }
            (Function::SendForm, None | Some(State::FormSent)) => Done::FormSent,
            (Function::Hold, None | Some(State::Held)) => Done::Held,
            (Function::Confirm, None | Some(State::Confirmed)) => Done::Confirmed,
            (Function::Confirm, Some(State::Settled)) => Done::ConfirmedAndSettled,
            (Function::SetOrderRef, None | Some(State::Settled)) => Done::ReferenceRegistered,
            (
                Function::StartSolicitation
                | Function::SendForm
                | Function::Hold
                | Function::Confirm
                | Function::SetOrderRef,
                Some(state),
            ) => Done::Standing(state),
            (
                Function::OrderInfo | Function::Recover | Function::Abandon | Function::Resolve,
                _,
            ) => standing(Done::Recovered),
            (Function::UpdateOrder, _) => Done::Updated,
            (Function::Ship, _) => Done::Shipped,
            (Function::Refund, _) => Done::Refunded,
            (Function::Cancel, _) => Done::Cancelled,
            (Function::HandOver, _) => Done::HandedOver,
            (Function::TakeOver, _) => Done::TakenOver,
            (Function::SendDeliveryReport, _) => Done::DeliveryReported,
            (Function::ClientOpen, _) => Done::Ready,
            (Function::CheckCredentials, _) => Done::CredentialsAccepted,
            (Function::SelfTest, _) => Done::SelfTested,
            (Function::PaymentMethods, _) => Done::PaymentMethods,
            (Function::CreditAgreements, _) => Done::CreditAgreements,
            (Function::CheckOrder, _) => Done::Checked,
            (Function::Disbursements, _) => Done::Disbursements,
            (Function::Receipt, _) => Done::Receipt,
            (Function::Day, _) => Done::Figures,
            (Function::Pending, _) => Done::Pending,
            (Function::Reconcile, _) => Done::Reconciled,
            (Function::Log, _) => Done::Log,
            (Function::LogDismiss, _) => Done::LogDismissed,
            (Function::Echo, _) => Done::Echo,
        }
    }
}

/// What may be done with the goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goods {
    HandOver,
    NotYet,
    /// This sale must not be completed as it is.
    No,
}

/// What to do where `next` has no answer for the person at the till.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Help {
    CallSupport,
    RestartTill,
    /// `recover`, said about all unfinished sales instead of this one.
    RecoverPending,
    /// seQura's answer leaves it to a person to find out.
    LookInPortal,
    /// seQura does not finance this purchase.
    PayOtherwise,
}

/// A language. Places in [`Texts`]: `{amount}`, `{order_ref_1}`, `{expected}`, `{actual}`,
/// `{difference}`, `{field}`, `{pointer}`, `{offers}`, `{age}`.
pub(super) trait Phrases: Sync {
    /// What stands before everything that is said of what is only tried.
    fn test(&self) -> &'static str;
    /// What a receipt says; no full stop where it is no sentence.
    fn receipt(&self, label: Label) -> &'static str;
    /// How amounts are written.
    fn money(&self) -> Money;
    /// So many payments, or one: `{count}`, `{each}`, `{total}`, and `{apr}`, the annual rate. All of them, since an
    /// instalment without its cost may not be advertised.
    fn offer(&self, is_one: bool) -> &'static str;
    /// The call succeeded.
    fn done(&self, done: Done) -> Texts;
    /// Where a sale stands.
    fn standing(&self, state: State) -> Texts;
    /// What comes before [`Phrases::standing`] when that is why the call was refused.
    fn impossible(&self) -> &'static str;
    /// The call failed, and no error says more.
    fn status(&self, status: Status) -> Texts;
    /// seQura refuses what it may have done already at an earlier attempt.
    fn unsaid(&self) -> Texts;
    /// seQura does not finance this purchase.
    fn rejected(&self) -> Texts;
    /// The order was started without something that seQura's form may ask the shopper for.
    fn form_may_ask(&self) -> Texts;
    /// The error; `confirmed` says whether seQura has confirmed the sale all the same.
    fn error(&self, code: ErrorCode, confirmed: bool) -> Texts;
    /// What may be done with the goods.
    fn goods(&self, goods: Goods) -> &'static str;
    /// What to do now; never asked for `Next::None`, which needs no words.
    fn next(&self, next: Next) -> &'static str;
    /// Whom to ask.
    fn help(&self, help: Help) -> &'static str;
    /// A field, with its article. `Field::Other` has the place `{pointer}`.
    fn field(&self, field: Field) -> &'static str;
    /// That a field (`{field}`), or several things at once, are missing.
    fn missing(&self, is_many: bool) -> &'static str;
    /// Whether a field's name means several things.
    fn is_many(&self, field: Field) -> bool {
        matches!(field, Field::Customer | Field::Items | Field::AddressLine)
    }
    /// What follows a field's name to say where it is; `Place::Item` has the place `{number}`.
    fn place(&self, place: Place) -> &'static str;
    /// Added to a sentence when there is one error more.
    fn one_more(&self) -> &'static str;
    /// Added to a sentence when there are `{count}` errors more.
    fn many_more(&self) -> &'static str;
}

//! The life of an order, pure: what may be begun in which state, and where each answer leads.
//!
//! No I/O happens here. The journal stores a [`Life`], the pipeline asks it before sending and
//! after the answer, and a test walks every state, every answer and every crash through it. Three
//! sentences hold throughout: no confirmed order is ever forgotten; no reference goes out for an
//! order that is not confirmed; no sale is reported complete after a 409.
//!
//! ```text
//! soliciting → solicited → form_sent → (held) → confirming → confirmed → referencing → settled
//!      ↓                                            ↓                         ↓
//!  abandoned                                   conflicted               ref_conflicted
//! ```

mod begin;

pub use begin::{Begin, Content};

use crate::vocabulary::{Next, words};

words! {
    /// Where an order is in its life, as the journal has it. `…ing` means: intention recorded, outcome not.
    State {
        /// The start was recorded; whether seQura has it is not known.
        Soliciting = "soliciting",
        /// seQura has the order and gave its URL.
        Solicited = "solicited",
        /// The form was sent to the shopper's phone.
        FormSent = "form_sent",
        /// Acknowledged as under review.
        Held = "held",
        /// A confirmation was recorded; whether seQura has it is not known.
        Confirming = "confirming",
        /// Confirmed; the shop's order reference is still missing.
        Confirmed = "confirmed",
        /// A reference was recorded; whether seQura has it is not known.
        Referencing = "referencing",
        /// Confirmed, with its reference registered: the shop will be paid.
        Settled = "settled",
        /// Refused at the confirmation: the sale must not be completed.
        Conflicted = "conflicted",
        /// Confirmed, but its reference is taken: it needs another one.
        RefConflicted = "ref_conflicted",
        /// Cancelled.
        Cancelled = "cancelled",
        /// Given up before it was confirmed.
        Abandoned = "abandoned",
    }
}

words! {
    /// An operation that changes something at seQura, named like its C function without `sq_`.
    Step {
        /// POST of the order.
        Start = "start_solicitation",
        /// The form, by SMS.
        SendForm = "send_form",
        /// PUT with `on_hold`.
        Hold = "hold",
        /// PUT with `confirmed`.
        Confirm = "confirm",
        /// PUT with the shop's reference.
        SetOrderRef = "set_order_ref",
        /// Order update: carts, addresses, …
        Update = "update_order",
        /// Order update: goods were handed over or sent.
        Ship = "ship",
        /// Order update: goods came back, or an amount is paid back.
        Refund = "refund",
        /// Order update: nothing of it is owed any more.
        Cancel = "cancel",
    }
}

words! {
    /// What a person found out about a step without an answer, looking in seQura's portal.
    Finding {
        /// seQura has done it.
        Confirmed = "confirmed",
        /// seQura has not done it.
        NotConfirmed = "not_confirmed",
    }
}

/// What an answer, or its absence, means to the order's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// Done: seQura's own yes, complete.
    Done,
    /// 409 for causes that an earlier attempt cannot have brought about: refused as the order is now.
    Conflict,
    /// 409 for a cause that nobody knows, or that may be an earlier attempt itself ("already confirmed").
    PossibleEcho,
    /// 409 because the reference is taken; by an earlier attempt, perhaps.
    DuplicateRef,
    /// 410: seQura will have no more of this order.
    Gone,
    /// 404: seQura knows no such order, or none that is confirmed.
    Missing,
    /// A final no that says nothing of the order itself: credentials, rate, a malformed request; or
    /// somebody in between said it, of what is asked again anyway.
    Refused,
    /// Surely never reached seQura.
    NotSent,
    /// May have been processed.
    Unknown,
}

impl Step {
    /// A change to a settled order: seQura is told the complete present state of it.
    pub fn is_change(self) -> bool {
        matches!(
            self,
            Step::Update | Step::Ship | Step::Refund | Step::Cancel
        )
    }

    /// What it asks for decides who owes what: only seQura's own words end it.
    pub fn moves_money(self) -> bool {
        self.is_change() || matches!(self, Step::Confirm | Step::SetOrderRef)
    }
}

impl Meaning {
    /// Every answer, for tests that try them all.
    pub const ALL: &'static [Meaning] = &[
        Meaning::Done,
        Meaning::Conflict,
        Meaning::PossibleEcho,
        Meaning::DuplicateRef,
        Meaning::Gone,
        Meaning::Missing,
        Meaning::Refused,
        Meaning::NotSent,
        Meaning::Unknown,
    ];
}

/// A step that was recorded and has no final answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Intent {
    /// Which step.
    pub step: Step,
    /// The state to fall back to when seQura surely has nothing of it.
    pub before: State,
    /// Some attempt may have been processed. Written as true before anything is sent, so that a
    /// crash in between leaves the cautious value.
    pub doubtful: bool,
}

/// An order's place in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Life {
    /// The state the till is shown.
    pub state: State,
    /// The step without a final answer, if there is one.
    pub intent: Option<Intent>,
}

impl Life {
    /// An order that seQura is known to have, and nothing else.
    pub const SOLICITED: Life = Life {
        state: State::Solicited,
        intent: None,
    };

    /// An order with its reference, and nothing under way; also one that another journal sold.
    pub const SETTLED: Life = Life {
        state: State::Settled,
        intent: None,
    };

    /// The same whose last step is that its goods are shipped, and nothing of that was sent.
    pub const TO_SHIP: Life = Life {
        state: State::Settled,
        intent: Some(Intent {
            step: Step::Ship,
            before: State::Settled,
            doubtful: false,
        }),
    };

    /// An order that nothing was recorded of yet: only a start can be begun.
    pub const NEW: Life = Life {
        state: State::Soliciting,
        intent: None,
    };

    /// An order that was given up before it was confirmed.
    pub const ABANDONED: Life = Life {
        state: State::Abandoned,
        intent: None,
    };

    /// Something without a final answer may have been processed.
    fn is_doubtful(self) -> bool {
        self.intent.is_none_or(|intent| intent.doubtful)
    }

    /// seQura has confirmed it, or may have, and it is not settled: the shop's money is at stake.
    pub fn is_at_risk(self) -> bool {
        match self.state {
            State::Confirming => self.is_doubtful(),
            State::Confirmed | State::Referencing | State::RefConflicted => true,
            _ => false,
        }
    }

    /// Whether the till may forget the order: seQura surely has not confirmed it.
    pub fn can_be_abandoned(self) -> bool {
        match self.state {
            State::Soliciting
            | State::Solicited
            | State::FormSent
            | State::Held
            | State::Conflicted => true,
            State::Confirming => !self.is_doubtful(),
            _ => false,
        }
    }

    /// Nothing more is due: the order is listed no more.
    pub fn is_finished(self) -> bool {
        self.state.is_finished() && self.intent.is_none()
    }

    /// What is left of the order when its open step is closed as if it had not been asked. Only for
    /// what changes nothing at seQura that matters, surely never reached it, or is known not to have
    /// been done.
    pub fn withdrawn(self) -> Life {
        match self.intent {
            Some(Intent {
                step: Step::Start, ..
            }) => Life::ABANDONED,
            Some(Intent { before, .. }) => Life {
                state: before,
                intent: None,
            },
            None => self,
        }
    }

    /// Where the answer to the recorded intent leads. `with_ref` says whether what was sent carried
    /// an `order_ref_1`: nothing is settled without one.
    pub fn answered(self, answer: Meaning, with_ref: bool) -> Life {
        use Meaning::*;
        use State::*;
        let Some(intent) = self.intent else {
            return self;
        };
        let closed = |state| Life {
            state,
            intent: None,
        };
        let open = |doubtful| Life {
            state: self.state,
            intent: Some(Intent { doubtful, ..intent }),
        };
        match (intent.step, answer) {
            (_, Unknown) => open(true),
            (_, NotSent) => open(intent.doubtful),
            // seQura may be refusing the second attempt because the first one was processed. Only a
            // yes, a disbursement or a person can tell.
            (step, PossibleEcho | DuplicateRef) if intent.doubtful && step.moves_money() => {
                open(true)
            }

            (Step::Start, Done) => closed(Solicited),
            (Step::Start, _) => closed(Abandoned),

            (Step::SendForm, Done) if intent.before != Held => closed(FormSent),
            (Step::SendForm | Step::Hold, Gone) => closed(Abandoned),
            (Step::SendForm, _) => closed(intent.before),

            (Step::Hold, Done) => closed(Held),
            (Step::Hold, Conflict | PossibleEcho | DuplicateRef) => closed(Conflicted),
            (Step::Hold, Missing | Refused) => closed(intent.before),

            (Step::Confirm, Done) => closed(if with_ref { Settled } else { Confirmed }),
            (Step::Confirm, Conflict | PossibleEcho | DuplicateRef) => closed(Conflicted),
            // An earlier attempt may have confirmed it: a password that was changed since must
            // not make the till forget that.
            (Step::Confirm, Gone | Missing | Refused) if intent.doubtful => open(true),
            (Step::Confirm, Gone) => closed(Abandoned),
            (Step::Confirm, Missing | Refused) => closed(intent.before),

            (Step::SetOrderRef, Done) => closed(if with_ref { Settled } else { Confirmed }),
            (Step::SetOrderRef, DuplicateRef) => closed(RefConflicted),
            (Step::SetOrderRef, Conflict | PossibleEcho) => closed(Confirmed),
            // The reference stays recorded until seQura has it: the shop's money hangs on it.
            (Step::SetOrderRef, Gone | Missing | Refused) => open(intent.doubtful),

            (Step::Cancel, Done) => closed(Cancelled),
            // seQura updates no cancelled order [C]: the earlier attempt has cancelled it.
            (Step::Cancel, Missing) if intent.doubtful => closed(Cancelled),
            // A password that was changed says nothing of what an earlier attempt has done.
            (Step::Update | Step::Ship | Step::Refund | Step::Cancel, Gone | Missing | Refused)
                if intent.doubtful =>
            {
                open(true)
            }
            (Step::Update | Step::Ship | Step::Refund | Step::Cancel, _) => closed(intent.before),
        }
    }

    /// The same with its goods to be shipped as its last step: from the moment that it is settled, until seQura has said
    /// something of that.
    pub fn still_to_ship(self) -> Life {
        match (self.state, self.intent) {
            (State::Settled, None) => Life::TO_SHIP,
            _ => self,
        }
    }

    /// Whether a person may say what came of the open step: money hangs on it, and it may have been
    /// processed.
    pub fn can_be_resolved(self) -> bool {
        let intent = self.intent;
        intent.is_some_and(|intent| intent.doubtful && intent.step.moves_money())
    }

    /// Where it leads that a person has found this out about the open step. A later answer of seQura's
    /// moves the order on from there like any other.
    pub fn resolved(self, finding: Finding, with_ref: bool) -> Life {
        match finding {
            _ if !self.can_be_resolved() => self,
            Finding::Confirmed => self.answered(Meaning::Done, with_ref),
            Finding::NotConfirmed => self.withdrawn(),
        }
    }

    /// Where it leads that seQura has paid for the order under the reference of a confirmation, or of a
    /// registration, that may have been processed: it was, whatever a person has said of it.
    pub fn paid(self) -> Life {
        match self.state {
            State::Settled | State::Cancelled => self,
            _ => Life::SETTLED,
        }
    }

    /// What an order in this state needs next.
    pub fn next(self) -> Next {
        match self.state {
            State::Soliciting | State::Confirming | State::Referencing => Next::Recover,
            _ if self.intent.is_some() => Next::Recover,
            State::Solicited => Next::SendForm,
            State::FormSent | State::Held => Next::Confirm,
            State::Confirmed => Next::SetOrderRef,
            State::RefConflicted => Next::ChooseAnotherRef,
            State::Conflicted => Next::FixOrder,
            State::Settled | State::Cancelled => Next::None,
            State::Abandoned => Next::RestartCheckout,
        }
    }
}

impl State {
    /// The order needs no personal data any longer.
    pub fn is_finished(self) -> bool {
        matches!(self, State::Settled | State::Cancelled | State::Abandoned)
    }

    /// Its `order_ref_1`, where it has one, may be seQura's already: no other order may take it.
    pub fn holds_ref(self) -> bool {
        matches!(
            self,
            State::Confirming
                | State::Confirmed
                | State::Referencing
                | State::Settled
                | State::Cancelled
        )
    }

    /// seQura has confirmed it.
    pub fn is_confirmed(self) -> bool {
        matches!(
            self,
            State::Confirmed | State::Referencing | State::Settled | State::RefConflicted
        )
    }
}

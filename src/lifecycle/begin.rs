//! Which step may be begun in which state, and what is due where it may not.

use super::{Intent, Life, State, Step};
use crate::vocabulary::Next;

/// What a step carries, next to what the order's last step of that kind carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// The same, or the call left it to the journal.
    Same,
    /// Something else.
    Other,
}

/// What to do with a step that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// Record this, then send.
    Send(Life),
    /// It was done already with this content: answer from the journal.
    AlreadyDone,
    /// Not in this state; `next` says what is due instead.
    Refuse {
        /// What the till should do.
        next: Next,
        /// Why, in a sentence for the programmer.
        because: &'static str,
    },
}

impl Life {
    /// May `step` be begun, and what must be recorded first?
    pub fn begin(self, step: Step, content: Content) -> Begin {
        use State::*;
        let refuse = |next, because| Begin::Refuse { next, because };
        match (step, self.state) {
            (Step::Start, Soliciting) => self.send(step, Soliciting, Soliciting),
            (Step::Start, _) => refuse(self.next(), "the order has been started already"),

            // A 409 may say no more than that the shopper has not finished, or has lost the SMS.
            (Step::SendForm, Solicited | FormSent | Held | Conflicted) => {
                self.send(step, self.state, self.state)
            }
            (Step::Hold, Solicited | FormSent | Held) => self.send(step, self.state, self.state),
            (Step::Hold, Conflicted) => self.send(step, Conflicted, Conflicted),

            (Step::Confirm, Solicited | FormSent | Held | Conflicted) => {
                self.send(step, Confirming, self.state)
            }
            (Step::Confirm, Confirming) if content == Content::Other && self.is_doubtful() => {
                refuse(
                    Next::Recover,
                    "a confirmation with other content has no answer yet; call sq_recover, or confirm \
                 again with the same content",
                )
            }
            (Step::Confirm, Confirming) => {
                let before = self.intent.map_or(Solicited, |intent| intent.before);
                self.send(step, Confirming, before)
            }
            (Step::Confirm, Confirmed | Referencing | Settled | RefConflicted) => match content {
                Content::Same => Begin::AlreadyDone,
                Content::Other => refuse(
                    self.next(),
                    "the order is confirmed with other content; sq_set_order_ref gives it its \
                     reference, sq_update_order changes it after the sale",
                ),
            },

            // The doubtful one may be registered by now: seQura would call the new one a change.
            (Step::SetOrderRef, Referencing) if content == Content::Other && self.is_doubtful() => {
                refuse(
                    Next::Recover,
                    "another reference has no answer yet; call sq_recover, or give that one again",
                )
            }
            (Step::SetOrderRef, Confirmed | Referencing | RefConflicted) => {
                self.send(step, Referencing, Confirmed)
            }
            (Step::SetOrderRef, Settled) => match content {
                Content::Same => Begin::AlreadyDone,
                Content::Other => {
                    refuse(Next::None, "the order is settled under another reference")
                }
            },
            (Step::SetOrderRef, _) => refuse(
                self.next(),
                "a reference is registered only after the confirmation; put order_ref_1 into the \
                 order to have both at once",
            ),

            (Step::Update | Step::Ship | Step::Refund, Settled) if self.is_open(Step::Cancel) => {
                refuse(Next::Recover, "its cancellation has no answer yet")
            }
            (Step::Update | Step::Ship | Step::Refund | Step::Cancel, Settled) => match content {
                Content::Same => self.send(step, Settled, Settled),
                // The change before it is part of this one, and open on its own again if seQura
                // refuses the two together: what is asked now was never sent.
                Content::Other => Life::SETTLED.send(step, Settled, Settled),
            },
            (Step::Cancel, Cancelled) => Begin::AlreadyDone,
            (
                Step::Update | Step::Ship | Step::Refund | Step::Cancel,
                Confirmed | Referencing | RefConflicted,
            ) => refuse(
                self.next(),
                "seQura knows an order by its reference, and has none of this one yet",
            ),
            (
                Step::Update | Step::Ship | Step::Refund | Step::Cancel,
                Solicited | FormSent | Held | Conflicted | Confirming,
            ) => refuse(
                self.next(),
                "the order is not confirmed; sq_abandon gives up one that will not be",
            ),

            (_, Cancelled) => refuse(Next::None, "the order is cancelled"),
            (_, Abandoned) => refuse(Next::RestartCheckout, "the order was given up"),
            (_, Soliciting) => refuse(Next::Recover, "seQura has not answered its start yet"),
            (Step::SendForm | Step::Hold, Confirming) => {
                refuse(Next::Recover, "its confirmation has no answer yet")
            }
            (Step::SendForm | Step::Hold, Confirmed | Referencing | Settled | RefConflicted) => {
                refuse(self.next(), "the order is confirmed already")
            }
        }
    }

    fn send(self, step: Step, state: State, before: State) -> Begin {
        // A step that is asked again keeps what its earlier attempts may have done.
        let doubtful = self
            .intent
            .is_some_and(|intent| intent.step == step && intent.doubtful);
        Begin::Send(Life {
            state,
            intent: Some(Intent {
                step,
                before,
                doubtful,
            }),
        })
    }

    fn is_open(self, step: Step) -> bool {
        self.intent.is_some_and(|intent| intent.step == step)
    }
}

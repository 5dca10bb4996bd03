use crate::vocabulary::words;
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

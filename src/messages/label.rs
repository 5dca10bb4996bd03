//! The texts of a receipt, by what each is for.

macro_rules! labels {
    ($($(#[doc = $doc:literal])+ $name:ident),+ $(,)?) => {
        /// A text of a receipt.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Label { $($(#[doc = $doc])+ $name),+ }

        #[cfg(test)]
        impl Label {
            pub(super) const ALL: &'static [Label] = &[$(Label::$name),+];
        }
    };
}

labels! {
    /// What was sold came to, where less is left.
    Sold,
    /// So much of it went back.
    Refunded,
    /// What it comes to.
    Total,
    /// seQura pays the shop.
    Paid,
    /// Confirmed, and not yet to be paid.
    Pending,
    /// All of it went back.
    NothingLeft,
    /// `order_ref_1`.
    Reference,
    /// seQura mails the shopper the conditions of the credit. [D]
    Conditions,
    /// Whom the shopper pays.
    PayTo,
    /// What the shop has still to do.
    ToRegister,
    /// A change of the sale has no answer.
    ChangeOpen,
    /// seQura has said no, or the journal may be behind: the shop looks.
    ToClear,
    /// A line that has neither a name nor a reference: a fee.
    Fee,
    /// An amount that is paid back, without a reason.
    Refund,
    /// What it is not.
    NotFiscal,
}

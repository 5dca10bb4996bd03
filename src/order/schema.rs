//! What the tables of `fields.rs` are made of.

use std::fmt;

use serde_json::{Map, Value};

use super::walk::Walk;
use crate::vocabulary::ErrorCode;
use Kind::*;

/// Where a fact is known from.
#[derive(Clone, Copy)]
pub(super) enum Source {
    /// A public documentation page of seQura's.
    D,
    /// The code of a public integration.
    C,
    /// Inferred.
    I,
}

/// Whether a field must be there.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Need {
    Must,
    /// Must be there; the empty text will do.
    MustMayBeEmpty,
    /// Must be there; null will do.
    MustMayBeNull,
    /// Must be there; seQura's own clients send it empty too, which is a warning.
    MustSayMore,
    /// seQura's own clients leave it out, although it is documented as required: that is a warning.
    Should,
    May,
    /// The one cart: must be there, and must not with `uses_shipped_cart`.
    OneCart,
    /// The two carts: must be there with `uses_shipped_cart`, and must not without it.
    TwoCarts,
    /// Must be there unless `addresses_may_be_missing`.
    Address,
    /// Must be there, or be in a cart, where older clients put it.
    DeliveryMethod,
}

/// What a field holds.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Anything,
    Text,
    /// A reference: a text or an integer.
    Ref,
    /// Who sells: a reference that is sent in a header too.
    MerchantId,
    Flag,
    FlagOrUnknown,
    Cents(Sign),
    /// An integer between two others.
    Whole(i64, i64),
    Date,
    Moment,
    Duration,
    Country,
    Currency,
    Language,
    Email,
    IpAddress,
    Url,
    OneOf(&'static [&'static str]),
    /// One of these words; seQura's own clients send the shop's own word too, which is a warning.
    Usually(&'static [&'static str]),
    /// `CC` … or `O/` and the shop's own name for it; clients send the bare name too, which is a warning.
    PaymentMethod,
    /// A URL or a JavaScript function that seQura would call: a till cannot be called.
    Callback,
    /// Names and values of the merchant's own.
    Parameters,
    Object(&'static Block),
    List(&'static Block),
    /// A list whose entries say by their `type` what they are. A cart needs at least one.
    ListByType(&'static Types, Length),
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Sign {
    Any,
    Positive,
    NotNegative,
    NotPositive,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Length {
    NotEmpty,
    Any,
}

/// What a value must be, as a message says it.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Anything => "anything",
            Text => "a text",
            Ref => "a text or an integer",
            MerchantId => "a merchant id as seQura gave it, such as shop_es",
            Flag => "true or false",
            FlagOrUnknown => "true, false or \"unknown\"",
            Cents(_) => "an integer number of cents",
            Whole(..) => "an integer",
            Date => "a date such as 2024-01-31",
            Moment => "a date and time such as 2024-01-31T12:25:20+01:00",
            Duration => "a duration such as P3M15D",
            Country => "an ISO 3166 country code such as ES",
            Currency => "an ISO 4217 currency code such as EUR",
            Language => "a language code such as es-ES",
            Email => "an e-mail address",
            IpAddress => "an IP address such as 192.0.2.1",
            Url => "a web address such as https://shop.example/",
            OneOf(words) | Usually(words) => return write!(f, "one of {}", words.join(", ")),
            PaymentMethod => "one of CC, PP, TR, COD, SQ, or O/ and the shop's own name for it",
            Callback => "left out",
            Parameters | Object(_) => "an object",
            List(_) | ListByType(..) => "a list",
        })
    }
}

pub(super) struct Field {
    pub name: &'static str,
    pub need: Need,
    pub kind: Kind,
    pub source: Source,
}

/// A rule that looks at a whole block, and notes in the walk what it finds.
pub(super) type Rule = fn(&mut Walk<'_>, &Map<String, Value>);

pub(super) struct Block {
    pub fields: &'static [Field],
    /// What it holds is about the shopper: no value of it goes into a message.
    pub personal: bool,
    /// Other fields are no surprise.
    pub open: bool,
    /// What spans several fields.
    pub also: Option<Rule>,
}

impl Block {
    pub fn names(&self) -> Vec<&'static str> {
        self.fields.iter().map(|field| field.name).collect()
    }
}

/// Entries of a list that come in kinds.
pub(super) struct Types {
    /// What an entry is that does not say; without one it must say.
    pub default: Option<&'static str>,
    pub blocks: &'static [(&'static str, &'static Block)],
    /// What is looked at in an entry of a type that nobody knows.
    pub unknown: &'static Block,
    pub unknown_code: ErrorCode,
}

impl Types {
    pub fn names(&self) -> Vec<&'static str> {
        self.blocks.iter().map(|(name, _)| *name).collect()
    }
}

pub(super) const fn row(name: &'static str, need: Need, kind: Kind, source: Source) -> Field {
    Field {
        name,
        need,
        kind,
        source,
    }
}

pub(super) const fn block(fields: &'static [Field]) -> Block {
    Block {
        fields,
        personal: false,
        open: false,
        also: None,
    }
}

pub(super) const fn personal(fields: &'static [Field]) -> Block {
    Block {
        fields,
        personal: true,
        open: false,
        also: None,
    }
}

pub(super) const fn open(fields: &'static [Field]) -> Block {
    Block {
        fields,
        personal: false,
        open: true,
        also: None,
    }
}

pub(super) const fn with_rule(fields: &'static [Field], rule: Rule) -> Block {
    Block {
        fields,
        personal: false,
        open: false,
        also: Some(rule),
    }
}

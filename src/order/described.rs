//! The tables of `fields.rs` as JSON, for what is made of them: the page about orders, its schema, typed orders.

use super::cents::Cents;
use super::codes;
use super::fields::ORDER;
use super::schema::{Block, Field, Kind, Length, Need, Sign, Source, Types};
use serde_json::{Value, json};

/// A block: its `fields` in the tables' order, each with its `name`, `need`, `source` and `kind`; an object's and a
/// list's kind has what is in it.
pub fn described() -> Value {
    block(&ORDER)
}

fn block(block: &Block) -> Value {
    let fields: Vec<Value> = block.fields.iter().map(field).collect();
    json!({"fields": fields, "personal": block.personal, "open": block.open})
}

fn field(field: &Field) -> Value {
    json!({
        "name": field.name,
        "need": need(field.need),
        "kind": kind(field.kind),
        "says": field.kind.to_string(),
        "source": source(field.source),
    })
}

fn source(source: Source) -> &'static str {
    match source {
        Source::D => "D",
        Source::C => "C",
        Source::I => "I",
    }
}

fn need(need: Need) -> &'static str {
    match need {
        Need::Must => "must",
        Need::MustMayBeEmpty => "must, may be empty",
        Need::MustMayBeNull => "must, may be null",
        Need::MustSayMore => "must, may be empty with a warning",
        Need::Should => "should",
        Need::May => "may",
        Need::OneCart => "one cart",
        Need::TwoCarts => "two carts",
        Need::Address => "address",
        Need::DeliveryMethod => "delivery method",
    }
}

fn kind(kind: Kind) -> Value {
    match kind {
        Kind::Anything => json!({"is": "anything"}),
        Kind::Text => json!({"is": "text"}),
        Kind::Ref => json!({"is": "reference"}),
        Kind::MerchantId => json!({"is": "merchant id"}),
        Kind::Flag => json!({"is": "flag"}),
        Kind::FlagOrUnknown => json!({"is": "flag or unknown"}),
        Kind::Cents(sign) => {
            let (least, most) = cents(sign);
            json!({"is": "cents", "least": least, "most": most})
        }
        Kind::Whole(least, most) => json!({"is": "integer", "least": least, "most": most}),
        Kind::Date => json!({"is": "date"}),
        Kind::Moment => json!({"is": "moment"}),
        Kind::Duration => json!({"is": "duration"}),
        Kind::Country => json!({"is": "country", "codes": codes::countries().collect::<Vec<_>>()}),
        Kind::Currency => {
            json!({"is": "currency", "codes": codes::currencies().collect::<Vec<_>>()})
        }
        Kind::Language => json!({"is": "language"}),
        Kind::Email => json!({"is": "email"}),
        Kind::IpAddress => json!({"is": "ip address"}),
        Kind::Url => json!({"is": "url"}),
        Kind::OneOf(words) => json!({"is": "one of", "words": words}),
        Kind::Usually(words) => json!({"is": "usually", "words": words}),
        Kind::PaymentMethod => json!({"is": "payment method"}),
        Kind::Callback => json!({"is": "callback"}),
        Kind::Parameters => json!({"is": "parameters"}),
        Kind::Object(inside) => json!({"is": "object", "block": block(inside)}),
        Kind::List(inside) => json!({"is": "list", "block": block(inside)}),
        Kind::ListByType(types, length) => by_type(types, length),
    }
}

/// Amounts beyond these are no shop's.
fn cents(sign: Sign) -> (i64, i64) {
    let most = Cents::LIMIT.0;
    match sign {
        Sign::Any => (-most, most),
        Sign::Positive => (1, most),
        Sign::NotNegative => (0, most),
        Sign::NotPositive => (-most, 0),
    }
}

fn by_type(types: &Types, length: Length) -> Value {
    let blocks = types.blocks.iter();
    let blocks: Vec<Value> = blocks
        .map(|(name, inside)| json!({"type": name, "block": block(inside)}))
        .collect();
    json!({
        "is": "list by type",
        "default": types.default,
        "types": blocks,
        "may_be_empty": length == Length::Any,
    })
}

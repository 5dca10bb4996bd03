//! The walk over an order that finds everything wrong with it.
//!
//! A till's programmer corrects an order in one go only when told everything in one go. So the walk
//! never stops at a problem: it notes the place, what is wrong and what to do, and goes on with
//! whatever can still be judged. Of the shopper's own data no value gets into a message.

use serde_json::{Map, Value};

use super::fields::ORDER;
use super::lookup::{CARTS, has_option};
use super::schema::{Block, Field, Kind, Length, Need, Source, Types};
use super::values::short;
use super::walk::{Blank, Segment, Walk};
use crate::json::{is_left_out, nearest, said};
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;

/// What a check found. Without problems the order can be sent; warnings stop nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    /// Each of them would be refused by seQura.
    pub problems: Vec<Problem>,
    /// Each of them deserves a look.
    pub warnings: Vec<Problem>,
}

pub(super) fn check(order: &Map<String, Value>) -> Checked {
    let mut walk = Walk::of(order);
    walk.object(order, &ORDER);
    let (problems, warnings) = walk.found();
    Checked { problems, warnings }
}

/// With it, an address need not say anything.
const MAY_BE_MISSING: &str = "addresses_may_be_missing";

/// Whether a cart says how the goods are delivered, as older integrations write it [C].
fn method_of_cart(order: &Map<String, Value>) -> bool {
    CARTS
        .iter()
        .filter_map(|cart| order.get(*cart)?.get("delivery_method"))
        .any(Value::is_object)
}

/// A block of texts that are all blank: a till whose records have fixed fields has none.
fn says_nothing(block: &Map<String, Value>) -> bool {
    block.values().any(Value::is_string) && block.values().all(is_left_out)
}

/// How blank an address is. A country alone is only where it is sold.
fn blank(address: &Map<String, Value>) -> Blank {
    let says_more =
        |(name, value): (&String, &Value)| name != "country_code" && !is_left_out(value);
    match address.iter().any(says_more) {
        true => Blank::Part,
        false => Blank::Whole,
    }
}

/// A name that is none of its block's, and the one that was meant.
type Strange<'a> = (&'a str, Option<&'static str>);
/// Of more strange names than these in one block, nobody meant one that is known.
const MOST_GUESSES: usize = 100;

impl<'a> Walk<'a> {
    fn object(&mut self, map: &'a Map<String, Value>, block: &'static Block) {
        let outside = self.personal;
        self.personal |= block.personal;
        let mut given = vec![None; block.fields.len()];
        let mut known = 0;
        for (name, value) in map {
            if let Some(at) = block.fields.iter().position(|field| field.name == name) {
                given[at] = Some(value);
                known += 1;
            }
        }
        let strange = match known == map.len() {
            true => Vec::new(),
            false => strange_names(map, block),
        };
        for (field, given) in block.fields.iter().zip(given) {
            if given.is_some() || field.need != Need::May {
                self.inside(Segment::Name(field.name), |walk| {
                    walk.field(given, field, &strange)
                });
            }
        }
        if !block.open {
            self.unknown_fields(&strange);
        }
        if let Some(rule) = block.also {
            rule(self, map);
        }
        self.personal = outside;
    }

    fn field(&mut self, given: Option<&'a Value>, field: &'static Field, strange: &[Strange]) {
        let two_carts = || has_option(self.order, "uses_shipped_cart");
        let forbidden = match field.need {
            Need::OneCart => two_carts(),
            Need::TwoCarts => !two_carts(),
            _ => false,
        };
        match given.filter(|value| !is_left_out(value)) {
            Some(_) if forbidden => self.forbidden(field),
            Some(value) => self.value(value, field),
            None if forbidden => {}
            None => self.left_out(given, field, strange),
        }
    }

    /// A field that says nothing; a text that is empty or blank is as good as none.
    fn left_out(&mut self, given: Option<&Value>, field: &Field, strange: &[Strange]) {
        let is_blank = given.is_some_and(Value::is_string);
        match field.need {
            Need::May => {}
            Need::MustMayBeEmpty if is_blank => {}
            Need::MustMayBeNull if given.is_some() => {}
            Need::Address if has_option(self.order, MAY_BE_MISSING) => {}
            _ if self.address == Some(Blank::Whole) => {}
            _ if self.address == Some(Blank::Part) && is_blank => self.not_said(is_blank, field),
            Need::Should => self.not_said(is_blank, field),
            Need::MustSayMore if is_blank => self.not_said(is_blank, field),
            Need::DeliveryMethod if method_of_cart(self.order) => self.warning(
                ErrorCode::MissingField,
                "is only in the cart, where older integrations put it; seQura documents it here.",
                None,
                None,
            ),
            _ if is_blank && is_textual(field.kind) => self.empty(),
            _ => self.missing(field, strange),
        }
    }

    /// What is documented as required, and what seQura's own clients do not always say.
    fn not_said(&mut self, is_blank: bool, field: &Field) {
        let (code, what) = match is_blank {
            true => (ErrorCode::EmptyText, "is empty"),
            false => (ErrorCode::MissingField, "is missing"),
        };
        let then = match self.personal && matches!(field.kind, Kind::Text) {
            true => "seQura's form may ask the shopper for it.",
            false => "give it where there is one.",
        };
        let what = format!("{what}; it is documented as required: {then}");
        self.warning(code, &what, None, None);
    }

    fn missing(&mut self, field: &Field, strange: &[Strange]) {
        let misspelt = strange.iter().find(|(_, meant)| *meant == Some(field.name));
        let mut what = format!("is missing; it must be {}.", field.kind);
        if let Some((misspelt, _)) = misspelt {
            what += &format!(" Did you mean it where you wrote {misspelt}?");
        }
        what += match field.source {
            Source::D => " seQura documents it as required.",
            Source::C => " seQura's own integrations always send it.",
            Source::I => "",
        };
        self.problem(ErrorCode::MissingField, &what);
    }

    fn forbidden(&mut self, field: &Field) {
        self.problem(
            ErrorCode::ForbiddenField,
            match field.need {
                Need::OneCart => {
                    "must not be given with merchant.options.uses_shipped_cart: divide it \
                        into unshipped_cart and shipped_cart, or leave the option out."
                }
                _ => {
                    "may only be given when merchant.options.uses_shipped_cart is true: set \
                        the option, or give cart instead."
                }
            },
        );
    }

    fn unknown_fields(&mut self, strange: &[Strange<'a>]) {
        for (key, meant) in strange {
            let mut what =
                "is not a field that seQura documents; it is passed on untouched.".to_owned();
            if let Some(name) = meant {
                what += &format!(" Did you mean {name}?");
            }
            let expected = meant.map(Value::from);
            self.inside(Segment::Name(key), |walk| {
                walk.warning(ErrorCode::UnknownField, &what, expected, None)
            });
        }
    }

    fn value(&mut self, value: &'a Value, field: &'static Field) {
        match (field.kind, value) {
            (Kind::Anything, _) | (Kind::Flag | Kind::FlagOrUnknown, Value::Bool(_)) => {}
            (Kind::Parameters, Value::Object(_)) => {}
            (Kind::Callback, _) => self.problem(
                ErrorCode::CallbackNotAllowed,
                "must be left out: seQura cannot call a till, and with the manual IPN \
                    workflow it is not to try.",
            ),
            (Kind::Object(_), Value::Object(map))
                if field.need == Need::May && says_nothing(map) => {}
            (Kind::Object(block), Value::Object(map)) => {
                let may_be_missing =
                    field.need == Need::Address && has_option(self.order, MAY_BE_MISSING);
                self.address = may_be_missing.then(|| blank(map));
                self.object(map, block);
                self.address = None;
            }
            (Kind::List(block), Value::Array(entries)) => {
                self.list(entries, |walk, map| walk.object(map, block))
            }
            (Kind::ListByType(_, Length::NotEmpty), Value::Array(entries))
                if entries.is_empty() =>
            {
                self.problem(
                    ErrorCode::InvalidValue,
                    "is empty: an order needs at least one item.",
                );
            }
            (Kind::ListByType(types, _), Value::Array(entries)) => {
                self.list(entries, |walk, map| walk.typed(map, types));
            }
            (Kind::Cents(sign), value) => self.cents(value, field, sign),
            (Kind::Whole(least, most), value) => self.whole(value, field, least, most),
            (Kind::Ref | Kind::MerchantId, Value::Number(number)) if !number.is_f64() => {}
            (kind, Value::String(text)) if is_textual(kind) => self.text(text, field),
            (_, value) => self.wrong_type(value, field),
        }
    }

    fn list(&mut self, entries: &'a [Value], look: impl Fn(&mut Walk<'a>, &'a Map<String, Value>)) {
        for (index, entry) in entries.iter().enumerate() {
            self.inside(Segment::Index(index), |walk| match entry {
                Value::Object(map) => look(walk, map),
                other => walk.not(other, "an object"),
            });
        }
    }

    /// An entry whose `type` says what it is.
    fn typed(&mut self, map: &'a Map<String, Value>, types: &'static Types) {
        let word = match said(map, "type") {
            None => types.default,
            Some(word) => word.as_str(),
        };
        let found = word.and_then(|word| types.blocks.iter().find(|(name, _)| *name == word));
        let Some((_, block)) = found else {
            self.inside(Segment::Name("type"), |walk| {
                let names = types.names();
                let list = names.join(", ");
                match (said(map, "type"), word) {
                    (Some(_), Some(word)) => {
                        let near =
                            nearest(word, names).map(|name| format!(" Did you mean {name}?"));
                        let what = format!(
                            "is \"{}\", which is not one of {list}.{}",
                            short(word),
                            near.unwrap_or_default()
                        );
                        walk.problem_with(
                            types.unknown_code,
                            &what,
                            None,
                            Some(short(word).into()),
                        );
                    }
                    (Some(other), None) => walk.not(other, "a text"),
                    (None, _) => walk.problem(
                        ErrorCode::MissingField,
                        &format!("is missing; it must be one of {list}."),
                    ),
                }
            });
            return self.object(map, types.unknown);
        };
        self.object(map, block);
    }
}

fn strange_names<'a>(map: &'a Map<String, Value>, block: &Block) -> Vec<Strange<'a>> {
    let known = block.names();
    let strange = map.keys().filter(|key| !known.contains(&key.as_str()));
    let strange = strange.enumerate().map(|(at, key)| {
        let meant = (at < MOST_GUESSES).then(|| nearest(key, &known));
        (key.as_str(), meant.flatten())
    });
    strange.collect()
}

fn is_textual(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Flag | Kind::Parameters | Kind::Object(_) | Kind::List(_) | Kind::ListByType(..)
    )
}

//! Orders for tills that have no JSON library: one value at a time, each at its JSON pointer.
//!
//! What lies on the way to a value is made as it is needed; a call that fails changes nothing.

use serde_json::{Map, Value};

use super::fields::ITEMS;
use super::measured::Measured;
use super::schema::Block;
use crate::json::{is_left_out, nearest};
use crate::limits;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;

/// What goods are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Goods<'a> {
    /// `product` or `service`; none means a product.
    pub item_type: Option<&'a str>,
    /// The shop's own code.
    pub reference: Option<&'a str>,
    /// What the shopper reads.
    pub name: Option<&'a str>,
}

/// An order in the making.
#[derive(Clone, Default)]
pub struct OrderBuilder {
    document: Map<String, Value>,
}

impl OrderBuilder {
    /// An order with nothing in it.
    pub fn new() -> OrderBuilder {
        OrderBuilder::default()
    }

    /// Puts a value at an RFC 6901 pointer such as `/cart/items/0/name`.
    ///
    /// Objects and lists on the way are made where nothing is yet: a list where the pointer goes on
    /// with `0` or `-`, an object otherwise. In a list the index is that of an entry, or the next
    /// one, which may be written `-`. What stands at the place already is replaced.
    pub fn set(&mut self, pointer: &str, value: Value) -> Result<(), Problem> {
        let segments = segments(pointer)?;
        put(&mut self.document, &segments, value).map_err(|what| refusal(pointer, &what))
    }

    /// Appends a line to `/cart/items`; no type means a product. Of the arguments the line gets
    /// those that its type has, so a discount gets its total and neither quantity nor price.
    /// Products and services are `downloadable: false` unless [`OrderBuilder::set`] says otherwise.
    pub fn add_item(
        &mut self,
        item_type: Option<&str>,
        reference: Option<&str>,
        name: Option<&str>,
        quantity: i64,
        price_with_tax: i64,
        total_with_tax: i64,
    ) -> Result<(), Problem> {
        let item_type = item_type.filter(|word| !word.trim().is_empty());
        let block = block_of(item_type.unwrap_or("product"))?;
        let values = [
            ("type", item_type.map(Value::from)),
            ("reference", reference.map(Value::from)),
            ("name", name.map(Value::from)),
            ("quantity", Some(quantity.into())),
            ("price_with_tax", Some(price_with_tax.into())),
            ("total_with_tax", Some(total_with_tax.into())),
            ("downloadable", Some(false.into())),
        ];
        let has = |name: &str| block.fields.iter().any(|field| field.name == name);
        let item: Map<String, Value> = values
            .into_iter()
            .filter(|(name, _)| has(name))
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        self.set("/cart/items/-", Value::Object(item))
    }

    /// Appends goods that were weighed or measured to `/cart/items`, as one piece: the name with the measure, and what
    /// `quantity` (`0.345`, `0,345`) of them comes to at the price of one `unit`. `decimal` is the sign in the name.
    pub fn add_measured(
        &mut self,
        goods: Goods<'_>,
        quantity: &str,
        unit: &str,
        price_with_tax: i64,
        decimal: char,
    ) -> Result<(), Problem> {
        let refused = |what: String| Problem::new(ErrorCode::ArgumentOutOfRange, what);
        let item_type = goods.item_type.filter(|word| !word.trim().is_empty());
        let block = block_of(item_type.unwrap_or("product"))?;
        if !block.names().contains(&"quantity") {
            let what = "Only goods are weighed: the type must be product or service.";
            return Err(refused(what.to_owned()));
        }
        let Some(name) = goods.name.filter(|name| !name.trim().is_empty()) else {
            let what = "The name is missing: the measure follows it.";
            return Err(refused(what.to_owned()));
        };
        let measured = Measured::read(quantity, unit).map_err(refused)?;
        let total = measured.total(price_with_tax).map_err(refused)?;
        let name = measured.name(name, decimal);
        self.add_item(item_type, goods.reference, Some(&name), 1, total, total)
    }

    /// What has been written so far.
    pub fn document(&self) -> &Map<String, Value> {
        &self.document
    }
}

fn block_of(item_type: &str) -> Result<&'static Block, Problem> {
    if let Some((_, block)) = ITEMS.blocks.iter().find(|(name, _)| *name == item_type) {
        return Ok(block);
    }
    let names = ITEMS.names();
    let near = nearest(item_type, &names).map(|name| format!(" Did you mean {name}?"));
    Err(Problem {
        code: ErrorCode::UnknownItemType,
        message: format!(
            "The item type \"{item_type}\" is not one of {}.{}",
            names.join(", "),
            near.unwrap_or_default()
        ),
        pointer: None,
        expected: None,
        actual: Some(item_type.into()),
        operator_message: None,
    })
}

/// The pointer's segments, unescaped.
fn segments(pointer: &str) -> Result<Vec<String>, Problem> {
    if pointer.is_empty() {
        return Err(Problem {
            code: ErrorCode::NullArgument,
            message:
                "The pointer is empty, and would be the order as a whole: name a field, as in \
                /cart/currency."
                    .to_owned(),
            pointer: None,
            expected: None,
            actual: None,
            operator_message: None,
        });
    }
    let Some(path) = pointer.strip_prefix('/') else {
        return Err(refusal(
            pointer,
            "does not begin with a slash: write it as in /cart/currency.",
        ));
    };
    let segments: Option<Vec<String>> = path.split('/').map(unescape).collect();
    match segments {
        None => Err(refusal(
            pointer,
            "has a ~ that is neither ~0 (for ~) nor ~1 (for /).",
        )),
        Some(segments) if segments.len() > limits::DEPTH => Err(refusal(
            pointer,
            &format!(
                "goes down {} steps; an order has at most {}.",
                segments.len(),
                limits::DEPTH
            ),
        )),
        Some(segments) => Ok(segments),
    }
}

fn unescape(segment: &str) -> Option<String> {
    let mut escaped = segment.split('~');
    let mut plain = escaped.next().unwrap_or_default().to_owned();
    for part in escaped {
        let letter = match part.as_bytes().first() {
            Some(b'0') => '~',
            Some(b'1') => '/',
            _ => return None,
        };
        plain.push(letter);
        plain.push_str(&part[1..]);
    }
    Some(plain)
}

/// Where the walk down to the place is.
enum Place<'a> {
    Object(&'a mut Map<String, Value>),
    List(&'a mut Vec<Value>),
}

/// Goes down as far as the document goes, makes the rest, and only then changes anything.
fn put(document: &mut Map<String, Value>, segments: &[String], value: Value) -> Result<(), String> {
    let mut place = Place::Object(document);
    for (depth, segment) in segments.iter().enumerate() {
        let rest = &segments[depth + 1..];
        let next = match place {
            Place::Object(map) => {
                if !leads_on(map.get(segment), rest) {
                    let made = grow(rest, value)?;
                    map.insert(segment.clone(), made);
                    return Ok(());
                }
                map.get_mut(segment)
            }
            Place::List(list) => {
                let index = index(segment, list.len())?;
                if !leads_on(list.get(index), rest) {
                    let made = grow(rest, value)?;
                    match list.get_mut(index) {
                        Some(entry) => *entry = made,
                        None => list.push(made),
                    }
                    return Ok(());
                }
                list.get_mut(index)
            }
        };
        place = match next {
            Some(Value::Object(map)) => Place::Object(map),
            Some(Value::Array(list)) => Place::List(list),
            _ => {
                return Err(format!(
                    "goes on below {segment}, which is a single value already."
                ));
            }
        };
    }
    Ok(())
}

/// Whether the way goes on through what is there; null and a blank text are as good as nothing.
fn leads_on(there: Option<&Value>, rest: &[String]) -> bool {
    !rest.is_empty() && there.is_some_and(|value| !is_left_out(value))
}

/// The value inside the objects and lists that the rest of the pointer calls for.
fn grow(rest: &[String], value: Value) -> Result<Value, String> {
    rest.iter()
        .rev()
        .try_fold(value, |value, segment| match segment.as_str() {
            "0" | "-" => Ok(Value::Array(vec![value])),
            other if number(other).is_some() => Err(format!(
                "names entry {other} of a list that does not exist yet: begin with entry 0."
            )),
            name => Ok(Value::Object(Map::from_iter([(name.to_owned(), value)]))),
        })
}

/// The entry that a segment names in a list of this length.
fn index(segment: &str, length: usize) -> Result<usize, String> {
    let index = match segment {
        "-" => Some(length),
        segment => number(segment),
    };
    match index {
        Some(index) if index <= length && index < limits::LINES => Ok(index),
        Some(index) if index <= length => Err(format!(
            "names entry {index} of a list; at most {} are taken.",
            limits::LINES
        )),
        Some(index) => Err(format!(
            "names entry {index} of a list that has {length}: the next one is {length}."
        )),
        None => Err(format!(
            "has {segment} where a list has entries: write the entry's number, or - for a new one."
        )),
    }
}

/// An index as RFC 6901 writes it: digits, without a leading zero.
fn number(segment: &str) -> Option<usize> {
    let plain = segment == "0" || !segment.starts_with('0');
    let digits = plain && !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_digit());
    // One that does not fit is beyond the end of every list.
    digits.then(|| segment.parse().unwrap_or(usize::MAX))
}

fn refusal(pointer: &str, what: &str) -> Problem {
    Problem {
        code: ErrorCode::ArgumentOutOfRange,
        message: format!("The pointer {pointer} {what}"),
        pointer: Some(pointer.to_owned()),
        expected: None,
        actual: None,
        operator_message: None,
    }
}

//! An order as languages with types have it: a class for each block, a field for each row of the tables.

use super::super::model::pascal_case;
use super::page::{needed, type_words};
use super::words::{BLOCKS, FIELDS};
use super::{Block, Field, words};

/// A part of an order.
pub struct Class {
    /// As the tables call it, or as its `type` does: `pickup_store`.
    pub word: String,
    pub doc: String,
    /// What its like are entries of, by their `type`; none: it is an object of its own.
    pub of: Option<Kin>,
    pub fields: Vec<Slot>,
}

/// The entries of a list that say by their `type` what they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kin {
    Item,
    Tracking,
}

pub struct Slot {
    pub name: String,
    pub doc: String,
    /// A program that leaves it out is wrong, whatever the configuration holds.
    pub is_required: bool,
    /// Nothing to say is said: as null.
    pub null_is_said: bool,
    pub holds: Holds,
}

pub enum Holds {
    Text,
    /// A text or a whole number.
    Reference,
    Flag,
    Integer,
    /// One of a closed list: the words, each with its JSON.
    Words(&'static str, Vec<(String, String)>),
    /// Names and values.
    Parameters,
    Object(String),
    List(String),
    Entries(Kin),
}

/// What a till says the same of every sale: the configuration's `order_defaults` have it as well.
const OF_THE_TILL: &[&str] = &[
    "merchant.id",
    "cart.currency",
    "cart.gift",
    "customer.logged_in",
    "customer.language_code",
    "customer.ip_number",
    "customer.user_agent",
    "platform.name",
    "platform.version",
    "platform.uname",
    "platform.db_name",
    "platform.db_version",
];

/// Every part, those that others hold before them.
pub fn classes() -> Vec<Class> {
    let blocks = Block::all();
    let mut classes: Vec<Class> = Vec::new();
    for block in &blocks {
        // The two addresses, and the three carts, are written alike.
        if classes.iter().any(|class| class.word == block.key) {
            continue;
        }
        let entries = types_of(&blocks, &block.name);
        match entries.is_empty() {
            true => classes.push(Class::new(block, block.key.to_owned(), None)),
            false => classes.extend(
                entries
                    .into_iter()
                    .map(|(word, of)| Class::new(block, word, Some(of))),
            ),
        }
    }
    classes.reverse();
    classes
}

/// The types that a block is of, and in which list.
fn types_of(blocks: &[Block], name: &str) -> Vec<(String, Kin)> {
    let mut found: Vec<(String, Kin)> = Vec::new();
    for field in blocks.iter().flat_map(|block| &block.fields) {
        let of = match field.name.as_str() {
            "trackings" => Kin::Tracking,
            _ => Kin::Item,
        };
        let words = field.types.iter().filter(|(_, inside)| inside == name);
        for (word, _) in words {
            if !found.iter().any(|(known, _)| known == word) {
                found.push((word.clone(), of));
            }
        }
    }
    found
}

impl Class {
    fn new(block: &Block, word: String, of: Option<Kin>) -> Class {
        let fields = block.fields.iter().filter(|field| is_written(block, field));
        Class {
            fields: fields.map(|field| Slot::new(block, field)).collect(),
            word,
            doc: title(block),
            of,
        }
    }

    /// `PickupStore`.
    pub fn name(&self) -> String {
        pascal_case(&self.word)
    }
}

/// What a block is for: its title, or what is said of the field that holds it.
fn title(block: &Block) -> String {
    let title = BLOCKS.iter().find(|(key, ..)| *key == block.key);
    let (_, title, _) = title.expect("every block has a title");
    if block.key == "address" {
        return "Where the goods go, or the invoice.".to_owned();
    }
    let holder = FIELDS
        .iter()
        .find(|(key, ..)| key == title || key.strip_prefix("order.") == Some(title));
    match (holder, title.split_once(": ")) {
        (Some((_, _, english, _)), _) => sentence(english),
        (None, Some((_, rest))) if !title.starts_with("An item") => sentence(rest),
        _ => sentence(title),
    }
}

/// What a till writes: not where seQura would call a web shop, nor what the library or the class itself says.
fn is_written(block: &Block, field: &Field) -> bool {
    !field.is("callback")
        && field.name != "type"
        && !(block.key == "order" && field.name == "state")
}

impl Slot {
    fn new(block: &Block, field: &Field) -> Slot {
        let (_, example, english, _) = words(block, field);
        let is_of_the_till =
            OF_THE_TILL.contains(&format!("{}.{}", block.key, field.name).as_str());
        let must = field.need.starts_with("must") && !block.implies(field);
        let mut said = vec![sentence(english)];
        let kind = type_words(field, false);
        if !matches!(
            kind.as_str(),
            "text" | "object" | "list" | "`true` or `false`"
        ) {
            said.push(match kind.starts_with('`') {
                true => format!("One of {kind}."),
                false => sentence(&kind),
            });
        }
        let need = match field.need.as_str() {
            "may" => String::new(),
            _ if block.implies(field) => "Sent empty where it is left out.".to_owned(),
            _ => need(field),
        };
        said.push(need);
        if must && is_of_the_till {
            said.push("The configuration's order_defaults may have it instead.".to_owned());
        }
        if !matches!(*example, "" | "{…}" | "[…]" | "null") {
            said.push(format!("Such as {example}."));
        }
        said.push(format!("[{}]", field.source));
        said.retain(|part| !part.is_empty());
        Slot {
            name: field.name.clone(),
            doc: said.join(" ").replace('`', ""),
            // An update of an order is an order that says what changes, and no more.
            is_required: must && !is_of_the_till && block.key != "order",
            null_is_said: field.need == "must, may be null",
            holds: holds(field),
        }
    }
}

fn need(field: &Field) -> String {
    let words = needed(field, false);
    match words.strip_prefix("yes") {
        Some("") => "Needed.".to_owned(),
        Some(rest) => format!("Needed{rest}."),
        None => sentence(words),
    }
}

fn holds(field: &Field) -> Holds {
    let text = |word: &str| (word.to_owned(), format!("\"{word}\""));
    match field.kind["is"].as_str().expect("a kind") {
        "reference" | "merchant id" => Holds::Reference,
        "flag" => Holds::Flag,
        "cents" | "integer" => Holds::Integer,
        "flag or unknown" => Holds::Words(
            "LoggedIn",
            vec![
                ("yes".to_owned(), "true".to_owned()),
                ("no".to_owned(), "false".to_owned()),
                text("unknown"),
            ],
        ),
        "one of" => {
            assert_eq!(field.name, "layout", "a closed list has a name");
            let words = field.kind["words"].as_array().expect("words");
            let words = words
                .iter()
                .map(|word| text(word.as_str().expect("a word")));
            Holds::Words("Layout", words.collect())
        }
        "parameters" => Holds::Parameters,
        "object" => Holds::Object(class_of(field)),
        "list" => Holds::List(class_of(field)),
        "list by type" if field.name == "trackings" => Holds::Entries(Kin::Tracking),
        "list by type" => Holds::Entries(Kin::Item),
        _ => Holds::Text,
    }
}

/// `Address` of both addresses.
fn class_of(field: &Field) -> String {
    pascal_case(super::key(field.inside.as_ref().expect("a block")))
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    let text = first.unwrap_or_default() + letters.as_str();
    match text.ends_with(['.', '!', '?']) {
        true => text,
        false => text + ".",
    }
}

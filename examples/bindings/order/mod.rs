//! What an order is, from the tables that check it: the pages docs/order.md and docs/order.es.md, the JSON Schema
//! docs/order.schema.json, and the classes of languages with types.

mod page;
mod schema;
pub mod typed;
mod words;

pub use schema::RULES;
use sequra_pos::inside::order_described;
use serde_json::Value;
use words::{BLOCKS, FIELDS};

/// The pages and the schema: path from the repository's root, and text.
pub fn files() -> Vec<(&'static str, String)> {
    let order = Block::all();
    vec![
        ("docs/order.md", page::page(&order, &page::ENGLISH)),
        ("docs/order.es.md", page::page(&order, &page::SPANISH)),
        ("docs/order.schema.json", schema::schema(&order)),
    ]
}

/// A block of fields, as the tables have it.
struct Block {
    /// Its name in the schema.
    name: String,
    /// Under which its words are found.
    key: &'static str,
    fields: Vec<Field>,
    open: bool,
}

struct Field {
    name: String,
    need: String,
    kind: Value,
    source: String,
    /// The block that it holds, or whose like its list holds.
    inside: Option<String>,
    /// The blocks that its list holds, by their type.
    types: Vec<(String, String)>,
}

impl Block {
    /// The order and every block in it, each once, in the order of the tables.
    fn all() -> Vec<Block> {
        let mut found = Vec::new();
        Block::read("order", &order_described(), &mut found);
        found
    }

    fn read(name: &str, described: &Value, found: &mut Vec<Block>) {
        if found.iter().any(|block| block.name == name) {
            return;
        }
        let place = found.len();
        found.push(Block {
            name: name.to_owned(),
            key: key(name),
            fields: Vec::new(),
            open: described["open"] == true,
        });
        let fields = described["fields"].as_array().expect("fields");
        let fields = fields.iter().map(|field| Field::read(field, found));
        found[place].fields = fields.collect::<Vec<_>>();
    }

    /// Whether it is sent as an empty text where an address leaves it out.
    fn implies(&self, field: &Field) -> bool {
        self.key == "address" && field.need == "must, may be empty"
    }
}

impl Field {
    fn read(described: &Value, found: &mut Vec<Block>) -> Field {
        let text = |name: &str| described[name].as_str().expect(name).to_owned();
        let kind = &described["kind"];
        let name = text("name");
        let inside = kind.get("block").map(|block| {
            let inside = block_name(&name);
            Block::read(inside, block, found);
            inside.to_owned()
        });
        let mut types = Vec::new();
        for entry in kind
            .get("types")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let word = entry["type"].as_str().expect("a type");
            let inside = block_name(word);
            Block::read(inside, &entry["block"], found);
            types.push((word.to_owned(), inside.to_owned()));
        }
        Field {
            need: text("need"),
            source: text("source"),
            kind: kind.clone(),
            name,
            inside,
            types,
        }
    }

    fn is(&self, kind: &str) -> bool {
        self.kind["is"] == kind
    }
}

/// The block that a field or a type is.
fn block_name(name: &str) -> &str {
    match name {
        "unshipped_cart" | "shipped_cart" => "part_cart",
        "previous_orders" => "previous_order",
        "pickup_store" | "pickup_point" => "pickup",
        other => other,
    }
}

/// Where the words about a block stand.
fn key(block: &str) -> &'static str {
    let key = match block {
        "part_cart" => "cart",
        "delivery_address" | "invoice_address" => "address",
        other => other,
    };
    let known = BLOCKS.iter().map(|(key, ..)| *key);
    known
        .into_iter()
        .find(|known| *known == key)
        .unwrap_or_else(|| panic!("BLOCKS has nothing about {block}"))
}

/// Example, English and Spanish about a field.
fn words(
    block: &Block,
    field: &Field,
) -> &'static (&'static str, &'static str, &'static str, &'static str) {
    let found = |key: &str| {
        let key = format!("{key}.{}", field.name);
        FIELDS.iter().find(|row| row.0 == key)
    };
    found(block.key)
        .or_else(|| found("*"))
        .unwrap_or_else(|| panic!("FIELDS has nothing about {}.{}", block.key, field.name))
}

//! What the `data` of a result holds, from docs/result-buffer.schema.json: a class for each object that is described there.

use super::model::pascal_case;
use serde_json::Value;

/// An object.
pub struct Class {
    /// As the schema calls it: `pending_data`.
    pub word: String,
    pub doc: String,
    pub fields: Vec<Slot>,
}

pub struct Slot {
    pub name: String,
    pub doc: String,
    /// It may be null.
    pub is_nullable: bool,
    /// It may be left out.
    pub is_optional: bool,
    pub holds: Holds,
}

#[derive(Clone)]
pub enum Holds {
    Text,
    Integer,
    Flag,
    /// A JSON object that is not described further.
    Object,
    /// Anything that JSON can say.
    Anything,
    Class(String),
    List(Box<Holds>),
    /// Values by their names, which differ; whether they may be null.
    Map(Box<Holds>, bool),
}

/// All that the schema describes of results.
pub struct Results {
    pub classes: Vec<Class>,
    /// Operation and the class of its data where it is done.
    pub data: Vec<(String, String)>,
}

/// What a result says beside its data; the layers have it by hand.
const OUTSIDE: [&str; 2] = ["order", "http"];

impl Results {
    pub fn read() -> Results {
        let path = super::root().join("docs/result-buffer.schema.json");
        let text = std::fs::read_to_string(path).expect("the schema is there");
        let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
        let definitions = schema["$defs"].as_object().expect("definitions");
        let described = definitions
            .iter()
            .filter(|(name, _)| !OUTSIDE.contains(&name.as_str()));
        Results {
            classes: described
                .map(|(name, definition)| Class::read(&schema, name, definition))
                .collect(),
            data: data(&schema),
        }
    }

    /// The class of an operation's data; none: it has no data.
    pub fn data_of(&self, operation: &str) -> Option<String> {
        let found = self.data.iter().find(|(name, _)| name == operation);
        found.map(|(_, class)| class.clone())
    }
}

/// Which data belongs to which operation.
fn data(schema: &Value) -> Vec<(String, String)> {
    let rules = schema["allOf"].as_array().expect("rules");
    let of_one = rules.iter().filter_map(|rule| {
        let operation = rule["if"]["properties"]["operation"]["const"].as_str()?;
        let done = &rule["then"]["then"]["properties"]["data"]["$ref"];
        Some((operation.to_owned(), class_name(done.as_str()?)))
    });
    of_one.collect()
}

fn class_name(reference: &str) -> String {
    pascal_case(reference.rsplit('/').next().expect("a name"))
}

impl Class {
    fn read(schema: &Value, word: &str, definition: &Value) -> Class {
        let required = definition["required"].as_array().expect("required");
        let properties = definition["properties"].as_object().expect("properties");
        let fields = properties.iter().map(|(name, described)| {
            let (holds, is_nullable) = holds(schema, described);
            Slot {
                name: name.clone(),
                doc: said(schema, described),
                is_optional: !required.iter().any(|one| one == name),
                is_nullable,
                holds,
            }
        });
        Class {
            word: word.to_owned(),
            doc: text(&definition["description"]),
            fields: fields.collect(),
        }
    }

    /// `PendingData`.
    pub fn name(&self) -> String {
        pascal_case(&self.word)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What is said of a field, and the words that it is one of.
fn said(schema: &Value, described: &Value) -> String {
    let own = text(&described["description"]);
    if described["$ref"] == "#/properties/next" {
        return format!("{own} One of Next.").trim().to_owned();
    }
    if described["$ref"] == "#/$defs/order/properties/state" {
        return format!("{own} One of State.").trim().to_owned();
    }
    let list = match described["enum"].as_array() {
        Some(words) if words.len() < 12 => words.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let list = match list.split_last() {
        Some((last, first)) => format!("{} or {last}.", first.join(", ")),
        None => String::new(),
    };
    let said = format!("{own} {list}").trim().to_owned();
    match described["$ref"].as_str() {
        Some(reference) if said.is_empty() => text(&resolved(schema, reference)["description"]),
        _ => said,
    }
}

fn resolved<'a>(schema: &'a Value, reference: &str) -> &'a Value {
    let pointer = reference.strip_prefix('#').expect("in this schema");
    schema.pointer(pointer).expect("the schema has it")
}

/// What a value is, and whether it may be null instead.
fn holds(schema: &Value, described: &Value) -> (Holds, bool) {
    if let Some(reference) = described["$ref"].as_str() {
        let target = resolved(schema, reference);
        return match target.get("properties") {
            Some(_) => (Holds::Class(class_name(reference)), false),
            None => holds(schema, target),
        };
    }
    let ways = described.get("oneOf").or(described.get("anyOf"));
    if let Some(ways) = ways.and_then(Value::as_array) {
        let is_null = |way: &&Value| way["type"] == "null";
        let other = ways.iter().find(|way| !is_null(way)).expect("a value");
        return (holds(schema, other).0, ways.iter().any(|way| is_null(&way)));
    }
    if let Some(words) = described["enum"].as_array() {
        return (Holds::Text, words.contains(&Value::Null));
    }
    let kinds: Vec<&str> = match &described["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ if described.get("const").is_some_and(Value::is_boolean) => vec!["boolean"],
        _ => Vec::new(),
    };
    let is_nullable = kinds.contains(&"null") || kinds.is_empty();
    let kinds: Vec<&str> = kinds.into_iter().filter(|kind| *kind != "null").collect();
    let holds = match kinds[..] {
        ["string"] => Holds::Text,
        ["integer"] => Holds::Integer,
        ["boolean"] => Holds::Flag,
        ["array"] => Holds::List(Box::new(holds(schema, &described["items"]).0)),
        ["object"] => match described["additionalProperties"].is_object() {
            true => {
                let (inner, may_be_null) = holds(schema, &described["additionalProperties"]);
                Holds::Map(Box::new(inner), may_be_null)
            }
            false => Holds::Object,
        },
        _ => Holds::Anything,
    };
    (holds, is_nullable)
}

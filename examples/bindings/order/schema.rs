//! docs/order.schema.json.

use super::super::model::GENERATED;
use super::{Block, Field, words};
use serde_json::{Map, Value, json};

/// What a schema cannot say, and by which errors it shows.
pub struct Rule {
    /// Code, and the end of the place.
    pub errors: &'static [(&'static str, &'static str)],
    pub english: &'static str,
    pub spanish: &'static str,
}

/// The test that holds the schema against the checks leaves out what is refused for these reasons alone.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    Rule {
        errors: &[("cart_total_mismatch", "/order_total_with_tax")],
        english: "**Sums**: a cart's `order_total_with_tax` is what its items' `total_with_tax` add up to: what is left for seQura to finance. A discount on the ticket is a line `discount`, a part paid in cash a line `other_payment`, both with a minus; a discount on goods is in their own price. A line's total may differ from quantity times price; that is a warning.",
        spanish: "**Sumas**: el `order_total_with_tax` de una cesta es la suma de los `total_with_tax` de sus líneas: lo que queda para que lo financie seQura. Un descuento del ticket es una línea `discount`, una parte en efectivo una línea `other_payment`, las dos con un menos; el descuento de un artículo va en su precio. El total de una línea puede no ser cantidad por precio; es un aviso.",
    },
    Rule {
        errors: &[("currency_mismatch", "/currency"), ("out_of_range", "/unshipped_cart/order_total_with_tax")],
        english: "**Two carts** have one currency, and together they come to more than 0.",
        spanish: "**Dos cestas** tienen una sola moneda, y juntas suman más de 0.",
    },
    Rule {
        errors: &[("mutually_exclusive", "")],
        english: "**A service** ends on a day or after a while: one of `ends_on` and `ends_in`.",
        spanish: "**Un servicio** termina un día o pasado un tiempo: uno de `ends_on` y `ends_in`.",
    },
    Rule {
        errors: &[("invalid_date", ""), ("invalid_duration", "")],
        english: "**Dates exist**: there is no 30 February, and a duration is longer than nothing.",
        spanish: "**Las fechas existen**: no hay 30 de febrero, y una duración es más que nada.",
    },
    Rule {
        errors: &[
            ("invalid_email", ""), ("invalid_ip_address", ""), ("invalid_url", ""), ("invalid_value", "/merchant/id"),
            ("invalid_value", "/order_ref_1"), ("invalid_value", "/order_ref_2"), ("invalid_country", ""),
        ],
        english: "**What has the right form** can still be none: `999.1.1.1`, a reference with a line end in it, the name of a country that there is not.",
        spanish: "**Lo que tiene la forma correcta** puede no serlo: `999.1.1.1`, una referencia con un salto de línea, el nombre de un país que no hay.",
    },
    Rule {
        errors: &[("not_an_integer", "")],
        english: "**Integers** are written without a fraction: `1250`, not `1250.0`.",
        spanish: "**Los enteros** se escriben sin decimales: `1250`, no `1250.0`.",
    },
    Rule {
        errors: &[],
        english: "**With `addresses_may_be_missing`** an address may be blank, or say no more than its country; what else it says is looked at as without.",
        spanish: "**Con `addresses_may_be_missing`** una dirección puede estar en blanco o no decir más que su país; lo demás se comprueba igual.",
    },
];

pub fn schema(order: &[Block]) -> String {
    let mut definitions = Map::new();
    definitions.insert(
        "left_out".into(),
        json!({
            "description": "Says nothing: null, or a text of blanks.",
            "anyOf": [{"type": "null"}, {"type": "string", "pattern": r"^\s*$"}],
        }),
    );
    definitions.insert(
        "blank".into(),
        json!({"type": "string", "pattern": r"^\s*$"}),
    );
    definitions.insert("said".into(), json!({"type": "string", "pattern": r"\S"}));
    definitions.insert(
        "nothing_but_blanks".into(),
        json!({
            "description": "An object of blank texts is as good as none.",
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/left_out"},
            "not": {"additionalProperties": {"type": "null"}},
        }),
    );
    let codes = |kind: &str| {
        let fields = order.iter().flat_map(|block| &block.fields);
        let mut found = fields.filter(|field| field.is(kind));
        found.next().expect("a field of this kind").kind["codes"].clone()
    };
    let name = r"^(?!\s*[A-Z]{2}\s*$).*\S";
    definitions.insert(
        "country".into(),
        json!({
            "description": "The code of two letters; names and other codes are understood, with a warning.",
            "anyOf": [{"enum": codes("country")}, {"type": "string", "pattern": name}],
        }),
    );
    definitions.insert("currency".into(), json!({"enum": codes("currency")}));
    for block in order.iter().skip(1) {
        definitions.insert(block.name.clone(), Value::Object(block_schema(block)));
    }
    let mut root = Map::new();
    root.insert(
        "$schema".into(),
        "https://json-schema.org/draft/2020-12/schema".into(),
    );
    root.insert(
        "title".into(),
        "An order, as a till writes it for sequra-pos".into(),
    );
    root.insert("description".into(), "Made from the tables that check an order. What the configuration's order_defaults hold, and merchant.id, need not be written; here they count as missing.".into());
    let rules: Vec<String> = RULES
        .iter()
        .map(|rule| rule.english.replace(['*', '`'], ""))
        .collect();
    let comment = format!("{GENERATED} What a schema cannot say. {}", rules.join(" "));
    root.insert("$comment".into(), comment.into());
    root.append(&mut block_schema(&order[0]));
    root.insert("allOf".into(), conditions());
    root.insert("$defs".into(), definitions.into());
    let mut text = serde_json::to_string_pretty(&root).expect("JSON");
    text.push('\n');
    text
}

/// As large as the library reads them.
fn number() -> Value {
    json!({"type": "integer", "minimum": i64::MIN, "maximum": u64::MAX})
}

/// What is needed of the order depends on its options.
fn conditions() -> Value {
    let option = |name: &str| {
        json!({
            "required": ["merchant"],
            "properties": {"merchant": {
                "type": "object",
                "required": ["options"],
                "properties": {"options": {
                    "type": "object",
                    "required": [name],
                    "properties": {name: {"const": true}},
                }},
            }},
        })
    };
    let left_out = || json!({"$ref": "#/$defs/left_out"});
    let address = |name: &str| json!({"$ref": format!("#/$defs/{name}")});
    let implied =
        || json!({"anyOf": [left_out(), {"type": "object", "additionalProperties": left_out()}]});
    let carried = |cart: &str| {
        json!({
            "required": [cart],
            "properties": {cart: {
                "type": "object",
                "required": ["delivery_method"],
                "properties": {"delivery_method": {"type": "object"}},
            }},
        })
    };
    json!([
        {
            "if": option("uses_shipped_cart"),
            "then": {
                "required": ["unshipped_cart", "shipped_cart"],
                "properties": {
                    "cart": left_out(),
                    "unshipped_cart": {"$ref": "#/$defs/part_cart"},
                    "shipped_cart": {"$ref": "#/$defs/part_cart"},
                },
            },
            "else": {
                "required": ["cart"],
                "properties": {
                    "cart": {"$ref": "#/$defs/cart"},
                    "unshipped_cart": left_out(),
                    "shipped_cart": left_out(),
                },
            },
        },
        {
            "if": option("addresses_may_be_missing"),
            "else": {"anyOf": [
                {
                    "required": ["delivery_address"],
                    "properties": {
                        "delivery_address": address("delivery_address"),
                        "invoice_address": {"anyOf": [address("invoice_address"), implied()]},
                    },
                },
                {
                    "required": ["invoice_address"],
                    "properties": {
                        "invoice_address": address("delivery_address"),
                        "delivery_address": implied(),
                    },
                },
            ]},
        },
        {"anyOf": [
            {"required": ["delivery_method"], "properties": {"delivery_method": {"$ref": "#/$defs/delivery_method"}}},
            carried("cart"),
            carried("unshipped_cart"),
            carried("shipped_cart"),
        ]},
    ])
}

fn block_schema(block: &Block) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in &block.fields {
        let (_, example, english, _) = words(block, field);
        let mut schema = field_schema(field);
        if block.implies(field) {
            schema = json!({"anyOf": [schema, {"$ref": "#/$defs/left_out"}]});
        }
        let object = schema.as_object_mut().expect("an object");
        object.insert(
            "description".into(),
            format!("{english} [{}]", field.source).into(),
        );
        if let Ok(example) = serde_json::from_str::<Value>(example) {
            object.insert("examples".into(), json!([example]));
        }
        properties.insert(field.name.clone(), schema);
        if field.need.starts_with("must") && !block.implies(field) {
            required.push(Value::from(field.name.clone()));
        }
    }
    let mut schema = Map::new();
    schema.insert("type".into(), "object".into());
    schema.insert("required".into(), required.into());
    schema.insert("properties".into(), properties.into());
    if block.open {
        schema.insert("$comment".into(), "Other fields are no surprise.".into());
    }
    schema
}

fn field_schema(field: &Field) -> Value {
    let left_out = json!({"$ref": "#/$defs/left_out"});
    let blank = json!({"$ref": "#/$defs/blank"});
    let kind = kind_schema(field);
    match field.need.as_str() {
        "must" => kind,
        "must, may be empty" | "must, may be empty with a warning" => {
            json!({"anyOf": [kind, blank]})
        }
        // Whether they must be there the order's conditions say.
        "address" => json!({"anyOf": [{"type": "object"}, left_out]}),
        "one cart" | "two carts" => json!({"anyOf": [kind, left_out]}),
        _ if field.is("callback") => left_out,
        _ if field.is("object") && field.need == "may" => {
            json!({"anyOf": [kind, left_out, {"$ref": "#/$defs/nothing_but_blanks"}]})
        }
        _ => json!({"anyOf": [kind, left_out]}),
    }
}

/// A value that says something.
fn kind_schema(field: &Field) -> Value {
    let text = |pattern: &str| json!({"type": "string", "pattern": pattern});
    let kind = &field.kind;
    match kind["is"].as_str().expect("a kind") {
        "anything" => match field.need.as_str() {
            "must" => json!({"$ref": "#/$defs/said"}),
            _ => json!({}),
        },
        "text" | "usually" | "payment method" => json!({"$ref": "#/$defs/said"}),
        "reference" => json!({"anyOf": [{"$ref": "#/$defs/said"}, number()]}),
        "merchant id" => {
            json!({"anyOf": [{"type": "string", "pattern": "^[!#-~]{1,255}$"}, number()]})
        }
        "flag" => json!({"type": "boolean"}),
        "flag or unknown" => json!({"enum": [true, false, "unknown"]}),
        "cents" | "integer" => {
            json!({"type": "integer", "minimum": kind["least"], "maximum": kind["most"]})
        }
        "date" => text("^[0-9]{4}-[0-9]{2}-[0-9]{2}( 00:00:00)?$"),
        "moment" => text(
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?$",
        ),
        "duration" => text(
            "^P(?=.)([0-9]{1,9}Y)?([0-9]{1,9}M)?([0-9]{1,9}W)?([0-9]{1,9}D)?(T(?=.)([0-9]{1,9}H)?([0-9]{1,9}M)?([0-9]{1,9}S)?)?$",
        ),
        code @ ("country" | "currency") => json!({"$ref": format!("#/$defs/{code}")}),
        "language" => text("^([A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*|[A-Za-z]{4,40})$"),
        "email" => text(r#"^([^@\s]+|"\S*)@[^@\s.-][^@\s.]*(\.[^@\s.-][^@\s.]*)+$"#),
        "ip address" => text("^[0-9A-Fa-f:.]+(\\s*,\\s*[0-9A-Fa-f:.]+)*$"),
        "url" => {
            text(r"^([Hh][Tt][Tt][Pp][Ss]?://[^/?#\s].*|[^/?#\s:@.]+(\.[^/?#\s:@.]+)+([/?#].*)?)$")
        }
        "one of" => json!({"enum": kind["words"]}),
        "callback" => json!({"$ref": "#/$defs/left_out"}),
        "parameters" => json!({"type": "object"}),
        "object" => json!({"$ref": format!("#/$defs/{}", field.inside.as_ref().expect("a block"))}),
        "list" => json!({
            "type": "array",
            "items": {"$ref": format!("#/$defs/{}", field.inside.as_ref().expect("a block"))},
        }),
        "list by type" => list_by_type(field),
        other => panic!("what is {other}?"),
    }
}

/// The entries say by their `type` what they are.
fn list_by_type(field: &Field) -> Value {
    let words: Vec<&str> = field.types.iter().map(|(word, _)| word.as_str()).collect();
    let one = |word: &str, inside: &str| {
        json!({
            "if": {"required": ["type"], "properties": {"type": {"const": word}}},
            "then": {"$ref": format!("#/$defs/{inside}")},
        })
    };
    let mut ways: Vec<Value> = field
        .types
        .iter()
        .map(|(word, inside)| one(word, inside))
        .collect();
    let mut entry = json!({"type": "object", "properties": {"type": {"enum": words}}});
    match field.kind["default"].as_str() {
        None => entry["required"] = json!(["type"]),
        Some(default) => {
            let (_, inside) = field
                .types
                .iter()
                .find(|(word, _)| word == default)
                .expect("the default is a type");
            entry["properties"]["type"] =
                json!({"anyOf": [{"enum": words}, {"$ref": "#/$defs/left_out"}]});
            ways.push(json!({
                "if": {"properties": {"type": {"$ref": "#/$defs/left_out"}}},
                "then": {"$ref": format!("#/$defs/{inside}")},
            }));
        }
    }
    entry["allOf"] = ways.into();
    let mut list = json!({"type": "array", "items": entry});
    if field.kind["may_be_empty"] == false {
        list["minItems"] = 1.into();
    }
    list
}

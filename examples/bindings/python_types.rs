//! Python's types: bindings/python/sequra_pos/orders.py and results.py.

use super::model::{GENERATED, comment, wrapped};
use super::order::typed::{Class, Holds, Kin, Slot, classes};
use super::results::{self, Results};

const WIDTH: usize = 100;

pub fn orders() -> String {
    let classes = classes();
    let mut text = format!(
        "\"\"\"An order with types. {GENERATED}\n\n\
         \x20   from sequra_pos import orders\n\n\
         \x20   till.start_solicitation(orders.Order(\n\
         \x20       cart=orders.Cart(order_total_with_tax=5500, items=[orders.Product(...)]), ...))\n\n\
         Amounts are whole cents with tax included. None is left out. What these classes do not know, since seQura has it\n\
         newly, goes into other_fields: orders.Cart(..., other_fields={{\"its_name\": 1}}). What is refused and why is in\n\
         docs/order.md, which is made from the same tables. [D]: seQura documents it; [C]: seen in its clients' code; [I]: inferred.\n\
         \"\"\"\n\n\
         import sys\n\
         from typing import TYPE_CHECKING, Any, Mapping, Optional, Sequence, Union\n\n\
         from ._block import Block, Item, Tracking\n\n\
         if TYPE_CHECKING or sys.version_info >= (3, 8):\n\
         \x20   from typing import Literal\n\n\
         #: A text or a whole number.\n\
         Reference = Union[str, int]\n\
         #: Fields that this package does not know.\n\
         OtherFields = Optional[Mapping[str, Any]]\n\n\
         __all__ = [\n"
    );
    let mut names: Vec<String> = classes.iter().map(Class::name).collect();
    names.extend(["Item".to_owned(), "Tracking".to_owned()]);
    names.sort();
    for name in names {
        text += &format!("    \"{name}\",\n");
    }
    text += "]\n";
    for class in &classes {
        text += &written(class);
    }
    text
}

fn written(class: &Class) -> String {
    let base = match class.of {
        None => "Block",
        Some(Kin::Item) => "Item",
        Some(Kin::Tracking) => "Tracking",
    };
    let mut text = format!(
        "\n\nclass {}({base}):\n    \"\"\"{}\n\n",
        class.name(),
        class.doc
    );
    for field in &class.fields {
        let doc = format!("{}: {}", field.name, field.doc);
        for (at, line) in wrapped(&doc, WIDTH - 8).iter().enumerate() {
            text += &format!("    {}{line}\n", if at == 0 { "" } else { "    " });
        }
    }
    text += "    \"\"\"\n\n";
    let names = class.fields.iter().map(|field| field.name.as_str());
    text += &tuple("__slots__", &names.collect::<Vec<_>>());
    if class.of.is_some() {
        text += &format!("    _TYPE = \"{}\"\n", class.word);
    }
    let nulls = class.fields.iter().filter(|field| field.null_is_said);
    let nulls: Vec<&str> = nulls.map(|field| field.name.as_str()).collect();
    if !nulls.is_empty() {
        text += &tuple("_NULLS", &nulls);
    }
    text += "\n    def __init__(\n        self,\n        *,\n";
    let mut fields: Vec<&Slot> = class.fields.iter().collect();
    fields.sort_by_key(|field| !field.is_required);
    for field in fields {
        let of = of_type(&field.holds);
        text += &match field.is_required {
            true => format!("        {}: {of},\n", field.name),
            false => format!("        {}: {} = None,\n", field.name, optional(&of)),
        };
    }
    text += "        other_fields: OtherFields = None,\n    ) -> None:\n        super().__init__(other_fields)\n";
    for field in &class.fields {
        text += &format!("        self.{0} = {0}\n", field.name);
    }
    text
}

/// Names in parentheses, in as many lines as they need.
fn tuple(of: &str, names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\",")).collect();
    let one_line = format!("    {of} = ({})\n", quoted.join(" "));
    if one_line.len() <= WIDTH {
        return one_line;
    }
    let lines = comment("        ", &quoted.join(" "), WIDTH);
    format!("    {of} = (\n{lines}    )\n")
}

fn optional(of: &str) -> String {
    match of.strip_prefix("Optional[") {
        Some(_) => of.to_owned(),
        None => format!("Optional[{of}]"),
    }
}

/// Quoted where the name comes later, or not to every Python.
fn of_type(holds: &Holds) -> String {
    match holds {
        Holds::Text => "str".to_owned(),
        Holds::Reference => "Reference".to_owned(),
        Holds::Flag => "bool".to_owned(),
        Holds::Integer => "int".to_owned(),
        Holds::Words(_, words) => {
            let literal = |json: &String| match json.as_str() {
                "true" => "True".to_owned(),
                "false" => "False".to_owned(),
                text => text.replace('"', "'"),
            };
            let words: Vec<String> = words.iter().map(|(_, json)| literal(json)).collect();
            format!("\"Literal[{}]\"", words.join(", "))
        }
        Holds::Parameters => "Mapping[str, Any]".to_owned(),
        Holds::Object(class) => format!("\"{class}\""),
        Holds::List(class) => format!("Sequence[\"{class}\"]"),
        Holds::Entries(Kin::Item) => "Sequence[Item]".to_owned(),
        Holds::Entries(Kin::Tracking) => "Sequence[Tracking]".to_owned(),
    }
}

pub fn data(results: &Results) -> String {
    let mut text = format!(
        "\"\"\"What the data of results holds. {GENERATED}\n\n\
         \x20   from sequra_pos import results\n\n\
         \x20   def show(row: results.UnfinishedOrder) -> None:\n\
         \x20       print(row[\"order_ref_1\"], row[\"missing\"])\n\n\
         For a type checker: they are plain dicts. A newer library may have more in them, and words that are not among\n\
         those named here.\n\
         \"\"\"\n\n\
         import sys\n\
         from typing import TYPE_CHECKING, Any, Dict, List, Optional\n\n\
         if TYPE_CHECKING or sys.version_info >= (3, 8):\n\
         \x20   from typing import TypedDict\n\
         else:\n\
         \x20   from ._block import TypedDict\n"
    );
    for class in &results.classes {
        text += &described(class);
    }
    text
}

/// What may be left out is in a class of its own, over the one with what is always there.
fn described(class: &results::Class) -> String {
    let (optional, always): (Vec<_>, Vec<_>) =
        class.fields.iter().partition(|field| field.is_optional);
    let name = class.name();
    let mut text = String::new();
    let mut base = "TypedDict".to_owned();
    if !optional.is_empty() && !always.is_empty() {
        base = format!("_{name}Always");
        text += &format!("\n\nclass {base}(TypedDict):\n");
        text += &entries(&always, "");
    }
    let total = if optional.is_empty() {
        ""
    } else {
        ", total=False"
    };
    text += &format!(
        "\n\nclass {name}({base}{total}):\n    \"\"\"{}\"\"\"\n",
        class.doc
    );
    text + &entries(
        if optional.is_empty() {
            &always
        } else {
            &optional
        },
        "\n",
    )
}

fn entries(fields: &[&results::Slot], first: &str) -> String {
    let entry = |(at, field): (usize, &&results::Slot)| {
        let doc = match field.doc.is_empty() {
            true => String::new(),
            false => comment("    #: ", &field.doc, WIDTH),
        };
        let of = value_type(&field.holds);
        let of = match field.is_nullable && of != "Any" {
            true => format!("Optional[{of}]"),
            false => of,
        };
        let before = if at == 0 { first } else { "" };
        format!("{before}{doc}    {}: {of}\n", field.name)
    };
    fields.iter().enumerate().map(entry).collect()
}

fn value_type(holds: &results::Holds) -> String {
    use results::Holds;
    match holds {
        Holds::Text => "str".to_owned(),
        Holds::Integer => "int".to_owned(),
        Holds::Flag => "bool".to_owned(),
        Holds::Object => "Dict[str, Any]".to_owned(),
        Holds::Anything => "Any".to_owned(),
        Holds::Class(class) => format!("\"{class}\""),
        Holds::List(inner) => format!("List[{}]", value_type(inner)),
        Holds::Map(inner, may_be_null) => {
            let of = value_type(inner);
            match may_be_null {
                true => format!("Dict[str, Optional[{of}]]"),
                false => format!("Dict[str, {of}]"),
            }
        }
    }
}

//! C#'s types: bindings/csharp/SequraPos/Orders.cs and Results.cs.

use super::csharp::documentation;
use super::model::{GENERATED, pascal_case};
use super::order::typed::{Class, Holds, Kin, Slot, classes};
use super::results::{self, Results};

fn head(what: &str) -> String {
    format!(
        "// {what} {GENERATED}\n\n\
         // A runtime may have an attribute of this name already; the assembly's own serves all.\n\
         #pragma warning disable 436\n\n\
         using System;\n\
         using System.Collections.Generic;\n\
         using System.Diagnostics.CodeAnalysis;\n\n\
         namespace SequraPos\n{{\n"
    )
}

/// `SequraProduct`. SequraOrder is the one that a result is about.
fn type_name(name: &str) -> String {
    match name {
        "Order" => "SequraOrderContent".to_owned(),
        other => format!("Sequra{other}"),
    }
}

pub fn orders() -> String {
    let classes = classes();
    let mut parts: Vec<String> = Vec::new();
    for class in &classes {
        let words = class.fields.iter().filter_map(|field| match &field.holds {
            Holds::Words(name, words) => Some(enumeration(name, words, field)),
            _ => None,
        });
        parts.extend(words);
    }
    parts.extend(classes.iter().rev().map(written));
    head("An order with types.") + &parts.join("\n") + "}\n"
}

fn enumeration(name: &str, words: &[(String, String)], field: &Slot) -> String {
    let members = words.iter().map(|(word, json)| {
        documentation("        ", &format!("{}.", json.replace('"', "")))
            + &format!("        {},\n", pascal_case(word))
    });
    format!(
        "{}    public enum {}\n    {{\n{}    }}\n",
        documentation("    ", &field.doc),
        type_name(name),
        members.collect::<Vec<_>>().join("\n")
    )
}

fn written(class: &Class) -> String {
    let base = match class.of {
        None => "SequraBlock",
        Some(Kin::Item) => "SequraItem",
        Some(Kin::Tracking) => "SequraTracking",
    };
    let doc = match class.word.as_str() {
        "order" => {
            "An order with types, written with object initialisers; its ToJson is what SequraClient.StartSolicitation, \
             CheckOrder, Hold, Confirm and UpdateOrder (which takes what changes) want. From the tables that check an \
             order: docs/order.md says what is refused. Amounts are whole cents with tax included. [D]: seQura documents \
             it; [C]: seen in its clients' code; [I]: inferred."
        }
        _ => &class.doc,
    };
    let mut text = documentation("    ", doc);
    text += &format!(
        "    public sealed class {} : {base}\n    {{\n",
        type_name(&class.name())
    );
    let mut members: Vec<String> = Vec::new();
    for field in &class.fields {
        if let Holds::Words(name, words) = &field.holds {
            let words: Vec<&str> = words.iter().map(|(_, json)| json.as_str()).collect();
            members.push(format!(
                "        private static readonly object[] {name}Words = {{ {} }};\n",
                words.join(", ")
            ));
        }
    }
    members.extend(class.fields.iter().map(property));
    let overrides = [
        ("Type", class.of.is_some().then_some(class.word.as_str())),
        (
            "SaidAsNull",
            class
                .fields
                .iter()
                .find(|field| field.null_is_said)
                .map(|field| field.name.as_str()),
        ),
    ];
    for (name, value) in overrides {
        if let Some(value) = value {
            members.push(format!(
                "        internal override string {name}\n        {{\n            get {{ return \"{value}\"; }}\n        }}\n"
            ));
        }
    }
    text + &members.join("\n") + "    }\n"
}

fn property(field: &Slot) -> String {
    let name = &field.name;
    let place = format!("this[\"{name}\"]");
    let cast = |of: &str| (of.to_owned(), format!("({of}){place}"), "value".to_owned());
    let (of, get, set) = match &field.holds {
        Holds::Text => cast("string"),
        Holds::Flag => cast("bool?"),
        Holds::Integer => cast("long?"),
        Holds::Reference => (
            "SequraReference".to_owned(),
            format!("new SequraReference({place})"),
            "value.Value".to_owned(),
        ),
        Holds::Words(of, _) => (
            format!("{}?", type_name(of)),
            format!("({}?)Word(\"{name}\", {of}Words)", type_name(of)),
            format!("value == null ? null : {of}Words[(int)value]"),
        ),
        Holds::Parameters => cast("IDictionary<string, object>"),
        Holds::Object(class) => cast(&type_name(class)),
        Holds::List(class) => cast(&format!("IList<{}>", type_name(class))),
        Holds::Entries(Kin::Item) => cast("IList<SequraItem>"),
        Holds::Entries(Kin::Tracking) => cast("IList<SequraTracking>"),
    };
    let may_be_null = match of.ends_with('?') || of == "SequraReference" {
        true => "",
        false => "        [MaybeNull]\n",
    };
    format!(
        "{}{may_be_null}        public {of} {}\n        {{\n            get {{ return {get}; }}\n            set {{ {place} = {set}; }}\n        }}\n",
        documentation("        ", &field.doc),
        pascal_case(name),
    )
}

/// What the layer has by hand already.
fn is_by_hand(class: &results::Class) -> bool {
    class.word.ends_with("problem")
}

pub fn data(results: &Results) -> String {
    let mut parts: Vec<String> = vec![of_a_result(results)];
    let classes = results.classes.iter().filter(|class| !is_by_hand(class));
    parts.extend(classes.map(described));
    head("What the data of results holds.") + &parts.join("\n") + "}\n"
}

/// `PendingData` of a result, and its like.
fn of_a_result(results: &Results) -> String {
    let mut members: Vec<String> = Vec::new();
    for class in &results.classes {
        let name = class.name();
        let of = results.data.iter().filter(|(_, data)| *data == name);
        let of: Vec<String> = of
            .map(|(operation, _)| format!("\"{operation}\""))
            .collect();
        if of.is_empty() {
            continue;
        }
        let doc = format!(
            "{} null: this result is of another call, or has no data, since the call failed.",
            class.doc
        );
        members.push(format!(
            "{}        [MaybeNull]\n        public {of_type} {name}\n        {{\n            get {{ return Data(place => new {of_type}(place), {}); }}\n        }}\n",
            documentation("        ", &doc),
            of.join(", "),
            of_type = type_name(&name),
        ));
    }
    format!(
        "    public sealed partial class SequraResult\n    {{\n{}    }}\n",
        members.join("\n")
    )
}

fn described(class: &results::Class) -> String {
    let name = type_name(&class.name());
    let mut members = vec![format!(
        "        private readonly Place place;\n\n        internal {name}(Place place)\n        {{\n            this.place = place;\n        }}\n"
    )];
    members.extend(class.fields.iter().map(read));
    let doc = format!(
        "{} Read from its result, which must not be disposed of before.",
        class.doc
    );
    format!(
        "{}    public sealed class {name}\n    {{\n{}    }}\n",
        documentation("    ", &doc),
        members.join("\n")
    )
}

fn read(field: &results::Slot) -> String {
    use results::Holds;
    let may_miss = field.is_nullable || field.is_optional;
    let name = &field.name;
    let (of, call) = match &field.holds {
        Holds::Text => ("string".to_owned(), "Text"),
        // As JSON.
        Holds::Object | Holds::Anything => ("string".to_owned(), "Text"),
        Holds::Integer => ("long".to_owned(), "Integer"),
        Holds::Flag => ("bool".to_owned(), "Flag"),
        other => (value_type(other), ""),
    };
    let is_value = matches!(field.holds, Holds::Integer | Holds::Flag);
    let get = match &field.holds {
        Holds::Class(class) if !may_miss => {
            format!("new {}(place.At(\"{name}\"))", type_name(class))
        }
        Holds::Class(_) => format!("place.Object(\"{name}\", {})", maker(&field.holds)),
        Holds::List(inner) if matches!(**inner, Holds::Text | Holds::Object) => {
            format!("place.Texts(\"{name}\")")
        }
        Holds::List(inner) => format!("place.List(\"{name}\", {})", maker(inner)),
        Holds::Map(inner, _) => format!("place.Map(\"{name}\", {})", maker(inner)),
        _ => format!(
            "place.{call}{}(\"{name}\")",
            if may_miss { "OrNull" } else { "" }
        ),
    };
    let of = match may_miss && is_value {
        true => of + "?",
        false => of,
    };
    let is_list = matches!(field.holds, Holds::List(_) | Holds::Map(..));
    let attribute = match may_miss && !is_value && !is_list {
        true => "        [MaybeNull]\n",
        false => "",
    };
    let mut doc = field.doc.clone();
    if matches!(field.holds, Holds::Object | Holds::Anything) {
        doc = format!("{doc} As JSON, a text bare.");
    }
    if matches!(&field.holds, Holds::List(inner) if matches!(**inner, Holds::Object)) {
        doc = format!("{doc} Each as JSON.");
    }
    let doc = match doc.trim() {
        "" => format!("/{name}"),
        said => said.to_owned(),
    };
    format!(
        "{}{attribute}        public {of} {}\n        {{\n            get {{ return {get}; }}\n        }}\n",
        documentation("        ", &doc),
        pascal_case(name),
    )
}

fn value_type(holds: &results::Holds) -> String {
    use results::Holds;
    match holds {
        Holds::Text | Holds::Object | Holds::Anything => "string".to_owned(),
        Holds::Integer => "long?".to_owned(),
        Holds::Flag => "bool?".to_owned(),
        Holds::Class(class) if class.ends_with("Problem") => "SequraProblem".to_owned(),
        Holds::Class(class) => type_name(class),
        Holds::List(inner) => format!("IList<{}>", value_type(inner)),
        Holds::Map(inner, _) => format!("IDictionary<string, {}>", value_type(inner)),
    }
}

/// A function that makes the value at a place.
fn maker(holds: &results::Holds) -> String {
    use results::Holds;
    match holds {
        Holds::Class(class) if class.ends_with("Problem") => "at => at.Problem()".to_owned(),
        Holds::Class(class) => format!("at => new {}(at)", type_name(class)),
        Holds::Integer => "at => at.Number()".to_owned(),
        Holds::Map(inner, _) => {
            let inner = maker(inner);
            // Each lambda has a name of its own.
            let depth = inner.matches("=>").count();
            let outer = format!("of{depth}");
            format!("{outer} => {outer}.Map({inner})")
        }
        _ => panic!("no list has such entries yet"),
    }
}

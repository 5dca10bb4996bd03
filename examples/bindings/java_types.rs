//! Java's types: Orders.java and Data.java of bindings/java.

use super::java::javadoc;
use super::model::{GENERATED, camel_case, pascal_case, upper_case};
use super::order::typed::{Class, Holds, Kin, classes};
use super::results::{self, Results};

pub fn orders() -> String {
    let mut text = "package org.sequrapos;\n\nimport java.util.Arrays;\nimport java.util.List;\nimport java.util.Map;\n\n".to_owned();
    text += &javadoc(
        "",
        &format!(
            "An order with types, whose toJson is what SequraClient takes:\n\n    \
             new Orders.Order().cart(new Orders.Cart().currency(\"EUR\").gift(false).orderTotalWithTax(5500)\n        \
             .items(new Orders.Product().reference(\"CAM-01\").name(\"Camisa\") ...)) ...\n\n\
             From the tables that check an order: docs/order.md says what is refused. Amounts are whole cents with tax \
             included. What these classes do not know, since seQura has it newly, goes into otherField. [D]: seQura \
             documents it; [C]: seen in its clients' code; [I]: inferred.\n\n{GENERATED}"
        ),
    );
    text += "public final class Orders {\n\n    private Orders() {\n    }\n";
    for (name, doc) in [
        ("Item", "A line of a cart: Product, Discount, ..."),
        (
            "Tracking",
            "Where a parcel is: Postal, PickupStore, PickupPoint.",
        ),
    ] {
        text += &format!(
            "\n{}    public abstract static class {name}<S extends {name}<S>> extends OrderPart<S> {{\n\n        {name}() {{\n        }}\n    }}\n",
            javadoc("    ", doc)
        );
    }
    let classes = classes();
    for class in &classes {
        for field in &class.fields {
            if let Holds::Words(name, words) = &field.holds {
                text += &enumeration(name, words, &field.doc);
            }
        }
    }
    for class in classes.iter().rev() {
        text += &written(class);
    }
    text + "}\n"
}

fn enumeration(name: &str, words: &[(String, String)], doc: &str) -> String {
    let entries: Vec<String> = words
        .iter()
        .map(|(word, json)| {
            let said = javadoc("        ", &format!("{}.", json.replace('"', "")));
            format!("{said}        {}({json})", upper_case(word))
        })
        .collect();
    format!(
        "\n{}    public enum {name} {{\n{};\n\n        final Object said;\n\n        {name}(Object said) {{\n            this.said = said;\n        }}\n    }}\n",
        javadoc("    ", doc),
        entries.join(",\n")
    )
}

fn written(class: &Class) -> String {
    let name = class.name();
    let base = match class.of {
        None => "OrderPart",
        Some(Kin::Item) => "Item",
        Some(Kin::Tracking) => "Tracking",
    };
    let mut text = format!(
        "\n{}    public static final class {name} extends {base}<{name}> {{\n",
        javadoc("    ", &class.doc)
    );
    for field in &class.fields {
        for (parameter, value) in parameters(&field.holds) {
            text += &format!(
                "\n{}        public {name} {}({parameter}) {{\n            return set(\"{}\", {value});\n        }}\n",
                javadoc("        ", &field.doc),
                camel_case(&field.name),
                field.name,
            );
        }
    }
    let null = class.fields.iter().find(|field| field.null_is_said);
    let overrides = [
        ("type", class.of.is_some().then_some(&class.word)),
        ("saidAsNull", null.map(|field| &field.name)),
    ];
    for (method, value) in overrides {
        if let Some(value) = value {
            text += &format!(
                "\n        @Override\n        String {method}() {{\n            return \"{value}\";\n        }}\n"
            );
        }
    }
    text + "    }\n"
}

/// The ways in which a value is given: the parameter, and what is kept of it.
fn parameters(holds: &Holds) -> Vec<(String, &'static str)> {
    let one = |of: &str| vec![(format!("{of} value"), "value")];
    let listed = |of: &str| {
        vec![
            (format!("List<? extends {of}> values"), "values"),
            (format!("{of}... values"), "Arrays.asList(values)"),
        ]
    };
    match holds {
        Holds::Text => one("String"),
        Holds::Reference => [one("String"), one("long")].concat(),
        Holds::Flag => one("boolean"),
        Holds::Integer => one("long"),
        Holds::Words(name, _) => {
            vec![(format!("{name} value"), "value == null ? null : value.said")]
        }
        Holds::Parameters => one("Map<String, ?>"),
        Holds::Object(class) => one(class),
        Holds::List(class) => listed(class),
        Holds::Entries(Kin::Item) => listed("Item<?>"),
        Holds::Entries(Kin::Tracking) => listed("Tracking<?>"),
    }
}

fn is_by_hand(class: &results::Class) -> bool {
    class.word.ends_with("problem")
}

pub fn data(results: &Results) -> String {
    let mut text =
        "package org.sequrapos;\n\nimport java.util.List;\nimport java.util.Map;\n\n".to_owned();
    text += &javadoc(
        "",
        &format!(
            "What the data of results holds:\n\n    \
             for (Data.UnfinishedOrder order : Data.PendingData.of(till.pending()).getOrders()) ...\n\n\
             They read from the result, which must not be freed before. A newer library may have more in it, and words \
             that are not among those named here.\n\n{GENERATED}"
        ),
    );
    text += "public final class Data {\n\n    private Data() {\n    }\n";
    for class in results.classes.iter().filter(|class| !is_by_hand(class)) {
        text += &described(results, class);
    }
    text + "}\n"
}

fn described(results: &Results, class: &results::Class) -> String {
    let name = class.name();
    let mut text = format!(
        "\n{}    public static final class {name} {{\n\n        private final Place place;\n\n        {name}(Place place) {{\n            this.place = place;\n        }}\n",
        javadoc("    ", &class.doc)
    );
    let of = results.data.iter().filter(|(_, data)| *data == name);
    let of: Vec<String> = of
        .map(|(operation, _)| format!("\"{operation}\""))
        .collect();
    if !of.is_empty() {
        text += &format!(
            "\n{}        public static {name} of(Result result) {{\n            return Place.data(result, {name}::new, {});\n        }}\n",
            javadoc(
                "        ",
                "The data of a result; null where it is of another call, or has no data, since the call failed."
            ),
            of.join(", ")
        );
    }
    for field in &class.fields {
        text += &read(field);
    }
    text + "    }\n"
}

fn read(field: &results::Slot) -> String {
    use results::Holds;
    let name = &field.name;
    let may_miss = field.is_nullable || field.is_optional;
    let or_null = if may_miss { "OrNull" } else { "" };
    let (of, get) = match &field.holds {
        Holds::Text | Holds::Object | Holds::Anything => (
            "String".to_owned(),
            format!("place.text{or_null}(\"{name}\")"),
        ),
        Holds::Integer => (
            if may_miss { "Long" } else { "long" }.to_owned(),
            format!("place.number{or_null}(\"{name}\")"),
        ),
        Holds::Flag => (
            if may_miss { "Boolean" } else { "boolean" }.to_owned(),
            format!("place.flag{or_null}(\"{name}\")"),
        ),
        Holds::Class(_) if may_miss => (
            value_type(&field.holds),
            format!("place.object(\"{name}\", {})", maker(&field.holds)),
        ),
        Holds::Class(class) => (class.clone(), format!("new {class}(place.at(\"{name}\"))")),
        Holds::List(inner) if matches!(**inner, Holds::Text | Holds::Object) => {
            (value_type(&field.holds), format!("place.texts(\"{name}\")"))
        }
        Holds::List(inner) => (
            value_type(&field.holds),
            format!("place.list(\"{name}\", {})", maker(inner)),
        ),
        Holds::Map(inner, _) => (
            value_type(&field.holds),
            format!("place.map(\"{name}\", {})", maker(inner)),
        ),
    };
    let mut doc = field.doc.clone();
    match &field.holds {
        Holds::Object | Holds::Anything => doc += " As JSON, a text bare.",
        Holds::List(inner) if matches!(**inner, Holds::Object) => doc += " Each as JSON.",
        _ => {}
    }
    if doc.trim().is_empty() {
        doc = format!("/{name}");
    }
    if may_miss && !doc.contains("null") {
        doc += " May be null.";
    }
    format!(
        "\n{}        public {of} get{}() {{\n            return {get};\n        }}\n",
        javadoc("        ", doc.trim()),
        pascal_case(name)
    )
}

fn value_type(holds: &results::Holds) -> String {
    use results::Holds;
    match holds {
        Holds::Text | Holds::Object | Holds::Anything => "String".to_owned(),
        Holds::Integer => "Long".to_owned(),
        Holds::Flag => "Boolean".to_owned(),
        Holds::Class(class) if class.ends_with("Problem") => "Problem".to_owned(),
        Holds::Class(class) => class.clone(),
        Holds::List(inner) => format!("List<{}>", value_type(inner)),
        Holds::Map(inner, _) => format!("Map<String, {}>", value_type(inner)),
    }
}

/// A function that makes the value at a place.
fn maker(holds: &results::Holds) -> String {
    use results::Holds;
    match holds {
        Holds::Class(class) if class.ends_with("Problem") => "Place::problem".to_owned(),
        Holds::Class(class) => format!("{class}::new"),
        Holds::Integer => "Place::asNumber".to_owned(),
        Holds::Map(inner, _) => {
            let inner = maker(inner);
            let depth = inner.matches("->").count();
            format!("of{depth} -> of{depth}.asMap({inner})")
        }
        _ => panic!("no list has such entries yet"),
    }
}

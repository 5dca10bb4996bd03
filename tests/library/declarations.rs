//! The bindings' declarations: what is committed is what `make bindings` writes, and every function of
//! the header is declared in every binding, and called by its layer.

// It reads the header as the tests do, and is a program of its own with it.
#[allow(dead_code, clippy::duplicate_mod)]
#[path = "../../examples/bindings/main.rs"]
pub(super) mod bindings;

use bindings::model::{self, Model, header};
use bindings::{LANGUAGES, Language, root};
use std::collections::BTreeSet;
use std::fs;

/// The generated text of a language, all files in one.
fn generated(language: &Language, model: &Model) -> String {
    let files = (language.files)(model);
    files.into_iter().map(|(_, text)| text).collect()
}

/// Functions that this text of declarations does not name.
fn undeclared(text: &str, model: &Model) -> Vec<String> {
    if text.contains("sequra_pos.h") && text.contains("#include") {
        return Vec::new();
    }
    let declared: BTreeSet<&str> = header::identifiers(text).collect();
    let names = model.functions.iter().map(|function| function.name.clone());
    names
        .filter(|name| !declared.contains(name.as_str()))
        .collect()
}

/// Functions that this layer does not call.
fn uncalled(language: &Language, layer: &str, model: &Model) -> Vec<String> {
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_called = |call: &str| {
        let mut after = layer.split(call).skip(1);
        // What ends in a name is not the beginning of a longer one.
        after.any(|rest| !(call.ends_with(in_name) && rest.starts_with(in_name)))
    };
    let functions = model.functions.iter();
    let missing = functions.filter(|function| !is_called(&(language.call)(function)));
    missing.map(|function| function.name.clone()).collect()
}

#[test]
fn the_committed_declarations_are_the_generated_ones() {
    let model = Model::read();
    let mut stale = Vec::new();
    for language in bindings::generated() {
        for (path, text) in (language.files)(&model) {
            if fs::read_to_string(root().join(path)).ok() != Some(text) {
                stale.push(path);
            }
        }
    }
    assert!(
        stale.is_empty(),
        "{stale:?} are not what the header and the crate say; refresh them with `make bindings`, \
         look at the difference and commit it"
    );
}

#[test]
fn every_generated_file_says_so() {
    let model = Model::read();
    for language in bindings::generated() {
        for (path, text) in (language.files)(&model) {
            assert!(text.contains(model::GENERATED), "{path}");
        }
    }
}

#[test]
fn every_function_is_declared_in_every_binding() {
    let model = Model::read();
    for language in bindings::generated() {
        let text = generated(language, &model);
        let missing = undeclared(&text, &model);
        assert!(missing.is_empty(), "{}: {missing:?}", language.name);
        // The check can fail.
        if !text.contains("#include") {
            let without = text.replace("sq_confirm", "sq_confirmed");
            assert_eq!(undeclared(&without, &model), ["sq_confirm"]);
        }
    }
}

#[test]
fn every_function_is_called_by_every_layer() {
    let model = Model::read();
    for language in LANGUAGES {
        let read = |path: &&str| {
            let text = fs::read_to_string(root().join(path));
            text.unwrap_or_else(|error| panic!("{path}: {error}"))
        };
        let layer: String = language.layer.iter().map(read).collect();
        if layer.is_empty() {
            continue;
        }
        let missing = uncalled(language, &layer, &model);
        assert!(missing.is_empty(), "{}: {missing:?}", language.name);
        // The check can fail.
        let cancel = model.functions.iter().find(|one| one.name == "sq_cancel");
        let call = (language.call)(cancel.expect("the header has sq_cancel"));
        let without = layer.replace(&call, "");
        assert_eq!(uncalled(language, &without, &model), ["sq_cancel"]);
    }
}

/// What is said of a line, in the order in which it is said.
const OF_A_LINE: [&str; 4] = ["quantity", "unit", "price", "total"];

/// Every list in parentheses that says a line's quantity and price, as what it says of it, in its order.
fn lists_of_a_line(text: &str) -> Vec<Vec<&'static str>> {
    let in_parentheses = text.match_indices('(').map(|(start, _)| {
        let mut depth = 0;
        let end = text[start..].find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        &text[start..end.map_or(text.len(), |end| start + end)]
    });
    let said = in_parentheses.map(|list| {
        let mut said = Vec::new();
        for name in header::identifiers(list) {
            let name = name.to_lowercase();
            let known = OF_A_LINE.into_iter().find(|one| name.starts_with(one));
            said.extend(known.filter(|one| !said.contains(one)));
        }
        said
    });
    said.filter(|said| said.contains(&"quantity") && said.contains(&"price"))
        .collect()
}

/// They are all whole numbers: a call of another language's order compiles, and sells something else. COBOL has no
/// such lists: all of its calls are generated from the header.
#[test]
fn a_line_is_said_in_one_order_in_every_language() {
    let in_order = |said: &Vec<&str>| {
        let place = |one: &&str| OF_A_LINE.iter().position(|known| known == one);
        said.is_sorted_by_key(place)
    };
    for language in LANGUAGES.iter().filter(|one| !one.layer.is_empty()) {
        let page = format!("bindings/{}/README.md", language.name);
        for path in language.layer.iter().copied().chain([page.as_str()]) {
            let text = fs::read_to_string(root().join(path)).expect("it is there");
            let lists = lists_of_a_line(&text);
            assert!(lists.iter().all(in_order), "{path}: {lists:?}");
        }
        let layers = language.layer.iter();
        let texts = layers.filter_map(|path| fs::read_to_string(root().join(path)).ok());
        let found = texts.flat_map(|text| lists_of_a_line(&text)).count();
        assert!(found > 0 || language.name == "cobol", "{}", language.name);
    }
    let text = "add(string name, long totalWithTax, long quantity, f(long) priceWithTax)";
    assert_eq!(lists_of_a_line(text), [["total", "quantity", "price"]]);
    assert!(!in_order(&lists_of_a_line(text)[0]));
}

/// `using SequraPos;` brings every name of the assembly into a host that has names of its own.
#[test]
fn every_type_of_the_csharp_assembly_has_a_name_of_its_own() {
    let model = Model::read();
    let csharp = LANGUAGES.iter().find(|one| one.name == "csharp");
    let csharp = csharp.expect("it is there");
    let read = |path: &&str| fs::read_to_string(root().join(path)).expect("it is there");
    let text = generated(csharp, &model) + &csharp.layer.iter().map(read).collect::<String>();
    let kinds = ["class", "enum", "struct", "interface", "delegate"];
    let public = text
        .lines()
        .filter(|line| line.trim().starts_with("public "));
    let types = public.filter_map(|line| {
        let mut words = line.split_whitespace();
        words.find(|word| kinds.contains(word)).and(words.next())
    });
    let common: Vec<&str> = types.filter(|one| !one.starts_with("Sequra")).collect();
    assert!(common.is_empty(), "{common:?}");
    assert!(text.contains("public sealed class SequraOrderBuilder"));
}

#[test]
fn every_language_is_generated() {
    let names: BTreeSet<String> = LANGUAGES.iter().map(|one| one.name.to_owned()).collect();
    let folders = fs::read_dir(root().join("bindings")).expect("bindings/ is there");
    let folders = folders.map(|entry| entry.expect("a folder").file_name());
    let mut folders: BTreeSet<String> = folders
        .map(|name| name.into_string().expect("a name"))
        .collect();
    // C has the header itself.
    folders.remove("c");
    assert_eq!(names, folders);
}

#[test]
fn the_model_has_what_the_header_has() {
    let model = Model::read();
    assert_eq!(model.functions.len(), header::read().functions.len());
    assert_eq!(model.statuses.len(), sequra_pos::Status::ALL.len());
    assert_eq!(
        model.abi_version,
        sequra_pos::inside::ffi::library::SQ_ABI_VERSION
    );
    assert!(model.rules.contains("Nothing is printed"));
    for function in &model.functions {
        assert!(!function.doc.is_empty(), "{}", function.name);
    }
    let confirm = model.operations.words.iter().find(|w| w.word == "confirm");
    assert_eq!(
        confirm.expect("it gives a result").meaning,
        "Confirms an order that the shopper says was approved."
    );
}

#[test]
fn names_and_comments_come_out_as_languages_want_them() {
    assert_eq!(model::pascal_case("set_order_ref"), "SetOrderRef");
    assert_eq!(
        model::pascal_case("DUPLICATE_ORDER_REF"),
        "DuplicateOrderRef"
    );
    assert_eq!(model::camel_case("set_order_ref"), "setOrderRef");
    assert_eq!(model::bare("SQ_OK"), "OK");
    let doc =
        "One two three four\nfive.\n\nSix.\n\n    kept   as it is, however long it may be\nSeven.";
    assert_eq!(
        model::wrapped(doc, 13),
        [
            "One two three",
            "four five.",
            "",
            "Six.",
            "",
            "    kept   as it is, however long it may be",
            "Seven."
        ]
    );
    assert_eq!(model::comment("# ", "a\n\nb", 10), "# a\n#\n# b\n");
}

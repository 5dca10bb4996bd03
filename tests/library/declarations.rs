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

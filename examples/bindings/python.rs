//! Python: bindings/python/sequra_pos/_declarations.py, and the types of orders and results beside it.

use super::model::{GENERATED, Model, Type, Words, comment, upper_case, wrapped};
use super::results::Results;
use super::{Language, python_types};

pub const LANGUAGE: Language = Language {
    name: "python",
    files: |model| {
        vec![
            (
                "bindings/python/sequra_pos/_declarations.py",
                declarations(model),
            ),
            (
                "bindings/python/sequra_pos/orders.py",
                python_types::orders(),
            ),
            (
                "bindings/python/sequra_pos/results.py",
                python_types::data(&Results::read()),
            ),
        ]
    },
    layer: &[
        "bindings/python/sequra_pos/__init__.py",
        "bindings/python/sequra_pos/_client.py",
        "bindings/python/sequra_pos/_errors.py",
        "bindings/python/sequra_pos/_library.py",
        "bindings/python/sequra_pos/_order.py",
        "bindings/python/sequra_pos/_result.py",
    ],
    call: |function| format!(".{}", function.name),
};

const WIDTH: usize = 100;

fn declarations(model: &Model) -> String {
    let mut text = format!(
        "\"\"\"The C ABI of sequra-pos for ctypes, and the words of its results. {GENERATED}\"\"\"\n\n\
         import enum\n\
         from ctypes import POINTER, c_char_p, c_int32, c_int64, c_uint32, c_void_p\n\n\
         #: Version of the C ABI that these declarations are of.\n\
         ABI_VERSION = {}\n\n\
         #: Version of the library that they were made with.\n\
         VERSION = \"{}\"\n",
        model.abi_version, model.version
    );
    text += "\n\nclass Status(enum.IntEnum):\n    \"\"\"What a call came to; the thousand says the most.\"\"\"\n";
    for status in &model.statuses {
        text += "\n";
        text += &comment("    #: ", &status.doc, WIDTH);
        text += &format!("    {} = {}\n", status.bare(), status.value);
    }
    for words in model.word_lists() {
        text += &enumeration(words);
    }
    text += "\n\n#: Name -> (result, arguments), as ctypes has them.\nFUNCTIONS = {\n";
    for function in &model.functions {
        let arguments = function.parameters.iter().map(|one| ctype(one.of_type));
        let mut arguments = arguments.collect::<Vec<_>>().join(", ");
        if function.parameters.len() == 1 {
            arguments.push(',');
        }
        let names = function.parameters.iter().map(|one| one.name.as_str());
        text += &comment("    # ", &names.collect::<Vec<_>>().join(", "), WIDTH);
        text += &format!(
            "    \"{}\": ({}, ({arguments})),\n",
            function.name,
            ctype(function.returns)
        );
    }
    text + "}\n"
}

fn enumeration(words: &Words) -> String {
    let doc = wrapped(words.doc, WIDTH - 10).join("\n    ");
    let mut text = format!(
        "\n\nclass {}(str, enum.Enum):\n    \"\"\"{doc}\"\"\"\n",
        words.name
    );
    for word in &words.words {
        text += "\n";
        text += &comment("    #: ", &word.meaning, WIDTH);
        text += &format!("    {} = \"{}\"\n", upper_case(&word.word), word.word);
    }
    text
}

fn ctype(of_type: Type) -> &'static str {
    match of_type {
        Type::Nothing => "None",
        Type::Status | Type::Int32 => "c_int32",
        Type::UInt32 => "c_uint32",
        Type::Int64 => "c_int64",
        Type::Text => "c_char_p",
        Type::Handle(_) | Type::Memory => "c_void_p",
        Type::NewHandle(_) => "POINTER(c_void_p)",
        Type::Length => "POINTER(c_uint32)",
    }
}

//! C++: include/sequra_pos_words.hpp, the numbers and words for include/sequra_pos.hpp (the functions
//! are the C header's); and the version that CMake compares.

use super::Language;
use super::model::{GENERATED, Model, Words, comment, wrapped};

pub const LANGUAGE: Language = Language {
    name: "cpp",
    files: |model| {
        vec![
            ("include/sequra_pos_words.hpp", header(model)),
            (
                "bindings/cpp/cmake/SequraPosConfigVersion.cmake",
                cmake_version(model),
            ),
        ]
    },
    layer: &["include/sequra_pos.hpp"],
    // Its comments name functions without the colons.
    call: |function| format!("::{}", function.name),
};

const WIDTH: usize = 100;

fn header(model: &Model) -> String {
    let mut text = format!(
        "/**\n * @file\n * The numbers and words of sequra-pos's results, for sequra_pos.hpp, which includes it.\n *\n \
         * {GENERATED}\n */\n\
         #ifndef SEQURA_POS_WORDS_HPP\n#define SEQURA_POS_WORDS_HPP\n\n\
         #include \"sequra_pos.h\"\n\nnamespace sequra {{\n\n\
         /** What a call came to; the thousand says the most. A newer library may have more numbers. */\n\
         struct StatusCode {{\n    enum Value {{\n"
    );
    let statuses = model.statuses.iter().map(|status| {
        let name = status.bare().to_ascii_lowercase();
        doc("        ", &status.doc) + &format!("        {name} = {}", status.value)
    });
    text += &statuses.collect::<Vec<_>>().join(",\n");
    text += "\n    };\n};\n\n\
             /* Xlib.h makes a macro of the word: after it, a program says StatusCode. */\n\
             #pragma push_macro(\"Status\")\n#undef Status\n\
             /** StatusCode by its short name. */\ntypedef StatusCode Status;\n\
             #pragma pop_macro(\"Status\")\n\n\
             /** Closed lists of words, which sequra::Word makes types of. */\nnamespace words {\n";
    for words in model.word_lists() {
        text += &list(words);
    }
    text += "\n}\n\n}\n\n#endif\n";
    assert!(text.is_ascii(), "the declarations are ASCII");
    text
}

fn list(words: &Words) -> String {
    let mut text = format!(
        "\n{}struct {} {{\n    enum Value {{\n        \
         /** A word that is newer than this header, or none. */\n        unknown",
        doc("", words.doc),
        words.name
    );
    for word in &words.words {
        text += &format!(",\n{}        {}", doc("        ", &word.meaning), word.word);
    }
    text += "\n    };\n\n    /** How many there are, with unknown. */\n";
    text += &format!("    enum {{ count = {} }};\n\n", words.words.len() + 1);
    text += "    /** The word itself; \"\" for unknown. */\n    \
             static const char *word(Value value)\n    {\n        \
             static const char *const all[count] = {\n            \"\"";
    for word in &words.words {
        text += &format!(",\n            \"{}\"", word.word);
    }
    text + "\n        };\n        return all[value];\n    }\n};\n"
}

fn doc(indent: &str, doc: &str) -> String {
    assert!(!doc.contains("*/"), "a comment would end in {doc:?}");
    let lines = wrapped(doc, WIDTH - indent.len() - 7);
    match &lines[..] {
        [line] => format!("{indent}/** {line} */\n"),
        _ => format!(
            "{indent}/**\n{}{indent} */\n",
            comment(&format!("{indent} * "), doc, WIDTH)
        ),
    }
}

fn cmake_version(model: &Model) -> String {
    format!(
        "# Which versions of a program's find_package(SequraPos VERSION) this one will do for.\n\
         # {GENERATED}\n\
         set(PACKAGE_VERSION {})\n\n\
         # Within one version of the C ABI functions are only added, so a newer library serves as well.\n\
         if(PACKAGE_VERSION VERSION_LESS PACKAGE_FIND_VERSION)\n  \
         set(PACKAGE_VERSION_COMPATIBLE FALSE)\n\
         else()\n  set(PACKAGE_VERSION_COMPATIBLE TRUE)\n  \
         if(PACKAGE_VERSION VERSION_EQUAL PACKAGE_FIND_VERSION)\n    \
         set(PACKAGE_VERSION_EXACT TRUE)\n  endif()\nendif()\n",
        model.version
    )
}

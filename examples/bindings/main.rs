//! Writes the declarations of every binding from the header and the crate: `make bindings`.
//!
//! A language is one module beside this one and one line in [`LANGUAGES`]. tests/library/declarations.rs
//! holds what is committed against what this writes.

mod cobol;
mod cpp;
mod csharp;
mod csharp_types;
mod docs;
mod java;
mod java_types;
mod pascal;
mod python;
mod python_types;
mod vb6;
// Each language uses its own part of it.
#[allow(dead_code)]
pub mod model;
#[allow(dead_code)]
mod results;
// Its rules are for the test that holds the schema against the checks.
#[allow(unused_imports)]
pub mod order;

use model::{Function, Model};
use std::path::Path;
use std::{fs, io};

/// A language, as far as it is generated.
pub struct Language {
    /// Its folder in bindings/.
    pub name: &'static str,
    /// The generated files: path from the repository's root, and text. They declare every function
    /// by its C name, or include the C header.
    pub files: fn(&Model) -> Vec<(&'static str, String)>,
    /// The files written by hand that people of the language call, instead of the declarations.
    /// Empty where the declarations themselves are what they call.
    pub layer: &'static [&'static str],
    /// What stands in the layer where it calls this function, and nowhere else: not in its comments.
    /// More letters of a name must not follow.
    pub call: fn(&Function) -> String,
}

/// Every language, one line each.
pub const LANGUAGES: &[Language] = &[
    cobol::LANGUAGE,
    cpp::LANGUAGE,
    csharp::LANGUAGE,
    java::LANGUAGE,
    pascal::LANGUAGE,
    python::LANGUAGE,
    vb6::LANGUAGE,
];

/// Everything that is generated: the languages, and the pages of docs/.
pub fn generated() -> impl Iterator<Item = &'static Language> {
    LANGUAGES.iter().chain([&docs::PAGES])
}

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[allow(dead_code)] // The test compiles this too.
fn main() -> io::Result<()> {
    let model = Model::read();
    for language in generated() {
        for (path, text) in (language.files)(&model) {
            let place = root().join(path);
            if fs::read_to_string(&place).is_ok_and(|present| present == text) {
                continue;
            }
            fs::create_dir_all(place.parent().expect("a file is in a folder"))?;
            fs::write(&place, text)?;
            println!("{path}");
        }
    }
    Ok(())
}

//! Java: the declarations of bindings/java, for JNA, a class of constants for each list of words, and the types of orders
//! and results.

use super::model::{GENERATED, Model, Type, Words, upper_case, wrapped};
use super::results::Results;
use super::{Language, java_types};

pub const LANGUAGE: Language = Language {
    name: "java",
    files,
    layer: &[
        "bindings/java/src/main/java/org/sequrapos/LibraryLoader.java",
        "bindings/java/src/main/java/org/sequrapos/OrderBuilder.java",
        "bindings/java/src/main/java/org/sequrapos/Result.java",
        "bindings/java/src/main/java/org/sequrapos/SequraClient.java",
        "bindings/java/src/main/java/org/sequrapos/SequraPos.java",
    ],
    // What frees a handle is given to it, to be called when it goes.
    call: |function| match function.name.ends_with("_free") || function.name.ends_with("_close") {
        true => format!("::{}", function.name),
        false => format!(".{}", function.name),
    },
};

const WIDTH: usize = 100;

fn files(model: &Model) -> Vec<(&'static str, String)> {
    let [error_codes, nexts, states, operations, item_types] = model.word_lists();
    vec![
        (
            "bindings/java/src/main/java/org/sequrapos/SequraPosLibrary.java",
            library(model),
        ),
        (
            "bindings/java/src/main/java/org/sequrapos/Status.java",
            statuses(model),
        ),
        (
            "bindings/java/src/main/java/org/sequrapos/ErrorCode.java",
            words(error_codes),
        ),
        (
            "bindings/java/src/main/java/org/sequrapos/Next.java",
            words(nexts),
        ),
        (
            "bindings/java/src/main/java/org/sequrapos/State.java",
            words(states),
        ),
        (
            "bindings/java/src/main/java/org/sequrapos/Operation.java",
            words(operations),
        ),
        (
            "bindings/java/src/main/java/org/sequrapos/ItemType.java",
            words(item_types),
        ),
        (
            "bindings/java/src/main/java/org/sequrapos/Orders.java",
            java_types::orders(),
        ),
        (
            "bindings/java/src/main/java/org/sequrapos/Data.java",
            java_types::data(&Results::read()),
        ),
    ]
}

fn library(model: &Model) -> String {
    let mut text = String::from(
        "package org.sequrapos;\n\n\
         import com.sun.jna.Library;\n\
         import com.sun.jna.Pointer;\n\
         import com.sun.jna.ptr.IntByReference;\n\
         import com.sun.jna.ptr.PointerByReference;\n\n",
    );
    let introduction = format!(
        "The C ABI of sequra-pos as JNA takes it. {GENERATED}\n\n\
         Tills call SequraClient, which calls this. Texts are bytes that end in a NUL, so that no \
         default encoding of a platform has a say; handles are pointers.\n\n\
         What the C header says of all functions:\n\n{}",
        model.rules
    );
    text += &javadoc("", &introduction);
    text += "public interface SequraPosLibrary extends Library {\n\n";
    text += &javadoc(
        "    ",
        "Version of the C ABI that these declarations are of.",
    );
    text += &format!("    int ABI_VERSION = {};\n", model.abi_version);
    for function in &model.functions {
        let parameters = function
            .parameters
            .iter()
            .map(|one| format!("{} {}", java_type(one.of_type), one.name));
        let parameters: Vec<String> = parameters.collect();
        text += "\n";
        text += &javadoc("    ", &function.doc);
        let returns = match function.returns {
            Type::Text => "Pointer", // borrowed: it is read where it is
            other => java_type(other),
        };
        text += &declaration(returns, &function.name, &parameters);
    }
    text + "}\n"
}

/// A method, in as many lines as it takes.
fn declaration(returns: &str, name: &str, parameters: &[String]) -> String {
    let begin = format!("    {returns} {name}(");
    let one_line = format!("{begin}{});\n", parameters.join(", "));
    if one_line.len() <= WIDTH {
        return one_line;
    }
    let indent = " ".repeat(12);
    let mut lines = vec![indent.clone()];
    for (number, parameter) in parameters.iter().enumerate() {
        let end = if number + 1 < parameters.len() {
            ","
        } else {
            ");"
        };
        let line = lines.last_mut().expect("it begins with one");
        if line.len() + parameter.len() + end.len() < WIDTH {
            line.push_str(if line.trim().is_empty() { "" } else { " " });
            line.push_str(&format!("{parameter}{end}"));
        } else {
            lines.push(format!("{indent}{parameter}{end}"));
        }
    }
    format!("{begin}\n{}\n", lines.join("\n"))
}

fn statuses(model: &Model) -> String {
    let constants = model.statuses.iter().map(|status| {
        let value = status.value.to_string();
        constant("int", status.bare(), &value, &status.doc)
    });
    let doc = "What a call came to: the status of a result or of an exception. The thousand says the \
               most: SequraPos.statusClass.";
    class("Status", doc, constants.collect())
}

fn words(words: &Words) -> String {
    let constants = words.words.iter().map(|word| {
        let value = format!("\"{}\"", word.word);
        constant("String", &upper_case(&word.word), &value, &word.meaning)
    });
    class(words.name, words.doc, constants.collect())
}

/// Constants, not an enum: a newer library may say a word that is not among them.
fn class(name: &str, doc: &str, constants: Vec<String>) -> String {
    let doc = javadoc("", &format!("{doc}\n\n{GENERATED}"));
    format!(
        "package org.sequrapos;\n\n{doc}public final class {name} {{\n\n    private {name}() {{\n    }}\n{}}}\n",
        constants.concat()
    )
}

fn constant(of_type: &str, name: &str, value: &str, doc: &str) -> String {
    let doc = javadoc("    ", doc);
    format!("\n{doc}    public static final {of_type} {name} = {value};\n")
}

/// A documentation comment: paragraphs, lists and examples as HTML has them.
pub fn javadoc(indent: &str, doc: &str) -> String {
    let before = format!("{indent} * ");
    let lines = wrapped(&escaped(doc), WIDTH - before.len());
    if let [line] = lines.as_slice()
        && line.len() + indent.len() + "/**  */".len() <= WIDTH
    {
        return format!("{indent}/** {line} */\n");
    }
    let mut text = Text::default();
    for line in &lines {
        text.add(line);
    }
    let lines = text.ended();
    let line = |line: &String| format!("{before}{line}").trim_end().to_owned() + "\n";
    let body: String = lines.iter().map(line).collect();
    format!("{indent}/**\n{body}{indent} */\n")
}

/// The lines of a documentation comment, as they come.
#[derive(Default)]
struct Text {
    lines: Vec<String>,
    block: Block,
    /// An empty line came last: another paragraph begins, unless a list or an example goes on.
    parted: bool,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Block {
    #[default]
    Paragraph,
    List,
    Example,
}

impl Text {
    fn add(&mut self, line: &str) {
        if line.is_empty() {
            self.parted = true;
            return;
        }
        let goes_on = self.block == Block::List && !self.parted;
        let block = if line.starts_with("- ") || goes_on {
            Block::List
        } else if line.starts_with("  ") {
            Block::Example
        } else {
            Block::Paragraph
        };
        let begins = block != self.block;
        if begins {
            self.end();
        }
        let (open, line) = match block {
            Block::Paragraph if self.parted && !self.lines.is_empty() => ("<p>", line.to_owned()),
            Block::Paragraph => ("", line.to_owned()),
            Block::List => {
                let item = line.strip_prefix("- ").map(|item| format!("<li>{item}"));
                (
                    if begins { "<ul>" } else { "" },
                    item.unwrap_or_else(|| line.trim().to_owned()),
                )
            }
            Block::Example => {
                if self.parted && !begins {
                    self.lines.push(String::new());
                }
                (if begins { "<pre>" } else { "" }, line.to_owned())
            }
        };
        match (block, open) {
            (_, "") => self.lines.push(line),
            (Block::Paragraph, _) => {
                self.lines.push(String::new());
                self.lines.push(open.to_owned() + &line);
            }
            (..) => self.lines.extend([open.to_owned(), line]),
        }
        self.block = block;
        self.parted = false;
    }

    fn end(&mut self) {
        match self.block {
            Block::Paragraph => {}
            Block::List => self.lines.push("</ul>".to_owned()),
            Block::Example => self.lines.push("</pre>".to_owned()),
        }
    }

    fn ended(mut self) -> Vec<String> {
        self.end();
        self.lines
    }
}

/// What would be HTML, a tag, the comment's end, or (even in a comment) an escape of Java's.
fn escaped(doc: &str) -> String {
    doc.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('@', "&#64;")
        .replace("*/", "*&#47;")
        .replace("\\u", "&#92;u")
}

fn java_type(of_type: Type) -> &'static str {
    match of_type {
        Type::Nothing => "void",
        Type::Status | Type::Int32 | Type::UInt32 => "int",
        Type::Int64 => "long",
        Type::Handle(_) => "Pointer",
        Type::NewHandle(_) => "PointerByReference",
        Type::Text | Type::Memory => "byte[]",
        Type::Length => "IntByReference",
    }
}

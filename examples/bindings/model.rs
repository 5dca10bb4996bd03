//! What every binding declares: the functions and constants of the header, and the words of a
//! result, which the crate itself has. And what the writers of declarations have in common.

use sequra_pos::words::{ErrorCode, ItemType, Next, State};

#[allow(dead_code)]
#[path = "../../tests/support/header.rs"]
pub mod header;

/// All that a binding declares.
pub struct Model {
    /// The rules that hold for every function, and the shape of the result buffer: the header's
    /// first comment.
    pub rules: String,
    pub abi_version: u32,
    /// The version of the library, and so of the bindings that come with it.
    pub version: &'static str,
    /// In the header's order, all of them.
    pub functions: Vec<Function>,
    /// The `SQ_…` status codes, in the header's order.
    pub statuses: Vec<Status>,
    /// `errors[].code`, and `warnings[].code`.
    pub error_codes: Words,
    /// `next`.
    pub nexts: Words,
    /// `order.state`.
    pub states: Words,
    /// `operation`.
    pub operations: Words,
    /// `type` of an item, for those who build orders.
    pub item_types: Words,
}

/// One function of the header.
pub struct Function {
    /// As C has it: `sq_set_order_ref`.
    pub name: String,
    /// Its manual page: paragraphs between empty lines; a line that is indented stays as it is.
    pub doc: String,
    pub parameters: Vec<Parameter>,
    pub returns: Type,
    /// The declaration in C, without what only the compiler needs.
    pub prototype: String,
}

pub struct Parameter {
    pub name: String,
    pub of_type: Type,
    /// As C has it: `const char *`.
    pub c_type: String,
}

/// What the header's types mean to a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `void`.
    Nothing,
    /// `sq_status`: an `int32_t`.
    Status,
    Int32,
    UInt32,
    Int64,
    /// `const char *`: a NUL-terminated text. As a parameter it may be NULL where the function's
    /// documentation says so; returned it is borrowed.
    Text,
    /// A handle that goes in.
    Handle(Noun),
    /// Pointer to room for a handle, which the caller frees.
    NewHandle(Noun),
    /// `char *`: memory of the caller's that receives a text.
    Memory,
    /// `uint32_t *`: in, the room of that memory; out, the bytes needed.
    Length,
}

/// What a handle stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    Client,
    Order,
    Buffer,
}

/// One status code.
pub struct Status {
    /// As C has it: `SQ_CONFLICT`.
    pub name: String,
    pub value: i32,
    pub doc: String,
}

/// A closed list of words.
pub struct Words {
    /// As a type is called: `ErrorCode`.
    pub name: &'static str,
    pub doc: &'static str,
    pub words: Vec<Word>,
}

pub struct Word {
    /// As it stands in the JSON: `cart_changed`.
    pub word: String,
    pub meaning: String,
}

impl Model {
    /// Reads include/sequra_pos.h and the crate.
    pub fn read() -> Model {
        let header = header::read();
        let of_status = header.statuses();
        let status = |found: &&header::Macro| of_status.contains(&found.name);
        let statuses = header.macros.iter().filter(status);
        let statuses = statuses.map(|found| Status {
            name: found.name.clone(),
            value: found.value.parse().expect("a status is a number"),
            doc: text(&found.comment),
        });
        let abi = header.macros.iter().find(|m| m.name == "SQ_ABI_VERSION");
        let rules = header.text.split_once("/*").expect("the rules").1;
        let rules = rules.split_once("*/").expect("a comment ends").0;
        let functions: Vec<Function> = header.functions.iter().map(Function::read).collect();
        Model {
            version: env!("CARGO_PKG_VERSION"),
            rules: text(&header::plain(rules)),
            abi_version: abi
                .and_then(|abi| abi.value.parse().ok())
                .expect("SQ_ABI_VERSION"),
            statuses: statuses.collect(),
            error_codes: Words::new(
                "ErrorCode",
                "What went wrong, or in warnings what deserves a look: /errors/N/code.",
                ErrorCode::ALL,
                |code| (code.as_str(), code.meaning()),
            ),
            nexts: Words::new(
                "Next",
                "What the till should do now: /next.",
                Next::ALL,
                |next| (next.as_str(), next.meaning()),
            ),
            states: Words::new(
                "State",
                "Where an order is in its life: /order/state. Those that end in -ing: asked for, \
                 the outcome is not known.",
                State::ALL,
                |state| (state.as_str(), state.meaning()),
            ),
            item_types: Words::new(
                "ItemType",
                "What a line of a cart is: its type. [D]: documented by seQura; [C]: seen in its \
                 clients.",
                ItemType::ALL,
                |item| (item.as_str(), item.meaning()),
            ),
            operations: Words {
                name: "Operation",
                doc: "Which call a result is of: /operation.",
                words: functions
                    .iter()
                    .filter(|function| function.gives_result())
                    .map(|function| Word {
                        word: function.bare().to_owned(),
                        meaning: first_sentence(&function.doc),
                    })
                    .collect(),
            },
            functions,
        }
    }

    /// Every list of words.
    pub fn word_lists(&self) -> [&Words; 5] {
        [
            &self.error_codes,
            &self.nexts,
            &self.states,
            &self.operations,
            &self.item_types,
        ]
    }
}

impl Function {
    fn read(declared: &header::Function) -> Function {
        Function {
            name: declared.name.clone(),
            doc: text(&declared.comment),
            parameters: declared
                .named_parameters()
                .into_iter()
                .map(|(c_type, name)| Parameter {
                    name,
                    of_type: Type::of_c(&c_type),
                    c_type,
                })
                .collect(),
            returns: match declared.returns().as_str() {
                "void" => Type::Nothing,
                c_type => Type::of_c(c_type),
            },
            prototype: declared.bare() + ";",
        }
    }

    /// Its name without the prefix: `set_order_ref`.
    pub fn bare(&self) -> &str {
        bare(&self.name)
    }

    /// A call about a client: it goes in first.
    pub fn is_about_a_client(&self) -> bool {
        let first = self.parameters.first();
        first.is_some_and(|first| first.of_type == Type::Handle(Noun::Client))
    }

    /// It writes a result into a buffer, as its last parameter. (`sq_order_json` writes an order.)
    pub fn gives_result(&self) -> bool {
        let last = self.parameters.last();
        last.is_some_and(|last| last.of_type == Type::NewHandle(Noun::Buffer))
            && self.name != "sq_order_json"
    }
}

impl Type {
    fn of_c(c_type: &str) -> Type {
        match c_type {
            "sq_status" => Type::Status,
            "int32_t" => Type::Int32,
            "uint32_t" => Type::UInt32,
            "int64_t" => Type::Int64,
            "const char *" => Type::Text,
            "char *" => Type::Memory,
            "uint32_t *" => Type::Length,
            "sq_client *" => Type::Handle(Noun::Client),
            "sq_order *" => Type::Handle(Noun::Order),
            "sq_buffer *" | "const sq_buffer *" => Type::Handle(Noun::Buffer),
            "sq_client **" => Type::NewHandle(Noun::Client),
            "sq_order **" => Type::NewHandle(Noun::Order),
            "sq_buffer **" => Type::NewHandle(Noun::Buffer),
            other => panic!("the bindings do not know the type {other:?} yet"),
        }
    }
}

impl Status {
    /// Its name without the prefix: `CONFLICT`.
    pub fn bare(&self) -> &str {
        bare(&self.name)
    }
}

impl Words {
    fn new<T: Copy>(
        name: &'static str,
        doc: &'static str,
        all: &[T],
        of: impl Fn(T) -> (&'static str, &'static str),
    ) -> Words {
        let word = |(word, meaning): (&str, &str)| Word {
            word: word.to_owned(),
            meaning: meaning.replace('`', "").trim().to_owned(),
        };
        Words {
            name,
            doc,
            words: all.iter().map(|one| word(of(*one))).collect(),
        }
    }
}

/// A C name without its prefix.
pub fn bare(name: &str) -> &str {
    let without = name.strip_prefix("sq_").or(name.strip_prefix("SQ_"));
    without.unwrap_or(name)
}

/// `set_order_ref` or `SET_ORDER_REF` as `SetOrderRef`.
pub fn pascal_case(words: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().collect::<String>() + &letters.as_str().to_ascii_lowercase()
    };
    words.split('_').map(capital).collect()
}

/// `set_order_ref` as `setOrderRef`.
pub fn camel_case(words: &str) -> String {
    let whole = pascal_case(words);
    let (first, rest) = whole.split_at(whole.len().min(1));
    first.to_ascii_lowercase() + rest
}

/// `set_order_ref` as `SET_ORDER_REF`.
pub fn upper_case(words: &str) -> String {
    words.to_ascii_uppercase()
}

/// The first sentence of a text, in one line.
pub fn first_sentence(doc: &str) -> String {
    let paragraph = doc.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    // "e.g." and its like end no sentence: what follows one begins with a capital.
    let ends = words.windows(2).position(|pair| {
        pair[0].ends_with('.') && pair[1].starts_with(|letter: char| letter.is_uppercase())
    });
    words[..ends.map_or(words.len(), |at| at + 1)].join(" ")
}

/// Lines of a comment: paragraphs broken anew at `width` columns, examples as they are.
pub fn wrapped(doc: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // Whether the next word goes on in the last line.
    let mut open = false;
    for line in doc.lines() {
        if line.is_empty() || line.starts_with("  ") {
            lines.push(line.to_owned());
            open = false;
            continue;
        }
        open &= !line.starts_with("- ");
        for word in line.split_whitespace() {
            match lines.last_mut() {
                Some(last) if open && last.chars().count() + 1 + word.chars().count() <= width => {
                    last.push(' ');
                    last.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
            open = true;
        }
    }
    lines
}

/// The same as a comment: each line after `before`, without blanks at its end.
pub fn comment(before: &str, doc: &str, width: usize) -> String {
    let room = width.saturating_sub(before.chars().count());
    let lines = wrapped(doc, room);
    let line = |line: &String| format!("{before}{line}").trim_end().to_owned() + "\n";
    lines.iter().map(line).collect()
}

/// The one line that every generated file carries.
pub const GENERATED: &str = "Generated by `make bindings`; do not edit.";

/// A comment of the header without the blank that follows each star.
fn text(comment: &str) -> String {
    let lines = comment
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

//! COBOL: bindings/cobol/sequra.cpy, the result of a call and its words, and bindings/cobol/sequra.cob,
//! one program for each function. COBOL declares a function of C where it calls it, so that these
//! programs are the declarations.
//!
//! Fixed format: what a line has after column 72 does not count.

use super::Language;
use super::model::{Function, GENERATED, Model, Noun, Parameter, Type, Words, comment, upper_case};

pub const LANGUAGE: Language = Language {
    name: "cobol",
    files: |model| {
        vec![
            ("bindings/cobol/sequra.cpy", copybook(model)),
            ("bindings/cobol/sequra.cob", programs(model)),
        ]
    },
    layer: &["bindings/cobol/sequra.cob", "bindings/cobol/sqbuffer.cob"],
    call: |function| format!("CALL \"{}\"", function.name),
};

const WIDTH: usize = 72;

/// The longest name that COBOL-85 takes.
const NAME: usize = 30;

const RULES: &str = "\
What a call came to: COPY \"sequra.cpy\" into WORKING-STORAGE. Every program of sequra.cob has \
SQ-RESULT as its last argument. A program that keeps two results has a second record: COPY \
\"sequra.cpy\" REPLACING LEADING ==SQ-== BY ==OTHER-==.

A call clears the record, frees the buffer that it held, and fills it anew: what does not apply is \
blank or zero. What does not fit its field is blank as well, never cut; SQ-BUFFER-GET has it, and all \
else that the result says. SQ-BUFFER-FREE frees the buffer at the end of the program.";

fn copybook(model: &Model) -> String {
    let mut text = doc("sequra-pos for COBOL.") + &doc(GENERATED);
    text += "      *>\n";
    text += &doc(RULES);
    text += "      *>\n";
    text += &doc("What SQ-BUFFER-GET finds in a result:");
    text += "      *>\n";
    text += &shape(&model.rules);
    text += "       01  SQ-RESULT.\n";
    text += &field("SQ-STATUS", "BINARY-LONG SIGNED.");
    for status in &model.statuses {
        text += &doc(&status.doc);
        text += &condition(&cobol(&status.name), &status.value.to_string());
    }
    for (name, value, meaning) in [
        (
            "SQ-TEXT-WITH-NUL",
            "-1",
            "Of these programs themselves: a text has a X\"00\" with more behind it. Nothing was sent.",
        ),
        (
            "SQ-NOT-A-WHOLE-NUMBER",
            "-2",
            "A number has decimals, or more than 18 digits: amounts are cents. Nothing was sent.",
        ),
        (
            "SQ-OUT-OF-MEMORY",
            "-3",
            "No memory for a copy of a text. Nothing was sent.",
        ),
        (
            "SQ-CALL-WAS-WRONG",
            "-3 THRU -1 1000 THRU 1999",
            "The kinds of status. The call was wrong; nothing was sent.",
        ),
        (
            "SQ-SEQURA-SAID-NO",
            "2000 THRU 2999",
            "Unchanged it will say no again. Do not complete the sale.",
        ),
        (
            "SQ-NO-FINAL-ANSWER",
            "3000 THRU 3999",
            "Calling again is safe. Keep the goods.",
        ),
        (
            "SQ-THIS-MACHINE",
            "4000 THRU 4999",
            "The journal, or another till at work.",
        ),
        (
            "SQ-LIBRARY-BUG",
            "9000 THRU 9999",
            "Close the client and open another.",
        ),
    ] {
        text += &doc(meaning);
        text += &condition(name, value);
    }
    text += &doc("Name of the status, as in the C header.");
    text += &field("SQ-STATUS-NAME", "PIC X(32).");
    for (prefix, name, words) in [
        ("SQ-CALL-", "SQ-OPERATION", &model.operations),
        ("SQ-NEXT-", "SQ-NEXT", &model.nexts),
        ("SQ-ERR-", "SQ-ERROR-CODE", &model.error_codes),
        ("SQ-STATE-", "SQ-STATE", &model.states),
    ] {
        text += &doc(words.doc);
        text += &field(name, "PIC X(32).");
        text += &conditions(prefix, words);
    }
    text += &doc("The order, and cents, which are zero where there is no order.");
    text += &field("SQ-ORDER-URL", "PIC X(500).");
    text += &field("SQ-ORDER-UUID", "PIC X(36).");
    text += &field("SQ-ORDER-REF-1", "PIC X(200).");
    text += &field("SQ-AMOUNT", "BINARY-DOUBLE SIGNED.");
    text += &field("SQ-CURRENCY", "PIC X(3).");
    text += &doc("For the person at the till, in the configured language.");
    text += &field("SQ-OPERATOR-MESSAGE", "PIC X(2000).");
    text += &doc("What SQ-BUFFER-GET and its like came to, and the bytes of the value.");
    text += &field("SQ-VALUE-STATUS", "BINARY-LONG SIGNED.");
    text += &condition("SQ-FOUND", "0");
    text += &condition("SQ-NOT-THERE", "1001");
    text += &condition("SQ-FIELD-TOO-SMALL", "1010");
    text += &field("SQ-VALUE-LENGTH", "BINARY-LONG SIGNED.");
    text += &doc("The whole result, which these programs free.");
    text += &field("SQ-BUFFER", "USAGE POINTER.");
    text += "      *>\n";
    text += &doc(model.item_types.doc);
    for word in &model.item_types.words {
        text += &doc(&word.meaning);
        let name = name("SQ-ITEM-", &word.word);
        text += &format!("       78  {name:<31} VALUE \"{}\".\n", word.word);
    }
    text + &format!(
        "      *> Version of the C ABI that these programs are of.\n       78  {:<31} VALUE {}.\n",
        "SQ-ABI", model.abi_version
    )
}

/// The header's table of a result: its lines are too long for COBOL.
fn shape(rules: &str) -> String {
    let at = rules.find("/status /code").expect("the result's shape");
    let rows = rules[at..].split("\n  /");
    let row = |row: &str| {
        let (pointers, what) = row
            .trim_start_matches('/')
            .split_once("  ")
            .expect("two columns");
        let what: Vec<&str> = what.split_whitespace().collect();
        doc(&format!("- /{pointers}: {}", what.join(" ")))
    };
    rows.map(row).collect()
}

fn field(name: &str, of_type: &str) -> String {
    format!("           05  {name:<28} {of_type}\n")
}

fn conditions(prefix: &str, words: &Words) -> String {
    let mut text = String::new();
    for word in &words.words {
        text += &doc(&word.meaning);
        text += &condition(&name(prefix, &word.word), &format!("\"{}\"", word.word));
    }
    text
}

fn condition(name: &str, value: &str) -> String {
    let line = format!("               88  {name:<30} VALUE {value}.\n");
    if line.trim_end().len() <= WIDTH {
        return line;
    }
    format!("               88  {name}\n                   VALUE {value}.\n")
}

/// `cart_changed` as `SQ-ERR-CART-CHANGED`.
fn name(prefix: &str, word: &str) -> String {
    let whole = prefix.to_owned() + &cobol(word);
    assert!(whole.len() <= NAME, "{whole} is too long for COBOL");
    whole
}

fn cobol(c: &str) -> String {
    upper_case(c).replace('_', "-")
}

/// A comment in lines that COBOL takes.
fn doc(text: &str) -> String {
    assert!(text.is_ascii(), "COBOL's letters are ASCII: {text}");
    comment("      *> ", text, WIDTH)
}

// ---- the programs -------------------------------------------------------------------------------

const HOW: &str = "\
One program for each function of the library, by its name with hyphens: sq_send_form is \
CALL \"SQ-SEND-FORM\" USING client order-url product-code campaign SQ-RESULT. The comment of each is \
the library's own; where it says NULL, pass OMITTED; where it says *out, look into SQ-RESULT, or ask \
SQ-BUFFER-GET. The buffer functions are in sqbuffer.cob.

client, order: USAGE POINTER. A text is a field of any length; it ends at its X\"00\", or else before \
the blanks at its end. A number is any numeric item or literal without decimals.

GnuCOBOL passes a number BY VALUE in 32 bits unless SIZE 8 is said, which would make another amount \
of a negative one: another reason to call these programs, and not the functions themselves.";

fn programs(model: &Model) -> String {
    let mut text = doc("sequra-pos for COBOL.") + &doc(GENERATED);
    text += "      *>\n";
    text += &doc(HOW);
    for function in &model.functions {
        text += &if is_about_a_buffer(function) {
            called_by_sqbuffer(function)
        } else {
            program(function)
        };
    }
    text
}

/// sqbuffer.cob has them.
fn is_about_a_buffer(function: &Function) -> bool {
    let first = function.parameters.first();
    first.is_some_and(|one| one.of_type == Type::Handle(Noun::Buffer))
}

fn called_by_sqbuffer(function: &Function) -> String {
    let mut text = rule();
    text += &doc(&format!("{} is called by sqbuffer.cob:", function.name));
    text += "      *>\n";
    text += &doc(&function.doc);
    text
}

/// Between programs.
fn rule() -> String {
    format!("      *>\n      *>{}\n", "-".repeat(WIDTH - 8))
}

/// One argument of a function: what it is in the program that calls it.
struct Argument {
    /// As the comment calls it: `order-url`.
    shown: String,
    /// As LINKAGE has it: `IN-ORDER-URL`.
    linkage: String,
    declared: &'static str,
    /// Its like in LOCAL-STORAGE, which goes to the library.
    local: Option<(String, &'static str)>,
    /// Before the call.
    before: Option<String>,
    /// In the call.
    passed: String,
    /// After it.
    after: Option<String>,
}

const POINTER: &str = "USAGE POINTER.";
const NO_POINTER: &str = "USAGE POINTER VALUE NULL.";
const TEXT: &str = "PIC X ANY LENGTH.";
const NUMBER: &str = "PIC S9 ANY NUMERIC.";
const BINARY: &str = "BINARY-DOUBLE SIGNED.";

fn argument(parameter: &Parameter) -> Option<Argument> {
    let upper = cobol(&parameter.name);
    let shown = upper.to_lowercase();
    let linkage = format!("IN-{upper}");
    let own = format!("MY-{upper}");
    let argument = match parameter.of_type {
        Type::Handle(_) => Argument {
            declared: POINTER,
            local: Some((own.clone(), NO_POINTER)),
            before: Some(format!(
                "IF {linkage} IS NOT OMITTED\n    SET {own} TO {linkage}\nEND-IF"
            )),
            passed: format!("BY VALUE {own}"),
            after: None,
            shown,
            linkage,
        },
        Type::NewHandle(Noun::Buffer) => return None,
        Type::NewHandle(_) => {
            let linkage = format!("OUT-{upper}");
            Argument {
                declared: POINTER,
                local: Some((own.clone(), NO_POINTER)),
                before: None,
                passed: format!("BY REFERENCE {own}"),
                after: Some(format!("SET {linkage} TO {own}")),
                shown,
                linkage,
            }
        }
        Type::Text => Argument {
            declared: TEXT,
            local: Some((own.clone(), NO_POINTER)),
            before: Some(format!(
                "IF {linkage} IS NOT OMITTED\n    CALL \"SQ-TEXT-IN\" USING {linkage}\n        {own} WRONG\nEND-IF"
            )),
            passed: format!("BY VALUE {own}"),
            after: Some(format!("FREE {own}")),
            shown,
            linkage,
        },
        Type::Status | Type::Int32 | Type::UInt32 | Type::Int64 => Argument {
            declared: NUMBER,
            local: Some((own.clone(), BINARY)),
            before: Some(format!(
                "CALL \"SQ-NUMBER-IN\" USING {linkage}\n    {own} WRONG"
            )),
            passed: format!(
                "BY VALUE SIZE {} {own}",
                if parameter.of_type == Type::Int64 {
                    8
                } else {
                    4
                }
            ),
            after: None,
            shown,
            linkage,
        },
        Type::Nothing | Type::Memory | Type::Length => {
            unreachable!("only functions of buffers have it")
        }
    };
    Some(argument)
}

fn program(function: &Function) -> String {
    let program = cobol(&function.name);
    let arguments: Vec<Argument> = function.parameters.iter().filter_map(argument).collect();
    let gives_buffer = arguments.len() < function.parameters.len();
    // What the function returns, where that is no status: (local, its type, linkage, its type).
    let returned = match function.returns {
        Type::Text => Some(("MY-TEXT", NO_POINTER, "OUT-TEXT", TEXT)),
        Type::Int32 | Type::UInt32 | Type::Int64 => {
            Some(("MY-NUMBER", "BINARY-LONG SIGNED.", "OUT-NUMBER", NUMBER))
        }
        _ => None,
    };

    let mut shown: Vec<String> = arguments.iter().map(|one| one.shown.clone()).collect();
    let mut using: Vec<String> = Vec::new();
    for one in &arguments {
        let optional = matches!(one.declared, POINTER | TEXT) && one.linkage.starts_with("IN-");
        using.push(if optional {
            format!("OPTIONAL {}", one.linkage)
        } else {
            one.linkage.clone()
        });
    }
    if let Some((_, _, linkage, _)) = returned {
        shown.push(linkage[4..].to_lowercase());
        using.push(linkage.to_owned());
    }
    shown.push("SQ-RESULT".to_owned());
    using.push("SQ-RESULT".to_owned());

    let mut text = rule();
    text += &doc(&format!("CALL \"{program}\" USING {}", shown.join(" ")));
    text += "      *>\n";
    text += &doc(&function.doc);
    text += &format!("      *>{}\n", "-".repeat(WIDTH - 8));
    text += "       IDENTIFICATION DIVISION.\n";
    text += &format!("       PROGRAM-ID. \"{program}\".\n");
    text += "       DATA DIVISION.\n       LOCAL-STORAGE SECTION.\n";
    for one in &arguments {
        if let Some((name, of_type)) = &one.local {
            text += &item(name, of_type);
        }
    }
    if let Some((name, of_type, _, _)) = returned {
        text += &item(name, of_type);
    }
    if gives_buffer {
        text += &item("MY-BUFFER", NO_POINTER);
    }
    text += &item("WRONG", "BINARY-LONG SIGNED VALUE 0.");
    text += "       LINKAGE SECTION.\n";
    for one in &arguments {
        text += &item(&one.linkage, one.declared);
    }
    if let Some((_, _, name, of_type)) = returned {
        text += &item(name, of_type);
    }
    text += "       COPY \"sequra.cpy\".\n";
    text += &wrapped(
        "       PROCEDURE DIVISION USING ",
        &using,
        "           ",
        ".",
    );

    // Texts are copied first: they may be in the record that is cleared next.
    for one in &arguments {
        text += &statement(8, one.before.as_deref());
    }
    // What is asked about a result leaves the result as it is.
    text += &statement(
        8,
        Some(if returned.is_some() {
            "MOVE WRONG TO SQ-VALUE-STATUS"
        } else {
            "CALL \"SQ-CLEAR\" USING SQ-RESULT WRONG"
        }),
    );
    text += &statement(8, Some("IF WRONG = 0"));
    let mut call = format!("CALL \"{}\"", function.name);
    let mut passed: Vec<String> = arguments.iter().map(|one| one.passed.clone()).collect();
    if gives_buffer {
        passed.push("BY REFERENCE MY-BUFFER".to_owned());
    }
    if !passed.is_empty() {
        call += " USING";
        for one in &passed {
            call += &format!("\n    {one}");
        }
    }
    call += match (function.returns, returned) {
        (_, Some((local, ..))) => format!("\n    RETURNING {local}"),
        (Type::Nothing, None) => "\n    RETURNING OMITTED".to_owned(),
        (_, None) => "\n    RETURNING SQ-STATUS".to_owned(),
    }
    .as_str();
    text += &statement(12, Some(&call));
    if gives_buffer {
        text += &statement(12, Some("SET SQ-BUFFER TO MY-BUFFER"));
    }
    if function.returns == Type::Status {
        text += &statement(12, Some("CALL \"SQ-FILL\" USING SQ-RESULT"));
    }
    text += &statement(
        12,
        match returned {
            Some((local, _, linkage, TEXT)) => Some(format!(
                "CALL \"SQ-TEXT-OUT\" USING {local} {linkage}\n    SQ-RESULT"
            )),
            Some((local, _, linkage, _)) => Some(format!("MOVE {local} TO {linkage}")),
            None => None,
        }
        .as_deref(),
    );
    text += &statement(8, Some("END-IF"));
    for one in &arguments {
        text += &statement(8, one.after.as_deref());
    }
    text += &statement(8, Some("GOBACK."));
    text + &format!("       END PROGRAM \"{program}\".\n")
}

fn item(name: &str, of_type: &str) -> String {
    format!("       01  {name:<28} {of_type}\n")
}

/// Lines of a statement, the first of them after `indent` blanks beyond the margin.
fn statement(indent: usize, lines: Option<&str>) -> String {
    let line = |line: &str| {
        let line = format!("   {}{line}\n", " ".repeat(indent));
        assert!(line.len() <= WIDTH + 1, "too long for COBOL: {line}");
        line
    };
    lines.into_iter().flat_map(str::lines).map(line).collect()
}

/// Words after one another, broken before column 72.
fn wrapped(first: &str, words: &[String], next: &str, end: &str) -> String {
    let mut text = String::new();
    let mut line = first.trim_end().to_owned();
    for word in words {
        if line.len() + 1 + word.len() + end.len() > WIDTH {
            text += &line;
            text.push('\n');
            line = next.trim_end_matches(' ').to_owned() + &" ".repeat(next.len() - 1);
        }
        line.push(' ');
        line += word;
    }
    text + &line + end + "\n"
}

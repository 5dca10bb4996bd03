//! VB6 and VBA: bindings/vb6/SequraPos.bas.
//!
//! VB6 knows no other calling convention than stdcall: the 32-bit DLL has each function once more,
//! as `sqs_…`. On 64 bits there is one convention, and the functions have their own names.

use super::Language;
use super::model::{Function, GENERATED, Model, Type, Words, camel_case, comment, upper_case};
use std::collections::BTreeSet;

pub const LANGUAGE: Language = Language {
    name: "vb6",
    files: |model| vec![("bindings/vb6/SequraPos.bas", module(model))],
    layer: &[
        "bindings/vb6/SequraClient.cls",
        "bindings/vb6/SequraOrder.cls",
        "bindings/vb6/SequraResult.cls",
        "bindings/vb6/SequraText.bas",
    ],
    call: |function| function.name.clone(),
};

const WIDTH: usize = 100;

const RULES: &str = "\
Every function of sequra_pos.dll, and the words of its results. A program uses SequraClient, \
SequraOrder and SequraResult, which call these; who calls them directly must know:

- SqLoadLibrary of SequraText.bas comes before all else: for a name alone, Windows would look in the \
current folder and in PATH, too.
- A text goes in ByVal As String, which Visual Basic turns into the ANSI of Windows: the client's \
text_encoding must be that code page, \"windows-1252\" in Western Europe. vbNullString is NULL. A text \
with Chr$(0) in it would be cut there.
- A text that comes back is an address, not a String: Visual Basic would free what it does not own. \
SequraText.bas reads it.
- A whole number of 64 bits is a Currency, which holds ten-thousandths: 382,90 EUR are 38290 cents, \
and go in as 38290 * 0.0001@. Division would make a Double of it.
- A handle (client, order, buffer) is a number; who gets one frees it.";

fn module(model: &Model) -> String {
    let mut text = String::from("Attribute VB_Name = \"SequraPos\"\nOption Explicit\n\n");
    text += &doc("sequra-pos for VB6 and VBA.");
    text += &doc(GENERATED);
    text += "'\n";
    text += &doc(RULES);
    text += "'\n";
    text += &doc(&model.rules[model.rules.find("The result buffer.").expect("its shape")..]);
    text += "\n";
    text += &doc("Version of the C ABI that these declarations are of.");
    text += &format!("Public Const SQ_ABI As Long = {}\n", model.abi_version);

    text += "\n";
    text += &doc(
        "What a call comes to; the thousand says the most: 1 the call was wrong, nothing was sent; \
                  2 seQura said no; 3 no final answer, calling again is safe; 4 this machine; 9 a bug of \
                  the library. Err.Number is vbObjectError + this.",
    );
    text += "Public Enum SqStatus\n";
    for status in &model.statuses {
        text += &comment("    ' ", &status.doc, WIDTH);
        text += &format!("    {} = {}\n", status.name, status.value);
    }
    text += "End Enum\n";

    for (prefix, words) in [
        ("SQ_ERROR_", &model.error_codes),
        ("SQ_NEXT_", &model.nexts),
        ("SQ_STATE_", &model.states),
        ("SQ_OPERATION_", &model.operations),
        ("SQ_ITEM_", &model.item_types),
    ] {
        text += &constants(prefix, words);
    }
    for function in &model.functions {
        text += "\n";
        text += &doc(&function.doc);
        text += "#If Win64 Then\n";
        text += &declare(function, Platform::Win64);
        text += "#ElseIf VBA7 Then\n";
        text += &declare(function, Platform::Vba7);
        text += "#Else\n";
        text += &declare(function, Platform::Vb6);
        text += "#End If\n";
    }
    assert_names_differ(&text);
    assert!(text.is_ascii(), "the same in every code page");
    text.replace('\n', "\r\n")
}

fn doc(text: &str) -> String {
    comment("' ", text, WIDTH)
}

fn constants(prefix: &str, words: &Words) -> String {
    let mut text = String::from("\n");
    text += &doc(words.doc);
    for word in &words.words {
        text += &doc(&word.meaning);
        let name = prefix.to_owned() + &upper_case(&word.word);
        text += &format!("Public Const {name} As String = \"{}\"\n", word.word);
    }
    text
}

#[derive(Clone, Copy, PartialEq)]
enum Platform {
    /// 64-bit Office.
    Win64,
    /// 32-bit Office from 2010 on.
    Vba7,
    /// VB6, and older Office.
    Vb6,
}

fn declare(function: &Function, platform: Platform) -> String {
    let safe = if platform == Platform::Vb6 {
        ""
    } else {
        "PtrSafe "
    };
    let alias = if platform == Platform::Win64 {
        String::new()
    } else {
        format!(" Alias \"sqs_{}\"", function.bare())
    };
    let kind = if function.returns == Type::Nothing {
        "Sub"
    } else {
        "Function"
    };
    let mut text = format!(
        "Public Declare {safe}{kind} {} Lib \"sequra_pos.dll\"{alias}",
        function.name
    );
    let parameters = function.parameters.iter().map(|one| {
        let by = match one.of_type {
            Type::NewHandle(_) | Type::Length => "ByRef",
            _ => "ByVal",
        };
        format!(
            "{by} {} As {}",
            name(&one.name),
            vb_type(one.of_type, platform)
        )
    });
    let parameters: Vec<String> = parameters.collect();
    text += &if parameters.is_empty() {
        " ()".to_owned()
    } else {
        format!(" ( _\n    {})", parameters.join(", _\n    "))
    };
    text += match function.returns {
        Type::Nothing => String::new(),
        // An address; see the rules.
        Type::Text => format!(" As {}", address(platform)),
        other => format!(" As {}", vb_type(other, platform)),
    }
    .as_str();
    text + "\n"
}

fn address(platform: Platform) -> &'static str {
    match platform {
        Platform::Vb6 => "Long",
        Platform::Vba7 | Platform::Win64 => "LongPtr",
    }
}

fn vb_type(of_type: Type, platform: Platform) -> &'static str {
    match of_type {
        Type::Status | Type::Int32 | Type::UInt32 | Type::Length => "Long",
        Type::Int64 => "Currency",
        Type::Text | Type::Memory => "String",
        Type::Handle(_) | Type::NewHandle(_) => address(platform),
        Type::Nothing => unreachable!("a Sub has no type"),
    }
}

/// `order_url` as `orderUrl`; words of the language as something else.
fn name(c: &str) -> String {
    match c {
        "type" => "itemType".to_owned(),
        "until" => "untilThen".to_owned(),
        "name" => "itemName".to_owned(),
        "len" => "length".to_owned(),
        "out" => "outBuffer".to_owned(),
        "dst" => "memory".to_owned(),
        "currency" => "currencyCode".to_owned(),
        other => camel_case(other),
    }
}

/// Visual Basic does not tell SQ_Log from sq_log.
fn assert_names_differ(text: &str) {
    let mut names = BTreeSet::new();
    let mut add = |name: &str| {
        let new = names.insert(name.to_ascii_lowercase());
        assert!(new, "{name} is there twice");
    };
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["Public", "Const", name, ..] | [name, "=", _] => add(name),
            ["Public", "Declare", "Sub" | "Function", name, ..] => add(name),
            _ => {}
        }
    }
}

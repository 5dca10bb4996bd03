//! Pascal: bindings/pascal/SequraPosApi.pas, for Delphi 7 and later and for FreePascal.

use super::Language;
use super::model::{
    Function, GENERATED, Model, Noun, Parameter, Type, Words, comment, pascal_case, wrapped,
};

pub const LANGUAGE: Language = Language {
    name: "pascal",
    files: |model| vec![("bindings/pascal/SequraPosApi.pas", unit(model))],
    layer: &["bindings/pascal/SequraPos.pas"],
    call,
};

const WIDTH: usize = 100;

/// The calls about a client are of few shapes, and each goes through the one function of its shape.
fn call(function: &Function) -> String {
    let texts = |one: &Parameter| one.of_type == Type::Text;
    let arguments = function.parameters.len().saturating_sub(1);
    let of_a_shape = function.gives_result()
        && function.is_about_a_client()
        && function.parameters[1..arguments].iter().all(texts)
        && function.name != "sq_echo";
    match (of_a_shape, arguments) {
        (true, 1) => format!("Ask({})", function.name),
        (true, _) => format!("Ask({}, ", function.name),
        (false, _) => format!("{}(", function.name),
    }
}

fn unit(model: &Model) -> String {
    let mut text = format!(
        "/// <summary>The C ABI of sequra-pos, and the words of its results.</summary>\n\
         // {GENERATED}\n\
         //\n\
         // Programs use the classes of SequraPos.pas. What is here was written for C: NULL is nil, an\n\
         // sq_status a TSqStatus, *out what AOut points to. Pascal does not tell SQ_ABI_VERSION from\n\
         // sq_abi_version: the constant is SEQURA_ABI_VERSION here.\n\
         unit SequraPosApi;\n\n\
         {{$IFDEF FPC}}{{$IFNDEF UNICODE}}{{$MODE DELPHI}}{{$ENDIF}}{{$ENDIF}}\n\n\
         interface\n\n"
    );
    text += &comment("// ", &model.rules, WIDTH);
    text += &format!(
        "\nconst\n  /// <summary>Version of the C ABI that these declarations are of.</summary>\n  \
         SEQURA_ABI_VERSION = {};\n",
        model.abi_version
    );
    for status in &model.statuses {
        text += &format!("\n{}", summary("  ", &status.doc));
        text += &format!("  {} = {};\n", status.name, status.value);
    }
    text += "\ntype\n\
             \x20 /// <summary>What a call returns: one of the SQ_... status codes.</summary>\n\
             \x20 TSqStatus = Integer;\n";
    for (name, doc) in [
        ("Buffer", "The result of a call."),
        (
            "Client",
            "A till's connection to seQura and to its journal.",
        ),
        ("Order", "An order being built."),
    ] {
        text += &format!(
            "\n  /// <summary>{doc}</summary>\n  PSq{name} = ^TSq{name};\n  TSq{name} = record\n  end;\n  \
             PPSq{name} = ^PSq{name};\n"
        );
    }
    for words in model.word_lists() {
        text += &enumeration(words);
    }
    text += "\n  /// <summary>Finds a function of the library by its name.</summary>\n\
             \x20 TSqFind = function(const AName: AnsiString): Pointer;\n\nconst";
    for words in model.word_lists() {
        text += &format!(
            "\n  Sequra{0}Words: array[TSequra{0}] of AnsiString = (\n    ''",
            words.name
        );
        for word in &words.words {
            text += &format!(",\n    '{}'", word.word);
        }
        text += ");\n";
    }
    text += "\n";
    for words in model.word_lists() {
        text += &format!("{}\n", converts(words));
    }
    text += "\n/// <summary>Sets all the functions below, by what AFind finds.</summary>\n\
             procedure SqBind(AFind: TSqFind);\n\nvar";
    for function in &model.functions {
        text += &format!("\n{}{}", documentation(&function.doc), variable(function));
    }
    text += "\nimplementation\n";
    for words in model.word_lists() {
        let (first, last) = (enumerator(words, "unknown"), words.words.last());
        let last = enumerator(words, &last.expect("a list has words").word);
        text += &format!(
            "\n{}\nbegin\n  Result := {last};\n  while (Result > {first}) and \
             (Sequra{name}Words[Result] <> AWord) do\n    Dec(Result);\nend;\n",
            converts(words),
            name = words.name,
        );
    }
    text += "\nprocedure SqBind(AFind: TSqFind);\nbegin\n";
    for function in &model.functions {
        text += &format!("  @{0} := AFind('{0}');\n", function.name);
    }
    text += "end;\n\nend.\n";
    // Delphi 7 takes source for the machine's own code page.
    assert!(text.is_ascii(), "the declarations are ASCII");
    text
}

/// A list of words as an enumerated type, so that a program can write a `case`.
fn enumeration(words: &Words) -> String {
    let unknown = "A word that these declarations do not know; the JSON has it.";
    let mut text = format!(
        "\n{}  TSequra{} = (\n",
        summary("  ", words.doc),
        words.name
    );
    text += &summary("    ", unknown);
    text += &format!("    {}", enumerator(words, "unknown"));
    for word in &words.words {
        text += &format!(",\n\n{}", summary("    ", &word.meaning));
        text += &format!("    {}", enumerator(words, &word.word));
    }
    text + ");\n"
}

/// `ecCartChanged`: members of an enumerated type share the unit's names, so each has a prefix.
fn enumerator(words: &Words, word: &str) -> String {
    let prefix = match words.name {
        "ErrorCode" => "ec",
        "Next" => "nx",
        "State" => "os",
        "Operation" => "op",
        "ItemType" => "it",
        other => panic!("{other} has no prefix in Pascal yet"),
    };
    prefix.to_owned() + &pascal_case(word)
}

fn converts(words: &Words) -> String {
    let name = words.name;
    format!("function Sequra{name}(const AWord: AnsiString): TSequra{name};")
}

fn variable(function: &Function) -> String {
    let parameters = function.parameters.iter();
    // The customary A keeps clear of reserved words: "out", "type".
    let parameters: Vec<String> = parameters
        .map(|one| format!("A{}:~{}", pascal_case(&one.name), native(one.of_type)))
        .collect();
    let (kind, result) = match function.returns {
        Type::Nothing => ("procedure", String::new()),
        returned => ("function", format!(": {}", native(returned))),
    };
    let list = match parameters.is_empty() {
        true => String::new(),
        false => format!("({})", parameters.join("; ")),
    };
    let line = format!("{}: {kind}{list}{result}; cdecl;", function.name);
    // A name and its type stay in one line.
    format!(
        "  {}\n",
        wrapped(&line, WIDTH - 4).join("\n    ").replace('~', " ")
    )
}

fn native(of_type: Type) -> &'static str {
    match of_type {
        Type::Nothing => unreachable!("a procedure"),
        Type::Status => "TSqStatus",
        Type::Int32 => "Integer",
        Type::UInt32 => "Cardinal",
        Type::Int64 => "Int64",
        Type::Text | Type::Memory => "PAnsiChar",
        Type::Length => "PCardinal",
        Type::Handle(Noun::Client) => "PSqClient",
        Type::Handle(Noun::Order) => "PSqOrder",
        Type::Handle(Noun::Buffer) => "PSqBuffer",
        Type::NewHandle(Noun::Client) => "PPSqClient",
        Type::NewHandle(Noun::Order) => "PPSqOrder",
        Type::NewHandle(Noun::Buffer) => "PPSqBuffer",
    }
}

/// A manual page: its first paragraph, and the rest.
fn documentation(doc: &str) -> String {
    let (first, rest) = doc.split_once("\n\n").unwrap_or((doc, ""));
    let mut text = summary("  ", first);
    if !rest.is_empty() {
        // An example at the end keeps its lines.
        let example = rest
            .lines()
            .last()
            .is_some_and(|line| line.starts_with(' '));
        let end = if example { "\n" } else { "" };
        let rest = format!("<remarks>{}{end}</remarks>", escaped(rest));
        text += &comment("  /// ", &rest, WIDTH);
    }
    text
}

fn summary(indent: &str, doc: &str) -> String {
    let text = format!("<summary>{}</summary>", escaped(doc));
    comment(&format!("{indent}/// "), &text, WIDTH)
}

fn escaped(doc: &str) -> String {
    doc.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

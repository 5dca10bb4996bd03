//! C#: bindings/csharp/SequraPos/Declarations.cs, the types of orders and results beside it, and the version for its
//! project file.

use super::model::{
    Function, GENERATED, Model, Noun, Parameter, Type, Words, camel_case, pascal_case, wrapped,
};
use super::results::Results;
use super::{Language, csharp_types};

pub const LANGUAGE: Language = Language {
    name: "csharp",
    files: |model| {
        vec![
            (
                "bindings/csharp/SequraPos/Declarations.cs",
                declarations(model),
            ),
            (
                "bindings/csharp/SequraPos/Orders.cs",
                csharp_types::orders(),
            ),
            (
                "bindings/csharp/SequraPos/Results.cs",
                csharp_types::data(&Results::read()),
            ),
            ("bindings/csharp/SequraPos/Version.props", version(model)),
        ]
    },
    layer: &[
        "bindings/csharp/SequraPos/Handles.cs",
        "bindings/csharp/SequraPos/SequraClient.cs",
        "bindings/csharp/SequraPos/SequraException.cs",
        "bindings/csharp/SequraPos/SequraLibrary.cs",
        "bindings/csharp/SequraPos/SequraOrderBuilder.cs",
        "bindings/csharp/SequraPos/SequraResult.cs",
    ],
    call: |function| format!("Native.{}", function.name),
};

const WIDTH: usize = 110;

fn declarations(model: &Model) -> String {
    // Three numbers, as .NET wants them; "1.0.0-rc.1" is only the one that people read.
    let numbers = model.version.split(['-', '+']).next().unwrap_or_default();
    let mut text = format!(
        "// The C ABI of sequra-pos, and the words of its results. {GENERATED}\n\n\
         using System;\n\
         using System.Reflection;\n\
         using System.Runtime.InteropServices;\n\n\
         [assembly: AssemblyTitle(\"SequraPos\")]\n\
         [assembly: AssemblyProduct(\"sequra-pos\")]\n\
         [assembly: AssemblyVersion(\"{numbers}.0\")]\n\
         [assembly: AssemblyFileVersion(\"{numbers}.0\")]\n\
         [assembly: AssemblyInformationalVersion(\"{version}\")]\n\n\
         namespace SequraPos\n{{\n",
        version = model.version
    );
    text += &documentation("    ", "What a call came to; the thousand says the most.");
    text += "    public enum SequraStatus\n    {\n";
    let mut members = model.statuses.iter().map(|status| {
        documentation("        ", &status.doc)
            + &format!(
                "        {} = {},\n",
                pascal_case(status.bare()),
                status.value
            )
    });
    text += &members.by_ref().collect::<Vec<_>>().join("\n");
    text += "    }\n";
    for words in model.word_lists() {
        text += &word_list(words);
    }
    text += "\n";
    text += &documentation(
        "    ",
        "The functions of the C header, by their names there. Each is found in the library that \
         SequraLibrary has loaded, when it is first called.",
    );
    text += &format!(
        "    internal static class Native\n    {{\n\
         \x20       /// <summary>Version of the C ABI that these declarations are of.</summary>\n\
         \x20       internal const uint AbiVersion = {};\n",
        model.abi_version
    );
    for function in &model.functions {
        text += &native(function);
    }
    text + "    }\n}\n"
}

fn word_list(words: &Words) -> String {
    let mut text = "\n".to_owned() + &documentation("    ", words.doc);
    text += &format!("    public static class Sequra{}\n    {{\n", words.name);
    let constant = words.words.iter().map(|word| {
        documentation("        ", &word.meaning)
            + &format!(
                "        public const string {} = \"{}\";\n",
                pascal_case(&word.word),
                word.word
            )
    });
    text += &constant.collect::<Vec<_>>().join("\n");
    text + "    }\n"
}

/// A function, its type, and where it is once it was found.
fn native(function: &Function) -> String {
    let name = &function.name;
    let kind = format!("{}Function", pascal_case(function.bare()));
    let returns = match function.returns {
        Type::Nothing => "void",
        Type::Text => "IntPtr",
        Type::UInt32 => "uint",
        Type::Int64 => "long",
        _ => "int",
    };
    // What gives a handle back is called when the object that held it is gone: with the bare pointer.
    let gives_back = name.ends_with("_free") || name.ends_with("_close");
    let parameter = |one: &Parameter| {
        let of_type = match one.of_type {
            Type::Handle(_) if gives_back => "IntPtr".to_owned(),
            Type::Handle(noun) => handle(noun).to_owned(),
            Type::NewHandle(noun) => format!("out {}", handle(noun)),
            Type::Text => "byte[]".to_owned(),
            Type::Memory => "[Out] byte[]".to_owned(),
            Type::Length => "ref uint".to_owned(),
            Type::UInt32 => "uint".to_owned(),
            Type::Int64 => "long".to_owned(),
            Type::Int32 | Type::Status | Type::Nothing => "int".to_owned(),
        };
        format!("{of_type} {}", identifier(&one.name))
    };
    let argument = |one: &Parameter| {
        let by = match one.of_type {
            Type::NewHandle(_) => "out ",
            Type::Length => "ref ",
            _ => "",
        };
        format!("{by}{}", identifier(&one.name))
    };
    let join = |of: &dyn Fn(&Parameter) -> String| {
        let all = function.parameters.iter().map(of);
        all.collect::<Vec<_>>().join(", ")
    };
    let parameters = join(&parameter);
    // The attribute is the delegate's: C# code that calls the method passes an array as ever.
    let plain = parameters.replace("[Out] ", "");
    let arguments = join(&argument);
    let field = camel_case(function.bare());
    let answer = if function.returns == Type::Nothing {
        ""
    } else {
        "return "
    };
    format!(
        "\n{documentation}\
         \x20       internal static {returns} {name}({plain})\n\
         \x20       {{\n\
         \x20           {answer}SequraLibrary.Function(ref {field}, \"{name}\")({arguments});\n\
         \x20       }}\n\n\
         \x20       [UnmanagedFunctionPointer(CallingConvention.Cdecl)]\n\
         \x20       private delegate {returns} {kind}({parameters});\n\
         \x20       private static {kind} {field};\n",
        documentation = documentation("        ", &function.doc),
    )
}

fn handle(noun: Noun) -> &'static str {
    match noun {
        Noun::Client => "ClientHandle",
        Noun::Order => "OrderHandle",
        Noun::Buffer => "BufferHandle",
    }
}

fn identifier(name: &str) -> String {
    // A word of C#.
    if name == "out" {
        "@out".to_owned()
    } else {
        name.to_owned()
    }
}

/// A documentation comment: the first paragraph is its summary, the others its remarks.
pub fn documentation(indent: &str, doc: &str) -> String {
    let before = format!("{indent}/// ");
    let room = WIDTH - before.len();
    let (summary, remarks) = doc.split_once("\n\n").unwrap_or((doc, ""));
    let mut lines = element("summary", summary, room);
    if !remarks.is_empty() {
        lines.push("<remarks>".to_owned());
        for paragraph in remarks.split("\n\n") {
            if paragraph.starts_with("    ") {
                lines.push("<code>".to_owned());
                let code = paragraph
                    .lines()
                    .map(|line| escaped(line.trim_start_matches("    ")));
                lines.extend(code);
                lines.push("</code>".to_owned());
            } else {
                lines.extend(element("para", paragraph, room));
            }
        }
        lines.push("</remarks>".to_owned());
    }
    lines
        .iter()
        .map(|line| format!("{before}{line}").trim_end().to_owned() + "\n")
        .collect()
}

/// `<para>…</para>`, in as many lines as it takes.
fn element(name: &str, text: &str, room: usize) -> Vec<String> {
    let whole = format!("<{name}>{}</{name}>", escaped(text).replace('\n', " "));
    wrapped(&whole, room)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn version(model: &Model) -> String {
    format!(
        "<!-- {GENERATED} -->\n\
         <Project>\n\
         \x20 <PropertyGroup>\n\
         \x20   <Version>{}</Version>\n\
         \x20 </PropertyGroup>\n\
         </Project>\n",
        model.version
    )
}

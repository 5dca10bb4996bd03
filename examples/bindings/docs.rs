//! The generated pages of docs/: one for each function, from the header's comments, and the tables
//! of status codes, words and limits.

use super::Language;
use super::model::{Function, GENERATED, Model, Words, first_sentence};
use sequra_pos::inside::LIMITS;

/// Not a language, but generated like one.
pub const PAGES: Language = Language {
    name: "docs",
    files: |model| {
        let mut files = vec![
            ("docs/functions/README.md", index(model)),
            ("docs/status-codes.md", statuses(model)),
            ("docs/words.md", words(model)),
            ("docs/limits.md", limits()),
        ];
        files.extend(super::order::files());
        let since = since();
        let usage = std::fs::read_to_string(super::root().join("examples/usage.c"));
        let usage = usage.expect("examples/usage.c is there");
        for function in &model.functions {
            let path = format!("docs/functions/{}.md", function.name);
            files.push((path.leak(), page(function, &since, &usage)));
        }
        files
    },
    layer: &[],
    call: |function| function.name.clone(),
};

/// The parts of the header, each by its first function.
const PARTS: [(&str, &str); 7] = [
    ("sq_abi_version", "The library"),
    ("sq_buffer_text", "Result buffers"),
    ("sq_client_open", "The client and the account"),
    ("sq_start_solicitation", "The sale"),
    ("sq_order_info", "After the sale"),
    ("sq_pending", "The journal"),
    ("sq_order_new", "Orders without a JSON library"),
];

/// abi/exports.txt: name and version, a line each.
fn since() -> String {
    let path = super::root().join("abi/exports.txt");
    std::fs::read_to_string(path).expect("abi/exports.txt is there")
}

fn head(title: &str) -> String {
    format!("# {title}\n\n<!-- {GENERATED} -->\n\n")
}

fn index(model: &Model) -> String {
    let mut text = head("The functions");
    text += "In the order of the header, `include/sequra_pos.h`. Rules that hold for all of them: \
             [ownership and threads](../ownership-and-threads.md), [status codes](../status-codes.md), \
             [the words of a result](../words.md), \
             [limits](../limits.md), all in [the contract](../c-abi.md). [D], [C] and [I] say how something is \
             known of seQura: [its API](../sequra-api.md).\n";
    for function in &model.functions {
        if let Some((_, part)) = PARTS.iter().find(|(first, _)| *first == function.name) {
            text += &format!("\n## {part}\n\n| | |\n|---|---|\n");
        }
        text += &format!(
            "| [`{name}`]({name}.md) | {} |\n",
            markdown(&first_sentence(&function.doc)),
            name = function.name,
        );
    }
    text
}

fn page(function: &Function, since: &str, usage: &str) -> String {
    let mut text = head(&function.name);
    text += &format!("```c\n{}\n```\n\n", broken(&function.prototype));
    let mut said = String::new();
    // The header's examples are shorter ones of those below.
    for line in function
        .doc
        .lines()
        .filter(|line| !line.starts_with("    "))
    {
        said += &match line.strip_prefix("- ") {
            Some(point) => format!("- {}", markdown(point)),
            None => markdown(line),
        };
        said.push('\n');
    }
    text += said.trim_end();
    text += &format!("\n\n## In use\n\n```c\n{}```\n", in_use(function, usage));
    if let Some(result) = result(function) {
        text += &format!(
            "\n## What it gives back\n\nAs the program in [examples/usage.c](../../examples/usage.c) got it; times, uuids and \
             paths stand for the real ones.\n\n```json\n{result}```\n"
        );
    }
    let version = since
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{} ", function.name)));
    text += &format!(
        "\nSince {}. [All functions](README.md)\n",
        version.unwrap_or("the next version")
    );
    text
}

/// What stands in the program that uses every function, between its mark and the next end, but for what is the program's own.
fn in_use(function: &Function, usage: &str) -> String {
    let mark = format!("/* use {} */\n", function.name);
    let Some((_, rest)) = usage.split_once(&mark) else {
        panic!("examples/usage.c does not use {}", function.name);
    };
    let (lines, _) = rest.split_once("/* end */").expect("an end");
    let lines: Vec<&str> = lines
        .lines()
        .filter(|line| !line.trim_start().starts_with("keep("))
        .collect();
    let said = lines.iter().filter(|line| !line.trim().is_empty());
    let indent = said
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or_default();
    let lines = lines
        .iter()
        .map(|line| line.get(indent..).unwrap_or_default().trim_end());
    let text = lines.collect::<Vec<_>>().join("\n");
    format!("{}\n", text.trim_end())
}

/// A result that the program got.
fn result(function: &Function) -> Option<String> {
    let path = super::root().join(format!("docs/results/{}.json", function.name));
    std::fs::read_to_string(path).ok()
}

/// A prototype with one argument a line, where it is long.
fn broken(prototype: &str) -> String {
    if prototype.len() <= 80 {
        return prototype.to_owned();
    }
    let (head, arguments) = prototype.split_once('(').expect("it has arguments");
    let indent = format!(",\n{}", " ".repeat(head.len() + 1));
    format!("{head}({}", arguments.replace(", ", &indent))
}

fn statuses(model: &Model) -> String {
    let mut text = head("Status codes");
    text += "The thousand says the most; `sq_status_class` gives it: 0 done, 1 the call was wrong and nothing \
             was sent, 2 seQura said no, 3 no final answer and calling again is safe, 4 this machine, 9 a bug \
             of the library. Where seQura's HTTP status decides, its three digits end the number. Numbers are \
             never used for something else.\n\n| | | |\n|---|---|---|\n";
    for status in &model.statuses {
        let doc = status.doc.replace('\n', " ");
        text += &format!(
            "| {} | `{}` | {} |\n",
            status.value,
            status.name,
            markdown(&doc)
        );
    }
    text
}

fn words(model: &Model) -> String {
    let mut text = head("The words of a result");
    text += "Closed lists: a till may compare with them. Words are added, never renamed.\n";
    for list in model.word_lists() {
        text += &list_of(list);
    }
    text
}

fn list_of(list: &Words) -> String {
    let mut text = format!(
        "\n## {}\n\n{}\n\n| | |\n|---|---|\n",
        list.name,
        markdown(list.doc)
    );
    for word in &list.words {
        text += &format!("| `{}` | {} |\n", word.word, markdown(&word.meaning));
    }
    text
}

fn limits() -> String {
    let mut text = head("Limits");
    text += "How large things may be. Each limit is far above what a shop or seQura can mean, and bounds what a \
             mistake or a hostile neighbour can cost in time, memory and disk. Below them, work grows as what it \
             is done on: ten times the lines take ten times as long.\n\n\
             What is refused is refused before anything is sent, with an error that names the limit \
             (`expected`) and what was given (`actual`). KiB is 1,024 bytes, MiB 1,024 KiB; bytes are those of \
             the text as it is given, in the client's encoding.\n\n| | | |\n|---|---|---|\n";
    for limit in LIMITS {
        text += &format!(
            "| {} | `{}` | {} |\n",
            amount(limit.value),
            limit.name,
            markdown(limit.meaning.trim())
        );
    }
    text += "\nA call ends within `timeouts.total_ms` and a second, whoever answers it and however slowly; what \
             that leaves out is in [ownership and threads](ownership-and-threads.md#how-long-a-call-takes).\n";
    text
}

/// A number as a person reads it.
fn amount(value: usize) -> String {
    for (unit, name) in [(1 << 20, "MiB"), (1 << 10, "KiB")] {
        if value.is_multiple_of(unit) {
            return format!("{} {name}", value / unit);
        }
    }
    let digits = value.to_string();
    let (head, rest) = digits.split_at(digits.len().saturating_sub(3));
    match head.is_empty() {
        true => digits,
        false => format!("{head},{rest}"),
    }
}

/// Plain text for a page: what would be taken for markup is not, names and places stand out.
fn markdown(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let inner = word.trim_matches(|c: char| "().,;:".contains(c));
        let is_name = inner.starts_with("sq_") || inner.starts_with("SQ_");
        let is_place = inner.len() > 1 && inner.starts_with('/') && !inner.contains("//");
        if (is_name || is_place || inner == "*out") && !inner.contains('`') {
            return word.replacen(inner, &format!("`{inner}`"), 1);
        }
        word.replace('*', "\\*")
            .replace('<', "\\<")
            .replace('|', "\\|")
    });
    words.collect::<Vec<_>>().join(" ")
}

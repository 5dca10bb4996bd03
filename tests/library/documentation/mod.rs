//! The documentation names everything, its links lead somewhere, its examples are compiled and run; what it
//! says of the code is there.
#![cfg(target_os = "linux")]

mod configuration;
mod examples;
mod references;

use crate::support::c::{root, scratch};
use crate::support::header::{self, identifiers};
use sequra_pos::words::{ErrorCode, Next, State};
use sequra_pos::{Config, Status};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn page(path: &str) -> String {
    fs::read_to_string(root(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The rows of a page's tables, cell by cell.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let rows = text.lines().filter_map(|line| line.strip_prefix('|'));
    rows.map(|row| {
        let cells = row.trim_end_matches('|').split('|');
        cells.map(str::trim).collect()
    })
}

/// What stands in code marks.
fn in_code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Every page: those at the root, and docs/.
fn pages() -> Vec<(PathBuf, String)> {
    let mut paths = [
        "README.md",
        "README.es.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ]
    .map(root)
    .to_vec();
    for folder in ["docs", "docs/functions"] {
        let entries = fs::read_dir(root(folder)).expect("a folder of pages");
        let entries = entries.map(|entry| entry.expect("a page").path());
        paths.extend(entries.filter(|path| path.extension().is_some_and(|kind| kind == "md")));
    }
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a page is text");
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

/// What of these no page names.
fn missing(names: impl IntoIterator<Item = String>, text: &str) -> Vec<String> {
    let known: BTreeSet<&str> = identifiers(text).collect();
    let unknown = |name: &String| !known.contains(name.as_str());
    names.into_iter().filter(unknown).collect()
}

#[test]
fn everything_is_named() {
    let text: String = pages().into_iter().map(|(_, text)| text + "\n").collect();
    let header = header::read();
    let names =
        |words: Vec<&str>| -> Vec<String> { words.into_iter().map(str::to_owned).collect() };
    for (what, names) in [
        ("function", header.function_names().into_iter().collect()),
        (
            "status",
            names(Status::ALL.iter().map(|one| one.name()).collect()),
        ),
        (
            "error code",
            names(ErrorCode::ALL.iter().map(|one| one.as_str()).collect()),
        ),
        (
            "next",
            names(Next::ALL.iter().map(|one| one.as_str()).collect()),
        ),
        (
            "state",
            names(State::ALL.iter().map(|one| one.as_str()).collect()),
        ),
        ("configuration key", names(Config::keys().to_vec())),
    ] {
        assert!(!names.is_empty());
        let missing = missing(names, &text);
        assert!(missing.is_empty(), "no page names the {what} {missing:?}");
    }
    assert_eq!(missing(["sq_nonsense".to_owned()], &text), ["sq_nonsense"]);
}

/// What a link to each heading of a page ends with.
fn headings(text: &str) -> BTreeSet<String> {
    let lines = text.lines().filter(|line| line.starts_with('#'));
    let name = |line: &str| {
        let kept = |letter: &char| letter.is_alphanumeric() || "-_ ".contains(*letter);
        let text = line.trim_start_matches('#').trim().to_lowercase();
        text.chars()
            .filter(kept)
            .collect::<String>()
            .replace(' ', "-")
    };
    lines.map(name).collect()
}

#[test]
fn links_lead_somewhere() {
    let mut pages = pages();
    for path in [
        "bindings/c/README.md",
        "bindings/python/README.md",
        "sandbox/README.md",
        "tests/bindings/README.md",
    ] {
        pages.push((root(path), fs::read_to_string(root(path)).expect("a page")));
    }
    let mut broken = Vec::new();
    for (path, text) in pages {
        let folder = path.parent().expect("a folder");
        for link in text.split("](").skip(1) {
            let link = link.split([')', ' ']).next().unwrap_or_default();
            if link.contains("://") {
                continue;
            }
            let (target, heading) = link.split_once('#').unwrap_or((link, ""));
            let place = match target {
                "" => path.clone(),
                target => folder.join(target),
            };
            let is_there = || {
                let text = fs::read_to_string(&place).unwrap_or_default();
                heading.is_empty() || headings(&text).contains(heading)
            };
            if !place.exists() || !is_there() {
                broken.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// A stranger reads it in one go.
#[test]
fn the_readme_is_short() {
    let lines = page("README.md").lines().count();
    assert!(lines <= 150, "{lines} lines");
}

/// Both READMEs say the same: as many sections and rows, the same commands, calls and code.
#[test]
fn both_readmes_say_the_same() {
    let shape = |path: &str| {
        let text = page(path);
        let blocks: Vec<String> = text.split("```").skip(1).step_by(2).map(commands).collect();
        let indented = text.lines().filter(|line| line.starts_with("    "));
        let indented: Vec<String> = indented.map(str::to_owned).collect();
        let prose: String = text.split("```").step_by(2).collect();
        let what_is_where = prose.rfind("\n## ").expect("the last section");
        let names: Vec<String> = in_code(&prose[..what_is_where])
            .map(str::to_owned)
            .collect();
        let folders: Vec<String> = rows(&prose[what_is_where..])
            .map(|row| row[0].to_owned())
            .collect();
        let count = |begin: &str| text.lines().filter(|line| line.starts_with(begin)).count();
        (blocks, indented, names, folders, ["#", "|"].map(count))
    };
    assert_eq!(shape("README.md"), shape("README.es.md"));
}

/// What a block of code has to type: of a command that a word or two of explanation follow, the command.
fn commands(block: &str) -> String {
    let command = |line: &str| match line.strip_prefix("make ") {
        Some(rest) => format!("make {}", rest.split("  ").next().unwrap_or_default()),
        None => line.to_owned(),
    };
    block.lines().map(command).collect::<Vec<_>>().join("\n")
}

/// In Spain people at a till say "ticket"; and a file is an "archivo", as in the messages.
#[test]
fn one_word_for_one_thing_in_spanish() {
    for path in [
        "README.es.md",
        "cli/src/words.rs",
        "docs/guide.es.md",
        "docs/order.es.md",
        "docs/sequra.es.md",
        "docs/threads-and-screens.es.md",
        "docs/flow.es.svg",
        "src/messages/es.rs",
    ] {
        let text = page(path).to_lowercase();
        let mut words = text.split(|letter: char| !letter.is_alphanumeric());
        let other = words.find(|word| OTHERS.contains(word));
        assert_eq!(other, None, "{path}");
    }
    // Portuguese has "ficheiro" of its own.
    const OTHERS: [&str; 5] = ["tique", "tiques", "tíquet", "fichero", "ficheros"];
}

/// The two guides say the same: as many headings, rows, points; the same calls and statuses in order.
#[test]
fn both_guides_say_the_same() {
    let shape = |language: &str| {
        let text = fs::read_to_string(root(&format!("docs/guide.{language}.md"))).expect("a guide");
        let names: Vec<String> = text
            .split('`')
            .skip(1)
            .step_by(2)
            .map(|code| code.replace(".es.", ".").replace(".en.", "."))
            .collect();
        let count = |begin: &str| text.lines().filter(|line| line.starts_with(begin)).count();
        (names, ["#", "|", "- ", "1", "2", "3"].map(count))
    };
    let (english, spanish) = (shape("en"), shape("es"));
    assert_eq!(english.1, spanish.1, "headings, rows, points");
    assert_eq!(english.0, spanish.0, "what stands in code marks");
}

#[test]
fn the_pictures_are_what_their_script_draws() {
    let folder = scratch("pictures");
    let script = folder.join("flow.py");
    fs::copy(root("docs/flow.py"), &script).expect("it can be copied");
    let drawn = Command::new("python3")
        .arg(&script)
        .status()
        .expect("python3");
    assert!(drawn.success());
    for name in ["flow.en.svg", "flow.es.svg"] {
        let read = |folder: &Path| fs::read_to_string(folder.join(name)).expect("a picture");
        assert_eq!(
            read(&folder),
            read(&root("docs")),
            "{name}: python3 docs/flow.py"
        );
    }
}

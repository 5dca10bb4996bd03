//! What pages say of the code, and the code of pages: each finds the other.

use super::{in_code, missing, page, rows};
use crate::support::c::root;
use crate::support::header::identifiers;
use std::collections::BTreeSet;
use std::fs;

/// Whoever is given a job finds it: the files are there, and so is in each what the table says.
#[test]
fn the_jobs_are_where_contributing_says() {
    let text = page("CONTRIBUTING.md");
    let jobs: Vec<Vec<&str>> = rows(&text)
        .filter(|row| row.len() == 4 && !["job", "---"].contains(&row[0]))
        .collect();
    assert_eq!(jobs.len(), 12);
    let mut wrong = Vec::new();
    for job in &jobs {
        let file = in_code(job[1]).next().expect("a file");
        let code = fs::read_to_string(root(file)).unwrap_or_default();
        let known: BTreeSet<&str> = identifiers(&code).collect();
        // What is said beside it is of other files.
        let names = in_code(job[2].split(['(', ':']).next().unwrap_or_default());
        wrong.extend(
            names
                .filter(|name| !known.contains(name))
                .map(|name| format!("{}: {file} has no {name}", job[0])),
        );
    }
    let folders = [
        "src/",
        "tests/",
        "sandbox/",
        "examples/",
        "docs/",
        "scripts/",
        "abi/",
        ".github/",
    ];
    for page in [
        "CONTRIBUTING.md",
        "README.md",
        "docs/sequra-api.md",
        "docs/c-abi.md",
    ] {
        let text = self::page(page);
        let paths =
            in_code(&text).filter(|code| folders.iter().any(|folder| code.starts_with(folder)));
        let gone = paths.filter(|path| !root(path).exists());
        wrong.extend(gone.map(|path| format!("{page}: there is no {path}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is known of seQura stands in one page: the numbers of the endpoints that the code gives, and each
/// switch of the simulator.
#[test]
fn the_page_on_the_api_has_what_the_code_refers_to() {
    let text = page("docs/sequra-api.md");
    let numbered: BTreeSet<&str> = rows(&text).map(|row| row[0]).collect();
    let code = page("src/api/endpoints.rs");
    let numbers = code
        .lines()
        .filter(|line| line.trim_start().starts_with("///"));
    let numbers: Vec<&str> = numbers
        .flat_map(|line| line.split('[').skip(1))
        .filter_map(|after| after.split_once(']'))
        .map(|(number, _)| number)
        .filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    assert!(numbers.len() >= 9, "{numbers:?}");
    for number in numbers {
        assert!(numbered.contains(number), "no row {number}");
    }
    let sandbox = page("sandbox/README.md");
    let rules = sandbox.split("<!-- rules -->").nth(1).expect("the rules");
    let rules = rules
        .split("<!-- end of rules -->")
        .next()
        .expect("they end");
    let rules = rows(rules).filter_map(|row| in_code(row[0]).next());
    let rules: Vec<String> = rules.map(str::to_owned).collect();
    assert!(rules.len() > 30, "{rules:?}");
    let unnamed = missing(rules, &text);
    assert!(unnamed.is_empty(), "the page does not name {unnamed:?}");
}

/// The sources refer to pages that a reader of the repository has.
#[test]
fn pages_that_the_sources_name_are_there() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    let mut folders = ["src", "sandbox/src", "include"].map(root).to_vec();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("it can be listed").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).expect("sources are text");
            for elsewhere in ["API page", "design/"] {
                if text.contains(elsewhere) {
                    wrong.push(format!("{}: {elsewhere}", path.display()));
                }
            }
            for after in text.split("docs/").skip(1) {
                let in_name = |c: &char| c.is_ascii_alphanumeric() || "-_./".contains(*c);
                let name: String = after.chars().take_while(in_name).collect();
                let Some((name, _)) = name.split_once(".md") else {
                    continue;
                };
                seen += 1;
                if !root(&format!("docs/{name}.md")).exists() {
                    wrong.push(format!("{}: docs/{name}.md", path.display()));
                }
            }
        }
    }
    assert!(seen >= 5, "only {seen} pages are named");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

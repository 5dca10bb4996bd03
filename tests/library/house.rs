//! The plan of the house: a file, or a folder with its `mod.rs`, is a room, and no import of a room leads back to where
//! it came from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From one room to another, and the files that lead there.
type Arrows = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("they can be listed").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Which room a source file is of; `None`: it is of none, as tests, programs and the map of the whole are.
fn room(source: &Path, root: &Path) -> Option<String> {
    let inside = source.strip_prefix(root).ok()?.with_extension("");
    let parts: Vec<&str> = inside
        .iter()
        .map(|part| part.to_str().unwrap_or_default())
        .collect();
    let is_test = parts
        .iter()
        .any(|part| *part == "tests" || part.ends_with("_tests"));
    (!is_test && parts != ["lib"] && parts[0] != "bin").then(|| parts[0].to_owned())
}

/// The code of a file: no comments, and nothing that is only there for tests.
fn code(source: &str) -> String {
    let code = match source.find("#[cfg(test)]\nmod tests {") {
        Some(tests) => &source[..tests],
        None => source,
    };
    let without_comment = |line: &str| line.split("//").next().unwrap_or_default().to_owned();
    code.lines()
        .map(without_comment)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The names that follow `crate::`, alone or in braces.
fn named(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for after in code.split("crate::").skip(1) {
        let name = |text: &str| -> String {
            let text = text.trim_start();
            text.chars()
                .take_while(|one| one.is_alphanumeric() || *one == '_')
                .collect()
        };
        match after.strip_prefix('{') {
            None => names.push(name(after)),
            Some(list) => {
                let mut depth = 0;
                let mut entry = String::new();
                for one in list.chars() {
                    match one {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => names.push(name(&std::mem::take(&mut entry))),
                        _ => entry.push(one),
                    }
                }
                names.push(name(&entry));
            }
        }
    }
    names
}

fn arrows(sources: &[(String, String, String)]) -> Arrows {
    let rooms: BTreeSet<&str> = sources.iter().map(|(room, _, _)| room.as_str()).collect();
    let mut arrows = Arrows::new();
    for (room, file, code) in sources {
        for name in named(code) {
            if name != *room && rooms.contains(name.as_str()) {
                let from = arrows.entry(room.clone()).or_default();
                from.entry(name).or_default().insert(file.clone());
            }
        }
    }
    arrows
}

/// A way from a room back to it, where there is one.
fn circle(arrows: &Arrows) -> Option<Vec<String>> {
    fn walk(arrows: &Arrows, way: &mut Vec<String>, left: &mut BTreeSet<String>) -> bool {
        let here = way.last().expect("it begins somewhere").clone();
        for next in arrows.get(&here).into_iter().flat_map(BTreeMap::keys) {
            if let Some(begin) = way.iter().position(|room| room == next) {
                way.drain(..begin);
                way.push(next.clone());
                return true;
            }
            if left.contains(next) {
                continue;
            }
            way.push(next.clone());
            if walk(arrows, way, left) {
                return true;
            }
            way.pop();
        }
        left.insert(here);
        false
    }
    let mut left = BTreeSet::new();
    arrows.keys().find_map(|room| {
        let mut way = vec![room.clone()];
        (!left.contains(room) && walk(arrows, &mut way, &mut left)).then_some(way)
    })
}

fn told(way: &[String], arrows: &Arrows) -> String {
    let steps = way.windows(2).map(|step| {
        let files: Vec<&str> = arrows[&step[0]][&step[1]]
            .iter()
            .map(String::as_str)
            .collect();
        format!("{} -> {} ({})", step[0], step[1], files.join(", "))
    });
    steps.collect::<Vec<_>>().join("\n")
}

#[test]
fn no_import_leads_back_to_the_room_that_it_came_from() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("it is text");
        let file = path
            .strip_prefix(&root)
            .unwrap_or(path)
            .display()
            .to_string();
        Some((room(path, &root)?, file, code(&text)))
    };
    let sources: Vec<_> = files.iter().filter_map(read).collect();
    assert!(sources.len() > 60, "only {} files", sources.len());
    let arrows = arrows(&sources);
    assert!(arrows["client"].contains_key("shop") && arrows["pipeline"].contains_key("journal"));
    if let Some(way) = circle(&arrows) {
        panic!("a circle:\n{}", told(&way, &arrows));
    }
}

#[test]
fn a_circle_is_found_and_its_arrows_named() {
    let source = |room: &str, code: &str| (room.to_owned(), format!("{room}.rs"), self::code(code));
    let sources = [
        source("a", "use crate::{b::{self, X, c}, d};\n// crate::e"),
        source(
            "b",
            "fn f() { crate::c::g() }\n#[cfg(test)]\nmod tests {\nuse crate::a; }",
        ),
        source("c", "use crate::d::Y;"),
        source("d", ""),
        source("e", "use crate::a;"),
    ];
    let good = arrows(&sources);
    assert_eq!(good["a"].keys().collect::<Vec<_>>(), ["b", "d"]);
    assert_eq!(circle(&good), None);
    let mut bad = sources.to_vec();
    bad[3] = source("d", "use crate::b;");
    let bad = arrows(&bad);
    let way = circle(&bad).expect("d leads back to b");
    assert_eq!(
        told(&way, &bad),
        "b -> c (b.rs)\nc -> d (c.rs)\nd -> b (d.rs)"
    );
}

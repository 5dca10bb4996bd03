//! The plan of the house: what its rooms and files take from each other, how long functions and files are.
//!
//! A file, or a folder with its `mod.rs`, is a room. Neither between rooms nor among the files of one does a path lead
//! back to where it came from. A `mod.rs` (or the `config.rs` of `config/`) is a file like the others: where it works with
//! what is below it, nothing below may take from it. What it only gives on (`pub use`) and does not use itself makes it a
//! signpost and no stop: whoever takes a name there has taken it from the file that it comes from.

mod arrows;
mod source;

use arrows::{arrows, circle, told};
use source::Source;
use std::fs;

/// Of a function, lines: what can be read without turning the page.
const PAGE: usize = 70;
/// Functions that are tables: one line or two for each entry, and nothing else.
const TABLES: &[&str] = &[
    "messages/en.rs error",
    "messages/es.rs error",
    "messages/fr.rs error",
    "messages/it.rs error",
    "messages/pt.rs error",
    "lifecycle/begin.rs begin",
];

/// Of a file, lines; one that has more is of one noun all the same.
const FILE: usize = 400;
const OF_ONE_NOUN: &[&str] = &[
    "messages/en.rs",
    "messages/es.rs",
    "messages/fr.rs",
    "messages/it.rs",
    "messages/pt.rs",
];

#[test]
fn no_path_leads_back_to_the_room_that_it_came_from() {
    let (rooms, _) = arrows(&Source::all());
    assert!(rooms["client"].contains_key("shop") && rooms["pipeline"].contains_key("journal"));
    if let Some(way) = circle(&rooms) {
        panic!("a circle:\n{}", told(&way, &rooms));
    }
}

#[test]
fn no_path_leads_back_to_the_file_that_it_came_from() {
    let (_, mut files) = arrows(&Source::all());
    assert!(files["ffi/checkout.rs"].contains_key("ffi/guard.rs"));
    // Every one that is found, each time without its last arrow.
    let mut circles = Vec::new();
    while let Some(way) = circle(&files) {
        circles.push(told(&way, &files));
        let [.., from, to] = &way[..] else { break };
        if let Some(arrows) = files.get_mut(from) {
            arrows.remove(to);
        }
    }
    assert!(
        circles.is_empty(),
        "{} circles:\n{}",
        circles.len(),
        circles.join("\n\n")
    );
}

#[test]
fn no_function_is_longer_than_a_page() {
    let sources = Source::all();
    let mut long = Vec::new();
    for source in &sources {
        for function in source.functions() {
            if function.lines > PAGE {
                long.push((format!("{} {}", source.file, function.name), function.lines));
            }
        }
    }
    for table in TABLES {
        assert!(
            long.iter().any(|(name, _)| name == table),
            "{table} is no long table any more"
        );
    }
    long.retain(|(name, _)| !TABLES.contains(&name.as_str()));
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn no_file_has_a_second_noun() {
    let mut long: Vec<(String, usize)> = Source::all()
        .into_iter()
        .map(|source| (source.file.clone(), source.lines()))
        .filter(|(_, lines)| *lines > FILE)
        .collect();
    long.retain(|(file, _)| !OF_ONE_NOUN.contains(&file.as_str()));
    assert!(long.is_empty(), "{long:#?}");
}

/// What a Rust program sees of the library; the inside is not promised to anybody.
#[test]
fn the_public_face_is_small() {
    const FACE: &[&str] = &[
        "changes::Asked",
        "client::Client",
        "config::Config",
        "journal::Query",
        "look::Look",
        "order::{Order, Pick}",
        "outcome::{Error, Outcome}",
        "status::Status",
    ];
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs");
    let map = fs::read_to_string(path).expect("there is one");
    let begins = |begin: &'static str| {
        let found = map.lines().filter_map(move |line| line.strip_prefix(begin));
        found
            .map(|rest| rest.trim_end_matches([';', ' ', '{']))
            .collect::<Vec<_>>()
    };
    assert_eq!(begins("pub use "), FACE);
    assert_eq!(begins("pub mod "), ["outbox", "words", "given", "inside"]);
    assert!(map.contains("#[doc(hidden)]\npub mod inside {"));
}

fn sources(files: &[(&str, &str)]) -> Vec<Source> {
    files
        .iter()
        .map(|(file, code)| Source::new(file, code))
        .collect()
}

#[test]
fn a_circle_of_rooms_is_found_and_its_arrows_named() {
    let mut files = [
        ("lib.rs", "pub mod a;\npub use a::A;"),
        (
            "a.rs",
            "use crate::{b::{self, X, c}, d};\n// crate::e\nconst T: &str = \"crate::e::E\";",
        ),
        (
            "b.rs",
            "fn f() { crate::c::g() }\n#[cfg(test)]\nmod tests {\nuse crate::a; }",
        ),
        ("c.rs", "use crate::d::Y;"),
        ("d.rs", ""),
        ("e.rs", "use crate::A;"),
    ];
    let (good, _) = arrows(&sources(&files));
    assert_eq!(good["a"].keys().collect::<Vec<_>>(), ["b", "d"]);
    assert_eq!(good["e"].keys().collect::<Vec<_>>(), ["a"]);
    assert_eq!(circle(&good), None);
    files[4].1 = "use crate::b;";
    let (bad, _) = arrows(&sources(&files));
    let way = circle(&bad).expect("d leads back to b");
    assert_eq!(
        told(&way, &bad),
        "b -> c (b.rs)\nc -> d (c.rs)\nd -> b (d.rs)"
    );
}

#[test]
fn a_circle_of_files_is_found_however_its_paths_are_written() {
    let room = |room: &'static str, low: &'static str, high: &'static str| {
        let (_, files) = arrows(&sources(&[
            ("lib.rs", "mod room;"),
            ("room/mod.rs", room),
            ("room/low.rs", low),
            ("room/high.rs", high),
        ]));
        circle(&files).map(|way| told(&way, &files))
    };
    const SIGNPOST: &str =
        "mod low;\nmod high;\npub use low::Low;\npub(crate) use high::{High, other as Other};";
    let of_both = |low| room(SIGNPOST, low, "use super::low::Low;");
    let found = "room/high.rs -> room/low.rs (room::low::Low)\nroom/low.rs -> room/high.rs (";
    for (low, by) in [
        ("use super::high::High;", "room::high::High"),
        ("use crate::room::high;", "room::high"),
        ("fn f() { super::high::f(); }", "room::high::f"),
        (
            "fn f() { if true { crate::room::high::f() } }",
            "room::high::f",
        ),
        ("use super::{Low, High};", "room::High"),
        ("use super::Other;", "room::Other"),
        ("mod inside { use super::super::High; }", "room::High"),
    ] {
        let told = of_both(low);
        assert!(
            told.as_deref()
                .is_some_and(|told| told == format!("{found}{by})")),
            "{low}: {told:?}"
        );
    }
    for low in [
        "use super::Low;",
        "pub(in super::high) struct Low;",
        "mod inside { use super::High; }",
        "/// super::high::High\nconst A: &str = r#\"super::high\"#; const B: char = '\"';",
        "#[cfg(test)]\nuse super::high;\nfn f<'a>(a: &'a str) -> char { '\\'' }",
    ] {
        assert_eq!(of_both(low), None, "{low}");
    }
    // A mod.rs that works with what is below it is a file like the others.
    let works = "mod low;\nmod high;\npub use low::Low;\nfn f() { Low::new() }\npub struct Room;";
    assert!(room(works, "use super::Room;", "").is_some());
    assert_eq!(room(works, "", "use super::{Low, Room};"), None);
    let calls = "mod low;\nmod high;\nfn f() { low::f() }";
    assert!(room(calls, "use super::f;", "").is_some());
}

#[test]
fn a_function_is_as_long_as_its_lines() {
    let source = Source::new(
        "a.rs",
        "fn one() {}\ntype F = fn(u8);\nfn two<T>(\n a: T,\n) -> [u8; 2] {\n \"}\"\n}\ntrait T { fn three(); }\n#[cfg(test)]\nmod tests {\n}\n",
    );
    let functions = source.functions();
    let seen: Vec<_> = functions
        .iter()
        .map(|one| (one.name.as_str(), one.lines))
        .collect();
    assert_eq!(seen, [("one", 1), ("two", 5), ("three", 1)]);
    assert_eq!(source.lines(), 8);
}

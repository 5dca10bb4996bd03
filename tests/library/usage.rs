//! Every function in use (examples/usage.c), and what it gives back: the pages of docs/functions show both. The program is
//! run against the simulator; its results are held against docs/results, but for what differs from run to run.
//!
//! `SEQURA_WRITE_RESULTS=1` writes them anew (`make results`).

use crate::support::c::{compile, compiler, finds_library, library_folder, root, scratch};
use crate::support::header;
use sequra_sandbox::{Disburse, Fault, Harm, Options, Sandbox};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// What differs from run to run, each put in the place of the like.
#[derive(Default)]
struct Usual {
    uuids: Vec<String>,
}

impl Usual {
    fn value(&mut self, name: &str, value: &mut Value) {
        match value {
            Value::Object(map) => map
                .iter_mut()
                .for_each(|(name, value)| self.value(name, value)),
            Value::Array(list) => list.iter_mut().for_each(|value| self.value(name, value)),
            Value::String(text) => *text = self.text(name, text),
            Value::Number(_) => {
                let usual = match name {
                    "elapsed_ms" | "duration_ms" => 87,
                    "durable_write_ms" => 4,
                    "free_bytes" => 52_428_800_000_i64,
                    "age_s" | "skew_s" | "ahead_s" => 0,
                    _ => return,
                };
                *value = json!(usual);
            }
            _ => {}
        }
    }

    fn text(&mut self, name: &str, text: &str) -> String {
        let is_moment = text.len() > 19 && text.as_bytes()[10] == b'T' && text.ends_with('Z');
        match name {
            "hash" => return "5d1c…".to_owned(),
            "document" => return "{\"approved\": …, \"digest\": \"…\", …}".to_owned(),
            "document_id" | "from_journal" => return "8c1f…".to_owned(),
            "path" if text.contains("journal") => return "C:\\TPV\\journal.db".to_owned(),
            "version" => return env!("CARGO_PKG_VERSION").to_owned(),
            _ if is_moment => return "2026-11-27T11:25:20.123Z".to_owned(),
            _ => {}
        }
        let mut told = String::new();
        let mut rest = text;
        while let Some(at) = place_of_uuid(rest) {
            let (before, after) = rest.split_at(at);
            let (uuid, after) = after.split_at(36);
            told += before;
            told += &self.uuid(uuid);
            rest = after;
        }
        told += rest;
        with_usual_port(&told)
    }

    /// The same one for the same one.
    fn uuid(&mut self, uuid: &str) -> String {
        let known = self.uuids.iter().position(|known| known == uuid);
        let at = known.unwrap_or_else(|| {
            self.uuids.push(uuid.to_owned());
            self.uuids.len() - 1
        });
        format!("3f0d5a10-7c1e-4b52-9a3d-0000000000{:02x}", at + 1)
    }
}

fn place_of_uuid(text: &str) -> Option<usize> {
    let is_uuid = |text: &[u8]| {
        text.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    };
    text.as_bytes().windows(36).position(is_uuid)
}

fn with_usual_port(text: &str) -> String {
    const HOST: &str = "127.0.0.1:";
    let Some(at) = text.find(HOST) else {
        return text.to_owned();
    };
    let (before, after) = text.split_at(at + HOST.len());
    format!(
        "{before}8080{}",
        after.trim_start_matches(|c: char| c.is_ascii_digit())
    )
}

/// Compiles the program as a C89 compiler takes it, and nothing about it deserves a word.
fn compiled(folder: &Path) -> std::path::PathBuf {
    let program = folder.join("usage");
    compile(
        compiler(false)
            .args(["-std=c89", "-pedantic", "-Wall", "-Wextra", "-Werror", "-I"])
            .arg(root("include"))
            .arg("-o")
            .arg(&program)
            .arg(root("examples/usage.c"))
            .arg("-L")
            .arg(library_folder())
            .args(["-lsequra_pos".to_owned(), finds_library()]),
    );
    program
}

/// Does what the program asks for.
fn happens(sandbox: &Sandbox, what: &str) {
    let (verb, rest) = what.split_once(' ').unwrap_or((what, ""));
    let uuid = rest.rsplit('/').next().unwrap_or_default();
    match verb {
        "approve" => drop(sandbox.approve(uuid).expect("approved")),
        "review" => drop(sandbox.review(uuid).expect("in review")),
        "lose" => sandbox.fault(Fault::new(Harm::CloseAfter {}).method("PUT").times(0)),
        "answer" => sandbox.clear_faults(),
        "pay" => drop(
            sandbox
                .disburse(Disburse::default().issue_date("2026-11-27"))
                .expect("paid"),
        ),
        other => panic!("what is {other}?"),
    }
}

/// Runs the program and gives what it kept, by function.
fn results(name: &str) -> Vec<(String, Value)> {
    let sandbox = Sandbox::start(Options::default()).expect("a simulator");
    let folder = scratch(name);
    let kept = folder.join("results");
    fs::create_dir(&kept).expect("a folder");
    let settings = json!({
        "base_url": sandbox.http_url(), "account_key": "sandbox_key", "account_secret": "sandbox_secret",
        "merchants": {"ES": "shop_es"}, "journal": "journal.db", "language": "en",
    });
    let mut others = settings.clone();
    others["journal"] = json!("other.db");
    for (name, settings) in [("till.json", settings), ("other.json", others)] {
        fs::write(folder.join(name), settings.to_string()).expect("a configuration");
    }
    let mut till = Command::new(compiled(&folder))
        .arg(folder.join("till.json"))
        .arg(root("docs/orders/small.json"))
        .arg(&kept)
        .arg(folder.join("other.json"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut answers = till.stdin.take().expect("its input");
    let said = BufReader::new(till.stdout.take().expect("its output"));
    for what in said.lines() {
        happens(&sandbox, &what.expect("a line"));
        answers.write_all(b"done\n").expect("it listens");
    }
    let output = till.wait_with_output().expect("it ends");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let mut files: Vec<_> = fs::read_dir(&kept)
        .expect("results")
        .map(|entry| entry.expect("a file").path())
        .collect();
    files.sort();
    let read = files.iter().map(|path| {
        let mut usual = Usual::default();
        let text = fs::read_to_string(path).expect("a result");
        let mut value: Value = serde_json::from_str(&text).expect("JSON");
        usual.value("", &mut value);
        (
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned(),
            value,
        )
    });
    read.collect()
}

/// The pages show what the library gives back.
#[test]
fn the_results_on_the_pages_are_those_of_a_day() {
    let folder = root("docs/results");
    let write = std::env::var_os("SEQURA_WRITE_RESULTS").is_some();
    let mut names = BTreeSet::new();
    for (name, value) in results("every-function-in-use") {
        let text = format!("{}\n", serde_json::to_string_pretty(&value).expect("JSON"));
        let path = folder.join(format!("{name}.json"));
        if write {
            fs::create_dir_all(&folder).expect("a folder");
            fs::write(&path, &text).expect("a result");
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            committed, text,
            "docs/results/{name}.json: make results, and look at the difference"
        );
        names.insert(name);
    }
    let committed = fs::read_dir(&folder)
        .expect("results")
        .map(|entry| entry.expect("a file").path());
    let committed: BTreeSet<String> = committed
        .map(|path| {
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(committed, names);
}

/// Every function is used, and what gives a result shows one.
#[test]
fn every_function_is_in_use() {
    let source = fs::read_to_string(root("examples/usage.c")).expect("the program");
    for function in header::read().functions {
        assert!(
            source.contains(&format!("/* use {} */", function.name)),
            "{}",
            function.name
        );
        let gives_one = function
            .parameters()
            .iter()
            .any(|parameter| parameter.replace(" ", "").contains("sq_buffer**"));
        let is_shown = root(&format!("docs/results/{}.json", function.name)).exists();
        assert_eq!(
            gives_one,
            is_shown || function.name == "sq_client_open",
            "{}",
            function.name
        );
    }
}

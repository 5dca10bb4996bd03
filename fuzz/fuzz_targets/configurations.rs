//! Any configuration, given as text and as a file: it is taken or refused, by both in the same words, what is wrong
//! never ends the till, and no secret in it is told.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sequra_pos::Config;
use sequra_pos::inside::ffi::buffer::sq_buffer;
use sequra_pos::inside::ffi::client::{sq_client_open, sq_client_open_file};
use sequra_pos::inside::ffi::open_clients::sq_client;
use sequra_pos::inside::ffi::library::sq_echo;
use sequra_pos_fuzz::{Status, Till, Told, c_text, called};
use std::ffi::{CStr, CString, c_char};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{env, fs, ptr};

/// In a proxy's address and wherever else a secret may stand.
const SECRET: &str = "hunter2-0123456789";

/// What stands in configurations within their keys.
const WORDS: &[&str] = &[
    "",
    "connect_ms",
    "total_ms",
    "keep_days",
    "file",
    "ES",
    "platform",
    "customer",
    "solicited",
    "sandbox",
    "live",
    "svea",
    "scrub_when_settled",
    "bundled",
    "system",
    "environment",
    "none",
    ":memory:",
    "secret.txt",
    "SEQURA_FUZZ_SECRET",
    "fr",
    "utf-8",
    "windows-1252",
    "iso-8859-15",
    "shift_jis",
    "gb18030",
    "utf-16le",
    "http://127.0.0.1:1",
    "https://user:hunter2-0123456789@proxy.shop:3128",
    "http://[::1]:443/a?b#c",
    "https://portal.example/{order_ref_1}",
    ".",
    "..",
];

#[derive(Arbitrary, Debug)]
enum Value {
    Nothing,
    Yes(bool),
    Number(i64),
    Fraction(f64),
    Word(u8),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(Key, Value)>),
}

#[derive(Arbitrary, Debug)]
enum Key {
    Known(u8),
    Word(u8),
    Text(String),
}

#[derive(Arbitrary, Debug)]
struct Given {
    /// On top of a configuration that is whole; a key that stands there already takes its place, or stands twice.
    changes: Vec<(Key, Value, bool)>,
    /// Keys that are left out.
    without: Vec<u8>,
    /// What is written over the text then: where, how much of it goes, and what comes.
    splices: Vec<(u16, u8, Vec<u8>)>,
}

fn chosen<'a>(from: &[&'a str], which: u8) -> &'a str {
    from[usize::from(which) % from.len()]
}

impl Key {
    fn text(&self) -> String {
        match self {
            Key::Known(which) => chosen(Config::keys(), *which).to_owned(),
            Key::Word(which) => chosen(WORDS, *which).to_owned(),
            Key::Text(text) => text.clone(),
        }
    }
}

impl Value {
    /// As JSON, deeper than which nobody writes.
    fn json(&self, depth: u8) -> String {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Value::List(_) | Value::Object(_) if depth == 0 => "{}".to_owned(),
            Value::Nothing => "null".to_owned(),
            Value::Yes(yes) => yes.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Fraction(number) => format!("{number:e}"),
            Value::Word(which) => text(chosen(WORDS, *which)),
            Value::Text(given) => text(given),
            Value::List(list) => {
                let list: Vec<String> = list.iter().map(|value| value.json(depth - 1)).collect();
                format!("[{}]", list.join(","))
            }
            Value::Object(object) => {
                let object: Vec<String> = object
                    .iter()
                    .map(|(key, value)| format!("{}:{}", text(&key.text()), value.json(depth - 1)))
                    .collect();
                format!("{{{}}}", object.join(","))
            }
        }
    }
}

/// The text of a configuration. Its journal is in memory, or what a slip made of that, in this folder: it is the last
/// key, and nothing that is written over the text could name a place elsewhere.
fn text(given: &Given) -> Vec<u8> {
    let mut entries: Vec<(String, String)> = vec![
        ("base_url".to_owned(), r#""http://127.0.0.1:1""#.to_owned()),
        ("account_key".to_owned(), r#""key""#.to_owned()),
        ("account_secret".to_owned(), format!("{SECRET:?}")),
        ("merchant_id".to_owned(), r#""shop_es""#.to_owned()),
        ("proxy".to_owned(), r#""none""#.to_owned()),
    ];
    for which in &given.without {
        let key = chosen(Config::keys(), *which);
        entries.retain(|(name, _)| name != key);
    }
    for (key, value, twice) in given.changes.iter().take(20) {
        let (key, value) = (key.text(), value.json(8));
        if key == "journal" {
            continue;
        }
        if !twice {
            entries.retain(|(name, _)| *name != key);
        }
        entries.push((key, value));
    }
    entries.push(("journal".to_owned(), r#"":memory:""#.to_owned()));
    let lines: Vec<String> = entries
        .iter()
        .map(|(key, value)| format!("{}:{value}", serde_json::Value::from(key.as_str())))
        .collect();
    let mut text = format!("{{{}}}", lines.join(",")).into_bytes();
    for (at, length, by) in &given.splices {
        if by.iter().any(|byte| b"/\\.j".contains(byte)) {
            continue;
        }
        let start = usize::from(*at) % text.len();
        let end = (start + usize::from(*length)).min(text.len());
        text.splice(start..end, by.iter().copied());
        if text.is_empty() {
            break;
        }
    }
    text
}

/// An empty folder of this process's own, where it is at work.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = env::temp_dir().join(format!("sequra-fuzz-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        env::set_current_dir(&folder).expect("it is there");
        folder
    })
}

fn empty(folder: &Path) {
    for entry in fs::read_dir(folder).expect("the folder").flatten() {
        let _ = fs::remove_file(entry.path());
    }
}

type Opens =
    unsafe extern "C" fn(*const c_char, *mut *mut sq_client, *mut *mut sq_buffer) -> Status;

/// Opens a client, and makes a call with it.
fn opened(open: Opens, with: &CStr) -> Told {
    let mut client = ptr::null_mut();
    // SAFETY: pointers that live as long as the call.
    let told = called(|out| unsafe { open(with.as_ptr(), &raw mut client, out) });
    assert!(
        !told.result.to_string().contains(SECRET),
        "{:#}",
        told.result
    );
    assert_eq!(told.status == 0, !client.is_null(), "{:#}", told.result);
    if told.status == 0 {
        let till = Till(client);
        till.one(sq_echo, &c_text(b"A till"));
    } else {
        // A configuration that is wrong, a text, a journal.
        assert!(matches!(told.status / 1000, 1 | 4), "{:#}", told.result);
    }
    told
}

fuzz_target!(|given: Given| {
    let folder = folder();
    empty(folder);
    fs::write("secret.txt", SECRET).expect("a file");
    let text = text(&given);
    let as_text = opened(sq_client_open, &c_text(&text));
    if text.contains(&0) {
        return;
    }
    // Its journal is there now, and is no new one.
    empty(folder);
    fs::write("secret.txt", SECRET).expect("a file");
    fs::write("till.json", &text).expect("a file");
    let path = CString::new("till.json").expect("there is no NUL in it");
    let as_file = opened(sq_client_open_file, &path);
    assert_eq!(
        as_text.codes(),
        as_file.codes(),
        "{:#}\n{:#}",
        as_text.result,
        as_file.result
    );
});

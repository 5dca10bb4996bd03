//! The configuration: one JSON object, read strictly, everything that is wrong with it said at once.
//!
//! ```json
//! {
//!   "office": "https://office.shop.es/",
//!   "roots": {"file": "office-ca.pem"},
//!   "proxy": "environment",
//!   "journals": ["/var/lib/till/till.journal"],
//!   "state": "/var/lib/sequra-forward",
//!   "ask_every_s": 60
//! }
//! ```

use sequra_pos::given;
use sequra_pos::inside::json::{CONFIG_BYTES, ErrorCode, Reader, Segment, file};
use sequra_pos::inside::wire::{Address, Proxy, Roots, is_proxy};
use serde_json::{Map, Value, json};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

const KEYS: &[&str] = &[
    "office",
    "roots",
    "proxy",
    "journals",
    "state",
    "ask_every_s",
    "log",
];
/// In a quiet time the office is asked so often whether it has anything to say, s.
const ASK_EVERY: i64 = 60;

/// What the configuration says.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The office.
    pub office: Address,
    pub roots: Roots,
    pub proxy: Proxy,
    /// Every journal that is carried.
    pub journals: Vec<PathBuf>,
    /// The folder with what the forwarder keeps of each journal: tokens.
    pub state: PathBuf,
    pub ask_every: Duration,
    /// Where lines go; none: to standard error.
    pub log: Option<PathBuf>,
}

/// Where the configuration is, where nothing says where.
pub fn usual_place() -> PathBuf {
    #[cfg(windows)]
    {
        let data = std::env::var_os("ProgramData").unwrap_or_else(|| r"C:\ProgramData".into());
        Path::new(&data).join(r"sequra-forward\forward.json")
    }
    #[cfg(not(windows))]
    PathBuf::from("/etc/sequra-forward/forward.json")
}

/// The configuration as a file: what it says, and what is to be written into it.
pub struct Document {
    pub path: PathBuf,
    value: Value,
    /// As it was read; none: there is none yet.
    text: Option<String>,
}

impl Document {
    /// Reads it; where there is none, it is empty.
    pub fn read(path: &Path) -> Result<Document, String> {
        // Where it lies does not depend on where the program is started later.
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        if fs::symlink_metadata(&path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            return Ok(Document {
                path,
                value: json!({}),
                text: None,
            });
        }
        let bytes = file(&path, CONFIG_BYTES)
            .map_err(|why| format!("The configuration cannot be read: {why}."))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| format!("{} is not text in UTF-8.", path.display()))?;
        let value = given::json("The configuration", &text, CONFIG_BYTES)
            .map_err(|problems| told(&path, problems.iter().map(|one| &one.message)))?;
        Ok(Document {
            path,
            value,
            text: Some(text),
        })
    }

    pub fn is_there(&self) -> bool {
        self.text.is_some()
    }

    /// What it says, checked.
    pub fn settings(&self) -> Result<Settings, String> {
        let mut reader = Reader::of("The configuration");
        let settings = reader
            .object(&self.value, KEYS)
            .and_then(|object| self.checked(&mut reader, object));
        let (problems, _) = reader.found();
        match settings {
            Some(settings) if problems.is_empty() => Ok(settings),
            _ => Err(told(&self.path, problems.iter().map(|one| &one.message))),
        }
    }

    fn checked<'a>(
        &self,
        reader: &mut Reader<'a>,
        object: &'a Map<String, Value>,
    ) -> Option<Settings> {
        let office = office(reader, object);
        let proxy = proxy(reader, object);
        let roots = self.roots(reader, object);
        let journals = self.journals(reader, object);
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let state = reader.text(object, "state").map(|path| folder.join(path));
        let log = reader.text(object, "log").map(|path| folder.join(path));
        let codes = [ErrorCode::OutOfRange; 2];
        let ask_every = reader.whole(object, "ask_every_s", 1..=3600, codes);
        Some(Settings {
            office: office?,
            roots: roots?,
            proxy: proxy?,
            journals,
            state: state.unwrap_or_else(|| folder.join("state")),
            ask_every: Duration::from_secs(ask_every.unwrap_or(ASK_EVERY) as u64),
            log,
        })
    }

    fn roots<'a>(&self, reader: &mut Reader<'a>, object: &'a Map<String, Value>) -> Option<Roots> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let wrong = (
            ErrorCode::InvalidValue,
            "\"bundled\" (Mozilla's list), \"system\", or {\"file\": \"…\"} with the certificate of the office's own authority",
        );
        let read = |value: &Value| match value {
            Value::String(text) if text == "bundled" => Some(Roots::Bundled),
            Value::String(text) if text == "system" => Some(Roots::System),
            Value::Object(fields) if fields.len() == 1 => {
                let file = fields.get("file")?.as_str()?;
                Some(Roots::File(folder.join(file)))
            }
            _ => None,
        };
        match object.get("roots") {
            None | Some(Value::Null) => Some(Roots::Bundled),
            Some(_) => reader.field(object, "roots", wrong, read),
        }
    }

    fn journals<'a>(
        &self,
        reader: &mut Reader<'a>,
        object: &'a Map<String, Value>,
    ) -> Vec<PathBuf> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let wrong = (ErrorCode::WrongType, "a list of journals' paths");
        let listed = reader.field(object, "journals", wrong, Value::as_array);
        let mut journals: Vec<PathBuf> = Vec::new();
        for (at, entry) in listed.into_iter().flatten().enumerate() {
            let path = entry.as_str().filter(|path| !path.trim().is_empty());
            let path = path.map(|path| folder.join(path));
            let wrong = match path {
                None => Some((ErrorCode::WrongType, "must be the path of a journal.")),
                Some(path) if journals.contains(&path) => {
                    Some((ErrorCode::InvalidValue, "stands there twice."))
                }
                Some(path) => {
                    journals.push(path);
                    None
                }
            };
            if let Some((code, what)) = wrong {
                reader.inside(Segment::Name("journals"), |reader| {
                    reader.inside(Segment::Index(at), |reader| reader.problem(code, what));
                });
            }
        }
        journals
    }

    /// Puts a value in, where it says nothing of it.
    pub fn put(&mut self, key: &str, value: Value) {
        if let Some(object) = self.value.as_object_mut() {
            object.entry(key).or_insert(value);
        }
    }

    /// Adds a journal to those that are carried.
    pub fn add_journal(&mut self, path: &Path) {
        let path = Value::String(path.to_string_lossy().into_owned());
        self.put("journals", json!([]));
        if let Some(journals) = self.value["journals"].as_array_mut() {
            journals.push(path);
        }
    }

    /// Removes one from them.
    pub fn remove_journal(&mut self, is_it: impl Fn(&Path) -> bool) {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        if let Some(journals) = self.value["journals"].as_array_mut() {
            let goes = |entry: &Value| entry.as_str().is_some_and(|path| is_it(&folder.join(path)));
            journals.retain(|entry| !goes(entry));
        }
    }

    /// Writes it, in one piece, where it says anything else than it did.
    pub fn write(&self) -> io::Result<()> {
        let mut text = serde_json::to_string_pretty(&self.value)?;
        text.push('\n');
        let read = self
            .text
            .as_deref()
            .and_then(|text| serde_json::from_str::<Value>(text).ok());
        if read.as_ref() == Some(&self.value) {
            return Ok(());
        }
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut draft = self.path.as_os_str().to_owned();
        draft.push(".new");
        let written = fs::File::create(&draft).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            if let Ok(there) = fs::metadata(&self.path) {
                file.set_permissions(there.permissions())?;
            }
            drop(file);
            fs::rename(&draft, &self.path)
        });
        if written.is_err() {
            let _ = fs::remove_file(&draft);
        }
        written
    }
}

fn office<'a>(reader: &mut Reader<'a>, object: &'a Map<String, Value>) -> Option<Address> {
    const KEY: &str = "office";
    reader.is_given(object, KEY, ": the office's address");
    let address = Address::parse(reader.text(object, KEY)?);
    let Some(address) = address else {
        let what = "must be a plain address such as https://office.shop.es/, with its scheme and nothing secret in it.";
        reader.wrong(KEY, ErrorCode::InvalidUrl, what);
        return None;
    };
    if !address.is_https() && !address.is_loopback() {
        let what = "must begin with https; http is for an office on this very machine only (127.0.0.1, [::1], localhost).";
        reader.wrong(KEY, ErrorCode::InsecureUrl, what);
        return None;
    }
    Some(address)
}

fn proxy<'a>(reader: &mut Reader<'a>, object: &'a Map<String, Value>) -> Option<Proxy> {
    match reader.text(object, "proxy") {
        None | Some("environment") => Some(Proxy::Environment),
        Some("none") => Some(Proxy::None),
        Some(url) if url.contains("://") && is_proxy(url) => Some(Proxy::Url(url.into())),
        Some(_) => {
            // It is not repeated: it may hold a password.
            let what = "must be \"none\", \"environment\" or an address with its scheme, such as http://proxy.shop:3128.";
            reader.wrong("proxy", ErrorCode::InvalidUrl, what);
            None
        }
    }
}

/// Everything that is wrong with it, a line each.
fn told<'a>(path: &Path, problems: impl Iterator<Item = &'a String>) -> String {
    let mut text = format!("{} cannot be used:", path.display());
    for problem in problems {
        text.push_str("\n  ");
        text.push_str(problem);
    }
    text
}

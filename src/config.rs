//! Configuration: one JSON object, read strictly, every problem reported at once.

mod access;
pub(crate) mod file;
mod folders;
mod reader;

pub(crate) use access::usable_proxy;

use crate::address::Address;
use crate::json;
use crate::limits;
use crate::messages::Language;
use crate::problem::Problem;
use crate::text::TextEncoding;
use crate::vocabulary::ErrorCode;
use folders::Folders;
use reader::Reader;
use secrecy::SecretString;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use zeroize::Zeroizing;

/// seQura's own order states that a shop may map to its own status [C, OrderStates of the plugins].
pub const MAPPED_STATES: &[&str] = &[
    "solicited",
    "approved",
    "needs_review",
    "cancelled",
    "shipped",
];

/// Which of seQura's two worlds an account belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// For trying out: no money moves.
    Sandbox,
    /// Real sales.
    Live,
}

/// Which merchant id an order is sold under.
#[derive(Clone, Debug, PartialEq)]
pub enum Merchants {
    /// Each order names its own.
    FromOrder,
    /// One for all.
    One(String),
    /// One for each selling country: (ISO 3166 alpha-2, merchant id).
    ByCountry(Vec<(String, String)>),
}

impl Merchants {
    /// Those that the configuration names, each once.
    pub fn ids(&self) -> Vec<String> {
        match self {
            Merchants::FromOrder => Vec::new(),
            Merchants::One(merchant) => vec![merchant.clone()],
            Merchants::ByCountry(merchants) => {
                let mut ids: Vec<String> = Vec::new();
                for (_, id) in merchants {
                    if !ids.contains(id) {
                        ids.push(id.clone());
                    }
                }
                ids
            }
        }
    }
}

/// Where the journal is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum JournalPlace {
    /// A file.
    File(PathBuf),
    /// Memory: for tests only, nothing survives.
    Memory,
}

/// Which certificates are trusted.
#[derive(Clone, Debug, PartialEq)]
pub enum Roots {
    /// Mozilla's list, as built into the library.
    Bundled,
    /// The operating system's.
    System,
    /// Mozilla's list and the certificates of this PEM file.
    File(PathBuf),
}

/// How to get out of the shop's network.
#[derive(Clone, Debug)]
pub enum Proxy {
    /// Directly.
    None,
    /// As `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say.
    Environment,
    /// Through this one, which may have a password in it; never around it.
    Url(SecretString),
}

/// What becomes of personal data once an order is finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonalData {
    /// Removed at once.
    ScrubWhenSettled,
    /// Kept for so many days, then removed.
    KeepDays(u32),
}

/// A client's configuration, checked.
#[derive(Clone)]
pub struct Config {
    /// Sandbox or live, where it was said; decides the portal's address.
    pub environment: Option<Environment>,
    /// seQura's API; always ends with a slash.
    pub base_url: Address,
    /// HTTP Basic user.
    pub account_key: String,
    /// HTTP Basic password.
    pub account_secret: SecretString,
    /// Who sells.
    pub merchants: Merchants,
    /// Put into every order that has none.
    pub store_ref: Option<String>,
    /// Where the journal is.
    pub journal: JournalPlace,
    /// For one connection attempt.
    pub connect_timeout: Duration,
    /// For a whole call, waiting and retries included.
    pub total_timeout: Duration,
    /// Trusted certificates.
    pub roots: Roots,
    /// The way out.
    pub proxy: Proxy,
    /// Of all texts in and out.
    pub text_encoding: TextEncoding,
    /// Of operator messages.
    pub language: Language,
    /// Merged under every order.
    pub order_defaults: Map<String, Value>,
    /// References and product ids that are not sold with seQura.
    pub excluded_products: Vec<String>,
    /// Categories that are not, whatever their capitals.
    pub excluded_categories: Vec<String>,
    /// (seQura's state, the shop's own status); `None` = that transition is ignored.
    pub status_mapping: Vec<(String, Option<String>)>,
    /// Link into the shop's own system, `{order_ref_1}` to be filled in.
    pub shop_order_url: Option<String>,
    /// What becomes of names and addresses.
    pub personal_data: PersonalData,
    /// How long an order that was never confirmed may lie untouched before it is given up.
    pub abandon_after_days: u32,
    /// How long transaction log entries are kept.
    pub log_retention_days: u32,
    /// How long seQura's words on a refusal are kept once its order is finished.
    pub refusal_days: u32,
    /// What reading it had to say; opening a client with it says it again.
    pub warnings: Vec<Problem>,
}

/// Without what may hold credentials or personal data.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Config for {} with {:?}", self.base_url, self.journal)
    }
}

impl Config {
    /// Every key that a configuration may have.
    pub fn keys() -> &'static [&'static str] {
        reader::KEYS
    }

    /// Reads a configuration object. On failure: every problem, each with its JSON pointer. Relative
    /// paths in it are relative to the working directory.
    pub fn from_value(value: Value) -> Result<Config, Vec<Problem>> {
        Config::read(value, &Folders::default())
    }

    fn read(value: Value, folders: &Folders) -> Result<Config, Vec<Problem>> {
        let value = Wiped(value);
        let Value::Object(object) = &value.0 else {
            return Err(vec![problem(
                ErrorCode::WrongType,
                "",
                "The configuration must be a JSON object: {\"environment\": \"sandbox\", …}.",
            )]);
        };
        let mut reader = Reader {
            object,
            folders,
            problems: Vec::new(),
            warnings: Vec::new(),
        };
        let config = reader.read();
        let problems = reader.problems;
        match config {
            Some(config) if problems.is_empty() => Ok(config),
            _ => Err(problems),
        }
    }

    /// Reads a configuration as text. Text that is not UTF-8 is read in the `text_encoding` it
    /// names itself, so that a Windows-1252 till can write its journal's path as it is.
    pub fn from_bytes(bytes: &[u8]) -> Result<Config, Vec<Problem>> {
        Config::from_value(parsed(bytes)?)
    }

    /// Reads a configuration file. Relative paths in it are relative to the file's folder; where only the
    /// working directory has such a file, that one is used, with a warning.
    pub fn from_file(path: &Path) -> Result<Config, Vec<Problem>> {
        let bytes = file::read(path, limits::CONFIG_BYTES).map_err(|why| {
            vec![problem(
                ErrorCode::FileUnreadable,
                "",
                &format!("The configuration file cannot be read: {why}."),
            )]
        })?;
        Config::read(parsed(&bytes)?, &Folders::of(path))
    }
}

/// A configuration's object, which holds the account's secret: overwritten when it is dropped.
struct Wiped(Value);

impl Drop for Wiped {
    fn drop(&mut self) {
        json::wipe(&mut self.0);
    }
}

/// A configuration's JSON.
fn parsed(bytes: &[u8]) -> Result<Value, Vec<Problem>> {
    const WHAT: &str = "The configuration";
    if bytes.len() > limits::CONFIG_BYTES {
        let problem = json::too_many_bytes(WHAT, bytes.len(), limits::CONFIG_BYTES);
        return Err(vec![problem]);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) => named_encoding(bytes)
            .and_then(|encoding| encoding.decode(bytes).ok())
            .ok_or_else(|| {
                vec![Problem {
                    actual: Some(error.valid_up_to().into()),
                    ..problem(
                        ErrorCode::InvalidText,
                        "",
                        &format!(
                            "The configuration is not UTF-8 (byte {}), nor in the \
                                 text_encoding that it names. Save it as UTF-8, or name its \
                                 encoding in text_encoding.",
                            error.valid_up_to()
                        ),
                    )
                }]
            })?,
    };
    // In UTF-8 it may have grown.
    let value = json::given(WHAT, &text, 3 * limits::CONFIG_BYTES);
    if let Cow::Owned(text) = text {
        drop(Zeroizing::new(text));
    }
    value.map_err(|mut problems| {
        if problems[0].code == ErrorCode::InvalidJson {
            problems[0].message.push_str(
                " In JSON a backslash is written twice (C:\\\\till\\\\journal.db) and the last entry has no comma.",
            );
        }
        problems
    })
}

/// The encoding a configuration names, when its ASCII skeleton is JSON whatever its other bytes are.
fn named_encoding(bytes: &[u8]) -> Option<TextEncoding> {
    // Room for all of it: where a text grows it leaves behind what it was, secret and all.
    let mut skeleton = Zeroizing::new(String::with_capacity(2 * bytes.len()));
    skeleton.extend(bytes.iter().map(|&byte| char::from(byte)));
    let value = Wiped(json::read(skeleton.as_bytes())?);
    TextEncoding::for_label(value.0.get("text_encoding")?.as_str()?)
}

fn problem(code: ErrorCode, pointer: &str, message: &str) -> Problem {
    Problem::at(code, pointer, message)
}

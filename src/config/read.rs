//! Reads a configuration: from a value, from bytes, from a file.

use super::file;
use super::folders::Folders;
use super::keys::Keys;
use super::settings::Config;
use crate::json;
use crate::limits;
use crate::messages::Language;
use crate::problem::Problem;
use crate::text_encoding::TextEncoding;
use crate::vocabulary::ErrorCode;
use serde_json::Value;
use std::borrow::Cow;
use std::path::Path;
use zeroize::Zeroizing;

/// Every key of a configuration.
const KEYS: &[&str] = &[
    "environment",
    "deployment",
    "base_url",
    "account_key",
    "account_secret",
    "account_secret_file",
    "account_secret_env",
    "merchant_id",
    "merchants",
    "store_ref",
    "journal",
    "timeouts",
    "roots",
    "proxy",
    "text_encoding",
    "language",
    "order_defaults",
    "goods_leave",
    "rounding_line",
    "status_mapping",
    "shop_order_url",
    "personal_data",
    "log_retention_days",
    "refusal_days",
    "abandon_after_days",
    "excluded_products",
    "excluded_categories",
    "trace",
];

impl Config {
    /// Every key that a configuration may have.
    pub fn keys() -> &'static [&'static str] {
        KEYS
    }

    /// Reads a configuration object. On failure: every problem, each with its JSON pointer. Relative
    /// paths in it are relative to the working directory.
    pub fn from_value(value: Value) -> Result<Config, Vec<Problem>> {
        Config::read(value, &Folders::default())
    }

    fn read(value: Value, folders: &Folders) -> Result<Config, Vec<Problem>> {
        let value = Wiped(value);
        let Value::Object(object) = &value.0 else {
            return Err(vec![Problem::at(
                ErrorCode::WrongType,
                "",
                "The configuration must be a JSON object: {\"environment\": \"sandbox\", …}.",
            )]);
        };
        let mut keys = Keys::of(object, folders);
        let config = keys.config();
        let (problems, warnings) = keys.found();
        match config {
            Some(config) if problems.is_empty() => Ok(Config { warnings, ..config }),
            _ => Err(problems),
        }
    }

    /// Reads a configuration as text. Text that is not UTF-8 is read in the `text_encoding` it
    /// names itself, so that a Windows-1252 till can write its journal's path as it is.
    pub fn from_bytes(bytes: &[u8]) -> Result<Config, Vec<Problem>> {
        Given::bytes(bytes).config()
    }

    /// Reads a configuration file. Relative paths in it are relative to the file's folder; where only the
    /// working directory has such a file, that one is used, with a warning.
    pub fn from_file(path: &Path) -> Result<Config, Vec<Problem>> {
        Given::file(path)?.config()
    }
}

/// A configuration as it was given, before anybody knows what is wrong with it.
pub(crate) struct Given<'a> {
    bytes: Bytes<'a>,
    folders: Folders,
}

/// What is read of a file holds a secret.
enum Bytes<'a> {
    Lent(&'a [u8]),
    Read(Zeroizing<Vec<u8>>),
}

impl<'a> Given<'a> {
    /// As text.
    pub(crate) fn bytes(bytes: &'a [u8]) -> Given<'a> {
        Given {
            bytes: Bytes::Lent(bytes),
            folders: Folders::default(),
        }
    }

    /// In a file.
    pub(crate) fn file(path: &Path) -> Result<Given<'static>, Vec<Problem>> {
        let bytes = file::read(path, limits::CONFIG_BYTES).map_err(|why| {
            vec![Problem::at(
                ErrorCode::FileUnreadable,
                "",
                format!("The configuration file cannot be read: {why}."),
            )]
        })?;
        Ok(Given {
            bytes: Bytes::Read(bytes),
            folders: Folders::of(path),
        })
    }

    /// What it says, checked.
    pub(crate) fn config(&self) -> Result<Config, Vec<Problem>> {
        Config::read(parsed(self.as_bytes())?, &self.folders)
    }

    /// The language that it asks for, whatever else is wrong with it: whoever reads why it is refused reads that
    /// language. Of one that the library does not have, such as `es-ES`, the one that its first two letters name.
    pub(crate) fn language(&self) -> Language {
        named_language(self.as_bytes()).unwrap_or_default()
    }

    fn as_bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Lent(bytes) => bytes,
            Bytes::Read(bytes) => bytes,
        }
    }
}

/// What follows the key of that name in the outermost object. Read byte by byte, as it may be no JSON, or no text, and
/// nothing of a secret is to be left behind.
fn named_language(bytes: &[u8]) -> Option<Language> {
    let (mut depth, mut at) = (0, 0);
    let mut is_key = false;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => (depth, is_key) = (depth + 1, false),
            b'}' | b']' => (depth, is_key) = (depth - 1, false),
            b'"' => {
                let text = text_at(&bytes[at..]);
                at += text.len() + 1;
                if is_key {
                    return language_of(text);
                }
                let rest = bytes.get(at..).unwrap_or_default().trim_ascii_start();
                is_key = depth == 1 && text == b"language" && rest.starts_with(b":");
            }
            b':' | b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => is_key = false,
        }
    }
    None
}

/// What stands before the quotation mark that ends a text.
fn text_at(bytes: &[u8]) -> &[u8] {
    let mut escaped = false;
    let end = bytes.iter().position(|&byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    &bytes[..end.unwrap_or(bytes.len())]
}

fn language_of(text: &[u8]) -> Option<Language> {
    let letters = std::str::from_utf8(text.get(..2)?).ok()?;
    Language::from_tag(&letters.to_ascii_lowercase())
}

impl Keys<'_> {
    fn config(&mut self) -> Option<Config> {
        self.reader.only(self.object, KEYS);
        let environment = self.environment();
        let deployment = self.deployment();
        let base_url = self.base_url(environment, deployment);
        self.doubt_environment(environment, base_url.as_ref());
        let account_key = self.account_key();
        let account_secret = self.secret();
        let merchants = self.merchants();
        let store_ref = self.text("store_ref").map(str::to_owned);
        let journal = self.journal();
        let (connect_timeout, total_timeout) = self.timeouts();
        let roots = self.roots();
        let proxy = self.proxy(base_url.as_ref());
        let text_encoding = self.text_encoding();
        let language = self.language();
        let order_defaults = self.order_defaults();
        let goods_leave = self.goods_leave();
        let rounding_line = self.rounding_line();
        let excluded_products = self.texts("excluded_products");
        let excluded_categories = self.texts("excluded_categories");
        let status_mapping = self.status_mapping();
        let shop_order_url = self.text("shop_order_url").map(str::to_owned);
        let personal_data = self.personal_data();
        let abandon_after_days = self.days("abandon_after_days", 1, 30);
        let log_retention_days = self.days("log_retention_days", 1, 30);
        let refusal_days = self.days("refusal_days", 0, 7);
        let trace = self.trace(journal.as_ref());

        Some(Config {
            environment,
            deployment,
            base_url: base_url?,
            account_key: account_key?,
            account_secret: account_secret?,
            merchants,
            store_ref,
            journal: journal?,
            connect_timeout,
            total_timeout,
            roots,
            proxy,
            text_encoding,
            language,
            order_defaults,
            goods_leave,
            rounding_line,
            excluded_products,
            excluded_categories,
            status_mapping,
            shop_order_url,
            personal_data,
            abandon_after_days,
            log_retention_days,
            refusal_days,
            trace,
            warnings: Vec::new(),
        })
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
                    ..Problem::at(
                        ErrorCode::InvalidText,
                        "",
                        format!(
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

//! Reads a configuration's object: strictly, key by key, every problem noted on the way.

use super::folders::{Folders, Lead};
use super::{
    Config, Environment, JournalPlace, MAPPED_STATES, Merchants, PersonalData, Roots, problem,
};
use crate::json;
use crate::messages::Language;
use crate::order::nearest::nearest;
use crate::order::{MERCHANT_ID, is_merchant_id};
use crate::problem::Problem;
use crate::text::TextEncoding;
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value};
use std::path::PathBuf;
use std::time::Duration;

/// Every key of a configuration.
pub(super) const KEYS: &[&str] = &[
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
    "status_mapping",
    "shop_order_url",
    "personal_data",
    "log_retention_days",
    "refusal_days",
    "abandon_after_days",
    "excluded_products",
    "excluded_categories",
];

/// Walks the object once; each getter notes what is wrong and goes on.
pub(super) struct Reader<'a> {
    pub(super) object: &'a Map<String, Value>,
    pub(super) folders: &'a Folders,
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<Problem>,
}

impl Reader<'_> {
    pub(super) fn read(&mut self) -> Option<Config> {
        self.refuse_unknown(self.object, "", KEYS);

        let environment = self.choice("environment", &["sandbox", "live"]);
        let environment = match environment {
            Some("live") => Some(Environment::Live),
            Some(_) => Some(Environment::Sandbox),
            None => None,
        };
        let deployment = self
            .choice("deployment", &["sequra", "svea"])
            .unwrap_or("sequra");
        let base_url = self.base_url(environment, deployment);
        let account_key = self.account_key();
        let account_secret = self.secret();
        let merchants = self.merchants();
        let store_ref = self.text("store_ref");
        let journal = self.journal();
        let (connect_timeout, total_timeout) = self.timeouts();
        let roots = self.roots();
        let proxy = self.proxy(base_url.as_ref());
        let text_encoding = self.text_encoding();
        let language = self.language();
        let order_defaults = self.order_defaults();
        let excluded_products = self.texts("excluded_products");
        let excluded_categories = self.texts("excluded_categories");
        let status_mapping = self.status_mapping();
        let shop_order_url = self.text("shop_order_url");
        let personal_data = self.personal_data();
        let abandon_after_days = self
            .integer("", self.object, "abandon_after_days", 1, 36_500)
            .unwrap_or(30);
        let log_retention_days = self
            .integer("", self.object, "log_retention_days", 1, 36_500)
            .unwrap_or(30);
        let refusal_days = self
            .integer("", self.object, "refusal_days", 0, 36_500)
            .unwrap_or(7);

        Some(Config {
            environment,
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
            excluded_products,
            excluded_categories,
            status_mapping,
            shop_order_url,
            personal_data,
            abandon_after_days: abandon_after_days as u32,
            log_retention_days: log_retention_days as u32,
            refusal_days: refusal_days as u32,
            warnings: std::mem::take(&mut self.warnings),
        })
    }

    fn journal(&mut self) -> Option<JournalPlace> {
        match self.required_text("journal")?.as_str() {
            ":memory:" => Some(JournalPlace::Memory),
            path => self.file("/journal", path).map(JournalPlace::File),
        }
    }

    /// The file that a path at this pointer leads to.
    pub(super) fn file(&mut self, pointer: &str, path: &str) -> Option<PathBuf> {
        if path.chars().any(char::is_control) {
            let message = format!(
                "The path at {pointer} has control characters in it, such as a TAB or the end of a line. In JSON every backslash of a path is written twice: C:\\\\till\\\\new.journal."
            );
            self.warn(pointer, &message);
        }
        match self.folders.lead(pointer, path) {
            Lead::To(path, warning) => {
                self.warnings.extend(warning);
                Some(path)
            }
            Lead::Unclear(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    pub(super) fn note(&mut self, code: ErrorCode, pointer: &str, message: &str) {
        self.problems.push(problem(code, pointer, message));
    }

    /// What is allowed, and most likely not meant.
    pub(super) fn warn(&mut self, pointer: &str, message: &str) {
        let warning = problem(ErrorCode::DoubtfulSetting, pointer, message);
        self.warnings.push(warning);
    }

    fn refuse_unknown(&mut self, object: &Map<String, Value>, at: &str, known: &[&'static str]) {
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            let hint = match nearest(key, known) {
                Some(name) => format!(" Did you mean {name}?"),
                None => format!(" Known here: {}.", known.join(", ")),
            };
            let pointer = format!("{at}{}", json::segment(key));
            self.note(
                ErrorCode::UnknownKey,
                &pointer,
                &format!("There is no setting {key}.{hint}"),
            );
        }
    }

    /// A key's value; null counts as absent.
    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        self.object.get(key).filter(|value| !value.is_null())
    }

    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        match self.value(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            Value::String(_) => {
                self.note(
                    ErrorCode::EmptyText,
                    &format!("/{key}"),
                    &format!("{key} is empty."),
                );
                None
            }
            _ => {
                self.note(
                    ErrorCode::WrongType,
                    &format!("/{key}"),
                    &format!("{key} must be a text."),
                );
                None
            }
        }
    }

    pub(super) fn required_text(&mut self, key: &str) -> Option<String> {
        if self.value(key).is_none() {
            self.note(
                ErrorCode::MissingField,
                &format!("/{key}"),
                &format!("{key} is required."),
            );
        }
        self.text(key)
    }

    fn choice(&mut self, key: &str, allowed: &'static [&'static str]) -> Option<&'static str> {
        let text = self.text(key)?;
        let found = allowed.iter().copied().find(|value| *value == text);
        if found.is_none() {
            self.note(
                ErrorCode::InvalidValue,
                &format!("/{key}"),
                &format!(
                    "{key} must be one of {}; it is {text:?}.",
                    allowed.join(", ")
                ),
            );
        }
        found
    }

    fn integer(
        &mut self,
        at: &str,
        object: &Map<String, Value>,
        key: &str,
        low: u64,
        high: u64,
    ) -> Option<u64> {
        let value = object.get(key).filter(|value| !value.is_null())?;
        match value.as_u64() {
            Some(number) if (low..=high).contains(&number) => Some(number),
            _ => {
                self.note(
                    ErrorCode::OutOfRange,
                    &format!("{at}/{key}"),
                    &format!("{key} must be a whole number from {low} to {high}; it is {value}."),
                );
                None
            }
        }
    }

    /// A list of texts and numbers; none where the key is not there.
    fn texts(&mut self, key: &str) -> Vec<String> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let mut texts = Vec::new();
        let mut wrong = !value.is_array();
        for entry in value.as_array().into_iter().flatten() {
            match entry {
                Value::String(text) if !text.trim().is_empty() => texts.push(text.clone()),
                Value::Number(number) => texts.push(number.to_string()),
                _ => wrong = true,
            }
        }
        if wrong {
            let message = format!("{key} must be a list of texts, such as [\"A-1\", \"A-2\"].");
            self.note(ErrorCode::WrongType, &format!("/{key}"), &message);
        }
        texts
    }

    fn object(&mut self, key: &str) -> Option<Map<String, Value>> {
        match self.value(key)? {
            Value::Object(object) => Some(object.clone()),
            _ => {
                self.note(
                    ErrorCode::WrongType,
                    &format!("/{key}"),
                    &format!("{key} must be an object."),
                );
                None
            }
        }
    }

    fn merchants(&mut self) -> Merchants {
        let one = self.text("merchant_id");
        if one.as_deref().is_some_and(|id| !is_merchant_id(id)) {
            let message = format!("merchant_id {MERCHANT_ID}");
            self.note(ErrorCode::InvalidValue, "/merchant_id", &message);
        }
        let Some(by_country) = self.object("merchants") else {
            return one.map_or(Merchants::FromOrder, Merchants::One);
        };
        if one.is_some() {
            self.note(
                ErrorCode::MutuallyExclusive,
                "/merchants",
                "Give merchant_id or merchants, not both.",
            );
        }
        let mut map = Vec::new();
        for (country, merchant) in &by_country {
            let pointer = format!("/merchants{}", json::segment(country));
            if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
                self.note(
                    ErrorCode::InvalidCountry,
                    &pointer,
                    "A selling country is written with two capital letters, such as ES.",
                );
            }
            match merchant.as_str().map(str::trim) {
                Some(id) if is_merchant_id(id) => {
                    map.push((country.clone(), id.to_owned()));
                }
                Some(id) if !id.is_empty() => {
                    let message = format!("A merchant id {MERCHANT_ID}");
                    self.note(ErrorCode::InvalidValue, &pointer, &message);
                }
                _ => self.note(
                    ErrorCode::WrongType,
                    &pointer,
                    "A merchant id is a text that is not empty.",
                ),
            }
        }
        if by_country.is_empty() {
            self.note(
                ErrorCode::MissingField,
                "/merchants",
                "merchants names no country: {\"ES\": \"shop_es\"}.",
            );
        }
        Merchants::ByCountry(map)
    }

    fn timeouts(&mut self) -> (Duration, Duration) {
        const DAY_MS: u64 = 86_400_000;
        let object = self.object("timeouts").unwrap_or_default();
        self.refuse_unknown(&object, "/timeouts", &["connect_ms", "total_ms"]);
        let total = self
            .integer("/timeouts", &object, "total_ms", 1, DAY_MS)
            .unwrap_or(30_000);
        let connect = self
            .integer("/timeouts", &object, "connect_ms", 1, DAY_MS)
            .unwrap_or(10_000);
        if total < 1000 {
            let message = "total_ms is less than a second, in which hardly any call can end; it is in milliseconds.";
            self.warn("/timeouts/total_ms", message);
        }
        (
            Duration::from_millis(connect.min(total)),
            Duration::from_millis(total),
        )
    }

    fn roots(&mut self) -> Roots {
        match self.value("roots") {
            None => Roots::Bundled,
            Some(Value::String(text)) if text == "bundled" => Roots::Bundled,
            Some(Value::String(text)) if text == "system" => Roots::System,
            Some(Value::Object(object)) => {
                let object = object.clone();
                self.refuse_unknown(&object, "/roots", &["file"]);
                match object.get("file").and_then(Value::as_str) {
                    Some(path) if !path.is_empty() => {
                        let path = self.file("/roots/file", path);
                        path.map_or(Roots::Bundled, Roots::File)
                    }
                    _ => {
                        self.note(
                            ErrorCode::MissingField,
                            "/roots/file",
                            "roots must name a PEM file: {\"file\": \"ca.pem\"}.",
                        );
                        Roots::Bundled
                    }
                }
            }
            Some(_) => {
                self.note(
                    ErrorCode::InvalidValue,
                    "/roots",
                    "roots must be \"bundled\", \"system\" or {\"file\": \"ca.pem\"}.",
                );
                Roots::Bundled
            }
        }
    }

    fn text_encoding(&mut self) -> TextEncoding {
        let Some(label) = self.text("text_encoding") else {
            return TextEncoding::default();
        };
        TextEncoding::for_label(&label).unwrap_or_else(|| {
            self.note(
                ErrorCode::InvalidValue,
                "/text_encoding",
                &format!("text_encoding must be a label of the Encoding Standard whose first 128 characters are ASCII, such as utf-8, windows-1252 or iso-8859-15; it is {label:?}."),
            );
            TextEncoding::default()
        })
    }

    fn language(&mut self) -> Language {
        self.choice("language", &["es", "en", "fr", "it", "pt"])
            .and_then(Language::from_tag)
            .unwrap_or_default()
    }

    fn order_defaults(&mut self) -> Map<String, Value> {
        let defaults = self.object("order_defaults").unwrap_or_default();
        match defaults.get("order") {
            // As in an order itself, the outer key may be there or not.
            Some(Value::Object(inner)) if defaults.len() == 1 => inner.clone(),
            _ => defaults,
        }
    }

    fn status_mapping(&mut self) -> Vec<(String, Option<String>)> {
        let object = self.object("status_mapping").unwrap_or_default();
        self.refuse_unknown(&object, "/status_mapping", MAPPED_STATES);
        let mut mapping = Vec::new();
        for (state, status) in object {
            match status {
                Value::Null => mapping.push((state, None)),
                Value::String(text) => mapping.push((state, Some(text))),
                _ => self.note(
                    ErrorCode::WrongType,
                    &format!("/status_mapping{}", json::segment(&state)),
                    "A shop status is a text, or null to ignore the transition.",
                ),
            }
        }
        mapping
    }

    fn personal_data(&mut self) -> PersonalData {
        const SHAPES: &str = "personal_data must be \"scrub_when_settled\" or {\"keep_days\": 90}.";
        match self.value("personal_data").cloned() {
            None => PersonalData::ScrubWhenSettled,
            Some(Value::String(text)) if text == "scrub_when_settled" => {
                PersonalData::ScrubWhenSettled
            }
            Some(Value::Object(object)) => {
                self.refuse_unknown(&object, "/personal_data", &["keep_days"]);
                match self.integer("/personal_data", &object, "keep_days", 0, 36_500) {
                    Some(days) => PersonalData::KeepDays(days as u32),
                    None => {
                        self.note(ErrorCode::InvalidValue, "/personal_data", SHAPES);
                        PersonalData::ScrubWhenSettled
                    }
                }
            }
            Some(_) => {
                self.note(ErrorCode::InvalidValue, "/personal_data", SHAPES);
                PersonalData::ScrubWhenSettled
            }
        }
    }
}

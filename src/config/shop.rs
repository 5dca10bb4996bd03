//! What a shop is and how it works: who sells, what, in which words, and where it is kept.

use super::keys::{Keys, doubtful, whole};
use super::settings::{
    Environment, GoodsLeave, JournalPlace, MAPPED_STATES, Merchants, PersonalData, Roots,
    TraceSettings,
};
use crate::json::Segment;
use crate::messages::Language;
use crate::order::{
    MERCHANT_ID, MOST_CENTS, REFERENCE, RoundingLine, is_merchant_id, is_reference,
};
use crate::text_encoding::TextEncoding;
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value};
use std::path::Path;
use std::time::Duration;

/// Whether a file may be the journal, or one of those that are made beside it.
fn is_of_journal(file: &Path, journal: &Path) -> bool {
    let name = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.to_lowercase()
    };
    let folder = |path: &Path| {
        let whole = std::path::absolute(path).ok()?;
        let folder = whole.parent()?;
        Some(folder.canonicalize().unwrap_or_else(|_| folder.to_owned()))
    };
    name(file).starts_with(&name(journal)) && folder(file) == folder(journal)
}

impl<'a> Keys<'a> {
    pub(super) fn environment(&mut self) -> Option<Environment> {
        Some(match self.choice("environment", &["sandbox", "live"])? {
            "live" => Environment::Live,
            _ => Environment::Sandbox,
        })
    }

    pub(super) fn journal(&mut self) -> Option<JournalPlace> {
        match self.required_text("journal")? {
            ":memory:" => Some(JournalPlace::Memory),
            path => self.file(&["journal"], path).map(JournalPlace::File),
        }
    }

    /// Where calls are traced.
    pub(super) fn trace(&mut self, journal: Option<&JournalPlace>) -> Option<TraceSettings> {
        const KEY: &str = "trace";
        let object = self.object(KEY)?;
        let (path, most) = self.reader.inside(Segment::Name(KEY), |reader| {
            reader.only(object, &["file", "max_bytes"]);
            reader.is_given(object, "file", ": such as \"sequra.trace\"");
            let most = whole(reader, object, "max_bytes", 1_000, 1_000_000_000);
            (reader.text(object, "file"), most)
        });
        let file = self.file(&[KEY, "file"], path?)?;
        if let Some(JournalPlace::File(journal)) = journal
            && is_of_journal(&file, journal)
        {
            let what = "must be a file of its own: its name begins like that of the journal, whose companions are named like that.";
            let reader = &mut self.reader;
            reader.inside(Segment::Name(KEY), |reader| {
                reader.wrong("file", ErrorCode::InvalidValue, what);
            });
        }
        let max_bytes = most.unwrap_or(1_000_000).unsigned_abs();
        Some(TraceSettings { file, max_bytes })
    }

    pub(super) fn merchants(&mut self) -> Merchants {
        let one = self.text("merchant_id");
        if one.is_some_and(|id| !is_merchant_id(id)) {
            self.wrong("merchant_id", ErrorCode::InvalidValue, MERCHANT_ID);
        }
        let Some(by_country) = self.object("merchants") else {
            return one.map_or(Merchants::FromOrder, |id| Merchants::One(id.to_owned()));
        };
        if one.is_some() {
            let what = "cannot be given with merchant_id: leave one of them out.";
            self.wrong("merchants", ErrorCode::MutuallyExclusive, what);
        }
        if by_country.is_empty() {
            let what = "names no country: {\"ES\": \"shop_es\"}.";
            self.wrong("merchants", ErrorCode::MissingField, what);
        }
        let mut map = Vec::new();
        self.reader.enter(Segment::Name("merchants"));
        for (country, merchant) in by_country {
            let mut wrong = |code, what: &str| self.reader.wrong(country, code, what);
            if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
                let what =
                    "is no selling country, which is written with two capital letters, such as ES.";
                wrong(ErrorCode::InvalidCountry, what);
            }
            match merchant.as_str().map(str::trim) {
                Some(id) if is_merchant_id(id) => map.push((country.clone(), id.to_owned())),
                Some(id) if !id.is_empty() => wrong(ErrorCode::InvalidValue, MERCHANT_ID),
                _ => wrong(
                    ErrorCode::WrongType,
                    "must be a merchant id, a text that is not empty.",
                ),
            }
        }
        self.reader.leave();
        Merchants::ByCountry(map)
    }

    /// For one connection attempt, and for a whole call.
    pub(super) fn timeouts(&mut self) -> (Duration, Duration) {
        const DAY_MS: i64 = 86_400_000;
        let (mut connect, mut total) = (10_000, 30_000);
        if let Some(object) = self.object("timeouts") {
            self.reader.inside(Segment::Name("timeouts"), |reader| {
                reader.only(object, &["connect_ms", "total_ms"]);
                total = whole(reader, object, "total_ms", 1, DAY_MS).unwrap_or(total);
                connect = whole(reader, object, "connect_ms", 1, DAY_MS).unwrap_or(connect);
                if total < 1000 {
                    let what = "is less than a second, in which hardly any call can end; it is in milliseconds.";
                    reader.inside(Segment::Name("total_ms"), |reader| doubtful(reader, what));
                }
            });
        }
        let time = |ms: i64| Duration::from_millis(ms.unsigned_abs());
        (time(connect.min(total)), time(total))
    }

    pub(super) fn roots(&mut self) -> Roots {
        let file = match self.value("roots") {
            None => return Roots::Bundled,
            Some(Value::String(text)) if text == "bundled" => return Roots::Bundled,
            Some(Value::String(text)) if text == "system" => return Roots::System,
            Some(Value::Object(object)) => self.reader.inside(Segment::Name("roots"), |reader| {
                reader.only(object, &["file"]);
                let file = object.get("file").and_then(Value::as_str);
                let file = file.filter(|path| !path.is_empty());
                if file.is_none() {
                    let what = "must name a PEM file: {\"file\": \"ca.pem\"}.";
                    reader.wrong("file", ErrorCode::MissingField, what);
                }
                file
            }),
            Some(_) => {
                let what = "must be \"bundled\", \"system\" or {\"file\": \"ca.pem\"}.";
                self.wrong("roots", ErrorCode::InvalidValue, what);
                None
            }
        };
        let path = file.and_then(|path| self.file(&["roots", "file"], path));
        path.map_or(Roots::Bundled, Roots::File)
    }

    pub(super) fn text_encoding(&mut self) -> TextEncoding {
        let Some(label) = self.text("text_encoding") else {
            return TextEncoding::default();
        };
        TextEncoding::for_label(label).unwrap_or_else(|| {
            let what = format!(
                "must be a label of the Encoding Standard whose first 128 characters are ASCII, such as utf-8, windows-1252 or iso-8859-15; it is {label:?}."
            );
            self.wrong("text_encoding", ErrorCode::InvalidValue, &what);
            TextEncoding::default()
        })
    }

    pub(super) fn language(&mut self) -> Language {
        let tags: Vec<&str> = Language::ALL
            .iter()
            .map(|language| language.tag())
            .collect();
        self.choice("language", &tags)
            .and_then(Language::from_tag)
            .unwrap_or_default()
    }

    pub(super) fn order_defaults(&mut self) -> Map<String, Value> {
        let Some(defaults) = self.object("order_defaults") else {
            return Map::new();
        };
        match defaults.get("order") {
            // As in an order itself, the outer key may be there or not.
            Some(Value::Object(inner)) if defaults.len() == 1 => inner.clone(),
            _ => defaults.clone(),
        }
    }

    pub(super) fn goods_leave(&mut self) -> GoodsLeave {
        let words = GoodsLeave::ALL.iter().map(|when| when.as_str());
        self.choice("goods_leave", &words.collect::<Vec<_>>())
            .and_then(GoodsLeave::from_word)
            .unwrap_or(GoodsLeave::Later)
    }

    pub(super) fn rounding_line(&mut self) -> Option<RoundingLine> {
        let object = self.object("rounding_line")?;
        self.reader
            .inside(Segment::Name("rounding_line"), |reader| {
                reader.only(object, &["max_cents", "reference", "name"]);
                reader.is_given(object, "max_cents", ": such as 3");
                let max_cents = whole(reader, object, "max_cents", 1, MOST_CENTS);
                let reference = reader.text(object, "reference").unwrap_or("REDONDEO");
                if !is_reference(reference) {
                    reader.wrong("reference", ErrorCode::InvalidValue, REFERENCE);
                }
                let name = reader.text(object, "name").unwrap_or("Redondeo");
                Some(RoundingLine {
                    max_cents: max_cents?,
                    reference: reference.to_owned(),
                    name: name.to_owned(),
                })
            })
    }

    pub(super) fn status_mapping(&mut self) -> Vec<(String, Option<String>)> {
        let mut mapping = Vec::new();
        let Some(object) = self.object("status_mapping") else {
            return mapping;
        };
        self.reader
            .inside(Segment::Name("status_mapping"), |reader| {
                reader.only(object, MAPPED_STATES);
                for (state, status) in object {
                    match status {
                        Value::Null => mapping.push((state.clone(), None)),
                        Value::String(text) => mapping.push((state.clone(), Some(text.clone()))),
                        _ => {
                            let what =
                                "must be a shop status, a text, or null to ignore the transition.";
                            reader.wrong(state, ErrorCode::WrongType, what);
                        }
                    }
                }
            });
        mapping
    }

    pub(super) fn personal_data(&mut self) -> PersonalData {
        let days = match self.value("personal_data") {
            None => return PersonalData::ScrubWhenSettled,
            Some(Value::String(text)) if text == "scrub_when_settled" => {
                return PersonalData::ScrubWhenSettled;
            }
            Some(Value::Object(object)) => {
                self.reader
                    .inside(Segment::Name("personal_data"), |reader| {
                        reader.only(object, &["keep_days"]);
                        whole(reader, object, "keep_days", 0, 36_500)
                    })
            }
            Some(_) => None,
        };
        match days {
            Some(days) => PersonalData::KeepDays(days as u32),
            None => {
                let what = "must be \"scrub_when_settled\" or {\"keep_days\": 90}.";
                self.wrong("personal_data", ErrorCode::InvalidValue, what);
                PersonalData::ScrubWhenSettled
            }
        }
    }
}

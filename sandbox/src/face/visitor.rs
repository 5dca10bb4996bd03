//! Who looks at a page: in which language, and by which address.

use crate::exchange::Line;
use crate::world::percent_encode;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use std::collections::BTreeMap;
use std::convert::Infallible;

/// What the pages can be read in. Both texts stand side by side wherever one is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Spanish,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::Spanish];

    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Spanish => "es",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::Spanish => "Español",
        }
    }

    pub fn of<'a>(self, english: &'a str, spanish: &'a str) -> &'a str {
        match self {
            Language::English => english,
            Language::Spanish => spanish,
        }
    }

    fn from_code(code: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|one| one.code() == code)
    }

    /// The first that the browser's user reads, by `Accept-Language`; English for all others.
    fn accepted(list: &str) -> Language {
        let mut best = (Language::English, 0.0);
        for one in list.split(',') {
            let mut parts = one.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            let weight = weight.map_or(1.0, |text| text.parse().unwrap_or(0.0));
            let language = Language::from_code(tag.split('-').next().unwrap_or_default());
            if let Some(language) = language
                && weight > best.1
            {
                best = (language, weight);
            }
        }
        best.0
    }

    /// An amount as it is written in this language.
    pub fn money(self, cents: i64, currency: &str) -> String {
        let (group, point) = match self {
            Language::English => (',', '.'),
            Language::Spanish => ('.', ','),
        };
        let digits = (cents.unsigned_abs() / 100).to_string();
        let mut whole = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                whole.push(group);
            }
            whole.push(digit);
        }
        let sign = if cents < 0 { "−" } else { "" };
        let currency = if currency == "EUR" { "€" } else { currency };
        let rest = cents.unsigned_abs() % 100;
        format!("{sign}{whole}{point}{rest:02}\u{a0}{currency}")
    }
}

/// The cookie that keeps a language somebody has chosen.
const COOKIE: &str = "sequra_sandbox_language";

pub struct Visitor {
    pub language: Language,
    /// Chosen on this very page, and to be kept.
    chosen: bool,
    path: String,
    query: BTreeMap<String, String>,
    /// Scheme, host and port by which the page was asked for.
    pub base_url: String,
}

impl Visitor {
    pub fn of<'a>(&self, english: &'a str, spanish: &'a str) -> &'a str {
        self.language.of(english, spanish)
    }

    pub fn is_at(&self, path: &str) -> bool {
        self.path == path
    }

    pub fn asked(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// This page, with another value of one of its query's fields.
    pub fn here_with(&self, name: &str, value: Option<&str>) -> String {
        let others = self.query.iter().map(|(n, v)| (&**n, &**v));
        let others = others.filter(|(other, _)| *other != name && *other != "lang");
        let fields: Vec<String> = others
            .chain(value.map(|value| (name, value)))
            .map(|(name, value)| format!("{}={}", percent_encode(name), percent_encode(value)))
            .collect();
        match fields.is_empty() {
            true => self.path.clone(),
            false => format!("{}?{}", self.path, fields.join("&")),
        }
    }

    /// `Set-Cookie`, if there is something to be kept.
    pub fn cookie(&self) -> Option<String> {
        let code = self.language.code();
        self.chosen
            .then(|| format!("{COOKIE}={code}; Path=/; Max-Age=31536000; SameSite=Strict"))
    }
}

fn kept(headers: &HeaderMap) -> Option<Language> {
    let cookies = headers.get_all(header::COOKIE).iter();
    cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|one| one.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .and_then(|(_, code)| Language::from_code(code))
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = Query::<BTreeMap<String, String>>::try_from_uri(&parts.uri);
        let query = query.map_or_else(|_| BTreeMap::new(), |query| query.0);
        let chosen = query.get("lang").and_then(|code| Language::from_code(code));
        let accepted = || {
            let list = parts.headers.get(header::ACCEPT_LANGUAGE);
            Language::accepted(list.and_then(|list| list.to_str().ok()).unwrap_or_default())
        };
        let line = parts.extensions.get::<Line>();
        Ok(Visitor {
            language: chosen
                .or_else(|| kept(&parts.headers))
                .unwrap_or_else(accepted),
            chosen: chosen.is_some(),
            path: parts.uri.path().to_owned(),
            query,
            base_url: line.map_or_else(String::new, |line| line.base_url(&parts.headers)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_language_is_the_one_that_is_read_best() {
        for (list, code) in [
            ("", "en"),
            ("es", "es"),
            ("es-ES,es;q=0.9,en;q=0.8", "es"),
            ("en-GB,en;q=0.9,es;q=0.8", "en"),
            ("ca,es;q=0.7,en;q=0.3", "es"),
            ("de, ES-mx;q=0.1", "es"),
            ("fr,de;q=0.5", "en"),
            ("es;q=0,en;q=0.1", "en"),
            ("es;q=nonsense", "en"),
        ] {
            assert_eq!(Language::accepted(list).code(), code, "{list}");
        }
    }

    #[test]
    fn amounts_are_written_as_people_do() {
        let spanish = |cents| Language::Spanish.money(cents, "EUR");
        assert_eq!(spanish(123_456_789), "1.234.567,89\u{a0}€");
        assert_eq!(spanish(5), "0,05\u{a0}€");
        assert_eq!(spanish(-100_000), "−1.000,00\u{a0}€");
        let english = Language::English.money(i64::MIN, "USD");
        assert_eq!(english, "−92,233,720,368,547,758.08\u{a0}USD");
    }
}

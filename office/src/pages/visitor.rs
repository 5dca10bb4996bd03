//! Who looks at a page: in which language, at which address, and who they are.

use super::front::cookie;
use super::language::Language;
use super::role::Role;
use super::sessions::User;
use crate::clock;
use axum::extract::{FromRequestParts, Query};
use axum::http::header;
use axum::http::request::Parts;
use std::collections::BTreeMap;
use std::convert::Infallible;

/// The cookie that keeps a language somebody has chosen.
const COOKIE: &str = "sequra_office_language";

/// One request for a page.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub language: Language,
    /// Chosen on this very page, and to be kept.
    is_chosen: bool,
    pub path: String,
    query: BTreeMap<String, String>,
    /// Who is logged in.
    pub user: Option<User>,
    pub now: i64,
    /// Where the pages are, as a browser says it.
    pub origin: String,
}

/// Where the pages are: the gate knows.
#[derive(Clone, Debug)]
pub struct Origin(pub String);

impl Visitor {
    pub fn of(parts: &Parts) -> Visitor {
        let query = Query::<BTreeMap<String, String>>::try_from_uri(&parts.uri);
        let query = query.map_or_else(|_| BTreeMap::new(), |query| query.0);
        let user = parts.extensions.get::<User>().cloned();
        let chosen = query.get("lang").and_then(|code| Language::from_code(code));
        let kept = cookie(&parts.headers, COOKIE).and_then(Language::from_code);
        let own = user
            .as_ref()
            .and_then(|user| Language::from_code(&user.language));
        let accepted = || {
            let list = parts.headers.get(header::ACCEPT_LANGUAGE);
            Language::accepted(list.and_then(|list| list.to_str().ok()).unwrap_or_default())
        };
        Visitor {
            language: chosen.or(kept).or(own).unwrap_or_else(accepted),
            is_chosen: chosen.is_some(),
            path: parts.uri.path().to_owned(),
            query,
            user,
            now: clock::now(),
            origin: parts
                .extensions
                .get::<Origin>()
                .map_or_else(String::new, |origin| origin.0.clone()),
        }
    }

    pub fn says<T>(&self, english: T, spanish: T) -> T {
        self.language.of(english, spanish)
    }

    pub fn asked(&self, name: &str) -> Option<&str> {
        let value = self.query.get(name).map(|value| value.trim());
        // PostgreSQL has no text with a NUL in it.
        value.filter(|value| !value.is_empty() && !value.contains('\0'))
    }

    /// Who is logged in, by name.
    pub fn name(&self) -> &str {
        self.user.as_ref().map_or("", |user| &user.name)
    }

    /// Whether they may do what needs this role.
    pub fn may(&self, role: Role) -> bool {
        self.user.as_ref().is_some_and(|user| user.role >= role)
    }

    /// What a form of theirs carries.
    pub fn csrf(&self) -> &str {
        self.user.as_ref().map_or("", |user| &user.csrf)
    }

    /// This page, with another value of some of its query's fields.
    pub fn here_with(&self, changed: &[(&str, Option<&str>)]) -> String {
        let others = self.query.iter().map(|(name, value)| (&**name, &**value));
        let others =
            others.filter(|(one, _)| *one != "lang" && changed.iter().all(|(name, _)| name != one));
        let added = changed
            .iter()
            .filter_map(|(name, value)| Some((*name, (*value)?)));
        address(&self.path, others.chain(added))
    }

    /// `Set-Cookie`, if there is something to be kept.
    pub fn cookie(&self) -> Option<String> {
        let code = self.language.code();
        self.is_chosen
            .then(|| format!("{COOKIE}={code}; Path=/; Max-Age=31536000; SameSite=Lax"))
    }
}

/// A path with a query.
pub fn address<'a>(path: &str, fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let fields: Vec<String> = fields
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    match fields.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", fields.join("&")),
    }
}

/// A text as a part of an address.
pub fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Whether it can be the id of a journal or of a life: nothing else is asked for.
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|one| one.is_ascii_alphanumeric() || one == b'-')
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Visitor::of(parts))
    }
}

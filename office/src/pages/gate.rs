//! Nobody gets past it to a page who is not logged in and allowed to, and no form is taken that is not from one of our own
//! pages. Every route but the login stands behind it.

use super::desk::{Desk, Trouble};
use super::role::Role;
use super::sessions::{self, User, is_same};
use super::visitor::{Origin, Visitor, encoded};
use super::{answer, layout};
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// A form is no longer than this, bytes.
const LONGEST: usize = 16 << 10;
/// And takes no longer to arrive.
const PATIENCE: Duration = Duration::from_secs(20);

/// The fields of a form.
#[derive(Clone, Debug, Default)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// What was written there; nothing where there is no such field.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value)
    }
}

impl<S: Sync> FromRequestParts<S> for Fields {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

/// Who stands before the gate, and with what in mind.
#[derive(Clone)]
pub struct Gate {
    pub desk: Arc<Desk>,
    /// What is behind is for these, and those who may more.
    pub role: Role,
}

/// Lets in who is logged in with this role; a form only with what it must carry.
pub async fn admit(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admitted(&gate, &mut parts, body).await {
        Ok(Ok(body)) => next.run(Request::from_parts(parts, body)).await,
        Ok(Err(refusal)) => refusal,
        Err(trouble) => trouble.into_response(),
    }
}

async fn admitted(
    gate: &Gate,
    parts: &mut Parts,
    body: Body,
) -> Result<Result<Body, Response>, Trouble> {
    let is_form = parts.method == Method::POST;
    let visitor = Visitor::of(parts);
    if is_form && !gate.desk.front.is_own(parts) {
        return Ok(Err(foreign(&visitor)));
    }
    let Some(user) = user(&gate.desk, parts, visitor.now).await? else {
        return Ok(Err(to_login(parts, is_form)));
    };
    let role = user.role;
    let csrf = user.csrf.clone();
    parts.extensions.insert(user);
    if let Some(origin) = gate.desk.front.origin(parts) {
        parts.extensions.insert(Origin(origin));
    }
    let visitor = Visitor::of(parts);
    if role < gate.role {
        let why = visitor.says(
            "Your role does not allow this. Somebody with the role “administer” can give you another one.",
            "Su rol no lo permite. Quien tenga el rol «administer» puede darle otro.",
        );
        return Ok(Err(layout::refused(&visitor, StatusCode::FORBIDDEN, why)));
    }
    if !is_form {
        return Ok(Ok(body));
    }
    match fields(body).await {
        Some(fields) if is_same(fields.get("csrf"), &csrf) => {
            parts.extensions.insert(fields);
            Ok(Ok(Body::empty()))
        }
        _ => Ok(Err(foreign(&visitor))),
    }
}

async fn user(desk: &Desk, parts: &Parts, now: i64) -> Result<Option<User>, Trouble> {
    let read = desk.read().await?;
    let user = sessions::of(&read, &desk.front, &parts.headers, now).await?;
    drop(read);
    if let Some(user) = user.as_ref().filter(|user| user.is_to_be_seen) {
        // Whether it is written down changes nothing now.
        drop(sessions::see(&desk.database, user, now).await);
    }
    Ok(user)
}

fn to_login(parts: &Parts, is_form: bool) -> Response {
    let back = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    match is_form || back == "/" {
        true => answer::done("/login"),
        false => answer::done(&format!("/login?next={}", encoded(back))),
    }
}

/// The fields of a form; none: it cannot be read.
pub async fn fields(body: Body) -> Option<Fields> {
    let read = tokio::time::timeout(PATIENCE, to_bytes(body, LONGEST)).await;
    let bytes = read.ok()?.ok()?;
    let mut fields = BTreeMap::new();
    for (name, value) in form_urlencoded(&bytes) {
        // A field that is there twice means two things.
        if fields.insert(name, value).is_some() {
            return None;
        }
    }
    Some(Fields(fields))
}

/// Names and values as a browser writes them.
fn form_urlencoded(bytes: &[u8]) -> Vec<(String, String)> {
    let parts = bytes.split(|one| *one == b'&');
    let parts = parts.filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let end = part.iter().position(|one| *one == b'=');
            let (name, value) = part.split_at(end.unwrap_or(part.len()));
            (decoded(name), decoded(value.get(1..).unwrap_or_default()))
        })
        .collect()
}

fn decoded(bytes: &[u8]) -> String {
    let mut decoded = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3);
        let digits = digits.and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        match (bytes[at], byte) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                at += 2;
            }
            (b'+', _) => decoded.push(b' '),
            (one, _) => decoded.push(one),
        }
        at += 1;
    }
    // PostgreSQL has no text with a NUL in it.
    decoded.retain(|one| *one != 0);
    String::from_utf8_lossy(&decoded).into_owned()
}

/// A form that is of no page of ours, or of one that was there before the last login.
pub fn foreign(visitor: &Visitor) -> Response {
    let why = visitor.says(
        "This form is not from a page of this office, or from one that is too old. Open the page again and repeat what you did.",
        "Este formulario no es de una página de esta oficina, o es de una demasiado antigua. Abra la página de nuevo y repita lo que hizo.",
    );
    layout::refused(visitor, StatusCode::FORBIDDEN, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_browsers_write_them() {
        let read = |text: &str| form_urlencoded(text.as_bytes());
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            read("a=1+2&b=%C3%B1%26&c&&=x"),
            [
                pair("a", "1 2"),
                pair("b", "ñ&"),
                pair("c", ""),
                pair("", "x")
            ]
        );
        assert_eq!(read("a=%zz%4"), [pair("a", "%zz%4")]);
        assert_eq!(read("a=1%002"), [pair("a", "12")]);
        assert_eq!(read("a=%FF"), [pair("a", "\u{fffd}")]);
    }
}

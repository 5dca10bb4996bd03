//! In and out.

use super::change::{self, Change};
use super::desk::{Desk, Trouble};
use super::front::{cookie, neighbourhood};
use super::gate::{Fields, fields, foreign};
use super::sessions::{self, is_same, sha256};
use super::throttle::{self, Verdict};
use super::visitor::Visitor;
use super::{answer, layout};
use crate::looking::first;
use crate::{passwords, random};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;
use tokio_postgres::types::Type;

type Answer = Result<Response, Trouble>;

/// Before there is a session, a form is known by what a cookie says, too.
const FORM: &str = "sequra_office_login";

/// Why somebody stands before the login again.
enum Again {
    Wrong,
    Wait(i64),
    Busy,
}

pub async fn page(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Response {
    let next = visitor.asked("next").unwrap_or("/").to_owned();
    shown(&desk, &visitor, StatusCode::OK, None, "", &next)
}

fn shown(
    desk: &Desk,
    visitor: &Visitor,
    status: StatusCode,
    again: Option<Again>,
    name: &str,
    next: &str,
) -> Response {
    let token = sessions::random();
    let title = visitor.says("Log in", "Entrar");
    let content = html! {
        div.alone {
            h1 { (title) }
            @if let Some(again) = &again { p.alert role="alert" { (told(visitor, again)) } }
            form.fields method="post" action="/login" {
                input type="hidden" name="csrf" value=(token);
                input type="hidden" name="next" value=(next);
                label for="name" { (visitor.says("Name", "Nombre")) }
                input #name name="name" value=(name) maxlength="200" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus[name.is_empty()];
                label for="password" { (visitor.says("Password", "Contraseña")) }
                input #password name="password" type="password" maxlength="1024" autocomplete="current-password" required autofocus[!name.is_empty()];
                button.main { (visitor.says("Log in", "Entrar")) }
            }
        }
    };
    let secure = match desk.front.is_secure() {
        true => "; Secure",
        false => "",
    };
    let cookie = format!("{FORM}={token}; Path=/login; HttpOnly; SameSite=Strict{secure}");
    let response = layout::framed(visitor, status, title, &content);
    let response = answer::with_cookie(response, Some(cookie));
    match again {
        Some(Again::Wait(ms)) => answer::later(response, ms / 1000 + 1),
        Some(Again::Busy) => answer::later(response, 5),
        _ => response,
    }
}

fn told(visitor: &Visitor, again: &Again) -> Markup {
    html! {
        @match again {
            Again::Wrong => (visitor.says(
                "Name or password is not right.",
                "El nombre o la contraseña no es correcto.",
            )),
            Again::Wait(ms) => {
                (visitor.says("Too many attempts. Try again in ", "Demasiados intentos. Vuelva a intentarlo dentro de "))
                (visitor.language.span((*ms).max(60_000))) "."
            },
            Again::Busy => (visitor.says(
                "Too many people are logging in at this moment. Try again in a few seconds.",
                "Hay demasiada gente entrando en este momento. Vuelva a intentarlo en unos segundos.",
            )),
        }
    }
}

pub async fn enter(State(desk): State<Arc<Desk>>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let visitor = Visitor::of(&parts);
    let given = cookie(&parts.headers, FORM).unwrap_or_default();
    let read = fields(body).await;
    let is_own = desk.front.is_own(&parts) && given.len() == 64;
    let Some(fields) = read.filter(|fields| is_own && is_same(fields.get("csrf"), given)) else {
        return Ok(foreign(&visitor));
    };
    let address = neighbourhood(desk.front.address(&parts));
    attempt(&desk, &visitor, &fields, &address).await
}

async fn attempt(desk: &Desk, visitor: &Visitor, fields: &Fields, address: &str) -> Answer {
    let (name, password) = (fields.get("name").trim(), fields.get("password"));
    let next = fields.get("next");
    let again = |status, again| Ok(shown(desk, visitor, status, Some(again), name, next));
    let now = visitor.now;
    let by_name = format!("name:{}", random::hex(&sha256(&name.to_lowercase())));
    let by_address = format!("address:{address}");
    for (who, most) in [
        (&by_address, throttle::FOR_AN_ADDRESS),
        (&by_name, throttle::FOR_A_NAME),
    ] {
        if let Verdict::Wait { ms, is_first } =
            throttle::count(&desk.database, who, most, now).await?
        {
            if is_first {
                note(desk, now, "?", "login_throttled", address).await?;
            }
            return again(StatusCode::TOO_MANY_REQUESTS, Again::Wait(ms));
        }
    }
    let kept = kept(desk, name).await?;
    let is_somebody = kept.is_some();
    let given = password.to_owned();
    let looked = desk.hashing(move || {
        given.len() <= passwords::LONGEST && passwords::is_right(&given, kept.as_deref())
    });
    let Some(is_right) = looked.await else {
        return again(StatusCode::SERVICE_UNAVAILABLE, Again::Busy);
    };
    if !is_right {
        // What a stranger typed for a name may be a password.
        let who = if is_somebody { name } else { "?" };
        note(desk, now, who, "login_failed", address).await?;
        return again(StatusCode::FORBIDDEN, Again::Wrong);
    }
    let id = sessions::random();
    let changes = [
        sessions::begin(&id, name, now),
        sessions::tidy(now),
        throttle::forget(&by_name, now),
        throttle::take_back(&by_address),
        Change::note(now, name, "login", None, &format!("from {address}")),
    ];
    change::make(&desk.database, &changes).await?;
    let cookie = sessions::set_cookie(&desk.front, Some(&id));
    Ok(answer::with_cookie(answer::done(local(next)), Some(cookie)))
}

/// Only a place of this office's own.
fn local(next: &str) -> &str {
    let is_local = next.starts_with('/')
        && !next.starts_with("//")
        && next
            .bytes()
            .all(|one| (33..127).contains(&one) && one != b'\\');
    if is_local { next } else { "/" }
}

async fn kept(desk: &Desk, name: &str) -> Result<Option<String>, Trouble> {
    const KEPT: &str = "SELECT password FROM users WHERE name = $1 AND disabled_at IS NULL";
    let read = desk.read().await?;
    let given = [(&name as _, Type::TEXT)];
    Ok(first(&read, KEPT, &given, |row| row.try_get(0)).await?)
}

/// Of somebody who did not get in; whom only the database knows by name is named.
async fn note(desk: &Desk, now: i64, who: &str, what: &str, address: &str) -> Result<(), Trouble> {
    let note = Change::note(now, who, what, None, &format!("from {address}"));
    change::make(&desk.database, &[note]).await?;
    Ok(())
}

pub async fn leave(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Answer {
    if let Some(user) = &visitor.user {
        let note = Change::note(visitor.now, &user.name, "logout", None, "");
        change::make(&desk.database, &[sessions::end(user), note]).await?;
    }
    let cookie = sessions::set_cookie(&desk.front, None);
    Ok(answer::with_cookie(answer::done("/login"), Some(cookie)))
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn after_the_login_nobody_is_sent_elsewhere() {
        assert_eq!(local("/tills?only=red"), "/tills?only=red");
        for elsewhere in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/a\nb",
            "javascript:1",
        ] {
            assert_eq!(local(elsewhere), "/", "{elsewhere}");
        }
    }
}

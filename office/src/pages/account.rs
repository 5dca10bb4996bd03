//! One's own account: its password.

use super::change::{self, Change};
use super::desk::{Desk, Trouble};
use super::gate::Fields;
use super::sessions::{self, User};
use super::throttle::{self, Verdict};
use super::visitor::Visitor;
use super::{answer, layout};
use crate::looking::first;
use crate::passwords::{self, Unfit};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use std::sync::Arc;
use tokio_postgres::types::Type;

pub async fn page(visitor: Visitor) -> Response {
    let is_done = visitor.asked("done").is_some();
    shown(&visitor, StatusCode::OK, None, is_done)
}

fn shown(visitor: &Visitor, status: StatusCode, wrong: Option<&str>, is_done: bool) -> Response {
    let title = visitor.says("Your account", "Su cuenta");
    let role = visitor.user.as_ref().map_or("", |user| user.role.word());
    let content = html! {
        div.alone {
            h1 { (title) }
            p { (visitor.says("Your role is ", "Su rol es ")) code { (role) } "." }
            h2 { (visitor.says("Another password", "Otra contraseña")) }
            @if let Some(wrong) = wrong { p.alert role="alert" { (wrong) } }
            @if is_done {
                p.good role="status" { (visitor.says(
                    "Your password is changed. Wherever else you were logged in, you are not any more.",
                    "Su contraseña está cambiada. Donde más había entrado, ya no lo está.",
                )) }
            }
            form.fields method="post" action="/account/password" {
                (layout::token(visitor))
                input type="hidden" name="username" autocomplete="username" value=(visitor.user.as_ref().map_or("", |user| &user.name));
                label for="old" { (visitor.says("The present one", "La actual")) }
                input #old name="old" type="password" maxlength="1024" autocomplete="current-password" required;
                label for="new" { (visitor.says("The new one, of 12 characters or more", "La nueva, de 12 caracteres o más")) }
                input #new name="new" type="password" maxlength="1024" minlength="12" autocomplete="new-password" required;
                label for="again" { (visitor.says("The new one again", "La nueva otra vez")) }
                input #again name="again" type="password" maxlength="1024" autocomplete="new-password" required;
                button.main { (visitor.says("Change it", "Cambiarla")) }
            }
        }
    };
    layout::framed(visitor, status, title, &content)
}

/// Why the password stays as it is.
enum Wrong {
    Repetition,
    Unfit(Unfit),
    Throttled(i64),
    Old,
    Busy,
}

impl Wrong {
    fn told(&self, visitor: &Visitor) -> Response {
        let (status, text) = match self {
            Wrong::Repetition => (
                StatusCode::BAD_REQUEST,
                visitor.says(
                    "The new one and its repetition differ.",
                    "La nueva y su repetición no coinciden.",
                ),
            ),
            Wrong::Unfit(Unfit::Length) => (
                StatusCode::BAD_REQUEST,
                visitor.says(
                    "A password has 12 characters or more.",
                    "Una contraseña tiene 12 caracteres o más.",
                ),
            ),
            Wrong::Unfit(Unfit::Guessable) => (
                StatusCode::BAD_REQUEST,
                visitor.says(
                    "That one is too easily guessed.",
                    "Esa se adivina con demasiada facilidad.",
                ),
            ),
            Wrong::Throttled(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                visitor.says(
                    "Too many attempts. Try again later.",
                    "Demasiados intentos. Vuelva a intentarlo más tarde.",
                ),
            ),
            Wrong::Old => (
                StatusCode::FORBIDDEN,
                visitor.says(
                    "The present password is not right.",
                    "La contraseña actual no es correcta.",
                ),
            ),
            Wrong::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                visitor.says(
                    "Too much is going on at this moment. Try again in a few seconds.",
                    "Hay demasiado trabajo en este momento. Vuelva a intentarlo en unos segundos.",
                ),
            ),
        };
        let response = shown(visitor, status, Some(text), false);
        match self {
            Wrong::Throttled(ms) => answer::later(response, ms / 1000 + 1),
            _ => response,
        }
    }
}

pub async fn change(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Trouble> {
    let Some(user) = &visitor.user else {
        return Ok(answer::done("/login"));
    };
    let done = changed(&desk, user, &fields, visitor.now).await?;
    Ok(match done {
        Ok(()) => answer::done("/account?done=1"),
        Err(wrong) => wrong.told(&visitor),
    })
}

async fn changed(
    desk: &Desk,
    user: &User,
    fields: &Fields,
    now: i64,
) -> Result<Result<(), Wrong>, Trouble> {
    let new = fields.get("new");
    if new != fields.get("again") {
        return Ok(Err(Wrong::Repetition));
    }
    if let Err(unfit) = passwords::fit(&user.name, new) {
        return Ok(Err(Wrong::Unfit(unfit)));
    }
    // Whoever sits at somebody else's session is not to try one after the other either.
    let who = format!("account:{}", user.name);
    let verdict = throttle::count(&desk.database, &who, throttle::FOR_A_NAME, now).await?;
    if let Verdict::Wait { ms, .. } = verdict {
        return Ok(Err(Wrong::Throttled(ms)));
    }
    const KEPT: &str = "SELECT password FROM users WHERE name = $1";
    let read = desk.read().await?;
    let given = [(&user.name as _, Type::TEXT)];
    let kept: Option<String> = first(&read, KEPT, &given, |row| row.try_get(0)).await?;
    drop(read);
    let (old, fresh, before) = (fields.get("old").to_owned(), new.to_owned(), kept.clone());
    let hashed = desk.hashing(move || {
        let is_right = passwords::is_right(&old, before.as_deref());
        is_right.then(|| passwords::hash(&fresh))
    });
    let hash = match hashed.await {
        Some(Some(Ok(hash))) => hash,
        Some(None) => return Ok(Err(Wrong::Old)),
        _ => return Ok(Err(Wrong::Busy)),
    };
    // Unless somebody has given them another one meanwhile.
    const CHANGE: &str = "UPDATE users SET password = $2 WHERE name = $1 AND password = $3";
    let kept = kept.unwrap_or_default();
    let changes = [
        Change::new(CHANGE).text(&user.name).text(&hash).text(&kept),
        sessions::end_others(user),
        throttle::forget(&who, now),
        Change::note(now, &user.name, "password_changed", None, ""),
    ];
    let is_done = change::make(&desk.database, &changes).await?;
    Ok(is_done.then_some(()).ok_or(Wrong::Old))
}

//! One's own account: its password.

use super::change::{self, Change};
use super::desk::{Desk, Trouble};
use super::gate::Fields;
use super::sessions;
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

pub async fn change(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Trouble> {
    let Some(user) = visitor.user.clone() else {
        return Ok(answer::done("/login"));
    };
    let refused = |status, wrong| Ok(shown(&visitor, status, Some(wrong), false));
    let new = fields.get("new");
    if new != fields.get("again") {
        let wrong = visitor.says(
            "The new one and its repetition differ.",
            "La nueva y su repetición no coinciden.",
        );
        return refused(StatusCode::BAD_REQUEST, wrong);
    }
    if let Err(unfit) = passwords::fit(&user.name, new) {
        let wrong = match unfit {
            Unfit::Length => visitor.says(
                "A password has 12 characters or more.",
                "Una contraseña tiene 12 caracteres o más.",
            ),
            Unfit::Guessable => visitor.says(
                "That one is too easily guessed.",
                "Esa se adivina con demasiada facilidad.",
            ),
        };
        return refused(StatusCode::BAD_REQUEST, wrong);
    }
    // Whoever sits at somebody else's session is not to try one after the other either.
    let who = format!("account:{}", user.name);
    let read = desk.database.begin_local().await?;
    let verdict = throttle::count(&read, &who, throttle::FOR_A_NAME, visitor.now).await?;
    read.commit().await?;
    if let Verdict::Wait { ms, .. } = verdict {
        let wrong = visitor.says(
            "Too many attempts. Try again later.",
            "Demasiados intentos. Vuelva a intentarlo más tarde.",
        );
        let response = shown(&visitor, StatusCode::TOO_MANY_REQUESTS, Some(wrong), false);
        return Ok(answer::later(response, ms / 1000 + 1));
    }
    const KEPT: &str = "SELECT password FROM users WHERE name = $1";
    let read = desk.read().await?;
    let given = [(&user.name as _, Type::TEXT)];
    let kept: Option<String> = first(&read, KEPT, &given, |row| row.try_get(0)).await?;
    drop(read);
    let (old, fresh) = (fields.get("old").to_owned(), new.to_owned());
    let hashed = desk.hashing(move || {
        let is_right = passwords::is_right(&old, kept.as_deref());
        is_right.then(|| passwords::hash(&fresh))
    });
    let hash = match hashed.await {
        Some(Some(Ok(hash))) => hash,
        Some(None) => {
            let wrong = visitor.says(
                "The present password is not right.",
                "La contraseña actual no es correcta.",
            );
            return refused(StatusCode::FORBIDDEN, wrong);
        }
        _ => {
            let wrong = visitor.says(
                "Too much is going on at this moment. Try again in a few seconds.",
                "Hay demasiado trabajo en este momento. Vuelva a intentarlo en unos segundos.",
            );
            return refused(StatusCode::SERVICE_UNAVAILABLE, wrong);
        }
    };
    const CHANGE: &str = "UPDATE users SET password = $2 WHERE name = $1";
    let changes = [
        Change::new(CHANGE).text(&user.name).text(&hash),
        sessions::end_others(&user),
        Change::note(visitor.now, &user.name, "password_changed", None, ""),
    ];
    change::make(&desk.database, &changes).await?;
    Ok(answer::done("/account?done=1"))
}

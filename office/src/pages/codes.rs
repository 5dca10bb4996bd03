//! Codes by which a till comes in.

use super::change::{self, Change};
use super::desk::{Desk, Trouble};
use super::gate::Fields;
use super::layout;
use super::visitor::Visitor;
use crate::taking_in::enrolment;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;

/// So long a code is good, ms.
const VALID: i64 = 3 * 86_400_000;

/// The form for a code; with the names of a till that is enrolled again.
pub fn enrolment_form(visitor: &Visitor, shop: &str, till: &str) -> Markup {
    html! {
        details.enrol {
            summary {
                @if shop.is_empty() { (visitor.says("Let a till in", "Dar de alta una caja")) }
                @else { (visitor.says("Let it in again", "Darla de alta de nuevo")) }
            }
            form.fields method="post" action="/codes" {
                (layout::token(visitor))
                label for="shop" { (visitor.says("Shop", "Tienda")) }
                input #shop name="shop" value=(shop) maxlength="100" required;
                label for="till" { (visitor.says("Till", "Caja")) }
                input #till name="till" value=(till) maxlength="100" required;
                button.main { (visitor.says("Make a code", "Crear un código")) }
            }
        }
    }
}

/// A new code, which is shown once.
pub async fn make(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Trouble> {
    let (shop, till) = (fields.get("shop").trim(), fields.get("till").trim());
    let is_name = |text: &str| (1..=100).contains(&text.chars().count());
    if !is_name(shop) || !is_name(till) {
        let why = visitor.says(
            "A shop and a till have a name of 1 to 100 characters.",
            "Una tienda y una caja tienen un nombre de 1 a 100 caracteres.",
        );
        return Ok(layout::refused(&visitor, StatusCode::BAD_REQUEST, why));
    }
    let detail = format!("{shop} · {till}");
    let note = Change::note(visitor.now, visitor.name(), "code_made", None, &detail);
    change::make(&desk.database, &[note]).await?;
    let code = enrolment::new_code(&desk.database, shop, till, visitor.name(), VALID).await?;
    let title = visitor.says("A code for a till", "Un código para una caja");
    let content = html! {
        div.alone {
            h1 { (title) }
            p { (layout::short(shop)) " · " (layout::short(till)) }
            pre.code tabindex="0" { (code) }
            p { (visitor.says(
                "It is good for one till, once, within three days, and is shown only here. On the till's machine:",
                "Sirve para una sola caja, una vez, durante tres días, y solo se muestra aquí. En la máquina de la caja:",
            )) }
            pre tabindex="0" { "sequra-forward enrol --journal FILE --office " (visitor.origin) " --code " (code) }
            p { a.button href="/tills" { (visitor.says("To the tills", "A las cajas")) } }
        }
    };
    Ok(layout::page(&visitor, title, &content))
}

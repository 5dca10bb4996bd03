//! What a person does about a till. Each act is noted in the transaction that does it.

use super::change::{self, Change};
use super::desk::{Desk, Trouble};
use super::gate::Fields;
use super::visitor::{Visitor, is_id};
use super::{answer, layout};
use crate::looking::counts;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

type Answer = Result<Response, Trouble>;

/// Off the list: only one that is silent, and of which nothing is at risk.
pub async fn retire(
    State(desk): State<Arc<Desk>>,
    Path(journal_id): Path<String>,
    visitor: Visitor,
) -> Answer {
    const RETIRE: &str = concat!(
        "UPDATE tills SET retired_at = $2 WHERE journal_id = $1 AND retired_at IS NULL \
         AND (heard_at IS NULL OR heard_at < $3 OR revoked_at IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM orders o \
         WHERE o.journal_id = $1 AND o.at_risk IS NOT NULL AND ",
        counts!(),
        ")"
    );
    let silent = desk.bounds(visitor.now).silent;
    let retire = Change::new(RETIRE).text(&journal_id);
    let retire = retire.number(visitor.now).number(silent);
    let done = act(&desk, &visitor, &journal_id, "till_retired", retire);
    let why = visitor.says(
        "Only a till that is silent or revoked, and of which nothing is at risk, can be taken off the list.",
        "Solo se puede quitar de la lista una caja sin señal o revocada, y de la que nada esté en riesgo.",
    );
    answered(&visitor, &journal_id, done.await?, why)
}

/// Back onto the list.
pub async fn take_back(
    State(desk): State<Arc<Desk>>,
    Path(journal_id): Path<String>,
    visitor: Visitor,
) -> Answer {
    const RETURN: &str =
        "UPDATE tills SET retired_at = NULL WHERE journal_id = $1 AND retired_at IS NOT NULL";
    let back = Change::new(RETURN).text(&journal_id);
    let done = act(&desk, &visitor, &journal_id, "till_returned", back);
    let why = visitor.says("The till is on the list.", "La caja está en la lista.");
    answered(&visitor, &journal_id, done.await?, why)
}

/// Its token is good for nothing from now on.
pub async fn revoke(
    State(desk): State<Arc<Desk>>,
    Path(journal_id): Path<String>,
    visitor: Visitor,
    fields: Fields,
) -> Answer {
    if fields.get("sure") != "yes" {
        let why = visitor.says(
            "Say that you mean this till.",
            "Diga que se refiere a esta caja.",
        );
        return Ok(layout::refused(&visitor, StatusCode::BAD_REQUEST, why));
    }
    const REVOKE: &str =
        "UPDATE tills SET revoked_at = $2 WHERE journal_id = $1 AND revoked_at IS NULL";
    let revoke = Change::new(REVOKE).text(&journal_id).number(visitor.now);
    let done = act(&desk, &visitor, &journal_id, "till_revoked", revoke);
    let why = visitor.says("The till is revoked already.", "La caja ya está revocada.");
    answered(&visitor, &journal_id, done.await?, why)
}

/// Whether it was done; what was is noted with it.
async fn act(
    desk: &Desk,
    visitor: &Visitor,
    journal_id: &str,
    what: &str,
    change: Change,
) -> Result<bool, Trouble> {
    if !is_id(journal_id) {
        return Ok(false);
    }
    let note = Change::note(visitor.now, visitor.name(), what, Some(journal_id), "");
    Ok(change::make(&desk.database, &[change, note]).await?)
}

fn answered(visitor: &Visitor, journal_id: &str, is_done: bool, why_not: &str) -> Answer {
    Ok(match is_done {
        true => answer::done(&format!("/tills/{journal_id}")),
        false => layout::refused(visitor, StatusCode::CONFLICT, why_not),
    })
}

//! The audit log, for those who administer.

use super::desk::{Desk, Trouble};
use super::layout::{self, moment};
use super::sessions::from_hex;
use super::visitor::Visitor;
use super::words;
use crate::looking::PAGE;
use crate::looking::trail::{self, Act};
use crate::random;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;

pub async fn page(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Result<Response, Trouble> {
    let (at, audit_id) = before(&visitor).unwrap_or((i64::MAX, Vec::new()));
    let read = desk.read().await?;
    let acts = trail::before(&read, at, &audit_id).await?;
    drop(read);
    let title = visitor.says("Audit log", "Auditoría");
    let older = acts.get(PAGE - 1).filter(|_| acts.len() > PAGE);
    let older = older.map(|act| format!("{}-{}", act.at, random::hex(&act.audit_id)));
    let content = html! {
        h1 { (title) }
        p.lead { (visitor.says(
            "Who did what on these pages, and every login that failed.",
            "Quién hizo qué en estas páginas, y todo acceso fallido.",
        )) }
        @if acts.is_empty() { p.empty { (visitor.says("Nothing.", "Nada.")) } } @else { (table(&visitor, &acts)) }
        (layout::pager(&visitor, None, older.map(|older| visitor.here_with(&[("before", Some(&older))]))))
    };
    Ok(layout::page(&visitor, title, &content))
}

/// Where the page goes on.
fn before(visitor: &Visitor) -> Option<(i64, Vec<u8>)> {
    let (at, audit_id) = visitor.asked("before")?.split_once('-')?;
    Some((at.parse().ok()?, from_hex(audit_id)?))
}

fn table(visitor: &Visitor, acts: &[Act]) -> Markup {
    html! {
        table.stacked.list {
            thead { tr {
                th scope="col" { (visitor.says("When", "Cuándo")) }
                th scope="col" { (visitor.says("Who", "Quién")) }
                th scope="col" { (visitor.says("What", "Qué")) }
                th scope="col" { (visitor.says("Of which till", "De qué caja")) }
                th scope="col" { (visitor.says("In detail", "Detalle")) }
            } }
            tbody {
                @for act in acts.iter().take(PAGE) {
                    tr {
                        td data-label=(visitor.says("When", "Cuándo")) { (moment(visitor, act.at)) }
                        td.text data-label=(visitor.says("Who", "Quién")) { (layout::short(&act.who)) }
                        td data-label=(visitor.says("What", "Qué")) { (words::act(visitor.language, &act.what)) }
                        td.none[act.journal_id.is_none()] data-label=(visitor.says("Of which till", "De qué caja")) {
                            @match &act.journal_id {
                                Some(id) => a href=(format!("/tills/{id}")) { (layout::id(id)) },
                                None => "–",
                            }
                        }
                        td.text.none[act.detail.is_empty()] data-label=(visitor.says("In detail", "Detalle")) { (layout::short(&act.detail)) }
                    }
                }
            }
        }
    }
}

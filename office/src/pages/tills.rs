//! The tills: searched, sifted, a page at a time; and codes by which further ones come in.

use super::codes::enrolment_form;
use super::desk::{Desk, Trouble};
use super::layout::{self, maybe_time};
use super::parts::{at_risk, badges, order_link};
use super::role::Role;
use super::visitor::Visitor;
use crate::looking::Bounds;
use crate::looking::order::{self, Order};
use crate::looking::tills::{self, From, Only, Till};
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;

pub async fn page(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Result<Response, Trouble> {
    let bounds = desk.bounds(visitor.now);
    let only = visitor
        .asked("only")
        .and_then(Only::from_word)
        .unwrap_or(Only::All);
    let words = visitor.asked("q").unwrap_or_default();
    let from = match (visitor.asked("after"), visitor.asked("before")) {
        (Some(id), _) => From::After(id.to_owned()),
        (_, Some(id)) => From::Before(id.to_owned()),
        _ => From::Start,
    };
    let read = desk.read().await?;
    let (found, orders) = tokio::try_join!(
        tills::page(&read, &bounds, only, words, &from),
        order::named(&read, words),
    )?;
    drop(read);
    let title = visitor.says("Tills", "Cajas");
    let before = found.tills.first().filter(|_| found.is_more_before);
    let after = found.tills.last().filter(|_| found.is_more_after);
    let at = |name, other, till: &Till| {
        visitor.here_with(&[(name, Some(&till.journal_id)), (other, None)])
    };
    let content = html! {
        h1 { (title) }
        (search(&visitor, only, words))
        @if visitor.may(Role::Administer) { (enrolment_form(&visitor, "", "")) }
        @if !orders.is_empty() { (named(&visitor, &orders)) }
        @if found.tills.is_empty() {
            p.empty { (visitor.says("No till is so.", "Ninguna caja está así.")) }
            @if from != From::Start {
                p { a href=(visitor.here_with(&[("after", None), ("before", None)])) { (visitor.says("From the beginning", "Desde el principio")) } }
            }
        } @else {
            (table(&visitor, &found.tills, &bounds))
            (layout::pager(&visitor, before.map(|till| at("before", "after", till)), after.map(|till| at("after", "before", till))))
        }
    };
    Ok(layout::page(&visitor, title, &content))
}

pub fn named_only(visitor: &Visitor, only: Only) -> &'static str {
    match only {
        Only::All => visitor.says("all", "todas"),
        Only::Red => visitor.says(
            "silent, with money at risk",
            "sin señal y con dinero en riesgo",
        ),
        Only::AtRisk => visitor.says("with money at risk", "con dinero en riesgo"),
        Only::Silent => visitor.says("silent", "sin señal"),
        Only::Lagging => visitor.says("lagging", "con retraso"),
        Only::Forked => visitor.says("forked", "bifurcadas"),
        Only::Skewed => visitor.says("clock wrong", "reloj mal"),
        Only::Outdated => visitor.says("outdated", "versión anterior"),
        Only::Broken => visitor.says("chain broken", "cadena rota"),
        Only::SetAside => visitor.says("rows set aside", "filas apartadas"),
        Only::Revoked => visitor.says("revoked", "revocadas"),
        Only::Retired => visitor.says("retired", "retiradas"),
    }
}

fn search(visitor: &Visitor, only: Only, words: &str) -> Markup {
    html! {
        form.search method="get" action="/tills" role="search" {
            div {
                label for="q" { (visitor.says("Shop, till, machine, or an order's reference or uuid", "Tienda, caja, máquina, o la referencia o el uuid de un pedido")) }
                input #q name="q" type="search" value=(words) maxlength="200" autocapitalize="none" spellcheck="false";
            }
            div {
                label for="only" { (visitor.says("Which", "Cuáles")) }
                select #only name="only" {
                    @for one in Only::ALL {
                        option value=(one.word()) selected[one == only] { (named_only(visitor, one)) }
                    }
                }
            }
            button { (visitor.says("Show", "Mostrar")) }
        }
    }
}

/// Orders by exactly this name.
fn named(visitor: &Visitor, orders: &[Order]) -> Markup {
    let content = html! {
        ul {
            @for order in orders {
                li { (order_link(visitor, order)) }
            }
        }
    };
    layout::part(
        "orders",
        visitor.says("Orders of this name", "Pedidos con este nombre"),
        &content,
    )
}

fn table(visitor: &Visitor, tills: &[Till], bounds: &Bounds) -> Markup {
    html! {
        table.stacked.list {
            thead { tr {
                th scope="col" { (visitor.says("Shop and till", "Tienda y caja")) }
                th scope="col" { (visitor.says("How it is", "Cómo está")) }
                th scope="col" { (visitor.says("Heard of", "Última señal")) }
                th scope="col" { (visitor.says("Machine", "Máquina")) }
                th.number scope="col" { (visitor.says("At risk", "En riesgo")) }
            } }
            tbody {
                @for till in tills {
                    tr.red[till.is_red(bounds)] {
                        td.text data-label=(visitor.says("Till", "Caja")) {
                            a href=(format!("/tills/{}", till.journal_id)) { (layout::short(&till.shop)) " · " (layout::short(&till.till)) }
                        }
                        td data-label=(visitor.says("How it is", "Cómo está")) { span { (badges(visitor, till, bounds)) } }
                        td data-label=(visitor.says("Heard of", "Última señal")) { (maybe_time(visitor, till.heard_at)) }
                        td.text data-label=(visitor.says("Machine", "Máquina")) { (layout::short(&till.machine)) }
                        td.number.none[till.at_risk.is_empty()] data-label=(visitor.says("At risk", "En riesgo")) { span { (at_risk(visitor, till)) } }
                    }
                }
            }
        }
    }
}

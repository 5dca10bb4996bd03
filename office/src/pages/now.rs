//! The first page: what is wrong now.

use super::chart;
use super::desk::{Desk, Trouble};
use super::layout::{self, money, part, time};
use super::parts::number_of_orders;
use super::visitor::Visitor;
use crate::looking::now::{self, Counts, Owing};
use crate::looking::risk::{self, AtRisk};
use crate::looking::tills::Only;
use crate::looking::{Bounds, COUNTED};
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;

/// Tills in the list.
const LISTED: i64 = 20;

pub async fn page(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Result<Response, Trouble> {
    let bounds = desk.bounds(visitor.now);
    let read = desk.read().await?;
    let (at_risk, counts, owing, days) = tokio::try_join!(
        risk::by_age(&read, visitor.now),
        now::counts(&read, &bounds),
        now::owing(&read, &bounds, LISTED + 1),
        risk::days(&read, visitor.now, chart::DAYS),
    )?;
    drop(read);
    let title = visitor.says("Now", "Ahora");
    let content = html! {
        h1.unseen { (title) }
        (verdict(&visitor, &at_risk, &counts))
        div.columns {
            div {
                (part("at-risk", visitor.says("Money at risk", "Dinero en riesgo"), &by_age(&visitor, &at_risk)))
                (part("owing", visitor.says("Where it is at risk", "Dónde está en riesgo"), &tills(&visitor, &owing)))
            }
            div.side {
                (part("tills", visitor.says("Tills that are not as they should be", "Cajas que no están como deben"), &list(&visitor, &counts, &bounds)))
                (part("chart", visitor.says("At risk in the last days", "En riesgo en los últimos días"), &chart::charts(&visitor, &days)))
            }
        }
        p.more { (visitor.says("As of ", "Visto ")) (layout::moment(&visitor, visitor.now)) " · " (refreshing(&visitor)) }
    };
    Ok(refreshed(&visitor, layout::page(&visitor, title, &content)))
}

/// A screen on a wall asks for the page again; nobody who reads it has it taken from under their eyes.
fn refreshing(visitor: &Visitor) -> Markup {
    html! {
        @if visitor.asked("every").is_some() {
            a href=(visitor.here_with(&[("every", None)])) { (visitor.says("Stop showing it anew every minute", "Dejar de mostrarlo de nuevo cada minuto")) }
        } @else {
            a href=(visitor.here_with(&[("every", Some("60"))])) { (visitor.says("Show it anew every minute", "Mostrarlo de nuevo cada minuto")) }
        }
    }
}

fn refreshed(visitor: &Visitor, mut response: Response) -> Response {
    if visitor.asked("every").is_some() {
        const REFRESH: HeaderName = HeaderName::from_static("refresh");
        let headers = response.headers_mut();
        headers.insert(REFRESH, HeaderValue::from_static("60"));
    }
    response
}

/// One sentence that says whether somebody has to do something.
fn verdict(visitor: &Visitor, at_risk: &[AtRisk], counts: &Counts) -> Markup {
    let is_old = at_risk
        .iter()
        .any(|one| one.by_age[1..].iter().any(|(_, orders)| *orders > 0));
    let (kind, text) = match (counts.red > 0, is_old) {
        (true, _) => (
            "bad",
            visitor.says(
                "Somebody has to look: tills with money at risk are not heard of.",
                "Alguien tiene que mirar: no se sabe nada de cajas con dinero en riesgo.",
            ),
        ),
        (false, true) => (
            "warm",
            visitor.says(
                "Money has been at risk for more than an hour. Its tills are heard of and can finish the orders.",
                "Hay dinero en riesgo desde hace más de una hora. Se sabe de sus cajas, y pueden terminar los pedidos.",
            ),
        ),
        (false, false) => (
            "good",
            visitor.says(
                "Nothing has been at risk for longer than a sale takes.",
                "No hay nada en riesgo por más tiempo del que dura una venta.",
            ),
        ),
    };
    html! { p.verdict.(kind) role="status" { (text) } }
}

fn by_age(visitor: &Visitor, at_risk: &[AtRisk]) -> Markup {
    let ages = [
        visitor.says("less than an hour", "menos de una hora"),
        visitor.says("an hour to a day", "de una hora a un día"),
        visitor.says("a day to a week", "de un día a una semana"),
        visitor.says("longer", "más"),
    ];
    html! {
        @if at_risk.is_empty() {
            p.empty { (visitor.says(
                "None: every order that seQura has confirmed has its reference.",
                "Nada: todo pedido que seQura ha confirmado tiene su referencia.",
            )) }
        } @else {
            table.stacked {
                thead { tr {
                    th scope="col" { (visitor.says("Since", "Desde hace")) }
                    @for one in at_risk { th.number scope="col" { (currency(visitor, &one.currency)) } }
                } }
                tbody {
                    @for (i, age) in ages.iter().enumerate() {
                        tr {
                            th scope="row" { (age) }
                            @for one in at_risk { (amount(visitor, one, one.by_age[i])) }
                        }
                    }
                    tr.total {
                        th scope="row" { (visitor.says("together", "en total")) }
                        @for one in at_risk { (amount(visitor, one, (one.cents(), one.orders()))) }
                    }
                }
            }
        }
    }
}

fn currency(visitor: &Visitor, code: &str) -> String {
    match code {
        "" => visitor.says("unknown", "desconocida").to_owned(),
        code => code.to_owned(),
    }
}

fn amount(visitor: &Visitor, of: &AtRisk, (cents, orders): (i64, i64)) -> Markup {
    let label = currency(visitor, &of.currency);
    html! {
        td.number.none[orders == 0] data-label=(label) {
            @if orders == 0 { "–" } @else {
                span { (money(visitor, cents, &of.currency)) " " small { (number_of_orders(visitor, orders)) } }
            }
        }
    }
}

fn tills(visitor: &Visitor, owing: &[Owing]) -> Markup {
    let listed = usize::try_from(LISTED).unwrap_or_default();
    html! {
        @if owing.is_empty() {
            p.empty { (visitor.says("At no till.", "En ninguna caja.")) }
        } @else {
            table.stacked {
                thead { tr {
                    th scope="col" { (visitor.says("Till", "Caja")) }
                    th scope="col" { (visitor.says("Heard of", "Última señal")) }
                    th scope="col" { (visitor.says("At risk since", "En riesgo desde")) }
                    th.number scope="col" { (visitor.says("At risk", "En riesgo")) }
                } }
                tbody {
                    @for one in owing.iter().take(listed) {
                        tr.red[one.is_silent] {
                            td.text data-label=(visitor.says("Till", "Caja")) {
                                span { a href=(format!("/tills/{}", one.journal_id)) { (layout::short(&one.shop)) " · " (layout::short(&one.till)) } " "
                                @if one.is_silent { (layout::badge("bad", visitor.says("silent", "sin señal"))) } }
                            }
                            td data-label=(visitor.says("Heard of", "Última señal")) { (layout::maybe_time(visitor, one.heard_at)) }
                            td data-label=(visitor.says("At risk since", "En riesgo desde")) { (time(visitor, one.since)) }
                            td.number data-label=(visitor.says("At risk", "En riesgo")) {
                                span { (money(visitor, one.cents, &one.currency)) " " small { (number_of_orders(visitor, one.orders)) } }
                            }
                        }
                    }
                }
            }
            @if owing.len() > listed {
                p.more { a href="/tills?only=at_risk" { (visitor.says("All tills with money at risk", "Todas las cajas con dinero en riesgo")) } }
            }
        }
    }
}

/// What tills can be, how many are so, and what that is called.
fn rows(visitor: &Visitor, counts: &Counts, bounds: &Bounds) -> [(Only, i64, String); 8] {
    let silent = visitor.language.span(bounds.now - bounds.silent);
    let lagging = visitor.language.span(bounds.now - bounds.lagging);
    let text = |english: &str, spanish: &str| visitor.says(english, spanish).to_owned();
    let silent = visitor.says(
        format!("silent for {silent}"),
        format!("sin señal desde hace {silent}"),
    );
    let lagging = visitor.says(
        format!("lagging: something has waited for {lagging}"),
        format!("con retraso: algo espera desde hace {lagging}"),
    );
    let red = text(
        "silent, with money at risk",
        "sin señal y con dinero en riesgo",
    );
    let forked = text(
        "forked: two disks sell as one till",
        "bifurcadas: dos discos venden como una caja",
    );
    let broken = text(
        "with a broken chain in their log",
        "con la cadena del registro rota",
    );
    let set_aside = text("with rows set aside", "con filas apartadas");
    let skewed = text("whose clock is wrong", "con el reloj mal");
    let outdated = text("with an older version", "con una versión anterior");
    [
        (Only::Red, counts.red, red),
        (Only::Silent, counts.silent, silent),
        (Only::Lagging, counts.lagging, lagging),
        (Only::Forked, counts.forked, forked),
        (Only::Broken, counts.broken, broken),
        (Only::SetAside, counts.set_aside, set_aside),
        (Only::Skewed, counts.skewed, skewed),
        (Only::Outdated, counts.outdated, outdated),
    ]
}

fn list(visitor: &Visitor, counts: &Counts, bounds: &Bounds) -> Markup {
    html! {
        ul.counts {
            @for (only, count, text) in &rows(visitor, counts, bounds) {
                li.none[*count == 0].red[*only == Only::Red && *count > 0] {
                    a href=(format!("/tills?only={}", only.word())) { strong { (counted(visitor, *count)) } " " (text) }
                }
            }
        }
        p.more {
            @match counts.behind_since {
                Some(since) => {
                    (visitor.says("The oldest change that the office knows to be missing: since ", "El cambio más antiguo que la oficina sabe que le falta: desde "))
                    (time(visitor, since)) "."
                },
                None => (visitor.says("No till has said that the office lacks anything.", "Ninguna caja ha dicho que a la oficina le falte algo.")),
            }
        }
    }
}

fn counted(visitor: &Visitor, count: i64) -> String {
    match count > COUNTED {
        true => {
            visitor.says("more than ", "más de ").to_owned() + &visitor.language.number(COUNTED)
        }
        false => visitor.language.number(count),
    }
}

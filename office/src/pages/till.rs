//! One till: how it is, what it owes, its lives, its history.

use super::codes::enrolment_form;
use super::desk::{Desk, Trouble};
use super::history::entries;
use super::layout::{self, badge, id, maybe_time, money, part, time};
use super::parts::{at_risk, badges, order_place};
use super::role::Role;
use super::visitor::{Visitor, is_id};
use super::words;
use crate::looking::till::{self, Aside, Life, Owed};
use crate::looking::tills::{self, Till};
use crate::looking::{Bounds, PAGE};
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;

pub async fn page(
    State(desk): State<Arc<Desk>>,
    Path(journal_id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Trouble> {
    if !is_id(&journal_id) {
        return Ok(layout::unknown(&visitor));
    }
    let bounds = desk.bounds(visitor.now);
    let read = desk.read().await?;
    let Some(one) = tills::one(&read, &bounds, &journal_id).await? else {
        return Ok(layout::unknown(&visitor));
    };
    let (lives, owed, aside) = tokio::try_join!(
        till::lives(&read, &journal_id),
        till::owed(&read, &journal_id),
        till::set_aside(&read, &journal_id),
    )?;
    let asked = visitor.asked("life").filter(|text| is_id(text));
    let life = asked
        .or(lives.first().map(|life| &*life.incarnation))
        .map(str::to_owned);
    let before = visitor
        .asked("before")
        .and_then(|text| text.parse().ok())
        .unwrap_or(i64::MAX);
    let history = match &life {
        Some(life) => till::history(&read, &journal_id, life, before).await?,
        None => Vec::new(),
    };
    drop(read);
    let title = format!("{} · {}", one.shop, one.till);
    let content = html! {
        p.way { a href="/tills" { (visitor.says("← to the tills", "← a las cajas")) } }
        h1 { (layout::short(&one.shop)) " · " (layout::short(&one.till)) " " (badges(&visitor, &one, &bounds)) }
        (advice(&visitor, &one, &bounds))
        div.columns {
            div {
                (part("owed", visitor.says("Money at risk", "Dinero en riesgo"), &owing(&visitor, &journal_id, &owed)))
                @if let Some(life) = &life {
                    (part("history", visitor.says("What has happened", "Qué ha pasado"), &entries(&visitor, &history, &journal_id, life, true)))
                }
            }
            div.side {
                (part("facts", visitor.says("The till", "La caja"), &facts(&visitor, &one)))
                (part("lives", visitor.says("Its lives", "Sus vidas"), &all_lives(&visitor, &lives, life.as_deref())))
                @if !aside.is_empty() { (part("aside", visitor.says("Rows set aside", "Filas apartadas"), &set_aside(&visitor, &aside))) }
                (part("journal", visitor.says("Its journal", "Su diario"), &journal(&visitor, &journal_id)))
                @if visitor.may(Role::Act) { (part("acts", visitor.says("What you can do", "Qué puede hacer"), &acts(&visitor, &one, &bounds))) }
            }
        }
    };
    Ok(layout::page(&visitor, &title, &content))
}

/// What to do, one sentence for each thing that is not as it should be.
fn advice(visitor: &Visitor, till: &Till, bounds: &Bounds) -> Markup {
    let is_red = till.is_red(bounds);
    let sentences = [
        (is_red, "bad", visitor.says(
            "Call the shop. If its disk is lost, put its journal back on another machine: that finishes its orders.",
            "Llame a la tienda. Si ha perdido el disco, ponga su diario en otra máquina: con él se terminan sus pedidos.",
        )),
        (till.is_silent(bounds) && !is_red, "warm", visitor.says(
            "Nothing is heard of it, and nothing that the office knows of it is at risk. It may be switched off.",
            "No se sabe nada de ella, y nada de lo que la oficina conoce está en riesgo. Puede estar apagada.",
        )),
        (till.is_lagging(bounds), "warm", visitor.says(
            "It is heard of, and does not get through what it has to say. Look at its forwarder's log.",
            "Se sabe de ella, pero no consigue contar lo que tiene. Mire el registro de su sequra-forward.",
        )),
        (till.is_watched() && till.lives > 1, "bad", visitor.says(
            "Two disks go on from the same journal, as if a machine had been copied. Only one may sell: find the other.",
            "Dos discos continúan el mismo diario, como si se hubiera copiado una máquina. Solo una puede vender: encuentre la otra.",
        )),
        (till.is_broken, "bad", visitor.says(
            "An entry of its log does not fit the one before: the file was edited or damaged. Run “sequra doctor” on the till.",
            "Una anotación de su registro no encaja con la anterior: el archivo se editó o se dañó. Ejecute «sequra doctor» en la caja.",
        )),
        (till.is_skewed(), "warm", visitor.says(
            "Its clock is wrong by more than five minutes. Set it.",
            "Su reloj va mal por más de cinco minutos. Póngalo en hora.",
        )),
        (till.is_outdated(), "", visitor.says(
            "Its journal is of an older version. Update the till.",
            "Su diario es de una versión anterior. Actualice la caja.",
        )),
    ];
    html! {
        @for (is_so, kind, text) in sentences {
            @if is_so { p.verdict.(kind) { (text) } }
        }
    }
}

fn facts(visitor: &Visitor, till: &Till) -> Markup {
    html! {
        dl.facts {
            dt { (visitor.says("Heard of", "Última señal")) } dd { (maybe_time(visitor, till.heard_at)) }
            dt { (visitor.says("At risk", "En riesgo")) } dd { (at_risk(visitor, till)) }
            dt { (visitor.says("Machine", "Máquina")) } dd.text { (layout::short(&till.machine)) }
            dt { (visitor.says("Journal", "Diario")) } dd { code { (till.journal_id) } }
            dt { (visitor.says("Enrolled", "Dada de alta")) } dd { (time(visitor, till.enrolled_at)) }
            dt { (visitor.says("Clock", "Reloj")) } dd { (clock(visitor, till.skew_ms)) }
            dt { (visitor.says("Version of its journal", "Versión de su diario")) } dd {
                @match till.schema { Some(schema) => (schema), None => "–" }
            }
            dt { "sequra-forward" } dd.text { (layout::short(till.forwarder.as_deref().unwrap_or("–"))) }
            @if let Some(at) = till.revoked_at { dt { (visitor.says("Revoked", "Revocada")) } dd { (time(visitor, at)) } }
            @if let Some(at) = till.retired_at { dt { (visitor.says("Retired", "Retirada")) } dd { (time(visitor, at)) } }
        }
    }
}

fn clock(visitor: &Visitor, skew: Option<i64>) -> String {
    let Some(skew) = skew else {
        return "–".to_owned();
    };
    let span = visitor.language.span(skew.saturating_abs());
    match skew {
        _ if skew.unsigned_abs() < 2000 => visitor.says("right", "en hora").to_owned(),
        0.. => visitor.says(format!("{span} ahead"), format!("adelantado {span}")),
        _ => visitor.says(format!("{span} behind"), format!("atrasado {span}")),
    }
}

fn owing(visitor: &Visitor, journal_id: &str, owed: &[Owed]) -> Markup {
    html! {
        @if owed.is_empty() {
            p.empty { (visitor.says("None.", "Nada.")) }
        } @else {
            table.stacked {
                thead { tr {
                    th scope="col" { (visitor.says("Order", "Pedido")) }
                    th scope="col" { (visitor.says("State", "Estado")) }
                    th scope="col" { (visitor.says("Since", "Desde")) }
                    th.number scope="col" { (visitor.says("At risk", "En riesgo")) }
                } }
                tbody {
                    @for one in owed.iter().take(PAGE) {
                        tr {
                            td.text data-label=(visitor.says("Order", "Pedido")) {
                                a href=(order_place(journal_id, &one.incarnation, one.order_id)) {
                                    @match (&one.order_ref_1, &one.uuid) {
                                        (Some(reference), _) => (layout::short(reference)),
                                        (None, Some(uuid)) => (id(uuid)),
                                        (None, None) => (one.order_id),
                                    }
                                }
                            }
                            td data-label=(visitor.says("State", "Estado")) { (badge("bad", &words::state(visitor.language, &one.state))) }
                            td data-label=(visitor.says("Since", "Desde")) { (time(visitor, one.since)) }
                            td.number data-label=(visitor.says("At risk", "En riesgo")) { (money(visitor, one.cents, &one.currency)) }
                        }
                    }
                }
            }
            @if owed.len() > PAGE {
                p.more { (visitor.says("These are the oldest; there are more.", "Estos son los más antiguos; hay más.")) }
            }
        }
    }
}

fn all_lives(visitor: &Visitor, lives: &[Life], shown: Option<&str>) -> Markup {
    html! {
        @if lives.is_empty() { p.empty { (visitor.says("It has said nothing yet.", "Todavía no ha dicho nada.")) } }
        ol.lives {
            @for life in lives {
                li aria-current=[(Some(&*life.incarnation) == shown).then_some("true")] {
                    p {
                        a href=(visitor.here_with(&[("life", Some(&life.incarnation)), ("before", None)])) { (id(&life.incarnation)) }
                        " " @if life.is_living { (badge("good", visitor.says("goes on", "sigue"))) } @else { (badge("", visitor.says("ended", "terminada"))) }
                        (words::why(visitor.language, &life.why)) ", " (time(visitor, life.begun_at))
                        @if let Some(parent) = &life.parent { " (" (visitor.says("goes on from ", "continúa ")) (id(parent)) ")" }
                    }
                    p { small { (said(visitor, life)) } }
                    p { small { (chain(visitor, life)) } }
                }
            }
        }
    }
}

fn said(visitor: &Visitor, life: &Life) -> Markup {
    let missing = life.newest_seq.unwrap_or_default() - life.seq.unwrap_or_default();
    html! {
        @if missing > 0 {
            (visitor.says("It has ", "Le quedan ")) (visitor.language.number(missing))
            (visitor.says(" changes more to say; the last came ", " cambios por contar; el último llegó "))
            (maybe_time(visitor, life.moved_at)) "."
        } @else if life.moved_at.is_some() {
            (visitor.says("The office has all that it has said; the last came ", "La oficina tiene todo lo que ha dicho; lo último llegó "))
            (maybe_time(visitor, life.moved_at)) "."
        } @else {
            (visitor.says("It has said nothing yet.", "Todavía no ha dicho nada."))
        }
    }
}

fn chain(visitor: &Visitor, life: &Life) -> Markup {
    html! {
        @match life.broken_at {
            Some(at) => strong { (visitor.says("The chain of its log is broken at entry ", "La cadena de su registro está rota en la anotación ")) (visitor.language.number(at)) "." },
            None if life.entries > 0 => {
                (visitor.says("The chain of its log was checked as it came in, and is whole up to entry ", "La cadena de su registro se comprobó al llegar y está entera hasta la anotación "))
                (visitor.language.number(life.entries)) "."
            },
            None => (visitor.says("Nothing of its log is here yet.", "Aún no hay nada de su registro.")),
        }
    }
}

fn set_aside(visitor: &Visitor, rows: &[Aside]) -> Markup {
    html! {
        p { (visitor.says(
            "The office could not store these as what they say they are. They are kept sealed; everything else came in.",
            "La oficina no pudo guardar estas como lo que dicen ser. Se conservan selladas; todo lo demás entró.",
        )) }
        ul.asides {
            @for row in rows {
                li { (layout::short(&row.what)) " " (row.id) ": " (layout::short(&row.reason)) " · " (time(visitor, row.at)) }
            }
        }
    }
}

/// Without this process's own keys: what makes the journal again is a command.
fn journal(visitor: &Visitor, journal_id: &str) -> Markup {
    html! {
        p { (visitor.says(
            "Where the keys are, this makes it again, for “sequra restore” on another machine:",
            "Donde están las claves, esto lo vuelve a crear, para «sequra restore» en otra máquina:",
        )) }
        pre tabindex="0" { "sequra-office journal " (journal_id) " --keys DIR --out FILE" }
    }
}

fn acts(visitor: &Visitor, till: &Till, bounds: &Bounds) -> Markup {
    let is_over = till.is_silent(bounds) || till.revoked_at.is_some();
    let place = |act: &str| format!("/tills/{}/{act}", till.journal_id);
    html! {
        @if till.retired_at.is_some() {
            form method="post" action=(place("return")) {
                (layout::token(visitor))
                button { (visitor.says("Take it back onto the list", "Devolverla a la lista")) }
            }
        } @else if till.at_risk.is_empty() && is_over {
            form method="post" action=(place("retire")) {
                (layout::token(visitor))
                p { (visitor.says(
                    "A till that is no more can be taken off the list. What the office has of it stays.",
                    "Una caja que ya no existe se puede quitar de la lista. Lo que la oficina tiene de ella se queda.",
                )) }
                button { (visitor.says("Take it off the list", "Quitarla de la lista")) }
            }
        } @else {
            p { (visitor.says(
                "It stays on the list as long as it is heard of, or money of it is at risk.",
                "Se queda en la lista mientras se sepa de ella o haya dinero suyo en riesgo.",
            )) }
        }
        @if visitor.may(Role::Administer) && till.revoked_at.is_none() {
            form method="post" action=(place("revoke")) {
                (layout::token(visitor))
                p { (visitor.says(
                    "Revoked, it can say nothing more until it is let in again with a new code. It goes on selling.",
                    "Revocada, no puede contar nada más hasta que se le dé de alta con otro código. Sigue vendiendo.",
                )) }
                label.check { input type="checkbox" name="sure" value="yes" required; " " (visitor.says("I mean this till", "Me refiero a esta caja")) }
                button.reject { (visitor.says("Revoke its token", "Revocar su token")) }
            }
        }
        @if visitor.may(Role::Administer) { (enrolment_form(visitor, &till.shop, &till.till)) }
    }
}

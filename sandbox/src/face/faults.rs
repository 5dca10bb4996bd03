//! Bad luck: which can be had, and which is waiting.

use super::answer::done;
use super::layout;
use super::visitor::Visitor;
use crate::faults::{Fault, Faults};
use crate::sequra::Sequra;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

/// What can be armed: a name, a sentence in both languages, and the harm as JSON.
struct Kind {
    name: &'static str,
    english: &'static str,
    spanish: &'static str,
    harm: &'static str,
}

macro_rules! kinds {
    ($( $name:literal $english:literal $spanish:literal $harm:literal; )*) => {
        const KINDS: &[Kind] = &[
            $( Kind { name: $name, english: $english, spanish: $spanish, harm: $harm }, )*
        ];
    };
}

kinds! {
    "lost_answer" "The answer is lost after seQura has processed the request." "La respuesta se pierde después de que seQura procese la petición."
        r#"{"kind":"close_after"}"#;
    "lost_request" "The line breaks before seQura has processed the request." "La línea se corta antes de que seQura procese la petición."
        r#"{"kind":"close_before"}"#;
    "reset" "The connection is reset before seQura has processed the request." "La conexión se reinicia antes de que seQura procese la petición."
        r#"{"kind":"reset"}"#;
    "slow" "The answer comes 5 seconds late." "La respuesta llega con 5 segundos de retraso."
        r#"{"kind":"delay","ms":5000,"when":"after"}"#;
    "too_slow" "The answer comes 45 seconds late, when most tills have given up." "La respuesta llega con 45 segundos de retraso, cuando casi toda caja ha desistido."
        r#"{"kind":"delay","ms":45000,"when":"after"}"#;
    "unavailable" "A server in between answers 503; seQura hears nothing of it." "Un servidor intermedio contesta 503; seQura no se entera."
        r#"{"kind":"status","status":503}"#;
    "bad_gateway" "seQura has processed the request, but a server in between answers 502." "seQura ha procesado la petición, pero un servidor intermedio contesta 502."
        r#"{"kind":"status_after","status":502}"#;
    "blocked" "A filter answers 403 with a page of its own; seQura hears nothing of it." "Un filtro contesta 403 con una página propia; seQura no se entera."
        r#"{"kind":"block_page"}"#;
    "blocked_after" "seQura has processed the request, but a filter answers 403 with a page of its own." "seQura ha procesado la petición, pero un filtro contesta 403 con una página propia."
        r#"{"kind":"block_page","when":"after"}"#;
    "conflict" "seQura refuses with 409 and a text of its own." "seQura rechaza con 409 y un texto propio."
        r#"{"kind":"conflict","errors":["Invalid data: refused by the simulator"]}"#;
    "truncated" "The answer breaks off in the middle of its first line." "La respuesta se corta en mitad de su primera línea."
        r#"{"kind":"truncate","bytes":10,"of":"answer"}"#;
    "trickling" "The answer trickles, 20 bytes a second." "La respuesta llega gota a gota, 20 bytes por segundo."
        r#"{"kind":"drip","bytes_per_s":20,"of":"answer"}"#;
    "garbage" "The answer is not HTTP at all." "La respuesta ni siquiera es HTTP."
        r#"{"kind":"garbage"}"#;
    "bad_json" "The answer says that it is JSON, and breaks off." "La respuesta dice ser JSON, y está cortada."
        r#"{"kind":"bad_json"}"#;
    "huge" "The answer has 50 million bytes." "La respuesta tiene 50 millones de bytes."
        r#"{"kind":"huge","bytes":50000000}"#;
    "redirect" "The answer is a redirect to somewhere else." "La respuesta es una redirección a otro sitio."
        r#"{"kind":"redirect","location":"https://example.com/"}"#;
    "no_location" "The order is begun, but the answer does not say where it is." "El pedido se inicia, pero la respuesta no dice dónde está."
        r#"{"kind":"no_location"}"#;
    "foreign_location" "The order is begun, but the answer names another server's address." "El pedido se inicia, pero la respuesta da la dirección de otro servidor."
        r#"{"kind":"foreign_location","url":"https://example.com/orders/{uuid}"}"#;
}

/// Which requests a fault can wait for: a name, both languages, and the fields as JSON.
const TARGETS: &[(&str, &str, &str, &str)] = &[
    ("any", "any request", "cualquier petición", "{}"),
    (
        "start",
        "a start of an order",
        "un inicio de pedido",
        r#"{"method":"POST","state":""}"#,
    ),
    (
        "form",
        "a form delivery",
        "un envío del formulario",
        r#"{"method":"POST","path":"/form_deliveries"}"#,
    ),
    (
        "confirm",
        "a confirmation",
        "una confirmación",
        r#"{"method":"PUT","state":"confirmed"}"#,
    ),
    (
        "hold",
        "a hold",
        "una puesta en espera",
        r#"{"method":"PUT","state":"on_hold"}"#,
    ),
    (
        "reference",
        "a reference, or a change after the sale",
        "una referencia, o un cambio tras la venta",
        r#"{"method":"PUT","state":""}"#,
    ),
    (
        "change",
        "a change after the sale",
        "un cambio tras la venta",
        r#"{"method":"PUT","path":"/merchants/"}"#,
    ),
    (
        "question",
        "a question (GET)",
        "una consulta (GET)",
        r#"{"method":"GET"}"#,
    ),
];

const TIMES: &[(&str, &str, &str)] = &[
    ("1", "once", "una vez"),
    ("3", "three times", "tres veces"),
    ("0", "until it is removed", "hasta que se quite"),
];

fn made(harm: &str, target: &str, times: u32) -> Result<Fault, String> {
    let mut fault: Value = serde_json::from_str(harm).map_err(|e| e.to_string())?;
    let target: Value = serde_json::from_str(target).map_err(|e| e.to_string())?;
    if let (Value::Object(fault), Value::Object(target)) = (&mut fault, target) {
        fault.extend(target);
        fault.insert("times".into(), times.into());
    }
    Fault::try_from(fault)
}

/// What has happened to a request that was hit: the kind as JSON names it, and both languages.
const HIT: &[(&str, &str, &str)] = &[
    ("delay", "The answer was late.", "La respuesta llegó tarde."),
    (
        "close_before",
        "The line broke before.",
        "La línea se cortó antes.",
    ),
    (
        "close_after",
        "The answer was lost.",
        "La respuesta se perdió.",
    ),
    (
        "reset",
        "The connection was reset.",
        "La conexión se reinició.",
    ),
    (
        "status",
        "A server in between answered.",
        "Contestó un servidor intermedio.",
    ),
    (
        "status_after",
        "A server in between answered.",
        "Contestó un servidor intermedio.",
    ),
    ("block_page", "A filter answered.", "Contestó un filtro."),
    ("conflict", "It was refused.", "Se rechazó."),
    (
        "truncate",
        "The answer broke off.",
        "La respuesta se cortó.",
    ),
    (
        "redirect",
        "It was sent elsewhere.",
        "Se envió a otro sitio.",
    ),
    (
        "garbage",
        "The answer was not HTTP.",
        "La respuesta no era HTTP.",
    ),
    (
        "huge",
        "The answer was very long.",
        "La respuesta era larguísima.",
    ),
    (
        "no_location",
        "The answer did not say where the order is.",
        "La respuesta no decía dónde está el pedido.",
    ),
    (
        "foreign_location",
        "The answer named another server.",
        "La respuesta daba otro servidor.",
    ),
    (
        "drip",
        "The answer trickled.",
        "La respuesta llegó gota a gota.",
    ),
    (
        "bad_json",
        "The answer was no JSON.",
        "La respuesta no era JSON.",
    ),
];

pub fn hit<'a>(visitor: &Visitor, kind: &'a str) -> &'a str {
    let found = HIT.iter().find(|(name, ..)| *name == kind);
    found.map_or(kind, |(_, english, spanish)| visitor.of(english, spanish))
}

/// What waits, in words where they are ours.
fn described(visitor: &Visitor, fault: &Fault) -> Markup {
    let known = KINDS
        .iter()
        .find(|kind| made(kind.harm, "{}", 1).is_ok_and(|one| one.harm == fault.harm));
    let target = TARGETS.iter().find(|(_, _, _, target)| {
        made(r#"{"kind":"close_after"}"#, target, 1).is_ok_and(|one| {
            (&one.method, &one.path, &one.state) == (&fault.method, &fault.path, &fault.state)
        })
    });
    let times = TIMES
        .iter()
        .find(|(times, ..)| *times == fault.times.to_string());
    html! {
        @match (known, target) {
            (Some(kind), Some((_, english, spanish, _))) => {
                (visitor.of(kind.english, kind.spanish)) " "
                small {
                    (visitor.of("For", "Para")) " " (visitor.of(english, spanish)) ", "
                    @match times {
                        Some((_, english, spanish)) => (visitor.of(english, spanish)),
                        None => { (fault.times) " ×" }
                    }
                    @if fault.skip > 0 { ", " (visitor.of("after", "después de")) " " (fault.skip) }
                }
            }
            _ => code { (layout::beginning(&as_json(fault), 500).0) }
        }
    }
}

/// As a program has armed it, without what it has left out.
fn as_json(fault: &Fault) -> String {
    let mut fault = serde_json::to_value(fault).unwrap_or_default();
    if let Some(fields) = fault.as_object_mut() {
        let usual = [("skip", 0), ("times", 1)];
        fields.retain(|name, value| {
            !value.is_null() && !usual.iter().any(|(n, v)| n == name && value == v)
        });
    }
    fault.to_string()
}

/// The faults that wait, each with a button to take it back.
pub fn armed(visitor: &Visitor, faults: &Faults) -> Markup {
    html! {
        @if faults.iter().len() == 0 {
            p.empty { (visitor.of("None is waiting: all goes well.", "No espera ninguna: todo va bien.")) }
        } @else {
            ul.armed {
                @for (id, fault) in faults.iter().take(50) {
                    li {
                        span.text { (described(visitor, fault)) }
                        form method="post" action=(format!("/_sandbox/page/faults/{id}/remove")) {
                            button.quiet id=(format!("remove-{id}")) type="submit" { (visitor.of("Remove", "Quitar")) }
                        }
                    }
                }
            }
            @if faults.iter().len() > 1 {
                form method="post" action="/_sandbox/page/faults/clear" {
                    button.quiet type="submit" { (visitor.of("Remove all", "Quitar todas")) }
                }
            }
        }
    }
}

/// Where one is chosen.
pub fn form(visitor: &Visitor) -> Markup {
    html! {
        form.arm method="post" action="/_sandbox/page/faults" {
            label for="kind" { (visitor.of("What happens", "Qué pasa")) }
            select #kind name="kind" {
                @for kind in KINDS { option value=(kind.name) { (visitor.of(kind.english, kind.spanish)) } }
            }
            label for="target" { (visitor.of("To the next request that is", "A la próxima petición que sea")) }
            select #target name="target" {
                @for (name, english, spanish, _) in TARGETS { option value=(name) { (visitor.of(english, spanish)) } }
            }
            label for="times" { (visitor.of("How often", "Cuántas veces")) }
            select #times name="times" {
                @for (times, english, spanish) in TIMES { option value=(times) { (visitor.of(english, spanish)) } }
            }
            button type="submit" { (visitor.of("Arm", "Preparar")) }
        }
    }
}

#[derive(Deserialize)]
pub struct Chosen {
    kind: String,
    target: String,
    times: u32,
}

pub async fn arm(
    State(sequra): State<Arc<Sequra>>,
    visitor: Visitor,
    Form(chosen): Form<Chosen>,
) -> Response {
    let kind = KINDS.iter().find(|kind| kind.name == chosen.kind);
    let target = TARGETS.iter().find(|(name, ..)| *name == chosen.target);
    if let (Some(kind), Some((_, _, _, target))) = (kind, target)
        && let Ok(fault) = made(kind.harm, target, chosen.times)
    {
        sequra.world().faults.push(fault);
        return done("/#faults-title");
    }
    let why = visitor.of("There is no such fault.", "No hay tal fallo.");
    layout::refused(&visitor, StatusCode::BAD_REQUEST, why)
}

/// It may have struck meanwhile; gone it is in any case.
pub async fn remove(State(sequra): State<Arc<Sequra>>, Path(id): Path<u64>) -> Response {
    sequra.world().faults.remove(id);
    done("/#faults-title")
}

pub async fn clear(State(sequra): State<Arc<Sequra>>) -> Response {
    sequra.world().faults.clear();
    done("/#faults-title")
}

#[cfg(test)]
mod tests {
    use super::{HIT, KINDS, TARGETS, made};
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_for_every_request_is_a_fault() {
        for kind in KINDS {
            for (_, _, _, target) in TARGETS {
                made(kind.harm, target, 1).unwrap();
            }
        }
    }

    #[test]
    fn every_kind_of_harm_can_be_had() {
        let offered: BTreeSet<String> = KINDS
            .iter()
            .map(|kind| made(kind.harm, "{}", 1).unwrap().harm.kind())
            .collect();
        let readme = include_str!("../../README.md");
        let table = readme
            .split("| kind | fields")
            .nth(1)
            .unwrap()
            .split("\n\n")
            .next()
            .unwrap();
        for row in table.lines().skip(2) {
            let kind = row.split('`').nth(1).unwrap();
            assert!(offered.contains(kind), "{kind}");
            assert!(HIT.iter().any(|(hit, ..)| *hit == kind), "{kind}");
        }
    }
}

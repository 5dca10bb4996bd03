//! What tills have sent, and what they were answered.

use super::faults;
use super::layout::{self, Window};
use super::visitor::Visitor;
use crate::requests::RequestEntry;
use crate::sequra::Sequra;
use crate::world::World;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::de::IgnoredAny;
use std::sync::Arc;

type Shared = State<Arc<Sequra>>;

/// As much of a body as a list shows, and as much as the request's own page does.
const IN_A_LIST: usize = 2_000;
const ON_ITS_PAGE: usize = 100_000;

fn shown<'a>(visitor: &Visitor, requests: impl Iterator<Item = &'a RequestEntry>) -> Markup {
    html! {
        ul.requests {
            @for request in requests {
                li { details id=(format!("request-{}", request.seq)) {
                    summary { (head(visitor, request)) }
                    (bodies(visitor, request, IN_A_LIST))
                    p { a href=(format!("/_sandbox/page/requests/{}", request.seq)) {
                        (visitor.of("The whole request", "La petición entera"))
                    } }
                } }
            }
        }
    }
}

fn head(visitor: &Visitor, request: &RequestEntry) -> Markup {
    html! {
        span.line {
            b { (request.method) } " "
            span.path { (layout::beginning(&request.path, 300).0) }
        }
        span.outcome {
            (status(visitor, request)) " "
            @if let Some(fault) = &request.fault { span.badge.fault { (fault) } " " }
            (layout::time(&request.at))
        }
    }
}

fn status(visitor: &Visitor, request: &RequestEntry) -> Markup {
    let (class, text) = match request.status {
        Some(status) if status < 400 => ("good", status.to_string()),
        Some(status) => ("bad", status.to_string()),
        None if request.answered_at.is_none() => {
            ("", visitor.of("under way", "en curso").to_owned())
        }
        None => ("bad", visitor.of("no answer", "sin respuesta").to_owned()),
    };
    html! { span.badge.(class) { (text) } }
}

/// What came and what went.
fn bodies(visitor: &Visitor, request: &RequestEntry, limit: usize) -> Markup {
    html! {
        @if let Some(fault) = &request.fault {
            p.fault {
                (faults::hit(visitor, fault)) " "
                @if request.processed {
                    (visitor.of("seQura has processed the request.", "seQura ha procesado la petición."))
                } @else {
                    (visitor.of("seQura has not processed the request.", "seQura no ha procesado la petición."))
                }
            }
        }
        h3 { (visitor.of("Sent", "Enviado")) }
        @match &request.body {
            Some(text) => (body(visitor, text, limit)),
            None => (binary(visitor, request)),
        }
        h3 { (visitor.of("Answered", "Contestado")) }
        @match (request.status, &request.answer) {
            (None, _) => p { (visitor.of("Nothing.", "Nada.")) },
            (Some(status), answer) => {
                p.text { (status) @if let Some(place) = &request.location { " Location: " (place) } }
                @match answer {
                    Some(text) => (body(visitor, text, limit)),
                    None => p { (visitor.of("A body that is not kept: too long, or no text.", "Un cuerpo que no se guarda: demasiado largo, o no es texto.")) },
                }
            }
        }
    }
}

fn body(visitor: &Visitor, text: &str, limit: usize) -> Markup {
    let (beginning, whole) = layout::beginning(text, limit);
    html! {
        @if text.is_empty() {
            p { (visitor.of("No body.", "Sin cuerpo.")) }
        } @else {
            @if whole && serde_json::from_str::<IgnoredAny>(text).is_ok() {
                (layout::lines(visitor.of("Body", "Cuerpo"), &indented(text)))
            } @else {
                (layout::lines(visitor.of("Body", "Cuerpo"), beginning))
            }
            @if !whole {
                p { "… " (text.len()) " bytes" }
            }
        }
    }
}

/// JSON in lines, with nothing changed but the blanks between its parts.
fn indented(json: &str) -> String {
    let mut lines = String::with_capacity(json.len() * 2);
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    let mut characters = json.chars().filter(|c| !c.is_ascii_control()).peekable();
    let new_line = |lines: &mut String, depth: usize| {
        lines.push('\n');
        lines.extend(std::iter::repeat_n("  ", depth.min(50)));
    };
    while let Some(c) = characters.next() {
        if in_text {
            lines.push(c);
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            ' ' => {}
            '{' | '[' => {
                lines.push(c);
                while characters.next_if(|next| *next == ' ').is_some() {}
                if let Some(end) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    lines.push(end);
                } else {
                    depth += 1;
                    new_line(&mut lines, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut lines, depth);
                lines.push(c);
            }
            ',' => {
                lines.push(c);
                new_line(&mut lines, depth);
            }
            ':' => lines.push_str(": "),
            other => {
                in_text = other == '"';
                lines.push(other);
            }
        }
    }
    lines
}

/// Bytes that are no text: how many, and the first of them.
fn binary(visitor: &Visitor, request: &RequestEntry) -> Markup {
    let bytes = request.body_bytes();
    let rows: Vec<String> = bytes
        .chunks(16)
        .take(16)
        .map(|row| {
            let numbers: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
            numbers.join(" ")
        })
        .collect();
    html! {
        p { (bytes.len()) " bytes " (visitor.of("that are not UTF-8:", "que no son UTF-8:")) }
        (layout::lines(visitor.of("Body", "Cuerpo"), &rows.join("\n")))
    }
}

/// The newest, for the overview.
pub fn section(visitor: &Visitor, world: &World) -> Markup {
    let received = world.requests.stats().requests;
    html! {
        @if received == 0 {
            p.empty { (visitor.of("No till has asked for anything yet.", "Ninguna caja ha pedido nada todavía.")) }
        } @else {
            (shown(visitor, world.requests.iter().rev().take(8)))
            p.more { a href="/_sandbox/page/requests" {
                (visitor.of("All requests", "Todas las peticiones")) " (" (received) ")"
            } }
        }
    }
}

pub async fn list(State(sequra): Shared, visitor: Visitor) -> Response {
    let title = visitor.of("Requests", "Peticiones");
    let content = {
        let world = sequra.world();
        let window = Window::asked(&visitor, world.requests.iter().len());
        html! {
            h1 { (title) }
            div #requests data-live {
                (shown(&visitor, window.of(world.requests.iter().rev())))
                (window.pager(&visitor))
            }
        }
    };
    layout::page(&visitor, title, &content)
}

pub async fn one(State(sequra): Shared, visitor: Visitor, Path(seq): Path<String>) -> Response {
    let title = format!("{} {seq}", visitor.of("Request", "Petición"));
    let content = {
        let world = sequra.world();
        let mut requests = world.requests.iter().rev();
        let Some(request) = requests.find(|request| request.seq.to_string() == seq) else {
            let why = visitor.of("That request is not kept.", "Esa petición no se guarda.");
            return layout::refused(&visitor, StatusCode::NOT_FOUND, why);
        };
        html! {
            h1 { (title) }
            p.requests { (head(&visitor, request)) }
            h2 { (visitor.of("Headers", "Cabeceras")) }
            dl.headers {
                @if let Some(query) = &request.query { dt { "?" } dd { (query) } }
                @for (name, value) in &request.headers {
                    dt { (name) } dd { (layout::beginning(value, 2_000).0) }
                }
                dt { "X-Request-Id" } dd { (request.request_id) }
            }
            (bodies(&visitor, request, ON_ITS_PAGE))
        }
    };
    layout::page(&visitor, &title, &content)
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn json_in_lines_says_the_same() {
        let text = r#"{"a":[],"b":{ },"c":[1,{"d":"x, {\"y\\"}],"e":"\\"}"#;
        let lines = "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    1,\n    {\n      \"d\": \"x, {\\\"y\\\\\"\n    }\n  ],\n  \"e\": \"\\\\\"\n}";
        assert_eq!(indented(text), lines);
        assert_eq!(indented(lines), lines);
        let deep = "[".repeat(500) + &"]".repeat(500);
        assert!(indented(&deep).len() < 110_000);
    }
}

//! The switchable rules: what seQura does where its documentation is silent.

use super::answer::done;
use super::layout;
use super::visitor::{Language, Visitor};
use crate::rules::{Rules, value_of};
use crate::sequra::Sequra;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// As it is written on a command line, too.
fn written(value: &Value) -> String {
    match value {
        Value::Bool(true) => "on".to_owned(),
        Value::Bool(false) | Value::Null => "off".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub fn section(visitor: &Visitor, rules: &Rules) -> Markup {
    let values = rules.values();
    let defaults = Rules::default().values();
    let changed = values
        .iter()
        .filter(|(name, value)| defaults[*name] != **value);
    html! {
        details id="rules" {
            summary {
                (visitor.of(
                    "What seQura does where its documentation is silent:",
                    "Qué hace seQura donde su documentación calla:",
                ))
                " " (values.len()) " " (visitor.of("rules", "reglas")) "; " (visitor.of("not as usual:", "distintas de lo habitual:")) " " (changed.count())
            }
            form.rules method="post" action="/_sandbox/page/rules" {
                @for (name, english, spanish) in Rules::meanings() {
                    (rule(visitor, name, visitor.of(english, spanish), &values[name], &defaults[name]))
                }
                p { button type="submit" { (visitor.of("Change the rules", "Cambiar las reglas")) } }
            }
        }
    }
}

fn rule(visitor: &Visitor, name: &str, meaning: &str, value: &Value, default: &Value) -> Markup {
    let now = written(value);
    let words = Rules::words(name);
    html! {
        div.rule.changed[value != default] {
            label for=(name) { code { (name) } }
            p id=(format!("{name}-meaning")) {
                @for (i, part) in meaning.split('`').enumerate() {
                    @if i % 2 == 1 { code { (part) } } @else { (part) }
                }
                @if value != default { " (" (visitor.of("usually", "habitual")) ": " (written(default)) ")" }
            }
            input type="hidden" name=(format!("was.{name}")) value=(now);
            @if value.is_boolean() {
                select id=(name) name=(name) aria-describedby=(format!("{name}-meaning")) {
                    @for (choice, text) in [("on", visitor.of("on", "sí")), ("off", visitor.of("off", "no"))] {
                        option value=(choice) selected[choice == now] { (text) }
                    }
                }
            } @else if !words.is_empty() {
                select id=(name) name=(name) aria-describedby=(format!("{name}-meaning")) {
                    @for word in words { option value=(word) selected[*word == now] { (word) } }
                }
            } @else {
                input id=(name) name=(name) value=(now) autocomplete="off" aria-describedby=(format!("{name}-meaning"));
            }
        }
    }
}

/// Changes what the form has otherwise than it was when it was shown.
pub async fn change(
    State(sequra): State<Arc<Sequra>>,
    visitor: Visitor,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    let was = form
        .iter()
        .filter_map(|(name, was)| Some((name.strip_prefix("was.")?, was)));
    let changes: Map<String, Value> = was
        .filter_map(|(name, was)| Some((name, was, form.get(name)?.trim())))
        .filter(|(_, was, now)| was != now)
        .map(|(name, _, now)| (name.to_owned(), value_of(name, now)))
        .collect();
    let merged = sequra.world().rules.merge(&Value::Object(changes));
    match merged {
        Ok(()) => done("/#rules-title"),
        Err(why) => {
            let why = match visitor.language {
                Language::English => why,
                Language::Spanish => format!("El simulador dice: {why}"),
            };
            layout::refused(&visitor, StatusCode::BAD_REQUEST, &why)
        }
    }
}

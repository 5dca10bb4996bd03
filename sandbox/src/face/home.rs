//! The overview: everything at a glance, the newest of each.

use super::visitor::Visitor;
use super::{faults, layout, ledger, messages, orders, requests, rules, till};
use crate::sequra::Sequra;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;

/// A part of the overview; what changes by itself is put in again by the script.
fn part(id: &str, title: &str, live: &Markup, fixed: &Markup) -> Markup {
    html! {
        section.part aria-labelledby=(format!("{id}-title")) {
            h2 id=(format!("{id}-title")) { (title) }
            div id=(id) data-live { (live) }
            (fixed)
        }
    }
}

pub async fn page(State(sequra): State<Arc<Sequra>>, visitor: Visitor) -> Response {
    let title = visitor.of("Overview", "Resumen");
    let none = html! {};
    let content = {
        let world = sequra.world();
        html! {
            h1.unseen { (title) }
            p.lead { (visitor.of(
                "Tills sell here as at seQura. You are the shopper, seQura's risk desk, and the line that breaks.",
                "Las cajas venden aquí como en seQura. Usted hace de cliente, de departamento de riesgos y de línea que se corta.",
            )) }
            div.columns {
                div {
                    (part("orders", visitor.of("Orders", "Pedidos"), &orders::section(&visitor, world.all_orders()), &none))
                }
                div.side {
                    (part("messages", visitor.of("Messages to shoppers", "Mensajes a clientes"), &messages::section(&visitor, &world), &none))
                    (part("faults", visitor.of("Bad luck", "Mala suerte"), &faults::armed(&visitor, &world.faults), &faults::form(&visitor)))
                    section.part aria-labelledby="till-title" {
                        h2 #till-title { (visitor.of("A till's configuration", "Configuración de una caja")) }
                        (till::section(&visitor, &sequra))
                    }
                }
                div {
                    (part("requests", visitor.of("Requests", "Peticiones"), &requests::section(&visitor, &world), &none))
                    (part("ledger", visitor.of("Ledger", "Libro"), &ledger::section(&visitor, &world.ledger), &none))
                }
            }
            section.part aria-labelledby="rules-title" {
                h2 #rules-title { (visitor.of("Rules", "Reglas")) }
                (rules::section(&visitor, &world.rules))
            }
        }
    };
    layout::page(&visitor, title, &content)
}

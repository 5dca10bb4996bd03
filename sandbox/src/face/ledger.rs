//! What seQura accepted, line by line.

use super::layout::{self, Window};
use super::orders;
use super::visitor::Visitor;
use crate::ledger::LedgerEntry;
use crate::sequra::Sequra;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;

fn table<'a>(visitor: &Visitor, lines: impl Iterator<Item = &'a LedgerEntry>) -> Markup {
    let money = |label: &str, cents: Option<i64>, line: &LedgerEntry| {
        let money = cents.map(|cents| visitor.language.money(cents, &line.currency));
        layout::cell(label, "number", money.as_deref())
    };
    html! {
        table.stacked {
            thead {
                tr {
                    th.number scope="col" { (visitor.of("No.", "N.º")) }
                    th scope="col" { (visitor.of("Event", "Suceso")) }
                    th scope="col" { (visitor.of("Order", "Pedido")) }
                    th scope="col" { (visitor.of("Reference", "Referencia")) }
                    th.number scope="col" { (visitor.of("Owed", "Debido")) }
                    th.number scope="col" { (visitor.of("To ship", "Por enviar")) }
                    th.number scope="col" { (visitor.of("Shipped", "Enviado")) }
                }
            }
            tbody {
                @for line in lines {
                    tr {
                        td.number data-label=(visitor.of("No.", "N.º")) { (line.seq) }
                        td data-label=(visitor.of("Event", "Suceso")) {
                            (orders::event_name(visitor, line.event)) " " small { (layout::time(&line.at)) }
                        }
                        td data-label=(visitor.of("Order", "Pedido")) { (orders::link(&line.uuid)) }
                        (layout::cell(visitor.of("Reference", "Referencia"), "text", line.order_ref_1.as_deref()))
                        (money(visitor.of("Owed", "Debido"), Some(line.amount), line))
                        (money(visitor.of("To ship", "Por enviar"), line.unshipped_total, line))
                        (money(visitor.of("Shipped", "Enviado"), line.shipped_total, line))
                    }
                }
            }
        }
    }
}

/// The newest, for the overview.
pub fn section(visitor: &Visitor, ledger: &[LedgerEntry]) -> Markup {
    html! {
        @if ledger.is_empty() {
            p.empty { (visitor.of("Nothing has been accepted yet.", "Todavía no se ha aceptado nada.")) }
        } @else {
            (table(visitor, ledger.iter().rev().take(8)))
            p.more { a href="/_sandbox/page/ledger" {
                (visitor.of("The whole ledger", "El libro entero")) " (" (ledger.len()) ")"
            } }
        }
    }
}

pub async fn list(State(sequra): State<Arc<Sequra>>, visitor: Visitor) -> Response {
    let title = visitor.of("Ledger", "Libro");
    let content = {
        let world = sequra.world();
        let window = Window::asked(&visitor, world.ledger.len());
        html! {
            h1 { (title) }
            div #ledger data-live {
                (table(&visitor, window.of(world.ledger.iter().rev())))
                (window.pager(&visitor))
            }
        }
    };
    layout::page(&visitor, title, &content)
}

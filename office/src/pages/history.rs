//! The entries of a log, as a page of a till or of an order shows them.

use super::layout::{self, badge, id, moment, money};
use super::parts::order_place;
use super::visitor::Visitor;
use super::words;
use crate::looking::PAGE;
use crate::looking::till::Entry;
use maud::{Markup, html};

/// Entries of a log, the newest first.
pub fn entries(
    visitor: &Visitor,
    history: &[Entry],
    journal_id: &str,
    life: &str,
    with_order: bool,
) -> Markup {
    let older = history
        .get(PAGE.saturating_sub(1))
        .filter(|_| history.len() > PAGE);
    let older = older.map(|entry| entry.entry_id.to_string());
    html! {
        @if history.is_empty() {
            p.empty { (visitor.says("Nothing.", "Nada.")) }
        } @else {
            table.stacked {
                thead { tr {
                    th.number scope="col" { (visitor.says("No.", "N.º")) }
                    th scope="col" { (visitor.says("When, by the till's clock", "Cuándo, según el reloj de la caja")) }
                    th scope="col" { (visitor.says("What", "Qué")) }
                    @if with_order { th scope="col" { (visitor.says("Order", "Pedido")) } }
                    th scope="col" { (visitor.says("State after it", "Estado después")) }
                    th.number scope="col" { (visitor.says("Amount", "Importe")) }
                } }
                tbody {
                    @for entry in history.iter().take(PAGE) {
                        (line(visitor, entry, journal_id, life, with_order))
                    }
                }
            }
            (layout::pager(visitor, None, older.map(|older| visitor.here_with(&[("before", Some(&older))]))))
        }
    }
}

fn line(
    visitor: &Visitor,
    entry: &Entry,
    journal_id: &str,
    life: &str,
    with_order: bool,
) -> Markup {
    let language = visitor.language;
    let name = entry.order_ref_1.as_deref().or(entry.uuid.as_deref());
    html! {
        tr {
            td.number data-label=(visitor.says("No.", "N.º")) { (entry.entry_id) }
            td data-label=(visitor.says("When", "Cuándo")) { (moment(visitor, entry.at)) }
            td data-label=(visitor.says("What", "Qué")) {
                span {
                    (words::step(language, &entry.step)) " "
                    @if entry.status != 0 { (badge("warm", &words::status(language, entry.status))) }
                }
            }
            @if with_order {
                td.text.none[entry.order_id <= 0] data-label=(visitor.says("Order", "Pedido")) {
                    @if entry.order_id > 0 {
                        a href=(order_place(journal_id, life, entry.order_id)) {
                            @match (&entry.order_ref_1, name) {
                                (Some(reference), _) => (layout::short(reference)),
                                (None, Some(uuid)) => (id(uuid)),
                                (None, None) => (entry.order_id),
                            }
                        }
                    } @else { "–" }
                }
            }
            td.none[entry.state.is_empty()] data-label=(visitor.says("State after it", "Estado después")) { (words::state(language, &entry.state)) }
            td.number.none[entry.amount.is_none()] data-label=(visitor.says("Amount", "Importe")) {
                @match entry.amount { Some(cents) => (money(visitor, cents, entry.currency.as_deref().unwrap_or_default())), None => "–" }
            }
        }
    }
}

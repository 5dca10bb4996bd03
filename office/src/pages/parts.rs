//! What several pages show of a till or an order.

use super::layout::{self, badge, money, time};
use super::visitor::Visitor;
use super::words;
use crate::looking::Bounds;
use crate::looking::order::Order;
use crate::looking::tills::Till;
use maud::{Markup, html};

/// What is not as it should be.
pub fn badges(visitor: &Visitor, till: &Till, bounds: &Bounds) -> Markup {
    let silent = till.is_silent(bounds);
    let marks = [
        (
            till.retired_at.is_some(),
            "",
            visitor.says("retired", "retirada"),
        ),
        (
            till.revoked_at.is_some(),
            if till.is_red(bounds) { "bad" } else { "warm" },
            visitor.says("revoked", "revocada"),
        ),
        (
            silent,
            if till.is_red(bounds) { "bad" } else { "warm" },
            visitor.says("silent", "sin señal"),
        ),
        (
            till.is_lagging(bounds),
            "warm",
            visitor.says("lagging", "con retraso"),
        ),
        (
            till.is_watched() && till.lives > 1,
            "bad",
            visitor.says("forked", "bifurcada"),
        ),
        (
            till.is_broken,
            "bad",
            visitor.says("chain broken", "cadena rota"),
        ),
        (
            till.has_set_aside,
            "warm",
            visitor.says("rows set aside", "filas apartadas"),
        ),
        (
            till.is_skewed(),
            "warm",
            visitor.says("clock wrong", "reloj mal"),
        ),
        (
            till.is_outdated(),
            "",
            visitor.says("outdated", "versión anterior"),
        ),
    ];
    let is_well = marks.iter().all(|(is_so, ..)| !is_so);
    html! {
        @for (is_so, kind, text) in marks { @if is_so { (badge(kind, text)) } }
        @if is_well { (badge("good", visitor.says("well", "bien"))) }
    }
}

/// What is at risk, each currency apart.
pub fn at_risk(visitor: &Visitor, till: &Till) -> Markup {
    html! {
        @if till.at_risk.is_empty() { "–" }
        @for (currency, cents, orders) in &till.at_risk {
            span { (money(visitor, *cents, currency)) " " small { (number_of_orders(visitor, *orders)) } } " "
        }
    }
}

/// So many.
pub fn number_of_orders(visitor: &Visitor, orders: i64) -> String {
    let number = visitor.language.number(orders);
    match orders {
        1 => visitor.says("1 order", "1 pedido").to_owned(),
        _ => format!("{number} {}", visitor.says("orders", "pedidos")),
    }
}

/// Where it is in its life.
pub fn order_state(visitor: &Visitor, order: &Order) -> Markup {
    let word = order.state.as_deref().unwrap_or("–");
    let kind = match word {
        "settled" => "good",
        _ if order.at_risk.is_some() => "bad",
        "conflicted" => "warm",
        _ => "",
    };
    badge(kind, &words::state(visitor.language, word))
}

/// Where it is shown.
pub fn order_place(journal_id: &str, incarnation: &str, order_id: i64) -> String {
    format!("/tills/{journal_id}/{incarnation}/orders/{order_id}")
}

/// The way to it, with what one knows it by.
pub fn order_link(visitor: &Visitor, order: &Order) -> Markup {
    let name = order.order_ref_1.as_deref().or(order.uuid.as_deref());
    html! {
        a href=(order_place(&order.journal_id, &order.incarnation, order.order_id)) {
            (layout::short(name.unwrap_or("–")))
        }
        " " (order_state(visitor, order))
        @if let Some(cents) = order.amount { (money(visitor, cents, order.currency.as_deref().unwrap_or_default())) }
        @if let Some(at) = order.updated_at { " · " (time(visitor, at)) }
    }
}

//! An order: its history, without names.

use super::desk::{Desk, Trouble};
use super::history::entries;
use super::layout::{self, moment, money, time};
use super::parts::{order_link, order_state};
use super::visitor::{Visitor, is_id};
use super::words;
use crate::looking::order::{self, Order};
use crate::looking::till;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;

pub async fn page(
    State(desk): State<Arc<Desk>>,
    Path((journal_id, incarnation, order_id)): Path<(String, String, String)>,
    visitor: Visitor,
) -> Result<Response, Trouble> {
    let number = order_id.parse::<i64>().ok();
    let Some(order_id) = number.filter(|_| is_id(&journal_id) && is_id(&incarnation)) else {
        return Ok(layout::unknown(&visitor));
    };
    let before = visitor
        .asked("before")
        .and_then(|text| text.parse().ok())
        .unwrap_or(i64::MAX);
    let read = desk.read().await?;
    let Some(order) = order::one(&read, &journal_id, &incarnation, order_id).await? else {
        return Ok(layout::unknown(&visitor));
    };
    let (elsewhere, fence, history) = tokio::try_join!(
        order::elsewhere(&read, &order),
        order::fence(&read, &order),
        till::of_order(&read, &journal_id, &incarnation, order_id, before),
    )?;
    drop(read);
    let name = order.order_ref_1.as_deref().or(order.uuid.as_deref());
    let name = name.map_or_else(|| order_id.to_string(), str::to_owned);
    let title = format!("{} {name}", visitor.says("Order", "Pedido"));
    let content = html! {
        p.way { a href=(format!("/tills/{journal_id}")) { (visitor.says("← to its till", "← a su caja")) } }
        h1 { (visitor.says("Order", "Pedido")) " " (layout::short(&name)) }
        (facts(&visitor, &order))
        @if let Some(fence) = &fence {
            p.verdict.warm {
                (visitor.says("The office finishes this order; taken over by ", "La oficina termina este pedido; se hizo cargo "))
                (layout::short(&fence.taken_by)) " " (time(&visitor, fence.made_at))
                @if let Some(reference) = &fence.order_ref_1 { " · " (layout::short(reference)) }
            }
        }
        (layout::part("history", visitor.says("What has happened", "Qué ha pasado"), &entries(&visitor, &history, &journal_id, &incarnation, false)))
        @if !elsewhere.is_empty() {
            @let others = html! { ul { @for one in &elsewhere { li { (order_link(&visitor, one)) } } } };
            (layout::part("elsewhere", visitor.says("The same order in other journals, or other lives of this one", "El mismo pedido en otros diarios, o en otras vidas de este"), &others))
        }
    };
    Ok(layout::page(&visitor, &title, &content))
}

fn facts(visitor: &Visitor, order: &Order) -> Markup {
    let text = |text: &Option<String>| layout::short(text.as_deref().unwrap_or("–"));
    html! {
        dl.facts {
            dt { (visitor.says("State", "Estado")) } dd { (order_state(visitor, order)) }
            dt { (visitor.says("Amount", "Importe")) } dd {
                @match order.amount { Some(cents) => (money(visitor, cents, order.currency.as_deref().unwrap_or_default())), None => "–" }
            }
            @if let Some(cents) = order.at_risk {
                dt { (visitor.says("At risk", "En riesgo")) } dd { strong { (money(visitor, cents, order.currency.as_deref().unwrap_or_default())) } }
            }
            dt { (visitor.says("Reference", "Referencia")) } dd.text { (text(&order.order_ref_1)) }
            dt { "uuid" } dd { code { (text(&order.uuid)) } }
            dt { (visitor.says("Merchant", "Comercio")) } dd.text { (text(&order.merchant_id)) }
            dt { (visitor.says("At", "En")) } dd.text { (text(&order.endpoint)) }
            @if let Some(step) = &order.open_step {
                dt { (visitor.says("Without an answer", "Sin respuesta")) } dd {
                    (words::step(visitor.language, step)) ": "
                    @if order.is_doubtful { (visitor.says("seQura may have done it", "seQura puede haberlo hecho")) }
                    @else { (visitor.says("seQura surely has not done it", "seguro que seQura no lo ha hecho")) }
                }
            }
            dt { (visitor.says("Begun", "Iniciado")) } dd { @if let Some(at) = order.created_at { (moment(visitor, at)) } @else { "–" } }
            dt { (visitor.says("Last changed", "Último cambio")) } dd { @if let Some(at) = order.updated_at { (moment(visitor, at)) } @else { "–" } }
        }
    }
}

//! Orders: in a list, and each with what it consists of and what has happened to it.

use super::answer::done;
use super::layout::{self, Window};
use super::visitor::Visitor;
use super::{messages, phone};
use crate::ledger::Event;
use crate::orders::{Order, State, Turn};
use crate::sequra::Sequra;
use crate::shopper;
use crate::world::ControlError;
use axum::extract::{self, Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

type Shared = extract::State<Arc<Sequra>>;

/// Whereto a button leads when what it does is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Back {
    #[default]
    Home,
    List,
    Order,
    Phone,
}

impl Back {
    pub fn name(self) -> &'static str {
        match self {
            Back::Home => "home",
            Back::List => "list",
            Back::Order => "order",
            Back::Phone => "phone",
        }
    }
}

pub fn state_name(visitor: &Visitor, state: State) -> &'static str {
    let (english, spanish) = match state {
        State::Solicited => ("solicited", "solicitado"),
        State::Approved => ("approved", "aprobado"),
        State::NeedsReview => ("needs review", "en revisión"),
        State::OnHold => ("on hold", "en espera"),
        State::Confirmed => ("confirmed", "confirmado"),
        State::Rejected => ("rejected", "rechazado"),
        State::Cancelled => ("cancelled", "cancelado"),
        State::Expired => ("expired", "caducado"),
    };
    visitor.language.of(english, spanish)
}

pub fn event_name(visitor: &Visitor, event: Event) -> &'static str {
    let (english, spanish) = match event {
        Event::Solicited => ("solicited", "solicitado"),
        Event::FormDelivered => ("form delivered", "formulario enviado"),
        Event::Approved => ("approved", "aprobado"),
        Event::NeedsReview => ("needs review", "en revisión"),
        Event::Rejected => ("rejected", "rechazado"),
        Event::Held => ("held", "en espera"),
        Event::Confirmed => ("confirmed", "confirmado"),
        Event::ReferenceRegistered => ("reference registered", "referencia registrada"),
        Event::Updated => ("updated", "actualizado"),
        Event::Cancelled => ("cancelled", "cancelado"),
        Event::Expired => ("expired", "caducado"),
    };
    visitor.language.of(english, spanish)
}

pub fn turn_name(visitor: &Visitor, turn: Turn) -> &'static str {
    let (english, spanish) = match turn {
        Turn::Approve => ("Approve", "Aprobar"),
        Turn::Review => ("Review", "Revisar"),
        Turn::Reject => ("Reject", "Rechazar"),
        Turn::Cancel => ("Cancel", "Cancelar"),
        Turn::Expire => ("Expire", "Caducar"),
    };
    visitor.language.of(english, spanish)
}

pub fn badge(visitor: &Visitor, state: State) -> Markup {
    html! { span.badge.(state.name()) { (state_name(visitor, state)) } }
}

/// Where an order's own page is.
pub fn place(uuid: &str) -> String {
    format!("/_sandbox/page/orders/{uuid}")
}

/// A short name for people, and the way to the order's page.
pub fn link(uuid: &str) -> Markup {
    html! { a.uuid href=(place(uuid)) title=(uuid) { (uuid.get(..8).unwrap_or(uuid)) } }
}

/// Those of the turns that are possible now, as buttons.
pub fn buttons(visitor: &Visitor, order: &Order, turns: &[Turn], back: Back) -> Markup {
    let possible = turns.iter().filter(|turn| turn.is_possible(order.state));
    html! {
        div.buttons {
            @for &turn in possible {
                form method="post" action=(format!("{}/{}", place(&order.uuid), turn.name())) {
                    input type="hidden" name="back" value=(back.name());
                    button.(turn.name()) type="submit" id=(format!("{}-{}", turn.name(), order.uuid)) {
                        (turn_name(visitor, turn))
                        span.unseen { " " (visitor.of("order", "el pedido")) " " (order.uuid) }
                    }
                }
            }
        }
    }
}

/// What a person does most: shopper's and risk desk's answers.
const ANSWERS: [Turn; 3] = [Turn::Approve, Turn::Review, Turn::Reject];

fn table<'a>(visitor: &Visitor, orders: impl Iterator<Item = &'a Order>, back: Back) -> Markup {
    html! {
        table.stacked {
            thead {
                tr {
                    th scope="col" { (visitor.of("Order", "Pedido")) }
                    th scope="col" { (visitor.of("State", "Estado")) }
                    th scope="col" { (visitor.of("Shopper", "Cliente")) }
                    th scope="col" { (visitor.of("Reference", "Referencia")) }
                    th.number scope="col" { (visitor.of("Amount", "Importe")) }
                    th scope="col" { (visitor.of("Answer", "Respuesta")) }
                }
            }
            tbody {
                @for order in orders {
                    tr {
                        td data-label=(visitor.of("Order", "Pedido")) {
                            (link(&order.uuid)) " "
                            @if let Some(begun) = order.history.first() { small { (layout::time(&begun.at)) } }
                        }
                        td data-label=(visitor.of("State", "Estado")) { (badge(visitor, order.state)) }
                        td.text data-label=(visitor.of("Shopper", "Cliente")) { (layout::short(&shopper::name(&order.latest))) }
                        (layout::cell(visitor.of("Reference", "Referencia"), "text", order.order_ref_1.as_deref()))
                        td.number data-label=(visitor.of("Amount", "Importe")) {
                            (visitor.language.money(order.amount, &order.currency))
                        }
                        td { (buttons(visitor, order, &ANSWERS, back)) }
                    }
                }
            }
        }
    }
}

/// The newest, for the overview.
pub fn section(visitor: &Visitor, orders: &[Order]) -> Markup {
    html! {
        @if orders.is_empty() {
            p.empty {
                (visitor.of(
                    "None yet. A till that is configured as below starts one.",
                    "Todavía ninguno. Una caja configurada como se ve abajo inicia el primero.",
                ))
            }
        } @else {
            (table(visitor, orders.iter().rev().take(10), Back::Home))
            p.more { a href="/_sandbox/page/orders" {
                (visitor.of("All orders", "Todos los pedidos")) " (" (orders.len()) ")"
            } }
        }
    }
}

pub async fn list(extract::State(sequra): Shared, visitor: Visitor) -> Response {
    let content = {
        let world = sequra.world();
        let orders = world.all_orders();
        let window = Window::asked(&visitor, orders.len());
        html! {
            h1 { (visitor.of("Orders", "Pedidos")) }
            div #orders data-live {
                (table(&visitor, window.of(orders.iter().rev()), Back::List))
                (window.pager(&visitor))
            }
        }
    };
    layout::page(&visitor, visitor.of("Orders", "Pedidos"), &content)
}

pub async fn one(
    extract::State(sequra): Shared,
    visitor: Visitor,
    Path(uuid): Path<String>,
) -> Response {
    let title = format!("{} {uuid}", visitor.of("Order", "Pedido"));
    let content = {
        let world = sequra.world();
        let Some(order) = world.order(&uuid) else {
            return unknown(&visitor);
        };
        let sent = messages::all(&world).find(|message| message.uuid == uuid);
        html! {
            h1 { (visitor.of("Order", "Pedido")) " " span.uuid { (uuid) } }
            div #order data-live {
                (facts(&visitor, order))
                (buttons(&visitor, order, &Turn::ALL, Back::Order))
                @if let Some(message) = sent {
                    p { a href=(phone::place(&message)) { (visitor.of("The shopper's phone", "El móvil del cliente")) } }
                }
                h2 { (visitor.of("What has happened", "Qué ha pasado")) }
                ol.history {
                    @for moment in &order.history {
                        li { (layout::time(&moment.at)) " " (event_name(&visitor, moment.event)) }
                    }
                }
                (carts(&visitor, order))
                (content_of(&visitor, order))
            }
        }
    };
    layout::page(&visitor, &title, &content)
}

fn facts(visitor: &Visitor, order: &Order) -> Markup {
    let money = |cents| visitor.language.money(cents, &order.currency);
    html! {
        dl.facts {
            dt { (visitor.of("State", "Estado")) } dd { (badge(visitor, order.state)) }
            dt { (visitor.of("Amount", "Importe")) } dd { (money(order.amount)) }
            dt { (visitor.of("Paid out", "Liquidado")) } dd { (money(order.paid)) }
            dt { (visitor.of("Shopper", "Cliente")) } dd { (layout::short(&shopper::name(&order.latest))) }
            dt { (visitor.of("Reference", "Referencia")) } dd { (layout::short(order.order_ref_1.as_deref().unwrap_or("–"))) }
            dt { (visitor.of("Merchant", "Comercio")) } dd { (order.merchant_id) }
        }
    }
}

/// The carts as they are now: one, or after the sale what is to be shipped and what was.
fn carts(visitor: &Visitor, order: &Order) -> Markup {
    let latest = &order.latest;
    let carts: Vec<(&str, &Value)> = match &order.sale {
        Some(sale) => vec![
            (
                visitor.of("To be shipped", "Por enviar"),
                &sale.unshipped_cart,
            ),
            (visitor.of("Shipped", "Enviado"), &sale.shipped_cart),
        ],
        None => crate::carts::cart_names(latest)
            .iter()
            .map(|name| (visitor.of("Cart", "Cesta"), &latest[*name]))
            .collect(),
    };
    let money = |value: &Value| {
        let cents = value.as_i64().unwrap_or_default();
        visitor.language.money(cents, &order.currency)
    };
    html! {
        @for (title, cart) in carts {
            h2 { (title) }
            table.cart {
                @let items = cart["items"].as_array().map_or(&[][..], |items| &items[..]);
                @for item in items.iter().take(200) {
                    tr {
                        td.number { (item["quantity"].as_i64().map_or_else(String::new, |n| format!("{n} ×"))) }
                        td.text { (layout::short(item["name"].as_str().or(item["type"].as_str()).unwrap_or_default())) }
                        td.number { (money(&item["total_with_tax"])) }
                    }
                }
                tr {
                    td {}
                    th scope="row" { (visitor.of("Total", "Total")) }
                    td.number { (money(&cart["order_total_with_tax"])) }
                }
            }
        }
    }
}

fn content_of(visitor: &Visitor, order: &Order) -> Markup {
    let text = serde_json::to_string_pretty(&order.content()).unwrap_or_default();
    let (shown, whole) = layout::beginning(&text, 100_000);
    html! {
        details id="content" {
            summary { (visitor.of("The order as last accepted", "El pedido tal como se aceptó por última vez")) }
            (layout::lines(visitor.of("The order", "El pedido"), shown))
            @if !whole {
                p { a href=(format!("/_sandbox/orders/{}", order.uuid)) { (visitor.of("All of it", "Entero")) } }
            }
        }
    }
}

fn unknown(visitor: &Visitor) -> Response {
    let why = visitor.of("There is no such order.", "No hay tal pedido.");
    layout::refused(visitor, StatusCode::NOT_FOUND, why)
}

#[derive(Deserialize)]
pub struct Pressed {
    #[serde(default)]
    back: Back,
    #[serde(default)]
    product: String,
    #[serde(default)]
    campaign: String,
}

/// A button was pressed.
pub async fn play(
    extract::State(sequra): Shared,
    visitor: Visitor,
    Path((uuid, turn)): Path<(String, String)>,
    Form(pressed): Form<Pressed>,
) -> Response {
    let Some(turn) = Turn::from_name(&turn) else {
        return unknown(&visitor);
    };
    match sequra.play(&uuid, turn) {
        Ok(_) => {}
        Err(ControlError::UnknownOrder) => return unknown(&visitor),
        Err(ControlError::NotPossible(_)) if pressed.back == Back::Phone => {}
        Err(ControlError::NotPossible(_)) => {
            let state = sequra.world().order(&uuid).map(|order| order.state);
            let state = state.map_or("", |state| state_name(&visitor, state));
            let why = visitor.of("The order is by now:", "El pedido ya está:");
            let why = format!("{why} {state}");
            return layout::refused(&visitor, StatusCode::CONFLICT, &why);
        }
    }
    done(&match pressed.back {
        Back::Home => "/".to_owned(),
        Back::List => "/_sandbox/page/orders".to_owned(),
        Back::Order => place(&uuid),
        Back::Phone => phone::address(&uuid, &pressed.product, &pressed.campaign),
    })
}

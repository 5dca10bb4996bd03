//! The shopper's phone: the form that the link in the message opens. Plain forms: it works
//! in any browser.

use super::answer;
use super::layout;
use super::messages::Message;
use super::orders::{self, Back};
use super::visitor::{Language, Visitor};
use crate::answers::Refusal;
use crate::caller::Named;
use crate::credit_agreements;
use crate::orders::{Order, State, Turn};
use crate::payment_methods;
use crate::sequra::Sequra;
use crate::shopper;
use crate::world::percent_encode;
use axum::extract;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use std::sync::Arc;

/// Where the form of an order is, at any of the simulator's names.
pub fn address(uuid: &str, product: &str, campaign: &str) -> String {
    let mut address = format!(
        "/orders/{uuid}/pumbaa_form?product={}",
        percent_encode(product)
    );
    if !campaign.is_empty() {
        address += &format!("&campaign={}", percent_encode(campaign));
    }
    address
}

pub fn place(message: &Message<'_>) -> String {
    address(
        message.uuid,
        message.product,
        message.campaign.unwrap_or_default(),
    )
}

/// GET /orders/{uuid}/pumbaa_form: the page the link in the message opens [D]. The shopper
/// has no credentials.
pub async fn page(
    extract::State(sequra): extract::State<Arc<Sequra>>,
    visitor: Visitor,
    Named(uuid): Named<String>,
) -> Response {
    let title = visitor.of("The shopper's phone", "El móvil del cliente");
    let body = {
        let world = sequra.world();
        let Some(order) = world.order(&uuid) else {
            return Refusal::NotFound.into_response();
        };
        html! {
            (layout::gone(&visitor))
            main.phone #content {
                header { "seQura" span { (visitor.of("simulated", "simulado")) } }
                div #form data-live {
                    @if visitor.asked("left").is_some() && order.state == State::Solicited {
                        (left(&visitor, &uuid))
                    } @else {
                        (form(&visitor, order))
                    }
                }
            }
            footer.beside {
                p { a href=(orders::place(&uuid)) { (visitor.of("Behind the scenes", "Entre bastidores")) } }
                (layout::languages(&visitor))
            }
        }
    };
    answer::page(
        &visitor,
        StatusCode::OK,
        layout::document(&visitor, title, "of-phone", &body),
    )
}

fn asked<'a>(visitor: &'a Visitor, name: &str) -> &'a str {
    visitor.asked(name).unwrap_or_default()
}

fn product(visitor: &Visitor) -> &str {
    visitor.asked("product").unwrap_or("i1")
}

fn form(visitor: &Visitor, order: &Order) -> Markup {
    let name = product(visitor);
    let title = payment_methods::title(name, visitor.language == Language::Spanish);
    html! {
        h1 { (visitor.language.money(order.amount, &order.currency)) }
        p.text { (visitor.of("at", "en")) " " (order.merchant_id) }
        @match order.state {
            State::Solicited => {
                p.text { (visitor.of("Hello,", "Hola,")) " " (layout::short(&shopper::name(&order.latest))) }
                p.product { strong { (layout::short(title.unwrap_or(name))) } " " code { (layout::short(name)) } }
                (turn(visitor, order, Turn::Approve, visitor.of("Accept and pay", "Aceptar y pagar"), &instalments(visitor, order)))
                a.button.leave href=(visitor.here_with("left", Some("yes"))) { (visitor.of("Leave", "Salir")) }
                (desk(visitor, order, &[Turn::Review, Turn::Reject]))
            }
            State::NeedsReview | State::OnHold => {
                p.said { (visitor.of("seQura is looking at your application.", "seQura está mirando su solicitud.")) }
                (desk(visitor, order, &[Turn::Approve, Turn::Reject]))
            }
            State::Approved | State::Confirmed => {
                p.said.good { (visitor.of("Approved. Tell the shop assistant.", "Aprobado. Dígaselo al dependiente.")) }
            }
            State::Rejected | State::Cancelled => {
                p.said.bad { (visitor.of("seQura cannot finance this purchase.", "seQura no puede financiar esta compra.")) }
            }
            State::Expired => {
                p.said.bad { (visitor.of("This form is no longer valid.", "Este formulario ya no es válido.")) }
            }
        }
        p.state { (visitor.of("The order is", "El pedido está")) " " (orders::badge(visitor, order.state)) }
    }
}

/// The shopper has put the phone away; seQura does not know, and neither does the till.
fn left(visitor: &Visitor, uuid: &str) -> Markup {
    html! {
        p.said {
            (visitor.of(
                "The shopper has left the form. Nothing has happened at seQura: the order is as it was, and nobody tells the till.",
                "El cliente ha salido del formulario. En seQura no ha pasado nada: el pedido sigue igual, y nadie se lo dice a la caja.",
            ))
        }
        a.button href=(address(uuid, product(visitor), asked(visitor, "campaign"))) {
            (visitor.of("Open it again", "Abrirlo otra vez"))
        }
    }
}

/// The instalments to choose from. What is chosen is between shopper and seQura.
fn instalments(visitor: &Visitor, order: &Order) -> Markup {
    let money = |cents| visitor.language.money(cents, &order.currency);
    let offers = match product(visitor) {
        name if name.starts_with("pp") => credit_agreements::offers(order.amount),
        "sp1" => vec![credit_agreements::Offer::without_cost(order.amount, 3)],
        _ => Vec::new(),
    };
    html! {
        @if !offers.is_empty() {
            fieldset {
                legend { (visitor.of("How many payments?", "¿En cuántos pagos?")) }
                @for (i, offer) in offers.iter().enumerate() {
                    label {
                        input type="radio" name="instalments" value=(offer.count) checked[i == 0];
                        span { (offer.count) " × " strong { (money(offer.each)) } }
                        small { (visitor.of("in all", "en total")) " " (money(offer.all)) }
                    }
                }
            }
        }
    }
}

fn turn(visitor: &Visitor, order: &Order, turn: Turn, label: &str, more: &Markup) -> Markup {
    html! {
        form method="post" action=(format!("{}/{}", orders::place(&order.uuid), turn.name())) {
            (more)
            input type="hidden" name="back" value=(Back::Phone.name());
            input type="hidden" name="product" value=(product(visitor));
            input type="hidden" name="campaign" value=(asked(visitor, "campaign"));
            button.(turn.name()) type="submit" { (label) }
        }
    }
}

/// What is not for the shopper to decide.
fn desk(visitor: &Visitor, order: &Order, turns: &[Turn]) -> Markup {
    let none = html! {};
    html! {
        section.desk aria-label=(visitor.of("seQura decides", "seQura decide")) {
            p { (visitor.of("Or seQura decides otherwise:", "O seQura decide otra cosa:")) }
            @for &one in turns {
                (turn(visitor, order, one, orders::turn_name(visitor, one), &none))
            }
        }
    }
}

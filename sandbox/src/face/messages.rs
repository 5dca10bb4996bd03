//! The messages that would have gone to shoppers, each opening the form it brings.

use super::layout::{self, Window};
use super::visitor::Visitor;
use super::{orders, phone};
use crate::sequra::Sequra;
use crate::world::World;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;

/// An SMS or a mail.
pub struct Message<'a> {
    pub at: &'a str,
    pub uuid: &'a str,
    pub whereto: &'a str,
    pub product: &'a str,
    pub campaign: Option<&'a str>,
    by_email: bool,
}

/// All of them, the newest first.
pub fn all(world: &World) -> impl Iterator<Item = Message<'_>> {
    let sms = world.sms.iter().rev().map(|sms| Message {
        at: &sms.at,
        uuid: &sms.uuid,
        whereto: &sms.phone,
        product: &sms.product_code,
        campaign: sms.campaign.as_deref(),
        by_email: false,
    });
    let emails = world.emails.iter().rev().map(|email| Message {
        at: &email.at,
        uuid: &email.uuid,
        whereto: &email.email,
        product: &email.product_code,
        campaign: email.campaign.as_deref(),
        by_email: true,
    });
    let (mut sms, mut emails) = (sms.peekable(), emails.peekable());
    std::iter::from_fn(move || match (sms.peek(), emails.peek()) {
        (Some(one), Some(other)) if one.at < other.at => emails.next(),
        (None, _) => emails.next(),
        _ => sms.next(),
    })
}

fn shown<'a>(
    visitor: &Visitor,
    world: &World,
    messages: impl Iterator<Item = Message<'a>>,
) -> Markup {
    html! {
        ul.messages {
            @for message in messages {
                li {
                    p.head {
                        span { @if message.by_email { (visitor.of("E-mail", "Correo")) } @else { "SMS" } }
                        span.text { (layout::short(message.whereto)) }
                        (layout::time(message.at))
                    }
                    p {
                        @if let Some(order) = world.order(message.uuid) {
                            strong { (visitor.language.money(order.amount, &order.currency)) } " "
                            (orders::badge(visitor, order.state)) " "
                        }
                        (orders::link(message.uuid))
                    }
                    a.button href=(phone::place(&message)) {
                        (visitor.of("Open the shopper's phone", "Abrir el móvil del cliente"))
                    }
                }
            }
        }
    }
}

/// The newest, for the overview.
pub fn section(visitor: &Visitor, world: &World) -> Markup {
    let count = world.sms.len() + world.emails.len();
    html! {
        @if count == 0 {
            p.empty { (visitor.of("No form has gone out yet.", "Todavía no ha salido ningún formulario.")) }
        } @else {
            (shown(visitor, world, all(world).take(3)))
            p.more { a href="/_sandbox/page/messages" {
                (visitor.of("All messages", "Todos los mensajes")) " (" (count) ")"
            } }
        }
    }
}

pub async fn list(State(sequra): State<Arc<Sequra>>, visitor: Visitor) -> Response {
    let title = visitor.of("Messages", "Mensajes");
    let content = {
        let world = sequra.world();
        let window = Window::asked(&visitor, world.sms.len() + world.emails.len());
        html! {
            h1 { (title) }
            div #messages data-live {
                (shown(&visitor, &world, window.of(all(&world))))
                (window.pager(&visitor))
            }
        }
    };
    layout::page(&visitor, title, &content)
}

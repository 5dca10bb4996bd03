//! The simulator's face: pages on which a person sees what tills do, plays the shopper and
//! seQura, and prepares bad luck.
//!
//! Every page is made here, whole, and works without JavaScript; a few lines of it put in
//! what has changed meanwhile. Like the control interface, the pages are no part of seQura's
//! API: what they ask for is neither logged nor harmed by faults.

mod answer;
mod faults;
mod home;
mod layout;
mod ledger;
mod messages;
mod orders;
mod phone;
mod requests;
mod rules;
mod till;
mod visitor;

use crate::answers::Refusal;
use crate::sequra::Sequra;
use axum::Router;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use std::sync::Arc;

pub fn router() -> Router<Arc<Sequra>> {
    Router::new()
        .route("/", get(home::page))
        .route("/orders/{uuid}/pumbaa_form", get(phone::page))
        .route("/_sandbox/page/orders", get(orders::list))
        .route("/_sandbox/page/orders/{uuid}", get(orders::one))
        .route("/_sandbox/page/orders/{uuid}/{turn}", post(orders::play))
        .route("/_sandbox/page/messages", get(messages::list))
        .route("/_sandbox/page/requests", get(requests::list))
        .route("/_sandbox/page/requests/{seq}", get(requests::one))
        .route("/_sandbox/page/ledger", get(ledger::list))
        .route("/_sandbox/page/faults", post(faults::arm))
        .route("/_sandbox/page/faults/clear", post(faults::clear))
        .route("/_sandbox/page/faults/{id}/remove", post(faults::remove))
        .route("/_sandbox/page/rules", post(rules::change))
        .route("/_sandbox/page/reset", post(till::reset))
        .route("/_sandbox/page.css", get(answer::style))
        .route("/_sandbox/page.js", get(answer::script))
        .route("/_sandbox/icon.svg", get(answer::icon))
        // Browsers ask for it unbidden; no till's fault is to strike on it.
        .route("/favicon.ico", get(answer::icon))
        .method_not_allowed_fallback(async || Refusal::NotFound.into_response())
}

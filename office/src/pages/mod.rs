//! The office's face: pages on which a person sees what every till owes, and whether all is well.
//!
//! Every page is made here, whole, and no script is needed or allowed. Whatever is not in the table below is not there;
//! behind each of its lines stands the gate.

mod account;
mod acts;
mod answer;
mod change;
mod chart;
mod codes;
mod desk;
mod front;
mod gate;
mod health;
mod history;
mod language;
mod layout;
mod login;
mod metrics;
mod now;
mod order;
mod parts;
mod role;
mod sessions;
mod throttle;
mod till;
mod tills;
mod trail;
mod visitor;
mod words;

pub use role::Role;

use crate::database::{Error, Retries};
use crate::looking::risk;
use crate::state::State;
use crate::{clock, passwords};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use desk::Desk;
use gate::Gate;
use std::sync::Arc;
use std::time::Duration;
use visitor::Visitor;

type Route = MethodRouter<Arc<Desk>>;

/// Everything that is for people who are logged in, and for whom of them.
fn gated() -> Vec<(&'static str, &'static str, Role, Route)> {
    vec![
        ("GET", "/", Role::Look, get(now::page)),
        ("GET", "/tills", Role::Look, get(tills::page)),
        ("GET", "/tills/{journal_id}", Role::Look, get(till::page)),
        (
            "GET",
            "/tills/{journal_id}/{life}/orders/{order_id}",
            Role::Look,
            get(order::page),
        ),
        ("GET", "/account", Role::Look, get(account::page)),
        (
            "POST",
            "/account/password",
            Role::Look,
            post(account::change),
        ),
        ("POST", "/logout", Role::Look, post(login::leave)),
        (
            "POST",
            "/tills/{journal_id}/retire",
            Role::Act,
            post(acts::retire),
        ),
        (
            "POST",
            "/tills/{journal_id}/return",
            Role::Act,
            post(acts::take_back),
        ),
        (
            "POST",
            "/tills/{journal_id}/revoke",
            Role::Administer,
            post(acts::revoke),
        ),
        ("POST", "/codes", Role::Administer, post(codes::make)),
        ("GET", "/audit", Role::Administer, get(trail::page)),
    ]
}

/// What can be asked for, how, and by whom at the least.
pub fn actions() -> Vec<(&'static str, &'static str, Role)> {
    let gated = gated().into_iter();
    gated
        .map(|(method, path, role, _)| (method, path, role))
        .collect()
}

/// All pages, `/healthz` and `/metrics`.
pub fn router(state: &State) -> Router {
    let desk = Arc::new(Desk::new(state));
    let mut router = Router::new()
        .route("/login", get(login::page).post(login::enter))
        .route("/page.css", get(answer::style))
        .route("/icon.svg", get(answer::icon))
        .route("/favicon.ico", get(answer::icon))
        .route("/healthz", get(health::answer))
        .route("/metrics", get(metrics::answer));
    for (_, path, role, route) in gated() {
        let gate = Gate {
            desk: desk.clone(),
            role,
        };
        router = router.route(
            path,
            route.route_layer(from_fn_with_state(gate, gate::admit)),
        );
    }
    router.with_state(desk)
}

/// What is shown where nothing is.
pub async fn nothing(visitor: Visitor) -> axum::response::Response {
    layout::unknown(&visitor)
}

/// Notes once in an hour what is at risk, for the chart; for as long as the office runs.
pub async fn note_hourly(state: State) {
    passwords::prepare();
    loop {
        if let Err(error) = note(&state).await {
            eprintln!("sequra-office: what is at risk could not be noted: {error}");
        }
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
}

async fn note(state: &State) -> Result<(), Error> {
    let mut retries = Retries::default();
    loop {
        let noted = async {
            let write = state.pages.begin_local().await?;
            risk::note(&write, clock::now()).await?;
            write.commit().await
        };
        match noted.await {
            Err(error) if retries.again(&error).await => {}
            done => return done,
        }
    }
}

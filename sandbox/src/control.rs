//! The control interface: a test or a person behind the scenes.
//!
//! JSON without credentials under `/_sandbox/`. It is no part of seQura's API; its
//! requests are neither logged nor harmed by faults.

use crate::answers::json;
use crate::disbursements::Disburse;
use crate::faults::Fault;
use crate::orders::Turn;
use crate::sequra::Sequra;
use crate::world::ControlError;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Serialize;
use serde_json::{Value, json as object};
use std::sync::Arc;
use std::time::Duration;

type Shared = State<Arc<Sequra>>;

pub fn router() -> Router<Arc<Sequra>> {
    Router::new()
        .route("/_sandbox/orders", get(orders))
        .route("/_sandbox/orders/{uuid}", get(order))
        .route("/_sandbox/orders/{uuid}/{turn}", post(play))
        .route(
            "/_sandbox/faults",
            get(faults).post(add_fault).delete(clear_faults),
        )
        .route("/_sandbox/rules", get(rules).put(change_rules))
        .route("/_sandbox/ledger", get(ledger))
        .route("/_sandbox/sms", get(sms))
        .route("/_sandbox/emails", get(emails))
        .route("/_sandbox/disburse", post(disburse))
        .route("/_sandbox/disbursements", get(disbursements))
        .route("/_sandbox/delivery_reports", get(delivery_reports))
        .route("/_sandbox/requests", get(requests))
        .route("/_sandbox/stats", get(stats))
        .route("/_sandbox/reset", post(reset))
        .route("/_sandbox/shutdown", post(shutdown))
        .route("/_sandbox/{*unknown}", axum::routing::any(unknown))
        // An answer that a test wants may be as large as any.
        .layer(DefaultBodyLimit::max(16 << 20))
}

fn ok(body: &impl Serialize) -> Response {
    json(StatusCode::OK, body)
}

fn error(status: StatusCode, text: impl std::fmt::Display) -> Response {
    json(status, &object!({ "error": text.to_string() }))
}

fn parse(body: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(body).map_err(|e| format!("not JSON: {e}"))
}

async fn unknown() -> Response {
    error(StatusCode::NOT_FOUND, "no such control")
}

async fn orders(State(sequra): Shared) -> Response {
    ok(&object!({ "orders": sequra.world().orders() }))
}

/// One order, with its content as last accepted.
async fn order(State(sequra): Shared, Path(uuid): Path<String>) -> Response {
    #[derive(Serialize)]
    struct WithContent {
        #[serde(flatten)]
        view: crate::orders::OrderView,
        order: Value,
    }
    match sequra.world().order(&uuid) {
        Some(order) => ok(&WithContent {
            view: order.view(),
            order: order.content(),
        }),
        None => error(StatusCode::NOT_FOUND, ControlError::UnknownOrder),
    }
}

async fn play(State(sequra): Shared, Path((uuid, turn)): Path<(String, String)>) -> Response {
    let Some(turn) = Turn::from_name(&turn) else {
        return unknown().await;
    };
    match sequra.play(&uuid, turn) {
        Ok(order) => ok(&order),
        Err(e @ ControlError::UnknownOrder) => error(StatusCode::NOT_FOUND, e),
        Err(e) => error(StatusCode::CONFLICT, e),
    }
}

async fn faults(State(sequra): Shared) -> Response {
    ok(&object!({ "faults": sequra.world().faults.waiting() }))
}

/// One fault, or a list of them to be queued in this order.
async fn add_fault(State(sequra): Shared, body: Bytes) -> Response {
    let faults = parse(&body).and_then(|body| match body {
        Value::Array(list) => list.into_iter().map(Fault::try_from).collect(),
        one => Fault::try_from(one).map(|fault| vec![fault]),
    });
    match faults {
        Ok(faults) => {
            let mut world = sequra.world();
            faults.into_iter().for_each(|f| world.faults.push(f));
            ok(&object!({ "faults": world.faults.waiting() }))
        }
        Err(text) => error(StatusCode::BAD_REQUEST, text),
    }
}

async fn clear_faults(State(sequra): Shared) -> Response {
    sequra.world().faults.clear();
    ok(&object!({ "faults": [] }))
}

async fn rules(State(sequra): Shared) -> Response {
    ok(&sequra.world().rules)
}

/// Changes the rules named in the body, leaves the others.
async fn change_rules(State(sequra): Shared, body: Bytes) -> Response {
    let mut world = sequra.world();
    match parse(&body).and_then(|changes| world.rules.merge(&changes)) {
        Ok(()) => ok(&world.rules),
        Err(text) => error(StatusCode::BAD_REQUEST, text),
    }
}

async fn ledger(State(sequra): Shared) -> Response {
    ok(&object!({ "ledger": sequra.world().ledger }))
}

async fn emails(State(sequra): Shared) -> Response {
    ok(&object!({ "emails": sequra.world().emails }))
}

async fn sms(State(sequra): Shared) -> Response {
    ok(&object!({ "sms": sequra.world().sms }))
}

/// Pays out; without a body, as owed.
async fn disburse(State(sequra): Shared, body: Bytes) -> Response {
    let how = match &*body {
        b"" => Ok(Disburse::default()),
        body => parse(body).and_then(|how| match how {
            // serde would take a list for the fields in their order.
            Value::Object(_) => serde_json::from_value(how).map_err(|e| e.to_string()),
            _ => Err("a disbursement is ordered with a JSON object".into()),
        }),
    };
    match how.map(|how| sequra.disburse(&how)) {
        Ok(Ok(made)) => ok(&object!({ "disbursements": made })),
        Ok(Err(e)) => error(StatusCode::CONFLICT, e),
        Err(text) => error(StatusCode::BAD_REQUEST, text),
    }
}

async fn disbursements(State(sequra): Shared) -> Response {
    ok(&object!({ "disbursements": sequra.world().disbursements() }))
}

async fn delivery_reports(State(sequra): Shared) -> Response {
    ok(&object!({ "delivery_reports": sequra.world().delivery_reports }))
}

async fn requests(State(sequra): Shared) -> Response {
    ok(&object!({ "requests": sequra.world().requests.all() }))
}

async fn stats(State(sequra): Shared) -> Response {
    ok(&sequra.world().requests.stats())
}

async fn reset(State(sequra): Shared) -> Response {
    sequra.reset();
    ok(&object!({ "reset": true }))
}

async fn shutdown(State(sequra): Shared) -> Response {
    tokio::spawn(async move {
        // Long enough for this answer to leave before the lights go out.
        tokio::time::sleep(Duration::from_millis(100)).await;
        sequra.request_stop();
    });
    ok(&object!({ "shutdown": true }))
}

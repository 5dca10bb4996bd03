//! seQura's HTTP API after the sale, one function for each endpoint.

use crate::answers::{self, Refusal};
use crate::caller::{Caller, Named, unwrapped};
use crate::disbursements;
use crate::exchange::Exchange;
use crate::sequra::Sequra;
use crate::update::Target;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::{get, post, put};
use std::sync::Arc;

type Shared = State<Arc<Sequra>>;
type Answered = Result<Response, Refusal>;

pub fn router() -> Router<Arc<Sequra>> {
    Router::new()
        .route(
            "/merchants/{merchant_ref}/orders/{order_ref_1}",
            put(update_order),
        )
        .route("/delivery_reports", post(take_report))
        .route("/orders/delivery_reports", post(take_report))
        .route(
            "/merchants/{merchant_ref}/disbursements",
            get(list_disbursements),
        )
        .route(
            "/merchants/{merchant_ref}/disbursements/{uuid}",
            get(disbursement),
        )
}

/// PUT /merchants/{merchant_ref}/orders/{order_ref_1}: 200, 202 or 204 [D].
async fn update_order(
    State(sequra): Shared,
    caller: Caller,
    Named((merchant, order_ref_1)): Named<(String, String)>,
    Extension(exchange): Extension<Exchange>,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    caller.check_access(&merchant, &sequra)?;
    let target = Target {
        merchant_id: &merchant,
        order_ref_1: &order_ref_1,
    };
    let account = &caller.account;
    sequra.world().updatable(account, &target)?;
    let order = unwrapped("order", &headers, &body, &sequra)?;
    let mut world = sequra.world();
    world.update_order(account, &target, &order, &exchange.request_id)?;
    Ok(answers::updated(world.rules.update_status))
}

/// POST /delivery_reports [C], /orders/delivery_reports [D]: 2xx [C]; 204, as of other POSTs
/// without an answer [I].
async fn take_report(
    State(sequra): Shared,
    caller: Result<Caller, Refusal>,
    uri: Uri,
    Extension(exchange): Extension<Exchange>,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    let path = uri.path();
    let rules = sequra.world().rules.clone();
    let is_there = match path {
        "/delivery_reports" => rules.short_delivery_report_path,
        _ => rules.documented_delivery_report_path,
    };
    // A path that is not there does not ask who calls.
    let caller = if is_there {
        caller
    } else {
        Err(Refusal::NotFound)
    }?;
    let report = unwrapped("delivery_report", &headers, &body, &sequra)?;
    caller.check_header_of(&report, &sequra)?;
    let mut world = sequra.world();
    world.take_report(&caller.account, path, report, &exchange.request_id)?;
    Ok(answers::reported())
}

/// GET /merchants/{merchant_ref}/disbursements [D].
async fn list_disbursements(
    State(sequra): Shared,
    caller: Caller,
    Named(merchant): Named<String>,
) -> Answered {
    caller.check_access(&merchant, &sequra)?;
    let own = sequra.world().disbursements_of(&caller.account, &merchant);
    Ok(disbursements::list(&own))
}

/// GET the `path` of one of them [D].
async fn disbursement(
    State(sequra): Shared,
    caller: Caller,
    Named((merchant, uuid)): Named<(String, String)>,
) -> Answered {
    caller.check_access(&merchant, &sequra)?;
    let world = sequra.world();
    let disbursement = world.disbursement(&caller.account, &merchant, &uuid)?;
    Ok(disbursements::detail(disbursement, &world.rules))
}

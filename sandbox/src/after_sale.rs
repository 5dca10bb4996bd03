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
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, put};
use std::sync::Arc;

type Shared = State<Arc<Sequra>>;
type Answered = Result<Response, Refusal>;

pub fn router() -> Router<Arc<Sequra>> {
    Router::new()
        .route(
            "/merchants/{merchant_ref}/orders/{order_ref_1}",
            put(update_order),
        )
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

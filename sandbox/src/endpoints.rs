//! seQura's HTTP API, one function for each endpoint; those after the sale are in
//! `after_sale.rs`.
//!
//! A handler finds out who calls and what for, and says no (`Refusal`) or does it; the
//! world does the rest.

use crate::after_sale;
use crate::answers::{self, Refusal};
use crate::caller::{Caller, Named, body_as_json, unwrapped};
use crate::credit_agreements;
use crate::exchange::Exchange;
use crate::ledger::now;
use crate::pages;
use crate::payment_methods;
use crate::sequra::Sequra;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Extension, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use serde::Deserialize;
use std::sync::Arc;

type Shared = State<Arc<Sequra>>;
type Answered = Result<Response, Refusal>;

pub fn router() -> Router<Arc<Sequra>> {
    Router::new()
        .route("/orders", post(solicit))
        .route("/orders/{uuid}", put(acknowledge))
        .route("/orders/{uuid}/payment_methods", get(order_payment_methods))
        .route("/orders/{uuid}/form_v2", get(form))
        .route("/orders/{uuid}/form_deliveries", post(deliver_form))
        .route("/merchants/credentials", get(credentials))
        .route(
            "/merchants/{merchant}/credentials",
            get(merchant_credentials),
        )
        .route(
            "/merchants/{merchant}/payment_methods",
            get(merchant_payment_methods),
        )
        .route(
            "/merchants/{merchant}/credit_agreements",
            get(merchant_credit_agreements),
        )
        .route("/deployments", get(async || answers::deployments()))
        .merge(after_sale::router())
        // A known path with another method is as unknown as any other.
        .fallback(async || Refusal::NotFound.into_response())
        .method_not_allowed_fallback(async || Refusal::NotFound.into_response())
}

fn order_url(exchange: &Exchange, uuid: &str) -> String {
    format!("{}/orders/{uuid}", exchange.base_url)
}

/// POST /orders: 204 with `Location` [D].
async fn solicit(
    State(sequra): Shared,
    caller: Caller,
    Extension(exchange): Extension<Exchange>,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    let order = unwrapped("order", &headers, &body, &sequra)?;
    caller.check_header_of(&order, &sequra)?;
    let uuid = sequra
        .world()
        .solicit(&caller.account, order, &exchange.request_id)?;
    Ok(answers::solicited(&order_url(&exchange, &uuid)))
}

/// PUT /orders/{uuid}: 200 [D].
async fn acknowledge(
    State(sequra): Shared,
    caller: Caller,
    Named(uuid): Named<String>,
    Extension(exchange): Extension<Exchange>,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    sequra.world().order_to_change(&uuid, &caller.account)?;
    let order = unwrapped("order", &headers, &body, &sequra)?;
    caller.check_header_of(&order, &sequra)?;
    sequra
        .world()
        .acknowledge(&uuid, &caller.account, order, &exchange.request_id)?;
    Ok(answers::acknowledged())
}

/// POST /orders/{uuid}/form_deliveries: 204 [D].
async fn deliver_form(
    State(sequra): Shared,
    caller: Caller,
    Named(uuid): Named<String>,
    Extension(exchange): Extension<Exchange>,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    let merchant = {
        let world = sequra.world();
        world
            .order_to_change(&uuid, &caller.account)?
            .merchant_id
            .clone()
    };
    caller.check_header(&merchant, &sequra)?;
    let delivery = body_as_json(&headers, &body, &sequra)?;
    let url = order_url(&exchange, &uuid);
    let link = sequra
        .world()
        .deliver_form(&uuid, &delivery, &url, &exchange.request_id)?;
    if sequra.log_requests {
        eprintln!("{}  form  {link}", now());
    }
    sequra.form_delivered(&uuid);
    Ok(answers::form_delivered())
}

fn merchant_of(sequra: &Sequra, uuid: &str, caller: &Caller) -> Result<String, Refusal> {
    let world = sequra.world();
    let order = world.order_of(uuid, &caller.account)?;
    Ok(order.merchant_id.clone())
}

/// GET /orders/{uuid}/payment_methods: those that fit the order [D].
async fn order_payment_methods(
    State(sequra): Shared,
    caller: Caller,
    Named(uuid): Named<String>,
) -> Answered {
    let merchant_id = merchant_of(&sequra, &uuid, &caller)?;
    caller.check_header(&merchant_id, &sequra)?;
    let merchant = caller.account.merchant(&merchant_id);
    let merchant = merchant.ok_or(Refusal::NotFound)?;
    let amount = sequra.world().order_of(&uuid, &caller.account)?.amount;
    Ok(payment_methods::for_order(merchant, amount))
}

/// GET /merchants/{ref}/payment_methods: all that are enabled [D].
async fn merchant_payment_methods(
    State(sequra): Shared,
    caller: Caller,
    Named(id): Named<String>,
) -> Answered {
    let merchant = caller.account.merchant(&id);
    let merchant = merchant.ok_or_else(|| caller.bad_merchant(&id))?;
    caller.check_header(&id, &sequra)?;
    Ok(payment_methods::for_merchant(merchant))
}

/// GET /merchants/{ref}/credit_agreements: what an amount costs in instalments [C].
async fn merchant_credit_agreements(
    State(sequra): Shared,
    caller: Caller,
    Named(id): Named<String>,
    Query(asked): Query<credit_agreements::Asked>,
) -> Answered {
    let merchant = caller.account.merchant(&id);
    let merchant = merchant.ok_or_else(|| caller.bad_merchant(&id))?;
    caller.check_header(&id, &sequra)?;
    let by_product = sequra.world().rules.credit_agreements_by_product;
    credit_agreements::answer(merchant, &asked, by_product)
}

/// GET /merchants/credentials [C].
async fn credentials(caller: Caller) -> Response {
    answers::credentials(&caller.account)
}

/// GET /merchants/{ref}/credentials [C for the status].
async fn merchant_credentials(caller: Caller, Named(id): Named<String>) -> Answered {
    let merchant = caller.account.merchant(&id);
    let merchant = merchant.ok_or_else(|| caller.bad_merchant(&id))?;
    Ok(answers::merchant_credentials(merchant))
}

#[derive(Deserialize)]
struct FormQuery {
    product: Option<String>,
    campaign: Option<String>,
    ajax: Option<String>,
}

/// GET /orders/{uuid}/form_v2: a snippet for a page of the shop's [D].
async fn form(
    State(sequra): Shared,
    caller: Caller,
    Named(uuid): Named<String>,
    Query(query): Query<FormQuery>,
    Extension(exchange): Extension<Exchange>,
) -> Answered {
    // A page for the shopper's browser, and so is its absence [C].
    if sequra.world().order(&uuid).is_none() {
        return Err(Refusal::NotFound);
    }
    merchant_of(&sequra, &uuid, &caller)?;
    Ok(answers::html(pages::identification_form(
        &order_url(&exchange, &uuid),
        query.product.as_deref().unwrap_or("i1"),
        query.campaign.as_deref(),
        query.ajax.as_deref().unwrap_or("false"),
    )))
}

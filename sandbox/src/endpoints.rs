//! seQura's HTTP API, one function for each endpoint.
//!
//! A handler finds out who calls and what for, and says no (`Refusal`) or does it; the
//! world does the rest.

use crate::accounts::Account;
use crate::answers::{self, Refusal};
use crate::exchange::Exchange;
use crate::pages;
use crate::payload::reference;
use crate::payment_methods;
use crate::world::Sequra;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Extension, FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

type Shared = State<Arc<Sequra>>;
type Answered = Result<Response, Refusal>;

pub fn router() -> Router<Arc<Sequra>> {
    Router::new()
        .route("/orders", post(solicit))
        .route("/orders/{uuid}", put(acknowledge))
        .route("/orders/{uuid}/payment_methods", get(order_payment_methods))
        .route("/orders/{uuid}/form_v2", get(form))
        .route("/orders/{uuid}/pumbaa_form", get(pumbaa_form))
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
        .route("/deployments", get(async || answers::deployments()))
        // A known path with another method is as unknown as any other.
        .fallback(async || Refusal::NotFound.into_response())
        .method_not_allowed_fallback(async || Refusal::NotFound.into_response())
}

/// Who calls: HTTP Basic [D], and the merchant of `Sequra-Merchant-Id` if sent [D].
struct Caller {
    account: Account,
    merchant_header: Option<String>,
}

impl FromRequestParts<Arc<Sequra>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, sequra: &Arc<Sequra>) -> Result<Self, Refusal> {
        let account = basic_credentials(&parts.headers)
            .and_then(|(key, secret)| {
                let mut accounts = sequra.accounts.iter();
                accounts.find(|a| a.key == key && a.secret == secret)
            })
            .cloned();
        let Some(account) = account else {
            // The credentials endpoints alone say it in JSON [C].
            return Err(if parts.uri.path().ends_with("/credentials") {
                Refusal::AccessDeniedJson
            } else {
                Refusal::AccessDenied
            });
        };
        let caller = Caller {
            account,
            merchant_header: parts
                .headers
                .get("sequra-merchant-id")
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
        };
        Ok(caller)
    }
}

impl Caller {
    /// The header need not be there, but must not name another merchant [I].
    fn check_header(&self, merchant: &str, sequra: &Sequra) -> Result<(), Refusal> {
        match &self.merchant_header {
            Some(sent) if sent != merchant && sequra.world().rules.merchant_header_must_match => {
                Err(self.bad_merchant(sent))
            }
            _ => Ok(()),
        }
    }

    fn bad_merchant(&self, id: &str) -> Refusal {
        Refusal::BadMerchantId {
            id: id.to_owned(),
            account: self.account.key.clone(),
        }
    }
}

/// Key and secret of an `Authorization: Basic …` header.
pub fn basic_credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = BASE64_STANDARD.decode(encoded.trim()).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (key, secret) = decoded.split_once(':')?;
    Some((key.to_owned(), secret.to_owned()))
}

/// The body as JSON. UTF-8 is demanded [D]; how its absence is answered is not said [I].
fn body_as_json(headers: &HeaderMap, body: &[u8], sequra: &Sequra) -> Result<Value, Refusal> {
    let declared = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let unreadable = |text: &str| Refusal::Other(400, format!("Invalid data: {text}"));
    if declared != "application/json" && sequra.world().rules.json_content_type_required {
        return Err(unreadable("Content-Type must be application/json"));
    }
    let text = std::str::from_utf8(body).map_err(|_| unreadable("the body is not UTF-8"))?;
    serde_json::from_str(text).map_err(|_| unreadable("the body is not JSON"))
}

/// `{"order": {…}}` without its wrapping, checked against `Sequra-Merchant-Id`.
fn order_of_body(
    headers: &HeaderMap,
    body: &[u8],
    caller: &Caller,
    sequra: &Sequra,
) -> Result<Value, Refusal> {
    let mut body = body_as_json(headers, body, sequra)?;
    let order = body.get_mut("order").map(Value::take);
    let order = order
        .filter(Value::is_object)
        .ok_or_else(|| Refusal::conflict("Invalid data: order is required"))?;
    if let Some(merchant) = reference(&order["merchant"]["id"]) {
        caller.check_header(&merchant, sequra)?;
    }
    Ok(order)
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
    let order = order_of_body(&headers, &body, &caller, &sequra)?;
    let uuid = sequra
        .world()
        .solicit(&caller.account, order, &exchange.request_id)?;
    Ok(answers::solicited(&order_url(&exchange, &uuid)))
}

/// PUT /orders/{uuid}: 200 [D].
async fn acknowledge(
    State(sequra): Shared,
    caller: Caller,
    Path(uuid): Path<String>,
    Extension(exchange): Extension<Exchange>,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    sequra.world().order_of(&uuid, &caller.account)?;
    let order = order_of_body(&headers, &body, &caller, &sequra)?;
    sequra
        .world()
        .acknowledge(&uuid, &caller.account, order, &exchange.request_id)?;
    Ok(answers::acknowledged())
}

/// POST /orders/{uuid}/form_deliveries: 204 [D].
async fn deliver_form(
    State(sequra): Shared,
    caller: Caller,
    Path(uuid): Path<String>,
    Extension(exchange): Extension<Exchange>,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    let merchant = merchant_of(&sequra, &uuid, &caller)?;
    caller.check_header(&merchant, &sequra)?;
    let delivery = body_as_json(&headers, &body, &sequra)?;
    let url = order_url(&exchange, &uuid);
    sequra
        .world()
        .deliver_form(&uuid, &delivery, &url, &exchange.request_id)?;
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
    Path(uuid): Path<String>,
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
    Path(id): Path<String>,
) -> Answered {
    let merchant = caller.account.merchant(&id);
    let merchant = merchant.ok_or_else(|| caller.bad_merchant(&id))?;
    caller.check_header(&id, &sequra)?;
    Ok(payment_methods::for_merchant(merchant))
}

/// GET /merchants/credentials [C].
async fn credentials(caller: Caller) -> Response {
    answers::credentials(&caller.account)
}

/// GET /merchants/{ref}/credentials [C for the status].
async fn merchant_credentials(caller: Caller, Path(id): Path<String>) -> Answered {
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
    Path(uuid): Path<String>,
    Query(query): Query<FormQuery>,
    Extension(exchange): Extension<Exchange>,
) -> Answered {
    merchant_of(&sequra, &uuid, &caller)?;
    Ok(answers::html(pages::identification_form(
        &order_url(&exchange, &uuid),
        query.product.as_deref().unwrap_or("i1"),
        query.campaign.as_deref(),
        query.ajax.as_deref().unwrap_or("false"),
    )))
}

/// GET /orders/{uuid}/pumbaa_form: the page the link in the message opens [D]. The
/// shopper has no credentials.
async fn pumbaa_form(
    State(sequra): Shared,
    Path(uuid): Path<String>,
    Query(query): Query<FormQuery>,
) -> Answered {
    let world = sequra.world();
    let order = world.order(&uuid).ok_or(Refusal::NotFound)?;
    let product = query.product.as_deref().unwrap_or("i1");
    Ok(answers::html(pages::pumbaa_form(&order.view(), product)))
}

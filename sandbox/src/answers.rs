//! The answers, as documented: bodies byte for byte, each with where it is known from.
//!
//! [D] seQura's documentation, [C] the code and fixtures of public integrations,
//! [I] inferred here (docs/sequra-api.md).

use crate::accounts::{Account, Merchant};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;

/// Why a request is not granted.
#[derive(Debug)]
pub enum Refusal {
    /// 401, plain text [C].
    AccessDenied,
    /// 401 of the credentials endpoints, JSON [C].
    AccessDeniedJson,
    /// 403 [C].
    BadMerchantId { id: String, account: String },
    /// 403 [C].
    BadOrderId { id: String, account: String },
    /// 403 [C].
    NoAccess,
    /// 404, a page [C for form_v2, I elsewhere].
    NotFound,
    /// 409 [D].
    Conflict(Vec<String>),
    /// 410; the status is known [C], the body is not [I].
    Gone(String),
    /// Another status with an `errors` list [I].
    Other(u16, String),
}

impl Refusal {
    pub fn conflict(text: impl Into<String>) -> Self {
        Refusal::Conflict(vec![text.into()])
    }

    /// Invented, in seQura's style [I].
    pub fn unknown_state(state: &Value) -> Self {
        let state = state.to_string();
        Refusal::conflict(format!(
            "Invalid data: state '{}' is not known",
            state.trim_matches('"')
        ))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Refusal::AccessDenied => with_challenge(answer(
                StatusCode::UNAUTHORIZED,
                "text/plain; charset=utf-8",
                "HTTP Basic: Access denied.",
            )),
            Refusal::AccessDeniedJson => {
                with_challenge(errors(StatusCode::UNAUTHORIZED, &["Access denied".into()]))
            }
            Refusal::BadMerchantId { id, account } => errors(
                StatusCode::FORBIDDEN,
                &[format!("Bad merchant id '{id}' for {account}")],
            ),
            Refusal::BadOrderId { id, account } => errors(
                StatusCode::FORBIDDEN,
                &[format!("Bad order id '{id}' for {account}")],
            ),
            Refusal::NoAccess => errors(
                StatusCode::FORBIDDEN,
                &["You do not have access to this URL".into()],
            ),
            Refusal::NotFound => answer(StatusCode::NOT_FOUND, HTML, NOT_FOUND_PAGE),
            Refusal::Conflict(texts) => errors(StatusCode::CONFLICT, &texts),
            Refusal::Gone(text) => errors(StatusCode::GONE, &[text]),
            Refusal::Other(status, text) => errors(
                StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
                &[text],
            ),
        }
    }
}

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json; charset=utf-8";
const NOT_FOUND_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Not found (404)</title></head>\
<body><h1>The page you were looking for does not exist.</h1></body></html>\n";

fn answer(status: StatusCode, content_type: &'static str, body: impl Into<String>) -> Response {
    (status, [(header::CONTENT_TYPE, content_type)], body.into()).into_response()
}

fn with_challenge(mut response: Response) -> Response {
    let challenge = HeaderValue::from_static("Basic realm=\"Application\"");
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, challenge);
    response
}

/// `{"errors":["…"]}` [D].
pub fn errors(status: StatusCode, texts: &[String]) -> Response {
    #[derive(Serialize)]
    struct Errors<'a> {
        errors: &'a [String],
    }
    json(status, &Errors { errors: texts })
}

pub fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_string(body) {
        Ok(text) => answer(status, JSON, text),
        Err(e) => answer(
            StatusCode::INTERNAL_SERVER_ERROR,
            "text/plain; charset=utf-8",
            e.to_string(),
        ),
    }
}

pub fn html(body: String) -> Response {
    answer(StatusCode::OK, HTML, body)
}

/// 204 with `Location` and nothing else: the answer to a solicitation [D].
pub fn solicited(order_url: &str) -> Response {
    match HeaderValue::from_str(order_url) {
        Ok(url) => (StatusCode::NO_CONTENT, [(header::LOCATION, url)]).into_response(),
        // Only a Host header that cannot stand in a URL leads here.
        Err(_) => {
            Refusal::Other(400, "Invalid data: the Host header is not valid".into()).into_response()
        }
    }
}

/// The form was sent: 204 [D].
pub fn form_delivered() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// A PUT was accepted: 200 [D]; that the body is empty is inferred [I].
pub fn acknowledged() -> Response {
    StatusCode::OK.into_response()
}

/// An order update was accepted. 200, 202 and 204 all say so; what is in the body of the
/// first two is not defined [D], so here it is nothing that anyone could use.
pub fn updated(status: u16) -> Response {
    match StatusCode::from_u16(status) {
        Ok(status @ (StatusCode::OK | StatusCode::ACCEPTED)) => {
            answer(status, JSON, r#"{"undefined":true}"#)
        }
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}

/// A delivery report was accepted; any 2xx is known to do [C], the 204 is inferred [I].
pub fn reported() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// Headers that every answer of seQura carries [D sample headers].
pub fn dress(response: &mut Response, request_id: &str, runtime: Duration) {
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("x-request-id", request_id);
    set("x-runtime", &format!("{:.6}", runtime.as_secs_f64()));
    set("cache-control", "no-cache");
    set("x-frame-options", "SAMEORIGIN");
}

/// A `Date` of another clock than this machine's, which the server takes by itself.
pub fn date(response: &mut Response, ahead_s: i64) {
    let there = jiff::Timestamp::now().checked_add(jiff::SignedDuration::from_secs(ahead_s));
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    let date = there.and_then(|there| printer.timestamp_to_rfc9110_string(&there));
    if let Ok(Ok(date)) = date.map(|date| HeaderValue::from_str(&date)) {
        response.headers_mut().insert(header::DATE, date);
    }
}

/// One merchant as the credentials endpoint shows it, fields in its order [C].
#[derive(Serialize)]
struct Credential<'a> {
    r#ref: &'a str,
    name: Option<&'a str>,
    country: &'a str,
    allowed_countries: &'a [String],
    currency: &'a str,
    assets_key: &'a str,
    contract_options: [&'a str; 0],
    extra_information: ExtraInformation<'a>,
    verify_signature: bool,
    signature_secret: &'a str,
    confirmation_path: &'a str,
    realm: &'a str,
}

#[derive(Serialize)]
struct ExtraInformation<'a> {
    r#type: &'a str,
    phone_number: &'a str,
}

impl<'a> From<&'a Merchant> for Credential<'a> {
    fn from(merchant: &'a Merchant) -> Self {
        Credential {
            r#ref: &merchant.id,
            name: None,
            country: &merchant.country,
            allowed_countries: &merchant.allowed_countries,
            currency: &merchant.currency,
            assets_key: "k1",
            contract_options: [],
            extra_information: ExtraInformation {
                r#type: "regular",
                phone_number: "",
            },
            verify_signature: false,
            signature_secret: "s",
            confirmation_path: "default",
            realm: &merchant.realm,
        }
    }
}

/// The account's merchants [C].
pub fn credentials(account: &Account) -> Response {
    let all: Vec<Credential<'_>> = account.merchants.iter().map(Credential::from).collect();
    json(StatusCode::OK, &all)
}

/// One merchant's entry; clients only look at the status [C], the body is inferred [I].
pub fn merchant_credentials(merchant: &Merchant) -> Response {
    json(StatusCode::OK, &Credential::from(merchant))
}

/// Where seQura runs [C]; svea's asset hosts are inferred [I].
pub fn deployments() -> Response {
    answer(
        StatusCode::OK,
        JSON,
        concat!(
            r#"[{"id":"sequra","name":"seQura","#,
            r#""live":{"api_base_url":"https://live.sequrapi.com/","assets_base_url":"https://live.sequracdn.com/assets/"},"#,
            r#""sandbox":{"api_base_url":"https://sandbox.sequrapi.com/","assets_base_url":"https://sandbox.sequracdn.com/assets/"}},"#,
            r#"{"id":"svea","name":"SVEA","#,
            r#""live":{"api_base_url":"https://live.sequra.svea.com/","assets_base_url":"https://live.cdn.sequra.svea.com/assets/"},"#,
            r#""sandbox":{"api_base_url":"https://next-sandbox.sequra.svea.com/","assets_base_url":"https://next-sandbox.cdn.sequra.svea.com/assets/"}}]"#,
        ),
    )
}

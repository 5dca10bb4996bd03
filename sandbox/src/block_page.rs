//! Answers of somebody between the till and seQura: a filter, a portal that wants a login, a gateway
//! that has lost patience.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What such an answer looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// A page for a browser.
    Html,
    /// A line of text.
    Text,
    /// JSON in a gateway's own form.
    Json,
    /// No body.
    Blank,
}

impl Page {
    /// Content type and body.
    fn content(self) -> (&'static str, &'static str) {
        match self {
            Page::Html => (
                "text/html; charset=utf-8",
                "<!DOCTYPE html>\n<html><head><title>Web access blocked</title></head><body>\
                 <h1>Web access blocked</h1><p>This address is not allowed by your administrator.</p></body></html>\n",
            ),
            Page::Text => (
                "text/plain",
                "Access blocked by the network administrator.\n",
            ),
            Page::Json => (
                "application/json",
                r#"{"error":{"code":"blocked","message":"This address is not allowed."}}"#,
            ),
            Page::Blank => ("text/plain", ""),
        }
    }
}

/// The `X-Request-Id` such an answer carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestId {
    /// None.
    None,
    /// 32 hexadecimal digits, as some gateways give it.
    Hex,
    /// A uuid, as seQura gives it: nobody can tell the two apart.
    Uuid,
}

/// The answer.
pub fn answer(status: u16, page: Page, request_id: RequestId) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN);
    let (content_type, body) = page.content();
    let mut response = (status, [(header::CONTENT_TYPE, content_type)], body).into_response();
    let id = uuid::Uuid::new_v4();
    let id = match request_id {
        RequestId::None => return response,
        RequestId::Hex => id.simple().to_string(),
        RequestId::Uuid => id.to_string(),
    };
    if let Ok(value) = HeaderValue::from_str(&id) {
        let name = HeaderName::from_static("x-request-id");
        response.headers_mut().insert(name, value);
    }
    response
}

/// An answer that is not seQura's, as it is wanted.
pub fn foreign_answer(
    status: u16,
    body: &str,
    content_type: &str,
    headers: &BTreeMap<String, String>,
) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut response = (status, body.to_owned()).into_response();
    let mut set = |name: &str, value: &str| {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    };
    set("content-type", content_type);
    for (name, value) in headers {
        set(name, value);
    }
    response
}

//! What the browser gets: pages that may do nothing but what they need, and are kept nowhere.

use super::visitor::Visitor;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

/// Nothing from elsewhere, no script at all, no forms to elsewhere, in no frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// For every answer: to be taken for nothing else, and kept nowhere.
const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "no-store"),
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Without one, a browser would not say whose page a form was on.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

pub fn page(visitor: &Visitor, status: StatusCode, page: Markup) -> Response {
    let kind = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_LANGUAGE, visitor.language.code()),
        (header::VARY, "Accept-Language, Cookie"),
    ];
    let response = (status, ALWAYS, kind, page.into_string()).into_response();
    with_cookie(response, visitor.cookie())
}

/// What a form asked for is done; here it shows.
pub fn done(place: &str) -> Response {
    (ALWAYS, Redirect::to(place)).into_response()
}

/// The same answer, which sets a cookie.
pub fn with_cookie(mut response: Response, cookie: Option<String>) -> Response {
    let value = cookie.map(|cookie| HeaderValue::from_str(&cookie));
    if let Some(Ok(value)) = value {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// The same answer, and when to come again.
pub fn later(mut response: Response, seconds: i64) -> Response {
    if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// A text for a machine.
pub fn text(status: StatusCode, kind: &'static str, text: String) -> Response {
    (status, ALWAYS, [(header::CONTENT_TYPE, kind)], text).into_response()
}

fn part(kind: &'static str, content: &'static str) -> Response {
    (ALWAYS, [(header::CONTENT_TYPE, kind)], content).into_response()
}

pub async fn style() -> Response {
    part("text/css; charset=utf-8", include_str!("page.css"))
}

pub async fn icon() -> Response {
    part("image/svg+xml", include_str!("icon.svg"))
}

//! What the browser gets: pages that may do nothing but what they need, and their parts.

use super::visitor::Visitor;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

/// Nothing from elsewhere, nothing in the page itself, no forms to elsewhere, no frames.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// For every answer: to be taken for nothing else, and kept nowhere.
const ALWAYS: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "no-store"),
    // Without one, a browser would not say whose page a form was on.
    (header::REFERRER_POLICY, "same-origin"),
];

pub fn page(visitor: &Visitor, status: StatusCode, page: Markup) -> Response {
    let kind = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_LANGUAGE, visitor.language.code()),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::VARY, "Accept-Language, Cookie"),
    ];
    let mut response = (status, ALWAYS, kind, page.into_string()).into_response();
    let cookie = visitor
        .cookie()
        .map(|cookie| HeaderValue::from_str(&cookie));
    if let Some(Ok(cookie)) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// What a form asked for is done; here it shows.
pub fn done(place: &str) -> Response {
    Redirect::to(place).into_response()
}

fn part(kind: &'static str, content: &'static str) -> Response {
    (ALWAYS, [(header::CONTENT_TYPE, kind)], content).into_response()
}

pub async fn style() -> Response {
    part("text/css; charset=utf-8", include_str!("page.css"))
}

pub async fn script() -> Response {
    part("text/javascript; charset=utf-8", include_str!("page.js"))
}

pub async fn icon() -> Response {
    part("image/svg+xml", include_str!("icon.svg"))
}

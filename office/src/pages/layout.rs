//! What all pages have: their frame, and how times, amounts, lists and forms are shown.

use super::answer;
use super::language::{Language, exact, machine_readable};
use super::role::Role;
use super::visitor::Visitor;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{DOCTYPE, Markup, html};

const PAGES: &[(&str, &str, &str, Role)] = &[
    ("/", "Now", "Ahora", Role::Look),
    ("/tills", "Tills", "Cajas", Role::Look),
    ("/audit", "Audit log", "Auditoría", Role::Administer),
];

/// A whole page, with the way to the others.
pub fn page(visitor: &Visitor, title: &str, content: &Markup) -> Response {
    framed(visitor, StatusCode::OK, title, content)
}

/// What was asked for cannot be done, and why.
pub fn refused(visitor: &Visitor, status: StatusCode, why: &str) -> Response {
    let title = visitor.says("That cannot be done", "Eso no se puede hacer");
    let content = html! {
        h1 { (title) }
        p role="alert" { (why) }
        p { a.button href="/" { (visitor.says("To the first page", "A la primera página")) } }
    };
    framed(visitor, status, title, &content)
}

/// There is no such thing.
pub fn unknown(visitor: &Visitor) -> Response {
    let why = visitor.says("There is no such page.", "No hay tal página.");
    refused(visitor, StatusCode::NOT_FOUND, why)
}

pub fn framed(visitor: &Visitor, status: StatusCode, title: &str, content: &Markup) -> Response {
    let frame = html! {
        a.skip href="#content" { (visitor.says("To the content", "Ir al contenido")) }
        header.top {
            p.name { a href="/" { "seQura" span { (visitor.says("office", "oficina")) } } }
            @if visitor.user.is_some() { (ways(visitor)) } @else { nav {} }
            @if let Some(user) = &visitor.user {
                form.who method="post" action="/logout" {
                    (token(visitor))
                    a href="/account" title=(visitor.says("Your account", "Su cuenta")) { (user.name) }
                    button.quiet { (visitor.says("Log out", "Salir")) }
                }
            }
            (languages(visitor))
        }
        main #content { (content) }
    };
    answer::page(visitor, status, document(visitor, title, &frame))
}

fn ways(visitor: &Visitor) -> Markup {
    let is_at = |path: &str| match path {
        "/" => visitor.path == "/",
        _ => visitor.path.starts_with(path),
    };
    html! {
        nav aria-label=(visitor.says("Pages", "Páginas")) {
            @for (path, english, spanish, role) in PAGES {
                @if visitor.may(*role) {
                    a href=(path) aria-current=[is_at(path).then_some("page")] { (visitor.says(english, spanish)) }
                }
            }
        }
    }
}

fn document(visitor: &Visitor, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(visitor.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (visitor.says("seQura office", "Oficina seQura")) }
                link rel="stylesheet" href="/page.css";
                link rel="icon" href="/icon.svg" type="image/svg+xml";
            }
            body { (body) }
        }
    }
}

fn languages(visitor: &Visitor) -> Markup {
    html! {
        p.languages {
            @for one in Language::ALL {
                @if one == visitor.language {
                    span lang=(one.code()) { (one.name()) }
                } @else {
                    a lang=(one.code()) hreflang=(one.code()) href=(visitor.here_with(&[("lang", Some(one.code()))])) {
                        (one.name())
                    }
                }
            }
        }
    }
}

/// What a form carries so that it is known to be of one of our pages.
pub fn token(visitor: &Visitor) -> Markup {
    html! { input type="hidden" name="csrf" value=(visitor.csrf()); }
}

/// A moment as one would say it; the exact one shows where one points.
pub fn time(visitor: &Visitor, at: i64) -> Markup {
    html! {
        time datetime=(machine_readable(at)) title=(exact(at)) { (visitor.language.ago(at, visitor.now)) }
    }
}

/// A moment to the second, for lists in which the order of things matters.
pub fn moment(visitor: &Visitor, at: i64) -> Markup {
    let ago = visitor.language.ago(at, visitor.now);
    html! { time datetime=(machine_readable(at)) title=(ago) { (exact(at)) } }
}

/// One that may not be known.
pub fn maybe_time(visitor: &Visitor, at: Option<i64>) -> Markup {
    match at {
        Some(at) => time(visitor, at),
        None => html! { (visitor.says("never", "nunca")) },
    }
}

/// An amount.
pub fn money(visitor: &Visitor, cents: i64, currency: &str) -> Markup {
    html! { span.money { (visitor.language.money(cents, currency)) } }
}

/// A mark; its kind is `good`, `warm`, `bad` or none.
pub fn badge(kind: &str, text: &str) -> Markup {
    html! { span class=(format!("badge {kind}")) { (text) } " " }
}

/// What a till says, as long as a place for it may become.
pub fn short(text: &str) -> Markup {
    const MOST: usize = 120;
    let end = text.char_indices().nth(MOST).map(|(at, _)| at);
    html! { (&text[..end.unwrap_or(text.len())]) @if end.is_some() { "…" } }
}

/// An id, of which the beginning is shown.
pub fn id(text: &str) -> Markup {
    let end = text.char_indices().nth(8).map_or(text.len(), |(at, _)| at);
    html! { code title=(text) { (&text[..end]) } }
}

/// A part of a page, with a heading.
pub fn part(id: &str, title: &str, content: &Markup) -> Markup {
    html! {
        section.part aria-labelledby=(id) {
            h2 id=(id) { (title) }
            (content)
        }
    }
}

/// The ways to the pages before and after this one.
pub fn pager(visitor: &Visitor, before: Option<String>, after: Option<String>) -> Markup {
    html! {
        @if before.is_some() || after.is_some() {
            nav.pager aria-label=(visitor.says("Further pages", "Más páginas")) {
                @if let Some(before) = before { a rel="prev" href=(before) { (visitor.says("← back", "← anteriores")) } }
                @if let Some(after) = after { a rel="next" href=(after) { (visitor.says("further →", "siguientes →")) } }
            }
        }
    }
}

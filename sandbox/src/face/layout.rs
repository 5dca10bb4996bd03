//! What all pages have: their frame, and how lists, times and long texts are shown.

use super::answer;
use super::visitor::{Language, Visitor};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{DOCTYPE, Markup, html};

/// A whole page, with the way to the others.
pub fn page(visitor: &Visitor, title: &str, content: &Markup) -> Response {
    let frame = html! {
        a.skip href="#content" { (visitor.of("To the content", "Ir al contenido")) }
        header.top {
            p.name { a href="/" { "seQura" span { (visitor.of("simulated", "simulado")) } } }
            nav aria-label=(visitor.of("Pages", "Páginas")) {
                @for (path, english, spanish) in PAGES {
                    a href=(path) aria-current=[visitor.is_at(path).then_some("page")] {
                        (visitor.of(english, spanish))
                    }
                }
            }
            (languages(visitor))
        }
        (gone(visitor))
        main #content { (content) }
    };
    answer::page(
        visitor,
        StatusCode::OK,
        document(visitor, title, "", &frame),
    )
}

const PAGES: &[(&str, &str, &str)] = &[
    ("/", "Overview", "Resumen"),
    ("/_sandbox/page/orders", "Orders", "Pedidos"),
    ("/_sandbox/page/messages", "Messages", "Mensajes"),
    ("/_sandbox/page/requests", "Requests", "Peticiones"),
    ("/_sandbox/page/ledger", "Ledger", "Libro"),
];

/// What was asked for cannot be done, and why.
pub fn refused(visitor: &Visitor, status: StatusCode, why: &str) -> Response {
    let title = visitor.of("That cannot be done", "Eso no se puede hacer");
    let frame = html! {
        main #content.alone {
            h1 { (title) }
            p role="alert" { (why) }
            p { a.button href="/" { (visitor.of("To the overview", "Al resumen")) } }
        }
    };
    answer::page(visitor, status, document(visitor, title, "", &frame))
}

/// The document around a page.
pub fn document(visitor: &Visitor, title: &str, class: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(visitor.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (visitor.of("seQura, simulated", "seQura simulado")) }
                link rel="stylesheet" href="/_sandbox/page.css";
                link rel="icon" href="/_sandbox/icon.svg" type="image/svg+xml";
                script src="/_sandbox/page.js" defer {}
            }
            body class=(class) { (body) }
        }
    }
}

/// Shown by the script when the simulator has ended.
pub fn gone(visitor: &Visitor) -> Markup {
    html! {
        p #gone role="status" hidden {
            (visitor.of(
                "The simulator does not answer any more; what you see is old.",
                "El simulador ya no contesta; lo que ve es antiguo.",
            ))
        }
    }
}

pub fn languages(visitor: &Visitor) -> Markup {
    html! {
        p.languages {
            @for one in Language::ALL {
                @if one == visitor.language {
                    span lang=(one.code()) { (one.name()) }
                } @else {
                    a lang=(one.code()) hreflang=(one.code()) href=(visitor.here_with("lang", Some(one.code()))) {
                        (one.name())
                    }
                }
            }
        }
    }
}

/// What may be missing in a table, which a narrow page leaves out then.
pub fn cell(label: &str, class: &str, content: Option<&str>) -> Markup {
    let class = if content.is_some() {
        class.to_owned()
    } else {
        format!("{class} none")
    };
    html! { td class=(class) data-label=(label) { (short(content.unwrap_or("–"))) } }
}

/// A moment; the script turns it into the browser's own time.
pub fn time(at: &str) -> Markup {
    let clock = at.get(11..19).unwrap_or(at);
    html! { time datetime=(at) title=(at) { (clock) " UTC" } }
}

/// The part of a list that a page shows: the newest, or those before.
pub struct Window {
    /// How many there are, as far as one can go back.
    total: usize,
    until: usize,
    size: usize,
}

impl Window {
    const SIZE: usize = 25;

    /// What the page's address asks for, of `total`.
    pub fn asked(visitor: &Visitor, total: usize) -> Window {
        let until = visitor.asked("until").and_then(|text| text.parse().ok());
        let until = until.unwrap_or(total).min(total);
        Window {
            total,
            until,
            size: Window::SIZE,
        }
    }

    /// The newest of a list whose oldest comes first, or what is asked for, newest first.
    pub fn of<'a, T>(
        &self,
        newest_first: impl Iterator<Item = T> + 'a,
    ) -> impl Iterator<Item = T> + 'a {
        newest_first.skip(self.total - self.until).take(self.size)
    }

    /// The ways to what is newer and older.
    pub fn pager(&self, visitor: &Visitor) -> Markup {
        let newer = (self.until < self.total).then(|| {
            let until = self.until + self.size;
            let until = (until < self.total).then(|| until.to_string());
            visitor.here_with("until", until.as_deref())
        });
        let older = self.until.checked_sub(self.size).filter(|until| *until > 0);
        let older = older.map(|until| visitor.here_with("until", Some(&until.to_string())));
        let first = self.until.saturating_sub(self.size) + 1;
        html! {
            @if self.total > 0 {
                nav.pager aria-label=(visitor.of("Older and newer", "Anteriores y posteriores")) {
                    @if let Some(newer) = newer {
                        a rel="prev" href=(newer) { (visitor.of("← newer", "← posteriores")) }
                    }
                    span { (first) "–" (self.until) " " (visitor.of("of", "de")) " " (self.total) }
                    @if let Some(older) = older {
                        a rel="next" href=(older) { (visitor.of("older →", "anteriores →")) }
                    }
                }
            }
        }
    }
}

/// The beginning of a text, cut between two characters, and whether that is all of it.
pub fn beginning(text: &str, bytes: usize) -> (&str, bool) {
    if text.len() <= bytes {
        return (text, true);
    }
    let end = (0..=bytes).rev().find(|&end| text.is_char_boundary(end));
    (&text[..end.unwrap_or(0)], false)
}

/// A text of a till's that should be short, as long as a place for it may become.
pub fn short(text: &str) -> Markup {
    let (beginning, whole) = beginning(text, 200);
    html! { (beginning) @if !whole { "…" } }
}

/// A text of several lines that can be scrolled, by the keyboard, too.
pub fn lines(label: &str, text: &str) -> Markup {
    html! { pre tabindex="0" role="region" aria-label=(label) { (text) } }
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(beginning("Íñigo", 20), ("Íñigo", true));
        assert_eq!(beginning("Íñigo", 3), ("Í", false));
        assert_eq!(beginning("Íñigo", 0), ("", false));
        assert_eq!(beginning("", 0), ("", true));
    }
}

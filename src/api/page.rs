//! Web pages that come where an answer of the API was asked for: an address that is not the API's, or somebody in
//! between.

/// As much of a page's words is told, in characters.
const LONGEST: usize = 200;

/// What a person would read on a page, on one line; none: it is no page.
pub(super) fn text_of(body: &str) -> Option<String> {
    let lower = body.to_ascii_lowercase();
    let has_part = ["<head", "<title", "<body"]
        .iter()
        .any(|part| lower.contains(part));
    let is_page = lower.starts_with("<!doctype html") || lower.starts_with("<html") && has_part;
    is_page.then(|| words(body, &lower))
}

fn words(body: &str, lower: &str) -> String {
    let mut text = String::new();
    let mut at = 0;
    while let Some(tag) = lower[at..].find('<').map(|found| at + found) {
        text.push_str(&body[at..tag]);
        text.push(' ');
        let unseen = ["script", "style"]
            .into_iter()
            .find(|name| lower[tag + 1..].starts_with(name));
        let end = match unseen {
            Some(name) => lower[tag..].find(&format!("</{name}")),
            None => lower[tag..].find('>'),
        };
        let Some(end) = end else {
            at = body.len();
            break;
        };
        at = tag + end + usize::from(unseen.is_none());
    }
    text.push_str(&body[at..]);
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_told_by_its_words() {
        for (page, words) in [
            (
                "<!DOCTYPE html>\n<html><head><title>Not found (404)</title></head><body><h1>No\n such page.</h1></body></html>",
                "Not found (404) No such page.",
            ),
            (
                "<HTML><head><STYLE>p {x: '<p>'}</STYLE><script>if (1 < 2) {}</script></head><body>¡Añil!<br/>5 €",
                "¡Añil! 5 €",
            ),
            ("<!doctype html><p>cut <b", "cut"),
            ("<!doctype html><script>never ended", ""),
            ("<!doctype html>", ""),
        ] {
            assert_eq!(text_of(page).as_deref(), Some(words), "{page}");
        }
        let long = text_of(&format!("<html><body>{}", "ñ".repeat(5000)));
        assert_eq!(long.map(|text| text.chars().count()), Some(LONGEST));
        for none in [
            "<html>Conflict</html>",
            "{}",
            "",
            "<xml/>",
            "no <html><body>",
        ] {
            assert_eq!(text_of(none), None, "{none}");
        }
    }
}

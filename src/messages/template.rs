//! Texts with places for numbers, filled so that no `{…}` ever reaches a till.
//!
//! Often a number is not known: the currency is the very field that is missing, or seQura's text
//! gave no amounts. So every text is a list of alternatives, from the one that says most to one
//! that needs nothing, and the first whose places can all be filled is taken.

/// Alternatives of one text, one a line, the most telling first; the last has no places.
pub(in crate::messages) type Texts = &'static str;

/// What is known, by the names that stand in braces.
#[derive(Default)]
pub(super) struct Values(Vec<(&'static str, String)>);

impl Values {
    pub(super) fn with(mut self, name: &'static str, value: Option<String>) -> Values {
        self.0.extend(value.map(|value| (name, value)));
        self
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The first alternative that can be filled. Empty only when a language breaks the rule above,
/// which its tests do not let through.
pub(super) fn fill(texts: Texts, values: &Values) -> String {
    texts
        .lines()
        .find_map(|text| fill_one(text, values))
        .unwrap_or_default()
}

/// The text with its places filled, or nothing when one of them cannot be. A value is never read
/// as a template in its turn.
pub(super) fn fill_one(text: &str, values: &Values) -> Option<String> {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        filled.push_str(before);
        filled.push_str(values.get(name)?);
        rest = after;
    }
    filled.push_str(rest);
    Some(filled)
}

//! In which language people are told: as asked for, as the configuration says, or as the system is set.

use crate::arguments::{Common, Tongue};
use sequra_pos::words::Language;
use serde_json::Value;

/// Which.
pub fn of(common: &Common) -> Language {
    let asked = common.language.map(spoken);
    let configured = || configured(common).and_then(|tag| Language::from_tag(&tag));
    asked
        .or_else(configured)
        .or_else(|| system().as_deref().and_then(of_tag))
        .unwrap_or_default()
}

fn spoken(tongue: Tongue) -> Language {
    match tongue {
        Tongue::Es => Language::Es,
        Tongue::En => Language::En,
        Tongue::Fr => Language::Fr,
        Tongue::It => Language::It,
        Tongue::Pt => Language::Pt,
    }
}

/// What the file says of it, whatever else is in it.
fn configured(common: &Common) -> Option<String> {
    let bytes = std::fs::read(&common.config).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    value.get("language")?.as_str().map(str::to_owned)
}

#[cfg(not(windows))]
fn system() -> Option<String> {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let set = |name: &&str| std::env::var(name).ok().filter(|value| !value.is_empty());
    names.iter().find_map(set)
}

#[cfg(windows)]
fn system() -> Option<String> {
    sys_locale::get_locale()
}

/// `es_ES.UTF-8`, `pt-PT`, `fr`
fn of_tag(tag: &str) -> Option<Language> {
    let letters = tag.split(['_', '-', '.', '@']).next()?;
    Language::from_tag(&letters.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_systems_language_is_known_by_its_letters() {
        assert_eq!(of_tag("es_ES.UTF-8"), Some(Language::Es));
        assert_eq!(of_tag("pt-PT"), Some(Language::Pt));
        assert_eq!(of_tag("EN"), Some(Language::En));
        assert_eq!(of_tag("C.UTF-8"), None);
        assert_eq!(of_tag(""), None);
    }
}

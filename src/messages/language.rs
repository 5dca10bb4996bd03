//! The languages that there are, and who writes each.

use super::phrases::Phrases;
use super::{en, es, fr, it, pt};

macro_rules! languages {
    ($($(#[doc = $doc:literal])+ $variant:ident = $tag:literal => $phrases:expr),+ $(,)?) => {
        /// Language of operator messages.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Language { $($(#[doc = $doc])+ $variant),+ }

        impl Language {
            /// Every language.
            pub const ALL: &'static [Language] = &[$(Language::$variant),+];

            /// The tag, as the configuration's `language` has it.
            pub const fn tag(self) -> &'static str {
                match self { $(Language::$variant => $tag),+ }
            }

            pub(super) fn phrases(self) -> &'static dyn Phrases {
                match self { $(Language::$variant => &$phrases),+ }
            }
        }
    };
}

languages! {
    /// Spanish.
    Es = "es" => es::Spanish,
    /// English.
    En = "en" => en::English,
    /// French.
    Fr = "fr" => fr::French,
    /// Italian.
    It = "it" => it::Italian,
    /// Portuguese, as in Portugal.
    Pt = "pt" => pt::Portuguese,
}

#[allow(clippy::derivable_impls)] // the variants come out of the macro above
impl Default for Language {
    fn default() -> Language {
        Language::Es
    }
}

/// How the person at the till is spoken to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Voice {
    /// In which language.
    pub language: Language,
    /// Of what is only tried, and no sale.
    pub is_test: bool,
}

/// Of what is real, as far as anybody knows.
impl From<Language> for Voice {
    fn from(language: Language) -> Voice {
        Voice {
            language,
            is_test: false,
        }
    }
}

impl Language {
    /// What stands between a number's whole part and its fraction.
    pub(crate) fn decimal_sign(self) -> char {
        self.phrases().money().decimal
    }

    /// The language with this tag, if there is one. Exact: the configuration says the tags.
    pub fn from_tag(tag: &str) -> Option<Language> {
        Language::ALL
            .iter()
            .copied()
            .find(|language| language.tag() == tag)
    }
}

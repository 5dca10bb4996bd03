//! What a receipt says, beside what was sold.

use super::amount;
use super::label::Label;
use super::language::{Language, Voice};

impl Voice {
    /// A text of a receipt.
    pub fn label(self, label: Label) -> &'static str {
        self.language.phrases().receipt(label)
    }

    /// What stands before all that is said of what is only tried.
    pub fn mark(self) -> Option<&'static str> {
        self.is_test.then(|| self.language.phrases().test())
    }
}

impl Language {
    /// An amount as a column of figures has it; `with_currency`: as a total.
    pub fn amount(self, cents: i64, currency: Option<&str>, with_currency: bool) -> String {
        let money = self.phrases().money();
        let shown = with_currency.then(|| amount::format(&money, cents, currency));
        let shown = shown.flatten();
        shown.unwrap_or_else(|| amount::bare(&money, cents, currency))
    }
}

//! Signs that an old console lacks, in letters that every one has.

/// Each sign that it has not, spelled; what cannot be spelled stays.
pub fn spelled(text: &str, has: &dyn Fn(char) -> bool) -> String {
    let mut legible = String::with_capacity(text.len());
    for c in text.chars() {
        let spelling = match c {
            '€' => "EUR",
            '→' => "->",
            '←' => "<-",
            '…' => "...",
            '‐'..='―' | '−' => "-",
            '‘' | '’' | '′' => "'",
            '“' | '”' | '″' => "\"",
            '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{a0}' => " ",
            'º' => "o",
            'ª' => "a",
            '°' => "o",
            'œ' => "oe",
            'Œ' => "OE",
            '«' | '»' => "\"",
            _ => "",
        };
        match spelling.is_empty() || has(c) {
            true => legible.push(c),
            false => legible.push_str(spelling),
        }
    }
    legible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_console_lacks_is_spelled_and_nothing_else() {
        let old = |c: char| u32::from(c) < 0x100;
        let text = "N.º 3: 154,97\u{a0}€ → ñ ż…";
        assert_eq!(spelled(text, &old), "N.º 3: 154,97\u{a0}EUR -> ñ ż...");
        assert_eq!(spelled(text, &|_| true), text);
        assert_eq!(spelled("«N.º\u{a0}1» −5", &|_| false), "\"N.o 1\" -5");
    }
}

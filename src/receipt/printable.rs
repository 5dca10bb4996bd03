//! A text as a receipt printer can print it: what moves no print head is taken out, and each character is known to take one
//! column or two.

use crate::text_encoding::TextEncoding;

/// A letter of western Europe, what stands under its accent, and the accent as a character of its own.
const ACCENTED: &str = "àa\u{300}áa\u{301}âa\u{302}ãa\u{303}äa\u{308}åa\u{30a}çc\u{327}èe\u{300}ée\u{301}êe\u{302}ëe\u{308}\
     ìi\u{300}íi\u{301}îi\u{302}ïi\u{308}ñn\u{303}òo\u{300}óo\u{301}ôo\u{302}õo\u{303}öo\u{308}ùu\u{300}úu\u{301}ûu\u{302}\
     üu\u{308}ýy\u{301}ÿy\u{308}";

/// A text in one line, its blanks made one; what the host's encoding cannot hold becomes what comes nearest.
pub(super) fn printable(text: &str, encoding: TextEncoding) -> String {
    let mut composed: Vec<char> = Vec::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            composed.push(' ');
        } else if is_combining(c) {
            let accented = composed.last().and_then(|under| with_accent(*under, c));
            if let (Some(accented), Some(last)) = (accented, composed.last_mut()) {
                *last = accented;
            }
        } else if !is_unseen(c) {
            composed.push(c);
        }
    }
    let mut line = String::with_capacity(composed.len());
    for c in composed {
        if c == ' ' && (line.is_empty() || line.ends_with(' ')) {
            continue;
        }
        match encoding.holds(c) {
            true => line.push(c),
            false => line.push_str(nearest(c, encoding)),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// How many columns a text takes that is printable.
pub(super) fn width(text: &str, encoding: TextEncoding) -> usize {
    text.chars().map(|c| columns(c, encoding)).sum()
}

/// East Asian characters and pictures take two; and what takes two bytes in an encoding of East Asia is as wide there.
pub(super) fn columns(c: char, encoding: TextEncoding) -> usize {
    if encoding != TextEncoding::default() && !c.is_ascii() {
        return encoding.encode_bare(c.encode_utf8(&mut [0; 4])).len();
    }
    let is_wide = matches!(u32::from(c),
        0x1100..=0x115f | 0x231a..=0x231b | 0x2329..=0x232a | 0x23e9..=0x23f3 | 0x25fd..=0x25fe | 0x2600..=0x27bf
        | 0x2b1b..=0x2b1c | 0x2b50 | 0x2b55 | 0x2e80..=0xa4cf | 0xa960..=0xa97f | 0xac00..=0xd7a3 | 0xf900..=0xfaff
        | 0xfe10..=0xfe1f | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x16fe0..=0x1b2ff | 0x1d300..=0x1d37f
        | 0x1f000..=0x1faff | 0x20000..=0x3fffd);
    1 + usize::from(is_wide)
}

/// What comes nearest to a character that the encoding lacks.
fn nearest(c: char, encoding: TextEncoding) -> &'static str {
    if c == '€' {
        return "EUR";
    }
    let found = accented().find(|(accented, ..)| accented.to_lowercase().eq(c.to_lowercase()));
    let Some((_, under, _)) = found.filter(|(_, under, _)| encoding.holds(*under)) else {
        return "?";
    };
    const PLAIN: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let at = usize::from(under as u8 - b'a') + 26 * usize::from(c.is_uppercase());
    &PLAIN[at..=at]
}

fn with_accent(under: char, accent: char) -> Option<char> {
    let lower = under.to_ascii_lowercase();
    let (accented, ..) = accented().find(|(_, plain, mark)| (*plain, *mark) == (lower, accent))?;
    match under.is_ascii_uppercase() {
        true => accented.to_uppercase().next(),
        false => Some(accented),
    }
}

fn accented() -> impl Iterator<Item = (char, char, char)> {
    let mut chars = ACCENTED.chars();
    std::iter::from_fn(move || Some((chars.next()?, chars.next()?, chars.next()?)))
}

fn is_combining(c: char) -> bool {
    matches!(u32::from(c),
        0x300..=0x36f | 0x483..=0x489 | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x20d0..=0x20ff | 0xfe00..=0xfe0f
        | 0xfe20..=0xfe2f | 0xe0100..=0xe01ef)
}

/// Marks of joining, direction and hyphenation, which print nothing.
fn is_unseen(c: char) -> bool {
    matches!(u32::from(c),
        0xad | 0x34f | 0x61c | 0x180e | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0xfeff | 0xfff9..=0xfffb
        | 0xe0000..=0xe007f)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoding(label: &str) -> TextEncoding {
        TextEncoding::for_label(label).expect(label)
    }

    #[test]
    fn a_text_becomes_one_line_of_what_prints() {
        for (text, line) in [
            ("", ""),
            (" \t\r\n ", ""),
            ("Camisa  azul\r\n", "Camisa azul"),
            ("a\u{0}b\u{1b}[31mc\u{7f}\u{85}\u{9b}d", "a b [31mc d"),
            ("1\u{a0}234\u{202f}€\u{2028}x\u{3000}y", "1 234 € x y"),
            (
                "Espan\u{303}a Cafe\u{301} NIN\u{303}O A\u{300}",
                "España Café NIÑO À",
            ),
            ("Z\u{351}a\u{332}\u{338}lgo", "Zalgo"),
            ("\u{301}x", "x"),
            ("a\u{200b}b\u{ad}c\u{202e}d\u{feff}", "abcd"),
            ("👩\u{200d}👧 ❤\u{fe0f}", "👩👧 ❤"),
        ] {
            assert_eq!(printable(text, TextEncoding::default()), line, "{text:?}");
        }
    }

    #[test]
    fn what_the_host_cannot_hold_is_what_comes_nearest() {
        for (label, text, line) in [
            (
                "windows-1252",
                "Niño 5 €, Čapek 日本 😀",
                "Niño 5 €, ?apek ?? ?",
            ),
            ("iso-8859-15", "Niño 5 €", "Niño 5 €"),
            ("iso-8859-2", "Niño ÀÉÑ çã 5 €", "Nino AÉN ça 5 EUR"),
            ("windows-1251", "España: Über ÿ", "Espana: Uber y"),
            ("shift_jis", "Niño 日本", "Nino 日本"),
        ] {
            assert_eq!(printable(text, encoding(label)), line, "{label}");
        }
    }

    #[test]
    fn every_accented_letter_comes_apart_and_together() {
        for (accented, under, accent) in accented() {
            for (whole, under) in [
                (accented, under),
                (
                    accented.to_uppercase().next().expect("a letter"),
                    under.to_ascii_uppercase(),
                ),
            ] {
                let apart: String = [under, accent].iter().collect();
                assert_eq!(
                    printable(&apart, TextEncoding::default()),
                    whole.to_string()
                );
                let cyrillic = printable(&whole.to_string(), encoding("windows-1251"));
                assert_eq!(cyrillic, under.to_string());
            }
        }
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width("Camisa ñ €", TextEncoding::default()), 10);
        assert_eq!(width("日本", TextEncoding::default()), 4);
        assert_eq!(width("😀한", TextEncoding::default()), 4);
        assert_eq!(width("⭐〈⬛", TextEncoding::default()), 6);
        assert_eq!(width("я×ﾊ", encoding("shift_jis")), 5);
        assert_eq!(width("я×", encoding("windows-1251")), 2);
    }
}

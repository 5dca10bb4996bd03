//! Words as they sound alike: without case, accents, the escapes of HTML, JSON and addresses.

use crate::messages::Language;

/// A run of letters and digits in a text.
#[derive(Debug)]
pub(super) struct Word {
    /// Lower case, without accents.
    pub(super) folded: String,
    /// Where it stands, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Between the word before and this one there is only what may stand within a number.
    pub(super) follows_closely: bool,
}

/// The words of a text, in its order: so many at most.
pub(super) fn words_of(text: &str, most: usize) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    let mut between = 0;
    let mut closely = true;
    let mut at = 0;
    while at < text.len() {
        let (c, len) = character(&text[at..]);
        if is_combining(c) || is_unseen(c) {
            // An accent of its own belongs to the letter before it.
            if let (true, Some(word)) = (open, words.last_mut()) {
                word.end = at + len;
            }
        } else if c.is_alphanumeric() {
            if !open {
                if words.len() == most {
                    break;
                }
                words.push(Word {
                    folded: String::new(),
                    start: at,
                    end: at,
                    follows_closely: closely && between <= 3,
                });
                open = true;
            }
            let word = words.last_mut().expect("one is open");
            fold(c, &mut word.folded);
            word.end = at + len;
        } else {
            if open {
                (open, between, closely) = (false, 0, true);
            }
            between += 1;
            closely &= " .-/()+\u{a0}".contains(c);
        }
        at += len;
    }
    words
}

/// The first character of a text that is not empty, and its length there in bytes.
fn character(text: &str) -> (char, usize) {
    let plain = text.chars().next().expect("the text is not empty");
    let escaped = match plain {
        '&' => entity(text),
        '\\' => json_escape(text),
        '%' => percent_escape(text),
        _ => None,
    };
    escaped.unwrap_or((plain, plain.len_utf8()))
}

/// `&ntilde;`, `&#241;`, `&#xf1;`: the letters of western Europe.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(10).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let found = match name.strip_prefix('#') {
        Some(number) => {
            let hexadecimal = number.strip_prefix(['x', 'X']);
            let code = match hexadecimal {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
        None => {
            let accents = [
                "acute", "grave", "circ", "uml", "tilde", "cedil", "ring", "slash", "caron",
            ];
            let letter = name.chars().next()?;
            let is_letter = accents.contains(&name.get(1..)?) && letter.is_ascii_alphabetic();
            is_letter.then_some(letter)?
        }
    };
    Some((found, end + 1))
}

/// `\u00f1`
fn json_escape(text: &str) -> Option<(char, usize)> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let code = u32::from_str_radix(digits, 16).ok()?;
    Some((char::from_u32(code)?, 6))
}

/// `%C3%B1`, or `%F1` as old programs have it.
fn percent_escape(text: &str) -> Option<(char, usize)> {
    let byte = |at: usize| {
        let digits = text.get(at * 3..)?.strip_prefix('%')?.get(..2)?;
        u8::from_str_radix(digits, 16).ok()
    };
    let first = byte(0)?;
    let bytes: Vec<u8> = (0..4).map_while(byte).collect();
    let character = |len: &usize| {
        let text = std::str::from_utf8(bytes.get(..*len)?).ok()?;
        Some((text.chars().next()?, len * 3))
    };
    let found = (1..=4).find_map(|len| character(&len));
    Some(found.unwrap_or((char::from(first), 3)))
}

/// What is in a word and not seen in it: where it may be broken, and marks of direction.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// A letter without case and accent; what has none stays.
fn fold(c: char, into: &mut String) {
    // As wide as a Chinese character.
    let narrow = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        _ => None,
    };
    let c = narrow.unwrap_or(c);
    for c in c.to_lowercase().filter(|c| !is_combining(*c)) {
        into.push_str(match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' | 'ª' => "a",
            'ç' | 'ć' | 'č' => "c",
            'ď' | 'đ' => "d",
            'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
            'ğ' => "g",
            'ì'..='ï' | 'ī' | 'į' | 'ı' => "i",
            'ł' | 'ľ' => "l",
            'ñ' | 'ń' | 'ň' => "n",
            'ò'..='ö' | 'ø' | 'ō' | 'ő' | 'º' => "o",
            'ř' => "r",
            'ś' | 'š' | 'ş' => "s",
            'ţ' | 'ť' => "t",
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => "u",
            'ý' | 'ÿ' => "y",
            'ź' | 'ż' | 'ž' => "z",
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'ŀ' => "l",
            other => {
                into.push(other);
                continue;
            }
        });
    }
}

/// How the months begin.
fn months(language: Language) -> [&'static str; 12] {
    match language {
        Language::Es => [
            "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic",
        ],
        Language::En => [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ],
        Language::Fr => [
            "jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec",
        ],
        Language::It => [
            "gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic",
        ],
        Language::Pt => [
            "jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez",
        ],
    }
}

/// The three parts of a date, in the order in which they stand; exactly these words, particles between
/// them allowed. A month that is a word comes where its number would in `day month year`.
pub(super) fn date(words: &[Word]) -> Option<[u32; 3]> {
    let is_particle =
        |word: &&Word| !["de", "di", "of", "the", "del"].contains(&word.folded.as_str());
    let parts: Vec<&Word> = words.iter().filter(is_particle).collect();
    let [first, second, third] = parts[..] else {
        return None;
    };
    // A particle at an end is no part of the date.
    if words.first()?.start != first.start || words.last()?.end != third.end {
        return None;
    }
    let month = |word: &Word| {
        let begins = |name: &str| word.folded.starts_with(name);
        let number = |language: &Language| months(*language).iter().position(|name| begins(name));
        Some(Language::ALL.iter().find_map(number)? as u32 + 1)
    };
    let number = |word: &Word| {
        // The last one may have the hour behind it: `20T00:00`.
        let text = word
            .folded
            .split_once('t')
            .map_or(&*word.folded, |(day, _)| day);
        let fits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse().ok()).flatten()
    };
    let part = |word: &Word| number(word).or_else(|| month(word));
    Some([part(first)?, part(second)?, part(third)?])
}

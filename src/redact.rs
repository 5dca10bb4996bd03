//! Keeps personal data out of what outlives the sale: seQura's words may quote the order, and in a
//! spelling of their own. So nothing is compared as it stands: text and order are both read as
//! words without case and accents, as digits without what stands between them, and as dates.
//!
//! It errs on the side of taking out too much. What it cannot know (a nickname, a name that the order
//! does not have) is why words are kept for a while only; codes and figures stay.

mod folding;

use crate::order::Order;
use folding::{Word, words_of};
use serde_json::Value;
use std::collections::HashSet;

/// Blocks of an order that speak of a person.
const PERSONAL: [&str; 3] = ["customer", "delivery_address", "invoice_address"];
/// Fields of those blocks that say nothing of anybody, and whose values are ordinary words.
const IMPERSONAL: [&str; 6] = [
    "logged_in",
    "language_code",
    "user_agent",
    "country_code",
    "title",
    "previous_orders",
];
/// Between the names of a person, and in every other text.
const PARTICLES: [&str; 26] = [
    "a", "al", "and", "da", "das", "de", "del", "des", "di", "do", "dos", "du", "e", "el", "en",
    "et", "i", "in", "la", "las", "le", "les", "los", "of", "the", "y",
];
/// A name this long is found within a longer word too, and by its beginning.
const DISTINCT: usize = 4;
/// So many digits in a row are somebody's: a postal code, a number of an identity card, a telephone.
const TELLING: usize = 5;
/// A telephone number without its country.
const SUBSCRIBER: usize = 9;
/// A number may be written in so many parts.
const MOST_PARTS: usize = 10;

/// `text` with everything that the order says of a person replaced by `…`.
pub fn redact(text: &str, order: &Order) -> String {
    let mut person = Person::default();
    for block in PERSONAL {
        if let Some(value) = order.document().get(block) {
            person.learn(value);
        }
    }
    person.finish();
    let words = words_of(text);
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if person.is_named_by(&word.folded) {
            spans.push((word.start, word.end));
        }
        if let Some(last) = person.number_at(&words[at..]) {
            spans.push((word.start, words[at + last].end));
        }
    }
    without(text, spans)
}

fn without(text: &str, mut spans: Vec<(usize, usize)>) -> String {
    spans.sort_unstable();
    let mut told = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in spans {
        if start >= from {
            told.push_str(&text[from..start]);
            told.push('…');
        }
        from = from.max(end);
    }
    told.push_str(&text[from..]);
    told
}

/// What an order says of a person, in the forms in which a text may repeat it.
#[derive(Default)]
struct Person {
    /// Names, streets, towns, the first half of an e-mail address.
    names: HashSet<String>,
    /// The same in order, to find one by its beginning.
    sorted: Vec<String>,
    /// How long names are that are looked for within words, in characters.
    lengths: Vec<usize>,
    /// Numbers without what stands between their parts, with letters (an identity card's) and without.
    numbers: HashSet<String>,
    /// Years, months and days.
    dates: HashSet<[u32; 3]>,
}

impl Person {
    fn learn(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.learn_text(text),
            Value::Number(number) => self.learn_text(&number.to_string()),
            Value::Array(values) => values.iter().for_each(|value| self.learn(value)),
            Value::Object(fields) => fields
                .iter()
                .filter(|(name, _)| !IMPERSONAL.contains(&name.as_str()))
                .for_each(|(_, value)| self.learn(value)),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn learn_text(&mut self, text: &str) {
        // Of an e-mail address the person is before the @; what comes after is many people's.
        let own = text.split_once('@').map_or(text, |(person, _)| person);
        let words = words_of(own);
        for word in &words {
            let is_name = !word.folded.bytes().all(|byte| byte.is_ascii_digit())
                && !PARTICLES.contains(&word.folded.as_str())
                && (word.folded.chars().count() > 1 || words.len() == 1);
            if is_name {
                self.names.insert(word.folded.clone());
            }
        }
        if let Some(date) = folding::date(&words) {
            self.dates.insert(date);
            return;
        }
        // A line of an address may hold several numbers; any other value is one.
        let whole: String = words.iter().map(|word| word.folded.as_str()).collect();
        let parts = words.iter().map(|word| word.folded.clone());
        for number in parts.chain([whole]) {
            let digits = digits_of(&number);
            if digits.len() < TELLING {
                continue;
            }
            if digits.len() > SUBSCRIBER {
                self.numbers
                    .insert(digits[digits.len() - SUBSCRIBER..].to_owned());
            }
            self.numbers.insert(digits);
            self.numbers.insert(number);
        }
    }

    fn finish(&mut self) {
        let lengths = self.names.iter().map(|name| name.chars().count());
        self.lengths = lengths.filter(|length| *length >= DISTINCT).collect();
        self.lengths.sort_unstable();
        self.lengths.dedup();
        self.sorted = self.names.iter().cloned().collect();
        self.sorted.sort_unstable();
    }

    /// A name, the beginning of one, or a word with one in it.
    fn is_named_by(&self, word: &str) -> bool {
        if self.names.contains(word) {
            return true;
        }
        let length = word.chars().count();
        if length < DISTINCT || word.bytes().all(|byte| byte.is_ascii_digit()) {
            return false;
        }
        let next = self.sorted.partition_point(|name| name.as_str() < word);
        if self
            .sorted
            .get(next)
            .is_some_and(|name| name.starts_with(word))
        {
            return true;
        }
        let places: Vec<usize> = word
            .char_indices()
            .map(|(at, _)| at)
            .chain([word.len()])
            .collect();
        let shorter = self.lengths.iter().take_while(|one| **one < length);
        shorter
            .flat_map(|one| {
                places
                    .windows(one + 1)
                    .map(|window| &word[window[0]..window[window.len() - 1]])
            })
            .any(|part| self.names.contains(part))
    }

    /// Whether a number or a date of the person begins with the first of these words: the place of its
    /// last.
    fn number_at(&self, words: &[Word]) -> Option<usize> {
        let first = words.first()?.folded.chars().next()?;
        let begins_with_digit = first.is_ascii_digit();
        let mut number = String::new();
        let mut found = None;
        for (at, word) in words.iter().take(MOST_PARTS).enumerate() {
            if at > 0 && !word.follows_closely {
                break;
            }
            number.push_str(&word.folded);
            let is_numeric = word.folded.bytes().any(|byte| byte.is_ascii_digit());
            let digits = digits_of(&number);
            let known = |number: &str| number.len() >= TELLING && self.numbers.contains(number);
            let subscriber = digits.len().saturating_sub(SUBSCRIBER);
            let as_digits = begins_with_digit && is_numeric;
            if known(&number) || (as_digits && (known(&digits) || known(&digits[subscriber..]))) {
                found = Some(at);
            }
        }
        let written = (3..=5.min(words.len())).find(|count| {
            let date = folding::date(&words[..*count]);
            date.is_some_and(|date| self.has_date(date))
        });
        found.max(written.map(|count| count - 1))
    }

    fn has_date(&self, date: [u32; 3]) -> bool {
        let is = |[year, month, day]: [u32; 3]| {
            let same_year = |one: u32| one == year || one == year % 100;
            // A day that could be a month may stand before it or after it.
            (same_year(date[0]) && (date[1..] == [month, day] || date[1..] == [day, month]))
                || (same_year(date[2]) && (date[..2] == [month, day] || date[..2] == [day, month]))
        };
        self.dates.iter().any(|one| is(*one))
    }
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> Order {
        Order::from_json(
            r#"{"customer":{"given_names":"Íñigo José","surnames":"Muñoz-Güell de la Fuente","nin":"23232323-T",
                  "title":"mr","email":"inigo.mgf@example.es","logged_in":"unknown","date_of_birth":"1985-03-12",
                  "previous_orders":[{"amount":5000,"currency":"EUR"}]},
                "delivery_address":{"given_names":"Bo","surnames":"Li","mobile_phone":"+34 666 777 888",
                  "address_line_1":"Calle Ñandú, 27","postal_code":"08023","city":"Castellò","country_code":"ES"},
                "cart":{"items":[{"name":"Camisa"}]}}"#,
        )
        .unwrap()
    }

    /// Every spelling in which a person of an order was seen to pass.
    #[test]
    fn what_a_text_quotes_of_a_person_is_taken_out_however_it_is_spelt() {
        for (said, kept) in [
            (
                "Camisa for Íñigo Muñoz-Güell, mr, unknown",
                "Camisa for … …-…, mr, unknown",
            ),
            ("IÑIGO MUÑOZ", "… …"),
            ("inigo munoz guell", "… … …"),
            ("Señor Fuente", "Señor …"),
            ("the customer Muño…", "the customer ……"),
            ("I\u{301}n\u{303}igo Mun\u{303}oz", "… …"),
            (
                "&Iacute;&ntilde;igo &#77;u&#241;oz &amp; Co",
                "… … &amp; Co",
            ),
            (
                r#"{"who":"\u00cd\u00f1igo Mu\u00f1oz"}"#,
                r#"{"who":"… …"}"#,
            ),
            ("who=munozguell", "who=…"),
            ("Bo and Li", "… and …"),
            ("a bottle of oil", "a bottle of oil"),
            ("NIN 23232323T", "NIN …"),
            ("NIN 23.232.323-t is wrong", "NIN … is wrong"),
            ("NIN 23232323 is wrong", "NIN … is wrong"),
            ("phone 666777888", "phone …"),
            (
                "phone +34666777888, or 0034 666-77-78-88.",
                "phone +…, or ….",
            ),
            ("phone (666) 777 888", "phone (…"),
            ("INIGO.MGF@EXAMPLE.ES", "….…@EXAMPLE.ES"),
            ("born 12/03/1985", "born …"),
            ("born 12.3.85, or 1985-03-12", "born …, or …"),
            ("nacido el 12 de marzo de 1985", "nacido el …"),
            ("born March 12, 1985", "born …"),
            ("postal code 08023, CASTELLO", "postal code …, …"),
            ("calle nandu 27", "… … 27"),
            (
                "items' total_with_tax add up to 5055 (1000+4055) but order_total_with_tax is 5097 EUR",
                "items' total_with_tax add up to 5055 (1000+4055) but order_total_with_tax is 5097 EUR",
            ),
        ] {
            assert_eq!(redact(said, &order()), kept, "{said}");
        }
    }

    #[test]
    fn a_long_text_takes_no_longer_than_it_must() {
        let name = |n: usize| format!("\"f{n}\":\"Nombre{n} Apellido{n} 6667778{n:02}\"");
        let fields: Vec<String> = (0..80).map(name).collect();
        let order = format!("{{\"customer\":{{{}}}}}", fields.join(","));
        let order = Order::from_json(&order).unwrap();
        let text = "Nombre7 said no to 666-777-807, and so on; ".repeat(20_000);
        let told = redact(&text, &order);
        assert!(
            !told.contains("Nombre7") && !told.contains("777"),
            "{}",
            &told[..200]
        );
    }
}

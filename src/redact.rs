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
/// What has more characters is no word: anything may stand in it, and all of it is taken out.
const LONGEST_WORD: usize = 100;

/// `text` with everything that these orders say of a person replaced by `…`; of more than so many
/// characters the beginning, and `…`.
pub fn redact<'a>(text: &str, orders: impl IntoIterator<Item = &'a Order>, most: usize) -> String {
    let mut person = Person::default();
    for order in orders {
        let blocks = PERSONAL
            .iter()
            .filter_map(|block| order.document().get(*block));
        blocks.for_each(|block| person.learn(block));
    }
    person.finish();
    // No more is looked at than may be told.
    let looked_at = (most + 1) * MOST_PARTS;
    let words = words_of(text, looked_at);
    // What begins with one of the last words may go on beyond them.
    let (text, is_cut) = match words.len() == looked_at {
        true => (&text[..words[looked_at - MOST_PARTS].start], true),
        false => (text, false),
    };
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if person.is_named_by(&word.folded) {
            spans.push((word.start, word.end));
        }
        if let Some(last) = person.number_at(&words[at..]) {
            spans.push((word.start, words[at + last].end));
        }
    }
    let mut told = without(text, spans);
    if is_cut {
        told.push('…');
    }
    shortened(told, most)
}

/// The beginning of a text: so many characters.
pub fn shortened(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
    }
    text
}

fn without(text: &str, mut spans: Vec<(usize, usize)>) -> String {
    spans.sort_unstable();
    let mut told = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in spans {
        let (start, end) = (start.min(text.len()), end.min(text.len()));
        if start >= from && start < end {
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
    /// Years, months and days, in every order and with the year in two digits and in four.
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
        let words = words_of(own, usize::MAX);
        for word in &words {
            let is_name = !word.folded.bytes().all(|byte| byte.is_ascii_digit())
                && !PARTICLES.contains(&word.folded.as_str())
                && (word.folded.chars().count() > 1 || words.len() == 1);
            if is_name {
                self.names.insert(word.folded.clone());
            }
        }
        if let Some(date) = folding::date(&words) {
            self.dates.extend(spellings(date));
            self.numbers.extend(in_one(date));
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
        let looked_for = DISTINCT..LONGEST_WORD;
        self.lengths = lengths.filter(|one| looked_for.contains(one)).collect();
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
        if length > LONGEST_WORD {
            return true;
        }
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
            if number.len() > LONGEST_WORD {
                break;
            }
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
            date.is_some_and(|date| self.dates.contains(&date))
        });
        found.max(written.map(|count| count - 1))
    }
}

/// A day that could be a month may stand before it or after it.
fn spellings([year, month, day]: [u32; 3]) -> impl Iterator<Item = [u32; 3]> {
    [year, year % 100].into_iter().flat_map(move |year| {
        [
            [year, month, day],
            [year, day, month],
            [month, day, year],
            [day, month, year],
        ]
    })
}

/// The same without anything between, where one end of it is a year: `19800120`, `20011980`.
fn in_one([first, month, last]: [u32; 3]) -> Vec<String> {
    let (year, day) = (first.max(last), first.min(last));
    match year > 99 {
        true => vec![
            format!("{year}{month:02}{day:02}"),
            format!("{day:02}{month:02}{year}"),
        ],
        false => Vec::new(),
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
            ("born 19850312, or 12031985", "born …, or …"),
            ("born 1985-03-12T00:00:00Z", "born …:00:00Z"),
            ("?name=%C3%8D%C3%B1igo+Mu%F1oz%20G%FCell", "?name=…+…%20…"),
            ("Mu\u{ad}ñoz Gü\u{200b}ell Ｍｕｎｏｚ", "… … …"),
            ("5% of 100%, %zz", "5% of 100%, %zz"),
            ("postal code 08023, CASTELLO", "postal code …, …"),
            ("calle nandu 27", "… … 27"),
            (
                "items' total_with_tax add up to 5055 (1000+4055) but order_total_with_tax is 5097 EUR",
                "items' total_with_tax add up to 5055 (1000+4055) but order_total_with_tax is 5097 EUR",
            ),
        ] {
            assert_eq!(redact(said, [&order()], 200), kept, "{said}");
        }
    }

    #[test]
    fn of_a_long_text_the_beginning_is_told_and_no_part_of_what_is_taken_out() {
        let told = |text: &str, most| redact(text, [&order()], most);
        assert_eq!(told("no to Muñoz, at all", 19), "no to …, at all");
        assert_eq!(told("no to Muñoz, at all", 9), "no to …, …");
        assert_eq!(told("no to +34 666 777 888", 7), "no to +…");
        assert_eq!(told("no to +34 666 777 888", 6), "no to …");
        // Whichever word is the last that is looked at.
        for more in 0..9 {
            let text = [&" no".repeat(more), &" 666 777 888".repeat(100), " Muñoz"].concat();
            let told = redact(&text.repeat(100), [&order()], 20);
            assert!(told.chars().count() <= 21, "{told}");
            let left = ["666", "777", "888", "Muñoz"];
            assert!(left.iter().all(|part| !told.contains(part)), "{told}");
        }
    }

    /// It might hold anything, and looking for each name at each of its letters would take for ever.
    #[test]
    fn a_word_that_nobody_would_write_is_taken_out_whole() {
        let long = "Xmunozx".repeat(500_000);
        let text = format!("no to {long}, and {}", "7".repeat(4 << 20));
        let names = (4..2000).map(|length| format!("\"{}\"", "n".repeat(length)));
        let names = names.collect::<Vec<_>>().join(",");
        let customer = format!("{{\"customer\":{{\"names\":[{names}]}}}}");
        let order = Order::from_json(&customer).unwrap();
        assert_eq!(redact(&text, [&order], 100), "no to …, and …");
    }

    #[test]
    fn redaction_grows_with_the_text_and_the_orders_and_not_with_both_at_once() {
        use crate::limits::growth::is_linear;
        let person = |n: usize| {
            let day = format!("{}-0{}-1{}", 1900 + n % 100, 1 + n / 100 % 9, n / 1000);
            let order = format!(
                "{{\"customer\":{{\"surnames\":\"Apellido{n}\",\"nin\":\"{n:08}T\",\"date_of_birth\":\"{day}\"}}}}"
            );
            Order::from_json(&order).unwrap()
        };
        let orders: Vec<Order> = (0..4000).map(person).collect();
        let said = |n: usize| format!("No to Apellido{n}, {n:08}t, who was born 3/2/1985. ");
        let texts = [400, 4000].map(|size| (0..size).map(said).collect::<String>());
        is_linear("redaction", |size| {
            let text = &texts[usize::from(size > 400)];
            let told = redact(text, &orders[..size], usize::MAX / 100);
            assert!(!told.contains("Apellido"));
        });
    }
}

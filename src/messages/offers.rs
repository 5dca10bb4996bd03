//! What an amount costs in instalments, said so that it may be said: never an instalment without its cost.

use super::amount;
use super::phrases::Phrases;
use super::template::{self, Values};

/// What is offered for an amount, as far as it is complete.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offers {
    /// In seQura's order.
    pub list: Vec<Offer>,
    /// How long ago seQura said so; none: just now.
    pub age_ms: Option<i64>,
}

/// So many payments, what each is and all are, and the annual rate: cents, and hundredths of a per cent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Where it is offered; none: nobody who sells elsewhere was asked.
    pub country: Option<String>,
    pub count: i64,
    pub each: i64,
    pub total: i64,
    pub apr: i64,
}

/// A message has a line or two on a till's screen; the rest is in the result.
const MOST_CHARACTERS: usize = 230;

/// The offers, as many as there is room for; none: there is nothing that may be said.
pub(super) fn in_words(
    phrases: &dyn Phrases,
    offers: &Offers,
    currency: Option<&str>,
) -> Option<String> {
    let money = |cents| amount::format(&phrases.money(), cents, currency);
    let mut words = String::new();
    for (at, offer) in offers.list.iter().enumerate() {
        if offers.list[..at].contains(offer) {
            continue;
        }
        let values = Values::default()
            .with("count", Some(offer.count.to_string()))
            .with("each", money(offer.each))
            .with("total", money(offer.total))
            .with("apr", amount::format(&phrases.money(), offer.apr, None));
        let mut one = template::fill_one(phrases.offer(offer.count == 1), &values)?;
        if let Some(country) = &offer.country {
            one.push_str(&format!(" ({country})"));
        }
        let length = words.chars().count() + one.chars().count();
        if length > MOST_CHARACTERS {
            break;
        }
        if !words.is_empty() {
            words.push_str(" / ");
        }
        words.push_str(&one);
    }
    Some(words).filter(|words| !words.is_empty())
}

/// "25 min", "3 h": both are written alike in every language.
pub(super) fn age(offers: &Offers) -> Option<String> {
    let minutes = offers.age_ms? / 60_000;
    Some(match minutes {
        ..60 => format!("{} min", minutes.max(1)),
        _ => format!("{} h", minutes / 60),
    })
}

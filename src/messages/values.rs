//! What a message may say: the numbers and names of a situation, each fit to be shown or left out.
//!
//! They come from the till's program, so nothing about them can be trusted: a ticket number may be
//! a whole text put into the wrong field, an amount may have no currency. A value that is not fit
//! is missing, and then [`template`] takes a text that does without it.

use super::amount;
use super::field::{self, Field, Place};
use super::offers;
use super::phrases::Phrases;
use super::situation::Situation;
use super::template::{self, Values};
use crate::problem::Problem;
use crate::status::Status;
use crate::vocabulary::Next;

/// Everything a text may want to say, as far as it is known.
pub(super) fn of(phrases: &dyn Phrases, situation: &Situation) -> Values {
    let money = |minor: Option<i64>| amount::format(&phrases.money(), minor?, situation.currency);
    let number = |value: Option<&serde_json::Value>| value.and_then(serde_json::Value::as_i64);
    let expected = situation
        .error
        .and_then(|problem| number(problem.expected.as_ref()));
    let actual = situation
        .error
        .and_then(|problem| number(problem.actual.as_ref()));
    let difference = expected.zip(actual).and_then(|(expected, actual)| {
        // Said as "there is a difference of", so without a sign.
        i64::try_from(expected.abs_diff(actual)).ok()
    });
    let pointer = situation
        .error
        .and_then(|problem| problem.pointer.as_deref());
    let offers = situation.offers;
    Values::default()
        .with(
            "offers",
            offers.and_then(|offers| offers::in_words(phrases, offers, situation.currency)),
        )
        .with("age", offers.and_then(offers::age))
        .with("amount", money(situation.amount))
        .with("given_back", money(situation.given_back))
        .with("expected", money(expected))
        .with("actual", money(actual))
        .with("difference", money(difference))
        .with(
            "order_ref_1",
            situation
                .order_ref_1
                .filter(|text| can_be_shown(text))
                .map(str::to_owned),
        )
        .with(
            "field",
            pointer.and_then(|pointer| field_in_words(phrases, pointer)),
        )
        .with(
            "pointer",
            pointer
                .filter(|pointer| field::is_plain(pointer))
                .map(str::to_owned),
        )
}

/// The same of one problem, which stands alone.
pub(super) fn of_problem(
    phrases: &dyn Phrases,
    problem: &Problem,
    currency: Option<&str>,
) -> Values {
    let situation = Situation {
        operation: "",
        status: Status::InvalidOrder,
        state: None,
        next: Next::None,
        error: Some(problem),
        error_count: 1,
        warnings: &[],
        amount: None,
        currency,
        order_ref_1: problem.actual.as_ref().and_then(serde_json::Value::as_str),
        is_by_email: false,
        offers: None,
        given_back: None,
        is_test: false,
        is_preview: false,
    };
    of(phrases, &situation)
}

/// "The e-mail address of the customer is missing."
pub(super) fn missing_in_words(phrases: &dyn Phrases, pointer: &str) -> Option<String> {
    let field = field_in_words(phrases, pointer)?;
    let is_many = phrases.is_many(field::parse(pointer).0);
    let text = phrases.missing(is_many);
    let values = Values::default().with("field", Some(field));
    template::fill_one(text, &values).map(|text| capitalised(&text))
}

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => String::new(),
    }
}

/// A ticket number as shops write them. Anything else (a whole text put into the wrong field, a
/// template that was never filled in) is left out of the message rather than shown.
fn can_be_shown(text: &str) -> bool {
    let strange = |c: char| c.is_control() || matches!(c, '{' | '}');
    !text.trim().is_empty() && text.chars().count() <= 40 && !text.contains(strange)
}

/// The same where it is said already that it is the customer's.
pub(super) fn bare_field_in_words(phrases: &dyn Phrases, pointer: &str) -> Option<String> {
    match field::parse(pointer) {
        (field, Some(Place::Customer)) if field != Field::Other => {
            Some(phrases.field(field).to_owned())
        }
        _ => field_in_words(phrases, pointer),
    }
}

/// "the postcode of the delivery address", "the price of item 2", or the bare name of a field that
/// no shop assistant has a word for.
pub(super) fn field_in_words(phrases: &dyn Phrases, pointer: &str) -> Option<String> {
    let (field, place) = field::parse(pointer);
    if field == Field::Other {
        // The pointer says the place already.
        let pointer = field::is_plain(pointer).then(|| pointer.to_owned());
        return template::fill_one(
            phrases.field(field),
            &Values::default().with("pointer", pointer),
        );
    }
    let name = phrases.field(field);
    let Some(place) = place else {
        return Some(name.to_owned());
    };
    let number = match place {
        Place::Item(index) => Some(index.saturating_add(1).to_string()),
        Place::Customer | Place::DeliveryAddress | Place::InvoiceAddress => None,
    };
    let place = template::fill_one(
        phrases.place(place),
        &Values::default().with("number", number),
    )?;
    Some(format!("{name} {place}"))
}

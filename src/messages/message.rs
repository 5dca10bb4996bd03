//! A message, put together.

use super::field::{self, Field};
use super::goods::goods;
use super::happened::{problem_in_words, what_happened};
use super::language::Language;
use super::phrases::{Function, Phrases};
use super::situation::Situation;
use super::template::{self, Values};
use super::to_do::what_to_do;
use super::values::{self, bare_field_in_words};
use crate::problem::Problem;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};

/// One to three plain sentences for the person at the till; of what is only tried they say so before anything else, as a
/// display that is too narrow cuts the end.
pub fn operator_message(language: Language, situation: &Situation) -> String {
    let phrases = language.phrases();
    let function = Function::from_word(situation.operation);
    let mut message = match situation.is_test {
        true => format!("{}: ", phrases.test()),
        false => String::new(),
    };
    message.push_str(&what_happened(phrases, function, situation));
    let asked = left_to_the_form(phrases, function, situation);
    let doubt = doubtful_delivery(phrases, function, situation);
    for said in asked.iter().map(String::as_str).chain(doubt) {
        message.push(' ');
        message.push_str(said);
    }
    let goods = goods(function, situation);
    let texts = goods
        .map(|goods| phrases.goods(goods))
        .into_iter()
        .chain(what_to_do(phrases, function, situation));
    for text in texts {
        message.push(' ');
        message.push_str(text);
    }
    message
}

/// One plain sentence for the person at the till about one thing that is wrong, or deserves a look.
pub fn message_of(language: Language, problem: &Problem, currency: Option<&str>) -> String {
    let phrases = language.phrases();
    let values = values::of_problem(phrases, problem, currency);
    problem_in_words(phrases, problem, false, &values)
}

/// What to do now, by its word alone; empty where that is nothing.
pub fn next_in_words(language: Language, next: Next) -> &'static str {
    language.phrases().next(next)
}

/// Why the form may not have arrived that was sent.
fn doubtful_delivery(
    phrases: &dyn Phrases,
    function: Option<Function>,
    situation: &Situation,
) -> Option<&'static str> {
    let is_foreign = |warning: &Problem| warning.code == ErrorCode::ForeignMobile;
    let is_said = situation.status == Status::Ok
        && function == Some(Function::SendForm)
        && situation.warnings.iter().any(is_foreign);
    let texts = is_said.then(|| phrases.error(ErrorCode::ForeignMobile, false))?;
    texts.lines().next()
}

/// What is missing of the shopper in an order that was started all the same: the form may ask for it.
fn left_to_the_form(
    phrases: &dyn Phrases,
    function: Option<Function>,
    situation: &Situation,
) -> Option<String> {
    let is_asked = matches!(
        function,
        Some(Function::StartSolicitation | Function::CheckOrder)
    );
    if situation.status != Status::Ok || !is_asked {
        return None;
    }
    let missing = |code| matches!(code, ErrorCode::MissingField | ErrorCode::EmptyText);
    let of_the_shopper = |pointer: &&str| {
        let block = pointer.split('/').nth(1).unwrap_or_default();
        let is_said_of = matches!(block, "customer" | "delivery_address" | "invoice_address");
        is_said_of && field::parse(pointer).0 != Field::Other
    };
    let mut missing = situation.warnings.iter().filter(|one| missing(one.code));
    let place = missing.find_map(|one| one.pointer.as_deref().filter(of_the_shopper));
    let Some(place) = place else {
        let no_mobile = |one: &&Problem| one.code == ErrorCode::MobilePhoneRequired;
        let is_said = function == Some(Function::CheckOrder);
        let no_mobile = situation
            .warnings
            .iter()
            .find(no_mobile)
            .filter(|_| is_said)?;
        return Some(template::fill(
            phrases.error(no_mobile.code, false),
            &Values::default(),
        ));
    };
    let field = bare_field_in_words(phrases, place);
    let values = Values::default().with("field", field);
    Some(template::fill(phrases.form_may_ask(), &values))
}

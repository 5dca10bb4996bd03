//! A message, put together.

use super::goods::goods;
use super::happened::what_happened;
use super::language::Language;
use super::phrases::{Function, Phrases};
use super::situation::Situation;
use super::to_do::what_to_do;
use crate::problem::Problem;
use crate::status::Status;
use crate::vocabulary::ErrorCode;

/// One to three plain sentences for the person at the till.
pub fn operator_message(language: Language, situation: &Situation) -> String {
    let phrases = language.phrases();
    let function = Function::from_word(situation.operation);
    let mut message = what_happened(phrases, function, situation);
    if let Some(doubt) = doubtful_delivery(phrases, function, situation) {
        message.push(' ');
        message.push_str(doubt);
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
    texts.first().copied()
}

//! A message, put together.

use super::goods::goods;
use super::happened::what_happened;
use super::language::Language;
use super::phrases::Function;
use super::situation::Situation;
use super::to_do::what_to_do;

/// One to three plain sentences for the person at the till.
pub fn operator_message(language: Language, situation: &Situation) -> String {
    let phrases = language.phrases();
    let function = Function::from_word(situation.operation);
    let mut message = what_happened(phrases, function, situation);
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

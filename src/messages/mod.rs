//! Operator messages: what the person at the till reads.
//!
//! A shop assistant with a customer waiting does not know what a conflict is, and must not have
//! to. Every result buffer therefore carries one to three plain sentences: what happened, whether
//! the goods may be handed over (where that is the question), and what to do now. A wrong one
//! costs the shop money, so the parts are chosen here, once for all languages, and a language only
//! gives the words: an exhaustive `match` per list, so that a new status, error code or next step
//! does not compile before every language has a text for it.
//!
//! The one rule that stands above all: "you may hand over the goods" is said only when the call
//! succeeded and the order is settled, that is confirmed *and* its reference registered.
//!
//! Adding a language: one file beside `es.rs`, its `mod` line, and its line in `languages!`.

mod amount;
mod en;
mod es;
mod field;
mod fr;
mod it;
mod phrases;
mod pt;
mod template;
#[cfg(test)]
mod tests;
mod values;

use crate::lifecycle::State;
use crate::problem::Problem;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use field::Field;
use phrases::{Done, Goods, Help, Operation, Phrases, Texts};
use template::Values;

macro_rules! languages {
    ($($(#[doc = $doc:literal])+ $variant:ident = $tag:literal => $phrases:expr),+ $(,)?) => {
        /// Language of operator messages.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Language { $($(#[doc = $doc])+ $variant),+ }

        impl Language {
            /// Every language.
            pub const ALL: &'static [Language] = &[$(Language::$variant),+];

            /// The tag, as the configuration's `language` has it.
            pub const fn tag(self) -> &'static str {
                match self { $(Language::$variant => $tag),+ }
            }

            fn phrases(self) -> &'static dyn Phrases {
                match self { $(Language::$variant => &$phrases),+ }
            }
        }
    };
}

languages! {
    /// Spanish.
    Es = "es" => es::Spanish,
    /// English.
    En = "en" => en::English,
    /// French.
    Fr = "fr" => fr::French,
    /// Italian.
    It = "it" => it::Italian,
    /// Portuguese, as in Portugal.
    Pt = "pt" => pt::Portuguese,
}

#[allow(clippy::derivable_impls)] // the variants come out of the macro above
impl Default for Language {
    fn default() -> Language {
        Language::Es
    }
}

impl Language {
    /// The language with this tag, if there is one. Exact: the configuration says the five tags.
    pub fn from_tag(tag: &str) -> Option<Language> {
        Language::ALL
            .iter()
            .copied()
            .find(|language| language.tag() == tag)
    }
}

/// What a message has to tell about: the outcome of one call, reduced to what the person at the
/// till can be told. There is no personal data in here, so none can reach the till's screen.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The operation as the result buffer names it, e.g. `confirm`. One that is not known here
    /// gets the general texts.
    pub operation: &'a str,
    /// What the call returns.
    pub status: Status,
    /// The order's state after the call, where the call was about an order.
    pub state: Option<State>,
    /// What the till should do.
    pub next: Next,
    /// The first of the errors, if there are any; where the call has none, what was said no to before.
    pub error: Option<&'a Problem>,
    /// How many errors there are in all.
    pub error_count: usize,
    /// The order's total, in the currency's smallest unit.
    pub amount: Option<i64>,
    /// The order's currency, ISO 4217.
    pub currency: Option<&'a str>,
    /// The shop's number of the sale.
    pub order_ref_1: Option<&'a str>,
}

/// One to three plain sentences for the person at the till.
pub fn operator_message(language: Language, situation: &Situation) -> String {
    let phrases = language.phrases();
    let operation = Operation::from_word(situation.operation);
    let mut message = what_happened(phrases, operation, situation);
    let goods = goods(operation, situation);
    let texts = goods
        .map(|goods| phrases.goods(goods))
        .into_iter()
        .chain(advice(phrases, operation, situation));
    for text in texts {
        message.push(' ');
        message.push_str(text);
    }
    message
}

/// The first sentence: the most specific text that is true.
fn what_happened(
    phrases: &dyn Phrases,
    operation: Option<Operation>,
    situation: &Situation,
) -> String {
    let values = values::of(phrases, situation);
    let texts = match (situation.status, situation.state) {
        (Status::Ok, _) => done(phrases, operation, situation),
        (Status::OutcomeUnknown, _) if is_unsaid(situation) => phrases.unsaid(),
        (Status::OutcomeUnknown, _) if is_a_strangers(situation) => {
            phrases.error(ErrorCode::NotSequrasAnswer, false)
        }
        // Where nobody knows what became of the request, that matters more than how the line broke.
        (
            Status::OutcomeUnknown,
            Some(state @ (State::Soliciting | State::Confirming | State::Referencing)),
        ) => phrases.standing(state),
        (Status::OutcomeUnknown, _) => phrases.status(Status::OutcomeUnknown),
        // "Not now" helps nobody without "because the sale is already …".
        (Status::WrongState, Some(state)) => {
            let standing = template::fill(standing(phrases, state, situation), &values);
            return format!("{}{}", phrases.impossible(), uncapitalised(&standing));
        }
        (status, state) => match situation.error {
            Some(problem) if says_more(status, problem.code) => {
                phrases.error(problem.code, is_confirmed(state))
            }
            _ => phrases.status(status),
        },
    };
    with_count(phrases, template::fill(texts, &values), situation)
}

/// seQura has answered, and left open what became of an earlier attempt.
fn is_unsaid(situation: &Situation) -> bool {
    situation.status == Status::OutcomeUnknown && situation.next == Next::ContactSequra
}

fn is_a_strangers(situation: &Situation) -> bool {
    let code = situation.error.map(|problem| problem.code);
    code == Some(ErrorCode::NotSequrasAnswer)
}

fn done(phrases: &dyn Phrases, operation: Option<Operation>, situation: &Situation) -> Texts {
    match operation.map(|operation| Done::of(operation, situation.state)) {
        Some(Done::Standing(state)) => standing(phrases, state, situation),
        Some(done) => phrases.done(done),
        None => phrases.status(Status::Ok),
    }
}

/// Where a sale stands; of one that seQura refused, why, where that is known.
fn standing(phrases: &dyn Phrases, state: State, situation: &Situation) -> Texts {
    match (state, situation.error.map(|problem| problem.code)) {
        (
            State::Conflicted,
            Some(
                code @ (ErrorCode::NotApproved
                | ErrorCode::CartChanged
                | ErrorCode::AddressChanged
                | ErrorCode::CustomerChanged
                | ErrorCode::AmountAboveApproved
                | ErrorCode::CartTotalMismatch
                | ErrorCode::DuplicateOrderRef),
            ),
        ) => phrases.error(code, false),
        _ => phrases.standing(state),
    }
}

/// Whether the error's code tells the person at the till more than the status does. In a
/// configuration "a field is missing" would be read as a field of the sale.
fn says_more(status: Status, code: ErrorCode) -> bool {
    status != Status::InvalidConfig
        || matches!(
            code,
            ErrorCode::UnknownKey
                | ErrorCode::FileUnreadable
                | ErrorCode::AmbiguousPath
                | ErrorCode::InsecureUrl
                | ErrorCode::JournalFull
                | ErrorCode::JournalReadOnly
                | ErrorCode::JournalCorrupt
                | ErrorCode::JournalSetAside
                | ErrorCode::JournalStrange
                | ErrorCode::JournalTooNew
                | ErrorCode::JournalLocked
                | ErrorCode::JournalLost
                | ErrorCode::JournalRemote
                | ErrorCode::JournalFailed
        )
}

/// seQura has confirmed the order, whatever is still missing.
fn is_confirmed(state: Option<State>) -> bool {
    matches!(
        state,
        Some(State::Confirmed | State::Referencing | State::RefConflicted | State::Settled)
    )
}

/// "(and 2 more errors)" where the first is not the only one: whoever corrects one problem at a
/// time would otherwise think that the correction did not help.
fn with_count(phrases: &dyn Phrases, sentence: String, situation: &Situation) -> String {
    let listed = matches!(
        situation.status,
        Status::InvalidOrder | Status::InvalidConfig | Status::Conflict
    );
    match situation.error_count.saturating_sub(1) {
        more if more > 0 && listed && situation.error.is_some() => {
            let text = if more == 1 {
                phrases.one_more()
            } else {
                phrases.many_more()
            };
            let text = template::fill_one(
                text,
                &Values::default().with("count", Some(more.to_string())),
            );
            format!(
                "{}{}.",
                sentence.trim_end_matches('.'),
                text.unwrap_or_default()
            )
        }
        _ => sentence,
    }
}

/// Whether to say something about the goods, and what. `None` where nobody asks: before the form
/// is sent, in calls that are about no sale, and after the sale, when the goods are long gone.
fn goods(operation: Option<Operation>, situation: &Situation) -> Option<Goods> {
    let operation = operation?;
    let lost = matches!(
        situation.state,
        Some(State::Conflicted | State::Cancelled | State::Abandoned)
    );
    let settled = situation.state == Some(State::Settled);
    match operation {
        Operation::StartSolicitation
        | Operation::SendForm
        | Operation::Hold
        | Operation::Confirm
        | Operation::SetOrderRef
        | Operation::OrderInfo
        | Operation::Resolve
        | Operation::Recover => {}
        // Shipping an order that is not settled is the same question in other words.
        Operation::Ship
            if situation.status != Status::Ok && situation.state.is_some() && !settled =>
        {
            return Some(if lost { Goods::No } else { Goods::NotYet });
        }
        _ => return None,
    }
    if lost {
        return Some(Goods::No);
    }
    if situation.status == Status::Ok {
        return match (operation, situation.state?) {
            (Operation::Confirm | Operation::SetOrderRef | Operation::Recover, State::Settled) => {
                Some(Goods::HandOver)
            }
            // Asked about days later, or said by a person, a settled order may have been handed over or
            // returned already.
            (_, State::Settled) => None,
            (_, State::Soliciting | State::Solicited) => None,
            _ => Some(Goods::NotYet),
        };
    }
    if settled {
        // The call failed, the sale stands: "do not hand over" would be wrong, "hand over" is not
        // for an error to say.
        return None;
    }
    match operation {
        Operation::StartSolicitation | Operation::SendForm if !is_confirmed(situation.state) => {
            None
        }
        Operation::Confirm if refused_for_good(situation) => Some(Goods::No),
        // About no particular order.
        Operation::OrderInfo | Operation::Recover | Operation::Resolve
            if situation.state.is_none() =>
        {
            None
        }
        _ => Some(Goods::NotYet),
    }
}

/// seQura said no to a confirmation, and waiting will not change that.
fn refused_for_good(situation: &Situation) -> bool {
    let passing = matches!(
        situation.error.map(|problem| problem.code),
        Some(ErrorCode::NotApproved)
    ) || situation.status == Status::RateLimited;
    situation.status.class() == 2 && !passing && !is_confirmed(situation.state)
}

/// The last sentence: `next`, but for the cases where the person at the till cannot do it.
fn advice(
    phrases: &dyn Phrases,
    operation: Option<Operation>,
    situation: &Situation,
) -> Option<&'static str> {
    let code = situation.error.map(|problem| problem.code);
    let about_no_order = situation.state.is_none()
        && matches!(
            operation,
            Some(Operation::Pending | Operation::ClientOpen | Operation::Recover)
        );
    match situation.next {
        Next::None => help(situation, code).map(|help| phrases.help(help)),
        // Whoever corrects the ticket number must be told to change it, not to correct it.
        Next::FixOrder if code == Some(ErrorCode::DuplicateOrderRef) => {
            Some(phrases.next(Next::ChooseAnotherRef))
        }
        Next::FixOrder if situation.error.is_some_and(only_the_program_can_mend) => {
            Some(phrases.help(Help::CallSupport))
        }
        // Another client finds the journal as it is now.
        Next::FixConfiguration if code == Some(ErrorCode::JournalLost) => {
            Some(phrases.help(Help::RestartTill))
        }
        Next::ContactSequra if is_unsaid(situation) => Some(phrases.help(Help::LookInPortal)),
        Next::Recover if about_no_order => Some(phrases.help(Help::RecoverPending)),
        next => Some(phrases.next(next)),
    }
}

/// Where an error comes with no next step, somebody still has to be told.
fn help(situation: &Situation, code: Option<ErrorCode>) -> Option<Help> {
    let stopped = matches!(situation.status, Status::Internal | Status::InvalidHandle)
        || matches!(code, Some(ErrorCode::PoisonedHandle));
    match situation.status {
        Status::Ok => None,
        // The first sentence said where the sale stands; nothing is broken.
        Status::WrongState if situation.state.is_some() => None,
        _ if stopped => Some(Help::RestartTill),
        _ => Some(Help::CallSupport),
    }
}

/// The till's program made the mistake: no key on the till corrects it.
fn only_the_program_can_mend(problem: &Problem) -> bool {
    let unnamed = problem
        .pointer
        .as_deref()
        .is_some_and(|pointer| field::parse(pointer).0 == Field::Other);
    match problem.code {
        ErrorCode::NullArgument
        | ErrorCode::ArgumentOutOfRange
        | ErrorCode::InvalidHandle
        | ErrorCode::PoisonedHandle
        | ErrorCode::InvalidJson
        | ErrorCode::DuplicateKey
        | ErrorCode::TooLarge
        | ErrorCode::WrongType
        | ErrorCode::NotAnInteger
        | ErrorCode::InvalidLanguage
        | ErrorCode::InvalidIpAddress
        | ErrorCode::InvalidUrl
        | ErrorCode::ForbiddenField
        | ErrorCode::CallbackNotAllowed
        | ErrorCode::UnknownItemType
        | ErrorCode::UnknownField
        | ErrorCode::ForeignUrl
        | ErrorCode::NoMerchantForCountry => true,
        ErrorCode::MissingField
        | ErrorCode::EmptyText
        | ErrorCode::InvalidValue
        | ErrorCode::OutOfRange
        | ErrorCode::MutuallyExclusive
        | ErrorCode::InvalidDate
        | ErrorCode::InvalidDuration => unnamed,
        _ => false,
    }
}

/// The sentence as it goes on after a colon.
fn uncapitalised(sentence: &str) -> String {
    let mut rest = sentence.chars();
    match rest.next() {
        Some(first) => first.to_lowercase().chain(rest).collect(),
        None => String::new(),
    }
}

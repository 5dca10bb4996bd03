//! "How much a month?", before there is an order: what an amount costs in instalments.

mod reading;
mod sellers;

use crate::clock;
use crate::messages::{Offer, Offers};
use crate::order::is_currency;
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::question::{Told, ask, no_merchant, of_each, or_kept};
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use reading::{Agreement, agreements};
use sellers::{Seller, mismatch, sellers};
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Instant;

const NAME: &str = "credit_agreements";
/// Of these all names begin under which the answers are kept.
const GROUP: &str = "credit_agreements/";
/// Answers are a few kB. A hundred of a larger kind would not be a convenience any more.
const KEPT_BYTES: usize = 64 * 1024;

/// What is asked.
struct Question<'a> {
    cents: i64,
    currency: &'a str,
    deadline: Instant,
}

/// `data` of `sq_credit_agreements`.
#[derive(Serialize)]
struct Agreements {
    agreements: Vec<Agreement>,
    /// Each answer as it came, with whatever else is in it.
    raw: Vec<Value>,
    /// Some are those that were seen last.
    from_cache: bool,
    /// When, of the oldest of these.
    as_of: Option<String>,
    #[serde(skip)]
    kept_at: Option<i64>,
}

impl Agreements {
    fn with(mut self, other: Agreements) -> Agreements {
        self.agreements.extend(other.agreements);
        self.raw.extend(other.raw);
        let kept_at = self.kept_at.into_iter().chain(other.kept_at).min();
        self.kept(kept_at)
    }

    fn kept(self, kept_at: Option<i64>) -> Agreements {
        Agreements {
            from_cache: kept_at.is_some(),
            as_of: kept_at.map(clock::to_text),
            kept_at,
            ..self
        }
    }

    /// Every agreement says that it is about this amount.
    fn are_of(&self, cents: i64) -> bool {
        let mut amounts = self.agreements.iter().map(reading::amount);
        amounts.all(|amount| amount == Some(cents))
    }

    /// An agreement about another amount: it answers another question, as a gateway on the way may.
    fn of_another_amount(&self, cents: i64) -> Option<Problem> {
        let mut amounts = self.agreements.iter().filter_map(reading::amount);
        let other = amounts.find(|&amount| amount != cents)?;
        let message = format!(
            "The answer is for another amount: {other} cents, where {cents} were asked for. Ask again; if it stays so, something on the way to seQura answers in its place."
        );
        Some(Problem {
            expected: Some(cents.into()),
            actual: Some(other.into()),
            ..Problem::new(ErrorCode::UnreadableAnswer, message)
        })
    }

    /// What may be said. Where `several` sell, each offer names its country, and the first of each comes before any
    /// second: a sentence has not room for all, and only one country is the customer's.
    fn offers(&self, several: bool) -> Offers {
        let mut list: Vec<(usize, Offer)> = Vec::new();
        for agreement in &self.agreements {
            let Some(mut offer) = reading::offer(agreement) else {
                continue;
            };
            if several {
                offer.country = agreement["country"].as_str().map(str::to_owned);
            }
            let is_there = |(_, one): &&(usize, Offer)| one.country == offer.country;
            list.push((list.iter().filter(is_there).count(), offer));
        }
        if several {
            list.sort_by_key(|&(turn, _)| turn);
        }
        Offers {
            list: list.into_iter().map(|(_, offer)| offer).collect(),
            age_ms: self.kept_at.map(|at| clock::now_ms().saturating_sub(at)),
        }
    }
}

/// What `sq_credit_agreements` says. `whom`: a merchant, or the country that it sells in.
pub(crate) fn credit_agreements(
    shop: &Shop,
    whom: Option<&str>,
    cents: i64,
    currency: Option<&str>,
) -> Outcome {
    let given = |text: &'static str, value: Option<&str>| {
        let value = value.map(str::trim).filter(|value| !value.is_empty());
        value.unwrap_or(text).to_owned()
    };
    let (whom, currency) = (given("", whom), given("EUR", currency).to_ascii_uppercase());
    if cents < 1 {
        let message =
            format!("total_cents is {cents}; it is the amount to be paid, in cents, 1 or more.");
        return wrong(Problem::new(ErrorCode::ArgumentOutOfRange, message));
    }
    if !is_currency(&currency) {
        let message = format!("currency is {currency:?}; it is a code of ISO 4217, such as EUR.");
        return wrong(Problem::new(ErrorCode::InvalidCurrency, message));
    }
    let config = shop.config();
    let sellers = match sellers(config, &whom) {
        Ok(sellers) => sellers,
        Err(problem) => return wrong(problem),
    };
    let question = Question {
        cents,
        currency: &currency,
        deadline: shop.deadline(),
    };
    let Some(told) = of_each(
        &sellers,
        |seller| of_seller(shop, seller, &question),
        Agreements::with,
    ) else {
        return no_merchant(NAME);
    };
    let found = told.found.as_ref();
    let offers = found.map(|found| found.offers(sellers.len() > 1));
    let mut outcome = told.into_outcome();
    outcome.warnings.extend(mismatch(config, &sellers));
    Outcome {
        offers,
        currency: Some(currency),
        ..outcome
    }
}

fn wrong(problem: Problem) -> Outcome {
    Outcome::failed(NAME, Status::InvalidArgument, Next::FixOrder, problem)
}

/// What a merchant offers; what it last did, where seQura cannot be reached.
fn of_seller(shop: &Shop, seller: &Seller, question: &Question) -> Told<Agreements> {
    let Seller {
        merchant_id,
        country,
    } = seller;
    let (cents, currency) = (question.cents, question.currency);
    let endpoint = shop.endpoint();
    let name = format!("{GROUP}{country}/{currency}/{cents}/{merchant_id}");
    let locale = locale(country, shop.config().language.tag());
    let request = endpoint.credit_agreements(merchant_id, cents, currency, (&locale, country));
    let read = |answer: Value, kept_at| {
        let raw = json!({"merchant_id": merchant_id, "country": country, "answer": answer});
        let found = Agreements {
            agreements: agreements(&answer, seller, currency)?,
            raw: vec![raw],
            from_cache: false,
            as_of: None,
            kept_at: None,
        };
        Some(found.kept(kept_at))
    };
    let journal = shop.journal();
    let told = ask(shop, NAME, &request, question.deadline, |answer| {
        let text = answer.to_string();
        let found = read(answer, None)?;
        if text.len() <= KEPT_BYTES && found.are_of(cents) {
            // A journal that cannot be written is told of by whoever needs it.
            let _ = journal.keep_for_a_while(endpoint.as_str(), (GROUP, &name), &text);
        }
        Some(found)
    });
    let told = told.unless(|found| found.of_another_amount(cents));
    or_kept(NAME, told, || {
        let (at, kept) = journal.kept_for_a_while(endpoint.as_str(), &name)?;
        let found = read(serde_json::from_str(&kept).ok()?, Some(at));
        found.filter(|found| found.are_of(cents))
    })
}

/// The language in which shoppers of a country are answered; where that is not known, the till's.
fn locale(country: &str, language: &str) -> String {
    let language = match country {
        "ES" | "MX" | "CO" | "PE" | "CL" | "AR" => "es",
        "FR" => "fr",
        "IT" => "it",
        "PT" | "BR" => "pt",
        _ => language,
    };
    format!("{language}-{country}")
}

//! The figures between two moments, such as those of a till's day: what was confirmed, sold, shipped and given back, and
//! what of it is at risk. Asks only the journal.

mod times;

use crate::clock;
use crate::journal::{JournalError, KINDS};
use crate::order::Cents;
use crate::outcome::Outcome;
use crate::pipeline;
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::system;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const NAME: &str = "day";
/// Beside the kinds that the journal notes.
const AT_RISK: usize = KINDS.len();

/// `data` of `sq_day`.
pub(crate) fn day(shop: &Shop, since: Option<&str>, until: Option<&str>) -> Outcome {
    match times::between(since, until, clock::now_ms(), &system::ahead_of_utc) {
        Ok(times) => {
            figures(shop, times).unwrap_or_else(|error| pipeline::journal_failed(NAME, &error))
        }
        Err(problem) => Outcome::failed(NAME, Status::InvalidArgument, Next::None, *problem),
    }
}

/// Cents, none where it is more than can be counted or some of it is not known; and how often.
type Sum = (Option<Cents>, i64);

/// The sums of each kind, by currency and merchant; and whether there is what has no currency.
#[derive(Default)]
struct Sums([BTreeMap<(String, String), Sum>; AT_RISK + 1], bool);

impl Sums {
    fn add(&mut self, kind: usize, currency: Option<&str>, merchant: &str, cents: Option<i64>) {
        let Some(currency) = currency else {
            self.1 = true;
            return;
        };
        let of = (currency.to_owned(), merchant.to_owned());
        let (sum, count) = self.0[kind].entry(of).or_insert((Some(Cents::ZERO), 0));
        *sum = sum.and_then(|sum| sum.checked_add(Cents(cents?)));
        *count += 1;
    }

    /// Each kind by its name: its cents, or how often.
    fn shown(&self, show: fn(&Sum) -> Value) -> Map<String, Value> {
        let names = KINDS.into_iter().chain(["at_risk"]);
        let shown = names.zip(&self.0).map(|(name, sums)| {
            let mut by_currency = json!({});
            for ((currency, merchant), sum) in sums {
                by_currency[currency][merchant] = show(sum);
            }
            (name.to_owned(), by_currency)
        });
        shown.collect()
    }

    fn are_counted(&self) -> bool {
        let mut sums = self.0.iter().flat_map(BTreeMap::values);
        !self.1 && sums.all(|(sum, _)| sum.is_some())
    }
}

fn figures(shop: &Shop, (since, until): (i64, i64)) -> Result<Outcome, JournalError> {
    let sums = sums(shop, (since, until))?;
    let mut data = sums.shown(|(cents, _)| cents.map(|cents| cents.0).into());
    let counts = sums.shown(|(_, count)| (*count).into());
    data.insert("counts".to_owned(), counts.into());
    data.insert("since".to_owned(), clock::to_text(since).into());
    data.insert("until".to_owned(), clock::to_text(until).into());
    let warnings = lacking(shop, (since, until))?;
    let too_much = "A sum is more cents than can be counted, or the journal lacks an amount of it, or a currency: it is null or missing.".to_owned();
    let too_much = Some(too_much).filter(|_| !sums.are_counted());
    let warnings = too_much.into_iter().chain(warnings);
    let warning = |message| Problem::new(ErrorCode::FiguresIncomplete, message);
    Ok(Outcome {
        warnings: warnings.map(warning).collect(),
        ..Outcome::ok(NAME).with_data(data.into())
    })
}

/// What is not in the figures, though it belongs there.
fn lacking(shop: &Shop, times: (i64, i64)) -> Result<Vec<String>, JournalError> {
    let journal = shop.journal();
    let early = journal.lacks_figures_since(times.0)?.map(|from| {
        let from = clock::to_text(from);
        format!("The journal has noted all figures since {from}; some of what happened before is not in them.")
    });
    let lost = journal.lost_figures_since(times)?.map(|from| {
        let from = clock::to_text(from);
        format!("The journal was restored from a copy; what the old till did after {from} is not in them.")
    });
    let elsewhere = match journal.at_the_office(shop.endpoint().as_str(), times)? {
        0 => None,
        count => Some(format!(
            "The office has taken over what was, or may have been, confirmed ({count}): whether it is at risk is not known here."
        )),
    };
    Ok([early, lost, elsewhere].into_iter().flatten().collect())
}

fn sums(shop: &Shop, (since, until): (i64, i64)) -> Result<Sums, JournalError> {
    let (journal, endpoint) = (shop.journal(), shop.endpoint().as_str());
    let mut sums = Sums::default();
    let open = journal.figures(
        endpoint,
        (since, until),
        &mut |merchant, currency, found| {
            for (kind, cents) in found.into_iter().enumerate() {
                if cents.is_some() {
                    sums.add(kind, currency, merchant, cents);
                }
            }
        },
    )?;
    for (record, confirmed_at) in open {
        if record.life.is_at_risk()
            && (since..until).contains(&confirmed_at.unwrap_or(record.created_at))
        {
            let currency = record.currency.as_deref();
            sums.add(AT_RISK, currency, &record.merchant_id, record.amount);
        }
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_that_is_too_much_is_none_and_the_others_stay() {
        let mut sums = Sums::default();
        for cents in [i64::MAX, 1, -5] {
            sums.add(1, Some("EUR"), "shop_es", Some(cents));
        }
        sums.add(1, Some("EUR"), "shop_fr", Some(700));
        sums.add(1, Some("EUR"), "shop_fr", Some(-100));
        assert!(!sums.are_counted());
        let cents = sums.shown(|(cents, _)| cents.map(|cents| cents.0).into());
        let expected = json!({"shop_es": null, "shop_fr": 600});
        assert_eq!(cents["sold"]["EUR"], expected);
        assert_eq!(
            (&cents["shipped"], &cents["at_risk"]),
            (&json!({}), &json!({}))
        );
        let counts = sums.shown(|(_, count)| (*count).into());
        assert_eq!(counts["sold"]["EUR"], json!({"shop_es": 3, "shop_fr": 2}));
    }
}

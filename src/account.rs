//! The account: what it may sell as, and with which payment methods. Questions, which change nothing
//! at seQura and so need no journal.

use crate::advice::{self, To};
use crate::api::endpoints::Request;
use crate::api::transport::Exchange;
use crate::clock;
use crate::config::Merchants;
use crate::outcome::Outcome;
use crate::pipeline;
use crate::problem::Problem;
use crate::reading;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::{Map, Value, json};
use std::time::Instant;

/// What a question found: its data, and warnings about it.
pub(crate) type Found = (Value, Vec<Problem>);

/// `data` of `sq_check_credentials`.
pub(crate) fn check_credentials(shop: &Shop) -> Outcome {
    let request = shop.endpoint().credentials();
    let exchange = shop.wire().exchange(&request, shop.deadline());
    credentials_of(shop, "check_credentials", &exchange)
}

/// What an answer says of the account.
pub(crate) fn credentials_of(shop: &Shop, name: &'static str, exchange: &Exchange) -> Outcome {
    let configured = shop.config().merchants.ids();
    understand(name, exchange, &|answer| {
        let merchants: Vec<Value> = answer
            .as_array()?
            .iter()
            .map(|entry| merchant_view(entry, &configured))
            .collect::<Option<_>>()?;
        let warnings = disagreements(shop, &merchants);
        Some((json!({"merchants": merchants}), warnings))
    })
}

/// The configured merchants that the account does not have, each a problem.
pub(crate) fn lacking(shop: &Shop, merchants: &Value) -> Vec<Problem> {
    let merchants = merchants.as_array().map_or(&[][..], Vec::as_slice);
    let configured = shop.config().merchants.ids().into_iter();
    configured
        .filter(|id| of_account(merchants, id).is_none())
        .map(|id| {
            let message =
                format!("The configuration names merchant {id}, which this account does not have.");
            Problem {
                actual: Some(id.into()),
                ..Problem::new(ErrorCode::BadMerchantId, message)
            }
        })
        .collect()
}

fn of_account<'a>(merchants: &'a [Value], id: &str) -> Option<&'a Value> {
    merchants.iter().find(|merchant| merchant["id"] == id)
}

/// Where the configuration says otherwise than the account.
fn disagreements(shop: &Shop, merchants: &[Value]) -> Vec<Problem> {
    let lacking = lacking(shop, &merchants.into()).into_iter();
    let mut warnings: Vec<Problem> = lacking
        .map(|problem| Problem {
            code: ErrorCode::MerchantMismatch,
            ..problem
        })
        .collect();
    if let Merchants::ByCountry(pairs) = &shop.config().merchants {
        for (country, id) in pairs {
            let Some(merchant) = of_account(merchants, id) else {
                continue;
            };
            let countries = match &merchant["allowed_countries"] {
                Value::Array(countries) => countries.clone(),
                _ => vec![merchant["country"].clone()],
            };
            let known: Vec<&str> = countries.iter().filter_map(Value::as_str).collect();
            if !known.is_empty() && !known.iter().any(|one| one.eq_ignore_ascii_case(country)) {
                let message = format!(
                    "The configuration sells in {country} as merchant {id}, who may sell in {} only.",
                    known.join(", ")
                );
                warnings.push(Problem {
                    expected: Some(json!(known)),
                    actual: Some(country.as_str().into()),
                    ..Problem::new(ErrorCode::MerchantMismatch, message)
                });
            }
        }
    }
    warnings
}

/// What a till may know of a merchant: not its signature secret. None: it is no merchant.
fn merchant_view(entry: &Value, configured: &[String]) -> Option<Value> {
    let field = |name: &str| entry.get(name).cloned().unwrap_or(Value::Null);
    let id = match entry.get("ref")? {
        Value::String(id) => id.clone(),
        Value::Number(id) => id.to_string(),
        _ => return None,
    };
    Some(json!({
        "configured": configured.contains(&id),
        "id": id,
        "name": field("name"),
        "country": field("country"),
        "allowed_countries": field("allowed_countries"),
        "currency": field("currency"),
        "realm": field("realm"),
    }))
}

/// `data` of `sq_payment_methods`: of one order, or of every configured merchant.
pub(crate) fn payment_methods(shop: &Shop, uuid: Option<&str>) -> Outcome {
    let deadline = shop.deadline();
    let Some(uuid) = uuid else {
        return of_every_merchant(shop, METHODS, "methods", &|merchant_id| {
            merchants_methods(shop, merchant_id, deadline)
        });
    };
    let record = match shop.journal().order(shop.endpoint().as_str(), uuid) {
        Ok(record) => record,
        Err(error) => return pipeline::journal_failed(METHODS, &error),
    };
    let merchant_id = record.as_ref().map(|record| record.merchant_id.as_str());
    let request = shop.endpoint().order_payment_methods(uuid, merchant_id);
    let mut outcome = ask(shop, METHODS, request, deadline, &|answer| {
        let mut methods = methods(answer, merchant_id)?;
        // What seQura offers for an order fits it.
        for method in &mut methods {
            method["fits"] = true.into();
        }
        Some((found(methods, None), Vec::new()))
    });
    if let (true, Some(record)) = (is_out_of_reach(outcome.status), &record) {
        let of_merchant = kept_methods(shop, &record.merchant_id, record.amount, &outcome);
        outcome = of_merchant.unwrap_or(outcome);
    }
    Outcome {
        order: record.as_ref().map(|record| shop.view(record)),
        ..outcome
    }
}

const METHODS: &str = "payment_methods";

fn found(methods: Vec<Value>, as_of: Option<i64>) -> Value {
    json!({
        "methods": methods,
        "from_cache": as_of.is_some(),
        "as_of": as_of.map(clock::to_text),
    })
}

/// The methods of a merchant; those that were kept, where seQura cannot be reached.
fn merchants_methods(shop: &Shop, merchant_id: &str, deadline: Instant) -> Outcome {
    let request = shop.endpoint().merchant_payment_methods(merchant_id);
    let outcome = ask(shop, METHODS, request, deadline, &|answer| {
        let mut methods = methods(answer, Some(merchant_id))?;
        let kept = Value::from(methods.clone()).to_string();
        // A journal that cannot be written is told of by whoever needs it.
        let _ = shop.journal().keep_answer(
            shop.endpoint().as_str(),
            &name_of(merchant_id),
            &kept,
            deadline,
        );
        mark_fitting(&mut methods, None);
        Some((found(methods, None), Vec::new()))
    });
    match is_out_of_reach(outcome.status) {
        true => kept_methods(shop, merchant_id, None, &outcome).unwrap_or(outcome),
        false => outcome,
    }
}

fn name_of(merchant_id: &str) -> String {
    format!("{METHODS}/{merchant_id}")
}

fn is_out_of_reach(status: Status) -> bool {
    matches!(
        status,
        Status::Unreachable | Status::OutcomeUnknown | Status::ServerError
    )
}

/// What was kept of a merchant's methods; why it was needed is said in the warnings.
fn kept_methods(
    shop: &Shop,
    merchant_id: &str,
    amount: Option<i64>,
    failed: &Outcome,
) -> Option<Outcome> {
    let endpoint = shop.endpoint().as_str();
    let (at, kept) = shop
        .journal()
        .kept_answer(endpoint, &name_of(merchant_id))
        .ok()??;
    let mut methods: Vec<Value> = serde_json::from_str(&kept).ok()?;
    mark_fitting(&mut methods, amount);
    Some(Outcome {
        http: failed.http.clone(),
        warnings: failed.errors.clone(),
        ..Outcome::ok(METHODS).with_data(found(methods, Some(at)))
    })
}

/// Says of each method whether an order of this amount may be paid with it today; null: no amount
/// is known.
fn mark_fitting(methods: &mut [Value], amount: Option<i64>) {
    let now = clock::now_ms();
    for method in methods {
        let number = |name: &str| method.get(name).and_then(Value::as_i64);
        let moment = |name: &str| clock::from_text(method.get(name)?.as_str()?);
        let fits = amount.map(|amount| {
            number("min_amount").is_none_or(|least| amount >= least)
                && number("max_amount").is_none_or(|most| amount <= most)
                && moment("starts_at").is_none_or(|begin| now >= begin)
                && moment("ends_at").is_none_or(|end| now <= end)
        });
        method["fits"] = fits.into();
    }
}

/// Asks for each configured merchant in turn, and puts the lists `data.{list}` together. The first failure
/// is what is told, with what was found all the same; one that concerns every merchant ends it.
pub(crate) fn of_every_merchant(
    shop: &Shop,
    name: &'static str,
    list: &str,
    of_merchant: &dyn Fn(&str) -> Outcome,
) -> Outcome {
    let mut outcomes = Vec::new();
    for merchant_id in shop.config().merchants.ids() {
        let outcome = of_merchant(&merchant_id);
        let ends = concerns_all(outcome.status);
        outcomes.push(outcome);
        if ends {
            break;
        }
    }
    let together = outcomes.into_iter().reduce(|mut earlier, mut later| {
        let found = [&mut earlier, &mut later].map(|outcome| {
            let found = outcome
                .data
                .as_mut()
                .and_then(|data| data[list].as_array_mut());
            found.map(std::mem::take).unwrap_or_default()
        });
        earlier.warnings.append(&mut later.warnings);
        let kept = oldest_kept([&earlier, &later]);
        let data = later.data.take().or(earlier.data.take()).map(|mut data| {
            data[list] = found.concat().into();
            if let Some(as_of) = kept {
                data["from_cache"] = true.into();
                data["as_of"] = as_of;
            }
            data
        });
        let warnings = std::mem::take(&mut earlier.warnings);
        let told = match earlier.status {
            Status::Ok => later,
            _ => earlier,
        };
        Outcome {
            warnings,
            data,
            ..told
        }
    });
    together.unwrap_or_else(|| {
        Outcome::failed(
            name,
            Status::InvalidConfig,
            Next::FixConfiguration,
            Problem::at(
                ErrorCode::MissingField,
                "/merchant_id",
                "The configuration names no merchant; give merchant_id or merchants.",
            ),
        )
    })
}

/// Since when the oldest is kept of what was found, where anything of it comes from the journal.
fn oldest_kept(outcomes: [&Outcome; 2]) -> Option<Value> {
    let found = outcomes.into_iter().filter_map(|one| one.data.as_ref());
    let kept = found.filter(|data| data["from_cache"] == true);
    kept.map(|data| data["as_of"].clone())
        .min_by(|one, other| one.as_str().cmp(&other.as_str()))
}

/// Whether a question that failed so would fail for another merchant, or about another thing, too: the line,
/// the keys, the journal.
pub(crate) fn concerns_all(status: Status) -> bool {
    matches!(
        status,
        Status::Unreachable
            | Status::OutcomeUnknown
            | Status::Tls
            | Status::ServerError
            | Status::Unauthorized
            | Status::RateLimited
            | Status::Journal
    )
}

/// Flattens seQura's categories: each method with its category, and whose it is.
fn methods(answer: &Value, merchant_id: Option<&str>) -> Option<Vec<Value>> {
    let mut flat = Vec::new();
    for option in answer.get("payment_options")?.as_array()? {
        for method in option.get("methods")?.as_array()? {
            let mut entry = Map::new();
            let category = option.get("category").cloned().unwrap_or(Value::Null);
            entry.insert("category".into(), category);
            entry.insert("merchant_id".into(), merchant_id.into());
            for (name, value) in method.as_object()? {
                entry.insert(name.clone(), value.clone());
            }
            flat.push(Value::Object(entry));
        }
    }
    Some(flat)
}

/// Sends a question, and reads the answer's JSON with `read`.
pub(crate) fn ask(
    shop: &Shop,
    name: &'static str,
    request: Request,
    deadline: Instant,
    read: &dyn Fn(&Value) -> Option<Found>,
) -> Outcome {
    understand(name, &shop.wire().exchange(&request, deadline), read)
}

/// Reads the answer to a question.
pub(crate) fn understand(
    name: &'static str,
    exchange: &Exchange,
    read: &dyn Fn(&Value) -> Option<Found>,
) -> Outcome {
    let (status, errors) = match &exchange.result {
        Err(failure) => (failure.status, vec![failure.problem.clone()]),
        Ok(answer) if (200..300).contains(&answer.status) => {
            match answer.body.reply().and_then(|value| read(&value)) {
                Some((data, warnings)) => {
                    return Outcome {
                        warnings,
                        http: Some(reading::http_view(exchange)),
                        ..Outcome::ok(name).with_data(data)
                    };
                }
                None => {
                    let message = format!(
                        "seQura answered HTTP {} with something that is not the documented JSON.",
                        answer.status
                    );
                    let problem = Problem::new(ErrorCode::UnreadableAnswer, message);
                    (Status::BadResponse, vec![problem])
                }
            }
        }
        Ok(answer) => reading::no_without_reference(answer),
    };
    Outcome {
        status,
        next: advice::after(status, &errors, To::Question),
        errors,
        http: Some(reading::http_view(exchange)),
        ..Outcome::ok(name)
    }
}

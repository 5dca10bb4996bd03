//! The account: what it may sell as, and with which payment methods. Questions, which change nothing
//! at seQura and so need no journal.

use crate::api::endpoints::Request;
use crate::api::refusal;
use crate::client::Client;
use crate::operation;
use crate::outcome::{Outcome, Problem};
use crate::reading;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::{Map, Value, json};
use std::time::Instant;

/// What a question found: its data, and warnings about it.
pub(crate) type Found = (Value, Vec<Problem>);

/// `data` of `sq_check_credentials`.
pub(crate) fn check_credentials(client: &Client) -> Outcome {
    const NAME: &str = "check_credentials";
    let configured = client.configured_merchants();
    let request = client.endpoint().credentials();
    ask(client, NAME, request, client.deadline(), &|answer| {
        let merchants: Vec<Value> = answer
            .as_array()?
            .iter()
            .map(|entry| merchant_view(entry, &configured))
            .collect::<Option<_>>()?;
        let has = |id: &str| merchants.iter().any(|merchant| merchant["id"] == id);
        let warnings = configured
            .iter()
            .filter(|id| !has(id))
            .map(|id| Problem {
                actual: Some(id.as_str().into()),
                ..Problem::new(
                    ErrorCode::MerchantMismatch,
                    format!(
                        "The configuration names merchant {id}, which this account does not have."
                    ),
                )
            })
            .collect();
        Some((json!({"merchants": merchants}), warnings))
    })
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
pub(crate) fn payment_methods(client: &Client, uuid: Option<&str>) -> Outcome {
    const NAME: &str = "payment_methods";
    let deadline = client.deadline();
    let methods_of = |request, merchant_id: Option<&str>| {
        ask(client, NAME, request, deadline, &|answer| {
            let data = json!({"methods": methods(answer, merchant_id)?, "from_cache": false});
            Some((data, Vec::new()))
        })
    };
    if let Some(uuid) = uuid {
        let record = match client.journal().order(client.endpoint().as_str(), uuid) {
            Ok(record) => record,
            Err(error) => return operation::journal_failed(NAME, &error),
        };
        let merchant_id = record.as_ref().map(|record| record.merchant_id.as_str());
        let request = client.endpoint().order_payment_methods(uuid, merchant_id);
        return Outcome {
            order: record.as_ref().map(|record| client.view(record)),
            ..methods_of(request, merchant_id)
        };
    }
    of_every_merchant(client, NAME, "methods", &|merchant_id| {
        let request = client.endpoint().merchant_payment_methods(merchant_id);
        methods_of(request, Some(merchant_id))
    })
}

/// Asks for each configured merchant in turn, and puts the lists `data.{list}` together; the first
/// failure ends it, with what was found before.
pub(crate) fn of_every_merchant(
    client: &Client,
    name: &'static str,
    list: &str,
    of_merchant: &dyn Fn(&str) -> Outcome,
) -> Outcome {
    let mut merchants = client.configured_merchants().into_iter();
    let Some(first) = merchants.next() else {
        return Outcome::failed(
            name,
            Status::InvalidConfig,
            Next::FixConfiguration,
            Problem::at(
                ErrorCode::MissingField,
                "/merchant_id",
                "The configuration names no merchant; give merchant_id or merchants.",
            ),
        );
    };
    let mut outcome = of_merchant(&first);
    for merchant in merchants {
        if outcome.status != Status::Ok {
            break;
        }
        let earlier = outcome.data.take();
        outcome = of_merchant(&merchant);
        if let (Some(mut all), Some(data)) = (earlier, &mut outcome.data)
            && let (Some(all), Some(new)) = (all[list].as_array_mut(), data[list].as_array_mut())
        {
            all.append(new);
            std::mem::swap(all, new);
        }
    }
    outcome
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
    client: &Client,
    name: &'static str,
    request: Request,
    deadline: Instant,
    read: &dyn Fn(&Value) -> Option<Found>,
) -> Outcome {
    let exchange = client.wire().exchange(&request, deadline);
    let outcome = match &exchange.result {
        // Nothing was at stake: not to know is as good as not to have asked.
        Err(failure) => {
            let next = match failure.status {
                Status::Tls => Next::FixConfiguration,
                _ => Next::CallAgain,
            };
            Outcome::failed(name, failure.status, next, failure.problem.clone())
        }
        Ok(answer) if (200..300).contains(&answer.status) => {
            let parsed = serde_json::from_slice(&answer.body).ok();
            match parsed.and_then(|value| read(&value)) {
                Some((data, warnings)) => Outcome {
                    warnings,
                    ..Outcome::ok(name).with_data(data)
                },
                None => {
                    let message = format!(
                        "seQura answered HTTP {} with something that is not the documented JSON.",
                        answer.status
                    );
                    let problem = Problem::new(ErrorCode::UnreadableAnswer, message);
                    Outcome::failed(name, Status::BadResponse, Next::CallAgain, problem)
                }
            }
        }
        Ok(answer) => {
            let (status, errors) = match refusal::read(answer, None) {
                // Whatever its text says, a question carries no reference.
                (Status::DuplicateOrderRef, errors) => (Status::Conflict, errors),
                other => other,
            };
            let next = match status {
                Status::Unauthorized | Status::Forbidden => Next::FixConfiguration,
                Status::ServerError | Status::RateLimited | Status::BadResponse => Next::CallAgain,
                _ => Next::ContactSequra,
            };
            Outcome {
                status,
                errors,
                next,
                ..Outcome::ok(name)
            }
        }
    };
    Outcome {
        http: Some(reading::http_view(&exchange)),
        ..outcome
    }
}

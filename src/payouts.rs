//! What seQura has paid out, and whether it is what was sold.
//!
//! A disbursement names orders by the shop's reference, with the amount it pays for each: a
//! difference to what earlier ones paid, negative when money is taken back [D]. Its lines are read
//! once and kept in the journal; one that was issued is taken not to change any more [I].

use crate::account::{self, ask};
use crate::api::endpoints::NotAnOrderUrl;
use crate::client::Client;
use crate::clock;
use crate::journal::{Compared, Disbursement, JournalError, Payout, Verdict};
use crate::operation;
use crate::outcome::{Outcome, Problem};
use crate::resolution;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::{Map, Value, json};
use std::time::Instant;

/// At most so many entries of each kind are listed; the totals cover all.
const LONGEST_LIST: usize = 1000;

/// `data` of `sq_disbursements`: the list of every configured merchant, or one with its lines.
pub(crate) fn disbursements(client: &Client, path: Option<&str>) -> Outcome {
    const NAME: &str = "disbursements";
    let deadline = client.deadline();
    let Some(path) = path else {
        return account::of_every_merchant(client, NAME, "disbursements", &|merchant_id| {
            let request = client.endpoint().disbursements(merchant_id);
            ask(client, NAME, request, deadline, &|answer| {
                Some((
                    json!({"disbursements": heads(answer, merchant_id)?}),
                    Vec::new(),
                ))
            })
        });
    };
    match client.endpoint().disbursement(path) {
        Ok(request) => ask(client, NAME, request, deadline, &|answer| {
            let mut shown = unwrapped(answer);
            shown.insert("lines".into(), json!(lines(answer)));
            Some((json!({"disbursement": shown}), Vec::new()))
        }),
        Err(error) => {
            let (status, code) = match error {
                NotAnOrderUrl::NotAUrl => (Status::InvalidArgument, ErrorCode::InvalidUrl),
                NotAnOrderUrl::Foreign => (Status::ForeignUrl, ErrorCode::ForeignUrl),
            };
            let message = format!(
                "path must be /data/disbursements/N/path of sq_disbursements, on {}. Nothing was sent.",
                client.endpoint().as_str()
            );
            Outcome::failed(NAME, status, Next::FixOrder, Problem::new(code, message))
        }
    }
}

/// `data` of `sq_reconcile`: reads the disbursements that are new, and compares.
pub(crate) fn reconcile(client: &Client) -> Outcome {
    const NAME: &str = "reconcile";
    let deadline = client.deadline();
    let mut outcome = account::of_every_merchant(client, NAME, "read", &|merchant_id| {
        read_new(client, NAME, merchant_id, deadline)
    });
    // Whatever could not be read: what is known is compared.
    match report(client, deadline) {
        Ok(mut report) => {
            let read = outcome.data.take().unwrap_or_default();
            report["read"] = read["read"].as_array().map(Vec::len).into();
            outcome.with_data(report)
        }
        Err(error) if outcome.status == Status::Ok => operation::journal_failed(NAME, &error),
        Err(_) => outcome,
    }
}

/// Reads the disbursements of a merchant that the journal does not know.
fn read_new(client: &Client, name: &'static str, merchant_id: &str, deadline: Instant) -> Outcome {
    let request = client.endpoint().disbursements(merchant_id);
    let mut outcome = ask(client, name, request, deadline, &|answer| {
        Some((json!({"read": heads(answer, merchant_id)?}), Vec::new()))
    });
    if outcome.status != Status::Ok {
        return outcome;
    }
    let listed = outcome.data.take().unwrap_or_default();
    let mut read = Vec::new();
    for head in listed["read"].as_array().into_iter().flatten() {
        match read_one(client, name, merchant_id, head, deadline) {
            Ok(None) => {}
            Ok(Some(path)) => read.push(path),
            Err(failed) => {
                outcome = *failed;
                break;
            }
        }
    }
    outcome.with_data(json!({"read": read}))
}

/// Reads one disbursement, unless it was read before; says which it was.
fn read_one(
    client: &Client,
    name: &'static str,
    merchant_id: &str,
    head: &Value,
    deadline: Instant,
) -> Result<Option<String>, Box<Outcome>> {
    let endpoint = client.endpoint().as_str();
    let failed = |error: JournalError| Box::new(operation::journal_failed(name, &error));
    let text = |key: &str| head.get(key).and_then(reference_text);
    let Some(path) = text("path") else {
        return Ok(None);
    };
    let Ok(request) = client.endpoint().disbursement(&path) else {
        return Ok(None);
    };
    if client
        .journal()
        .knows_disbursement(endpoint, &path)
        .map_err(failed)?
    {
        return Ok(None);
    }
    let outcome = ask(client, name, request, deadline, &|answer| {
        Some((json!(lines(answer)), Vec::new()))
    });
    if outcome.status != Status::Ok {
        return Err(Box::new(outcome));
    }
    let lines = outcome.data.unwrap_or_default();
    let payouts: Vec<Payout> = lines
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(payout)
        .collect();
    let disbursement = Disbursement {
        path,
        merchant_id: merchant_id.to_owned(),
        reference: text("reference"),
        issue_date: text("issue_date"),
        currency: text("currency"),
    };
    client
        .journal()
        .record_disbursement(
            endpoint,
            &disbursement,
            &payouts,
            operation::patience(deadline),
        )
        .map_err(failed)?;
    Ok(Some(disbursement.path))
}

fn report(client: &Client, deadline: Instant) -> Result<Value, JournalError> {
    let journal = client.journal();
    let endpoint = client.endpoint().as_str();
    resolution::settle_what_is_paid(client, "reconcile", operation::patience(deadline))?;
    journal.match_payouts(endpoint, operation::patience(deadline))?;
    let mut report = json!({"totals": {}});
    for (name, verdict) in [
        ("paid", Verdict::Paid),
        ("not_yet_paid", Verdict::NotYetPaid),
        ("differing", Verdict::Differing),
    ] {
        let mut orders = Vec::new();
        for order in journal.compared(endpoint, verdict, LONGEST_LIST)? {
            orders.push(shown(client, &order)?);
        }
        report[name] = orders.into();
    }
    let unknown = journal.unknown_payouts(endpoint, LONGEST_LIST)?;
    let unknown = unknown.iter().map(|one| {
        json!({
            "merchant_id": one.merchant_id,
            "order_ref_1": one.order_ref_1,
            "currency": one.currency,
            "paid": one.paid,
            "disbursement": one.reference,
        })
    });
    report["unknown_here"] = unknown.collect();
    for total in journal.payout_totals(endpoint)? {
        let currency = total.currency.unwrap_or_default();
        report["totals"][currency][total.merchant_id][total.what] =
            json!({"count": total.count, "amount": total.amount});
    }
    Ok(report)
}

fn shown(client: &Client, order: &Compared) -> Result<Value, JournalError> {
    let payouts = client.journal().payouts_of(order.id)?;
    let payouts: Vec<Value> = payouts
        .into_iter()
        .map(|(disbursement, amount)| {
            json!({
                "reference": disbursement.reference,
                "issue_date": disbursement.issue_date,
                "path": disbursement.path,
                "amount": amount,
            })
        })
        .collect();
    let uuid = order.uuid.as_deref();
    Ok(json!({
        "merchant_id": order.merchant_id,
        "order_ref_1": order.order_ref_1,
        "uuid": uuid,
        "portal_url": uuid.and_then(|uuid| client.endpoint().portal_url(uuid)),
        "shop_url": client.shop_url(order.order_ref_1.as_deref()),
        "currency": order.currency,
        "amount": order.amount,
        "paid": order.paid,
        "settled_at": clock::to_text(order.updated_at),
        "payouts": payouts,
    }))
}

/// The entries of seQura's list, each without its wrapper and with its merchant.
fn heads(answer: &Value, merchant_id: &str) -> Option<Vec<Value>> {
    let entries = answer.as_array()?.iter();
    entries
        .map(|entry| {
            entry.as_object()?;
            let mut head = unwrapped(entry);
            head.insert("merchant_id".into(), merchant_id.into());
            Some(Value::Object(head))
        })
        .collect()
}

/// What is in `{"disbursement": …}`, or what stands without it.
fn unwrapped(value: &Value) -> Map<String, Value> {
    let inner = value.get("disbursement").unwrap_or(value);
    inner.as_object().cloned().unwrap_or_default()
}

/// The lines of a disbursement, wherever in it they stand: the documentation names their fields, and
/// not their place.
fn lines(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(entries) => entries.iter().flat_map(lines).collect(),
        Value::Object(_) if payout(value).is_some() => vec![value],
        Value::Object(fields) => fields.values().flat_map(lines).collect(),
        _ => Vec::new(),
    }
}

fn payout(line: &Value) -> Option<Payout> {
    Some(Payout {
        order_ref_1: reference_text(line.get("order_ref_1")?)?,
        amount: line.get("amount_with_tax")?.as_i64()?,
    })
}

/// References are strings or integers.
fn reference_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

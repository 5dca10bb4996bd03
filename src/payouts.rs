//! What seQura has paid out, and whether it is what was sold.
//!
//! A disbursement names orders by the shop's reference, with the amount it pays for each: a
//! difference to what earlier ones paid, negative when money is taken back [D]. Its lines are read
//! once and kept in the journal; one that was issued is taken not to change any more [I]. One that cannot
//! be read, every line of it, is not read at all: a warning says so, and it is asked for again.

mod reading;

use crate::account::{self, ask};
use crate::api::endpoints::NotAnOrderUrl;
use crate::clock;
use crate::journal::{Compared, Disbursement, JournalError, Verdict};
use crate::outcome::Outcome;
use crate::pipeline;
use crate::problem::Problem;
use crate::resolution;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::{Map, Value, json};
use std::time::Instant;

/// At most so many entries of each kind are listed; the totals cover all.
const LONGEST_LIST: usize = 1000;

/// `data` of `sq_disbursements`: the list of every configured merchant, or one with its lines.
pub(crate) fn disbursements(shop: &Shop, path: Option<&str>) -> Outcome {
    const NAME: &str = "disbursements";
    let deadline = shop.deadline();
    let Some(path) = path else {
        return account::of_every_merchant(shop, NAME, "disbursements", &|merchant_id| {
            let request = shop.endpoint().disbursements(merchant_id);
            ask(shop, NAME, request, deadline, &|answer| {
                Some((
                    json!({"disbursements": heads(answer, merchant_id)?}),
                    Vec::new(),
                ))
            })
        });
    };
    match shop.endpoint().disbursement(path) {
        Ok(request) => ask(shop, NAME, request, deadline, &|answer| {
            if !answer.is_object() && !answer.is_array() {
                return None;
            }
            let mut shown = reading::unwrapped(answer);
            let problems = reading::read(&Map::new(), answer).err();
            let lines = reading::lines(answer).into_iter();
            let lines: Vec<&Map<String, Value>> = lines.map(|(_, line)| line).collect();
            shown.insert("lines".into(), json!(lines));
            let found = Named {
                merchant_id: None,
                reference: text(&shown, "reference"),
                path,
            };
            Some((
                json!({"disbursement": shown}),
                found.not_read(problems.unwrap_or_default()),
            ))
        }),
        Err(error) => {
            let (status, code) = match error {
                NotAnOrderUrl::NotAUrl => (Status::InvalidArgument, ErrorCode::InvalidUrl),
                NotAnOrderUrl::Foreign => (Status::ForeignUrl, ErrorCode::ForeignUrl),
            };
            let message = format!(
                "path must be /data/disbursements/N/path of sq_disbursements, on {}. Nothing was sent.",
                shop.endpoint().as_str()
            );
            Outcome::failed(NAME, status, Next::FixOrder, Problem::new(code, message))
        }
    }
}

/// `data` of `sq_reconcile`: reads the disbursements that are new, and compares.
pub(crate) fn reconcile(shop: &Shop) -> Outcome {
    const NAME: &str = "reconcile";
    let deadline = shop.deadline();
    let mut outcome = account::of_every_merchant(shop, NAME, "read", &|merchant_id| {
        read_new(shop, NAME, merchant_id, deadline)
    });
    // Whatever could not be read: what is known is compared.
    match report(shop, deadline) {
        Ok(mut report) => {
            let read = outcome.data.take().unwrap_or_default();
            report["read"] = read["read"].as_array().map(Vec::len).into();
            outcome.with_data(report)
        }
        Err(error) if outcome.status == Status::Ok => pipeline::journal_failed(NAME, &error),
        Err(_) => outcome,
    }
}

/// Reads the disbursements of a merchant that the journal does not know.
fn read_new(shop: &Shop, name: &'static str, merchant_id: &str, deadline: Instant) -> Outcome {
    let request = shop.endpoint().disbursements(merchant_id);
    let mut outcome = ask(shop, name, request, deadline, &|answer| {
        Some((json!({"read": heads(answer, merchant_id)?}), Vec::new()))
    });
    if outcome.status != Status::Ok {
        return outcome;
    }
    let listed = outcome.data.take().unwrap_or_default();
    let mut read = Vec::new();
    let mut warnings = Vec::new();
    for head in listed["read"].as_array().into_iter().flatten() {
        let head = head.as_object().cloned().unwrap_or_default();
        match read_one(shop, name, merchant_id, &head, deadline) {
            Ok(One::Known) => {}
            Ok(One::Read(path)) => read.push(path),
            Ok(One::NotRead(problems)) => warnings.extend(problems),
            Err(failed) => {
                outcome = *failed;
                break;
            }
        }
    }
    outcome.warnings.splice(0..0, warnings);
    outcome.with_data(json!({"read": read}))
}

/// What became of one entry of the list.
enum One {
    /// It was read before.
    Known,
    /// It was read now; its path.
    Read(String),
    /// It cannot be read; why.
    NotRead(Vec<Problem>),
}

/// Reads one disbursement, unless it was read before. On failure: the others cannot be read either.
fn read_one(
    shop: &Shop,
    name: &'static str,
    merchant_id: &str,
    head: &Map<String, Value>,
    deadline: Instant,
) -> Result<One, Box<Outcome>> {
    let endpoint = shop.endpoint().as_str();
    let failed = |error: JournalError| Box::new(pipeline::journal_failed(name, &error));
    let path = text(head, "path").unwrap_or_default();
    let named = Named {
        merchant_id: Some(merchant_id),
        reference: text(head, "reference"),
        path: &path,
    };
    let request = shop.endpoint().disbursement(&path).ok();
    let own = |id: &Option<String>| id.as_deref().is_none_or(|id| id == merchant_id);
    let Some(request) = request.filter(|request| own(&request.merchant_id)) else {
        let message = "its path in the list is none of this merchant's";
        let problem = Problem::at(ErrorCode::UnreadableAnswer, "/path", message);
        return Ok(One::NotRead(named.not_read(vec![problem])));
    };
    let journal = shop.journal();
    if journal
        .knows_disbursement(endpoint, &path)
        .map_err(failed)?
    {
        return Ok(One::Known);
    }
    let mut outcome = ask(shop, name, request, deadline, &|answer| {
        Some((answer.clone(), Vec::new()))
    });
    match outcome.status {
        Status::Ok => {}
        status if account::concerns_all(status) => return Err(Box::new(outcome)),
        _ => return Ok(One::NotRead(named.not_read(outcome.errors))),
    }
    let answer = outcome.data.take().unwrap_or_default();
    let paid = match reading::read(head, &answer) {
        Ok(paid) => paid,
        Err(problems) => return Ok(One::NotRead(named.not_read(problems))),
    };
    let disbursement = Disbursement {
        path: path.clone(),
        merchant_id: merchant_id.to_owned(),
        reference: text(head, "reference"),
        issue_date: text(head, "issue_date"),
        currency: Some(paid.currency),
    };
    let until = pipeline::patience(deadline);
    journal
        .record_disbursement(endpoint, &disbursement, &paid.payouts, until)
        .map_err(failed)?;
    Ok(One::Read(path))
}

/// A disbursement, to whoever reads of it.
struct Named<'a> {
    merchant_id: Option<&'a str>,
    reference: Option<String>,
    path: &'a str,
}

impl Named<'_> {
    /// Warnings: what of it cannot be read, and what comes of that.
    fn not_read(&self, problems: Vec<Problem>) -> Vec<Problem> {
        let name = self.reference.as_deref().unwrap_or(self.path);
        let (of, so) = match self.merchant_id {
            Some(id) => (
                format!(" of {id}"),
                " Nothing of it was taken; it is asked for again the next time.",
            ),
            None => (String::new(), ""),
        };
        let problems = problems.into_iter();
        problems
            .map(|problem| Problem {
                message: format!(
                    "The disbursement {name}{of} cannot be read: {}.{so}",
                    problem.message.trim_end_matches('.')
                ),
                ..problem
            })
            .collect()
    }
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name).and_then(reading::reference)
}

fn report(shop: &Shop, deadline: Instant) -> Result<Value, JournalError> {
    let journal = shop.journal();
    let endpoint = shop.endpoint().as_str();
    journal.mend_payouts(endpoint, pipeline::patience(deadline))?;
    resolution::settle_what_is_paid(shop, "reconcile", pipeline::patience(deadline))?;
    journal.match_payouts(endpoint, pipeline::patience(deadline))?;
    let mut report = json!({"totals": {}});
    for (name, verdict) in [
        ("paid", Verdict::Paid),
        ("not_yet_paid", Verdict::NotYetPaid),
        ("differing", Verdict::Differing),
    ] {
        let mut orders = Vec::new();
        for order in journal.compared(endpoint, verdict, LONGEST_LIST)? {
            orders.push(shown(shop, &order)?);
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

fn shown(shop: &Shop, order: &Compared) -> Result<Value, JournalError> {
    let payouts = shop.journal().payouts_of(order.id)?;
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
        "portal_url": uuid.and_then(|uuid| shop.endpoint().portal_url(uuid)),
        "shop_url": shop.shop_url(order.order_ref_1.as_deref()),
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
            let mut head = reading::unwrapped(entry);
            head.insert("merchant_id".into(), merchant_id.into());
            Some(Value::Object(head))
        })
        .collect()
}

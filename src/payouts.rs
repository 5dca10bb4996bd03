//! What seQura has paid out, and whether it is what was sold.
//!
//! A disbursement names orders by the shop's reference, with the amount it pays for each: a
//! difference to what earlier ones paid, negative when money is taken back [D]. Its lines are read
//! once and kept in the journal; one that was issued is taken not to change any more [I]. One that cannot
//! be read, every line of it, is not read at all: a warning says so, and it is asked for again.

mod reading;
mod report;

use crate::api::endpoints::NotAnOrderUrl;
use crate::journal::{Disbursement, JournalError};
use crate::outcome::Outcome;
use crate::pipeline;
use crate::problem::Problem;
use crate::question::{Told, ask, concerns_all, of_every_merchant};
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::{Map, Value, json};
use std::time::Instant;

/// What `sq_disbursements` says: the list of every configured merchant, or one with its lines.
pub(crate) fn disbursements(shop: &Shop, path: Option<&str>) -> Outcome {
    const NAME: &str = "disbursements";
    let deadline = shop.deadline();
    let Some(path) = path else {
        let of_merchant = |merchant_id: &str| listed(shop, NAME, merchant_id, deadline);
        return of_every_merchant(shop, NAME, of_merchant, both)
            .map(|disbursements| json!({"disbursements": disbursements}))
            .into_outcome();
    };
    let request = match shop.endpoint().disbursement(path) {
        Ok(request) => request,
        Err(error) => return no_path(shop, NAME, error),
    };
    let mut told = ask(shop, NAME, &request, deadline, |answer| {
        (answer.is_object() || answer.is_array()).then_some(answer)
    });
    if let Some(answer) = &told.found
        && let Err(problems) = reading::read(&Map::new(), answer)
    {
        let named = Named {
            merchant_id: None,
            reference: text(&reading::unwrapped(answer), "reference"),
            path,
        };
        told.outcome.warnings = named.not_read(problems);
    }
    told.map(|answer| {
        let lines = reading::lines(&answer).into_iter();
        let lines: Vec<&Map<String, Value>> = lines.map(|(_, line)| line).collect();
        let mut shown = reading::unwrapped(&answer);
        shown.insert("lines".into(), json!(lines));
        json!({"disbursement": shown})
    })
    .into_outcome()
}

fn no_path(shop: &Shop, name: &'static str, error: NotAnOrderUrl) -> Outcome {
    let (status, code) = match error {
        NotAnOrderUrl::NotAUrl => (Status::InvalidArgument, ErrorCode::InvalidUrl),
        NotAnOrderUrl::Foreign => (Status::ForeignUrl, ErrorCode::ForeignUrl),
    };
    let message = format!(
        "path must be /data/disbursements/N/path of sq_disbursements, on {}. Nothing was sent.",
        shop.endpoint().as_str()
    );
    Outcome::failed(name, status, Next::FixOrder, Problem::new(code, message))
}

/// An entry of seQura's list, without its wrapper and with its merchant.
type Head = Map<String, Value>;

/// seQura's list of a merchant's disbursements.
fn listed(
    shop: &Shop,
    name: &'static str,
    merchant_id: &str,
    deadline: Instant,
) -> Told<Vec<Head>> {
    let request = shop.endpoint().disbursements(merchant_id);
    ask(shop, name, &request, deadline, |answer| {
        let entries = answer.as_array()?.iter();
        entries
            .map(|entry| {
                entry.as_object()?;
                let mut head = reading::unwrapped(entry);
                head.insert("merchant_id".into(), merchant_id.into());
                Some(head)
            })
            .collect()
    })
}

fn both<T>(mut earlier: Vec<T>, later: Vec<T>) -> Vec<T> {
    earlier.extend(later);
    earlier
}

/// What `sq_reconcile` says: reads the disbursements that are new, and compares.
pub(crate) fn reconcile(shop: &Shop) -> Outcome {
    const NAME: &str = "reconcile";
    let deadline = shop.deadline();
    let of_merchant = |merchant_id: &str| read_new(shop, NAME, merchant_id, deadline);
    let Told { outcome, found } = of_every_merchant(shop, NAME, of_merchant, both);
    // Whatever could not be read: what is known is compared.
    match report::of(shop, found.as_ref().map(Vec::len), deadline) {
        Ok(report) => outcome.with_data(json!(report)),
        Err(error) if outcome.status == Status::Ok => pipeline::journal_failed(NAME, &error),
        Err(_) => outcome,
    }
}

/// Reads the disbursements of a merchant that the journal does not know; the paths of those that were read.
fn read_new(
    shop: &Shop,
    name: &'static str,
    merchant_id: &str,
    deadline: Instant,
) -> Told<Vec<String>> {
    let listed = listed(shop, name, merchant_id, deadline);
    let mut outcome = listed.outcome;
    let Some(heads) = listed.found else {
        return Told {
            outcome,
            found: None,
        };
    };
    let mut read = Vec::new();
    let mut warnings = Vec::new();
    for head in heads {
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
    Told {
        outcome,
        found: Some(read),
    }
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
    head: &Head,
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
    let Told { outcome, found } = ask(shop, name, &request, deadline, Some);
    let Some(answer) = found else {
        return match concerns_all(outcome.status) {
            true => Err(Box::new(outcome)),
            false => Ok(One::NotRead(named.not_read(outcome.errors))),
        };
    };
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

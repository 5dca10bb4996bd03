//! The sale from a shell: each command is one call of the library.

use crate::arguments::{By, Sale, What};
use crate::till::{Called, Till};
use sequra_pos::words::{Channel, ErrorCode, Next, Problem};
use sequra_pos::{Asked, Error, Order, Outcome, Status, given};
use serde_json::{Value, json};
use std::path::Path;

/// More than the library takes of anything; it says itself what it takes.
const MOST: usize = 64 << 20;
/// Why an order is cancelled, where nobody says it.
const UNSPECIFIED: &str = "unspecified";

/// Does it.
pub fn run(till: &Till, command: &Sale) -> Called {
    let client = till.client();
    let content = |name, file: &Option<_>| file.as_deref().map(|file| order(till, name, file));
    Ok(match command {
        Sale::Check { file } => client.check_order(order(till, "check_order", file)?)?,
        Sale::Start { file } => {
            client.start_solicitation(order(till, "start_solicitation", file)?)?
        }
        Sale::Form {
            order,
            product,
            campaign,
            by,
        } => {
            let campaign = campaign.as_deref().filter(|text| !text.trim().is_empty());
            match by {
                By::Sms => client.send_form(order, product, campaign)?,
                By::Email => client.send_form_by(order, Channel::Email, product, campaign)?,
            }
        }
        Sale::Confirm { order, file } => {
            client.confirm(order, content("confirm", file).transpose()?)?
        }
        Sale::Hold { order, file } => client.hold(order, content("hold", file).transpose()?)?,
        Sale::Ref {
            order,
            order_ref_1,
            order_ref_2,
        } => client.set_order_ref(order, order_ref_1, order_ref_2.as_deref())?,
        Sale::Ship { order, what } => client.change(order, &shipped(till, what)?)?,
        Sale::Refund {
            order,
            what,
            amount,
            reason,
            preview,
        } => {
            let given = match amount {
                Some(cents) => Some(json!({"amount": cents, "reason": reason})),
                None => everything_or_json(till, "refund", what)?,
            };
            refund(till, order, given, *preview)?
        }
        Sale::Update { order, file } => {
            let update = given::update(read_json(till, "update_order", file)?);
            let update = update.map_err(|found| refused("update_order", found))?;
            client.change(order, &update)?
        }
        Sale::Cancel { order, reason } => {
            let said = reason.as_deref().filter(|text| !text.trim().is_empty());
            let reason = said.unwrap_or(UNSPECIFIED).to_owned();
            client.change(order, &Asked::Cancel(reason))?
        }
        Sale::HandOver { order } => client.hand_over(order)?,
        Sale::TakeOver { file } => client.take_over(&till.text("take_over", file)?)?,
        Sale::Receipt { order, columns } => client.receipt(order, *columns)?,
        Sale::Day { since, until } => client.day(since.as_deref(), until.as_deref())?,
        Sale::Methods { order } => client.payment_methods(order.as_deref())?,
        Sale::Instalments {
            cents,
            merchant,
            currency,
        } => client.credit_agreements(merchant.as_deref(), *cents, currency.as_deref())?,
    })
}

fn shipped(till: &Till, what: &What) -> Result<Asked, crate::exit::Stop> {
    let items = everything_or_json(till, "ship", what)?;
    let read = |items: Value| given::ship(&items).map_err(|found| refused("ship", found));
    Ok(items.map(read).transpose()?.unwrap_or(Asked::Ship(None)))
}

/// `given`: `None` for everything.
fn refund(till: &Till, order: &str, given: Option<Value>, preview: bool) -> Called {
    let read = |value: Value| given::refund(&value).map_err(|found| refused("refund", found));
    let (asked, is_preview) = match given.map(read).transpose()? {
        None => (Asked::Refund(None), preview),
        Some(read) => (read.asked, preview || read.is_preview),
    };
    Ok(match is_preview {
        true => till.client().preview(order, &asked)?,
        false => till.client().change(order, &asked)?,
    })
}

/// `None`: all of it, which has to be said.
fn everything_or_json(
    till: &Till,
    name: &'static str,
    what: &What,
) -> Result<Option<Value>, crate::exit::Stop> {
    match &what.file {
        Some(file) => Ok(Some(read_json(till, name, file)?)),
        None if what.all => Ok(None),
        None => {
            let message = "Say which goods, in a file; or --all.";
            let problem = Problem::new(ErrorCode::NullArgument, message);
            let failed = Outcome::failed(name, Status::InvalidArgument, Next::FixOrder, problem);
            Err(Error::from(failed).into())
        }
    }
}

/// A file with an order.
fn order(till: &Till, name: &'static str, file: &Path) -> Result<Order, crate::exit::Stop> {
    let text = till.text(name, file)?;
    Ok(Order::from_json(&text).map_err(|found| refused(name, found))?)
}

/// A file of JSON.
pub fn read_json(till: &Till, name: &'static str, file: &Path) -> Result<Value, crate::exit::Stop> {
    let what = file.display().to_string();
    let text = till.text(name, file)?;
    Ok(given::json(&what, &text, MOST).map_err(|found| refused(name, found))?)
}

/// What is given cannot be taken.
fn refused(name: &'static str, found: Vec<Problem>) -> Error {
    let is_json = found.first().map(|problem| problem.code) != Some(ErrorCode::InvalidJson);
    let mut outcome = Outcome::ok(name);
    outcome.status = match is_json {
        true => Status::InvalidOrder,
        false => Status::InvalidJson,
    };
    outcome.errors = found;
    outcome.next = Next::FixOrder;
    outcome.into()
}

//! Which order a call means that names one, found at one place for all of them: by its URL or a known uuid, by
//! `order_ref_1`, or by the till's own key, `cart.cart_ref`.
//!
//! A reference may have been given to several orders, one after the other. The order that is alive is meant; of two
//! that are, a person has to say which.

use super::ends::journal_failed;
use super::target::Target;
use crate::address::Address;
use crate::api::endpoints::NotAnOrderUrl;
use crate::journal::{JournalError, Record};
use crate::lifecycle::{Life, State};
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::Value;

/// As much of what cannot be an order's name is repeated, in characters.
const LONGEST_NAME: usize = 100;
/// So many orders of one reference are named.
const MOST_NAMED: usize = 10;

/// The order that is named, where the journal has it.
pub(crate) fn find(
    shop: &Shop,
    name: &'static str,
    order: &str,
) -> Result<Option<Record>, Box<Outcome>> {
    find_for(shop, name, order, holds_ref)
}

/// The same for a call that is for certain orders only: of those that name one `order_ref_1` one of these is meant.
fn find_for(
    shop: &Shop,
    name: &'static str,
    order: &str,
    is_for: fn(Life) -> bool,
) -> Result<Option<Record>, Box<Outcome>> {
    let failed = |error: &JournalError| Box::new(journal_failed(name, error));
    let (journal, endpoint) = (shop.journal(), shop.endpoint().as_str());
    if let Ok(uuid) = shop.endpoint().order_uuid(order) {
        let known = journal.order(endpoint, &uuid);
        let known = known.map_err(|error| failed(&error))?;
        if known.is_some() || is_url(order) {
            return Ok(known);
        }
    }
    match by_reference(shop, order, is_for) {
        Ok(mut meant) if meant.len() < 2 => Ok(meant.pop()),
        Ok(meant) => Err(Box::new(ambiguous(shop, name, order, &meant))),
        Err(error) => Err(failed(&error)),
    }
}

/// The same for a call that can do nothing where the journal has no such order; `next`: what the till does then.
pub(crate) fn known(
    shop: &Shop,
    name: &'static str,
    (order, next): (&str, Next),
    is_for: fn(Life) -> bool,
) -> Result<Record, Box<Outcome>> {
    let found = find_for(shop, name, order, is_for)?;
    found.ok_or_else(|| Box::new(unknown(name, next, order)))
}

/// What has been sold most likely had its number mistyped; the sale, wherever it is, must not begin again.
pub(crate) fn known_sale(
    shop: &Shop,
    name: &'static str,
    order: &str,
) -> Result<Record, Box<Outcome>> {
    known(shop, name, (order, Next::FixOrder), holds_ref)
}

/// seQura gives a reference to one order alone: that of another was refused, or will be.
pub(crate) fn holds_ref(life: Life) -> bool {
    life.state.holds_ref()
}

/// The same for a call that goes to seQura: an order that the journal does not have may be named by its URL or uuid.
pub(crate) fn target(shop: &Shop, name: &'static str, order: &str) -> Result<Target, Box<Outcome>> {
    let at_sequra = shop.endpoint().order_uuid(order);
    let uuid = match at_sequra {
        // The journal is asked once, by the pipeline.
        Ok(uuid) if is_url(order) => return Ok(Target::Known(uuid)),
        Ok(uuid) => match shop.journal().knows(shop.endpoint().as_str(), &uuid) {
            Ok(true) => return Ok(Target::Known(uuid)),
            Ok(false) => Some(uuid),
            Err(error) => return Err(Box::new(journal_failed(name, &error))),
        },
        Err(NotAnOrderUrl::Foreign | NotAnOrderUrl::NotAUrl) => None,
    };
    match (find(shop, name, order)?, uuid) {
        (Some(record), _) => Ok(Target::of(&record)),
        (None, Some(uuid)) => Ok(Target::Known(uuid)),
        (None, None) if is_url(order) => Err(Box::new(foreign(shop, name, order))),
        // Most likely it was mistyped; a sale must not begin again for it.
        (None, None) => Err(Box::new(unknown(name, Next::FixOrder, order))),
    }
}

/// Neither a uuid nor a reference that a till would give looks like it.
fn is_url(order: &str) -> bool {
    order.contains("://")
}

/// The orders that may be meant by a reference: those that are alive, or else the last that was.
fn by_reference(
    shop: &Shop,
    reference: &str,
    is_for: fn(Life) -> bool,
) -> Result<Vec<Record>, JournalError> {
    let (journal, endpoint) = (shop.journal(), shop.endpoint().as_str());
    // The first kind of name that any order has, or had, decides: asked twice, a call means the same order.
    let (mut alive, mut past) = parted(journal.orders_by_ref(endpoint, reference)?);
    if alive.is_empty() && past.is_empty() {
        (alive, past) = parted(journal.orders_by_cart_ref(endpoint, reference)?);
    } else if alive.iter().any(|one| is_for(one.life)) {
        alive.retain(|one| is_for(one.life));
    }
    if alive.is_empty() {
        alive.extend(past.into_iter().max_by_key(|one| one.id));
    }
    Ok(alive)
}

/// Those that a till can go on with, and those that it cannot.
fn parted(records: Vec<Record>) -> (Vec<Record>, Vec<Record>) {
    let is_past = |one: &Record| matches!(one.life.state, State::Cancelled | State::Abandoned);
    let is_alive = |one: &Record| !is_past(one) && !one.goes_on_elsewhere();
    records.into_iter().partition(is_alive)
}

/// The journal has no order of this name.
pub(crate) fn unknown(operation: &'static str, next: Next, order: &str) -> Outcome {
    let short = shortened(order);
    let mut message = format!(
        "The journal knows no order {short:?} at this endpoint, neither by URL, uuid, order_ref_1 nor cart_ref."
    );
    if !is_url(order) && order.contains("/orders/") {
        message += " It is an order's URL without its scheme: give it whole, as /order/url had it.";
    }
    let problem = Problem::new(ErrorCode::UnknownOrder, message);
    Outcome::failed(operation, Status::UnknownOrder, next, problem)
}

fn foreign(shop: &Shop, operation: &'static str, order: &str) -> Outcome {
    let endpoint = shop.endpoint().as_str();
    let is = match Address::parse(order.trim()) {
        Some(other) if !other.has_origin_of(&shop.config().base_url) => {
            format!("is on {}", other.with_path("/".to_owned()))
        }
        Some(_) => "is there, and no order's, which is …/orders/ and a uuid".to_owned(),
        None => "is no address that can be read".to_owned(),
    };
    let message = format!(
        "order_url is not an order of {endpoint}: it {is}. Nothing was sent: credentials go to the configured endpoint only."
    );
    let problem = Problem::new(ErrorCode::ForeignUrl, message);
    let next = Next::FixConfiguration;
    Outcome::failed(operation, Status::ForeignUrl, next, problem)
}

/// Several orders with this reference are alive, and one is meant.
fn ambiguous(shop: &Shop, operation: &'static str, reference: &str, meant: &[Record]) -> Outcome {
    let url = |one: &Record| {
        let uuid = one.uuid.as_deref()?;
        Some(shop.endpoint().order_url(uuid).to_string())
    };
    let described = |one: &Record| {
        let url = url(one).unwrap_or_else(|| "one without a URL".to_owned());
        format!("{url} ({}, {})", one.life.state, one.merchant_id)
    };
    let named = &meant[meant.len().saturating_sub(MOST_NAMED)..];
    let list: Vec<String> = named.iter().map(described).collect();
    let message = format!(
        "{} orders with the reference {:?} are alive: {}. Nothing was sent; name the one that is meant by its URL, and give up what will not be sold (sq_abandon).",
        meant.len(),
        shortened(reference),
        list.join(", ")
    );
    let urls: Vec<Option<String>> = named.iter().map(url).collect();
    let problem = Problem {
        actual: Some(Value::from_iter(urls)),
        ..Problem::new(ErrorCode::ArgumentOutOfRange, message)
    };
    Outcome::failed(operation, Status::InvalidArgument, Next::FixOrder, problem)
}

fn shortened(name: &str) -> String {
    name.chars().take(LONGEST_NAME).collect()
}

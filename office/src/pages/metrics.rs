//! `/metrics`, for Prometheus: how many tills are not as they should be, and the money at risk. The same for ten tills and
//! for ten thousand: no label names a till.

use super::answer;
use super::desk::{Desk, Trouble};
use super::front::is_from_here;
use super::sessions::is_same;
use crate::clock;
use crate::looking::now::{self, Counts};
use crate::looking::risk::{self, AtRisk};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use std::fmt::Write;
use std::sync::Arc;

/// Currencies with a line of their own; a till can write anything there.
const CURRENCIES: usize = 20;

const AGES: [&str; 4] = ["hour", "day", "week", "longer"];

pub async fn answer(State(desk): State<Arc<Desk>>, request: Request) -> Result<Response, Trouble> {
    let (parts, _) = request.into_parts();
    let is_admitted = match &desk.metrics_token {
        Some(token) => {
            let given = parts.headers.get(header::AUTHORIZATION);
            let given = given.and_then(|given| given.to_str().ok());
            let given = given.and_then(|given| given.strip_prefix("Bearer "));
            let token = String::from_utf8_lossy(token.as_bytes());
            given.is_some_and(|given| is_same(given, &token))
        }
        None => is_from_here(&parts),
    };
    const KIND: &str = "text/plain; version=0.0.4; charset=utf-8";
    if !is_admitted {
        let why =
            "Metrics are for who sends their token, or where there is none for this machine.\n";
        return Ok(answer::text(StatusCode::FORBIDDEN, KIND, why.to_owned()));
    }
    let now = clock::now();
    let bounds = desk.bounds(now);
    let read = desk.read().await?;
    let (at_risk, counts) =
        tokio::try_join!(risk::by_age(&read, now), now::counts(&read, &bounds))?;
    drop(read);
    Ok(answer::text(
        StatusCode::OK,
        KIND,
        told(&at_risk, &counts, now),
    ))
}

fn told(at_risk: &[AtRisk], counts: &Counts, now: i64) -> String {
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, values: &[(String, i64)]| {
        // Writing to a text does not fail.
        let _ = writeln!(
            text,
            "# HELP sequra_office_{name} {help}\n# TYPE sequra_office_{name} gauge"
        );
        for (labels, value) in values {
            let _ = writeln!(text, "sequra_office_{name}{labels} {value}");
        }
    };
    let version = format!("{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
    gauge("info", "The office.", &[(version, 1)]);
    let how = [
        ("silent", counts.silent),
        ("silent_at_risk", counts.red),
        ("lagging", counts.lagging),
        ("forked", counts.forked),
        ("skewed", counts.skewed),
        ("outdated", counts.outdated),
        ("chain_broken", counts.broken),
        ("rows_set_aside", counts.set_aside),
    ];
    let how = how.map(|(how, count)| (format!("{{how=\"{how}\"}}"), count));
    gauge(
        "tills",
        "Tills that are not as they should be, counted up to 1001.",
        &how,
    );
    let behind = counts
        .behind_since
        .map_or(0, |since| (now - since).max(0) / 1000);
    gauge(
        "behind_seconds",
        "For how long the oldest change that is known to be missing has been.",
        &[(String::new(), behind)],
    );
    let (cents, orders) = by_currency(at_risk);
    gauge(
        "at_risk_cents",
        "Money that seQura has confirmed, or may have, without a reference; by age.",
        &cents,
    );
    gauge("at_risk_orders", "The orders that it is of.", &orders);
    text
}

type Values = Vec<(String, i64)>;

fn by_currency(at_risk: &[AtRisk]) -> (Values, Values) {
    let is_code = |code: &str| code.len() == 3 && code.bytes().all(|one| one.is_ascii_uppercase());
    let (own, others): (Vec<_>, Vec<_>) = at_risk.iter().partition(|one| is_code(&one.currency));
    let (own, more) = own.split_at(own.len().min(CURRENCIES));
    let mut rest = AtRisk::default();
    for other in more.iter().chain(&others) {
        for (sum, (cents, orders)) in rest.by_age.iter_mut().zip(other.by_age) {
            *sum = (sum.0.saturating_add(cents), sum.1.saturating_add(orders));
        }
    }
    rest.currency = "other".to_owned();
    let rest = Some(&rest).filter(|rest| rest.orders() > 0);
    let (mut all_cents, mut all_orders) = (Vec::new(), Vec::new());
    for one in own.iter().copied().chain(rest) {
        for (age, (cents, orders)) in AGES.iter().zip(one.by_age) {
            let labels = format!("{{currency=\"{}\",age=\"{age}\"}}", one.currency);
            all_cents.push((labels.clone(), cents));
            all_orders.push((labels, orders));
        }
    }
    (all_cents, all_orders)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_till_makes_lines_without_end() {
        let of = |currency: String| AtRisk {
            currency,
            by_age: [(100, 1), (0, 0), (0, 0), (i64::MAX, 2)],
        };
        let codes = (0..26).map(|i| format!("AA{}", char::from(b'A' + i)));
        let strange = ["", "eur", "a\"}\nevil 1", "ÄÖÜ"].map(str::to_owned);
        let at_risk: Vec<AtRisk> = codes.chain(strange).map(of).collect();
        let text = told(&at_risk, &Counts::default(), 0);
        assert!(!text.contains("evil") && !text.contains("AAU"), "{text}");
        assert!(text.contains(
            "sequra_office_at_risk_cents{currency=\"AAA\",age=\"longer\"} 9223372036854775807\n"
        ));
        assert!(
            text.contains("sequra_office_at_risk_orders{currency=\"other\",age=\"hour\"} 10\n")
        );
        assert_eq!(text.matches("at_risk_cents{").count(), 4 * (CURRENCIES + 1));
    }
}

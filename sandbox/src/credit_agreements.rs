//! What an amount costs in instalments.
//!
//! The request is that of public clients [C], and so are the figures of an agreement, as public code shows them. Which
//! counts there are and what they cost is the simulator's own [I], but for one example: 399.99 € in 3.

use crate::accounts::Merchant;
use crate::answers::{Refusal, json};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json as object};

#[derive(Deserialize)]
pub struct Asked {
    total_with_tax: Option<String>,
    currency: Option<String>,
    locale: Option<String>,
    country: Option<String>,
}

/// How often one may pay, and the annual rate in hundredths of a per cent.
const COUNTS: &[(i64, i64)] = &[(3, 2_500), (6, 2_150), (12, 1_990)];
/// What each payment costs beside the amount.
const FEE: i64 = 500;
/// Nothing is financed below, or above.
const LEAST: i64 = 5_000;
const MOST: i64 = 200_000;

pub fn answer(merchant: &Merchant, asked: &Asked, by_product: bool) -> Result<Response, Refusal> {
    let refuse = |text: &str| Refusal::Other(400, format!("Invalid data: {text}"));
    let total = asked.total_with_tax.as_deref().unwrap_or_default();
    let total: i64 = total
        .parse()
        .ok()
        .filter(|&total| total > 0)
        .ok_or_else(|| refuse("total_with_tax is not a number of cents"))?;
    if asked.currency.as_deref() != Some(&merchant.currency) {
        return Err(refuse("currency is not the merchant's"));
    }
    let country = asked.country.as_deref().unwrap_or_default();
    if country != merchant.country && !merchant.allowed_countries.iter().any(|one| one == country) {
        return Err(refuse("country is not one of the merchant's"));
    }
    let locale = asked.locale.as_deref().unwrap_or_default();
    if !locale.ends_with(country) || locale.len() != 5 {
        return Err(refuse("locale is not one of the country"));
    }
    let offered = (LEAST..=MOST).contains(&total);
    let counts = COUNTS.iter().filter(|_| offered);
    let agreements: Vec<Value> = counts
        .map(|&(count, apr)| agreement(total, count, apr))
        .collect();
    let answer = match by_product {
        true => object!({ "pp3": agreements }),
        false => Value::from(agreements),
    };
    Ok(json(StatusCode::OK, &answer))
}

/// What is offered for an amount: how many payments, what each of them is, and all together.
pub struct Offer {
    pub count: i64,
    pub each: i64,
    pub all: i64,
}

impl Offer {
    pub fn without_cost(total: i64, count: i64) -> Offer {
        Offer {
            count,
            each: total / count,
            all: total,
        }
    }
}

pub fn offers(total: i64) -> Vec<Offer> {
    let offered = (LEAST..=MOST).contains(&total);
    let counts = COUNTS.iter().filter(|_| offered);
    counts
        .map(|&(count, _)| Offer {
            count,
            each: total / count + FEE,
            all: total + FEE * count,
        })
        .collect()
}

fn agreement(total: i64, count: i64, apr: i64) -> Value {
    let each = total / count;
    let grand_total = total + FEE * count;
    object!({
        "instalment_count": count,
        "total_with_tax": money(total),
        "instalment_amount": money(each),
        "instalment_fee": money(FEE),
        "instalment_total": money(each + FEE),
        "grand_total": money(grand_total),
        "cost_of_credit": money(FEE * count),
        "cost_of_credit_pct": per_cent(FEE * count * 10_000 / total),
        "apr": per_cent(apr),
        "max_financed_amount": money(MOST),
    })
}

fn money(cents: i64) -> Value {
    object!({"value": cents, "string": format!("{},{:02} €", cents / 100, cents % 100)})
}

fn per_cent(hundredths: i64) -> Value {
    object!({"value": hundredths, "string": format!("{},{:02} %", hundredths / 100, hundredths % 100)})
}

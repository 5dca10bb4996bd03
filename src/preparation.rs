//! What the configuration makes of an order before it is checked and sent: its defaults, who sells it,
//! what is not sold with seQura.

use crate::config::{Config, Merchants};
use crate::order::{Checked, Order};
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use serde_json::{Value, json};
use std::collections::HashSet;

/// Completes an order with what the configuration decides, and checks it whole.
pub(crate) fn prepare(config: &Config, order: Order) -> Result<(Order, Vec<Problem>), Checked> {
    let mut order = order.with_defaults(&config.order_defaults);
    let mut more_problems = Vec::new();
    let mut more_warnings = Vec::new();
    match (&config.merchants, order.merchant_id()) {
        (Merchants::One(merchant), None) => order = order.with_merchant_id(merchant),
        (Merchants::ByCountry(merchants), None) => {
            // A country that is missing is reported by the order's own check.
            if let Some(country) = order.country().map(str::to_uppercase) {
                match merchants.iter().find(|(one, _)| *one == country) {
                    Some((_, merchant)) => order = order.with_merchant_id(merchant),
                    None => more_problems.push(no_merchant(&country, merchants)),
                }
            }
        }
        (_, Some(merchant)) => {
            let configured = config.merchants.ids();
            if !configured.is_empty() && !configured.contains(&merchant) {
                more_warnings.push(Problem {
                    actual: Some(merchant.as_str().into()),
                    ..Problem::at(
                        ErrorCode::MerchantMismatch,
                        "/merchant/id",
                        format!(
                            "The order names merchant {merchant}, the configuration {}.",
                            configured.join(", ")
                        ),
                    )
                });
            }
        }
        (Merchants::FromOrder, None) => {}
    }
    if let Some(store_ref) = &config.store_ref {
        order = order.with_store_ref(store_ref);
    }
    let mut checked = order.check();
    if !more_problems.is_empty() {
        // No merchant could be chosen, which says it better than that it is missing.
        checked.problems.retain(|problem| {
            !matches!(
                problem.pointer.as_deref(),
                Some("/merchant" | "/merchant/id")
            )
        });
    }
    if order.mobile_phone().is_none() {
        more_warnings.push(Problem::at(
            ErrorCode::MobilePhoneRequired,
            "/delivery_address/mobile_phone",
            "No mobile_phone: the form cannot be sent by SMS (sq_send_form).",
        ));
    }
    more_problems.extend(excluded_items(config, &order));
    checked.problems.splice(0..0, more_problems);
    checked.warnings.extend(more_warnings);
    match checked.problems.is_empty() {
        true => Ok((order, checked.warnings)),
        false => Err(checked),
    }
}

/// What of the order the shop does not sell with seQura.
fn excluded_items(config: &Config, order: &Order) -> Vec<Problem> {
    if config.excluded_products.is_empty() && config.excluded_categories.is_empty() {
        return Vec::new();
    }
    let products: HashSet<&str> = config
        .excluded_products
        .iter()
        .map(String::as_str)
        .collect();
    let categories = config.excluded_categories.iter();
    let categories: HashSet<String> = categories.map(|one| one.to_lowercase()).collect();
    let mut found = Vec::new();
    for (cart, items) in order
        .carts()
        .iter()
        .map(|(name, cart)| (name, cart.items()))
    {
        for (at, item) in items.iter().enumerate() {
            let of = |field: &str| match item.document().get(field)? {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            };
            let product = |field: &'static str| {
                let text = of(field).filter(|text| products.contains(text.as_str()))?;
                Some((field, text, "excluded_products"))
            };
            let category = || {
                let text = of("category")?;
                let excluded = categories.contains(&text.to_lowercase());
                excluded.then_some(("category", text, "excluded_categories"))
            };
            let excluded = product("reference")
                .or_else(|| product("product_id"))
                .or_else(category);
            if let Some((field, text, key)) = excluded {
                let place = format!("/{cart}/items/{at}/{field}");
                let message = format!(
                    "{cart}.items[{at}].{field} {text} is excluded from sales with seQura by {key} of the configuration. Sell it without seQura."
                );
                found.push(Problem {
                    actual: Some(text.into()),
                    ..Problem::at(ErrorCode::ExcludedItem, place, message)
                });
            }
        }
    }
    found
}

/// Nobody is configured to sell in the order's country.
pub(crate) fn no_merchant(country: &str, merchants: &[(String, String)]) -> Problem {
    let countries: Vec<&str> = merchants
        .iter()
        .map(|(country, _)| country.as_str())
        .collect();
    Problem {
        expected: Some(json!(countries)),
        actual: Some(country.into()),
        ..Problem::at(
            ErrorCode::NoMerchantForCountry,
            "/delivery_address/country_code",
            format!(
                "The configuration has no merchant for {country}; it has {}.",
                countries.join(", ")
            ),
        )
    }
}

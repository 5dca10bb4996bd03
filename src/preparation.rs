//! What the configuration makes of an order before it is checked and sent: its defaults, who sells it,
//! what is not sold with seQura.

use crate::config::{Config, Merchants};
use crate::order::{Added, Checked, Kept, Order, is_country};
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use serde_json::Value;
use std::collections::HashSet;

/// An order that can be sent.
pub(crate) struct Prepared {
    pub(crate) order: Order,
    /// What deserves a look.
    pub(crate) warnings: Vec<Problem>,
    /// What stands in it that was not given.
    pub(crate) added: Added,
}

/// Completes an order with what it implies and what the configuration decides, and checks it whole.
///
/// `kept`: it has been sent before.
pub(crate) fn prepare(
    config: &Config,
    order: Order,
    kept: Option<&Kept>,
) -> Result<Prepared, Checked> {
    let order = order.with_defaults(&config.order_defaults);
    let (order, mut added) = order.completed();
    let mut order = order.rounded(config.rounding_line.as_ref(), kept, &mut added);
    let mut more_problems = Vec::new();
    let mut more_warnings = std::mem::take(&mut added.warnings);
    match (&config.merchants, order.merchant_id()) {
        (Merchants::One(merchant), None) => order = order.with_merchant_id(merchant),
        (Merchants::ByCountry(merchants), None) => match seller(merchants, order.country()) {
            Ok(merchant) => order = order.with_merchant_id(merchant),
            Err(problem) => more_problems.push(problem),
        },
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
    only_who_sells(&mut more_problems, &mut checked.problems);
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
    if checked.problems.is_empty() {
        return Ok(Prepared {
            order,
            warnings: checked.warnings,
            added,
        });
    }
    // What only the sale can say stands first.
    checked.problems.sort_by_key(can_be_configured);
    for problem in checked
        .problems
        .iter_mut()
        .filter(|one| can_be_configured(one))
    {
        problem.message.push_str(WHERE_CONFIGURED);
    }
    Err(checked)
}

/// How the message goes on of what is missing that is the same in every order of a till.
const WHERE_CONFIGURED: &str = " The configuration can say it once for every order (order_defaults; who sells: merchant_id or merchants).";

/// Whether something is missing that most tills give once, in the configuration.
pub(crate) fn can_be_configured(problem: &Problem) -> bool {
    let is_missing = matches!(problem.code, ErrorCode::MissingField | ErrorCode::EmptyText);
    let pointer = problem.pointer.as_deref().unwrap_or_default();
    let mut steps = pointer.split('/').skip(1);
    let of_till = match (steps.next(), steps.next()) {
        (Some("merchant" | "platform" | "gui" | "delivery_method"), _) => true,
        (Some("customer"), Some(field)) => matches!(
            field,
            "logged_in" | "language_code" | "ip_number" | "user_agent"
        ),
        (Some("cart" | "unshipped_cart" | "shipped_cart"), Some(field)) => {
            matches!(field, "currency" | "gift")
        }
        _ => false,
    };
    is_missing && of_till
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

/// Where no merchant could be chosen (`why`), that says it better than that one is missing; and the order's own check has
/// more to say of a country that is none.
fn only_who_sells(why: &mut Vec<Problem>, found: &mut Vec<Problem>) {
    let Some(problem) = why.first() else {
        return;
    };
    let at = |problem: &Problem, places: &[&str]| {
        places.contains(&problem.pointer.as_deref().unwrap_or_default())
    };
    found.retain(|problem| !at(problem, &["/merchant", "/merchant/id"]));
    let country = [
        "/delivery_address",
        "/delivery_address/country_code",
        "/invoice_address",
        "/invoice_address/country_code",
    ];
    if problem.code != ErrorCode::NoMerchantForCountry && found.iter().any(|one| at(one, &country))
    {
        why.clear();
    }
}

/// Who sells in the order's country. Where no country decides, it is the one merchant that there is.
fn seller<'a>(
    merchants: &'a [(String, String)],
    country: Option<&str>,
) -> Result<&'a str, Problem> {
    let country = country.map(str::to_uppercase);
    let country = country.filter(|country| is_country(country));
    let of = |country: &str| merchants.iter().find(|(one, _)| one == country);
    match country {
        Some(country) => match of(&country) {
            Some((_, merchant)) => Ok(merchant),
            None => Err(no_merchant(&country, merchants)),
        },
        None if merchants.iter().all(|(_, id)| *id == merchants[0].1) => Ok(&merchants[0].1),
        None => Err(Problem {
            expected: Some(countries_of(merchants)),
            ..Problem::at(
                ErrorCode::MissingField,
                "/delivery_address/country_code",
                "delivery_address.country_code is missing: it decides who sells.",
            )
        }),
    }
}

fn countries_of(merchants: &[(String, String)]) -> Value {
    merchants
        .iter()
        .map(|(country, _)| country.as_str())
        .collect()
}

/// Nobody is configured to sell in the order's country.
pub(crate) fn no_merchant(country: &str, merchants: &[(String, String)]) -> Problem {
    let countries: Vec<&str> = merchants
        .iter()
        .map(|(country, _)| country.as_str())
        .collect();
    Problem {
        expected: Some(countries_of(merchants)),
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

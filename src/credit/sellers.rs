//! Who is asked what an amount costs, as selling in which country.

use crate::config::{Config, Merchants};
use crate::order::{MERCHANT_ID, is_country, is_merchant_id};
use crate::preparation::no_merchant;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;

/// Who is asked, as selling in which country.
pub(super) struct Seller {
    pub(super) merchant_id: String,
    pub(super) country: String,
}

impl Seller {
    pub(super) fn new(merchant_id: &str, country: &str) -> Seller {
        Seller {
            merchant_id: merchant_id.to_owned(),
            country: country.to_owned(),
        }
    }
}

/// Who is meant: every configured merchant, one of them, another one, or who sells in a country. None: no merchant is
/// configured. An amount is asked for in a country; where none is known, that is refused.
pub(super) fn sellers(config: &Config, whom: &str) -> Result<Vec<Seller>, Problem> {
    let (pairs, one): (&[(String, String)], _) = match &config.merchants {
        Merchants::ByCountry(pairs) => (pairs, None),
        Merchants::One(id) => (&[], Some(id.as_str())),
        Merchants::FromOrder => (&[], default(config, "merchant", "id")),
    };
    let one = one.filter(|id| is_merchant_id(id));
    let those = |is_meant: &dyn Fn(&str, &str) -> bool| -> Vec<Seller> {
        let meant = pairs.iter().filter(|(country, id)| is_meant(country, id));
        meant
            .map(|(country, id)| Seller::new(id, country))
            .collect()
    };
    let named = those(&|_, id| whom.is_empty() || id == whom);
    if !named.is_empty() {
        return Ok(named);
    }
    match one {
        Some(id) if whom.is_empty() || id == whom => return in_usual_country(config, id),
        None if whom.is_empty() => return Ok(named),
        _ => {}
    }
    let country = whom.to_ascii_uppercase();
    if is_two_letter_country(&country) {
        let found = match one {
            Some(id) => vec![Seller::new(id, &country)],
            None => those(&|one, _| one == country),
        };
        return match found.is_empty() && !pairs.is_empty() {
            true => Err(Problem {
                pointer: None,
                ..no_merchant(&country, pairs)
            }),
            false => Ok(found),
        };
    }
    if is_merchant_id(whom) && whom.len() > 2 {
        return in_usual_country(config, whom);
    }
    let message = format!(
        "merchant_or_country is {whom:?}: neither a country (two letters, such as ES) nor a merchant, which {MERCHANT_ID}"
    );
    Err(Problem::new(ErrorCode::ArgumentOutOfRange, message))
}

/// What `order_defaults` say.
fn default<'a>(config: &'a Config, block: &str, field: &str) -> Option<&'a str> {
    let text = config
        .order_defaults
        .get(block)?
        .get(field)?
        .as_str()?
        .trim();
    Some(text).filter(|text| !text.is_empty())
}

fn in_usual_country(config: &Config, merchant_id: &str) -> Result<Vec<Seller>, Problem> {
    let country = default(config, "delivery_address", "country_code").map(str::to_ascii_uppercase);
    if let Some(country) = country.filter(|country| is_two_letter_country(country)) {
        return Ok(vec![Seller::new(merchant_id, &country)]);
    }
    let message = format!(
        "In which country does {merchant_id} sell? Give the country (such as ES) as merchant_or_country, or configure merchants by country, or delivery_address.country_code in order_defaults."
    );
    Err(Problem::new(ErrorCode::NullArgument, message))
}

fn is_two_letter_country(text: &str) -> bool {
    text.len() == 2 && is_country(text)
}

/// A merchant that the configuration does not name deserves a look.
pub(super) fn mismatch(config: &Config, sellers: &[Seller]) -> Option<Problem> {
    let configured = config.merchants.ids();
    let is_strange = |id: &String| !configured.is_empty() && !configured.contains(id);
    let mut ids = sellers.iter().map(|seller| &seller.merchant_id);
    let id = ids.find(|id| is_strange(id))?;
    let configured = configured.join(", ");
    let message = format!("The call names merchant {id}, the configuration {configured}.");
    Some(Problem {
        actual: Some(id.as_str().into()),
        ..Problem::new(ErrorCode::MerchantMismatch, message)
    })
}

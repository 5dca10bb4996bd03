//! What seQura says an amount costs: a list of agreements [C], or an object of such lists by product [I].

use super::sellers::Seller;
use crate::messages::Offer;
use serde_json::{Map, Value};

/// An agreement as `/data/agreements/N` shows it: what is not said is null.
pub(super) type Agreement = Map<String, Value>;

/// Cents, and hundredths of a per cent.
const FIGURES: [&str; 10] = [
    "instalment_count",
    "total_with_tax",
    "instalment_amount",
    "instalment_fee",
    "instalment_total",
    "grand_total",
    "cost_of_credit",
    "cost_of_credit_pct",
    "apr",
    "max_financed_amount",
];
/// Around the lists may be a name that is no product's.
const NO_PRODUCTS: [&str; 3] = ["credit_agreements", "agreements", "data"];
/// Lists of lists go no deeper.
const DEPTH: u32 = 3;

/// Flattens an answer; none: it is nothing of the kind.
pub(super) fn agreements(
    answer: &Value,
    seller: &Seller,
    currency: &str,
) -> Option<Vec<Agreement>> {
    let mut found = Vec::new();
    collect(answer, None, DEPTH, &mut found);
    let found: Vec<Agreement> = found
        .into_iter()
        .map(|(agreement, product)| flat(agreement, product, seller, currency))
        .collect();
    (!found.is_empty() || says_none(answer)).then_some(found)
}

/// An agreement, and under which product it stands.
type Found<'a> = (&'a Map<String, Value>, Option<&'a str>);

fn collect<'a>(value: &'a Value, product: Option<&'a str>, depth: u32, found: &mut Vec<Found<'a>>) {
    match value {
        Value::Object(object) if object.contains_key(FIGURES[0]) => found.push((object, product)),
        Value::Object(object) if depth > 0 => {
            for (name, value) in object {
                let named = Some(name.as_str()).filter(|name| !NO_PRODUCTS.contains(name));
                collect(value, named.or(product), depth - 1, found);
            }
        }
        Value::Array(list) if depth > 0 => {
            for value in list {
                collect(value, product, depth - 1, found);
            }
        }
        _ => {}
    }
}

/// No agreement for this amount: lists there are, and nothing in them.
fn says_none(answer: &Value) -> bool {
    match answer {
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.values().all(says_none),
        _ => false,
    }
}

fn flat(
    agreement: &Map<String, Value>,
    product: Option<&str>,
    seller: &Seller,
    currency: &str,
) -> Agreement {
    let text = |name: &str| {
        agreement
            .get(name)
            .filter(|value| value.is_string())
            .cloned()
    };
    let own_product = text("product").or_else(|| text("product_code"));
    let mut flat = Map::new();
    flat.insert("merchant_id".into(), seller.merchant_id.as_str().into());
    flat.insert("country".into(), seller.country.as_str().into());
    flat.insert("currency".into(), currency.into());
    flat.insert("product".into(), own_product.unwrap_or(product.into()));
    for name in FIGURES {
        flat.insert(name.into(), agreement.get(name).and_then(whole).into());
    }
    flat
}

/// A figure, alone or as the `value` beside the text that shows it.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Object(object) => object
            .get("value")
            .filter(|value| !value.is_object())
            .and_then(whole),
        Value::Number(number) => number.as_i64().or_else(|| {
            // Exactly, and far below where a float has gaps.
            let number = number.as_f64()?;
            (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
        }),
        _ => None,
    }
}

fn figure(agreement: &Agreement, name: &str) -> Option<i64> {
    agreement.get(name)?.as_i64()
}

/// What the agreement is about.
pub(super) fn amount(agreement: &Agreement) -> Option<i64> {
    figure(agreement, "total_with_tax")
}

/// What may be said of an agreement to a customer: all of it or nothing, and only what can be.
pub(super) fn offer(agreement: &Agreement) -> Option<Offer> {
    // Of what it does not say the price of, it cannot be said what that costs.
    let price = amount(agreement).filter(|&cents| cents > 0)?;
    let figure = |name| figure(agreement, name);
    let offer = Offer {
        country: None,
        count: figure("instalment_count").filter(|&count| count > 0)?,
        each: figure("instalment_total").filter(|&cents| cents > 0)?,
        total: figure("grand_total").filter(|&cents| cents > 0)?,
        apr: figure("apr").filter(|&apr| apr >= 0)?,
    };
    adds_up(agreement, price, &offer).then_some(offer)
}

/// What is offered fits its price, and whatever else the agreement says. All payments together are what is to be paid, but
/// for less than a cent of each, by which they are rounded.
fn adds_up(agreement: &Agreement, price: i64, offer: &Offer) -> bool {
    // Wider than any figure, as figures are multiplied and added here.
    let figure = |name| figure(agreement, name).map(i128::from);
    let [price, count, each, total] = [price, offer.count, offer.each, offer.total].map(i128::from);
    let agree = |one: i128, other: i128| (one - other).abs() < count;
    let cost = total - price;
    let parts = figure("instalment_amount").zip(figure("instalment_fee"));
    cost >= 0
        && (cost == 0) == (offer.apr == 0)
        && agree(count * each, total)
        && figure("cost_of_credit").is_none_or(|said| agree(said, cost))
        && parts.is_none_or(|(amount, fee)| agree(amount + fee, each))
        && figure("max_financed_amount").is_none_or(|most| most >= price)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(answer: Value) -> Option<Vec<Agreement>> {
        let seller = Seller::new("shop_es", "ES");
        agreements(&answer, &seller, "EUR")
    }

    fn money(cents: i64) -> Value {
        json!({"value": cents, "string": "…"})
    }

    #[test]
    fn lists_and_lists_by_product_are_read() {
        let one = json!({"instalment_count": 3, "total_with_tax": 39_999, "instalment_total": money(13_833), "grand_total": 41_499, "apr": money(2500)});
        for (answer, product) in [
            (json!([one]), Value::Null),
            (json!({"pp3": [one]}), json!("pp3")),
            (json!({"pp3": one, "currency": "EUR"}), json!("pp3")),
            (json!({"credit_agreements": [one]}), Value::Null),
            (
                json!({"credit_agreements": {"pp3": [one], "sp1": []}}),
                json!("pp3"),
            ),
        ] {
            let found = read(answer.clone()).unwrap();
            assert_eq!(found.len(), 1, "{answer}");
            assert_eq!(found[0]["product"], product, "{answer}");
            assert_eq!(found[0]["instalment_total"], 13_833, "{answer}");
            assert_eq!(found[0]["cost_of_credit"], Value::Null, "{answer}");
            let offer = offer(&found[0]).unwrap();
            assert_eq!((offer.count, offer.total, offer.apr), (3, 41_499, 2500));
        }
        let own = json!([{"instalment_count": 3, "product": "pp5"}]);
        assert_eq!(read(own).unwrap()[0]["product"], "pp5");
    }

    #[test]
    fn nothing_is_not_the_same_as_something_else() {
        for none in [
            json!([]),
            json!({}),
            json!({"pp3": []}),
            json!({"credit_agreements": {"pp3": []}}),
        ] {
            assert_eq!(read(none.clone()), Some(Vec::new()), "{none}");
        }
        for other in [
            json!("x"),
            json!(7),
            json!(null),
            json!({"message": "x"}),
            json!([{"message": "x"}]),
            json!([[[[{"instalment_count": 3}]]]]),
        ] {
            assert_eq!(read(other.clone()), None, "{other}");
        }
    }

    #[test]
    fn an_offer_is_all_or_nothing() {
        let whole = json!({"instalment_count": 3, "total_with_tax": 39_999, "instalment_total": 13_833, "grand_total": 41_499, "apr": 2500});
        assert!(offer(&read(json!([whole])).unwrap()[0]).is_some());
        for name in [
            "instalment_count",
            "total_with_tax",
            "instalment_total",
            "grand_total",
            "apr",
        ] {
            for value in [
                Value::Null,
                json!(-1),
                json!("5"),
                json!(1.5),
                json!({"value": {"value": 1}}),
            ] {
                let mut part = whole.clone();
                part[name] = value;
                let read = read(json!([part])).unwrap();
                assert!(offer(&read[0]).is_none(), "{part}");
            }
        }
        assert_eq!(super::whole(&json!(13833.0)), Some(13_833));
    }

    #[test]
    fn figures_that_cannot_be_are_no_offer() {
        let whole = |count, price, each, total, apr| json!({"instalment_count": count, "total_with_tax": price, "instalment_total": each, "grand_total": total, "apr": apr});
        let most = i64::MAX;
        for (answer, is_offered) in [
            (whole(3, 39_999, 13_833, 41_499, 2500), true),
            // 133.34 € and 5 €, and the last payment makes up for it; or 133.33 € and 5 €.
            (whole(3, 40_000, 13_834, 41_500, 2500), true),
            (whole(3, 40_000, 13_833, 41_500, 2500), true),
            (whole(3, 40_000, 13_832, 41_500, 2500), false),
            (whole(3, 40_000, 13_835, 41_500, 2500), false),
            (whole(3, 39_999, 13_333, 39_999, 0), true),
            (whole(3, 39_999, 13_333, 39_999, 2500), false),
            (whole(3, 39_999, 13_833, 41_499, 0), false),
            (whole(3, 41_500, 13_833, 41_499, 2500), false),
            (whole(1, 39_999, 41_499, 41_499, 2500), true),
            (whole(1, 39_999, 41_498, 41_499, 2500), false),
            (whole(most, 1, most, most, 2500), false),
            (whole(1, most, most, most, 0), true),
        ] {
            let read = read(json!([answer])).unwrap();
            assert_eq!(offer(&read[0]).is_some(), is_offered, "{answer}");
        }
    }
}

//! The account: what it may sell as, and with which payment methods.

use crate::advice::{self, To};
use crate::api::transport::Exchange;
use crate::clock;
use crate::config::Merchants;
use crate::form;
use crate::journal::Record;
use crate::outcome::Outcome;
use crate::pipeline;
use crate::problem::Problem;
use crate::question::{
    Told, ask, merchant_lacking, merchant_of, of_every_merchant, or_kept, understand,
};
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use std::time::Instant;

/// `data` of `sq_check_credentials`.
#[derive(Serialize)]
pub(crate) struct Account {
    merchants: Vec<Merchant>,
}

/// What a till may know of a merchant: not its signature secret.
#[derive(Serialize)]
struct Merchant {
    configured: bool,
    id: String,
    name: Value,
    country: Value,
    allowed_countries: Value,
    currency: Value,
    realm: Value,
}

/// What `sq_check_credentials` says.
pub(crate) fn check_credentials(shop: &Shop) -> Outcome {
    let request = shop.endpoint().credentials();
    let exchange = shop.wire().exchange(&request, shop.deadline());
    credentials_of(shop, "check_credentials", &exchange).into_outcome()
}

/// What an answer says of the account; warnings: where the configuration says otherwise.
pub(crate) fn credentials_of(
    shop: &Shop,
    name: &'static str,
    exchange: &Exchange,
) -> Told<Account> {
    let configured = shop.config().merchants.ids();
    let mut told = understand(name, exchange, |answer| {
        let entries = answer.as_array()?.iter();
        let merchants = entries.map(|entry| Merchant::read(entry, &configured));
        Some(Account {
            merchants: merchants.collect::<Option<_>>()?,
        })
    });
    if let Some(account) = &told.found {
        told.outcome.warnings = account.disagreements(shop);
    }
    told
}

impl Merchant {
    /// None: it is no merchant.
    fn read(entry: &Value, configured: &[String]) -> Option<Merchant> {
        let field = |name: &str| entry.get(name).cloned().unwrap_or(Value::Null);
        let id = merchant_of(entry)?;
        Some(Merchant {
            configured: configured.contains(&id),
            id,
            name: field("name"),
            country: field("country"),
            allowed_countries: field("allowed_countries"),
            currency: field("currency"),
            realm: field("realm"),
        })
    }

    /// Where it may sell, as far as seQura says so.
    fn countries(&self) -> Vec<&str> {
        match &self.allowed_countries {
            Value::Array(countries) => countries.iter().filter_map(Value::as_str).collect(),
            _ => self.country.as_str().into_iter().collect(),
        }
    }
}

impl Account {
    fn merchant(&self, id: &str) -> Option<&Merchant> {
        self.merchants.iter().find(|merchant| merchant.id == id)
    }

    /// The configured merchants that it does not have, each a problem.
    pub(crate) fn lacking(&self, shop: &Shop) -> Vec<Problem> {
        let configured = shop.config().merchants.ids().into_iter();
        configured
            .filter(|id| self.merchant(id).is_none())
            .map(|id| {
                let message = format!(
                    "The configuration names merchant {id}, which this account does not have."
                );
                Problem {
                    actual: Some(id.into()),
                    ..Problem::new(ErrorCode::BadMerchantId, message)
                }
            })
            .collect()
    }

    /// The configured merchants that somebody else runs than the configuration says.
    fn of_another_deployment<'a>(
        &'a self,
        deployment: &'a str,
    ) -> impl Iterator<Item = Problem> + 'a {
        let configured = self.merchants.iter().filter(|one| one.configured);
        configured.filter_map(move |merchant| {
            let realm = merchant.realm.as_str().filter(|realm| !realm.is_empty())?;
            let message = format!(
                "Merchant {} is of {realm}, and the configuration's deployment is {deployment}.",
                merchant.id
            );
            (!realm.eq_ignore_ascii_case(deployment)).then(|| Problem {
                expected: Some(realm.into()),
                actual: Some(deployment.into()),
                ..Problem::new(ErrorCode::MerchantMismatch, message)
            })
        })
    }

    /// Where the configuration says otherwise.
    fn disagreements(&self, shop: &Shop) -> Vec<Problem> {
        let lacking = self.lacking(shop).into_iter();
        let mut warnings: Vec<Problem> = lacking
            .map(|problem| Problem {
                code: ErrorCode::MerchantMismatch,
                ..problem
            })
            .collect();
        warnings.extend(self.of_another_deployment(shop.config().deployment));
        let Merchants::ByCountry(pairs) = &shop.config().merchants else {
            return warnings;
        };
        for (country, id) in pairs {
            let countries = self.merchant(id).map_or(Vec::new(), Merchant::countries);
            if countries.is_empty()
                || countries
                    .iter()
                    .any(|one| one.eq_ignore_ascii_case(country))
            {
                continue;
            }
            let message = format!(
                "The configuration sells in {country} as merchant {id}, who may sell in {} only.",
                countries.join(", ")
            );
            warnings.push(Problem {
                expected: Some(json!(countries)),
                actual: Some(country.as_str().into()),
                ..Problem::new(ErrorCode::MerchantMismatch, message)
            });
        }
        warnings
    }
}

const METHODS: &str = "payment_methods";

/// A payment method as seQura describes it, with its category and whose it is.
type Method = Map<String, Value>;

/// `data` of `sq_payment_methods`.
#[derive(Serialize)]
struct Methods {
    methods: Vec<Method>,
    /// Some are those that were seen last.
    from_cache: bool,
    /// When, of the oldest of these.
    #[serde(serialize_with = "as_time")]
    as_of: Option<i64>,
}

fn as_time<S: Serializer>(moment: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    moment.map(clock::to_text).serialize(serializer)
}

impl Methods {
    fn new(methods: Vec<Method>, as_of: Option<i64>) -> Methods {
        Methods {
            methods,
            from_cache: as_of.is_some(),
            as_of,
        }
    }

    fn with(mut self, other: Methods) -> Methods {
        self.methods.extend(other.methods);
        let as_of = self.as_of.into_iter().chain(other.as_of).min();
        Methods::new(self.methods, as_of)
    }
}

/// What `sq_payment_methods` says: of one order, or of every configured merchant.
pub(crate) fn payment_methods(shop: &Shop, order: Option<&str>) -> Outcome {
    let deadline = shop.deadline();
    let Some(order) = order else {
        let of_merchant = |merchant_id: &str| merchants_methods(shop, merchant_id, deadline);
        return of_every_merchant(shop, METHODS, of_merchant, Methods::with).into_outcome();
    };
    let target = match pipeline::target(shop, METHODS, order) {
        Ok(target) => target,
        Err(ended) => return *ended,
    };
    match (pipeline::recorded(shop, &target), target.uuid()) {
        (Ok(record), Some(uuid)) => Outcome {
            order: record.as_ref().map(|record| shop.view(record)),
            ..orders_methods(shop, uuid, record.as_ref(), deadline).into_outcome()
        },
        (Ok(record), None) => without_uuid(shop, record.as_ref()),
        (Err(error), _) => pipeline::journal_failed(METHODS, &error),
    }
}

/// seQura is asked for an order by its uuid.
fn without_uuid(shop: &Shop, record: Option<&Record>) -> Outcome {
    let message = "The journal does not know seQura's uuid of this order: its start has no answer yet, or it was sold with another journal.";
    let problem = Problem::new(ErrorCode::WrongState, message);
    let next = record.map_or(Next::None, advice::next);
    Outcome {
        order: record.map(|record| shop.view(record)),
        ..Outcome::failed(METHODS, Status::WrongState, next, problem)
    }
}

/// The methods of an order; those that were kept of its merchant, where seQura cannot be reached.
fn orders_methods(
    shop: &Shop,
    uuid: &str,
    record: Option<&Record>,
    deadline: Instant,
) -> Told<Methods> {
    let merchant_id = record.map(|record| record.merchant_id.as_str());
    let request = shop.endpoint().order_payment_methods(uuid, merchant_id);
    let told = ask(shop, METHODS, &request, deadline, |answer| {
        let mut methods = methods(&answer, merchant_id)?;
        // What seQura offers for an order fits it.
        for method in &mut methods {
            method.insert("fits".to_owned(), true.into());
        }
        if record.is_some() {
            form::keep(shop, uuid, &methods);
        }
        Some(Methods::new(methods, None))
    });
    match record {
        Some(record) => {
            let told = told_of_an_order(shop, told, record, deadline);
            told_or_kept(shop, told, &record.merchant_id, record.amount)
        }
        None => told,
    }
}

/// What a no means to an order that the journal has.
fn told_of_an_order(
    shop: &Shop,
    mut told: Told<Methods>,
    record: &Record,
    deadline: Instant,
) -> Told<Methods> {
    let errors = &mut told.outcome.errors;
    errors.extend(merchant_lacking(
        shop,
        &record.merchant_id,
        errors,
        deadline,
    ));
    let to = To::QuestionOf(record.life);
    told.outcome.next = advice::after(told.outcome.status, errors, to);
    told
}

/// The methods of a merchant; those that were kept, where seQura cannot be reached.
fn merchants_methods(shop: &Shop, merchant_id: &str, deadline: Instant) -> Told<Methods> {
    let request = shop.endpoint().merchant_payment_methods(merchant_id);
    let told = ask(shop, METHODS, &request, deadline, |answer| {
        let mut methods = methods(&answer, Some(merchant_id))?;
        let kept = json!(methods).to_string();
        // A journal that cannot be written is told of by whoever needs it.
        let _ = shop.journal().keep_answer(
            shop.endpoint().as_str(),
            &name_of(merchant_id),
            &kept,
            deadline,
        );
        mark_fitting(&mut methods, None);
        Some(Methods::new(methods, None))
    });
    told_or_kept(shop, told, merchant_id, None)
}

fn name_of(merchant_id: &str) -> String {
    format!("{METHODS}/{merchant_id}")
}

/// What was kept of a merchant's methods, where seQura is out of reach.
fn told_or_kept(
    shop: &Shop,
    told: Told<Methods>,
    merchant_id: &str,
    amount: Option<i64>,
) -> Told<Methods> {
    or_kept(METHODS, told, || kept_methods(shop, merchant_id, amount))
}

fn kept_methods(shop: &Shop, merchant_id: &str, amount: Option<i64>) -> Option<Methods> {
    let endpoint = shop.endpoint().as_str();
    let (at, kept) = shop
        .journal()
        .kept_answer(endpoint, &name_of(merchant_id))
        .ok()??;
    let mut methods: Vec<Method> = serde_json::from_str(&kept).ok()?;
    mark_fitting(&mut methods, amount);
    Some(Methods::new(methods, Some(at)))
}

/// Says of each method whether an order of this amount may be paid with it today; null: no amount
/// is known.
fn mark_fitting(methods: &mut [Method], amount: Option<i64>) {
    let now = clock::now_ms();
    for method in methods {
        let number = |name: &str| method.get(name).and_then(Value::as_i64);
        let moment = |name: &str| clock::from_text(method.get(name)?.as_str()?);
        let fits = amount.map(|amount| {
            number("min_amount").is_none_or(|least| amount >= least)
                && number("max_amount").is_none_or(|most| amount <= most)
                && moment("starts_at").is_none_or(|begin| now >= begin)
                && moment("ends_at").is_none_or(|end| now <= end)
        });
        method.insert("fits".to_owned(), fits.into());
    }
}

/// Flattens seQura's categories: each method with its category, and whose it is.
fn methods(answer: &Value, merchant_id: Option<&str>) -> Option<Vec<Method>> {
    let mut flat = Vec::new();
    for option in answer.get("payment_options")?.as_array()? {
        for method in option.get("methods")?.as_array()? {
            let mut entry = Map::new();
            for (name, of_group) in [("category", "category"), ("category_title", "title")] {
                let value = option.get(of_group).cloned().unwrap_or(Value::Null);
                entry.insert(name.into(), value);
            }
            entry.insert("merchant_id".into(), merchant_id.into());
            for (name, value) in method.as_object()? {
                entry.insert(name.clone(), value.clone());
            }
            flat.push(entry);
        }
    }
    Some(flat)
}

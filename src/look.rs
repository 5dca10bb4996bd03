//! A journal alone: what it says, copies of it, a journal made of a copy. For who supports a till: no configuration is
//! needed and no secret, nothing is asked of seQura, and nothing of the journal is changed.

use crate::after_sale;
use crate::clock::to_text;
use crate::config::Config;
use crate::journal::{
    self, Chain, Copied, Journal, JournalError, LogRow, Looked, Progress, Query, Seen,
};
use crate::messages::{Language, Voice};
use crate::mode::Mode;
use crate::outcome::{Error, Outcome};
use crate::pending;
use crate::pipeline;
use crate::problem::Problem;
use crate::shop::{NotOpened, Shop};
use crate::status::Status;
use crate::transaction_log;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::{Map, Value, json};
use std::path::Path;

type Result<T = Outcome> = std::result::Result<T, Error>;

/// A journal that is looked at, with the orders of every endpoint in it.
#[derive(Debug)]
pub struct Look {
    /// One for each endpoint; at least one.
    shops: Vec<Shop>,
    seen: Seen,
    language: Language,
    /// Endpoints of which the orders cannot be shown, and how many of these are unfinished.
    unreadable: Vec<(String, usize)>,
    /// What a configuration says of its endpoint.
    configured: Option<(String, Option<Mode>)>,
}

impl Look {
    /// Opens a journal, a copy of one, or one of another version. `scratch`: an empty folder, for its owner only, where a
    /// copy may be made; whoever has made it removes it.
    pub fn at(journal: &Path, scratch: &Path, language: Language) -> Result<Look> {
        let fail = |error: JournalError| failed("look", &error, language);
        let look = || Journal::look(journal, scratch).map_err(fail);
        let Looked {
            journal: first,
            seen,
        } = look()?;
        let endpoints = first.endpoints().map_err(fail)?;
        let (mut shops, mut unreadable) = (Vec::new(), Vec::new());
        let mut opened = Some(first);
        for endpoint in &endpoints {
            let journal = match opened.take() {
                Some(first) => first,
                None => look()?.journal,
            };
            match shop(Some(endpoint), journal, language) {
                Ok(shop) => shops.push(shop),
                Err(_) => {
                    let unfinished = look()?.journal.unfinished(endpoint).map_err(fail)?;
                    unreadable.push((endpoint.clone(), unfinished.len()));
                }
            }
        }
        if shops.is_empty() {
            let first = opened.map_or_else(|| look().map(|looked| looked.journal), Ok)?;
            shops.push(shop(None, first, language)?);
        }
        Ok(Look {
            shops,
            seen,
            language,
            unreadable,
            configured: None,
        })
    }

    /// With what the till's configuration says of the world that it sells in.
    pub fn as_configured(self, config: &Config) -> Look {
        let configured = Some((config.base_url.to_string(), config.mode()));
        Look { configured, ..self }
    }

    /// Whether no money moves there. A loopback address may be a simulator's, or a gateway's to the real world: where no
    /// configuration says it, nobody knows.
    fn is_known_test(&self, shop: &Shop) -> Option<bool> {
        let endpoint = shop.endpoint().as_str();
        let said = self
            .configured
            .as_ref()
            .filter(|(configured, _)| configured == endpoint);
        match said {
            Some((_, mode)) => Some(mode.is_some_and(Mode::is_test)),
            None => {
                let known = shop.config().mode();
                let known = known.filter(|mode| *mode != Mode::Simulator);
                known.map(Mode::is_test)
            }
        }
    }

    fn is_test(&self, shop: &Shop) -> bool {
        self.is_known_test(shop) == Some(true)
    }

    /// As [`crate::Client::pending`], of every endpoint; `data.journal` says what file it is, `data.unreadable` how many
    /// unfinished orders are not listed.
    pub fn pending(&self) -> Result {
        let are_real = self.shops.iter().any(|shop| !self.is_test(shop));
        let are_known = self
            .shops
            .iter()
            .any(|shop| self.is_known_test(shop).is_some());
        let outcomes = self.shops.iter().map(|shop| {
            let mut outcome = pending::pending(shop);
            match (&mut outcome.data, self.is_known_test(shop)) {
                (Some(data), Some(true)) => marked(data, are_real),
                (Some(data), None) if are_known => set_apart(data, shop.endpoint().as_str()),
                _ => {}
            }
            outcome
        });
        let together = outcomes.reduce(|mut all, one| {
            all.warnings.extend(one.warnings);
            let (Some(data), Some(more)) = (&mut all.data, one.data) else {
                return all;
            };
            add(data, &more);
            let next = if all.next == Next::None {
                one.next
            } else {
                all.next
            };
            Outcome { next, ..all }
        });
        let mut outcome = together.unwrap_or_else(|| Outcome::ok("pending"));
        let hidden: usize = self.unreadable.iter().map(|(_, count)| count).sum();
        if let Some(data) = outcome.data.as_mut().filter(|_| hidden > 0) {
            data["unreadable"] = hidden.into();
            if outcome.next == Next::None {
                outcome.next = Next::ContactSequra;
            }
        }
        self.told(outcome, !are_real)
    }

    /// As [`crate::Client::order_info`].
    pub fn order_info(&self, order: &str) -> Result {
        let mut told = None;
        for shop in &self.shops {
            let outcome = after_sale::order_info(shop, order);
            if outcome.status == Status::Ok {
                return self.told(outcome, self.is_test(shop));
            }
            told.get_or_insert(outcome);
        }
        self.told(told.unwrap_or_else(|| Outcome::ok("order_info")), false)
    }

    /// As [`crate::Client::log`].
    pub fn log(&self, query: &Query) -> Result {
        let mut outcome = transaction_log::log(&self.shops[0], query);
        // The entries are of every endpoint.
        let is_test =
            self.unreadable.is_empty() && self.shops.iter().all(|shop| self.is_test(shop));
        if let Some(data) = outcome.data.as_mut().filter(|_| is_test) {
            for entry in data["entries"].as_array_mut().into_iter().flatten() {
                entry["is_test"] = true.into();
            }
        }
        self.told(outcome, is_test)
    }

    /// The chain of the log, checked from the oldest entry that is kept to the newest.
    pub fn check_log(&self) -> Result<Chain> {
        let chain = self.shops[0].journal().check_log();
        chain.map_err(|error| self.fail("verify", error))
    }

    /// Every entry of the log, oldest first.
    pub fn whole_log(&self) -> Result<Vec<LogRow>> {
        let rows = self.shops[0].journal().whole_log();
        rows.map_err(|error| self.fail("log", error))
    }

    /// What file it is: `path`, `version` of its tables, `is_of_today` (no other version of the library has to change them
    /// first), `as_of` (`now`, `last_checkpoint`: no write-ahead log came with it, or with what it
    /// was made of, and it may be old; `copy`), `is_copy`, `copied_at` (of a journal: the copy that it was made of).
    pub fn journal(&self) -> Value {
        let Seen {
            path,
            version,
            is_whole,
            is_copy,
            copied_at,
        } = &self.seen;
        json!({
            "path": path.to_string_lossy(),
            "version": version,
            "is_of_today": self.seen.is_of_today(),
            "as_of": match (is_copy, is_whole) {
                (_, false) => "last_checkpoint",
                (true, true) => "copy",
                (false, true) => "now",
            },
            "is_copy": is_copy,
            "copied_at": copied_at.map(to_text),
        })
    }

    fn told(&self, mut outcome: Outcome, is_test: bool) -> Result {
        for error in &mut outcome.errors {
            if error.code == ErrorCode::JournalCorrupt {
                error.message = journal::left_as_it_is(&self.seen.path);
            }
        }
        if let Some(Value::Object(data)) = &mut outcome.data {
            data.insert("journal".to_owned(), self.journal());
        }
        for (endpoint, unfinished) in &self.unreadable {
            let message = format!(
                "The orders of {endpoint:?} cannot be shown: it is no address ({unfinished} unfinished)."
            );
            let problem = Problem::new(ErrorCode::JournalStrange, message);
            outcome.warnings.push(problem);
        }
        let voice = Voice {
            language: self.language,
            is_test,
        };
        outcome.explain(voice).into_result()
    }

    fn fail(&self, name: &'static str, error: JournalError) -> Error {
        let error = error.of_what_is_looked_at(&self.seen.path);
        failed(name, &error, self.language)
    }

    /// Copies a journal while tills run; the copy is marked as one, and no client opens it. Nothing may be at `to`.
    /// `data`: `from`, `to`, `bytes`, `as_of`, `copied_at`.
    pub fn back_up(
        (from, to): (&Path, &Path),
        scratch: &Path,
        language: Language,
        progress: Progress,
    ) -> Result {
        let copied = journal::back_up(from, to, scratch, progress);
        ended("backup", copied, language)
    }

    /// Makes the journal of a copy, when the old one is gone for good. Recovery then asks confirmations and references
    /// again only; changes after the sale are for a person. Nothing may be at `to` but the copy itself.
    pub fn restore(
        (copy, to): (&Path, &Path),
        scratch: &Path,
        language: Language,
        progress: Progress,
    ) -> Result {
        let restored = journal::restore(copy, to, scratch, progress);
        let outcome = ended("restore", restored, language)?;
        Ok(Outcome {
            next: Next::Recover,
            ..outcome
        })
    }
}

fn ended(
    name: &'static str,
    copied: std::result::Result<Copied, JournalError>,
    language: Language,
) -> Result {
    let copied = copied.map_err(|error| failed(name, &error, language))?;
    let outcome = Outcome::ok(name).with_data(json!({
        "from": copied.from.to_string_lossy(),
        "to": copied.to.to_string_lossy(),
        "bytes": copied.size,
        "as_of": if copied.is_whole { "now" } else { "last_checkpoint" },
        "copied_at": copied.copied_at.map(to_text),
    }));
    Ok(outcome.explain(language.into()))
}

/// Whoever looks at a file reads what is wrong with it; nothing was to be recorded or sent.
fn failed(name: &'static str, error: &JournalError, language: Language) -> Error {
    let mut outcome = pipeline::journal_failed(name, error).explain(language.into());
    if matches!(
        error.code,
        ErrorCode::JournalFailed | ErrorCode::JournalReadOnly
    ) {
        outcome.operator_message.clone_from(&error.message);
    }
    outcome.into()
}

/// Who asks the journal about the orders of an endpoint.
fn shop(endpoint: Option<&str>, journal: Journal, language: Language) -> Result<Shop> {
    let config = config(endpoint.unwrap_or("http://127.0.0.1/"));
    let config = config.map(|config| Config { language, ..config });
    let shop = config.map_err(NotOpened::Configuration);
    shop.and_then(|config| Shop::looking(config, journal))
        .map_err(|_| {
            let error = journal::unreadable("the endpoint of its orders");
            failed("look", &error, language)
        })
}

/// What is known of an endpoint: seQura's own also by which world it is.
fn config(endpoint: &str) -> std::result::Result<Config, Vec<Problem>> {
    let with = |keys: &[(&str, &str)]| {
        let said = [
            ("account_key", "none"),
            ("account_secret", "none"),
            ("journal", ":memory:"),
            ("proxy", "none"),
        ];
        let both = said.iter().chain(keys);
        let keys: Map<String, Value> = both
            .map(|(key, value)| ((*key).to_owned(), (*value).into()))
            .collect();
        Config::from_value(keys.into())
    };
    let worlds = [
        ("sequra", "live"),
        ("sequra", "sandbox"),
        ("svea", "live"),
        ("svea", "sandbox"),
    ];
    for (deployment, environment) in worlds {
        let config = with(&[("deployment", deployment), ("environment", environment)])?;
        if config.base_url.to_string() == endpoint {
            return Ok(config);
        }
    }
    with(&[("base_url", endpoint)])
}

/// Orders that are no sales say so; beside real ones their sums are none.
fn marked(data: &mut Value, beside_real_ones: bool) {
    for list in ["orders", "unshipped"] {
        for order in data[list].as_array_mut().into_iter().flatten() {
            order["is_test"] = true.into();
        }
    }
    if beside_real_ones {
        data["at_risk"] = json!({});
        data["unshipped_total"] = json!({});
    }
}

/// Orders of which nobody knows whether they are sales, beside others: they say where they are, and so do their sums.
fn set_apart(data: &mut Value, endpoint: &str) {
    for list in ["orders", "unshipped"] {
        for order in data[list].as_array_mut().into_iter().flatten() {
            order["endpoint"] = endpoint.into();
        }
    }
    for name in ["at_risk", "unshipped_total"] {
        for (_, merchants) in data[name].as_object_mut().into_iter().flatten() {
            let sums = merchants.as_object().into_iter().flatten();
            let apart =
                sums.map(|(merchant, sum)| (format!("{merchant}, {endpoint}"), sum.clone()));
            *merchants = Value::Object(apart.collect());
        }
    }
}

/// Lists one after the other, sums together; with one that nobody can count nobody can count both.
fn add(to: &mut Value, more: &Value) {
    match (to, more) {
        (Value::Array(list), Value::Array(more)) => list.extend(more.iter().cloned()),
        (Value::Object(sums), Value::Object(more)) => {
            for (name, value) in more {
                match sums.get_mut(name) {
                    Some(there) => add(there, value),
                    None => drop(sums.insert(name.clone(), value.clone())),
                }
            }
        }
        (to, more) => {
            let both = to.as_i64().zip(more.as_i64());
            *to = both.and_then(|(one, more)| one.checked_add(more)).into();
        }
    }
}

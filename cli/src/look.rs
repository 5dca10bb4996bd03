//! What the journal alone says: pending orders, one order, the log.

use crate::arguments::{Common, JournalFile, LogQuery};
use crate::console::Console;
use crate::exit::{Ended, Stop};
use crate::language;
use crate::output::Output;
use crate::scratch::Scratch;
use crate::tables::drawn;
use crate::unread;
use crate::words::{self, Word};
use sequra_pos::inside::journal::{LogRow, hex, moment};
use sequra_pos::words::{Language, Next, Problem, next_in_words};
use sequra_pos::{Config, Error, Look, Outcome, Status, given};
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::process::ExitCode;

/// Where the journal is: as said, or as the configuration has it, whatever else is in that.
pub fn journal(common: &Common, file: &JournalFile) -> Result<PathBuf, Stop> {
    if let Some(journal) = &file.journal {
        return Ok(journal.clone());
    }
    let path = &common.config;
    let bytes = std::fs::read(path).map_err(|error| {
        let to_do = Word::NameIt.in_language(language::of(common));
        Stop::at(path, format!("{error}. {to_do}"))
    })?;
    let text = String::from_utf8_lossy(&bytes);
    let config: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| Stop::at(path, error))?;
    let named = config["journal"]
        .as_str()
        .filter(|name| *name != ":memory:");
    let named = named.ok_or_else(|| Stop::at(path, "it names no journal in a file."))?;
    // As the library finds it: beside the configuration, or where only the working directory has it, there.
    let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
    let beside = real.parent().unwrap_or(&real).join(named);
    let here = PathBuf::from(named);
    Ok(match !beside.exists() && here.exists() {
        true => here,
        false => beside,
    })
}

/// A journal that is looked at, and the folder that goes after it.
pub struct Looking {
    look: Look,
    /// Dropped last.
    _scratch: Scratch,
}

impl Looking {
    /// Opens it.
    pub fn at(common: &Common, file: &JournalFile) -> Result<Looking, Stop> {
        let path = journal(common, file)?;
        let scratch = Scratch::new()?;
        let language = language::of(common);
        let look = Look::at(&path, scratch.path(), language);
        let look = look.map_err(|error| unread::told(language, &path, None, error))?;
        // What world that is, where the configuration can be read.
        let look = match Config::from_file(&common.config) {
            Ok(config) => look.as_configured(&config),
            Err(_) => look,
        };
        Ok(Looking {
            look,
            _scratch: scratch,
        })
    }

    /// The journal.
    pub fn look(&self) -> &Look {
        &self.look
    }
}

/// What has to be said of the file before anything else of it is believed.
pub fn caution(journal: &Value, language: Language) -> Option<String> {
    let mut said = String::new();
    if journal["as_of"] == "last_checkpoint" {
        said += &format!("{}\n", Word::LastCheckpoint.in_language(language));
    }
    let at = journal["copied_at"].as_str().map(time);
    let word = match (journal["is_copy"] == true, &at) {
        (true, _) => Some(Word::IsACopy),
        (false, Some(_)) => Some(Word::IsOfACopy),
        (false, None) => None,
    };
    if let Some(word) = word {
        let at = at.map_or(String::new(), |at| format!(" ({at})"));
        said += &format!("{}{at}\n", word.in_language(language));
    }
    (!said.is_empty()).then_some(said)
}

/// `sequra pending`
pub fn pending(common: &Common, console: &Console, file: &JournalFile) -> Ended {
    let language = language::of(common);
    let looking = Looking::at(common, file)?;
    let table = |outcome: &Outcome| match &outcome.data {
        Some(data) => pending_table(console, language, data),
        None => String::new(),
    };
    let output = Output::new(common, console, language, None)?;
    output.end(looking.look().pending().map_err(Stop::from), Some(&table))
}

/// Of `sequra pending`, and of others that list orders.
pub fn pending_table(console: &Console, language: Language, data: &Value) -> String {
    let word = |word: Word| word.in_language(language);
    let mut text = caution(&data["journal"], language).unwrap_or_default();
    let list = |name: &str| data[name].as_array().cloned().unwrap_or_default();
    let (orders, unshipped) = (list("orders"), list("unshipped"));
    for (name, title) in [
        ("at_risk", Word::AtRisk),
        ("unshipped_total", Word::Unshipped),
    ] {
        for sum in sums(language, &data[name]) {
            text += &format!("{}: {sum}\n", word(title));
        }
    }
    if orders.is_empty() && unshipped.is_empty() {
        return match data["unreadable"].is_null() {
            true => text + word(Word::NothingOpen) + "\n",
            false => text,
        };
    }
    let head = [
        word(Word::Order),
        word(Word::State),
        word(Word::Age),
        word(Word::Amount),
        word(Word::WhatToDo),
    ];
    // Money first.
    let (risky, others): (Vec<Value>, Vec<Value>) = orders.into_iter().partition(is_at_risk);
    let rows = risky.iter().chain(&others).chain(&unshipped);
    let rows = rows.map(|order| order_row(language, order)).collect();
    text + &drawn(console, &head, &[2, 3], rows)
}

/// Whether seQura has confirmed it, or may have, and it is not complete.
fn is_at_risk(order: &Value) -> bool {
    let state = order["state"].as_str().unwrap_or_default();
    matches!(
        state,
        "confirming" | "confirmed" | "referencing" | "ref_conflicted"
    )
}

/// An order that is not done.
pub fn order_row(language: Language, order: &Value) -> Vec<String> {
    let next = order["next"].as_str().and_then(Next::from_word);
    vec![
        name(order),
        test_or_not(language, order)
            + words::state(language, order["state"].as_str().unwrap_or_default()),
        order["age_s"].as_i64().map(words::age).unwrap_or_default(),
        amount(language, order, "amount"),
        next_in_words(language, next.unwrap_or(Next::None)).to_owned(),
    ]
}

/// What is no sale is marked; what may be none says where it is.
fn test_or_not(language: Language, order: &Value) -> String {
    match (order["is_test"] == true, order["endpoint"].as_str()) {
        (true, _) => format!("{}: ", Word::Test.in_language(language)),
        (false, Some(endpoint)) => format!("{endpoint}: "),
        (false, None) => String::new(),
    }
}

/// What a shop calls an order by, or else seQura.
pub fn name(order: &Value) -> String {
    let names = ["order_ref_1", "cart_ref", "uuid"];
    let name = names.iter().find_map(|name| order[name].as_str());
    name.unwrap_or("-").to_owned()
}

fn amount(language: Language, order: &Value, name: &str) -> String {
    let cents = order[name].as_i64();
    let currency = order["currency"].as_str().unwrap_or_default();
    cents.map_or("-".to_owned(), |cents| {
        words::money(language, cents, currency)
    })
}

/// `50,97 € (shop_es)`, by currency and merchant.
fn sums(language: Language, sums: &Value) -> Vec<String> {
    let by_currency = sums.as_object().into_iter().flatten();
    let each = by_currency.flat_map(|(currency, merchants)| {
        let merchants = merchants.as_object().into_iter().flatten();
        merchants.map(move |(merchant, cents)| {
            let sum = cents
                .as_i64()
                .map(|cents| words::money(language, cents, currency));
            format!(
                "{} ({merchant})",
                sum.unwrap_or_else(|| format!("? {currency}"))
            )
        })
    });
    each.collect()
}

/// `sequra order`
pub fn order(common: &Common, console: &Console, order: &str, file: &JournalFile) -> Ended {
    let language = language::of(common);
    let looking = Looking::at(common, file)?;
    let table = |outcome: &Outcome| order_table(console, language, outcome);
    let output = Output::new(common, console, language, None)?;
    let called = looking.look().order_info(order).map_err(Stop::from);
    output.end(called, Some(&table))
}

fn order_table(console: &Console, language: Language, outcome: &Outcome) -> String {
    let (Some(data), Some(_)) = (&outcome.data, &outcome.order) else {
        return String::new();
    };
    let whole: Value = serde_json::from_str(&outcome.to_json()).unwrap_or_default();
    let order = &whole["order"];
    let word = |word: Word| word.in_language(language);
    let state = words::state(language, order["state"].as_str().unwrap_or_default());
    let merchant = order["merchant_id"].as_str().unwrap_or("-");
    let mut lines = vec![
        vec![word(Word::Order).to_owned(), name(order)],
        vec![word(Word::State).to_owned(), state.to_owned()],
        vec![word(Word::Merchant).to_owned(), merchant.to_owned()],
        vec![
            word(Word::Amount).to_owned(),
            amount(language, order, "amount"),
        ],
    ];
    let amounts = [
        ("unshipped", Word::Unshipped),
        ("shipped", Word::Shipped),
        ("refunded", Word::Refunded),
        ("paid", Word::Paid),
    ];
    for (name, title) in amounts {
        if let Some(cents) = data["amounts"][name].as_i64() {
            let currency = order["currency"].as_str().unwrap_or_default();
            let cents = words::money(language, cents, currency);
            lines.push(vec![word(title).to_owned(), cents]);
        }
    }
    for (name, title) in [("url", "URL"), ("portal_url", "Portal")] {
        if let Some(url) = order[name].as_str() {
            lines.push(vec![title.to_owned(), url.to_owned()]);
        }
    }
    let mut text = caution(&data["journal"], language).unwrap_or_default();
    text += &drawn(console, &[], &[], lines);
    let history = data["history"].as_array().cloned().unwrap_or_default();
    text + "\n" + &log_table(console, language, &history)
}

/// `sequra log`
pub fn log(common: &Common, console: &Console, asked: &LogQuery, file: &JournalFile) -> Ended {
    let language = language::of(common);
    let looking = Looking::at(common, file)?;
    if asked.whole {
        let entries = looking.look().whole_log()?;
        let lines: Vec<String> = entries.iter().map(|one| line(one).to_string()).collect();
        let output = Output::new(common, console, language, None)?;
        output.write(lines.join("\n").as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let query = given::log_query(&query(asked)).map_err(not_asked);
    let table = |outcome: &Outcome| {
        let data = outcome.data.as_ref().cloned().unwrap_or_default();
        let entries = data["entries"].as_array().cloned().unwrap_or_default();
        let caution = caution(&data["journal"], language).unwrap_or_default();
        let more = data["after"].as_i64().filter(|_| data["has_more"] == true);
        let more = more.map(|after| format!("--after {after}\n"));
        caution + &log_table(console, language, &entries) + &more.unwrap_or_default()
    };
    let called = query.and_then(|query| looking.look().log(&query));
    let output = Output::new(common, console, language, None)?;
    output.end(called.map_err(Stop::from), Some(&table))
}

fn not_asked(problems: Vec<Problem>) -> Error {
    let mut outcome = Outcome::ok("log");
    outcome.status = Status::InvalidArgument;
    outcome.errors = problems;
    outcome.next = Next::FixOrder;
    outcome.into()
}

fn query(asked: &LogQuery) -> Map<String, Value> {
    let mut query = Map::new();
    let texts = [
        ("order", &asked.order),
        ("state", &asked.state),
        ("since", &asked.since),
        ("until", &asked.until),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            query.insert(name.to_owned(), text.as_str().into());
        }
    }
    for (name, number) in [("limit", asked.limit), ("after", asked.after)] {
        if let Some(number) = number {
            query.insert(name.to_owned(), number.into());
        }
    }
    if asked.attention {
        query.insert("attention".to_owned(), true.into());
    }
    query
}

/// Entries of the log as people see them.
pub fn log_table(console: &Console, language: Language, entries: &[Value]) -> String {
    let word = |word: Word| word.in_language(language);
    if entries.is_empty() {
        return word(Word::NothingThere).to_owned() + "\n";
    }
    let head = [
        word(Word::Number),
        word(Word::When),
        word(Word::Operation),
        word(Word::Order),
        word(Word::State),
        word(Word::Result),
        word(Word::Said),
    ];
    let rows = entries.iter().map(|entry| {
        let order = &entry["order"];
        let status = entry["status"].as_str().unwrap_or("-");
        let open = if entry["needs_attention"] == true {
            " !"
        } else {
            ""
        };
        vec![
            entry["id"].to_string(),
            time(entry["at"].as_str().unwrap_or_default()),
            entry["operation"].as_str().unwrap_or_default().to_owned(),
            name(order),
            test_or_not(language, entry)
                + words::state(language, order["state"].as_str().unwrap_or_default()),
            format!("{}{open}", status.trim_start_matches("SQ_")),
            entry["description"].as_str().unwrap_or_default().to_owned(),
        ]
    });
    drawn(console, &head, &[0], rows.collect())
}

/// To the second, UTC.
fn time(text: &str) -> String {
    match text.get(..19) {
        Some(seconds) => format!("{}Z", seconds.replace('T', " ")),
        None => text.to_owned(),
    }
}

fn line(entry: &LogRow) -> Value {
    json!({
        "id": entry.id,
        "at": moment(entry.at),
        "operation": entry.step,
        "uuid": entry.uuid,
        "merchant_id": entry.merchant_id,
        "order_ref_1": entry.order_ref_1,
        "amount": entry.amount,
        "currency": entry.currency,
        "state": entry.state,
        "status": entry.status,
        "http_status": entry.http_status,
        "request_id": entry.request_id,
        "elapsed_ms": entry.elapsed_ms,
        "description": entry.said(),
        "errors": entry.errors(),
        "covered": entry.covered(),
        "previous_hash": hex(&entry.previous_hash),
        "hash": hex(&entry.hash),
    })
}

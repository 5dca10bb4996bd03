//! Whether a sale could be made: the configuration, the journal and the self test, a row for each thing. A journal that is
//! not there yet, or that a till would change at its next opening, stays as it is: its folder is tried with another one.

use crate::arguments::Common;
use crate::console::Console;
use crate::exit::{Ended, Stop};
use crate::language;
use crate::output::Output;
use crate::progress::Progress;
use crate::scratch::Scratch;
use crate::tables::drawn;
use crate::till;
use crate::words::Word;
use sequra_pos::inside::config::JournalPlace;
use sequra_pos::words::{Language, Mode, Next, Problem, message_of};
use sequra_pos::{Client, Config, Error, Look, Outcome, Status};
use serde_json::{Value, json};
use std::path::Path;

/// What was looked at, what was found, what is wrong with it.
struct Row {
    what: Word,
    found: String,
    problems: Vec<Problem>,
}

/// `sequra doctor`
pub fn run(common: &Common, console: &Console) -> Ended {
    let language = language::of(common);
    let waiting = Progress::of(console, 0, "doctor");
    let (mut outcome, rows) = match till::configuration(common) {
        Ok(config) => examined(common, config, language)?,
        Err(Stop::Result(error)) => {
            let path = common.config.display().to_string();
            let row = row(Word::Configuration, path, error.outcome().errors.clone());
            (*error.0, vec![row])
        }
        Err(other) => return Err(other),
    };
    drop(waiting);
    let rows: Vec<Value> = rows.iter().map(|row| as_json(row, language)).collect();
    let mut data = outcome.data.take().unwrap_or_else(|| json!({}));
    data["rows"] = rows.into();
    outcome.data = Some(data);
    let table = |outcome: &Outcome| shown(console, language, outcome);
    Output::new(common, console, language, None)?.end(Ok(outcome), Some(&table))
}

fn row(what: Word, found: String, problems: Vec<Problem>) -> Row {
    Row {
        what,
        found,
        problems,
    }
}

/// A result of the self test, whatever stands in its way.
type Examined = (Outcome, Vec<Row>);

fn examined(common: &Common, config: Config, language: Language) -> Result<Examined, Stop> {
    let mut rows = vec![
        row(
            Word::Configuration,
            common.config.display().to_string(),
            config.warnings.clone(),
        ),
        row(Word::Endpoint, config.base_url.to_string(), Vec::new()),
        row(Word::Mode, mode(&config, language), Vec::new()),
        row(Word::Merchant, merchants(&config, language), Vec::new()),
    ];
    let JournalPlace::File(path) = config.journal.clone() else {
        let (outcome, more) = tried(config, language);
        rows.extend(more);
        return Ok((outcome, rows));
    };
    let (journal, is_usable) = looked_at(&path, language)?;
    let is_wrong = !journal.problems.is_empty();
    let is_copy = journal.found.is_empty();
    let wrong = journal.problems.clone();
    if !is_copy {
        rows.push(journal);
    }
    let (outcome, more) = match is_usable {
        true => tried(config, language),
        false => tried_beside(config, &path, language),
    };
    rows.extend(more);
    if !is_wrong || outcome.status != Status::Ok {
        return Ok((outcome, rows));
    }
    let mut outcome = outcome;
    outcome.status = Status::Journal;
    outcome.errors = wrong;
    outcome.next = Next::FixConfiguration;
    Ok((outcome.explain(language.into()), rows))
}

fn mode(config: &Config, language: Language) -> String {
    let word = match config.mode() {
        Some(Mode::Live) => Word::Live,
        Some(Mode::Sandbox) => Word::Sandbox,
        Some(Mode::Simulator) => Word::Simulator,
        None => Word::OtherMode,
    };
    word.in_language(language).to_owned()
}

fn merchants(config: &Config, language: Language) -> String {
    let ids = config.merchants.ids();
    match ids.is_empty() {
        true => Word::FromOrder.in_language(language).to_owned(),
        false => ids.join(", "),
    }
}

/// The journal's file as it lies there, and whether a client may open it without changing it.
fn looked_at(path: &Path, language: Language) -> Result<(Row, bool), Stop> {
    let shown = path.display().to_string();
    if !path.exists() {
        let found = format!("{shown}: {}", Word::WouldBeMade.in_language(language));
        return Ok((row(Word::Journal, found, Vec::new()), false));
    }
    let scratch = Scratch::new()?;
    let looked = Look::at(path, scratch.path(), language);
    let look = match looked {
        Ok(look) => look,
        Err(error) => {
            let problems = error.outcome().errors.clone();
            return Ok((row(Word::Journal, shown, problems), false));
        }
    };
    let journal = look.journal();
    let count = match look.pending() {
        Ok(pending) => pending
            .data
            .map_or(0, |data| data["orders"].as_array().map_or(0, Vec::len)),
        Err(error) => {
            let problems = error.outcome().errors.clone();
            return Ok((row(Word::Journal, shown, problems), false));
        }
    };
    let found = format!("{shown} (v{}; {count})", journal["version"]);
    // A copy is refused without being touched, and says so itself.
    if journal["as_of"] == "copy" {
        return Ok((row(Word::Journal, String::new(), Vec::new()), true));
    }
    let is_usable = journal["is_of_today"] == true;
    Ok((row(Word::Journal, found, Vec::new()), is_usable))
}

/// The self test, with a journal of its own in the journal's folder.
fn tried_beside(config: Config, journal: &Path, language: Language) -> Examined {
    let folder = journal
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    // Where nothing can be made, the trial itself says so.
    let room = Scratch::within(folder, ".sequra-doctor-").ok();
    let trial = room
        .as_ref()
        .map_or(folder, Scratch::path)
        .join(".sequra-doctor");
    let trial = JournalPlace::File(trial);
    tried(
        Config {
            journal: trial,
            ..config
        },
        language,
    )
}

fn tried(config: Config, language: Language) -> Examined {
    let (client, opened) = match Client::open_with_outcome(config) {
        Ok(opened) => opened,
        Err(error) => {
            let problems = error.outcome().errors.clone();
            return (*error.0, vec![row(Word::Journal, "-".to_owned(), problems)]);
        }
    };
    let mut outcome = match client.self_test() {
        Ok(outcome) => outcome,
        Err(Error(outcome)) => *outcome,
    };
    let all: Vec<Problem> = outcome
        .errors
        .iter()
        .chain(&outcome.warnings)
        .cloned()
        .collect();
    let tests = outcome.data.as_ref().map(|data| data["tests"].clone());
    let tests = tests.as_ref().and_then(Value::as_array);
    let mut rows: Vec<Row> = tests
        .into_iter()
        .flatten()
        .filter_map(|test| tested(test, &all, language))
        .collect();
    let (path, said) = (client.config().journal.clone(), &client.config().warnings);
    let warnings = opened.warnings.iter().filter(|one| !said.contains(one));
    let warnings: Vec<Problem> = warnings.cloned().collect();
    if let (JournalPlace::File(path), false) = (path, warnings.is_empty()) {
        rows.push(row(Word::Journal, path.display().to_string(), warnings));
    }
    outcome.warnings.splice(0..0, opened.warnings);
    (outcome, rows)
}

/// A row of the self test; its problems are those whose words it has.
fn tested(test: &Value, all: &[Problem], language: Language) -> Option<Row> {
    let what = match test["name"].as_str()? {
        "name_resolution" => Word::NameResolution,
        "connection" => Word::Connection,
        "clock" => Word::Clock,
        "credentials" => Word::Credentials,
        "journal" => Word::Writing,
        "free_space" => Word::Space,
        "forwarding" => Word::Office,
        _ => return None,
    };
    let message = test["message"].as_str().unwrap_or_default();
    let is_its = |one: &&Problem| !one.message.is_empty() && message.contains(&one.message);
    let problems: Vec<Problem> = all.iter().filter(is_its).cloned().collect();
    let detail = &test["detail"];
    let ms = |name: &str| detail[name].as_i64().map(|ms| format!("{ms} ms"));
    let found = match what {
        Word::NameResolution => detail["host"].as_str().map(str::to_owned),
        Word::Connection => ms("elapsed_ms"),
        Word::Writing => ms("durable_write_ms"),
        // When the office last took something.
        Word::Office => detail["acknowledged_at"].as_str().map(str::to_owned),
        Word::Clock => detail["skew_s"].as_i64().map(|skew| format!("{skew:+} s")),
        Word::Space => detail["at_least"]
            .as_i64()
            .map(|bytes| format!(">= {} MiB", bytes >> 20)),
        _ => None,
    };
    let is_known = test["ok"] == true && !(what_is_clock(test) && detail["skew_s"].is_null());
    let good = || match is_known {
        true => Word::Good.in_language(language).to_owned(),
        false => "-".to_owned(),
    };
    Some(row(what, found.unwrap_or_else(good), problems))
}

/// Which nobody knows without an answer of seQura's.
fn what_is_clock(test: &Value) -> bool {
    test["name"] == "clock"
}

fn as_json(row: &Row, language: Language) -> Value {
    let told = |problem: &Problem| message_of(language, problem, None);
    json!({
        "what": row.what.in_language(language),
        "found": row.found,
        "ok": row.problems.is_empty(),
        "to_do": row.problems.iter().map(told).collect::<Vec<_>>(),
        "messages": row.problems.iter().map(|one| &one.message).collect::<Vec<_>>(),
    })
}

fn shown(console: &Console, language: Language, outcome: &Outcome) -> String {
    let data = outcome.data.as_ref();
    let rows = data.and_then(|data| data["rows"].as_array()).cloned();
    let rows = rows.unwrap_or_default().into_iter().map(|row| {
        let texts = |name: &str| {
            let texts = row[name].as_array().into_iter().flatten();
            let texts: Vec<&str> = texts.filter_map(Value::as_str).collect();
            texts.join(" ")
        };
        let [what, found] = ["what", "found"].map(|name| row[name].as_str().unwrap_or_default());
        let to_do = match row["ok"] == true {
            true => Word::Good.in_language(language).to_owned(),
            false => format!("{} [{}]", texts("to_do"), texts("messages")),
        };
        vec![what.to_owned(), found.to_owned(), to_do]
    });
    let head = [Word::What, Word::Found, Word::WhatToDo].map(|word| word.in_language(language));
    drawn(console, &head, &[], rows.collect())
}

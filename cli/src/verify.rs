//! Checks the transaction log: each entry's hash covers the entry and the hash before it. That shows damage, and an edit
//! by hand. It proves nothing against somebody who computes the hashes anew, or cuts off an end: for that, a hash is noted
//! where this machine cannot change it.

use crate::arguments::{Common, JournalFile};
use crate::console::Console;
use crate::exit::{Ended, NOT_CONSISTENT, Stop};
use crate::language;
use crate::look::{Looking, caution};
use crate::output::Output;
use crate::words::Word;
use sequra_pos::inside::journal::{Chain, hex, moment};
use sequra_pos::words::Language;
use serde_json::{Value, json};
use std::process::ExitCode;

/// So many digits of a hash stand for it.
const SHORTEST_NOTE: usize = 16;

/// `sequra verify`
pub fn run(
    common: &Common,
    console: &Console,
    file: &JournalFile,
    contains: Option<&str>,
) -> Ended {
    let noted = contains.map(str::to_lowercase);
    if noted
        .as_ref()
        .is_some_and(|noted| noted.len() < SHORTEST_NOTE)
    {
        let why = format!(
            "--contains needs {SHORTEST_NOTE} digits of the hash at least; fewer would fit by chance."
        );
        return Err(Stop::Failed(why));
    }
    let looking = Looking::at(common, file)?;
    let chain = looking.look().check_log()?;
    let found = match &noted {
        None => None,
        Some(noted) => {
            let entries = looking.look().whole_log()?;
            let mut entries = entries.iter();
            let found = entries.find(|entry| hex(&entry.hash).starts_with(noted));
            Some(found.map(|entry| entry.id))
        }
    };
    let journal = looking.look().journal();
    let json = as_json(&journal, &chain, found).to_string();
    let language = language::of(common);
    let told = || described(language, &journal, &chain, found);
    let output = Output::new(common, console, language, None)?;
    output.show(&json, Some(&told))?;
    Ok(match chain.broken_at.is_some() || found == Some(None) {
        true => ExitCode::from(NOT_CONSISTENT),
        false => ExitCode::SUCCESS,
    })
}

fn as_json(journal: &Value, chain: &Chain, found: Option<Option<i64>>) -> Value {
    let end = |end: Option<(i64, i64)>| end.map(|(id, at)| json!({"id": id, "at": moment(at)}));
    json!({
        "journal": journal,
        "consistent": chain.broken_at.is_none(),
        "entries": chain.entries,
        "first": end(chain.first),
        "last": end(chain.last),
        "removed_until": chain.removed_until,
        "reanchored_until": chain.reanchored_until,
        "broken_at": chain.broken_at,
        "last_hash": hex(&chain.last_hash),
        "contains": found.map(|found| json!({"entry": found})),
    })
}

fn described(
    language: Language,
    journal: &Value,
    chain: &Chain,
    found: Option<Option<i64>>,
) -> String {
    let mut lines = vec![journal["path"].as_str().unwrap_or_default().to_owned()];
    lines.extend(caution(journal, language));
    let mut say = |word: Word, values: &[&str]| lines.push(word.with(language, values));
    match chain.first.zip(chain.last) {
        Some(((first, since), (last, until))) => {
            let [first, last] = [first, last].map(|id| id.to_string());
            let [since, until] = [since, until].map(moment);
            say(Word::Entries, &[&first, &last, &since, &until]);
        }
        None => say(Word::NothingThere, &[]),
    }
    let counted = [
        (Word::Removed, chain.removed_until),
        (Word::Reanchored, chain.reanchored_until),
    ];
    for (word, until) in counted {
        if let Some(until) = until {
            say(word, &[&until.to_string()]);
        }
    }
    say(Word::LastHash, &[&hex(&chain.last_hash)]);
    match chain.broken_at {
        None => say(Word::EachFollows, &[]),
        Some(id) => say(Word::Broken, &[&id.to_string()]),
    }
    match found {
        None => {}
        Some(Some(id)) => say(Word::NotedIs, &[&id.to_string()]),
        Some(None) => say(Word::NotedIsNone, &[]),
    }
    let lines = lines.iter().map(|line| format!("{}\n", line.trim_end()));
    lines.collect()
}

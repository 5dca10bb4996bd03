//! Checks the transaction log: each entry's hash covers the entry and the hash before it. That shows damage, and an edit
//! by hand. It proves nothing against somebody who computes the hashes anew, or cuts off an end: for that, a hash is noted
//! where this machine cannot change it.

use crate::arguments::{Common, JournalFile};
use crate::console::Console;
use crate::exit::{Ended, NOT_CONSISTENT, Stop};
use crate::language;
use crate::look::Looking;
use crate::output::Output;
use sequra_pos::inside::journal::{Chain, hex, moment};
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
    let told = || described(&journal, &chain, found);
    let output = Output::new(common, console, language::of(common), None)?;
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

fn described(journal: &Value, chain: &Chain, found: Option<Option<i64>>) -> String {
    let mut text = format!("{}\n", journal["path"].as_str().unwrap_or_default());
    if journal["as_of"] == "last_checkpoint" {
        text += "as of the last checkpoint: the file came without its -wal, and may be old\n";
    }
    if let (Some((first, since)), Some((last, until))) = (chain.first, chain.last) {
        let (since, until) = (moment(since), moment(until));
        text += &format!("entries {first} to {last}, {since} to {until}\n");
    } else {
        text += "no entries\n";
    }
    if let Some(removed) = chain.removed_until {
        text += &format!(
            "entries up to {removed} were removed because of their age (log_retention_days)\n"
        );
    }
    if let Some(until) = chain.reanchored_until {
        text += &format!(
            "entries up to {until} are of an older version of the journal, whose hashes covered seQura's words; these are kept apart now, so of those entries only the order and the links were checked\n"
        );
    }
    text += &format!("last hash {}\n", hex(&chain.last_hash));
    text += &match chain.broken_at {
        None => "Each entry follows from the one before: nothing was damaged, or edited by hand. Whether somebody has written the hashes anew, or cut off an end, shows only against a hash that was noted elsewhere (--contains).\n".to_owned(),
        Some(id) => format!(
            "The chain is broken at entry {id}: it, or what stood before it, was edited, removed or put in.\n"
        ),
    };
    text += &match found {
        None => String::new(),
        Some(Some(id)) => format!("The noted hash is that of entry {id}.\n"),
        Some(None) => "No entry has the noted hash: the log was cut off before it, or the entry was removed because of its age.\n".to_owned(),
    };
    text
}

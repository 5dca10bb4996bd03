//! Looks at a journal without changing it: `sequra-journal verify` checks the transaction log's chain.

#![forbid(unsafe_code)]

use sequra_pos::inside::journal::{Chain, Journal, LogRow, hex, moment};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

const HELP: &str = "\
Looks at a journal of sequra-pos. Nothing of the journal is changed.

    sequra-journal verify FILE [--contains HASH]
        Checks the transaction log: each entry's hash covers the entry and the hash before it. That
        shows damage, and an edit by hand. It proves nothing against somebody who computes the hashes
        anew, or cuts off the beginning or the end: for that, note a hash where this machine cannot
        change it (the last one stands at the end; its first 16 digits are enough), and ask with
        --contains whether the log still holds it.
        Exit status: 0 consistent, 1 not consistent (or without HASH), 2 the file cannot be read.

    sequra-journal log FILE
        Writes every entry, oldest first, one JSON object a line: `covered` is the text that `hash`
        covers. hash = SHA-256(previous_hash as 32 bytes, then the UTF-8 bytes of covered);
        the first entry of all goes on from 32 zero bytes.

    sequra-journal --help | --version
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["verify", file] => verify(file, None),
        ["verify", file, "--contains", hash] => verify(file, Some(hash)),
        ["log", file] => log(file),
        ["--help" | "-h"] => say(HELP.to_owned()),
        ["--version" | "-V"] => say(format!("sequra-journal {}\n", env!("CARGO_PKG_VERSION"))),
        _ => Err(format!("This is not how it is called.\n\n{HELP}")),
    };
    match done {
        Ok(code) => code,
        Err(why) => {
            eprintln!("sequra-journal: {why}");
            ExitCode::from(2)
        }
    }
}

/// So many digits of a hash stand for it.
const SHORTEST_NOTE: usize = 16;

type Done = Result<ExitCode, String>;

/// Writes to the terminal, or to a pipe that somebody may have closed.
fn say(text: String) -> Done {
    let written = std::io::stdout().write_all(text.as_bytes());
    written.map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}

fn open(file: &str) -> Result<Journal, String> {
    if !Path::new(file).is_file() {
        return Err(format!("{file}: there is no such file"));
    }
    Journal::open_read_only(Path::new(file)).map_err(|error| format!("{file}: {error}"))
}

fn verify(file: &str, noted: Option<&str>) -> Done {
    let journal = open(file)?;
    let chain = journal.check_log().map_err(|error| error.to_string())?;
    say(described(file, &chain))?;
    let missing = match noted {
        None => false,
        Some(noted) => {
            let noted = noted.to_lowercase();
            if noted.len() < SHORTEST_NOTE {
                return Err(format!(
                    "HASH must have {SHORTEST_NOTE} digits at least; fewer would fit by chance"
                ));
            }
            let entries = journal.whole_log().map_err(|error| error.to_string())?;
            let found = entries
                .iter()
                .find(|entry| hex(&entry.hash).starts_with(&noted));
            say(match found {
                Some(entry) => format!("The noted hash is that of entry {}.\n", entry.id),
                None => "No entry has the noted hash: the log was cut off before it, or the entry was removed because of its age.\n".to_owned(),
            })?;
            found.is_none()
        }
    };
    Ok(match chain.broken_at.is_some() || missing {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

fn described(file: &str, chain: &Chain) -> String {
    let mut text = format!("{file}\n");
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
    text
}

fn log(file: &str) -> Done {
    let entries = open(file)?.whole_log().map_err(|error| error.to_string())?;
    let mut lines = String::new();
    for entry in &entries {
        lines += &line(entry).to_string();
        lines.push('\n');
    }
    say(lines)
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

//! How far each journal is forwarded, as the journals and what lies beside them say it.

use crate::commands::{self, Ended};
use crate::exit;
use crate::journal::Place;
use crate::settings::Settings;
use crate::trouble::Trouble;
use sequra_pos::inside::journal::to_text;
use sequra_pos::outbox::Forwarded;
use serde_json::{Value, json};
use std::path::Path;

/// Says it; the exit status is that of the worst.
pub fn say(settings: &Settings, as_json: bool) -> Result<u8, Ended> {
    let mut worst = exit::DONE;
    let mut all = Vec::new();
    for path in &settings.journals {
        let found = Place::new(path)
            .open()
            .and_then(|open| Ok(open.outbox.forwarded()?));
        if let Err(trouble) = &found {
            worst = worst.max(exit::of(trouble.kind));
        }
        if matches!(found, Ok(None)) {
            worst = worst.max(exit::PERSON);
        }
        match as_json {
            true => all.push(value(path, &found)),
            false => commands::say(&line(path, &found)),
        }
    }
    if as_json {
        let told = json!({"office": settings.office.to_string(), "journals": all});
        commands::say(&told.to_string());
    }
    Ok(worst)
}

fn value(path: &Path, found: &Result<Option<Forwarded>, Trouble>) -> Value {
    let path = path.display().to_string();
    match found {
        Err(trouble) => json!({"journal": path, "trouble": trouble.short}),
        Ok(None) => json!({"journal": path, "journal_id": null}),
        Ok(Some(one)) => json!({
            "journal": path,
            "journal_id": one.journal_id,
            "behind": one.behind,
            "since": one.since.map(to_text),
            "acknowledged_at": one.progress.acknowledged_at.map(to_text),
            "seen_at": one.progress.seen_at.map(to_text),
            "trouble": one.progress.trouble,
        }),
    }
}

fn line(path: &Path, found: &Result<Option<Forwarded>, Trouble>) -> String {
    let path = path.display();
    let one = match found {
        Err(trouble) => return format!("{path}: {}", trouble.long),
        Ok(None) => return format!("{path}: not enrolled"),
        Ok(Some(one)) => one,
    };
    let behind = match one.behind {
        Some(0) => "the office has everything".to_owned(),
        Some(behind) => format!("{behind} changes behind"),
        None => "nobody can tell how far behind".to_owned(),
    };
    let seen = match one.progress.seen_at {
        Some(at) => format!("forwarder last at work {}", to_text(at)),
        None => "nothing heard of the forwarder".to_owned(),
    };
    let trouble = match &one.progress.trouble {
        Some(trouble) => format!("; {trouble}"),
        None => String::new(),
    };
    format!("{path}: {} {behind}; {seen}{trouble}", one.journal_id)
}

//! How far the forwarder has carried this journal: from a small file beside it, which the forwarder writes, so that nobody
//! has to be asked; held against what the journal has noted. What that file says of another journal, or of a position that
//! this disk was never at, says nothing; nor does half of one.

use super::access::Journal;
use super::beside::{self, beside, sync_folder};
use super::door::Door;
use super::error::Result;
use super::noting::is_noting;
use super::outbox::{Outbox, Position};
use super::random::random;
use crate::canonical::hex;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// The file's name, behind the journal's.
const SUFFIX: &str = "-forwarded";
/// What it says it is.
const KIND: &str = "forwarding";
/// As much of what is wrong is told, in letters of ASCII.
const LONGEST_TROUBLE: usize = 80;

const ENROLMENT: &str = concat!(
    "SELECT journal_id, (SELECT seq FROM changes ORDER BY seq DESC LIMIT 1) FROM forwarding WHERE ",
    is_noting!()
);
const HOLDS: &str = "SELECT EXISTS (SELECT 1 FROM changes WHERE seq = ?1 AND nonce = ?2)";
/// When the first thing happened that the office has not heard of.
const SINCE: &str = "SELECT log.at FROM changes CROSS JOIN log ON log.id = -changes.order_id \
     WHERE seq > ?1 AND changes.order_id < 0 ORDER BY seq LIMIT 1";

/// What the forwarder has to say of its work.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Headway {
    /// The office has everything up to this position.
    pub acknowledged: Option<Position>,
    /// When it said so, ms.
    pub acknowledged_at: Option<i64>,
    /// When the forwarder was last at work, ms.
    pub seen_at: Option<i64>,
    /// What keeps it from its work, in a few words; nothing of any shopper, and no secret.
    pub trouble: Option<String>,
}

/// How far an enrolled journal is forwarded.
#[derive(Clone, Debug, PartialEq)]
pub struct Forwarded {
    /// What the office knows the journal by.
    pub journal_id: String,
    /// What the forwarder has said.
    pub progress: Headway,
    /// Changes that the office does not have; none: nobody can tell.
    pub behind: Option<i64>,
    /// When the oldest of what it does not have happened, ms; none: it has all of it, or nobody can tell.
    pub since: Option<i64>,
}

impl Journal {
    /// How far this journal is forwarded; none: it is not enrolled.
    pub fn forwarded(&self) -> Result<Option<Forwarded>> {
        // One in memory cannot be.
        let Some(path) = &self.path else {
            return Ok(None);
        };
        self.read(|connection| forwarded(connection, path))
    }
}

fn forwarded(connection: &Connection, path: &Path) -> Result<Option<Forwarded>> {
    let enrolment: Option<(String, Option<i64>)> =
        connection.first(ENROLMENT, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Some((journal_id, newest)) = enrolment else {
        return Ok(None);
    };
    let progress = read(path, &journal_id);
    let known = match progress.acknowledged {
        Some(position) => {
            let values = [position.seq, position.nonce];
            connection.one(HOLDS, values, |row| Ok(row.get(0)?))?
        }
        None => false,
    };
    let acknowledged = progress.acknowledged.filter(|_| known);
    let since = match acknowledged {
        Some(position) => connection.first(SINCE, [position.seq], |row| Ok(row.get(0)?))?,
        None => None,
    };
    Ok(Some(Forwarded {
        journal_id,
        behind: acknowledged.and_then(|position| Some(newest? - position.seq)),
        since,
        progress,
    }))
}

impl Outbox {
    /// How far this journal is forwarded; none: it is not enrolled.
    pub fn forwarded(&self) -> Result<Option<Forwarded>> {
        self.read(|connection| forwarded(connection, &self.path))
    }

    /// Says how far the journal is forwarded, for tills to read: whole, or not at all.
    pub fn show(&self, progress: &Headway) -> io::Result<()> {
        let Ok(Some(identity)) = self.identity() else {
            return Ok(());
        };
        let mark = hex(&random().map_err(io::Error::other)?);
        let draft = beside(&self.path, &format!("{SUFFIX}-{mark}"));
        let text = beside::line(KIND, &identity.journal_id) + &written(progress);
        let made = beside::make(&draft, Some(&self.path)).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            drop(file);
            fs::rename(&draft, beside(&self.path, SUFFIX))
        });
        if made.is_err() {
            let _ = fs::remove_file(&draft);
        }
        made.and_then(|()| sync_folder(&self.path))
    }
}

fn written(progress: &Headway) -> String {
    let position = progress.acknowledged;
    let trouble = progress.trouble.as_deref();
    json!({
        "seq": position.map(|position| position.seq),
        "nonce": position.map(|position| position.nonce),
        "acknowledged_at": progress.acknowledged_at,
        "seen_at": progress.seen_at,
        "trouble": trouble.map(shortened),
    })
    .to_string()
}

/// What the file beside a journal says of the journal that the office knows by this id; nothing where it says nothing that
/// can be read.
fn read(path: &Path, journal_id: &str) -> Headway {
    let text = beside::open(&beside(path, SUFFIX), false).and_then(|file| beside::beginning(&file));
    let text = text.unwrap_or_default();
    let said = text.strip_prefix(beside::line(KIND, journal_id).as_bytes());
    let said: Value = said
        .and_then(|said| serde_json::from_slice(said).ok())
        .unwrap_or_default();
    let number = |name: &str| said.get(name).and_then(Value::as_i64);
    let position = || {
        Some(Position {
            seq: number("seq")?,
            nonce: number("nonce")?,
        })
    };
    let trouble = said.get("trouble").and_then(Value::as_str);
    Headway {
        acknowledged: position(),
        acknowledged_at: number("acknowledged_at"),
        seen_at: number("seen_at"),
        trouble: trouble.map(shortened),
    }
}

/// What fits into the file however it is written, and says nothing in a way that could be taken for something else.
fn shortened(text: &str) -> String {
    let is_plain = |c: &char| c.is_ascii_graphic() || *c == ' ';
    text.chars()
        .filter(is_plain)
        .take(LONGEST_TROUBLE)
        .collect()
}

//! A till's book, read back: what it asked of the library, and what it was told, in order.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// An order as a call told it.
#[derive(Clone, Debug)]
pub struct Told {
    pub verb: String,
    pub name: String,
    pub status: String,
    pub state: String,
    pub next: String,
    pub uuid: Option<String>,
    pub order_ref_1: Option<String>,
    pub error: String,
    /// What the two carts come to, of an order that was to be changed.
    pub totals: Option<(i64, i64)>,
    /// Whether opening made the journal.
    pub created: bool,
    /// The money of the pending orders, in cents.
    pub at_risk: i64,
    /// Their codes.
    pub warnings: Vec<String>,
}

impl Told {
    /// seQura may have it, and recovery will finish it.
    pub fn is_left_to_recovery(&self) -> bool {
        matches!(
            self.status.as_str(),
            "SQ_OUTCOME_UNKNOWN" | "SQ_BAD_RESPONSE" | "SQ_SERVER_ERROR" | "SQ_UNREACHABLE"
        )
    }
}

impl Told {
    /// The journal's file was not the file any more: what was told is perhaps in no journal.
    pub fn journal_is_lost(&self) -> bool {
        let is_it =
            |code: &String| matches!(code.as_str(), "journal_lost" | "outcome_not_recorded");
        is_it(&self.error) || self.warnings.iter().any(is_it)
    }
}

/// An order as `recover` or `pending` listed it. `status` is what came of recovering it.
#[derive(Clone, Debug)]
pub struct Saw {
    pub name: String,
    pub state: String,
    pub next: String,
    pub uuid: Option<String>,
    pub order_ref_1: Option<String>,
    /// What it waits for.
    pub missing: String,
}

/// An entry of the transaction log as `log` listed it.
#[derive(Clone, Debug)]
pub struct SawEntry {
    pub id: i64,
    pub hash: String,
}

/// A line of the book, without its time.
#[derive(Clone, Debug)]
pub enum Line {
    Begun,
    Asked {
        verb: String,
        name: String,
        argument: String,
    },
    Saw(Saw),
    SawEntry(SawEntry),
    Told(Told),
    /// A command about this sale, whose URL the till was never told.
    Skipped(String),
    /// Another till's sale, and its order.
    Known {
        name: String,
        uuid: String,
    },
}

impl Line {
    pub fn read(text: &str) -> Option<Line> {
        let words: Vec<&str> = text.split(' ').collect();
        let word = |at: usize| words.get(at).map(|word| (*word).to_owned());
        let given = |at: usize| Some(word(at)?).filter(|word| word != "-");
        let cents = |at: usize| given(at)?.parse().ok();
        Some(match (words[0], words.get(1).copied()) {
            ("begun", _) => Line::Begun,
            ("skipped", _) => Line::Skipped(word(2)?),
            ("asked", _) => Line::Asked {
                verb: word(1)?,
                name: word(2)?,
                argument: word(3)?,
            },
            ("saw", Some("log")) => Line::SawEntry(SawEntry {
                id: word(2)?.parse().ok()?,
                hash: word(9)?,
            }),
            ("saw", _) => Line::Saw(Saw {
                name: word(2)?,
                state: word(4)?,
                next: word(5)?,
                uuid: given(6),
                order_ref_1: given(8),
                missing: word(10)?,
            }),
            ("told", _) => Line::Told(Told {
                verb: word(1)?,
                name: word(2)?,
                status: word(3)?,
                state: word(4)?,
                next: word(5)?,
                uuid: given(6),
                order_ref_1: given(8),
                error: word(9)?,
                totals: cents(10).zip(cents(11)),
                created: given(12).is_some_and(|created| created == "true"),
                at_risk: cents(13).unwrap_or(0),
                warnings: given(14)
                    .iter()
                    .flat_map(|codes| codes.split(','))
                    .map(str::to_owned)
                    .collect(),
            }),
            ("known", _) => Line::Known {
                name: word(1)?,
                uuid: word(2)?.rsplit('/').next()?.to_owned(),
            },
            _ => return None,
        })
    }
}

/// One call of the library, as the till remembers it.
#[derive(Clone, Debug)]
pub struct Call {
    pub verb: String,
    /// The till's own name of the sale; "-" for none.
    pub name: String,
    pub argument: String,
    /// The order that the till took for that sale's when it asked.
    pub uuid: Option<String>,
    /// ms since 1970.
    pub asked_at: f64,
    /// None: the till died before it was told.
    pub told: Option<(f64, Told)>,
    /// When it was over at the latest: told, or the till's next process begun.
    pub over_at: f64,
    /// Each with the time at which it was written down.
    pub saw: Vec<(f64, Saw)>,
    pub entries: Vec<SawEntry>,
}

impl Call {
    pub fn told_at(&self) -> f64 {
        self.told.as_ref().map_or(f64::INFINITY, |(at, _)| *at)
    }

    /// What the till was told; "-": it died before.
    pub fn status(&self) -> &str {
        self.told.as_ref().map_or("-", |(_, told)| &told.status)
    }

    /// The till was told that the journal's file is not the file any more.
    pub fn journal_is_lost(&self) -> bool {
        let told = self.told.as_ref();
        told.is_some_and(|(_, told)| told.journal_is_lost())
    }

    /// Whether it may have sent something for this order.
    pub fn may_concern(&self, uuid: &str) -> bool {
        let sends = !matches!(
            self.verb.as_str(),
            "open" | "close" | "abandon" | "pending" | "log"
        );
        let uuid_told = self
            .told
            .as_ref()
            .and_then(|(_, told)| told.uuid.as_deref());
        let known = self.uuid.as_deref().or(uuid_told);
        sends && (known == Some(uuid) || (self.verb == "recover" && known.is_none()))
    }
}

/// Every call of one till, through all its processes.
pub fn read(path: &Path) -> Vec<Call> {
    let text = fs::read_to_string(path).expect("a till has a book");
    let mut calls: Vec<Call> = Vec::new();
    let mut orders: HashMap<String, String> = HashMap::new();
    // A process may die in the middle of a line: what it asked then was not asked, nor was it told.
    let whole = |line: &&str| line.ends_with('\n') && !line.ends_with("(torn)\n");
    for line in text.split_inclusive('\n').filter(whole).map(str::trim_end) {
        let (time, line) = line.split_once(' ').expect("a line has a time");
        let at = time.parse::<f64>().expect("a time is a number") * 1000.0;
        let line = Line::read(line).unwrap_or_else(|| panic!("no line of a book: {line}"));
        match line {
            Line::Begun => {
                if let Some(last) = calls.last_mut() {
                    last.over_at = last.over_at.min(at);
                }
            }
            Line::Skipped(_) => {}
            Line::Known { name, uuid } => drop(orders.insert(name, uuid)),
            Line::Asked {
                verb,
                name,
                argument,
            } => calls.push(Call {
                uuid: orders.get(&name).filter(|_| verb != "start").cloned(),
                verb,
                name,
                argument,
                asked_at: at,
                told: None,
                over_at: f64::INFINITY,
                saw: Vec::new(),
                entries: Vec::new(),
            }),
            Line::Saw(saw) => last(&mut calls).saw.push((at, saw)),
            Line::SawEntry(entry) => last(&mut calls).entries.push(entry),
            Line::Told(told) => {
                if let ("start", "SQ_OK", Some(uuid)) =
                    (told.verb.as_str(), told.status.as_str(), &told.uuid)
                {
                    orders.insert(told.name.clone(), uuid.clone());
                }
                let call = last(&mut calls);
                call.over_at = at;
                call.told = Some((at, told));
            }
        }
    }
    calls
}

fn last(calls: &mut [Call]) -> &mut Call {
    calls.last_mut().expect("a till asks before it is told")
}

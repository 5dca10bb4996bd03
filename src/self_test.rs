//! Does everything that a sale needs work on this machine? One row for each part of it.

use crate::account;
use crate::advice::{self, To};
use crate::api::transport::Exchange;
use crate::canonical::hex;
use crate::clock::{from_http_date, now_ms};
use crate::forwarding;
use crate::heard;
use crate::hints::hints;
use crate::journal::random;
use crate::outcome::Outcome;
use crate::pipeline;
use crate::problem::Problem;
use crate::question::Told;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::ErrorCode;
use serde_json::{Value, json};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::ToSocketAddrs;
use std::path::{Path, PathBuf};
use std::time::Instant;

const NAME: &str = "self_test";
/// A clock that is further off than this is said to be wrong. Certificates and the log's times
/// suffer from it first.
const MOST_SKEW_S: i64 = 300;
/// The journal's disk must have so much room, bytes: hundreds of sales.
const ROOM: usize = 8 << 20;

/// One thing that was tried.
struct Row {
    name: &'static str,
    status: Status,
    /// What is wrong: failures, or with status `Ok` what deserves a look.
    problems: Vec<Problem>,
    detail: Value,
}

impl Row {
    fn well(name: &'static str, detail: Value) -> Row {
        Row {
            name,
            status: Status::Ok,
            problems: Vec::new(),
            detail,
        }
    }

    fn badly(name: &'static str, status: Status, problem: Problem) -> Row {
        Row {
            name,
            status,
            problems: vec![problem],
            detail: Value::Null,
        }
    }
}

/// `data` of `sq_self_test`.
pub(crate) fn self_test(shop: &Shop) -> Outcome {
    let deadline = shop.deadline();
    // First: a name server that does not answer is waited for here, and takes the others' time.
    let names = name_resolution(shop);
    let exchange = shop
        .wire()
        .exchange(&shop.endpoint().credentials(), deadline);
    let mut rows = vec![
        names,
        connection(&exchange),
        clock(&exchange),
        credentials(shop, &exchange),
        journal(shop, deadline),
        room(shop),
    ];
    rows.extend(forwarding(shop));

    let failed = rows.iter().find(|row| row.status != Status::Ok);
    let status = failed.map_or(Status::Ok, |row| row.status);
    let problems = |failures: bool| -> Vec<Problem> {
        let of = |row: &&Row| (row.status != Status::Ok) == failures;
        rows.iter()
            .filter(of)
            .flat_map(|row| row.problems.clone())
            .collect()
    };
    let shown: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "name": row.name,
                "ok": row.problems.is_empty(),
                "message": heard::texts(&row.problems),
                "detail": row.detail,
            })
        })
        .collect();
    Outcome {
        status,
        next: advice::after(status, &[], To::SelfTest),
        errors: problems(true),
        warnings: problems(false),
        http: Some(heard::http_view(&exchange)),
        ..Outcome::ok(NAME).with_data(json!({"mode": shop.config().mode(), "tests": shown}))
    }
}

fn name_resolution(shop: &Shop) -> Row {
    const ROW: &str = "name_resolution";
    let host = shop.config().base_url.host().to_owned();
    let began = Instant::now();
    let name = crate::address::bare_host(&host);
    match (name, 443).to_socket_addrs().map(|found| found.count()) {
        Ok(count) if count > 0 => Row::well(
            ROW,
            json!({"host": host, "addresses": count, "elapsed_ms": began.elapsed().as_millis() as u64}),
        ),
        _ => Row::badly(
            ROW,
            Status::Unreachable,
            Problem::new(
                ErrorCode::NameNotResolved,
                format!("The name {host} cannot be resolved. Is this machine on the network?"),
            ),
        ),
    }
}

fn connection(exchange: &Exchange) -> Row {
    const ROW: &str = "connection";
    match &exchange.result {
        Ok(_) => Row::well(
            ROW,
            json!({"elapsed_ms": exchange.elapsed.as_millis() as u64}),
        ),
        Err(failure) => Row::badly(ROW, failure.status, failure.problem.clone()),
    }
}

/// seQura's clock is right; what the line takes is within what is allowed.
fn clock(exchange: &Exchange) -> Row {
    const ROW: &str = "clock";
    let date = exchange.result.as_ref().ok();
    let date = date.and_then(|answer| from_http_date(answer.date.as_deref()?));
    let Some(theirs) = date else {
        return Row::well(ROW, json!({"skew_s": null}));
    };
    let skew = (now_ms() - theirs) / 1000;
    let mut row = Row::well(ROW, json!({"skew_s": skew}));
    if skew.abs() > MOST_SKEW_S {
        row.problems.push(skewed(skew));
    }
    row
}

/// A clock that is so many seconds fast (negative: slow).
pub(crate) fn skewed(skew_s: i64) -> Problem {
    Problem {
        actual: Some(skew_s.into()),
        ..Problem::new(
            ErrorCode::ClockSkew,
            format!(
                "This machine's clock is {} seconds {}. Set it.",
                skew_s.abs(),
                if skew_s > 0 { "fast" } else { "slow" }
            ),
        )
    }
}

/// The keys, and whether every merchant that is configured is the account's: nothing can be sold as another.
/// That one is the account's for other countries is a warning.
fn credentials(shop: &Shop, exchange: &Exchange) -> Row {
    const ROW: &str = "credentials";
    if exchange.result.is_err() {
        let problem = Problem::new(
            ErrorCode::ConnectionFailed,
            "Not tried: there is no connection.",
        );
        return Row::badly(ROW, Status::Unreachable, problem);
    }
    let Told { outcome, found } = account::credentials_of(shop, NAME, exchange);
    let Some(account) = found else {
        let problem = outcome.errors.into_iter().next();
        let problem = problem.unwrap_or_else(|| Problem::new(ErrorCode::UnexpectedStatus, ""));
        let mut row = Row::badly(ROW, outcome.status, problem);
        row.problems.extend(hints(shop.config(), &row.problems));
        return row;
    };
    let lacking = account.lacking(shop);
    let row = Row::well(ROW, json!(account));
    match lacking.is_empty() {
        true => Row {
            problems: outcome.warnings,
            ..row
        },
        false => Row {
            status: Status::Forbidden,
            problems: lacking,
            ..row
        },
    }
}

fn journal(shop: &Shop, deadline: Instant) -> Row {
    const ROW: &str = "journal";
    let began = Instant::now();
    match shop.journal().try_writing(pipeline::patience(deadline)) {
        Ok(()) => Row::well(
            ROW,
            json!({"path": shop.journal().path().map(Path::to_string_lossy),
                   "durable_write_ms": began.elapsed().as_millis() as u64}),
        ),
        Err(error) => Row::badly(ROW, Status::Journal, error.problem()),
    }
}

/// How far the office has been told what changed here, where the journal is enrolled. What lags keeps nobody from selling.
fn forwarding(shop: &Shop) -> Option<Row> {
    const ROW: &str = "forwarding";
    match forwarding::standing(shop) {
        Ok(None) => None,
        Ok(Some((standing, lagging))) => Some(Row {
            problems: lagging.into_iter().collect(),
            ..Row::well(ROW, standing)
        }),
        Err(error) => Some(Row::badly(ROW, Status::Journal, error.problem())),
    }
}

/// Writes a file beside the journal, as large as the room that there should be, and removes it.
fn room(shop: &Shop) -> Row {
    const ROW: &str = "free_space";
    let Some(path) = shop.journal().path() else {
        return Row::well(ROW, json!({"at_least": null}));
    };
    match write_beside(path) {
        Ok(()) => Row::well(ROW, json!({"at_least": ROOM})),
        Err(why) => Row::badly(
            ROW,
            Status::Journal,
            Problem::new(
                ErrorCode::JournalFull,
                format!(
                    "The journal's disk has no {} MiB left, or its folder cannot be written ({why}). Make room.",
                    ROOM >> 20
                ),
            ),
        ),
    }
}

/// The file has a name that nobody else has or guesses, and only what was made here is removed.
fn write_beside(journal: &Path) -> Result<(), String> {
    let id = hex(&random().map_err(|error| error.to_string())?);
    let mut name = journal.as_os_str().to_owned();
    name.push(format!("-room-{id}"));
    let trial = PathBuf::from(name);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&trial)
        .map_err(|error| error.to_string())?;
    // Where a file lives on without a name, a crash leaves nothing behind.
    let is_gone = cfg!(unix) && fs::remove_file(&trial).is_ok();
    let mut write = || {
        for _ in 0..ROOM / 4096 {
            file.write_all(&[0; 4096])?;
        }
        file.sync_all()
    };
    let written = write();
    drop(file);
    if !is_gone {
        let _ = fs::remove_file(&trial);
    }
    written.map_err(|error| error.to_string())
}

//! What the program does when it is called.

use crate::arguments::{Arguments, Command, Enrol};
use crate::carrier::Carrier;
use crate::enrolment;
use crate::exit;
use crate::journal::Place;
use crate::log::Log;
use crate::office::Office;
use crate::secrets::{Secret, Secrets};
use crate::service;
use crate::settings::{Document, Settings, usual_place};
use crate::trouble::{Kind, Trouble};
use crate::work::{Stop, Work};
use serde_json::json;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// So long enrolling waits for the forwarder that is at work to do it.
const PATIENCE: Duration = Duration::from_secs(90);

/// Why a command went no further: its exit status, and a sentence.
pub struct Ended(pub u8, pub String);

impl From<Trouble> for Ended {
    fn from(trouble: Trouble) -> Ended {
        Ended(exit::of(trouble.kind), trouble.long)
    }
}

/// Does what is asked.
pub fn run(arguments: &Arguments) -> ExitCode {
    match done(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(Ended(code, why)) => {
            let _ = writeln!(io::stderr(), "sequra-forward: {why}");
            ExitCode::from(code)
        }
    }
}

fn done(arguments: &Arguments) -> Result<u8, Ended> {
    let path = arguments.common.config.clone().unwrap_or_else(usual_place);
    let document = Document::read(&path).map_err(wrong)?;
    match &arguments.command {
        Command::Enrol(enrol) => enrol_one(document, enrol),
        Command::Install(install) => {
            settings(&document)?;
            service::install(&document, install)
        }
        Command::Remove => service::remove(),
        #[cfg(windows)]
        Command::Run { service: true, .. } => service::run(settings(&document)?),
        Command::Run { once, .. } => {
            let settings = settings(&document)?;
            let log = Log::to(arguments.common.log.as_deref().or(settings.log.as_deref()));
            static STOP: Stop = Stop::new();
            work(&settings, &log, &STOP, *once)
        }
        Command::Status { json } => crate::status::say(&settings(&document)?, *json),
        Command::Withdraw { journal } => withdraw(document, journal),
    }
}

fn wrong(why: String) -> Ended {
    Ended(exit::CONFIGURATION, why)
}

fn settings(document: &Document) -> Result<Settings, Ended> {
    if !document.is_there() {
        let path = document.path.display();
        return Err(wrong(format!(
            "There is no configuration {path}. sequra-forward enrol makes one; --config names another."
        )));
    }
    document.settings().map_err(wrong)
}

/// Carries the journals of a configuration.
pub fn work(settings: &Settings, log: &Log, stop: &Stop, once: bool) -> Result<u8, Ended> {
    if settings.journals.is_empty() {
        return Err(wrong(
            "The configuration names no journals; sequra-forward enrol adds one.".to_owned(),
        ));
    }
    let office = Office::new(settings).map_err(wrong)?;
    let secrets = Secrets::in_folder(&settings.state)?;
    let work = Work {
        settings,
        office: &office,
        secrets: &secrets,
        log,
        stop,
    };
    if once {
        return Ok(work.once());
    }
    work.for_ever();
    Ok(exit::DONE)
}

fn enrol_one(mut document: Document, enrol: &Enrol) -> Result<u8, Ended> {
    if let Some(office) = &enrol.office {
        document.put("office", json!(office));
    }
    if let Some(file) = &enrol.ca_file {
        let file = absolute(file);
        document.put("roots", json!({"file": file.to_string_lossy()}));
    }
    let settings = document.settings().map_err(wrong)?;
    if let Some(office) = &enrol.office {
        let is_same = sequra_pos::inside::wire::Address::parse(office);
        if is_same.as_ref() != Some(&settings.office) {
            return Err(wrong(format!(
                "The configuration says that the office is {}. One forwarder serves one office: correct it, or name another configuration.",
                settings.office
            )));
        }
    }
    let journal = absolute(&enrol.journal);
    let mut place = Place::new(&journal);
    let open = place.open()?;
    let is_listed = |path: &PathBuf| is_same(path, &journal);
    if !settings.journals.iter().any(is_listed) {
        document.add_journal(&journal);
    }
    let code = code(enrol)?;
    let office = Office::new(&settings).map_err(wrong)?;
    let secrets = Secrets::in_folder(&settings.state)?;
    let machine = enrol
        .machine
        .clone()
        .unwrap_or_else(enrolment::machine_name);
    let kept = enrolment::prepare(open, &secrets, &code, &machine)?;
    let token = kept.enrolling.map(|enrolling| enrolling.token);
    let journal_id = open.journal_id()?;
    document
        .write()
        .map_err(|error| Trouble::with_file(&document.path, error))?;
    drop(place);
    let log = Log::Error;
    let mut carrier = Carrier::new(&journal, &office, &secrets, &log, settings.ask_every);
    answered(&mut carrier, &secrets, &journal_id, token.as_ref())?;
    say(&format!(
        "{} is enrolled with {} as {journal_id}.",
        journal.display(),
        settings.office
    ));
    Ok(exit::DONE)
}

/// Asks until the office has answered; or waits for the forwarder that is at work to have asked.
fn answered(
    carrier: &mut Carrier,
    secrets: &Secrets,
    journal_id: &str,
    token: Option<&Secret>,
) -> Result<(), Ended> {
    let began = Instant::now();
    loop {
        let Err(trouble) = carrier.step() else {
            return Ok(());
        };
        let kept = secrets.read(journal_id)?;
        if kept.token.as_ref() == token {
            return Ok(());
        }
        let is_theirs = trouble.kind == Kind::Busy && began.elapsed() < PATIENCE;
        match kept.enrolling {
            Some(_) if is_theirs => std::thread::sleep(Duration::from_millis(200)),
            None if is_theirs => {
                let why = "The office did not take the code; the forwarder's log says why.";
                return Err(Ended(exit::PERSON, why.to_owned()));
            }
            Some(_) => {
                let goes_on = " The code is kept: the forwarder goes on with it when it runs, or call this again.";
                return Err(Ended(exit::of(trouble.kind), trouble.long + goes_on));
            }
            None => return Err(trouble.into()),
        }
    }
}

/// A code in a command line is seen by whoever lists this machine's processes; one that is typed is not.
fn code(enrol: &Enrol) -> Result<String, Ended> {
    let code = match &enrol.code {
        Some(code) => code.clone(),
        None => {
            let mut line = String::new();
            io::stdin()
                .read_line(&mut line)
                .map_err(|error| Ended(exit::FAILED, format!("No code could be read: {error}.")))?;
            line
        }
    };
    match code.trim() {
        "" => Err(Ended(
            exit::PERSON,
            "The code is empty; the office's page shows one.".to_owned(),
        )),
        code => Ok(code.to_owned()),
    }
}

fn withdraw(mut document: Document, journal: &Path) -> Result<u8, Ended> {
    let journal = absolute(journal);
    let mut place = Place::new(&journal);
    let open = place.open()?;
    let journal_id = open.journal_id()?;
    let is_enrolled = open.identity()?.is_some();
    open.outbox.withdraw().map_err(Trouble::from)?;
    if document.is_there() {
        let settings = document.settings().map_err(wrong)?;
        document.remove_journal(|path| is_same(path, &journal));
        document
            .write()
            .map_err(|error| Trouble::with_file(&document.path, error))?;
        Secrets::in_folder(&settings.state)?.remove(&journal_id)?;
    }
    say(&match is_enrolled {
        true => format!(
            "{} is no more the office's. Revoke its token on the office's page.",
            journal.display()
        ),
        false => format!("{} was not enrolled.", journal.display()),
    });
    Ok(exit::DONE)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn is_same(one: &Path, other: &Path) -> bool {
    one == other
        || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// For whoever called the program.
pub fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

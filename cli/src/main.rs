//! `sequra`: supports tills that sell with seQura, and sells from a shell or a batch file.

#![deny(unsafe_code)]

mod arguments;
mod care;
mod console;
mod copies;
mod doctor;
mod exit;
mod language;
mod look;
mod out;
mod output;
mod progress;
mod sale;
mod scratch;
mod tables;
mod till;
mod unread;
mod verify;
mod words;

use arguments::{Arguments, Command};
use clap::{CommandFactory, Parser};
use console::Console;
use exit::{Ended, Stop};
use output::Output;
use sequra_pos::{Outcome, Status};
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use till::Till;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let console = Console::new();
    // A bug is told in a sentence, too.
    std::panic::set_hook(Box::new(|_| {}));
    let done = std::panic::catch_unwind(AssertUnwindSafe(|| match run(&arguments, &console) {
        Ok(code) => code,
        Err(stop) => ended(&arguments, &console, stop),
    }));
    done.unwrap_or_else(|_| {
        console
            .tell("sequra: a bug of this program, caught. Please report it with what was called.");
        ExitCode::from(exit::of(Status::Internal))
    })
}

fn ended(arguments: &Arguments, console: &Console, stop: Stop) -> ExitCode {
    let why = match stop {
        Stop::Failed(why) => why,
        result => {
            let language = language::of(&arguments.common);
            let nothing = |_: &Outcome| String::new();
            let is_sale = matches!(arguments.command, Command::Sale(_));
            let table: Option<&dyn Fn(&Outcome) -> String> = Some(&nothing);
            let output = Output::new(&arguments.common, console, language, None);
            let ended =
                output.and_then(|output| output.end(Err(result), table.filter(|_| !is_sale)));
            match ended {
                Ok(code) => return code,
                Err(Stop::Failed(why)) => why,
                Err(Stop::Result(error)) => error.to_string(),
            }
        }
    };
    console.tell(&format!("sequra: {why}"));
    ExitCode::from(exit::FAILED)
}

fn run(arguments: &Arguments, console: &Console) -> Ended {
    let common = &arguments.common;
    match &arguments.command {
        Command::Sale(sale) => {
            let till = Till::open(common)?;
            let config = till.client().config();
            let output = Output::new(common, console, config.language, Some(config))?;
            output.end(till.with_warnings(sale::run(&till, sale)), None)
        }
        Command::Pending(journal) => look::pending(common, console, journal),
        Command::Order { order, journal } => look::order(common, console, order, journal),
        Command::Log { query, journal } => look::log(common, console, query, journal),
        Command::Verify { journal, contains } => {
            verify::run(common, console, journal, contains.as_deref())
        }
        Command::Backup { file, journal } => copies::backup(common, console, file, journal),
        Command::Restore { copy, journal, .. } => copies::restore(common, console, copy, journal),
        Command::Doctor => doctor::run(common, console),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "sequra", &mut text);
            output::to_stdout(&text)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Manual { folder } => {
            std::fs::create_dir_all(folder).map_err(|error| Stop::at(folder, error))?;
            let made = clap_mangen::generate_to(Arguments::command(), folder);
            made.map_err(|error| Stop::at(folder, error))?;
            Ok(ExitCode::SUCCESS)
        }
        care => {
            let till = Till::open(common)?;
            let config = till.client().config();
            let output = Output::new(common, console, config.language, Some(config))?;
            let called = till.with_warnings(care::run(&till, console, care));
            let table = |outcome: &Outcome| care::table(console, config.language, outcome);
            output.end(called, Some(&table))
        }
    }
}

//! What the program does, command by command.

mod check_config;
mod code;
mod epoch;
mod journal;
mod keys;
mod migrate;
mod revoke;
mod serve;
#[cfg(unix)]
mod trial;
mod user;

use crate::settings::Settings;
use crate::state::State;
use clap::{Parser, Subcommand};
use std::fmt::Display;
use std::future::Future;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Head office: takes in what every till owes, keeps it in PostgreSQL, and shows it.
#[derive(Parser)]
#[command(name = "sequra-office", version, max_term_width = 100)]
struct Arguments {
    /// The settings, JSON
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "SEQURA_OFFICE_SETTINGS"
    )]
    settings: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes the database's tables, or brings them up to date
    Migrate,
    /// Serves tills and people until SIGTERM
    Serve(serve::Options),
    /// Tries the office out: a throw-away PostgreSQL, an office on it, and a first user
    #[cfg(unix)]
    Try(trial::Options),
    /// Says whether the settings are right: reads every file, and asks the database
    CheckConfig,
    /// Makes a code that enrols one till
    Code(code::Options),
    /// From now on a till's token is good for nothing
    Revoke(revoke::Options),
    /// After the database was restored from a backup: every till says everything anew
    RaiseEpoch,
    /// Makes a journal again of what the office has of it, for `sequra restore` on a new machine
    Journal(journal::Options),
    /// Keys, to which tills seal what may hold something of a shopper
    #[command(subcommand)]
    Keys(keys::Keys),
    /// People who may use the pages
    #[command(subcommand)]
    User(user::User),
}

/// What a command comes to: a text for people, or what went wrong.
pub(crate) type Done = Result<String, String>;

/// The whole program.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let settings = || Settings::read(arguments.settings.as_deref());
    let done = match arguments.command {
        Command::Migrate => settings().and_then(migrate::run),
        Command::Serve(options) => settings().and_then(|settings| serve::run(settings, options)),
        #[cfg(unix)]
        Command::Try(options) => trial::run(options),
        Command::CheckConfig => settings().and_then(check_config::run),
        Command::Code(options) => settings().and_then(|settings| code::run(settings, options)),
        Command::Revoke(options) => settings().and_then(|settings| revoke::run(settings, options)),
        Command::RaiseEpoch => settings().and_then(epoch::run),
        Command::Journal(options) => {
            settings().and_then(|settings| journal::run(settings, options))
        }
        Command::Keys(keys) => settings().and_then(|settings| keys::run(settings, keys)),
        Command::User(user) => settings().and_then(|settings| user::run(settings, user)),
    };
    match done {
        Ok(text) => {
            say(&text);
            ExitCode::SUCCESS
        }
        Err(text) => {
            let _ = writeln!(std::io::stderr(), "sequra-office: {text}");
            ExitCode::FAILURE
        }
    }
}

/// Whoever started the program may have closed its output; that is no reason to stop.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// What an error says.
fn told(error: impl Display) -> String {
    error.to_string()
}

/// Runs what needs the database, on threads of its own.
fn with_state<F: Future<Output = Done>>(settings: Settings, work: impl FnOnce(State) -> F) -> Done {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|e| format!("cannot start threads: {e}"))?;
    runtime.block_on(async {
        let state = State::new(settings).map_err(told)?;
        work(state).await
    })
}

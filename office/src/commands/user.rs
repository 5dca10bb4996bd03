//! `sequra-office user`

use super::{Done, told, with_state};
use crate::settings::Settings;
use crate::{passwords, users};
use clap::{Subcommand, ValueEnum};
use std::io::{BufRead, IsTerminal, Write};

#[derive(Subcommand)]
pub enum User {
    /// Adds somebody; the password is one line of the input
    Add {
        name: String,
        #[arg(long, value_enum)]
        role: Role,
        #[arg(long, value_enum, default_value = "es")]
        language: Language,
    },
    /// Gives somebody another password, one line of the input; who was disabled is not any more
    Password { name: String },
    /// Somebody may not log in any more
    Disable { name: String },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Role {
    /// Sees every page but the audit log
    Look,
    /// Also takes tills that are no more off the list
    Act,
    /// Also lets tills in, revokes them, and reads the audit log
    Administer,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Language {
    Es,
    En,
}

pub fn run(settings: Settings, what: User) -> Done {
    let password = match &what {
        User::Add { name, .. } | User::Password { name } => Some(asked(name)?),
        User::Disable { .. } => None,
    };
    with_state(settings, async move |state| {
        let database = &state.database;
        let password = password.unwrap_or_default();
        match what {
            User::Add {
                name,
                role,
                language,
            } => {
                let role = match role {
                    Role::Look => "look",
                    Role::Act => "act",
                    Role::Administer => "administer",
                };
                let language = match language {
                    Language::Es => "es",
                    Language::En => "en",
                };
                let added = users::add(database, &name, &password, role, language).await;
                said(
                    added.map_err(told)?,
                    "added",
                    "there is one of this name already",
                )
            }
            User::Password { name } => {
                let set = users::set_password(database, &name, &password).await;
                said(set.map_err(told)?, "given another password", NOBODY)
            }
            User::Disable { name } => {
                let disabled = users::disable(database, &name).await;
                said(disabled.map_err(told)?, "disabled", NOBODY)
            }
        }
    })
}

const NOBODY: &str = "there is nobody of this name";

fn said(is_done: bool, what: &str, why_not: &str) -> Done {
    match is_done {
        true => Ok(format!("The user is {what}.\n")),
        false => Err(why_not.into()),
    }
}

/// The password, as it is kept.
fn asked(name: &str) -> Result<String, String> {
    if std::io::stdin().is_terminal() {
        let mut out = std::io::stderr();
        let _ = write!(out, "Password of {name} (it is shown while you type): ");
        let _ = out.flush();
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(told)?;
    let password = line.trim_end_matches(['\r', '\n']);
    if passwords::fit(name, password).is_err() {
        return Err(format!(
            "this is no password: {} characters at least, and nothing that can be guessed",
            passwords::SHORTEST
        ));
    }
    passwords::hash(password).map_err(told)
}

//! How the simulator is started: as a library by [`Options`], as a program by a command
//! line that says the same.

use crate::accounts::{Account, default_accounts, read_accounts};
use crate::rules::Rules;
use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen. Loopback unless somebody decides otherwise.
    pub host: IpAddr,
    /// Names that it is called by, beside `localhost` and its address. Under another one
    /// it is not to be controlled.
    pub names: Vec<String>,
    /// 0: a free port is picked.
    pub http: u16,
    /// 0: a free port is picked.
    pub https: u16,
    /// Also listen, on free ports, with certificates that are wrong.
    pub bad_tls: bool,
    /// Where the authority's certificate is written. None: into a temporary folder that
    /// is removed at the end.
    pub ca_file: Option<PathBuf>,
    pub accounts: Vec<Account>,
    pub rules: Rules,
    /// One line on stderr for each request.
    pub log_requests: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            names: Vec::new(),
            http: 0,
            https: 0,
            bad_tls: false,
            ca_file: None,
            accounts: default_accounts(),
            rules: Rules::default(),
            log_requests: false,
        }
    }
}

/// What a command line asks for.
pub enum Command {
    Help,
    Version,
    Run {
        options: Box<Options>,
        ready_file: Option<PathBuf>,
        /// Show the page in the system's browser.
        open: bool,
    },
}

/// Reads a command line (without the program's name). The error says what is wrong with
/// it, in words.
pub fn parse(
    arguments: impl IntoIterator<Item = impl Into<std::ffi::OsString>>,
) -> Result<Command, String> {
    use lexopt::prelude::*;
    let mut options = Options {
        log_requests: true,
        ..Options::default()
    };
    let mut ready_file = None;
    let mut open = false;
    let mut parser = lexopt::Parser::from_args(arguments);
    let wrong = |e: lexopt::Error| e.to_string();
    while let Some(argument) = parser.next().map_err(wrong)? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Short('V') | Long("version") => return Ok(Command::Version),
            Long("host") => {
                options.host = parser.value().map_err(wrong)?.parse().map_err(wrong)?;
            }
            Long("name") => {
                let name = parser.value().map_err(wrong)?.string().map_err(wrong)?;
                options.names.push(name);
            }
            Long("http") => {
                options.http = parser.value().map_err(wrong)?.parse().map_err(wrong)?;
            }
            Long("https") => {
                options.https = parser.value().map_err(wrong)?.parse().map_err(wrong)?;
            }
            Long("bad-tls") => options.bad_tls = true,
            Long("ca-file") => options.ca_file = Some(parser.value().map_err(wrong)?.into()),
            Long("accounts") => {
                let path = PathBuf::from(parser.value().map_err(wrong)?);
                let name = path.display();
                let text = std::fs::read_to_string(&path).map_err(|e| format!("{name}: {e}"))?;
                options.accounts = read_accounts(&text).map_err(|e| format!("{name}: {e}"))?;
            }
            Long("rule") => {
                let text = parser.value().map_err(wrong)?.string().map_err(wrong)?;
                options.rules.set(&text)?;
            }
            Long("auto-approve") => {
                let ms = parser.value().map_err(wrong)?.parse().map_err(wrong)?;
                options.rules.auto_approve_ms = Some(ms);
            }
            Long("ready-file") => ready_file = Some(parser.value().map_err(wrong)?.into()),
            Long("open") => open = true,
            Long("quiet") => options.log_requests = false,
            other => return Err(other.unexpected().to_string()),
        }
    }
    Ok(Command::Run {
        options: Box::new(options),
        ready_file,
        open,
    })
}

/// The text of `--help`, with every rule.
pub fn help() -> String {
    let mut text = String::from(HELP);
    for (name, default, meaning) in Rules::list() {
        let _ = write!(text, "\n  {name}={default}\n      {meaning}\n");
    }
    text
}

const HELP: &str = "\
sequra-sandbox: a simulated seQura to develop and test tills against

Usage: sequra-sandbox [OPTIONS]

  --http PORT           port for HTTP; 0, the default, picks a free one
  --https PORT          port for HTTPS; 0, the default, picks a free one
  --host ADDRESS        where to listen (default 127.0.0.1)
  --name NAME           a name it is called by, beside localhost and its address: for
                        control requests, and in its certificate; can be repeated
  --bad-tls             listen on three more free ports with certificates that are
                        expired, for another host, and of an unknown authority
  --ca-file FILE        write the certificate of the throw-away authority to FILE
                        (default: into a temporary folder, removed at the end)
  --accounts FILE       accounts and merchants, as JSON:
                        {\"accounts\":[{\"key\":\"k\",\"secret\":\"s\",\"merchants\":[{\"id\":\"m\",
                        \"country\":\"ES\",\"currency\":\"EUR\",\"allowed_countries\":[\"ES\"]}]}]}
                        (default: sandbox_key / sandbox_secret with shop_es, shop_fr,
                        shop_it, shop_pt; other_key / other_secret with other_es)
  --rule NAME=VALUE     set one of the rules below; can be repeated
  --auto-approve MS     the shopper completes a delivered form by himself after MS
                        milliseconds (the rule auto_approve_ms)
  --open                show the page in the system's browser
  --ready-file FILE     once listening, write {\"http\",\"https\",\"bad_tls\",\"ca_file\",\"pid\"}
                        to FILE, in one piece
  --quiet               no line on stderr for each request, nor the link of a form
  -h, --help            this text
  -V, --version         the version

It prints where it listens, one line each (http URL, https URL, ca FILE, page URL), then each
request and the link of each form that goes out to a shopper, and runs until SIGTERM, Ctrl-C or
POST /_sandbox/shutdown. The page, for people, is at / on both ports: orders, the shopper's
phone, faults, requests. The control interface, for programs, is at /_sandbox/. Exit status: 0 after a clean end, 1 if it cannot start, 2 for a wrong command line.

Rules: what seQura does where its documentation is silent, with the defaults.
";

//! How the program is called.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "sequra-forward", version, about, long_about = LONG, propagate_version = true)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

const LONG: &str = "Carries what changes in tills' journals to their chain's office. No till waits for it.\n\n\
    Exit status: 0 done, 1 this program could not do it, 2 not called like that, 3 the configuration cannot be used, \
    4 another forwarder is at work, 5 the journal cannot be had now, 6 the office cannot be had now, 7 a person is needed \
    (docs/forward.md).";

/// What every command takes.
#[derive(Args, Debug)]
pub struct Common {
    /// The forwarder's configuration
    #[arg(
        short,
        long,
        global = true,
        value_name = "FILE",
        env = "SEQURA_FORWARD_CONFIG"
    )]
    pub config: Option<PathBuf>,
    /// Lines go to this file, and when it is full to FILE.1, instead of to standard error
    #[arg(long, global = true, value_name = "FILE")]
    pub log: Option<PathBuf>,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Enrols a journal with the office, and writes it into the configuration
    Enrol(Enrol),
    /// Carries every journal of the configuration to the office, for ever
    Run {
        /// What there is is carried, once; then the program ends
        #[arg(long)]
        once: bool,
        /// Begun by the system as its service
        #[arg(long, hide = true)]
        service: bool,
    },
    /// Makes a service of the system, which carries the journals of the configuration
    Install(Install),
    /// Removes that service; what is kept of the journals stays
    Remove,
    /// Says how far each journal is forwarded, without asking the office
    Status {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// A journal is no more the office's: nothing of it is noted or sent from now on
    Withdraw {
        /// The till's journal
        #[arg(long, value_name = "FILE")]
        journal: PathBuf,
    },
}

/// How a journal is enrolled.
#[derive(Args, Debug)]
pub struct Enrol {
    /// The till's journal
    #[arg(long, value_name = "FILE")]
    pub journal: PathBuf,
    /// The office's address, such as https://office.shop.es/; it may stand in the configuration
    #[arg(long, value_name = "URL")]
    pub office: Option<String>,
    /// The code that the office's page shows, which is good for once; without it, it is read from standard input
    #[arg(long, value_name = "CODE")]
    pub code: Option<String>,
    /// A PEM file with the certificate of the office's own authority
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// What the office calls this machine; otherwise the machine's own name
    #[arg(long, value_name = "NAME")]
    pub machine: Option<String>,
}

/// As whom the service runs.
#[derive(Args, Debug)]
pub struct Install {
    /// As whom it runs; otherwise as whom the journals are of, or on Windows as an account of its own
    #[arg(long)]
    pub user: Option<String>,
    /// With which group, on Linux; otherwise the journals'
    #[arg(long)]
    pub group: Option<String>,
    /// Only shows what would be made
    #[arg(long)]
    pub print: bool,
}

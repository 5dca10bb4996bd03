//! How the program is called. Completions and pages of the manual are made from this, too.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "sequra", version, about, long_about = LONG, propagate_version = true)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

const LONG: &str = "Supports tills that sell with seQura, and sells from a shell or a batch file.\n\n\
    `pending`, `order`, `log`, `verify` and `backup` need nothing but the journal (--journal). The others work as the \
    till that the configuration describes.\n\n\
    Exit status: 0 done, 1 this program could not do it, 2 not called like that; every other says which status of the \
    library it was (docs/sequra.md).";

/// What every command takes.
#[derive(Args, Debug)]
pub struct Common {
    /// The till's configuration
    #[arg(
        short,
        long,
        global = true,
        value_name = "FILE",
        env = "SEQURA_CONFIG",
        default_value = "sequra.json"
    )]
    pub config: PathBuf,
    /// Language of what people are told; otherwise the configuration's, or the system's
    #[arg(short, long, global = true, value_name = "LANGUAGE")]
    pub language: Option<Tongue>,
    /// The whole result as JSON, instead of a table
    #[arg(long, global = true)]
    pub json: bool,
    /// The result goes into this file, in one piece, and not to standard output
    #[arg(short, long, global = true, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only this value of the result, bare: a JSON pointer such as /order/url
    #[arg(short, long, global = true, value_name = "POINTER")]
    pub get: Option<String>,
}

/// The languages of what people are told.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Tongue {
    /// Spanish
    Es,
    /// English
    En,
    /// French
    Fr,
    /// Italian
    It,
    /// Portuguese
    Pt,
}

/// Which journal is looked at.
#[derive(Args, Debug)]
pub struct JournalFile {
    /// The journal; otherwise what the configuration names
    #[arg(short, long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
}

/// What is looked for in the log.
#[derive(Args, Debug)]
pub struct LogQuery {
    /// Only of this order: its URL, uuid, order_ref_1 or cart_ref
    #[arg(long, value_name = "ORDER")]
    pub order: Option<String>,
    /// Only entries after which the order was in this state
    #[arg(long)]
    pub state: Option<String>,
    /// Only since this date, or date and time
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Only until this date, or date and time
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Only what needs attention
    #[arg(long)]
    pub attention: bool,
    /// At most so many entries
    #[arg(long, value_name = "COUNT")]
    pub limit: Option<i64>,
    /// The page after this one: /data/after of the page before
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    pub after: Option<i64>,
    /// Every entry, oldest first, one JSON object a line, with what its hash covers
    #[arg(long, conflicts_with_all = ["order", "state", "since", "until", "attention", "limit", "after", "get"])]
    pub whole: bool,
}

/// Whose sale it is, and what became of it.
#[derive(Args, Debug)]
pub struct Resolve {
    /// Its URL, uuid, order_ref_1 or cart_ref
    pub order: String,
    /// seQura has it
    #[arg(
        long,
        conflicts_with = "not_confirmed",
        required_unless_present = "not_confirmed"
    )]
    pub confirmed: bool,
    /// seQura does not have it
    #[arg(long)]
    pub not_confirmed: bool,
    /// Who looked, and what was there; kept in the log
    #[arg(long)]
    pub reason: String,
}

/// How the form reaches the shopper.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum By {
    /// To the mobile number of the order
    Sms,
    /// To the e-mail address of the order
    Email,
}

/// What the program does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Says whether a sale could be made, and what is missing for it
    Doctor,
    /// Shows what is unfinished, how old, how much is at risk, and what to do
    Pending(JournalFile),
    /// Shows an order with its history
    Order {
        /// Its URL, uuid, order_ref_1 or cart_ref
        order: String,
        #[command(flatten)]
        journal: JournalFile,
    },
    /// Shows the transaction log, what needs attention first
    Log {
        #[command(flatten)]
        query: LogQuery,
        #[command(flatten)]
        journal: JournalFile,
    },
    /// Checks that the log's entries follow from each other
    Verify {
        #[command(flatten)]
        journal: JournalFile,
        /// Asks whether the log still holds the entry with this hash, noted earlier; its first 16 digits are enough
        #[arg(long, value_name = "HASH")]
        contains: Option<String>,
    },
    /// Copies the journal, also while tills run
    Backup {
        /// The copy; there must be no such file yet
        file: PathBuf,
        #[command(flatten)]
        journal: JournalFile,
    },
    /// Makes a copy the journal again, after the old journal is gone
    Restore {
        /// The copy that `backup` made
        copy: PathBuf,
        #[command(flatten)]
        journal: JournalFile,
        /// No till will ever sell with the old journal again
        #[arg(long, required = true)]
        the_old_one_is_gone: bool,
    },
    /// Settles what has no answer: sends it again, with the same content
    Recover {
        /// Only this order; otherwise all of them
        order: Option<String>,
    },
    /// Ends what nobody's answer ends, as a person has found it in seQura's portal
    Resolve(Resolve),
    /// Gives up an order that will not become a sale
    Abandon { order: String },
    /// Holds settled orders against what seQura has paid
    Reconcile,
    /// Tells seQura what was shipped: the daily delivery report
    Report {
        /// A report of your own (JSON; - is standard input), instead of what the journal has to tell
        file: Option<PathBuf>,
    },
    /// Marks an entry of the log as seen to
    Dismiss {
        /// Its number
        entry: i64,
    },
    #[command(flatten)]
    Sale(Sale),
    /// Writes completions for a shell to standard output
    Completions { shell: clap_complete::Shell },
    /// Writes the pages of the manual into a folder
    Manual { folder: PathBuf },
}

/// The steps of a sale, and of what comes after it. Files are JSON; - is standard input.
#[derive(Debug, Subcommand)]
pub enum Sale {
    /// Says everything that is wrong with an order; nothing is sent
    Check { file: PathBuf },
    /// Starts a solicitation: sends the order to seQura
    Start { file: PathBuf },
    /// Has seQura send the form to the shopper
    Form {
        order: String,
        /// What is bought with, e.g. pp3; `methods` lists them
        product: String,
        #[arg(long)]
        campaign: Option<String>,
        #[arg(long, value_enum, default_value_t = By::Sms)]
        by: By,
    },
    /// Confirms the order, once the shopper says that it was approved
    Confirm {
        order: String,
        /// The order as it is now; otherwise as last sent
        file: Option<PathBuf>,
    },
    /// Registers the shop's reference of the order: the sale is complete
    Ref {
        order: String,
        order_ref_1: String,
        order_ref_2: Option<String>,
    },
    /// Says that the order is under review
    Hold {
        order: String,
        /// The order as it is now; otherwise as last sent
        file: Option<PathBuf>,
    },
    /// Tells seQura that goods were handed over or sent
    Ship {
        order: String,
        #[command(flatten)]
        what: What,
    },
    /// Gives back goods or money
    Refund {
        order: String,
        #[command(flatten)]
        what: What,
        /// So many cents
        #[arg(long, value_name = "CENTS", conflicts_with_all = ["file", "all"])]
        amount: Option<i64>,
        /// What for
        #[arg(long, requires = "amount")]
        reason: Option<String>,
        /// Only shows what would come of it
        #[arg(long, conflicts_with = "file")]
        preview: bool,
    },
    /// Changes a settled order: carts, addresses, the customer, trackings
    Update { order: String, file: PathBuf },
    /// Cancels a settled order of which nothing was shipped
    Cancel {
        order: String,
        /// Why, for seQura
        #[arg(long)]
        reason: Option<String>,
    },
    /// Hands a settled order over to another till's journal: /data/document is for `take-over` there
    HandOver { order: String },
    /// Goes on with an order that another till has handed over
    TakeOver {
        /// The document; - is standard input
        file: PathBuf,
    },
    /// Writes what a till prints for the shopper: --get /data/lines/0 is its first line
    Receipt {
        order: String,
        /// So many characters a line, 24 to 80
        #[arg(long, default_value_t = 42)]
        columns: i32,
    },
    /// The figures of a day, or between two moments
    Day {
        /// Otherwise today begins there
        #[arg(long, value_name = "TIME")]
        since: Option<String>,
        /// Otherwise today ends there
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
    },
    /// Lists the payment methods of an order, or of the configured merchants
    Methods { order: Option<String> },
    /// Says what an amount costs in instalments
    Instalments {
        /// In cents
        cents: i64,
        /// A merchant, or the country that it sells in; otherwise the configured ones
        #[arg(long, value_name = "MERCHANT")]
        merchant: Option<String>,
        /// Otherwise EUR
        #[arg(long)]
        currency: Option<String>,
    },
}

/// Which goods. Everything has to be asked for: an empty variable of a batch file is not everything.
#[derive(Args, Debug)]
pub struct What {
    /// Which (JSON; - is standard input)
    pub file: Option<PathBuf>,
    /// All of it
    #[arg(long, conflicts_with = "file")]
    pub all: bool,
}

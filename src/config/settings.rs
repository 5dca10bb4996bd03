//! What a configuration says.

use crate::address::Address;
use crate::messages::{Language, Voice};
use crate::mode::Mode;
use crate::order::RoundingLine;
use crate::problem::Problem;
use crate::text_encoding::TextEncoding;
use crate::vocabulary::words;
use secrecy::SecretString;
use serde_json::{Map, Value};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// seQura's own order states that a shop may map to its own status [C, OrderStates of the plugins].
pub const MAPPED_STATES: &[&str] = &[
    "solicited",
    "approved",
    "needs_review",
    "cancelled",
    "shipped",
];

/// Which of seQura's two worlds an account belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// For trying out: no money moves.
    Sandbox,
    /// Real sales.
    Live,
}

impl From<Environment> for Mode {
    fn from(environment: Environment) -> Mode {
        match environment {
            Environment::Sandbox => Mode::Sandbox,
            Environment::Live => Mode::Live,
        }
    }
}

/// Which merchant id an order is sold under.
#[derive(Clone, Debug, PartialEq)]
pub enum Merchants {
    /// Each order names its own.
    FromOrder,
    /// One for all.
    One(String),
    /// One for each selling country: (ISO 3166 alpha-2, merchant id).
    ByCountry(Vec<(String, String)>),
}

impl Merchants {
    /// Those that the configuration names, each once.
    pub fn ids(&self) -> Vec<String> {
        match self {
            Merchants::FromOrder => Vec::new(),
            Merchants::One(merchant) => vec![merchant.clone()],
            Merchants::ByCountry(merchants) => {
                let mut ids: Vec<String> = Vec::new();
                for (_, id) in merchants {
                    if !ids.contains(id) {
                        ids.push(id.clone());
                    }
                }
                ids
            }
        }
    }
}

/// Where the journal is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum JournalPlace {
    /// A file.
    File(PathBuf),
    /// Memory: for tests only, nothing survives.
    Memory,
}

/// Which certificates are trusted.
#[derive(Clone, Debug, PartialEq)]
pub enum Roots {
    /// Mozilla's list, as built into the library.
    Bundled,
    /// The operating system's.
    System,
    /// Mozilla's list and the certificates of this PEM file.
    File(PathBuf),
}

/// How to get out of the shop's network.
#[derive(Clone, Debug)]
pub enum Proxy {
    /// Directly.
    None,
    /// As `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say.
    Environment,
    /// Through this one, which may have a password in it; never around it.
    Url(SecretString),
}

words! {
    /// When the goods leave the shop: seQura pays what was shipped.
    GoodsLeave {
        /// Some time after the sale: the till says when (`sq_ship`).
        Later = "later",
        /// At the counter, and the confirmation says so: a sale's one `cart` is confirmed as its `shipped_cart` [D].
        WithTheOrder = "with_the_order",
        /// At the counter; that everything was shipped is told as the sale's last step, after its reference.
        AfterTheSale = "after_the_sale",
    }
}

/// What becomes of personal data once an order is finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonalData {
    /// Removed at once.
    ScrubWhenSettled,
    /// Kept for so many days, then removed.
    KeepDays(u32),
}

/// Where calls are traced.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceSettings {
    /// The file that is written; the full one is beside it, with `.1` behind its name.
    pub file: PathBuf,
    /// How large each of the two becomes.
    pub max_bytes: u64,
}

/// A client's configuration, checked.
#[derive(Clone)]
pub struct Config {
    /// Sandbox or live, where it was said; decides the portal's address.
    pub environment: Option<Environment>,
    /// Who runs that world for this shop: `sequra` or `svea`.
    pub deployment: &'static str,
    /// seQura's API; always ends with a slash.
    pub base_url: Address,
    /// HTTP Basic user.
    pub account_key: String,
    /// HTTP Basic password.
    pub account_secret: SecretString,
    /// Who sells.
    pub merchants: Merchants,
    /// Put into every order that has none.
    pub store_ref: Option<String>,
    /// Where the journal is.
    pub journal: JournalPlace,
    /// For one connection attempt.
    pub connect_timeout: Duration,
    /// For a whole call, waiting and retries included.
    pub total_timeout: Duration,
    /// Trusted certificates.
    pub roots: Roots,
    /// The way out.
    pub proxy: Proxy,
    /// Of all texts in and out.
    pub text_encoding: TextEncoding,
    /// Of operator messages.
    pub language: Language,
    /// Merged under every order.
    pub order_defaults: Map<String, Value>,
    /// When the goods of an order leave that does not say it itself.
    pub goods_leave: GoodsLeave,
    /// The line that makes up for a few cents of rounding; none: no cart is touched.
    pub rounding_line: Option<RoundingLine>,
    /// References and product ids that are not sold with seQura.
    pub excluded_products: Vec<String>,
    /// Categories that are not, whatever their capitals.
    pub excluded_categories: Vec<String>,
    /// (seQura's state, the shop's own status); `None` = that transition is ignored.
    pub status_mapping: Vec<(String, Option<String>)>,
    /// Link into the shop's own system, `{order_ref_1}` to be filled in.
    pub shop_order_url: Option<String>,
    /// What becomes of names and addresses.
    pub personal_data: PersonalData,
    /// How long an order that was never confirmed may lie untouched before it is given up.
    pub abandon_after_days: u32,
    /// How long transaction log entries are kept.
    pub log_retention_days: u32,
    /// How long seQura's words on a refusal are kept once its order is finished.
    pub refusal_days: u32,
    /// Where calls are traced; none: nowhere.
    pub trace: Option<TraceSettings>,
    /// What reading it had to say; opening a client with it says it again.
    pub warnings: Vec<Problem>,
}

impl Config {
    /// Whether what is sold with it is real; none where nobody says so.
    pub fn mode(&self) -> Option<Mode> {
        Mode::of(self.environment.map(Mode::from), &self.base_url)
    }

    /// How the person at the till is spoken to.
    pub fn voice(&self) -> Voice {
        Voice {
            language: self.language,
            is_test: self.mode().is_some_and(Mode::is_test),
        }
    }
}

/// Without what may hold credentials or personal data.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Config for {} with {:?}", self.base_url, self.journal)
    }
}

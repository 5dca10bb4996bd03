//! Sell with seQura ("buy now, pay later") from a till that seQura cannot call back.
//!
//! The shop's till confirms each order itself, and an order that was confirmed but whose reference
//! never arrived is never paid to the shop. So every step is recorded on disk before it is sent and
//! after it is answered, and what a crash or a lost answer leaves open is found again.
//!
//! What comments say of seQura is \[D\] documented by it, \[C\] seen in public clients, or \[I\] inferred;
//! docs/sequra-api.md has all of it.
//!
//! This crate is the core of a C library; [`Client`] is the same thing for Rust, with an [`Order`] or what is [`Asked`] as
//! JSON says it, and an [`Outcome`] in the same [`words`]. Everything else is the inside. Its rooms, in the order in which
//! an order meets them:
//!
//! | room | what it does |
//! |---|---|
//! | `ffi` | the C boundary: panics, handles, text, outputs |
//! | `limits` | how large things may be |
//! | `mode` | whether what a client does is real |
//! | `text_encoding`, `json`, `config` | encodings; JSON that others wrote, read strictly; the configuration |
//! | `canonical` | one way to write a JSON value down, for what is compared over time |
//! | `client` | one method for each C function |
//! | `shop` | what every operation works with |
//! | `question`, `account` | questions, which change nothing; those about merchants and payment methods |
//! | `credit` | what an amount costs in instalments, before there is an order |
//! | `self_test` | whether everything that a sale needs works on this machine |
//! | `order` | what an order is, and everything that can be wrong with it |
//! | `preparation` | what the configuration makes of an order: defaults, who sells it |
//! | `operation` | what each step of the checkout carries and sends |
//! | `changes` | what each change after the sale makes of the order |
//! | `forwarding` | how far the office has been told what changed |
//! | `form` | the form on its way to the shopper, and what must be so before |
//! | `pipeline` | the five steps every change at seQura takes |
//! | `begun_elsewhere` | a step of an order that another journal may have begun |
//! | `shipment` | the last step of a sale whose goods leave after it |
//! | `after_sale` | the changes that a till asks for, and where an order stands |
//! | `hand_over` | an order moves to another till's journal, or comes from one |
//! | `receipt` | what a till prints for the shopper |
//! | `delivery_report` | the daily word about what was shipped |
//! | `heard` | what came of a request, and what it means |
//! | `advice` | what the till should do now |
//! | `hints` | what of the configuration an answer points to |
//! | `recovery` | what an interrupted order needs next |
//! | `pending` | what is not done |
//! | `day` | the figures between two moments |
//! | `look` | a journal alone: what it says, copies of it; no configuration, and nothing is changed |
//! | `abandonment` | what will not become a sale |
//! | `resolution` | what a person or a disbursement ends, and no answer |
//! | `tidying` | what is given up or removed because of its age |
//! | `ages`, `clock` | how old something is, when the clock may be wrong; what seQura's clock says of it |
//! | `lifecycle` | which step is possible when, and where each answer leads |
//! | `journal` | what survives a power cut |
//! | `system` | what only the operating system can say or do; beside `ffi` the one place for `unsafe` |
//! | `trace` | one line for each step of a call, for support |
//! | `transaction_log` | what was attempted, for the operator |
//! | `payouts` | what seQura has paid, held against what was sold |
//! | `api` | seQura's HTTP API: addresses, the wire, whose answer it is, refusals |
//! | `outcome`, `problem`, `status`, `vocabulary` | the result, what is wrong, codes and words |
//! | `view` | an order as callers see it |
//! | `crash_point` | where the test suite ends the process |
//! | `messages` | what the person at the till is told |

#![deny(unsafe_code)]
#![deny(missing_docs)]

#[forbid(unsafe_code)]
mod abandonment;
#[forbid(unsafe_code)]
mod account;
#[forbid(unsafe_code)]
mod address;
#[forbid(unsafe_code)]
mod advice;
#[forbid(unsafe_code)]
mod after_sale;
#[forbid(unsafe_code)]
mod ages;
#[forbid(unsafe_code)]
mod api;
#[forbid(unsafe_code)]
mod begun_elsewhere;
#[forbid(unsafe_code)]
mod canonical;
#[forbid(unsafe_code)]
mod changes;
mod checking;
#[forbid(unsafe_code)]
mod client;
#[forbid(unsafe_code)]
mod clock;
#[forbid(unsafe_code)]
mod config;
#[forbid(unsafe_code)]
mod crash_point;
#[forbid(unsafe_code)]
mod credit;
#[forbid(unsafe_code)]
mod dates;
#[forbid(unsafe_code)]
mod day;
#[forbid(unsafe_code)]
mod delivery_report;
#[allow(unsafe_code)]
mod ffi;
#[forbid(unsafe_code)]
mod form;
#[forbid(unsafe_code)]
mod forwarding;
#[forbid(unsafe_code)]
mod hand_over;
#[forbid(unsafe_code)]
mod heard;
#[forbid(unsafe_code)]
mod hints;
#[forbid(unsafe_code)]
mod journal;
#[forbid(unsafe_code)]
mod json;
#[forbid(unsafe_code)]
mod lifecycle;
#[forbid(unsafe_code)]
mod limits;
#[forbid(unsafe_code)]
mod look;
#[forbid(unsafe_code)]
mod messages;
#[forbid(unsafe_code)]
mod mode;
#[forbid(unsafe_code)]
mod one_at_a_time;
#[forbid(unsafe_code)]
mod operation;
#[forbid(unsafe_code)]
mod order;
#[forbid(unsafe_code)]
mod outcome;
#[forbid(unsafe_code)]
mod payouts;
#[forbid(unsafe_code)]
mod pending;
#[forbid(unsafe_code)]
mod pipeline;
#[forbid(unsafe_code)]
mod preparation;
#[forbid(unsafe_code)]
mod problem;
#[forbid(unsafe_code)]
mod question;
#[forbid(unsafe_code)]
mod receipt;
#[forbid(unsafe_code)]
mod recovery;
#[forbid(unsafe_code)]
mod redact;
#[forbid(unsafe_code)]
mod resolution;
#[forbid(unsafe_code)]
mod self_test;
#[forbid(unsafe_code)]
mod shipment;
#[forbid(unsafe_code)]
mod shop;
#[forbid(unsafe_code)]
mod status;
#[allow(unsafe_code)]
mod system;
#[forbid(unsafe_code)]
mod text_encoding;
#[forbid(unsafe_code)]
mod tidying;
#[forbid(unsafe_code)]
mod trace;
#[forbid(unsafe_code)]
mod transaction_log;
#[forbid(unsafe_code)]
mod view;
#[forbid(unsafe_code)]
mod vocabulary;

#[forbid(unsafe_code)]
pub mod outbox;

pub use changes::Asked;
pub use client::Client;
pub use config::Config;
pub use journal::Query;
pub use look::Look;
pub use order::{Order, Pick};
pub use outcome::{Error, Outcome};
pub use status::Status;

/// The words of results and calls, and what is said with them.
pub mod words {
    pub use crate::lifecycle::{Finding, State};
    pub use crate::messages::{Language, Voice, message_of, next_in_words};
    pub use crate::mode::Mode;
    pub use crate::operation::Channel;
    pub use crate::order::ItemType;
    pub use crate::problem::Problem;
    pub use crate::vocabulary::{ErrorCode, Next};
}

/// What a caller says as JSON, read as the C functions read it: with every problem of it at once.
pub mod given {
    pub use crate::changes::input::{Refund, refund, ship, update};
    pub use crate::json::given as json;
    pub use crate::transaction_log::parse as log_query;
}

/// What the repository's own tests and tools see of the inside. It may change with every version.
#[doc(hidden)]
pub mod inside {
    /// For another program that talks to another server (forward/).
    pub mod wire {
        pub use crate::address::Address;
        pub use crate::api::agent::{Agent, Way};
        pub use crate::config::{Proxy, Roots};

        /// Whether a text is a proxy that can be used.
        pub fn is_proxy(text: &str) -> bool {
            crate::config::usable_proxy(text).is_some()
        }
    }
    pub mod json {
        pub use crate::json::{Reader, Segment};
        pub use crate::limits::CONFIG_BYTES;
        pub use crate::vocabulary::ErrorCode;

        /// A file of a user's, of this many bytes at most.
        pub fn file(path: &std::path::Path, most: usize) -> Result<Vec<u8>, String> {
            crate::config::file::read(path, most).map(|bytes| bytes.to_vec())
        }
    }
    pub mod ages {
        pub use crate::ages::{Age, Ages, DAY_MS, Day, date_of, number_today};
    }
    pub mod config {
        pub use crate::config::JournalPlace;
    }
    pub mod ffi {
        pub use crate::ffi::{
            after_sale, buffer, checkout, client, library, open_clients, records,
        };
    }
    pub mod journal {
        pub use crate::canonical::hex;
        pub use crate::clock::{now_ms, to_text};
        pub use crate::journal::{Chain, Journal, LogRow, Room, SetAside};

        /// Makes a file that was not there, for its owner only; of nobody's by a link or a pipe.
        pub fn private_file(path: &std::path::Path) -> std::io::Result<std::fs::File> {
            crate::journal::make_file(path, None)
        }

        /// 16 bytes that nobody can guess.
        pub fn random() -> Result<[u8; 16], crate::journal::JournalError> {
            crate::journal::random()
        }

        pub use crate::transaction_log::moment;
    }
    pub mod lifecycle {
        pub use crate::lifecycle::{Begin, Content, Finding, Intent, Life, Meaning, State, Step};
    }
    pub use crate::limits::ALL as LIMITS;
    pub use crate::order::described as order_described;

    /// An order as it is checked: with what it implies.
    pub fn order_completed(order: crate::order::Order) -> crate::order::Order {
        order.completed().0
    }

    pub use crate::text_encoding::TextEncoding;
}

//! A simulated seQura.
//!
//! A till that takes payments by credit cannot be developed against the real thing: it
//! would need a contract, a phone and a network, and the interesting cases (an answer
//! that never comes, a reference already taken) cannot be had on demand. This crate is
//! seQura's merchant-side HTTP API as far as it is publicly known, with a control
//! interface to play the shopper and to prepare bad luck, and with a ledger that tests
//! hold against a till's own books.
//!
//! It is a program (`sequra-sandbox`) and, for tests, a library: [`Sandbox::start`].
//!
//! In the order in which a request meets them: `sandbox` listens; `connection` carries
//! the bytes; `origin` sends web pages away; `exchange` logs and harms, with a `block_page` for one; `endpoints`
//! knows the paths, `caller` who asks;
//! `payload` checks the order with `carts`, `details` and `check`; `sequra` shares the
//! `world`, which decides with `acknowledge`; `changes` compares; `orders` changes state;
//! `ledger` remembers; `answers` has the words. After the sale: `after_sale` knows the
//! paths, `update` decides, `sale` is what has become of the order; `payout` pays for it,
//! in `disbursements`; `delivery_reports` are kept. Behind the scenes: `control` for programs,
//! `face` for people.

#![forbid(unsafe_code)]
#![warn(rust_2018_idioms)]
// [D], [C] and [I] in the comments say how a fact is known; rustdoc takes them for links.
#![allow(rustdoc::broken_intra_doc_links)]

mod accounts;
mod acknowledge;
mod after_sale;
mod answers;
mod block_page;
mod caller;
mod carts;
mod changes;
mod check;
mod connection;
mod control;
mod credit_agreements;
mod delivery_reports;
mod details;
mod disbursements;
mod endpoints;
mod exchange;
mod face;
mod faults;
mod files;
mod harm;
mod ledger;
pub mod options;
mod orders;
mod origin;
mod pages;
mod payload;
mod payment_methods;
mod payout;
mod requests;
mod rules;
mod sale;
mod sandbox;
mod sequra;
mod shopper;
mod tls;
mod update;
mod world;

pub use accounts::{Account, Merchant, default_accounts};
pub use block_page::{Page, RequestId};
pub use carts::sum_problem;
pub use connection::Part;
pub use delivery_reports::DeliveryReport;
pub use disbursements::{Disburse, Disbursement, DisbursementLine};
pub use faults::Fault;
pub use files::{remove_file, write_in_one_piece};
pub use harm::{Harm, When};
pub use ledger::{Event, LedgerEntry};
pub use options::Options;
pub use orders::{Moment, OrderView, State};
pub use requests::{RequestEntry, Stats};
pub use rules::{Repeated, Rules};
pub use sale::{CartView, OrderUpdate, SaleView, Shipment};
pub use sandbox::{Sandbox, StartError};
pub use shopper::{Email, Sms};
pub use tls::BadTls;
pub use world::ControlError;

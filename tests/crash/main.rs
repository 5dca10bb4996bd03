//! The proof by killing: a till is ended by SIGKILL at every point of every call, started again and
//! recovered, and an oracle holds seQura's ledger, the journal and the till's own book against one
//! another. `every_point` goes through all points one by one, `campaign` through chance.
#![cfg(target_os = "linux")]

mod after_sale;
mod agreement;
mod book;
mod campaign;
mod carts;
mod cases;
mod chance;
mod every_point;
mod gone;
mod journal;
mod ledger;
mod migration;
mod oracle;
mod oracle_test;
mod progress;
mod sale;
mod sequences;
mod shop;
#[path = "../support/mod.rs"]
mod support;
mod till;
mod told;
mod wire;
mod worker;
mod world;

//! Head office: takes in what every till owes, keeps it in PostgreSQL, and shows it.
//!
//! Any number of copies may run at once; none keeps anything that another one lacks. What is acknowledged to a till is
//! committed, and known to be on the standby where the database has one.

#![forbid(unsafe_code)]

pub mod clock;
pub mod commands;
pub mod database;
pub mod keys;
pub mod looking;
pub mod pages;
pub mod passwords;
pub mod random;
pub mod rebuilding;
pub mod serving;
pub mod settings;
pub mod state;
pub mod taking_in;
#[cfg(unix)]
pub mod trial;
pub mod users;

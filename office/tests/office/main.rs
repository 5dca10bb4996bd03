//! The office, against a PostgreSQL of its own.

mod access;
mod bench;
mod keys;
mod migrations;
mod pages;
mod privacy;
mod program;
mod replication;
mod rows;
mod sql;
mod support;
mod taking_in;

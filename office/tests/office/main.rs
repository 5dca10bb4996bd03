//! The office, against a PostgreSQL of its own.

mod access;
mod keys;
mod migrations;
mod pages;
mod privacy;
mod replication;
mod rows;
mod sql;
mod support;
mod taking_in;

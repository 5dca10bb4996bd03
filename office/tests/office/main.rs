//! The office, against a PostgreSQL of its own.

mod pages;
mod support;
mod taking_in;

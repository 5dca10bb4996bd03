//! The office, against a PostgreSQL of its own.

mod support;
mod taking_in;

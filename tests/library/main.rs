//! The tests of the library from Rust and from C, each file about one thing. One program, so that what all of them need is
//! linked once: what is one's own in a process (the environment, its folder, what the system counts) is no test's here.
//!
//! Beside it stand the proofs by killing (`tests/crash`) and by cutting the power (`tests/power`), what measures
//! (`tests/cost`), and what runs on other systems (`tests/windows`, `tests/arm`).

mod abi;
mod ages;
mod c_abi;
mod c_after_sale;
mod c_sample;
mod clocks;
mod declarations;
mod documentation;
mod exports;
mod features;
mod header;
mod house;
mod journal_file;
mod lifecycle;
mod lifecycle_with_sequra;
mod migration;
mod order_schema;
mod result_buffer;
mod static_library;
#[path = "../support/mod.rs"]
mod support;
mod usage;

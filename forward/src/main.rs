//! `sequra-forward`: see the library of the same name.

#![forbid(unsafe_code)]

use clap::Parser;
use sequra_forward::arguments::Arguments;
use sequra_forward::commands;
use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run(&Arguments::parse())
}

//! The office as a program; see `--help`.

#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    sequra_office::commands::run()
}
